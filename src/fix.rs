//! Punctuation errors in the texts of a report corrected, in the source as its author wrote it.
//!
//! Only characters of texts change: numbers, keys, paths, spacing and the author's own escapes stay as they are, byte
//! for byte. What is invisible, and radicals in place of Han, are corrected in every string, also in cells and names.

use std::collections::HashSet;

use crate::check::{character_slips, slips};
use crate::diagnostic::Diagnostic;
use crate::options::Limits;
use crate::report::{self, TextKind};
use crate::source::Source;

/// A corrected report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Its text as it was.
    pub before: String,
    /// Its text as it should be.
    pub after: String,
    /// How many places were changed.
    pub count: usize,
}

/// How often a text is searched again: correcting one error may reveal another.
const MOST_ROUNDS: usize = 16;

/// Corrects what needs no decision by the author: half-width punctuation and ASCII brackets between Han, full-width digits of figures,
/// doubled punctuation, spaces between Han, invisible characters, radicals in place of Han.
///
/// # Errors
/// If the report cannot be read.
///
/// ```
/// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["公开,透明。"] }"#;
/// let fixed = gongwen::fix(report.as_bytes(), &gongwen::Limits::default()).expect("is JSON");
/// assert!(fixed.after.contains("公开，透明。"));
/// ```
pub fn fix(bytes: &[u8], limits: &Limits) -> Result<Fixed, Vec<Diagnostic>> {
    let source = Source::parse_within(bytes, limits)?;
    let (mut report, _) = report::read(&source).map_err(|mut found| {
        source.resolve(&mut found);
        found
    })?;
    let before = source.text();
    let mut changes = Vec::new();
    let mut count = 0;
    let mut prose: HashSet<String> = HashSet::new();
    report::each_text(&mut report, &mut |pointer, kind, _| {
        if kind != TextKind::Cell {
            prose.insert(pointer.to_owned());
        }
    });
    report::each_string(source.root(), &mut |path, text| {
        let pointer = path.pointer();
        let Some(span) = source.span(&pointer) else { return };
        // Full-width digits in a figure's cell: the number is meant.
        if let Some(figure) = pointer.starts_with("/tables/").then(|| report::half_width(text)).flatten() {
            count += 1;
            changes.push((span, report::cell_json(&figure)));
            return;
        }
        let (literal, slips) = fixed_literal(&before[span.clone()], prose.contains(&pointer));
        if slips > 0 {
            count += slips;
            changes.push((span, literal));
        }
    });
    changes.sort_by_key(|(span, _)| span.start);
    let (mut after, mut end) = (String::with_capacity(before.len()), 0);
    for (span, literal) in changes {
        after.push_str(&before[end..span.start]);
        after.push_str(&literal);
        end = span.end;
    }
    after.push_str(&before[end..]);
    // A byte-order mark is kept too.
    let mark = if bytes.starts_with("\u{feff}".as_bytes()) { "\u{feff}" } else { "" };
    Ok(Fixed { before: format!("{mark}{before}"), after: format!("{mark}{after}"), count })
}

/// A JSON string literal, corrected, and the number of corrections; punctuation is corrected in prose alone.
fn fixed_literal(literal: &str, is_prose: bool) -> (String, usize) {
    let mut pieces = pieces(literal);
    let mut count = 0;
    for _ in 0..MOST_ROUNDS {
        let text: String = pieces.iter().map(|(character, _)| character).collect();
        let mut found = character_slips(&text);
        if found.is_empty() && is_prose {
            found = slips(&text);
        }
        if found.is_empty() {
            break;
        }
        count += found.len();
        for slip in found.into_iter().rev() {
            pieces.splice(slip.range, slip.replacement.chars().map(|c| (c, c.to_string())));
        }
    }
    let inner: String = pieces.iter().map(|(_, raw)| raw.as_str()).collect();
    (format!("\"{inner}\""), count)
}

