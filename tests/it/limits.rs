//! Reports beyond the limits, and reports of nothing but mistakes.

use std::fs;

use serde_json::{Value, json};

use crate::command::{Ran, gongwen};

/// Checks a report with these members besides the usual ones.
fn check(members: Value, options: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let mut report = json!({ "format": 1, "layout": "general-document", "title": "题", "issuer": "甲局" });
    let all = report.as_object_mut().expect("an object");
    all.extend(members.as_object().expect("an object").clone());
    fs::write(folder.path().join("r.json"), report.to_string()).expect("writes");
    gongwen(folder.path(), &[&["check", "r.json", "--lang", "en", "--json"], options].concat())
}

fn rules(ran: Ran) -> Vec<(String, String)> {
    let object = ran.object();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = object["findings"].as_array().expect("a list").iter();
    found.map(|found| (text(&found["rule"]), text(&found["message_en"]))).collect()
}

#[test]
fn a_hundred_unknown_keys_are_told_and_the_others_counted() {
    let members: serde_json::Map<String, Value> = (0..5000).map(|at| (format!("k{at}"), json!(1))).collect();
    let found = rules(check(Value::Object(members), &[]).ends(1));
    assert_eq!(found.len(), 101);
    let rest = "4900 more of this kind (report.unknown-field) are not listed";
    assert!(found.iter().any(|(_, message)| message == rest), "{found:?}");
}

#[test]
fn a_report_beyond_a_limit_is_refused_by_the_name_of_the_limit() {
    let refused = |members: Value| rules(check(members, &[]).ends(1)).swap_remove(0);
    let (rule, message) = refused(json!({ "preamble": vec!["甲"; 50_001] }));
    assert_eq!((rule.as_str(), message.as_str()), ("report.limit", "there are more than 50000 paragraphs"));
    let (rule, message) = refused(json!({ "preamble": ["甲".repeat(500_001)] }));
    assert_eq!(
        (rule.as_str(), message.as_str()),
        ("report.limit", "the text is longer than 500000 characters")
    );
    let (rule, message) = refused(json!({ "year": 2023, "preamble": ["{{year}}".repeat(20_001)] }));
    assert_eq!((rule.as_str(), message.as_str()), ("report.limit", "there are more than 20000 references"));
    let (rule, message) = refused(json!({ "preamble": vec![1; 600_000] }));
    assert_eq!((rule.as_str(), message.as_str()), ("json.size", "the report has more than 600000 values"));
    let (rule, message) = refused(json!({ "k".repeat(2000): 1 }));
    assert_eq!(rule, "json.size", "{message}");
}

#[test]
fn large_limits_are_ten_times_the_usual_ones() {
    check(json!({ "preamble": ["甲".repeat(500_001)] }), &["--limits", "large"]).ends(0);
}
