//! Output about the program itself: help, layouts, schemas, licences; and wrong use.

use crate::command::{files, folder, gongwen, names, root, short_report};

#[test]
fn help_has_examples_in_both_languages() {
    let here = folder();
    for (arguments, parts) in [
        (&["--help"][..], &["用法:", "export", "schema", "layouts", "licenses"][..]),
        (&["export", "--help"], &["例：", "gongwen export report.json -o out", "--name", "退出码"]),
        (&["export", "--help", "--lang", "en"], &["Examples:", "gongwen export report.json", "Exit codes"]),
        (&["schema", "--help"], &["gongwen schema --layout disclosure-annual-report-2021"]),
        (&["extract", "--help"], &["FILE.pdf|FILE.docx", "gongwen extract report.docx"]),
        (&["verify", "--help"], &["Word 文件没有签名"]),
        (&["--help", "--lang", "en"], &["Usage: gongwen"]),
    ] {
        let ran = gongwen(here.path(), arguments).ends(0);
        for part in parts {
            assert!(ran.out.contains(part), "{arguments:?} does not show {part}:\n{}", ran.out);
        }
    }
    let ran = gongwen(here.path(), &["--version"]).ends(0);
    assert_eq!(ran.out.trim(), format!("gongwen {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_use_ends_with_2_and_shows_what_is_right() {
    let here = folder();
    for (arguments, parts) in [
        (&["export", "a.json", "--formt", "pdf"][..], &["--formt", "--format"][..]),
        (&["exprot", "a.json"], &["exprot", "export"]),
        (&["export"], &["REPORT"]),
        (&["export", "a.json", "--lang", "fr"], &["fr", "zh"]),
        (&["schema", "--layout", "disclosure-annual-report-2O21"], &["disclosure-annual-report-2021"]),
    ] {
        let ran = gongwen(here.path(), arguments).ends(2);
        for part in parts {
            assert!(ran.err.contains(part), "{arguments:?} does not have {part}:\n{}", ran.err);
        }
        assert_eq!(ran.out, "");
    }
    assert_eq!(names(here.path()).len(), 0);
}

#[test]
fn the_hint_of_new_is_a_command_that_works() {
    let here = folder();
    let own = root().join("tests/suite/layouts/small.toml");
    std::fs::create_dir(here.path().join("own")).expect("a folder");
    std::fs::copy(&own, here.path().join("own.toml")).expect("copies");
    std::fs::copy(&own, here.path().join("own/small.toml")).expect("copies");
    for arguments in
        [&["new", "own.toml", "-o", "a.json"][..], &["new", "small", "--layouts", "own", "-o", "a.json"]]
    {
        let ran = gongwen(here.path(), arguments).ends(0);
        let hinted = ran.err.split("gongwen ").nth(1).unwrap_or_else(|| panic!("{ran:?}"));
        let hinted: Vec<&str> = hinted.split_whitespace().collect();
        gongwen(here.path(), &hinted).ends(0);
        std::fs::remove_file(here.path().join("small.schema.json")).expect("the schema is there");
        std::fs::remove_file(here.path().join("a.json")).expect("the report is there");
    }
}

#[test]
fn verifying_a_word_file_is_refused_with_the_reason() {
    let here = folder();
    std::fs::write(here.path().join("a.json"), short_report("题")).expect("writes");
    gongwen(here.path(), &["export", "a.json", "--format", "docx"]).ends(0);
    let ran = gongwen(here.path(), &["verify", "a.docx"]).ends(2);
    assert!(ran.err.contains("a.docx：不是 PDF") && ran.err.contains("Word 文件没有签名"), "{}", ran.err);
}

#[test]
fn layouts_are_listed() {
    let here = folder();
    let ran = gongwen(here.path(), &["layouts"]).ends(0);
    for part in ["disclosure-annual-report-2021\n", "general-document\n", "政府信息公开工作年度报告"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(!ran.out.contains("base-gbt9704"), "a base is no layout: {}", ran.out);
    let object = gongwen(here.path(), &["layouts", "--json"]).ends(0).object();
    let ids: Vec<_> = object["layouts"].as_array().expect("a list").iter().map(|l| &l["id"]).collect();
    let files = files(&root().join("layouts"), ".toml");
    let stems = files.iter().filter_map(|path| path.file_stem()?.to_str());
    let wanted: Vec<&str> = stems.filter(|stem| !stem.starts_with("base-")).collect();
    assert_eq!(ids, wanted, "every layout that ships is listed");
}

#[test]
fn licences_name_every_font() {
    let here = folder();
    let ran = gongwen(here.path(), &["licenses"]).ends(0);
    for part in ["MIT", "Apache", "SIL OPEN FONT LICENSE", "Zhuque", "Noto", "Liberation", "LXGW"] {
        assert!(ran.out.to_lowercase().contains(&part.to_lowercase()), "{part} is not named");
    }
    gongwen(here.path(), &["licenses", "-o", "all.txt"]).ends(0);
    assert_eq!(std::fs::read_to_string(here.path().join("all.txt")).expect("written"), ran.out);
}
