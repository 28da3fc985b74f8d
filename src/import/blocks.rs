//! What every reader makes of its file: blocks in reading order, each with its place in that file.
//!
//! A reader knows its format and nothing of reports; the matcher knows labels of layouts and nothing of formats.

use std::sync::Arc;

use crate::diagnostic::Place;
pub(super) use crate::forms::{Cell, Grid};

/// A block of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table, whose cells are known.
    Table(Grid),
    /// A picture.
    Picture(Picture),
    /// What the reader saw and cannot take over, in words: a footnote, a drawing; with its text if there is one.
    Left {
        /// What it is.
        what: Left,
        /// Its text.
        text: String,
        /// Of a footnote that a report can hold: how many characters of the paragraph before it are before its mark,
        /// white space not counted.
        at: Option<usize>,
        /// Where it is.
        place: Place,
    },
}

/// What is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Footnote,
    Comment,
    Formula,
    Struck,
    Hidden,
    Chart,
    /// Of a header or footer of pages.
    Margin,
}

/// A paragraph: text without the numbering that its program adds, which is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// The text; tabs and line breaks as they stand.
    pub text: String,
    /// The number that the program shows before it (`一、`, `1.`), if it is no part of the text.
    pub number: Option<String>,
    /// The level of a heading, from 1, by its style or element; none for text.
    pub heading: Option<u8>,
    /// Whether it stands in the middle of the line.
    pub centred: bool,
    /// Whether it stands at the right, as signatures and dates do.
    pub right: bool,
    /// Where it is.
    pub place: Place,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The file as it is embedded; none if the file only names an address, which is never opened.
    pub bytes: Option<Arc<[u8]>>,
    /// The description for those who do not see it.
    pub alt: Option<String>,
    pub place: Place,
}

/// Facts about a file that are no blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The title that its properties or its head give.
    pub title: Option<String>,
    /// Pairs of a table of metadata or of properties: 索引号, 发布日期.
    pub fields: Vec<(String, String)>,
}

/// A file as its reader gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub blocks: Vec<Block>,
    pub facts: Facts,
}

impl Left {
    /// What it is, for a list of what has no place.
    pub fn zh(self) -> &'static str {
        match self {
            Left::Footnote => "脚注：",
            Left::Comment => "批注：",
            Left::Formula => "公式",
            Left::Struck => "划去的文字：",
            Left::Hidden => "隐藏的文字：",
            Left::Chart => "图表：",
            Left::Margin => "页眉、页脚：",
        }
    }
}

impl Block {
    /// Where it begins.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Block::Paragraph(paragraph) => Some(&paragraph.place),
            Block::Table(grid) => grid.rows.iter().flatten().next().map(|cell| &cell.place),
            Block::Picture(picture) => Some(&picture.place),
            Block::Left { place, .. } => Some(place),
        }
    }
}

/// The lines of a text as paragraphs, for tests.
#[cfg(test)]
pub(super) fn paragraphs(text: &str) -> Vec<Block> {
    let paragraph = |(at, line): (usize, &str)| {
        Block::Paragraph(Paragraph {
            text: line.to_owned(),
            number: None,
            heading: None,
            centred: false,
            right: false,
            place: crate::diagnostic::Place::TextLine(at + 1),
        })
    };
    text.lines().enumerate().map(paragraph).collect()
}
