//! The fonts of a document and its pages as pictures, from outside.

#[path = "../../src/font/fixture.rs"]
mod fixture;

use std::path::Path;

use crate::command::{folder, gongwen, names};

fn write_report(folder: &Path, name: &str, text: &str) {
    let report = serde_json::json!({
        "format": 1, "layout": "general-document", "issuer": "某某市人民政府办公室",
        "title": "关于样例的说明", "sections": [{ "body": [text] }],
    });
    std::fs::write(folder.join(name), report.to_string()).expect("writes");
}

#[test]
fn fonts_are_listed_with_their_sources() {
    let here = folder();
    let ran = gongwen(here.path(), &["fonts"]).ends(0);
    for part in
        ["方正小标宋简体", "仿宋_GB2312", "ZhuqueFangsong-Regular.ttf", "SIL Open Font License", "SHA-256"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let object = gongwen(here.path(), &["fonts", "--json"]).ends(0).object();
    assert_eq!(object["fonts"].as_array().expect("a list").len(), 6);
    assert_eq!(object["fonts"][1]["source"], "shipped");
    gongwen(here.path(), &["fonts", "--json", "-o", "fonts.json"]).ends(0);
    assert_eq!(names(here.path()), ["fonts.json"]);
}

#[test]
fn fonts_of_a_report_show_what_is_missing_and_where() {
    let here = folder();
    write_report(here.path(), "a.json", "公文①㎡\u{e863}");
    let ran = gongwen(here.path(), &["fonts", "a.json"]).ends(0);
    for part in ["①㎡", "U+E863 → 䶮", "没有缺字"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    write_report(here.path(), "b.json", "公文😀");
    let ran = gongwen(here.path(), &["fonts", "b.json"]).ends(1);
    assert!(ran.out.contains("b.json:1:") && ran.out.contains("U+1F600"), "{}", ran.out);
    let object = gongwen(here.path(), &["fonts", "b.json", "--json"]).ends(1).object();
    assert_eq!(object["report"]["missing"][0]["pointer"], "/sections/0/body/0");
    gongwen(here.path(), &["fonts", "none.json"]).ends(2);
}

#[test]
fn fonts_of_a_folder_are_embedded_and_those_not_found_are_reported_once() {
    let here = folder();
    let font = fixture::named(&fixture::han(), "仿宋_GB2312", "FangSong_GB2312", "FangSong_GB2312");
    std::fs::create_dir(here.path().join("fonts")).expect("makes it");
    std::fs::write(here.path().join("fonts/a.ttf"), font).expect("writes");
    write_report(here.path(), "a.json", "公文2023");
    write_report(here.path(), "b.json", "公文2023");
    let arguments = ["export", "a.json", "b.json", "--fonts", "fonts", "-o", "out"];
    let ran = gongwen(here.path(), &arguments).ends(0);
    assert_eq!(ran.err.matches("fonts.missing").count(), 1, "{}", ran.err);
    let ran = gongwen(here.path(), &[&arguments[..], &["--strict"]].concat()).ends(1);
    assert!(ran.err.contains("fonts.missing"), "{}", ran.err);
    let pdf = std::fs::read(here.path().join("out/a.pdf")).expect("is written");
    let pdf = lopdf::Document::load_mem(&pdf).expect("is a PDF");
    let named = pdf.objects.values().filter_map(|object| object.as_dict().ok()?.get(b"BaseFont").ok());
    let named: Vec<_> =
        named.map(|name| String::from_utf8_lossy(name.as_name().expect("a name")).into_owned()).collect();
    assert!(named.iter().any(|name| name.ends_with("+FangSong_GB2312")), "{named:?}");
    assert!(named.iter().any(|name| name.ends_with("+LiberationSerif")), "{named:?}");
    gongwen(here.path(), &["export", "a.json", "--fonts", "nowhere"]).ends(2);
}

#[test]
fn pages_become_pictures() {
    let here = folder();
    write_report(here.path(), "a.json", "公文");
    let ran = gongwen(here.path(), &["preview", "a.json", "-o", "out"]).ends(0);
    assert!(ran.out.contains("827 × 1170"), "{}", ran.out);
    assert_eq!(names(&here.path().join("out")), ["a-1.png"]);
    let first = std::fs::read(here.path().join("out/a-1.png")).expect("is written");
    gongwen(here.path(), &["export", "a.json", "--format", "pdf"]).ends(0);
    let object = gongwen(here.path(), &["preview", "a.pdf", "-o", "out", "--json"]).ends(0).object();
    assert_eq!(object["files"][0]["page"], 1);
    assert_eq!(std::fs::read(here.path().join("out/a-1.png")).expect("is written"), first);
}

#[test]
fn pdf_that_cannot_be_drawn_ends_with_2_and_writes_nothing() {
    let here = folder();
    std::fs::write(here.path().join("a.pdf"), b"%PDF-1.7\nnothing").expect("writes");
    std::fs::write(here.path().join("b.pdf"), b"<html>").expect("writes");
    write_report(here.path(), "c.json", "公文");
    for (arguments, part) in [
        (&["preview", "a.pdf"][..], "已损坏"),
        (&["preview", "b.pdf"], "不是 PDF"),
        (&["preview", "none.pdf"], "none.pdf"),
        (&["preview", "c.json", "--pages", "2"], "共 1 页"),
        (&["preview", "c.json", "--dpi", "10"], "36"),
    ] {
        let ran = gongwen(here.path(), arguments).ends(2);
        assert!(ran.err.contains(part), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    assert_eq!(names(here.path()), ["a.pdf", "b.pdf", "c.json"]);
}
