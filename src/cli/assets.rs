//! Images from one folder and nowhere else.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use gongwen::document::{AssetError, Assets, MAX_IMAGE_BYTES};

/// The folder that the paths of a report start from; none for a report from a pipe.
pub struct Folder(pub Option<PathBuf>);

impl Assets for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        let inside = |path: &str| {
            let drive = path.as_bytes().get(1) == Some(&b':');
            let mut parts = Path::new(path).components();
            !drive
                && !path.contains('\\')
                && parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        };
        if !inside(path) {
            return Err(AssetError::Outside);
        }
        let folder = self.0.as_ref().ok_or(AssetError::NoFolder)?;
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
        let other = |error: std::io::Error| AssetError::Other(error.to_string());
        let file = File::open(file).map_err(other)?;
        if !file.metadata().map_err(other)?.is_file() {
            return Err(AssetError::Missing);
        }
        let mut bytes = Vec::new();
        file.take(MAX_IMAGE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(other)?;
        if bytes.len() > MAX_IMAGE_BYTES { Err(AssetError::TooLarge) } else { Ok(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("report");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(outer.path().join("secret.png"), b"secret").expect("writes");
        std::fs::write(folder.join("chart.png"), b"chart").expect("writes");
        let assets = Folder(Some(folder.clone()));
        assert_eq!(assets.read("chart.png"), Ok(b"chart".to_vec()));
        assert_eq!(assets.read("./chart.png"), Ok(b"chart".to_vec()));
        let absolute = outer.path().join("secret.png").display().to_string();
        for path in ["../secret.png", &absolute, "C:secret.png", "..\\secret.png", "a/../../secret.png"] {
            assert_eq!(assets.read(path), Err(AssetError::Outside), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("secret.png"), folder.join("link.png"))
                .expect("links");
            assert_eq!(assets.read("link.png"), Err(AssetError::Outside));
        }
        assert_eq!(assets.read("none.png"), Err(AssetError::Missing));
        assert_eq!(Folder(None).read("chart.png"), Err(AssetError::NoFolder));
    }
}
