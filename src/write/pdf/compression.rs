//! How hard the streams of a PDF are compressed.

use libdeflater::CompressionLvl;

use crate::deflate::deflate;

/// Compression levels of streams.
#[derive(Clone, Copy)]
pub(super) struct Compression {
    /// Of everything else, some thirty KiB.
    pub level: CompressionLvl,
    /// Of the programs of fonts, which are most of the file and shrink little: a level of 1 costs 2 % in size.
    pub fonts: CompressionLvl,
    /// Of the pictures that are no JPEG.
    pictures: CompressionLvl,
}

impl Default for Compression {
    fn default() -> Self {
        let level = |level| CompressionLvl::new(level).unwrap_or_default();
        Compression { level: level(1), fonts: level(1), pictures: level(6) }
    }
}

impl Compression {
    /// zlib's form of the samples of a picture.
    pub fn deflate_picture(self, samples: &[u8]) -> Vec<u8> {
        deflate(self.pictures, samples)
    }
}
