//! Previews: a PDF becomes one PNG image a page.
//!
//! `hayro` reads and draws the PDF. The files may be malicious, so it runs on a thread of its own: a panic in
//! it ends the preview and not the program.

mod coded;
pub(crate) mod counter;
mod selection;
mod texts;
pub(crate) mod work;

use std::sync::{Arc, Mutex};

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};

use crate::diagnostic::{Diagnostic, Lang, Message, rule};
use crate::font::{FontId, Fonts};
use crate::message;
use crate::read::pdf::is_pdf;

use counter::Counter;
pub use selection::{Selection, SelectionError};
use work::TooMuch;

/// Fewest and most pixels an inch.
pub const DPI: std::ops::RangeInclusive<u32> = 36..=600;

/// The most pixels of a page: A3 at 600 dpi is 70 million.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The name of the drawing thread. A program may suppress its panic messages, because panics become errors
/// here.
pub const THREAD: &str = "gongwen-preview";

/// An image of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageImage {
    /// Its number, from 1.
    pub number: usize,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The bytes of a PNG file: gray where the page has no colour.
    pub png: Vec<u8>,
    /// What could not be drawn.
    pub flaws: Vec<Flaw>,
}

/// A flaw: something that is missing in the image of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Text in a font that could not be read.
    Font,
    /// An image that could not be read.
    Image,
    /// A note or a form field.
    Annotation,
    /// Something else.
    Other,
}

impl PageImage {
    /// What could not be drawn, as warnings.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Diagnostic> + use<> {
        let number = self.number;
        self.flaws.clone().into_iter().map(move |flaw| {
            let Message { zh, en } = flaw.message();
            Diagnostic::warning(
                rule::PREVIEW_FLAW,
                "",
                message!("第 {number} 页：{zh}", "page {number}: {en}"),
            )
        })
    }
}

impl Flaw {
    /// In words.
    pub fn message(self) -> Message {
        match self {
            Flaw::Font => {
                message!("有字体读不出，部分文字没有画出", "a font could not be read; some text is missing")
            }
            Flaw::Image => message!("有图片读不出，没有画出", "an image could not be read and is missing"),
            Flaw::Annotation => message!("有批注或表单没有画出", "a note or a form field is missing"),
            Flaw::Other => message!("有内容没有画出", "something is missing"),
        }
    }
}

/// Why no images were made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The bytes are no PDF.
    #[error("not a PDF")]
    NotAPdf,
    /// The file is damaged beyond reading.
    #[error("the PDF is damaged")]
    Damaged,
    /// A password is needed.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// The resolution is not within 36 to 600 pixels an inch.
    #[error("{0} dpi is not within 36 to 600")]
    Dpi(u32),
    /// A page that the document has not.
    #[error("there is no page {page}; the document has {count}")]
    NoPage {
        /// The page asked for, from 1.
        page: usize,
        /// How many there are.
        count: usize,
    },
    /// A picture would be larger than 100 million pixels or than 65,535 pixels at a side, or smaller than one.
    #[error("page {page} would be {width} × {height} pixels")]
    Size {
        /// The page, from 1.
        page: usize,
        /// In pixels.
        width: u64,
        /// In pixels.
        height: u64,
    },
    /// The file takes more work than any document needs: it unpacks to too much, or draws too much.
    #[error("{}", .0.get(Lang::En))]
    Work(Message),
}

impl From<TooMuch> for PreviewError {
    fn from(what: TooMuch) -> PreviewError {
        PreviewError::Work(what.message())
    }
}

impl PreviewError {
    /// In words, in both languages.
    pub fn message(&self) -> Message {
        match self {
            PreviewError::NotAPdf => message!("不是 PDF 文件", "not a PDF file"),
            PreviewError::Damaged => message!("PDF 已损坏，读不出", "the PDF is damaged and cannot be read"),
            PreviewError::Encrypted => message!(
                "PDF 已加密，要口令才能打开；请先去掉口令",
                "the PDF is encrypted and asks for a password; remove it first"
            ),
            PreviewError::Dpi(dpi) => {
                let (least, most) = (DPI.start(), DPI.end());
                message!(
                    "分辨率 {dpi} 不在 {least} 到 {most} 之间",
                    "{dpi} dpi is not within {least} to {most}"
                )
            }
            PreviewError::NoPage { page, count } => message!(
                "没有第 {page} 页：文件共 {count} 页",
                "there is no page {page}: the document has {count}"
            ),
            PreviewError::Work(message) => message.clone(),
            PreviewError::Size { page, width, height } => message!(
                "第 {page} 页的图片将有 {width} × {height} 像素，超出限度，请调低分辨率",
                "the picture of page {page} would be {width} × {height} pixels, which is beyond the limit; use a lower resolution"
            ),
        }
    }
}

