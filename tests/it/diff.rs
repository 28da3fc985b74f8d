//! `gongwen diff`: what changed between two reports.

use serde_json::{Value, json};

use crate::command::{Ran, example, folder, gongwen};

fn qingzhen() -> Value {
    serde_json::from_str(&std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads"))
        .expect("JSON")
}

fn diff(new: &Value, arguments: &[&str]) -> Ran {
    let here = folder();
    std::fs::write(here.path().join("new.json"), new.to_string()).expect("writes");
    gongwen(here.path(), &[&["diff", &example("qingzhen-2023.json"), "new.json"], arguments].concat())
}

#[test]
fn equal_reports_have_no_differences() {
    assert_eq!(diff(&qingzhen(), &[]).ends(0).out, "没有不同\n");
    let mut other = qingzhen();
    // The same figures, written otherwise.
    other["tables"]["requests"]["granted"][6] = json!("auto");
    other["tables"]["proactive_disclosure"]["rules"] =
        json!({ "in_force": 0, "repealed": 0, "issued": "0.0" });
    let object = diff(&other, &["--json"]).ends(0).object();
    assert_eq!(object, json!({ "equal": true, "figures": [], "prose": [], "fields": [], "findings": [] }));
}

#[test]
fn changes_are_reported_by_label_paragraph_and_place() {
    let mut other = qingzhen();
    other["tables"]["requests"]["granted"][6] = json!(207);
    let old = other["sections"]["overview"][1].as_str().expect("a paragraph").to_owned();
    other["sections"]["overview"][1] = json!(old.replacen("主动公开方面", "主动公开工作方面", 1));
    other["sections"]["other_matters"].as_array_mut().expect("paragraphs").insert(1, json!("新增一段说明。"));
    other["signature"]["date"] = json!("2024-01-30");
    let ran = diff(&other, &[]).ends(0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ran.out);
    assert_eq!(lines[0], "requests （一）予以公开·总计：206 → 207");
    assert!(lines[1].starts_with("/sections/overview/1：（一）主动公开{+工作+}方面"), "{}", lines[1]);
    assert!(lines[1].chars().count() < 80, "what stayed is shortened: {}", lines[1]);
    assert_eq!(lines[2], "/sections/other_matters/1：{+新增一段说明。+}");
    assert_eq!(lines[3], "/signature/date：2024-01-31 → 2024-01-30");
    let object = diff(&other, &["--json"]).ends(0).object();
    assert_eq!(object["equal"], false);
    assert_eq!(
        object["figures"],
        json!([{ "table": "requests", "row": "granted", "column": "total", "label": "（一）予以公开·总计",
            "old": "206", "new": "207" }])
    );
    let pieces = object["prose"][0]["pieces"].as_array().expect("pieces");
    let text = |kinds: [&str; 2]| -> String {
        let kept = pieces.iter().filter(|piece| kinds.contains(&piece["kind"].as_str().expect("a kind")));
        kept.map(|piece| piece["text"].as_str().expect("text")).collect()
    };
    assert_eq!(text(["same", "deleted"]), old, "the old text can be put together again");
    assert_eq!(text(["same", "inserted"]), other["sections"]["overview"][1].as_str().expect("text"));
}

#[test]
fn numbers_in_prose_change_as_a_whole() {
    let mut other = qingzhen();
    let old = other["sections"]["other_matters"][1].as_str().expect("a paragraph").to_owned();
    other["sections"]["other_matters"][1] = json!(old.replacen("2023", "2024", 1));
    assert!(diff(&other, &[]).ends(0).out.contains("[-2023-]{+2024+}年新梳理"));
}

#[test]
fn unreadable_reports_are_reported() {
    let ran = diff(&json!({}), &[]).ends(1);
    assert!(ran.err.contains("new.json") && ran.err.contains("report.missing"), "{}", ran.err);
    gongwen(folder().path(), &["diff", "a.json", "b.json"]).ends(2);
}

#[test]
fn spans_are_compared_as_text_and_by_what_they_are_set_in() {
    let here = folder();
    let report = |text: Value| json!({ "format": 1, "layout": "general-document", "issuer": "某某市", "title": "题", "preamble": [text] });
    let write = |name: &str, text: Value| {
        std::fs::write(here.path().join(name), report(text).to_string()).expect("writes");
    };
    write("a.json", json!(["一是", { "text": "公开。", "strong": true }]));
    write("b.json", json!(["一是", { "text": "公布。", "face": "kai" }]));
    let found = gongwen(here.path(), &["diff", "a.json", "b.json", "--json"]).ends(0).object();
    assert_eq!(found["prose"].as_array().expect("a list").len(), 1, "{found}");
    let places: Vec<&str> = found["fields"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|field| field["pointer"].as_str())
        .collect();
    assert_eq!(places, ["/preamble/0/1/strong", "/preamble/0/1/face"], "{found}");
}
