//! `gongwen archive` and `gongwen verify DIR`: the bag is whole, and every change to it is named.

use std::fs;
use std::path::Path;

use gongwen::Limits;
use gongwen::extract;
use tempfile::TempDir;

use crate::command::{Ran, example, folder, gongwen, names, short_report};
use crate::pki::{Key, root};
use crate::sign::{NOW, exported, signed};

/// A folder with a key, its certificate and the root above it.
fn office() -> TempDir {
    let folder = folder();
    let root = root("根");
    let signer = root.signer(Key::p256(1), "某局", 2);
    for (name, text) in [("key.pem", signer.key.pem()), ("cert.pem", signer.pem()), ("root.pem", root.pem())]
    {
        fs::write(folder.path().join(name), text).expect("writes");
    }
    folder
}

fn archive(folder: &Path, report: &str) -> Ran {
    let key = ["--key", "key.pem", "--cert", "cert.pem", "--time", NOW];
    gongwen(folder, &[&["archive", report, "-q", "-o", "bag", "--lang", "en"], &key[..]].concat())
}

fn verify(folder: &Path) -> Ran {
    gongwen(folder, &["verify", "bag", "--trust", "root.pem", "--lang", "en"])
}

#[test]
fn archive_is_whole_and_holds() {
    let folder = office();
    let path = example("qingzhen-2023.json");
    archive(folder.path(), &path).ends(0);
    let data = folder.path().join("bag/data");
    let expected = [
        "check.json",
        "metadata.json",
        "preview",
        "provenance.json",
        "qingzhen-2023.docx",
        "qingzhen-2023.json",
        "qingzhen-2023.pdf",
    ];
    assert_eq!(names(&data), expected);
    assert_eq!(names(&data.join("preview")).len(), 6, "one picture a page");
    let report = fs::read(path).expect("reads");
    let read = |name: &str| fs::read(data.join(name)).expect("reads");
    assert_eq!(read("qingzhen-2023.json"), report);
    for name in ["qingzhen-2023.pdf", "qingzhen-2023.docx"] {
        assert_eq!(extract(&read(name), &Limits::default()).expect("carries it").report, report, "{name}");
    }
    let provenance: serde_json::Value = serde_json::from_slice(&read("provenance.json")).expect("JSON");
    assert_eq!(provenance["manifest"]["generator"], "gongwen");
    assert_eq!(provenance["signatures"][0]["field"], "signatory-1");
    let output = verify(folder.path()).ends(0).out;
    assert!(output.contains("reproduced: yes"), "{output}");
    assert!(archive(folder.path(), &example("notice.json")).ends(2).err.contains("never overwritten"));
}

#[test]
fn same_archive_has_the_same_bytes() {
    let (one, other) = (office(), office());
    for folder in [&one, &other] {
        archive(folder.path(), &example("notice.json")).ends(0);
    }
    let sums = |folder: &TempDir| fs::read(folder.path().join("bag/tagmanifest-sha256.txt")).expect("reads");
    assert_eq!(sums(&one), sums(&other));
}

#[test]
fn every_change_to_an_archive_is_named() {
    let folder = office();
    archive(folder.path(), &example("notice.json")).ends(0);
    let check = |expected: &str| {
        let output = verify(folder.path()).ends(1).out;
        assert!(output.contains(expected), "{expected}: {output}");
    };
    let metadata = folder.path().join("bag/data/metadata.json");
    let kept = fs::read(&metadata).expect("reads");
    fs::write(&metadata, b"{}").expect("writes");
    check("data/metadata.json: changed");
    fs::remove_file(&metadata).expect("removes");
    check("data/metadata.json: missing");
    fs::write(&metadata, kept).expect("writes");
    verify(folder.path()).ends(0);
    let added = folder.path().join("bag/data/more.txt");
    fs::write(&added, b"").expect("writes");
    check("data/more.txt: added");
}

