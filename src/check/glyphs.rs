//! Every character of the document must have a glyph; otherwise it is reported with its place before anything
//! is written.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, rule};
use crate::document::{BlockKind, Document, NodeId, Table};
use crate::font::{Fonts, normalise_pua};
use crate::message;
use crate::style::{Face, Role};

/// The characters that no font has, each once a place; private-use ones that are printed all the same are warnings.
pub fn glyphs(document: &Document, fonts: &Fonts) -> Vec<Diagnostic> {
    let (mut reported, mut found) = (BTreeSet::new(), Vec::new());
    let mut well = Covered::default();
    let mut last = (Role::Body, document.styles.get(Role::Body).face);
    characters(document, &mut |id, role, character| {
        if last.0 != role {
            last = (role, document.styles.get(role).face);
        }
        let face = last.1;
        // What is left of a lost character is a finding of its own.
        if well.has(face, character) || matches!(character, '\u{fffc}' | '\u{fffd}') {
            return;
        }
        let covered = fonts.covers(face, character);
        let standard = normalise_pua(character);
        if covered && standard.is_none() {
            well.insert(face, character);
        } else if reported.insert((id, character)) {
            found.push(match standard.filter(|_| covered) {
                Some(standard) => private(document.place(id), character, standard),
                None => missing(document.place(id), character),
            });
        }
    });
    found
}

/// The characters known to be covered by a face, since most characters of a document are repeated. One bit
/// for each character of the basic plane; others are looked up each time.
#[derive(Default)]
struct Covered([Option<Box<[u64; 1024]>>; Face::ALL.len()]);

impl Covered {
    fn has(&self, face: Face, character: char) -> bool {
        let (word, bit) = (character as usize / 64, character as usize % 64);
        let words = self.0[face as usize].as_ref().and_then(|words| words.get(word));
        words.is_some_and(|word| word >> bit & 1 == 1)
    }

    fn insert(&mut self, face: Face, character: char) {
        let (word, bit) = (character as usize / 64, character as usize % 64);
        let words = self.0[face as usize].get_or_insert_with(|| Box::new([0; 1024]));
        if let Some(word) = words.get_mut(word) {
            *word |= 1 << bit;
        }
    }
}

/// Calls `visit` with every character of the document, its node and its role, in reading order.
pub(super) fn characters(document: &Document, visit: &mut dyn FnMut(NodeId, Role, char)) {
    let mut search = Search { visit };
    for block in &document.blocks {
        search.block(block.id, &block.kind);
    }
}

struct Search<'a> {
    visit: &'a mut dyn FnMut(NodeId, Role, char),
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
            BlockKind::Illustration(illustration) => {
                illustration
                    .caption
                    .iter()
                    .for_each(|caption| self.text(caption.id, Role::IllustrationCaption, &caption.text));
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
        text.chars().filter(|character| *character != '\n').for_each(|c| (self.visit)(id, role, c));
    }
}

fn missing(place: &str, character: char) -> Diagnostic {
    let code = u32::from(character);
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
    Diagnostic::error(rule::TEXT_GLYPH, place, text).hint(hint)
}

/// The warning for a code point of old encodings, which is printed as the standard character, but cannot be
/// searched for.
fn private(place: &str, character: char, standard: char) -> Diagnostic {
    let code = u32::from(character);
    let text = message!(
        "旧的私用区字码 U+{code:04X} 印成“{standard}”，但查找和复制得到的仍是旧码",
        "the old private code U+{code:04X} is printed as \"{standard}\", but searching and copying find the old code"
    );
    let hint = message!("改用标准字“{standard}”", "use the standard character \"{standard}\"");
    Diagnostic::warning(rule::TEXT_PRIVATE_USE, place, text).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::compose;
    use crate::layout::Layouts;
    use crate::report;
    use crate::source::Source;

    #[test]
    fn private_codes_are_warned_of_and_unknown_ones_refused() {
        let json = "{\"format\": 1, \"layout\": \"general-document\", \"issuer\": \"甲\", \"title\": \"乙\", \
                    \"sections\": [{\"body\": [\"刘\u{e863}\u{f8fe}\"]}]}";
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let (document, _) =
            compose(&report, &crate::figures::Figures::of(&report, &layout), &(), &crate::Limits::default())
                .expect("composes");
        let found = glyphs(&document, &Fonts::embedded());
        let rules: Vec<_> = found.iter().map(|found| (&*found.rule, found.pointer.as_str())).collect();
        let place = "/sections/0/body/0";
        assert_eq!(rules, [("text.private-use", place), ("text.glyph", place)]);
    }
}
