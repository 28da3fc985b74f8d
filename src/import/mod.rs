//! The way back: a Word file that this program made and a person edited becomes the report again.
//!
//! A file that carries its report is read against it: what the report would print is laid beside what the file has,
//! and only what differs is changed in the report's own text. A file that carries none is read against an empty report
//! of its layout. What finds no place is told, never guessed.

mod align;
mod carried;
mod changes;
mod edit;
mod expected;
mod package;
mod prose;
mod skeleton;
mod word;

use crate::diagnostic::{Diagnostic, Lang, Message};
use crate::document::{Assets, compose};
use crate::embed::{self, EmbeddedSource};
use crate::layout::Layouts;
use crate::message;
use crate::report;
use crate::source::Source;

pub(crate) use package::Package;

/// The largest Word file that is read.
pub const MAX_BYTES: usize = 256 << 20;

/// A report read back.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The report as JSON.
    pub report: Vec<u8>,
    /// What could not be placed, each with the place nearest to it.
    pub findings: Vec<Diagnostic>,
}

/// Why no report came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is no Word file.
    #[error("not a Word file (.docx)")]
    NoPackage,
    /// It is not what it should be: what, and how.
    #[error("{}", .0.get(Lang::En))]
    Damaged(Message),
    /// It asks for more than a limit allows: which.
    #[error("{}", .0.get(Lang::En))]
    Limit(Message),
    /// The layout cannot be told, or is not known.
    #[error("{}", .0.get(Lang::En))]
    Layout(Message),
}

impl ImportError {
    /// The reason as people read it.
    pub fn message(&self) -> Message {
        match self {
            ImportError::NoPackage => message!("不是 Word 文件（.docx）", "this is no Word file (.docx)"),
            ImportError::Damaged(message) => {
                let (zh, en) = (&message.zh, &message.en);
                message!("文件已损坏：{zh}", "the file is damaged: {en}")
            }
            ImportError::Limit(message) | ImportError::Layout(message) => message.clone(),
        }
    }
}

/// Reads the report back from a Word file. `layout` stands in for the one that the file was made with.
///
/// # Errors
/// If the file is no Word file, is damaged, or its layout cannot be told.
pub fn import(bytes: &[u8], layouts: &Layouts, layout: Option<&str>) -> Result<Imported, ImportError> {
    let package = Package::open(bytes)?;
    let blocks = word::blocks(&package)?;
    let carried = carried::source(&package)?;
    let manifest = carried.as_ref().and_then(|carried| carried.manifest().ok());
    let told = |error: embed::NotReproducible| ImportError::Damaged(message!("{error}", "{error}"));
    match (&carried, &manifest) {
        (Some(carried), Some(manifest)) => {
            let own = embed::layouts(manifest, carried).map_err(told)?;
            let images = embed::images(manifest, carried).map_err(told)?;
            let layout = layout.or(manifest.options.layout.as_deref());
            against(&carried.report, &own, layout, &images, &blocks)
        }
        _ => {
            let empty = skeleton::report(&package, &blocks, layouts, layout)?;
            against(empty.as_bytes(), layouts, layout, &(), &blocks)
        }
    }
}

/// The source that a Word file carries, if it carries any.
///
/// # Errors
/// If the file is no Word file, or is damaged.
pub fn carried(bytes: &[u8]) -> Result<Option<EmbeddedSource>, ImportError> {
    carried::source(&Package::open(bytes)?)
}

/// The report `base` with the changes that the blocks of the file show.
fn against(
    base: &[u8],
    layouts: &Layouts,
    layout: Option<&str>,
    images: &dyn Assets,
    blocks: &[word::Block],
) -> Result<Imported, ImportError> {
    let source = Source::parse(base).map_err(|found| unsound(&found))?;
    let (report, _) = report::read(&source).map_err(|found| unsound(&found))?;
    let id = layout.unwrap_or(&report.layout);
    let layout = layouts.get(id).map_err(|error| ImportError::Layout(error.message))?;
    let (document, _) = compose(&report, &layout, images).map_err(|found| unsound(&found))?;
    let expected = expected::items(&document);
    let pairs = align::align(&expected, blocks);
    let (edits, mut findings) = changes::changes(&source, &expected, blocks, &pairs);
    source.resolve(&mut findings);
    let mut report = if base.starts_with(b"\xEF\xBB\xBF") { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
    report.extend(edit::apply(&source, &edits).into_bytes());
    Ok(Imported { report, findings })
}

/// A report that the file carries and that cannot be read, with the first reason.
fn unsound(found: &[Diagnostic]) -> ImportError {
    let message = found.first().map(|found| found.message.clone());
    let Message { zh, en } = message.unwrap_or_else(|| message!("原因不明", "for no reason told"));
    ImportError::Damaged(message!("其中的报告读不出来：{zh}", "its report cannot be read: {en}"))
}

#[cfg(test)]
mod tests;
