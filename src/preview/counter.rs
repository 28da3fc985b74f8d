//! How much work pages are, counted before they are drawn: a page is interpreted by a device that draws nothing and counts.
//! A file of a few kilobytes may draw one picture a million times, or a curve that is larger than any screen.
//!
//! Two things are counted: work, in nanoseconds or so, and the tiles of 4 × 4 pixels that outlines cross. The renderer keeps
//! those of a whole page in memory until it is done.

use std::collections::{HashMap, HashSet};

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::pattern::{Pattern, ShadingPattern};
use hayro::hayro_interpret::shading::ShadingType;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::hayro_syntax::object::{Array, Name, Object, Stream};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};

use super::work::{MOST_PIXELS, Sizes, TooMuch, coded_pixels, give_up};

/// Whether a clip may be that of a form, which is drawn within its rectangle; rectangles of a page itself are no paths.
pub(crate) fn may_be_form(clip: &ClipPath) -> bool {
    clip.path.elements().len() <= 5
}

/// Counts what pages would draw. A unit of work is about a nanosecond.
pub(super) struct Counter {
    left: u64,
    sizes: Sizes,
    /// The page that is drawn, in pixels.
    page: Rect,
    /// The tiles that its outlines may still cross.
    tiles: u64,
    /// Masks are drawn once for a page.
    masks: HashSet<u128>,
    /// The outlines of glyphs, in thousandths of their size.
    glyphs: HashMap<u128, Extent>,
}

/// How long an outline is.
#[derive(Clone, Copy, Default)]
struct Extent {
    elements: usize,
    curves: usize,
    length: f64,
}

impl Counter {
    /// For the pages of a document.
    pub fn new(sizes: Sizes) -> Counter {
        /// About eight seconds; 30 pages scanned at 600 dpi are half of it.
        const MOST: u64 = 8_000_000_000;
        /// The bytes that set a colour, at least.
        const SETTING: f64 = 6.0;
        let (page, masks, glyphs) = (Rect::ZERO, HashSet::new(), HashMap::new());
        let mut counter = Counter { left: MOST, sizes, page, tiles: 0, masks, glyphs };
        // Setting a colour is nothing that a device is told of.
        counter.take(sizes.contents as f64 / SETTING * counter.program());
        counter
    }

    /// Goes on to a page of so many pixels.
    pub fn page(&mut self, page: Rect) {
        /// About 400 MiB; a page at 600 dpi has 2 million tiles, and few of them are crossed more than once.
        const MOST_TILES: u64 = 12_000_000;
        self.page = page;
        self.tiles = MOST_TILES;
        self.masks.clear();
        self.take(page.area() / 4.0);
    }

    fn take(&mut self, work: f64) {
        match self.left.checked_sub(work.max(0.0) as u64) {
            Some(left) => self.left = left,
            None => give_up(TooMuch::Drawing),
        }
    }

    fn cross(&mut self, tiles: f64) {
        const TILE: f64 = 15.0;
        self.take(TILE * tiles);
        match self.tiles.checked_sub(tiles.max(0.0) as u64) {
            Some(left) => self.tiles = left,
            None => give_up(TooMuch::Drawing),
        }
    }

