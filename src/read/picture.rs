//! Picture files without what is not the picture: turned as their orientation says, without the camera's data, places,
//! comments, thumbnails and anything behind the end.
//!
//! What this gives is given again unchanged, so that a file made from an embedded picture is the same file. A picture
//! that needs no turn keeps its coded pixels bit for bit; a turned JPEG is coded again.

use std::borrow::Cow;
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageFormat, ImageReader, codecs};

/// The coding of a turned JPEG, of 100.
const QUALITY: u8 = 95;

/// A PNG or JPEG file taken apart.
struct Parts {
    /// The file with the picture and its colours alone.
    bytes: Vec<u8>,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

/// The file with the picture alone, upright; other files than PNG and JPEG as they are. `limit` is the most memory, in
/// bytes, for the decoded picture.
pub(crate) fn cleaned(file: &[u8], limit: u64) -> Cow<'_, [u8]> {
    let format = match file {
        [0x89, b'P', b'N', b'G', ..] => ImageFormat::Png,
        [0xff, 0xd8, ..] => ImageFormat::Jpeg,
        _ => return Cow::Borrowed(file),
    };
    let parts = if format == ImageFormat::Png { png(file) } else { jpeg(file) };
    match parts {
        Some(parts) if parts.orientation == Orientation::NoTransforms => {
            if parts.bytes == file {
                Cow::Borrowed(file)
            } else {
                Cow::Owned(parts.bytes)
            }
        }
        // A file that cannot be taken apart is coded again: nothing of it may be passed on unread.
        parts => {
            let (orientation, profile) = match parts {
                Some(parts) => (parts.orientation, parts.profile),
                None => (Orientation::NoTransforms, None),
            };
            coded_again(file, format, orientation, profile, limit).map_or(Cow::Borrowed(file), Cow::Owned)
        }
    }
}

/// The colour profile of a cleaned file, if it has one.
pub(crate) fn profile(file: &[u8]) -> Option<Vec<u8>> {
    match file {
        [0x89, b'P', b'N', b'G', ..] => png(file)?.profile,
        [0xff, 0xd8, ..] => jpeg(file)?.profile,
        _ => None,
    }
}

fn coded_again(
    file: &[u8],
    format: ImageFormat,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
    limit: u64,
) -> Option<Vec<u8>> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut allocation = image::Limits::default();
    allocation.max_alloc = Some(limit);
    reader.limits(allocation);
    let mut picture = reader.decode().ok()?;
    picture.apply_orientation(orientation);
    let is_gray = matches!(picture, DynamicImage::ImageLuma8(_));
    let mut bytes = Vec::new();
    if format == ImageFormat::Png {
        return encoded(codecs::png::PngEncoder::new(&mut bytes), &picture, profile).then_some(bytes);
    }
    let picture = if is_gray { picture } else { DynamicImage::ImageRgb8(picture.into_rgb8()) };
    encoded(codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY), &picture, profile)
        .then_some(bytes)
}

fn encoded(mut encoder: impl ImageEncoder, picture: &DynamicImage, profile: Option<Vec<u8>>) -> bool {
    let kept = profile.is_none_or(|profile| encoder.set_icc_profile(profile).is_ok());
    kept && picture.write_with_encoder(encoder).is_ok()
}

/// Chunks of the picture and its colours: PNG (3rd edition), 5.6 and 11.
fn png(file: &[u8]) -> Option<Parts> {
    const SIGNATURE: usize = 8;
    const KEPT: [&[u8; 4]; 13] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
        b"bKGD", b"pHYs",
    ];
    let mut bytes = file.get(..SIGNATURE)?.to_vec();
    let (mut at, mut orientation, mut profile) = (SIGNATURE, Orientation::NoTransforms, None);
    loop {
        let length = u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?) as usize;
        let end = at.checked_add(12)?.checked_add(length)?;
        let chunk = file.get(at..end)?;
        let (kind, content) = (&chunk[4..8], &chunk[8..8 + length]);
        if KEPT.iter().any(|kept| kept.as_slice() == kind) {
            bytes.extend_from_slice(chunk);
        }
        match kind {
            b"eXIf" => orientation = Orientation::from_exif_chunk(content).unwrap_or(orientation),
            b"iCCP" => profile = png_profile(content),
            b"IEND" => return Some(Parts { bytes, orientation, profile }),
            _ => {}
        }
        at = end;
    }
}

