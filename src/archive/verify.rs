//! Verification of an archive: the manifests of its bag, and every document in it.

use serde::Serialize;

use super::bag::{self, Files};
use super::reason::{ArchiveReason, DocumentReason};
use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::engine::Exporter;
use crate::extract::extract;
use crate::message;
use crate::options::{Format, Limits};
use crate::verify::{self, Remark, Reproduction, Verdict, Verification, VerifyOptions, other_version};

/// The result of verifying an archive.
#[derive(Clone, Debug, Serialize)]
pub struct ArchiveReport {
    /// The verdict on all of it.
    pub verdict: Verdict,
    /// Whether the documents are what the embedded report makes again; none if it was not asked for.
    pub reproduced: Option<Reproduction>,
    /// Why the bag does not hold.
    pub problems: Vec<ArchiveReason>,
    /// The PDF and Word files in it.
    pub documents: Vec<DocumentReport>,
}

/// The result of verifying a document of an archive.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentReport {
    /// Its path in the bag.
    pub file: String,
    /// The verdict on it.
    pub verdict: Verdict,
    /// Whether the embedded report makes it again; none if it was not asked for.
    pub reproduced: Option<Reproduction>,
    /// Why it does not hold, beside the reasons of its signatures.
    pub reasons: Vec<DocumentReason>,
    /// What is no reason against it, but should be known.
    pub remarks: Vec<Remark>,
    /// Of a PDF, the result of verifying its signatures and its report.
    pub verification: Option<Verification>,
}

/// Verifies a whole bag and the documents in it.
///
/// Its manifests are signed by nobody, so whatever follows from the signed PDF is made again, and what does not is no
/// part of an archive.
pub fn verify(files: &Files, options: &VerifyOptions, exporter: &Exporter) -> ArchiveReport {
    let mut problems = bag::problems(files);
    let documents: Vec<DocumentReport> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/") && (path.ends_with(".pdf") || path.ends_with(".docx")))
        .map(|(path, bytes)| document(path, bytes, files, options, exporter))
        .collect();
    match documents.iter().filter(|document| document.file.ends_with(".pdf")).collect::<Vec<_>>().as_slice() {
        [] => problems.push(ArchiveReason::NoPdf),
        // What the manifests reveal is not reported again.
        [pdf] if problems.is_empty() && !options.signatures_only => {
            problems = others(pdf, files, &options.limits, exporter);
        }
        [_] => {}
        [_, ..] => problems.push(ArchiveReason::SeveralPdfs),
    }
    let mut verdict = Verdict::worst(documents.iter().map(|document| document.verdict));
    if !problems.is_empty() {
        verdict = Verdict::Broken;
    }
    let all: Vec<_> = documents.iter().filter_map(|document| document.reproduced).collect();
    let any = |wanted: Reproduction| all.contains(&wanted).then_some(wanted);
    let reproduced = any(Reproduction::No)
        .or(any(Reproduction::OtherVersion))
        .or(any(Reproduction::NoSource))
        .or(any(Reproduction::Yes));
    ArchiveReport { verdict, reproduced, problems, documents }
}

impl ArchiveReport {
    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds
    }

    /// What would settle the verdict, each once; nothing where it holds.
    pub fn settled_by(&self) -> Vec<Message> {
        let mut all: Vec<Message> = Vec::new();
        let problem = (!self.problems.is_empty())
            .then(|| message!("从另一份备份取回这个归档包", "take the archive from another copy"));
        let documents = self.documents.iter().flat_map(|document| {
            let own = document.reasons.iter().map(DocumentReason::settled_by);
            own.chain(document.verification.iter().flat_map(Verification::settled_by))
        });
        for settled_by in problem.into_iter().chain(documents) {
            if !all.contains(&settled_by) {
                all.push(settled_by);
            }
        }
        all
    }
}

