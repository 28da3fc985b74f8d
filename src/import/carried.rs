//! The report that a Word file carries in its custom XML part: `docx::source` in the other direction.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ImportError;
use super::package::Package;
use crate::docx::SOURCE_NAMESPACE;
use crate::docx::xml::{self, Element};
use crate::embed::{EmbeddedFile, EmbeddedSource, MANIFEST, REPORT, Relationship};
use crate::message;

/// All that the file carries; nothing if it carries no report.
///
/// An office may have given the namespace a prefix of its own, and broken the text into lines.
///
/// # Errors
/// If what it carries is damaged.
pub(crate) fn source(package: &Package) -> Result<Option<EmbeddedSource>, ImportError> {
    for part in package.custom() {
        // Other programs keep parts here too, and not all of them are sound.
        let Ok(root) = xml::read(part) else { continue };
        let ours = root
            .attributes
            .iter()
            .any(|(name, value)| name.starts_with("xmlns") && value == SOURCE_NAMESPACE);
        if ours && local(&root.name) == "source" {
            return read(&root).map(Some);
        }
    }
    Ok(None)
}

fn read(root: &Element) -> Result<EmbeddedSource, ImportError> {
    let mut source = EmbeddedSource { report: Vec::new(), manifest: Vec::new(), files: Vec::new() };
    let mut found = false;
    for file in root.elements().filter(|element| local(&element.name) == "file") {
        let name = file.attribute("name").unwrap_or_default().to_owned();
        let text: String = file.own_text().split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(text).map_err(|_| {
            ImportError::Damaged(message!("嵌入的 {name} 不完整", "the embedded {name} is not whole"))
        })?;
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
    Err(ImportError::Damaged(message!("嵌入的部件里没有 {REPORT}", "the embedded part holds no {REPORT}")))
}

fn embedded(file: &Element, name: String, bytes: Vec<u8>) -> EmbeddedFile {
    let relationship = match file.attribute("relationship") {
        Some("Source") => Relationship::Source,
        Some("Data") => Relationship::Data,
        _ => Relationship::Supplement,
    };
    let known = ["application/json", "application/toml", "text/plain", "image/png", "image/jpeg"];
    let told = file.attribute("type").unwrap_or_default();
    let media_type = known.into_iter().find(|known| *known == told).unwrap_or("application/octet-stream");
    let description = message!("{name}", "{name}");
    EmbeddedFile { name, media_type, relationship, description, bytes }
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