/// The characters of a JSON string, each with its spelling in the source.
fn pieces(literal: &str) -> Vec<(char, String)> {
    let inner = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let (mut pieces, mut rest) = (Vec::new(), inner);
    while let Some(first) = rest.chars().next() {
        let length = match (first, rest.as_bytes().get(1)) {
            ('\\', Some(b'u')) => {
                let is_high = rest.get(2..6).and_then(|code| u16::from_str_radix(code, 16).ok());
                if is_high.is_some_and(|code| (0xD800..0xDC00).contains(&code)) { 12 } else { 6 }
            }
            ('\\', _) => 2,
            (c, _) => c.len_utf8(),
        };
        let length = length.min(rest.len());
        let raw = &rest[..length];
        // The source was parsed: every escape is a character.
        let character = serde_json::from_str::<String>(&format!("\"{raw}\""));
        let character = character.ok().and_then(|text| text.chars().next()).unwrap_or(first);
        pieces.push((character, raw.to_owned()));
        rest = &rest[length..];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_text_are_put_right() {
        let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙",
            "preamble": [["公开,透明。", { "text": "一是,二是。", "strong": true }]] }"#;
        let fixed = fix(report.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!(fixed.after, report.replace(",透", "，透").replace("是,二", "是，二"));
    }

    #[test]
    fn texts_are_put_right_and_nothing_else_changes() {
        let report = "{ \"format\":1, \"layout\": \"general-document\",\n  \"issuer\": \"甲,乙\", \"title\": \"丙\",\
            \"sections\": [{\"body\": [\"\\u516c\\u5f00,\\\"三公\\\"经费\\/6,858.05万元。。\", {\"image\": \"a,甲.png\", \"alt\": \"图,表\"}]}] }\n";
        let fixed = fix(report.as_bytes(), &Limits::default()).expect("reads");
        let wanted = report
            .replace("\\u516c\\u5f00,\\\"三公\\\"经费", "\\u516c\\u5f00，“三公”经费")
            .replace("。。", "。")
            .replace("图,表", "图，表");
        assert_eq!(fixed.after, wanted);
        assert_eq!(fixed.count, 5);
        let again = fix(fixed.after.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!((again.count, again.after), (0, wanted));
    }

    #[test]
    fn odd_characters_are_put_right_in_every_string_but_paths() {
        let report = "{\"format\":1,\"layout\":\"notice\",\"issuer\":\"甲\u{200b}局\",\"preamble\":[\"⼀\\u00ad,\\u200B\",\
            {\"table\":{\"rows\":[[\"1\u{2060}2\",\"a,乙\"]]}},{\"image\":\"a\u{ad}.png\",\"alt\":\"⻅\"}],\
            \"signature\":{\"date\":\"2024-01-31\u{feff}\"}}";
        let fixed = fix(report.as_bytes(), &Limits::default()).expect("reads");
        let wanted = "{\"format\":1,\"layout\":\"notice\",\"issuer\":\"甲局\",\"preamble\":[\"一，\",\
            {\"table\":{\"rows\":[[\"12\",\"a,乙\"]]}},{\"image\":\"a\u{ad}.png\",\"alt\":\"见\"}],\
            \"signature\":{\"date\":\"2024-01-31\"}}";
        assert_eq!(fixed.after, wanted);
        assert_eq!(fix(wanted.as_bytes(), &Limits::default()).expect("reads").count, 0);
    }

    #[test]
    fn full_width_figures_become_numbers() {
        let report = r#"{"format":1,"layout":"x","issuer":"甲","preamble":["共１２件"],"tables":{"t":{"r":["１２","３件","0１２"]}}}"#;
        let fixed = fix(report.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!(fixed.after, report.replace("\"１２\"", "12").replace("\"0１２\"", "\"012\""));
        assert_eq!(fixed.count, 2);
    }

    #[test]
    fn surrogates_and_a_byte_order_mark_stay() {
        let report = "\u{feff}{\"format\":1,\"layout\":\"notice\",\"issuer\":\"甲\",\"preamble\":[\"\\ud842\\udfb7甲,乙\"]}";
        let fixed = fix(report.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!(fixed.after, report.replace("甲,乙", "甲，乙"));
    }
}
