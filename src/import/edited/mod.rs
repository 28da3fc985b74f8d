//! Import of a Word file that this program made and a person edited.
//!
//! A file with an embedded report is compared with it: the expected content of the report is aligned with the
//! content of the file, and only the differences are changed in the report's source text. A file without one
//! is compared with an empty report of its layout. Changes without a place in the report are reported, never
//! guessed.

mod align;
mod changes;
mod edit;
mod expected;
mod prose;
mod skeleton;
mod word;

use crate::assets::Assets;
use crate::check;
use crate::diagnostic::{Diagnostic, Lang, Message};
use crate::document::compose;
use crate::embed::SourceError;
use crate::extract;
use crate::figures::Figures;
use crate::layout::Layouts;
use crate::message;
use crate::options::Limits;
use crate::read::ooxml::Package;
use crate::read::{ReadError, damaged};
use crate::report;
use crate::source::Source;

/// An imported report.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The report as JSON.
    pub report: Vec<u8>,
    /// What could not be placed, each with the place nearest to it.
    pub findings: Vec<Diagnostic>,
}

/// Why no report was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The layout of the file cannot be recognised.
    #[error("the layout of this file cannot be recognised")]
    UnknownLayout,
    /// The layout that was named is unknown or invalid.
    #[error("{}", .0.get(Lang::En))]
    Layout(Message),
}

impl ImportError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ImportError::Read(error) => error.message(),
            ImportError::UnknownLayout => {
                message!("看不出这个文件用的版式", "the layout of this file cannot be recognised")
            }
            ImportError::Layout(message) => message.clone(),
        }
    }
}

/// Reads the report back from a Word file. `layout` is used in place of the one that the file was made with.
///
/// # Errors
/// If the file is no Word file, is damaged, or its layout cannot be recognised.
///
/// ```
/// use gongwen::{Exporter, Format, Layouts, Limits, Options, import};
///
/// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"] }"#;
/// let export = Exporter::new().export(report.as_bytes(), &Options::default(), &())?;
/// let word = export.file(Format::Docx).expect("was asked for");
/// let imported = import(word, &Layouts::embedded(), None, &Limits::default())?;
/// assert!(String::from_utf8_lossy(&imported.report).contains("丙。"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import(
    bytes: &[u8],
    layouts: &Layouts,
    layout: Option<&str>,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let package = Package::open(bytes, limits)?;
    let blocks = word::blocks(&package)?;
    let carried = extract::docx::source(&package)?;
    let manifest = carried.as_ref().and_then(|carried| carried.manifest().ok());
    let unusable = |error: SourceError| ImportError::Read(damaged(error.message()));
    match (&carried, &manifest) {
        (Some(carried), Some(manifest)) => {
            let own = carried.layouts(manifest).map_err(unusable)?;
            let images = carried.images(manifest).map_err(unusable)?;
            let layout = layout.or(manifest.options.layout.as_deref());
            against(&carried.report, &own, layout, &images, &blocks, limits)
        }
        _ => {
            let empty = skeleton::report(&package, &blocks, layouts, layout)?;
            against(empty.as_bytes(), layouts, layout, &(), &blocks, limits)
        }
    }
}

/// The report `base` with the changes that the blocks of the file show.
fn against(
    base: &[u8],
    layouts: &Layouts,
    layout: Option<&str>,
    images: &dyn Assets,
    blocks: &[word::Block],
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let source = Source::parse_within(base, limits).map_err(|found| unsound(&found))?;
    let (report, _) = report::read(&source).map_err(|found| unsound(&found))?;
    let id = layout.unwrap_or(&report.layout);
    let layout = layouts.get(id).map_err(|error| ImportError::Layout(error.message))?;
    let mut figures = Figures::of(&report, &layout);
    check::fill(&mut figures, None);
    let (document, _) = compose(&report, &figures, images, limits).map_err(|found| unsound(&found))?;
    let expected = expected::items(&document);
    let pairs = align::align(&expected, blocks);
    let (edits, mut findings) = changes::changes(&source, &expected, blocks, &pairs);
    source.resolve(&mut findings);
    let mut report = if base.starts_with(b"\xEF\xBB\xBF") { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
    report.extend(edit::apply(&source, &edits).into_bytes());
    Ok(Imported { report, findings })
}

/// The error of an embedded report that cannot be read, with the first reason.
fn unsound(found: &[Diagnostic]) -> ImportError {
    let message = found.first().map(|found| found.message.clone());
    let Message { zh, en } = message.unwrap_or_else(|| message!("原因不明", "for no known reason"));
    damaged(message!("其中的报告读不出来：{zh}", "its report cannot be read: {en}")).into()
}

#[cfg(test)]
mod tests;
