//! Footnotes: 脚注. Their marks stand in the texts of nodes, their texts at the foot of the page.
//!
//! Marks are no characters of their nodes: positions in a text, headings and bookmarks are the same with and without
//! them. [`Formats`](super::Formats) puts them in where a text is divided.

use super::NodeId;
use crate::geom::Length;

/// The height of the separator between the text of a page and its footnotes: that of LibreOffice.
pub const SEPARATOR: Length = Length::twips(124);

/// A footnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its mark in the text.
    pub mark: NodeId,
    /// Its text at the foot of the page.
    pub id: NodeId,
    /// The text, without its number.
    pub text: String,
}

/// The footnotes of a document, in the order of their marks. They are numbered through the document.
#[derive(Clone, Debug, Default)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// Adds the next one, and returns its index.
    pub(super) fn add(&mut self, note: Note) -> usize {
        self.0.push(note);
        self.0.len() - 1
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them with their indices.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Note)> {
        self.0.iter().enumerate()
    }

    /// The footnote of this index.
    pub fn get(&self, index: usize) -> &Note {
        &self.0[index]
    }

    /// The index of the footnote with this mark.
    pub fn marked(&self, mark: NodeId) -> Option<usize> {
        // Nodes are counted in reading order.
        self.0.binary_search_by_key(&mark, |note| note.mark).ok()
    }
}

/// The mark of the footnote of this index: ① to ⑳, and the bare number beyond, as Word counts with
/// `decimalEnclosedCircleChinese`.
// ECMA-376-1, 17.18.59 (ST_NumberFormat)
pub fn mark(index: usize) -> String {
    match u32::try_from(index) {
        Ok(index @ 0..20) => char::from_u32(0x2460 + index).map_or_else(String::new, String::from),
        _ => (index + 1).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn marks_are_circled_up_to_twenty() {
        assert_eq!([0, 19, 20].map(mark), ["①", "⑳", "21"]);
    }
}
