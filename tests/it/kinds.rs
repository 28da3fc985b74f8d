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
