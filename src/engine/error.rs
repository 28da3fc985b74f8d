//! Why a report was not exported: an error of the report, of the call, or of the program.

use crate::diagnostic::{Diagnostic, Lang};
use crate::options::OptionsError;
use crate::write::WriteError;

/// Why a report was not exported. The variants differ in who can correct the error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The author of the report: its findings have at least one error.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The caller: the options contradict one another, or name something unknown.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// Nobody outside: a fault of the program.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// The findings about a report, of which at least one is an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", findings.iter().map(|finding| finding.message.get(Lang::En)).collect::<Vec<_>>().join("; "))]
pub struct Rejected {
    /// By position.
    pub findings: Vec<Diagnostic>,
}

impl From<Diagnostic> for Rejected {
    fn from(finding: Diagnostic) -> Self {
        Rejected { findings: vec![finding] }
    }
}

impl From<Vec<Diagnostic>> for Rejected {
    fn from(findings: Vec<Diagnostic>) -> Self {
        Rejected { findings }
    }
}

/// A fault of the program: a valid document that a writer could not write.
#[derive(Debug, thiserror::Error)]
#[error("internal error: {0}")]
pub struct InternalError(String);

impl From<WriteError> for ExportError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Font(reason) => ExportError::Options(OptionsError::Font(reason)),
            error => ExportError::Internal(InternalError(error.to_string())),
        }
    }
}
