//! The texts of a report with their places: everything that is printed as words, not as figures.
//!
//! One function visits them, for readers and for what changes them (references that become numbers).

use std::collections::BTreeMap;
use std::ops::Range;

use super::{
    Attachment, Cell, CellText, FreeCell, FreeSection, FreeTable, Inline, Inlines, Prose, Report, Sections,
    True,
};
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
    /// A footnote.
    Footnote,
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
    let mut texts: Vec<Text> = Vec::new();
    pieces(&mut report.clone(), &mut |whole, pointer, kind, piece| {
        let ranges = references.get(pointer).cloned().unwrap_or_default();
        // The pieces of one text follow each other.
        match texts.last_mut().filter(|last| whole != pointer && last.pointer == whole) {
            Some(last) => {
                let before = last.text.chars().count();
                last.references.extend(ranges.iter().map(|range| range.start + before..range.end + before));
                last.text.push_str(piece);
            }
            None => {
                let (pointer, text) = (whole.to_owned(), piece.clone());
                texts.push(Text { pointer, kind, text, references: ranges });
            }
        }
    });
    texts
}

/// Calls `visit` with the place, the kind and the text of every text; of a text of several pieces with those of each.
pub fn each_text(report: &mut Report, visit: &mut dyn FnMut(&str, TextKind, &mut String)) {
    pieces(report, &mut |_, pointer, kind, text| visit(pointer, kind, text));
}

/// Gets the place of the whole text, that of the piece, the kind, and the piece.
type Visit<'a> = dyn FnMut(&str, &str, TextKind, &mut String) + 'a;

fn pieces(report: &mut Report, visit: &mut Visit) {
    let mut walk = Walk { visit };
    walk.optional("/title", TextKind::Title, &mut report.title);
    walk.optional("/subtitle", TextKind::Title, &mut report.subtitle);
    walk.optional("/title_note", TextKind::Note, &mut report.title_note);
    walk.texts("/byline", TextKind::Note, &mut report.byline);
    if let Some(cover) = &mut report.cover {
        walk.texts("/cover/issuer", TextKind::Note, cover.issuer.as_deref_mut().unwrap_or_default());
        walk.optional("/cover/date", TextKind::Note, &mut cover.date);
    }
    if let Some(contents) = &mut report.contents {
        walk.optional("/contents/title", TextKind::Note, &mut contents.title);
    }
    walk.optional("/addressee", TextKind::Note, &mut report.addressee);
    walk.prose("/preamble", &mut report.preamble);
    match &mut report.sections {
        Sections::Named(sections) => {
            for (key, prose) in sections {
                walk.prose(&child("/sections", key), prose);
            }
        }
        Sections::Free(sections) => walk.sections("/sections", sections),
    }
    walk.attachments("/attachments", &mut report.attachments);
    walk.optional("/remark", TextKind::Note, &mut report.remark);
    if let Some(issued) = &mut report.issued_text {
        walk.text("/issued_text/title", TextKind::Title, &mut issued.title);
        walk.optional("/issued_text/subtitle", TextKind::Title, &mut issued.subtitle);
        walk.optional("/issued_text/title_note", TextKind::Note, &mut issued.title_note);
        walk.texts("/issued_text/byline", TextKind::Note, &mut issued.byline);
        walk.prose("/issued_text/body", &mut issued.body);
        walk.sections("/issued_text/sections", &mut issued.sections);
        walk.attachments("/issued_text/attachments", &mut issued.attachments);
    }
    walk.optional("/metadata/summary", TextKind::Note, &mut report.metadata.summary);
}

struct Walk<'a, 'b> {
    visit: &'a mut Visit<'b>,
}

impl Walk<'_, '_> {
    fn text(&mut self, pointer: &str, kind: TextKind, text: &mut String) {
        (self.visit)(pointer, pointer, kind, text);
    }

    fn optional(&mut self, pointer: &str, kind: TextKind, text: &mut Option<String>) {
        if let Some(text) = text {
            self.text(pointer, kind, text);
        }
    }

    fn texts(&mut self, pointer: &str, kind: TextKind, texts: &mut [String]) {
        for (at, text) in texts.iter_mut().enumerate() {
            self.text(&child(pointer, at), kind, text);
        }
    }

