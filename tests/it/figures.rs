//! Blank reports of `gongwen new`, and figures read from workbooks and CSV files.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use calamine::{Reader, Xlsx};
use serde_json::{Value, json};

use crate::command::{example, folder, gongwen, names, root, with_part, with_parts};

const LAYOUT: &str = "disclosure-annual-report-2021";

fn qingzhen() -> Value {
    serde_json::from_str(&std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads"))
        .expect("JSON")
}

/// The example without its tables.
fn prose_only() -> Value {
    let mut report = qingzhen();
    report.as_object_mut().expect("an object").remove("tables");
    report
}

/// The figures of the example's tables: table, row, column, value.
fn figures() -> Vec<(String, String, String, String)> {
    let layout = std::fs::read_to_string(format!("layouts/{LAYOUT}.toml")).expect("ships");
    let layout: toml::Table = layout.parse().expect("is TOML");
    let report = qingzhen();
    let mut figures = Vec::new();
    for table in layout["tables"].as_array().expect("a list") {
        let key = table["key"].as_str().expect("a key");
        for (row, spec) in table["figures"].as_table().expect("rows") {
            let columns: Vec<&str> = match spec.get("columns") {
                Some(own) => own.as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect(),
                None => table["columns"].as_table().expect("columns").keys().map(String::as_str).collect(),
            };
            for (at, column) in columns.into_iter().enumerate() {
                let value = report["tables"][key][row][at].to_string();
                figures.push((key.to_owned(), row.clone(), column.to_owned(), value));
            }
        }
    }
    figures
}

/// An empty workbook, as `gongwen new` writes it.
fn workbook(here: &Path) -> Vec<u8> {
    gongwen(here, &["new", LAYOUT, "--xlsx", "figures.xlsx"]).ends(0);
    std::fs::read(here.join("figures.xlsx")).expect("written")
}

/// The sheet and the cell of every name of a workbook.
fn cells(bytes: &[u8]) -> BTreeMap<String, (String, String)> {
    let workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    let names = workbook.defined_names().iter().filter_map(|(name, place)| {
        let (sheet, cell) = place.split_once('!')?;
        Some((name.clone(), (sheet.trim_matches('\'').to_owned(), cell.replace('$', ""))))
    });
    names.collect()
}

/// The workbook with other XML in the place of cells of a sheet, as an office program would save it.
fn with_cells(bytes: &[u8], values: &[(&str, &str, String)]) -> Vec<u8> {
    let sheets = ["proactive_disclosure", "requests", "litigation"];
    with_parts(bytes, |name, mut content| {
        for (sheet, cell, inner) in values {
            let number = sheets.iter().position(|known| known == sheet).expect("a sheet") + 1;
            if name == format!("xl/worksheets/sheet{number}.xml") {
                let text = String::from_utf8(content).expect("XML");
                let start =
                    text.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no {cell} in {sheet}"));
                let close = text[start..].find('>').expect("a tag") + start;
                let end = text[start..].find("</c>").expect("an end") + start;
                content = format!("{}>{inner}{}", &text[..close], &text[end..]).into_bytes();
            }
        }
        content
    })
}

/// The workbook with the figures of the example.
fn filled(here: &Path) -> Vec<u8> {
    let empty = workbook(here);
    let cells = cells(&empty);
    let figures = figures();
    let values: Vec<(&str, &str, String)> = figures
        .iter()
        .map(|(table, row, column, value)| {
            let (sheet, cell) = &cells[&format!("gongwen.{table}.{row}.{column}")];
            (sheet.as_str(), cell.as_str(), format!("<v>{value}</v>"))
        })
        .collect();
    with_cells(&empty, &values)
}

fn check(here: &Path, report: &Value, file: &str, code: i32) -> Value {
    std::fs::write(here.join("report.json"), report.to_string()).expect("writes");
    gongwen(here, &["check", "report.json", "--figures", file, "--json"]).ends(code).object()
}

fn findings<'a>(object: &'a Value, rule: &str) -> Vec<&'a str> {
    let findings = object["findings"].as_array().expect("a list").iter().filter(|f| f["rule"] == rule);
    findings.map(|finding| finding["message"].as_str().expect("text")).collect()
}

