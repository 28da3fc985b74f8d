//! The embedded report: whether it has errors, and whether exporting it makes the very file that was signed.

use serde::Serialize;

use super::changes;
use super::reason::ContentReason;
use crate::diagnostic::{Diagnostic, Severity, Silenced};
use crate::embed::EmbeddedSource;
use crate::engine::{Beside, ExportError, Exporter, ReproduceError};
use crate::extract::{ExtractError, extract};
use crate::hash::sha256;
use crate::options::{Format, Limits, Options};
use crate::read::pdf::syntax::Allowance;

/// The result of verifying an embedded report.
#[derive(Clone, Debug, Serialize)]
pub struct ContentReport {
    /// Whether it has no errors, and the file was made of it.
    pub holds: bool,
    /// SHA-256 of the report, in hexadecimal.
    pub report_sha256: Option<String>,
    /// The findings of the checks.
    pub findings: Vec<Diagnostic>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Silenced>,
    /// Whether exporting again gives the first, unsigned revision.
    pub reproduced: Reproduction,
    /// The end of that revision, in bytes.
    pub unsigned_bytes: Option<usize>,
    /// Why it does not hold.
    pub reasons: Vec<ContentReason>,
}

/// Whether exporting again gives the first, unsigned revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reproduction {
    /// It does, byte for byte.
    Yes,
    /// It does not, with the same program and the same inputs.
    No,
    /// A layout, font or image is not available.
    InputsMissing,
    /// The file was made by another version of the program.
    OtherVersion,
}

/// Verifies the embedded report; none if there is none.
pub(super) fn verify(pdf: &[u8], exporter: &Exporter, limits: &Limits) -> Option<ContentReport> {
    let source = match extract(pdf, limits) {
        Ok(source) => source,
        Err(ExtractError::Nothing) => return None,
        Err(error) => {
            return Some(unreadable(error.into()));
        }
    };
    let (findings, silenced) = findings(&source, exporter, limits);
    let mut reasons = Vec::new();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        reasons.push(ContentReason::ReportErrors { errors });
    }
    let (reproduced, unsigned_bytes) = reproduce(pdf, &source, exporter, limits, &mut reasons);
    Some(ContentReport {
        holds: reasons.is_empty(),
        report_sha256: Some(sha256(&source.report)),
        findings,
        silenced,
        reproduced,
        unsigned_bytes,
        reasons,
    })
}

/// An embedded report that is there but cannot be read.
fn unreadable(reason: ContentReason) -> ContentReport {
    ContentReport {
        holds: false,
        report_sha256: None,
        findings: Vec::new(),
        silenced: Vec::new(),
        reproduced: Reproduction::No,
        unsigned_bytes: None,
        reasons: vec![reason],
    }
}

/// The findings of the checks and those that the report silences, with the layout and the images that the file carries.
pub(crate) fn findings(
    source: &EmbeddedSource,
    exporter: &Exporter,
    limits: &Limits,
) -> (Vec<Diagnostic>, Vec<Silenced>) {
    let checked = || {
        let manifest = source.manifest().ok()?;
        let exporter = exporter.clone().with_layouts(source.layouts(&manifest).ok()?);
        let images = source.images(&manifest).ok()?;
        let options =
            Options { layout: manifest.options.layout.clone(), limits: *limits, ..Options::default() };
        Some(match exporter.check(&source.report, &options, &Beside::default(), &images) {
            Ok(checked) => (checked.findings, checked.silenced),
            Err(ExportError::Rejected(rejected)) => (rejected.findings, Vec::new()),
            Err(ExportError::Options(_) | ExportError::Internal(_)) => return None,
        })
    };
    checked().unwrap_or_default()
}

/// Exports again, and compares with how the file begins. What follows must change nothing that is seen.
fn reproduce(
    pdf: &[u8],
    source: &EmbeddedSource,
    exporter: &Exporter,
    limits: &Limits,
    reasons: &mut Vec<ContentReason>,
) -> (Reproduction, Option<usize>) {
    let other = source.manifest().ok().filter(|manifest| manifest.version != env!("CARGO_PKG_VERSION"));
    let again = match exporter.reproduce(source, &[Format::Pdf], limits) {
        Ok(again) => again,
        Err(error) => {
            let (reason, reproduced) = match error {
                ReproduceError::Source(error) => (error.into(), Reproduction::InputsMissing),
                ReproduceError::Export(error) => (not_exported(error), Reproduction::No),
            };
            reasons.push(reason);
            return (if other.is_some() { Reproduction::OtherVersion } else { reproduced }, None);
        }
    };
    let made = again.export.file(Format::Pdf).unwrap_or_default();
    if !made.is_empty() && pdf.starts_with(made) {
        let before = reasons.len();
        match changes::since(pdf, made.len(), &mut Default::default(), &Allowance::new(limits)) {
            Ok(changes) => reasons.extend(
                changes
                    .into_iter()
                    .filter(|change| !change.permitted)
                    .map(|change| ContentReason::ChangedBeforeSigning(change.detail)),
            ),
            Err(error) => reasons.push(ContentReason::ChangedBeforeSigning(error.into())),
        }
        let reproduced = if reasons.len() == before { Reproduction::Yes } else { Reproduction::No };
        return (reproduced, Some(made.len()));
    }
    let reproduced = match &other {
        Some(_) => Reproduction::OtherVersion,
        None if again.differences.is_empty() => Reproduction::No,
        None => Reproduction::InputsMissing,
    };
    reasons.push(match (reproduced, other) {
        (Reproduction::OtherVersion, Some(manifest)) => {
            ContentReason::OtherVersion { made_by: manifest.version, program: env!("CARGO_PKG_VERSION") }
        }
        _ => ContentReason::NotReproduced,
    });
    reasons.extend(again.differences.into_iter().map(ContentReason::InputDiffers));
    (reproduced, None)
}

fn not_exported(error: ExportError) -> ContentReason {
    match error {
        ExportError::Rejected(rejected) => {
            ContentReason::ReportRejected { finding: rejected.findings.into_iter().next().map(Box::new) }
        }
        ExportError::Options(error) => error.into(),
        ExportError::Internal(error) => ContentReason::InternalError { cause: error.to_string() },
    }
}
