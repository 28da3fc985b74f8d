//! Import: a file becomes a report.
//!
//! `edited` reads a Word file that this program made and a person edited, against the report that it was made of. Every
//! other file goes one way: a reader makes blocks of it, `lines` finds tables that stand in it as text, `forms` finds the
//! statutory tables by their labels, `assemble` makes the report.

mod assemble;
mod blocks;
mod docx;
mod edited;
mod footnotes;
mod head;
mod html;
mod kind;
mod lines;
mod numbering;
mod parts;
#[cfg(feature = "preview")]
mod pdf;
mod places;
mod prose;
#[cfg(feature = "workbook")]
mod sheet;
mod text;
mod told;
mod years;

use crate::diagnostic::{Diagnostic, Lang, Message};
use crate::layout::Layouts;
use crate::message;
use crate::options::Limits;
use crate::read::ooxml::Package;
use crate::read::{ReadError, within};

use blocks::{Block, Content};
use kind::Kind;

pub use places::{FigurePlace, How, Places, SourceFile, State, TextPlace, Unplaced};

/// An imported report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The report as JSON.
    pub report: Vec<u8>,
    /// What could not be placed, and what is not certain, each with its place in the file.
    pub findings: Vec<Diagnostic>,
    /// Where everything stands in the file.
    pub places: Places,
    /// The pictures of the file that the report names: `image-1.png` is `images/image-1.png` in the report.
    pub pictures: Vec<(String, Vec<u8>)>,
}

impl Imported {
    /// The same with its pictures in another folder, as the report names it: its path from the report's own.
    pub fn with_folder(mut self, folder: &str) -> Imported {
        self.rename(|name| format!("{folder}/{name}"));
        self
    }

    /// The same with its pictures inside the report, as `data:` URLs.
    pub fn with_data_urls(mut self) -> Imported {
        use base64::Engine;
        let urls: std::collections::BTreeMap<String, String> = self
            .pictures
            .iter()
            .map(|(name, bytes)| {
                let kind = if name.ends_with(".png") { "png" } else { "jpeg" };
                let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                (name.clone(), format!("data:image/{kind};base64,{text}"))
            })
            .collect();
        self.rename(|name| urls.get(name).cloned().unwrap_or_default());
        self.pictures.clear();
        self
    }

    fn rename(&mut self, name: impl Fn(&str) -> String) {
        let Ok(mut text) = String::from_utf8(std::mem::take(&mut self.report)) else { return };
        for (picture, _) in &self.pictures {
            let json = |text: &str| format!("\"image\": {}", serde_json::Value::from(text));
            text = text.replace(&json(&format!("{}/{picture}", assemble::PICTURES)), &json(&name(picture)));
        }
        self.report = text.into_bytes();
    }
}

/// Why no report was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file holds nothing that a report could be made of: a scan, an empty page.
    #[error("{}", .0.get(Lang::En))]
    Nothing(Message),
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
            ImportError::Nothing(message) | ImportError::Layout(message) => message.clone(),
            ImportError::UnknownLayout => {
                message!("看不出这个文件用的版式", "the layout of this file cannot be recognised")
            }
        }
    }
}

