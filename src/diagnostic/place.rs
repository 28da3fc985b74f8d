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
        /// The name of its sheet.
        sheet: String,
        /// Its name: `G7`.
        cell: String,
    },
    /// A line of a text file, counted from 1.
    Line(u64),
}

impl Place {
    /// The place in words.
    pub fn message(&self) -> Message {
        match self {
            Place::Cell { sheet, cell } => message!("工作表“{sheet}” {cell}", "sheet \"{sheet}\" {cell}"),
            Place::Line(line) => message!("第 {line} 行", "line {line}"),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        match self {
            Place::Cell { sheet, cell } => {
                object.serialize_entry("sheet", sheet)?;
                object.serialize_entry("cell", cell)?;
            }
            Place::Line(line) => object.serialize_entry("line", line)?,
        }
        object.serialize_entry("text", &self.message().zh)?;
        object.end()
    }
}
