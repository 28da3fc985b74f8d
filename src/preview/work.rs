//! How much work a PDF may be, counted before it is drawn.
//!
//! A file of a few kilobytes may unpack to gigabytes, or draw one picture a million times. hayro has no bounds for that: its
//! streams are unpacked here first, and a page is interpreted by a device that draws nothing and counts. What is too much
//! unwinds the thread that reads the file, as nothing else ends an interpretation.

use std::borrow::Cow;
use std::collections::HashSet;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::pattern::Pattern;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::hayro_syntax::object::{Dict, Name, Object, Stream};
use hayro::hayro_syntax::{Filter, Pdf};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use libdeflater::{DecompressionError, Decompressor};

use crate::diagnostic::Message;
use crate::message;

/// The most bytes that one stream unpacks to: a page of A4 at 600 dpi in colour has 105 million.
const MOST_OF_STREAM: usize = 128 << 20;
/// The most bytes that all streams unpack to together; a scan of 30 pages at 300 dpi in colour has 780 million.
const MOST_OF_ALL: usize = 2 << 30;
/// The most pixels of one image, by what it says of itself.
const MOST_PIXELS: u64 = 100_000_000;
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

/// Ends the thread that reads the file; `join` gets the reason.
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
/// once. The answer is the size of the largest form: each time that a form is drawn it is unpacked and read again.
pub(crate) fn objects_within(pdf: &Pdf) -> Result<usize, TooMuch> {
    let mut left = MOST_OF_ALL;
    let mut largest = 0;
    contents_within(pdf)?;
    let mut decompressor = Decompressor::new();
    for object in pdf.objects() {
        let Object::Stream(stream) = object else { continue };
        image_within(stream.dict())?;
        let is_zlib_at_once = matches!(stream.filters().first(), None | Some(Filter::FlateDecode));
        let is_form = stream.dict().get::<Name>(b"Subtype".as_slice()).is_some_and(|name| &*name == b"Form")
            || stream.dict().contains_key(b"PatternType".as_slice());
        // What is encrypted was not seen by `within`.
        let is_encrypted = matches!(stream.raw_data(), Cow::Owned(_));
        if is_zlib_at_once && !is_form && !is_encrypted {
            continue;
        }
        let length = unfiltered(&mut decompressor, &stream, &mut left)?.len();
        if is_form {
            largest = largest.max(length);
        }
    }
    Ok(largest)
}

