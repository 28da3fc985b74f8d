//! Writes a document as a Word file (Office Open XML) of the same pages.
//!
//! docx-rs builds the body and the footers. Everything else of the package is ours, and `finish` sets right what
//! docx-rs leaves out: its own styles, settings and properties never reach the file.

mod body;
mod finish;
mod footer;
mod names;
mod order;
mod package;
mod page;
mod picture;
mod position;
mod properties;
mod run;
mod settings;
mod signature;
mod styles;
mod table;
mod width;
mod xml;

#[cfg(test)]
mod tests;

use docx_rs::Docx;

use crate::document::Measure;
use crate::document::{Document, Style};

pub use width::estimate_width;

/// The namespace of the elements of a text document.
const WORD_NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// How to write the file.
#[derive(Default)]
pub struct DocxOptions<'a> {
    /// Measures a line of text; `estimate_width` does if there is none. Word places 署名 and 成文日期 by it.
    pub measure: Option<&'a Measure<'a>>,
}

/// Why no file came out. Each is a mistake of this program, never of a report.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    /// A part is not the XML that it should be.
    #[error("Word 文件的部件不是合格的 XML：{0}")]
    Xml(String),
    /// The package could not be packed.
    #[error("Word 文件打包失败：{0}")]
    Zip(String),
    /// The body and the notes for finishing it do not agree.
    #[error("Word 文件未能完成：{0}")]
    Unfinished(String),
}

/// The Word file of the document.
///
/// The same document gives the same bytes.
///
/// # Errors
/// Those of `DocxError`.
pub fn write(document: &Document, options: &DocxOptions) -> Result<Vec<u8>, DocxError> {
    let estimate = |text: &str, style: &Style| estimate_width(text, style, &document.text);
    let body = body::build(document, options.measure.unwrap_or(&estimate));
    let last = page::section(document, body.orientation, body.is_first_section);
    let mut content = docx_rs::Document::new().default_section_property(last);
    content.children = body.children;
    let parts = Docx::new().document(content).build();
    package::pack(&package::Package {
        document: finish::finish_body(&parts.document, &body.notes)?,
        footers: footer::footers(document)?,
        styles: styles::styles(document, &body.inline),
        settings: settings::settings(document),
        font_table: settings::font_table(document),
        core: properties::core(document),
        app: properties::app(),
        custom: properties::custom(document),
        images: body.images.iter().map(|picture| (picture.format, picture.bytes.as_slice())).collect(),
    })
}
