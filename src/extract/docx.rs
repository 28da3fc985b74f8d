//! The report inside a Word file: a custom XML part, which Word and LibreOffice keep when they save the file again.

use super::{ExtractError, damaged, limit};
use crate::embed::EmbeddedSource;
use crate::import::{self, ImportError};
use crate::message;

/// All that a Word file carries.
///
/// # Errors
/// If it carries no report, or cannot be read within the limits.
pub(super) fn extract(bytes: &[u8]) -> Result<EmbeddedSource, ExtractError> {
    match import::carried(bytes) {
        Ok(Some(source)) => Ok(source),
        Ok(None) => Err(ExtractError::Nothing),
        // A ZIP file that cannot be opened, or is another office's.
        Err(ImportError::NoPackage) => {
            Err(damaged(message!("不是完整的 Word 文件", "this is no whole Word file")))
        }
        Err(ImportError::Damaged(message)) => Err(damaged(message)),
        Err(ImportError::Limit(message) | ImportError::Layout(message)) => Err(limit(message)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::{Exporter, Format, Options};

    const REPORT: &[u8] =
        "\u{feff}{ \"format\": 1, \"layout\": \"general-document\", \"issuer\": \"某某市人民政府\",
        \"title\": \"样例\", \"preamble\": [\"正文。\"] }\n"
            .as_bytes();

    fn file(embed_source: bool) -> Vec<u8> {
        let options = Options { formats: vec![Format::Docx], embed_source, ..Options::default() };
        let export = Exporter::new().export(REPORT, &options, &()).expect("exports");
        export.files.into_iter().next().expect("a file").1
    }

    #[test]
    fn report_comes_out_byte_for_byte() {
        let source = extract(&file(true)).expect("it carries a report");
        assert_eq!(source.report, REPORT);
        assert!(source.manifest().is_ok());
        assert_eq!(file(true), file(true), "the same bytes every time");
    }

    #[test]
    fn file_without_a_report_says_so() {
        assert_eq!(extract(&file(false)), Err(ExtractError::Nothing));
    }

    #[test]
    fn broken_files_are_refused_and_never_panic() {
        let whole = file(true);
        for end in (0..whole.len()).step_by(211) {
            let _ = extract(&whole[..end]).expect_err("a file cut short");
        }
        for at in (0..whole.len()).step_by(53) {
            let mut wrong = whole.clone();
            wrong[at] ^= 0x55;
            let _ = extract(&wrong);
        }
    }

    #[test]
    fn bombs_are_stopped_at_the_limit() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("word/document.xml", options).expect("an entry");
        let block = vec![b' '; 1 << 20];
        for _ in 0..260 {
            zip.write_all(&block).expect("writes");
        }
        let bomb = zip.finish().expect("a ZIP file").into_inner();
        assert!(bomb.len() < 1 << 20);
        assert!(matches!(extract(&bomb), Err(ExtractError::Limit(_))));
    }
}
