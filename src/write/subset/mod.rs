//! Fonts subset to the glyphs that pages show, for the writers of pages. A Word file, which is edited further, embeds
//! fonts by characters: `font::subset`.
//!
//! A glyph has one text in the table, but may be drawn for several: NBSP is drawn with the glyph of the
//! space, ⼀ with that of 一. The table has the first text that the glyph is used with.

mod programs;
mod wider;

use std::collections::{BTreeMap, BTreeSet};

use subsetter::GlyphRemapper;

use crate::font::{Font, FontId, Fonts};
use crate::pages::{GlyphText, Item, Page, Pages, PlacedGlyph, TextRun};

pub(crate) use programs::{Compressed, Cut, Outlines, Program, Programs};

/// The glyphs of a font that the pages show.
pub(crate) struct InUse {
    /// Numbered in the order of the font.
    pub glyphs: GlyphRemapper,
    /// The text of each by its new number, empty if it has none.
    pub texts: Vec<String>,
    /// The new numbers of those that the gap between Han and Latin follows.
    pub before_gap: Vec<u16>,
}

/// The glyphs of each font that the pages show.
pub(crate) fn glyphs_in_use(pages: &Pages, fonts: &Fonts) -> BTreeMap<FontId, InUse> {
    let mut uses: BTreeMap<FontId, Uses> = BTreeMap::new();
    for run in pages.pages.iter().flat_map(Page::all_items).filter_map(as_text) {
        let font = fonts.font(run.font);
        let uses = uses.entry(run.font).or_default();
        run.glyphs.iter().for_each(|glyph| uses.add(font, glyph));
    }
    uses.into_iter().map(|(id, uses)| (id, uses.sorted())).collect()
}

fn as_text(item: &Item) -> Option<&TextRun> {
    match item {
        Item::Text(run) => Some(run),
        Item::Rule(_) | Item::Image(_) | Item::Path(_) => None,
    }
}

/// The glyphs of a font that are in use, and their texts.
#[derive(Default)]
struct Uses {
    glyphs: GlyphRemapper,
    texts: Vec<String>,
    /// By their numbers in the font.
    before_gap: BTreeSet<u16>,
}

impl Uses {
    fn add(&mut self, font: &Font, glyph: &PlacedGlyph) {
        let seen = visible(font, glyph.id);
        if glyph.gap {
            self.before_gap.insert(seen);
        }
        let new = usize::from(self.glyphs.remap(seen));
        if self.texts.len() <= new {
            self.texts.resize(new + 1, String::new());
        }
        let text = &mut self.texts[new];
        if text.is_empty() {
            push_text(text, &glyph.text);
        }
    }

    /// The glyphs by their order in the font, so that one choice of glyphs is always one file; and their texts.
    fn sorted(self) -> InUse {
        let mut glyphs: Vec<(u16, String)> = self.glyphs.remapped_gids().zip(self.texts).collect();
        glyphs.sort_unstable_by_key(|(glyph, _)| *glyph);
        let mut sorted = GlyphRemapper::new();
        glyphs.iter().for_each(|(glyph, _)| {
            sorted.remap(*glyph);
        });
        // A glyph that only ends clusters still needs a text: ISO 19005-2, 6.2.11.7.2. A viewer copies the
        // ActualText around the cluster.
        let text_of = |(index, (_, text)): (usize, (u16, String))| {
            if index > 0 && text.is_empty() { '\u{fffd}'.to_string() } else { text }
        };
        let before_gap = self.before_gap.iter().filter_map(|glyph| sorted.get(*glyph)).collect();
        let texts = glyphs.into_iter().enumerate().map(text_of).collect();
        InUse { glyphs: sorted, texts, before_gap }
    }
}

/// Adds the text of a glyph.
pub(crate) fn push_text(text: &mut String, glyph: &GlyphText) {
    match glyph {
        GlyphText::Char(character) => text.push(*character),
        GlyphText::Chars(characters) => text.push_str(characters),
        GlyphText::None => {}
    }
}

/// The glyph that is drawn for `glyph`: 〓, the printer's sign for a missing character, in place of .notdef, which an
/// archivable file must not show (ISO 19005-2, 6.2.11.8). The text stays what it is.
pub(crate) fn visible(font: &Font, glyph: u16) -> u16 {
    if glyph != 0 { glyph } else { font.glyph('〓').or_else(|| font.glyph('?')).unwrap_or(0) }
}
