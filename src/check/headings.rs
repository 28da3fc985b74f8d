//! Numbers of headings: 一、二、三、 without gaps and doubles, level by level.

use crate::diagnostic::{Diagnostic, rule};
use crate::document::{BlockKind, Document};
use crate::message;

/// Warnings where a heading's number does not follow that of the previous heading of its level.
pub fn headings(document: &Document) -> Vec<Diagnostic> {
    // The last number of each level; a heading restarts the numbering of all lower levels.
    let mut last = [0_usize; 4];
    let mut found = Vec::new();
    for block in &document.blocks {
        let heading = match &block.kind {
            BlockKind::Paragraph(paragraph) => paragraph.heading.as_ref(),
            // An attachment has its own numbering.
            BlockKind::PageBreak => {
                last = [0; 4];
                None
            }
            _ => None,
        };
        let Some(heading) = heading else { continue };
        let level = usize::from(heading.level.clamp(1, 4)) - 1;
        last[level + 1..].fill(0);
        let Some(number) = number(&heading.text) else { continue };
        let expected = last[level] + 1;
        if number != expected {
            let text: String = heading.text.chars().take(16).collect();
            let message = if number == last[level] {
                message!("标题“{text}”的序号重复", "the number of the heading \"{text}\" is given twice")
            } else {
                message!(
                    "标题“{text}”的序号是 {number}，应为 {expected}",
                    "the number of the heading \"{text}\" is {number} where {expected} is expected"
                )
            };
            found.push(Diagnostic::warning(rule::TEXT_HEADING_NUMBER, document.place(block.id), message));
        }
        last[level] = number;
    }
    found
}

/// The number in front of a heading: 一、 （二） 3. （4）.
fn number(text: &str) -> Option<usize> {
    let text = text.trim_start_matches(['（', '(']);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits.parse().ok();
    }
    let digit = |c: char| "一二三四五六七八九".chars().position(|digit| digit == c).map(|at| at + 1);
    let numeral: Vec<char> = text.chars().take_while(|c| *c == '十' || digit(*c).is_some()).collect();
    match numeral[..] {
        [] => None,
        ['十'] => Some(10),
        ['十', units] => Some(10 + digit(units)?),
        [tens, '十'] => Some(digit(tens)? * 10),
        [tens, '十', units] => Some(digit(tens)? * 10 + digit(units)?),
        [units] => digit(units),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::compose;
    use crate::layout::Layouts;
    use crate::report;
    use crate::source::Source;

    fn warnings(body: &str) -> Vec<String> {
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "sections": [{{"body": [{body}]}}]}}"#
        );
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let (document, _) =
            compose(&report, &crate::figures::Figures::of(&report, &layout), &(), &crate::Limits::default())
                .expect("composes");
        headings(&document).into_iter().map(|found| found.message.en).collect()
    }

    #[test]
    fn numbers_in_order_are_no_finding() {
        assert!(warnings(r#""（一）甲", "1.乙", "2.丙", "（二）丁", "1.戊""#).is_empty());
        assert_eq!(number("（二十一）丙"), Some(21));
    }

    #[test]
    fn gaps_and_doubles_are_reported() {
        let found = warnings(r#""（一）甲", "（三）乙", "（三）丙""#);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("is 3 where 2 is expected") && found[1].contains("given twice"));
    }
}
