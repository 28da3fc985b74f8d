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

/// Puts a footnote behind so many characters of a text, white space not counted; false if there are not so many.
pub(super) fn put(inlines: &mut Inlines, at: usize, note: &str) -> bool {
    let note = Inline::Note(Note { note: note.to_owned() });
    let mut before = 0;
    for index in 0..inlines.0.len() {
        let text = inlines.0[index].text();
        let solid = text.chars().filter(|character| !character.is_whitespace()).count();
        if at == 0 || solid == 0 || before + solid < at {
            before += solid;
            continue;
        }
        let end = end_of(text, at - before);
        // Other footnotes at the same place come first.
        let after =
            inlines.0[index + 1..].iter().take_while(|other| matches!(other, Inline::Note(_))).count();
        match &mut inlines.0[index] {
            piece if end == piece.text().len() => inlines.0.insert(index + 1 + after, note),
            Inline::Plain(text) => {
                let rest = text.split_off(end);
                inlines.0.splice(index + 1..index + 1, [note, Inline::Plain(rest)]);
            }
            Inline::Span(_) | Inline::Note(_) => return false,
        }
        return true;
    }
    false
}

/// Where so many characters of a text end, in bytes.
fn end_of(text: &str, count: usize) -> usize {
    let mut solid = text.char_indices().filter(|(_, character)| !character.is_whitespace());
    let end = count.checked_sub(1).and_then(|last| solid.nth(last));
    let end = end.map_or(0, |(at, character)| at + character.len_utf8());
    if text[end..].trim().is_empty() { text.len() } else { end }
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
        let mut text = Inlines::from("甲 乙丙");
        assert!(put(&mut text, 2, "一") && put(&mut text, 2, "二") && put(&mut text, 3, "三"));
        assert!(!put(&mut text, 0, "四") && !put(&mut text, 4, "五"));
        let note = |text: &str| Inline::Note(Note { note: text.to_owned() });
        let plain = |text: &str| Inline::Plain(text.to_owned());
        assert_eq!(text.0, [plain("甲 乙"), note("一"), note("二"), plain("丙"), note("三")]);
    }
}
