//! Subsets that are complete fonts: what a Word file embeds, so that people can continue to write with them.
//!
//! The PDF's subsets have no `cmap` and are useless to an editor. Here glyphs are renumbered in the order of
//! their characters, components of composite glyphs after them, and the tables that refer to glyphs are
//! rewritten.

use std::collections::{BTreeMap, BTreeSet};

use super::Font;

/// The font with these characters alone; those that it lacks are left out. `None` if it has no TrueType outlines.
pub(crate) fn subset(font: &Font, characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let tables = Tables::of(font)?;
    let mut glyphs = vec![0_u16];
    let mut numbers = BTreeMap::from([(0_u16, 0_u16)]);
    let mut map: Vec<(u32, u16)> = Vec::new();
    for character in characters {
        let Some(old) = font.glyph(*character).filter(|glyph| *glyph != 0) else { continue };
        let new = number(old, &mut glyphs, &mut numbers);
        map.push((u32::from(*character), new));
    }
    let (mut glyf, mut loca, mut hmtx) = (Vec::new(), vec![0_u8; 4], Vec::new());
    let mut at = 0;
    while at < glyphs.len() {
        let mut outline = tables.outline(glyphs[at])?.to_vec();
        for place in components(&outline)? {
            let old = u16::from_be_bytes([outline[place], outline[place + 1]]);
            let new = number(old, &mut glyphs, &mut numbers);
            outline[place..place + 2].copy_from_slice(&new.to_be_bytes());
        }
        glyf.extend_from_slice(&outline);
        glyf.resize(glyf.len().next_multiple_of(4), 0);
        loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
        hmtx.extend_from_slice(&tables.metric(glyphs[at])?);
        at += 1;
    }
    let count = u16::try_from(glyphs.len()).ok()?.to_be_bytes();
    let mut head = tables.get(b"head")?.to_vec();
    head.get_mut(8..12)?.fill(0);
    head.get_mut(50..52)?.copy_from_slice(&1_u16.to_be_bytes());
    let mut hhea = tables.get(b"hhea")?.to_vec();
    hhea.get_mut(34..36)?.copy_from_slice(&count);
    let mut maxp = tables.get(b"maxp")?.to_vec();
    maxp.get_mut(4..6)?.copy_from_slice(&count);
    // Version 3: no names of glyphs.
    let mut post = tables.get(b"post")?.get(..32)?.to_vec();
    post[..4].copy_from_slice(&0x0003_0000_u32.to_be_bytes());
    let mut parts: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::from([
        (*b"OS/2", tables.get(b"OS/2")?.to_vec()),
        (*b"cmap", cmap(&map)),
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", hhea),
        (*b"hmtx", hmtx),
        (*b"loca", loca),
        (*b"maxp", maxp),
        // With the copyright and the licence, which must accompany the font.
        (*b"name", tables.get(b"name")?.to_vec()),
        (*b"post", post),
    ]);
    for tag in [b"cvt ", b"fpgm", b"prep", b"gasp"] {
        if let Some(table) = tables.get(tag) {
            parts.insert(*tag, table.to_vec());
        }
    }
    Some(assemble(&parts))
}

/// The new number of a glyph.
fn number(old: u16, glyphs: &mut Vec<u16>, numbers: &mut BTreeMap<u16, u16>) -> u16 {
    *numbers.entry(old).or_insert_with(|| {
        glyphs.push(old);
        // No font has more glyphs than a number of 16 bits counts.
        (glyphs.len() - 1) as u16
    })
}

/// The tables of a font by their tags.
struct Tables<'a> {
    tables: BTreeMap<[u8; 4], &'a [u8]>,
    long_offsets: bool,
    metrics: usize,
}

impl<'a> Tables<'a> {
    fn of(font: &'a Font) -> Option<Tables<'a>> {
        let data = font.data();
        let count = usize::from(short(data, 4)?);
        let mut tables = BTreeMap::new();
        for entry in data.get(12..12 + 16 * count)?.chunks(16) {
            let offset = long(entry, 8)? as usize;
            let table = data.get(offset..offset + long(entry, 12)? as usize)?;
            tables.insert(entry[..4].try_into().ok()?, table);
        }
        let long_offsets = short(tables.get(b"head")?, 50)? == 1;
        let metrics = usize::from(short(tables.get(b"hhea")?, 34)?);
        Some(Tables { tables, long_offsets, metrics })
    }

    fn get(&self, tag: &[u8; 4]) -> Option<&'a [u8]> {
        self.tables.get(tag).copied()
    }

    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        let (loca, at) = (self.get(b"loca")?, usize::from(glyph));
        let offset = |at: usize| match self.long_offsets {
            true => long(loca, at * 4).map(|offset| offset as usize),
            false => short(loca, at * 2).map(|offset| usize::from(offset) * 2),
        };
        self.get(b"glyf")?.get(offset(at)?..offset(at + 1)?)
    }

    /// Advance and left side bearing; glyphs beyond the last metric have its advance.
    fn metric(&self, glyph: u16) -> Option<[u8; 4]> {
        let (hmtx, at) = (self.get(b"hmtx")?, usize::from(glyph));
        if at < self.metrics {
            return hmtx.get(at * 4..at * 4 + 4)?.try_into().ok();
        }
        let last = hmtx.get((self.metrics - 1) * 4..)?;
        let bearing = hmtx.get(self.metrics * 4 + (at - self.metrics) * 2..)?;
        Some([last[0], last[1], *bearing.first()?, *bearing.get(1)?])
    }
}

