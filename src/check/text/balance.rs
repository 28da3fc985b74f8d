//! Brackets and quotes that are opened and never closed, or the other way round (rule `text.unbalanced`).

use crate::check::text::marks::is_han;

const PAIRS: [(char, char); 7] =
    [('（', '）'), ('《', '》'), ('〈', '〉'), ('“', '”'), ('〔', '〕'), ('【', '】'), ('「', '」')];

/// The characters of a text without their counterpart.
pub(super) fn unbalanced(text: &str) -> Vec<usize> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (open, close) in PAIRS {
        let mut opened = Vec::new();
        for (at, &c) in chars.iter().enumerate() {
            if c == open || open == '（' && c == '(' {
                opened.push(at);
            } else if (c == close || close == '）' && c == ')')
                && opened.pop().is_none()
                && !is_label(&chars, at)
            {
                found.push(at);
            }
        }
        found.extend(opened);
    }
    found.sort_unstable();
    found
}

/// 1） a） 一）: a closing bracket after the number of an item.
fn is_label(chars: &[char], at: usize) -> bool {
    let label = chars[..at]
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(**c))
        .count();
    label > 0
        && label <= 3
        && chars[..at - label].last().is_none_or(|c| !is_han(*c) && !c.is_ascii_alphanumeric())
}