#[test]
fn blank_reports_pass_check_and_export_in_every_layout() {
    let here = folder();
    let layouts = gongwen(here.path(), &["layouts", "--json"]).ends(0).object();
    for layout in layouts["layouts"].as_array().expect("a list") {
        let id = layout["id"].as_str().expect("an id");
        let file = format!("{id}.json");
        let ran =
            gongwen(here.path(), &["new", id, "-o", &file, "--issuer", "某某市教育局", "--year", "2024"])
                .ends(0);
        assert!(ran.out.is_empty() && ran.err.contains("gongwen schema"), "{ran:?}");
        let object = gongwen(here.path(), &["check", &file, "--json"]).ends(0).object();
        assert_eq!(object["errors"], 0, "{id}: {}", object["findings"]);
        gongwen(here.path(), &["export", &file, "-o", "out"]).ends(0);
        let report: Value =
            serde_json::from_str(&std::fs::read_to_string(here.path().join(&file)).expect("reads"))
                .expect("JSON");
        assert_eq!((&report["issuer"], &report["year"]), (&json!("某某市教育局"), &json!(2024)));
        let schema = gongwen(here.path(), &["schema", "--layout", id]).ends(0).document();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        assert!(validator.is_valid(&report), "{id} is as its schema says");
    }
}

#[test]
fn report_and_workbook_of_new_are_a_pair_and_replace_nothing() {
    let here = folder();
    let new = &["new", LAYOUT, "-o", "r.json", "--xlsx", "f.xlsx", "--docx", "w.docx"];
    gongwen(here.path(), new).ends(0);
    assert_eq!(names(here.path()), ["f.xlsx", "r.json", "w.docx"]);
    let report = std::fs::read(here.path().join("r.json")).expect("reads");
    let value: Value = serde_json::from_slice(&report).expect("JSON");
    assert_eq!((&value["figures"], &value["issuer_kind"]), (&json!("f.xlsx"), &json!("department")));
    assert!(value.get("tables").is_none(), "the workbook has them");
    // Whatever the clerk fills in, the report has no figures that contradict it.
    let bytes = std::fs::read(here.path().join("f.xlsx")).expect("reads");
    let cells = cells(&bytes);
    let (_, cell) = &cells["gongwen.requests.granted.natural_person"];
    let filled = with_cells(&bytes, &[("requests", cell, "<v>7</v>".to_owned())]);
    std::fs::write(here.path().join("f.xlsx"), filled).expect("writes");
    let object = gongwen(here.path(), &["check", "r.json", "--json"]).ends(1).object();
    assert_eq!(findings(&object, "figures.differs"), [""; 0]);
    let placeholders = findings(&object, "text.placeholder");
    assert!(placeholders.iter().any(|found| found.contains("某某市某某局")), "{placeholders:?}");
    for again in [new, &["new", LAYOUT, "--docx", "w.docx"][..], &["new", LAYOUT, "-o", "r.json"]] {
        assert!(gongwen(here.path(), again).ends(2).err.contains("不覆盖"), "{again:?}");
    }
    assert_eq!(std::fs::read(here.path().join("r.json")).expect("reads"), report);
    gongwen(here.path(), &["new", LAYOUT, "-o", "out/r.json", "--xlsx", "g.xlsx"]).ends(2);
}

#[test]
fn word_file_of_new_is_read_back_with_open_figures() {
    let here = folder();
    gongwen(here.path(), &["new", LAYOUT, "--docx", "w.docx", "--issuer", "某某镇人民政府"]).ends(0);
    let report = gongwen(here.path(), &["import", "w.docx"]).ends(0).document();
    assert_eq!(report["issuer_kind"], json!("township"));
    let row = json!([null, null, null, null, null, null, "auto"]);
    assert_eq!(report["tables"]["requests"]["granted"], row);
    let ran = gongwen(here.path(), &["check", "w.docx"]);
    assert!(ran.out.contains("还有 200 个数字没有填"), "{}", ran.out);
    let object = gongwen(here.path(), &["check", "w.docx", "--json"]).object();
    assert_eq!(object["open"], 200);
}

