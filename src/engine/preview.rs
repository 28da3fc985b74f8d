//! `preview`: the pages of a report as pictures.

use super::{Export, ExportError, Exporter};
use crate::assets::Assets;
use crate::options::{Format, Options};
use crate::preview::{self, PageImage, PreviewError, Selection};

/// Why the pages of a report were not drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportPreviewError {
    /// The report has no PDF, because it has errors.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The PDF cannot be drawn with these settings.
    #[error(transparent)]
    Preview(#[from] PreviewError),
}

impl Exporter {
    /// The pages of a report as PNG images of `dpi` pixels an inch, and the export that they are drawn from.
    ///
    /// # Errors
    /// If the report gives no PDF, or its pages cannot be drawn in this resolution.
    ///
    /// ```
    /// use gongwen::{Exporter, Options, Selection};
    ///
    /// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"] }"#;
    /// let (pages, _) =
    ///     Exporter::new().preview(report.as_bytes(), &Options::default(), &(), 72, &Selection::default())?;
    /// assert!(pages[0].png.starts_with(b"\x89PNG"));
    /// # Ok::<(), gongwen::ReportPreviewError>(())
    /// ```
    pub fn preview(
        &self,
        report: &[u8],
        options: &Options,
        assets: &dyn Assets,
        dpi: u32,
        pages: &Selection,
    ) -> Result<(Vec<PageImage>, Export), ReportPreviewError> {
        let options = Options { formats: vec![Format::Pdf], ..options.clone() };
        let export = self.export(report, &options, assets)?;
        let images = preview::preview_pdf(export.file(Format::Pdf).unwrap_or_default(), dpi, pages)?;
        Ok((images, export))
    }
}
