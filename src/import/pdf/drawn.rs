//! What a page draws: glyphs, each with how it is seen, and rules.
//!
//! A glyph that is not seen is collected too: what hides it is often drawn later.

use std::collections::BTreeMap;

use hayro::hayro_interpret::font::{Glyph as Shape, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::WritingMode;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::hayro_syntax::object::{Dict, String as PdfString};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};

use super::glyph::{Glyph, Seen, UNKNOWN, Way, differ, way};
use super::ink::{text, words};
use crate::characters::readable;
use crate::preview::counter;
use crate::preview::work::{self, TooMuch};
use crate::read::limit;

/// What is thinner is a rule.
const THIN: f64 = 2.5;
/// The most rules of a page that make tables.
const MOST_RULES: usize = 2000;

/// A straight rule, from `from` to `to` at `at`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// What is on a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub number: usize,
    pub width: f64,
    pub height: f64,
    pub glyphs: Vec<Glyph>,
    pub across: Vec<Rule>,
    pub down: Vec<Rule>,
    /// How many glyphs may still be read.
    pub left: usize,
    /// How many steps of drawing may still be looked at: a form may draw itself in others a million times.
    pub work: usize,
    /// The bytes of the largest form.
    pub form: usize,
    /// Whether annotations are drawn.
    pub in_annotations: bool,
    /// The way in which most of its text runs, by which the page was turned.
    pub turned: Way,
    /// Whether a number of marked content is there twice.
    pub has_twofold_marks: bool,
    runs: usize,
    clips: Vec<Rect>,
    opacities: Vec<f32>,
    /// What is filled, with its colour if there is one colour.
    fills: Vec<(Rect, Option<[f32; 3]>)>,
    /// Glyphs by bands of the page, from top to bottom.
    bands: BTreeMap<i64, Vec<usize>>,
    marks: Vec<Marked>,
    numbers: std::collections::BTreeSet<u32>,
}

/// Marked content that is open.
#[derive(Debug)]
struct Marked {
    number: Option<u32>,
    /// The text that it says to have, and its first glyph.
    says: Option<(String, usize)>,
}

/// The height of a band.
const BAND: f64 = 16.0;

fn band(y: f64) -> i64 {
    (y / BAND).clamp(-1e6, 1e6) as i64
}

impl Page {
    /// A page of this size that nothing is drawn on.
    pub fn new(number: usize, width: f64, height: f64) -> Page {
        Page { number, width, height, ..Page::default() }
    }

    /// Takes steps of work, or ends the thread: an interpretation has no other end.
    pub fn take(&mut self, steps: usize) {
        self.work = self.work.saturating_sub(steps);
        if self.work == 0 {
            work::give_up(limit(TooMuch::Drawing.message()));
        }
    }

    fn rule(&mut self, rect: Rect) {
        if self.across.len() + self.down.len() >= MOST_RULES {
            return;
        }
        // A rule is compared with every cell.
        const WORK: usize = 50;
        self.left = self.left.saturating_sub(WORK);
        let (width, height) = (rect.width(), rect.height());
        if height <= THIN && width > height * 2.0 {
            self.across.push(Rule { at: rect.center().y, from: rect.x0, to: rect.x1 });
        } else if width <= THIN && height > width * 2.0 {
            self.down.push(Rule { at: rect.center().x, from: rect.y0, to: rect.y1 });
        }
    }

    fn area(&self) -> Rect {
        Rect::new(0.0, 0.0, self.width, self.height)
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or_else(|| self.area())
    }

    fn push_clip(&mut self, bounds: Rect) {
        self.clips.push(self.clip().intersect(bounds));
    }

    /// How much of what is behind it something hides that by itself hides so much.
    fn opacity(&self, own: f32) -> f32 {
        own * self.opacities.iter().product::<f32>()
    }

    fn is_opaque(&self, own: f32, blend: BlendMode, mask: Option<&SoftMask>) -> bool {
        const OPAQUE: f32 = 0.9;
        mask.is_none() && blend == BlendMode::Normal && self.opacity(own) > OPAQUE
    }

    /// Hides the glyphs that lie under this area. `covers` says whether a point of it is covered.
    fn cover(&mut self, area: Rect, seen: Seen, cost: usize, covers: impl Fn(Point) -> bool) {
        let area = area.intersect(self.clip());
        if area.width() <= THIN || area.height() <= THIN {
            return;
        }
        let found: Vec<usize> =
            self.bands.range(band(area.y0)..=band(area.y1)).flat_map(|(_, own)| own).copied().collect();
        self.take(found.len() * cost / 16);
        for at in found {
            let glyph = &mut self.glyphs[at];
            if !area.contains(glyph.middle()) || glyph.seen != Seen::Shown {
                continue;
            }
            // A line through the text covers no more than a part of its height.
            let heights = [0.1, 0.6].map(|part| part * glyph.size);
            let points = [0.2, 0.5, 0.8].map(|part| part * glyph.advance);
            let mut all = points.iter().flat_map(|along| heights.map(|up| glyph.at(*along, up)));
            if all.all(|point| area.contains(point) && covers(point)) {
                glyph.seen = seen;
            }
        }
    }

