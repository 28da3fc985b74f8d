//! Readers of bytes from outside: PDF, Office Open XML. The bytes may be malicious.
//!
//! No length, count or position that a file states is trusted: each is bounded by [`Limits`], and the error
//! names the limit that is exceeded. The readers know file formats, never reports.
//!
//! [`Limits`]: crate::options::Limits

pub(crate) mod ooxml;
pub(crate) mod pdf;
pub(crate) mod picture;

use crate::diagnostic::{Lang, Message};
use crate::message;

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is a file of another format.
    #[error("{}", .0.get(Lang::En))]
    Format(Message),
    /// It is encrypted.
    #[error("the file is encrypted")]
    Encrypted,
    /// It violates its format, with the reason.
    #[error("{}", .0.get(Lang::En))]
    Damaged(Message),
    /// It exceeds a limit, with the limit.
    #[error("{}", .0.get(Lang::En))]
    Limit(Message),
}

impl ReadError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ReadError::Encrypted => message!(
                "文件已加密，要口令才能打开；用口令打开它，去掉口令另存一份再用",
                "the file is encrypted and asks for a password; open it with the password, save it without one, and use that"
            ),
            ReadError::Damaged(message) => {
                let (zh, en) = (&message.zh, &message.en);
                message!("文件已损坏：{zh}", "the file is damaged: {en}")
            }
            ReadError::Format(message) | ReadError::Limit(message) => message.clone(),
        }
    }
}

/// The error of a file that violates its format.
pub(crate) fn damaged(message: Message) -> ReadError {
    ReadError::Damaged(message)
}

/// The error of a file that exceeds a limit.
pub(crate) fn limit(message: Message) -> ReadError {
    ReadError::Limit(message)
}

/// Refuses a file of more bytes than `most`.
///
/// # Errors
/// [`ReadError::Limit`].
pub(crate) fn within(bytes: &[u8], most: usize) -> Result<(), ReadError> {
    if bytes.len() <= most {
        return Ok(());
    }
    let mebibytes = most >> 20;
    Err(limit(message!("文件超过 {mebibytes} MiB", "the file is larger than {mebibytes} MiB")))
}
