//! What is no file, in every place that takes one. A named pipe without a writer would be waited for without end; a
//! pipe that the shell makes for a report or a key is read.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::{gongwen, short_report};

fn make_pipe(folder: &Path, name: &str) {
    let made = Command::new("mkfifo").arg(folder.join(name)).status().expect("runs");
    assert!(made.success());
}

#[test]
fn a_pipe_in_place_of_a_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["x.pdf", "x.docx", "x.xlsx", "x.toml", "x.json", "x.ndjson", "x.csv", "x.pem"] {
        make_pipe(folder.path(), name);
    }
    fs::create_dir(folder.path().join("out")).expect("a folder");
    make_pipe(folder.path(), "out/r.pdf");
    make_pipe(folder.path(), "out/r.docx");
    fs::write(folder.path().join("r.json"), short_report("题")).expect("writes");
    let commands: [&[&str]; 12] = [
        &["verify", "x.pdf"],
        &["extract", "x.pdf"],
        &["import", "x.docx", "-o", "new.json"],
        &["check", "r.json", "--previous", "x.json"],
        &["check", "r.json", "--units", "x.json"],
        &["check", "r.json", "--figures", "x.xlsx"],
        &["check", "r.json", "--layout", "x.toml"],
        &["batch", "x.ndjson", "-o", "out"],
        &["batch", "x.csv", "-o", "out"],
        &["verify", "r.json", "--trust", "x.pem"],
        &["export", "r.json", "--format", "docx", "-o", "out"],
        &["export", "r.json", "--format", "pdf", "-o", "out"],
    ];
    for command in commands {
        let ran = gongwen(folder.path(), &[command, &["--lang", "en"]].concat());
        assert!(ran.err.contains("named pipe"), "{command:?}: {ran:?}");
        assert_eq!(ran.code, 2, "{command:?}: {ran:?}");
    }
}

#[test]
fn a_pipe_in_place_of_a_picture_or_font_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("fonts")).expect("a folder");
    make_pipe(folder.path(), "fonts/p.ttf");
    make_pipe(folder.path(), "p.png");
    let ran = gongwen(folder.path(), &["fonts", "--fonts", "fonts", "--lang", "en"]).ends(0);
    assert!(format!("{}{}", ran.out, ran.err).contains("named pipe"), "{ran:?}");
    let report = r#"{"format": 1, "layout": "general-document", "title": "题", "issuer": "甲局", "preamble": [{"image": "p.png", "alt": "图"}]}"#;
    fs::write(folder.path().join("r.json"), report).expect("writes");
    let ran = gongwen(folder.path(), &["check", "r.json", "--lang", "en"]).ends(1);
    assert!(ran.out.contains("named pipe"), "{ran:?}");
}

#[test]
fn a_collection_that_names_more_fonts_than_it_has_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut collection = b"ttcf\0\x01\0\0\xff\xff\xff\xff".to_vec();
    collection.resize(112, 0);
    fs::write(folder.path().join("a.ttc"), collection).expect("writes");
    let ran = gongwen(folder.path(), &["fonts", "--fonts", ".", "--lang", "en"]).ends(0);
    assert!(format!("{}{}", ran.out, ran.err).contains("a.ttc is not used"), "{ran:?}");
}

#[test]
fn a_report_may_come_by_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    make_pipe(folder.path(), "r.json");
    fs::write(folder.path().join("source.json"), short_report("题")).expect("writes");
    let writer = Command::new("cp")
        .args(["source.json", "r.json"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .spawn();
    let mut writer = writer.expect("runs");
    gongwen(folder.path(), &["check", "r.json"]).ends(0);
    assert!(writer.wait().expect("ends").success());
}
