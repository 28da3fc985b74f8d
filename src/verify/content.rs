//! The embedded report: whether it is sound, and whether it makes the very file that was signed.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::changes;
use crate::checked::Beside;
use crate::diagnostic::{Message, Severity};
use crate::embed::{EmbeddedSource, NotReproducible, hex};
use crate::export::{Exporter, Format, Options};
use crate::extract::{ExtractError, extract};
use crate::message;

/// What was found of the embedded report.
#[derive(Clone, Debug, Serialize)]
pub struct ContentReport {
    /// Whether it has no errors, and the file was made of it.
    pub holds: bool,
    /// SHA-256 of the report, in hexadecimal.
    pub report_sha256: Option<String>,
    /// What the checks find in it.
    pub findings: Vec<Finding>,
    /// Whether exporting again gives the first, unsigned revision.
    pub reproduced: Reproduced,
    /// Where that revision ends.
    pub unsigned_bytes: Option<usize>,
    /// Why it does not hold.
    pub reasons: Vec<Message>,
}

/// What a check finds.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Whether it is an error.
    pub severity: Severity,
    /// Of which rule.
    pub rule: String,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What.
    pub message: Message,
}

/// Whether exporting again gives the first, unsigned revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reproduced {
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
pub(super) fn verify(pdf: &[u8], exporter: &Exporter) -> Option<ContentReport> {
    let source = match extract(pdf) {
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
        reproduced: Reproduced::No,
        unsigned_bytes: None,
        reasons: vec![reason],
    }
}

/// What the checks say, with the layout and the images that the file carries.
pub(crate) fn findings(source: &EmbeddedSource, exporter: &Exporter) -> Vec<Finding> {
    let checked = || {
        let manifest = source.manifest().ok()?;
        let exporter = exporter.clone().with_layouts(crate::embed::layouts(&manifest, source).ok()?);
        let images = crate::embed::images(&manifest, source).ok()?;
        let options = Options { layout: manifest.options.layout.clone(), ..Options::default() };
        Some(match exporter.check(&source.report, &options, &Beside::default(), &images) {
            Ok(checked) => checked.findings,
            Err(rejected) => rejected.diagnostics,
        })
    };
    let finding = |found: crate::Diagnostic| Finding {
        severity: found.severity,
        rule: found.rule.into_owned(),
        pointer: found.pointer,
        message: found.message,
    };
    checked().unwrap_or_default().into_iter().map(finding).collect()
}

/// Exports again, and compares with how the file begins. What follows must change nothing that is seen.
fn reproduce(
    pdf: &[u8],
    source: &EmbeddedSource,
    exporter: &Exporter,
    reasons: &mut Vec<Message>,
) -> (Reproduced, Option<usize>) {
    let other = source.manifest().ok().filter(|manifest| manifest.version != env!("CARGO_PKG_VERSION"));
    let again = match exporter.reproduce(source, &[Format::Pdf]) {
        Ok(again) => again,
        Err(error) => {
            let (reason, reproduced) = match error {
                NotReproducible::Manifest(message) => (message, Reproduced::InputsMissing),
                NotReproducible::Layout(error) => (error.message, Reproduced::InputsMissing),
                NotReproducible::Report(rejected) => {
                    let first = rejected.diagnostics.into_iter().next().map(|first| first.message);
                    (first.unwrap_or_else(|| message!("报告有错", "the report is wrong")), Reproduced::No)
                }
            };
            reasons.push(reason);
            return (if other.is_some() { Reproduced::OtherVersion } else { reproduced }, None);
        }
    };
    let made = again.export.file(Format::Pdf).unwrap_or_default();
    if !made.is_empty() && pdf.starts_with(made) {
        let (changes, before) = (changes::since(pdf, made.len()), reasons.len());
        for change in changes.into_iter().filter(|change| !change.permitted) {
            reasons.push(change.message);
        }
        let reproduced = if reasons.len() == before { Reproduced::Yes } else { Reproduced::No };
        return (reproduced, Some(made.len()));
    }
    let reproduced = match &other {
        Some(_) => Reproduced::OtherVersion,
        None if again.differences.is_empty() => Reproduced::No,
        None => Reproduced::InputsMissing,
    };
    reasons.push(match (reproduced, other) {
        (Reproduced::OtherVersion, Some(manifest)) => {
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
