//! Sentences as reports have them, true and false, beside tables that are known (tests/suite/prose).

use std::collections::BTreeMap;
use std::fs;

use gongwen::report;
use gongwen::{Beside, Exporter, Options};
use serde_json::{Value, json};

/// The findings about a paragraph in the report of tests/suite/prose.
fn findings(exporter: &Exporter, paragraphs: Value) -> Vec<(String, String)> {
    let text = fs::read_to_string("tests/suite/prose/report.json").expect("reads");
    let mut report: Value = serde_json::from_str(&text).expect("is JSON");
    report["sections"]["overview"] = paragraphs;
    let bytes = serde_json::to_vec(&report).expect("writes");
    let checked = exporter.check(&bytes, &Options::default(), &Beside::default(), &()).expect("is read");
    let found = checked.findings.into_iter();
    found.map(|found| (found.rule.into_owned(), found.message.zh)).collect()
}

#[test]
fn sentences_are_judged_by_their_tables() {
    let text = fs::read_to_string("tests/suite/prose/sentences.json").expect("reads");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("is JSON");
    let exporter = Exporter::new();
    let (mut wrong, mut reported, mut right, mut wanted_in_all) = (Vec::new(), 0, 0, 0);
    for case in &cases {
        let sentence = case["text"].as_str().expect("a text");
        let mut wanted: Vec<&str> =
            case["finds"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        wanted.sort_unstable();
        let found = findings(&exporter, json!([sentence]));
        let mut rules: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
        rules.sort_unstable();
        reported += rules.len();
        wanted_in_all += wanted.len();
        right += rules.len().min(wanted.len());
        if rules != wanted {
            wrong.push(format!("{sentence}\n  wanted {wanted:?}, found {found:#?}"));
        }
    }
    println!(
        "{} texts: {wanted_in_all} findings wanted, {reported} reported, {right} of them right",
        cases.len()
    );
    assert!(cases.len() >= 60, "too few sentences");
    assert!(wrong.is_empty(), "{} are judged wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

/// A sentence with its figures in brackets: the sentence, and what it becomes with each of them changed.
fn varied(line: &str) -> (String, Vec<String>) {
    let plain = |text: &str| text.replace(['[', ']'], "");
    let mut wrong = Vec::new();
    for (open, _) in line.match_indices('[') {
        let close = open + line[open..].find(']').expect("a figure ends");
        let figure = &line[open + 1..close];
        let other = match (figure.parse::<u64>(), figure.split_once('.')) {
            (Ok(value), _) => (value + if value < 10 { 1 } else { 11 }).to_string(),
            (Err(_), Some((whole, decimals))) => {
                format!("{}.{decimals}", whole.parse::<u64>().expect("a number") + 1)
            }
            // In words: another last digit.
            (Err(_), None) => {
                let mut characters: Vec<char> = figure.chars().collect();
                let last = characters.last_mut().expect("is not empty");
                *last = if *last == '九' { '八' } else { '九' };
                characters.into_iter().collect()
            }
        };
        wrong.push(format!("{}{other}{}", plain(&line[..open]), plain(&line[close..])));
    }
    (plain(line), wrong)
}

/// Measures the checks on a file of sentences: at most one finding in ten may be false, and nine of ten
/// contradictions have to be found.
#[track_caller]
fn measure(file: &str) {
    let text = fs::read_to_string(format!("tests/suite/prose/{file}")).expect("reads");
    let exporter = Exporter::new();
    let count = |sentence: &str| {
        let found = findings(&exporter, json!([sentence]));
        found.iter().filter(|(rule, _)| rule.starts_with("prose.")).count()
    };
    let (mut right, mut false_alarms, mut wrong, mut found) = (0, Vec::new(), 0, 0);
    let mut missed = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let contradictions = match line.strip_prefix('!') {
            Some(contradiction) => vec![contradiction.to_owned()],
            None => {
                let (sentence, contradictions) = varied(line);
                right += 1;
                if count(&sentence) > 0 {
                    false_alarms.push(sentence);
                }
                contradictions
            }
        };
        for contradiction in contradictions {
            wrong += 1;
            if count(&contradiction) > 0 { found += 1 } else { missed.push(contradiction) }
        }
    }
    println!(
        "{file}: {right} true sentences, {} with a false alarm; {found} of {wrong} contradictions found",
        false_alarms.len()
    );
    assert!(false_alarms.len() * 9 <= found, "false alarms:\n{}", false_alarms.join("\n"));
    assert!(found * 10 >= wrong * 9, "missed:\n{}", missed.join("\n"));
}

#[test]
fn sentences_that_the_checks_were_made_with_are_judged() {
    measure("worked-on.txt");
}

/// Their author is that of the checks, and saw the totals after each change, but not which sentences failed:
/// docs/*/checking.md states the result.
#[test]
fn sentences_held_out_are_judged() {
    measure("held-out.txt");
}

#[test]
fn warnings_of_prose_name_their_cells() {
    let text = fs::read("examples/qingzhen-2023.json").expect("reads");
    let checked =
        Exporter::new().check(&text, &Options::default(), &Beside::default(), &()).expect("is read");
    assert_eq!(report::texts(&checked.report, &BTreeMap::new()).len(), 13);
    let prose: Vec<_> = checked.findings.iter().filter(|found| found.rule == "prose.figure").collect();
    assert_eq!(prose.len(), 2, "{prose:#?}");
    assert!(prose[0].message.zh.contains("281件") && prose[0].message.zh.contains("是 291"), "{prose:#?}");
    assert!(prose[1].message.zh.contains("9件") && prose[1].message.zh.contains("不予处理"), "{prose:#?}");
    for found in prose {
        assert!(found.message.zh.contains("其中281件已办结，9件不予处理，2件为上年结转"), "{found:#?}");
        assert_eq!(found.pointer, "/sections/overview/2");
    }
    let cells: Vec<&str> = prose_cells(&checked.findings);
    assert!(cells.contains(&"/tables/requests/outcomes_total/6"), "{cells:?}");
    assert!(cells.contains(&"/tables/requests/unprocessed_petition/6"), "{cells:?}");
}

fn prose_cells(found: &[gongwen::Diagnostic]) -> Vec<&str> {
    let prose = found.iter().filter(|found| found.rule == "prose.figure");
    prose.flat_map(|found| found.related.iter().map(|cell| cell.pointer.as_str())).collect()
}

#[test]
fn references_are_printed_as_their_figures_and_are_right() {
    let found = findings(
        &Exporter::new(),
        json!([
            "收到依申请公开{{ tables.requests.outcomes_total.total }}件，办结{{ tables.requests.granted.total }}件。"
        ]),
    );
    assert_eq!(found, []);
    let found = findings(&Exporter::new(), json!(["{{ tables.requests.grantd.total }}件"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "reference.unknown");
}

#[test]
fn copied_years_periods_parts_and_late_dates_are_reported() {
    let text = fs::read_to_string("tests/suite/prose/report.json").expect("reads");
    let mut report: Value = serde_json::from_str(&text).expect("is JSON");
    report["title"] = json!("样例市自然资源和规划局2022年政府信息公开工作年度报告");
    report["preamble"] = json!([
        "本报告由总体情况，主动公开政府信息情况，收到和处理政府信息公开申请情况，行政复议、行政诉讼情况，存在的主要问题等六部分组成，数据统计期限自2023年1月1日至12月30日。"
    ]);
    report["sections"]["overview"] = json!(["2022年，我局做好政府信息公开（国办公开办函〔2019〕60号工作。"]);
    report["sections"]["other_matters"] = json!(["无。"]);
    report["signature"]["date"] = json!("2024-02-01");
    let bytes = serde_json::to_vec(&report).expect("writes");
    let checked =
        Exporter::new().check(&bytes, &Options::default(), &Beside::default(), &()).expect("is read");
    let mut rules: Vec<&str> = checked.findings.iter().map(|found| found.rule.as_ref()).collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            "date.deadline",
            "fees.statement",
            "structure.parts",
            "text.period",
            "text.superseded",
            "text.unbalanced",
            "text.year",
            "text.year"
        ]
    );
    let superseded = checked.findings.iter().find(|found| found.rule == "text.superseded").expect("is there");
    let hint = superseded.hint.as_ref().expect("a hint");
    assert!(hint.message.en.starts_with("write the text without"), "{hint:?}");
}
