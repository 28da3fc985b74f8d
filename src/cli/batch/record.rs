//! The record beside the files of a report: the hashes of their inputs, so that a run can be resumed.
//!
//! It is written last. Files without it, or that do not agree with it, are made again.

use std::collections::{BTreeMap, HashMap};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::super::files;
use crate::assets::{AssetError, Assets};
use crate::files::bounded;
use crate::font::Fonts;
use crate::hash::sha256;
use crate::layout::Layouts;
use crate::{Format, Options};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::hash::hex;

/// The ending of its name.
pub const ENDING: &str = ".gongwen.json";

/// The inputs of the files of a report, and the files.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// SHA-256 of all that is the same for the batch, of the report and of its layouts.
    pub made_of: String,
    /// SHA-256 of the images, by the paths of the report.
    pub images: BTreeMap<String, String>,
    /// How many pages the files have.
    pub pages: usize,
    /// The files by their endings.
    pub files: BTreeMap<String, FileRecord>,
    /// The findings about the report, as the results list them.
    pub findings: Vec<Value>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Value>,
}

/// A file that was made.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its length.
    pub bytes: usize,
    /// Its SHA-256.
    pub sha256: String,
}

/// The inputs that are the same for all reports of a run: program, options and fonts.
pub struct Basis {
    hash: Sha256,
    layout: Option<String>,
    /// The hashes of the layouts met so far, with those they extend.
    layouts: Mutex<HashMap<String, Vec<u8>>>,
}

impl Basis {
    pub fn new(options: &Options, fonts: &Fonts) -> Basis {
        let mut hash = Sha256::new();
        hash.update(concat!("gongwen ", env!("CARGO_PKG_VERSION"), "\n"));
        // All options: their debug form has each of them.
        hash.update(format!("{options:?}\n"));
        for id in fonts.ids() {
            hash.update(fonts.font(id).sha256());
            hash.update(fonts.font(id).index().to_be_bytes());
        }
        // Reading every other font of a folder could take minutes.
        for path in fonts.others() {
            hash.update(path.as_os_str().as_encoded_bytes());
            hash.update(std::fs::metadata(path).map_or(0, |file| file.len()).to_be_bytes());
        }
        Basis { hash, layout: options.layout.clone(), layouts: Mutex::default() }
    }

    /// The fingerprint of a report of these bytes with the files that belong to it, by their options.
    pub fn made_of(&self, report: &[u8], belonging: &[(&str, &[u8])], layouts: &Layouts) -> String {
        let mut hash = self.hash.clone();
        let id = self.layout.clone().unwrap_or_else(|| layout_of(report));
        hash.update(self.chain(id, layouts));
        hash.update(Sha256::digest(report));
        for (option, bytes) in belonging {
            hash.update(option);
            hash.update(Sha256::digest(bytes));
        }
        hex(&hash.finalize())
    }
}

impl Basis {
    /// The hashes of a layout and of those that it extends.
    fn chain(&self, id: String, layouts: &Layouts) -> Vec<u8> {
        let mut known = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        let hashes =
            || layouts.chain(&id).iter().flat_map(|layout| Sha256::digest(layout.text.as_bytes())).collect();
        match known.get(&id) {
            Some(hashes) => hashes.clone(),
            None => {
                let hashes: Vec<u8> = hashes();
                known.insert(id, hashes.clone());
                hashes
            }
        }
    }
}

/// The layout that a report names, found without reading the report completely.
fn layout_of(report: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named {
        layout: String,
    }
    let text = report.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(report);
    serde_json::from_slice::<Named>(text).map(|named| named.layout).unwrap_or_default()
}

impl Record {
    /// The record beside the files of this stem.
    pub fn read(stem: &Path) -> Option<Record> {
        serde_json::from_reader(BufReader::new(files::open(&path(stem)).ok()?)).ok()
    }

    /// Whether the files exist, are intact, and were made from the same inputs.
    pub fn holds(&self, stem: &Path, made_of: &str, formats: &[Format], assets: &dyn Assets) -> bool {
        let image =
            |(path, hash): (&String, &String)| assets.read(path).is_ok_and(|bytes| sha256(&bytes) == *hash);
        let file = |format: &Format| {
            self.files.get(format.extension()).is_some_and(|record| {
                let file = files::open(&files::with_ending(stem, format.extension()));
                file.and_then(|file| bounded(file, record.bytes)).is_ok_and(|bytes| {
                    bytes.is_some_and(|bytes| bytes.len() == record.bytes && sha256(&bytes) == record.sha256)
                })
            })
        };
        self.made_of == made_of && formats.iter().all(file) && self.images.iter().all(image)
    }
}

/// The path of the record of this stem.
pub fn path(stem: &Path) -> PathBuf {
    files::with_ending(stem, &ENDING[1..])
}

/// Assets that record the hashes of the images that are read.
pub struct Hashing<'a> {
    from: &'a dyn Assets,
    hashes: std::cell::RefCell<BTreeMap<String, String>>,
}

impl<'a> Hashing<'a> {
    pub fn new(from: &'a dyn Assets) -> Hashing<'a> {
        Hashing { from, hashes: std::cell::RefCell::default() }
    }

    pub fn hashes(self) -> BTreeMap<String, String> {
        self.hashes.into_inner()
    }
}

impl Assets for Hashing<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        let bytes = self.from.read(path)?;
        self.hashes.borrow_mut().insert(path.to_owned(), sha256(&bytes));
        Ok(bytes)
    }
}