    /// The work of a function in PostScript, if there is one.
    fn program(&self) -> f64 {
        /// A byte of its text.
        const BYTE: f64 = 1.5;
        BYTE * self.sizes.program as f64
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
                Pattern::Shading(shading) => {
                    self.take(area * (SHADE + self.program()));
                    self.mesh(shading);
                }
                Pattern::Tiling(tile) => {
                    tile.interpret(self, transform, false);
                }
            },
        }
    }

    /// Takes the samples of a mesh: ISO 32000-1, 8.7.4.5.5 to 8.7.4.5.8. They are made for the whole mesh, wherever it is, and
    /// held together.
    fn mesh(&mut self, pattern: &ShadingPattern) {
        const SAMPLE: f64 = 30.0;
        /// A patch is divided into some 700 triangles.
        const PATCH: f64 = 100_000.0;
        const TRIANGLE: f64 = 200.0;
        const MOST_SAMPLES: f64 = 7_000_000.0;
        let all = Rect::new(0.0, 0.0, f64::from(u16::MAX), f64::from(u16::MAX));
        let area = |points: &[Point]| bounds(points, pattern.matrix).intersect(all).area();
        let (parts, samples) = match &*pattern.shading.shading_type {
            ShadingType::TriangleMesh { triangles, .. } => {
                let areas = triangles.iter().map(|one| area(&[one.p0.point, one.p1.point, one.p2.point]));
                (triangles.len() as f64 * TRIANGLE, areas.sum::<f64>())
            }
            ShadingType::CoonsPatchMesh { patches, .. } => {
                let areas = patches.iter().map(|one| area(&one.control_points));
                (patches.len() as f64 * PATCH, areas.sum())
            }
            ShadingType::TensorProductPatchMesh { patches, .. } => {
                let areas = patches.iter().map(|one| area(&one.control_points));
                (patches.len() as f64 * PATCH, areas.sum())
            }
            ShadingType::FunctionBased { .. } | ShadingType::RadialAxial { .. } | ShadingType::Dummy => {
                return;
            }
        };
        if samples > MOST_SAMPLES {
            give_up(TooMuch::Drawing);
        }
        self.take(parts + samples * SAMPLE);
    }

    fn mask<'a>(&mut self, mask: Option<&SoftMask<'a>>) {
        if let Some(mask) = mask.filter(|mask| self.masks.insert(mask.cache_key())) {
            self.take(self.page.area());
            mask.interpret(self);
        }
    }

    /// Takes an outline: its elements, the lines that its curves are divided into, the tiles that they cross, and the dashes
    /// of a line.
    fn outline(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode) {
        const PATH: f64 = 2000.0;
        const ELEMENT: f64 = 100.0;
        const DASH: f64 = 2000.0;
        /// All dashes of a path are held at once.
        const MOST_DASHES: f64 = 200_000.0;
        let stroke = match mode {
            DrawMode::Fill(_) | DrawMode::Invisible => None,
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => Some(stroke),
        };
        self.take(PATH + ELEMENT * path.elements().len() as f64);
        // A stroke has two sides.
        let sides = if stroke.is_some() { 2.0 } else { 1.0 };
        let (mut extent, mut tiles, mut last) = (Extent::default(), 0.0, Point::ZERO);
        for element in path.elements() {
            let Some(own) = extent.add(element, &mut last) else { continue };
            tiles += self.crossed(bounds(&own, transform)) * if own.len() > 2 { 2.0 } else { 1.0 };
        }
        self.lines(sides, extent, transform);
        self.cross(sides * tiles);
        let Some(stroke) = stroke else { return };
        let period: f64 = stroke.dash_array.iter().map(|dash| f64::from(*dash)).sum();
        if stroke.dash_array.is_empty() || period <= 0.0 {
            return;
        }
        let dashes = extent.length / period * stroke.dash_array.len() as f64;
        if dashes > MOST_DASHES {
            give_up(TooMuch::Drawing);
        }
        self.take(DASH * dashes);
    }

    /// Takes the lines that curves are divided into. All lines of a path are held at once.
    fn lines(&mut self, sides: f64, extent: Extent, transform: Affine) {
        const LINE: f64 = 50.0;
        const MOST_LINES: f64 = 2_000_000.0;
        let curves = extent.curves as f64;
        // By the mean of the curves: many short ones are more lines than one as long as they are together.
        let lines = extent.elements as f64 + (curves * extent.length * scale(transform)).sqrt();
        let lines = sides * lines;
        if lines.is_nan() || lines > MOST_LINES {
            give_up(TooMuch::Drawing);
        }
        self.take(LINE * lines);
    }

    /// The tiles that a line or curve within these bounds crosses. What is left of the page counts: it decides what is
    /// inside.
    fn crossed(&self, bounds: Rect) -> f64 {
        const TILE: f64 = 4.0;
        let within = |from: f64, to: f64, end: f64| (to.min(end) - from.max(0.0)).max(0.0);
        let down = within(bounds.y0, bounds.y1, self.page.height());
        let across = within(bounds.x0, bounds.x1, self.page.width());
        if bounds.x0 > self.page.width() { 1.0 } else { 1.0 + (down + across) / TILE }
    }

    /// Takes a glyph, whose outline is looked at once.
    fn glyph(&mut self, glyph: &OutlineGlyph, transform: Affine, sides: f64) {
        const GLYPH: f64 = 1000.0;
        const TILE: f64 = 4.0;
        let extent = *self.glyphs.entry(glyph.identifier().cache_key()).or_insert_with(|| {
            let (mut extent, mut last) = (Extent::default(), Point::ZERO);
            for element in glyph.outline().elements() {
                extent.add(element, &mut last);
            }
            extent
        });
        self.take(GLYPH);
        self.lines(sides, extent, transform);
        let elements = extent.elements as f64;
        // No part of it crosses more than the page has.
        let side = self.page.width() + self.page.height();
        let crossed =
            (extent.length * scale(transform) * std::f64::consts::SQRT_2).min(elements * side) / TILE;
        self.cross(sides * (elements + crossed));
    }
}

