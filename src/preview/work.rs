//! How large the data of a PDF may be, looked at before anything of it is drawn.
//!
//! A file of a few kilobytes may unpack to gigabytes. hayro has no bounds for that: the streams are unpacked here first.

use std::borrow::Cow;

use hayro::hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro::hayro_syntax::{Filter, Pdf};
use libdeflater::{DecompressionError, Decompressor};

use crate::diagnostic::Message;
use crate::message;

use super::{coded, texts};

/// The most bytes that one stream unpacks to: a page of A4 at 600 dpi in colour has 105 million.
const MOST_OF_STREAM: usize = 128 << 20;
/// The most bytes that all streams unpack to together; a scan of 30 pages at 300 dpi in colour has 780 million.
const MOST_OF_ALL: usize = 2 << 30;
/// The most pixels of one image, by what it says of itself.
pub(super) const MOST_PIXELS: u64 = 100_000_000;
/// The deepest nesting of lists and dictionaries: hayro reads no deeper one, and looks again and again for its end.
const DEEPEST: usize = 512;

/// What a PDF has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMuch {
    /// Streams that unpack to too many bytes.
    Bytes,
    /// An image of too many pixels.
    Pixels,
    /// Lists and dictionaries in one another.
    Depth,
    /// Things to draw.
    Drawing,
}

impl TooMuch {
    /// In words.
    pub fn message(self) -> Message {
        match self {
            TooMuch::Bytes => {
                message!("PDF 的数据解开后太大", "the data of the PDF are too large when unpacked")
            }
            TooMuch::Pixels => message!("PDF 里有一张图片太大", "a picture in the PDF has too many pixels"),
            TooMuch::Depth => message!("PDF 嵌套太深", "the PDF is nested too deep"),
            TooMuch::Drawing => message!(
                "PDF 要画的内容太多，超出限度",
                "the PDF draws too much: more paths, pictures or layers than any page needs"
            ),
        }
    }
}

/// Ends the thread that reads the file, as nothing else ends an interpretation; `join` gets the reason.
pub(crate) fn give_up<T: Send + 'static>(reason: T) -> ! {
    // No panic, so that nothing is printed.
    std::panic::resume_unwind(Box::new(reason))
}

/// Refuses a file that would be too much before hayro reads anything of it.
pub(crate) fn within(bytes: &[u8]) -> Result<(), TooMuch> {
    shallow(bytes)?;
    let mut left = MOST_OF_ALL;
    let mut decompressor = Decompressor::new();
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let rest = &bytes[at + b"stream".len()..];
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        if !is_zlib(rest) {
            continue;
        }
        let end = memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
        // Compressed data may hold the word by chance, or to deceive.
        if unpack(&mut decompressor, &rest[..end], &mut left)?.is_none() && end < rest.len() {
            unpack(&mut decompressor, rest, &mut left)?;
        }
    }
    Ok(())
}

/// Refuses a file by what its objects say, which are read one by one: images, and streams whose data are no zlib data at
/// once.
pub(crate) fn objects_within(pdf: &Pdf) -> Result<Sizes, TooMuch> {
    let mut left = MOST_OF_ALL;
    let mut sizes = Sizes { contents: contents_within(pdf)?, ..Sizes::default() };
    let mut decompressor = Decompressor::new();
    for object in pdf.objects() {
        let stream = match object {
            Object::Stream(stream) => stream,
            Object::Dict(font) => {
                glyphs_within(&font, &mut left)?;
                continue;
            }
            _ => continue,
        };
        image_within(&stream)?;
        let is_zlib_at_once = matches!(stream.filters().first(), None | Some(Filter::FlateDecode));
        let is_form = stream.dict().get::<Name>(b"Subtype".as_slice()).is_some_and(|name| &*name == b"Form")
            || stream.dict().contains_key(b"PatternType".as_slice());
        // What is encrypted was not seen by `within`.
        let is_encrypted = matches!(stream.raw_data(), Cow::Owned(_));
        let is_program = stream.dict().get::<u32>(b"FunctionType".as_slice()) == Some(POSTSCRIPT);
        if is_zlib_at_once && !is_form && !is_encrypted && !is_program {
            continue;
        }
        let data = unfiltered(&mut decompressor, &stream, &mut left)?;
        let length = data.len();
        if is_form {
            texts::within(&data)?;
            sizes.form = sizes.form.max(length);
            sizes.contents += length;
        }
        if is_program {
            sizes.program = sizes.program.max(length);
        }
    }
    Ok(sizes)
}

