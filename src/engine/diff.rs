//! `diff`: what changed from one report to another.

use super::check::located;
use super::prepare::Read;
use super::{ExportError, Exporter};
use crate::check;
use crate::diff::{self, Changes, Side};
use crate::options::{Limits, Options};

/// Which of two reports cannot be read, and why.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The old one.
    #[error("the old report: {0}")]
    Old(ExportError),
    /// The new one.
    #[error("the new report: {0}")]
    New(ExportError),
}

impl Exporter {
    /// What changed from one report to another.
    ///
    /// # Errors
    /// If one of them cannot be read.
    ///
    /// ```
    /// let report = |year: u16| format!(
    ///     r#"{{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "year": {year} }}"#
    /// );
    /// let changes = gongwen::Exporter::new()
    ///     .diff(report(2022).as_bytes(), report(2023).as_bytes(), &gongwen::Limits::default())?;
    /// assert_eq!(changes.fields[0].pointer, "/year");
    /// # Ok::<(), gongwen::DiffError>(())
    /// ```
    pub fn diff(&self, old: &[u8], new: &[u8], limits: &Limits) -> Result<Changes, DiffError> {
        let old = self.side(old, limits).map_err(DiffError::Old)?;
        let new = self.side(new, limits).map_err(DiffError::New)?;
        Ok(diff::changes(&old, &new))
    }

    fn side(&self, bytes: &[u8], limits: &Limits) -> Result<Side, ExportError> {
        let options = Options { limits: *limits, ..Options::default() };
        let source = self.source(bytes, &options)?;
        let read = || -> Result<Side, ExportError> {
            let Read { report, mut figures, .. } = self.read(&source, &options)?;
            check::fill(&mut figures, None);
            Ok(Side::of(&source, &report, &figures))
        };
        read().map_err(|error| located(&source, error))
    }
}