#[test]
fn figures_of_a_word_file_without_bookmarks_are_read_by_their_labels() {
    let here = folder();
    gongwen(here.path(), &["export", &example("qingzhen-2023.json"), "--format", "docx"]).ends(0);
    let bytes = std::fs::read(here.path().join("qingzhen-2023.docx")).expect("reads");
    let without = with_part(&bytes, "word/document.xml", |xml| {
        let pieces = xml.split("<w:bookmark").enumerate().map(|(at, piece)| match at {
            0 => piece,
            _ => piece.split_once("/>").map_or("", |(_, rest)| rest),
        });
        pieces.collect()
    });
    std::fs::write(here.path().join("w.docx"), without).expect("writes");
    let ran = gongwen(here.path(), &["import", "w.docx", "--strict"]).ends(0);
    let report: Value =
        serde_json::from_str(&std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads"))
            .expect("is JSON");
    for row in ["received_this_year", "partially_granted", "refused_state_secret"] {
        assert_eq!(ran.document()["tables"]["requests"][row], report["tables"]["requests"][row], "{row}");
    }
    let fees = ran.document()["tables"]["proactive_disclosure"]["administrative_fees"].to_string();
    assert_eq!(fees, "[6858.05]");
}

#[test]
fn new_notices_and_letters_have_every_part() {
    let here = folder();
    let notice = gongwen(here.path(), &["new", "notice"]).ends(0).document();
    for part in ["letterhead", "addressee", "attachments", "signature", "remark", "colophon", "metadata"] {
        assert!(!notice[part].is_null(), "{part}");
    }
    let letter = gongwen(here.path(), &["new", "letter"]).ends(0).document();
    assert!(!letter["addressee"].is_null() && letter["colophon"]["printed_by"].is_null());
}

#[test]
fn figures_that_are_all_0_are_placeholders() {
    let here = folder();
    gongwen(here.path(), &["new", LAYOUT, "-o", "r.json", "--issuer", "某市教育局"]).ends(0);
    gongwen(here.path(), &["new", LAYOUT, "-o", "p.json", "--xlsx", "f.xlsx"]).ends(0);
    for (report, pointer) in [("r.json", "/tables"), ("p.json", "/figures")] {
        let object = gongwen(here.path(), &["check", report, "--json"]).ends(0).object();
        let all = object["findings"].as_array().expect("findings");
        let found: Vec<&Value> =
            all.iter().filter(|finding| finding["rule"] == "figure.placeholder").collect();
        assert_eq!(found.len(), 1, "{object:#}");
        assert_eq!(found[0]["pointer"], pointer);
        let ran = gongwen(here.path(), &["export", report, "-o", "strict", "--strict"]).ends(1);
        assert!(ran.err.contains("[figure.placeholder]"), "{}", ran.err);
    }
    let text = std::fs::read_to_string(here.path().join("r.json")).expect("reads");
    let filled = text.replacen("[0, 0, 0, 0, 0, 0,", "[1, 0, 0, 0, 0, 0,", 1);
    assert_ne!(filled, text);
    std::fs::write(here.path().join("r.json"), filled).expect("writes");
    let ran = gongwen(here.path(), &["check", "r.json", "--json"]);
    assert!(!ran.out.contains("figure.placeholder"), "{}", ran.out);
}

#[test]
fn strict_export_refuses_placeholders() {
    let here = folder();
    gongwen(here.path(), &["new", "notice", "-o", "r.json"]).ends(0);
    gongwen(here.path(), &["export", "r.json", "-o", "out"]).ends(0);
    let ran = gongwen(here.path(), &["export", "r.json", "-o", "strict", "--strict"]).ends(1);
    assert!(ran.err.contains("[text.placeholder]"), "{}", ran.err);
}

#[test]
fn totals_of_blank_reports_are_computed() {
    let here = folder();
    let report = gongwen(here.path(), &["new", LAYOUT]).ends(0).document();
    assert_eq!(report["tables"]["requests"]["granted"], json!([0, 0, 0, 0, 0, 0, "auto"]));
    assert_eq!(
        report["tables"]["requests"]["outcomes_total"],
        json!(["auto", "auto", "auto", "auto", "auto", "auto", "auto"])
    );
    assert_eq!(report["tables"]["litigation"]["reconsideration"], json!([0, 0, 0, 0, "auto"]));
    assert_eq!(report["tables"]["proactive_disclosure"]["rules"], json!([0, 0, 0]));
}

#[test]
fn workbook_has_labels_names_and_formulas() {
    let here = folder();
    let bytes = workbook(here.path());
    assert_eq!(bytes, workbook(folder().path()), "the same bytes each time");
    assert_eq!(names(here.path()), ["figures.xlsx"]);
    let named = cells(&bytes);
    assert_eq!(named.len(), 10 + 25 * 7 + 15);
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(read.sheet_names(), ["proactive_disclosure", "requests", "litigation"]);
    let formulas = read.worksheet_formula("requests").expect("formulas");
    let (_, total) = &named["gongwen.requests.granted.total"];
    let row: u32 = total.trim_start_matches(char::is_alphabetic).parse().expect("a row");
    assert_eq!(total, &format!("J{row}"));
    assert_eq!(
        formulas.get_value((row - 1, 9)).map(String::as_str),
        Some(format!("D{row}+E{row}+F{row}+G{row}+H{row}+I{row}").as_str())
    );
    let labels = read.worksheet_range("requests").expect("cells");
    let has = |text: &str| labels.used_cells().any(|(_, _, value)| *value == text);
    for label in ["收到和处理政府信息公开申请情况统计表", "法人或其他组织", "（三）不予公开", "（七）总计"]
    {
        assert!(has(label), "{label}");
    }
}

#[test]
fn workbook_fills_the_tables() {
    let here = folder();
    let bytes = filled(here.path());
    std::fs::write(here.path().join("figures.xlsx"), &bytes).expect("writes");
    let report = prose_only();
    let object = check(here.path(), &report, "figures.xlsx", 0);
    assert_eq!(object["errors"], 0, "{}", object["findings"]);
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "figures.xlsx", "--fill"]).ends(0);
    assert_eq!(ran.document()["tables"], qingzhen()["tables"]);
    gongwen(here.path(), &["export", "report.json", "--figures", "figures.xlsx", "-o", "a"]).ends(0);
    gongwen(here.path(), &["export", &example("qingzhen-2023.json"), "-o", "b"]).ends(0);
    let pdf = |path: &str| std::fs::read(here.path().join(path)).expect("written");
    assert_eq!(pdf("a/report.pdf"), pdf("b/qingzhen-2023.pdf"), "the same figures, the same pages");
    // Named by the report itself, and carried with its figures.
    let mut named = report.clone();
    named["figures"] = json!("figures.xlsx");
    std::fs::write(here.path().join("named.json"), named.to_string()).expect("writes");
    gongwen(here.path(), &["export", "named.json", "--embed-source", "-o", "c"]).ends(0);
    let carried = gongwen(here.path(), &["extract", "c/named.pdf"]).ends(0).document();
    assert_eq!((&carried["tables"], &carried["figures"]), (&qingzhen()["tables"], &Value::Null));
    named["figures"] = json!("../figures.xlsx");
    std::fs::write(here.path().join("named.json"), named.to_string()).expect("writes");
    let object = gongwen(here.path(), &["check", "named.json", "--json"]).ends(1).object();
    assert_eq!(findings(&object, "figures.file").len(), 1);
}