/// Refuses a font of drawn glyphs, ISO 32000-1, 9.6.5, whose glyphs are too much.
fn glyphs_within(font: &Dict, left: &mut usize) -> Result<(), TooMuch> {
    let Some(glyphs) = font.get::<Dict>(b"CharProcs".as_slice()) else { return Ok(()) };
    let mut decompressor = Decompressor::new();
    for name in glyphs.keys() {
        if let Some(stream) = glyphs.get::<Stream>(name.as_ref()) {
            texts::within(&unfiltered(&mut decompressor, &stream, left)?)?;
        }
    }
    Ok(())
}

/// What the objects of a file say of its size, in bytes when unpacked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    /// The largest form: each time that it is drawn it is unpacked and read again.
    pub form: usize,
    /// The contents of all pages, and all forms.
    pub contents: usize,
    /// The largest function in PostScript: ISO 32000-1, 7.10.5. It may run for every pixel and for every colour that is set.
    pub program: usize,
}

/// `/FunctionType` of functions in PostScript.
const POSTSCRIPT: u32 = 4;

/// Refuses pages whose contents are too large together: each page keeps its own, however many share a stream. The answer is
/// how large they are.
fn contents_within(pdf: &Pdf) -> Result<usize, TooMuch> {
    let mut left = MOST_OF_STREAM;
    let mut decompressor = Decompressor::new();
    let mut add = |stream: Stream, open: &mut texts::Open| {
        // Data that are not packed count as well.
        let had = left;
        let data = unfiltered(&mut decompressor, &stream, &mut left)?;
        left = left.min(had.checked_sub(data.len()).ok_or(TooMuch::Bytes)?);
        open.add(&data)
    };
    for page in pdf.pages().iter() {
        let mut open = texts::Open::default();
        match page.raw().get::<Object>(b"Contents".as_slice()) {
            Some(Object::Stream(stream)) => add(stream, &mut open)?,
            Some(Object::Array(streams)) => {
                streams.iter::<Stream>().try_for_each(|stream| add(stream, &mut open))?
            }
            _ => {}
        }
    }
    Ok(MOST_OF_STREAM - left)
}

/// The data of a stream as far as its filters give bytes: those of pictures are bounded by their pixels.
fn unfiltered(
    decompressor: &mut Decompressor,
    stream: &Stream,
    left: &mut usize,
) -> Result<Vec<u8>, TooMuch> {
    let mut data = stream.raw_data().into_owned();
    for (at, filter) in stream.filters().iter().enumerate() {
        data = match filter {
            Filter::Ascii85Decode => of_ascii85(&data),
            Filter::AsciiHexDecode => of_hex(&data),
            Filter::RunLengthDecode => of_run_lengths(&data, left)?,
            Filter::LzwDecode => of_lzw(&data, changes_early(stream.dict(), at), left)?,
            Filter::Crypt => data,
            Filter::FlateDecode => match unpack(decompressor, &data, left)? {
                Some(data) => data,
                None => break,
            },
            _ => break,
        };
    }
    Ok(data)
}

/// `/EarlyChange` of the filter with this number: ISO 32000-1, 7.4.4.3, table 8.
fn changes_early(dict: &Dict, filter: usize) -> bool {
    let parameters = match dict.get::<Object>(b"DecodeParms".as_slice()) {
        Some(Object::Dict(own)) => Some(own),
        Some(Object::Array(all)) => match all.iter::<Object>().nth(filter) {
            Some(Object::Dict(own)) => Some(own),
            _ => None,
        },
        _ => None,
    };
    parameters.and_then(|own| own.get::<u32>(b"EarlyChange".as_slice())).is_none_or(|early| early != 0)
}

/// Refuses an image of too many pixels.
fn image_within(stream: &Stream) -> Result<(), TooMuch> {
    let dict = stream.dict();
    let side = |key: &[u8]| dict.get::<u32>(key).map_or(0, u64::from);
    let parameters = dict.get::<Dict>(b"DecodeParms".as_slice());
    let columns = parameters.and_then(|own| own.get::<u32>(b"Columns".as_slice())).map_or(0, u64::from);
    let (width, height) = (side(b"Width").max(columns), side(b"Height"));
    let (coded, _) = coded_pixels(stream)?;
    if width.saturating_mul(height).max(coded) > MOST_PIXELS { Err(TooMuch::Pixels) } else { Ok(()) }
}

