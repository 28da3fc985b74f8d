//! Compression, with one compressor for each thread and level, reused from stream to stream.
//!
//! A compressor is half a megabyte of tables, and a file has dozens of streams: making one for each costs as much as
//! compressing a page.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

thread_local! {
    /// One for each level that was used.
    static COMPRESSORS: RefCell<Vec<(CompressionLvl, Compressor)>> = const { RefCell::new(Vec::new()) };
}

/// Calls `compress` with this thread's compressor of a level. The result does not depend on what it
/// compressed before.
pub(crate) fn with_compressor<T>(level: CompressionLvl, compress: impl FnOnce(&mut Compressor) -> T) -> T {
    COMPRESSORS.with_borrow_mut(|known| {
        let at = known.iter().position(|(other, _)| *other == level).unwrap_or_else(|| {
            known.push((level, Compressor::new(level)));
            known.len() - 1
        });
        compress(&mut known[at].1)
    })
}

/// The zlib stream of some bytes: RFC 1950.
pub(crate) fn deflate(level: CompressionLvl, bytes: &[u8]) -> Vec<u8> {
    with_compressor(level, |compressor| {
        let mut deflated = vec![0; compressor.zlib_compress_bound(bytes.len())];
        let length = compressor.zlib_compress(bytes, &mut deflated).expect("the bound is enough");
        deflated.truncate(length);
        deflated
    })
}