/// The size of a unit, at its largest.
fn scale(transform: Affine) -> f64 {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    a.hypot(b).max(c.hypot(d))
}

/// The rectangle around points.
fn bounds(points: &[Point], transform: Affine) -> Rect {
    let mut all = points.iter().map(|point| transform * *point);
    let first = all.next().unwrap_or_default();
    all.fold(Rect::from_points(first, first), |all, point| all.union_pt(point))
}

impl Extent {
    /// Adds an element that goes on from the point `last`; the answer is all of its points.
    fn add(&mut self, element: &PathEl, last: &mut Point) -> Option<smallvec::SmallVec<[Point; 4]>> {
        let points: &[Point] = match element {
            PathEl::MoveTo(to) => {
                *last = *to;
                return None;
            }
            PathEl::LineTo(to) => &[*to],
            PathEl::QuadTo(one, to) => &[*one, *to],
            PathEl::CurveTo(one, two, to) => &[*one, *two, *to],
            PathEl::ClosePath => return None,
        };
        let mut own = smallvec::SmallVec::from_slice(&[*last]);
        for point in points {
            self.length += last.distance(*point);
            *last = *point;
            own.push(*point);
        }
        self.elements += 1;
        self.curves += usize::from(points.len() > 1);
        Some(own)
    }
}

/// The work for each pixel of a picture beside its unpacking: that of the function which turns tints into colours, ISO
/// 32000-1, 8.6.6.4 and 8.6.6.5.
fn tint(stream: &Stream, program: f64) -> f64 {
    /// A sample at one corner of what a function of samples is given.
    const CORNER: f64 = 4.0;
    let Some(space) = stream.dict().get::<Array>(b"ColorSpace".as_slice()) else { return 0.0 };
    let mut parts = space.iter::<Object>();
    let Some(Object::Name(family)) = parts.next() else { return 0.0 };
    match &*family {
        b"Separation" => program,
        b"DeviceN" => {
            let tints = match parts.next() {
                Some(Object::Array(names)) => names.iter::<Name>().count(),
                _ => 0,
            };
            program + CORNER * f64::powi(2.0, tints.min(32) as i32)
        }
        _ => 0.0,
    }
}

impl<'a> Device<'a> for Counter {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.outline(path, props.transform, mode);
        self.cover(path.bounding_box(), props.transform, &props.paint);
        self.mask(props.soft_mask.as_ref());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        /// For each byte of a form.
        const READ: f64 = 2.0;
        self.outline(&clip.path, Affine::IDENTITY, &DrawMode::Invisible);
        if may_be_form(clip) {
            self.take(READ * self.sizes.form as f64);
        }
        self.take(self.page.area() / 64.0);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.outline(&rect.to_path(0.1), Affine::IDENTITY, &DrawMode::Invisible);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.take(self.page.area() / 64.0);
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let sides = if matches!(mode, DrawMode::Fill(_) | DrawMode::Invisible) { 1.0 } else { 3.0 };
        for glyph in run.glyphs() {
            match &**glyph {
                Glyph::Outline(outline) => self.glyph(outline, props.transform * glyph.transform(), sides),
                Glyph::Type3(own) => {
                    self.take(1000.0);
                    own.interpret(self, props.transform, glyph.transform(), &props.paint);
                }
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
        /// The same for those whose data are coded by arithmetic or wavelets.
        const CODED: f64 = 40.0;
        let stream = match &image {
            Image::Stencil(own) => own.stream(),
            Image::Raster(own) => own.stream(),
        };
        let (coded, decoded) = coded_pixels(stream).unwrap_or_else(|reason| give_up(reason));
        let pixels = u64::from(image.width()).saturating_mul(u64::from(image.height())).max(coded);
        if pixels > MOST_PIXELS {
            give_up(TooMuch::Pixels);
        }
        self.take((PIXEL + tint(stream, self.program())) * pixels as f64 + CODED * decoded as f64);
        let own = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        self.take(props.transform.transform_rect_bbox(own).intersect(self.page).area());
        self.mask(props.soft_mask.as_ref());
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
