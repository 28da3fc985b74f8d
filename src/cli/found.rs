//! The findings about a report, for every output form.

use std::collections::BTreeMap;

use super::Outcome;
use crate::Diagnostic;
use crate::diagnostic::{Severity, Silenced};

/// The findings about a report, with what is shown beside them.
pub struct Found {
    /// Its file, as it was named.
    pub file: String,
    /// By place.
    pub findings: Vec<Diagnostic>,
    /// The silenced findings, with their reasons.
    pub silenced: Vec<Silenced>,
    /// How many numbers of the prose were not compared, because their clauses were not understood.
    pub passed_over: usize,
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
    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
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
