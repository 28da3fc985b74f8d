//! The report inside a Word file: a custom XML part, which Word and LibreOffice keep when they save the file again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ExtractError;
use crate::embed::{EmbeddedFile, EmbeddedSource, MANIFEST, NAMESPACE, REPORT, Relationship};
use crate::message;
use crate::options::Limits;
use crate::read::ooxml::Package;
use crate::read::{ReadError, damaged};
use crate::xml::Element;

/// All that a Word file carries.
///
/// # Errors
/// If it carries no report, or cannot be read within the limits.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<EmbeddedSource, ExtractError> {
    source(&Package::open(bytes, limits)?)?.ok_or(ExtractError::Nothing)
}

/// All that the file carries; nothing if it carries no report.
///
/// A word processor may have changed the prefix of the namespace, and broken the text into lines.
///
/// # Errors
/// If what it carries is damaged.
pub(crate) fn source(package: &Package) -> Result<Option<EmbeddedSource>, ReadError> {
    for part in package.custom() {
        // Other programs keep parts here too, and not all of them are sound.
        let root = match package.read(part, "customXml") {
            Ok(root) => root,
            Err(error @ ReadError::Limit(_)) => return Err(error),
            Err(_) => continue,
        };
        let ours =
            root.attributes.iter().any(|(name, value)| name.starts_with("xmlns") && value == NAMESPACE);
        if ours && local(&root.name) == "source" {
            return read(&root).map(Some);
        }
    }
    Ok(None)
}

fn read(root: &Element) -> Result<EmbeddedSource, ReadError> {
    let mut source = EmbeddedSource { report: Vec::new(), manifest: Vec::new(), files: Vec::new() };
    let mut found = false;
    for file in root.elements().filter(|element| local(&element.name) == "file") {
        let name = file.attribute("name").unwrap_or_default().to_owned();
        let text: String = file.own_text().split_ascii_whitespace().collect();
        let bytes = STANDARD
            .decode(text)
            .map_err(|_| damaged(message!("嵌入的 {name} 不完整", "the embedded {name} is incomplete")))?;
        match name.as_str() {
            REPORT => {
                source.report = bytes;
                found = true;
            }
            MANIFEST => source.manifest = bytes,
            _ => source.files.push(embedded(file, name, bytes)),
        }
    }
    if found {
        return Ok(source);
    }
    Err(damaged(message!("嵌入的部件里没有 {REPORT}", "the embedded part holds no {REPORT}")))
}

fn embedded(file: &Element, name: String, bytes: Vec<u8>) -> EmbeddedFile {
    let relationship = match file.attribute("relationship") {
        Some("Source") => Relationship::Source,
        Some("Data") => Relationship::Data,
        _ => Relationship::Supplement,
    };
    let known = ["application/json", "application/toml", "text/plain", "image/png", "image/jpeg"];
    let stated = file.attribute("type").unwrap_or_default();
    let media_type = known.into_iter().find(|known| *known == stated).unwrap_or("application/octet-stream");
    let description = message!("{name}", "{name}");
    EmbeddedFile { name, media_type, relationship, description, bytes }
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
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
        let source = extract(&file(true), &Limits::default()).expect("it carries a report");
        assert_eq!(source.report, REPORT);
        assert!(source.manifest().is_ok());
        assert_eq!(file(true), file(true), "the same bytes every time");
    }

    #[test]
    fn file_without_a_report_is_reported() {
        assert_eq!(extract(&file(false), &Limits::default()), Err(ExtractError::Nothing));
    }

    #[test]
    fn broken_files_are_refused_and_never_panic() {
        let whole = file(true);
        for end in (0..whole.len()).step_by(211) {
            let _ = extract(&whole[..end], &Limits::default()).expect_err("a file cut short");
        }
        for at in (0..whole.len()).step_by(53) {
            let mut wrong = whole.clone();
            wrong[at] ^= 0x55;
            let _ = extract(&wrong, &Limits::default());
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
        assert!(matches!(extract(&bomb, &Limits::default()), Err(ExtractError::Read(ReadError::Limit(_)))));
    }
}
