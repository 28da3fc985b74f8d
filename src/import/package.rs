//! The parts of a Word file that comes from outside: opened within limits, since it may be made to harm.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::ImportError;
use crate::message;

/// The most parts that a package may have. Word's own have some dozens, and one more for every picture.
const MAX_PARTS: usize = 4096;
/// The most bytes that the parts that are read may have together, opened.
pub(crate) const MAX_INFLATED: u64 = 256 << 20;

/// The XML parts of a package by name.
pub(crate) struct Package {
    parts: BTreeMap<String, Vec<u8>>,
}

impl Package {
    /// Opens the XML parts of a Word file.
    ///
    /// # Errors
    /// If it is no Word file, is damaged, or is larger than the limits.
    pub fn open(bytes: &[u8]) -> Result<Package, ImportError> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ImportError::NoPackage)?;
        if archive.len() > MAX_PARTS {
            return Err(ImportError::Limit(message!(
                "文件有超过 {MAX_PARTS} 个部件",
                "the file has more than {MAX_PARTS} parts"
            )));
        }
        let mut parts = BTreeMap::new();
        let mut left = MAX_INFLATED;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(damaged)?;
            let name = entry.name().map_err(damaged)?.into_owned();
            if !name.ends_with(".xml") {
                continue;
            }
            let mut part = Vec::new();
            // What the entry tells of its size is not believed.
            entry.by_ref().take(left + 1).read_to_end(&mut part).map_err(damaged)?;
            let size = part.len() as u64;
            if size > left {
                let limit = MAX_INFLATED >> 20;
                return Err(ImportError::Limit(message!(
                    "文件展开后超过 {limit} MiB",
                    "opened, the file is larger than {limit} MiB"
                )));
            }
            left -= size;
            parts.insert(name, part);
        }
        if !parts.contains_key("word/document.xml") {
            return Err(ImportError::NoPackage);
        }
        Ok(Package { parts })
    }

    /// The part of this name.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice)
    }

    /// The custom XML parts, by name.
    pub fn custom(&self) -> impl Iterator<Item = &[u8]> {
        let custom = self.parts.iter().filter(|(name, _)| name.starts_with("customXml/item"));
        custom.map(|(_, part)| part.as_slice())
    }
}

fn damaged(error: impl std::fmt::Display) -> ImportError {
    ImportError::Damaged(message!("ZIP 有误：{error}", "the ZIP is wrong: {error}"))
}
