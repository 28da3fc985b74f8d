//! A table of a layout as a grid of labels and figures.

use super::{CellSpec, FullCellSpec, RowKind, TableSpec};

/// A cell of the grid; rows and columns count from 0.
#[derive(Clone, Debug)]
pub(crate) struct GridCell<'l> {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    pub is_head: bool,
    pub content: GridContent<'l>,
}

/// What is in it.
#[derive(Clone, Debug)]
pub(crate) enum GridContent<'l> {
    Label(String),
    /// A figure by the keys of its row and column, and its number in the row.
    Figure {
        row: &'l str,
        column: &'l str,
        index: usize,
    },
}

/// The cells of a table in reading order.
pub(crate) fn cells(table: &TableSpec) -> Vec<GridCell<'_>> {
    let mut covered = vec![0_usize; table.widths.len()];
    let mut cells = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let mut column = 0;
        for cell in &row.cells {
            for (content, columns, rows) in contents(table, cell) {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                if let Some(covered) = covered.get_mut(column..column + columns) {
                    covered.fill(rows);
                }
                let is_head = row.kind != RowKind::Body;
                cells.push(GridCell { row: at, column, rows, columns, is_head, content });
                column += columns;
            }
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
    }
    cells
}

/// The contents of one entry of the layout, with the number of columns and rows that each covers.
fn contents<'l>(table: &'l TableSpec, cell: &CellSpec) -> Vec<(GridContent<'l>, usize, usize)> {
    let full = match cell {
        CellSpec::Text(text) => &FullCellSpec { text: Some(text.clone()), ..FullCellSpec::default() },
        CellSpec::Full(full) => full,
    };
    let (columns, rows) = (full.columns.unwrap_or(1), full.rows.unwrap_or(1));
    if let Some((key, figures)) = full.figures.as_ref().and_then(|key| table.figures.get_key_value(key)) {
        let spans = full.spans.clone().unwrap_or_default();
        return table
            .columns_of(figures)
            .enumerate()
            .map(|(index, column)| {
                let columns = spans.get(index).copied().unwrap_or(columns);
                (GridContent::Figure { row: key, column, index }, columns, rows)
            })
            .collect();
    }
    let label = full.label.as_ref().and_then(|key| table.figures.get(key)).map(|row| row.label.clone());
    let text = label.or_else(|| full.text.clone()).unwrap_or_default();
    vec![(GridContent::Label(text.replace('\n', "")), columns, rows)]
}
