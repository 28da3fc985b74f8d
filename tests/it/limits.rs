//! Reports beyond the limits, and reports of nothing but mistakes.

use std::fs;

use gongwen::{Exporter, Limits};
use serde_json::{Value, json};

use crate::command::{Ran, folder, gongwen, short_report};

/// Checks a report with these members besides the usual ones.
fn check(members: Value, options: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let mut report = json!({ "format": 1, "layout": "general-document", "title": "题", "issuer": "甲局" });
    let all = report.as_object_mut().expect("an object");
    all.extend(members.as_object().expect("an object").clone());
    fs::write(folder.path().join("r.json"), report.to_string()).expect("writes");
    gongwen(folder.path(), &[&["check", "r.json", "--lang", "en", "--json"], options].concat())
}

fn rules(ran: Ran) -> Vec<(String, String)> {
    let object = ran.object();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let found = object["findings"].as_array().expect("a list").iter();
    found.map(|found| (text(&found["rule"]), text(&found["message_en"]))).collect()
}

#[test]
fn a_hundred_unknown_keys_are_told_and_the_others_counted() {
    let members: serde_json::Map<String, Value> = (0..5000).map(|at| (format!("k{at}"), json!(1))).collect();
    let found = rules(check(Value::Object(members), &[]).ends(1));
    assert_eq!(found.len(), 101);
    let rest = "4900 more of this kind (report.unknown-field) are not listed";
    assert!(found.iter().any(|(_, message)| message == rest), "{found:?}");
}

#[test]
fn a_report_beyond_a_limit_is_refused_by_the_name_of_the_limit() {
    let refused = |members: Value| rules(check(members, &[]).ends(1)).swap_remove(0);
    let (rule, message) = refused(json!({ "preamble": vec!["甲"; 50_001] }));
    assert_eq!((rule.as_str(), message.as_str()), ("report.limit", "there are more than 50000 paragraphs"));
    let (rule, message) = refused(json!({ "preamble": ["甲".repeat(500_001)] }));
    assert_eq!(
        (rule.as_str(), message.as_str()),
        ("report.limit", "the text is longer than 500000 characters")
    );
    let (rule, message) = refused(json!({ "year": 2023, "preamble": ["{{year}}".repeat(20_001)] }));
    assert_eq!((rule.as_str(), message.as_str()), ("report.limit", "there are more than 20000 references"));
    let (rule, message) = refused(json!({ "preamble": vec![1; 600_000] }));
    assert_eq!((rule.as_str(), message.as_str()), ("json.size", "the report has more than 600000 values"));
    let (rule, message) = refused(json!({ "k".repeat(2000): 1 }));
    assert_eq!(rule, "json.size", "{message}");
}

#[test]
fn large_limits_are_ten_times_the_usual_ones() {
    check(json!({ "preamble": ["甲".repeat(500_001)] }), &["--limits", "large"]).ends(0);
}

#[test]
fn every_command_that_reads_takes_large_limits() {
    use crate::pki::{Key, root};
    let here = folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(here.path().join(name), bytes).expect("writes");
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    write("key.pem", signer.key.pem().as_bytes());
    write("cert.pem", signer.pem().as_bytes());
    write("root.pem", root.pem().as_bytes());
    // A report larger than is usually read, though nothing is in it, and a PDF of more values.
    let report = [short_report("题").into_bytes(), vec![b' '; Limits::default().report_bytes]].concat();
    write("r.json", &report);
    let catalog = crate::forged::CATALOG.replace("/Pages", &format!("/X[{}]/Pages", "0 ".repeat(1_000_000)));
    write("a.pdf", &crate::forged::with_catalog(&catalog));
    let key = ["--key", "key.pem", "--cert", "cert.pem", "--time", crate::sign::NOW];
    let archive = [&["archive", "r.json", "-o", "bag"], &key[..]].concat();
    let sign = [&["sign", "a.pdf", "-o", "b.pdf"], &key[..]].concat();
    let commands: [&[&str]; 7] = [
        &["fix", "r.json"],
        &["diff", "r.json", "r.json"],
        &["fonts", "r.json"],
        &archive,
        &["verify", "bag", "--trust", "root.pem"],
        &sign,
        &["verify", "b.pdf", "--trust", "root.pem"],
    ];
    for command in commands {
        // What a bag of a usual size has in it is refused as what does not hold.
        let usual = if command[1] == "bag" { 1 } else { 2 };
        gongwen(here.path(), command).ends(usual);
        gongwen(here.path(), &[command, &["--limits", "large"]].concat()).ends(0);
    }
}

#[test]
fn a_verification_reads_within_one_budget() {
    use crate::pki::{Key, root};
    use gongwen::verify::{VerifyOptions, verify};
    let root = root("根");
    let mut pdf = crate::forged::plain();
    for number in 0..8 {
        pdf = crate::sign::signed(&pdf, &root.signer(Key::p256(1 + number), "甲", 2 + number));
    }
    let holds = |objects: usize| {
        let mut options = VerifyOptions::default();
        options.limits.pdf_objects = objects;
        verify(&pdf, &options, &Exporter::new()).map(|found| found.signatures.len())
    };
    // Enough to read the file once is not enough to read each of its revisions over and over.
    let once = (1..).map(|count| count * 50).find(|&objects| {
        let mut limits = Limits::default();
        limits.pdf_objects = objects;
        gongwen::sign::certificates_to_validate(&pdf, &[], &limits).is_ok()
    });
    let once = once.expect("is found");
    assert!(holds(once).is_err(), "{once}");
    assert_eq!(holds(once * 100).ok(), Some(8));
}
