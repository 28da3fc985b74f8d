//! The rules of the program and of its layouts: each is in the program's table or a layout, each is used, and both pages
//! of docs explain each, with its severity.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gongwen::{Severity, rules};

/// The rules that layouts define for their identities and statements.
fn rules_of_layouts() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir("layouts").expect("lists") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).expect("reads");
            let ids = text.lines().filter_map(|line| line.strip_prefix("rule = \"")?.strip_suffix('"'));
            found.extend(ids.filter(|id| id.contains('.') && !id.ends_with("pt")).map(str::to_owned));
        }
    }
    found
}

/// The first line under each heading of a page, by the rule that the heading names.
fn explained(page: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(page).expect("reads");
    let mut found = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(rule) = line.strip_prefix("### ") {
            let first = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
            found.insert(rule.to_owned(), first.to_owned());
        }
    }
    found
}

#[test]
fn every_rule_is_explained() {
    let mut known: BTreeSet<String> = rules().iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(known.len(), rules().len(), "ids are unique");
    assert!(rules().is_sorted_by_key(|rule| rule.id), "by id");
    let layouts = rules_of_layouts();
    assert!(known.len() > 80 && layouts.len() > 5, "{} and {}", known.len(), layouts.len());
    known.extend(layouts);
    for page in ["docs/zh/rules.md", "docs/en/rules.md"] {
        let headings: BTreeSet<String> = explained(page).into_keys().collect();
        let missing: Vec<&String> = known.difference(&headings).collect();
        assert!(missing.is_empty(), "{page} does not explain {missing:?}");
        let unknown: Vec<&String> = headings.difference(&known).collect();
        assert!(unknown.is_empty(), "{page} explains what there is not: {unknown:?}");
    }
}

#[test]
fn severities_are_those_of_the_pages() {
    // Sections of warnings say so at their head, not at each rule.
    let (zh, en) = (explained("docs/zh/rules.md"), explained("docs/en/rules.md"));
    for rule in rules() {
        let marked = [zh[rule.id].starts_with("警告"), en[rule.id].starts_with("Warning")];
        if rule.severity == Severity::Error {
            assert_eq!(marked, [false, false], "{} is an error", rule.id);
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

#[test]
fn ids_come_from_the_table() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let table = fs::read_to_string("src/diagnostic/rule.rs").expect("reads");
    let mut used = BTreeSet::new();
    for path in files.iter().filter(|path| !path.ends_with("diagnostic/rule.rs")) {
        let text = fs::read_to_string(path).expect("reads");
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for after in text.split("rule::").skip(1) {
            let name: String = after.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            used.insert(name);
        }
        for call in ["Diagnostic::error(\"", "Diagnostic::warning(\"", "self.error(\"", "self.warning(\""] {
            assert!(!text.contains(call), "{}: an id that is not in the table", path.display());
        }
    }
    for line in table.lines().filter(|line| line.contains(" = \"") && line.ends_with(';')) {
        let name = line.trim().split(' ').next().unwrap_or_default();
        assert!(used.contains(name), "{name} is in the table and never used");
    }
}
