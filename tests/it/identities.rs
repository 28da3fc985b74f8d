//! Figures that do not add up: reported with the cell that is likely wrong, and computed where none was
//! given.

use gongwen::Severity;
use gongwen::{Beside, Checked, Exporter, Gate, Options};
use serde_json::{Value, json};

use crate::command::{example, folder, gongwen, root};

fn qingzhen() -> Value {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    serde_json::from_str(&text).expect("JSON")
}

fn check(exporter: &Exporter, report: &Value, previous: Option<&Value>) -> Checked {
    let previous = previous.map(Value::to_string);
    let beside = Beside { previous: previous.as_deref().map(str::as_bytes), ..Beside::default() };
    exporter
        .check(report.to_string().as_bytes(), &Options::default(), &beside, &())
        .unwrap_or_else(|rejected| panic!("{rejected}"))
}

/// The errors: rule and place.
fn errors(checked: &Checked) -> Vec<(&str, &str)> {
    let reported = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
    reported.map(|finding| (&*finding.rule, finding.pointer.as_str())).collect()
}

#[test]
fn published_tables_that_add_up_pass() {
    assert_eq!(errors(&check(&Exporter::new(), &qingzhen(), None)), []);
}

/// Every one of the 190 figures of the two tables of counts, changed to ten other values.
#[test]
fn any_wrong_figure_is_an_error_that_names_it() {
    let exporter = Exporter::new();
    let right = qingzhen();
    let mut cells = 0;
    for table in ["requests", "litigation"] {
        for (row, figures) in right["tables"][table].as_object().expect("rows") {
            for (column, figure) in figures.as_array().expect("figures").iter().enumerate() {
                cells += 1;
                let place = format!("/tables/{table}/{row}/{column}");
                let value = figure.as_u64().expect("a count");
                let others = [
                    json!(value + 1),
                    json!(value + 7),
                    json!(value * 10 + 3),
                    json!(99_999_999),
                    json!(value.saturating_sub(1)),
                    json!(0),
                    json!(format!("{}.5", value)),
                    json!(""),
                    json!("/"),
                    json!(value / 2),
                ];
                for other in others {
                    if other.as_u64().unwrap_or(if other.is_string() { u64::MAX } else { 0 }) == value
                        || (value == 0 && (other == json!("/") || other == json!("")))
                    {
                        continue;
                    }
                    let mut wrong = right.clone();
                    *wrong.pointer_mut(&place).expect("the cell") = other.clone();
                    let checked = check(&exporter, &wrong, None);
                    let reported = checked.findings.iter().filter(|f| f.severity == Severity::Error);
                    let named = reported.clone().any(|finding| {
                        finding.related.iter().any(|cell| cell.suspect && cell.pointer == place)
                            || (finding.pointer == place && finding.rule == "figure.count")
                    });
                    assert!(named, "{place}: {figure} changed to {other}: {:?}", errors(&checked));
                }
            }
        }
    }
    assert_eq!(cells, 25 * 7 + 15);
}

#[test]
fn hint_names_the_figure_that_would_correct_everything() {
    let mut report = qingzhen();
    report["tables"]["requests"]["granted"][0] = json!(204);
    let checked = check(&Exporter::new(), &report, None);
    assert_eq!(
        errors(&checked),
        [
            ("requests.outcomes", "/tables/requests/granted/0"),
            ("requests.row-total", "/tables/requests/granted/0")
        ]
    );
    for finding in checked.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        let hint = finding.hint.as_ref().expect("a hint");
        assert!(
            hint.message.zh.contains("（一）予以公开·自然人") && hint.message.zh.contains("203"),
            "{}",
            hint.message.zh
        );
        assert_eq!(finding.related.iter().filter(|cell| cell.suspect).count(), 1);
        assert!(finding.message.zh.contains("差 1"), "{}", finding.message.zh);
    }
}

#[test]
fn auto_figures_are_computed_where_an_identity_determines_them() {
    let right = qingzhen();
    let mut report = right.clone();
    for row in report["tables"]["requests"].as_object_mut().expect("rows").values_mut() {
        row[6] = json!("auto");
    }
    for column in 0..7 {
        report["tables"]["requests"]["outcomes_total"][column] = json!("auto");
        report["tables"]["requests"]["carried_forward_to_next_year"][column] = json!("auto");
    }
    report["tables"]["litigation"]["reconsideration"][4] = json!("auto");
    let checked = check(&Exporter::new(), &report, None);
    assert_eq!(errors(&checked), []);
    assert_eq!(checked.computed.len(), 25 + 12 + 1);
    for (place, value) in &checked.computed {
        assert_eq!(*value, right.pointer(place).expect("the cell").to_string(), "{place}");
    }
}

