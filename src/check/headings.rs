//! Numbers of headings: 一、二、三、 without gaps and doubles, level by level.
//!
//! Below a new heading, numbers begin again or go on: （四） may follow （三） of the section before, and 第十条 follows
//! 第九条 of the chapter before.

use crate::diagnostic::{Diagnostic, rule};
use crate::document::{BlockKind, Document, HeadingNumber, NumberKind, Paragraph};
use crate::message;

/// The numbering of one kind of number.
#[derive(Clone, Copy, Default)]
struct Numbering {
    /// The last number; 0 before the first.
    last: usize,
    /// A heading of a higher level came after it, so that 1 may follow.
    may_restart: bool,
    /// It has gone on below such a heading.
    goes_on: bool,
}

/// Warnings where a heading's number does not follow that of the previous heading of its level, or no text follows it.
pub fn headings(document: &Document) -> Vec<Diagnostic> {
    let mut numberings = [Numbering::default(); KINDS];
    let mut found = Vec::new();
    for block in &document.blocks {
        let paragraph = match &block.kind {
            BlockKind::Paragraph(paragraph) => paragraph,
            // An attachment, or a text that is issued, has its own numbering.
            BlockKind::Title(title) if !title.is_line_below() => {
                numberings = [Numbering::default(); KINDS];
                continue;
            }
            _ => continue,
        };
        if let Some(text) = number_alone(paragraph) {
            let message = message!("“{text}”后面没有文字", "\"{text}\" has no text after it");
            found.push(Diagnostic::warning(rule::TEXT_HEADING_NUMBER, document.place(block.id), message));
        }
        let Some(heading) = &paragraph.heading else {
            continue_with(&mut numberings, &paragraph.text());
            continue;
        };
        let number = HeadingNumber::of(&heading.text);
        let rank = rank(number.map_or(NumberKind::Level(heading.level), |number| number.kind));
        numberings[rank + 1..].iter_mut().for_each(|numbering| numbering.may_restart = true);
        let Some(HeadingNumber { value, .. }) = number else { continue };
        let numbering = &mut numberings[rank];
        if let Some(expected) = numbering.next(value) {
            let text: String = heading.text.chars().take(16).collect();
            let message = if value + 1 == expected {
                message!("标题“{text}”的序号重复", "the number of the heading \"{text}\" is given twice")
            } else {
                message!(
                    "标题“{text}”的序号是 {value}，应为 {expected}",
                    "the number of the heading \"{text}\" is {value} where {expected} is expected"
                )
            };
            found.push(Diagnostic::warning(rule::TEXT_HEADING_NUMBER, document.place(block.id), message));
        }
    }
    found
}

/// The text of a paragraph that is nothing but a number: a heading that was not written yet, or lost its text.
fn number_alone(paragraph: &Paragraph) -> Option<String> {
    const LONGEST: usize = 24;
    let length: usize = paragraph.runs.iter().map(|run| run.text.len()).sum();
    let text = (length <= LONGEST).then(|| paragraph.text())?;
    // A number is one before a text.
    let number = HeadingNumber::of(&format!("{text}文"))?;
    (number.length == text.len()).then_some(text)
}

impl Numbering {
    /// Goes on to this number. The number that is expected, if it is another.
    fn next(&mut self, value: usize) -> Option<usize> {
        let follows = value == self.last + 1;
        let restarts = self.may_restart && value == 1;
        self.goes_on |= self.may_restart && follows && self.last > 0;
        let expected = if self.may_restart && !self.goes_on { 1 } else { self.last + 1 };
        self.last = value;
        self.may_restart = false;
        (!follows && !restarts).then_some(expected)
    }
}

/// A numbered paragraph of text among headings of its level, such as one that is too long for a heading.
fn continue_with(numberings: &mut [Numbering; KINDS], text: &str) {
    let Some(number) = HeadingNumber::of(text) else { return };
    let rank = rank(number.kind);
    let numbering = &mut numberings[rank];
    if numbering.last > 0 && number.value == numbering.last + 1 && !number.may_count(text) {
        numbering.last = number.value;
    }
}

/// How many kinds of number there are.
const KINDS: usize = 8;

/// The place of a kind of number among them, from the outermost.
fn rank(kind: NumberKind) -> usize {
    match kind {
        NumberKind::Part => 0,
        NumberKind::Chapter => 1,
        NumberKind::Section => 2,
        NumberKind::Article => 3,
        NumberKind::Level(level) => 3 + usize::from(level.clamp(1, 4)),
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
        warnings_of(&format!(r#"[{{"body": [{body}]}}]"#))
    }

    fn warnings_of(sections: &str) -> Vec<String> {
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "sections": {sections}}}"#
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
    }

    #[test]
    fn gaps_and_doubles_are_reported() {
        let found = warnings(r#""（一）甲", "（三）乙", "（三）丙""#);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("is 3 where 2 is expected") && found[1].contains("given twice"));
    }

    /// Sections with these titles and bodies.
    fn of_sections(sections: &[(&str, &[&str])]) -> Vec<String> {
        let sections: Vec<serde_json::Value> =
            sections.iter().map(|(title, body)| serde_json::json!({"title": title, "body": body})).collect();
        warnings_of(&serde_json::Value::from(sections).to_string())
    }

    #[test]
    fn numbers_may_go_on_through_sections() {
        let going_on = [
            ("甲", &["（一）指导。以此为准。", "（二）目标。有所进展。"][..]),
            ("乙", &["（三）制度。健全体系。", "（四）监管。强化执法。"]),
            ("丙", &["（五）领导。压实责任。"]),
        ];
        assert_eq!(of_sections(&going_on), Vec::<String>::new());
        let gap = of_sections(&[
            ("甲", &["（一）指导", "文。"]),
            ("乙", &["（二）制度", "文。"]),
            ("丙", &["（四）领导", "文。"]),
        ]);
        assert_eq!(gap.len(), 1, "{gap:?}");
        assert!(gap[0].contains("is 4 where 3 is expected"), "{gap:?}");
        let gap = of_sections(&[("甲", &["（一）指导", "文。"]), ("乙", &["（三）制度", "文。"])]);
        assert!(gap[0].contains("is 3 where 1 is expected"), "{gap:?}");
    }

    #[test]
    fn parts_chapters_and_articles_have_numbers_of_their_own() {
        let parts = [
            ("第一部分 概况", &["（一）职责", "文。"][..]),
            ("第二部分 公开表", &["（一）收支", "文。", "（二）收入", "文。"]),
            ("第三部分 说明", &[]),
        ];
        assert_eq!(of_sections(&parts), Vec::<String>::new());
        let chapters = [
            ("第一章 总则", &["第一条 为规范管理，制定本办法。", "第二条 本办法适用于本市。"][..]),
            ("第二章 职责", &["第三条 市财政局负责管理。", "（一）编制预算", "（二）监督执行"]),
        ];
        assert_eq!(of_sections(&chapters), Vec::<String>::new());
        let gap = of_sections(&[("第一章 总则", &["文。"]), ("第三章 附则", &["文。"])]);
        assert!(gap[0].contains("is 3 where 2 is expected"), "{gap:?}");
    }
}
