//! Style of the texts: punctuation, brackets, years, and the parts that the preamble lists.

mod balance;
mod characters;
mod marks;
mod markup;
mod names;
mod parts;
mod years;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Hint, HintCode, rule};
use crate::layout::Layout;
use crate::message;
use crate::report::{Report, Text, TextKind};

pub use characters::{character_slips, characters};
pub use marks::{Slip, slips};

/// Warnings for the texts of a report.
pub fn texts(report: &Report, layout: &Layout, texts: &[Text]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(texts.iter().filter_map(markup::markup));
    for text in texts.iter().filter(|text| text.kind != TextKind::Cell) {
        found.extend(slips_by_rule(text));
        found.extend(unbalanced(text));
    }
    found.extend(years::years(report, layout, texts));
    found.extend(parts::parts(layout, texts));
    found.extend(names::names(report));
    found
}

/// One warning for each rule that a text breaks, however often.
fn slips_by_rule(text: &Text) -> Vec<Diagnostic> {
    let mut by_rule: BTreeMap<&str, Vec<Slip>> = BTreeMap::new();
    for slip in slips(&text.text) {
        // Spaces at the ends are never printed.
        let printed = slip.rule != rule::TEXT_SPACE
            || slip.range.start > 0 && slip.range.end < text.text.chars().count();
        if printed {
            by_rule.entry(slip.rule).or_default().push(slip);
        }
    }
    let mut found = Vec::new();
    for (rule, slips) in by_rule {
        let count = slips.len();
        let excerpt = excerpt(&text.text, slips[0].range.start);
        let message = match rule {
            rule::TEXT_HALF_WIDTH => {
                message!(
                    "有 {count} 处半角标点：“{excerpt}”",
                    "half-width punctuation, {count} times: \"{excerpt}\""
                )
            }
            rule::TEXT_ASCII_BRACKETS => {
                message!(
                    "有 {count} 处括号应为〈〉或〔〕：“{excerpt}”",
                    "brackets that should be 〈〉 or 〔〕, {count} times: \"{excerpt}\""
                )
            }
            rule::TEXT_DOUBLED_PUNCTUATION => {
                message!(
                    "有 {count} 处标点重复：“{excerpt}”",
                    "punctuation given twice, {count} times: \"{excerpt}\""
                )
            }
            _ => message!(
                "汉字之间有 {count} 处空格：“{excerpt}”",
                "spaces between Han, {count} times: \"{excerpt}\""
            ),
        };
        found.push(Diagnostic::warning(rule, &text.pointer, message).hint(Hint {
            code: HintCode::Fix,
            message: message!("程序可以自动改正", "the program can correct it"),
        }));
    }
    found
}

fn unbalanced(text: &Text) -> Option<Diagnostic> {
    let at = *balance::unbalanced(&text.text).first()?;
    let (excerpt, mark) = (excerpt(&text.text, at), text.text.chars().nth(at)?);
    Some(
        Diagnostic::warning(
            rule::TEXT_UNBALANCED,
            &text.pointer,
            message!("“{mark}”没有配对：“{excerpt}”", "\"{mark}\" has no partner: \"{excerpt}\""),
        )
        .hint(message!("补上或删去", "add the other one, or delete it")),
    )
}

/// An excerpt: some characters around a place.
fn excerpt(text: &str, at: usize) -> String {
    text.chars().skip(at.saturating_sub(8)).take(20).collect()
}
