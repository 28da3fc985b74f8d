//! Special features of tables: marks on later pages, landscape pages, vertical headers.

use std::fs;

use serde_json::{Value, json};

use crate::command::{folder, gongwen};
use crate::readers::{part, poppler};

/// A report in a general layout with these blocks.
fn report(layout: &str, blocks: &Value) -> String {
    let report = json!({
        "format": 1, "layout": layout, "issuer": "某某局", "title": "情况统计",
        "sections": [{ "title": "统计", "body": blocks }]
    });
    report.to_string()
}

fn rows(count: usize) -> Vec<Value> {
    (1..=count).map(|at| json!([format!("第{at}项"), at])).collect()
}

#[test]
#[ignore = "asks poppler: scripts/test runs it"]
fn poppler_reads_the_mark_of_a_table_that_goes_on() {
    let folder = folder();
    let layout = "format = 1\nid = \"marked\"\nname = \"续表\"\nextends = \"general-document\"\n[table]\ncontinued = \"续表\"\n";
    fs::write(folder.path().join("marked.toml"), layout).expect("writes");
    let blocks = json!([{ "table": { "header": [["项目", "件数"]], "rows": rows(80) } }]);
    fs::write(folder.path().join("marked.json"), report("marked", &blocks)).expect("writes");
    gongwen(folder.path(), &["export", "marked.json", "--layout", "marked.toml"]).ends(0);
    let text = poppler("pdftotext", &["-layout"], &folder.path().join("marked.pdf"), &["-"]);
    let pages: Vec<&str> = text.split('\u{C}').filter(|page| !page.is_empty()).collect();
    assert!(pages.len() > 2);
    let marks: Vec<usize> = pages.iter().map(|page| page.matches("续表").count()).collect();
    assert_eq!(marks[0], 0);
    assert!(marks[1..].iter().all(|count| *count == 1), "{marks:?}");
    let header = pages[1].find("项目").expect("the header is repeated");
    assert!(pages[1].find("续表").expect("it is there") < header, "the mark is above the header");
    let tags = poppler("pdfinfo", &["-struct-text"], &folder.path().join("marked.pdf"), &[]);
    assert!(!tags.contains("续表"), "it is no content");
}

#[test]
#[ignore = "asks poppler: scripts/test runs it"]
fn poppler_reads_a_wide_table_with_its_heading_on_its_page() {
    let folder = folder();
    let blocks = json!([
        "前文。",
        "（一）宽表",
        { "table": { "orientation": "landscape", "header": [["项目", "件数"]], "rows": rows(3) } },
        "后文。"
    ]);
    fs::write(folder.path().join("wide.json"), report("general-document", &blocks)).expect("writes");
    gongwen(folder.path(), &["export", "wide.json"]).ends(0);
    let pdf = folder.path().join("wide.pdf");
    let page = |number: &str| poppler("pdftotext", &["-f", number, "-l", number], &pdf, &["-"]);
    assert!(page("1").contains("前文") && !page("1").contains("宽表"));
    assert!(page("2").contains("宽表") && page("2").contains("第3项"));
    assert!(page("3").contains("后文"));
    let printed = poppler("pdfinfo", &["-f", "1", "-l", "3"], &pdf, &[]);
    let turned: Vec<&str> =
        printed.lines().filter(|line| line.contains("rot:")).map(|l| &l[l.len() - 2..]).collect();
    assert_eq!(turned, [" 0", "90", " 0"]);
    let body = part(&fs::read(folder.path().join("wide.docx")).expect("a Word file"), "word/document.xml");
    assert_eq!(body.matches("<w:sectPr>").count(), 3);
    assert_eq!(body.matches("w:orient=\"landscape\"").count(), 1);
}

#[test]
fn vertical_header_is_vertical_in_word_and_latin_in_it_is_reported() {
    let folder = folder();
    let header = json!([["项目", { "text": "件数A", "vertical": true }]]);
    let blocks = json!([{ "table": { "header": header, "rows": rows(2) } }]);
    fs::write(folder.path().join("narrow.json"), report("general-document", &blocks)).expect("writes");
    let ran = gongwen(folder.path(), &["export", "narrow.json"]).ends(0);
    assert!(ran.err.contains("table.vertical"), "{}", ran.err);
    let body = part(&fs::read(folder.path().join("narrow.docx")).expect("a Word file"), "word/document.xml");
    assert_eq!(body.matches("<w:textDirection w:val=\"tbRlV\"/>").count(), 1);
}

