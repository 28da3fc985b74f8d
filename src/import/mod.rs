//! Import: a file becomes a report.
//!
//! `edited` reads a Word file that this program made and a person edited.

mod edited;

pub use edited::{ImportError, Imported, import};
