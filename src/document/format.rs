//! Formats of spans: what a piece of a node's text has in place of its paragraph's style; and the marks of footnotes.
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
    /// The index of the footnote whose mark it is.
    pub note: Option<usize>,
}

/// The mark of a footnote in the text of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many characters are before it, white space not counted.
    pub at: usize,
    /// The index of the footnote.
    pub note: usize,
    /// What is printed: ①.
    pub text: String,
}

impl Mark {
    /// How it is set.
    fn format(&self) -> Format {
        Format { shift: Shift::Raised, note: Some(self.note), ..Format::default() }
    }
}

/// The formats of all nodes that have any, and the marks of footnotes.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    formats: BTreeMap<NodeId, Vec<(Range<usize>, Format)>>,
    marks: BTreeMap<NodeId, Vec<Mark>>,
}

impl Formats {
    /// Adds the formats of a node, in order.
    pub(super) fn add(&mut self, node: NodeId, formats: impl Iterator<Item = (Range<usize>, Format)>) {
        let formats: Vec<(Range<usize>, Format)> = formats.filter(|(range, _)| !range.is_empty()).collect();
        if !formats.is_empty() {
            self.formats.insert(node, formats);
        }
    }

    /// Gives another node the formats of a node, without its marks of footnotes.
    pub(crate) fn copy(&mut self, from: NodeId, to: NodeId) {
        if let Some(formats) = self.formats.get(&from).cloned() {
            self.formats.insert(to, formats);
        }
    }

    /// Adds the next mark of a footnote in the text of a node.
    pub(super) fn add_mark(&mut self, node: NodeId, mark: Mark) {
        self.marks.entry(node).or_default().push(mark);
    }

    /// The marks of footnotes in the text of a node, in order.
    pub fn marks(&self, node: NodeId) -> &[Mark] {
        self.marks.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Divides the texts of a node, which are given in order, where its formats begin and end.
    pub fn divide(&self, node: NodeId) -> Divide<'_> {
        Divide {
            formats: self.formats.get(&node).map_or(&[], Vec::as_slice),
            marks: self.marks(node),
            count: 0,
        }
    }

    /// The texts of runs with their formats; those without a name belong to the node `own`.
    pub fn runs<'a>(&'a self, runs: &'a [Run], own: NodeId) -> Vec<(&'a Run, &'a str, Format)> {
        let mut divides: BTreeMap<NodeId, Divide> = BTreeMap::new();
        let mut found = Vec::with_capacity(runs.len());
        for run in runs {
            let node = run.id.unwrap_or(own);
            let divide = divides.entry(node).or_insert_with(|| self.divide(node));
            divide.each(&run.text, |text, format| found.push((run, text, format)));
        }
        found
    }
}

/// Divides the texts of one node, and counts on from one to the next.
#[derive(Clone, Debug)]
pub struct Divide<'a> {
    formats: &'a [(Range<usize>, Format)],
    /// The marks that are still to come.
    marks: &'a [Mark],
    count: usize,
}

impl<'a> Divide<'a> {
    /// Whether all of the texts have the format of their style, and no marks.
    pub fn is_plain(&self) -> bool {
        self.formats.is_empty() && self.marks.is_empty()
    }

    /// Counts the characters of a label, which comes before the texts.
    pub fn skip(&mut self, label: &str) {
        self.count += label.chars().filter(|character| !character.is_whitespace()).count();
    }

    /// Takes the next mark if it stands behind so many characters.
    pub fn mark_at(&mut self, count: usize) -> Option<&'a Mark> {
        let (mark, rest) = self.marks.split_first().filter(|(mark, _)| mark.at <= count)?;
        self.marks = rest;
        Some(mark)
    }

    /// The format of the character at this position.
    pub fn at(&self, count: usize) -> Format {
        // They are in order, and a text may have thousands.
        let at = self.formats.partition_point(|(range, _)| range.end <= count);
        let own = self.formats.get(at).filter(|(range, _)| range.contains(&count));
        own.map(|(_, format)| *format).unwrap_or_default()
    }

    /// Calls `visit` with each stretch of the text that has one format, and with each mark of a footnote.
    pub fn each<'t>(&mut self, text: &'t str, mut visit: impl FnMut(&'t str, Format))
    where
        'a: 't,
    {
        if self.is_plain() {
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
            while let Some(mark) = self.mark_at(self.count) {
                let end = at + character.len_utf8();
                if from < end {
                    visit(&text[from..end], format);
                }
                visit(&mark.text, mark.format());
                from = end;
            }
        }
        if from < text.len() || text.is_empty() {
            visit(&text[from..], format);
        }
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

    #[test]
    fn marks_stand_behind_their_characters() {
        let mut formats = Formats::default();
        for (note, at) in [2, 3, 3].into_iter().enumerate() {
            formats.add_mark(NodeId(1), Mark { at, note, text: note.to_string() });
        }
        let mut divide = formats.divide(NodeId(1));
        let mut pieces = Vec::new();
        for text in ["甲 乙 丙", "丁"] {
            divide.each(text, |text, format| pieces.push((text, format.note)));
        }
        let mark = |text, note| (text, Some(note));
        let expected =
            [("甲 乙", None), mark("0", 0), (" 丙", None), mark("1", 1), mark("2", 2), ("丁", None)];
        assert_eq!(pieces, expected);
    }
}