#[test]
fn wrong_report_leaves_nothing() {
    let folder = office();
    let text =
        fs::read_to_string(example("notice.json")).expect("reads").replace("\"format\": 1", "\"format\": 9");
    fs::write(folder.path().join("report.json"), text).expect("writes");
    archive(folder.path(), "report.json").ends(1);
    assert_eq!(names(folder.path()), ["cert.pem", "key.pem", "report.json", "root.pem"]);
}

/// Writes the lists of a bag anew, as whoever changes something in it can.
fn listed_anew(bag: &Path) {
    use sha2::Digest;
    let mut paths: Vec<std::path::PathBuf> = vec![bag.to_owned()];
    let mut lines = std::collections::BTreeMap::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(fs::read_dir(&path).expect("lists").map(|entry| entry.expect("is one").path()));
        } else {
            let name = path.strip_prefix(bag).expect("is inside").to_string_lossy().into_owned();
            lines.insert(name, fs::read(&path).expect("reads"));
        }
    }
    let payload = |name: &String| name.starts_with("data/");
    type Lines = std::collections::BTreeMap<String, Vec<u8>>;
    let sum = |bytes: &[u8]| {
        sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let list = |lines: &mut Lines, name: &str, expected: &dyn Fn(&String) -> bool| {
        let text: String = lines
            .iter()
            .filter(|(name, _)| expected(name))
            .map(|(name, bytes)| format!("{}  {name}\n", sum(bytes)))
            .collect();
        fs::write(bag.join(name), &text).expect("writes");
        lines.insert(name.to_owned(), text.into_bytes());
    };
    let octets: usize = lines.iter().filter(|(name, _)| payload(name)).map(|(_, bytes)| bytes.len()).sum();
    let info = String::from_utf8(lines["bag-info.txt"].clone()).expect("text");
    let info: String = info
        .lines()
        .filter(|line| !line.starts_with("Payload-Oxum"))
        .map(|line| format!("{line}\n"))
        .collect();
    let count = lines.keys().filter(|name| payload(name)).count();
    let info = format!("{info}Payload-Oxum: {octets}.{count}\n");
    fs::write(bag.join("bag-info.txt"), &info).expect("writes");
    lines.insert("bag-info.txt".to_owned(), info.into_bytes());
    list(&mut lines, "manifest-sha256.txt", &payload);
    list(&mut lines, "tagmanifest-sha256.txt", &|name| !payload(name) && name != "tagmanifest-sha256.txt");
}

