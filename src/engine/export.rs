//! `export`: the files of a report.

use super::check::{Beside, located};
use super::prepare::Prepared;
use super::{ExportError, Exporter, Rejected};
use crate::arrange::Arranged;
use crate::assets::Assets;
use crate::diagnostic::{Diagnostic, Severity, Silenced, has_errors, rule};
use crate::embed::{self, EmbeddedSource, Ingredients, Recorder};
use crate::font::Fonts;
use crate::layout::Layout;
use crate::message;
use crate::options::{DocxFonts, Format, Gate, Options};
use crate::pages::{Keeps, Pages, SealPlace};
use crate::report::Report;
use crate::source::Source;
use crate::style::Role;
use crate::typeset::{self, Draw};
use crate::write::{docx, pdf};

/// The files of a report, and the findings about it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Export {
    /// The files in the order in which they were asked for.
    pub files: Vec<(Format, Vec<u8>)>,
    /// How many pages each has.
    pub pages: usize,
    /// Where the seals are, or are to be.
    pub seals: Vec<SealPlace>,
    /// The report as it was read.
    pub report: Report,
    /// The title as it is printed, without line breaks.
    pub title: String,
    /// Warnings, by position.
    pub findings: Vec<Diagnostic>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Silenced>,
    /// The embedded source, if the options ask for it.
    pub source: Option<EmbeddedSource>,
}

impl Export {
    /// The bytes of the file of this format, if it was asked for.
    pub fn file(&self, format: Format) -> Option<&[u8]> {
        self.files.iter().find(|(known, _)| *known == format).map(|(_, bytes)| bytes.as_slice())
    }
}

impl Exporter {
    /// Makes the files of a report.
    ///
    /// # Errors
    /// [`ExportError::Rejected`] with every mistake of the stage that found any: syntax, then types, then
    /// content and glyphs; [`ExportError::Options`] if the options cannot be combined.
    ///
    /// ```no_run
    /// use gongwen::{ExportError, Exporter, Folder, Format, Options};
    ///
    /// let report = std::fs::read("report.json")?;
    /// match Exporter::new().export(&report, &Options::default(), &Folder::new(".")) {
    ///     Ok(export) => std::fs::write("report.pdf", export.file(Format::Pdf).unwrap_or_default())?,
    ///     Err(ExportError::Rejected(rejected)) => {
    ///         for finding in &rejected.findings {
    ///             eprintln!("{}: {}", finding.pointer, finding.message.zh);
    ///         }
    ///     }
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn export(
        &self,
        bytes: &[u8],
        options: &Options,
        assets: &dyn Assets,
    ) -> Result<Export, ExportError> {
        self.export_beside(bytes, options, &Beside::default(), assets)
    }

