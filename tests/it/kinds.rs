//! The documents of an office, there and back: a Word file without the report inside is read into a report whose files
//! have the same text.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::command::{folder, gongwen, root};

/// The text of a Word file, paragraph by paragraph, with what is bold, raised and lowered.
fn shown(docx: &std::path::Path) -> Vec<String> {
    let bytes = std::fs::read(docx).expect("is written");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP file");
    let mut xml = String::new();
    let mut part = archive.by_name("word/document.xml").expect("a Word file");
    part.read_to_string(&mut xml).expect("UTF-8");
    let mut reader = Reader::from_str(&xml);
    let (mut found, mut text, mut look, mut in_text) = (Vec::new(), String::new(), String::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == "w:vertAlign" => {
                let value = element.attributes().flatten().next().expect("a value").value.into_owned();
                look.push_str(&value);
            }
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == "w:b" => {
                look.push('*')
            }
            Event::Start(element) => match element.name().as_ref() {
                "w:r" => look.clear(),
                "w:t" => in_text = true,
                _ => {}
            },
            Event::Text(own) if in_text => text += &format!("{look}{}{look}", &*own),
            Event::End(element) => match element.name().as_ref() {
                "w:t" => in_text = false,
                "w:p" if !text.is_empty() => found.push(std::mem::take(&mut text)),
                _ => {}
            },
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn a_span_is_drawn_and_checked_in_its_own_face() {
    let here = folder();
    let report = r#"{"format": 1, "layout": "general-document", "issuer": "某某市", "title": "题",
        "preamble": [["甲", {"text": "乙", "face": "kai"}]]}"#;
    std::fs::write(here.path().join("a.json"), report).expect("writes");
    let used = gongwen(here.path(), &["fonts", "a.json"]).ends(0).out;
    assert!(used.contains("GwKai GB  1 字"), "{used}");
}

#[test]
fn word_files_of_every_kind_come_back_without_the_report_inside() {
    let here = folder();
    for name in ["order", "minutes", "reply", "announcement", "report", "plan", "final-accounts"] {
        let example = root().join("examples").join(format!("{name}.json"));
        let example = example.to_str().expect("UTF-8");
        gongwen(here.path(), &["export", example, "--format", "docx", "-o", "one", "--quiet"]).ends(0);
        let file = format!("one/{name}.docx");
        let back = format!("{name}.json");
        gongwen(here.path(), &["import", &file, "-o", &back, "--quiet"]).ends(0);
        gongwen(here.path(), &["export", &back, "--format", "docx", "-o", "two", "--quiet"]).ends(0);
        let before = shown(&here.path().join(&file));
        let after = shown(&here.path().join(format!("two/{name}.docx")));
        assert_eq!(before, after, "{name}");
    }
}

/// What is carried over has its first columns again, all figures once, and comes back as one table.
#[test]
fn columns_carried_over_come_back_as_one_table() {
    let here = folder();
    let header: Vec<String> = (1..=24).map(|at| format!("\"第{at}项金额\"")).collect();
    let figures: Vec<String> = (1..=24).map(|at| format!("\"{at}1234.56\"")).collect();
    let report = format!(
        r#"{{"format": 1, "layout": "general-document", "issuer": "某某市", "title": "题", "preamble": [{{"table": {{
        "caption": "支出表", "repeat_columns": 1, "unit": "单位：元",
        "header": [[{{"text": "项目", "rows": 2}}, {{"text": "各项", "columns": 24}}], [{}]],
        "rows": [["甲", {}]], "notes": ["注：见上。"]}}}}]}}"#,
        header.join(", "),
        figures.join(", "),
    );
    std::fs::write(here.path().join("a.json"), report).expect("writes");
    gongwen(here.path(), &["export", "a.json", "-o", "one", "--quiet"]).ends(0);
    let texts = shown(&here.path().join("one/a.docx"));
    let count = |text: &str| texts.iter().filter(|found| found.contains(text)).count();
    let parts = count("支出表");
    assert!(parts > 1 && count("支出表（续）") == parts - 1, "{texts:?}");
    assert_eq!(
        [count("项目"), count("甲"), count("单位：元"), count("注：见上。")],
        [parts, parts, parts, 1]
    );
    assert!((1..=24).all(|at| count(&format!("第{at}项金额")) == 1 && count(&format!("{at}1234.56")) >= 1));
    gongwen(here.path(), &["import", "one/a.docx", "-o", "b.json", "--quiet"]).ends(0);
    let back = std::fs::read_to_string(here.path().join("b.json")).expect("reads");
    let back: serde_json::Value = serde_json::from_str(&back).expect("JSON");
    let table = &back["preamble"][0]["table"];
    assert_eq!(back["preamble"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        [&table["caption"], &table["repeat_columns"]],
        [&serde_json::json!("支出表"), &serde_json::json!(1)]
    );
    assert_eq!(table["header"][0][1], serde_json::json!({ "text": "各项", "columns": 24, "rows": 1 }));
    assert_eq!(table["header"][1].as_array().map(Vec::len), Some(24));
    assert_eq!(table["rows"][0].as_array().map(Vec::len), Some(25));
    assert_eq!(table["notes"], serde_json::json!(["注：见上。"]));
}

