//! A PDF: the report that it carries, or its glyphs put into lines and, between ruled lines, into cells.
//!
//! hayro reads the file. It may be malicious, so that happens on a thread of its own: a panic ends the import and not the program.

mod drawn;
mod glyph;
mod ink;
mod paragraphs;
mod ruled;
mod seen;
mod tags;
mod text;

use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, RenderContent, TransformExt, interpret_page,
};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::Rect;

use drawn::Page;
use glyph::UNKNOWN;

use super::blocks::{Block, Content};
use crate::message;
use crate::options::Limits;
use crate::preview::work::{self, TooMuch};
use crate::read::{ReadError, damaged, limit};

/// The content of a PDF.
pub(super) fn content(bytes: &[u8], limits: &Limits) -> Result<Content, ReadError> {
    const STACK: usize = 256 << 20;
    let bytes = bytes.to_vec();
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(crate::preview::THREAD.into()).stack_size(STACK);
        let read = thread
            .spawn_scoped(scope, || pages(bytes, limits).map(|(pages, tables)| blocks(pages, tables)))
            .map(|thread| thread.join());
        match read {
            Ok(Ok(result)) => result,
            Ok(Err(reason)) => Err(match reason.downcast::<ReadError>() {
                Ok(error) => *error,
                Err(_) => damaged(message!("PDF 读不出来", "the PDF cannot be read")),
            }),
            Err(_) => Err(damaged(message!("PDF 读不出来", "the PDF cannot be read"))),
        }
    });
    Ok(Content { blocks: read?, ..Content::default() })
}

/// What the pages show; what they hide is behind it.
fn blocks(mut pages: Vec<Page>, tables: Vec<tags::Rows>) -> Vec<Block> {
    // Without the characters of its fonts the text of a file is as that of a scan.
    let glyphs = || pages.iter().flat_map(|page| &page.glyphs).filter(|glyph| !glyph.is_space());
    if glyphs().filter(|glyph| glyph.text.starts_with(UNKNOWN)).count() * 2 > glyphs().count() {
        return Vec::new();
    }
    let mut left: Vec<Block> = pages.iter_mut().flat_map(Page::see).collect();
    let mut tables = tags::take(tables, &mut pages);
    let mut lines = Vec::new();
    for (at, page) in pages.into_iter().enumerate() {
        let own = tables.extract_if(.., |(page, ..)| *page == at).map(|(_, y, grid)| (y, grid)).collect();
        lines.extend(page.blocks(own));
    }
    let mut blocks = paragraphs::joined(lines);
    blocks.append(&mut left);
    blocks
}

fn pages(bytes: Vec<u8>, limits: &Limits) -> Result<(Vec<Page>, Vec<tags::Rows>), ReadError> {
    let too_much = |what: TooMuch| limit(what.message());
    work::within(&bytes).map_err(too_much)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadError::Encrypted,
        LoadPdfError::Invalid => damaged(message!("PDF 读不出来", "the PDF cannot be read")),
    })?;
    let form = work::objects_within(&pdf).map_err(too_much)?.form;
    let most = limits.paragraphs / 10;
    if pdf.pages().len() > most {
        return Err(limit(message!("PDF 超过 {most} 页", "the PDF has more than {most} pages")));
    }
    let cache = InterpreterCache::new();
    let mut left = limits.characters * 4;
    let mut work = limits.characters * 10;
    let mut found = Vec::new();
    for (number, page) in pdf.pages().iter().enumerate() {
        let (width, height) = page.render_dimensions();
        let transform = page.initial_transform(true).to_kurbo();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut own = Page::new(number + 1, f64::from(width), f64::from(height));
        (own.left, own.work, own.form) = (left, work, form);
        for (part, in_annotations) in [(RenderContent::PAGE, false), (RenderContent::ANNOTATIONS, true)] {
            let settings = InterpreterSettings { render_content: part, ..InterpreterSettings::default() };
            let mut context = Context::new(transform, area, &cache, pdf.xref(), settings);
            own.in_annotations = in_annotations;
            interpret_page(page, &mut context, &mut own);
        }
        (left, work) = (own.left, own.work);
        if left == 0 {
            return Err(limit(message!("PDF 的文字太多", "the PDF has too much text")));
        }
        found.push(own);
    }
    Ok((found, tags::tables(&pdf)))
}
