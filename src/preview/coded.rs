//! How large pictures are by their own data. What a dictionary says of a picture is not what its decoder goes by: a picture
//! of one pixel may hold a JBIG2 page of 4 billion, or ask for a page of pixels a thousand times.

use hayro::hayro_syntax::Filter;

/// Whether the decoder of a filter goes by its data, and not by the dictionary.
pub(super) fn says_its_size(filter: &Filter) -> bool {
    matches!(filter, Filter::Jbig2Decode | Filter::JpxDecode)
}

/// The pixels of a picture, and those that are decoded for it, which may be more.
pub(super) fn pixels(filter: &Filter, data: &[u8]) -> (u64, u64) {
    match filter {
        Filter::Jbig2Decode => jbig2(data),
        _ => {
            let own = jpeg2000(data).unwrap_or(0);
            (own, own)
        }
    }
}

/// The page of JBIG2 data, and all regions of it: ISO/IEC 14492, 7.2 (headers of segments), 7.4.1 (regions), 7.4.8 (pages).
fn jbig2(data: &[u8]) -> (u64, u64) {
    /// Types of segments: regions of text, of halftones, and generic ones, 7.3.
    const REGIONS: std::ops::RangeInclusive<u8> = 4..=43;
    const PAGE: u8 = 48;
    const END_OF_STRIPE: u8 = 50;
    /// The height of a page of stripes, of which the last one says where it ends.
    const UNKNOWN: u64 = 0xFFFF_FFFF;
    let (mut width, mut height, mut decoded, mut rest) = (0_u64, 0_u64, 0_u64, data);
    while let Some((kind, own, after)) = segment(rest) {
        let number = |at: usize| number(own, at).map_or(0, u64::from);
        match kind {
            PAGE => {
                width = width.max(number(0));
                height = height.max(Some(number(4)).filter(|height| *height != UNKNOWN).unwrap_or(0));
            }
            END_OF_STRIPE => height = height.max(number(0) + 1),
            _ if REGIONS.contains(&kind) => {
                decoded = decoded.saturating_add(number(0).saturating_mul(number(4)))
            }
            _ => {}
        }
        rest = after;
    }
    let page = width.saturating_mul(height);
    (page, decoded.saturating_add(page))
}

/// The type and data of the first segment, and what is behind it.
fn segment(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let number_of = number(data, 0)?;
    let flags = *data.get(4)?;
    let first = *data.get(5)?;
    // 7.2.4: seven and more segments that it refers to are counted in a long form.
    let (count, mut at) = match first >> 5 {
        7 => {
            let count = number(data, 5)? & 0x1FFF_FFFF;
            (count, 5 + 4 + (count as usize + 1).div_ceil(8))
        }
        count => (u32::from(count), 6),
    };
    let width = match number_of {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    let is_long = flags & 0x40 != 0;
    at = at.checked_add((count as usize).checked_mul(width)?)?.checked_add(if is_long { 4 } else { 1 })?;
    let length = number(data, at)?;
    let rest = data.get(at + 4..)?;
    // A generic region may leave its length open, 7.2.7: what follows it is looked for byte by byte by a decoder.
    let (own, after) = rest.split_at_checked(length as usize).unwrap_or((rest, &[]));
    Some((flags & 0x3F, own, after))
}

/// The image area of JPEG 2000 data: ISO/IEC 15444-1, A.5.1.
fn jpeg2000(data: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(data, &[0xFF, 0x4F, 0xFF, 0x51])? + 8;
    let side = |end, from| Some(u64::from(number(data, at + end)?.saturating_sub(number(data, at + from)?)));
    Some(side(0, 8)?.saturating_mul(side(4, 12)?))
}

fn number(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A segment of a page: number, flags, references, page, length, data.
    fn one(kind: u8, data: &[u8]) -> Vec<u8> {
        let mut segment = vec![0, 0, 0, 1, kind, 0, 1];
        segment.extend((data.len() as u32).to_be_bytes());
        segment.extend(data);
        segment
    }

    #[test]
    fn a_page_and_its_regions_are_as_large_as_their_data_say() {
        let size = |width: u32, height: u32| [width.to_be_bytes(), height.to_be_bytes()].concat();
        let page = one(48, &[size(2000, 3000), vec![0; 11]].concat());
        let region = one(38, &[size(100, 50), vec![0; 12]].concat());
        assert_eq!(jbig2(&page), (6_000_000, 6_000_000));
        let all = [page, region.repeat(3), one(51, &[])].concat();
        assert_eq!(jbig2(&all), (6_000_000, 6_015_000));
        let striped = [one(48, &[size(10, u32::MAX), vec![0; 11]].concat()), one(50, &[0, 0, 0, 9])].concat();
        assert_eq!(jbig2(&striped), (100, 100));
        // Seven references in the long form.
        let mut long = vec![0, 0, 0, 9, 38, 0xE0, 0, 0, 7, 0];
        long.extend([1; 7]);
        long.push(1);
        long.extend(8_u32.to_be_bytes());
        long.extend(size(10, 10));
        assert_eq!(jbig2(&long), (0, 100));
        assert_eq!(jbig2(&long[..12]), (0, 0));
    }

    #[test]
    fn jpeg_2000_has_the_area_of_its_header() {
        let numbers: Vec<u8> = [1100_u32, 2200, 100, 200].into_iter().flat_map(u32::to_be_bytes).collect();
        let data = [&[0, 0, 0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0][..], &numbers].concat();
        assert_eq!(jpeg2000(&data), Some(2_000_000));
        assert_eq!(jpeg2000(&data[..20]), None);
    }
}
