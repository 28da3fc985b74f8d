//! A table of a layout as a grid of labels and figures.

use super::Definition;
use crate::layout::TableSpec;
use crate::layout::grid::{GridCell, GridContent, cells};

/// A cell of the grid; rows and columns count from 0.
#[derive(Clone, Debug)]
pub(crate) struct Place<'l> {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    pub is_head: bool,
    pub content: Content<'l>,
}

/// What is in it.
#[derive(Clone, Debug)]
pub(crate) enum Content<'l> {
    Label(String),
    Figure(Definition<'l>),
}

/// The cells of a table in reading order.
pub(crate) fn places(table: &TableSpec) -> Vec<Place<'_>> {
    cells(table).into_iter().map(|cell| place(table, cell)).collect()
}

fn place<'l>(table: &'l TableSpec, cell: GridCell<'l>) -> Place<'l> {
    let content = match cell.content {
        GridContent::Label(text) => Content::Label(text),
        GridContent::Figure { row, index, .. } => {
            Content::Figure(Definition::new(table, row, &table.figures[row], index))
        }
    };
    let (row, column, rows, columns) = (cell.row, cell.column, cell.rows, cell.columns);
    Place { row, column, rows, columns, is_head: cell.is_head, content }
}
