//! The way back: a file becomes a report again.
//!
//! `edited` reads a Word file that this program made and a person edited.

mod edited;

pub use edited::{ImportError, Imported, import};
