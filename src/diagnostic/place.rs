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
        }
        object.serialize_entry("text", &self.message().zh)?;
        object.end()
    }
}
