//! Layouts of the user: used from a file and from a folder, and refused if they are invalid.
//!
//! `tests/suite/bad-layouts/NAME.toml` is the layout, `NAME.txt` the messages about it.

use std::fs;
use std::path::Path;

use crate::bad_input::compare;
use crate::command::{example, files, folder, gongwen, names, root};
use crate::readers;

const REPORT: &str = r#"{"format": 1, "layout": "small", "issuer": "某某市人民政府", "year": 2023,
    "tables": {"counts": {"applications": [12, 6858.05], "change": ["+3", "未增未减"]}}}"#;

fn small() -> String {
    root().join("tests/suite/layouts/small.toml").to_str().expect("UTF-8").to_owned()
}

fn layouts() -> String {
    root().join("tests/suite/layouts").to_str().expect("UTF-8").to_owned()
}

fn here() -> tempfile::TempDir {
    let here = folder();
    fs::write(here.path().join("a.json"), REPORT).expect("writes");
    here
}

#[test]
#[ignore = "asks poppler: scripts/test runs it"]
fn poppler_reads_what_a_layout_of_a_file_or_folder_made() {
    let here = here();
    let (file, folder) = (small(), layouts());
    let text = |arguments: &[&str]| {
        gongwen(here.path(), &[&["export", "a.json", "--format", "pdf"], arguments].concat()).ends(0);
        readers::pdf(&here.path().join("a.pdf"), true, false).text.into_iter().collect::<String>()
    };
    let wanted = "某某市人民政府2023年报表数据项目本年上年申请数量126858.05增减+3未增未减";
    assert_eq!(text(&["--layout", &file]), wanted);
    assert_eq!(text(&["--layouts", &folder]), wanted);
    assert_eq!(text(&["--layouts", &folder, "--layout", "small"]), wanted);
    let ran = gongwen(here.path(), &["export", "a.json"]).ends(1);
    assert!(ran.err.contains("report.layout"), "{}", ran.err);
}

#[test]
fn a_layout_can_replace_the_reports_own() {
    let here = folder();
    let ran = gongwen(here.path(), &["export", &example("every-block.json"), "--layout", &small()]).ends(1);
    assert!(ran.err.contains("report.sections"), "{}", ran.err);
}

#[test]
fn own_layouts_are_listed_and_have_a_schema() {
    let here = folder();
    let ran = gongwen(here.path(), &["layouts", "--layouts", &layouts(), "--json"]).ends(0);
    let listed = ran.object();
    let layouts = listed["layouts"].as_array().expect("a list");
    let own: Vec<_> = layouts.iter().filter(|layout| !layout["file"].is_null()).collect();
    let ids: Vec<_> = own.iter().filter_map(|layout| layout["id"].as_str()).collect();
    assert_eq!(ids, ["monthly-brief", "small"], "{listed}");
    assert!(own[1]["file"].as_str().is_some_and(|file| file.ends_with("small.toml")), "{listed}");
    let schema = gongwen(here.path(), &["schema", "--layout", &small()]).ends(0).document();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let report: serde_json::Value = serde_json::from_str(REPORT).expect("JSON");
    assert!(validator.is_valid(&report));
    let mut wrong = report;
    wrong["tables"]["counts"]["applications"] = serde_json::json!([1]);
    assert!(!validator.is_valid(&wrong));
}

/// A monthly brief with these rows in place of those of the same name.
fn brief(rows: &[(&str, &str, &str)]) -> String {
    let mut report = serde_json::json!({
        "format": 1, "layout": "monthly-brief", "issuer": "样例市数据局", "year": 2024,
        "sections": { "handled": ["本月共办件301件。"], "fees": ["本月收费301.0万元。"] },
        "tables": {
            "handled": {
                "windows": [900, 100, 1, "auto"], "online": [1900, 201, 0, "auto"],
                "total": ["auto", "auto", "auto", "auto"]
            },
            "fees": {
                "certificates": ["100.5", "900.5", "3.25"], "other": ["200.5", "1800.25", "-1.5"],
                "total": ["auto", "auto", "1.2"]
            }
        },
        "signature": { "date": "2024-03-05" }
    });
    for (table, row, cells) in rows {
        report["tables"][table][row] = serde_json::from_str(cells).expect("JSON");
    }
    report.to_string()
}

