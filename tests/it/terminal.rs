//! What a terminal obeys: nothing of it reaches one from a report, a file name or a layout.

use std::fs;

use serde_json::{Value, json};

use crate::command::{Ran, folder, gongwen};

/// A colour, the end of a line with what looks like another message, and a turn of direction.
const HOSTILE: &str = "甲\u{1b}[31m\nr.json: error[x]: 乙\u{9b}31m\u{202e}丙\u{2028}丁";

fn is_clean(text: &str) -> bool {
    let is_obeyed = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200f}')
    };
    !text.contains(is_obeyed) && !text.lines().any(|line| line.starts_with("r.json: error[x]"))
}

#[track_caller]
fn assert_clean(ran: &Ran) {
    assert!(is_clean(&ran.out) && is_clean(&ran.err), "{ran:#?}");
}

fn report() -> Value {
    json!({ "format": 1, "layout": "general-document", "title": "题", "issuer": "甲局", "preamble": ["文。"] })
}

#[test]
fn text_of_a_report_is_shown_escaped() {
    let folder = folder();
    let check = |report: Value| {
        fs::write(folder.path().join("r.json"), report.to_string()).expect("writes");
        for arguments in [&["check", "r.json"][..], &["check", "r.json", "--json"], &["export", "r.json"]] {
            assert_clean(&gongwen(folder.path(), &[arguments, &["--lang", "en"]].concat()));
        }
    };
    let with = |key: &str, value: Value| {
        let mut report = report();
        report[key] = value;
        report
    };
    check(with(HOSTILE, json!(1)));
    check(with("layout", json!(HOSTILE)));
    check(with("preamble", json!([HOSTILE, { "image": HOSTILE, "alt": "图" }])));
    check(with("preamble", json!([format!("{{{{ {HOSTILE} }}}}")])));
    check(with("silence", json!([{ "rule": HOSTILE, "place": HOSTILE, "reason": HOSTILE }])));
}

#[cfg(unix)]
#[test]
fn names_of_files_are_shown_escaped() {
    let folder = folder();
    let name = "甲\u{1b}[31m\nr.json: error[x]: 乙\u{202e}.json";
    assert_clean(&gongwen(folder.path(), &["check", name]).ends(2));
    assert_clean(&gongwen(folder.path(), &["verify", name]).ends(2));
    fs::write(folder.path().join(name), report().to_string()).expect("writes");
    assert_clean(&gongwen(folder.path(), &["check", name]).ends(0));
    assert_clean(&gongwen(folder.path(), &["export", name]).ends(0));
}

#[test]
fn layouts_are_listed_escaped() {
    let folder = folder();
    let text = "format = 1\nextends = \"general-document\"\nid = \"own\"\nname = \"甲\\u001b[31m\\nr.json: error[x]: 乙\\u202e\"\n";
    fs::write(folder.path().join("own.toml"), text).expect("writes");
    for arguments in [&["layouts", "--layouts", "."][..], &["layouts", "--layouts", ".", "--json"]] {
        assert_clean(&gongwen(folder.path(), arguments));
    }
}

#[test]
fn names_by_template_hold_nothing_that_is_obeyed_and_never_meet() {
    let folder = folder();
    let write = |name: &str, title: &str| {
        let mut report = report();
        report["title"] = json!(title);
        fs::write(folder.path().join(name), report.to_string()).expect("writes");
    };
    write("a.json", "É甲");
    write("b.json", "e\u{301}甲");
    let arguments = ["batch", "a.json", "b.json", "-o", "out", "--name", "{title}", "-q", "--lang", "en"];
    let ran = gongwen(folder.path(), &arguments).ends(1);
    assert!(ran.out.contains("has the name of report 1"), "{ran:?}");
}
