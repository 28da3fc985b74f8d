//! Marked content by node: the references from the structure tree to the pages.
//!
//! A node may have several marked-content sequences, on one page or on many: a paragraph that continues on
//! the next page is one element with content on both. Their order is the reading order.

use std::collections::BTreeMap;

use crate::document::NodeId;

/// A marked-content sequence (ISO 32000-1, 14.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    /// Index of the page.
    pub page: usize,
    /// Its marked-content identifier (MCID) on that page.
    pub mcid: usize,
}

/// Which part of a node is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The label of a list item.
    Label,
    /// Everything else.
    Body,
    /// The inline span of this index: a link, or foreign words.
    Inline(usize),
}

/// The place of the box of a footnote's number, among the inline spans of its node.
pub(super) const NUMBER: usize = usize::MAX;

/// The marks of a document, by node.
#[derive(Debug, Default)]
pub(super) struct Contents {
    marks: BTreeMap<(NodeId, Part), Vec<Mark>>,
    /// How many marks each page has.
    pages: Vec<usize>,
    /// The boxes of pictures: left, bottom, right, top in points.
    boxes: BTreeMap<NodeId, [f32; 4]>,
    /// The boxes of inline spans, line by line.
    lines: BTreeMap<(NodeId, usize), Vec<LineBox>>,
}

/// The box of an inline span on one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LineBox {
    /// Index of the page.
    pub page: usize,
    /// Left, bottom, right, top in points.
    pub rect: [f32; 4],
}

impl Contents {
    /// Begins the next page.
    pub fn begin_page(&mut self) {
        self.pages.push(0);
    }

    /// Numbers the next mark of the current page.
    pub fn mark(&mut self, node: NodeId, part: Part) -> Mark {
        let page = self.pages.len() - 1;
        let mark = Mark { page, mcid: self.pages[page] };
        self.pages[page] += 1;
        self.marks.entry((node, part)).or_default().push(mark);
        mark
    }

    /// Records the box of a picture.
    pub fn place(&mut self, node: NodeId, rect: [f32; 4]) {
        self.boxes.entry(node).or_insert(rect);
    }

    /// Records the box of a part of an inline span on the current page; a part that continues a line extends
    /// its box. The line runs along axis 0, to the right, or 1, up the paper.
    pub fn place_text(&mut self, node: NodeId, inline: usize, rect: [f32; 4], axis: usize) {
        let across = 1 - axis;
        let page = self.pages.len() - 1;
        let lines = self.lines.entry((node, inline)).or_default();
        match lines.last_mut() {
            Some(last)
                if last.page == page
                    && last.rect[across] == rect[across]
                    && rect[axis] >= last.rect[axis] =>
            {
                last.rect[axis + 2] = rect[axis + 2];
            }
            _ => lines.push(LineBox { page, rect }),
        }
    }

    /// The boxes of an inline span, line by line.
    pub fn text_lines(&self, node: NodeId, inline: usize) -> &[LineBox] {
        self.lines.get(&(node, inline)).map_or(&[], Vec::as_slice)
    }

    /// The box of this node's picture.
    pub fn rect(&self, node: NodeId) -> Option<[f32; 4]> {
        self.boxes.get(&node).copied()
    }

    /// Takes the marks of a part of a node, in reading order.
    pub fn take(&mut self, node: NodeId, part: Part) -> Vec<Mark> {
        self.marks.remove(&(node, part)).unwrap_or_default()
    }

    /// Takes the marks of a node's text, in reading order: those of its body, and those of its inline spans.
    pub fn take_text(&mut self, node: NodeId) -> Vec<(Mark, Part)> {
        let parts: Vec<Part> = self
            .marks
            .range((node, Part::Body)..=(node, Part::Inline(usize::MAX)))
            .map(|(key, _)| key.1)
            .collect();
        let mut marks: Vec<(Mark, Part)> = Vec::new();
        for part in parts {
            marks.extend(self.take(node, part).into_iter().map(|mark| (mark, part)));
        }
        marks.sort();
        marks
    }

    /// The nodes whose marks were not taken.
    pub fn left(&self) -> Vec<(NodeId, Part)> {
        self.marks.keys().copied().collect()
    }

    /// How many marks each page has.
    pub fn counts(&self) -> &[usize] {
        &self.pages
    }
}
