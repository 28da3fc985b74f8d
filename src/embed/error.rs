//! Errors of an embedded source.

use crate::diagnostic::{Lang, Message};
use crate::layout::LayoutError;

/// Why an embedded source cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The manifest is damaged, or names a file that is not embedded.
    #[error("{}", .0.get(Lang::En))]
    Manifest(Message),
    /// An embedded layout is invalid.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

impl SourceError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            SourceError::Manifest(message) => message.clone(),
            SourceError::Layout(error) => error.message.clone(),
        }
    }
}
