//! The figures of a layout, before a report gives them values.

use crate::diagnostic::child;
use crate::layout::{FiguresSpec, Layout, TableSpec};

/// The key of a figure: those of its table, row and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'l> {
    /// Of the table.
    pub table: &'l str,
    /// Of the row.
    pub row: &'l str,
    /// Of the column.
    pub column: &'l str,
}

/// A figure as the layout defines it.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'l> {
    /// Its table.
    pub table: &'l TableSpec,
    /// The key of its row.
    pub row_key: &'l str,
    /// Its row.
    pub row: &'l FiguresSpec,
    /// The key of its column.
    pub column: &'l str,
}

impl<'l> Definition<'l> {
    /// The figure of a row in its column of this number.
    ///
    /// # Panics
    /// If the row has not so many columns.
    pub(super) fn new(table: &'l TableSpec, row_key: &'l str, row: &'l FiguresSpec, column: usize) -> Self {
        let column = table.columns_of(row).nth(column).expect("a row has as many figures as columns");
        Definition { table, row_key, row, column }
    }

    /// Its key.
    pub fn key(&self) -> Key<'l> {
        Key { table: &self.table.key, row: self.row_key, column: self.column }
    }

    /// The label of its row.
    pub fn row_label(&self) -> &'l str {
        &self.row.label
    }

    /// The label of its column.
    pub fn column_label(&self) -> &'l str {
        self.table.columns.get(self.column).map_or(self.column, String::as_str)
    }

    /// The JSON pointer of its value in a report that writes its row by column.
    pub fn pointer(&self) -> String {
        child(&super::row_pointer(&self.table.key, self.row_key), self.column)
    }

    /// Its row and column as they are printed: `（一）予以公开·总计`.
    pub fn label(&self) -> String {
        format!("{}·{}", self.row_label(), self.column_label())
    }
}

/// Every figure of a layout: table by table, row by row.
pub fn definitions(layout: &Layout) -> impl Iterator<Item = Definition<'_>> {
    layout.tables.iter().flat_map(definitions_of)
}

/// Every figure of a table, row by row.
pub fn definitions_of(table: &TableSpec) -> impl Iterator<Item = Definition<'_>> {
    table.figures.iter().flat_map(move |(row_key, row)| {
        table.columns_of(row).map(move |column| Definition { table, row_key, row, column })
    })
}

/// The figure of a layout with this key.
pub fn definition<'l>(layout: &'l Layout, key: Key) -> Option<Definition<'l>> {
    let table = layout.table(key.table)?;
    let (row_key, row) = table.figures.get_key_value(key.row)?;
    let column = table.columns_of(row).find(|column| *column == key.column)?;
    Some(Definition { table, row_key, row, column })
}
