//! Writers: a document, or its finished pages, becomes the bytes of a file. They know nothing of one another.

pub(crate) mod docx;
pub(crate) mod pdf;
pub(crate) mod subset;

use crate::diagnostic::{Lang, Message};

/// Why a writer made no file. A sound document has none of these but for a font of the user's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// There are no pages.
    #[error("a PDF needs at least one page")]
    NoPages,
    /// A font cannot be cut to the glyphs in use.
    #[error("{}", .0.get(Lang::En))]
    Font(Message),
    /// A library that builds a part of the file wrote something else than it was asked for.
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
