//! Layout files from a folder or a path, added to those of the program.

use std::path::{Path, PathBuf};

use super::{LayoutError, Layouts};
use crate::files::{self, Irregular};
use crate::message;

/// The largest file of a layout that is read; the largest of the program has 30 KB.
const MAX_BYTES: usize = 1 << 20;

impl Layouts {
    /// These layouts and that of a file, with its id.
    ///
    /// # Errors
    /// If the file cannot be read, or is no valid layout.
    pub fn with_path(&self, path: &Path) -> Result<(Layouts, String), LayoutError> {
        self.with_file(&path.display().to_string(), &read(path)?)
    }

    /// These layouts and all of a folder: its files whose names end in `.toml`.
    ///
    /// # Errors
    /// If the folder or a file cannot be read, or a file is no valid layout.
    pub fn with_folder(&self, folder: &Path) -> Result<Layouts, LayoutError> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
            let path = entry.map_err(|error| unreadable(folder, &error))?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut layouts = self.clone();
        // A file may extend one that comes after it: what fails is tried again as long as others succeed.
        while !paths.is_empty() {
            let mut failed: Vec<(PathBuf, LayoutError)> = Vec::new();
            let count = paths.len();
            for path in std::mem::take(&mut paths) {
                match layouts.with_path(&path) {
                    Ok((more, _)) => layouts = more,
                    Err(error) => failed.push((path, error)),
                }
            }
            if failed.len() == count {
                return Err(failed.swap_remove(0).1);
            }
            paths = failed.into_iter().map(|(path, _)| path).collect();
        }
        Ok(layouts)
    }
}

fn read(path: &Path) -> Result<String, LayoutError> {
    let bytes = files::open(path).and_then(|file| files::bounded(file, MAX_BYTES));
    let bytes = bytes.map_err(|error| unreadable(path, &error))?;
    let wrong = |message| LayoutError { file: path.display().to_string(), position: None, message };
    let size = MAX_BYTES >> 20;
    let bytes = bytes.ok_or_else(|| wrong(message!("超过 {size} MiB", "larger than {size} MiB")))?;
    String::from_utf8(bytes).map_err(|_| wrong(message!("不是 UTF-8 文本", "this is not text in UTF-8")))
}

fn unreadable(path: &Path, error: &std::io::Error) -> LayoutError {
    let message = match Irregular::message(error) {
        Some(message) => message,
        None => message!("读不出来：{error}", "cannot be read: {error}"),
    };
    LayoutError { file: path.display().to_string(), position: None, message }
}
