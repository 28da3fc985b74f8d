//! `gongwen export`: its files, its output, its exit codes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::command::{
    Ran, example, folder, gongwen, gongwen_reading, names, saved_by_an_office, short_report,
};

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("writes");
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn examples_give_both_files_and_one_line_each() {
    let out = folder();
    for (name, stem, pages) in
        [("qingzhen-2023.json", "qingzhen-2023", 6), ("every-block.json", "every-block", 5)]
    {
        let ran = gongwen(out.path(), &["export", &example(name)]).ends(0);
        // The annual report has warnings, as it was published: its prose contradicts its tables.
        let warnings = if stem == "qingzhen-2023" { 3 } else { 0 };
        assert_eq!(ran.err.matches("警告[").count(), warnings, "{name}: {}", ran.err);
        assert!(!ran.err.contains("错误["), "{name}: {}", ran.err);
        let lines: Vec<&str> = ran.out.lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        for (line, ending) in lines.iter().zip(["pdf", "docx"]) {
            let start = format!("./{stem}.{ending}  {pages} 页  ");
            assert!(line.starts_with(&start) && line.ends_with(" KiB"), "{line}");
        }
        assert!(read(out.path(), &format!("{stem}.pdf")).starts_with(b"%PDF-1.7"));
        assert!(read(out.path(), &format!("{stem}.docx")).starts_with(b"PK\x03\x04"));
    }
    assert_eq!(names(out.path()).len(), 4);
}

#[test]
fn json_lists_files_with_their_hashes_and_seals() {
    let out = folder();
    let ran = gongwen(out.path(), &["export", &example("every-block.json"), "--json"]).ends(0);
    let object = ran.object();
    assert_eq!(object["findings"], Value::Array(Vec::new()));
    for (file, format) in object["files"].as_array().expect("a list").iter().zip(["pdf", "docx"]) {
        let path = file["path"].as_str().expect("a path");
        let bytes = read(out.path(), path);
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["format"], format);
        assert_eq!(file["bytes"], bytes.len());
        assert_eq!(file["sha256"], hash);
        assert_eq!(file["pages"], 5);
    }
    assert_eq!(object["files"].as_array().map(Vec::len), Some(2));
    let seals = object["seals"].as_array().expect("a list");
    assert_eq!(seals.len(), 1);
    assert_eq!(seals[0]["page"], 3);
    assert_eq!(seals[0]["diameter"], 42.0);
    for (axis, most) in [("x", 210.0), ("y", 297.0)] {
        let at = seals[0][axis].as_f64().expect("a number");
        assert!((0.0..most - 42.0).contains(&at), "{axis} = {at}");
    }
}

#[test]
fn json_has_the_findings_of_a_rejected_report() {
    let out = folder();
    write(out.path(), "a.json", "{\"format\": 1,\n \"layout\": 5, \"issuer\": \"甲\"}");
    let ran = gongwen(out.path(), &["export", "a.json", "--json", "--lang", "en"]).ends(1);
    assert_eq!(ran.err, "");
    let object = ran.object();
    assert_eq!(object["files"], Value::Array(Vec::new()));
    assert_eq!(
        object["findings"],
        serde_json::json!([{
            "rule": "report.type", "severity": "error", "message": "应为字符串，这里是数字",
            "message_en": "must be a string, not a number", "hint": null, "pointer": "/layout", "label": null,
            "quoted": null, "line": 2, "column": 12, "place": null, "related": [], "mend": null
        }])
    );
}

#[test]
fn quiet_prints_only_what_is_wrong() {
    let out = folder();
    let warned = short_report("题").replace("2023,", "2023, \"issuer_kind\": \"street\",");
    write(out.path(), "a.json", &warned);
    let ran = gongwen(out.path(), &["export", "a.json"]).ends(0);
    assert!(ran.err.contains("警告[report.issuer-kind]"), "{}", ran.err);
    let ran = gongwen(out.path(), &["export", "a.json", "--quiet"]).ends(0);
    assert_eq!((ran.out, ran.err), (String::new(), String::new()));
    write(out.path(), "b.json", "{}");
    let ran = gongwen(out.path(), &["export", "b.json", "-q"]).ends(1);
    assert!(ran.err.contains("错误[report.missing]"), "{}", ran.err);
}

