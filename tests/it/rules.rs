//! docs/zh/rules.md and docs/en/rules.md explain every rule that a finding may have.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What rule ids begin with; other words with a point in them are keys, names of files, units.
const TOPICS: [&str; 26] = [
    "date",
    "fees",
    "figure",
    "fonts",
    "image",
    "internal",
    "json",
    "letterhead",
    "litigation",
    "options",
    "previous",
    "proactive",
    "prose",
    "reference",
    "report",
    "requests",
    "signature",
    "silence",
    "structure",
    "table",
    "text",
    "aggregate",
    "units",
    "figures",
    "embed",
    "import",
];

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
            found.push(fs::read_to_string(&path).expect("reads"));
        }
    }
}

/// The rules of the program and its layouts: strings such as "text.year", outside of tests.
fn rules() -> BTreeSet<String> {
    let mut texts = Vec::new();
    files(Path::new("src"), &mut texts);
    files(Path::new("layouts"), &mut texts);
    let mut rules = BTreeSet::new();
    for text in texts {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in text.split('"').skip(1).step_by(1) {
            let Some((topic, rest)) = word.split_once('.') else { continue };
            let is_rule =
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            if is_rule && TOPICS.contains(&topic) {
                rules.insert(word.to_owned());
            }
        }
    }
    // The name of standard input's report.
    rules.remove("report.json");
    rules
}

#[test]
fn every_rule_is_explained() {
    let mut rules = rules();
    // The one rule without a topic: a file that cannot be read or written.
    rules.insert("file".to_owned());
    assert!(rules.len() > 60, "{}", rules.len());
    for page in ["docs/zh/rules.md", "docs/en/rules.md"] {
        let text = fs::read_to_string(page).expect("reads");
        let headings: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
        let missing: Vec<&String> = rules.iter().filter(|rule| !headings.contains(rule.as_str())).collect();
        assert!(missing.is_empty(), "{page} does not explain {missing:?}");
        let unknown: Vec<&&str> = headings.iter().filter(|rule| !rules.contains(**rule)).collect();
        assert!(unknown.is_empty(), "{page} explains what there is not: {unknown:?}");
    }
}
