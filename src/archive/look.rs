//! A bag looked at: its lists, and every document in it.

use serde::Serialize;

use super::bag::{self, Files};
use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::export::{Exporter, Format};
use crate::extract::extract;
use crate::message;
use crate::verify::{self, Verification, VerifyOptions};

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
pub fn verify(files: &Files, options: &VerifyOptions, exporter: &Exporter) -> ArchiveReport {
    let mut problems = bag::problems(files);
    let documents: Vec<DocumentReport> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/") && (path.ends_with(".pdf") || path.ends_with(".docx")))
        .map(|(path, bytes)| document(path, bytes, files, options, exporter))
        .collect();
    if !documents.iter().any(|document| document.verification.is_some()) {
        problems.push(message!("data/：没有 PDF", "data/: there is no PDF"));
    }
    let holds = problems.is_empty() && documents.iter().all(|document| document.holds);
    ArchiveReport { holds, problems, documents }
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
    match extract(bytes) {
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
