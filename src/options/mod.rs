//! Options of a call: formats, options of each writer, limits.
//!
//! Types at the bottom of the order of imports, which know no stage. Options that contradict one another are refused in one
//! place, [`Options::check`], before any work is done.

mod conformance;
mod format;
mod limits;

use std::sync::Arc;

use crate::date::Date;
use crate::diagnostic::{Lang, Message};
use crate::message;

pub use conformance::Conformance;
pub use format::Format;
pub use limits::Limits;

/// The most signature fields that a PDF is given.
pub const MAX_SIGNATORIES: usize = 100;

/// What to make of a report.
#[derive(Clone, Debug)]
pub struct Options {
    /// The formats of the files, each once; PDF and Word by default.
    pub formats: Vec<Format>,
    /// The id of the layout, in place of the report's own.
    pub layout: Option<String>,
    /// The date in the files' metadata, in place of the date of issue.
    pub date: Option<Date>,
    /// Which findings stop an export.
    pub gate: Gate,
    /// Whether the files carry the report and all that is needed to make them again.
    pub embed_source: bool,
    /// A workbook or CSV file whose figures fill the tables, beside the one that the report names.
    pub figures: Option<FiguresFile>,
    /// Options of the PDF.
    pub pdf: PdfOptions,
    /// Options of the Word file.
    pub docx: DocxOptions,
    /// Limits on what is read and made.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            formats: vec![Format::Pdf, Format::Docx],
            layout: None,
            date: None,
            gate: Gate::default(),
            embed_source: false,
            figures: None,
            pdf: PdfOptions::default(),
            docx: DocxOptions::default(),
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// The level that the PDF states: PDF/A-2a, or PDF/A-3a with files inside, and PDF/UA-1 with either.
    pub fn conformance(&self) -> Conformance {
        let usual = if self.embed_source { Conformance::A3aUa1 } else { Conformance::A2aUa1 };
        self.pdf.conformance.unwrap_or(usual)
    }

    /// Whether the options can be combined.
    ///
    /// # Errors
    /// The first that cannot.
    pub fn check(&self) -> Result<(), OptionsError> {
        let has_pdf = self.formats.contains(&Format::Pdf);
        if self.embed_source && has_pdf && !self.conformance().holds_files() {
            return Err(OptionsError::LevelHoldsNoFiles(self.conformance()));
        }
        if self.pdf.conformance.is_some() && !has_pdf {
            return Err(OptionsError::LevelWithoutPdf);
        }
        if self.pdf.signatories > 0 && !has_pdf {
            return Err(OptionsError::SignatoriesWithoutPdf);
        }
        if self.pdf.signatories > MAX_SIGNATORIES {
            return Err(OptionsError::TooManySignatories);
        }
        if self.docx.fonts == DocxFonts::Embed && !self.formats.contains(&Format::Docx) {
            return Err(OptionsError::FontsWithoutDocx);
        }
        Ok(())
    }
}

/// Which findings stop an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Errors do, warnings do not.
    #[default]
    Errors,
    /// Warnings do too.
    Strict,
    /// Contradictions of figures and prose are reported as warnings, and the files are made nevertheless; an
    /// error that leaves nothing to print still stops the export.
    AllowErrors,
}

/// Options of the PDF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfOptions {
    /// The level that it states, in place of the default: see [`Options::conformance`].
    pub conformance: Option<Conformance>,
    /// How many empty signature fields it has, [`MAX_SIGNATORIES`] at most.
    pub signatories: usize,
}

/// Options of the Word file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocxOptions {
    /// Which fonts it asks for.
    pub fonts: DocxFonts,
}

/// Which fonts the Word file asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DocxFonts {
    /// The official ones by name: 仿宋_GB2312 and the like.
    #[default]
    Names,
    /// Those of the program, which are embedded in the file.
    Embed,
}

impl DocxFonts {
    /// Its name in manifests and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            DocxFonts::Names => "names",
            DocxFonts::Embed => "embed",
        }
    }

    /// The choice of this name.
    pub fn parse(name: &str) -> Option<DocxFonts> {
        [DocxFonts::Names, DocxFonts::Embed].into_iter().find(|fonts| fonts.name() == name)
    }
}

