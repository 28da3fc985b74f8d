//! A table of a file, whatever its format: rows of cells, each with its place.
//!
//! Readers make it of their files; the matcher knows labels of layouts and nothing of formats.

use crate::diagnostic::Place;

/// A table by its grid: rows of cells, each at its first row and column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grid {
    pub rows: Vec<Vec<Cell>>,
    /// Whether columns are known: in text without bars only the order of cells is.
    pub has_columns: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// First column, from 0.
    pub column: usize,
    /// How many columns and rows it covers.
    pub columns: usize,
    pub rows: usize,
    /// Its text; `\n` between its paragraphs.
    pub text: String,
    /// Whether it is a header cell by its element or property.
    pub header: bool,
    /// Where it is.
    pub place: Place,
}
