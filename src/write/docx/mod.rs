//! The Word writer: a document becomes a Word file (Office Open XML) of the same pages.
//!
//! docx-rs builds the body and the footers; every other part of the package is written here, charts among them.
//!
//! What is corrected behind docx-rs 0.4.22, each to be dropped when a later version needs it no more:
//!
//! | docx-rs | corrected in |
//! |---|---|
//! | children of properties are in an order of its own, which Word calls damaged | `order`, by `finish` |
//! | tables have no name, description, repeated rows of several, nor header column | `finish::TableNote` |
//! | drawings have no name and no alternative text, and share an id | `finish::DrawingNote` |
//! | a drawing behind the text has a negative offset written as a huge number | `picture::behind_text`, put in for a placeholder |
//! | runs have no language | `finish`: `w:specVanish` stands for English |
//! | frames, tab leaders, text that runs down in a cell | fragments put in for placeholders |
//! | footnotes have ids of a counter of the process, no separators and no settings | `footnotes` |
//! | characters that XML cannot hold are written | `run`, `scripts`: dropped before they are handed over |
//! | its styles, settings, font table and properties | `styles`, `settings`, `properties`: never reach the file |
//! | ZIP times are those of the clock | `archive` |

mod archive;
mod body;
mod chart;
mod contents;
mod finish;
mod fonts;
mod footer;
mod footnotes;
mod inline;
pub(crate) mod names;
mod order;
mod package;
mod page;
mod picture;
mod position;
mod properties;
mod run;
mod scripts;
mod settings;
mod sheet;
mod signature;
mod source;
mod styles;
mod table;
mod tokens;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::fixture;

use crate::arrange::Arranged;
use crate::embed::EmbeddedSource;
use crate::pages::Keeps;
use crate::write::WriteError;

pub(crate) use fonts::{EmbeddedFont, embed as embed_fonts};

/// The namespace of the elements of a text document.
const WORD_NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// How to write the file.
#[derive(Default)]
pub(crate) struct Settings<'a> {
    /// The id of the layout, written as the file's template.
    pub layout: Option<&'a str>,
    /// The fonts to embed.
    pub fonts: &'a [EmbeddedFont],
    /// The source to embed.
    pub source: Option<&'a EmbeddedSource>,
}

/// The Word file of the document.
///
/// The same document gives the same bytes.
///
/// # Errors
/// [`WriteError::Upstream`], if the output of docx-rs is not as expected.
pub(crate) fn write(document: &Arranged, keeps: &Keeps, options: &Settings) -> Result<Vec<u8>, WriteError> {
    let mut body = body::build(document, keeps);
    let last = page::section(document, body.orientation, body.is_first_section);
    let last = page::of_colophon(last, keeps.colophon);
    let charts = std::mem::take(&mut body.charts);
    let footnotes = footnotes::part(&mut body)?;
    Ok(package::pack(&package::Package {
        document: body.finish(&last)?,
        footers: footer::footers(document)?,
        footnotes,
        styles: styles::styles(document, &body.inline, !body.links.is_empty()),
        settings: settings::settings(document, options.fonts),
        font_table: settings::font_table(document, options.fonts),
        core: properties::core(document),
        app: properties::app(options.layout),
        custom: properties::custom(document),
        fonts: options.fonts,
        source: options.source,
        links: body.links.iter().copied().collect(),
        images: body.images.iter().map(|picture| (picture.format, picture.bytes.as_slice())).collect(),
        charts,
    }))
}

/// The error that the output of docx-rs is not as expected.
fn upstream(what: impl Into<String>) -> WriteError {
    WriteError::Upstream { library: "docx-rs", what: what.into() }
}

/// A GUID derived from a hash, in the notation of Office.
fn guid(hash: &[u8; 32]) -> String {
    let hex: String = hash[..16].iter().map(|byte| format!("{byte:02X}")).collect();
    format!("{{{}-{}-{}-{}-{}}}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
