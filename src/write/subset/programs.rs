//! Font programs, subset to the glyphs in use and compressed, and cached from file to file.
//!
//! Reports of one form share headings, labels and digits, so that most of their fonts have the same subset
//! each time; only the font of the prose has another subset for every report.

use std::sync::Arc;

use libdeflater::CompressionLvl;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::wider;
use crate::deflate::deflate;
use crate::font::Font;
use crate::message;
use crate::write::WriteError;

/// The size of the cache in bytes: enough for some twenty reports.
const CAPACITY: u64 = 4 << 20;

/// The cached programs. The bytes of a file never depend on what is cached.
pub(crate) struct Programs(Cache<Key, Arc<Program>, Bytes>);

/// The key of a program: the SHA-256 of font and glyphs, and the compression level.
type Key = ([u8; 32], i32);

/// A font subset to some of its glyphs.
pub(crate) struct Program {
    /// The subset tag, six letters that depend on the glyphs: ISO 32000-1, 9.6.4.
    pub tag: String,
    pub outlines: Outlines,
    /// The number of the first of the wider copies, which are behind all glyphs, if it has any.
    pub first_copy: Option<u16>,
}

/// The program itself.
pub(crate) enum Outlines {
    /// As it is written into the file. It does not pass through printpdf, which would copy it three times.
    TrueType(Compressed),
    /// As printpdf needs it, which parses it.
    Cff(Vec<u8>),
}

/// zlib's form of a program.
pub(crate) struct Compressed {
    pub bytes: Vec<u8>,
    /// How long the program is.
    pub length: usize,
}

/// A subset to make.
pub(crate) struct Cut<'a> {
    pub font: &'a Font,
    /// In the order of the font.
    pub glyphs: &'a GlyphRemapper,
    /// Those of which there is a wider copy, by their new numbers, and by how many thousandths of an em it is wider.
    pub wider: (&'a [u16], i64),
    /// The compression level.
    pub level: CompressionLvl,
}

/// Weighs by length.
#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Program>> for Bytes {
    fn weight(&self, _: &Key, program: &Arc<Program>) -> u64 {
        match &program.outlines {
            Outlines::TrueType(compressed) => compressed.bytes.len() as u64,
            Outlines::Cff(bytes) => bytes.len() as u64,
        }
    }
}

impl Programs {
    /// None yet.
    pub fn new() -> Programs {
        // In one shard: a report makes six requests, and with a shard for each thread each would be too
        // small.
        let options = OptionsBuilder::new()
            .shards(1)
            .estimated_items_capacity(128)
            .weight_capacity(CAPACITY)
            .build()
            .expect("all that is needed is given");
        let (hashes, life) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        Programs(Cache::with_options(options, Bytes, hashes, life))
    }

    /// The program, from the cache or made now.
    ///
    /// # Errors
    /// If the subsetter refuses the font.
    pub fn get(&self, cut: &Cut) -> Result<Arc<Program>, WriteError> {
        let hash = cut.hash();
        self.0.get_or_insert_with(&(hash, cut.level.into()), || cut.make(&hash).map(Arc::new))
    }
}

impl Cut<'_> {
    fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.font.sha256());
        hash.update(self.font.index().to_be_bytes());
        let glyphs: Vec<u8> = self.glyphs.remapped_gids().flat_map(u16::to_be_bytes).collect();
        hash.update(glyphs);
        let (copies, more) = self.wider;
        if !copies.is_empty() {
            hash.update(more.to_be_bytes());
            hash.update(copies.iter().copied().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
        }
        hash.finalize().into()
    }

    fn make(&self, hash: &[u8; 32]) -> Result<Program, WriteError> {
        let program =
            subsetter::subset(self.font.data(), self.font.index(), self.glyphs).map_err(|error| {
                let name = self.font.postscript_name();
                WriteError::Font(message!(
                    "字体 {name} 不能取子集：{error}",
                    "the font {name} cannot be subset: {error}"
                ))
            })?;
        let (copies, more) = self.wider;
        let with_copies = (!copies.is_empty()).then(|| wider::with_copies(&program, copies, self.font, more));
        let (program, first_copy) = match with_copies.flatten() {
            Some((program, first)) => (program, Some(first)),
            None => (program, None),
        };
        let (length, is_cff) = (program.len(), program.starts_with(b"OTTO"));
        let mut bytes = if is_cff { program } else { deflate(self.level, &program) };
        // What is kept is weighed by its length.
        bytes.shrink_to_fit();
        Ok(Program {
            tag: hash.iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect(),
            first_copy,
            outlines: if is_cff {
                Outlines::Cff(bytes)
            } else {
                Outlines::TrueType(Compressed { bytes, length })
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::{FontId, Fonts};

    #[test]
    fn one_choice_of_glyphs_is_subset_once() {
        let fonts = Fonts::embedded();
        let font = fonts.font(FontId::FANGSONG);
        let glyphs = |text: &str| {
            let mut glyphs: Vec<u16> = text.chars().filter_map(|c| font.glyph(c)).collect();
            glyphs.sort_unstable();
            GlyphRemapper::new_from_glyphs_sorted(&glyphs)
        };
        let programs = Programs::new();
        let get = |text: &str, level: i32| {
            let level = CompressionLvl::new(level).unwrap();
            programs.get(&Cut { font, glyphs: &glyphs(text), wider: (&[], 0), level }).unwrap()
        };
        let first = get("公开", 1);
        assert!(Arc::ptr_eq(&first, &get("开公", 1)));
        for (text, level) in [("公开", 2), ("公", 1), ("公文", 1)] {
            assert!(!Arc::ptr_eq(&first, &get(text, level)), "{text} {level}");
        }
        assert!(get("公文", 1).tag != first.tag && get("公开", 2).tag == first.tag);
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let fonts = Fonts::embedded();
        let font = fonts.font(FontId::FANGSONG);
        let programs = Programs::new();
        for first in (1..4000).step_by(100) {
            let glyphs = GlyphRemapper::new_from_glyphs_sorted(&(first..first + 600).collect::<Vec<u16>>());
            programs
                .get(&Cut { font, glyphs: &glyphs, wider: (&[], 0), level: CompressionLvl::fastest() })
                .unwrap();
        }
        assert!(programs.0.weight() <= CAPACITY && programs.0.len() > 4, "{}", programs.0.weight());
    }
}
