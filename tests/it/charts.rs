//! Charts in Word files: native, with their workbook, there and back.

use std::io::{Cursor, Read};
use std::path::Path;

use gongwen::{Layouts, Limits, import};
use serde_json::{Value, json};

use crate::command::{folder, gongwen, with_part};

/// A document of two tables and charts of them.
fn report(charts: &[Value]) -> Value {
    let mut body = vec![
        json!({ "table": { "caption": "表1  受理情况", "unit": "单位：件",
            "header": [[{ "text": "年份", "rows": 2 }, { "text": "受理", "columns": 2 }], ["网上", "当面"]],
            "rows": [["2022年", 120, "8.0"], ["2023年", 150, "—"], ["2024年", "1,168", "12.50"], ["合计", 1438, 20.5]] } }),
        json!({ "table": { "caption": "表2  指标", "header": [["指标", "2023年", "2024年"]],
            "rows": [["数据", 312, 380], ["接口", 96, "+130"]] } }),
    ];
    body.extend(charts.iter().cloned());
    json!({ "format": 1, "layout": "general-document", "issuer": "某某市", "title": "题", "sections": [{ "title": "一", "body": body }] })
}

fn charts() -> Vec<Value> {
    vec![
        json!({ "chart": { "kind": "bar", "table": "表1  受理情况", "caption": "图1  受理" } }),
        json!({ "chart": { "kind": "pie", "table": "表1  受理情况", "columns": ["受理·网上"], "alt": "网上受理的份额", "height": "60mm" } }),
        json!({ "chart": { "kind": "line", "table": "表2  指标", "rows": ["接口"], "columns": ["2024年", "2023年"], "series": "rows" } }),
    ]
}

fn exported(here: &Path, report: &Value, options: &[&str]) -> Vec<u8> {
    std::fs::write(here.join("a.json"), report.to_string()).expect("writes");
    gongwen(here, &[&["export", "a.json", "--format", "docx", "--quiet"], options].concat()).ends(0);
    std::fs::read(here.join("a.docx")).expect("is written")
}

fn part(file: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP file");
    let mut part = Vec::new();
    archive.by_name(name).expect(name).read_to_end(&mut part).expect("reads");
    part
}

fn text_part(file: &[u8], name: &str) -> String {
    String::from_utf8(part(file, name)).expect("UTF-8")
}

/// The charts of a report.
fn charts_of(report: &[u8]) -> Vec<Value> {
    let report: Value = serde_json::from_slice(report).expect("JSON");
    let body = report["sections"][0]["body"].as_array().cloned().unwrap_or_default();
    body.into_iter().filter(|block| block["chart"].is_object()).collect()
}

#[test]
fn a_chart_in_word_has_the_figures_as_they_are_written() {
    let here = folder();
    let file = exported(here.path(), &report(&charts()), &[]);
    let chart = text_part(&file, "word/charts/chart1.xml");
    for wanted in [
        "<c:barChart>",
        "<c:f>Sheet1!$C$2:$C$4</c:f>",
        r##"<c:pt idx="2" formatCode="#,##0"><c:v>1168</c:v></c:pt>"##,
        r#"<c:pt idx="2" formatCode="0.00"><c:v>12.50</c:v></c:pt>"#,
        "<c:v>受理·网上</c:v>",
    ] {
        assert!(chart.contains(wanted), "{wanted} in {chart}");
    }
    assert!(!chart.contains("1438"), "totals are not drawn");
    let document = text_part(&file, "word/document.xml");
    assert!(document.contains("descr=\"柱形图：受理（单位：件）：受理·网上：2022年 120，2023年 150，2024年 1,168；受理·当面：2022年 8.0，2023年 无数字，2024年 12.50。\""), "{document}");
    assert!(document.contains("descr=\"网上受理的份额\""));
}

#[test]
fn a_chart_in_word_has_a_workbook_with_the_same_figures() {
    let here = folder();
    let file = exported(here.path(), &report(&charts()), &[]);
    assert!(text_part(&file, "word/charts/_rels/chart1.xml.rels").contains("../embeddings/chart1.xlsx"));
    let workbook = part(&file, "word/embeddings/chart1.xlsx");
    let sheet = text_part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<c r="B4" s="3"><v>1168</v></c>"#), "{sheet}");
    assert!(!sheet.contains("r=\"C3\""), "a gap is an empty cell: {sheet}");
    let styles = text_part(&workbook, "xl/styles.xml");
    assert!(styles.contains(r##"formatCode="#,##0""##), "{styles}");
}

#[test]
fn the_same_report_gives_the_same_charts() {
    let here = folder();
    let report = report(&charts());
    assert_eq!(exported(here.path(), &report, &[]), exported(here.path(), &report, &["--force"]));
}

#[test]
fn charts_come_back_from_a_word_file_without_the_report() {
    let here = folder();
    let file = exported(here.path(), &report(&charts()), &[]);
    let imported = import(&file, &Layouts::embedded(), None, &Limits::default()).expect("reads");
    assert_eq!(charts_of(&imported.report), charts());
    assert!(imported.findings.is_empty(), "{:?}", imported.findings);
}

#[test]
fn charts_stay_in_a_report_that_is_inside() {
    let here = folder();
    let file = exported(here.path(), &report(&charts()), &["--embed-source"]);
    let imported = import(&file, &Layouts::embedded(), None, &Limits::default()).expect("reads");
    assert_eq!(charts_of(&imported.report), charts());
    assert!(imported.findings.is_empty(), "{:?}", imported.findings);
}

#[test]
fn figures_changed_in_a_chart_are_told() {
    for (options, kept) in [(&["--embed-source"][..], 3), (&[], 2)] {
        let here = folder();
        let file = exported(here.path(), &report(&charts()), options);
        let name = "word/charts/chart1.xml";
        let changed = text_part(&file, name).replace("<c:v>150</c:v>", "<c:v>151</c:v>");
        let file = with_part(&file, name, |_| changed.clone());
        let imported = import(&file, &Layouts::embedded(), None, &Limits::default()).expect("reads");
        assert_eq!(charts_of(&imported.report).len(), kept);
        let told = imported
            .findings
            .iter()
            .any(|found| found.rule == "import.unplaced" && found.message.zh.contains('图'));
        assert!(told, "{:?}", imported.findings);
    }
}

#[test]
fn charts_of_other_programs_are_told() {
    let here = folder();
    let file = exported(here.path(), &report(&charts()), &[]);
    // Another program's file: no styles of this one.
    let styles = r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>"#;
    let file = with_part(&file, "word/styles.xml", |_| styles.to_owned());
    let file = with_part(&file, "docProps/app.xml", |_| "<Properties/>".to_owned());
    let imported = import(&file, &Layouts::embedded(), None, &Limits::default()).expect("reads");
    let told: Vec<&str> = imported.places.unplaced.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(told.iter().filter(|text| text.starts_with("图表：")).count(), 3, "{told:?}");
}
