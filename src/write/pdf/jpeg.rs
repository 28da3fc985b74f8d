//! JPEG files that go into a PDF as they are.
//!
//! Not every JPEG can: the Exif data of a camera may rotate the picture, which a PDF viewer ignores, and
//! colours other than gray and YCbCr are shown differently by different viewers. Those are refused here.

/// A JPEG without metadata.
pub(super) struct Jpeg {
    /// The stripped file.
    pub bytes: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `DeviceGray` or `DeviceRGB`.
    pub colour_space: &'static str,
}

/// Removes Exif, profiles and comments; `None` if the file must be decoded instead, or is damaged.
pub(super) fn strip(file: &[u8]) -> Option<Jpeg> {
    let mut bytes = file.get(..2).filter(|start| *start == [0xff, 0xd8])?.to_vec();
    let mut frame = None;
    let mut at = 2;
    loop {
        let [0xff, marker] = *file.get(at..at + 2)? else { return None };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(file.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = file.get(at..at + 2 + length)?;
        let body = segment.get(4..)?;
        match marker {
            // Exif.
            0xe1 if is_turned(body) => return None,
            // JFIF and Adobe segments define the coding of colours; other metadata and comments are dropped.
            0xe1..=0xed | 0xef | 0xfe => {}
            // The frame: baseline, extended or progressive, Huffman-coded.
            0xc0..=0xc2 => {
                frame = Some(body);
                bytes.extend_from_slice(segment);
            }
            // Other codings.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return None,
            // The picture itself, up to the end.
            0xda => {
                bytes.extend_from_slice(&file[at..]);
                break;
            }
            _ => bytes.extend_from_slice(segment),
        }
        at += 2 + length;
    }
    let &[precision, h1, h0, w1, w0, components, ..] = frame? else { return None };
    let colour_space = match (precision, components) {
        (8, 1) => "DeviceGray",
        (8, 3) => "DeviceRGB",
        _ => return None,
    };
    let [width, height] = [[w1, w0], [h1, h0]].map(|pair| u32::from(u16::from_be_bytes(pair)));
    Some(Jpeg { bytes, width, height, colour_space })
}

/// Whether Exif data rotates or mirrors the picture. Damaged data is ignored.
fn is_turned(segment: &[u8]) -> bool {
    orientation(segment).is_some_and(|orientation| orientation != 1)
}

/// The orientation tag (0x0112) of the first directory: Exif 2.3, 4.6.4.
fn orientation(segment: &[u8]) -> Option<u16> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let high_low = |at: usize| Some((u16_at(at)?, u16_at(at + 2)?));
    let (first, second) = high_low(4)?;
    let directory = if little { (second, first) } else { (first, second) };
    let directory = usize::from(directory.0) << 16 | usize::from(directory.1);
    let entries = usize::from(u16_at(directory)?);
    let entry =
        (0..entries).map(|index| directory + 2 + 12 * index).find(|&at| u16_at(at) == Some(0x0112))?;
    u16_at(entry + 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG file with these segments before its scan.
    fn file(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        for (marker, body) in segments {
            file.extend([0xff, *marker]);
            file.extend((body.len() as u16 + 2).to_be_bytes());
            file.extend_from_slice(body);
        }
        file.extend([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
        file
    }

    const RGB: &[u8] = &[8, 0, 20, 0, 30, 3, 1, 0x22, 0];

    fn exif(orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0]);
        exif
    }

    #[test]
    fn notes_beside_the_picture_are_dropped() {
        let jpeg = strip(&file(&[(0xe1, &exif(1)), (0xfe, b"where"), (0xc0, RGB)])).unwrap();
        assert_eq!(jpeg.bytes, file(&[(0xc0, RGB)]));
        assert_eq!((jpeg.width, jpeg.height, jpeg.colour_space), (30, 20, "DeviceRGB"));
    }

    #[test]
    fn turned_pictures_and_other_colours_are_refused() {
        assert!(strip(&file(&[(0xe1, &exif(6)), (0xc0, RGB)])).is_none());
        assert!(strip(&file(&[(0xc0, &[8, 0, 20, 0, 30, 4])])).is_none());
        assert!(strip(&file(&[(0xc9, RGB)])).is_none());
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file(&[(0xe1, &exif(1)), (0xc0, RGB)]);
        for end in 0..whole.len() - 9 {
            assert!(strip(&whole[..end]).is_none(), "{end}");
        }
    }
}
