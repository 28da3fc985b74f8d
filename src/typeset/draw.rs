//! Drawing: placed pieces become the items of pages.

use super::Draw;
use super::collect::Story;
use super::flow::{Content, FlowedPage, Placed};
use super::notes;
use super::table::Fragment;
use crate::document::{Document, SEPARATOR};
use crate::geom::{Length, Point, Rect};
use crate::pages::{Item, OutlineEntry, Page, Pages, SealPlace};

/// Draws every page, or what `draw` says of it.
pub(super) fn draw(document: &Document, draw: Draw, mut story: Story, flowed: Vec<FlowedPage>) -> Pages {
    let mut pages = Pages::default();
    let mut headings = std::mem::take(&mut story.headings).into_iter().peekable();
    let mut seals = std::mem::take(&mut story.seals).into_iter().peekable();
    let mut behind = std::mem::take(&mut story.behind).into_iter().peekable();
    let fragments = fragments(&story, &flowed);
    for (index, table) in story.tables.iter().enumerate() {
        table.keeps(fragments.iter().filter(|fragment| fragment.table == index), &mut pages.keeps);
    }
    let mut fragments = fragments.iter().peekable();
    for (number, page) in flowed.iter().enumerate() {
        let FlowedPage { placed, orientation, .. } = page;
        let geometry = document.geometry(*orientation);
        let corner = Point::new(geometry.margin_left, geometry.margin_top);
        let (mut items, mut first) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < placed.len() {
            let Placed { piece: index, top } = placed[at];
            let origin = Point::new(corner.x, corner.y + top);
            while let Some((_, level, text)) = headings.next_if(|(piece, ..)| *piece == index) {
                pages.outline.push(OutlineEntry { level, text, page: number, top: origin });
            }
            while let Some((_, rect)) = seals.next_if(|(piece, _)| *piece == index) {
                let rect = Rect { origin: rect.origin.moved(origin), size: rect.size };
                pages.seals.push(SealPlace { page: number, rect });
            }
            while let Some((_, item)) = behind.next_if(|(piece, _)| *piece == index) {
                first.push(item.shifted(origin));
            }
            match story.pieces[index].content {
                Content::Items(content) => {
                    let drawn = std::mem::take(&mut story.items[content]);
                    items.extend(drawn.into_iter().map(|item| item.shifted(origin)));
                    at += 1;
                }
                Content::Fixed(content) => {
                    let drawn = std::mem::take(&mut story.items[content]);
                    let edge = Point::new(corner.x, Length::ZERO);
                    items.extend(drawn.into_iter().map(|item| item.shifted(edge)));
                    at += 1;
                }
                Content::Row { table, .. } => {
                    let fragment = fragments.next();
                    let rows = fragment.map_or(1, |fragment| fragment.rows.len());
                    if let (Some(fragment), Draw::Pages) = (fragment, draw) {
                        story.tables[table].draw(fragment, origin, &mut items);
                    }
                    at += rows.max(1);
                }
                Content::Space => at += 1,
            }
        }
        // As Word draws what is behind the text.
        items.splice(0..0, first);
        if draw == Draw::Nothing {
            items = Vec::new();
        } else if !page.notes.is_empty() {
            let floor = floor(&story, page, geometry.type_height());
            let floor = Point::new(corner.x, corner.y + floor);
            footnotes(&mut story, page, floor, geometry.type_width(), &mut items);
        }
        pages.pages.push(Page {
            paper: document.page.paper,
            orientation: *orientation,
            items,
            number: Vec::new(),
        });
    }
    pages
}

/// Where the footnotes of a page end: at the end of the type area, or above what is at the foot.
pub(super) fn floor(story: &Story, page: &FlowedPage, height: Length) -> Length {
    let foot = page.placed.iter().find(|placed| story.pieces[placed.piece].foot);
    foot.map_or(height, |placed| placed.top - story.pieces[placed.piece].before)
}

/// Draws the footnotes of a page, which end at `floor`.
fn footnotes(story: &mut Story, page: &FlowedPage, floor: Point, width: Length, items: &mut Vec<Item>) {
    let pitch = story.notes.heights.pitch;
    let count: usize = page.notes.iter().map(|(_, lines)| lines.len()).sum();
    let mut place = Point::new(floor.x, floor.y - pitch * count as i64);
    items.push(notes::rule(Point::new(place.x, place.y - SEPARATOR), width));
    for (note, lines) in &page.notes {
        for line in lines.clone() {
            let drawn = story.notes.items[*note].get_mut(line).map(std::mem::take).unwrap_or_default();
            items.extend(drawn.into_iter().map(|item| item.shifted(place)));
            place.y += pitch;
        }
    }
}

/// The fragments of tables: consecutive rows of a table on one page, in order.
fn fragments(story: &Story, flowed: &[FlowedPage]) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    for page in flowed {
        let mut current: Option<Fragment> = None;
        for placed in &page.placed {
            match story.pieces[placed.piece].content {
                Content::Row { table, row } => match &mut current {
                    Some(fragment) if fragment.table == table => fragment.rows.end = row + 1,
                    _ => {
                        fragments.extend(current.take());
                        current = Some(Fragment { table, rows: row..row + 1 });
                    }
                },
                Content::Items(_) | Content::Fixed(_) | Content::Space => fragments.extend(current.take()),
            }
        }
        fragments.extend(current);
    }
    fragments
}

#[cfg(test)]
mod tests {
    use super::Draw;
    use crate::document::compose;
    use crate::figures::Figures;
    use crate::font::Fonts;
    use crate::layout::Layouts;
    use crate::pages::Item;
    use crate::report;
    use crate::source::Source;

    #[test]
    fn seal_is_drawn_before_all_text_of_its_page() {
        let json = r#"{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙"],
            "signature": {"date": "2024-01-31", "seal": {"image": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="}}}"#;
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let (document, _) = compose(&report, &Figures::of(&report, &layout), &(), &crate::Limits::default())
            .expect("composes");
        let fonts = Fonts::embedded();
        let (_, pages) =
            crate::typeset::typeset(crate::arrange::arrange(document, &fonts).0, &fonts, Draw::Pages);
        let images: Vec<bool> =
            pages.pages[0].items.iter().map(|item| matches!(item, Item::Image(_))).collect();
        assert!(images[0] && images[1..].iter().all(|is_image| !is_image), "{images:?}");
    }
}