    fn sections(&mut self, pointer: &str, sections: &mut [FreeSection]) {
        for (at, section) in sections.iter_mut().enumerate() {
            let place = child(pointer, at);
            self.optional(&child(&place, "title"), TextKind::Title, &mut section.title);
            self.prose(&child(&place, "body"), &mut section.body);
        }
    }

    fn attachments(&mut self, pointer: &str, attachments: &mut [Attachment]) {
        for (at, attachment) in attachments.iter_mut().enumerate() {
            let place = child(pointer, at);
            self.text(&child(&place, "title"), TextKind::Title, &mut attachment.title);
            self.prose(&child(&place, "body"), &mut attachment.body);
        }
    }

    fn inlines(&mut self, pointer: &str, kind: TextKind, inlines: &mut Inlines) {
        if let [Inline::Plain(text)] = &mut inlines.0[..] {
            return self.text(pointer, kind, text);
        }
        for (at, piece) in inlines.0.iter_mut().enumerate() {
            let place = child(pointer, at);
            match piece {
                Inline::Plain(text) => (self.visit)(pointer, &place, kind, text),
                Inline::Span(span) => {
                    (self.visit)(pointer, &child(&place, "text"), kind, &mut span.text);
                }
                Inline::Note(_) => {}
            }
        }
        // The pieces of the text follow one another, and its footnotes come after it.
        for (at, piece) in inlines.0.iter_mut().enumerate() {
            if let Inline::Note(note) = piece {
                self.text(&child(&child(pointer, at), "note"), TextKind::Footnote, &mut note.note);
            }
        }
    }

    fn prose(&mut self, pointer: &str, blocks: &mut [Prose]) {
        for (at, block) in blocks.iter_mut().enumerate() {
            let place = child(pointer, at);
            match block {
                Prose::Text(text) => self.inlines(&place, TextKind::Paragraph, text),
                Prose::Heading { heading, level: _ } => {
                    self.inlines(&child(&place, "heading"), TextKind::Heading, heading);
                }
                Prose::Paragraph { paragraph } => {
                    self.inlines(&child(&place, "paragraph"), TextKind::Paragraph, paragraph);
                }
                Prose::List { list, marker: _ } => {
                    let place = child(&place, "list");
                    for (at, item) in list.iter_mut().enumerate() {
                        self.inlines(&child(&place, at), TextKind::Item, item);
                    }
                }
                Prose::PageBreak { page_break: True } => {}
                Prose::Chart { chart } => {
                    let place = child(&place, "chart");
                    self.optional(&child(&place, "caption"), TextKind::Caption, &mut chart.caption);
                    self.optional(&child(&place, "alt"), TextKind::Caption, &mut chart.alt);
                }
                Prose::Table { table } => self.table(&child(&place, "table"), table),
                Prose::Image { image: _, caption, alt, width: _ } => {
                    self.optional(&child(&place, "caption"), TextKind::Caption, caption);
                    self.text(&child(&place, "alt"), TextKind::Caption, alt);
                }
            }
        }
    }

    fn table(&mut self, pointer: &str, table: &mut FreeTable) {
        self.optional(&child(pointer, "caption"), TextKind::Caption, &mut table.caption);
        self.optional(&child(pointer, "number"), TextKind::Caption, &mut table.number);
        self.optional(&child(pointer, "prepared_by"), TextKind::Caption, &mut table.prepared_by);
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
                            let place = child(&place, "text");
                            match text {
                                CellText::Plain(cell) => self.cell(&place, cell),
                                CellText::Inlines(inlines) => self.inlines(&place, TextKind::Cell, inlines),
                            }
                        }
                    }
                }
            }
        }
        let place = child(pointer, "notes");
        for (at, note) in table.notes.iter_mut().enumerate() {
            self.text(&child(&place, at), TextKind::Caption, note);
        }
    }

    fn cell(&mut self, pointer: &str, cell: &mut Cell) {
        let mut text = cell.text().to_owned();
        self.text(pointer, TextKind::Cell, &mut text);
        if text != cell.text() {
            *cell = Cell::new(text);
        }
    }
}
