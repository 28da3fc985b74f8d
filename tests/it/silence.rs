//! What a report silences, and errors that are allowed: neither leaves without a trace.

use std::fs;

use gongwen::{Limits, extract};
use serde_json::{Value, json};

use crate::command::{example, folder, gongwen};

const RULE: &str = "litigation.total";

/// The example with two figures that do not add up, and these exceptions.
fn report(silence: &Value) -> String {
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    report["tables"]["litigation"]["reconsideration"] = json!([1, 0, 0, 0, 2]);
    report["silence"] = silence.clone();
    report.to_string()
}

fn accepted() -> Value {
    json!([{ "rule": RULE, "place": "/tables/litigation", "reason": "一件并案审理" }])
}

fn manifest(file: &[u8]) -> Value {
    let source = extract(file, &Limits::default()).expect("carries a report");
    serde_json::from_slice(&source.manifest).expect("JSON")
}

#[test]
fn what_is_silenced_is_told_by_every_command_and_kept_in_the_file() {
    let folder = folder();
    let write = |name: &str| fs::write(folder.path().join(name), report(&accepted())).expect("writes");
    write("r.json");
    let run = |arguments: &[&str]| gongwen(folder.path(), arguments).ends(0);
    let text = run(&["export", "r.json", "--embed-source", "--lang", "en"]).err;
    assert!(text.contains("silenced[litigation.total]") && text.contains("一件并案审理"), "{text}");
    let object = run(&["export", "r.json", "--embed-source", "--json"]).object();
    assert_eq!(object["silenced"][0]["reason"], "一件并案审理");
    for ending in ["pdf", "docx"] {
        let manifest = manifest(&fs::read(folder.path().join(format!("r.{ending}"))).expect("reads"));
        let one = json!({ "rule": RULE, "place": "/tables/litigation/reconsideration/4", "reason": "一件并案审理" });
        assert_eq!(manifest["silenced"], json!([one]));
        assert_eq!(manifest["allowed_errors"], Value::Null);
    }
    for status in ["ok", "skipped"] {
        let line = run(&["batch", "r.json", "-o", "out", "--resume", "-q"]).object();
        assert_eq!((line["status"].as_str(), &line["silenced"][0]["rule"]), (Some(status), &json!(RULE)));
    }
}

#[test]
fn allowed_errors_are_in_the_manifest_and_are_told_again_when_skipped() {
    let folder = folder();
    fs::write(folder.path().join("r.json"), report(&json!([]))).expect("writes");
    let batch = ["batch", "r.json", "-o", "out", "--resume", "--allow-errors", "--embed-source", "-q"];
    let rules = |line: Value| -> Vec<String> {
        let found = line["findings"].as_array().expect("a list").clone();
        found.iter().map(|found| found["rule"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let first = rules(gongwen(folder.path(), &batch).ends(0).object());
    assert!(first.iter().any(|rule| rule == RULE), "{first:?}");
    assert_eq!(rules(gongwen(folder.path(), &batch).ends(0).object()), first);
    let manifest = manifest(&fs::read(folder.path().join("out/r.pdf")).expect("reads"));
    assert_eq!(manifest["allowed_errors"][0]["rule"], RULE);
}

#[test]
fn a_silence_needs_a_place_and_a_reason_that_can_be_seen() {
    let folder = folder();
    let refused = |entry: Value| {
        fs::write(folder.path().join("r.json"), report(&json!([entry]))).expect("writes");
        let object = gongwen(folder.path(), &["check", "r.json", "--json"]).ends(1).object();
        let found = object["findings"].as_array().expect("a list").iter();
        found.map(|found| found["rule"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(refused(json!({ "rule": RULE, "reason": "一件并案审理" })), ["report.missing"]);
    for reason in ["", " ", "　", "\u{200b}", "\u{3164}", "\u{2800}", "\u{202e}"] {
        let entry = json!({ "rule": RULE, "place": "/tables", "reason": reason });
        assert_eq!(refused(entry), ["report.empty"], "{reason:?}");
    }
    // The place of the whole report does not silence what is in it.
    let whole = json!({ "rule": RULE, "place": "", "reason": "一件并案审理" });
    assert!(refused(whole).iter().any(|rule| rule == RULE));
}
