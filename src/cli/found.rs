//! The findings about a report, for every output form.

use std::collections::BTreeMap;

use super::{Failure, Outcome};
use crate::Diagnostic;
use crate::diagnostic::{Position, Severity, Silenced};

/// The findings about a report, with what is shown beside them.
pub struct Found {
    /// Its file, as it was named.
    pub file: String,
    /// Its line, if the file has a report a line.
    pub line: Option<usize>,
    /// By place.
    pub findings: Vec<Diagnostic>,
    /// The silenced findings, with their reasons.
    pub silenced: Vec<Silenced>,
    /// How many numbers of the prose were not compared, because their clauses were not understood.
    pub passed_over: usize,
    /// How many figures are open.
    pub open: usize,
    /// The figures that were computed, by their JSON pointers.
    pub computed: BTreeMap<String, String>,
    /// The text of the report with all its figures.
    pub completed: String,
    /// The bytes of the report.
    pub bytes: Vec<u8>,
    /// It could not be checked at all: its file cannot be read, or the options are wrong.
    pub unreadable: bool,
}

impl Found {
    /// Nothing, before it is checked.
    pub fn about(file: String, line: Option<usize>) -> Found {
        Found {
            file,
            line,
            findings: Vec::new(),
            silenced: Vec::new(),
            passed_over: 0,
            open: 0,
            computed: BTreeMap::new(),
            completed: String::new(),
            bytes: Vec::new(),
            unreadable: false,
        }
    }

    /// What the report is called in results: its file, or its file and line.
    pub fn id(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }

    /// Gives the findings their line in the file. A finding about the whole has that line, too.
    pub fn place_in_file(&mut self) {
        let Some(line) = self.line else { return };
        let silenced = self.silenced.iter_mut().map(|silenced| &mut silenced.finding);
        for finding in self.findings.iter_mut().chain(silenced) {
            let position = finding.position.unwrap_or(Position { line: 1, column: 1 });
            finding.position = Some(Position { line: position.line + line - 1, ..position });
        }
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Adds why it failed, which is no error of the report.
    pub fn fail(&mut self, failure: Failure) {
        self.findings.push(failure.finding());
        self.unreadable = true;
    }

    /// The outcome for the exit code.
    pub fn outcome(&self) -> Outcome {
        match (self.unreadable, self.count(Severity::Error)) {
            (true, _) => Outcome::Failed,
            (false, 0) => Outcome::Done,
            (false, _) => Outcome::Errors,
        }
    }
}
