//! A table of a layout as a grid of labels and figures.

use super::{Definition, definitions_of};
use crate::layout::{CellSpec, FullCellSpec, RowKind, TableSpec};

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
    let mut covered = vec![0_usize; table.widths.len()];
    let mut places = Vec::new();
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
                places.push(Place { row: at, column, rows, columns, is_head, content });
                column += columns;
            }
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
    }
    places
}

/// The contents of one entry of the layout, with the number of columns and rows that each covers.
fn contents<'l>(table: &'l TableSpec, cell: &CellSpec) -> Vec<(Content<'l>, usize, usize)> {
    let full = match cell {
        CellSpec::Text(text) => &FullCellSpec { text: Some(text.clone()), ..FullCellSpec::default() },
        CellSpec::Full(full) => full,
    };
    let (columns, rows) = (full.columns.unwrap_or(1), full.rows.unwrap_or(1));
    if let Some(key) = &full.figures {
        let spans = full.spans.clone().unwrap_or_default();
        let own = definitions_of(table).filter(|definition| definition.row_key == key).enumerate();
        return own
            .map(|(at, definition)| {
                let columns = spans.get(at).copied().unwrap_or(columns);
                (Content::Figure(definition), columns, rows)
            })
            .collect();
    }
    let label = full.label.as_ref().and_then(|key| table.figures.get(key)).map(|row| row.label.clone());
    let text = label.or_else(|| full.text.clone()).unwrap_or_default();
    vec![(Content::Label(text.replace('\n', "")), columns, rows)]
}