#[test]
fn auto_figure_that_nothing_determines_is_an_error() {
    let mut report = qingzhen();
    report["tables"]["proactive_disclosure"]["rules"][0] = json!("auto");
    // One unknown too many in its row and its column.
    report["tables"]["requests"]["granted"][0] = json!("auto");
    report["tables"]["requests"]["granted"][1] = json!("auto");
    report["tables"]["requests"]["partially_granted"][0] = json!("auto");
    report["tables"]["requests"]["partially_granted"][1] = json!("auto");
    let checked = check(&Exporter::new(), &report, None);
    let places: Vec<&str> = errors(&checked)
        .into_iter()
        .map(|(rule, place)| {
            assert_eq!(rule, "figure.auto");
            place
        })
        .collect();
    assert_eq!(places.len(), 5, "{places:?}");
}

#[test]
fn auto_figure_that_would_be_negative_is_an_error() {
    let mut report = qingzhen();
    report["tables"]["litigation"]["reconsideration"] = json!(["auto", 1, 0, 0, 0]);
    let checked = check(&Exporter::new(), &report, None);
    let at = "/tables/litigation/reconsideration/0";
    let at_place: Vec<_> = errors(&checked).into_iter().filter(|(_, place)| *place == at).collect();
    assert_eq!(at_place, [("figure.auto", at)]);
    let finding = checked.findings.iter().find(|finding| finding.pointer == at).expect("is reported");
    assert!(finding.message.zh.contains("负数：-1"), "{}", finding.message.zh);
}

#[test]
fn last_year_is_carried_over() {
    let exporter = Exporter::new();
    let report = qingzhen();
    let mut previous = qingzhen();
    previous["year"] = json!(2022);
    previous["tables"]["requests"]["carried_forward_to_next_year"] = json!([2, 0, 0, 0, 0, 0, 2]);
    previous["tables"]["requests"]["outcomes_total"] = json!("kept below");
    let totals = json!([286, 4, 0, 0, 0, 0, 290]);
    previous["tables"]["requests"]["outcomes_total"] = totals;
    previous["tables"]["proactive_disclosure"]["normative_documents"] = json!([9, 1, 60]);
    let found = check(&exporter, &report, Some(&previous));
    assert_eq!(errors(&found), []);
    // 60 + 6 − 4 = 62, and the report has 64: two were found again.
    let soft: Vec<_> = found.findings.iter().filter(|f| f.rule == "previous.in-force").collect();
    assert_eq!(soft.len(), 1);
    assert!(soft[0].message.zh.contains("差 2"), "{}", soft[0].message.zh);
    let mut explained = report.clone();
    explained["adjustments"] = json!([{
        "figure": "/tables/proactive_disclosure/normative_documents/2", "amount": 2,
        "reason": "新梳理出2件往年制发的行政规范性文件"
    }]);
    let found = check(&exporter, &explained, Some(&previous));
    assert!(found.findings.iter().all(|f| f.rule != "previous.in-force"), "{:?}", found.findings);
    previous["tables"]["requests"]["carried_forward_to_next_year"] = json!([3, 0, 0, 0, 0, 0, 3]);
    let found = check(&exporter, &report, Some(&previous));
    let rules: Vec<&str> = errors(&found).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["previous.carried-over", "previous.carried-over"]);
}

#[test]
fn findings_can_be_silenced_with_a_reason() {
    let mut report = qingzhen();
    report["tables"]["litigation"]["reconsideration"] = json!([1, 0, 0, 0, 2]);
    report["silence"] = json!([{
        "rule": "litigation.total", "place": "/tables/litigation/reconsideration", "reason": "一件并案审理"
    }]);
    let checked = check(&Exporter::new(), &report, None);
    assert_eq!(errors(&checked), []);
    let reasons: Vec<&str> = checked.silenced.iter().map(|silenced| silenced.reason.as_str()).collect();
    assert_eq!(reasons, ["一件并案审理"]);
}

