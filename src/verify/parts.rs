//! What an object of a file is, in words: how the catalog leads to it.

use std::collections::BTreeMap;

use crate::diagnostic::Message;
use crate::message;
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::{Dictionary, Object};

/// The most objects that are followed.
const MAX_OBJECTS: usize = 200_000;

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// A page, by its number from 1: its size and what belongs to it.
    Page(usize),
    /// The content of a page.
    Content(usize),
    /// The annotations of a page, such as links and notes.
    Annotations(usize),
    /// Fonts and pictures that a page is the first to use.
    Resources(usize),
    /// The form and its fields.
    Form,
    /// The bookmarks.
    Outline,
    /// The structure by which screen readers read.
    Structure,
    /// Embedded files.
    EmbeddedFiles,
    /// The metadata (XMP).
    Metadata,
    /// The document information.
    Information,
    /// Certificates and revocation data (DSS).
    ValidationData,
    /// The document catalog and what else it has.
    Catalog,
    /// Nothing leads to it.
    Unreachable,
}

impl Part {
    /// The part in words.
    pub fn words(self) -> Message {
        match self {
            Part::Page(page) => message!("第 {page} 页", "page {page}"),
            Part::Content(page) => message!("第 {page} 页的内容", "the content of page {page}"),
            Part::Annotations(page) => message!("第 {page} 页的注释", "the annotations of page {page}"),
            Part::Resources(page) => {
                message!("第 {page} 页的字体或图片", "fonts or pictures of page {page}")
            }
            Part::Form => message!("表单", "the form"),
            Part::Outline => message!("书签", "the bookmarks"),
            Part::Structure => message!("无障碍标签（结构树）", "the tags (structure tree)"),
            Part::EmbeddedFiles => message!("嵌入的文件", "embedded files"),
            Part::Metadata => message!("元数据（XMP）", "the metadata (XMP)"),
            Part::Information => message!("文件属性", "the document information"),
            Part::ValidationData => {
                message!("证书和吊销信息（DSS）", "certificates and revocation data (DSS)")
            }
            Part::Catalog => message!("文件的总目录", "the document catalog"),
            Part::Unreachable => message!("没有用到的内容", "something that nothing leads to"),
        }
    }
}

/// The parts of a file, by the numbers of their objects. What several parts share belongs to the first.
#[derive(Debug, Default)]
pub(super) struct Parts(BTreeMap<u32, Part>);

impl Parts {
    pub fn of(file: &mut File) -> Result<Parts, ReadError> {
        let trailer = file.trailer.clone();
        let mut parts = Parts::default();
        let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
        for (key, part) in
            [(&b"Metadata"[..], Part::Metadata), (b"DSS", Part::ValidationData), (b"Outlines", Part::Outline)]
        {
            parts.follow(file, catalog.get(key), part)?;
        }
        parts.follow(file, trailer.get(b"Info".as_slice()), Part::Information)?;
        parts.pages(file, &catalog)?;
        for (key, part) in [
            (&b"AcroForm"[..], Part::Form),
            (b"AF", Part::EmbeddedFiles),
            (b"Names", Part::EmbeddedFiles),
            (b"StructTreeRoot", Part::Structure),
        ] {
            parts.follow(file, catalog.get(key), part)?;
        }
        parts.follow(file, trailer.get(b"Root".as_slice()), Part::Catalog)?;
        Ok(parts)
    }

    pub fn part(&self, object: u32) -> Part {
        self.0.get(&object).copied().unwrap_or(Part::Unreachable)
    }

    fn pages(&mut self, file: &mut File, catalog: &Dictionary) -> Result<(), ReadError> {
        let mut waiting: Vec<Object> = catalog.get(b"Pages".as_slice()).cloned().into_iter().collect();
        let (mut nodes, mut pages) = (std::collections::BTreeSet::new(), Vec::new());
        while let Some(node) = waiting.pop() {
            let Object::Reference(number, _) = node else { continue };
            if nodes.len() >= MAX_OBJECTS || !nodes.insert(number) {
                continue;
            }
            let Object::Dictionary(entries) = file.get(number)?.object else { continue };
            match file.value(&entries, b"Kids")? {
                Object::Array(kids) => waiting.extend(kids.into_iter().rev()),
                _ => pages.push((number, entries)),
            }
        }
        // Pages lead to one another, by links: all of them first.
        for (place, (number, _)) in pages.iter().enumerate() {
            self.0.insert(*number, Part::Page(place + 1));
        }
        for (place, (_, entries)) in pages.iter().enumerate() {
            self.follow(file, entries.get(b"Contents".as_slice()), Part::Content(place + 1))?;
            self.follow(file, entries.get(b"Resources".as_slice()), Part::Resources(place + 1))?;
        }
        for (place, (_, entries)) in pages.iter().enumerate() {
            self.follow(file, entries.get(b"Annots".as_slice()), Part::Annotations(place + 1))?;
        }
        Ok(())
    }

    /// Gives this part to all objects that a value leads to and that have none yet.
    fn follow(&mut self, file: &mut File, value: Option<&Object>, part: Part) -> Result<(), ReadError> {
        let mut waiting: Vec<Object> = value.cloned().into_iter().collect();
        while let Some(object) = waiting.pop() {
            match object {
                Object::Reference(number, _)
                    if !self.0.contains_key(&number) && self.0.len() < MAX_OBJECTS =>
                {
                    self.0.insert(number, part);
                    waiting.push(file.get(number)?.object);
                }
                Object::Array(values) => waiting.extend(values),
                Object::Dictionary(entries) => {
                    // Upwards and across everything leads to everything.
                    let across: [&[u8]; 4] = [b"Parent", b"P", b"Pg", b"StructParent"];
                    let down = entries.into_iter().filter(|(key, _)| !across.contains(&key.as_slice()));
                    waiting.extend(down.map(|(_, value)| value));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
