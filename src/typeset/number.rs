//! 页码: GB/T 9704—2012, 7.5.

use super::ASCENT;
use crate::document::{Document, NumberPosition};
use crate::font::{Digits, Fonts};
use crate::geom::Point;
use crate::pages::{Artifact, Owner, Pages};
use crate::style::{Align, Role};
use crate::text::line::{Measure, Span, TextStyle, atoms, fill, set};

/// Draws the number of every page: right on odd pages, left on even ones. On a landscape page it is at the
/// same place of the sheet: GB/T 9704—2012, 8. Those without one of `numbers` have none.
pub(super) fn number(document: &Document, fonts: &Fonts, pages: &mut Pages, numbers: &[Option<usize>]) {
    let page = &document.page;
    let style = document.styles.get(Role::PageNumber);
    let text_style = TextStyle { digits: Digits::HalfWidthSong, ..TextStyle::of(style) };
    let middle = page.paper.height - page.number.middle_from_bottom;
    let origin = Point::new(page.margin_left, middle + style.size.scale(ASCENT - 0.5));
    let indent = page.number.indent;
    for (index, finished) in pages.pages.iter_mut().enumerate() {
        let Some(number) = numbers[index].filter(|number| *number > 1 || page.number.on_first_page) else {
            continue;
        };
        let plain = Measure::plain(page.type_width());
        let (align, measure) = match page.number.position {
            NumberPosition::None => continue,
            NumberPosition::Centre => (Align::Centre, plain),
            NumberPosition::Outside if number % 2 == 1 => (Align::Right, Measure { right: indent, ..plain }),
            NumberPosition::Outside => (Align::Left, Measure { left: indent, ..plain }),
        };
        let text = format!("{}{number}{}", page.number.prefix, page.number.suffix);
        let owner = Owner::Artifact(Artifact::Pagination);
        let atoms = atoms(fonts, &[Span::plain(owner, style.face, &text)], &text_style, &document.text);
        for line in fill(&atoms, &measure, align, &document.text).iter().take(1) {
            set(&atoms, line, align, &text_style, origin, &mut finished.number);
        }
    }
}
