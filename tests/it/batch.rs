//! `gongwen batch`: many reports in one run, each with a result; resumed after a kill with nothing lost or
//! doubled.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::command::{example, folder, gongwen, gongwen_reading, names};

/// A report of about two pages, of its own.
fn report(number: usize) -> Value {
    let prose = format!("这是第{number}份报告的正文，用来填满一页又一行。").repeat(30);
    json!({
        "format": 1, "layout": "general-document", "issuer": format!("第{number}局"), "year": 2000 + number % 3,
        "title": format!("第{number}份报告"), "sections": [{ "title": "情况", "body": [prose] }]
    })
}

fn lines(numbers: impl Iterator<Item = usize>) -> String {
    numbers.map(|number| format!("{}\n", report(number))).collect()
}

/// The hash of every document below a folder.
fn hashes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("lists") {
            let path = entry.expect("listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                found.insert(name, Sha256::digest(fs::read(&path).expect("reads")).to_vec());
            }
        }
    }
    found
}

#[test]
fn batch_makes_what_export_makes() {
    let folder = folder();
    fs::write(folder.path().join("two.ndjson"), lines(1..3)).expect("writes");
    let ran =
        gongwen(folder.path(), &["batch", "two.ndjson", "-o", "out", "--name", "{issuer}", "-q"]).ends(0);
    fs::write(folder.path().join("one.json"), format!("{}\n", report(1))).expect("writes");
    gongwen(folder.path(), &["export", "one.json", "-o", "alone", "--name", "{issuer}"]).ends(0);
    for ending in ["pdf", "docx"] {
        let made =
            |place: &str| fs::read(folder.path().join(place).join(format!("第1局.{ending}"))).expect("reads");
        assert!(made("out") == made("alone"), "{ending}");
    }
    let results = ran.objects();
    assert_eq!(results.len(), 2);
    for result in &results {
        assert_eq!(result["status"], "ok");
        for file in result["files"].as_array().expect("files") {
            let bytes = fs::read(folder.path().join(file["path"].as_str().expect("a path"))).expect("reads");
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(file["sha256"], hash);
            assert!(file["pages"].as_u64().is_some_and(|pages| pages > 0));
        }
    }
    assert_eq!(ran.err, "", "nothing else is printed with --quiet");
}

#[test]
fn broken_reports_fail_alone_with_their_reasons() {
    let folder = folder();
    let mut text = String::new();
    for number in 0..20 {
        match number {
            3 => text.push_str("{ not JSON\n"),
            7 => {
                let mut wrong = report(7);
                wrong["sections"][0]["body"] = json!(["字\u{7}"]);
                text.push_str(&format!("{wrong}\n"));
            }
            11 => text.push_str(&format!("{}\n", json!({ "format": 1, "layout": "none", "issuer": "甲" }))),
            _ => text.push_str(&format!("{}\n", report(number))),
        }
    }
    let ran =
        gongwen_reading(folder.path(), &["batch", "-", "-o", "out", "--format", "pdf"], text.as_bytes())
            .ends(1);
    let mut failed: Vec<(u64, String)> = Vec::new();
    for result in ran.objects() {
        let rule = result["findings"][0]["rule"].as_str().unwrap_or_default().to_owned();
        match result["status"].as_str() {
            Some("failed") => failed.push((result["number"].as_u64().expect("a number"), rule)),
            status => assert_eq!(status, Some("ok"), "{result}"),
        }
    }
    failed.sort();
    let wanted = [(3, "json.syntax"), (7, "text.control-character"), (11, "report.missing")];
    let rules: Vec<(u64, &str)> = failed.iter().map(|(number, rule)| (*number, rule.as_str())).collect();
    assert_eq!(rules.len(), 3, "{rules:?}");
    assert_eq!(rules[..2], wanted[..2]);
    assert_eq!(rules[2].0, 11);
    assert_eq!(names(&folder.path().join("out")).iter().filter(|name| name.ends_with(".pdf")).count(), 17);
    assert!(ran.err.contains("20 份") && ran.err.contains("失败 3 份"), "{}", ran.err);
}