/// Draws pages of a PDF at `dpi` pixels an inch: the same PDF gives the same bytes.
///
/// # Errors
/// If the PDF cannot be read, has not the pages, or a picture would be too large.
pub fn preview_pdf(pdf: &[u8], dpi: u32, pages: &Selection) -> Result<Vec<PageImage>, PreviewError> {
    preview_pdf_within(pdf, dpi, pages, MAX_PIXELS)
}

/// The same with fewer pixels of a page.
pub(crate) fn preview_pdf_within(
    pdf: &[u8],
    dpi: u32,
    pages: &Selection,
    most_pixels: u64,
) -> Result<Vec<PageImage>, PreviewError> {
    /// The stack size, for deeply nested objects; unused pages of it take no memory.
    const STACK: usize = 256 << 20;
    if !DPI.contains(&dpi) {
        return Err(PreviewError::Dpi(dpi));
    }
    if !is_pdf(pdf) {
        return Err(PreviewError::NotAPdf);
    }
    let bytes = pdf.to_vec();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(THREAD.into()).stack_size(STACK);
        let drawn =
            thread.spawn_scoped(scope, || draw(bytes, dpi, pages, most_pixels)).map(|thread| thread.join());
        match drawn {
            Ok(Ok(result)) => result,
            Ok(Err(reason)) => Err(match reason.downcast::<TooMuch>() {
                Ok(what) => (*what).into(),
                Err(_) => PreviewError::Damaged,
            }),
            Err(_) => Err(PreviewError::Damaged),
        }
    })
}

/// The number of pages of a PDF; none if it cannot be read.
pub(crate) fn pages(pdf: &[u8]) -> Option<usize> {
    work::within(pdf).ok()?;
    std::panic::catch_unwind(|| Pdf::new(pdf.to_vec()).ok().map(|pdf| pdf.pages().len())).ok().flatten()
}

fn draw(
    bytes: Vec<u8>,
    dpi: u32,
    pages: &Selection,
    most_pixels: u64,
) -> Result<Vec<PageImage>, PreviewError> {
    work::within(&bytes)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => PreviewError::Encrypted,
        LoadPdfError::Invalid => PreviewError::Damaged,
    })?;
    let sizes = work::objects_within(&pdf)?;
    let count = pdf.pages().len();
    if count == 0 {
        return Err(PreviewError::Damaged);
    }
    let numbers = pages.of(count).map_err(|page| PreviewError::NoPage { page, count })?;
    let found: Vec<(usize, &Page)> =
        numbers.iter().map(|&number| (number, &pdf.pages()[number - 1])).collect();
    for &(number, page) in &found {
        let (width, height) = pixels(number, page, dpi)?;
        if u64::from(width) * u64::from(height) > most_pixels {
            return Err(PreviewError::Size { page: number, width: width.into(), height: height.into() });
        }
    }
    let flaws = Arc::new(Mutex::new(Vec::new()));
    let settings = settings(Arc::clone(&flaws));
    let mut counter = Counter::new(sizes);
    for &(number, page) in &found {
        count_work(page, pixels(number, page, dpi)?, dpi, &settings, &mut counter);
    }
    // What was told in counting is told again in drawing.
    if let Ok(mut flaws) = flaws.lock() {
        flaws.clear();
    }
    let cache = RenderCache::new();
    found.into_iter().map(|(number, page)| draw_page(number, page, dpi, &cache, &settings, &flaws)).collect()
}