/// The files beside the documents that are not what the signed PDF makes. A PDF that is not reproduced makes none of
/// them; then it is the PDF that does not hold.
fn others(pdf: &DocumentReport, files: &Files, limits: &Limits, exporter: &Exporter) -> Vec<ArchiveReason> {
    let made = || {
        let stem = pdf.file.strip_prefix("data/")?.strip_suffix(".pdf")?;
        let verification = pdf.verification.as_ref()?;
        let content =
            verification.content.as_ref().filter(|content| content.reproduced == Reproduction::Yes)?;
        let bytes = files.get(&pdf.file)?;
        let source = extract(bytes, limits).ok()?;
        let export = exporter.reproduce(&source, &[Format::Pdf, Format::Docx], limits).ok()?.export;
        let mut derived =
            super::derived(stem, &export, &source, (&content.findings, &content.silenced)).ok()?;
        let info = super::info(&export, &verification.signatures);
        let provenance = super::provenance(bytes, &source, &verification.signatures, limits).ok()?;
        derived.insert(super::PROVENANCE.to_owned(), super::pretty(&provenance));
        Some((derived, info))
    };
    let Some((derived, info)) = made() else { return Vec::new() };
    let provenance = format!("data/{}", super::PROVENANCE);
    let mut found = Vec::new();
    for (path, bytes) in &derived {
        let file = format!("data/{path}");
        match files.get(&file) {
            Some(held) if held == bytes => {}
            Some(held) if *path == super::METADATA && super::metadata::agrees(held, bytes) => {}
            _ if file == provenance => {
                found.push(ArchiveReason::ProvenanceMismatch { file });
            }
            // Documents have reports of their own.
            Some(_) if file.ends_with(".docx") => {}
            Some(_) => found.push(ArchiveReason::NotReproduced { file }),
            None => found.push(ArchiveReason::FileMissing { file }),
        }
    }
    let payload = files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix("data/")?, bytes)));
    let payload = payload.map(|(path, bytes)| (path.to_owned(), bytes.clone())).collect();
    if bag::pack(payload, &info).get(bag::INFO) != files.get(bag::INFO) {
        found.push(ArchiveReason::NotReproduced { file: bag::INFO.to_owned() });
    }
    let known = |path: &str| derived.contains_key(path);
    for path in files.keys().filter_map(|path| path.strip_prefix("data/")) {
        if !known(path) && format!("data/{path}") != pdf.file {
            found.push(ArchiveReason::NotPartOfArchive { file: format!("data/{path}") });
        }
    }
    found
}

fn document(
    path: &str,
    bytes: &[u8],
    files: &Files,
    options: &VerifyOptions,
    exporter: &Exporter,
) -> DocumentReport {
    let mut reasons = Vec::new();
    let mut verification = None;
    if path.ends_with(".pdf") {
        match verify::verify(bytes, options, exporter) {
            Ok(found) => verification = Some(found),
            Err(error) => reasons.push(error.into()),
        }
    }
    let mut reproduced = verification.as_ref().and_then(|found| found.reproduced);
    let mut remarks = Vec::new();
    match extract(bytes, &options.limits) {
        Ok(source) => {
            let beside = path.rsplit_once('.').and_then(|(stem, _)| files.get(&format!("{stem}.json")));
            if beside != Some(&source.report) {
                reasons.push(DocumentReason::OtherReport);
            }
            if path.ends_with(".docx") && !options.signatures_only {
                if !is_manifest_of_pdf(path, &source, files, &options.limits) {
                    reasons.push(DocumentReason::OtherManifest);
                }
                if let Some(made_by) = other_version(&source) {
                    reproduced = Some(Reproduction::OtherVersion);
                    remarks.push(Remark::OtherVersion { made_by, program: env!("CARGO_PKG_VERSION") });
                    remarks.push(Remark::NotSigned);
                } else {
                    let reason = not_reproduced(bytes, &source, &options.limits, exporter);
                    reproduced = Some(if reason.is_none() { Reproduction::Yes } else { Reproduction::No });
                    reasons.extend(reason);
                }
            }
        }
        Err(error) => reasons.push(error.into()),
    }
    let own = reasons.iter().map(DocumentReason::verdict);
    let verdict = Verdict::worst(own.chain(verification.as_ref().map(|found| found.verdict)));
    DocumentReport { file: path.to_owned(), verdict, reproduced, reasons, remarks, verification }
}

/// Whether a Word file, which nobody signed, has the manifest that the signed PDF beside it has. A version of its own
/// would be an excuse for any content.
fn is_manifest_of_pdf(path: &str, source: &EmbeddedSource, files: &Files, limits: &Limits) -> bool {
    let pdf = path.strip_suffix(".docx").and_then(|stem| files.get(&format!("{stem}.pdf")));
    let signed = pdf.and_then(|pdf| extract(pdf, limits).ok());
    signed.is_some_and(|signed| signed.manifest == source.manifest)
}

/// Why a Word file is not what its report makes, if it is not.
fn not_reproduced(
    bytes: &[u8],
    source: &EmbeddedSource,
    limits: &Limits,
    exporter: &Exporter,
) -> Option<DocumentReason> {
    let Ok(again) = exporter.reproduce(source, &[Format::Docx], limits) else {
        return Some(DocumentReason::NotReproducible);
    };
    if again.export.file(Format::Docx) == Some(bytes) {
        return None;
    }
    Some(DocumentReason::ReproducedDiffers { difference: again.differences.into_iter().next() })
}
