//! The typesetter: a document becomes pages. Blocks are divided into pieces, pieces flow over pages, pages
//! are drawn and numbered.
//!
//! A piece (a line, a row of a table, an image) is never split. It is measured completely before the flow, so
//! that the flow is one pass over heights.

mod chart;
mod collect;
mod contents;
mod draw;
mod ending;
mod flow;
mod notes;
mod number;
mod signature;
mod table;

use crate::arrange::Arranged;
use crate::document::{Document, Format};
use crate::font::Fonts;
use crate::pages::{ColophonPage, Owner, Pages};
use crate::style::Role;
use crate::text::line::Span;
use collect::Story;
use ending::Remedy;
use flow::{FlowedPage, Foot};

/// A text of a node, in the style of `role` but for its format.
fn span<'a>(document: &Document, owner: Owner, role: Role, text: &'a str, format: Format) -> Span<'a> {
    let face = document.styles.get(format.role.unwrap_or(role)).face;
    // A mark is a node of its own, and stays with the text before it.
    let owner = format.note.map_or(owner, |note| Owner::Node(document.notes.get(note).mark));
    let sticks = format.note.is_some();
    Span { owner, face, text, strong: format.strong, shift: format.shift, sticks }
}

/// What is drawn of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// All of it.
    Pages,
    /// Nothing: the Word file asks how many pages there are, what stays together and where the seals are.
    Nothing,
}

/// Lays out a document. Returns it with its pages, because the end of the text may have changed the distance of lines.
pub fn typeset(document: Arranged, fonts: &Fonts, draw: Draw) -> (Arranged, Pages) {
    let (story, flowed) = flowed(&document, fonts, draw, false);
    let pitch = document.page.line_pitch;
    let height = |orientation| document.geometry(orientation).type_height();
    let remedy = match story.signature {
        Some(end) => ending::remedy(&story.pieces, &story.notes.heights, &flowed, end, pitch, height),
        None => Remedy::None,
    };
    match remedy {
        Remedy::None => {
            let pages = pages(&document, fonts, draw, story, flowed);
            (document, pages)
        }
        Remedy::LinePitch(pitch) => {
            let moved = document.with_line_pitch(pitch, fonts);
            // The places of seals depend on the distance of lines; all else is only moved.
            let story = match story.seals.is_empty() {
                true => story.at_pitch(document.page.line_pitch, pitch),
                false => collect::collect(&moved, fonts, draw, false),
            };
            let flowed = on_pages(&story, &moved);
            if is_alone(&story, &flowed) {
                return tied(document, fonts, draw);
            }
            let pages = pages(&moved, fonts, draw, story, flowed);
            (moved, pages)
        }
        Remedy::Tie => tied(document, fonts, draw),
    }
}

/// With the last paragraph before the signature tied to it.
fn tied(document: Arranged, fonts: &Fonts, draw: Draw) -> (Arranged, Pages) {
    let (story, flowed) = flowed(&document, fonts, draw, true);
    let mut pages = pages(&document, fonts, draw, story, flowed);
    pages.keeps.signature_tied = true;
    (document, pages)
}

fn flowed<'a>(
    document: &'a Arranged,
    fonts: &'a Fonts,
    draw: Draw,
    tied: bool,
) -> (Story<'a>, Vec<FlowedPage>) {
    let story = collect::collect(document, fonts, draw, tied);
    let flowed = on_pages(&story, document);
    (story, flowed)
}

fn on_pages(story: &Story, document: &Arranged) -> Vec<FlowedPage> {
    let (below, even) = (document.page.below_colophon(), document.page.colophon.on_even_page);
    let foot = Foot { below, even };
    let height = |orientation| document.geometry(orientation).type_height();
    flow::flow(&story.pieces, &story.notes.heights, foot, height)
}

fn pages(document: &Arranged, fonts: &Fonts, draw: Draw, mut story: Story, flowed: Vec<FlowedPage>) -> Pages {
    let colophon = colophon_page(document, &story, &flowed);
    let above = note_above_colophon(document, &story, &flowed);
    let numbers: Vec<Option<usize>> = flowed.iter().map(|page| page.number).collect();
    let targets = contents::targets(document, &story, &flowed);
    let on =
        |first: usize| flowed.iter().position(|page| page.placed.iter().any(|placed| placed.piece == first));
    let text = story.text.and_then(|(block, first)| Some((block, on(first)?)));
    if draw == Draw::Pages {
        contents::number(document, fonts, &mut story, &targets);
    }
    let mut pages = draw::draw(document, draw, story, flowed);
    pages.keeps.colophon = colophon;
    pages.keeps.numbers = targets.iter().map(|(node, target)| (*node, target.number)).collect();
    pages.front = numbers.iter().take_while(|number| number.is_none()).count();
    pages.targets = targets;
    pages.text = text;
    pages.keeps.note_above_colophon = above;
    if draw == Draw::Pages {
        number::number(document, fonts, &mut pages, &numbers);
    }
    pages
}

fn colophon_page(document: &Arranged, story: &Story, flowed: &[FlowedPage]) -> ColophonPage {
    let Some(first) = story.pieces.iter().position(|piece| piece.foot) else { return ColophonPage::OfText };
    let begins = |page: &FlowedPage| page.placed.first().is_some_and(|placed| placed.piece == first);
    match flowed.iter().position(begins) {
        None | Some(0) => ColophonPage::OfText,
        Some(page) if flowed[page].number.is_none() => ColophonPage::EvenAfterBlank,
        Some(_) if document.page.colophon.on_even_page => ColophonPage::Even,
        Some(_) => ColophonPage::Own,
    }
}