    /// Keeps an area by whose colour text behind it is seen or not.
    fn fill(&mut self, area: Rect, colour: Option<[f32; 3]>) {
        const MOST: usize = 4000;
        let area = area.intersect(self.clip());
        if area.width() > THIN && area.height() > THIN && self.fills.len() < MOST {
            self.fills.push((area, colour));
        }
    }

    /// Whether text of this colour at this place looks as what is behind it.
    fn is_lost(&mut self, colour: [f32; 3], at: Point) -> bool {
        self.take(1 + self.fills.len() / 32);
        let behind = self.fills.iter().rev().find(|(area, _)| area.contains(at));
        match behind {
            Some((_, None)) => false,
            Some((_, Some(behind))) => !differ(colour, *behind),
            None => !differ(colour, [1.0; 3]),
        }
    }

    /// Whether a digit is cut where the clip ends: others may follow it there.
    fn cuts(&self, glyph: &Glyph) -> bool {
        let clip = self.clip();
        let is_digit = glyph.text.ends_with(|c: char| c.is_ascii_digit()) && glyph.way == Way::Right;
        let (beside, below) = (0.05 * glyph.size, 0.15 * glyph.size);
        is_digit
            && clip.contains(glyph.middle())
            && (glyph.end() > clip.x1 + beside
                || glyph.x < clip.x0 - beside
                || glyph.y > clip.y1 + below
                || glyph.y - 0.6 * glyph.size < clip.y0 - below)
    }

    /// How a glyph is seen when it is drawn.
    fn seen(&mut self, glyph: &Glyph, paint: &Paint, mode: &DrawMode) -> Seen {
        /// What is smaller is a dot, in points.
        const LEAST: f64 = 1.1;
        if matches!(mode, DrawMode::Invisible) {
            return Seen::Unpainted;
        }
        // A pattern is looked at as if it hid what is behind it.
        let alpha = self.opacity(alpha(paint).unwrap_or(1.0));
        let colour = colour(paint);
        let at = glyph.middle();
        let is_hidden = alpha < 0.06
            || glyph.size < LEAST
            || self.area().contains(at) && !self.clip().contains(at)
            || colour.is_some_and(|colour| self.is_lost(colour, at));
        if is_hidden { Seen::Hidden } else { Seen::Shown }
    }
}

