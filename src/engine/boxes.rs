//! Where the values of a report are on its finished pages: a program beside the pages finds the input of a place, and
//! the place of an input.

use indexmap::IndexMap;

use crate::document::{Document, Orientation};
use crate::font::Fonts;
use crate::geom::{Length, Point};
use crate::pages::{Fill, Item, Owner, Page, Pages, Step};

/// The rectangle around all that shows a value on one page.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueBox {
    /// The JSON pointer of the value.
    pub pointer: String,
    /// From the left edge of the paper held upright.
    pub left: Length,
    /// From its top edge.
    pub top: Length,
    /// From the left edge.
    pub right: Length,
    /// From the top edge.
    pub bottom: Length,
}

/// How much of the em is above the baseline; Han are drawn in the whole of it.
const ASCENT: f64 = 0.88;

/// The values of each page, in reading order.
pub(super) fn boxes(document: &Document, pages: &Pages, fonts: &Fonts) -> Vec<Vec<ValueBox>> {
    pages.pages.iter().map(|page| of_page(document, page, fonts)).collect()
}

fn of_page(document: &Document, page: &Page, fonts: &Fonts) -> Vec<ValueBox> {
    let mut found: IndexMap<&str, [Point; 2]> = IndexMap::new();
    for item in &page.items {
        let Some((owner, corners)) = extent(item, fonts) else { continue };
        let Owner::Node(node) = owner else { continue };
        let pointer = document.place(node);
        let [one, other] = corners.map(|corner| match page.orientation {
            Orientation::Portrait => corner,
            Orientation::Landscape => page.on_paper(corner),
        });
        let low = Point::new(one.x.min(other.x), one.y.min(other.y));
        let high = Point::new(one.x.max(other.x), one.y.max(other.y));
        found
            .entry(pointer)
            .and_modify(|[from, to]| {
                *from = Point::new(from.x.min(low.x), from.y.min(low.y));
                *to = Point::new(to.x.max(high.x), to.y.max(high.y));
            })
            .or_insert([low, high]);
    }
    found
        .into_iter()
        .filter(|(pointer, _)| !pointer.is_empty())
        .map(|(pointer, [from, to])| ValueBox {
            pointer: pointer.to_owned(),
            left: from.x,
            top: from.y,
            right: to.x,
            bottom: to.y,
        })
        .collect()
}

/// Whose an item is, and two corners of it.
fn extent(item: &Item, fonts: &Fonts) -> Option<(Owner, [Point; 2])> {
    match item {
        Item::Text(run) => {
            let last = run.glyphs.last()?;
            let font = fonts.font(run.font);
            let advance = f64::from(font.advance(last.id)) / f64::from(font.units_per_em().max(1));
            let width = last.x + run.size.scale(advance);
            let top = run.origin.moved(Point::new(Length::ZERO, -run.size.scale(ASCENT)));
            let bottom = run.origin.moved(Point::new(width, run.size.scale(1.0 - ASCENT)));
            Some((run.owner, [top, bottom]))
        }
        Item::Image(image) => {
            let rect = image.rect;
            Some((image.owner, [rect.origin, Point::new(rect.right(), rect.bottom())]))
        }
        // The first one is around all of them.
        Item::Path(path) => match path.shape.outline[..] {
            [Step::Rect(rect)] if path.shape.stroke.is_none() && path.shape.fill == Fill::None => {
                let from = path.origin.moved(rect.origin);
                let size = Point::new(rect.size.width, rect.size.height);
                Some((path.owner, [from, from.moved(size)]))
            }
            _ => None,
        },
        Item::Rule(_) => None,
    }
}
