//! Positions of blocks other than in the flow: gaps, fixed positions, the foot of the page, ruled lines.
//!
//! A fixed position is a frame (`w:framePr`): the text stays text, and LibreOffice and WPS support it too.

use std::ops::Range;

use docx_rs::{
    BorderType, DocumentChild, FrameProperty, LineSpacing, LineSpacingType, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, RunProperty, Table, TableBorder, TableBorderPosition,
    TableBorders, TableCell, TableCellMargins, TableLayoutType, TablePositionProperty, TableRow, WidthType,
};

use super::body::Body;
use super::finish::TableNote;
use super::names;
use super::page::unsigned;
use crate::document::{Block, BlockKind, Document, Position, Role, RuledLine};
use crate::geom::Length;

/// Gives the children from `first` the position of their block.
pub(super) fn set(body: &mut Body, first: usize, block: &Block) {
    let type_width = body.document.page.type_width();
    let width = match &block.kind {
        BlockKind::Rule(rule) => rule.width,
        _ => type_width,
    };
    let frame = |vertical: &str| FrameProperty {
        w: Some(unsigned(width)),
        h_anchor: Some("margin".to_owned()),
        v_anchor: Some(vertical.to_owned()),
        x_align: Some("center".to_owned()),
        wrap: Some("around".to_owned()),
        ..FrameProperty::new()
    };
    for (index, child) in body.children[first..].iter_mut().enumerate() {
        let DocumentChild::Paragraph(paragraph) = child else { continue };
        match block.position {
            Position::Flow => {}
            Position::Gap(gap) if index == 0 => {
                let spacing = paragraph.property.line_spacing.take().unwrap_or_default();
                paragraph.property.line_spacing = Some(spacing.before(unsigned(gap)));
            }
            Position::Gap(_) => {}
            Position::Fixed(top) => {
                let y = Some(i32::try_from(unsigned(top)).unwrap_or(i32::MAX));
                paragraph.property.frame_property = Some(FrameProperty { y, ..frame("page") });
                if matches!(block.kind, BlockKind::Rule(_)) {
                    // The frame is as wide as the rule.
                    paragraph.property.indent = None;
                }
            }
            // Written by `foot`.
            Position::Foot => {}
        }
    }
}

/// The blocks of the document at the foot of the last page: a table that floats there, one row a paragraph, with rules between them.
///
/// A table and not frames: LibreOffice does not move several paragraphs of one frame.
pub(super) fn foot(body: &mut Body, blocks: Range<usize>) {
    let width = unsigned(body.document.page.type_width()) as usize;
    let mut rows = Vec::new();
    let mut rules = Vec::new();
    for index in blocks {
        if let BlockKind::Rule(rule) = &body.document.blocks[index].kind {
            rules.push(eighths(rule.height()));
            continue;
        }
        let first = body.children.len();
        body.block(index, false);
        let mut cell = TableCell::new().width(width, WidthType::Dxa);
        for child in body.children.drain(first..) {
            if let DocumentChild::Paragraph(paragraph) = child {
                cell = cell.add_paragraph(*paragraph);
            }
        }
        rows.push(TableRow::new(vec![cell]).cant_split());
    }
    if rows.is_empty() {
        return;
    }
    let name = "版记".to_owned();
    body.notes.tables.push(TableNote {
        caption: name.clone(),
        description: name,
        header_rows: 0,
        header_column: false,
    });
    let mut borders = TableBorders::with_empty();
    let outer = rules.first().copied();
    for (position, size) in [
        (TableBorderPosition::Top, outer),
        (TableBorderPosition::InsideH, rules.get(1).copied().filter(|_| rows.len() > 1)),
        (TableBorderPosition::Bottom, outer),
    ] {
        if let Some(size) = size {
            borders = borders.set(TableBorder::new(position).size(size));
        }
    }
    let place = TablePositionProperty::new()
        .vertical_anchor("margin")
        .horizontal_anchor("margin")
        .position_x_alignment("center")
        .position_y_alignment("bottom");
    let table = Table::new(rows)
        .set_grid(vec![width])
        .width(width, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, 0, 0, 0))
        .position(place)
        .set_borders(borders);
    body.push_table(table);
}

/// A paragraph that is nothing but its border: one line, or a thick and a thin one.
pub(super) fn rule(rule: &RuledLine, document: &Document) -> Paragraph {
    let overhang = (document.page.type_width() - rule.width) / 2;
    let side = overhang.to_twips() as i32;
    let spacing = LineSpacing::new().before(0).after(0).line(20).line_rule(LineSpacingType::Exact);
    let paragraph = Paragraph::new()
        .style(names::style(Role::CopyNumber).id)
        .line_spacing(spacing)
        .indent(Some(side), None, Some(side), None)
        .run_property(RunProperty::new().size(2));
    paragraph.set_borders(ParagraphBorders::with_empty().set(border(rule)))
}

fn border(rule: &RuledLine) -> ParagraphBorder {
    let thickness = |at: usize| rule.lines.get(at).map(|(_, thickness)| *thickness);
    // Word names the lines of a border from the text outwards; above its paragraph that is from the bottom.
    let (kind, size) = match (thickness(0), thickness(1)) {
        (Some(upper), Some(lower)) if upper > lower => (BorderType::ThinThickSmallGap, upper),
        (Some(_), Some(lower)) => (BorderType::ThickThinSmallGap, lower),
        (upper, _) => (BorderType::Single, upper.unwrap_or(Length::ZERO)),
    };
    let [red, green, blue] = rule.colour.rgb;
    ParagraphBorder::new(ParagraphBorderPosition::Top)
        .val(kind)
        .size(eighths(size))
        .space(0)
        .color(format!("{red:02X}{green:02X}{blue:02X}"))
}

/// The thickness of a line in eighths of a point, which Word draws from a quarter to twelve points: ECMA-376-1, 17.3.4.
fn eighths(thickness: Length) -> usize {
    (thickness.to_pt() * 8.0).round().clamp(2.0, 96.0) as usize
}