impl<'a> Device<'a> for Page {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let count = path.elements().len();
        self.take(1 + count);
        let own = alpha(&props.paint).unwrap_or(0.0);
        let is_opaque = self.is_opaque(own, props.blend_mode, props.soft_mask.as_ref());
        let colour = colour(&props.paint);
        let path = props.transform * path.clone();
        if let DrawMode::Fill(rule) | DrawMode::FillAndStroke(rule, _) = mode {
            let bounds = path.bounding_box();
            let is_box = count <= 6 && (path.area().abs() - bounds.area()).abs() < bounds.area() * 0.02;
            if is_opaque && is_box {
                self.cover(bounds, Seen::Hidden, 1, |_| true);
                self.fill(bounds, colour);
            } else if is_opaque {
                self.cover(bounds, Seen::Hidden, 8 * count, |point| match rule {
                    FillRule::NonZero => path.winding(point) != 0,
                    FillRule::EvenOdd => path.winding(point) % 2 != 0,
                });
                self.fill(bounds, None);
            } else {
                self.fill(bounds, None);
            }
            // A path may hold many rules.
            let mut part = BezPath::new();
            for element in path.elements() {
                if matches!(element, PathEl::MoveTo(_)) && !part.is_empty() {
                    self.rule(part.bounding_box());
                    part = BezPath::new();
                }
                part.push(*element);
            }
            if !part.is_empty() {
                self.rule(part.bounding_box());
            }
            return;
        }
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => (start, last) = (point, point),
                PathEl::LineTo(point) => {
                    self.rule(Rect::from_points(last, point));
                    last = point;
                }
                PathEl::ClosePath => {
                    self.rule(Rect::from_points(last, start));
                    last = start;
                }
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => last = point,
            }
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // A step is the work of some hundred bytes.
        const BYTES: usize = 100;
        let form = if counter::may_be_form(clip) { self.form / BYTES } else { 0 };
        self.take(1 + clip.path.elements().len() + form);
        self.push_clip(clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, bounds: &Rect) {
        self.take(1);
        self.push_clip(*bounds);
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.take(1);
        self.opacities.push(opacity);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.runs += 1;
        let colour = colour(&props.paint);
        for glyph in run.glyphs() {
            self.left = self.left.saturating_sub(1);
            self.take(1);
            if self.left == 0 {
                return;
            }
            let Some(text) = text(glyph, &props, glyph.transform(), self) else { continue };
            let transform: Affine = props.transform * glyph.transform();
            let origin = transform * Point::ZERO;
            let up = transform * Point::new(0.0, 1000.0) - origin;
            let along = transform * Point::new(1000.0, 0.0) - origin;
            let size = up.hypot();
            let (width, is_drawn) = match &**glyph {
                Shape::Outline(own) => (own.advance_width(), false),
                Shape::Type3(own) => (own.advance_width(), true),
            };
            let is_upright = run.writing_mode() == WritingMode::Horizontal;
            // How far it advances by its script, where its font does not say.
            let usual = || text.chars().map(|c| if c < '\u{2000}' { 0.5 } else { 1.0 }).sum::<f64>() * size;
            let advance = width
                .map(|width| f64::from(width) / 1000.0 * along.hypot())
                .filter(|width| is_upright && !is_drawn && (0.05 * size..5.0 * size).contains(width))
                .unwrap_or_else(usual);
            let way = way(along.x, along.y);
            let mut own = Glyph {
                x: origin.x,
                y: origin.y,
                size,
                advance,
                text,
                run: self.runs,
                colour,
                seen: Seen::Shown,
                way,
                is_annotation: self.in_annotations,
                mark: self.marks.iter().rev().find_map(|mark| mark.number),
            };
            if !own.x.is_finite() || !own.y.is_finite() || !size.is_finite() || !advance.is_finite() {
                continue;
            }
            // The size of a font of drawn glyphs says nothing of theirs, and a mirrored or squeezed glyph is none.
            own.seen = self.seen(&own, &props.paint, mode);
            if is_drawn && own.seen == Seen::Hidden && size < 2.0 {
                own.seen = Seen::Shown;
            }
            if own.seen == Seen::Shown && self.cuts(&own) {
                own.text = UNKNOWN.to_string();
            }
            if along.hypot() < 0.05 * size {
                own.seen = Seen::Hidden;
            }
            self.bands.entry(band(own.middle().y)).or_default().push(self.glyphs.len());
            self.glyphs.push(own);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.take(1);
        let own = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let bounds = props.transform.transform_rect_bbox(own);
        let is_opaque = match &image {
            Image::Stencil(_) => false,
            Image::Raster(raster) => {
                let dict = raster.stream().dict();
                !dict.contains_key(b"SMask".as_slice())
                    && !dict.contains_key(b"Mask".as_slice())
                    && !dict.contains_key(b"SMaskInData".as_slice())
            }
        };
        if is_opaque && self.is_opaque(1.0, props.blend_mode, props.soft_mask.as_ref()) {
            self.cover(bounds, Seen::UnderPicture, 1, |_| true);
        }
        self.fill(bounds, None);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        const DEEPEST: usize = 10_000;
        self.take(1);
        if self.marks.len() > DEEPEST {
            work::give_up(limit(TooMuch::Drawing.message()));
        }
        let number = properties.and_then(|own| own.get::<u32>(b"MCID".as_slice()));
        if let Some(number) = number {
            self.has_twofold_marks |= !self.numbers.insert(number);
        }
        let says = properties
            .and_then(|own| own.get::<PdfString<'_>>(b"ActualText".as_slice()))
            .map(|text| (readable(&words(text.as_bytes())).into_owned(), self.glyphs.len()));
        self.marks.push(Marked { number, says });
    }

    fn end_marked_content(&mut self) {
        let Some(Marked { says: Some((says, from)), .. }) = self.marks.pop() else { return };
        let Some(own) = self.glyphs.get_mut(from..) else { return };
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let shown = solid(&own.iter().map(|glyph| glyph.text.as_str()).collect::<String>());
        let says = solid(&says);
        if own.is_empty() || shown == says {
            return;
        }
        // It says what the glyphs of unknown meaning are; of two meanings neither is a figure.
        let digit = |text: &str| text.contains(|c: char| c.is_numeric());
        let is_unknown = shown.contains(UNKNOWN) && !digit(&shown);
        if is_unknown && !says.contains(char::is_control) {
            own.iter_mut().for_each(|glyph| glyph.text = " ".to_owned());
            own[0].text = if says.is_empty() { " ".to_owned() } else { says };
        } else if digit(&shown) || digit(&says) {
            own.iter_mut()
                .filter(|glyph| !glyph.is_space())
                .for_each(|glyph| glyph.text = UNKNOWN.to_string());
        }
    }
}

/// A paint that is one colour; none for a pattern.
fn colour(paint: &Paint) -> Option<[f32; 3]> {
    match paint {
        Paint::Color(colour) => {
            let [red, green, blue, _] = colour.to_rgba().components();
            Some([red, green, blue])
        }
        Paint::Pattern(_) => None,
    }
}

/// How opaque a colour is; none for a pattern.
fn alpha(paint: &Paint) -> Option<f32> {
    match paint {
        Paint::Color(colour) => Some(colour.to_rgba().components()[3]),
        Paint::Pattern(_) => None,
    }
}
