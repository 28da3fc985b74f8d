//! The footers: page numbers of odd and even pages, in portrait and landscape.
//!
//! On a landscape page the number is at the same place of the sheet as in portrait (GB/T 9704—2012, 8), which
//! is beside the turned text: it is in a frame whose lines run down the page.

use docx_rs::{
    AlignmentType, BuildXML, FieldCharType, Footer, FrameProperty, InstrPAGE, InstrText, Paragraph, Run,
};

use super::finish::Notes;
use super::page::{number_line_pitch, unsigned};
use super::run::run;
use super::{finish, names};
use crate::document::{Document, NumberPosition, Orientation, Role};
use crate::geom::Length;
use crate::write::WriteError;
use crate::xml::{self, Element, Node};

/// The parts `word/footer1.xml` and so on: two, or four if there are landscape pages.
///
/// # Errors
/// If docx-rs does not write XML.
pub(super) fn footers(document: &Document) -> Result<Vec<Vec<u8>>, WriteError> {
    let [odd, even] = match document.page.number.position {
        NumberPosition::None => return Ok(Vec::new()),
        NumberPosition::Outside => [AlignmentType::Right, AlignmentType::Left],
        NumberPosition::Centre => [AlignmentType::Center, AlignmentType::Center],
    };
    let mut footers = vec![upright(document, odd)?, upright(document, even)?];
    if document.blocks.iter().any(|block| block.orientation == Orientation::Landscape) {
        footers.push(turned(document, odd)?);
        footers.push(turned(document, even)?);
    }
    Ok(footers)
}

fn upright(document: &Document, side: AlignmentType) -> Result<Vec<u8>, WriteError> {
    let indent = document.page.number.indent.to_twips() as i32;
    let paragraph = number(document, side);
    let paragraph = match side {
        AlignmentType::Right => paragraph.indent(Some(0), None, Some(indent), None),
        AlignmentType::Left => paragraph.indent(Some(indent), None, Some(0), None),
        _ => paragraph,
    };
    finish::finish_part(&Footer::new().add_paragraph(paragraph).build(), &Notes::default())
}

/// — 1 —
fn number(document: &Document, side: AlignmentType) -> Paragraph {
    let number = &document.page.number;
    let paragraph = Paragraph::new().style(names::style(Role::PageNumber).id).align(side);
    let text = |text: &str| (!text.is_empty()).then(|| run(text));
    let field = [
        Run::new().add_field_char(FieldCharType::Begin, false),
        Run::new().add_instr_text(InstrText::PAGE(InstrPAGE::new())),
        Run::new().add_field_char(FieldCharType::Separate, false),
        Run::new().add_text("1"),
        Run::new().add_field_char(FieldCharType::End, false),
    ];
    let runs = text(&number.prefix).into_iter().chain(field).chain(text(&number.suffix));
    runs.fold(paragraph, Paragraph::add_run)
}

/// A frame at the left of the landscape page, which is the foot of the sheet, with a line that runs down.
// ECMA-376-1, 17.3.1.11 (framePr), 17.3.1.41 (textDirection)
fn turned(document: &Document, side: AlignmentType) -> Result<Vec<u8>, WriteError> {
    let page = &document.page;
    let pitch = number_line_pitch(document);
    let place = |length: Length| i32::try_from(unsigned(length)).unwrap_or(0);
    let mut paragraph = number(document, side);
    paragraph.property.frame_property = Some(FrameProperty {
        w: Some(unsigned(pitch)),
        h: Some(unsigned(page.type_width() - page.number.indent * 2)),
        h_rule: Some("exact".to_owned()),
        h_anchor: Some("page".to_owned()),
        v_anchor: Some("page".to_owned()),
        x: Some(place(page.number.middle_from_bottom - pitch / 2)),
        y: Some(place(page.margin_left + page.number.indent)),
        wrap: Some("around".to_owned()),
        ..FrameProperty::new()
    });
    // A frame needs a paragraph after it as its anchor.
    let holder = Paragraph::new().style(names::style(Role::PageNumber).id);
    let part = Footer::new().add_paragraph(paragraph).add_paragraph(holder).build();
    let mut root = xml::read(&part)?;
    if let Some(paragraph) = root.elements_mut().next() {
        let direction = Element::new("w:textDirection").with("w:val", "tbRl");
        paragraph.find_or_insert("w:pPr").children.push(Node::Element(direction));
    }
    finish::finish_part(&xml::write(&root), &Notes::default())
}
