//! `font_use`: which fonts draw the characters of a report.

use super::check::located;
use super::prepare::{Read, from_files};
use super::{ExportError, Exporter, Rejected};
use crate::assets::Assets;
use crate::check::{self, FontUse};
use crate::document::compose;
use crate::options::Options;
use crate::references;

impl Exporter {
    /// Which fonts draw the characters of a report.
    ///
    /// # Errors
    /// Every mistake of the stage that found any: syntax, then types, then content. A character that no font
    /// has is part of the result, not an error.
    ///
    /// ```
    /// use gongwen::{Exporter, Options};
    ///
    /// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"] }"#;
    /// let fonts = Exporter::new().font_use(report.as_bytes(), &Options::default(), &())?;
    /// assert!(fonts.missing.is_empty());
    /// # Ok::<(), gongwen::ExportError>(())
    /// ```
    pub fn font_use(
        &self,
        bytes: &[u8],
        options: &Options,
        assets: &dyn Assets,
    ) -> Result<FontUse, ExportError> {
        let source = self.source(bytes, options)?;
        let found = || -> Result<FontUse, ExportError> {
            let Read { mut report, mut figures, .. } = self.read(&source, options)?;
            // Mistakes in figures are found by the checks.
            from_files(&report, &mut figures, options, assets, &mut Vec::new());
            check::fill(&mut figures, None);
            references::render(&mut report, &figures);
            let composed = compose(&report, &figures, assets, &options.limits);
            let (document, _) = composed.map_err(Rejected::from)?;
            Ok(check::font_use(&document, &self.fonts))
        };
        let mut found = found().map_err(|error| located(&source, error))?;
        source.resolve(&mut found.missing);
        Ok(found)
    }
}
