//! The documents of an office, there and back: a Word file without the report inside is read into a report whose files
//! have the same text.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::command::{folder, gongwen, root, with_part};

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

/// A report that is exported to Word, imported and exported again: the report that comes back, and what was told.
fn back(here: &std::path::Path, report: &str) -> (serde_json::Value, String) {
    std::fs::write(here.join("a.json"), report).expect("writes");
    gongwen(here, &["export", "a.json", "--format", "docx", "-o", "one", "--quiet"]).ends(0);
    let told = gongwen(here, &["import", "one/a.docx", "-o", "b.json", "--lang", "en"]).ends(0).err;
    gongwen(here, &["export", "b.json", "--format", "docx", "-o", "two", "--quiet"]).ends(0);
    assert_eq!(shown(&here.join("one/a.docx")), shown(&here.join("two/b.docx")));
    let back = std::fs::read_to_string(here.join("b.json")).expect("reads");
    (serde_json::from_str(&back).expect("JSON"), told)
}

/// The Word file with the texts of its body changed.
fn rewrite(docx: &std::path::Path, changes: &[(&str, &str)]) {
    let changed = with_part(&std::fs::read(docx).expect("is written"), "word/document.xml", |text| {
        changes.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        })
    });
    std::fs::write(docx, changed).expect("writes");
}

/// A `general-document` with these members.
fn general(members: &str) -> String {
    format!(
        r#"{{"format": 1, "layout": "general-document", "issuer": "某某市", "title": "题", "preamble": ["文。"], {members}}}"#
    )
}

#[test]
fn page_that_the_front_begins_is_no_break_of_the_author() {
    let here = folder();
    let report = general(
        r#""cover": {"date": "2025年1月7日"}, "contents": {}, "addressee": "各位代表：",
        "sections": [{"title": "回顾", "body": ["文。"]}]"#,
    );
    let (back, told) = back(here.path(), &report);
    assert_eq!((&back["preamble"], &*told), (&serde_json::json!(["文。"]), ""));
}

