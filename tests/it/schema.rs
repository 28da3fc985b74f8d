//! docs/schema/ is what the program prints, and an independent validator agrees with the program.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::command::{example, files, folder, gongwen, root};
use crate::generate;

/// The ids of the layouts that ship.
fn layouts() -> Vec<String> {
    let here = folder();
    let listed = gongwen(here.path(), &["layouts", "--json"]).ends(0).object();
    let layouts = listed["layouts"].as_array().expect("a list");
    layouts.iter().map(|layout| layout["id"].as_str().expect("an id").to_owned()).collect()
}

fn kept(layout: &str) -> PathBuf {
    root().join("docs/schema").join(layout).with_extension("json")
}

fn schema(layout: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(kept(layout)).expect("docs/schema has the layout");
    jsonschema::validator_for(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

#[test]
fn kept_schemas_are_those_that_the_program_prints() {
    let here = folder();
    for layout in layouts() {
        let printed = gongwen(here.path(), &["schema", "--layout", &layout]).ends(0).out;
        let kept = std::fs::read_to_string(kept(&layout)).unwrap_or_default();
        assert!(
            printed == kept,
            "docs/schema/{layout}.json is out of date; scripts/update-expected writes it anew"
        );
    }
    let schemas = files(&root().join("docs/schema"), ".json").len();
    assert_eq!(schemas, layouts().len(), "one file a layout in docs/schema");
}

#[test]
fn examples_and_made_reports_are_valid() {
    let mut reports: Vec<(String, Value)> = Vec::new();
    for path in files(&root().join("examples"), ".json") {
        let text = std::fs::read_to_string(&path).expect("reads");
        reports.push((path.display().to_string(), serde_json::from_str(&text).expect("JSON")));
    }
    reports.extend((0..generate::REPORTS).map(|seed| (format!("report {seed}"), generate::report(seed))));
    for layout in layouts() {
        let schema = schema(&layout);
        let of_layout: Vec<_> = reports.iter().filter(|(_, report)| report["layout"] == layout).collect();
        assert!(!of_layout.is_empty(), "there is a report of {layout}");
        for (name, report) in of_layout {
            let errors: Vec<String> = schema.iter_errors(report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }
}

/// The example with the value at `pointer` replaced, or taken away.
fn broken(pointer: &str, value: Option<Value>) -> Value {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = report.pointer_mut(parent).expect("it is there").as_object_mut().expect("an object");
    match value {
        Some(value) => parent.insert(key.to_owned(), value),
        None => parent.remove(key),
    };
    report
}

#[test]
fn what_the_program_refuses_is_not_valid() {
    let schema = schema("disclosure-annual-report-2021");
    let here = folder();
    for (pointer, value) in [
        ("/format", Some(json!(2))),
        ("/issuer", None),
        ("/isuer", Some(json!("甲"))),
        ("/year", None),
        ("/year", Some(json!("2023"))),
        ("/tables", None),
        ("/tables/requests", None),
        ("/tables/requests/granted", None),
        ("/tables/requests/granted", Some(json!([1, 2, 3, 4, 5, 6]))),
        ("/tables/requests/granted", Some(json!([1, 2, 3, 4, 5, 6, 7, 8]))),
        ("/tables/requests/granted", Some(json!({ "total": 1 }))),
        ("/tables/requests/grantd", Some(json!([1, 2, 3, 4, 5, 6, 7]))),
        ("/tables/requests/granted", Some(json!([true, 2, 3, 4, 5, 6, 7]))),
        ("/tables/request", Some(json!({}))),
        ("/sections/overwiew", Some(json!(["正文"]))),
        ("/sections/overview", Some(json!("正文"))),
        ("/preamble", Some(json!([{ "hedding": "一" }]))),
        ("/preamble", Some(json!([{ "image": "a.png" }]))),
        ("/signature", Some(json!({ "seal": "reserved" }))),
    ] {
        let report = broken(pointer, value);
        assert!(!schema.is_valid(&report), "{pointer} = {:?} is valid", report.pointer(pointer));
        std::fs::write(here.path().join("a.json"), report.to_string()).expect("writes");
        gongwen(here.path(), &["export", "a.json"]).ends(1);
    }
    let intact = broken("/metadata", Some(json!({})));
    assert!(schema.is_valid(&intact), "the example itself is valid");
}

#[test]
fn figures_of_a_workbook_are_not_required_in_the_report() {
    let schema = schema("disclosure-annual-report-2021");
    for (pointer, value) in [
        ("/tables", None),
        ("/tables/requests", None),
        ("/tables/requests/granted", None),
        ("/tables/requests/granted", Some(json!({ "total": 1 }))),
    ] {
        let mut report = broken(pointer, value);
        assert!(!schema.is_valid(&report), "{pointer} is required without a workbook");
        report["figures"] = json!("figures.xlsx");
        assert!(schema.is_valid(&report), "{pointer} may come from a workbook");
    }
    let mut short = broken("/tables/requests/granted", Some(json!([1])));
    short["figures"] = json!("figures.xlsx");
    assert!(!schema.is_valid(&short), "a list has every cell in any case");
}
