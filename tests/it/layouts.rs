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
        readers::pdf(&here.path().join("a.pdf"), true).text.into_iter().collect::<String>()
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
    assert_eq!(own.len(), 1, "{listed}");
    assert_eq!(own[0]["id"], "small");
    assert!(own[0]["file"].as_str().is_some_and(|file| file.ends_with("small.toml")), "{listed}");
    let schema = gongwen(here.path(), &["schema", "--layout", &small()]).ends(0).document();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let report: serde_json::Value = serde_json::from_str(REPORT).expect("JSON");
    assert!(validator.is_valid(&report));
    let mut wrong = report;
    wrong["tables"]["counts"]["applications"] = serde_json::json!([1]);
    assert!(!validator.is_valid(&wrong));
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
