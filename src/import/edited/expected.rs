//! The expected content of the Word file of a document, in order, each item with its place in the report.

use std::collections::BTreeMap;

use super::spans;
use crate::document::{BlockKind, Chart, Document, Run, Shown, Table};
use crate::report::Inlines;
use crate::style::Role;
use crate::write::docx::names;

/// An expected item of the body.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    /// A paragraph.
    Text { role: Role, text: String, spans: Option<Inlines>, pointer: String },
    /// A table.
    Table {
        table: &'a Table,
        bookmark: String,
        pointer: String,
        places: Vec<Vec<String>>,
        /// The texts of its cells that have footnotes, by row and place in it.
        noted: BTreeMap<(usize, usize), Inlines>,
    },
    /// A picture, or a chart.
    Picture { pointer: String, chart: Option<&'a Chart> },
    /// The picture of a seal or a stamp.
    Seal { pointer: String },
}

impl Item<'_> {
    /// Its place in the report.
    pub fn pointer(&self) -> &str {
        match self {
            Item::Text { pointer, .. }
            | Item::Table { pointer, .. }
            | Item::Picture { pointer, .. }
            | Item::Seal { pointer } => pointer,
        }
    }
}

/// The pieces of the body, in the order of the Word file.
pub(super) fn items(document: &Document) -> Vec<Item<'_>> {
    let bookmarks = names::bookmarks(&document.blocks);
    let mut items = Vec::new();
    for (block, marks) in document.blocks.iter().zip(&bookmarks) {
        let place = document.place(block.id);
        let mut spanned = |role: Role, text: &str, spans: Option<Inlines>, pointer: &str| {
            if !text.trim().is_empty() {
                let (text, pointer) = (text.trim().to_owned(), pointer.to_owned());
                items.push(Item::Text { role, text, spans, pointer });
            }
        };
        match &block.kind {
            BlockKind::Title(title) => spanned(title.role, &title.lines.join("\n"), None, place),
            BlockKind::Paragraph(paragraph) => {
                let spans = spans::of_runs(document, &paragraph.runs, block.id);
                spanned(paragraph.role, &paragraph.text(), spans, place);
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    let spans = spans::of_text(document, item.id, &item.label, &item.text);
                    let text = format!("{}{}", item.label, item.text);
                    spanned(Role::ListItem, &text, spans, document.place(item.id));
                }
            }
            BlockKind::Table(table) => {
                for (role, line) in table.above() {
                    spanned(role, &line.text, None, document.place(line.id));
                }
                let bookmark = marks.block.as_ref().map_or_else(String::new, |mark| mark.name.clone());
                let row = |row: &crate::document::TableRow| {
                    row.cells.iter().map(|cell| document.place(cell.id).to_owned()).collect()
                };
                let places = table.rows.iter().map(row).collect();
                let (pointer, noted) = (place.to_owned(), noted(document, table));
                items.push(Item::Table { table, bookmark, pointer, places, noted });
                for note in &table.notes {
                    let pointer = document.place(note.id).to_owned();
                    items.push(Item::Text {
                        role: Role::TableNote,
                        text: note.text.clone(),
                        spans: None,
                        pointer,
                    });
                }
            }
            BlockKind::Illustration(illustration) => {
                let chart = match &illustration.shown {
                    Shown::Chart(chart) => Some(&**chart),
                    Shown::Picture(_) => None,
                };
                items.push(Item::Picture { pointer: place.to_owned(), chart });
                if let Some(caption) = &illustration.caption {
                    let pointer = document.place(caption.id).to_owned();
                    items.push(Item::Text {
                        role: Role::IllustrationCaption,
                        text: caption.text.clone(),
                        spans: None,
                        pointer,
                    });
                }
            }
            BlockKind::Signature(signature) => {
                for name in &signature.signatories {
                    spanned(Role::Signatory, &name.text, None, document.place(name.id));
                }
                if let Some(date) = &signature.date {
                    spanned(Role::Date, &date.text, None, document.place(date.id));
                }
                // They are in the last line.
                let drawn = signature.seals.iter().filter(|seal| seal.picture.is_some());
                items.extend(drawn.map(|seal| Item::Seal { pointer: document.place(seal.id).to_owned() }));
            }
            BlockKind::Sides(sides) => {
                for side in [&sides.left, &sides.right] {
                    let whole: String = side.iter().map(|run| run.text.as_str()).collect();
                    let own = side.iter().rev().find_map(|run: &Run| run.id);
                    spanned(sides.role, &whole, None, own.map_or(place, |id| document.place(id)));
                }
            }
            // A 目录 is made of the headings.
            BlockKind::Contents(_) | BlockKind::Rule(_) | BlockKind::PageBreak => {}
        }
    }
    items
}

/// The texts of the cells that have footnotes.
fn noted(document: &Document, table: &Table) -> BTreeMap<(usize, usize), Inlines> {
    if document.notes.is_empty() {
        return BTreeMap::new();
    }
    let rows = table.rows.iter().enumerate();
    let cells =
        rows.flat_map(|(row, own)| own.cells.iter().enumerate().map(move |(at, cell)| ((row, at), cell)));
    cells
        .filter(|(_, cell)| !document.formats.marks(cell.id).is_empty())
        .filter_map(|(place, cell)| Some((place, spans::of_text(document, cell.id, "", &cell.text)?)))
        .collect()
}

/// Roles whose paragraphs have a piece of text at each tab stop.
pub(super) fn has_tab_stops(role: Role) -> bool {
    matches!(
        role,
        Role::Signatory
            | Role::Colophon
            | Role::DocumentNumber
            | Role::CopyNumber
            | Role::Secrecy
            | Role::TableUnit
    )
}