/// A workbook (`.xlsx`), or a CSV file with the columns table, row, column and value.
#[derive(Clone, Debug)]
pub struct FiguresFile {
    /// Its name, for messages; one that ends in `.csv` is a CSV file.
    pub name: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

/// An error in the options: they contradict one another, or name something unknown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The report is to be embedded in a PDF of a level that has no embedded files: ISO 19005-2, 6.8.
    #[error("{}", self.message().get(Lang::En))]
    LevelHoldsNoFiles(Conformance),
    /// A level of the PDF is named, and no PDF is made.
    #[error("{}", self.message().get(Lang::En))]
    LevelWithoutPdf,
    /// Signature fields are asked for, and no PDF is made.
    #[error("{}", self.message().get(Lang::En))]
    SignatoriesWithoutPdf,
    /// Fonts are to be embedded in the Word file, and none is made.
    #[error("{}", self.message().get(Lang::En))]
    FontsWithoutDocx,
    /// More signature fields than [`MAX_SIGNATORIES`] are asked for.
    #[error("{}", self.message().get(Lang::En))]
    TooManySignatories,
    /// There is no layout of this id, or its file is unsound.
    #[error("{}", .0.get(Lang::En))]
    Layout(Message),
    /// A font of the user's cannot be embedded.
    #[error("{}", .0.get(Lang::En))]
    Font(Message),
}

impl OptionsError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            OptionsError::LevelHoldsNoFiles(level) => {
                let level = level.name();
                message!(
                    "{level} 级的 PDF 不能嵌入报告，用 a-3a+ua-1",
                    "a PDF of the level {level} cannot carry the report; use a-3a+ua-1"
                )
            }
            OptionsError::LevelWithoutPdf => message!(
                "给了 PDF 的级别，但输出格式里没有 PDF",
                "a level of the PDF is given, but PDF is not among the formats"
            ),
            OptionsError::SignatoriesWithoutPdf => message!(
                "要留签名域，但输出格式里没有 PDF",
                "signature fields are asked for, but PDF is not among the formats"
            ),
            OptionsError::FontsWithoutDocx => message!(
                "要把字体嵌入 Word 文件，但输出格式里没有 Word",
                "fonts are to be embedded in the Word file, but Word is not among the formats"
            ),
            OptionsError::TooManySignatories => message!(
                "签名域最多 {MAX_SIGNATORIES} 个",
                "a PDF has {MAX_SIGNATORIES} signature fields at most"
            ),
            OptionsError::Layout(message) | OptionsError::Font(message) => message.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(options: Options, wanted: Result<(), OptionsError>) {
        assert_eq!(options.check(), wanted, "{options:?}");
    }

    #[test]
    fn options_that_cannot_go_together_are_refused() {
        let pdf = |conformance, signatories| PdfOptions { conformance, signatories };
        let docx = || vec![Format::Docx];
        check(Options::default(), Ok(()));
        check(Options { embed_source: true, ..Options::default() }, Ok(()));
        check(
            Options { embed_source: true, pdf: pdf(Some(Conformance::A2b), 0), ..Options::default() },
            Err(OptionsError::LevelHoldsNoFiles(Conformance::A2b)),
        );
        check(Options { formats: docx(), embed_source: true, ..Options::default() }, Ok(()));
        check(
            Options { formats: docx(), pdf: pdf(Some(Conformance::A2b), 0), ..Options::default() },
            Err(OptionsError::LevelWithoutPdf),
        );
        check(
            Options { formats: docx(), pdf: pdf(None, 1), ..Options::default() },
            Err(OptionsError::SignatoriesWithoutPdf),
        );
        check(
            Options { pdf: pdf(None, MAX_SIGNATORIES + 1), ..Options::default() },
            Err(OptionsError::TooManySignatories),
        );
        let embedded = DocxOptions { fonts: DocxFonts::Embed };
        check(
            Options { formats: vec![Format::Pdf], docx: embedded.clone(), ..Options::default() },
            Err(OptionsError::FontsWithoutDocx),
        );
        check(Options { docx: embedded, ..Options::default() }, Ok(()));
    }
}
