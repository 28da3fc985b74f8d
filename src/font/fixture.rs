//! Fonts for tests, made of the shipped ones: other permissions, other names, other units, a collection.

#![allow(dead_code, reason = "the tests of the library and those of the command each use a part")]

use std::path::Path;

/// A Han font of 3 MB.
pub fn han() -> Vec<u8> {
    shipped("NotoSansSC-Medium.P1.ttf")
}

/// A Latin font.
pub fn latin() -> Vec<u8> {
    shipped("LiberationSerif-Regular.ttf")
}

/// A font of the program.
pub fn shipped(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Where the record of a table is in the directory, and where the table itself is.
fn table(font: &[u8], tag: &[u8; 4]) -> (usize, usize, usize) {
    let count = usize::from(u16_at(font, 4));
    let record = (0..count).map(|at| 12 + 16 * at).find(|&at| &font[at..at + 4] == tag);
    let record = record.unwrap_or_else(|| panic!("no {}", String::from_utf8_lossy(tag)));
    (record, u32_at(font, record + 8), u32_at(font, record + 12))
}

/// The font with another `fsType`.
pub fn with_fs_type(font: &[u8], fs_type: u16) -> Vec<u8> {
    let mut font = font.to_vec();
    let (_, offset, _) = table(&font, b"OS/2");
    font[offset + 8..offset + 10].copy_from_slice(&fs_type.to_be_bytes());
    font
}

/// The font with a table by another tag.
pub fn with_table(font: &[u8], old: &[u8; 4], new: &[u8; 4]) -> Vec<u8> {
    let mut font = font.to_vec();
    let (record, ..) = table(&font, old);
    font[record..record + 4].copy_from_slice(new);
    font
}

/// The font with other units and advances that are the same part of an em as before.
pub fn with_units_per_em(font: &[u8], units: u16) -> Vec<u8> {
    let mut font = font.to_vec();
    let (_, head, _) = table(&font, b"head");
    let old = u32::from(u16_at(&font, head + 18));
    font[head + 18..head + 20].copy_from_slice(&units.to_be_bytes());
    let (_, hhea, _) = table(&font, b"hhea");
    let (_, hmtx, _) = table(&font, b"hmtx");
    for metric in 0..usize::from(u16_at(&font, hhea + 34)) {
        let at = hmtx + 4 * metric;
        let advance = (u32::from(u16_at(&font, at)) * u32::from(units) + old / 2) / old;
        font[at..at + 2].copy_from_slice(&(advance as u16).to_be_bytes());
    }
    font
}

/// The font with an advance that is `factor` times what it was for every glyph of `width`.
pub fn with_advance(font: &[u8], width: u16, other: u16) -> Vec<u8> {
    let mut font = font.to_vec();
    let (_, hhea, _) = table(&font, b"hhea");
    let (_, hmtx, _) = table(&font, b"hmtx");
    for metric in 0..usize::from(u16_at(&font, hhea + 34)) {
        let at = hmtx + 4 * metric;
        if u16_at(&font, at) == width {
            font[at..at + 2].copy_from_slice(&other.to_be_bytes());
        }
    }
    font
}

/// The font with a character in place of its last ones, which must be higher than all others.
pub fn with_character(font: &[u8], character: char) -> Vec<u8> {
    let mut font = font.to_vec();
    let (_, cmap, _) = table(&font, b"cmap");
    for at in 0..usize::from(u16_at(&font, cmap + 2)) {
        let subtable = cmap + u32_at(&font, cmap + 4 + 8 * at + 4);
        if u16_at(&font, subtable) == 12 {
            let last = subtable + 16 + 12 * (u32_at(&font, subtable + 12) - 1);
            for part in [last, last + 4] {
                font[part..part + 4].copy_from_slice(&u32::from(character).to_be_bytes());
            }
        }
    }
    font
}

/// The font by other names: Chinese family, English family, PostScript.
pub fn named(font: &[u8], chinese: &str, english: &str, postscript: &str) -> Vec<u8> {
    const ENGLISH: u16 = 0x409;
    const CHINESE: u16 = 0x804;
    let names = [
        (ENGLISH, 1, english),
        (ENGLISH, 5, "Version 5.00"),
        (ENGLISH, 6, postscript),
        (CHINESE, 1, chinese),
    ];
    let (mut records, mut strings) = (Vec::new(), Vec::new());
    for (language, id, text) in names {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let record = [3, 1, language, id, utf16.len() as u16, strings.len() as u16];
        records.extend(record.into_iter().flat_map(u16::to_be_bytes));
        strings.extend(utf16);
    }
    let count = names.len() as u16;
    let mut table_bytes: Vec<u8> =
        [0, count, 6 + 12 * count].into_iter().flat_map(u16::to_be_bytes).collect();
    table_bytes.extend(records);
    table_bytes.extend(strings);
    let mut font = font.to_vec();
    let (record, ..) = table(&font, b"name");
    let offset = font.len() as u32;
    font[record + 8..record + 12].copy_from_slice(&offset.to_be_bytes());
    font[record + 12..record + 16].copy_from_slice(&(table_bytes.len() as u32).to_be_bytes());
    font.extend(table_bytes);
    font
}

/// The fonts in one file.
pub fn collection(fonts: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"ttcf\0\x01\0\0".to_vec();
    file.extend((fonts.len() as u32).to_be_bytes());
    let mut start = file.len() + 4 * fonts.len();
    for font in fonts {
        file.extend((start as u32).to_be_bytes());
        start += font.len();
    }
    for font in fonts {
        let start = file.len();
        let mut font = font.clone();
        for record in 0..usize::from(u16_at(&font, 4)) {
            let at = 12 + 16 * record + 8;
            let offset = (u32_at(&font, at) + start) as u32;
            font[at..at + 4].copy_from_slice(&offset.to_be_bytes());
        }
        file.extend(font);
    }
    file
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}
