//! Foreign PDF files: their objects, by number (ISO 32000-1, 7).
//!
//! The program has its own reader because foreign files may be malicious: docs/en/pdf.md has the limits, and
//! the behaviour of available libraries on the same files.

pub(crate) mod file;
pub(crate) mod strict;
pub(crate) mod syntax;
mod tree;

use super::{ReadError, within};
use crate::message;
use crate::options::Limits;
use file::File;
use syntax::{Allowance, Budget};

/// Opens a PDF, to be read object by object.
///
/// # Errors
/// If it is none, too large, damaged or encrypted.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<File<'a>, ReadError> {
    within(bytes, limits.file_bytes)?;
    opened(bytes, Budget::new(limits))
}

/// Opens a revision of a PDF.
///
/// # Errors
/// The same, or if all revisions together are too much.
pub(crate) fn open_within<'a>(bytes: &'a [u8], allowance: &Allowance) -> Result<File<'a>, ReadError> {
    within(bytes, allowance.limits().file_bytes)?;
    opened(bytes, Budget::within(allowance))
}

fn opened(bytes: &[u8], budget: Budget) -> Result<File<'_>, ReadError> {
    if !is_pdf(bytes) {
        return Err(ReadError::Format(message!("不是 PDF 文件", "this is no PDF file")));
    }
    let file = File::open(bytes, budget)?;
    if file.trailer.contains_key(b"Encrypt".as_slice()) {
        return Err(ReadError::Encrypted);
    }
    Ok(file)
}

/// Whether a file has the header of a PDF. Acrobat finds the header in the first 1024 bytes: ISO 32000-1,
/// annex H.3.4.1.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}
