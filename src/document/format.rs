//! Formats of spans: what a piece of a node's text has in place of its paragraph's style.
//!
//! Positions are counted in characters without white space, as those of [`Inline`](super::Inline).

use std::collections::BTreeMap;
use std::ops::Range;

use super::{NodeId, Run};
use crate::style::{Role, Shift};

/// What a span has in place of the style of its paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// The role that gives its face, if it is another.
    pub role: Option<Role>,
    /// Bold: 加粗.
    pub strong: bool,
    /// Raised, lowered, or neither.
    pub shift: Shift,
}

/// The formats of all nodes that have any.
#[derive(Clone, Debug, Default)]
pub struct Formats(BTreeMap<NodeId, Vec<(Range<usize>, Format)>>);

impl Formats {
    /// Adds the formats of a node, in order.
    pub(super) fn add(&mut self, node: NodeId, formats: impl Iterator<Item = (Range<usize>, Format)>) {
        let formats: Vec<(Range<usize>, Format)> = formats.filter(|(range, _)| !range.is_empty()).collect();
        if !formats.is_empty() {
            self.0.insert(node, formats);
        }
    }

    /// Gives another node the formats of a node.
    pub(crate) fn copy(&mut self, from: NodeId, to: NodeId) {
        if let Some(formats) = self.0.get(&from).cloned() {
            self.0.insert(to, formats);
        }
    }

    /// Divides the texts of a node, which are given in order, where its formats begin and end.
    pub fn divide(&self, node: NodeId) -> Divide<'_> {
        Divide { formats: self.0.get(&node).map_or(&[], Vec::as_slice), count: 0 }
    }

    /// The texts of runs with their formats; those without a name belong to the node `own`.
    pub fn runs<'a>(&self, runs: &'a [Run], own: NodeId) -> Vec<(&'a Run, &'a str, Format)> {
        let mut divides: Vec<(NodeId, Divide)> = Vec::new();
        let mut found = Vec::with_capacity(runs.len());
        for run in runs {
            let node = run.id.unwrap_or(own);
            let at = divides.iter().position(|(known, _)| *known == node).unwrap_or_else(|| {
                divides.push((node, self.divide(node)));
                divides.len() - 1
            });
            divides[at].1.each(&run.text, |text, format| found.push((run, text, format)));
        }
        found
    }
}

/// Divides the texts of one node, and counts on from one to the next.
#[derive(Clone, Debug)]
pub struct Divide<'a> {
    formats: &'a [(Range<usize>, Format)],
    count: usize,
}

impl Divide<'_> {
    /// Whether all of the texts have the format of their style.
    pub fn is_plain(&self) -> bool {
        self.formats.is_empty()
    }

    /// The format of the character at this position.
    pub fn at(&self, count: usize) -> Format {
        let own = self.formats.iter().find(|(range, _)| range.contains(&count));
        own.map(|(_, format)| *format).unwrap_or_default()
    }

    /// Calls `visit` with each stretch of the text that has one format.
    pub fn each<'t>(&mut self, text: &'t str, mut visit: impl FnMut(&'t str, Format)) {
        if self.formats.is_empty() {
            return visit(text, Format::default());
        }
        let (mut from, mut format) = (0, Format::default());
        for (at, character) in text.char_indices() {
            // White space has the format of what is before it.
            if character.is_whitespace() {
                continue;
            }
            let own = self.at(self.count);
            if own != format {
                if from < at {
                    visit(&text[from..at], format);
                }
                (from, format) = (at, own);
            }
            self.count += 1;
        }
        visit(&text[from..], format);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_divided_where_formats_begin_and_end() {
        let strong = Format { strong: true, ..Format::default() };
        let raised = Format { shift: Shift::Raised, ..Format::default() };
        let mut formats = Formats::default();
        formats.add(NodeId(1), [(1..3, strong), (3..4, raised), (4..4, strong)].into_iter());
        let mut divide = formats.divide(NodeId(1));
        let mut pieces = Vec::new();
        for text in ["甲 乙", "丙2丁"] {
            divide.each(text, |text, format| pieces.push((text, format)));
        }
        let plain = Format::default();
        let expected = [("甲 ", plain), ("乙", strong), ("丙", strong), ("2", raised), ("丁", plain)];
        assert_eq!(pieces, expected);
        assert!(formats.divide(NodeId(2)).formats.is_empty());
    }
}