#[test]
fn strict_turns_warnings_into_errors() {
    let out = folder();
    let warned = short_report("题").replace("2023,", "2023, \"issuer_kind\": \"street\",");
    write(out.path(), "a.json", &warned);
    let ran = gongwen(out.path(), &["export", "a.json", "--strict"]).ends(1);
    assert!(ran.err.contains("[report.issuer-kind]"), "{}", ran.err);
    assert_eq!(names(out.path()), ["a.json"], "nothing is written");
}

#[test]
fn messages_are_in_english_on_request() {
    let out = folder();
    write(out.path(), "a.json", &short_report("题"));
    let ran = gongwen(out.path(), &["export", "a.json", "--lang", "en"]).ends(0);
    assert!(ran.out.starts_with("./a.pdf  1 pages  "), "{}", ran.out);
    write(out.path(), "b.json", "{}");
    let ran = gongwen(out.path(), &["export", "b.json", "--lang=en"]).ends(1);
    assert!(ran.err.starts_with("b.json:1:1: error[report.missing]: \"format\" is missing"), "{}", ran.err);
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    assert!(!ran.err.contains(chinese), "{}", ran.err);
}

#[test]
fn format_chooses_the_files() {
    for (format, written) in [
        ("pdf", vec!["a.pdf"]),
        ("docx", vec!["a.docx"]),
        ("docx,pdf", vec!["a.docx", "a.pdf"]),
        ("pdf,pdf", vec!["a.pdf"]),
    ] {
        let (input, out) = (folder(), folder());
        write(input.path(), "a.json", &short_report("题"));
        let target = out.path().to_str().expect("UTF-8");
        let ran = gongwen(input.path(), &["export", "a.json", "--format", format, "-o", target]).ends(0);
        assert_eq!(names(out.path()), written, "{format}");
        assert_eq!(ran.out.lines().count(), written.len(), "{format}");
    }
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    let ran = gongwen(here.path(), &["export", "a.json", "--format", "odt"]).ends(2);
    assert!(ran.err.contains("odt") && ran.err.contains("pdf"), "{}", ran.err);
}

#[test]
fn names_come_from_the_template() {
    let here = folder();
    write(here.path(), "a.json", &short_report("甲/乙：\\\"丙\\\"<?>*|年度"));
    let export = |template: &str| {
        let out = folder();
        let target = out.path().to_str().expect("UTF-8");
        gongwen(here.path(), &["export", "a.json", "--format", "pdf", "--name", template, "-o", target])
            .ends(0);
        names(out.path())
    };
    assert_eq!(export("{issuer}{year}"), ["某某市人民政府2023.pdf"]);
    assert_eq!(export("{title}"), ["甲_乙：_丙______年度.pdf"]);
    assert_eq!(export("../{year}"), ["_"], "a folder of a safe name, and none above");
    assert_eq!(export("con"), ["_con.pdf"]);
    assert_eq!(export("x.{year}"), ["x.2023.pdf"]);
    let ran = gongwen(here.path(), &["export", "a.json", "--name", "{yaer}"]).ends(2);
    assert!(ran.err.contains("{yaer}") && ran.err.contains("{year}"), "{}", ran.err);
    assert_eq!(names(here.path()), ["a.json"]);
}

#[test]
fn two_reports_never_write_the_same_file() {
    let here = folder();
    std::fs::create_dir(here.path().join("more")).expect("a folder");
    write(here.path(), "a.json", &short_report("甲"));
    write(here.path(), "more/A.json", &short_report("乙"));
    let ran = gongwen(here.path(), &["export", "a.json", "more/A.json", "-o", "out"]).ends(2);
    assert!(ran.err.contains("a.json") && ran.err.contains("more/A.json"), "{}", ran.err);
    assert!(!here.path().join("out").exists(), "nothing is written");

    write(here.path(), "b.json", &short_report("乙"));
    let ran = gongwen(here.path(), &["export", "a.json", "b.json", "-o", "out", "--name", "{year}"]).ends(2);
    assert!(ran.err.contains("2023") && ran.err.contains("a.json"), "{}", ran.err);
    assert_eq!(names(&here.path().join("out")), ["2023.docx", "2023.pdf"]);
    let kept = read(&here.path().join("out"), "2023.pdf");
    gongwen(here.path(), &["export", "a.json", "-o", "out", "--name", "first"]).ends(0);
    assert_eq!(kept, read(&here.path().join("out"), "first.pdf"), "the first report's file is kept");
}

