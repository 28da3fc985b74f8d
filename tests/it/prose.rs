//! Sentences as reports have them, true and false, beside tables that are known (tests/suite/prose).

use std::collections::BTreeMap;
use std::fs;

use gongwen::report;
use gongwen::{Beside, Exporter, Options};
use serde_json::{Value, json};

/// What is said of a paragraph that stands in the report of tests/suite/prose.
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
fn sentences_are_judged_as_their_tables_say() {
    let text = fs::read_to_string("tests/suite/prose/sentences.json").expect("reads");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("is JSON");
    let exporter = Exporter::new();
    let (mut wrong, mut told, mut right, mut wanted_in_all) = (Vec::new(), 0, 0, 0);
    for case in &cases {
        let sentence = case["text"].as_str().expect("a text");
        let mut wanted: Vec<&str> =
            case["finds"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        wanted.sort_unstable();
        let found = findings(&exporter, json!([sentence]));
        let mut rules: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
        rules.sort_unstable();
        told += rules.len();
        wanted_in_all += wanted.len();
        right += rules.len().min(wanted.len());
        if rules != wanted {
            wrong.push(format!("{sentence}\n  wanted {wanted:?}, found {found:#?}"));
        }
    }
    println!("{} texts: {wanted_in_all} findings wanted, {told} told, {right} of them right", cases.len());
    assert!(cases.len() >= 60, "too few sentences");
    assert!(wrong.is_empty(), "{} are judged wrongly:\n{}", wrong.len(), wrong.join("\n"));
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
    prose.flat_map(|found| found.cells.iter().map(|cell| cell.pointer.as_str())).collect()
}