#[test]
fn what_follows_from_the_signed_pdf_is_made_again() {
    let folder = office();
    archive(folder.path(), &example("notice.json")).ends(0);
    let bag = folder.path().join("bag");
    let (data, kept) = (bag.join("data"), folder.path().join("kept"));
    let copy = |from: &Path, to: &Path| {
        let ran = std::process::Command::new("cp").arg("-r").args([from, to]).status().expect("copies");
        assert!(ran.success());
    };
    copy(&bag, &kept);
    listed_anew(&bag);
    verify(folder.path()).ends(0);
    let provenance = |change: &dyn Fn(&mut serde_json::Value)| {
        let path = data.join("provenance.json");
        let mut value = serde_json::from_slice(&fs::read(&path).expect("reads")).expect("JSON");
        change(&mut value);
        fs::write(&path, format!("{value:#}\n")).expect("writes");
    };
    let mismatch = "data/provenance.json: missing, or at odds";
    let info = |from: &str, to: &str| {
        let path = bag.join("bag-info.txt");
        let text = fs::read_to_string(&path).expect("reads");
        assert!(text.contains(from), "{from}: {text}");
        fs::write(path, text.replace(from, to)).expect("writes");
    };
    let changes: [(&str, &dyn Fn()); 18] = [
        (mismatch, &|| {
            provenance(&|value| {
                value["signatures"][0]["seal_sha256"] = "0".repeat(64).into();
                value["signatures"][0]["allowed"] = serde_json::json!([]);
            })
        }),
        (mismatch, &|| provenance(&|value| value["note"] = "checked".into())),
        (mismatch, &|| provenance(&|value| value["signatures"][0]["approved"] = true.into())),
        (mismatch, &|| provenance(&|value| value["signatures"][0]["allowed"] = "all".into())),
        (mismatch, &|| provenance(&|value| value["signatures"][0]["seal_sha256"] = "x".into())),
        (mismatch, &|| provenance(&|value| value["manifest"]["note"] = 1.into())),
        (mismatch, &|| {
            let path = data.join("provenance.json");
            let text = fs::read_to_string(&path).expect("reads");
            fs::write(&path, text.replacen('{', "{\n  \"signatures\": [],", 1)).expect("writes");
        }),
        ("bag-info.txt: not what", &|| info("Source-Organization: ", "Source-Organization: 省")),
        ("bag-info.txt: not what", &|| info("Bagging-Date: 2024", "Bagging-Date: 2020")),
        ("bag-info.txt: not what", &|| info("Bag-Soft", "Contact-Name: x\nBag-Soft")),
        ("notes.txt: not part of an archive", &|| fs::write(bag.join("notes.txt"), "x").expect("writes")),
        ("fetch.txt: not part of an archive", &|| fs::write(bag.join("fetch.txt"), "").expect("writes")),
        ("data/metadata.json: not what", &|| fs::write(data.join("metadata.json"), "{}").expect("writes")),
        ("data/check.json: not what", &|| fs::write(data.join("check.json"), "{}").expect("writes")),
        ("data/preview/notice-1.png: not what", &|| {
            fs::write(data.join("preview/notice-1.png"), "").expect("writes");
        }),
        ("data/provenance.json: missing, or at odds", &|| {
            let path = data.join("provenance.json");
            let text = fs::read_to_string(&path).expect("reads");
            fs::write(&path, text.replace("某局", "某厅")).expect("writes");
        }),
        ("data/more.PDF: not part of an archive", &|| fs::write(data.join("more.PDF"), "").expect("writes")),
        ("data/notice.docx: missing", &|| fs::remove_file(data.join("notice.docx")).expect("removes")),
    ];
    for (expected, change) in changes {
        change();
        listed_anew(&bag);
        let output = verify(folder.path()).ends(1).out;
        assert!(output.contains(expected), "{expected}: {output}");
        fs::remove_dir_all(&bag).expect("removes");
        copy(&kept, &bag);
    }
}