#[test]
fn a_filled_workbook_is_imported_whole() {
    let here = folder();
    let bytes = filled(here.path());
    std::fs::write(here.path().join("f.xlsx"), &bytes).expect("writes");
    let tables = gongwen(here.path(), &["import", "f.xlsx"]).ends(0).document()["tables"].clone();
    // Totals are formulas there: their values are those of the cells.
    for (table, rows) in qingzhen()["tables"].as_object().expect("tables") {
        for (row, cells) in rows.as_object().expect("rows") {
            assert_eq!(&tables[table][row], cells, "{table} {row}");
        }
    }
    // A Word file is no file of figures; the reason is in words.
    gongwen(here.path(), &["export", &example("qingzhen-2023.json"), "--format", "docx"]).ends(0);
    std::fs::rename(here.path().join("qingzhen-2023.docx"), here.path().join("w.xlsx")).expect("renames");
    let object = check(here.path(), &prose_only(), "w.xlsx", 1);
    assert!(findings(&object, "figures.file")[0].contains("是 Word 文件"), "{object:#}");
}

#[test]
fn wrong_and_missing_cells_are_reported_by_sheet_and_cell() {
    let here = folder();
    let bytes = filled(here.path());
    let named = cells(&bytes);
    let cell = |name: &str| named[name].1.clone();
    let (granted, direct) = (
        cell("gongwen.requests.granted.natural_person"),
        cell("gongwen.litigation.litigation_direct.upheld"),
    );
    let changed = with_cells(
        &bytes,
        &[("requests", &granted, "<v>204</v>".into()), ("litigation", &direct, String::new())],
    );
    std::fs::write(here.path().join("wrong.xlsx"), changed).expect("writes");
    let object = check(here.path(), &prose_only(), "wrong.xlsx", 1);
    let missing = findings(&object, "figures.missing");
    assert_eq!(missing, [format!("工作表“litigation” {direct}（未经复议直接起诉·结果维持）是空的")]);
    // The identities find what is wrong with a figure of the workbook.
    assert!(findings(&object, "requests.outcomes").len() == 1, "{}", object["findings"]);
    let mut report = prose_only();
    report["tables"] = json!({ "requests": { "granted": [203, null, 0, 0, 0, 0, "auto"] } });
    let object = check(here.path(), &report, "wrong.xlsx", 1);
    let differs = findings(&object, "figures.differs");
    assert_eq!(
        differs,
        [format!("“（一）予以公开·自然人”在报告里是 203，工作表“requests” {granted} 是 204")]
    );
}

