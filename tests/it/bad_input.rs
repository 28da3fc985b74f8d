//! Wrong reports: each gives a finding with rule, place and hint, in both languages, and leaves no file.
//!
//! `tests/suite/bad/NAME.json` (or `.bin`) is the report, `NAME.txt` the messages about it. A new case is a
//! new report; `scripts/update-expected` writes the messages, which are reviewed before they are kept.

use std::fs;
use std::path::Path;

use crate::command::{Ran, files, folder, gongwen, gongwen_reading, names, root};

/// Set to write the expected texts in place of comparing them.
pub const UPDATE: &str = "GONGWEN_UPDATE_SUITE";

/// Compares the output with the kept text beside `case`.
#[track_caller]
pub fn compare(case: &Path, printed: &str) {
    let kept = case.with_extension("txt");
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&kept, printed).expect("writes");
        return;
    }
    let wanted = fs::read_to_string(&kept).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        printed == wanted,
        "{}: the output has changed; scripts/update-expected writes it anew\n--- kept\n{wanted}\n--- printed\n{printed}",
        case.display()
    );
}

/// The output in both languages, with the exit code.
fn both_outputs(Ran { code, err, .. }: &Ran, english: &Ran) -> String {
    assert_eq!(*code, english.code, "the language changes nothing but words");
    assert_eq!(err.lines().count(), english.err.lines().count(), "both languages report the same");
    format!("exit {code}\n\n{err}\n{}", english.err)
}

#[track_caller]
fn check(case: &Path) {
    let bad = case.parent().expect("it is in a folder");
    let name = case.file_name().and_then(|name| name.to_str()).expect("UTF-8");
    let out = folder();
    let target = out.path().to_str().expect("UTF-8");
    let export =
        |lang: &str| gongwen(bad, &["export", name, "-o", target, "--layouts", "../layouts", "--lang", lang]);
    let chinese = export("zh");
    let written = if chinese.code == 0 { 2 } else { 0 };
    assert_eq!(names(out.path()).len(), written, "{name}: files with exit code {}", chinese.code);
    assert_ne!(chinese.err, "", "{name}: something is printed");
    compare(case, &both_outputs(&chinese, &export("en")));
}

#[test]
fn wrong_reports_are_reported_with_their_place() {
    let folder = root().join("tests/suite/bad");
    let cases = [files(&folder, ".json"), files(&folder, ".bin")].concat();
    assert!(cases.len() > 60, "the cases are there");
    cases.iter().for_each(|case| check(case));
    let texts = files(&folder, ".txt");
    assert_eq!(texts.len(), cases.len(), "a text without its report is left over");
}

/// The rules and pointers of what a report made here is refused for.
#[track_caller]
fn refused(report: &[u8], code: i32) -> Vec<String> {
    let here = folder();
    let ran = gongwen_reading(here.path(), &["export", "-", "--lang", "en"], report).ends(code);
    assert_eq!(names(here.path()).len(), 0, "no file is written");
    ran.err.lines().filter(|line| line.starts_with('-')).map(str::to_owned).collect()
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let findings = refused(deep.as_bytes(), 1);
        assert!(findings[0].contains("error[json."), "{findings:?}");
        let unclosed = refused(open.repeat(100_000).as_bytes(), 1);
        assert!(unclosed[0].contains("error[json."), "{unclosed:?}");
    }
}

#[test]
fn a_report_beyond_the_limit_is_refused() {
    let here = folder();
    let long = format!("[\"{}\"]", "长".repeat(11 << 20));
    assert!(long.len() > 32 << 20);
    fs::write(here.path().join("long.json"), &long).expect("writes");
    let ran = gongwen(here.path(), &["export", "long.json"]).ends(2);
    assert!(ran.err.contains("long.json") && ran.err.contains("32 MiB"), "{}", ran.err);
    assert_eq!(names(here.path()), ["long.json"]);
    let ran = gongwen_reading(here.path(), &["export", "-"], long.as_bytes()).ends(2);
    assert!(ran.err.contains("32 MiB"), "{}", ran.err);
    assert_eq!(names(here.path()), ["long.json"]);
}

#[test]
fn reports_that_cannot_be_read_end_with_2() {
    let here = folder();
    fs::create_dir(here.path().join("folder.json")).expect("a folder");
    for (report, zh) in [("none.json", "不存在"), ("folder.json", "文件夹")] {
        let ran = gongwen(here.path(), &["export", report]).ends(2);
        assert!(ran.err.contains(report) && ran.err.contains(zh), "{}", ran.err);
    }
}

#[test]
fn images_of_a_pipe_need_a_folder() {
    let report = r#"{"format": 1, "layout": "general-document", "issuer": "甲", "title": "题",
        "sections": [{"body": [{"image": "a.png", "alt": "图"}]}]}"#;
    let findings = refused(report.as_bytes(), 1);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].starts_with("-:2:42: error[image.unreadable]"), "{findings:?}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_are_refused() {
    let here = folder();
    let inside = here.path().join("reports");
    fs::create_dir_all(inside.join("pictures")).expect("a folder");
    let dot = root().join("tests/suite/bad/images/dot.png");
    fs::copy(&dot, here.path().join("outside.png")).expect("copies");
    fs::copy(&dot, inside.join("pictures/dot.png")).expect("copies");
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, inside.join(name)).expect("links");
    link("../outside.png", "file.png");
    link("..", "up");
    link("pictures/dot.png", "own.png");
    link("circle.png", "circle.png");
    let export = |image: &str| {
        let report = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "题",
                "sections": [{{"body": [{{"image": "{image}", "alt": "图"}}]}}]}}"#
        );
        fs::write(inside.join("a.json"), report).expect("writes");
        gongwen(&inside, &["export", "a.json", "-o", "../out", "--format", "pdf"])
    };
    for image in ["file.png", "up/outside.png", "circle.png"] {
        let ran = export(image).ends(1);
        assert!(ran.err.contains("image.unreadable") && ran.err.contains(image), "{}", ran.err);
    }
    assert_eq!(names(&here.path().join("out")).len(), 0);
    export("own.png").ends(0);
}

/// Whatever a report is cut off at, or whichever of its bytes is another one: no crash, and no file unless it is whole.
#[test]
fn damaged_reports_never_crash() {
    let report = fs::read(root().join("examples/every-block.json")).expect("reads");
    let exporter = gongwen::Exporter::new();
    let options = gongwen::Options::default();
    for end in (0..report.len()).step_by(97) {
        assert!(exporter.export(&report[..end], &options, &()).is_err(), "cut off at {end}");
    }
    for at in (0..report.len()).step_by(61) {
        let mut damaged = report.clone();
        damaged[at] = damaged[at].wrapping_add(1);
        // Its images are missing here, so that it is refused in any case.
        assert!(exporter.export(&damaged, &options, &()).is_err(), "byte {at}");
    }
}
