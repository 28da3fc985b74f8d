//! The typesetter: a document becomes pages. Blocks are divided into pieces, pieces flow over pages, pages
//! are drawn and numbered.
//!
//! A piece (a line, a row of a table, an image) is never split. It is measured completely before the flow, so
//! that the flow is one pass over heights.

mod collect;
mod draw;
mod flow;
mod number;
mod signature;
mod table;

use crate::document::Document;
use crate::font::Fonts;
use crate::pages::Pages;

/// Lays out a document whose titles are broken.
pub fn typeset(document: &Document, fonts: &Fonts) -> Pages {
    let story = collect::collect(document, fonts);
    let flowed = flow::flow(&story.pieces, |orientation| document.geometry(orientation).type_height());
    let mut pages = draw::draw(document, story, flowed);
    number::number(document, fonts, &mut pages);
    pages
}

/// The ascent of an ideographic em box: it reaches 0.88 em above the baseline and 0.12 em below.
const ASCENT: f64 = 0.88;

/// From the top of a line to its baseline, with the em box in the middle of the pitch.
fn baseline(pitch: crate::geom::Length, size: crate::geom::Length) -> crate::geom::Length {
    (pitch - size) / 2 + size.scale(ASCENT)
}
