//! Years, periods and dates must be those of the report, not of the one that it was copied from.

use std::sync::LazyLock;

use regex::Regex;

use crate::date::Date;
use crate::diagnostic::{Diagnostic, rule};
use crate::layout::Layout;
use crate::message;
use crate::report::{IssuerKind, Report, Text, TextKind};

/// Warnings for other years, for a period that is not the year, and for a date after the deadline.
pub(super) fn years(report: &Report, layout: &Layout, texts: &[Text]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Only a report with the year in its title is about a single year.
    let Some(year) =
        report.year.filter(|_| layout.title.as_ref().is_some_and(|title| title.contains("{year}")))
    else {
        return found;
    };
    for text in texts {
        let place = &text.pointer;
        if text.kind == TextKind::Title && place == "/title" {
            found.extend(
                other_years(&text.text, year, &TITLE)
                    .into_iter()
                    .map(|other| wrong_year(place, year, &other)),
            );
        } else if place.starts_with("/preamble/") {
            found.extend(
                other_years(&text.text, year, &NAME).into_iter().map(|other| wrong_year(place, year, &other)),
            );
            found.extend(period(&text.text, year).map(|written| wrong_period(place, year, &written)));
        } else if place == "/sections/overview/0" {
            found.extend(
                other_years(&text.text, year, &FIRST)
                    .into_iter()
                    .map(|other| wrong_year(place, year, &other)),
            );
        }
    }
    found.extend(late(report, layout, year));
    found
}

static TITLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(20\d\d)\s*年").expect("the pattern is sound"));
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(20\d\d)年度?(?:政府)?信息公开(?:工作)?(?:年度)?(?:报告|年报)")
        .expect("the pattern is sound")
});
static FIRST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(20\d\d)年度?[，,]").expect("the pattern is sound"));

fn other_years(text: &str, year: u16, pattern: &Regex) -> Vec<String> {
    let years = pattern.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str().to_owned()));
    years.filter(|found| found.parse() != Ok(year)).collect()
}

fn wrong_year(place: &str, year: u16, other: &str) -> Diagnostic {
    Diagnostic::warning(
        rule::TEXT_YEAR,
        place,
        message!(
            "这里写的是 {other} 年，报告是 {year} 年的",
            "the text says {other}, but the report is about {year}"
        ),
    )
    .hint(message!("核对年份；沿用旧稿时最容易漏改", "check the year: that of an old text is easily left in"))
}

/// The period of the statistics as it is written, if it is not the year.
fn period(text: &str, year: u16) -> Option<String> {
    static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日\s*(?:起)?\s*(?:至|到|—|－|-|——|～|~)\s*(?:(\d{4})年|同年|当年)?\s*(\d{1,2})月\s*(\d{1,2})日")
            .expect("the pattern is sound")
    });
    let mut wrong = None;
    for found in PERIOD.captures_iter(text) {
        let number = |at: usize| found.get(at).and_then(|found| found.as_str().parse::<u16>().ok());
        let is_year = number(1) == Some(year)
            && (number(2), number(3)) == (Some(1), Some(1))
            && number(4).is_none_or(|end| end == year)
            && (number(5), number(6)) == (Some(12), Some(31));
        if is_year {
            return None;
        }
        wrong = found.get(0).map(|found| found.as_str().to_owned());
    }
    wrong.filter(|_| ["统计", "数据", "时限", "期限"].iter().any(|word| text.contains(word)))
}

fn wrong_period(place: &str, year: u16, written: &str) -> Diagnostic {
    Diagnostic::warning(
        rule::TEXT_PERIOD,
        place,
        message!(
            "统计期限写作“{written}”，{year} 年的报告应是 {year}年1月1日至{year}年12月31日",
            "the period is given as \"{written}\"; that of a report about {year} is 1 January to 31 December {year}"
        ),
    )
}

/// 条例 art. 49: departments before 31 January, governments before 31 March; the day itself is in time.
fn late(report: &Report, layout: &Layout, year: u16) -> Option<Diagnostic> {
    if !layout.deadlines {
        return None;
    }
    let month = match report.issuer_kind? {
        IssuerKind::Department | IssuerKind::Township | IssuerKind::Institution => 1,
        IssuerKind::Government | IssuerKind::Province => 3,
    };
    let deadline = Date::new(year + 1, month, 31)?;
    let date = Date::parse(report.signature.as_ref()?.date.as_deref()?)?;
    if date <= deadline {
        return None;
    }
    let next = year + 1;
    Some(
        Diagnostic::warning(
            rule::DATE_DEADLINE,
            "/signature/date",
            message!(
                "成文日期晚于法定期限 {next}年{month}月31日",
                "the date is after the deadline, {next}-{month:02}-31"
            ),
        )
        .hint(message!("依据：《政府信息公开条例》第四十九条", "laid down in article 49 of the regulations")),
    )
}