#[test]
fn standard_input_is_named_report() {
    let here = folder();
    let text = format!("\u{feff}{}", short_report("题"));
    let ran = gongwen_reading(here.path(), &["export", "-"], text.as_bytes()).ends(0);
    assert_eq!(ran.out.lines().count(), 2);
    assert_eq!(names(here.path()), ["report.docx", "report.pdf"]);
    let ran = gongwen_reading(here.path(), &["export", "-"], b"{").ends(1);
    assert!(ran.err.starts_with("-:1:1: "), "{}", ran.err);
}

#[test]
fn one_broken_report_does_not_stop_the_others() {
    let here = folder();
    write(here.path(), "a.json", &short_report("甲"));
    write(here.path(), "b.json", "{\"format\": 1");
    write(here.path(), "c.json", &short_report("丙"));
    let ran = gongwen(here.path(), &["export", "a.json", "b.json", "c.json", "-o", "out"]).ends(1);
    assert_eq!(names(&here.path().join("out")), ["a.docx", "a.pdf", "c.docx", "c.pdf"]);
    assert_eq!(ran.out.lines().count(), 4);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    let ran = gongwen(here.path(), &["export", "a.json", "none.json", "c.json", "-o", "two"]).ends(2);
    assert!(ran.err.contains("none.json"), "{}", ran.err);
    assert_eq!(names(&here.path().join("two")), ["a.docx", "a.pdf", "c.docx", "c.pdf"]);
    let ran = gongwen(here.path(), &["export", "a.json", "b.json", "--json", "-o", "out"]).ends(1);
    let objects = ran.objects();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[1]["findings"][0]["rule"], "json.syntax");
}

#[test]
fn a_target_that_cannot_be_written_leaves_the_old_files() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    let out = here.path().join("out");
    std::fs::create_dir_all(out.join("a.docx")).expect("a folder in the way");
    write(&out, "a.pdf", "old");
    let ran = gongwen(here.path(), &["export", "a.json", "-o", "out"]).ends(2);
    assert!(ran.err.contains("a.docx"), "{}", ran.err);
    assert_eq!(read(&out, "a.pdf"), b"old");
    assert_eq!(names(&out), ["a.docx", "a.pdf"], "no other file is left");

    write(here.path(), "file", "");
    let ran = gongwen(here.path(), &["export", "a.json", "-o", "file"]).ends(2);
    assert!(ran.err.contains("file"), "{}", ran.err);
    let ran = gongwen(here.path(), &["export", "out", "-o", "new"]).ends(2);
    assert!(ran.err.contains("out"), "a folder is no report: {}", ran.err);
}

#[test]
fn existing_files_are_replaced() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    write(here.path(), "a.pdf", &"x".repeat(1 << 20));
    gongwen(here.path(), &["export", "a.json", "--format", "pdf"]).ends(0);
    let bytes = read(here.path(), "a.pdf");
    assert!(bytes.starts_with(b"%PDF-") && bytes.ends_with(b"%%EOF\n"));
}

#[test]
fn word_file_that_another_program_saved_is_replaced_only_by_force() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    gongwen(here.path(), &["export", "a.json"]).ends(0);
    gongwen(here.path(), &["export", "a.json"]).ends(0);
    let own = read(here.path(), "a.docx");
    let edited = saved_by_an_office(&own);
    std::fs::write(here.path().join("a.docx"), &edited).expect("writes");
    let ran = gongwen(here.path(), &["export", "a.json"]).ends(2);
    assert!(ran.err.contains("gongwen import ./a.docx"), "{}", ran.err);
    let ran = gongwen(here.path(), &["batch", "a.json", "-o", "."]).ends(1);
    assert!(ran.out.contains("gongwen import"), "{}", ran.out);
    assert!(read(here.path(), "a.docx") == edited, "it is left as it was");
    gongwen(here.path(), &["batch", "a.json", "-o", ".", "--force"]).ends(0);
    assert!(read(here.path(), "a.docx") == own);
    std::fs::write(here.path().join("a.docx"), &edited).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--force"]).ends(0);
    assert!(read(here.path(), "a.docx") == own);
}

