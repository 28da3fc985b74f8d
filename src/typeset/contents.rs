//! 目录: the lines of its entries, and their pages once those are known.
//!
//! The document is arranged with room for a page number at the right of every entry, so that the lines do not depend on
//! the numbers.

use std::collections::BTreeMap;

use super::baseline;
use super::collect::{Collector, Story};
use super::flow::{Content, FlowedPage};
use crate::arrange::Arranged;
use crate::document::{Contents, NodeId};
use crate::font::Fonts;
use crate::geom::{Length, Point};
use crate::pages::{Artifact, Owner, Target};
use crate::style::{Align, Role};
use crate::text::line::{Measure, Span, TextStyle, atoms, fill, set, text_width};

/// The last line of an entry, which gets the number of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryLine {
    /// Its piece.
    piece: usize,
    /// The entry.
    id: NodeId,
    /// The block that it leads to.
    target: NodeId,
    role: Role,
    /// Where its text ends, from the left edge of the type area.
    end: Length,
}

impl<'a> Collector<'a> {
    /// The entries of a 目录, without their pages.
    pub(super) fn contents(&mut self, contents: &'a Contents) {
        for entry in &contents.entries {
            let role = Role::contents(entry.level);
            let style = self.document.styles.get(role);
            let first = self.story.pieces.len();
            let mut measure = Measure::of(style, self.page.type_width());
            let mut end = Length::ZERO;
            for line in &entry.lines {
                let span = Span::plain(Owner::Node(entry.id), style.face, line);
                end = self.lines_in(&[span], style, &measure);
                measure.first = Length::ZERO;
            }
            let piece = self.story.pieces.len() - 1;
            self.space_around(first, style);
            self.story.entries.push(EntryLine { piece, id: entry.id, target: entry.target, role, end });
        }
    }
}

/// Where the blocks are that the entries lead to.
pub(super) fn targets(document: &Arranged, story: &Story, flowed: &[FlowedPage]) -> BTreeMap<NodeId, Target> {
    let begins: BTreeMap<NodeId, usize> = story.begins.iter().copied().collect();
    let wanted = story.entries.iter().filter_map(|entry| Some((*begins.get(&entry.target)?, entry.target)));
    let wanted: BTreeMap<usize, NodeId> = wanted.collect();
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for (index, page) in flowed.iter().enumerate() {
        let geometry = document.geometry(page.orientation);
        for placed in &page.placed {
            if let (Some(target), Some(number)) = (wanted.get(&placed.piece), page.number) {
                let top = Point::new(geometry.margin_left, geometry.margin_top + placed.top);
                found.insert(*target, Target { page: index, number, top });
            }
        }
    }
    found
}

/// Draws the leader and the number of the page behind every entry.
pub(super) fn number(
    document: &Arranged,
    fonts: &Fonts,
    story: &mut Story,
    targets: &BTreeMap<NodeId, Target>,
) {
    for entry in &story.entries {
        let (Some(target), Content::Items(items)) =
            (targets.get(&entry.target), &story.pieces[entry.piece].content)
        else {
            continue;
        };
        let style = document.styles.get(entry.role);
        let number = target.number.to_string();
        let edge = document.page.type_width() - text_width(fonts, &number, style, &document.text);
        let dot = text_width(fonts, ".", style, &document.text);
        let clear = style.size / 2;
        // The dots of all entries are under one another.
        let room = edge - clear - (entry.end + clear);
        let dots = if dot > Length::ZERO { (room / dot).floor().max(0.0) as usize } else { 0 };
        let mut draw = |owner: Owner, text: &str, left: Length| {
            let span = Span::plain(owner, style.face, text);
            let text_style = TextStyle::of(style);
            let atoms = atoms(fonts, &[span], &text_style, &document.text);
            let measure = Measure { left, ..Measure::plain(document.page.type_width()) };
            let origin = Point::new(Length::ZERO, baseline(style.line_pitch, style.size));
            for line in fill(&atoms, &measure, Align::Left, &document.text).iter().take(1) {
                set(&atoms, line, Align::Left, &text_style, origin, &mut story.items[*items]);
            }
        };
        let from = edge - clear - dot * dots as i64;
        draw(Owner::Artifact(Artifact::Layout), &".".repeat(dots), from);
        draw(Owner::Node(entry.id), &number, edge);
    }
}