#[test]
fn hand_made_sheet_is_read_by_its_labels() {
    let here = folder();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("复议诉讼").expect("a name");
    let labels = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
    sheet.write_string(0, 0, "2023年复议、诉讼情况").expect("writes");
    for (at, text) in [(1, "行政复议"), (6, "行政诉讼")] {
        sheet.write_string(3, at, text).expect("writes");
    }
    for (at, head) in (0_u16..).zip(labels) {
        sheet.write_string(4, at + 1, head).expect("writes");
    }
    sheet.write_string(4, 6, "未经复议 直接起诉").expect("writes");
    sheet.write_string(4, 11, "复议后起诉").expect("writes");
    for (at, head) in (0_u16..).zip(labels.iter().chain(&labels)) {
        sheet.write_string(5, at + 6, *head).expect("writes");
    }
    for column in 0_u16..15 {
        let value = if column % 5 == 4 {
            0.3
        } else if column % 5 < 2 {
            [0.1, 0.2][usize::from(column % 5)]
        } else {
            0.0
        };
        sheet.write_number(6, column + 1, value * 10.0).expect("writes");
    }
    book.save(here.path().join("hand.xlsx")).expect("saves");
    let mut report = qingzhen();
    report["tables"].as_object_mut().expect("tables").remove("litigation");
    let object = check(here.path(), &report, "hand.xlsx", 0);
    assert_eq!(object["errors"], 0, "{}", object["findings"]);
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "hand.xlsx", "--fill"]).ends(0);
    assert_eq!(ran.document()["tables"]["litigation"]["litigation_direct"], json!([1, 2, 0, 0, 3]));
}

