//! Embedded fonts, for readers without the official ones: subsets of the shipped fonts under their own names.
//!
//! They have the document's characters, the 3755 of GB/T 2312's first level, its signs, and Latin: enough to
//! continue writing. A character that another font draws better is left out, so that the word processor falls
//! back to that font: 朱雀仿宋 has （ ） that look like 〔 〕.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::arrange::Arranged;
use crate::document::{BlockKind, Document, Face, Family, Role, Shown, mark};
use crate::font::{FontId, Fonts, subset};

/// The longest font name that Word accepts. `Zhuque Fangsong (technical preview)` is longer, so its Chinese
/// name is used.
const LONGEST_NAME: usize = 31;

/// A font in the file.
pub(crate) struct EmbeddedFont {
    /// Its own name, as the styles ask for it.
    pub name: String,
    /// `w:fontKey`, the key of the obfuscation.
    pub key: String,
    /// The bytes, obfuscated.
    pub data: Vec<u8>,
}

/// The document with the names of the shipped fonts in place of the official ones, and those fonts.
pub(crate) fn embed(document: &Arranged, fonts: &Fonts) -> (Arranged, Vec<EmbeddedFont>) {
    let faces: BTreeSet<Face> = Role::ALL.into_iter().map(|role| document.styles.get(role).face).collect();
    let characters = characters(document);
    let mut wanted: BTreeMap<FontId, BTreeSet<char>> = BTreeMap::new();
    let mut families = BTreeMap::new();
    let name = |id: FontId| fonts.font(id).family_within(LONGEST_NAME).unwrap_or_default();
    for face in &faces {
        for character in &characters {
            if let Some((id, _)) = fonts.resolve(*face, *character) {
                wanted.entry(id).or_default().insert(*character);
            }
        }
        let Some((own, _)) = fonts.resolve(*face, '公') else { continue };
        let official = document.families.get(face);
        let alternatives = official.map(|family| family.east_asian.clone()).into_iter().collect();
        let digits = fonts.resolve(*face, '0').map_or(FontId::LATIN, |(id, _)| id);
        let (east_asian, latin) = (name(own), name(digits));
        families.insert(*face, Family { east_asian, latin, alternatives });
    }
    let embedded = wanted.iter().filter_map(|(id, characters)| {
        let data = subset(fonts.font(*id), characters)?;
        let (key, data) = obfuscated(data);
        Some(EmbeddedFont { name: name(*id), key, data })
    });
    let embedded = embedded.collect();
    (document.with_families(families), embedded)
}

/// What the subsets hold.
fn characters(document: &Document) -> BTreeSet<char> {
    let mut found: BTreeSet<char> = (' '..='~').chain('\u{a0}'..='\u{ff}').collect();
    // GB/T 2312—1980: rows 1 to 3 are signs, rows 16 to 55 its first level.
    for row in (1_u8..=3).chain(16..=55) {
        for column in 1_u8..=94 {
            let bytes = [row + 0xA0, column + 0xA0];
            let (text, _, failed) = encoding_rs::GBK.decode(&bytes);
            found.extend(text.chars().filter(|_| !failed));
        }
    }
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Title(title) => found.extend(title.lines.iter().flat_map(|line| line.chars())),
            BlockKind::Paragraph(paragraph) => found.extend(paragraph.text().chars()),
            BlockKind::List(list) => {
                found.extend(list.items.iter().flat_map(|item| item.label.chars().chain(item.text.chars())));
            }
            BlockKind::Table(table) => {
                let lines = table.above().map(|(_, text)| text).chain(&table.notes);
                found.extend(lines.flat_map(|line| line.text.chars()));
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                found.extend(cells.flat_map(|cell| cell.text.chars()));
            }
            BlockKind::Illustration(illustration) => {
                if let Shown::Chart(chart) = &illustration.shown {
                    found.extend(chart.texts().flat_map(str::chars));
                }
                found.extend(illustration.caption.iter().flat_map(|caption| caption.text.chars()));
            }
            BlockKind::Signature(signature) => {
                let lines = signature.signatories.iter().chain(&signature.date);
                found.extend(lines.flat_map(|line| line.text.chars()));
            }
            BlockKind::Sides(sides) => {
                found.extend(sides.left.iter().chain(&sides.right).flat_map(|run| run.text.chars()));
            }
            // Its entries repeat headings.
            BlockKind::Contents(_) | BlockKind::Rule(_) | BlockKind::PageBreak => {}
        }
    }
    for (index, note) in document.notes.iter() {
        found.extend(mark(index).chars().chain(note.text.chars()));
    }
    found.retain(|character| !character.is_control());
    found
}

/// The first 32 bytes combined with the key, read from its end. // ECMA-376-1, 17.8.1
fn obfuscated(mut data: Vec<u8>) -> (String, Vec<u8>) {
    let hash: [u8; 32] = Sha256::digest(&data).into();
    for (at, byte) in data.iter_mut().take(32).enumerate() {
        *byte ^= hash[15 - at % 16];
    }
    (super::guid(&hash), data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obfuscation_is_undone_by_the_key() {
        let data: Vec<u8> = (0..64).collect();
        let (key, hidden) = obfuscated(data.clone());
        assert_eq!(key.len(), 38);
        let hex: String = key.chars().filter(char::is_ascii_hexdigit).collect();
        let bytes: Vec<u8> = (0..16)
            .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).expect("hexadecimal"))
            .collect();
        let open: Vec<u8> = hidden
            .iter()
            .enumerate()
            .map(|(at, byte)| if at < 32 { byte ^ bytes[15 - at % 16] } else { *byte })
            .collect();
        assert_eq!(open, data);
        assert_eq!(hidden[32..], data[32..]);
    }
}