/// The report of 2019 as it was published: blank totals, and what contradicts itself.
/// Changes every cell of the three tables to a text that is no figure, and back: all of them are reported in the same way.
#[test]
fn every_cell_is_understood_or_an_error() {
    let exporter = Exporter::new();
    let right = qingzhen();
    let cells: Vec<String> = right["tables"]
        .as_object()
        .expect("tables")
        .iter()
        .flat_map(|(table, rows)| {
            rows.as_object().expect("rows").iter().flat_map(move |(row, cells)| {
                (0..cells.as_array().expect("cells").len())
                    .map(move |at| format!("/tables/{table}/{row}/{at}"))
            })
        })
        .collect();
    assert_eq!(cells.len(), 10 + 25 * 7 + 15);
    for (text, rule, severity) in [
        (json!("１２"), "figure.full-width", Severity::Error),
        (json!("3件"), "figure.text", Severity::Error),
        (json!("12.5万元"), "figure.text", Severity::Error),
        (json!("1,2 34"), "figure.grouped", Severity::Error),
        (json!(null), "figure.open", Severity::Warning),
        (json!(""), "figure.empty", Severity::Warning),
        (json!("/"), "figure.mark", Severity::Warning),
        (json!("-"), "figure.mark", Severity::Warning),
        (json!("—"), "figure.mark", Severity::Warning),
        (json!("无"), "figure.mark", Severity::Warning),
    ] {
        let mut report = right.clone();
        for place in &cells {
            *report.pointer_mut(place).expect("the cell") = text.clone();
        }
        let checked = check(&exporter, &report, None);
        // Of one kind a hundred are told.
        for some in cells.chunks(100) {
            let mut report = right.clone();
            for place in some {
                *report.pointer_mut(place).expect("the cell") = text.clone();
            }
            let checked = check(&exporter, &report, None);
            for place in some {
                let of_rule = |found: &&gongwen::Diagnostic| found.rule == rule && found.severity == severity;
                let own = checked.findings.iter().filter(of_rule).filter(|found| found.pointer == *place);
                assert_eq!(own.count(), 1, "{place} {text}");
            }
        }
        // What is not known makes no identity wrong, nor what counts as 0 everywhere.
        let broken = checked.findings.iter().filter(|found| !found.related.is_empty());
        let broken: Vec<_> = broken.filter(|found| found.severity == Severity::Error).collect();
        assert!(broken.is_empty(), "{text}: {broken:?}");
    }
}

#[test]
fn a_total_never_rests_on_a_cell_that_is_open_or_not_understood() {
    let exporter = Exporter::new();
    for (text, errors_of) in [(json!("3件"), "figure.text"), (json!(null), "figure.auto")] {
        let mut report = qingzhen();
        *report.pointer_mut("/tables/litigation/reconsideration/0").expect("the cell") = text.clone();
        *report.pointer_mut("/tables/litigation/reconsideration/4").expect("the cell") = json!("auto");
        let checked = check(&exporter, &report, None);
        let errors: Vec<_> = checked.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.len() == 1 && errors[0].rule == errors_of, "{text}: {errors:?}");
        assert!(checked.computed.is_empty(), "{text}: {:?}", checked.computed);
    }
}

#[test]
fn blank_totals_of_a_published_report_are_reported() {
    let path = root().join("tests/suite/reports/shanghai-office-2019-as-published.json");
    let bytes = std::fs::read(path).expect("reads");
    let checked = Exporter::new()
        .check(&bytes, &Options::default(), &Beside::default(), &())
        .unwrap_or_else(|rejected| panic!("{rejected}"));
    let totals: Vec<&str> = errors(&checked)
        .into_iter()
        .filter(|(rule, _)| *rule == "requests.row-total")
        .map(|(_, place)| place)
        .collect();
    assert_eq!(totals.len(), 11, "the rows whose total is blank and is not 0: {totals:?}");
    assert!(totals.iter().all(|place| place.ends_with("/6")));
    assert!(errors(&checked).contains(&("requests.outcomes", "/tables/requests/outcomes_total/6")));
    let allowed = Options { gate: Gate::AllowErrors, ..Options::default() };
    assert!(Exporter::new().export(&bytes, &Options::default(), &()).is_err());
    assert!(Exporter::new().export(&bytes, &allowed, &()).is_ok());
}

#[test]
fn totals_are_the_sums_that_define_them_and_what_follows_is_told_with_its_cause() {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let mut report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rows = report["tables"]["requests"].as_object_mut().expect("rows");
    for (key, row) in rows.iter_mut() {
        let row = row.as_array_mut().expect("a list");
        row[6] = "auto".into();
        if key == "outcomes_total" {
            row.iter_mut().for_each(|cell| *cell = "auto".into());
        }
    }
    // One figure of one applicant too many: the balance of that column is wrong, and so is that of the totals.
    rows["received_this_year"][0] = 287.into();
    let here = folder();
    std::fs::write(here.path().join("a.json"), report.to_string()).expect("writes");
    let ran = gongwen(here.path(), &["check", "a.json", "--json"]).ends(1).object();
    let findings = ran["findings"].as_array().expect("a list");
    let errors: Vec<_> = findings.iter().filter(|finding| finding["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    let message = errors[0]["message"].as_str().expect("words");
    assert_eq!(errors[0]["rule"], "requests.balance");
    assert!(message.contains("（自然人）") && message.contains("差 1；“总计”的"), "{message}");
    assert!(message.ends_with("因此也对不上"), "{message}");
}
