//! Inline spans on the pages: those of nodes that are drawn with exactly their text.

use std::collections::BTreeMap;

use crate::document::{BlockKind, Document, Inlines, NodeId};
use crate::pages::{Item, Owner, Pages};
use crate::write::subset::push_text;

/// The inline spans of nodes that are drawn with exactly their text, so that positions in the text are those
/// of the glyphs; and the entries of a 目录.
pub(super) fn drawn(document: &Document, pages: &Pages) -> Inlines {
    let mut inlines = spans(document, pages);
    for block in &document.blocks[..document.front] {
        if let BlockKind::Contents(contents) = &block.kind {
            contents.entries.iter().for_each(|entry| inlines.add_entry(entry.id, entry.target));
        }
    }
    inlines
}

fn spans(document: &Document, pages: &Pages) -> Inlines {
    let wanted: BTreeMap<NodeId, &str> = document.inlines.nodes().collect();
    if wanted.is_empty() {
        return Inlines::default();
    }
    let mut drawn: BTreeMap<NodeId, String> = BTreeMap::new();
    for item in pages.pages.iter().flat_map(|page| &page.items) {
        if let Item::Text(run) = item
            && let Owner::Node(node) = run.owner
            && wanted.contains_key(&node)
        {
            let text = drawn.entry(node).or_default();
            run.glyphs.iter().for_each(|glyph| push_text(text, &glyph.text));
        }
    }
    let solid = |node: NodeId| drawn.get(&node).map(|text| text.split_whitespace().collect::<String>());
    document.inlines.only(|node| solid(node).as_deref() == wanted.get(&node).copied())
}
