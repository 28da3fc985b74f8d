//! The list of parts in the preamble: 本报告包括……等六个部分 (rule `structure.parts`).

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Diagnostic, rule};
use crate::layout::Layout;
use crate::message;
use crate::report::Text;

/// Warnings where the preamble counts other parts than the layout has, or names fewer than it counts.
pub(super) fn parts(layout: &Layout, texts: &[Text]) -> Vec<Diagnostic> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([一二三四五六七八九十]|\d{1,2})个?(?:大)?部分").expect("the pattern is sound")
    });
    let named: Vec<_> = layout.sections.iter().filter(|section| !section.named.is_empty()).collect();
    let mut found = Vec::new();
    if named.is_empty() {
        return found;
    }
    for text in texts.iter().filter(|text| text.pointer.starts_with("/preamble/")) {
        for sentence in text.text.split('。') {
            let Some(count) = COUNT.captures(sentence).and_then(|found| number(found.get(1)?.as_str()))
            else {
                continue;
            };
            let missing: Vec<&str> = named
                .iter()
                .filter(|section| !section.named.iter().any(|word| sentence.contains(word.as_str())))
                .map(|section| section.title.as_str())
                .collect();
            // A sentence that names hardly any part is no list of them.
            if missing.len() + 2 > named.len() {
                continue;
            }
            let all = layout.sections.len();
            if count != all {
                found.push(Diagnostic::warning(
                    rule::STRUCTURE_PARTS,
                    &text.pointer,
                    message!(
                        "文中说有 {count} 个部分，报告有 {all} 个",
                        "the text counts {count} parts; the report has {all}"
                    ),
                ));
            } else if !missing.is_empty() {
                let missing = missing.join("、");
                found.push(
                    Diagnostic::warning(
                        rule::STRUCTURE_PARTS,
                        &text.pointer,
                        message!(
                            "文中说有 {count} 个部分，没有列出：{missing}",
                            "the text counts {count} parts but does not name: {missing}"
                        ),
                    )
                    .hint(message!("把各部分列全", "name all parts")),
                );
            }
        }
    }
    found
}

fn number(text: &str) -> Option<usize> {
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) => "一二三四五六七八九十".chars().position(|digit| text.starts_with(digit)).map(|at| at + 1),
    }
}
