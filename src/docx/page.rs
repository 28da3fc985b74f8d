//! The section: paper, margins, grid and page numbers.
//!
//! The footer's distance is counted to the bottom of its line, while the standard tells where the middle is.

use docx_rs::{
    AlignmentType, DocGrid, DocGridType, FieldCharType, Footer, InstrPAGE, InstrText, PageMargin, PageSize,
    Paragraph, Run, SectionProperty,
};

use super::names;
use super::run::run;
use crate::document::{Document, NumberPosition, Role};
use crate::geom::Length;

/// The properties of the only section, with its footers: `rIdFooter1` and, for even pages, `rIdFooter2`.
pub(super) fn section(document: &Document) -> SectionProperty {
    let page = &document.page;
    let twips = |length: Length| length.to_twips() as i32;
    let section = SectionProperty::new()
        .page_size(PageSize::new().size(unsigned(page.paper.width), unsigned(page.paper.height)))
        .page_margin(PageMargin {
            top: twips(page.margin_top),
            bottom: twips(page.margin_bottom),
            left: twips(page.margin_left),
            right: twips(page.margin_right),
            header: 851,
            footer: twips(footer_distance(document)),
            gutter: 0,
        })
        .doc_grid(
            DocGrid::with_empty()
                .grid_type(DocGridType::Lines)
                .line_pitch(unsigned(page.line_pitch) as usize),
        );
    // A first page of its own kind, and no footer for it: no number.
    let section = if page.number.on_first_page { section } else { section.title_pg() };
    match page.number.position {
        NumberPosition::Outside => section
            .footer(footer(document, AlignmentType::Right), "rIdFooter1")
            .even_footer(footer(document, AlignmentType::Left), "rIdFooter2"),
        NumberPosition::Centre => section
            .footer(footer(document, AlignmentType::Center), "rIdFooter1")
            .even_footer(footer(document, AlignmentType::Center), "rIdFooter2"),
        NumberPosition::None => section,
    }
}

/// The line of the page number: as the style has it, but never so high that it would reach into the type area.
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

fn footer(document: &Document, side: AlignmentType) -> Footer {
    let number = &document.page.number;
    let indent = number.indent.to_twips() as i32;
    let paragraph = Paragraph::new().style(names::style(Role::PageNumber).id).align(side);
    let paragraph = match side {
        AlignmentType::Right => paragraph.indent(Some(0), None, Some(indent), None),
        AlignmentType::Left => paragraph.indent(Some(indent), None, Some(0), None),
        _ => paragraph,
    };
    let text = |text: &str| (!text.is_empty()).then(|| run(text));
    let field = [
        Run::new().add_field_char(FieldCharType::Begin, false),
        Run::new().add_instr_text(InstrText::PAGE(InstrPAGE::new())),
        Run::new().add_field_char(FieldCharType::Separate, false),
        Run::new().add_text("1"),
        Run::new().add_field_char(FieldCharType::End, false),
    ];
    let runs = text(&number.prefix).into_iter().chain(field).chain(text(&number.suffix));
    Footer::new().add_paragraph(runs.fold(paragraph, Paragraph::add_run))
}

/// Twips of a length that cannot be negative.
pub(super) fn unsigned(length: Length) -> u32 {
    u32::try_from(length.to_twips()).unwrap_or(0)
}
