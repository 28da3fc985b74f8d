//! `reproduce`: the same files again, from the embedded source of one of them.
//!
//! The caller compares the bytes; an error here says why no files were made.

use super::{Beside, Export, ExportError, Exporter};
use crate::date::Date;
use crate::diagnostic::Message;
use crate::embed::{EmbeddedSource, Manifest, SourceError};
use crate::message;
use crate::options::{
    Conformance, DocxFonts, DocxOptions, Format, Gate, Limits, MAX_SIGNATORIES, Options, PdfOptions,
};

/// The reproduced files.
#[derive(Clone, Debug)]
pub struct Reproduced {
    /// The files.
    pub export: Export,
    /// What has changed since, such as the program's version or a font; then the bytes differ.
    pub differences: Vec<Message>,
}

/// Why the files could not be made again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReproduceError {
    /// The embedded source cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The embedded report cannot be exported.
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl Exporter {
    /// Makes files again from what one of them carries, with the fonts of this exporter and only the layouts of the
    /// program and of the file, within these limits.
    ///
    /// # Errors
    /// If what the file carries is damaged, or gives no files.
    ///
    /// ```
    /// use gongwen::{Exporter, Format, Options, extract};
    ///
    /// let report = r#"{ "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"] }"#;
    /// let exporter = Exporter::new();
    /// let options = Options { embed_source: true, ..Options::default() };
    /// let export = exporter.export(report.as_bytes(), &options, &())?;
    /// let pdf = export.file(Format::Pdf).expect("was asked for");
    ///
    /// let again = exporter.reproduce(&extract(pdf, &options.limits)?, &[Format::Pdf], &options.limits)?;
    /// assert_eq!(again.export.file(Format::Pdf), Some(pdf));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reproduce(
        &self,
        source: &EmbeddedSource,
        formats: &[Format],
        limits: &Limits,
    ) -> Result<Reproduced, ReproduceError> {
        let manifest = source.manifest()?;
        let options = options(&manifest, formats, limits)?;
        let exporter = self.clone().with_layouts(source.layouts(&manifest)?);
        let export = exporter.make(
            &source.report,
            &options,
            &Beside::default(),
            &source.images(&manifest)?,
            &mut |_, _| {},
        )?;
        let now = export.source.as_ref().and_then(|source| source.manifest().ok());
        let differences = now.map(|now| manifest.differences(&now)).unwrap_or_default();
        Ok(Reproduced { export, differences })
    }
}

fn options(manifest: &Manifest, formats: &[Format], limits: &Limits) -> Result<Options, SourceError> {
    let entry = &manifest.options;
    let damaged = SourceError::Manifest;
    let date = match &entry.date {
        Some(text) => Some(Date::parse(text).ok_or_else(|| {
            damaged(message!("清单里的日期“{text}”不对", "the manifest's date \"{text}\" is not a date"))
        })?),
        None => None,
    };
    let level = &entry.conformance;
    let conformance = Conformance::parse(level).ok_or_else(|| {
        damaged(message!("清单里的级别“{level}”不认识", "the manifest's level \"{level}\" is unknown"))
    })?;
    let fonts = &entry.docx_fonts;
    let fonts = DocxFonts::parse(fonts).ok_or_else(|| {
        damaged(message!("清单里的字体“{fonts}”不认识", "the manifest's fonts \"{fonts}\" are unknown"))
    })?;
    let signatories = entry.signatories.min(MAX_SIGNATORIES);
    Ok(Options {
        formats: formats.to_vec(),
        layout: entry.layout.clone(),
        date,
        // The original file was made in spite of any findings.
        gate: Gate::AllowErrors,
        embed_source: true,
        pdf: PdfOptions { conformance: Some(conformance), signatories },
        docx: DocxOptions { fonts },
        limits: *limits,
        ..Options::default()
    })
}