#[test]
fn a_label_that_is_nearly_right_is_offered() {
    let here = folder();
    let layout = std::fs::read_to_string(root().join("layouts").join(LAYOUT).with_extension("toml"));
    let layout: toml::Table = layout.expect("reads").parse().expect("TOML");
    let table = layout["tables"].as_array().expect("tables").iter();
    let table = table.clone().find(|table| table["key"].as_str() == Some("requests")).expect("the table");
    let rows = table["figures"].as_table().expect("rows").values();
    let labels: Vec<&str> = rows.map(|row| row["label"].as_str().expect("a label")).collect();
    let write = |misspelt: &str| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("申请").expect("a name");
        // As the form is printed: three columns of labels, by their levels.
        for (label, at) in labels.iter().zip(3_u32..) {
            let level = match label.chars().next() {
                Some('（') => 1,
                Some('0'..='9') => 2,
                _ => 0,
            };
            let label = label.replace("予以公开", misspelt);
            sheet.write_string(at, level, label).expect("writes");
            for column in 3_u16..10 {
                sheet.write_number(at, column, 0).expect("writes");
            }
        }
        book.save(here.path().join("hand.xlsx")).expect("saves");
    };
    let mut report = qingzhen();
    report["tables"].as_object_mut().expect("tables").remove("requests");
    write("予以公开");
    let object = check(here.path(), &report, "hand.xlsx", 0);
    assert_eq!(findings(&object, "figures.missing"), [""; 0], "{object:#}");
    write("给予公开");
    let object = check(here.path(), &report, "hand.xlsx", 1);
    let all = object["findings"].as_array().expect("findings").iter();
    let missing: Vec<&Value> = all.filter(|finding| finding["rule"] == "figures.missing").collect();
    assert_eq!(missing.len(), 7, "the row has seven figures");
    for finding in missing {
        let message = finding["message"].as_str().expect("text");
        assert!(message.contains("工作表“申请”里找不到“（一）予以公开·"), "{message}");
        let hint = finding["hint"]["zh"].as_str().expect("a hint");
        assert!(hint.contains("B6 的“（一）给予公开”是不是它"), "{hint}");
    }
}

#[test]
fn csv_gives_figures_by_their_keys() {
    let here = folder();
    let mut csv = String::from("table,row,column,value,说明\n");
    for (table, row, column, value) in figures() {
        csv.push_str(&format!("{table},{row},{column},{value},备注\n"));
    }
    let (gbk, ..) = encoding_rs::GBK.encode(&csv);
    std::fs::write(here.path().join("figures.csv"), &gbk).expect("writes");
    let object = check(here.path(), &prose_only(), "figures.csv", 0);
    assert_eq!(object["errors"], 0, "{}", object["findings"]);
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "figures.csv", "--fill"]).ends(0);
    assert_eq!(ran.document()["tables"], qingzhen()["tables"]);
    let wrong = csv.replace("requests,granted,other,0", "requests,grantd,other,0")
        + "litigation,reconsideration,total,1,\n";
    std::fs::write(here.path().join("figures.csv"), wrong).expect("writes");
    let object = check(here.path(), &prose_only(), "figures.csv", 1);
    let unknown = findings(&object, "figures.unknown");
    assert!(unknown.len() == 1 && unknown[0].contains("没有行“grantd”，是不是“granted”？"), "{unknown:?}");
    assert_eq!(findings(&object, "figures.missing"), ["报告和数据文件都没有“（一）予以公开·其他”"]);
    assert_eq!(findings(&object, "figures.twice").len(), 1);
}

#[test]
fn file_without_the_tables_is_reported() {
    let here = folder();
    std::fs::write(here.path().join("none.xlsx"), b"PK").expect("writes");
    std::fs::write(here.path().join("none.csv"), "a,b\n1,2\n").expect("writes");
    rust_xlsxwriter_empty(&here.path().join("other.xlsx"));
    for file in ["none.xlsx", "none.csv", "other.xlsx"] {
        let object = check(here.path(), &qingzhen(), file, 1);
        assert_eq!(findings(&object, "figures.file").len(), 1, "{file}: {}", object["findings"]);
    }
    gongwen(here.path(), &["check", "report.json", "--figures", "absent.xlsx"]).ends(2);
    gongwen(here.path(), &["new", "letter", "--xlsx", "x.xlsx"]).ends(2);
}

fn rust_xlsxwriter_empty(path: &Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(0, 0, "预算").expect("writes");
    book.save(path).expect("saves");
}
