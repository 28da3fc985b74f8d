//! Commands that cannot do their work: with `--json` one object with findings, and never a crash.

use std::fs;
use std::process::{Command, Stdio};

use crate::command::{folder, gongwen, gongwen_reading, names, short_report};

/// A folder with a report that is in order, one that is no JSON, an empty file and a PDF without a report.
fn inputs() -> tempfile::TempDir {
    let here = folder();
    for (name, text) in
        [("good.json", short_report("题")), ("bad.json", "{".to_owned()), ("empty.pdf", String::new())]
    {
        fs::write(here.path().join(name), text).expect("writes");
    }
    gongwen(here.path(), &["export", "good.json", "--format", "pdf"]).ends(0);
    here
}

/// A full disk behind standard output is an error, not a result.
#[cfg(target_os = "linux")]
#[test]
fn lost_results_are_an_error() {
    let here = crate::command::folder();
    let report = crate::command::example("qingzhen-2023.json");
    std::fs::write(here.path().join("r.json"), std::fs::read(report).expect("reads")).expect("writes");
    gongwen(here.path(), &["export", "r.json", "--format", "pdf", "-o", "made"]).ends(0);
    for arguments in [
        &["check", "r.json"][..],
        &["check", "r.json", "--json"],
        &["export", "r.json", "--json"],
        &["verify", "made/r.pdf"],
        &["verify", "made/r.pdf", "--json"],
        &["batch", ".", "-o", "out"],
        &["batch", ".", "-o", "other", "--results", "/dev/full"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("opens");
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_gongwen"))
            .args(arguments)
            .current_dir(here.path())
            .stdout(full)
            .output()
            .expect("runs");
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&ran.stderr).contains("不完整"), "{arguments:?}");
    }
}

#[test]
fn failures_are_findings_in_json() {
    let here = inputs();
    let check = |arguments: &[&str], code: i32, rule: &str| {
        let ran = gongwen(here.path(), &[arguments, &["--json"]].concat()).ends(code);
        let finding = &ran.object()["findings"][0];
        assert_eq!(finding["rule"], rule, "{arguments:?}: {ran:?}");
        assert_eq!(finding["severity"], "error", "{arguments:?}");
        assert!(finding["message"].as_str().is_some_and(|text| !text.is_empty()), "{arguments:?}: {ran:?}");
        assert_eq!(ran.err, "", "{arguments:?}: nothing beside the object");
    };
    check(&["export", "bad.json"], 1, "json.syntax");
    check(&["export", "nowhere.json"], 2, "file");
    check(&["export", "good.json", "--format", "docx", "--signatories", "1"], 2, "options");
    check(&["check", "bad.json"], 1, "json.syntax");
    check(&["diff", "good.json", "bad.json"], 1, "json.syntax");
    check(&["diff", "good.json", "nowhere.json"], 2, "file");
    check(&["fix", "bad.json"], 1, "json.syntax");
    check(&["fonts", "bad.json"], 1, "json.syntax");
    check(&["preview", "bad.json"], 1, "json.syntax");
    check(&["preview", "empty.pdf"], 2, "file");
    check(&["extract", "good.pdf"], 1, "extract.nothing");
    check(&["extract", "empty.pdf"], 2, "file");
    check(&["import", "empty.pdf"], 1, "file");
    check(&["import", "nowhere.docx"], 2, "file");
    check(&["verify", "empty.pdf"], 2, "file");
    check(&["sign", "good.pdf"], 2, "options");
    check(&["batch", "nowhere.ndjson", "-o", "out", "--quiet"], 2, "file");
    check(&["new", "nowhere"], 2, "options");
}

#[test]
fn fonts_for_a_word_file_that_is_not_made_are_refused() {
    let here = inputs();
    let ran = gongwen(
        here.path(),
        &["export", "good.json", "--format", "pdf", "--docx-fonts", "embed", "-o", "out"],
    );
    assert!(ran.ends(2).err.contains("--docx-fonts embed"));
    assert!(!here.path().join("out").exists(), "nothing is made");
}

#[test]
fn numbers_of_names_are_places_among_the_arguments() {
    let here = inputs();
    let arguments = ["export", "bad.json", "-", "--format", "pdf", "-o", "out", "--name", "{number}{title}"];
    let report = short_report("乙");
    gongwen_reading(here.path(), &arguments, report.as_bytes()).ends(1);
    assert_eq!(names(&here.path().join("out")), ["000001乙.pdf"]);
}

#[test]
fn closed_standard_error_changes_no_exit_code() {
    let here = inputs();
    for (arguments, code) in [
        (&["export", "bad.json"][..], 1),
        (&["export", "nowhere.json"], 2),
        (&["fix", "bad.json"], 1),
        (&["export", "--no-such-option"], 2),
    ] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gongwen"))
            .args(arguments)
            .current_dir(here.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        drop(process.stderr.take());
        assert_eq!(process.wait().expect("ends").code(), Some(code), "{arguments:?}");
    }
}

/// What a command has read is never replaced by what it makes, whatever name leads to it.
#[test]
fn an_output_never_replaces_an_input() {
    let here = inputs();
    let at = |name: &str| here.path().join(name);
    gongwen(here.path(), &["export", "good.json", "--embed-source", "-o", "made"]).ends(0);
    fs::copy(at("made/good.pdf"), at("source.pdf")).expect("copies");
    fs::copy(at("made/good.docx"), at("source.docx")).expect("copies");
    let mut calls = vec![
        (vec!["extract", "source.pdf", "-o", "source.pdf"], "source.pdf"),
        (vec!["extract", "source.pdf", "-o", "made/../source.pdf"], "source.pdf"),
        (vec!["import", "source.docx", "-o", "source.docx"], "source.docx"),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("source.pdf", at("link.pdf")).expect("links");
        calls.push((vec!["extract", "link.pdf", "-o", "source.pdf"], "source.pdf"));
    }
    for (arguments, input) in calls {
        let before = fs::read(at(input)).expect("reads");
        let ran = gongwen(here.path(), &arguments).ends(2);
        assert!(ran.err.contains("是输入的文件，没有覆盖"), "{arguments:?}: {}", ran.err);
        assert!(fs::read(at(input)).expect("reads") == before, "{arguments:?}: the input is as it was");
    }
    gongwen(here.path(), &["fix", "good.json", "--write"]).ends(0);
}