/// The offsets of the component indices of a composite glyph. // OpenType, glyf
fn components(outline: &[u8]) -> Option<Vec<usize>> {
    const WORDS: u16 = 1;
    const SCALE: u16 = 8;
    const MORE: u16 = 0x20;
    const TWO_SCALES: u16 = 0x40;
    const MATRIX: u16 = 0x80;
    let mut places = Vec::new();
    if outline.is_empty() || short(outline, 0)? < 0x8000 {
        return Some(places);
    }
    let mut at = 10;
    loop {
        let flags = short(outline, at)?;
        short(outline, at + 2)?;
        places.push(at + 2);
        at += 4 + if flags & WORDS == 0 { 2 } else { 4 };
        at += match flags {
            flags if flags & SCALE != 0 => 2,
            flags if flags & TWO_SCALES != 0 => 4,
            flags if flags & MATRIX != 0 => 8,
            _ => 0,
        };
        if flags & MORE == 0 {
            return Some(places);
        }
    }
}

/// Characters by code as runs in which code and glyph go up together: first code, last code, first glyph.
fn runs(map: &[(u32, u16)]) -> Vec<(u32, u32, u16)> {
    let mut runs: Vec<(u32, u32, u16)> = Vec::new();
    for &(code, glyph) in map {
        match runs.last_mut() {
            Some((first, last, start))
                if *last + 1 == code && u32::from(*start) + code - *first == u32::from(glyph) =>
            {
                *last = code;
            }
            _ => runs.push((code, code, glyph)),
        }
    }
    runs
}

/// `cmap` of two subtables: format 4 for the first plane, format 12 for all.
fn cmap(map: &[(u32, u16)]) -> Vec<u8> {
    let all = runs(map);
    let mut plane: Vec<(u16, u16, u16)> = all
        .iter()
        .filter(|(_, last, _)| *last < 0xFFFF)
        .map(|&(first, last, glyph)| (first as u16, last as u16, glyph.wrapping_sub(first as u16)))
        .collect();
    plane.push((0xFFFF, 0xFFFF, 1));
    let segments = plane.len() as u16;
    let floor = 1_u16 << segments.ilog2();
    let mut four: Vec<u16> = vec![4, 16 + segments * 8, 0, segments * 2];
    four.extend([floor * 2, floor.ilog2() as u16, (segments - floor) * 2]);
    four.extend(plane.iter().map(|segment| segment.1));
    four.push(0);
    four.extend(plane.iter().map(|segment| segment.0));
    four.extend(plane.iter().map(|segment| segment.2));
    four.extend(std::iter::repeat_n(0, plane.len()));
    let four: Vec<u8> = four.into_iter().flat_map(u16::to_be_bytes).collect();
    let mut table: Vec<u8> = [0_u16, 2, 3, 1].into_iter().flat_map(u16::to_be_bytes).collect();
    table.extend(20_u32.to_be_bytes());
    table.extend([3_u16, 10].into_iter().flat_map(u16::to_be_bytes));
    table.extend((20 + four.len() as u32).to_be_bytes());
    table.extend(four);
    table.extend([12_u16, 0].into_iter().flat_map(u16::to_be_bytes));
    table.extend([16 + 12 * all.len() as u32, 0, all.len() as u32].into_iter().flat_map(u32::to_be_bytes));
    for (first, last, glyph) in all {
        table.extend([first, last, u32::from(glyph)].into_iter().flat_map(u32::to_be_bytes));
    }
    table
}

/// The file: directory, tables by tag, checksums. // OpenType, table directory
fn assemble(parts: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = parts.len() as u16;
    let floor = 1_u16 << count.ilog2();
    let header = [count, floor * 16, floor.ilog2() as u16, (count - floor) * 16];
    let mut file: Vec<u8> = 0x0001_0000_u32.to_be_bytes().to_vec();
    file.extend(header.into_iter().flat_map(u16::to_be_bytes));
    let mut body = Vec::new();
    let start = 12 + 16 * parts.len();
    let mut head = 0;
    for (tag, table) in parts {
        if tag == b"head" {
            head = start + body.len();
        }
        file.extend(tag);
        file.extend(checksum(table).to_be_bytes());
        file.extend(((start + body.len()) as u32).to_be_bytes());
        file.extend((table.len() as u32).to_be_bytes());
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    file.extend(body);
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&file));
    file[head + 8..head + 12].copy_from_slice(&adjustment.to_be_bytes());
    file
}

fn checksum(table: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(word)
    };
    table.chunks(4).fold(0, |sum, chunk| sum.wrapping_add(word(chunk)))
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::font::{FontId, Fonts};

    #[test]
    fn subsets_are_whole_fonts_of_fewer_characters() {
        let fonts = Fonts::embedded();
        for id in fonts.ids() {
            let whole = fonts.font(id);
            let wanted: BTreeSet<char> = "公文（2023）é𬭚、。".chars().collect();
            let bytes = subset(whole, &wanted).expect("a subset");
            assert!(bytes.len() < whole.data().len() / 10, "{id:?}: {}", bytes.len());
            assert_eq!(checksum(&bytes), 0xB1B0_AFBA);
            let part = Font::parse(Cow::Owned(bytes), [0; 32]).expect("a font");
            assert_eq!(part.family(), whole.family());
            assert_eq!(part.glyph('们'), None);
            for character in wanted {
                let advance = |font: &Font| font.glyph(character).map(|glyph| font.advance(glyph));
                assert_eq!(advance(&part), advance(whole), "{id:?} {character}");
            }
        }
        assert!(fonts.font(FontId::LATIN).glyph('é').is_some(), "a composite glyph was tried");
    }
}