/// Refuses pages whose contents are too large together: each page keeps its own, however many share a stream.
fn contents_within(pdf: &Pdf) -> Result<(), TooMuch> {
    let mut left = MOST_OF_STREAM;
    let mut decompressor = Decompressor::new();
    let mut add = |stream: Stream| {
        // Data that are not packed count as well.
        let had = left;
        let length = unfiltered(&mut decompressor, &stream, &mut left)?.len();
        left = left.min(had.checked_sub(length).ok_or(TooMuch::Bytes)?);
        Ok(())
    };
    for page in pdf.pages().iter() {
        match page.raw().get::<Object>(b"Contents".as_slice()) {
            Some(Object::Stream(stream)) => add(stream)?,
            Some(Object::Array(streams)) => streams.iter::<Stream>().try_for_each(&mut add)?,
            _ => {}
        }
    }
    Ok(())
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
fn image_within(dict: &Dict) -> Result<(), TooMuch> {
    let side = |key: &[u8]| dict.get::<u32>(key).map_or(0, u64::from);
    let parameters = dict.get::<Dict>(b"DecodeParms".as_slice());
    let columns = parameters.and_then(|own| own.get::<u32>(b"Columns".as_slice())).map_or(0, u64::from);
    let (width, height) = (side(b"Width").max(columns), side(b"Height"));
    if width.saturating_mul(height) > MOST_PIXELS { Err(TooMuch::Pixels) } else { Ok(()) }
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

/// Whether a clip may be that of a form, which is drawn within its rectangle; rectangles of a page itself are no paths.
pub(crate) fn may_be_form(clip: &ClipPath) -> bool {
    clip.path.elements().len() <= 5
}

/// Counts what pages would draw. A unit of work is about a nanosecond.
pub(crate) struct Counter {
    left: u64,
    /// The bytes of the largest form.
    form: usize,
    /// The page that is drawn, in pixels.
    page: Rect,
    /// Masks are drawn once for a page.
    masks: HashSet<u128>,
}

impl Counter {
    /// For the pages of a document, with the size of its largest form.
    pub fn new(form: usize) -> Counter {
        /// About eight seconds; 30 pages scanned at 600 dpi are half of it.
        const MOST: u64 = 8_000_000_000;
        Counter { left: MOST, form, page: Rect::ZERO, masks: HashSet::new() }
    }

    /// Goes on to a page of so many pixels.
    pub fn page(&mut self, page: Rect) {
        self.page = page;
        self.masks.clear();
        self.take(page.area() / 4.0);
    }

    fn take(&mut self, work: f64) {
        match self.left.checked_sub(work.max(0.0) as u64) {
            Some(left) => self.left = left,
            None => give_up(TooMuch::Drawing),
        }
    }

    /// Takes the pixels of a shape, and the work of what it is filled with.
    fn cover<'a>(&mut self, shape: Rect, transform: Affine, paint: &Paint<'a>) {
        /// A colour that is computed for every pixel.
        const SHADE: f64 = 10.0;
        let area = transform.transform_rect_bbox(shape).intersect(self.page).area();
        self.take(area / 8.0);
        match paint {
            Paint::Color(_) => {}
            Paint::Pattern(pattern) => match &**pattern {
                Pattern::Shading(_) => self.take(area * SHADE),
                Pattern::Tiling(tile) => {
                    tile.interpret(self, transform, false);
                }
            },
        }
    }

    fn mask<'a>(&mut self, mask: Option<&SoftMask<'a>>) {
        if let Some(mask) = mask.filter(|mask| self.masks.insert(mask.cache_key())) {
            self.take(self.page.area());
            mask.interpret(self);
        }
    }

    /// Takes what curves are divided into, by how large they are on the page, and the dashes of a line.
    fn outline(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode) {
        const SEGMENT: f64 = 50.0;
        const DASH: f64 = 2000.0;
        /// All dashes of a path are held at once.
        const MOST_DASHES: f64 = 200_000.0;
        let scale = transform.determinant().abs().sqrt();
        let (mut length, mut last) = (0.0, Point::ZERO);
        for element in path.elements() {
            let (points, is_curve): (&[Point], bool) = match element {
                PathEl::MoveTo(to) => {
                    last = *to;
                    continue;
                }
                PathEl::LineTo(to) => (&[*to], false),
                PathEl::QuadTo(one, to) => (&[*one, *to], true),
                PathEl::CurveTo(one, two, to) => (&[*one, *two, *to], true),
                PathEl::ClosePath => continue,
            };
            let mut own = 0.0;
            for point in points {
                own += last.distance(*point);
                last = *point;
            }
            length += own;
            if is_curve {
                self.take(SEGMENT * (own * scale).sqrt());
            }
        }
        let (DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke)) = mode else { return };
        let period: f64 = stroke.dash_array.iter().map(|dash| f64::from(*dash)).sum();
        if stroke.dash_array.is_empty() || period <= 0.0 {
            return;
        }
        let dashes = length / period * stroke.dash_array.len() as f64;
        if dashes > MOST_DASHES {
            give_up(TooMuch::Drawing);
        }
        self.take(DASH * dashes);
    }

    fn elements(&mut self, path: &BezPath) {
        const PATH: f64 = 2000.0;
        const ELEMENT: f64 = 100.0;
        self.take(PATH + ELEMENT * path.elements().len() as f64);
    }
}

impl<'a> Device<'a> for Counter {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.elements(path);
        self.outline(path, props.transform, mode);
        self.cover(path.bounding_box(), props.transform, &props.paint);
        self.mask(props.soft_mask.as_ref());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        /// For each byte of a form.
        const READ: f64 = 2.0;
        self.elements(&clip.path);
        if may_be_form(clip) {
            self.take(READ * self.form as f64);
        }
        self.take(self.page.area() / 64.0);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.elements(&rect.to_path(0.1));
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.take(self.page.area() / 64.0);
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        const GLYPH: f64 = 1000.0;
        for glyph in run.glyphs() {
            self.take(GLYPH);
            if let Glyph::Type3(own) = &**glyph {
                own.interpret(self, props.transform, glyph.transform(), &props.paint);
            }
        }
        if matches!(props.paint, Paint::Pattern(_)) {
            self.cover(self.page, Affine::IDENTITY, &props.paint);
        }
        self.mask(props.soft_mask.as_ref());
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        /// It is unpacked and put into colours each time that it is drawn.
        const PIXEL: f64 = 4.0;
        let pixels = u64::from(image.width()).saturating_mul(u64::from(image.height()));
        if pixels > MOST_PIXELS {
            give_up(TooMuch::Pixels);
        }
        self.take(PIXEL * pixels as f64);
        let own = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        self.take(props.transform.transform_rect_bbox(own).intersect(self.page).area());
        self.mask(props.soft_mask.as_ref());
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
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