    /// The same, after comparing the report with others as [`check`](Exporter::check) does: no files are made of one that
    /// contradicts them.
    ///
    /// # Errors
    /// As of [`export`](Exporter::export).
    pub fn export_beside(
        &self,
        bytes: &[u8],
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<Export, ExportError> {
        options.check()?;
        self.make(bytes, options, beside, assets, &mut |_, _| {})
    }

    /// The same, and where the values of the report are on its pages.
    ///
    /// # Errors
    /// As of [`export`](Exporter::export).
    #[cfg(feature = "serve")]
    pub(crate) fn export_with_boxes(
        &self,
        bytes: &[u8],
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<(Export, Vec<Vec<super::ValueBox>>), ExportError> {
        options.check()?;
        let mut boxes = Vec::new();
        let export = self.make(bytes, options, beside, assets, &mut |document, pages| {
            boxes = super::boxes::boxes(document, pages, &self.fonts);
        })?;
        Ok((export, boxes))
    }

    /// The same, without checking the options: they were checked when the files were first made. `look` sees the finished
    /// pages.
    pub(super) fn make(
        &self,
        bytes: &[u8],
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
        look: &mut dyn FnMut(&Arranged, &Pages),
    ) -> Result<Export, ExportError> {
        let strict = options.gate == Gate::Strict;
        let source = self.source(bytes, options)?;
        let mut export =
            self.export_source(bytes, &source, options, beside, assets, look).map_err(|error| {
                let mut error = located(&source, error);
                if let (true, ExportError::Rejected(rejected)) = (strict, &mut error) {
                    rejected.findings.splice(0..0, self.notices.iter().cloned());
                }
                error
            })?;
        if strict && !self.notices.is_empty() {
            return Err(Rejected::from(self.notices.clone()).into());
        }
        export.findings.splice(0..0, self.notices.iter().cloned());
        Ok(export)
    }

    fn export_source(
        &self,
        bytes: &[u8],
        source: &Source,
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
        look: &mut dyn FnMut(&Arranged, &Pages),
    ) -> Result<Export, ExportError> {
        let recorder = options.embed_source.then(|| Recorder::new(assets));
        let assets = recorder.as_ref().map_or(assets, |recorder| recorder);
        let prepared = self.prepare(source, options, beside, assets)?;
        let Prepared {
            report,
            layout,
            document,
            blocking,
            mut findings,
            mut silenced,
            completed,
            computed,
            ..
        } = prepared;
        let Some(document) = document else {
            let findings: Vec<Diagnostic> = blocking.into_iter().chain(findings).collect();
            return Err(Rejected::from(findings).into());
        };
        let mut accepted = Accepted { silenced: silenced.clone(), allowed: allowed(&findings, options.gate) };
        if !passes(&mut findings, options.gate) {
            return Err(Rejected::from(findings).into());
        }
        let is_drawn = options.formats.contains(&Format::Pdf) || options.embed_source;
        let draw = if is_drawn { Draw::Pages } else { Draw::Nothing };
        let (document, pages) = typeset::typeset(document, &self.fonts, draw);
        look(&document, &pages);
        if let Some(finding) = first_page(&document, &pages) {
            findings.push(finding);
            if options.gate == Gate::Strict {
                return Err(Rejected::from(findings).into());
            }
        }
        // A figure that rests on another report is embedded computed, and what that report contradicts is not: the
        // embedded report makes the same files by itself.
        let is_compared = beside.previous.is_some() || !beside.units.is_empty();
        let completed = completed.or_else(|| is_compared.then(|| source.replaced(&computed)));
        if let (Some(text), true, true) = (&completed, is_compared, options.embed_source) {
            let own = Options { figures: None, ..options.clone() };
            let source = self.source(text.as_bytes(), &own)?;
            let alone = self.prepare(&source, &own, &Beside::default(), assets)?;
            accepted =
                Accepted { silenced: alone.silenced, allowed: self::allowed(&alone.findings, options.gate) };
        }
        let embedded = recorder.map(|recorder| {
            let mut images = recorder.read();
            // If the figures came from another file, the embedded report has them in its tables.
            if let Some(path) = &report.figures {
                images.remove(path);
            }
            embed::build(Ingredients {
                report: completed.as_ref().map_or(bytes, |text| text.as_bytes()),
                options,
                layouts: self.layouts.chain(&layout.id),
                images,
                pages: &pages,
                fonts: &self.fonts,
                silenced: &accepted.silenced,
                allowed: &accepted.allowed,
            })
        });
        let mut files = Vec::new();
        for format in &options.formats {
            let bytes = match format {
                Format::Pdf => self.pdf_of(&document, &pages, embedded.as_ref(), options)?,
                Format::Docx => self.docx_of(&document, &pages.keeps, &layout, embedded.as_ref(), options)?,
            };
            files.push((*format, bytes));
        }
        source.resolve(&mut findings);
        silenced.iter_mut().for_each(|silenced| source.place(&mut silenced.finding));
        let (seals, count) = (pages.seals, pages.pages.len());
        let title = document.info.title.clone();
        Ok(Export { files, pages: count, seals, title, report, findings, silenced, source: embedded })
    }

    fn pdf_of(
        &self,
        document: &Arranged,
        pages: &Pages,
        source: Option<&EmbeddedSource>,
        options: &Options,
    ) -> Result<Vec<u8>, ExportError> {
        let settings = pdf::Settings {
            conformance: options.conformance(),
            source,
            signatories: options.pdf.signatories,
        };
        Ok(self.pdf.write(document, pages, &self.fonts, &settings)?)
    }

    fn docx_of(
        &self,
        document: &Arranged,
        keeps: &Keeps,
        layout: &Layout,
        source: Option<&EmbeddedSource>,
        options: &Options,
    ) -> Result<Vec<u8>, ExportError> {
        let embedded =
            (options.docx.fonts == DocxFonts::Embed).then(|| docx::embed_fonts(document, &Fonts::embedded()));
        Ok(docx::write(
            embedded.as_ref().map_or(document, |(document, _)| document),
            keeps,
            &docx::Settings {
                layout: Some(&layout.id),
                fonts: embedded.as_ref().map_or(&[], |(_, fonts)| fonts),
                source,
            },
        )?)
    }

    /// The text of a report, parsed within the limits.
    pub(super) fn source(&self, bytes: &[u8], options: &Options) -> Result<Source, ExportError> {
        Ok(Source::parse_within(bytes, &options.limits).map_err(Rejected::from)?)
    }
}

/// The finding that the first page of a document with 版头 shows nothing of its text: GB/T 9704—2012, 7.3.3.
fn first_page(document: &Arranged, pages: &Pages) -> Option<Diagnostic> {
    let (block, page) = pages.text?;
    if page <= pages.front || !document.blocks.iter().any(|block| block.is_of(Role::Organ)) {
        return None;
    }
    let text = message!(
        "首页没有正文：标题、主送机关占满了首页，或正文太短，印章和日期要与它同在下一页",
        "the first page shows nothing of the text: title and addressees fill it, or the text is so short that it has to go with seal and date"
    );
    let hint = message!(
        "缩短标题或主送机关，或把正文分成两段",
        "shorten the title or the addressees, or divide the text into two paragraphs"
    );
    Some(Diagnostic::warning(rule::PAGE_FIRST, document.place(block), text).hint(hint))
}

/// What an embedded report names of its findings.
struct Accepted {
    silenced: Vec<Silenced>,
    allowed: Vec<Diagnostic>,
}

/// The errors that files are made in spite of. A report with open figures is a draft, which is one.
fn allowed(findings: &[Diagnostic], gate: Gate) -> Vec<Diagnostic> {
    let is_error =
        |finding: &&Diagnostic| finding.severity == Severity::Error || finding.rule == rule::FIGURE_OPEN;
    match gate {
        Gate::AllowErrors => findings.iter().filter(is_error).cloned().collect(),
        Gate::Errors | Gate::Strict => Vec::new(),
    }
}

/// Whether the findings allow the files to be made.
fn passes(findings: &mut [Diagnostic], gate: Gate) -> bool {
    match gate {
        Gate::Errors => {
            // A report with open figures is a draft.
            for finding in findings.iter_mut().filter(|finding| finding.rule == rule::FIGURE_OPEN) {
                finding.severity = Severity::Error;
            }
            !has_errors(findings)
        }
        Gate::Strict => findings.is_empty(),
        Gate::AllowErrors => {
            findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
            true
        }
    }
}
