//! Copies of glyphs with a wider advance, in a font program of TrueType outlines.
//!
//! The gap between Han and Latin is part of the advance of the glyph before it. As an empty place between two glyphs it
//! would be read as a space: whoever searches a file for 2023年 would not find it.

use crate::font::Font;

/// The program with a copy of each of these glyphs behind its last one, each `more` thousandths of an em wider, and the
/// number of the first copy. None if it is no such program.
pub(super) fn with_copies(program: &[u8], glyphs: &[u16], font: &Font, more: i64) -> Option<(Vec<u8>, u16)> {
    let mut tables = tables(program)?;
    let table = |tag: &[u8; 4]| tables.iter().position(|(known, _)| known == tag);
    let (head, hhea, maxp) = (table(b"head")?, table(b"hhea")?, table(b"maxp")?);
    let (hmtx, loca, glyf) = (table(b"hmtx")?, table(b"loca")?, table(b"glyf")?);
    let count = usize::from(number(&tables[maxp].1, 4)?);
    let metrics = usize::from(number(&tables[hhea].1, 34)?);
    let long = number(&tables[head].1, 50)? == 1;
    let more = more * i64::from(font.units_per_em()) / 1000;
    let offset = |at: usize, data: &[u8]| match long {
        true => Some(u32::from_be_bytes(data.get(at * 4..at * 4 + 4)?.try_into().ok()?) as usize),
        false => Some(usize::from(number(data, at * 2)?) * 2),
    };
    let metric = |glyph: usize, data: &[u8]| -> Option<(u16, u16)> {
        let advance = number(data, glyph.min(metrics.checked_sub(1)?) * 4)?;
        let bearing = if glyph < metrics { glyph * 4 + 2 } else { metrics * 4 + (glyph - metrics) * 2 };
        Some((advance, number(data, bearing)?))
    };

    let mut outlines = tables[glyf].1.clone();
    let mut ends: Vec<usize> = (0..=count).map(|at| offset(at, &tables[loca].1)).collect::<Option<_>>()?;
    let mut advances: Vec<(u16, u16)> =
        (0..count).map(|glyph| metric(glyph, &tables[hmtx].1)).collect::<Option<_>>()?;
    for glyph in glyphs {
        let (start, end) = (*ends.get(usize::from(*glyph))?, *ends.get(usize::from(*glyph) + 1)?);
        outlines.resize(outlines.len().next_multiple_of(4), 0);
        if end > start {
            let bounds: [u8; 8] = outlines.get(start + 2..start + 10)?.try_into().ok()?;
            outlines.extend(copy_of(*glyph, bounds));
        }
        let (advance, bearing) = *advances.get(usize::from(*glyph))?;
        let wider = u16::try_from(i64::from(advance) + more).ok()?;
        advances.push((wider, bearing));
        // The first copy begins where the last glyph ended, or behind its padding.
        if let Some(last) = ends.last_mut() {
            *last = (*last).max(outlines.len() - if end > start { COPY } else { 0 });
        }
        ends.push(outlines.len());
    }
    tables[glyf].1 = outlines;
    tables[loca].1 = ends.iter().flat_map(|end| (*end as u32).to_be_bytes()).collect();
    tables[hmtx].1 = advances
        .iter()
        .flat_map(|(advance, bearing)| [advance.to_be_bytes(), bearing.to_be_bytes()].concat())
        .collect();
    let total = u16::try_from(count + glyphs.len()).ok()?;
    put(&mut tables[maxp].1, 4, total)?;
    put(&mut tables[hhea].1, 34, total)?;
    put(&mut tables[head].1, 50, 1)?;
    let widest = advances.iter().map(|(advance, _)| *advance).max()?;
    put(&mut tables[hhea].1, 10, widest)?;
    composites(&mut tables[maxp].1)?;
    Some((write(program, tables), u16::try_from(count).ok()?))
}

/// A composite glyph of one component: the glyph of this number, with its bounds.
// ISO/IEC 14496-22, glyf: composite glyph description
fn copy_of(glyph: u16, bounds: [u8; 8]) -> [u8; COPY] {
    const ARGUMENTS_ARE_OFFSETS: u16 = 2;
    let mut copy = [0; COPY];
    copy[..2].copy_from_slice(&(-1_i16).to_be_bytes());
    copy[2..10].copy_from_slice(&bounds);
    copy[10..12].copy_from_slice(&ARGUMENTS_ARE_OFFSETS.to_be_bytes());
    copy[12..14].copy_from_slice(&glyph.to_be_bytes());
    copy
}

