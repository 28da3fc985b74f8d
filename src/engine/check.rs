//! `check`: the findings about a report; no files are made.

use std::collections::BTreeMap;

use super::{ExportError, Exporter};
use crate::assets::Assets;
use crate::diagnostic::{Diagnostic, Silenced};
use crate::options::Options;
use crate::report::Report;
use crate::source::Source;

/// The reports that a report is compared with when it is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The report of the last year, as JSON.
    pub previous: Option<&'a [u8]>,
    /// The reports of the units whose figures are to add up to those of the report: what each is called, and its JSON.
    pub units: &'a [(String, Vec<u8>)],
}

/// The result of checking a report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The report as it was read.
    pub report: Report,
    /// All findings, by position.
    pub findings: Vec<Diagnostic>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Silenced>,
    /// How many numbers of the prose name figures of the tables in clauses that were not understood, and were not
    /// compared.
    pub passed_over: usize,
    /// How many figures are not known yet: `null` in the report.
    pub open: usize,
    /// The figures that were computed, by their JSON pointers.
    pub computed: BTreeMap<String, String>,
    /// The text of the report with all its figures; everything else is as it was typed.
    pub completed: String,
}

impl Exporter {
    /// Checks a report, and makes no files.
    ///
    /// # Errors
    /// If it cannot be read (syntax, types, an unknown layout), or the options cannot be combined.
    ///
    /// ```
    /// use gongwen::{Beside, Exporter, Options};
    ///
    /// let report = br#"{
    ///     "format": 1, "layout": "disclosure-annual-report-2021", "issuer": "xx", "year": 2023,
    ///     "tables": { "litigation": { "reconsideration": [1, 0, 0, 0, 2] } }
    /// }"#;
    /// let checked = Exporter::new().check(report, &Options::default(), &Beside::default(), &())?;
    /// assert!(checked.findings.iter().any(|finding| finding.rule == "litigation.total"));
    /// # Ok::<(), gongwen::ExportError>(())
    /// ```
    pub fn check(
        &self,
        bytes: &[u8],
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<Checked, ExportError> {
        options.check()?;
        let source = self.source(bytes, options)?;
        let prepared =
            self.prepare(&source, options, beside, assets).map_err(|error| located(&source, error))?;
        let mut findings = prepared.blocking;
        findings.extend(prepared.findings);
        source.resolve(&mut findings);
        let mut silenced = prepared.silenced;
        for Silenced { finding, .. } in &mut silenced {
            source.place(finding);
        }
        let (computed, passed_over) = (prepared.computed, prepared.passed_over);
        let completed = prepared.completed.unwrap_or_else(|| source.replaced(&computed));
        let (report, open) = (prepared.report, prepared.open);
        Ok(Checked { report, findings, silenced, passed_over, open, computed, completed })
    }
}

/// The same error with line and column of every finding.
pub(super) fn located(source: &Source, mut error: ExportError) -> ExportError {
    if let ExportError::Rejected(rejected) = &mut error {
        source.resolve(&mut rejected.findings);
    }
    error
}
