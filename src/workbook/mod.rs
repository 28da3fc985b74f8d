//! The tables of a layout as a workbook: written for clerks to fill in, read back into a report.
//!
//! Every figure's cell has a defined name (`gongwen.requests.granted.total`), which follows the cell when
//! rows are inserted; a sheet made by hand is read by its labels, as any file is (`forms`).

mod cells;
mod fill;
mod read;
mod shown;
mod write;

use std::collections::BTreeMap;

pub(crate) use cells::{cell_name, grid, sheets};
pub(crate) use fill::fill;
pub(crate) use read::{Found, read};
pub use write::{WorkbookError, write};

use crate::figures::Key;

/// The figures of a file, by their keys.
pub(crate) type Cells<'l> = BTreeMap<Key<'l>, Found>;

/// The name of a figure's cell in a workbook.
fn name(Key { table, row, column }: Key) -> String {
    format!("gongwen.{table}.{row}.{column}").replace('-', "_")
}
