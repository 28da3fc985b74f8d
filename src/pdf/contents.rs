//! Which node's content stands where: the links from the structure tree to the pages.
//!
//! A node may have several marks, on one page or on many: a paragraph that runs over the foot of a page is one element
//! with content on both. The order of all marks is the order of reading.

use std::collections::BTreeMap;

use crate::document::NodeId;

/// A marked-content sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    /// Index of the page.
    pub page: usize,
    /// Its number on that page.
    pub mcid: usize,
}

/// Which part of a node is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The label of a list item.
    Label,
    /// Everything else.
    Body,
}

/// The marks of a document, by node.
#[derive(Debug, Default)]
pub(super) struct Contents {
    marks: BTreeMap<(NodeId, Part), Vec<Mark>>,
    /// How many marks each page has.
    pages: Vec<usize>,
    /// Where pictures stand: left, bottom, right, top in points.
    boxes: BTreeMap<NodeId, [f32; 4]>,
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

    /// Tells where a picture stands.
    pub fn place(&mut self, node: NodeId, rect: [f32; 4]) {
        self.boxes.entry(node).or_insert(rect);
    }

    /// Where the picture of this node stands.
    pub fn rect(&self, node: NodeId) -> Option<[f32; 4]> {
        self.boxes.get(&node).copied()
    }

    /// Takes the marks of a part of a node, in reading order.
    pub fn take(&mut self, node: NodeId, part: Part) -> Vec<Mark> {
        self.marks.remove(&(node, part)).unwrap_or_default()
    }

    /// The nodes whose marks nobody took.
    pub fn left(&self) -> Vec<(NodeId, Part)> {
        self.marks.keys().copied().collect()
    }

    /// How many marks each page has.
    pub fn counts(&self) -> &[usize] {
        &self.pages
    }
}
