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

/// The tables of the body.
fn tables<'a, 'b>(root: &'b mut Element<'a>) -> Vec<&'b mut Element<'a>> {
    root.find_or_insert("w:body").elements_mut().filter(|child| child.name == "w:tbl").collect()
}

/// The figures of a report by their pointers; none where they are open.
fn figures(report: &str) -> std::collections::BTreeMap<String, serde_json::Value> {
    let report: serde_json::Value = serde_json::from_str(report).expect("is JSON");
    let mut found = std::collections::BTreeMap::new();
    for (table, rows) in report["tables"].as_object().expect("tables") {
        for (row, cells) in rows.as_object().expect("rows") {
            for (at, cell) in cells.as_array().expect("cells").iter().enumerate() {
                found.insert(format!("{table}/{row}/{at}"), cell.clone());
            }
        }
    }
    found
}

/// Whether an edited file gives the figures of the report but for those of some rows, which are open and told by a rule.
fn check_edited(edit: impl Fn(&mut Element) + Copy, open: &[&str], told: &[&str]) {
    for embed in [true, false] {
        let (report, rules) = read(&rewritten(&exported(REPORT, embed), edit));
        let (found, wanted) = (figures(&report), figures(REPORT));
        for (pointer, value) in &wanted {
            let is_open = open.iter().any(|row| pointer.starts_with(row));
            let own = found.get(pointer).unwrap_or(&serde_json::Value::Null);
            assert_eq!(own.is_null(), is_open, "{pointer}: {own} {rules:?}");
            assert!(is_open || own == value, "{pointer}: {own} for {value}");
        }
        for rule in told {
            assert!(rules.iter().any(|own| own == rule), "{rule}: {rules:?}");
        }
        assert!(!open.is_empty() || rules.iter().all(|own| own == "import.unplaced"), "{rules:?}");
    }
}

#[test]
fn tables_of_another_shape_are_read_by_their_labels() {
    let row_of = |table: &Element, text: &str| {
        let holds = |node: &Node| matches!(node, Node::Element(own) if own.name == "w:tr" && word::text(own).contains(text));
        table.children.iter().position(holds).expect("the row")
    };
    // A row is gone.
    check_edited(
        |root| {
            let table = &mut tables(root)[1];
            let at = row_of(table, "信访举报投诉类申请");
            table.children.remove(at + 1);
        },
        &["requests/unprocessed_repeated/"],
        &["import.row"],
    );
    // A row is put in above the rows of figures: a title.
    check_edited(
        |root| {
            let table = &mut tables(root)[0];
            let at = row_of(table, "第二十条第（一）项");
            let title = table.children[at].clone();
            table.children.insert(at, title);
        },
        &[],
        &[],
    );
    // A cell is gone: the row's columns are not known.
    check_edited(
        |root| {
            let table = &mut tables(root)[1];
            let at = row_of(table, "上年结转政府信息公开申请数量");
            if let Node::Element(row) = &mut table.children[at] {
                let last = row
                    .children
                    .iter()
                    .rposition(|node| matches!(node, Node::Element(cell) if cell.name == "w:tc"));
                row.children.remove(last.expect("a cell") - 2);
            }
        },
        &["requests/carried_over_from_last_year/"],
        &["import.column"],
    );
    // A table is split in two, another is put into a frame, and two change places.
    check_edited(
        |root| {
            let own = &mut tables(root)[1];
            let at = row_of(own, "重复申请");
            let rest: Vec<Node> = own.children.split_off(at);
            let mut second = Element::new("w:tbl");
            second.children.extend(own.children.iter().filter(|node| matches!(node, Node::Element(part) if part.name == "w:tblPr" || part.name == "w:tblGrid")).cloned());
            second.children.extend(rest);
            let body = root.find_or_insert("w:body");
            let place = body
                .children
                .iter()
                .enumerate()
                .filter(|(_, node)| matches!(node, Node::Element(part) if part.name == "w:tbl"))
                .map(|(at, _)| at)
                .nth(1)
                .expect("a table");
            body.children.insert(place + 1, Node::Element(Element::new("w:p")));
            body.children.insert(place + 2, Node::Element(second));
        },
        &[],
        &[],
    );
    check_edited(
        |root| {
            let own = &mut tables(root)[2];
            let inner = std::mem::replace(&mut **own, Element::new("w:tbl"));
            let cell = Element::new("w:tc").child(inner).child(Element::new("w:p"));
            own.children.push(Node::Element(Element::new("w:tr").child(cell)));
        },
        &[],
        &[],
    );
    check_edited(
        |root| {
            let body = root.find_or_insert("w:body");
            let places: Vec<usize> = body
                .children
                .iter()
                .enumerate()
                .filter(|(_, node)| matches!(node, Node::Element(part) if part.name == "w:tbl"))
                .map(|(at, _)| at)
                .collect();
            body.children.swap(places[0], places[1]);
        },
        &[],
        &[],
    );
}