#[test]
fn the_seal_and_what_was_allowed_follow_from_the_signed_pdf() {
    let folder = office();
    let report = short_report("题").replace(r#""2024-01-31"}"#, r#""2024-01-31", "seal": "reserve"}"#);
    fs::write(folder.path().join("r.json"), report).expect("writes");
    // Years after the certificate ended.
    let seal = example("images/seal-sample.png");
    let options = ["--key", "key.pem", "--cert", "cert.pem", "--time", "2050-01-31T10:00:00+08:00"];
    let options = [&options[..], &["--allow", "expired", "--seal", &seal]].concat();
    gongwen(folder.path(), &[&["archive", "r.json", "-o", "bag", "--lang", "en"], &options[..]].concat())
        .ends(0);
    let path = folder.path().join("bag/data/provenance.json");
    let text = fs::read_to_string(&path).expect("reads");
    let stated: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let own = &stated["signatures"][0];
    assert_eq!(own["allowed"], serde_json::json!(["expired"]));
    let hash = own["seal_sha256"].as_str().expect("the seal's").to_owned();
    assert_eq!(hash.len(), 64);
    let problem = "data/provenance.json: missing, or at odds";
    // The signer stated a time after the certificate; today it is valid.
    assert!(!verify(folder.path()).ends(0).out.contains(problem));
    let pair =
        format!(",\n      \"seal_sha256\": \"{hash}\",\n      \"allowed\": [\n        \"expired\"\n      ]");
    for (from, to) in [
        (hash.as_str(), "0".repeat(64).as_str()),
        (&format!("\"{hash}\""), "null"),
        ("\"expired\"", "\"weak-algorithm\""),
        ("[\n        \"expired\"\n      ]", "[]"),
        (&pair, ""),
    ] {
        assert!(text.contains(from), "{from}: {text}");
        fs::write(&path, text.replace(from, to)).expect("writes");
        listed_anew(&folder.path().join("bag"));
        let output = verify(folder.path()).ends(1).out;
        assert!(output.contains(problem), "{from}: {output}");
    }
}

#[test]
fn what_a_bag_says_about_itself_is_there() {
    let folder = office();
    archive(folder.path(), &example("notice.json")).ends(0);
    let bag = folder.path().join("bag");
    fs::remove_file(bag.join("bag-info.txt")).expect("removes");
    let tags = bag.join("tagmanifest-sha256.txt");
    let text = fs::read_to_string(&tags).expect("reads");
    let text: String =
        text.lines().filter(|line| !line.ends_with("bag-info.txt")).map(|line| format!("{line}\n")).collect();
    fs::write(&tags, text).expect("writes");
    let output = verify(folder.path()).ends(1).out;
    assert!(output.contains("bag-info.txt: missing"), "{output}");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_no_files_of_a_bag() {
    let folder = office();
    archive(folder.path(), &example("notice.json")).ends(0);
    let metadata = folder.path().join("bag/data/metadata.json");
    fs::rename(&metadata, folder.path().join("outside.json")).expect("moves");
    std::os::unix::fs::symlink(folder.path().join("outside.json"), &metadata).expect("links");
    assert!(verify(folder.path()).ends(2).err.contains("no links"));
    fs::remove_file(&metadata).expect("removes");
    // Whoever opened it would wait for ever.
    let made = std::process::Command::new("mkfifo").arg(&metadata).status().expect("runs");
    assert!(made.success());
    assert!(verify(folder.path()).ends(2).err.contains("no links"));
}

#[test]
fn what_a_report_silences_is_in_its_bag_and_told_when_it_is_verified() {
    let folder = office();
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let mut report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    report["tables"]["litigation"]["reconsideration"] = serde_json::json!([1, 0, 0, 0, 2]);
    report["silence"] = serde_json::json!([
        { "rule": "litigation.total", "place": "/tables/litigation", "reason": "一件并案审理" }
    ]);
    fs::write(folder.path().join("r.json"), report.to_string()).expect("writes");
    archive(folder.path(), "r.json").ends(0);
    let checks = fs::read(folder.path().join("bag/data/check.json")).expect("reads");
    let checks: serde_json::Value = serde_json::from_slice(&checks).expect("JSON");
    assert_eq!(checks["silenced"][0]["reason"], "一件并案审理");
    let output = verify(folder.path()).ends(0).out;
    assert!(output.contains("silenced[litigation.total]") && output.contains("一件并案审理"), "{output}");
}

#[test]
fn a_report_of_any_name_is_kept() {
    let folder = office();
    for name in ["check.json", "Provenance.json"] {
        fs::write(folder.path().join(name), short_report("题")).expect("writes");
        archive(folder.path(), name).ends(0);
        verify(folder.path()).ends(0);
        let stem = name.strip_suffix(".json").expect("is JSON");
        let kept = fs::read(folder.path().join(format!("bag/data/{stem}-report.json"))).expect("reads");
        assert_eq!(kept, short_report("题").as_bytes());
        fs::remove_dir_all(folder.path().join("bag")).expect("removes");
    }
}

#[test]
fn an_archive_lasts() {
    let folder = office();
    let root = root("根");
    fs::write(folder.path().join("crl"), root.crl(&[(77, "20230101000000Z")])).expect("writes");
    fs::write(
        folder.path().join("none"),
        root.crl_with(&[], ("20200101000000Z", Some("20200201000000Z")), &[]),
    )
    .expect("writes");
    let base = ["archive", &example("notice.json"), "-q", "-o", "bag", "--lang", "en"];
    let key = ["--key", "key.pem", "--cert", "cert.pem", "--time", NOW, "--ltv", "--chain", "root.pem"];
    let with = |crl: &str| gongwen(folder.path(), &[&base[..], &key[..], &["--crl", crl]].concat());
    assert!(with("none").ends(2).err.contains("nothing says"));
    assert!(!folder.path().join("bag").exists(), "nothing is left behind");
    with("crl").ends(0);
    let output = verify(folder.path()).ends(0).out;
    assert!(output.contains("revocation: none (as of 2024-01-01"), "{output}");
}

#[test]
fn several_bodies_sign_before_the_bag_is_made() {
    let folder = folder();
    let root = root("根");
    let report = short_report("题");
    let one = signed(&exported(report.as_bytes(), 2, true), &root.signer(Key::p256(1), "甲", 2));
    let two = signed(&one, &root.signer(Key::p384(2), "乙", 3));
    let mut changed = two.clone();
    changed[200] ^= 1;
    let strange =
        signed(&exported(short_report("另").as_bytes(), 1, true), &root.signer(Key::p256(1), "甲", 2));
    let bare = signed(&exported(report.as_bytes(), 1, false), &root.signer(Key::p256(1), "甲", 2));
    let mut appended = two.clone();
    appended.extend_from_slice(b"x");
    for (name, bytes) in [
        ("a.json", report.as_bytes()),
        ("two.pdf", &two),
        ("unsigned.pdf", &exported(report.as_bytes(), 2, true)),
        ("changed.pdf", &changed),
        ("appended.pdf", &appended),
        ("strange.pdf", &strange),
        ("bare.pdf", &bare),
        ("root.pem", root.pem().as_bytes()),
        ("other.pem", crate::pki::root("别的根").pem().as_bytes()),
        ("crl", &root.crl(&[])),
    ] {
        fs::write(folder.path().join(name), bytes).expect("writes");
    }
    let base = ["archive", "a.json", "-o", "bag", "--lang", "en", "--signed"];
    let with = |more: &[&str]| gongwen(folder.path(), &[&base[..], more].concat());
    let before = names(folder.path());
    for (pdf, expected) in [
        ("unsigned.pdf", "no signature"),
        ("changed.pdf", "not valid"),
        ("appended.pdf", "not permitted"),
        ("strange.pdf", "this very report"),
        ("bare.pdf", "this very report"),
    ] {
        let output = with(&[pdf, "--trust", "root.pem"]).ends(1).err;
        assert!(output.contains(expected), "{pdf}: {output}");
        assert_eq!(names(folder.path()), before, "nothing is left behind");
    }
    with(&["two.pdf", "--trust", "other.pem"]).ends(1);
    // A key has no business here.
    with(&["two.pdf", "--time", NOW]).ends(2);
    assert_eq!(names(folder.path()), before);
    let made = with(&["two.pdf", "--trust", "root.pem", "--json"]).ends(0).object();
    assert_eq!(made["signatures"][1]["signer"], "乙, C=CN");
    assert_eq!(fs::read(folder.path().join("bag/data/a.pdf")).expect("reads"), two);
    let output = verify(folder.path()).ends(0).out;
    assert!(output.contains("signatory-1: valid") && output.contains("signatory-2: valid"), "{output}");
    let provenance = fs::read(folder.path().join("bag/data/provenance.json")).expect("reads");
    let provenance: serde_json::Value = serde_json::from_slice(&provenance).expect("JSON");
    assert_eq!(provenance["signatures"][1]["field"], "signatory-2");
    // What makes both signatures last can still be added.
    fs::remove_dir_all(folder.path().join("bag")).expect("removes");
    with(&["two.pdf", "--ltv", "--crl", "crl", "--chain", "root.pem"]).ends(0);
    let output = verify(folder.path()).ends(0).out;
    assert_eq!(output.matches("revocation: none").count(), 2, "{output}");
}
