//! Writers: a document, or its finished pages, becomes the bytes of a file. They are independent of one
//! another.

pub(crate) mod docx;
pub(crate) mod pdf;
pub(crate) mod subset;

use crate::diagnostic::{Lang, Message};

/// Why a writer made no file. For a valid document only a user's font can be the reason.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// There are no pages.
    #[error("a PDF needs at least one page")]
    NoPages,
    /// A font cannot be subset to the glyphs in use.
    #[error("{}", .0.get(Lang::En))]
    Font(Message),
    /// The output of a library that builds a part of the file is not as expected.
    #[error("{library}: {what}")]
    Upstream {
        /// Its name.
        library: &'static str,
        /// What is wrong.
        what: String,
    },
}

impl From<crate::xml::XmlError> for WriteError {
    fn from(error: crate::xml::XmlError) -> Self {
        WriteError::Upstream { library: "docx-rs", what: error.to_string() }
    }
}