#[test]
fn cells_are_read_as_figures_or_are_open() {
    for (typed, wanted) in [
        ("204", serde_json::json!(204)),
        ("２０４", serde_json::json!(204)),
        ("减4", serde_json::Value::Null),
        ("48（其中上年2）", serde_json::Value::Null),
        ("-17", serde_json::Value::Null),
        ("", serde_json::Value::Null),
        ("0017", serde_json::json!(17)),
        ("20000000000000000000", serde_json::Value::Null),
    ] {
        for embed in [true, false] {
            let file = edited(&exported(REPORT, embed), |text| (text == "206").then(|| typed.to_owned()));
            let imported =
                crate::import(&file, &Layouts::embedded(), None, &Limits::default()).expect("imports");
            let report = String::from_utf8(imported.report).expect("UTF-8");
            assert_eq!(figures(&report)["requests/granted/6"], wanted, "{typed}");
            let is_told = |finding: &Diagnostic| {
                finding.pointer.starts_with("/tables/requests/granted") && finding.place.is_some()
            };
            assert_eq!(
                imported.findings.iter().any(is_told),
                typed != "204",
                "{typed}: {:?}",
                imported.findings
            );
        }
    }
    let file = edited(&exported(REPORT, true), |text| (text == "6858.05").then(|| "251000元".to_owned()));
    let (report, rules) = read(&file);
    assert_eq!(figures(&report)["proactive_disclosure/administrative_fees/0"], serde_json::Value::Null);
    assert!(rules.contains(&"import.cell".to_owned()), "{rules:?}");
}

#[test]
fn struck_and_hidden_text_is_told_and_not_read() {
    for property in ["w:strike", "w:vanish"] {
        let file = rewritten(&exported(REPORT, true), |root| {
            let body = root.find_or_insert("w:body");
            let at = place_of(body, "（一）存在问题");
            let run = Element::new("w:r")
                .child(Element::new("w:rPr").child(Element::new(property)))
                .child(Element::new("w:t").text("旧的说法"));
            if let Node::Element(paragraph) = &mut body.children[at] {
                paragraph.children.push(Node::Element(run));
            }
        });
        let imported = crate::import(&file, &Layouts::embedded(), None, &Limits::default()).expect("imports");
        assert_eq!(String::from_utf8_lossy(&imported.report), REPORT, "{property}");
        let told: Vec<&str> = imported.findings.iter().map(|finding| finding.message.zh.as_str()).collect();
        assert!(told.len() == 1 && told[0].contains("旧的说法"), "{property}: {told:?}");
        assert!(imported.findings[0].place.is_some(), "{property}");
    }
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
    let package = Package::open(file, &Limits::default()).expect("a Word file");
    let document = package.xml("word/document.xml").expect("XML");
    let read = docx::read(file, &package, &document, &Limits::default()).expect("reads");
    let mut blocks = word::blocks(&package, &document, &read).expect("blocks");
    for block in &mut blocks {
        match block {
            word::Block::Table(grid) => grid.key = 0,
            word::Block::Image(image) | word::Block::Seal(image) => image.key = 0,
            _ => {}
        }
    }
    blocks
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
    let grid = super::grid::grid(&table, &Default::default());
    let places: Vec<_> = grid.rows[0].iter().map(|cell| (cell.column, cell.columns)).collect();
    assert_eq!(places, [(0, 1), (1, 1)]);
}
