//! The embedded source of a file: the report as it was given, a manifest of everything else that the pages
//! depend on, and the parts of it that are not in the program: the user's layouts and the images.
//!
//! Both writers take the same [`EmbeddedSource`]; the PDF attaches its files, the Word file keeps them as
//! parts. `Exporter::reproduce` makes the files again from it. Fonts are named, never embedded as files,
//! because their licences may forbid it.

mod assets;
mod error;
mod manifest;

use std::collections::BTreeMap;

use crate::diagnostic::Message;
use crate::layout::Layouts;
use crate::message;

pub(crate) use assets::{Kept, Recorder};
pub use error::SourceError;
pub use manifest::{ImageEntry, Manifest};
pub(crate) use manifest::{Ingredients, build};

/// The namespace of the envelope in a Word file's custom XML part.
pub(crate) const NAMESPACE: &str = "urn:gongwen:source:1";
/// The name of the report inside every file.
pub const REPORT: &str = "report.json";
/// The name of the manifest inside every file.
pub const MANIFEST: &str = "manifest.json";

/// The embedded source of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedSource {
    /// The report, byte for byte as it was given.
    pub report: Vec<u8>,
    /// The manifest: a [`Manifest`] as JSON.
    pub manifest: Vec<u8>,
    /// The user's layouts, then the images, by the names that the manifest gives them.
    pub files: Vec<EmbeddedFile>,
}

/// One embedded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// Its name: ASCII, without folders, unique in its source.
    pub name: String,
    /// Its media type: `application/json`.
    pub media_type: &'static str,
    /// Its relationship to the document.
    pub relationship: Relationship,
    /// What it is, in words.
    pub description: Message,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The relationship of an embedded file to the document (`AFRelationship`): ISO 19005-3, table E.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// Data that the document shows.
    Data,
    /// A supplement to the document or its source.
    Supplement,
}

impl Relationship {
    /// The name in a PDF.
    pub fn name(self) -> &'static str {
        match self {
            Relationship::Source => "Source",
            Relationship::Data => "Data",
            Relationship::Supplement => "Supplement",
        }
    }
}

impl EmbeddedSource {
    /// All files as a writer embeds them: the report, the manifest, then the others.
    pub fn all(&self) -> Vec<EmbeddedFile> {
        let report = EmbeddedFile {
            name: REPORT.to_owned(),
            media_type: "application/json",
            relationship: Relationship::Source,
            description: message!("生成本文件的报告", "The report that this document was made from"),
            bytes: self.report.clone(),
        };
        let manifest = EmbeddedFile {
            name: MANIFEST.to_owned(),
            media_type: "application/json",
            relationship: Relationship::Supplement,
            description: message!(
                "版式、选项、程序版本、字体和图片的清单",
                "Layout, options, program version, fonts and images"
            ),
            bytes: self.manifest.clone(),
        };
        [report, manifest].into_iter().chain(self.files.iter().cloned()).collect()
    }

    /// The source of files taken out of a document, by name; none without a report. Files of other names are left out.
    /// A document without a manifest gives an empty one.
    pub fn of_files(files: Vec<(String, Vec<u8>)>) -> Option<EmbeddedSource> {
        let (mut report, mut manifest, mut others) = (None, Vec::new(), Vec::<EmbeddedFile>::new());
        for (name, bytes) in files {
            if name == REPORT {
                report.get_or_insert(bytes);
            } else if name == MANIFEST {
                manifest = bytes;
            } else if let Some(kind) = kind(&name)
                && others.iter().all(|other| other.name != name)
            {
                others.push(kind.file(name, bytes));
            }
        }
        others.sort_by_key(|file| file.relationship == Relationship::Data);
        Some(EmbeddedSource { report: report?, manifest, files: others })
    }

    /// The manifest, read.
    ///
    /// # Errors
    /// If it is invalid, or of a version that this program does not read.
    pub fn manifest(&self) -> Result<Manifest, SourceError> {
        serde_json::from_slice(&self.manifest).map_err(|error| {
            SourceError::Manifest(message!("清单读不懂：{error}", "the manifest cannot be read: {error}"))
        })
    }

    /// The layouts of the program and of the file. A layout comes after the one that it extends.
    pub(crate) fn layouts(&self, manifest: &Manifest) -> Result<Layouts, SourceError> {
        let mut layouts = Layouts::embedded();
        for name in manifest.layouts.iter().rev().filter_map(|layout| layout.file.as_ref()) {
            let file = self.file(name).and_then(|file| std::str::from_utf8(&file.bytes).ok());
            let text = file.ok_or_else(|| missing(name))?;
            (layouts, _) = layouts.with_file(name, text)?;
        }
        Ok(layouts)
    }

    /// The images that the file carries, by the paths of its report.
    pub(crate) fn images<'a>(&'a self, manifest: &'a Manifest) -> Result<Kept<'a>, SourceError> {
        let image = |image: &'a ImageEntry| {
            let file = self.file(&image.file).ok_or_else(|| missing(&image.file))?;
            Ok((image.path.as_str(), file.bytes.as_slice()))
        };
        Ok(Kept(manifest.images.iter().map(image).collect::<Result<BTreeMap<_, _>, SourceError>>()?))
    }

    /// The embedded file of this name, beside the report and the manifest.
    pub fn file(&self, name: &str) -> Option<&EmbeddedFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

/// Whether a file of this name is one of a source's.
pub(crate) fn is_ours(name: &str) -> bool {
    name == REPORT || name == MANIFEST || kind(name).is_some()
}

/// The kinds of the files beside the report and the manifest.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Layout,
    Png,
    Jpeg,
}

impl Kind {
    /// The name of the `number`th file of its kind.
    fn name(self, number: usize) -> String {
        match self {
            Kind::Layout => format!("layout-{number}.toml"),
            Kind::Png => format!("image-{number}.png"),
            Kind::Jpeg => format!("image-{number}.jpg"),
        }
    }

    fn file(self, name: String, bytes: Vec<u8>) -> EmbeddedFile {
        let (media_type, relationship, description) = match self {
            Kind::Layout => {
                ("application/toml", Relationship::Supplement, message!("版式文件", "Layout file"))
            }
            Kind::Png => ("image/png", Relationship::Data, message!("图片", "Image")),
            Kind::Jpeg => ("image/jpeg", Relationship::Data, message!("图片", "Image")),
        };
        EmbeddedFile { name, media_type, relationship, description, bytes }
    }
}

/// The kind of the file of this name, if it is one that [`Kind::name`] gives.
fn kind(name: &str) -> Option<Kind> {
    let (_, number) = name.split_once('-')?;
    let (number, _) = number.split_once('.')?;
    let number: usize = number.parse().ok()?;
    [Kind::Layout, Kind::Png, Kind::Jpeg].into_iter().find(|kind| kind.name(number) == name)
}

fn missing(name: &str) -> SourceError {
    SourceError::Manifest(message!("缺少清单里的文件 {name}", "the manifest's file {name} is missing"))
}
