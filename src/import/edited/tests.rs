//! Tests of reports that are exported to Word and imported again.

use super::*;
use crate::xml::{self, Element, Node};
use crate::{Exporter, Format, Options};

const REPORT: &str = include_str!("../../../examples/qingzhen-2023.json");

fn exported(report: &str, embed_source: bool) -> Vec<u8> {
    let options = Options { formats: vec![Format::Docx], embed_source, ..Options::default() };
    let export = Exporter::new().export(report.as_bytes(), &options, &()).expect("exports");
    export.files.into_iter().next().expect("a file").1
}

/// The file with each text changed as `edit` says.
fn edited(file: &[u8], edit: impl Fn(&str) -> Option<String>) -> Vec<u8> {
    rewritten(file, |body| texts(body, &edit))
}

fn texts(element: &mut Element, edit: &impl Fn(&str) -> Option<String>) {
    if element.name == "w:t"
        && let Some(new) = edit(&element.own_text())
    {
        element.children = vec![Node::Text(new.into())];
    }
    element.elements_mut().for_each(|child| texts(child, edit));
}

fn rewritten(file: &[u8], edit: impl Fn(&mut Element)) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP file");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("reads");
        if name == "word/document.xml" {
            let mut root = xml::read(&bytes).expect("XML");
            edit(&mut root);
            bytes = xml::write(&root);
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        new.write_all(&bytes).expect("writes");
    }
    new.finish().expect("a ZIP file").into_inner()
}

fn read(file: &[u8]) -> (String, Vec<String>) {
    let imported = crate::import(file, &Layouts::embedded(), None, &Limits::default()).expect("imports");
    let rules = imported.findings.iter().map(|finding| finding.rule.to_string()).collect();
    (String::from_utf8(imported.report).expect("UTF-8"), rules)
}

/// The paragraph of the body that holds `text`: its place among the body's children.
fn place_of(body: &Element, text: &str) -> usize {
    let holds = |node: &Node| matches!(node, Node::Element(element) if word::text(element).contains(text));
    body.children.iter().position(holds).expect("the paragraph")
}

#[test]
fn unedited_file_gives_the_very_bytes_of_its_report() {
    for report in [REPORT, include_str!("../../../examples/letter.json"), &format!("\u{feff}{REPORT}")] {
        assert_eq!(read(&exported(report, true)), (report.to_owned(), vec![]));
    }
}

#[test]
fn edited_figure_and_paragraph_are_all_that_changes() {
    let file = edited(&exported(REPORT, true), |text| match text {
        "6858.05" => Some("6860.10".to_owned()),
        _ => text.contains("2023年，").then(|| text.replacen("2023年，", "2023年以来，", 1)),
    });
    let (report, findings) = read(&file);
    let expected = REPORT.replace("6858.05", "6860.10");
    let changed: Vec<_> = report.lines().zip(expected.lines()).filter(|(new, old)| new != old).collect();
    assert!(findings.is_empty(), "{findings:?}");
    assert!(
        !changed.is_empty() && changed.iter().all(|(new, _)| new.contains("2023年以来，")),
        "{changed:?}"
    );
}

#[test]
fn paragraphs_are_inserted_and_deleted() {
    let first = "一是围绕";
    let file = rewritten(&exported(REPORT, true), |root| {
        let body = root.find_or_insert("w:body");
        let at = place_of(body, first);
        let text = Element::new("w:t").text("这一段是新写的。");
        let new = Element::new("w:p").child(Element::new("w:r").child(text));
        body.children.insert(at + 1, Node::Element(new));
        body.children.remove(at + 2);
    });
    let (report, findings) = read(&file);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(report.matches("这一段是新写的。").count(), 1);
    assert_eq!(report.lines().count(), REPORT.lines().count(), "one came and one went");
}

#[test]
fn changes_to_text_of_the_layout_are_reported_and_ignored() {
    let file = edited(&exported(REPORT, true), |text| (text == "行政许可").then(|| "许可".to_owned()));
    assert_eq!(read(&file), (REPORT.to_owned(), vec!["import.fixed".to_owned()]));
}

#[test]
fn file_without_a_report_gives_one_that_prints_the_same() {
    for report in [REPORT, include_str!("../../../examples/statistical-communique.json")] {
        let file = exported(report, false);
        let (again, findings) = read(&file);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(body(&exported(&again, false)), body(&file));
    }
}

/// All the texts of the body, in order.
fn body(file: &[u8]) -> Vec<word::Block> {
    word::blocks(&Package::open(file, &Limits::default()).expect("a Word file")).expect("blocks")
}

#[test]
fn columns_of_a_twip_are_none() {
    let cell = |span: usize, text: &str| {
        let properties = Element::new("w:tcPr").child(Element::new("w:gridSpan").with("w:val", span));
        let run = Element::new("w:r").child(Element::new("w:t").text(text));
        Element::new("w:tc").child(properties).child(Element::new("w:p").child(run))
    };
    let columns = [500, 1, 500].map(|width| Element::new("w:gridCol").with("w:w", width));
    let table = Element::new("w:tbl")
        .child(Element::new("w:tblGrid").all(columns))
        .child(Element::new("w:tr").child(cell(2, "甲")).child(cell(1, "乙")));
    let grid = word::grid(&table);
    let places: Vec<_> = grid.rows[0].iter().map(|cell| (cell.column, cell.columns)).collect();
    assert_eq!(places, [(0, 1), (1, 1)]);
}