#[test]
fn names_that_two_reports_have_are_refused_for_the_second() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..6)).expect("writes");
    let arguments = ["batch", "r.ndjson", "-o", "out", "--name", "{year}", "--format", "docx"];
    for _ in 0..3 {
        let ran = gongwen(folder.path(), &arguments).ends(1);
        let mut failed: Vec<u64> = ran
            .objects()
            .iter()
            .filter(|result| result["status"] == "failed")
            .map(|result| result["number"].as_u64().expect("a number"))
            .collect();
        failed.sort_unstable();
        assert_eq!(failed, [3, 4, 5], "whoever comes first in the input, not in time");
    }
}

#[test]
fn shards_together_make_what_one_run_makes() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..11)).expect("writes");
    let name = "{prefix}/{issuer}";
    gongwen(folder.path(), &["batch", "r.ndjson", "-o", "whole", "--name", name, "-q"]).ends(0);
    for shard in ["0/3", "1/3", "2/3"] {
        gongwen(folder.path(), &["batch", "r.ndjson", "-o", "parts", "--name", name, "--shard", shard, "-q"])
            .ends(0);
    }
    let (whole, parts) = (hashes(&folder.path().join("whole")), hashes(&folder.path().join("parts")));
    assert_eq!(whole.len(), 33);
    assert_eq!(whole, parts);
}

#[test]
fn killed_runs_are_taken_up_again() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..60)).expect("writes");
    gongwen(folder.path(), &["batch", "r.ndjson", "-o", "whole", "-q"]).ends(0);
    let out = folder.path().join("out");
    for wait in [40, 80, 120, 160, 200] {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gongwen"))
            .args(["batch", "r.ndjson", "-o", "out", "--resume", "-q"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(wait));
        // SIGKILL.
        process.kill().expect("is killed");
        process.wait().expect("ends");
    }
    // Half a file is what a crash of the machine leaves.
    let damaged = names(&out).into_iter().find(|name| name.ends_with(".docx")).expect("one was made");
    fs::write(out.join(&damaged), b"PK").expect("writes");
    let ran = gongwen(folder.path(), &["batch", "r.ndjson", "-o", "out", "--resume", "-q"]).ends(0);
    let results = ran.objects();
    assert_eq!(results.len(), 60);
    assert!(results.iter().any(|result| result["status"] == "skipped"), "some were made before");
    for name in names(&out).into_iter().filter(|name| name.starts_with(".gongwen-")) {
        fs::remove_file(out.join(name)).expect("what a kill leaves half written has a name of its own");
    }
    assert_eq!(hashes(&out), hashes(&folder.path().join("whole")));
    let again = gongwen(folder.path(), &["batch", "r.ndjson", "-o", "out", "--resume", "-q"]).ends(0);
    assert!(again.objects().iter().all(|result| result["status"] == "skipped"));
}

#[test]
fn resumed_runs_remake_files_of_other_inputs() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..2)).expect("writes");
    let run = |more: &[&str]| {
        let mut arguments = vec!["batch", "r.ndjson", "-o", "out", "--resume", "-q"];
        arguments.extend(more);
        let mut status: Vec<String> = gongwen(folder.path(), &arguments)
            .ends(0)
            .objects()
            .iter()
            .map(|result| format!("{} {}", result["number"], result["status"]))
            .collect();
        status.sort();
        status
    };
    assert_eq!(run(&[]), ["0 \"ok\"", "1 \"ok\""]);
    assert_eq!(run(&[]), ["0 \"skipped\"", "1 \"skipped\""]);
    assert_eq!(run(&["--date", "2024-01-31"]), ["0 \"ok\"", "1 \"ok\""], "other options");
    fs::write(folder.path().join("r.ndjson"), lines([0, 5].into_iter())).expect("writes");
    assert_eq!(run(&["--date", "2024-01-31"]), ["0 \"skipped\"", "1 \"ok\""], "another report");
}

