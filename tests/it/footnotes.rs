//! Footnotes, there and back: from the report into a Word file and out of it again, and out of Word files of others.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::command::{Ran, folder, gongwen};

/// A report with footnotes wherever they may stand.
fn report() -> Value {
    json!({
        "format": 1, "layout": "general-document", "issuer": "某某局", "title": "关于样例的说明",
        "preamble": [["前言", { "note": "前言的注。" }, "说明了", { "note": "第二个注。" }, { "note": "第三个注。" }, "。"]],
        "sections": [{ "title": "情况", "body": [
            ["（一）一个标题", { "note": "标题的注。" }],
            ["（二）接排的标题。", { "note": "接排的注，见 www.example.gov.cn 。" }, "后面的文字。"],
            { "list": [["第一", { "text": "项", "strong": true }, { "note": "项的注。" }, "。"], "第二项。"] },
            { "table": { "header": [["名称", "数量"]], "rows": [
                [{ "text": ["甲", { "note": "格的注。" }] }, 1], ["乙", { "text": ["2", { "note": "数的注。" }] }]
            ] } },
            "没有注的段落。"
        ] }]
    })
}

/// The parts of a Word file.
fn parts(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(std::fs::read(file).expect("is written"))).expect("a ZIP file");
    let count = archive.len();
    let part = |at: usize| {
        let mut part = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("reads");
        (part.name().expect("a name").into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

fn part(file: &Path, name: &str) -> String {
    let found = parts(file).into_iter().find(|(own, _)| own == name).expect("has the part");
    String::from_utf8(found.1).expect("UTF-8")
}

fn pack(file: &Path, parts: &[(String, Vec<u8>)]) {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("begins");
        archive.write_all(bytes).expect("writes");
    }
    std::fs::write(file, archive.finish().expect("ends").into_inner()).expect("writes");
}

/// The footnotes of a value, each with the text before it in its list.
fn notes(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => {
            let mut before = String::new();
            for item in items {
                match item {
                    Value::String(text) => before += text,
                    Value::Object(span) if span.contains_key("note") => {
                        let note = span["note"].as_str().expect("a text");
                        found.push((before.clone(), note.to_owned()));
                    }
                    Value::Object(span) if span.get("text").is_some_and(Value::is_string) => {
                        before += span["text"].as_str().unwrap_or_default();
                    }
                    _ => notes(item, found),
                }
            }
        }
        Value::Object(members) => members.values().for_each(|member| notes(member, found)),
        _ => {}
    }
}

fn notes_of(file: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    notes(&serde_json::from_slice(&std::fs::read(file).expect("is written")).expect("is JSON"), &mut found);
    found.sort();
    found
}

/// All that it said.
fn all(ran: Ran) -> String {
    ran.out + &ran.err
}

fn written(here: &Path, report: &Value) {
    std::fs::write(here.join("a.json"), report.to_string()).expect("writes");
}

#[test]
fn footnotes_come_back_from_a_word_file_without_the_report() {
    let here = folder();
    written(here.path(), &report());
    gongwen(here.path(), &["export", "a.json", "-o", "one", "--quiet"]).ends(0);
    let told = gongwen(here.path(), &["import", "one/a.docx", "-o", "b.json"]).ends(0);
    assert!(!told.err.contains("脚注"), "{}", told.err);
    assert_eq!(notes_of(&here.path().join("b.json")), notes_of(&here.path().join("a.json")));
    gongwen(here.path(), &["export", "b.json", "-o", "two", "--quiet"]).ends(0);
    for name in ["word/footnotes.xml", "word/document.xml"] {
        let (one, two) =
            (part(&here.path().join("one/a.docx"), name), part(&here.path().join("two/b.docx"), name));
        assert_eq!(one, two, "{name}");
    }
}

#[test]
fn an_edited_footnote_changes_the_report_inside() {
    let here = folder();
    written(here.path(), &report());
    gongwen(here.path(), &["export", "a.json", "--embed-source", "--format", "docx", "-o", ".", "--quiet"])
        .ends(0);
    gongwen(here.path(), &["import", "a.docx", "-o", "same.json", "--quiet"]).ends(0);
    let same = std::fs::read(here.path().join("same.json")).expect("is written");
    assert_eq!(same, std::fs::read(here.path().join("a.json")).expect("is there"), "nothing was edited");
    let mut edited = parts(&here.path().join("a.docx"));
    for (name, bytes) in &mut edited {
        if name == "word/footnotes.xml" {
            let text = String::from_utf8(std::mem::take(bytes)).expect("UTF-8");
            *bytes = text.replace("项的注。", "改过的注。").replace("格的注。", "格的新注。").into_bytes();
        }
    }
    pack(&here.path().join("a.docx"), &edited);
    gongwen(here.path(), &["import", "a.docx", "-o", "b.json", "--quiet"]).ends(0);
    let (before, after) = (notes_of(&here.path().join("a.json")), notes_of(&here.path().join("b.json")));
    let new: Vec<_> =
        after.iter().filter(|note| !before.contains(note)).map(|(_, note)| note.as_str()).collect();
    assert_eq!((new, after.len()), (vec!["格的新注。", "改过的注。"], before.len()));
}

