//! The files of an archive in a folder.

use std::path::Path;

use super::{Failure, files};
use crate::archive::Files;
use crate::message;
use crate::options::Limits;

/// The files of a bag. What is no file of its own, such as a link out of it, is refused: it is not kept with the bag.
pub fn read(folder: &Path, limits: &Limits) -> Result<Files, Failure> {
    // All of it is held at once; a file alone may have as many bytes.
    let mut left = limits.file_bytes;
    let mut bag = Files::new();
    for path in files::files_in(folder)? {
        let of_its_own = std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
        let parts = path.strip_prefix(folder).unwrap_or(&path).components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        let Some(parts) = parts.filter(|_| of_its_own) else {
            let name = path.display();
            return Err(Failure::file(message!(
                "{name}：归档包里只能有普通文件，文件名用 UTF-8",
                "{name}: a bag holds files, no links, with names in UTF-8"
            )));
        };
        let size = std::fs::metadata(&path).map_or(0, |found| found.len());
        left = usize::try_from(size)
            .ok()
            .and_then(|size| left.checked_sub(size))
            .ok_or_else(|| files::too_large(&path, limits.file_bytes))?;
        bag.insert(parts.join("/"), files::read(&path, limits.file_bytes)?);
    }
    Ok(bag)
}
