//! Brackets and quotes that are opened and never closed, or the other way round (rule `text.unbalanced`).

use crate::check::text::marks::is_han;

const PAIRS: [(char, char); 7] =
    [('（', '）'), ('《', '》'), ('〈', '〉'), ('“', '”'), ('〔', '〕'), ('【', '】'), ('「', '」')];

/// The characters of a text without their counterpart.
pub(super) fn unbalanced(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut opened: [Vec<usize>; PAIRS.len()] = Default::default();
    for (at, (byte, c)) in text.char_indices().enumerate() {
        let c = match c {
            '\u{3400}'..='\u{9fff}' => continue,
            '(' => '（',
            ')' => '）',
            c => c,
        };
        if let Some(pair) = PAIRS.iter().position(|(open, _)| *open == c) {
            opened[pair].push(at);
        } else if let Some(pair) = PAIRS.iter().position(|(_, close)| *close == c)
            && opened[pair].pop().is_none()
            && !is_label(&text[..byte])
        {
            found.push(at);
        }
    }
    found.extend(opened.into_iter().flatten());
    found.sort_unstable();
    found
}

/// 1） a） 一）: a closing bracket after the number of an item.
fn is_label(before: &str) -> bool {
    let is_number = |c: &char| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(*c);
    let label = before.chars().rev().take_while(is_number).count();
    label > 0
        && label <= 3
        && before.chars().rev().nth(label).is_none_or(|c| !is_han(c) && !c.is_ascii_alphanumeric())
}
