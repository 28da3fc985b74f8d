//! What the files of a report are called, decided in the order of the input: the first to ask has the name.

use std::collections::HashMap;
use std::path::PathBuf;

use gongwen::message;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::export::hex;
use super::super::{Failure, files};

/// The marks of a template.
const MARKS: [&str; 6] = ["{issuer}", "{year}", "{title}", "{stem}", "{number}", "{prefix}"];

/// Gives names, none twice.
pub struct Names {
    template: Option<String>,
    taken: HashMap<String, u64>,
}

/// The parts of a report that a name may hold.
#[derive(Default, Deserialize)]
struct Told {
    #[serde(default)]
    issuer: Value,
    #[serde(default)]
    year: Value,
    #[serde(default)]
    title: Value,
}

impl Names {
    /// By a template, or by the report's own name.
    ///
    /// # Errors
    /// Marks that there are not.
    pub fn new(template: Option<String>) -> Result<Names, Failure> {
        if let Some(template) = &template {
            let rest = MARKS.iter().fold(template.clone(), |rest, mark| rest.replace(mark, ""));
            let parts_named = template.split('/').all(|part| !part.trim().is_empty());
            if rest.contains(['{', '}']) || !parts_named {
                let marks = MARKS.join(" ");
                return Err(Failure(message!(
                    "--name 只认识 {marks}，可用 / 分文件夹：{template}",
                    "--name knows only {marks}, with / between folders: {template}"
                )));
            }
        }
        Ok(Names { template, taken: HashMap::new() })
    }

    /// The path of a report's files without ending, below the folder of the batch.
    ///
    /// # Errors
    /// If another report has it.
    pub fn give(&mut self, number: u64, stem: &str, report: &[u8]) -> Result<PathBuf, Failure> {
        let name: PathBuf = match &self.template {
            None => files::safe_name(stem).into(),
            Some(template) => {
                let text = report.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(report);
                // A report that is no JSON has no parts; what is wrong with it is told when it is made.
                let told: Told = serde_json::from_slice(text).unwrap_or_default();
                let issuer = match &told.issuer {
                    Value::Array(names) => {
                        names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、")
                    }
                    name => name.as_str().unwrap_or_default().to_owned(),
                };
                let year = told.year.as_u64().map(|year| year.to_string()).unwrap_or_default();
                let title = told.title.as_str().unwrap_or_default().replace('\n', "");
                let marks = [
                    ("{issuer}", issuer.as_str()),
                    ("{year}", &year),
                    ("{title}", &title),
                    ("{stem}", stem),
                    ("{number}", &format!("{number:06}")),
                ];
                let fill = |part: &str| {
                    marks.iter().fold(part.to_owned(), |part, (mark, value)| part.replace(mark, value))
                };
                let full: Vec<String> = template.split('/').map(fill).collect();
                // Two hexadecimal digits by the rest of the name: 256 folders of about the same size.
                let prefix = &hex(&Sha256::digest(full.join("/").replace("{prefix}", "").as_bytes()))[..2];
                full.iter().map(|part| files::safe_name(&part.replace("{prefix}", prefix))).collect()
            }
        };
        // Names that differ only in case are one file on Windows and macOS.
        let key = name.to_string_lossy().to_lowercase();
        if let Some(first) = self.taken.insert(key.clone(), number) {
            self.taken.insert(key, first);
            let (name, first) = (name.display(), first + 1);
            return Err(Failure(message!(
                "与第 {first} 份报告同名：{name}；用 --name 区分",
                "has the name of report {first}: {name}; tell them apart by --name"
            )));
        }
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once_in_order() {
        let mut names = Names::new(Some("{year}/{issuer}".to_owned())).expect("knows the marks");
        let report = r#"{"issuer": ["甲/局", "乙局"], "year": 2023}"#;
        assert_eq!(names.give(0, "a", report.as_bytes()).expect("free"), PathBuf::from("2023/甲_局、乙局"));
        assert!(names.give(1, "b", report.as_bytes()).is_err());
        assert!(names.give(2, "b", report.as_bytes()).is_err(), "the first keeps it");
    }

    #[test]
    fn templates_with_unknown_marks_or_empty_folders_are_refused() {
        for template in ["{unit}", "a//b", "/a", "a/"] {
            assert!(Names::new(Some(template.to_owned())).is_err(), "{template}");
        }
    }

    #[test]
    fn folders_by_prefix_are_two_digits() {
        let mut names = Names::new(Some("{prefix}/{stem}".to_owned())).expect("knows the marks");
        let name = names.give(0, "report", b"").expect("free");
        let folder = name.parent().expect("a folder").to_string_lossy().into_owned();
        assert!(folder.len() == 2 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()), "{folder}");
    }
}
