//! Patterns of the files that belong to the reports of a batch: `figures/{stem}.xlsx`, `2022/{issuer}.json`.

use std::path::PathBuf;

use super::super::Failure;
use crate::message;
use crate::names::{NameParts, filled, safe_file_name};

/// The path of a file for each report.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The option that it was given by: `--figures`.
    pub option: &'static str,
    text: String,
}

impl Pattern {
    const MARKS: [&'static str; 4] = ["{stem}", "{id}", "{issuer}", "{year}"];

    /// Reads the pattern of an option.
    ///
    /// # Errors
    /// If it has an unknown mark, or none: then all reports would have the same file.
    pub fn parse(option: &'static str, text: &str) -> Result<Pattern, Failure> {
        let rest = Self::MARKS.iter().fold(text.to_owned(), |rest, mark| rest.replace(mark, ""));
        let marks = Self::MARKS.join(" ");
        if rest.contains(['{', '}']) {
            return Err(Failure::options(message!(
                "{option} 只认识 {marks}：{text}",
                "{option} may contain only {marks}: {text}"
            )));
        }
        if rest == text {
            return Err(Failure::options(message!(
                "{option} 要有 {marks} 中的一个，使每份报告各有自己的文件：{text}",
                "{option} needs one of {marks}, so that each report has a file of its own: {text}"
            )));
        }
        Ok(Pattern { option, text: text.to_owned() })
    }

    /// Whether the path depends on what is in the report.
    pub fn reads_report(&self) -> bool {
        ["{issuer}", "{year}"].iter().any(|mark| self.text.contains(mark))
    }

    /// The path for a report. What comes from the report is one part of a path, and leads to no other folder; the id is
    /// as in the results, with the folders in it.
    pub fn fill(&self, id: &str, parts: &NameParts) -> PathBuf {
        let [stem, issuer, year] = [&parts.stem, &parts.issuer, &parts.year].map(|part| safe_file_name(part));
        let marks = [
            ("{stem}", stem.as_str()),
            ("{id}", id),
            ("{issuer}", issuer.as_str()),
            ("{year}", year.as_str()),
        ];
        PathBuf::from(filled(&self.text, &marks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_holds_leads_to_no_other_folder() {
        let pattern =
            Pattern::parse("--figures", "figures/{year}/{issuer}-{stem}.xlsx").expect("known marks");
        let parts = NameParts {
            issuer: "../../{id}".to_owned(),
            year: "..".to_owned(),
            stem: "a".to_owned(),
            ..NameParts::default()
        };
        assert_eq!(pattern.fill("x", &parts), PathBuf::from("figures/_/_.._{id}-a.xlsx"));
        assert!(pattern.reads_report());
        let pattern = Pattern::parse("--previous", "{id}.last.json").expect("known marks");
        assert_eq!(pattern.fill("甲/a.json", &parts), PathBuf::from("甲/a.json.last.json"));
        assert!(!pattern.reads_report());
    }

    #[test]
    fn unknown_marks_and_none_are_refused() {
        for wrong in ["{title}.xlsx", "{stem.xlsx", "all.xlsx", ""] {
            assert!(Pattern::parse("--figures", wrong).is_err(), "{wrong}");
        }
    }
}
