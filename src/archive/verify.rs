//! Verification of an archive: the manifests of its bag, and every document in it.

use serde::Serialize;
use serde_json::Value;

use super::bag::{self, Files};
use super::reason::{ArchiveReason, DocumentReason};
use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::engine::Exporter;
use crate::extract::extract;
use crate::message;
use crate::options::{Format, Limits};
use crate::verify::{
    self, Remark, Reproduction, SignatureReport, Verdict, Verification, VerifyOptions, other_version,
};

/// The result of verifying an archive.
#[derive(Clone, Debug, Serialize)]
pub struct ArchiveReport {
    /// The verdict on all of it.
    pub verdict: Verdict,
    /// Whether the documents are what the embedded report makes again; none if it was not asked for.
    pub reproduced: Option<Reproduction>,
    /// Why the bag does not hold.
    pub problems: Vec<ArchiveReason>,
    /// The files that another version of the program made, and nobody signed: what is in them is not proved.
    pub not_compared: Vec<String>,
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
    let mut not_compared = Vec::new();
    let documents: Vec<DocumentReport> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/") && (path.ends_with(".pdf") || path.ends_with(".docx")))
        .map(|(path, bytes)| document(path, bytes, files, options, exporter))
        .collect();
    match documents.iter().filter(|document| document.file.ends_with(".pdf")).collect::<Vec<_>>().as_slice() {
        [] => problems.push(ArchiveReason::NoPdf),
        // What the manifests reveal is not reported again.
        [pdf] if problems.is_empty() && pdf.reproduced == Some(Reproduction::OtherVersion) => {
            (problems, not_compared) = of_other_version(pdf, files, &options.limits, exporter);
        }
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
    ArchiveReport { verdict, reproduced, problems, not_compared, documents }
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

/// What of a bag of another version follows from its signed PDF all the same, and does not agree; and the files of which
/// that cannot be told.
fn of_other_version(
    pdf: &DocumentReport,
    files: &Files,
    limits: &Limits,
    exporter: &Exporter,
) -> (Vec<ArchiveReason>, Vec<String>) {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    let (mut found, mut not_compared) = (Vec::new(), Vec::new());
    let read = || {
        let stem = pdf.file.strip_prefix("data/")?.strip_suffix(".pdf")?;
        let bytes = files.get(&pdf.file)?;
        Some((stem, bytes, pdf.verification.as_ref()?, extract(bytes, limits).ok()?))
    };
    let Some((stem, bytes, verification, source)) = read() else { return (found, not_compared) };
    let export = exporter.reproduce(&source, &[Format::Pdf], limits).ok().map(|again| again.export);
    let pages = crate::preview::pages(bytes).unwrap_or_default();
    let mut wanted = vec![format!("{stem}.json"), format!("{stem}.docx")];
    wanted.extend((1..=pages).map(|page| format!("preview/{stem}-{page}.png")));
    wanted.extend([super::CHECKS, super::METADATA, super::PROVENANCE].map(str::to_owned));
    for path in &wanted {
        let file = format!("data/{path}");
        let Some(held) = files.get(&file) else {
            found.push(ArchiveReason::FileMissing { file });
            continue;
        };
        let agrees = match path.as_str() {
            super::METADATA => export.as_ref().is_none_or(|export| super::metadata::is_part_of(held, export)),
            super::PROVENANCE => is_provenance(held, &source, &verification.signatures),
            picture if picture.ends_with(".png") => held.starts_with(PNG),
            super::CHECKS => {
                serde_json::from_slice::<Value>(held).is_ok_and(|checks| checks["findings"].is_array())
            }
            // Documents and the report have reasons of their own.
            _ => true,
        };
        if !agrees {
            found.push(ArchiveReason::NotReproduced { file });
        } else if !path.ends_with(".json") || path == super::CHECKS {
            not_compared.push(file);
        }
    }
    let info = export.as_ref().map(|export| super::info(export, &verification.signatures));
    if info.is_some_and(|info| !is_info(files, &info)) {
        found.push(ArchiveReason::NotReproduced { file: bag::INFO.to_owned() });
    }
    for path in files.keys().filter_map(|path| path.strip_prefix("data/")) {
        if !wanted.iter().any(|wanted| wanted == path) && format!("data/{path}") != pdf.file {
            found.push(ArchiveReason::NotPartOfArchive { file: format!("data/{path}") });
        }
    }
    (found, not_compared)
}

/// Whether a provenance has the manifest and the signatures of a PDF; what only newer versions know of them is left out.
fn is_provenance(held: &[u8], source: &EmbeddedSource, signatures: &[SignatureReport]) -> bool {
    let Ok(mut held) = serde_json::from_slice::<Value>(held) else { return false };
    let manifest = super::manifest(source);
    let Some(entries) = held["signatures"].as_array_mut() else { return false };
    let signatures = signatures.iter().map(super::signed);
    let same = entries.len() == signatures.len()
        && entries.iter_mut().zip(signatures).all(|(entry, signature)| {
            if let Some(entry) = entry.as_object_mut() {
                entry.retain(|key, _| key != "seal_sha256" && key != "allowed");
            }
            *entry == signature
        });
    same && manifest.as_ref() == Some(&held["manifest"])
}

/// Whether what a bag says about itself is of the report; its program and its size are its own.
fn is_info(files: &Files, info: &[(&str, String)]) -> bool {
    let held = String::from_utf8_lossy(files.get(bag::INFO).map_or(&[][..], Vec::as_slice)).into_owned();
    held.lines().all(|line| match line.split_once(": ") {
        Some(("Bag-Software-Agent" | "Payload-Oxum", _)) => true,
        Some((label, value)) => info.iter().any(|(known, expected)| {
            *known == label && expected.split_whitespace().collect::<Vec<_>>().join(" ") == value
        }),
        None => false,
    })
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