fn check_brief(rows: &[(&str, &str, &str)], arguments: &[&str]) -> serde_json::Value {
    let here = folder();
    fs::write(here.path().join("a.json"), brief(rows)).expect("writes");
    let last = brief(&[("handled", "total", r#"[0, 2799, 0, 2799]"#)]).replace("2024", "2023");
    fs::write(here.path().join("last.json"), last).expect("writes");
    let layouts = layouts();
    gongwen(here.path(), &[&["check", "a.json", "--layouts", &layouts, "--json"], arguments].concat())
        .object()
}

/// The rules and labels of the findings.
fn found(result: &serde_json::Value) -> Vec<String> {
    let findings = result["findings"].as_array().expect("findings");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings.iter().map(|finding| format!("{} {}", text(&finding["rule"]), text(&finding["label"]))).collect()
}

#[test]
fn rates_are_left_out_of_sums_and_decimals_are_kept() {
    let result = check_brief(&[], &[]);
    assert_eq!(found(&result), [""; 0]);
    let computed = &result["computed"];
    assert_eq!(computed["/tables/fees/total/0"], "301.0", "100.5 + 200.5");
    assert_eq!(computed["/tables/fees/total/1"], "2700.75");
    assert_eq!(computed["/tables/fees/total/2"], serde_json::Value::Null, "a rate is no sum");
    assert_eq!(computed["/tables/handled/windows/3"], "999");
    assert_eq!(computed["/tables/handled/total/3"], "3100");
    let rate = check_brief(&[("fees", "total", r#"["auto", "auto", "auto"]"#)], &[]);
    assert_eq!(found(&rate), ["figure.auto 合计·同比增长（%）"], "nothing determines it");
}

#[test]
fn identities_of_a_layout_of_ones_own_hold() {
    let wrong = check_brief(&[("fees", "total", r#"["301.1", "auto", "1.2"]"#)], &[]);
    assert_eq!(wrong["errors"], 1);
    assert_eq!(wrong["findings"][0]["rule"], "fees.total");
    let less = check_brief(&[("fees", "certificates", r#"["100.5", "90.5", "3.25"]"#)], &[]);
    assert!(found(&less).iter().any(|found| found.starts_with("fees.so-far")), "{less:#}");
    let withdrawn = check_brief(&[("handled", "windows", r#"[900, 100, 1, 1000]"#)], &[]);
    assert!(found(&withdrawn).iter().any(|found| found.starts_with("handled.so-far")), "{withdrawn:#}");
    let decimal = check_brief(&[("handled", "windows", r#"[900, 100.5, 1, "auto"]"#)], &[]);
    assert!(found(&decimal).iter().any(|found| found.starts_with("figure.count")), "{decimal:#}");
    let last = check_brief(&[], &["--previous", "last.json"]);
    assert!(found(&last).iter().any(|found| found.starts_with("handled.carried")), "{last:#}");
    // The difference of one is explained, by the column or by its number; one of two is not.
    let here = folder();
    let explained = |figure: &str, amount: u8| {
        let mut report: serde_json::Value = serde_json::from_str(&brief(&[])).expect("JSON");
        report["adjustments"] =
            serde_json::json!([{ "figure": figure, "amount": amount, "reason": "上期漏计1件" }]);
        fs::write(here.path().join("a.json"), report.to_string()).expect("writes");
        let last = brief(&[("handled", "total", "[0, 2799, 0, 2799]")]).replace("2024", "2023");
        fs::write(here.path().join("last.json"), last).expect("writes");
        let arguments = ["check", "a.json", "--layouts", &layouts(), "--json", "--previous", "last.json"];
        found(&gongwen(here.path(), &arguments).object()).is_empty()
    };
    assert!(explained("/tables/handled/total/before", 1) && explained("/tables/handled/total/0", 1));
    let mut report: serde_json::Value = serde_json::from_str(&brief(&[])).expect("JSON");
    report["adjustments"] = serde_json::json!([
        { "figure": "/tables/handled/total/before", "amount": 1, "reason": "上期漏计1件" },
        { "figure": "/tables/handled/total/befor", "amount": 1, "reason": "上期漏计1件" }
    ]);
    fs::write(here.path().join("b.json"), report.to_string()).expect("writes");
    let unknown =
        gongwen(here.path(), &["check", "b.json", "--layouts", &layouts(), "--json"]).ends(0).object();
    assert_eq!(found(&unknown), ["report.adjustment "]);
    assert_eq!(unknown["findings"][0]["pointer"], "/adjustments/1/figure");
    assert!(!explained("/tables/handled/total/before", 2) && !explained("/tables/handled/total/month", 1));
}

#[test]
fn a_layout_that_is_not_there_is_wrong_use() {
    let here = here();
    for arguments in [["--layout", "none.toml"], ["--layouts", "none"]] {
        let ran = gongwen(here.path(), &[&["export", "a.json"][..], &arguments].concat()).ends(2);
        assert!(ran.err.contains("none"), "{}", ran.err);
    }
    let ran = gongwen(here.path(), &["schema", "--layout", "none"]).ends(2);
    assert!(ran.err.contains("none"), "{}", ran.err);
    assert_eq!(names(here.path()), ["a.json"]);
}

#[test]
fn a_base_is_no_layout() {
    let here = folder();
    fs::write(here.path().join("a.json"), REPORT.replace("small", "base-gbt9704")).expect("writes");
    let ran = gongwen(here.path(), &["export", "a.json", "--lang", "en"]).ends(1);
    assert!(ran.err.contains("there is no layout \"base-gbt9704\" (there are"), "{}", ran.err);
    assert!(!ran.err.contains(" base-"), "{}", ran.err);
}

#[track_caller]
fn check(case: &Path) {
    let here = here();
    let bad = case.parent().expect("it is in a folder");
    let name = case.file_name().and_then(|name| name.to_str()).expect("UTF-8");
    let report = here.path().join("a.json");
    let (report, out) = (report.to_str().expect("UTF-8"), here.path().to_str().expect("UTF-8"));
    let export =
        |lang: &str| gongwen(bad, &["export", report, "-o", out, "--layout", name, "--lang", lang]).ends(2);
    let (chinese, english) = (export("zh"), export("en"));
    assert_eq!(names(here.path()), ["a.json"], "{name}: nothing is written");
    assert!(chinese.err.contains(name) && english.err.contains(name), "{name} is named: {}", chinese.err);
    compare(case, &format!("exit 2\n\n{}\n{}", chinese.err, english.err));
}

#[test]
fn unsound_layouts_are_reported() {
    let folder = root().join("tests/suite/bad-layouts");
    let cases = files(&folder, ".toml");
    assert!(cases.len() > 25, "the cases are there");
    cases.iter().for_each(|case| check(case));
    assert_eq!(files(&folder, ".txt").len(), cases.len(), "a text without its layout is left over");
}
