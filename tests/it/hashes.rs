//! The bytes of the examples, the same on every machine: `scripts/update-expected` rewrites their hashes.
//!
//! A change here is a change of every office's files; CHANGELOG.md says why.

use std::process::Command;

use sha2::{Digest, Sha256};

use crate::command::{files, folder, root};

/// Exports all examples in another locale and time zone, and gives the SHA-256 of each file as `sha256sum`
/// does.
fn hashes(time_zone: &str, locale: &str) -> String {
    let out = folder();
    let examples = files(&root().join("examples"), ".json");
    assert!(examples.len() >= 6, "{examples:?}");
    let ran = Command::new(env!("CARGO_BIN_EXE_gongwen"))
        .args(["export", "--quiet", "-o", "."])
        .args(&examples)
        .current_dir(out.path())
        .env("TZ", time_zone)
        .env("LC_ALL", locale)
        .env("LANG", locale)
        .output()
        .expect("the built command runs");
    assert!(ran.status.success(), "{ran:?}");
    let mut lines = String::new();
    for path in files(out.path(), "") {
        let hash = Sha256::digest(std::fs::read(&path).expect("reads"));
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let name = path.file_name().and_then(|name| name.to_str()).expect("is UTF-8");
        lines.push_str(&format!("{hash}  {name}\n"));
    }
    lines
}

#[test]
fn examples_have_the_bytes_that_are_expected() {
    let file = root().join("tests/expected/sha256.txt");
    let found = hashes("UTC", "C");
    assert_eq!(found, hashes("America/St_Johns", "tr_TR.UTF-8"), "time zone and language change nothing");
    if std::env::var_os("GONGWEN_UPDATE_SUITE").is_some() {
        std::fs::write(file, found).expect("writes");
        return;
    }
    let expected = std::fs::read_to_string(file).expect("reads");
    assert_eq!(found, expected, "scripts/update-expected writes tests/expected/sha256.txt anew");
}
