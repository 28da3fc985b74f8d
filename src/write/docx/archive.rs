//! A ZIP file of a few parts, each compressed in one piece (APPNOTE.TXT 6.3.10, and ISO/IEC 21320-1 for documents).
//!
//! Every entry has the same time and system, so that the bytes depend on the parts alone. The whole file is in memory
//! and small; there is no ZIP64 and no streaming.

use libdeflater::CompressionLvl;

use crate::deflate::with_compressor;

/// A ZIP file under construction.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    /// The central directory.
    directory: Vec<u8>,
    entries: u16,
}

/// The compression level: files are a twentieth larger than at 6, and made a third faster.
const LEVEL: i32 = 4;

/// Deflate, written by version 2.0 of a ZIP program.
const VERSION: u16 = 20;

/// The names are UTF-8; those here are ASCII, which need no flag.
const FLAGS: u16 = 0;

/// 1980-01-01, the first day that ZIP knows, at midnight.
const DATE: u16 = 1 << 5 | 1;

impl Zip {
    /// Adds a part.
    pub fn add(&mut self, name: &str, content: &[u8]) {
        /// A local header without the name.
        const HEADER: usize = 30;
        const STORED: u16 = 0;
        const DEFLATED: u16 = 8;
        // Unix, whose permissions follow.
        const MADE_BY: u16 = 3 << 8 | VERSION;
        // An ordinary file that its owner may write and everybody read.
        const MODE: u32 = 0o100_644 << 16;
        let offset = self.bytes.len() as u32;
        let start = self.bytes.len() + HEADER + name.len();
        let level = CompressionLvl::new(LEVEL).unwrap_or_default();
        let packed = with_compressor(level, |compressor| {
            self.bytes.resize(start + compressor.deflate_compress_bound(content.len()), 0);
            compressor.deflate_compress(content, &mut self.bytes[start..])
        });
        let (method, length) = match packed {
            Ok(length) if length < content.len() => (DEFLATED, length),
            Ok(_) | Err(_) => {
                self.bytes.truncate(start);
                self.bytes.extend_from_slice(content);
                (STORED, content.len())
            }
        };
        self.bytes.truncate(start + length);
        // The fields that a local header and an entry of the central directory share, from the version on.
        let mut shared = Vec::with_capacity(26);
        [VERSION, FLAGS, method, 0, DATE].into_iter().for_each(|value| shared.extend(value.to_le_bytes()));
        let crc = libdeflater::crc32(content);
        [crc, length as u32, content.len() as u32]
            .into_iter()
            .for_each(|value| shared.extend(value.to_le_bytes()));
        [name.len() as u16, 0].into_iter().for_each(|value| shared.extend(value.to_le_bytes()));
        let header = &mut self.bytes[offset as usize..start];
        header[..4].copy_from_slice(b"PK\x03\x04");
        header[4..HEADER].copy_from_slice(&shared);
        header[HEADER..].copy_from_slice(name.as_bytes());
        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend(MADE_BY.to_le_bytes());
        self.directory.extend(&shared);
        // No comment, the first disk, no flag for text.
        self.directory.extend([0; 6]);
        self.directory.extend(MODE.to_le_bytes());
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.entries += 1;
    }

    /// The file.
    pub fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len() as u32;
        self.bytes.append(&mut self.directory);
        let length = self.bytes.len() as u32 - start;
        self.bytes.extend_from_slice(b"PK\x05\x06");
        self.bytes.extend([0; 4]);
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn another_reader_finds_every_part() {
        let parts = [("a.xml", "公文".repeat(999)), ("b/c.bin", "x".into()), ("empty", String::new())];
        let mut zip = Zip::default();
        parts.iter().for_each(|(name, content)| zip.add(name, content.as_bytes()));
        let bytes = zip.finish();
        assert!(bytes.len() < 999);
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(read.len(), parts.len());
        for (index, (name, content)) in parts.iter().enumerate() {
            let mut entry = read.by_index(index).unwrap();
            assert_eq!(entry.name().unwrap(), *name);
            assert_eq!(entry.unix_mode(), Some(0o100_644));
            let mut found = String::new();
            // The reader checks the sum.
            entry.read_to_string(&mut found).unwrap();
            assert_eq!(&found, content);
        }
    }
}
