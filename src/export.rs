//! The whole way from the bytes of a report to the bytes of its files.

use std::sync::Arc;

use crate::check::FontUse;
use crate::checked::{Beside, Prepared};
use crate::diagnostic::{Diagnostic, Lang, Severity, has_errors};
use crate::document::{Assets, Date, compose};
use crate::embed::{self, EmbeddedSource, Ingredients, Recorder};
use crate::font::Fonts;
use crate::frame::SealPlace;
use crate::layout::{Layout, LayoutError, Layouts};
use crate::pdf::{Conformance, PdfOptions, PdfWriter};
use crate::references;
use crate::report::{self, Report};
use crate::source::Source;
use crate::style::Style;
use crate::workbook::FiguresFile;
use crate::{check, docx, message, text, typeset};

/// Holds fonts and layouts, which are read once, and the subsets of fonts that many reports share. Cheap to clone; one
/// serves all threads.
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
/// # Ok::<(), gongwen::Rejected>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exporter {
    pub(crate) fonts: Fonts,
    layouts: Layouts,
    notices: Vec<Diagnostic>,
    pdf: PdfWriter,
}

/// The most signature fields that a file is given.
pub const MAX_SIGNATORIES: usize = 100;

/// What to make of a report.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which files; both by default.
    pub formats: Vec<Format>,
    /// The id of the layout to use in place of the report's own.
    pub layout: Option<String>,
    /// The date told in the files in place of the date of issue.
    pub date: Option<Date>,
    /// Whether warnings are errors.
    pub strict: bool,
    /// Which fonts the Word file asks for.
    pub docx_fonts: DocxFonts,
    /// Whether figures and prose that contradict themselves are told and the files made all the same.
    pub allow_errors: bool,
    /// Whether the files carry the report and all that is needed to make them again.
    pub embed_source: bool,
    /// The level that the PDF states in place of the usual one: see [`Options::conformance`].
    pub conformance: Option<Conformance>,
    /// A workbook or CSV file whose figures fill the tables, beside the one that the report names.
    pub figures: Option<FiguresFile>,
    /// How many empty signature fields the PDF has, for [`sign`](crate::sign) to fill.
    pub signatories: usize,
}

impl Options {
    /// The level that the PDF states: PDF/A-2a, or PDF/A-3a with files inside, and PDF/UA-1 with either.
    pub fn conformance(&self) -> Conformance {
        let usual = if self.embed_source { Conformance::A3aUa1 } else { Conformance::A2aUa1 };
        self.conformance.unwrap_or(usual)
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            formats: vec![Format::Pdf, Format::Docx],
            layout: None,
            date: None,
            strict: false,
            docx_fonts: DocxFonts::Names,
            allow_errors: false,
            embed_source: false,
            conformance: None,
            figures: None,
            signatories: 0,
        }
    }
}

/// Which fonts the Word file asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocxFonts {
    /// The official ones by name: 仿宋_GB2312 and the like.
    #[default]
    Names,
    /// Those of the program, which the file brings along.
    Embed,
}

impl DocxFonts {
    /// As the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            DocxFonts::Names => "names",
            DocxFonts::Embed => "embed",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<DocxFonts> {
        [DocxFonts::Names, DocxFonts::Embed].into_iter().find(|fonts| fonts.name() == name)
    }
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Office Open XML, as Word and WPS read it.
    Docx,
}

impl Format {
    /// The ending of the file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Docx => "docx",
        }
    }
}

/// The files of a report, and what was noticed on the way.
#[derive(Clone, Debug)]
pub struct Export {
    /// The files in the order in which they were asked for.
    pub files: Vec<(Format, Vec<u8>)>,
    /// How many pages both have.
    pub pages: usize,
    /// Where seals stand or are to stand.
    pub seals: Vec<SealPlace>,
    /// The report as it was read.
    pub report: Report,
    /// The title as it is printed, without line breaks.
    pub title: String,
    /// Warnings, by place.
    pub warnings: Vec<Diagnostic>,
    /// What the files carry, if they were to.
    pub source: Option<EmbeddedSource>,
}

impl Export {
    /// The bytes of the file of this format, if it was asked for.
    pub fn file(&self, format: Format) -> Option<&[u8]> {
        self.files.iter().find(|(known, _)| *known == format).map(|(_, bytes)| bytes.as_slice())
    }
}

/// Why a report gave no files: at least one error, and whatever else was noticed, by place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", diagnostics.iter().map(|d| d.message.get(Lang::En)).collect::<Vec<_>>().join("; "))]
pub struct Rejected {
    /// By place.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Rejected {
    fn from(diagnostic: Diagnostic) -> Self {
        Rejected { diagnostics: vec![diagnostic] }
    }
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

    /// The same with other fonts; `notices` are told with every report, such as a font that was not found.
    pub fn with_fonts(self, fonts: Fonts, notices: Vec<Diagnostic>) -> Exporter {
        Exporter { fonts, notices, ..self }
    }

    /// The same with other layouts.
    pub fn with_layouts(self, layouts: Layouts) -> Exporter {
        Exporter { layouts, ..self }
    }

    /// The layouts there are.
    pub fn layouts(&self) -> &Layouts {
        &self.layouts
    }