/// The size of a page's image in pixels, if it is within the limits.
fn pixels(number: usize, page: &Page, dpi: u32) -> Result<(u32, u32), PreviewError> {
    let (width, height) = page.render_dimensions();
    // A fraction of a pixel at the edge counts as a pixel.
    let side = |points: f32| (f64::from(points) * f64::from(dpi) / 72.0 - 0.01).ceil().max(0.0) as u64;
    let (width, height) = (side(width), side(height));
    let small = |side: u64| u16::try_from(side).ok().filter(|side| *side > 0).map(u32::from);
    match (small(width), small(height)) {
        (Some(w), Some(h)) if width * height <= MAX_PIXELS => Ok((w, h)),
        _ => Err(PreviewError::Size { page: number, width, height }),
    }
}

/// Counts the work of a page: it is interpreted as for drawing, and nothing is drawn.
fn count_work(
    page: &Page,
    (width, height): (u32, u32),
    dpi: u32,
    settings: &InterpreterSettings,
    counter: &mut Counter,
) {
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let scale = Affine::scale(f64::from(dpi) / 72.0) * page.initial_transform(true).to_kurbo();
    let cache = InterpreterCache::new();
    let mut context = Context::new(scale, area, &cache, page.xref(), settings.clone());
    counter.page(area);
    interpret_page(page, &mut context, counter);
}

fn draw_page<'a>(
    number: usize,
    page: &'a Page<'a>,
    dpi: u32,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
    flaws: &Mutex<Vec<Flaw>>,
) -> Result<PageImage, PreviewError> {
    let (width, height) = pixels(number, page, dpi)?;
    // A canvas of whole pixels, and the page on it at its true scale.
    let mut canvas = RenderContext::new(width as u16, height as u16);
    let scale = Affine::scale(f64::from(dpi) / 72.0) * page.initial_transform(true).to_kurbo();
    let render_settings =
        RenderSettings { hinting: false, glyph_caching: false, ..RenderSettings::default() };
    hayro::render_into(page, cache, settings, &render_settings, &mut canvas, scale);
    canvas.flush();
    let mut pixmap = Pixmap::new(canvas.width(), canvas.height());
    let white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    canvas.render_with(&mut pixmap, &mut Resources::default(), white);
    let png = encode(pixmap.data_as_u8_slice(), width, height, dpi).ok_or(PreviewError::Damaged)?;
    let mut found = flaws.lock().map(|mut found| std::mem::take(&mut *found)).unwrap_or_default();
    found.sort_unstable();
    found.dedup();
    Ok(PageImage { number, width, height, png, flaws: found })
}

/// How hayro reads: fonts that the file does not hold are the shipped ones, what it cannot draw is noted.
fn settings(flaws: Arc<Mutex<Vec<Flaw>>>) -> InterpreterSettings {
    let fonts = Fonts::embedded();
    InterpreterSettings {
        font_resolver: Arc::new(move |query| {
            let font =
                match query {
                    FontQuery::Standard(standard) => return Some(standard.get_font_data()),
                    FontQuery::Fallback(query) => {
                        match &query.character_collection {
                            Some(collection) if collection.family == CidFamily::AdobeGB1 => {
                                if query.is_serif { FontId::SONG } else { FontId::HEI }
                            }
                            Some(_) | None => return Some(query.pick_standard_font().get_font_data()),
                        }
                    }
                };
            Some((Arc::new(Shared { fonts: fonts.clone(), font }), 0))
        }),
        warning_sink: Arc::new(move |warning| {
            let flaw = match warning {
                InterpreterWarning::UnsupportedFont => Flaw::Font,
                InterpreterWarning::ImageDecodeFailure => Flaw::Image,
                InterpreterWarning::UnresolvedAnnotationAppearance => Flaw::Annotation,
                _ => Flaw::Other,
            };
            if let Ok(mut flaws) = flaws.lock() {
                flaws.push(flaw);
            }
        }),
        ..InterpreterSettings::default()
    }
}

/// The bytes of a shipped font, not copied.
struct Shared {
    fonts: Fonts,
    font: FontId,
}

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.fonts.font(self.font).data()
    }
}

/// A PNG of opaque pixels, with the resolution in it, so that programs show it in its true size.
fn encode(rgba: &[u8], width: u32, height: u32, dpi: u32) -> Option<Vec<u8>> {
    let gray = rgba.chunks_exact(4).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let (kind, kept) = if gray { (png::ColorType::Grayscale, 1) } else { (png::ColorType::Rgb, 3) };
    let samples: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| pixel[..kept].iter().copied()).collect();
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(kind);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&samples).ok()?;
    writer.finish().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests;
