//! Listing of folders, all their files in a fixed order; and opening of files.
//!
//! A path may lead to a named pipe, a device or a socket. Opening or reading one of them can wait for ever, so a file is
//! asked what it is before it is opened.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::Message;
use crate::message;

/// What a path leads to is neither a file nor a folder.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("this is a named pipe, a device or a socket, not a file")]
pub(crate) struct Irregular;

impl Irregular {
    /// In both languages, if this is the error.
    pub(crate) fn message(error: &io::Error) -> Option<Message> {
        let is_it = error.get_ref().is_some_and(|inner| inner.is::<Irregular>());
        is_it.then(|| message!("这是命名管道、设备或套接字，不是文件", "{Irregular}"))
    }
}

/// Whether a path leads to a file of bytes; a folder is told by its own error.
///
/// # Errors
/// If there is nothing, a folder, or what is no file.
pub(crate) fn regular(path: &Path) -> io::Result<()> {
    let kind = std::fs::metadata(path)?;
    if kind.is_file() {
        Ok(())
    } else if kind.is_dir() {
        Err(io::ErrorKind::IsADirectory.into())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, Irregular))
    }
}

/// Opens a file, and nothing that is none.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    regular(path)?;
    File::open(path)
}

/// All bytes, unless there are more than `limit`.
pub(crate) fn bounded(reader: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

/// The files of a folder and of the folders in it, by path; links to folders are not followed.
pub(crate) fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    Ok(files)
}
