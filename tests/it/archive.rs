//! `gongwen archive` and `gongwen verify DIR`: the bag is whole, and every change to it is named.

use std::fs;
use std::path::Path;

use gongwen::extract::extract;
use tempfile::TempDir;

use crate::command::{Ran, example, folder, gongwen, names};
use crate::pki::{Key, root};
use crate::sign::NOW;

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
    let wanted = [
        "check.json",
        "metadata.json",
        "preview",
        "provenance.json",
        "qingzhen-2023.docx",
        "qingzhen-2023.json",
        "qingzhen-2023.pdf",
    ];
    assert_eq!(names(&data), wanted);
    assert_eq!(names(&data.join("preview")).len(), 7, "one picture a page");
    let report = fs::read(path).expect("reads");
    let read = |name: &str| fs::read(data.join(name)).expect("reads");
    assert_eq!(read("qingzhen-2023.json"), report);
    for name in ["qingzhen-2023.pdf", "qingzhen-2023.docx"] {
        assert_eq!(extract(&read(name)).expect("carries it").report, report, "{name}");
    }
    let provenance: serde_json::Value = serde_json::from_slice(&read("provenance.json")).expect("JSON");
    assert_eq!(provenance["manifest"]["generator"], "gongwen");
    assert_eq!(provenance["signature"]["field"], "signatory-1");
    let told = verify(folder.path()).ends(0).out;
    assert!(told.contains("reproduced: yes"), "{told}");
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
    let check = |wanted: &str| {
        let told = verify(folder.path()).ends(1).out;
        assert!(told.contains(wanted), "{wanted}: {told}");
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
