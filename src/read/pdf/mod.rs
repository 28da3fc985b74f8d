//! PDF as a foreign file: its objects, found by their numbers: ISO 32000-1, 7.
//!
//! The reader is the program's own because of what foreign files may do: docs/en/pdf.md has the limits, and what the
//! libraries at hand make of the same files.

pub(crate) mod file;
pub(crate) mod syntax;

use super::{ReadError, within};
use crate::message;
use crate::options::Limits;
use file::File;

/// A PDF, to be read object by object.
///
/// # Errors
/// If it is none, too large, damaged or encrypted.
pub(crate) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<File<'a>, ReadError> {
    within(bytes, limits.file_bytes)?;
    if !is_pdf(bytes) {
        return Err(ReadError::Format(message!("不是 PDF 文件", "this is no PDF file")));
    }
    let file = File::open(bytes, limits)?;
    if file.trailer.contains_key(b"Encrypt".as_slice()) {
        return Err(ReadError::Encrypted);
    }
    Ok(file)
}

/// Whether a file says that it is a PDF. Acrobat finds the header in the first 1024 bytes: ISO 32000-1, annex H.3.4.1.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}
