//! The embedded report: whether it has errors, and whether exporting it makes the very file that was signed.

use serde::Serialize;
use serde_json::Value;

use super::reason::ContentReason;
use super::remark::Remark;
use super::verdict::Verdict;
use super::{VerifyOptions, changes};
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
    pub verdict: Verdict,
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
    /// Why it does not hold, or is not proved.
    pub reasons: Vec<ContentReason>,
    /// What is no reason against it, but should be known.
    pub remarks: Vec<Remark>,
    /// The issuer of the report.
    #[serde(skip)]
    pub(super) issuer: Vec<String>,
}

/// Whether exporting again gives the first, unsigned revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reproduction {
    /// It does, byte for byte.
    Yes,
    /// It does not, or cannot be told: a font is not available.
    No,
    /// The file was made by another version of the program.
    OtherVersion,
    /// There is no embedded report.
    NoSource,
}

impl ContentReport {
    /// Whether a subject (`某市人民政府办公室, C=CN`) has the name of an issuer; so does every one where no issuer is known.
    pub(super) fn names(&self, subject: &str) -> bool {
        let plain =
            |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
        let subject = plain(subject);
        self.issuer.is_empty() || self.issuer.iter().any(|issuer| subject.contains(&plain(issuer)))
    }
}

/// Verifies the embedded report; none if there is none. Where another version of the program made the file, what this one
/// finds or makes is no mark against it: rules and pages may have changed since.
pub(super) fn verify(pdf: &[u8], exporter: &Exporter, options: &VerifyOptions) -> Option<ContentReport> {
    let source = match extract(pdf, &options.limits) {
        Ok(source) => source,
        Err(ExtractError::Nothing) => return None,
        Err(error) => {
            return Some(unreadable(error.into()));
        }
    };
    let (findings, silenced) = findings(&source, exporter, &options.limits);
    let mut report = ContentReport {
        verdict: Verdict::Holds,
        report_sha256: Some(sha256(&source.report)),
        findings,
        silenced,
        reproduced: Reproduction::OtherVersion,
        unsigned_bytes: None,
        reasons: Vec::new(),
        remarks: Vec::new(),
        issuer: issuer(&source.report),
    };
    if let Some(made_by) = other_version(&source) {
        report.remarks.push(Remark::OtherVersion { made_by, program: env!("CARGO_PKG_VERSION") });
        return Some(report);
    }
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        report.reasons.push(ContentReason::ReportErrors { errors });
    }
    (report.reproduced, report.unsigned_bytes) =
        reproduce(pdf, &source, exporter, options, &mut report.reasons);
    report.verdict = Verdict::worst(report.reasons.iter().map(ContentReason::verdict));
    Some(report)
}

/// The version of the program that made a file, if it is not this one.
pub(crate) fn other_version(source: &EmbeddedSource) -> Option<String> {
    let manifest = source.manifest().ok()?;
    (manifest.version != env!("CARGO_PKG_VERSION")).then_some(manifest.version)
}

/// The names of the issuers and signatories of a report, as it has them.
fn issuer(report: &[u8]) -> Vec<String> {
    let Ok(report) = serde_json::from_slice::<Value>(report) else { return Vec::new() };
    let names = |value: &Value| -> Vec<String> {
        match value {
            Value::String(name) => vec![name.clone()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    };
    [names(&report["issuer"]), names(&report["signature"]["signatories"])].concat()
}

/// An embedded report that is there but cannot be read.
fn unreadable(reason: ContentReason) -> ContentReport {
    ContentReport {
        verdict: reason.verdict(),
        report_sha256: None,
        findings: Vec::new(),
        silenced: Vec::new(),
        reproduced: Reproduction::No,
        unsigned_bytes: None,
        reasons: vec![reason],
        remarks: Vec::new(),
        issuer: Vec::new(),
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
    verify: &VerifyOptions,
    reasons: &mut Vec<ContentReason>,
) -> (Reproduction, Option<usize>) {
    let again = match exporter.reproduce(source, &[Format::Pdf], &verify.limits) {
        Ok(again) => again,
        Err(error) => {
            reasons.push(match error {
                ReproduceError::Source(error) => error.into(),
                ReproduceError::Export(error) => not_exported(error),
            });
            return (Reproduction::No, None);
        }
    };
    let made = again.export.file(Format::Pdf).unwrap_or_default();
    if !made.is_empty() && pdf.starts_with(made) {
        let before = reasons.len();
        match changes::since(
            pdf,
            made.len(),
            verify.strict,
            &mut Default::default(),
            &Allowance::new(&verify.limits),
        ) {
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
    // Other inputs explain other bytes; with the same there is no explanation.
    if again.differences.is_empty() {
        reasons.push(ContentReason::NotReproduced);
    }
    reasons.extend(again.differences.into_iter().map(ContentReason::InputDiffers));
    (Reproduction::No, None)
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