/// The pixels of an image by its own data, and those that are decoded for it; none where the dictionary counts.
pub(super) fn coded_pixels(stream: &Stream) -> Result<(u64, u64), TooMuch> {
    let filters = stream.filters();
    let Some(filter) = filters.last().filter(|filter| coded::says_its_size(filter)) else {
        return Ok((0, 0));
    };
    let mut left = MOST_OF_STREAM;
    let data = unfiltered(&mut Decompressor::new(), stream, &mut left)?;
    Ok(coded::pixels(filter, &data))
}

/// Whether data begin as zlib's do: RFC 1950, 2.2.
fn is_zlib(data: &[u8]) -> bool {
    matches!(data, [first, second, ..] if first & 0x0F == 8 && (u32::from(*first) * 256 + u32::from(*second)) % 31 == 0)
}

/// Unpacks data, and what is in them if they are packed again; none for data that are damaged.
fn unpack(
    decompressor: &mut Decompressor,
    data: &[u8],
    left: &mut usize,
) -> Result<Option<Vec<u8>>, TooMuch> {
    const AGAIN: usize = 4;
    let Some(found) = unpack_once(decompressor, data, left)? else { return Ok(None) };
    let mut inner = None;
    for _ in 0..AGAIN {
        let outer = inner.as_ref().unwrap_or(&found);
        if !is_zlib(outer) {
            break;
        }
        match unpack_once(decompressor, outer, left)? {
            Some(next) => inner = Some(next),
            None => break,
        }
    }
    Ok(Some(found))
}

fn unpack_once(
    decompressor: &mut Decompressor,
    data: &[u8],
    left: &mut usize,
) -> Result<Option<Vec<u8>>, TooMuch> {
    let most = MOST_OF_STREAM.min(*left);
    let mut size = data.len().saturating_mul(4).clamp(1 << 12, 1 << 20).min(most);
    loop {
        let mut bytes = vec![0; size];
        let result = decompressor.zlib_decompress(data, &mut bytes);
        match result {
            Ok(length) => {
                *left = left.saturating_sub(length);
                bytes.truncate(length);
                return Ok(Some(bytes));
            }
            Err(DecompressionError::InsufficientSpace) if size < most => {
                size = size.saturating_mul(4).min(most)
            }
            Err(DecompressionError::InsufficientSpace) => return Err(TooMuch::Bytes),
            Err(DecompressionError::BadData) => {
                // What was tried is work, too.
                *left = left.checked_sub(size.min(data.len())).ok_or(TooMuch::Bytes)?;
                return Ok(None);
            }
        }
    }
}