fn note_above_colophon(
    document: &Arranged,
    story: &Story,
    flowed: &[FlowedPage],
) -> Option<(usize, crate::geom::Length)> {
    let first = story.pieces.iter().position(|piece| piece.foot)?;
    let page = flowed.iter().find(|page| page.placed.iter().any(|placed| placed.piece == first))?;
    let (note, _) = page.notes.last()?;
    let height = document.geometry(page.orientation).type_height();
    Some((*note, height - draw::floor(story, page, height)))
}

/// Whether the signature is the first on its page, which is not the first page.
fn is_alone(story: &Story, flowed: &[FlowedPage]) -> bool {
    let place = story.signature.and_then(|end| ending::place(&story.pieces, flowed, end));
    place.is_some_and(|(page, lines)| page > 0 && lines == 0)
}

/// The ascent of an ideographic em box: it reaches 0.88 em above the baseline and 0.12 em below.
const ASCENT: f64 = 0.88;

/// From the top of a line to its baseline, with the em box in the middle of the pitch.
fn baseline(pitch: crate::geom::Length, size: crate::geom::Length) -> crate::geom::Length {
    (pitch - size) / 2 + size.scale(ASCENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrange::arrange;
    use crate::document::{BlockKind, compose};
    use crate::figures::Figures;
    use crate::layout::Layouts;
    use crate::pages::Item;
    use crate::report;
    use crate::source::Source;

    /// A document of so many paragraphs, some of two lines, some with footnotes, a table and a signature.
    fn document(paragraphs: usize, fonts: &Fonts) -> Arranged {
        let body: Vec<String> = (0..paragraphs)
            .map(|at| {
                let text = "公开。".repeat(1 + at % 3 * 6);
                let note = "注文。".repeat(1 + at % 7 * 9);
                match (paragraphs + at) % 11 {
                    0 if paragraphs.is_multiple_of(2) => format!(r#"["{text}", {{"note": "{note}"}}]"#),
                    _ => format!("\"{text}\""),
                }
            })
            .collect();
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "某某局", "title": "关于样例的说明",
            "remark": "此件公开发布", "preamble": [{}, {{"table": {{"caption": "表1", "rows": [["甲", 1]]}}}}, "一、其他", "此复。"],
            "signature": {{"date": "2024-01-31"}}}}"#,
            body.join(", ")
        );
        let (report, _) = report::read(&Source::parse(json.as_bytes()).expect("parses")).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let figures = Figures::of(&report, &layout);
        let (document, _) = compose(&report, &figures, &(), &crate::Limits::default()).expect("composes");
        arrange(document, fonts).0
    }

    #[test]
    fn pages_that_are_not_drawn_are_the_same_pages() {
        let fonts = Fonts::embedded();
        for paragraphs in 30..60 {
            let laid_out = |draw| typeset(document(paragraphs, &fonts), &fonts, draw);
            let ((drawn, pages), (measured, blank)) = (laid_out(Draw::Pages), laid_out(Draw::Nothing));
            assert_eq!(drawn.page.line_pitch, measured.page.line_pitch, "{paragraphs} paragraphs");
            assert_eq!(pages.pages.len(), blank.pages.len(), "{paragraphs} paragraphs");
            assert_eq!(format!("{:?}", pages.keeps), format!("{:?}", blank.keeps), "{paragraphs} paragraphs");
            assert!(blank.pages.iter().all(|page| page.items.is_empty()));
        }
    }

    #[test]
    fn the_remark_is_on_the_page_of_the_date() {
        let fonts = Fonts::embedded();
        for paragraphs in 30..60 {
            let (document, pages) = typeset(document(paragraphs, &fonts), &fonts, Draw::Pages);
            let remark = document.blocks.iter().find(|block| block.is_of(Role::Remark)).expect("is there");
            let date = document.blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Signature(signature) => signature.date.as_ref(),
                _ => None,
            });
            let page = |node| {
                let shows = |item: &Item| matches!(item, Item::Text(run) if run.owner == Owner::Node(node));
                pages.pages.iter().position(|page| page.items.iter().any(shows))
            };
            let date = page(date.expect("is there").id);
            assert!(date.is_some() && page(remark.id) == date, "{paragraphs} paragraphs");
        }
    }

    #[test]
    fn lines_that_are_moved_are_where_lines_at_that_distance_are() {
        let fonts = Fonts::embedded();
        let mut moved = 0;
        for paragraphs in 30..60 {
            let document = document(paragraphs, &fonts);
            let pitch = document.page.line_pitch;
            let (document, pages) = typeset(document, &fonts, Draw::Pages);
            if document.page.line_pitch != pitch {
                let (story, flowed) = flowed(&document, &fonts, Draw::Pages, false);
                let again = super::pages(&document, &fonts, Draw::Pages, story, flowed);
                assert_eq!(format!("{pages:?}"), format!("{again:?}"), "{paragraphs} paragraphs");
                moved += 1;
            }
        }
        assert!(moved >= 2, "{moved} documents had no room for their signature");
    }
}
