//! What a finished file carries, taken out of it again.
//!
//! The file may come from anywhere and be made to harm: nothing here trusts a length, a count or a place that it
//! tells, and everything has a limit. What kind of file it is says its beginning, never its name.

mod docx;
pub(crate) mod pdf;

use crate::diagnostic::{Lang, Message};
use crate::embed::EmbeddedSource;
use crate::message;

/// The largest file that is read.
pub const MAX_BYTES: usize = 256 << 20;
/// The most bytes that the compressed parts of one file may have, opened.
pub const MAX_INFLATED: usize = 256 << 20;

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// The file is sound, but carries none.
    #[error("the file carries no report")]
    Nothing,
    /// It is no kind of file that could.
    #[error("neither PDF nor DOCX")]
    Unknown,
    /// It is encrypted.
    #[error("the file is encrypted")]
    Encrypted,
    /// It is not what it should be: what, and how.
    #[error("{}", .0.get(Lang::En))]
    Damaged(Message),
    /// It asks for more than a limit allows: which.
    #[error("{}", .0.get(Lang::En))]
    Limit(Message),
}

impl ExtractError {
    /// The reason as people read it.
    pub fn message(&self) -> Message {
        match self {
            ExtractError::Nothing => {
                message!(
                    "文件里没有嵌入报告（导出时要用 --embed-source）",
                    "the file carries no report (export it with --embed-source)"
                )
            }
            ExtractError::Unknown => {
                message!("不是 PDF 或 Word 文件", "this is neither a PDF nor a Word file")
            }
            ExtractError::Encrypted => message!("文件已加密", "the file is encrypted"),
            ExtractError::Damaged(message) => {
                let (zh, en) = (&message.zh, &message.en);
                message!("文件已损坏：{zh}", "the file is damaged: {en}")
            }
            ExtractError::Limit(message) => message.clone(),
        }
    }
}

/// All that a file carries.
///
/// # Errors
/// If it carries no report, or cannot be read within the limits.
pub fn extract(bytes: &[u8]) -> Result<EmbeddedSource, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(limit(message!("文件超过 256 MiB", "the file is larger than 256 MiB")));
    }
    if is_pdf(bytes) {
        return pdf::extract(bytes);
    }
    // A ZIP file begins with an entry, or with its end if it is empty.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return docx::extract(bytes);
    }
    Err(ExtractError::Unknown)
}

/// Whether a file says that it is a PDF. Acrobat finds the header in the first 1024 bytes: ISO 32000-1, annex H.3.4.1.
fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

fn damaged(message: Message) -> ExtractError {
    ExtractError::Damaged(message)
}

fn limit(message: Message) -> ExtractError {
    ExtractError::Limit(message)
}