#[test]
fn attachments_behind_an_issued_text_stay_those_of_the_document() {
    let here = folder();
    let report = r#"{"format": 1, "layout": "notice", "issuer": "某某市", "title": "关于印发办法的通知", "addressee": "各局：",
        "preamble": ["现印发给你们。"], "signature": {"date": "2024-05-10"},
        "issued_text": {"title": "办法", "body": ["第一条　甲。"]},
        "attachments": [{"title": "名单", "body": ["乙。"]}]}"#;
    std::fs::write(here.path().join("a.json"), report).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx", "-o", "one", "--quiet"]).ends(0);
    gongwen(here.path(), &["import", "one/a.docx", "-o", "b.json", "--quiet"]).ends(0);
    let back = std::fs::read_to_string(here.path().join("b.json")).expect("reads");
    let back: serde_json::Value = serde_json::from_str(&back).expect("JSON");
    assert_eq!(back["attachments"], serde_json::json!([{ "title": "名单", "body": ["乙。"] }]));
    assert_eq!(back["issued_text"], serde_json::json!({ "title": "办法", "body": ["第一条　甲。"] }));
}

/// What `export` prints of a document.
fn told(report: &serde_json::Value) -> String {
    let here = folder();
    std::fs::create_dir(here.path().join("images")).expect("makes a folder");
    let seal = root().join("examples/images/seal-sample.png");
    std::fs::copy(seal, here.path().join("images/seal-sample.png")).expect("copies");
    std::fs::write(here.path().join("a.json"), report.to_string()).expect("writes");
    gongwen(here.path(), &["export", "a.json", "-o", "out", "--allow-errors"]).err
}

fn document(more: serde_json::Value) -> serde_json::Value {
    let mut document = serde_json::json!({
        "format": 1, "layout": "notice", "issuer": "样例市人民政府办公室", "title": "关于有关事项的通知",
        "letterhead": {}, "addressee": "各县（市、区）人民政府：", "preamble": ["正文。"],
        "signature": {"date": "2025-03-07"}, "metadata": {"document_number": "样府办发〔2025〕3号"}
    });
    for (key, value) in more.as_object().expect("an object") {
        document[key] = value.clone();
    }
    document
}

#[test]
fn parts_that_break_the_standard_are_told() {
    for (more, rule, words) in [
        (
            serde_json::json!({"letterhead": {"copy_number": "12"}}),
            "letterhead.number",
            "份号“12”不是六位数字",
        ),
        (
            serde_json::json!({"metadata": {"document_number": "样府办发[2025]第003号"}}),
            "letterhead.number",
            "应写作“样府办发〔2025〕3号”",
        ),
        (
            serde_json::json!({"signature": {"date": "2025-03-07", "seal": {"image": "images/seal-sample.png", "diameter": "200mm"}}}),
            "image.width",
            "的印章太大",
        ),
        (serde_json::json!({"title_note": ""}), "report.empty", "标题下的这一行是空的"),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲", "乙"]], "rows": [["丙", "auto"]]}}]}),
            "figure.auto",
            "自拟的表格不能写",
        ),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲"]], "rows": [["乙"]], "sums": [{"total": "乙", "of": []}]}}]}),
            "report.empty",
            "没有写出相加的各项",
        ),
        (
            serde_json::json!({"preamble": [{"table": {"header": [["甲"]], "rows": [[{"text": "乙", "rows": 3}], []]}}]}),
            "table.cells",
            "单元格占 3 行，而表格从这里起只有 2 行",
        ),
        (serde_json::json!({"preamble": ["{{ year }}"]}), "reference.unknown", "报告没有填写“year”"),
        (
            serde_json::json!({
                "title": "样例市人民政府办公室关于印发《样例市推动大规模设备更新和消费品以旧换新实施办法（试行）》等三个文件的通知",
                "addressee": "各县（市、区）人民政府，市高新区管委会、经开区管委会，市政府各部门、各直属机构，中央、省驻样例各单位：",
                "preamble": ["《样例市推动大规模设备更新和消费品以旧换新实施办法（试行）》已经市政府第28次常务会议审议通过，现印发给你们，请结合实际认真贯彻执行，执行中的问题及时报告。"],
                "signature": {"date": "2025-03-07", "seal": "reserve"}
            }),
            "page.first",
            "首页没有正文",
        ),
    ] {
        let told = told(&document(more));
        assert!(told.contains(rule) && told.contains(words), "{rule}: {told}");
    }
    let told = told(&document(serde_json::json!({"letterhead": {"copy_number": "000012"}})));
    assert!(!told.contains('['), "{told}");
}
