//! What a finished file carries, taken out of it again.
//!
//! The file may come from anywhere and be made to harm: it is read by [`crate::read`], within limits. What kind of file
//! it is says its beginning, never its name.

pub(crate) mod docx;
mod pdf;

use crate::diagnostic::Message;
use crate::embed::EmbeddedSource;
use crate::message;
use crate::options::Limits;
use crate::read::ReadError;
use crate::read::pdf::is_pdf;

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The file is sound, but carries none.
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

/// All that a file carries of its own making: the report, its manifest, layouts and images.
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
