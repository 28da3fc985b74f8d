//! A bag looked at: its lists, and every document in it.

use serde::Serialize;
use serde_json::Value;

use super::bag::{self, Files};
use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::engine::Exporter;
use crate::extract::extract;
use crate::message;
use crate::options::{Format, Limits};
use crate::verify::{self, Reproduction, SignatureReport, Verification, VerifyOptions};

/// What was found of an archive.
#[derive(Clone, Debug, Serialize)]
pub struct ArchiveReport {
    /// Whether all of it holds.
    pub holds: bool,
    /// What is wrong with the bag, each naming a file.
    pub problems: Vec<Message>,
    /// The PDF and Word files in it.
    pub documents: Vec<DocumentReport>,
}

/// What was found of a document.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentReport {
    /// Its path in the bag.
    pub file: String,
    /// Whether it holds.
    pub holds: bool,
    /// Why it does not, beside what its signatures tell.
    pub reasons: Vec<Message>,
    /// Of a PDF, what its signatures and its report tell.
    pub verification: Option<Verification>,
}

/// Looks at a whole bag and the documents in it.
///
/// Its lists of hashes are signed by nobody, so whatever follows from the signed PDF is made again, and what does not
/// is no part of an archive.
pub fn look(files: &Files, options: &VerifyOptions, exporter: &Exporter) -> ArchiveReport {
    let mut problems = bag::problems(files);
    let documents: Vec<DocumentReport> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/") && (path.ends_with(".pdf") || path.ends_with(".docx")))
        .map(|(path, bytes)| document(path, bytes, files, options, exporter))
        .collect();
    match documents.iter().filter(|document| document.file.ends_with(".pdf")).collect::<Vec<_>>().as_slice() {
        [] => problems.push(message!("data/：没有 PDF", "data/: there is no PDF")),
        // What the lists tell is not told again.
        [pdf] if problems.is_empty() && !options.signatures_only => {
            problems = others(pdf, files, exporter);
        }
        [_] => {}
        [_, ..] => problems.push(message!("data/：PDF 不止一个", "data/: there are several PDFs")),
    }
    let holds = problems.is_empty() && documents.iter().all(|document| document.holds);
    ArchiveReport { holds, problems, documents }
}

/// What is not as the signed PDF makes it, of the files beside the documents. A PDF that was not made by this program
/// as it stands cannot tell; that is its own fault.
fn others(pdf: &DocumentReport, files: &Files, exporter: &Exporter) -> Vec<Message> {
    let made = || {
        let stem = pdf.file.strip_prefix("data/")?.strip_suffix(".pdf")?;
        let verification = pdf.verification.as_ref()?;
        let content =
            verification.content.as_ref().filter(|content| content.reproduced == Reproduction::Yes)?;
        let source = extract(files.get(&pdf.file)?, &Limits::default()).ok()?;
        let export = exporter.reproduce(&source, &[Format::Pdf, Format::Docx]).ok()?.export;
        let derived = super::derived(stem, &export, &source, &content.findings).ok()?;
        Some((derived, verification, super::manifest(&source)))
    };
    let Some((derived, verification, manifest)) = made() else { return Vec::new() };
    let provenance = format!("data/{}", super::PROVENANCE);
    let mut found = Vec::new();
    for (path, bytes) in &derived {
        let path = format!("data/{path}");
        match files.get(&path) {
            Some(held) if held == bytes => {}
            // Of the documents it is told otherwise.
            Some(_) if path.ends_with(".docx") => {}
            Some(_) => found.push(message!(
                "{path}：不是签名的 PDF 所带报告的",
                "{path}: not what the report in the signed PDF makes"
            )),
            None => found.push(message!("{path}：缺失", "{path}: missing")),
        }
    }
    let told = files.get(&provenance).and_then(|bytes| serde_json::from_slice(bytes).ok());
    if !told.is_some_and(|told| agrees(&told, manifest.as_ref(), &verification.signatures)) {
        found.push(message!(
            "{provenance}：缺失，或与签名的 PDF 不符",
            "{provenance}: missing, or at odds with the signed PDF"
        ));
    }
    let known = |path: &str| derived.contains_key(path) || path == super::PROVENANCE;
    for path in files.keys().filter_map(|path| path.strip_prefix("data/")) {
        if !known(path) && format!("data/{path}") != pdf.file {
            found.push(message!("data/{path}：不是档案的一部分", "data/{path}: not part of an archive"));
        }
    }
    found
}

/// Whether the provenance is that of a PDF: its manifest, and its signatures in turn.
fn agrees(told: &Value, manifest: Option<&Value>, signatures: &[SignatureReport]) -> bool {
    let Some(entries) = told["signatures"].as_array() else { return false };
    let same = |entry: &Value, signature: &SignatureReport| {
        let wanted = super::signed(signature);
        wanted.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| entry[key] == *value))
    };
    manifest == Some(&told["manifest"])
        && entries.len() == signatures.len()
        && entries.iter().zip(signatures).all(|(entry, signature)| same(entry, signature))
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
            Err(error) => reasons.push(error.message()),
        }
    }
    match extract(bytes, &Limits::default()) {
        Ok(source) => {
            let beside = path.rsplit_once('.').and_then(|(stem, _)| files.get(&format!("{stem}.json")));
            if beside != Some(&source.report) {
                reasons.push(message!(
                    "嵌入的报告不是旁边的那一份",
                    "the report inside is not the one beside it"
                ));
            }
            if path.ends_with(".docx") && !options.signatures_only {
                reasons.extend(made_otherwise(bytes, &source, exporter));
            }
        }
        Err(error) => reasons.push(error.message()),
    }
    let holds = reasons.is_empty() && verification.as_ref().is_none_or(|found| found.holds);
    DocumentReport { file: path.to_owned(), holds, reasons, verification }
}

/// Why a Word file is not what its report makes, if it is not.
fn made_otherwise(bytes: &[u8], source: &EmbeddedSource, exporter: &Exporter) -> Option<Message> {
    let Ok(again) = exporter.reproduce(source, &[Format::Docx]) else {
        return Some(message!(
            "不能由它所带的报告重新生成",
            "it cannot be made again from the report that it carries"
        ));
    };
    if again.export.file(Format::Docx) == Some(bytes) {
        return None;
    }
    Some(match again.differences.first() {
        Some(difference) => {
            let (zh, en) = (&difference.zh, &difference.en);
            message!("重新生成的不一样（{zh}）", "made again it is another file ({en})")
        }
        None => message!("重新生成的不一样", "made again it is another file"),
    })
}