#[test]
fn footnotes_of_others_come_back_where_they_are_simple() {
    let here = folder();
    let word = |name: &str, body: &str| {
        format!(
            r#"<w:{name} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{body}</w:{name}>"#
        )
        .into_bytes()
    };
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let mark = |id: u32| format!(r#"<w:r><w:footnoteReference w:id="{id}"/></w:r>"#);
    let paragraphs = [
        run("关于工作情况的报告"),
        format!("{}{}{}", run("今年的工作"), mark(1), run("进展顺利，各项任务按期完成。")),
        format!("{}{}", run("明年的工作还要继续努力，不断取得新的成绩。"), mark(2)),
        // In one run with raised digits, in a struck one, and beside a comment.
        format!(
            r#"<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t><w:footnoteReference w:id="3"/></w:r>{}<w:r><w:rPr><w:strike/></w:rPr><w:t>划去</w:t><w:footnoteReference w:id="4"/></w:r><w:r><w:commentReference w:id="0"/></w:r>{}{}"#,
            run("面积"),
            mark(5),
            run("平方米。")
        ),
    ];
    let body: String = paragraphs.iter().map(|own| format!("<w:p>{own}</w:p>")).collect();
    let note = |id: u32, paragraphs: &[&str]| {
        let own: String = paragraphs.iter().map(|text| format!("<w:p>{}</w:p>", run(text))).collect();
        format!(r#"<w:footnote w:id="{id}">{own}</w:footnote>"#)
    };
    let notes = note(1, &["指上半年。"])
        + &note(2, &["第一段。", "第二段。"])
        + &note(3, &["上标的注。"])
        + &note(4, &["划去的注。"])
        + &note(5, &["面积的注。"]);
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    pack(
        &here.path().join("a.docx"),
        &[
            ("[Content_Types].xml".to_owned(), types.into()),
            ("word/document.xml".to_owned(), word("document", &format!("<w:body>{body}</w:body>"))),
            ("word/footnotes.xml".to_owned(), word("footnotes", &notes)),
        ],
    );
    let told = gongwen(here.path(), &["import", "a.docx", "-o", "b.json"]).ends(0).err;
    let expected = [("¹²", "上标的注。"), ("¹²面积", "面积的注。"), ("今年的工作", "指上半年。")];
    let expected = expected.map(|(before, note)| (before.to_owned(), note.to_owned()));
    assert_eq!(notes_of(&here.path().join("b.json")), expected);
    for note in ["第一段。", "划去的注。"] {
        assert!(told.contains(note), "{note}: {told}");
    }
    assert!(!told.contains("指上半年"), "{told}");
}

#[test]
fn a_footnote_that_cannot_stand_is_told_with_its_place() {
    let here = folder();
    let told = |key: &str, value: Value| {
        let mut report = report();
        report[key] = value;
        written(here.path(), &report);
        all(gongwen(here.path(), &["check", "a.json", "--json"]).ends(1))
    };
    let first = told("preamble", json!([[{ "note": "注。" }, "文字。"]]));
    assert!(first.contains("report.note") && first.contains("/preamble/0/0/note"), "{first}");
    let blank = told("preamble", json!([["文字。", { "note": " " }]]));
    assert!(blank.contains("report.empty") && blank.contains("/preamble/0/1/note"), "{blank}");
    let both = told("preamble", json!([["文字。", { "note": "注。", "text": "字" }]]));
    assert!(both.contains("report.unknown-field") && both.contains("/preamble/0/1/text"), "{both}");
    let title = told("title", json!(["题", { "note": "注。" }]));
    assert!(title.contains("report.type") && title.contains("/title"), "{title}");
    let cell =
        json!([{ "table": { "rows": [[{ "text": ["甲", { "note": "注。" }], "vertical": true }, "乙"]] } }]);
    let vertical = told("preamble", cell);
    assert!(vertical.contains("report.note") && vertical.contains("/0/0/text/1/note"), "{vertical}");
}

#[test]
fn footnotes_are_checked_and_mended_as_other_texts() {
    let here = folder();
    let check = |note: &str| {
        let preamble = json!([["文字", { "note": note }, "。"]]);
        written(
            here.path(),
            &json!({ "preamble": preamble, "format": 1, "layout": "general-document", "issuer": "某某局", "title": "题" }),
        );
        all(gongwen(here.path(), &["check", "a.json", "--json"]))
    };
    let glyph = check("有\u{e000}字。");
    assert!(glyph.contains("text.glyph") && glyph.contains("/preamble/0/1/note"), "{glyph}");
    let invisible = check("看不见的\u{200b}字。");
    assert!(invisible.contains("/preamble/0/1/note"), "{invisible}");
    let half = check("半角,标点。");
    assert!(half.contains("text.half-width") && half.contains("/preamble/0/1/note"), "{half}");
    gongwen(here.path(), &["fix", "a.json", "--write", "--quiet"]).ends(0);
    assert_eq!(notes_of(&here.path().join("a.json"))[0].1, "半角，标点。");
    std::fs::copy(here.path().join("a.json"), here.path().join("old.json")).expect("copies");
    check("另一个注。");
    let changed = all(gongwen(here.path(), &["diff", "old.json", "a.json"]));
    assert!(changed.contains("另一个注。"), "{changed}");
}