/// Reads a report from a file of any origin; its format is found by its content. `layout` is used in place of the one that fits.
///
/// # Errors
/// If the file is of no known format, is damaged or encrypted, exceeds a limit, or holds nothing to read.
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
    within(bytes, limits.file_bytes)?;
    let kind = kind::kind(bytes)?;
    let content = match kind {
        Kind::Word => {
            let package = Package::open(bytes, limits)?;
            let document = package.xml("word/document.xml")?;
            let read = docx::read(bytes, &package, &document, limits)?;
            within_characters(&read.content, limits)?;
            if let Some(imported) = edited::import(&package, &document, &read, layouts, layout, limits)? {
                return Ok(imported);
            }
            read.content
        }
        Kind::Page => html::content(bytes, limits)?,
        Kind::SavedPage => html::content(&html::page_of_mht(bytes).unwrap_or_default(), limits)?,
        Kind::Text => text::content(&text::decode(bytes), limits)?,
        Kind::Csv => csv(bytes, limits)?,
        Kind::Workbook => workbook(bytes, limits)?,
        Kind::Pdf => match carried(bytes, layouts, layout, limits) {
            Some(imported) => return Ok(imported),
            None => pdf_content(bytes, limits)?,
        },
    };
    within_characters(&content, limits)?;
    let made = assemble::report(content, kind.name(), layouts, layout, limits)?;
    if made.is_empty {
        return Err(ImportError::Nothing(match kind {
            Kind::Pdf => message!(
                "PDF 里没有文字，是扫描件；请用原来的 Word 文件，或先做文字识别",
                "the PDF has no text, it is a scan; use the Word file that it was made of, or recognise its text first"
            ),
            _ => match made.all {
                Some(text) => message!(
                    "文件里只有“{text}”，没有可以成为报告的内容",
                    "the file has nothing but \"{text}\", which makes no report"
                ),
                None => message!("文件里没有可读的文字", "the file has no text that can be read"),
            },
        }));
    }
    Ok(Imported {
        report: made.report.into_bytes(),
        findings: made.findings,
        places: made.places,
        pictures: made.pictures,
    })
}

/// Refuses a paragraph or a cell that no report may hold, before its text is looked at again and again.
fn within_characters(content: &Content, limits: &Limits) -> Result<(), ReadError> {
    let most = limits.characters;
    let is_long = |text: &str| text.len() > most && text.chars().count() > most;
    let found = content.blocks.iter().any(|block| match block {
        Block::Paragraph(paragraph) => is_long(&paragraph.text),
        Block::Table(grid) => grid.rows.iter().flatten().any(|cell| is_long(&cell.text)),
        Block::Left { text, .. } => is_long(text),
        Block::Picture(_) => false,
    });
    if found {
        return Err(ReadError::Limit(message!(
            "有一段文字超过 {most} 个字",
            "a text is longer than {most} characters"
        )));
    }
    Ok(())
}

#[cfg(feature = "workbook")]
fn csv(bytes: &[u8], limits: &Limits) -> Result<blocks::Content, ReadError> {
    text::csv(&text::decode(bytes), limits)
}

/// Without the feature a CSV file is text.
#[cfg(not(feature = "workbook"))]
fn csv(bytes: &[u8], limits: &Limits) -> Result<blocks::Content, ReadError> {
    text::content(&text::decode(bytes), limits)
}

#[cfg(feature = "workbook")]
fn workbook(bytes: &[u8], limits: &Limits) -> Result<blocks::Content, ReadError> {
    sheet::content(bytes, limits)
}

#[cfg(not(feature = "workbook"))]
fn workbook(_: &[u8], _: &Limits) -> Result<blocks::Content, ReadError> {
    Err(ReadError::Format(message!("没有读工作簿的功能", "built without the feature workbook")))
}

/// The report that a PDF of this program carries, exactly; none if it carries none.
fn carried(bytes: &[u8], layouts: &Layouts, layout: Option<&str>, limits: &Limits) -> Option<Imported> {
    let source = crate::extract::extract(bytes, limits).ok().filter(|_| layout.is_none())?;
    let figures = told::carried(&source.report, layouts, limits);
    let places =
        Places { source: SourceFile { kind: Kind::Pdf.name().to_owned() }, figures, ..Places::default() };
    Some(Imported { report: source.report, findings: Vec::new(), places, pictures: Vec::new() })
}

#[cfg(feature = "preview")]
fn pdf_content(bytes: &[u8], limits: &Limits) -> Result<blocks::Content, ReadError> {
    pdf::content(bytes, limits)
}

#[cfg(not(feature = "preview"))]
fn pdf_content(_: &[u8], _: &Limits) -> Result<blocks::Content, ReadError> {
    Err(ReadError::Format(message!("没有读 PDF 文字的功能", "built without the feature preview")))
}
