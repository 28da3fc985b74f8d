//! Measuring: cells are broken into lines, and rows get their heights.

use std::sync::Arc;

use smallvec::SmallVec;

use super::tear::tear;
use super::{CellLayout, Mark, TableLayout, keep, vertical};
use crate::document::{Document, PageGeometry, Table, TableCell};
use crate::font::Fonts;
use crate::geom::Length;
use crate::pages::Owner;
use crate::text::line::{Line, Measure, Span, TextStyle, atoms, fill};
use crate::typeset::span;

pub(super) fn measure<'a>(
    table: &'a Table,
    page: &PageGeometry,
    beside: Length,
    document: &Document,
    fonts: &'a Fonts,
) -> TableLayout<'a> {
    let mut edges = vec![Length::ZERO];
    for width in &table.columns {
        edges.push(edges[edges.len() - 1] + *width);
    }
    let columns = table.columns.len();
    let mut cells = Vec::new();
    for (row, cells_of_row) in table.rows.iter().map(|row| &row.cells).enumerate() {
        for cell in cells_of_row {
            let origin = cells.len();
            cells.push(cell_layout(cell, row, origin, &edges, table, document, fonts));
        }
    }
    let heights = heights(table, &cells);
    let header: Length = heights[..table.header_rows].iter().copied().sum();
    // A header of more than half a page is not repeated, because it would leave no room for the rows.
    let repeats = header <= page.type_height() / 2;
    let (header_rows, header) = if repeats { (table.header_rows, header) } else { (0, Length::ZERO) };
    let mark = table.continued.as_ref().map(|text| Mark::new(text, page.type_width(), document, fonts));
    let room =
        page.type_height() - table.rule - header - mark.as_ref().map_or(Length::ZERO, |mark| mark.pitch);
    let (cells, heights, origins) = tear(cells, heights, header_rows, room);
    let mut grid = vec![usize::MAX; columns * heights.len()];
    for (index, cell) in cells.iter().enumerate() {
        for row in cell.rows.clone() {
            grid[row * columns + cell.columns.start..][..cell.columns.len()].fill(index);
        }
    }
    let mut tops = vec![Length::ZERO];
    for height in &heights {
        tops.push(tops[tops.len() - 1] + *height);
    }
    let text_drawn = vec![false; cells.len()];
    let mut layout = TableLayout {
        edges,
        kept: Vec::new(),
        origins,
        table,
        heights,
        header_rows,
        mark,
        cells,
        grid,
        rule: table.rule,
        fonts,
        rules: document.text.clone(),
        tops,
        text_drawn,
    };
    layout.kept = keep::kept(&layout, page.type_height(), beside);
    layout
}

fn cell_layout(
    cell: &TableCell,
    row: usize,
    origin: usize,
    edges: &[Length],
    table: &Table,
    document: &Document,
    fonts: &Fonts,
) -> CellLayout {
    let style = document.styles.get(cell.role);
    let text_style = TextStyle { size: cell.size.unwrap_or(style.size), ..TextStyle::of(style) };
    // The rules at both sides do not reduce the room of a line, nor do they in LibreOffice.
    let padding = table.padding;
    let columns = cell.column..cell.column + cell.columns;
    let width = edges[columns.end] - edges[columns.start] - padding * 2;
    let measure = Measure {
        left: cell.indent_left,
        right: cell.inset_right,
        ..Measure::plain(width.max(Length::pt(1.0)))
    };
    let mut divide = document.formats.divide(cell.id);
    let mut paragraph = |text: &str| {
        let mut spans: SmallVec<[Span; 1]> = SmallVec::new();
        divide.each(text, |text, format| {
            spans.push(span(document, Owner::Node(cell.id), cell.role, text, format));
        });
        // A cell mostly has one of each, and a table tens of thousands of cells.
        let mut atoms = atoms(fonts, &spans, &text_style, &document.text);
        atoms.shrink_to_fit();
        let mut lines = fill(&atoms, &measure, cell.align, &document.text);
        if lines.is_empty() {
            // A blank line has its height.
            lines.push(Line::blank(&measure));
        }
        lines.shrink_to_fit();
        (Arc::new(atoms), lines)
    };
    let paragraphs = if cell.vertical {
        let upright = |character| paragraph(vertical::form(character).encode_utf8(&mut [0; 4]));
        cell.text.chars().map(upright).collect()
    } else if cell.text.is_empty() {
        Vec::new()
    } else {
        cell.text.split('\n').map(paragraph).collect()
    };
    CellLayout {
        rows: row..row + cell.rows,
        columns,
        paragraphs,
        origin,
        text: cell.text.clone(),
        role: cell.role,
        measure,
        again: cell.continued,
        face: style.face,
        style: text_style,
        pitch: if cell.vertical { text_style.size } else { cell.line_pitch(style) },
        is_vertical: cell.vertical,
        align: cell.align,
        padding,
        // Half of the rule above and half of that below belong to the row's height, as in LibreOffice and
        // Word.
        padding_vertical: table.padding_vertical + table.rule / 2,
    }
}

/// Every row as high as its cells need; what a cell over several rows lacks is added to its last row.
fn heights(table: &Table, cells: &[CellLayout]) -> Vec<Length> {
    let mut heights: Vec<Length> = table.rows.iter().map(|row| row.min_height).collect();
    for cell in cells.iter().filter(|cell| cell.rows.len() == 1) {
        let height = &mut heights[cell.rows.start];
        *height = (*height).max(cell.height());
    }
    let mut spanning: Vec<&CellLayout> = cells.iter().filter(|cell| cell.rows.len() > 1).collect();
    spanning.sort_by_key(|cell| cell.rows.end);
    for cell in spanning {
        let have: Length = heights[cell.rows.clone()].iter().copied().sum();
        let missing = cell.height() - have;
        if missing > Length::ZERO {
            heights[cell.rows.end - 1] += missing;
        }
    }
    heights
}
