//! Every character of the document has a glyph, or is told with its place before anything is written.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::document::{BlockKind, Document, NodeId, Table};
use crate::font::{Fonts, normalise_pua};
use crate::message;
use crate::style::{Face, Role};

/// The characters that no font has, each once a place; private-use ones that are printed all the same are warnings.
pub fn glyphs(document: &Document, fonts: &Fonts) -> Vec<Diagnostic> {
    let mut search = Search { document, fonts, told: BTreeSet::new(), found: Vec::new() };
    for block in &document.blocks {
        search.block(block.id, &block.kind);
    }
    search.found
}

struct Search<'a> {
    document: &'a Document,
    fonts: &'a Fonts,
    told: BTreeSet<(NodeId, char)>,
    found: Vec<Diagnostic>,
}

impl Search<'_> {
    fn block(&mut self, id: NodeId, kind: &BlockKind) {
        match kind {
            BlockKind::Title(title) => title.lines.iter().for_each(|line| self.text(id, title.role, line)),
            BlockKind::Paragraph(paragraph) => {
                paragraph.runs.iter().for_each(|run| self.text(run.id.unwrap_or(id), run.role, &run.text));
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    self.text(item.id, Role::ListItem, &item.label);
                    self.text(item.id, Role::ListItem, &item.text);
                }
            }
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => {
                figure
                    .caption
                    .iter()
                    .for_each(|caption| self.text(caption.id, Role::FigureCaption, &caption.text));
            }
            BlockKind::Signature(signature) => {
                signature.signatories.iter().for_each(|name| self.text(name.id, Role::Signatory, &name.text));
                signature.date.iter().for_each(|date| self.text(date.id, Role::Date, &date.text));
            }
            BlockKind::Sides(sides) => {
                let runs = sides.left.iter().chain(&sides.right);
                runs.for_each(|run| self.text(run.id.unwrap_or(id), run.role, &run.text));
            }
            BlockKind::Rule(_) | BlockKind::PageBreak => {}
        }
    }

    fn table(&mut self, table: &Table) {
        table.caption.iter().for_each(|text| self.text(text.id, Role::TableCaption, &text.text));
        table.unit.iter().for_each(|text| self.text(text.id, Role::TableUnit, &text.text));
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            self.text(cell.id, cell.role, &cell.text);
        }
        table.notes.iter().for_each(|text| self.text(text.id, Role::TableNote, &text.text));
    }

    fn text(&mut self, id: NodeId, role: Role, text: &str) {
        let face = self.document.styles.get(role).face;
        for character in text.chars().filter(|character| *character != '\n') {
            self.character(id, face, character);
        }
    }

    fn character(&mut self, id: NodeId, face: Face, character: char) {
        if self.fonts.covers(face, character) || !self.told.insert((id, character)) {
            return;
        }
        let code = u32::from(character);
        let place = self.document.place(id);
        let text = message!(
            "没有字体含有“{character}”（U+{code:04X}）",
            "no font has the character \"{character}\" (U+{code:04X})"
        );
        let hint = match normalise_pua(character) {
            Some(standard) => {
                message!("用标准字“{standard}”代替", "use the standard character \"{standard}\" for it")
            }
            None => message!("换一个字，或写明读音和字形", "use another character, or describe it"),
        };
        self.found.push(Diagnostic::error("text.glyph", place, text).hint(hint));
    }
}