#[test]
fn one_file_goes_to_standard_output() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    let ran = Command::new(env!("CARGO_BIN_EXE_gongwen"))
        .args(["export", "a.json", "--format", "pdf", "-o", "-"])
        .current_dir(here.path())
        .output()
        .expect("runs");
    assert!(ran.status.success() && ran.stdout.starts_with(b"%PDF-") && ran.stdout.ends_with(b"%%EOF\n"));
    assert_eq!(names(here.path()), ["a.json"]);
    gongwen(here.path(), &["export", "a.json", "-o", "-"]).ends(2);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let (first, second) = (folder(), folder());
    let report = example("every-block.json");
    gongwen(first.path(), &["export", &report]).ends(0);
    gongwen(second.path(), &["export", &example("qingzhen-2023.json"), &report]).ends(0);
    for name in ["every-block.pdf", "every-block.docx"] {
        assert!(read(first.path(), name) == read(second.path(), name), "{name} differs between runs");
    }
    gongwen(first.path(), &["export", &example("qingzhen-2023.json")]).ends(0);
    for name in ["qingzhen-2023.pdf", "qingzhen-2023.docx"] {
        assert!(read(first.path(), name) == read(second.path(), name), "{name} differs between runs");
    }
}

#[test]
fn the_date_is_that_of_issue_or_the_one_given() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    let created = |arguments: &[&str]| {
        gongwen(here.path(), &[&["export", "a.json", "--format", "pdf"], arguments].concat()).ends(0);
        let file = lopdf::Document::load_mem(&read(here.path(), "a.pdf")).expect("a PDF");
        let info = file.trailer.get(b"Info").and_then(|info| file.dereference(info)).expect("an Info");
        let date = info.1.as_dict().and_then(|info| info.get(b"CreationDate")).expect("a date").clone();
        String::from_utf8(date.as_str().expect("a string").to_vec()).expect("ASCII")
    };
    assert_eq!(created(&[]), "D:20240131000000+08'00'");
    assert_eq!(created(&["--date", "2024-02-29"]), "D:20240229000000+08'00'");
    let ran = gongwen(here.path(), &["export", "a.json", "--date", "2023-02-29"]).ends(2);
    assert!(ran.err.contains("2023-02-29"), "{}", ran.err);
}

#[test]
fn images_are_found_beside_the_report_or_in_assets() {
    let here = folder();
    std::fs::create_dir_all(here.path().join("pictures")).expect("a folder");
    std::fs::copy(example("images/requests.png"), here.path().join("pictures/a.png")).expect("copies");
    let report = short_report("题").replace("\"正文。\"", r#"{"image": "a.png", "alt": "图"}"#);
    write(here.path(), "a.json", &report);
    write(here.path(), "pictures/b.json", &report);
    gongwen(here.path(), &["export", "pictures/b.json", "-o", "out"]).ends(0);
    gongwen(here.path(), &["export", "a.json", "-o", "out", "--assets", "pictures"]).ends(0);
    let read_in = |arguments: &[&str]| gongwen_reading(here.path(), arguments, report.as_bytes());
    read_in(&["export", "-", "-o", "out", "--assets", "pictures"]).ends(0);
    let Ran { err, .. } = gongwen(here.path(), &["export", "a.json", "-o", "none"]).ends(1);
    assert!(err.contains("image.unreadable") && err.contains("a.png"), "{err}");
    let Ran { err, .. } = read_in(&["export", "-", "-o", "none"]).ends(1);
    assert!(err.contains("image.unreadable") && err.contains("--assets"), "{err}");
    assert_eq!(names(&here.path().join("out")).len(), 6);
    assert_eq!(names(&here.path().join("none")).len(), 0);
}