/// LibreOffice writes a break in the text where the paragraph had the property.
#[test]
fn page_breaks_in_the_text_come_back() {
    let here = folder();
    std::fs::write(here.path().join("a.json"), general(r#""remark": "注""#)).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx", "-o", ".", "--quiet"]).ends(0);
    let run = r#"<w:r><w:t xml:space="preserve">文。"#;
    let broken = r#"<w:r><w:br w:type="page"/></w:r><w:r><w:t xml:space="preserve">文。"#;
    rewrite(&here.path().join("a.docx"), &[(run, broken)]);
    let back = gongwen(here.path(), &["import", "a.docx"]).ends(0).out;
    let back: serde_json::Value = serde_json::from_str(&back).expect("JSON");
    assert_eq!(back["preamble"], serde_json::json!([{ "page_break": true }, "文。"]));
}

/// Seals, stamps and the space for them come back as they were, the pictures beside the report.
#[test]
fn seals_and_stamps_come_back() {
    let here = folder();
    let seal = root().join("examples/images/seal-sample.png");
    std::fs::create_dir(here.path().join("images")).expect("makes");
    std::fs::copy(&seal, here.path().join("images/seal.png")).expect("copies");
    let check = |signature: &str, more: &str| {
        let members = format!(r#""signature": {signature}{more}"#);
        let (back, told) = back(here.path(), &general(&members));
        let wanted = signature.replace("images/seal.png", "b-images/image-1.png");
        let wanted: serde_json::Value = serde_json::from_str(&wanted).expect("JSON");
        assert_eq!((&back["signature"], &*told), (&wanted, ""));
        if signature.contains("image") {
            let written = std::fs::read(here.path().join("b-images/image-1.png")).expect("is written");
            assert!(written.starts_with(b"\x89PNG"));
        }
        back
    };
    let image = r#""image": "images/seal.png""#;
    let date = r#""date": "2024-05-10""#;
    check(&format!(r#"{{{date}, "seal": {{{image}}}}}"#), "");
    check(&format!(r#"{{"seal": {{{image}, "alt": "章", "diameter": "45mm"}}}}"#), "");
    check(
        &format!(
            r#"{{{date}, "signatories": ["甲局", "乙局"], "seal": [{{{image}}}, {{{image}, "diameter": "50mm"}}]}}"#
        ),
        "",
    );
    check(&format!(r#"{{{date}, "stamp": {{"post": "市　长", {image}, "width": "30mm"}}}}"#), "");
    check(&format!(r#"{{{date}, "stamp": {{"post": "市长"}}}}"#), "");
    let back = check(&format!(r#"{{{date}, "seal": "reserve"}}"#), "");
    assert!(back["issuer_kind"].is_null());
    // The space is that of the seal of a government.
    let back = check(&format!(r#"{{{date}, "seal": "reserve"}}"#), r#", "issuer_kind": "government""#);
    assert_eq!(back["issuer_kind"], "government");
    check(&format!(r#"{{{date}, "signatories": ["甲局", "乙局"]}}"#), "");
}

#[test]
fn sections_of_an_issued_text_come_back_as_sections() {
    let here = folder();
    let issued = serde_json::json!({ "title": "决定", "body": ["为了甲："], "sections": [
        { "title": "废止的规章", "body": [{ "list": ["一；", "二。"] }] },
        { "title": "修改的规章", "new_page": true, "body": ["乙。"] },
    ] });
    let report = format!(
        r#"{{"format": 1, "layout": "order", "issuer": "某某市", "letterhead": {{"organ": "某某市人民政府令"}},
        "metadata": {{"document_number": "第1号"}}, "preamble": ["现予公布。"], "signature": {{"date": "2024-05-10"}},
        "issued_text": {issued}}}"#
    );
    let (back, told) = back(here.path(), &report);
    assert_eq!((&back["issued_text"], &*told), (&issued, ""));
}

/// Each attachment stays where it was, with its tables and pictures; so do those who sign.
#[test]
fn attachments_of_both_texts_and_signers_come_back() {
    let here = folder();
    let image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let table = serde_json::json!({ "table": { "caption": "分工表", "header": [["任务", "单位"]],
        "rows": [["甲", "乙"]], "widths": ["50mm", "60mm"] } });
    let picture = serde_json::json!({ "image": image, "alt": "流程图", "caption": "图一", "width": "100mm" });
    let attachments =
        serde_json::json!([{ "title": "任务表", "body": [table] }, { "title": "名单", "body": [] }]);
    let issued = serde_json::json!({ "title": "办法", "body": ["第一条　甲。"], "attachments": [
        { "title": "申请表", "body": [] }, { "title": "任务表", "body": ["乙。"] }, { "title": "流程图", "body": [picture] },
    ] });
    let report = format!(
        r#"{{"format": 1, "layout": "notice", "issuer": "某某市", "title": "关于印发办法的通知", "addressee": "各局：",
        "letterhead": {{"organ": "某某市文件", "signers": ["张三", "王　四", "李五五"]}},
        "metadata": {{"document_number": "某〔2024〕1号"}}, "preamble": ["现印发给你们。"],
        "signature": {{"date": "2024-05-10"}}, "attachments": {attachments}, "issued_text": {issued}}}"#
    );
    let (mut back, told) = back(here.path(), &report);
    let path = &mut back["issued_text"]["attachments"][2]["body"][0]["image"];
    assert_eq!(*path, "b-images/image-1.png");
    *path = image.into();
    assert_eq!((&back["attachments"], &back["issued_text"], &*told), (&attachments, &issued, ""));
    assert_eq!(back["letterhead"]["signers"], serde_json::json!(["张三", "王　四", "李五五"]));
}

/// What an author set of a table comes back, and nothing of what the program found by itself.
#[test]
fn sizes_of_tables_come_back() {
    let here = folder();
    let rows = serde_json::json!([["甲", 1, "2.50"], ["　　乙", 3, 4.75]]);
    let check = |more: serde_json::Value| {
        let mut table = serde_json::json!({ "header": [["项目", "数一", "数二"]], "rows": rows });
        table.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let report = serde_json::json!({ "format": 1, "layout": "general-document", "issuer": "某某市", "title": "题",
            "preamble": ["文。", { "table": table }] });
        let (back, told) = back(here.path(), &report.to_string());
        assert_eq!((&back["preamble"][1]["table"], &*told), (&table, ""));
    };
    check(serde_json::json!({}));
    check(serde_json::json!({ "size": "9pt" }));
    check(serde_json::json!({ "widths": ["50mm", "40mm", "33.3mm"] }));
    check(serde_json::json!({ "row_heights": ["18mm"], "description": "两类的数" }));
    check(
        serde_json::json!({ "row_heights": ["10mm", "20.5mm"], "widths": ["20mm", "30mm", "40mm"], "size": "14pt" }),
    );
    check(serde_json::json!({ "row_heights": ["40mm"], "keep_together": true }));
    check(serde_json::json!({ "orientation": "landscape", "widths": ["100mm", "60mm", "50mm"] }));
}

/// Where the program broke a title it breaks it again; what the author broke stays broken.
#[test]
fn titles_keep_the_breaks_of_their_authors() {
    let here = folder();
    let long = "某某市人民政府办公室关于进一步做好某某工作和另外某些重要事项的通知";
    for title in [long, "某某市人民政府\n关于某事的通知"] {
        let report = general(&format!(
            r#""attachments": [{{"title": {title}, "body": ["甲。"]}}]"#,
            title = serde_json::json!(title)
        ));
        let report = report.replace("\"题\"", &serde_json::json!(title).to_string());
        let (back, told) = back(here.path(), &report);
        assert_eq!((&back["title"], &*told), (&serde_json::json!(title), ""));
        assert_eq!(back["attachments"][0]["title"], title);
    }
    // The breaks of a title that was edited afterwards are those of the old one.
    rewrite(&here.path().join("one/a.docx"), &[("关于某事", "关于另外某事")]);
    let back = gongwen(here.path(), &["import", "one/a.docx"]).ends(0).out;
    assert!(back.contains("\"title\": \"某某市人民政府关于另外某事的通知\""), "{back}");
}

/// A chart that the program made higher for its names is made so again.
#[test]
fn heights_of_charts_come_back_where_authors_set_them() {
    let here = folder();
    let rows: Vec<serde_json::Value> = (0..12)
        .map(|at| serde_json::json!([format!("某某市人民政府办公室政务公开科综合协调组第{at}小组"), at + 1]))
        .collect();
    for height in [None, Some("140mm")] {
        let mut chart = serde_json::json!({ "kind": "pie", "table": "表1", "caption": "图1" });
        if let Some(height) = height {
            chart["height"] = height.into();
        }
        let report = serde_json::json!({ "format": 1, "layout": "general-document", "issuer": "某某市", "title": "题",
            "preamble": [{ "table": { "caption": "表1", "header": [["单位", "受理"]], "rows": rows } }, { "chart": chart }] });
        let (back, told) = back(here.path(), &report.to_string());
        assert_eq!((&back["preamble"][1]["chart"], &*told), (&chart, ""));
    }
}

/// What no report may have of a picture does no harm.
#[test]
fn strange_pictures_and_lengths_are_told_or_left_out() {
    let here = folder();
    let seal = root().join("examples/images/seal-sample.png");
    std::fs::copy(&seal, here.path().join("seal.png")).expect("copies");
    let report = general(
        r#""sections": [{"body": [{"image": "seal.png", "alt": "图"}, {"table": {"rows": [["甲", "乙"]]}}]}],
        "signature": {"date": "2024-05-10", "seal": {"image": "seal.png"}}"#,
    );
    std::fs::write(here.path().join("a.json"), &report).expect("writes");
    let export = || {
        gongwen(here.path(), &["export", "a.json", "--format", "docx", "-o", ".", "--quiet", "--force"])
            .ends(0)
    };
    export();
    let far = "9223372036854775807";
    let docx = here.path().join("a.docx");
    let height = r#"<w:trHeight w:val=""#;
    rewrite(&docx, &[(height, &format!("{height}{far}\" w:x=\"")), ("cx=\"", &format!("cx=\"{far}\" x=\""))]);
    gongwen(here.path(), &["import", "a.docx", "-o", "b.json"]).ends(0);
    gongwen(here.path(), &["check", "b.json"]).ends(0);
    export();
    rewrite(&docx, &[("rIdImage1", "rIdNone"), ("descr=\"某某市印章\"", "")]);
    let told = gongwen(here.path(), &["import", "a.docx", "-o", "b.json", "--lang", "en"]).ends(0).err;
    assert!(told.contains("import.unplaced") && told.contains("图片"), "{told}");
    gongwen(here.path(), &["check", "b.json"]).ends(0);
}

#[test]
fn a_text_in_another_style_is_told_once() {
    let here = folder();
    std::fs::write(here.path().join("a.json"), general(r#""remark": "联系人：王工""#)).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx", "--embed-source", "-o", ".", "--quiet"])
        .ends(0);
    rewrite(&here.path().join("a.docx"), &[("w:pStyle w:val=\"Remark\"", "w:pStyle w:val=\"Heading1\"")]);
    let told = gongwen(here.path(), &["import", "a.docx", "--lang", "en"]).ends(0).err;
    assert!(told.lines().count() == 1 && told.contains("another style"), "{told}");
}

#[test]
fn edited_names_of_a_meeting_and_signers_are_read_back() {
    let here = folder();
    let report = r#"{
  "format": 1, "layout": "minutes", "issuer": "某某市", "title": "会议纪要",
  "letterhead": {"organ": "某某市会议纪要", "signers": ["张三"]},
  "metadata": {"document_number": "〔2024〕1号"},
  "preamble": ["现纪要如下："],
  "attendance": {"present": ["李　一", "王样例", "市水务局赵一"], "excused": ["卫样例"]}
}"#;
    std::fs::write(here.path().join("a.json"), report).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx", "--embed-source", "-o", ".", "--quiet"])
        .ends(0);
    let docx = here.path().join("a.docx");
    assert_eq!(gongwen(here.path(), &["import", "a.docx"]).ends(0).out, report);
    let new_list = "卫样例　沈五</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Attendance\"/></w:pPr>\
        <w:r><w:t>列席：</w:t></w:r><w:r><w:t>韩六　杨七</w:t></w:r></w:p>";
    rewrite(
        &docx,
        &[
            ("王样例　市水务局赵一", "王样例　钱二　市水务局孙三　周四"),
            ("卫样例</w:t></w:r></w:p>", new_list),
            ("张三", "张三　陈六"),
        ],
    );
    let imported = gongwen(here.path(), &["import", "a.docx", "-o", "b.json"]).ends(0);
    assert_eq!(imported.err, "");
    let wanted = report
        .replace("\"王样例\", \"市水务局赵一\"", "\"王样例\", \"钱二\", \"市水务局孙三\", \"周四\"")
        .replace("[\"卫样例\"]", "[\"卫样例\", \"沈五\"], \"observers\": [\"韩六\", \"杨七\"]")
        .replace("[\"张三\"]", "[\"张三\", \"陈六\"]");
    assert_eq!(std::fs::read_to_string(here.path().join("b.json")).expect("reads"), wanted);
}

/// A seal that was taken out of the Word file, or put into it, is told.
#[test]
fn seals_that_come_or_go_in_word_are_told() {
    let here = folder();
    let seal = root().join("examples/images/seal-sample.png");
    std::fs::copy(&seal, here.path().join("seal.png")).expect("copies");
    let report = general(r#""signature": {"date": "2024-05-10", "seal": {"image": "seal.png"}}"#);
    std::fs::write(here.path().join("a.json"), &report).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx", "--embed-source", "-o", ".", "--quiet"])
        .ends(0);
    assert_eq!(gongwen(here.path(), &["import", "a.docx", "--lang", "en"]).ends(0).err, "");
    rewrite(
        &here.path().join("a.docx"),
        &[("<w:drawing>", "<w:del><w:drawing>"), ("</w:drawing>", "</w:drawing></w:del>")],
    );
    let told = gongwen(here.path(), &["import", "a.docx", "--lang", "en"]).ends(0).err;
    assert!(told.contains("import.deleted") && told.contains("印章"), "{told}");
}

#[test]
fn what_stands_behind_the_date_or_in_a_box_is_not_lost() {
    let here = folder();
    let example = root().join("examples/qingzhen-2023.json");
    let example = example.to_str().expect("UTF-8");
    gongwen(here.path(), &["export", example, "--format", "docx", "-o", "out"]).ends(0);
    let file = std::fs::read(here.path().join("out/qingzhen-2023.docx")).expect("was written");
    let shape = "<w:p><w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>\
        <w:p><w:r><w:t>框里的话。</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>";
    for (added, text) in
        [("<w:p><w:r><w:t>日期后的话。</w:t></w:r></w:p>", "日期后的话。"), (shape, "框里的话。")]
    {
        let edited = with_part(&file, "word/document.xml", |xml| {
            let at = xml.rfind("<w:sectPr").expect("a last section");
            format!("{}{added}{}", &xml[..at], &xml[at..])
        });
        std::fs::write(here.path().join("a.docx"), edited).expect("writes");
        let ran = gongwen(here.path(), &["import", "a.docx", "-o", "a.json"]).ends(0);
        let report = std::fs::read_to_string(here.path().join("a.json")).expect("was written");
        assert!(!report.contains(text), "it is no part of the text");
        assert!(ran.err.contains(text), "{}", ran.err);
    }
}
