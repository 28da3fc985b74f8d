//! Lines with text at both of their ends: where there is no room for both, what is at the right has a line of its own.

use crate::document::{BlockKind, Document, Run};
use crate::font::Fonts;
use crate::geom::Length;
use crate::pages::{Artifact, Owner};
use crate::style::{Align, Style};
use crate::text::line::{Measure, Span, TextStyle, atoms, fill};

/// Parts the two ends of every line that has no room for both.
pub fn part(document: &mut Document, fonts: &Fonts) {
    let mut blocks = std::mem::take(&mut document.blocks);
    for block in &mut blocks {
        if let BlockKind::Sides(sides) = &mut block.kind {
            let style = document.styles.get(sides.role);
            let width = document.page.type_width();
            let end = |runs: &[Run], align: Align| end_of(runs, align, style, width, document, fonts);
            let room = width - style.indent_left - style.indent_right;
            let (left, right) = (end(&sides.left, Align::Left), end(&sides.right, Align::Right));
            // An em lies between them at least.
            sides.apart = left > Length::ZERO && right > Length::ZERO && left + style.size + right > room;
        }
    }
    document.blocks = blocks;
}

/// The width of the last line of some runs.
fn end_of(
    runs: &[Run],
    align: Align,
    style: &Style,
    width: Length,
    document: &Document,
    fonts: &Fonts,
) -> Length {
    let owner = Owner::Artifact(Artifact::Layout);
    let spans: Vec<Span> =
        runs.iter().map(|run| Span::plain(owner, document.styles.get(run.role).face, &run.text)).collect();
    let atoms = atoms(fonts, &spans, &TextStyle::of(style), &document.text);
    let lines = fill(&atoms, &Measure::of(style, width), align, &document.text);
    lines.last().map_or(Length::ZERO, |line| line.natural)
}
