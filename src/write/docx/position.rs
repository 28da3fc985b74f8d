//! Positions of blocks other than in the flow: gaps, fixed positions, the foot of the page, ruled lines.
//!
//! A fixed position is a frame (`w:framePr`): the text stays text, and LibreOffice and WPS support it too.

use std::ops::Range;

use docx_rs::{
    BorderType, FrameProperty, HeightRule, LineSpacing, LineSpacingType, Paragraph, ParagraphBorder,
    ParagraphBorderPosition, ParagraphBorders, RunProperty, Table, TableBorder, TableBorderPosition,
    TableBorders, TableCell, TableCellBorder, TableCellBorderPosition, TableCellBorders, TableCellMargins,
    TableLayoutType, TablePositionProperty, TableRow, TableRowChild, WidthType,
};

use super::body::Body;
use super::finish::TableNote;
use super::names;
use super::page::unsigned;
use crate::document::{Block, BlockKind, Document, Position, Role, RuledLine};
use crate::geom::Length;

/// Gives the paragraphs from `first` the position of their block.
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
    for (index, paragraph) in body.paragraphs[first..].iter_mut().enumerate() {
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
/// A table and not frames: LibreOffice does not move several paragraphs of one frame. Its place across is counted from
/// the edge of the page, because otherwise LibreOffice leaves a table as wide as the text in the flow. A last row without
/// text and rules keeps it off the bottom margin.
pub(super) fn foot(body: &mut Body, blocks: Range<usize>) {
    let width = unsigned(body.document.page.type_width()) as usize;
    let mut rows = Vec::new();
    let mut rules = Vec::new();
    let mut last_rule = Length::ZERO;
    for index in blocks {
        if let BlockKind::Rule(rule) = &body.document.blocks[index].kind {
            rules.push(eighths(rule.height()));
            last_rule = rule.height();
            continue;
        }
        let first = body.paragraphs.len();
        body.block(index, false);
        let paragraphs = body.paragraphs.drain(first..);
        let cell = TableCell::new().width(width, WidthType::Dxa);
        let cell = paragraphs.fold(cell, TableCell::add_paragraph);
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
    let inner = rules.get(1).copied().filter(|_| rows.len() > 1);
    let below = below(body.document, last_rule);
    let bottom = if below > Length::ZERO {
        if let (Some(size), Some(last)) = (outer, rows.last_mut()) {
            ruled(last, size, &TableCellBorderPosition::Bottom);
        }
        let mut space = space(below, width);
        if let Some(size) = outer {
            ruled(&mut space, size, &TableCellBorderPosition::Top);
        }
        rows.push(space);
        None
    } else {
        outer
    };
    for (position, size) in [
        (TableBorderPosition::Top, outer),
        (TableBorderPosition::InsideH, inner),
        (TableBorderPosition::Bottom, bottom),
    ] {
        if let Some(size) = size {
            borders = borders.set(TableBorder::new(position).size(size));
        }
    }
    let place = TablePositionProperty::new()
        .vertical_anchor("margin")
        .horizontal_anchor("page")
        .position_x(body.document.page.margin_left.to_twips() as i32)
        .position_y_alignment("bottom");
    let table = Table::new(Vec::new())
        .set_grid(vec![width])
        .width(width, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(0, 0, 0, 0))
        .position(place)
        .set_borders(borders);
    body.begin_table(&table);
    rows.into_iter().for_each(|row| body.row(row));
    body.end_table();
}

/// From the last line of the 版记 to the bottom margin.
fn below(document: &Document, last_rule: Length) -> Length {
    let below = document.page.below_colophon();
    let style = document.styles.get(Role::Colophon);
    // Word draws a rule half above and half below the edge of its row. Without rules the characters end at the edge of
    // the type area.
    let inside = if last_rule > Length::ZERO { -last_rule / 2 } else { (style.line_pitch - style.size) / 2 };
    (below - inside).max(Length::ZERO)
}

/// A row of this height that shows nothing.
fn space(height: Length, width: usize) -> TableRow {
    let cell = TableCell::new().width(width, WidthType::Dxa).add_paragraph(super::body::separator());
    TableRow::new(vec![cell]).row_height(unsigned(height) as f32).height_rule(HeightRule::Exact)
}

/// Rules the cells of a row at one side.
fn ruled(row: &mut TableRow, size: usize, position: &TableCellBorderPosition) {
    for TableRowChild::TableCell(cell) in &mut row.cells {
        let border = TableCellBorder::new(position.clone()).size(size);
        *cell = std::mem::take(cell).set_borders(TableCellBorders::with_empty().set(border));
    }
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
