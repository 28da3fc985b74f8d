//! `gongwen fix`: what it shows, what it writes, and what it leaves alone.

use std::fs;

use gongwen::fix;
use serde_json::Value;

use crate::command::{gongwen, gongwen_reading};
use crate::generate;

const REPORT: &str = r#"{
  "format": 1, "layout": "notice", "issuer": "甲局", "title": "通知",
  "preamble": ["2023年,公开(含6,858.05万元)信息。。", "电话：0851-82514600,网址http://a.cn/x?a=1,2"],
  "metadata": { "document_number": "样府[2023]1号" }
}
"#;

#[test]
fn fix_shows_a_diff_and_writes_only_when_asked() {
    let here = tempfile::tempdir().expect("a folder");
    let path = here.path().join("a.json");
    fs::write(&path, REPORT).expect("writes");
    let ran = gongwen(here.path(), &["fix", "a.json"]).ends(0);
    assert!(
        ran.out.contains("\n-  \"preamble\": [\"2023年,公开")
            && ran.out.contains("\n+  \"preamble\": [\"2023年，公开（含6,858.05万元）信息。\""),
        "{ran:#?}"
    );
    assert_eq!(fs::read_to_string(&path).expect("reads"), REPORT);
    gongwen(here.path(), &["fix", "a.json", "--write"]).ends(0);
    let wanted = REPORT
        .replace("82514600,网址", "82514600，网址")
        .replace("2023年,公开(含6,858.05万元)信息。。", "2023年，公开（含6,858.05万元）信息。");
    assert_eq!(fs::read_to_string(&path).expect("reads"), wanted);
    let again = gongwen(here.path(), &["fix", "a.json", "--write"]).ends(0);
    assert_eq!(again.out, "");
    let piped = gongwen_reading(here.path(), &["fix", "-"], REPORT.as_bytes()).ends(0);
    assert_eq!(piped.out.lines().skip(2).collect::<Vec<_>>(), ran.out.lines().skip(2).collect::<Vec<_>>());
    gongwen_reading(here.path(), &["fix", "-", "--write"], REPORT.as_bytes()).ends(2);
    gongwen_reading(here.path(), &["fix", "-"], b"{").ends(1);
}

#[test]
fn fix_is_done_at_once_and_changes_no_figure() {
    let mut reports: Vec<String> =
        (0..generate::REPORTS).map(|seed| generate::report(seed).to_string()).collect();
    for entry in fs::read_dir("examples").expect("lists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            reports.push(fs::read_to_string(path).expect("reads"));
        }
    }
    for report in reports {
        // The same text as a web copy has it.
        let copied = report.replace('，', ",").replace('（', "(").replace('）', ")").replace('。', "。。");
        for text in [report, copied] {
            let once = fix(text.as_bytes(), &gongwen::Limits::default()).expect("reads");
            let twice = fix(once.after.as_bytes(), &gongwen::Limits::default()).expect("reads");
            assert_eq!(twice.count, 0, "{}", twice.after);
            let (before, after): (Value, Value) = (
                serde_json::from_str(&once.before).expect("JSON"),
                serde_json::from_str(&once.after).expect("JSON"),
            );
            assert_eq!(before["tables"], after["tables"]);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(digits(&once.before), digits(&once.after));
        }
    }
}
