//! Why what a file carries cannot be used.

use crate::diagnostic::{Lang, Message};
use crate::layout::LayoutError;

/// Why what a file carries of its own making cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The manifest is damaged, or names what the file does not carry.
    #[error("{}", .0.get(Lang::En))]
    Manifest(Message),
    /// A layout that the file carries is unsound.
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