#[cfg(unix)]
#[test]
fn interrupted_runs_finish_what_is_begun_and_show_how_to_resume() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..3000)).expect("writes");
    let process = Command::new(env!("CARGO_BIN_EXE_gongwen"))
        .args(["batch", "r.ndjson", "-o", "out", "--format", "pdf"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let began = Instant::now();
    while !folder.path().join("out").is_dir() || names(&folder.path().join("out")).len() < 10 {
        assert!(began.elapsed() < Duration::from_secs(60), "it makes files");
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let ended = process.wait_with_output().expect("ends");
    assert_eq!(ended.status.code(), Some(1));
    let message = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(message.contains("--resume"), "{message}");
    let results = String::from_utf8(ended.stdout).expect("UTF-8");
    let made = names(&folder.path().join("out"));
    assert!(results.lines().count() < 3000);
    assert_eq!(made.iter().filter(|name| name.ends_with(".pdf")).count(), results.lines().count());
    assert!(made.iter().all(|name| !name.starts_with(".gongwen-")), "nothing is half written");
}

/// An annual report whose first figure of 予以公开 is open, with this many carried over from the last year.
fn annual(issuer: &str, carried_over: u32) -> String {
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let carried = value["tables"]["requests"]["carried_over_from_last_year"][0].as_u64().expect("a figure");
    assert_eq!(carried, 2, "the tests below rely on it");
    let text = text
        .replace(r#""granted": [203, "#, r#""granted": [null, "#)
        .replace("清镇市人民政府办公室", issuer)
        .replace(
            r#""carried_over_from_last_year": [2, "#,
            &format!(r#""carried_over_from_last_year": [{carried_over}, "#),
        );
    let mut line: Value = serde_json::from_str(&text).expect("JSON");
    line.as_object_mut().expect("an object").remove("$schema");
    line.to_string()
}

/// The same as the report of the year before, with this many carried forward.
fn last(carried_forward: u32) -> String {
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let from = r#""carried_forward_to_next_year": [1, 0, 0, 0, 0, 0, 1]"#;
    assert!(text.contains(from) && text.contains(r#""year": 2023"#));
    let to =
        format!(r#""carried_forward_to_next_year": [{carried_forward}, 0, 0, 0, 0, 0, {carried_forward}]"#);
    text.replace(from, &to).replace(r#""year": 2023"#, r#""year": 2022"#)
}

const GRANTED: &str = "table,row,column,value\nrequests,granted,natural_person,203\n";

#[test]
fn each_report_has_its_own_figures_and_last_year() {
    let folder = folder();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("writes");
    };
    for (name, issuer) in [("a", "甲局"), ("b", "乙局"), ("c", "丙局"), ("d", "丁局")] {
        write(&format!("in/{name}.json"), &annual(issuer, 2));
        write(&format!("last/2023/{issuer}.json"), &last(2));
        write(&format!("figures/{name}.csv"), GRANTED);
    }
    // 乙局 had three, 丙局 has no figures, 丁局 no report of the last year.
    write("last/2023/乙局.json", &last(3));
    fs::remove_file(folder.path().join("figures/c.csv")).expect("removes");
    fs::remove_file(folder.path().join("last/2023/丁局.json")).expect("removes");
    write("in/e.json", "{ not JSON");
    let arguments = [
        "batch",
        "in",
        "-o",
        "out",
        "-q",
        "--resume",
        "--figures",
        "figures/{stem}.csv",
        "--previous",
        "last/{year}/{issuer}.json",
    ];
    let run = || {
        let mut results = gongwen(folder.path(), &arguments).ends(1).objects();
        results.sort_by_key(|result| result["number"].as_u64());
        results
    };
    let results = run();
    let told = |result: &Value| -> (String, String) {
        let status = result["status"].as_str().expect("a status").to_owned();
        let of = |finding: &Value| finding["severity"] == "error";
        let findings = result["findings"].as_array().expect("findings").iter().filter(|finding| of(finding));
        let texts: Vec<&str> = findings.map(|finding| finding["message"].as_str().expect("text")).collect();
        (status, texts.join("\n"))
    };
    assert_eq!(told(&results[0]), ("ok".to_owned(), String::new()));
    let (status, text) = told(&results[1]);
    assert!(status == "failed" && text.contains("上年"), "{text}");
    let carried = |finding: &Value| finding["rule"] == "previous.carried-over";
    assert!(results[1]["findings"].as_array().is_some_and(|findings| findings.iter().any(carried)));
    let missing = |option: &str, file: &str| format!("{option}：读不出 {file}：文件或文件夹不存在");
    assert_eq!(told(&results[2]), ("failed".to_owned(), missing("--figures", "figures/c.csv")));
    assert_eq!(told(&results[3]), ("failed".to_owned(), missing("--previous", "last/2023/丁局.json")));
    assert_eq!(results[4]["findings"][0]["rule"], "json.syntax", "its own mistakes come first");
    assert_eq!(names(&folder.path().join("out")), ["a.docx", "a.gongwen.json", "a.pdf"]);
    // The same files are skipped; other figures and another last year make it again.
    assert_eq!(run()[0]["status"], "skipped");
    write("figures/a.csv", &GRANTED.replace("203\n", "203\n\n"));
    assert_eq!(run()[0]["status"], "ok");
    write("last/2023/甲局.json", &format!("{}\n", last(2)));
    assert_eq!(run()[0]["status"], "ok");
    assert_eq!(run()[0]["status"], "skipped");
}

#[test]
fn lines_have_their_files_by_number_or_id() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), format!("\n{}\n", annual("甲局", 2))).expect("writes");
    fs::write(folder.path().join("r-000002.csv"), GRANTED).expect("writes");
    let run = |pattern: &str| {
        gongwen(folder.path(), &["batch", "r.ndjson", "-o", "out", "-q", "--figures", pattern])
    };
    run("{stem}.csv").ends(0);
    let ran = run("{id}.csv").ends(1);
    assert!(ran.out.contains("读不出 r.ndjson:2.csv"), "{}", ran.out);
}

#[test]
fn an_embedded_report_does_not_need_the_last_year() {
    let folder = folder();
    let auto = annual("甲局", 2).replace("[null,", "[203,").replace(
        r#""carried_over_from_last_year":[2,0,0,0,0,0,2]"#,
        r#""carried_over_from_last_year":["auto",0,0,0,0,0,"auto"]"#,
    );
    assert!(auto.contains("auto"), "{auto}");
    fs::write(folder.path().join("a.json"), auto).expect("writes");
    fs::write(folder.path().join("a.last.json"), last(2)).expect("writes");
    gongwen(
        folder.path(),
        &["batch", "a.json", "-o", "out", "-q", "--previous", "{stem}.last.json", "--embed-source"],
    )
    .ends(0);
    let report = gongwen(folder.path(), &["extract", "out/a.pdf"]).ends(0).document();
    assert_eq!(report["tables"]["requests"]["carried_over_from_last_year"][0], 2);
    fs::write(folder.path().join("again.json"), report.to_string()).expect("writes");
    gongwen(folder.path(), &["check", "again.json"]).ends(0);
}

#[test]
fn wrong_use_is_reported_before_anything_is_made() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..1)).expect("writes");
    for arguments in [
        &["batch", "r.ndjson", "-o", "out", "--shard", "2/2"][..],
        &["batch", "r.ndjson", "-o", "out", "--name", "{unit}"],
        &["batch", "absent.ndjson", "-o", "out"],
        &["batch", "r.ndjson", "-o", "out", "--jobs", "0"],
        &["batch", "r.ndjson", "-o", "none", "--figures", "{name}.xlsx"],
        &["batch", "r.ndjson", "-o", "none", "--previous", "last.json"],
    ] {
        gongwen(folder.path(), arguments).ends(2);
    }
    assert!(!folder.path().join("none").exists());
}

#[test]
fn a_folder_is_its_reports_of_every_kind() {
    let folder = folder();
    fs::create_dir(folder.path().join("in")).expect("makes");
    fs::write(folder.path().join("in/one.json"), report(1).to_string()).expect("writes");
    gongwen(folder.path(), &["export", "in/one.json", "-o", "made", "-q"]).ends(0);
    for (from, to) in [("one.docx", "in/two.docx"), ("one.docx", "in/one.docx"), ("one.pdf", "in/one.pdf")] {
        fs::copy(folder.path().join("made").join(from), folder.path().join(to)).expect("copies");
    }
    fs::write(folder.path().join("in/notes.txt"), "说明").expect("writes");
    for _ in 0..2 {
        let ran = gongwen(folder.path(), &["batch", "in", "-o", "in/out", "--format", "pdf"]).ends(0);
        let mut ids: Vec<String> = ran
            .out
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).expect("is JSON")["id"]
                    .as_str()
                    .expect("an id")
                    .to_owned()
            })
            .collect();
        ids.sort();
        assert_eq!(ids, ["in/one.json", "in/two.docx"]);
        assert!(ran.err.contains("跳过") && ran.err.contains("notes.txt"), "{}", ran.err);
    }
}
