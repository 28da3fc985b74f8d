//! How hard the streams of a PDF are compressed.

use libdeflater::CompressionLvl;

use super::Settings;
use crate::deflate::deflate;

/// Compression levels of streams.
#[derive(Clone, Copy)]
pub(super) struct Compression {
    /// Of everything else.
    pub level: CompressionLvl,
    /// Of the programs of fonts.
    pub fonts: CompressionLvl,
    pictures: CompressionLvl,
}

impl Compression {
    /// As the options have it.
    pub fn of(options: &Settings) -> Self {
        let level = |level: u8| CompressionLvl::new(i32::from(level.clamp(1, 12))).unwrap_or_default();
        Compression {
            level: level(options.compression),
            fonts: level(options.font_compression),
            pictures: level(options.picture_compression),
        }
    }

    /// zlib's form of the samples of a picture.
    pub fn deflate_picture(self, samples: &[u8]) -> Vec<u8> {
        deflate(self.pictures, samples)
    }
}
