//! Extraction of the embedded report and its files from a finished file.
//!
//! The file is not trusted: [`crate::read`] reads it within limits. Its kind is recognised by its first
//! bytes, never by its name.

pub(crate) mod docx;
mod pdf;

use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::message;
use crate::options::Limits;
use crate::read::ReadError;
use crate::read::pdf::is_pdf;

/// Why no report was extracted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The file is valid, but has no embedded report.
    #[error("the file carries no report")]
    Nothing,
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl ExtractError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ExtractError::Nothing => message!("文件里没有嵌入报告", "the file carries no report"),
            ExtractError::Read(error) => error.message(),
        }
    }
}

/// The embedded source of a file: the report, its manifest, layouts and images.
///
/// # Errors
/// If it carries no report, or cannot be read within the limits.
///
/// ```
/// use gongwen::{Exporter, Format, Limits, Options, extract};
///
/// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"] }"#;
/// let options = Options { embed_source: true, ..Options::default() };
/// let export = Exporter::new().export(report.as_bytes(), &options, &())?;
/// let carried = extract(export.file(Format::Docx).expect("was asked for"), &Limits::default())?;
/// assert_eq!(carried.report, report.as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn extract(bytes: &[u8], limits: &Limits) -> Result<EmbeddedSource, ExtractError> {
    if is_pdf(bytes) {
        return pdf::extract(bytes, limits);
    }
    // A ZIP file begins with an entry, or with its end if it is empty.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return docx::extract(bytes, limits);
    }
    Err(ReadError::Format(message!("不是 PDF 或 Word 文件", "this is neither a PDF nor a Word file")).into())
}
