//! Bags (BagIt, RFC 8493): files with manifests of their SHA-256, by which a loss is detected.
//!
//! A bag is here its files by path, with `/` between folders; the caller reads and writes them.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::ArchiveReason;
use crate::hash::sha256;

/// The declaration of a bag: RFC 8493, 2.1.1.
const DECLARED: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Files by path.
pub type Files = BTreeMap<String, Vec<u8>>;

const DECLARATION: &str = "bagit.txt";
pub(super) const INFO: &str = "bag-info.txt";
const MANIFEST: &str = "manifest-sha256.txt";
const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
const PAYLOAD: &str = "data/";

/// A bag of these files, which get into `data/`; `info` has the labels of RFC 8493, 2.2.2, and their values.
pub fn pack(payload: Files, info: &[(&str, String)]) -> Files {
    let octets: usize = payload.values().map(Vec::len).sum();
    let oxum = ("Payload-Oxum", format!("{octets}.{}", payload.len()));
    let mut lines = String::new();
    for (label, value) in info.iter().chain([&oxum]) {
        // A value is one line: a line that begins with space would go on from the one before.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        lines += &format!("{label}: {value}\n");
    }
    let mut files: Files =
        payload.into_iter().map(|(path, bytes)| (format!("{PAYLOAD}{path}"), bytes)).collect();
    let manifest = listed(&files);
    files.insert(DECLARATION.to_owned(), DECLARED.into());
    files.insert(INFO.to_owned(), lines.into_bytes());
    files.insert(MANIFEST.to_owned(), manifest);
    let tags = files.iter().filter(|(path, _)| !path.starts_with(PAYLOAD));
    let tags = listed(&tags.map(|(path, bytes)| (path.clone(), bytes.clone())).collect());
    files.insert(TAG_MANIFEST.to_owned(), tags);
    files
}

fn listed(files: &Files) -> Vec<u8> {
    let line = |(path, bytes): (&String, &Vec<u8>)| format!("{}  {}\n", sha256(bytes), encoded(path));
    files.iter().map(line).collect::<String>().into_bytes()
}

/// A path as manifests hold it: RFC 8493, 2.1.3.
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}

fn decoded(path: &str) -> String {
    let mut path = path.to_owned();
    for (code, character) in [("%0A", "\n"), ("%0a", "\n"), ("%0D", "\r"), ("%0d", "\r"), ("%25", "%")] {
        path = path.replace(code, character);
    }
    path
}

/// Why a bag is not valid: files that are missing, changed or not listed, and manifests that cannot be read.
pub fn problems(files: &Files) -> Vec<ArchiveReason> {
    let mut found = Vec::new();
    let declared = files.get(DECLARATION).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if declared.as_deref() != Some(DECLARED) {
        found.push(ArchiveReason::InvalidDeclaration { file: DECLARATION.to_owned() });
    }
    let of_payload = |path: &str| path.starts_with(PAYLOAD);
    // Whoever adds a file lists it as well: a list of files to be fetched, other manifests, notes.
    let known = [DECLARATION, INFO, MANIFEST, TAG_MANIFEST];
    let others = files.keys().filter(|path| !of_payload(path) && !known.contains(&path.as_str()));
    found.extend(others.map(|path| ArchiveReason::NotPartOfArchive { file: path.clone() }));
    if !files.contains_key(INFO) {
        found.push(ArchiveReason::FileMissing { file: INFO.to_owned() });
    }
    found.extend(compare(files, MANIFEST, of_payload));
    found.extend(compare(files, TAG_MANIFEST, |path| !of_payload(path) && path != TAG_MANIFEST));
    found.extend(oxum(files));
    found
}

