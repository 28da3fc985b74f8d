//! The PDF writer: finished pages become a tagged, archivable file (PDF/A-2a and PDF/UA-1).
//!
//! Three crates do this together, in this order: `subsetter` subsets the fonts, `printpdf` makes a document
//! of pages, fonts and pictures, and a pass over its objects (`lopdf`) adds the rest: the contents of the
//! pages (`content`), and the structure of the document.
//!
//! What is corrected behind printpdf 0.12.8, each to be dropped when a later version needs it no more:
//!
//! | printpdf | corrected in |
//! |---|---|
//! | identifiers, dates and metadata are random or taken from the clock | `finish::start`, `metadata`, `save`: its catalog, information and trailer are not kept |
//! | page sizes pass through millimetres in `f32` | `finish::finish_page` |
//! | fonts in use by no operation are left out | `finish::drawn`: a glyph of each on the first page, whose contents are replaced |
//! | a TrueType program is copied three times, and compressed at one level | `finish::describe`: the program is put in afterwards |
//! | `Flags`, `CapHeight`, `DW` and `W` of fonts are those of another font, or every width is an integer of its own | `finish::describe` |
//! | `ToUnicode` is made of one string a character | `to_unicode` |
//! | operations become strings before they are written | `content`: contents are written straight |
//! | no tags, outline of one level, no attachments, no signature fields | `structure`, `outline`, `attachments`, `fields` |
//! | pictures lose their colour space and JPEGs are decoded | `image`, `jpeg` |

mod attachments;
mod compression;
mod content;
mod contents;
mod drafts;
mod draw;
mod fields;
mod finish;
mod fonts;
mod icc;
mod image;
mod inline;
mod jpeg;
mod labels;
mod metadata;
mod object;
mod outline;
mod save;
mod structure;
pub(crate) mod syntax;
mod to_unicode;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::document::Document;
use crate::embed::EmbeddedSource;
use crate::font::Fonts;
use crate::options::Conformance;
use crate::pages::Pages;

use crate::write::WriteError;
use crate::write::subset::Programs;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings<'a> {
    /// The level that it states.
    pub conformance: Conformance,
    /// The source to embed; only a level that [holds files](Conformance::holds_files) allows it.
    pub source: Option<&'a EmbeddedSource>,
    /// How many empty signature fields it has.
    pub signatories: usize,
}

#[cfg(test)]
impl Default for Settings<'_> {
    fn default() -> Self {
        Settings { conformance: Conformance::A2aUa1, source: None, signatories: 0 }
    }
}

/// The PDF writer, with its cache of font programs. Cheap to clone; one serves all threads.
#[derive(Clone)]
pub(crate) struct PdfWriter {
    programs: Arc<Programs>,
}

impl Default for PdfWriter {
    fn default() -> Self {
        PdfWriter { programs: Arc::new(Programs::new()) }
    }
}

impl std::fmt::Debug for PdfWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.debug_struct("PdfWriter").finish_non_exhaustive()
    }
}

impl PdfWriter {
    /// Writes the pages of a document as PDF: the same input gives the same bytes, whatever was written before.
    ///
    /// # Errors
    /// If there are no pages, or a font of the user cannot be subset.
    pub fn write(
        &self,
        document: &Document,
        pages: &Pages,
        fonts: &Fonts,
        options: &Settings,
    ) -> Result<Vec<u8>, WriteError> {
        if pages.pages.is_empty() {
            return Err(WriteError::NoPages);
        }
        let compression = compression::Compression::default();
        let subsets =
            fonts::subset(pages, fonts, &self.programs, compression.fonts, document.text.han_latin_gap)?;
        let images = image::collect(pages, compression);
        let inlines = inline::drawn(document, pages);
        let mut drawing = draw::draw(document, pages, fonts, &subsets, &images, &inlines);
        let mut file = finish::start(&mut drawing, &subsets, &images)?;
        let fields = fields::find(document, pages, options.signatories);
        structure::add(&mut file, document, drawing.contents, &inlines, pages, &fields);
        outline::add(&mut file, pages);
        labels::add(&mut file, pages);
        if let Some(source) = options.source.filter(|_| options.conformance.holds_files()) {
            attachments::add(&mut file, source, document.info.date);
        }
        metadata::add(&mut file, &document.info, options.conformance);
        Ok(save::save(file, compression))
    }
}
