//! The engine: from the bytes of a report to the bytes of its files. One [`Exporter`] holds fonts and
//! layouts; each of its methods has a file here.
//!
//! `prepare` is the one long step that they share: read, fill in, compose, check. Nothing below this folder
//! imports it.

#[cfg(feature = "serve")]
mod boxes;
mod check;
mod diff;
mod error;
mod export;
mod font_use;
mod name_parts;
mod prepare;
#[cfg(feature = "preview")]
mod preview;
mod reproduce;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Hint, HintCode, rule};
use crate::font::Fonts;
use crate::layout::{Layout, Layouts};
use crate::message;
use crate::options::{Options, OptionsError};
use crate::report::Report;
use crate::write::pdf::PdfWriter;

#[cfg(feature = "serve")]
pub(crate) use boxes::ValueBox;
pub use check::{Beside, Checked};
pub use diff::DiffError;
pub use error::{ExportError, InternalError, Rejected};
pub use export::Export;
#[cfg(feature = "preview")]
pub use preview::ReportPreviewError;
pub use reproduce::{ReproduceError, Reproduced};

/// Fonts and layouts, read once, and the font subsets that many reports share. Cheap to clone; one serves all threads.
///
/// ```
/// use gongwen::{Exporter, Format, Options};
///
/// let report = r#"{
///     "format": 1, "layout": "general-document", "issuer": "某某市人民政府办公室",
///     "title": "关于样例的说明", "sections": [{ "body": ["这是正文。"] }]
/// }"#;
/// let export = Exporter::new().export(report.as_bytes(), &Options::default(), &())?;
/// assert_eq!(export.pages, 1);
/// assert!(export.file(Format::Pdf).is_some_and(|bytes| bytes.starts_with(b"%PDF-")));
/// # Ok::<(), gongwen::ExportError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exporter {
    fonts: Fonts,
    layouts: Layouts,
    notices: Vec<Diagnostic>,
    pdf: PdfWriter,
}

impl Default for Exporter {
    fn default() -> Self {
        Exporter::new()
    }
}

impl Exporter {
    /// With the fonts and layouts of the program.
    pub fn new() -> Exporter {
        Exporter {
            fonts: Fonts::embedded(),
            layouts: Layouts::embedded(),
            notices: Vec::new(),
            pdf: PdfWriter::default(),
        }
    }

    /// The same with other fonts; `notices` come with the findings of every export, such as a font that was not found.
    pub fn with_fonts(self, fonts: Fonts, notices: Vec<Diagnostic>) -> Exporter {
        Exporter { fonts, notices, ..self }
    }

    /// The same with other layouts.
    pub fn with_layouts(self, layouts: Layouts) -> Exporter {
        Exporter { layouts, ..self }
    }

    /// The available layouts.
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// The available fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// What is told with every export, such as a font that was not found.
    #[cfg(feature = "serve")]
    pub(crate) fn notices(&self) -> &[Diagnostic] {
        &self.notices
    }

    /// The layout of a report, or the one that the options name in its place.
    fn layout(&self, report: &Report, options: &Options) -> Result<Arc<Layout>, ExportError> {
        if let Some(id) = &options.layout {
            return Ok(self.layouts.get(id).map_err(|error| OptionsError::Layout(error.message))?);
        }
        Ok(self.layouts.get(&report.layout).map_err(|error| {
            let message = message!("写已有版式的标识", "give the id of an existing layout");
            let hint = Hint { code: HintCode::ListLayouts, message };
            Rejected::from(Diagnostic::error(rule::REPORT_LAYOUT, "/layout", error.message).hint(hint))
        })?)
    }
}
