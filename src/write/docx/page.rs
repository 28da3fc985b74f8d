//! Sections: paper, margins and grid.
//!
//! Word counts the footer's distance to the bottom of its line; the standard gives the position of the
//! middle.

use docx_rs::{
    DocGrid, DocGridType, FooterReference, PageMargin, PageNumType, PageOrientationType, PageSize,
    SectionProperty, SectionType,
};

use crate::document::{Document, NumberPosition, Orientation, Role};
use crate::geom::Length;
use crate::pages::ColophonPage;

/// A grid of lines fills the page if it leaves no more than this.
const GRID_SLACK_TWIPS: i64 = 20;

/// The section of 封面 and 目录, which have no page numbers.
pub(super) fn front(document: &Document) -> SectionProperty {
    let mut section = section(document, Orientation::Portrait, false);
    section.footer_reference = None;
    section.even_footer_reference = None;
    section
}

/// The properties of a section of this orientation. The first section of the text counts its pages from 1, and may have no number on its
/// first page. Its footers are those of `footer`.
pub(super) fn section(document: &Document, orientation: Orientation, is_first: bool) -> SectionProperty {
    let page = document.geometry(orientation);
    let twips = |length: Length| length.to_twips() as i32;
    let size = PageSize::new().size(unsigned(page.paper.width), unsigned(page.paper.height));
    let size = match orientation {
        Orientation::Portrait => size,
        Orientation::Landscape => size.orient(PageOrientationType::Landscape),
    };
    let mut section = SectionProperty::new().page_size(size).page_margin(PageMargin {
        top: twips(page.margin_top),
        bottom: twips(page.margin_bottom),
        left: twips(page.margin_left),
        right: twips(page.margin_right),
        header: 851,
        footer: match orientation {
            Orientation::Portrait => twips(footer_distance(document)),
            // In landscape the number has a fixed position on the page, and the line at the foot that anchors
            // it is empty.
            Orientation::Landscape => twips(page.margin_bottom / 4),
        },
        gutter: 0,
    });
    // Where the lines of the grid do not fill the page, LibreOffice centres the text vertically.
    let rest = page.type_height().to_twips() % page.line_pitch.to_twips().max(1);
    // Above footnotes LibreOffice would leave out what is no whole line of the grid.
    if orientation == Orientation::Portrait && rest <= GRID_SLACK_TWIPS && document.notes.is_empty() {
        section = section.doc_grid(
            DocGrid::with_empty()
                .grid_type(DocGridType::Lines)
                .line_pitch(unsigned(page.line_pitch) as usize),
        );
    }
    // A different first page without a footer has no number.
    section.title_pg = is_first && !page.number.on_first_page;
    if is_first && document.front > 0 {
        section.page_num_type = Some(PageNumType::new().start(1));
    }
    if page.number.position != NumberPosition::None {
        let [odd, even] = footers(orientation);
        section.footer_reference = Some(FooterReference::new("default", odd));
        section.even_footer_reference = Some(FooterReference::new("even", even));
    }
    section
}

/// The last section, which begins with the 版记 if that has a page of its own. Where a page is to be left blank before an
/// even one, Word leaves it.
pub(super) fn of_colophon(mut section: SectionProperty, colophon: ColophonPage) -> SectionProperty {
    match colophon {
        ColophonPage::OfText | ColophonPage::Own => {}
        ColophonPage::Even => section.section_type = Some(SectionType::EvenPage),
        ColophonPage::EvenAfterBlank => {
            section.section_type = Some(SectionType::EvenPage);
            section.title_pg = true;
        }
    }
    section
}

/// The line pitch of the page number: that of the style, but never so high that the line would reach into the
/// type area.
pub(super) fn number_line_pitch(document: &Document) -> Length {
    let number = &document.page.number;
    let room =
        (document.page.margin_bottom - number.middle_from_bottom).max(number.middle_from_bottom / 4) * 2;
    document.styles.get(Role::PageNumber).line_pitch.min(room)
}

/// From the bottom of the paper to the bottom of the number's line.
fn footer_distance(document: &Document) -> Length {
    let middle = document.page.number.middle_from_bottom;
    (middle - number_line_pitch(document) / 2).max(Length::ZERO)
}

/// Twips of a length that cannot be negative.
pub(super) fn unsigned(length: Length) -> u32 {
    u32::try_from(length.to_twips()).unwrap_or(0)
}

/// The relationships of the footers of odd and even pages.
fn footers(orientation: Orientation) -> [&'static str; 2] {
    match orientation {
        Orientation::Portrait => ["rIdFooter1", "rIdFooter2"],
        Orientation::Landscape => ["rIdFooter3", "rIdFooter4"],
    }
}
