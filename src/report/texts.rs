//! The texts of a report with their places: everything that is printed as words, not as figures.
//!
//! One function visits them, for readers and for what changes them (references that become numbers).

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Cell, FreeCell, FreeTable, Prose, Report, Sections};
use crate::diagnostic::child;

/// The kind of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The title of the document, of a section or of an attachment.
    Title,
    /// A heading in a paragraph of its own.
    Heading,
    /// A paragraph, with or without a heading that runs into it.
    Paragraph,
    /// An item of a list.
    Item,
    /// A caption, unit or note of a table or an illustration.
    Caption,
    /// A cell of a free table that is not a figure.
    Cell,
    /// A name or a note of the form: 主送机关, 附注, 内容概述.
    Note,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its JSON pointer.
    pub pointer: String,
    /// Its kind.
    pub kind: TextKind,
    /// It.
    pub text: String,
    /// The characters that came from references.
    pub references: Vec<Range<usize>>,
}

impl Text {
    /// The key of the section that it is in.
    pub fn section(&self) -> Option<&str> {
        self.pointer.strip_prefix("/sections/")?.split('/').next()
    }
}

/// The texts of a report in the order of its keys: those before the sections, the sections, those after them.
///
/// `references` are the characters that came from references, by the JSON pointers of their texts.
pub fn texts(report: &Report, references: &BTreeMap<String, Vec<Range<usize>>>) -> Vec<Text> {
    let mut texts = Vec::new();
    each_text(&mut report.clone(), &mut |pointer, kind, text| {
        let references = references.get(pointer).cloned().unwrap_or_default();
        texts.push(Text { pointer: pointer.to_owned(), kind, text: text.clone(), references });
    });
    texts
}

/// Calls `visit` with the place, the kind and the text of every text.
pub fn each_text(report: &mut Report, visit: &mut dyn FnMut(&str, TextKind, &mut String)) {
    let mut walk = Walk { visit };
    walk.optional("/title", TextKind::Title, &mut report.title);
    walk.optional("/addressee", TextKind::Note, &mut report.addressee);
    walk.prose("/preamble", &mut report.preamble);
    match &mut report.sections {
        Sections::Named(sections) => {
            for (key, prose) in sections {
                walk.prose(&child("/sections", key), prose);
            }
        }
        Sections::Free(sections) => {
            for (at, section) in sections.iter_mut().enumerate() {
                let place = child("/sections", at);
                walk.optional(&child(&place, "title"), TextKind::Title, &mut section.title);
                walk.prose(&child(&place, "body"), &mut section.body);
            }
        }
    }
    for (at, attachment) in report.attachments.iter_mut().enumerate() {
        let place = child("/attachments", at);
        (walk.visit)(&child(&place, "title"), TextKind::Title, &mut attachment.title);
        walk.prose(&child(&place, "body"), &mut attachment.body);
    }
    walk.optional("/remark", TextKind::Note, &mut report.remark);
    walk.optional("/metadata/summary", TextKind::Note, &mut report.metadata.summary);
}

struct Walk<'a> {
    visit: &'a mut dyn FnMut(&str, TextKind, &mut String),
}

impl Walk<'_> {
    fn optional(&mut self, pointer: &str, kind: TextKind, text: &mut Option<String>) {
        if let Some(text) = text {
            (self.visit)(pointer, kind, text);
        }
    }

    fn prose(&mut self, pointer: &str, blocks: &mut [Prose]) {
        for (at, block) in blocks.iter_mut().enumerate() {
            let place = child(pointer, at);
            match block {
                Prose::Text(text) => (self.visit)(&place, TextKind::Paragraph, text),
                Prose::Heading { heading, level: _ } => {
                    (self.visit)(&child(&place, "heading"), TextKind::Heading, heading);
                }
                Prose::Paragraph { paragraph } => {
                    (self.visit)(&child(&place, "paragraph"), TextKind::Paragraph, paragraph);
                }
                Prose::List { list, marker: _ } => {
                    let place = child(&place, "list");
                    for (at, item) in list.iter_mut().enumerate() {
                        (self.visit)(&child(&place, at), TextKind::Item, item);
                    }
                }
                Prose::Table { table } => self.table(&child(&place, "table"), table),
                Prose::Image { image: _, caption, alt, width: _ } => {
                    self.optional(&child(&place, "caption"), TextKind::Caption, caption);
                    (self.visit)(&child(&place, "alt"), TextKind::Caption, alt);
                }
            }
        }
    }

    fn table(&mut self, pointer: &str, table: &mut FreeTable) {
        self.optional(&child(pointer, "caption"), TextKind::Caption, &mut table.caption);
        self.optional(&child(pointer, "unit"), TextKind::Caption, &mut table.unit);
        self.optional(&child(pointer, "description"), TextKind::Caption, &mut table.description);
        for (name, rows) in [("header", &mut table.header), ("rows", &mut table.rows)] {
            let place = child(pointer, name);
            for (at, row) in rows.iter_mut().enumerate() {
                let place = child(&place, at);
                for (at, cell) in row.iter_mut().enumerate() {
                    let place = child(&place, at);
                    match cell {
                        FreeCell::Plain(cell) => self.cell(&place, cell),
                        FreeCell::Span { text, columns: _, rows: _, header: _, vertical: _, align: _ } => {
                            self.cell(&child(&place, "text"), text);
                        }
                    }
                }
            }
        }
        let place = child(pointer, "notes");
        for (at, note) in table.notes.iter_mut().enumerate() {
            (self.visit)(&child(&place, at), TextKind::Caption, note);
        }
    }

    fn cell(&mut self, pointer: &str, cell: &mut Cell) {
        let mut text = cell.text().to_owned();
        (self.visit)(pointer, TextKind::Cell, &mut text);
        if text != cell.text() {
            *cell = Cell::new(text);
        }
    }
}
