//! `gongwen REPORT…` without a command: checked, then exported beside the report.

use std::fs;
use std::path::Path;

use crate::command::{example, folder, gongwen, gongwen_reading, names, saved_by_an_office, short_report};

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("writes");
}

#[test]
fn a_report_is_checked_and_made_beside_itself() {
    let here = folder();
    fs::create_dir(here.path().join("甲")).expect("a folder");
    fs::copy(example("qingzhen-2023.json"), here.path().join("甲/年报.json")).expect("copies");
    write(here.path(), "b.json", &short_report("题"));
    let ran = gongwen(here.path(), &["甲/年报.json", "b.json"]).ends(0);
    assert_eq!(names(&here.path().join("甲")), ["年报.docx", "年报.json", "年报.pdf"]);
    assert_eq!(names(here.path()), ["b.docx", "b.json", "b.pdf", "甲"]);
    for part in ["甲/年报.json：0 个错误，3 个警告", "甲/年报.pdf  6 页", "b.json：0 个错误", "b.docx  1 页"]
    {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    gongwen(here.path(), &["export", "甲/年报.json", "-o", "alone"]).ends(0);
    for ending in ["pdf", "docx"] {
        let made = |folder: &str| fs::read(here.path().join(folder).join(format!("年报.{ending}")));
        assert!(made("甲").expect("reads") == made("alone").expect("reads"), "{ending} is what export makes");
    }
    // Again: its own files are replaced.
    let ran = gongwen(here.path(), &["b.json", "-q"]).ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_report_with_errors_is_not_made_and_does_not_stop_the_others() {
    let here = folder();
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    write(here.path(), "wrong.json", &text.replace(r#""granted": [203, "#, r#""granted": [204, "#));
    write(here.path(), "open.json", &text.replace(r#""granted": [203, "#, r#""granted": [null, "#));
    write(here.path(), "good.json", &short_report("题"));
    let ran = gongwen(here.path(), &["wrong.json", "open.json", "good.json"]).ends(1);
    assert_eq!(names(here.path()), ["good.docx", "good.json", "good.pdf", "open.json", "wrong.json"]);
    assert!(ran.out.contains("错误[requests.row-total]") && ran.out.contains("错误[figure.open]"));
    assert_eq!(ran.err.matches("有错误，没有生成文件").count(), 2, "{}", ran.err);
    let ran = gongwen(here.path(), &["wrong.json", "good.json", "--json"]).ends(1);
    let [wrong, good] = ran.objects().try_into().expect("an object a report");
    assert_eq!((&wrong["errors"], wrong["files"].as_array().map(Vec::len)), (&2.into(), Some(0)));
    assert_eq!(good["files"][0]["path"], "good.pdf");
    assert_eq!(good["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_no_report_is_named_before_anything_is_made() {
    let here = folder();
    write(here.path(), "good.json", &short_report("题"));
    gongwen(here.path(), &["export", "good.json", "-o", "out"]).ends(0);
    gongwen(here.path(), &["new", "disclosure-annual-report-2021", "--xlsx", "f.xlsx"]).ends(0);
    write(here.path(), "many.ndjson", "{}\n");
    write(here.path(), "own.toml", "");
    write(here.path(), "note.txt", "你好");
    for (file, words) in [
        ("out/good.docx", "gongwen import out/good.docx -o out/good.json"),
        ("out/good.pdf", "gongwen extract out/good.pdf"),
        ("f.xlsx", "gongwen export 报告.json --figures f.xlsx"),
        ("many.ndjson", "gongwen batch many.ndjson -o 文件夹"),
        ("own.toml", "gongwen new own.toml -o 报告.json"),
        ("out", "gongwen batch out -o 文件夹"),
        ("note.txt", "note.txt 不是 JSON 报告"),
        ("absent.json", "读不出 absent.json：文件或文件夹不存在"),
        ("-", "gongwen export - -o 文件夹"),
    ] {
        let ran = gongwen(here.path(), &["good.json", file]).ends(2);
        assert!(ran.err.contains(words), "{file}: {}", ran.err);
        assert_eq!(ran.out, "");
    }
    let ran = gongwen(here.path(), &["expot", "good.json"]).ends(2);
    assert_eq!(ran.err, "错误：没有命令“expot”，也没有这个文件，是不是“export”？\n");
    let ran = gongwen(here.path(), &["--lang", "en", "公文"]).ends(2);
    assert_eq!(ran.err, "error: there is no command \"公文\", and no such file\n");
    gongwen(here.path(), &["good.json", "check", "good.json"]).ends(2);
    gongwen(here.path(), &["-q"]).ends(2);
    assert_eq!(names(here.path()), ["f.xlsx", "good.json", "many.ndjson", "note.txt", "out", "own.toml"]);
    // A report by its content, whatever its name.
    write(here.path(), "report.txt", &short_report("题"));
    gongwen(here.path(), &["report.txt"]).ends(0);
    assert!(here.path().join("report.pdf").exists());
}

#[test]
fn nothing_is_replaced_that_was_read_or_edited() {
    let here = folder();
    for name in ["a.json", "b.json", "a.txt", "c.pdf"] {
        write(here.path(), name, &short_report("题"));
    }
    let ran = gongwen(here.path(), &["b.json", "a.json", "a.txt"]).ends(2);
    assert!(ran.err.contains("a.json 和 a.txt 会写成同名的文件"), "{}", ran.err);
    let ran = gongwen(here.path(), &["b.json", "c.pdf"]).ends(2);
    assert!(ran.err.contains("c.pdf 是输入的文件，没有覆盖"), "{}", ran.err);
    assert_eq!(names(here.path()), ["a.json", "a.txt", "b.json", "c.pdf"]);
    gongwen(here.path(), &["a.json"]).ends(0);
    let edited = saved_by_an_office(&fs::read(here.path().join("a.docx")).expect("reads"));
    fs::write(here.path().join("a.docx"), &edited).expect("writes");
    let ran = gongwen(here.path(), &["b.json", "a.json"]).ends(2);
    for words in ["gongwen import a.docx", "gongwen export --force"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert!(fs::read(here.path().join("a.docx")).expect("reads") == edited);
    assert!(!here.path().join("b.pdf").exists(), "nothing is made");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_a_failure() {
    let here = folder();
    write(here.path(), "a.json", &short_report("题"));
    // A folder in the way of the file: root may write everywhere.
    fs::create_dir(here.path().join("a.pdf")).expect("a folder");
    let ran = gongwen(here.path(), &["a.json"]).ends(2);
    assert!(ran.out.contains("写不了 a.pdf"), "{}", ran.out);
    assert_eq!(names(here.path()), ["a.json", "a.pdf"]);
}

#[test]
fn help_shows_both_ways() {
    let here = folder();
    let ran = gongwen_reading(here.path(), &["--help"], b"").ends(0);
    for words in ["gongwen REPORT…", "gongwen 命令 …", "gongwen 年报.json", "退出码：0 完成"] {
        assert!(ran.out.contains(words), "{words} is missing:\n{}", ran.out);
    }
    let ran = gongwen(here.path(), &["--help", "--lang", "en"]).ends(0);
    assert!(ran.out.contains("gongwen COMMAND") && ran.out.contains("gongwen report.json"), "{}", ran.out);
}