/// ISO 32000-1, 7.4.3.
fn of_ascii85(data: &[u8]) -> Vec<u8> {
    let (mut found, mut group, mut count) = (Vec::with_capacity(data.len()), 0_u32, 0_usize);
    for byte in data.iter().take_while(|byte| **byte != b'~') {
        match byte {
            b'z' if count == 0 => found.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    found.extend(group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        let padded = (count..5).fold(group, |group, _| group.wrapping_mul(85).wrapping_add(84));
        found.extend(&padded.to_be_bytes()[..count - 1]);
    }
    found
}

/// ISO 32000-1, 7.4.2.
fn of_hex(data: &[u8]) -> Vec<u8> {
    let digits = data.iter().take_while(|byte| **byte != b'>');
    let digits: Vec<u8> =
        digits.filter_map(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// ISO 32000-1, 7.4.5.
fn of_run_lengths(data: &[u8], left: &mut usize) -> Result<Vec<u8>, TooMuch> {
    let most = MOST_OF_STREAM.min(*left);
    let (mut found, mut rest) = (Vec::new(), data);
    while let Some((&length, after)) = rest.split_first().filter(|(length, _)| **length != 128) {
        let (copies, taken) =
            if length < 128 { (1, usize::from(length) + 1) } else { (257 - usize::from(length), 1) };
        let part = &after[..taken.min(after.len())];
        if found.len() + part.len() * copies > most {
            return Err(TooMuch::Bytes);
        }
        found.extend(part.repeat(copies));
        rest = &after[part.len()..];
    }
    *left -= found.len();
    Ok(found)
}

/// ISO 32000-1, 7.4.4: data that are damaged are unpacked up to the damage.
fn of_lzw(data: &[u8], changes_early: bool, left: &mut usize) -> Result<Vec<u8>, TooMuch> {
    const STEP: usize = 1 << 16;
    let most = MOST_OF_STREAM.min(*left);
    let mut decoder = match changes_early {
        true => weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8),
        false => weezl::decode::Decoder::new(weezl::BitOrder::Msb, 8),
    };
    let (mut found, mut rest) = (Vec::new(), data);
    loop {
        let from = found.len();
        found.resize(from + STEP, 0);
        let step = decoder.decode_bytes(rest, &mut found[from..]);
        found.truncate(from + step.consumed_out);
        rest = &rest[step.consumed_in..];
        if found.len() > most {
            return Err(TooMuch::Bytes);
        }
        if !matches!(step.status, Ok(weezl::LzwStatus::Ok)) || step.consumed_in + step.consumed_out == 0 {
            *left -= found.len();
            return Ok(found);
        }
    }
}

/// Refuses objects that are nested too deep. What is in streams is no object, and may be any bytes.
fn shallow(bytes: &[u8]) -> Result<(), TooMuch> {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (change, length) = match rest {
            [b'<', b'<', ..] => (1, 2),
            [b'[', ..] => (1, 1),
            [b'>', b'>', ..] => (-1, 2),
            [b']', ..] => (-1, 1),
            [b'e', ..] if rest.starts_with(b"endobj") => (isize::MIN, 6),
            [b's', ..] if rest.starts_with(b"stream") && bytes[..at].trim_ascii_end().ends_with(b">>") => {
                (isize::MIN, memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len()))
            }
            _ => (0, 1),
        };
        depth = depth.saturating_add_signed(change);
        at += length;
        if depth > DEEPEST {
            return Err(TooMuch::Depth);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_and_packed_data_are_bounded() {
        assert_eq!(shallow(&b"<</A ".repeat(600)), Err(TooMuch::Depth));
        assert_eq!(shallow(&b"[".repeat(600)), Err(TooMuch::Depth));
        assert_eq!(shallow(&b"1 0 obj[<</A 1>>]endobj ".repeat(600)), Ok(()));
        let mut data = b"1 0 obj<</Length 9>>\nstream\n".to_vec();
        data.extend(b"[".repeat(9000));
        data.extend(b"\nendstream endobj");
        assert_eq!(shallow(&data), Ok(()));
        let level = libdeflater::CompressionLvl::fastest();
        let packed = crate::deflate::deflate(level, &vec![b' '; MOST_OF_STREAM + 1]);
        let twice = crate::deflate::deflate(level, &packed);
        for packed in [packed, twice] {
            let file = [b"<<>>stream\r\n".as_slice(), &packed, b"\nendstream"].concat();
            assert_eq!(within(&file), Err(TooMuch::Bytes));
        }
        let small = crate::deflate::deflate(level, &vec![b' '; 1 << 20]);
        assert_eq!(within(&[b"<<>>stream\n".as_slice(), &small, b"\nendstream"].concat()), Ok(()));
    }

    #[test]
    fn data_are_read_as_text() {
        assert_eq!(of_ascii85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(of_ascii85(b"z5l~>"), b"\0\0\0\0A");
        assert_eq!(of_hex(b"48 65 6C7>"), b"Help");
        let mut left = 1000;
        assert_eq!(
            of_run_lengths(&[4, 10, 11, 12, 13, 14, 253, 3, 128, 9], &mut left),
            Ok(vec![10, 11, 12, 13, 14, 3, 3, 3, 3])
        );
        // ISO 32000-1, 7.4.4.2, example 1.
        let packed = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(of_lzw(&packed, true, &mut left), Ok(vec![45, 45, 45, 45, 45, 65, 45, 45, 45, 66]));
        assert_eq!(left, 1000 - 9 - 10);
        assert_eq!(of_run_lengths(&[129, 1].repeat(20), &mut left), Err(TooMuch::Bytes));
        let mut encoder = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
        let packed = encoder.encode(&[0; 5000]).expect("is packed");
        assert_eq!(of_lzw(&packed, true, &mut left), Err(TooMuch::Bytes));
    }
}
