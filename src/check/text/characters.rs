//! Characters that do not belong in a text, in every string of a report: those that turn the direction of writing, those
//! that draw nothing, old forms of Han, and what is left of something that was lost.
//!
//! The source is searched, not the report as read: that has none of them any more.

use std::collections::BTreeMap;
use std::ops::Range;

use super::marks::Slip;
use crate::characters::{Odd, code_and_name, odd, readable};
use crate::diagnostic::{Diagnostic, Hint, HintCode, Message, Severity, rule};
use crate::message;
use crate::report::each_string;
use crate::source::Source;

/// The bytes of an odd character, itself, and its kind.
type Place = (Range<usize>, char, Odd);

/// Findings for all strings of a source; those about one string and rule are one finding.
pub fn characters(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_string(source.root(), &mut |path, text| {
        let mut by_rule: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
        for one in odd(text) {
            by_rule.entry(rule_of(one.2)).or_default().push(one);
        }
        for (rule, all) in by_rule {
            found.push(finding(rule, &path.pointer(), text, &all));
        }
    });
    found
}

/// What `fix` does about the characters of a text. Direction and loss are for the author to decide.
pub fn character_slips(text: &str) -> Vec<Slip> {
    let mut slips = Vec::new();
    let place = |byte: usize| text[..byte].chars().count();
    for (range, _, odd) in odd(text) {
        let replacement = match odd {
            Odd::Bidi | Odd::Lost => continue,
            Odd::Invisible => String::new(),
            Odd::Form(usual) => usual.to_string(),
        };
        let at = place(range.start);
        slips.push(Slip { rule: rule_of(odd), range: at..at + 1, replacement });
    }
    slips
}

fn rule_of(odd: Odd) -> &'static str {
    match odd {
        Odd::Bidi => rule::TEXT_BIDIRECTIONAL,
        Odd::Lost => rule::TEXT_LOST,
        Odd::Invisible => rule::TEXT_INVISIBLE,
        Odd::Form(_) => rule::TEXT_COMPATIBILITY,
    }
}

fn finding(rule: &'static str, pointer: &str, text: &str, all: &[Place]) -> Diagnostic {
    let (first, count) = (&all[0], all.len());
    let (at, excerpt) = (text[..first.0.start].chars().count() + 1, excerpt(text, &first.0));
    let names = names(all);
    match first.2 {
        Odd::Bidi => Diagnostic::new(
            Severity::Error,
            rule,
            pointer,
            message!(
                "第 {at} 个字是改变书写方向的 {names}：“{excerpt}”",
                "character {at} turns the direction of writing, {names}: \"{excerpt}\""
            ),
        )
        .hint(message!("核对文字的次序，删去这种字符", "check the order of the text and delete it")),
        Odd::Lost => Diagnostic::new(
            Severity::Error,
            rule,
            pointer,
            message!(
                "第 {at} 个字是 {names}，原来的字或图片已经丢失：“{excerpt}”",
                "character {at} is {names}, what stood there is lost: \"{excerpt}\""
            ),
        )
        .hint(message!("按原文补上，或删去", "write what stood there, or delete it")),
        Odd::Invisible => warning(
            rule,
            pointer,
            message!(
                "有 {count} 个看不见的字符 {names}，按没有处理：“{excerpt}”",
                "invisible characters ({count}), read as if absent, {names}: \"{excerpt}\""
            ),
        ),
        Odd::Form(_) => warning(
            rule,
            pointer,
            message!(
                "有 {count} 个部首字符或兼容汉字，按通常的汉字处理：{names}",
                "radicals or compatibility ideographs ({count}), read as the usual Han characters: {names}"
            ),
        ),
    }
}

fn warning(rule: &'static str, pointer: &str, message: Message) -> Diagnostic {
    Diagnostic::new(Severity::Warning, rule, pointer, message).hint(Hint {
        code: HintCode::Fix,
        message: message!("程序可以自动改正", "the program can correct it"),
    })
}

/// Each character once: `U+200B ZERO WIDTH SPACE`, `⼀（U+2F00）→一`; some of many.
fn names(all: &[Place]) -> String {
    const MOST: usize = 4;
    let mut names: Vec<String> = Vec::new();
    for &(_, character, odd) in all {
        let name = match odd {
            Odd::Bidi | Odd::Lost | Odd::Invisible => code_and_name(character),
            Odd::Form(usual) => format!("{character} (U+{:04X}) → {usual}", u32::from(character)),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let rest = if names.len() > MOST { ", …" } else { "" };
    names.truncate(MOST);
    names.join(", ") + rest
}

/// Some characters around a place, with its character as a code point.
fn excerpt(text: &str, place: &Range<usize>) -> String {
    let around = |part: &str| readable(part).replace(char::is_control, "");
    let before: Vec<char> = text[..place.start].chars().rev().take(8).collect();
    let before: String = before.into_iter().rev().collect();
    let after: String = text[place.end..].chars().take(8).collect();
    let code = u32::from(text[place.clone()].chars().next().unwrap_or_default());
    format!("{}<U+{code:04X}>{}", around(&before), around(&after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<(String, String, Severity)> {
        let json = serde_json::json!({ "a": [{ "title": text }], "image": text }).to_string();
        let found = characters(&Source::parse(json.as_bytes()).expect("parses"));
        found.into_iter().map(|f| (f.rule.into_owned(), f.pointer, f.severity)).collect()
    }

    #[test]
    fn each_kind_is_named_once_a_text() {
        let found = |rule: &str, severity| (rule.to_owned(), "/a/0/title".to_owned(), severity);
        assert_eq!(
            check("政\u{200b}府\u{200b}⼀\u{202e}甲\u{fffd}"),
            [
                found("text.bidirectional", Severity::Error),
                found("text.compatibility", Severity::Warning),
                found("text.invisible", Severity::Warning),
                found("text.lost", Severity::Error),
            ]
        );
        assert_eq!(check("葛\u{e0100}洲坝"), []);
    }

    #[test]
    fn messages_name_code_point_and_place() {
        let text = "甲\u{202e}12";
        let all: Vec<_> = odd(text).collect();
        let message = finding(rule::TEXT_BIDIRECTIONAL, "/x", text, &all).message;
        assert!(message.en.contains("character 2") && message.en.contains("U+202E RIGHT-TO-LEFT OVERRIDE"));
        assert!(message.zh.contains("“甲<U+202E>12”"), "{}", message.zh);
    }
}
