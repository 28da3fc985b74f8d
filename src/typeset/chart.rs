//! A chart on its page: the shapes that `arrange` placed, and its lines of text as glyphs.

use crate::arrange::Arranged;
use crate::document::{CHART_ROLE, NodeId};
use crate::font::Fonts;
use crate::geom::{Length, Point};
use crate::pages::{Item, Owner, Path};
use crate::style::{Align, Style};
use crate::text::line::{Line, Measure, Span, TextStyle, atoms, set};

/// What is drawn of the chart of this block, whose top left corner is here.
pub(super) fn items(block: NodeId, origin: Point, document: &Arranged, fonts: &Fonts) -> Vec<Item> {
    let (plot, owner) = (document.chart(block), Owner::Node(block));
    let shapes = plot.shapes.iter().map(|shape| Item::Path(Path { owner, origin, shape: shape.clone() }));
    let mut items: Vec<Item> = shapes.collect();
    let style = document.styles.get(CHART_ROLE);
    for label in &plot.labels {
        let style = Style { size: label.size, character_spacing: Length::ZERO, ..style.clone() };
        let text_style = TextStyle::of(&style);
        let atoms = atoms(fonts, &[Span::plain(owner, style.face, &label.text)], &text_style, &document.text);
        let line = Line { atoms: 0..atoms.len(), ..Line::blank(&Measure::plain(document.page.type_width())) };
        set(&atoms, &line, Align::Left, &text_style, origin.moved(label.at), &mut items);
    }
    items
}
