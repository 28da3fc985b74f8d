//! Places in the files that a report, or a part of it, was read from.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Message;
use crate::message;

/// A place in a file that a value was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A cell of a workbook.
    Cell {
        /// The workbook, if there are several files that it could be.
        file: Option<String>,
        /// The name of its sheet.
        sheet: String,
        /// Its name: `G7`.
        cell: String,
    },
    /// A line of a text file.
    Line {
        /// The file.
        file: String,
        /// Counted from 1.
        line: u64,
    },
    /// A line of the text that is read, counted from 1.
    TextLine(usize),
    /// A cell of a table of a document; all counted from 1, the cells of a row by their order.
    TableCell {
        /// The number of the table in the file.
        table: usize,
        /// The number of the row.
        row: usize,
        /// The number of the cell in its row.
        cell: usize,
    },
    /// A paragraph of a document outside of tables, counted from 1.
    Paragraph(usize),
    /// A point of a page, in millimetres from its top left.
    Point {
        /// The number of the page, from 1.
        page: usize,
        /// From the left.
        x: u32,
        /// From the top.
        y: u32,
    },
}

impl Place {
    /// The place in words.
    pub fn message(&self) -> Message {
        match self {
            Place::Cell { file: None, sheet, cell } => {
                message!("工作表“{sheet}” {cell}", "sheet \"{sheet}\" {cell}")
            }
            Place::Cell { file: Some(file), sheet, cell } => {
                message!("{file} 工作表“{sheet}” {cell}", "{file}, sheet \"{sheet}\" {cell}")
            }
            Place::Line { file, line } => message!("{file} 第 {line} 行", "{file}, line {line}"),
            Place::TextLine(line) => message!("第 {line} 行", "line {line}"),
            Place::TableCell { table, row, cell } => {
                message!("第{table}个表 第{row}行 第{cell}格", "table {table}, row {row}, cell {cell}")
            }
            Place::Paragraph(number) => message!("第{number}段", "paragraph {number}"),
            Place::Point { page, x, y } => {
                message!("第{page}页（{x}，{y} 毫米）", "page {page} ({x}, {y} mm)")
            }
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        match self {
            Place::Cell { file, sheet, cell } => {
                if let Some(file) = file {
                    object.serialize_entry("file", file)?;
                }
                object.serialize_entry("sheet", sheet)?;
                object.serialize_entry("cell", cell)?;
            }
            Place::Line { file, line } => {
                object.serialize_entry("file", file)?;
                object.serialize_entry("line", line)?;
            }
            Place::TextLine(line) => object.serialize_entry("line", line)?,
            Place::TableCell { table, row, cell } => {
                object.serialize_entry("table", table)?;
                object.serialize_entry("row", row)?;
                object.serialize_entry("cell", cell)?;
            }
            Place::Paragraph(number) => object.serialize_entry("paragraph", number)?,
            Place::Point { page, x, y } => {
                object.serialize_entry("page", page)?;
                object.serialize_entry("x", x)?;
                object.serialize_entry("y", y)?;
            }
        }
        object.serialize_entry("text", &self.message().zh)?;
        object.end()
    }
}
