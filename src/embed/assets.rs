//! Images for embedding, and from an embedded source.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::assets::{AssetError, Assets};

/// Assets that record the images that are read.
pub(crate) struct Recorder<'a> {
    from: &'a dyn Assets,
    read: RefCell<BTreeMap<String, Vec<u8>>>,
}

impl<'a> Recorder<'a> {
    /// A recorder of the files of `from`.
    pub fn new(from: &'a dyn Assets) -> Self {
        Recorder { from, read: RefCell::default() }
    }

    /// The images that were read, by the paths of the report.
    pub fn read(self) -> BTreeMap<String, Vec<u8>> {
        self.read.into_inner()
    }
}

impl Assets for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        let bytes = self.from.read(path)?;
        self.read.borrow_mut().insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }
}

/// The images of an embedded source, by the paths of the report.
pub(crate) struct Kept<'a>(pub BTreeMap<&'a str, &'a [u8]>);

impl Assets for Kept<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        self.0.get(path).map(|bytes| bytes.to_vec()).ok_or(AssetError::Missing)
    }
}
