//! Splitting of rows taller than a page into rows that fit. No other row is ever split.
//!
//! Each part holds one line of every cell, so that the first page of the row is filled. Parts of one cell share its node
//! and its `origin`, so that no rule is drawn between them and they are one cell in the structure.

use std::sync::Arc;

use super::CellLayout;
use crate::geom::Length;

/// Cells and row heights with every row (from `header_rows` on) at most `room` high, and which row each was.
pub(super) fn tear(
    cells: Vec<CellLayout>,
    heights: Vec<Length>,
    header_rows: usize,
    room: Length,
) -> (Vec<CellLayout>, Vec<Length>, Vec<usize>) {
    let parts_of = |(row, height): (usize, &Length)| {
        if row < header_rows || *height <= room {
            return 1;
        }
        let own = cells.iter().filter(|cell| cell.rows == (row..row + 1));
        own.map(CellLayout::line_count).max().unwrap_or(1).max(1)
    };
    let parts: Vec<usize> = heights.iter().enumerate().map(parts_of).collect();
    let origins = parts.iter().enumerate().flat_map(|(row, parts)| vec![row; *parts]).collect();
    if parts.iter().all(|parts| *parts == 1) {
        return (cells, heights, origins);
    }
    // The index of the first part of every row, and the end of the last.
    let mut starts = vec![0];
    for parts in &parts {
        starts.push(starts[starts.len() - 1] + parts);
    }
    let mut torn = Vec::new();
    let mut torn_heights: Vec<Length> = heights
        .iter()
        .zip(&parts)
        .flat_map(|(height, parts)| vec![if *parts == 1 { *height } else { Length::ZERO }; *parts])
        .collect();
    for mut cell in cells {
        let rows = starts[cell.rows.start]..starts[cell.rows.end];
        if cell.rows.len() > 1 || rows.len() == 1 {
            cell.rows = rows;
            torn.push(cell);
            continue;
        }
        for (line, row) in rows.enumerate() {
            let piece = cell.part(line..line + 1, row);
            torn_heights[row] = torn_heights[row].max(piece.text_height());
            torn.push(piece);
        }
    }
    (torn, torn_heights, origins)
}

impl CellLayout {
    fn line_count(&self) -> usize {
        self.paragraphs.iter().map(|(_, lines)| lines.len()).sum()
    }

    /// A cell with these of its lines, in this row.
    fn part(&self, wanted: std::ops::Range<usize>, row: usize) -> CellLayout {
        let mut paragraphs = Vec::new();
        let mut first = 0;
        for (atoms, lines) in &self.paragraphs {
            let kept: Vec<_> = lines
                .iter()
                .enumerate()
                .filter(|(at, _)| wanted.contains(&(first + at)))
                .map(|(_, line)| line.clone())
                .collect();
            first += lines.len();
            if !kept.is_empty() {
                paragraphs.push((Arc::clone(atoms), kept));
            }
        }
        CellLayout { rows: row..row + 1, paragraphs, ..self.clone() }
    }
}