/// The length of such a glyph.
const COPY: usize = 16;

/// States in `maxp` that there are composite glyphs of one component more than before.
fn composites(maxp: &mut [u8]) -> Option<()> {
    if number(maxp, 0)? != 1 {
        return None;
    }
    for (simple, composite) in [(6, 10), (8, 12)] {
        let most = number(maxp, simple)?.max(number(maxp, composite)?);
        put(maxp, composite, most)?;
    }
    let components = number(maxp, 28)?.max(1);
    put(maxp, 28, components)?;
    let depth = number(maxp, 30)? + 1;
    put(maxp, 30, depth)
}

fn number(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn put(data: &mut [u8], at: usize, value: u16) -> Option<()> {
    data.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
    Some(())
}

/// The tables of a font, in the order of its directory.
fn tables(program: &[u8]) -> Option<Vec<([u8; 4], Vec<u8>)>> {
    let count = usize::from(number(program, 4)?);
    let long = |at: usize| Some(u32::from_be_bytes(program.get(at..at + 4)?.try_into().ok()?) as usize);
    let table = |at: usize| {
        let entry = 12 + at * 16;
        let (start, length) = (long(entry + 8)?, long(entry + 12)?);
        let tag = program.get(entry..entry + 4)?.try_into().ok()?;
        Some((tag, program.get(start..start.checked_add(length)?)?.to_vec()))
    };
    (0..count).map(table).collect()
}

/// The font of these tables, with the head of `program`.
fn write(program: &[u8], tables: Vec<([u8; 4], Vec<u8>)>) -> Vec<u8> {
    let mut out = program[..12].to_vec();
    let mut start = 12 + tables.len() * 16;
    let mut head = None;
    for (tag, data) in &tables {
        if tag == b"head" {
            head = Some(start);
        }
        out.extend_from_slice(tag);
        for value in [checksum(data, tag == b"head"), start as u32, data.len() as u32] {
            out.extend_from_slice(&value.to_be_bytes());
        }
        start += data.len().next_multiple_of(4);
    }
    for (_, data) in tables {
        out.extend_from_slice(&data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    if let Some(head) = head {
        out[head + 8..head + 12].fill(0);
        let adjustment = 0xb1b0_afba_u32.wrapping_sub(checksum(&out, false));
        out[head + 8..head + 12].copy_from_slice(&adjustment.to_be_bytes());
    }
    out
}

/// The sum of the words of a table; that of `head` does not count its own adjustment.
fn checksum(data: &[u8], is_head: bool) -> u32 {
    let words = data.chunks(4).enumerate().filter(|(at, _)| !(is_head && *at == 2));
    words.fold(0_u32, |sum, (_, chunk)| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use skrifa::instance::{LocationRef, Size};
    use skrifa::{GlyphId, MetadataProvider};
    use subsetter::GlyphRemapper;

    use super::*;
    use crate::font::{FontId, Fonts};

    #[test]
    fn a_copy_draws_the_same_and_is_wider() {
        let fonts = Fonts::embedded();
        for id in [FontId::LATIN, FontId::FANGSONG, FontId::SONG] {
            let font = fonts.font(id);
            let mut glyphs: Vec<u16> = "0123 公A".chars().filter_map(|c| font.glyph(c)).collect();
            glyphs.sort_unstable();
            let count = glyphs.len() as u16 + 1;
            let program =
                subsetter::subset(font.data(), font.index(), &GlyphRemapper::new_from_glyphs_sorted(&glyphs))
                    .expect("subsets");
            let (wider, first) =
                with_copies(&program, &[1, 3, count - 1], font, 219).expect("has TrueType outlines");
            let face = skrifa::FontRef::new(&wider).expect("is a font");
            assert!(first >= count, "parts of composite glyphs may follow");
            let metrics = face.glyph_metrics(Size::unscaled(), LocationRef::default());
            assert_eq!(metrics.glyph_count(), u32::from(first) + 3);
            for (at, glyph) in [1, 3, count - 1].into_iter().enumerate() {
                let (copy, glyph) = (GlyphId::from(first + at as u16), GlyphId::from(glyph));
                assert_eq!(metrics.bounds(copy), metrics.bounds(glyph));
                let more = metrics.advance_width(copy).unwrap() - metrics.advance_width(glyph).unwrap();
                assert_eq!(more as i64, 219 * i64::from(font.units_per_em()) / 1000);
            }
            assert_eq!(checksum(&wider, false), 0xb1b0_afba);
        }
    }
}