/// Compares the files of a manifest with those that are there.
fn compare(files: &Files, manifest: &str, is_listed_here: impl Fn(&str) -> bool) -> Vec<ArchiveReason> {
    /// A row has some hundred bytes, and a bag some hundred files.
    const MOST_BYTES: usize = 8 << 20;
    /// The most reasons that are listed of a manifest.
    const MOST: usize = 100;
    let manifest = manifest.to_owned();
    let held = files.get(&manifest).filter(|bytes| bytes.len() <= MOST_BYTES);
    let Some(text) = held.and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
        return vec![ArchiveReason::UnreadableManifest { file: manifest }];
    };
    let mut found = Vec::new();
    let mut listed = BTreeSet::new();
    for (text, line) in text.lines().zip(1..) {
        if found.len() >= MOST {
            return found;
        }
        let entry = text
            .split_once([' ', '\t'])
            .map(|(sum, path)| (sum, decoded(path.trim_start_matches([' ', '\t', '*']))));
        let Some((sum, file)) = entry.filter(|(sum, path)| sum.len() == 64 && is_listed_here(path)) else {
            found.push(ArchiveReason::UnreadableManifestLine { file: manifest.clone(), line });
            continue;
        };
        match files.get(&file) {
            None => found.push(ArchiveReason::FileMissing { file: file.clone() }),
            Some(bytes) if !sha256(bytes).eq_ignore_ascii_case(sum) => {
                found.push(ArchiveReason::FileChanged { file: file.clone() });
            }
            Some(_) => {}
        }
        if !listed.insert(file.clone()) {
            found.push(ArchiveReason::ListedTwice { file, manifest: manifest.clone() });
        }
    }
    for file in files.keys().filter(|path| is_listed_here(path) && !listed.contains(*path)) {
        found.push(ArchiveReason::NotListed { file: file.clone(), manifest: manifest.clone() });
    }
    found
}

/// The size and number of the payload files, which reveal a loss without digests.
fn oxum(files: &Files) -> Option<ArchiveReason> {
    let info = String::from_utf8_lossy(files.get(INFO)?).into_owned();
    let stated = info.lines().find_map(|line| line.strip_prefix("Payload-Oxum: "))?.to_owned();
    let payload = || files.iter().filter(|(path, _)| path.starts_with(PAYLOAD));
    let found = format!("{}.{}", payload().map(|(_, bytes)| bytes.len()).sum::<usize>(), payload().count());
    (stated != found).then_some(ArchiveReason::PayloadOxumMismatch { stated, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag() -> Files {
        let payload = [("年报.json", "{}"), ("100%.txt", "x"), ("preview/1.png", "p")];
        let payload = payload.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
        pack(payload, &[("Source-Organization", "某某市\n财政局".to_owned())])
    }

    fn reported(files: &Files) -> String {
        problems(files).iter().map(|reason| reason.message().en).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn bag_is_in_order() {
        let bag = bag();
        assert_eq!(reported(&bag), "");
        let info = String::from_utf8(bag["bag-info.txt"].clone()).unwrap();
        assert_eq!(info, "Source-Organization: 某某市 财政局\nPayload-Oxum: 4.3\n");
        assert!(String::from_utf8_lossy(&bag["manifest-sha256.txt"]).contains("  data/100%25.txt\n"));
    }

    #[test]
    fn changes_are_named() {
        let changed = |change: &dyn Fn(&mut Files)| {
            let mut bag = bag();
            change(&mut bag);
            reported(&bag)
        };
        let check = |change: &dyn Fn(&mut Files), expected: &str| {
            let reported = changed(change);
            assert!(reported.contains(expected), "{expected}: {reported}");
        };
        check(&|bag| bag.get_mut("data/年报.json").unwrap().push(b' '), "data/年报.json: changed");
        check(&|bag| drop(bag.remove("data/preview/1.png")), "data/preview/1.png: missing");
        check(&|bag| drop(bag.insert("data/new.txt".into(), vec![])), "data/new.txt: added");
        check(&|bag| drop(bag.insert("note.txt".into(), vec![])), "note.txt: added");
        check(&|bag| drop(bag.insert("fetch.txt".into(), vec![])), "fetch.txt: not part of an archive");
        check(&|bag| drop(bag.remove("bag-info.txt")), "bag-info.txt: missing");
        check(&|bag| bag.get_mut("bagit.txt").unwrap().push(b'x'), "bagit.txt");
        check(&|bag| bag.get_mut("bag-info.txt").unwrap().push(b'x'), "bag-info.txt: changed");
        check(&|bag| drop(bag.remove("bagit.txt")), "bagit.txt: missing");
        check(&|bag| drop(bag.remove("manifest-sha256.txt")), "manifest-sha256.txt: missing");
        check(
            &|bag| bag.get_mut("manifest-sha256.txt").unwrap().extend(b"0  ../x\n"),
            "line 4 cannot be read",
        );
    }
}
