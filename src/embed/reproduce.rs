//! The way back: the same files from what one of them carries.
//!
//! Whether they came out the same is for the caller to see, byte by byte; here is told why they could not.

use std::collections::BTreeMap;

use super::assets::Kept;
use super::{EmbeddedSource, Manifest};
use crate::diagnostic::{Lang, Message};
use crate::document::Date;
use crate::export::{DocxFonts, Export, Exporter, Format, MAX_SIGNATORIES, Options, Rejected};
use crate::layout::LayoutError;
use crate::message;
use crate::pdf::Conformance;

/// The files made again.
#[derive(Clone, Debug)]
pub struct Reproduced {
    /// The files.
    pub export: Export,
    /// What was not the same this time, such as the program's version or a font; then the bytes differ.
    pub differences: Vec<Message>,
}

/// Why the files could not be made again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotReproducible {
    /// The manifest says what cannot be so.
    #[error("{}", .0.get(Lang::En))]
    Manifest(Message),
    /// An embedded layout is unsound.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The report is found wanting.
    #[error(transparent)]
    Report(#[from] Rejected),
}

impl Exporter {
    /// Makes files again from what one of them carries, with the fonts of this exporter and only the layouts of the
    /// program and of the file.
    ///
    /// # Errors
    /// If what the file carries is damaged.
    pub fn reproduce(
        &self,
        source: &EmbeddedSource,
        formats: &[Format],
    ) -> Result<Reproduced, NotReproducible> {
        let manifest = source.manifest().map_err(|error| {
            damaged(message!("清单读不懂：{error}", "the manifest cannot be read: {error}"))
        })?;
        let options = options(&manifest, formats)?;
        let exporter = self.clone().with_layouts(layouts(&manifest, source)?);
        let export = exporter.export(&source.report, &options, &images(&manifest, source)?)?;
        let now = export.source.as_ref().and_then(|source| source.manifest().ok());
        let differences = now.map(|now| manifest.differences(&now)).unwrap_or_default();
        Ok(Reproduced { export, differences })
    }
}

fn damaged(message: Message) -> NotReproducible {
    NotReproducible::Manifest(message)
}

fn options(manifest: &Manifest, formats: &[Format]) -> Result<Options, NotReproducible> {
    let entry = &manifest.options;
    let date = match &entry.date {
        Some(text) => Some(Date::parse(text).ok_or_else(|| {
            damaged(message!("清单里的日期“{text}”不对", "the manifest's date \"{text}\" is none"))
        })?),
        None => None,
    };
    let level = &entry.conformance;
    let conformance = Conformance::parse(level).ok_or_else(|| {
        damaged(message!("清单里的级别“{level}”不认识", "the manifest's level \"{level}\" is unknown"))
    })?;
    Ok(Options {
        formats: formats.to_vec(),
        layout: entry.layout.clone(),
        date,
        strict: false,
        docx_fonts: DocxFonts::parse(&entry.docx_fonts).ok_or_else(|| {
            let fonts = &entry.docx_fonts;
            damaged(message!("清单里的字体“{fonts}”不认识", "the manifest's fonts \"{fonts}\" are unknown"))
        })?,
        embed_source: true,
        conformance: Some(conformance),
        figures: None,
        signatories: entry.signatories.min(MAX_SIGNATORIES),
        // The file was made, whatever was told then.
        allow_errors: true,
    })
}

/// The layouts of the program and of the file: what is extended comes before what extends it.
pub(crate) fn layouts(
    manifest: &Manifest,
    source: &EmbeddedSource,
) -> Result<crate::layout::Layouts, NotReproducible> {
    let mut layouts = crate::layout::Layouts::embedded();
    for name in manifest.layouts.iter().rev().filter_map(|layout| layout.file.as_ref()) {
        let file = source.file(name).and_then(|file| std::str::from_utf8(&file.bytes).ok());
        let text = file.ok_or_else(|| missing(name))?;
        (layouts, _) = layouts.with_file(name, text)?;
    }
    Ok(layouts)
}

pub(crate) fn images<'a>(
    manifest: &'a Manifest,
    source: &'a EmbeddedSource,
) -> Result<Kept<'a>, NotReproducible> {
    let image = |image: &'a super::ImageEntry| {
        let file = source.file(&image.file).ok_or_else(|| missing(&image.file))?;
        Ok((image.path.as_str(), file.bytes.as_slice()))
    };
    Ok(Kept(manifest.images.iter().map(image).collect::<Result<BTreeMap<_, _>, NotReproducible>>()?))
}

fn missing(name: &str) -> NotReproducible {
    damaged(message!("缺少清单里的文件 {name}", "the manifest's file {name} is missing"))
}
