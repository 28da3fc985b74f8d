//! The format of a file, found by its content: names and endings may say anything.

use crate::message;
use crate::read::ReadError;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Workbook,
    Pdf,
    Page,
    SavedPage,
    Csv,
    Text,
}

impl Kind {
    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Word => "docx",
            Kind::Workbook => "xlsx",
            Kind::Pdf => "pdf",
            Kind::Page => "html",
            Kind::SavedPage => "mht",
            Kind::Csv => "csv",
            Kind::Text => "text",
        }
    }
}

/// The format of these bytes.
///
/// # Errors
/// If it is none that is read, with what to do about it.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, ReadError> {
    const HEAD: usize = 1024;
    let has = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    if bytes.starts_with(b"PK") {
        return package(&has);
    }
    if memchr::memmem::find(&bytes[..bytes.len().min(HEAD)], b"%PDF-").is_some() {
        return Ok(Kind::Pdf);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        if has(&wide("EncryptedPackage")) {
            return Err(ReadError::Encrypted);
        }
        return Err(save_as(
            "旧格式的 Word 或 WPS 文件（.doc、.wps）",
            "a Word or WPS file of an old format (.doc, .wps)",
        ));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(save_as("RTF 文件", "an RTF file"));
    }
    if is_picture(bytes) {
        return Err(ReadError::Format(message!(
            "这是图片；请用原来的 Word 文件，或先做文字识别",
            "this is a picture; use the Word file that it was made of, or recognise its text first"
        )));
    }
    let text = super::text::decode(bytes);
    // Both zero bytes and characters that no text has.
    if text.contains('\0') || text.matches('\u{FFFD}').count() * 20 > text.chars().count() {
        return Err(ReadError::Format(message!(
            "不认识这种文件；能读的有 .docx、.xlsx、.csv、.html、.mht、.pdf 和文本",
            "the format of this file is unknown; .docx, .xlsx, .csv, .html, .mht, .pdf and text can be read"
        )));
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with(['{', '[']) {
        return Err(ReadError::Format(message!(
            "这是 JSON 报告，不用读入",
            "this is a report in JSON already"
        )));
    }
    if super::html::page_of_mht(bytes).is_some() {
        return Ok(Kind::SavedPage);
    }
    Ok(match () {
        () if super::html::is_page(&text) => Kind::Page,
        () if super::text::is_csv(&text) => Kind::Csv,
        () => Kind::Text,
    })
}

/// Whether bytes begin as a picture does: PNG, JPEG, GIF, TIFF, BMP, WebP.
fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 6] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"BM"];
    // Two letters alone may be the beginning of a text.
    let is_bitmap = |start: &[u8]| start != b"BM" || bytes.get(6..10) == Some(&[0; 4]);
    starts.into_iter().any(|start| bytes.starts_with(start) && is_bitmap(start))
        || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// The format of a ZIP by the names of its parts.
fn package(has: &dyn Fn(&[u8]) -> bool) -> Result<Kind, ReadError> {
    if has(b"word/document.xml") {
        return Ok(Kind::Word);
    }
    if has(b"xl/workbook.xml") {
        return Ok(Kind::Workbook);
    }
    if has(b"opendocument") {
        return Err(save_as("OpenDocument 文件（.odt、.ods）", "an OpenDocument file (.odt, .ods)"));
    }
    if has(b"OFD.xml") {
        return Err(ReadError::Format(message!(
            "这是 OFD 文件；请用原来的 Word 文件或 PDF",
            "this is an OFD file; use the Word file or the PDF that it was made of"
        )));
    }
    // The parts may be unreadable: the reader of Word files says so.
    Ok(Kind::Word)
}

fn save_as(zh: &str, en: &str) -> ReadError {
    ReadError::Format(message!(
        "这是{zh}；在 Word 或 WPS 里打开，另存为 .docx 再读入",
        "this is {en}; open it in Word or WPS and save it as .docx"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_content() {
        for (bytes, wanted) in [
            (&b"%PDF-1.7"[..], Kind::Pdf),
            (b"<html><body>", Kind::Page),
            (b"PK\x03\x04 word/document.xml", Kind::Word),
            ("总体情况".as_bytes(), Kind::Text),
            (b"a,1,2\nb,1,2\nc,1,2\nd,1,2\ne,1,2\n", Kind::Csv),
        ] {
            assert_eq!(kind(bytes), Ok(wanted));
        }
        assert!(
            matches!(kind(b"\xD0\xCF\x11\xE0old"), Err(ReadError::Format(message)) if message.zh.contains(".docx"))
        );
        assert!(matches!(kind(b"{ \"format\": 1 }"), Err(ReadError::Format(_))));
        assert!(matches!(kind(b"\x00\x01\x02\x03"), Err(ReadError::Format(_))));
    }
}
