//! Tables: measured once, then drawn by the fragments that the flow makes of them.
//!
//! Columns have their widths from the document; rows get their heights in `measure`; where a page ends is the
//! flow's business; `fragment` draws the rows between two page ends, `rules` the lines around their cells.

mod fragment;
mod measure;
mod rules;
mod tear;

use std::ops::Range;
use std::sync::Arc;

use crate::document::{Document, Table, TextRules};
use crate::font::Fonts;
use crate::geom::Length;
use crate::style::{Align, Face};
use crate::text::line::{Atom, Line, TextStyle};

/// A measured table.
#[derive(Debug)]
pub(super) struct TableLayout<'a> {
    /// Left edges of the columns from the left edge of the type area, and the right edge of the last.
    pub edges: Vec<Length>,
    /// Heights of the rows.
    pub heights: Vec<Length>,
    /// How many of the first rows are repeated.
    pub header_rows: usize,
    cells: Vec<CellLayout>,
    /// Which of `cells` covers each place, by rows.
    grid: Vec<usize>,
    rule: Length,
    fonts: &'a Fonts,
    rules: TextRules,
    /// Tops of the rows from the top of the table, and the bottom of the last.
    tops: Vec<Length>,
    /// Which cells' text has been drawn: one that goes over pages has it once.
    told: Vec<bool>,
}

/// A measured cell.
#[derive(Clone, Debug)]
struct CellLayout {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Text by its hard lines, broken to the cell's width.
    paragraphs: Vec<(Arc<Vec<Atom>>, Vec<Line>)>,
    /// Which of the table's cells it is, or is a part of.
    origin: usize,
    text: String,
    /// Whether it is said again on the next page: a figure stands once.
    is_label: bool,
    face: Face,
    style: TextStyle,
    pitch: Length,
    align: Align,
    padding: Length,
    padding_vertical: Length,
}

impl CellLayout {
    /// The height that it needs.
    fn height(&self) -> Length {
        match self.text_height() {
            Length::ZERO => Length::ZERO,
            text => text + self.padding_vertical * 2,
        }
    }

    /// The height of its text.
    fn text_height(&self) -> Length {
        self.pitch * self.paragraphs.iter().map(|(_, lines)| lines.len() as i64).sum()
    }
}

/// Rows of a table that stand together on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Which of the story's tables.
    pub table: usize,
    /// Which of its rows.
    pub rows: Range<usize>,
}

impl<'a> TableLayout<'a> {
    /// Measures a table of the document.
    pub fn measure(table: &Table, document: &Document, fonts: &'a Fonts) -> TableLayout<'a> {
        measure::measure(table, document, fonts)
    }

    /// The height of the rows that are repeated.
    pub fn header_height(&self) -> Length {
        self.tops[self.header_rows]
    }

    fn columns(&self) -> usize {
        self.edges.len() - 1
    }

    /// Whether the same cell covers both places.
    fn is_one_cell(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let origin = |(row, column)| self.cells[self.at(row, column)].origin;
        origin(one) == origin(other)
    }

    /// The cell that covers a place.
    fn at(&self, row: usize, column: usize) -> usize {
        self.grid[row * self.columns() + column]
    }
}