#[test]
fn columns_wider_than_a_turned_page_are_refused() {
    let folder = folder();
    for (orientation, width, code) in
        [("portrait", "100mm", 1), ("landscape", "112mm", 0), ("landscape", "113mm", 1)]
    {
        let table = json!({
            "orientation": orientation, "widths": [width, width],
            "header": [["项目", "件数"]], "rows": rows(1)
        });
        fs::write(folder.path().join("r.json"), report("general-document", &json!([{ "table": table }])))
            .expect("writes");
        let ran = gongwen(folder.path(), &["export", "r.json", "--format", "pdf"]).ends(code);
        assert_eq!(ran.err.contains("table.widths"), code == 1, "{orientation} {width}: {}", ran.err);
    }
}

#[test]
fn the_gap_between_han_and_digits_is_the_report_s() {
    let folder = folder();
    let with = |gap: &Value| {
        let mut value: Value =
            serde_json::from_str(&report("general-document", &json!(["2023年共286件。"]))).expect("JSON");
        if !gap.is_null() {
            value["han_latin_gap"] = gap.clone();
        }
        fs::write(folder.path().join("gap.json"), value.to_string()).expect("writes");
        gongwen(folder.path(), &["export", "gap.json"])
    };
    let styles = || part(&fs::read(folder.path().join("gap.docx")).expect("a Word file"), "word/styles.xml");
    with(&Value::Null).ends(0);
    assert!(styles().contains("<w:autoSpaceDN/>"));
    let usual = fs::read(folder.path().join("gap.pdf")).expect("a PDF");
    with(&json!(0)).ends(0);
    assert!(styles().contains("<w:autoSpaceDN w:val=\"0\"/>") && !styles().contains("<w:autoSpaceDE/>"));
    assert_ne!(usual, fs::read(folder.path().join("gap.pdf")).expect("a PDF"));
    for wrong in [json!(501), json!(-1), json!("0")] {
        let ran = with(&wrong).ends(1);
        assert!(ran.err.contains("0 到 500"), "{}", ran.err);
    }
}

#[test]
fn a_cell_has_an_alignment_of_its_own() {
    let folder = folder();
    let blocks = json!([{ "table": {
        "header": [["项目", { "text": "表头靠左", "align": "left" }]],
        "align": ["left", "left"],
        "rows": [["甲", { "text": "靠右", "align": "right" }], ["乙", "随列"], ["丙", { "text": "居中", "align": "centre" }]],
    } }]);
    fs::write(folder.path().join("a.json"), report("general-document", &blocks)).expect("writes");
    gongwen(folder.path(), &["export", "a.json", "--format", "docx"]).ends(0);
    let document = part(&fs::read(folder.path().join("a.docx")).expect("reads"), "word/document.xml");
    let aligned = |text: &str| {
        let before = document.split(&format!(">{text}<")).next().expect("is there");
        let paragraph = before.rsplit("<w:p>").next().expect("a paragraph");
        let jc = paragraph.split("<w:jc w:val=\"").nth(1).and_then(|rest| rest.split('"').next());
        jc.map(str::to_owned)
    };
    assert_eq!(aligned("靠右").as_deref(), Some("right"));
    assert_eq!(aligned("居中").as_deref(), Some("center"));
    assert_ne!(aligned("随列").as_deref(), Some("right"));
    assert_ne!(aligned("表头靠左").as_deref(), Some("center"));
    fs::write(
        folder.path().join("b.json"),
        report(
            "general-document",
            &json!([{ "table": {
        "rows": [["甲", { "text": "1", "align": "justify" }]] } }]),
        ),
    )
    .expect("writes");
    assert!(gongwen(folder.path(), &["check", "b.json"]).ends(1).out.contains("centre"));
}