/// The profile of a chunk: a name, the method, and compressed bytes.
fn png_profile(content: &[u8]) -> Option<Vec<u8>> {
    const LARGEST: usize = 4 << 20;
    let name = content.iter().position(|byte| *byte == 0)?;
    let compressed = content.get(name + 2..)?;
    let mut inflated = vec![0; LARGEST];
    let length = libdeflater::Decompressor::new().zlib_decompress(compressed, &mut inflated).ok()?;
    inflated.truncate(length);
    Some(inflated)
}

/// Segments of the picture and its colours: ITU-T T.81, annex B; JFIF; ICC.1, annex B.
fn jpeg(file: &[u8]) -> Option<Parts> {
    const PROFILE: &[u8] = b"ICC_PROFILE\0";
    let mut bytes = file.get(..2).filter(|start| *start == [0xff, 0xd8])?.to_vec();
    let (mut at, mut orientation) = (2, Orientation::NoTransforms);
    let mut profile: Vec<(u8, &[u8])> = Vec::new();
    loop {
        let [0xff, marker] = *file.get(at..at + 2)? else { return None };
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            // The end; a camera may add a film or a second picture.
            0xd9 => {
                bytes.extend([0xff, 0xd9]);
                profile.sort_by_key(|(number, _)| *number);
                let profile: Vec<u8> = profile.into_iter().flat_map(|(_, part)| part).copied().collect();
                let profile = Some(profile).filter(|profile| !profile.is_empty());
                return Some(Parts { bytes, orientation, profile });
            }
            0x01 | 0xd0..=0xd8 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(file.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = file.get(at..at + 2 + length)?;
        let body = segment.get(4..)?;
        at += 2 + length;
        match marker {
            0xe0 => bytes.extend(jfif(body).unwrap_or_default()),
            0xe1 => {
                let exif = body.strip_prefix(b"Exif\0\0").and_then(Orientation::from_exif_chunk);
                orientation = exif.unwrap_or(orientation);
            }
            0xe2 => {
                if let Some([number, _, part @ ..]) = body.strip_prefix(PROFILE) {
                    profile.push((*number, part));
                    bytes.extend_from_slice(segment);
                }
            }
            // Adobe's says how colours are coded.
            0xee if body.starts_with(b"Adobe") => bytes.extend_from_slice(segment),
            0xe3..=0xef | 0xfe => {}
            0xda => {
                bytes.extend_from_slice(segment);
                let end = end_of_scan(file, at)?;
                bytes.extend_from_slice(&file[at..end]);
                at = end;
            }
            _ => bytes.extend_from_slice(segment),
        }
    }
}

/// A JFIF segment without its thumbnail.
fn jfif(body: &[u8]) -> Option<Vec<u8>> {
    let fixed = body.get(..12).filter(|fixed| fixed.starts_with(b"JFIF\0"))?;
    Some([&[0xff, 0xe0, 0, 16], fixed, &[0, 0]].concat())
}

/// Where the next segment after coded pixels begins.
fn end_of_scan(file: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(0xff, file.get(at..)?)?;
        match file.get(at + 1)? {
            // A coded 0xff, and marks within a scan.
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 1 << 24;

    /// A picture of four colours: red, green / blue, white, each 8 pixels wide and 16 high.
    fn picture() -> DynamicImage {
        let colours = [[200, 30, 30], [30, 160, 30], [30, 30, 200], [250, 250, 250]];
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(16, 32, |x, y| {
            image::Rgb(colours[(x / 8 + 2 * (y / 16)) as usize])
        }))
    }

    fn exif(orientation: u8) -> Vec<u8> {
        let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif
    }

    fn file(format: ImageFormat, orientation: u8, profile: Option<Vec<u8>>) -> Vec<u8> {
        fn write(mut encoder: impl ImageEncoder, orientation: u8, profile: Option<Vec<u8>>) {
            encoder.set_exif_metadata(exif(orientation)).expect("takes it");
            assert!(encoded(encoder, &picture(), profile));
        }
        let mut bytes = Vec::new();
        match format {
            ImageFormat::Png => write(codecs::png::PngEncoder::new(&mut bytes), orientation, profile),
            _ => write(codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95), orientation, profile),
        }
        bytes
    }

    fn decoded(file: &[u8]) -> image::RgbImage {
        image::load_from_memory(file).expect("reads").into_rgb8()
    }

    #[test]
    fn every_orientation_is_applied_and_nothing_is_turned_twice() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            for value in 1..=8 {
                let file = file(format, value, None);
                let clean = cleaned(&file, LIMIT);
                assert!(!clean.windows(4).any(|part| part == b"MM\0*"), "{format:?} {value}");
                assert_eq!(cleaned(&clean, LIMIT), clean, "{format:?} {value}");
                let mut wanted = picture();
                wanted.apply_orientation(Orientation::from_exif(value).expect("is one"));
                let (wanted, found) = (wanted.into_rgb8(), decoded(&clean));
                assert_eq!(found.dimensions(), wanted.dimensions(), "{format:?} {value}");
                let pairs = found.as_raw().iter().zip(wanted.as_raw());
                assert!(pairs.clone().all(|(a, b)| a.abs_diff(*b) < 40), "{format:?} {value}");
            }
        }
    }

    #[test]
    fn pixels_and_profile_stay_and_all_else_goes() {
        let profile = vec![7; 200];
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let plain = {
                let mut bytes = Vec::new();
                match format {
                    ImageFormat::Png => {
                        assert!(encoded(codecs::png::PngEncoder::new(&mut bytes), &picture(), None))
                    }
                    _ => assert!(encoded(
                        codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95),
                        &picture(),
                        None
                    )),
                }
                bytes
            };
            assert_eq!(cleaned(&file(format, 1, None), LIMIT), plain, "{format:?}");
            for value in [1, 6] {
                let mut given = file(format, value, Some(profile.clone()));
                given.extend(b"behind the end");
                let clean = cleaned(&given, LIMIT);
                assert_eq!(super::profile(&clean).as_ref(), Some(&profile), "{format:?} {value}");
                assert!(!clean.windows(6).any(|part| part == b"behind"));
            }
        }
    }

    #[test]
    fn notes_and_thumbnails_of_a_jpeg_go() {
        let plain = cleaned(&file(ImageFormat::Jpeg, 1, None), LIMIT).into_owned();
        let mut noted = plain[..2].to_vec();
        noted.extend(b"\xff\xe0\0\x13JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01rgb");
        for (marker, body) in [
            (0xe0, "JFXX\0\x10"),
            (0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>"),
            (0xed, "Photoshop 3.0\0"),
            (0xe2, "MPF\0"),
            (0xfe, "where"),
        ] {
            noted.extend([0xff, marker, 0, body.len() as u8 + 2]);
            noted.extend(body.as_bytes());
        }
        noted.extend(&plain[20..]);
        let clean = cleaned(&noted, LIMIT);
        assert_eq!(clean.len(), plain.len());
        assert_eq!(clean[20..], plain[20..]);
        for part in ["rgb", "JFXX", "adobe", "Photoshop", "MPF", "where"] {
            assert!(!clean.windows(part.len()).any(|found| found == part.as_bytes()), "{part}");
        }
    }

    #[test]
    fn damaged_files_are_given_back_and_never_panic() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let whole = file(format, 6, Some(vec![7; 50]));
            for end in 0..whole.len() {
                cleaned(&whole[..end], LIMIT);
            }
        }
        assert_eq!(cleaned(b"GIF89a", LIMIT).as_ref(), b"GIF89a");
    }
}
