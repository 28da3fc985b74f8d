//! The PDF writer: finished pages become a tagged, archivable file (PDF/A-2a and PDF/UA-1).
//!
//! Three crates do this together, in this order: `subsetter` cuts the fonts, `printpdf` draws the pages, and our own
//! pass over its objects (`lopdf`) adds everything that makes a document of the drawing. Of printpdf's file only the
//! fonts, the images and the contents of the pages survive: its identifiers, dates, bookmarks and metadata are random,
//! taken from the clock, or wrong.

mod contents;
mod draw;
mod finish;
mod fonts;
mod headers;
mod icc;
mod image;
mod jpeg;
mod metadata;
mod object;
mod outline;
mod save;
mod structure;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use crate::document::Document;
use crate::font::Fonts;
use crate::frame::Pages;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfOptions {
    /// 1, fast, to 12, small; values outside are brought inside.
    pub compression: u8,
}

impl Default for PdfOptions {
    fn default() -> Self {
        PdfOptions { compression: 4 }
    }
}

/// Why a PDF could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The pages are none.
    #[error("a PDF needs at least one page")]
    NoPages,
    /// A font could not be cut to the glyphs in use.
    #[error("the font {name} cannot be subset: {reason}")]
    Subset {
        /// Its PostScript name.
        name: String,
        /// What the subsetter says.
        reason: String,
    },
    /// What printpdf made is not what it was asked for.
    #[error("the drawn pages are damaged: {0}")]
    Drawing(String),
}

/// Writes the pages of a document as PDF: the same input gives the same bytes.
///
/// # Errors
/// If there are no pages, or a font of the user cannot be subset.
pub fn write(
    document: &Document,
    pages: &Pages,
    fonts: &Fonts,
    options: &PdfOptions,
) -> Result<Vec<u8>, PdfError> {
    if pages.pages.is_empty() {
        return Err(PdfError::NoPages);
    }
    let compression = save::Compression::new(options.compression);
    let subsets = fonts::subset(pages, fonts)?;
    let images = image::collect(pages, compression);
    let mut drawing = draw::draw(document, pages, fonts, &subsets, &images);
    let mut file = finish::start(&mut drawing, &subsets, &images)?;
    structure::add(&mut file, document, drawing.contents);
    outline::add(&mut file, pages);
    metadata::add(&mut file, &document.info);
    Ok(save::save(file, compression))
}
