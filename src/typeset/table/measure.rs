//! Cells broken into lines, rows given their heights.

use super::{CellLayout, TableLayout};
use crate::document::{Document, Table, TableCell};
use crate::font::Fonts;
use crate::frame::Owner;
use crate::geom::Length;
use crate::text::line::{Measure, Span, TextStyle, atoms, fill};

pub(super) fn measure<'a>(table: &Table, document: &Document, fonts: &'a Fonts) -> TableLayout<'a> {
    let mut edges = vec![Length::ZERO];
    for width in &table.columns {
        edges.push(edges[edges.len() - 1] + *width);
    }
    let columns = table.columns.len();
    let mut cells = Vec::new();
    let mut grid = vec![usize::MAX; columns * table.rows.len()];
    for (row, cells_of_row) in table.rows.iter().map(|row| &row.cells).enumerate() {
        for cell in cells_of_row {
            let index = cells.len();
            let layout = cell_layout(cell, row, &edges, table, document, fonts);
            for place in layout.rows.clone() {
                grid[place * columns + cell.column..][..cell.columns].fill(index);
            }
            cells.push(layout);
        }
    }
    let heights = heights(table, &cells);
    let mut tops = vec![Length::ZERO];
    for height in &heights {
        tops.push(tops[tops.len() - 1] + *height);
    }
    let told = vec![false; cells.len()];
    TableLayout {
        edges,
        heights,
        header_rows: table.header_rows,
        cells,
        grid,
        rule: table.rule,
        fonts,
        rules: document.text.clone(),
        tops,
        told,
    }
}

fn cell_layout(
    cell: &TableCell,
    row: usize,
    edges: &[Length],
    table: &Table,
    document: &Document,
    fonts: &Fonts,
) -> CellLayout {
    let style = document.styles.get(cell.role);
    let text_style = TextStyle::of(style);
    let padding = table.padding;
    let columns = cell.column..cell.column + cell.columns;
    let width = edges[columns.end] - edges[columns.start] - padding * 2;
    let measure = Measure::plain(width.max(Length::pt(1.0)));
    let paragraphs = cell.text.split('\n').filter(|text| !text.is_empty()).map(|text| {
        let span = Span { owner: Owner::Node(cell.id), face: style.face, text };
        let atoms = atoms(fonts, &[span], &text_style, &document.text);
        let lines = fill(&atoms, &measure, &document.text);
        (atoms, lines)
    });
    CellLayout {
        rows: row..row + cell.rows,
        columns,
        paragraphs: paragraphs.collect(),
        text: cell.text.clone(),
        face: style.face,
        style: text_style,
        pitch: style.line_pitch,
        align: cell.align,
        padding,
        padding_vertical: table.padding_vertical,
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
        let lacking = cell.height() - have;
        if lacking > Length::ZERO {
            heights[cell.rows.end - 1] += lacking;
        }
    }
    heights
}
