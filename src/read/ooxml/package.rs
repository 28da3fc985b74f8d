//! The parts of a Word file that comes from outside: opened within limits, since it may be malicious.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, damaged, limit, within};
use crate::xml::{self, Element};

/// The name of the main part, under which it is known here whatever it is called in the file.
const MAIN: &str = "word/document.xml";

/// The XML parts of a package by name.
pub(crate) struct Package {
    parts: BTreeMap<String, Vec<u8>>,
    /// How many elements, attributes and texts may still be read, of all parts together.
    nodes: Cell<usize>,
    most_nodes: usize,
}

impl Package {
    /// Opens the XML parts of a Word file.
    ///
    /// # Errors
    /// If it is no Word file, is damaged, or is larger than the limits.
    pub fn open(bytes: &[u8], limits: &Limits) -> Result<Package, ReadError> {
        within(bytes, limits.file_bytes)?;
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| incomplete(bytes))?;
        let most = limits.parts;
        if archive.len() > most {
            return Err(limit(message!("文件有超过 {most} 个部件", "the file has more than {most} parts")));
        }
        let mut parts = BTreeMap::new();
        let mut left = limits.xml_bytes as u64;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(broken)?;
            let name = entry.name().map_err(broken)?.into_owned();
            if !name.ends_with(".xml") {
                continue;
            }
            let mut part = Vec::new();
            // The size that the entry states is not trusted.
            entry.by_ref().take(left + 1).read_to_end(&mut part).map_err(broken)?;
            let size = part.len() as u64;
            if size > left {
                let most = limits.xml_bytes >> 20;
                return Err(limit(message!(
                    "文件展开后超过 {most} MiB",
                    "decompressed, the file is larger than {most} MiB"
                )));
            }
            left -= size;
            parts.insert(name, in_utf8(part));
        }
        let main =
            main_part(bytes).filter(|main| parts.contains_key(main)).unwrap_or_else(|| MAIN.to_owned());
        let Some(part) = parts.remove(&main) else { return Err(not_word()) };
        parts.insert(MAIN.to_owned(), part);
        Ok(Package { parts, nodes: Cell::new(limits.xml_nodes), most_nodes: limits.xml_nodes })
    }

    /// The part of this name.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice)
    }

    /// The part of this name, read.
    ///
    /// # Errors
    /// If there is none, or it is not well-formed.
    pub fn xml(&self, name: &str) -> Result<Element<'_>, ReadError> {
        let bytes = self.part(name).ok_or_else(not_word)?;
        self.read(bytes, name)
    }

    /// A part, read; `name` is for messages.
    ///
    /// # Errors
    /// If it is not well-formed, or all parts together have too many elements.
    pub fn read<'a>(&self, bytes: &'a [u8], name: &str) -> Result<Element<'a>, ReadError> {
        let mut left = self.nodes.get();
        let read = xml::read_within(bytes, &mut left);
        self.nodes.set(left);
        if left == 0 {
            let most = self.most_nodes;
            return Err(limit(message!(
                "文件的 XML 有超过 {most} 个元素和属性",
                "the XML of the file has more than {most} elements and attributes"
            )));
        }
        read.map_err(|error| damaged(message!("其中的 {name} 不是合格的 XML", "{name}: {error}")))
    }

    /// The custom XML parts, by name.
    pub fn custom(&self) -> impl Iterator<Item = &[u8]> {
        let custom = self.parts.iter().filter(|(name, _)| name.starts_with("customXml/item"));
        custom.map(|(_, part)| part.as_slice())
    }
}

/// The main part, which the relationships of the package name: ISO/IEC 29500-2, 8.3. Some programs call it otherwise.
pub(crate) fn main_part(package: &[u8]) -> Option<String> {
    const MOST: usize = 1 << 20;
    let part = binary_part(package, "_rels/.rels", MOST)?;
    let root = xml::read(&part).ok()?;
    let main = root.elements().find(|relation| {
        relation.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            && relation.attribute("TargetMode") != Some("External")
    })?;
    let target = main.attribute("Target")?;
    Some(target.strip_prefix('/').unwrap_or(target).to_owned())
}

/// A part as UTF-8: XML may be UTF-16, which its first bytes say.
fn in_utf8(part: Vec<u8>) -> Vec<u8> {
    let encoding = match part.get(..2) {
        Some([0xFF, 0xFE]) => encoding_rs::UTF_16LE,
        Some([0xFE, 0xFF]) => encoding_rs::UTF_16BE,
        _ => return part,
    };
    encoding.decode(&part).0.into_owned().into_bytes()
}

/// A part of a package that is no XML, such as a picture; none if it is not there or has more bytes than `most`.
pub(crate) fn binary_part(package: &[u8], name: &str, most: usize) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).ok()?;
    let entry = archive.by_name(name).ok()?;
    let mut part = Vec::new();
    entry.take(most as u64 + 1).read_to_end(&mut part).ok()?;
    (part.len() <= most).then_some(part)
}

fn broken(error: impl std::fmt::Display) -> ReadError {
    damaged(message!("ZIP 有误：{error}", "the ZIP is invalid: {error}"))
}

/// A ZIP whose end is missing was not copied to its end.
fn incomplete(bytes: &[u8]) -> ReadError {
    if !bytes.starts_with(b"PK") {
        return not_word();
    }
    damaged(message!("不完整，请重新复制或下载一份", "it is not complete; copy or download it again"))
}

fn not_word() -> ReadError {
    ReadError::Format(message!("不是 Word 文件（.docx）", "this is no Word file (.docx)"))
}
