//! Footnotes of Word files that a report can hold: one paragraph of text, behind some text.

use std::collections::BTreeMap;

use crate::read::ooxml::Package;
use crate::report::{Inline, Inlines, Note, Report, TextKind};
use crate::xml::Element;

/// The texts of the footnotes that a report can hold, by their ids.
pub(super) fn simple(package: &Package) -> BTreeMap<String, String> {
    const PART: &str = "word/footnotes.xml";
    if package.part(PART).is_none() {
        return BTreeMap::new();
    }
    let Ok(root) = package.xml(PART) else { return BTreeMap::new() };
    let own = root.elements().filter(|note| note.name == "w:footnote" && note.attribute("w:type").is_none());
    own.filter_map(|note| Some((note.attribute("w:id")?.to_owned(), text(note)?))).collect()
}

/// The text of a footnote of one paragraph; none if there is more in it than text.
fn text(note: &Element) -> Option<String> {
    let paragraphs = note.elements().filter(|child| child.name == "w:p");
    let mut found = None;
    for paragraph in paragraphs {
        let text = super::docx::plain_text(paragraph)?.replace(['\n', '\t'], " ").trim().to_owned();
        if !text.is_empty() && found.replace(text).is_some() {
            return None;
        }
    }
    found.filter(|_| note.elements().all(|child| child.name == "w:p"))
}

/// A text with its footnotes, each behind so many of its characters, white space not counted, in order; and which of
/// them have no place in it.
pub(super) fn noted(text: &str, notes: &[(usize, &str)]) -> (Inlines, Vec<usize>) {
    let (mut pieces, mut left) = (Vec::new(), Vec::new());
    let (mut from, mut count, mut next) = (0, 0, 0);
    for (at, character) in text.char_indices().filter(|(_, character)| !character.is_whitespace()) {
        while notes.get(next).is_some_and(|(before, _)| *before <= count) {
            // Before the first character, or out of order.
            left.push(next);
            next += 1;
        }
        count += 1;
        let end = at + character.len_utf8();
        while let Some((_, note)) = notes.get(next).filter(|(before, _)| *before == count) {
            if from < end {
                pieces.push(Inline::Plain(text[from..end].to_owned()));
            }
            pieces.push(Inline::Note(Note { note: (*note).to_owned() }));
            (from, next) = (end, next + 1);
        }
    }
    left.extend(next..notes.len());
    let rest = &text[from..];
    if from == 0 || !rest.trim().is_empty() {
        pieces.push(Inline::Plain(rest.to_owned()));
    }
    (Inlines(pieces), left)
}

/// The footnotes of a report.
pub(super) fn of(report: &Report) -> Vec<String> {
    let texts = crate::report::texts(report, &BTreeMap::new()).into_iter();
    texts.filter(|text| text.kind == TextKind::Footnote).map(|text| text.text.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footnotes_are_put_behind_their_characters() {
        let (text, left) =
            noted("甲 乙丙", &[(0, "零"), (2, "一"), (2, "二"), (1, "乱"), (3, "三"), (9, "远")]);
        let note = |text: &str| Inline::Note(Note { note: text.to_owned() });
        let plain = |text: &str| Inline::Plain(text.to_owned());
        assert_eq!(text.0, [plain("甲 乙"), note("一"), note("二"), plain("丙"), note("三")]);
        assert_eq!(left, [0, 3, 5]);
        assert_eq!(noted("甲。 ", &[]), (Inlines::from("甲。 "), Vec::new()));
    }
}
