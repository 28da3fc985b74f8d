//! What a glyph says: the text that its font gives, where it draws something at all.

use hayro::hayro_interpret::font::{Glyph as Shape, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Rect, Shape as _};

use super::drawn::Page;
use super::glyph::UNKNOWN;
use crate::characters::readable;
use crate::preview::work::{self, TooMuch};
use crate::read::limit;

/// Whether a glyph draws something; none if that cannot be known.
fn draws<'a>(glyph: &Shape<'a>, props: &DrawProps<'a>, transform: Affine, page: &mut Page) -> Option<Rect> {
    match glyph {
        Shape::Outline(own) => {
            const WORK: usize = 10;
            page.take(WORK);
            let outline = own.outline();
            let bounds = outline.bounding_box();
            (outline.segments().next().is_some() && bounds.width() > 0.0).then_some(bounds)
        }
        Shape::Type3(own) => {
            const WORK: usize = 200;
            page.take(WORK);
            let mut ink = Ink { found: false, left: page.work };
            own.interpret(&mut ink, props.transform, transform, &props.paint);
            page.work = ink.left;
            page.take(1);
            ink.found.then_some(Rect::new(0.0, 0.0, 1000.0, 1000.0))
        }
    }
}

/// A device that looks whether anything is drawn.
struct Ink {
    found: bool,
    left: usize,
}

impl Ink {
    fn draw(&mut self) {
        self.found = true;
        self.step();
    }

    fn step(&mut self) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            work::give_up(limit(TooMuch::Drawing.message()));
        }
    }
}

impl<'a> Device<'a> for Ink {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.draw();
    }
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.step();
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.step();
    }
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        self.draw();
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.draw();
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The text of a glyph: a space for what draws nothing, U+FFFD for what draws something of unknown meaning, none for nothing.
pub(super) fn text<'a>(
    glyph: &Shape<'a>,
    props: &DrawProps<'a>,
    transform: Affine,
    page: &mut Page,
) -> Option<String> {
    /// A hyphen, as wide as it is flat, in thousandths.
    const FLAT: f64 = 160.0;
    let given = match glyph.as_unicode() {
        Some(BfString::Char(c)) => Some(c.to_string()),
        Some(BfString::String(text)) => Some(text),
        None => None,
    };
    let read = readable(given.as_deref().unwrap_or_default());
    if !read.trim().is_empty() && !read.contains(char::is_control) {
        return Some(read.into_owned());
    }
    match draws(glyph, props, transform, page) {
        // Fonts have one glyph for both hyphens.
        Some(bounds) if given.as_deref() == Some("\u{AD}") && bounds.height() < FLAT => Some("-".to_owned()),
        Some(_) => Some(UNKNOWN.to_string()),
        None => match given {
            Some(given) => given.contains(char::is_whitespace).then(|| " ".to_owned()),
            // The font is not in the file: a viewer takes another one.
            None => match glyph {
                Shape::Outline(own) if own.font_data().is_none() && own.char_code() > 32 => {
                    Some(UNKNOWN.to_string())
                }
                _ => None,
            },
        },
    }
}

/// A text string, ISO 32000-1, 7.9.2.2.
pub(super) fn words(bytes: &[u8]) -> String {
    let pairs = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => pairs(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => pairs(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
