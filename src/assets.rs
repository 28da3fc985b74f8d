//! Files that a report names by path: pictures and workbooks.
//!
//! The caller's [`Assets`] decides what a path means and what it may reach; [`Folder`] is the usual
//! implementation. Paths come from the author of a report, who is not trusted: they never lead out of the
//! folder.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::files::{self, Irregular};
use crate::options::Limits;

/// A source of the files that a report names.
pub trait Assets {
    /// The bytes of the file at `path`, as the report writes it.
    ///
    /// # Errors
    /// Why the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError>;
}

/// Why a file that a report names cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// Its path is absolute, goes up by `..`, or leads out of the folder by a link.
    #[error("it is outside the report's folder")]
    Outside,
    /// There is no folder: the report came from a pipe, and no folder was given.
    #[error("there is no folder to look in")]
    NoFolder,
    /// It is a named pipe, a device or a socket.
    #[error("it is a named pipe, a device or a socket, not a file")]
    NoFile,
    /// It is larger than the limit.
    #[error("it is too large")]
    TooLarge,
    /// Another error, in the system's words.
    #[error("{0}")]
    Other(String),
}

/// No files at all.
impl Assets for () {
    fn read(&self, _: &str) -> Result<Vec<u8>, AssetError> {
        Err(AssetError::NoFolder)
    }
}

/// The files of one folder and of nowhere else.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    root: Option<PathBuf>,
    limits: Limits,
}

impl Folder {
    /// The files below this folder.
    pub fn new(root: impl Into<PathBuf>) -> Folder {
        Folder { root: Some(root.into()), limits: Limits::default() }
    }

    /// The folder of a report's file.
    pub fn of_report(report: &Path) -> Folder {
        match report.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Folder::new("."),
            Some(parent) => Folder::new(parent),
            None => Folder::none(),
        }
    }

    /// The same with other limits.
    pub fn within(self, limits: Limits) -> Folder {
        Folder { limits, ..self }
    }

    /// No folder, for a report that has none of its own: each of its files is refused as [`AssetError::NoFolder`].
    pub fn none() -> Folder {
        Folder::default()
    }
}

/// Whether a path stays in its folder: it is relative, without `..`, and has `/` alone between its parts.
pub(crate) fn is_inside(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    let mut parts = Path::new(path).components();
    !drive
        && !path.contains('\\')
        && parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

impl Assets for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        if !is_inside(path) {
            return Err(AssetError::Outside);
        }
        let folder = self.root.as_ref().ok_or(AssetError::NoFolder)?;
        let canonical = |path: &Path| {
            std::fs::canonicalize(path).map_err(|error| match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => AssetError::Missing,
                _ => AssetError::Other(error.to_string()),
            })
        };
        // A link may lead out of the folder; what counts is where the file really is.
        let root = canonical(folder)?;
        let file = canonical(&root.join(path))?;
        if !file.starts_with(&root) {
            return Err(AssetError::Outside);
        }
        let bytes = files::open(&file).and_then(|file| files::bounded(file, self.limits.image_bytes));
        match bytes {
            Ok(bytes) => bytes.ok_or(AssetError::TooLarge),
            Err(error) if error.kind() == ErrorKind::IsADirectory => Err(AssetError::Missing),
            Err(error) if Irregular::message(&error).is_some() => Err(AssetError::NoFile),
            Err(error) => Err(AssetError::Other(error.to_string())),
        }
    }
}
