//! The typesetter: a document becomes pages. Blocks are divided into pieces, pieces flow over pages, pages
//! are drawn and numbered.
//!
//! A piece (a line, a row of a table, an image) is never split. It is measured completely before the flow, so
//! that the flow is one pass over heights.

mod collect;
mod draw;
mod ending;
mod flow;
mod number;
mod signature;
mod table;

use crate::arrange::Arranged;
use crate::font::Fonts;
use crate::pages::Pages;
use collect::Story;
use ending::Remedy;
use flow::FlowedPage;

/// Lays out a document. Returns it with its pages, because the end of the text may have changed the distance of lines.
pub fn typeset(document: Arranged, fonts: &Fonts) -> (Arranged, Pages) {
    let (story, flowed) = flowed(&document, fonts, false);
    let pitch = document.page.line_pitch;
    let height = |orientation| document.geometry(orientation).type_height();
    let remedy = match &story.signature {
        Some(signature) => ending::remedy(&story.pieces, &flowed, signature.clone(), pitch, height),
        None => Remedy::None,
    };
    match remedy {
        Remedy::None => {
            let pages = pages(&document, fonts, story, flowed);
            (document, pages)
        }
        Remedy::LinePitch(pitch) => {
            let moved = document.with_line_pitch(pitch, fonts);
            let (story, flowed) = self::flowed(&moved, fonts, false);
            if is_alone(&story, &flowed) {
                return tied(document, fonts);
            }
            let pages = pages(&moved, fonts, story, flowed);
            (moved, pages)
        }
        Remedy::Tie => tied(document, fonts),
    }
}

/// With the last paragraph before the signature tied to it.
fn tied(document: Arranged, fonts: &Fonts) -> (Arranged, Pages) {
    let (story, flowed) = flowed(&document, fonts, true);
    let mut pages = pages(&document, fonts, story, flowed);
    pages.keeps.signature_tied = true;
    (document, pages)
}

fn flowed<'a>(document: &'a Arranged, fonts: &'a Fonts, tied: bool) -> (Story<'a>, Vec<FlowedPage>) {
    let story = collect::collect(document, fonts, tied);
    let flowed = flow::flow(&story.pieces, |orientation| document.geometry(orientation).type_height());
    (story, flowed)
}

fn pages(document: &Arranged, fonts: &Fonts, story: Story, flowed: Vec<FlowedPage>) -> Pages {
    let mut pages = draw::draw(document, story, flowed);
    number::number(document, fonts, &mut pages);
    pages
}

/// Whether the signature is the first on its page, which is not the first page.
fn is_alone(story: &Story, flowed: &[FlowedPage]) -> bool {
    let place =
        story.signature.as_ref().and_then(|pieces| ending::place(&story.pieces, flowed, pieces.start));
    place.is_some_and(|(page, lines)| page > 0 && lines == 0)
}

/// The ascent of an ideographic em box: it reaches 0.88 em above the baseline and 0.12 em below.
const ASCENT: f64 = 0.88;

/// From the top of a line to its baseline, with the em box in the middle of the pitch.
fn baseline(pitch: crate::geom::Length, size: crate::geom::Length) -> crate::geom::Length {
    (pitch - size) / 2 + size.scale(ASCENT)
}
