//! Copies from the report of the last year: copied paragraphs, and a report compared with itself.
//!
//! Years and figures are excluded from the comparison, since changing them alone does not make a paragraph
//! new. Texts that the law requires each year (the preamble, 信息处理费) are expected to stay the same.

use std::collections::{BTreeMap, HashMap};

use similar::TextDiff;

use crate::diagnostic::{Diagnostic, has_errors, rule};
use crate::message;
use crate::report::{Report, Text, TextKind, texts};

/// Shorter paragraphs are not compared: they are often the same with good reason.
const SHORTEST: usize = 40;
/// From this share of characters in common on a paragraph counts as copied.
const ALIKE: f64 = 0.9;

/// Reports the paragraphs that are those of the last report, and a last report that is not of the last year.
pub fn copied(report: &Report, previous: &Report) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = years(report, previous).into_iter().collect();
    if has_errors(&found) {
        // Not the last report: perhaps this very one.
        return found;
    }
    let last: Vec<(Text, Vec<char>)> = paragraphs(previous).collect();
    for (text, masked) in paragraphs(report) {
        let nearest = last
            .iter()
            .filter_map(|(text, other)| Some((text, likeness(&masked, other)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((old, likeness)) = nearest else { continue };
        let (percent, place) = ((likeness * 100.0).floor(), &old.pointer);
        let beginning: String = old.text.chars().take(20).collect();
        let message = message!(
            "这一段与上年报告的“{beginning}……”几乎一样（年份和数字不计，{percent}% 相同）：上年 {place}",
            "this paragraph is nearly that of the last report, \"{beginning}…\" ({percent}% alike, years and figures aside): last year {place}"
        );
        found.push(Diagnostic::warning(rule::PROSE_COPIED, text.pointer, message));
    }
    found
}

/// Checks that the last report is of the year before.
fn years(report: &Report, previous: &Report) -> Option<Diagnostic> {
    let (year, last) = (report.year?, previous.year?);
    if last.checked_add(1) == Some(year) {
        return None;
    }
    let text = message!(
        "本报告是 {year} 年的，作为上年报告给出的是 {last} 年的",
        "this report is about {year}, and the one given as the last about {last}"
    );
    Some(if last >= year {
        Diagnostic::error(rule::PREVIOUS_YEAR, "/year", text)
            .hint(message!("核对年份，或换上年的报告", "check the year, or give the report of the last year"))
    } else {
        Diagnostic::warning(rule::PREVIOUS_YEAR, "/year", text)
    })
}

/// The paragraphs worth comparing, with their masked characters.
fn paragraphs(report: &Report) -> impl Iterator<Item = (Text, Vec<char>)> {
    let texts = texts(report, &BTreeMap::new()).into_iter();
    texts
        .filter(|text| matches!(text.kind, TextKind::Paragraph | TextKind::Item | TextKind::Footnote))
        .filter(|text| !text.pointer.starts_with("/preamble") && !text.text.contains("信息处理费"))
        .map(|text| {
            let masked = masked(&text.text);
            (text, masked)
        })
        .filter(|(_, masked)| masked.len() >= SHORTEST)
}

/// The characters of a text with every number as one sign, without spaces.
fn masked(text: &str) -> Vec<char> {
    let mut masked = Vec::new();
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        let is_figure = character.is_ascii_digit() || matches!(character, '.' | '%' | '０'..='９');
        match (is_figure, masked.last()) {
            (true, Some('0')) => {}
            (true, _) => masked.push('0'),
            (false, _) => masked.push(character),
        }
    }
    masked
}

/// The share of characters that two texts have in common in the same order, if that makes one a copy of the other.
fn likeness(one: &[char], other: &[char]) -> Option<f64> {
    // No order can have more in common than the characters that both have.
    let mut counts: HashMap<char, i64> = HashMap::new();
    one.iter().for_each(|character| *counts.entry(*character).or_default() += 1);
    let mut common = 0;
    for character in other {
        if let Some(count) = counts.get_mut(character).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    let most = 2.0 * f64::from(common) / (one.len() + other.len()) as f64;
    if most < ALIKE {
        return None;
    }
    let (one, other): (String, String) = (one.iter().collect(), other.iter().collect());
    let likeness = f64::from(TextDiff::from_chars(&one, &other).ratio());
    (likeness >= ALIKE).then_some(likeness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Prose, Sections};

    fn report(year: u16, paragraph: &str) -> Report {
        let prose = vec![Prose::Text(paragraph.into())];
        let sections = [("overview".to_owned(), prose)].into_iter().collect();
        Report { year: Some(year), sections: Sections::Named(sections), ..Report::default() }
    }

    const OLD: &str = "2022年，我局主动公开信息1286条，其中网站公开835条，政务新媒体公开451条，答复依申请公开17件，举办政务公开培训2期，参训人员130人次。";

    #[track_caller]
    fn check(new: &str, wanted: usize) {
        let found = copied(&report(2023, new), &report(2022, OLD));
        assert_eq!(found.len(), wanted, "{found:?}");
        assert!(found.iter().all(|finding| finding.pointer == "/sections/overview/0"));
    }

    #[test]
    fn copied_paragraphs_are_reported_whatever_their_figures() {
        check(&OLD.replace("2022", "2023").replace("835", "9,035.5"), 1);
        check(&OLD.replace("我局", "局机关"), 1);
        check(
            "2023年，我局完善公开目录，新增重大行政决策、养老服务两个专栏，公开信息1402条，组织开放日活动3场，听取群众意见61条并逐条答复。",
            0,
        );
        check("没有需要报告的事项。", 0);
    }

    #[test]
    fn last_report_is_of_the_year_before() {
        let rules = |year: u16| {
            let found = copied(&report(year, ""), &report(2022, ""));
            found.into_iter().map(|finding| (finding.rule, finding.severity)).collect::<Vec<_>>()
        };
        use crate::diagnostic::Severity::{Error, Warning};
        assert_eq!(rules(2023), []);
        assert_eq!(rules(2022), [("previous.year".into(), Error)]);
        assert_eq!(rules(2024), [("previous.year".into(), Warning)]);
    }
}
