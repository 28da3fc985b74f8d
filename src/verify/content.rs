//! The embedded report: whether it is sound, and whether it makes the very file that was signed.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::changes;
use crate::diagnostic::{Diagnostic, Message, Severity};
use crate::embed::EmbeddedSource;
use crate::engine::{Beside, ExportError, Exporter, ReproduceError};
use crate::extract::{ExtractError, extract};
use crate::hash::hex;
use crate::message;
use crate::options::{Format, Limits, Options};

/// What was found of the embedded report.
#[derive(Clone, Debug, Serialize)]
pub struct ContentReport {
    /// Whether it has no errors, and the file was made of it.
    pub holds: bool,
    /// SHA-256 of the report, in hexadecimal.
    pub report_sha256: Option<String>,
    /// What the checks find in it.
    pub findings: Vec<Diagnostic>,
    /// Whether exporting again gives the first, unsigned revision.
    pub reproduced: Reproduction,
    /// Where that revision ends.
    pub unsigned_bytes: Option<usize>,
    /// Why it does not hold.
    pub reasons: Vec<Message>,
}

/// Whether exporting again gives the first, unsigned revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reproduction {
    /// It does, byte for byte.
    Yes,
    /// It does not, with the same program and the same inputs.
    No,
    /// A layout, font or image is not at hand.
    InputsMissing,
    /// The file was made by another version of the program.
    OtherVersion,
}

/// Looks at the embedded report; none if there is none.
pub(super) fn verify(pdf: &[u8], exporter: &Exporter, limits: &Limits) -> Option<ContentReport> {
    let source = match extract(pdf, limits) {
        Ok(source) => source,
        Err(ExtractError::Nothing) => return None,
        Err(error) => {
            return Some(unreadable(error.message()));
        }
    };
    let findings = findings(&source, exporter);
    let mut reasons = Vec::new();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        reasons.push(message!("嵌入的报告有 {errors} 个错误", "the embedded report has {errors} errors"));
    }
    let (reproduced, unsigned_bytes) = reproduce(pdf, &source, exporter, &mut reasons);
    Some(ContentReport {
        holds: reasons.is_empty(),
        report_sha256: Some(hex(&Sha256::digest(&source.report))),
        findings,
        reproduced,
        unsigned_bytes,
        reasons,
    })
}

/// An embedded report that is there but cannot be read.
fn unreadable(reason: Message) -> ContentReport {
    ContentReport {
        holds: false,
        report_sha256: None,
        findings: Vec::new(),
        reproduced: Reproduction::No,
        unsigned_bytes: None,
        reasons: vec![reason],
    }
}

/// What the checks say, with the layout and the images that the file carries.
pub(crate) fn findings(source: &EmbeddedSource, exporter: &Exporter) -> Vec<Diagnostic> {
    let checked = || {
        let manifest = source.manifest().ok()?;
        let exporter = exporter.clone().with_layouts(source.layouts(&manifest).ok()?);
        let images = source.images(&manifest).ok()?;
        let options = Options { layout: manifest.options.layout.clone(), ..Options::default() };
        Some(match exporter.check(&source.report, &options, &Beside::default(), &images) {
            Ok(checked) => checked.findings,
            Err(ExportError::Rejected(rejected)) => rejected.findings,
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
    reasons: &mut Vec<Message>,
) -> (Reproduction, Option<usize>) {
    let other = source.manifest().ok().filter(|manifest| manifest.version != env!("CARGO_PKG_VERSION"));
    let again = match exporter.reproduce(source, &[Format::Pdf]) {
        Ok(again) => again,
        Err(error) => {
            let (reason, reproduced) = match error {
                ReproduceError::Source(error) => (error.message(), Reproduction::InputsMissing),
                ReproduceError::Export(error) => {
                    let first = match error {
                        ExportError::Rejected(rejected) => {
                            rejected.findings.into_iter().next().map(|first| first.message)
                        }
                        ExportError::Options(error) => Some(error.message()),
                        ExportError::Internal(error) => Some(message!("{error}", "{error}")),
                    };
                    (first.unwrap_or_else(|| message!("报告有错", "the report is wrong")), Reproduction::No)
                }
            };
            reasons.push(reason);
            return (if other.is_some() { Reproduction::OtherVersion } else { reproduced }, None);
        }
    };
    let made = again.export.file(Format::Pdf).unwrap_or_default();
    if !made.is_empty() && pdf.starts_with(made) {
        let (changes, before) = (changes::since(pdf, made.len()), reasons.len());
        for change in changes.into_iter().filter(|change| !change.permitted) {
            reasons.push(change.message);
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
            let (then, now) = (manifest.version, env!("CARGO_PKG_VERSION"));
            message!(
                "文件由版本 {then} 生成，本程序是 {now}，核不了是否一致",
                "the file was made by version {then}, this is {now}; whether they agree cannot be told"
            )
        }
        _ => message!(
            "由嵌入的报告重新生成的文件与签名前的不一致",
            "exporting the embedded report again does not give the file that was signed"
        ),
    });
    reasons.extend(again.differences);
    (reproduced, None)
}
