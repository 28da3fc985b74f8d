//! Names of a report's files, assigned in the order of the input: the first report gets the name.

use std::collections::HashMap;
use std::path::PathBuf;

use super::super::Failure;
use crate::message;
use crate::names::{NameParts, NameTemplate, safe_file_name, same_file};

/// Assigns names, each once.
pub struct Names {
    template: Option<NameTemplate>,
    taken: HashMap<String, u64>,
}

impl Names {
    /// By a template, or by the report's own name.
    pub fn new(template: Option<NameTemplate>) -> Names {
        Names { template, taken: HashMap::new() }
    }

    /// The path of a report's files without ending, below the folder of the batch.
    ///
    /// # Errors
    /// If another report has it.
    pub fn give(&mut self, parts: NameParts) -> Result<PathBuf, Failure> {
        let name = match &self.template {
            None => safe_file_name(&parts.stem).into(),
            Some(template) => template.fill(&parts),
        };
        let key = same_file(&name.to_string_lossy());
        if let Some(first) = self.taken.insert(key.clone(), parts.number) {
            self.taken.insert(key, first);
            let (name, first) = (name.display(), first + 1);
            return Err(Failure::file(message!(
                "与第 {first} 份报告同名：{name}；用 --name 区分",
                "has the name of report {first}: {name}; give them different names by --name"
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
        let mut names = Names::new(Some(NameTemplate::parse("{year}/{issuer}").expect("knows the marks")));
        let parts = |number| NameParts {
            issuer: "甲/局、乙局".to_owned(),
            year: "2023".to_owned(),
            number,
            ..NameParts::default()
        };
        assert_eq!(names.give(parts(0)).expect("free"), PathBuf::from("2023/甲_局、乙局"));
        assert!(names.give(parts(1)).is_err());
        assert!(names.give(parts(2)).is_err(), "the first keeps it");
    }
}