    /// The fonts there are.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// Which fonts draw the characters of a report.
    ///
    /// # Errors
    /// Every mistake of the stage that found any: syntax, then types, then content. A character that no font has is
    /// no mistake here but an answer.
    pub fn font_use(
        &self,
        bytes: &[u8],
        options: &Options,
        assets: &dyn Assets,
    ) -> Result<FontUse, Rejected> {
        let source = Source::parse(bytes).map_err(|diagnostics| Rejected { diagnostics })?;
        let found = || {
            let (mut report, _) = report::read(&source).map_err(|diagnostics| Rejected { diagnostics })?;
            let layout = self.layout(&report, options)?;
            // What is wrong with figures is for the checks to tell.
            self.figures(&mut report, &layout, options, assets, &mut Vec::new());
            check::fill(&mut report, &layout, None);
            references::render(&mut report, &layout);
            let composed = compose(&report, &layout, assets);
            let (document, _) = composed.map_err(|diagnostics| Rejected { diagnostics })?;
            Ok(check::font_use(&document, &self.fonts))
        };
        let mut found = found().map_err(|mut rejected: Rejected| {
            source.resolve(&mut rejected.diagnostics);
            rejected
        })?;
        source.resolve(&mut found.missing);
        Ok(found)
    }

    /// Makes the files of a report.
    ///
    /// # Errors
    /// Every mistake of the stage that found any: syntax, then types, then content, then glyphs.
    pub fn export(&self, bytes: &[u8], options: &Options, assets: &dyn Assets) -> Result<Export, Rejected> {
        if options.embed_source && !options.conformance().holds_files() {
            let level = options.conformance().name();
            return Err(Diagnostic::error(
                "options.conformance",
                "",
                message!(
                    "{level} 级的 PDF 不能嵌入报告",
                    "a PDF of the level {level} cannot carry the report"
                ),
            )
            .hint(message!("用 a-3a+ua-1", "use a-3a+ua-1"))
            .into());
        }
        let source = Source::parse(bytes).map_err(|diagnostics| Rejected { diagnostics })?;
        let mut export = self.export_source(bytes, &source, options, assets).map_err(|mut rejected| {
            source.resolve(&mut rejected.diagnostics);
            if options.strict {
                rejected.diagnostics.splice(0..0, self.notices.iter().cloned());
            }
            rejected
        })?;
        if options.strict && !self.notices.is_empty() {
            return Err(Rejected { diagnostics: self.notices.clone() });
        }
        export.warnings.splice(0..0, self.notices.iter().cloned());
        Ok(export)
    }

    fn export_source(
        &self,
        bytes: &[u8],
        source: &Source,
        options: &Options,
        assets: &dyn Assets,
    ) -> Result<Export, Rejected> {
        let assets = Recorder::new(assets);
        let prepared = self.prepare(source, options, &Beside::default(), &assets)?;
        let Prepared { report, layout, document, blocking, mut findings, completed, .. } = prepared;
        let Some(document) = document else {
            let diagnostics = blocking.into_iter().chain(findings).collect();
            return Err(Rejected { diagnostics });
        };
        if options.allow_errors {
            findings.iter_mut().for_each(|finding| finding.severity = Severity::Warning);
        }
        if has_errors(&findings) || (options.strict && !findings.is_empty()) {
            return Err(Rejected { diagnostics: findings });
        }
        let mut warnings = findings;
        let pages = typeset::typeset(&document, &self.fonts);
        let embedded = options.embed_source.then(|| {
            let mut images = assets.read();
            // With figures of another file, what is carried has them in its tables.
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
            })
        });
        let mut files = Vec::new();
        for format in &options.formats {
            let bytes = match format {
                Format::Pdf => {
                    let options = PdfOptions {
                        conformance: options.conformance(),
                        source: embedded.as_ref(),
                        signatories: options.signatories,
                        ..PdfOptions::default()
                    };
                    self.pdf
                        .write(&document, &pages, &self.fonts, &options)
                        .map_err(|error| failed("PDF", &error))?
                }
                Format::Docx => {
                    let measure = |text: &str, style: &Style| {
                        text::line::text_width(&self.fonts, text, style, &document.text)
                    };
                    let set = (options.docx_fonts == DocxFonts::Embed)
                        .then(|| docx::embed_fonts(&document, &Fonts::embedded()));
                    docx::write(
                        set.as_ref().map_or(&document, |(document, _)| document),
                        &docx::DocxOptions {
                            measure: Some(&measure),
                            layout: Some(&layout.id),
                            fonts: set.as_ref().map_or(&[], |(_, fonts)| fonts),
                            source: embedded.as_ref(),
                        },
                    )
                    .map_err(|error| failed("DOCX", &error))?
                }
            };
            files.push((*format, bytes));
        }
        source.resolve(&mut warnings);
        let (seals, count) = (pages.seals, pages.pages.len());
        Ok(Export {
            files,
            pages: count,
            seals,
            title: document.info.title,
            report,
            warnings,
            source: embedded,
        })
    }

    pub(crate) fn layout(&self, report: &Report, options: &Options) -> Result<Arc<Layout>, Rejected> {
        let id = options.layout.as_deref().unwrap_or(&report.layout);
        self.layouts.get(id).map_err(|LayoutError { message, .. }| {
            Diagnostic::error("report.layout", "/layout", message)
                .hint(message!(
                    "用 gongwen layouts 查看有哪些版式",
                    "gongwen layouts lists the layouts there are"
                ))
                .into()
        })
    }
}

/// A writer that fails on a sound document is at fault itself.
fn failed(format: &str, error: &dyn std::fmt::Display) -> Rejected {
    Diagnostic::error(
        "internal.writer",
        "",
        message!("写 {format} 时出错：{error}", "writing the {format} failed: {error}"),
    )
    .hint(message!("这是程序的错误，请报告", "this is a mistake of the program; please report it"))
    .into()
}
