//! Listing of folders: all their files, in a fixed order.

use std::io;
use std::path::{Path, PathBuf};

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
