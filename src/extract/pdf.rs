//! The embedded files of a PDF: ISO 32000-1, 7.11.4.

use super::ExtractError;
use crate::embed::EmbeddedSource;
use crate::message;
use crate::options::Limits;
use crate::read::pdf::file::File;
use crate::read::pdf::open;
use crate::read::pdf::syntax::{Dictionary, Object};
use crate::read::{ReadError, limit};

/// The most embedded files that are looked at, and the most nodes of the tree of their names.
const MAX_FILES: usize = 10_000;

/// All that a PDF carries.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<EmbeddedSource, ExtractError> {
    let mut file = open(bytes, limits)?;
    let trailer = file.trailer.clone();
    let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
    let mut found = Vec::new();
    for specification in specifications(&mut file, &catalog)? {
        let Object::Dictionary(specification) = file.resolve(&specification)?.object else { continue };
        let Some(name) = name(&mut file, &specification)? else { continue };
        let Some(files) = file.dictionary(&specification, b"EF")? else { continue };
        let Some(stream) = files.get(b"F".as_slice()).or_else(|| files.get(b"UF".as_slice())) else {
            continue;
        };
        found.push((name, stream.clone()));
    }
    if !found.iter().any(|(name, _)| name == crate::embed::REPORT) {
        return Err(ExtractError::Nothing);
    }
    // Nothing is decompressed before this point: another program's attachments may be of any size.
    let mut files = Vec::new();
    for (name, stream) in found.into_iter().filter(|(name, _)| crate::embed::is_ours(name)) {
        let stream = file.resolve(&stream)?;
        files.push((name, file.content(&stream)?));
    }
    EmbeddedSource::of_files(files).ok_or(ExtractError::Nothing)
}

/// The files by name, from the tree of their names.
fn specifications(file: &mut File, catalog: &Dictionary) -> Result<Vec<Object>, ReadError> {
    let names = file.dictionary(catalog, b"Names")?.unwrap_or_default();
    let mut nodes: Vec<Object> = names.get(b"EmbeddedFiles".as_slice()).cloned().into_iter().collect();
    let (mut found, mut visited) = (Vec::new(), 0);
    while let Some(node) = nodes.pop() {
        visited += 1;
        if visited > MAX_FILES || found.len() > MAX_FILES {
            return Err(limit(message!(
                "附件超过 {MAX_FILES} 个",
                "there are more than {MAX_FILES} attachments"
            )));
        }
        let Object::Dictionary(node) = file.resolve(&node)?.object else { continue };
        if let Object::Array(kids) = file.value(&node, b"Kids")? {
            nodes.extend(kids.into_iter().rev().take(MAX_FILES));
        }
        if let Object::Array(pairs) = file.value(&node, b"Names")? {
            found.extend(pairs.chunks_exact(2).map(|pair| pair[1].clone()));
        }
    }
    Ok(found)
}

/// The name of a file: `UF` before `F`. Names that are not ASCII are not ours.
fn name(file: &mut File, specification: &Dictionary) -> Result<Option<String>, ReadError> {
    for key in [b"UF".as_slice(), b"F"] {
        if let Object::String(name) = file.value(specification, key)? {
            let units = name.strip_prefix(&[0xfe, 0xff]);
            let ascii = match units {
                Some(units) => units.chunks(2).map(|unit| *unit.last().unwrap_or(&0)).collect(),
                None => name,
            };
            return Ok(String::from_utf8(ascii).ok());
        }
    }
    Ok(None)
}
