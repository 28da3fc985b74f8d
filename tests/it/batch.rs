//! `gongwen batch`: many reports in one run, each with a result; resumed after a kill with nothing lost or
//! doubled.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::command::{folder, gongwen, gongwen_reading, names};

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

#[test]
fn wrong_use_is_reported_before_anything_is_made() {
    let folder = folder();
    fs::write(folder.path().join("r.ndjson"), lines(0..1)).expect("writes");
    for arguments in [
        &["batch", "r.ndjson", "-o", "out", "--shard", "2/2"][..],
        &["batch", "r.ndjson", "-o", "out", "--name", "{unit}"],
        &["batch", "absent.ndjson", "-o", "out"],
        &["batch", "r.ndjson", "-o", "out", "--jobs", "0"],
    ] {
        gongwen(folder.path(), arguments).ends(2);
    }
}
