//! Import of a Word file that this program made and a person edited.
//!
//! A file with an embedded report is compared with it: the expected content of the report is aligned with the
//! content of the file, and only the differences are changed in the report's source text. A file without one
//! is compared with an empty report of its layout. The statutory tables are found by their labels, as in any
//! file (`statutory`). Changes without a place in the report are reported, never guessed.

mod align;
mod changes;
mod chart;
mod edit;
mod expected;
mod grid;
mod image;
mod measured;
mod names;
mod prose;
mod signature;
mod skeleton;
mod spans;
mod statutory;
mod word;

use super::prose as of_file;
use super::told;
use super::{ImportError, Imported, Places, SourceFile, blocks, docx, footnotes};
use crate::assets::Assets;
use crate::check;
use crate::diagnostic::{Diagnostic, Message, rule};
use crate::document::compose;
use crate::embed::SourceError;
use crate::extract;
use crate::figures::Figures;
use crate::layout::Layouts;
use crate::message;
use crate::options::Limits;
use crate::read::damaged;
use crate::read::ooxml::Package;
use crate::report;
use crate::source::Source;
use crate::xml::Element;

/// Reads the report back from a Word file of this program; none if the file is not one, or has lost what its tables are
/// known by. `layout` is used in place of the one that the file was made with.
///
/// # Errors
/// If the file is damaged, or the layout cannot be used.
pub(super) fn import(
    package: &Package,
    document: &Element,
    read: &docx::Read,
    layouts: &Layouts,
    layout: Option<&str>,
    limits: &Limits,
) -> Result<Option<Imported>, ImportError> {
    let mut blocks = word::blocks(package, document, read)?;
    let unseen = unseen(&blocks, read);
    let carried = extract::docx::source(package)?;
    let manifest = carried.as_ref().and_then(|carried| carried.manifest().ok());
    let unusable = |error: SourceError| ImportError::Read(damaged(error.message()));
    if let (Some(carried), Some(manifest)) = (&carried, &manifest) {
        let own = carried.layouts(manifest).map_err(unusable)?;
        let images = carried.images(manifest).map_err(unusable)?;
        let layout = layout.or(manifest.options.layout.as_deref());
        let imported = against(&carried.report, &own, layout, &images, (blocks, read), limits)?;
        return Ok(Some(tell(imported, read, &unseen, limits)));
    }
    let album = image::Album::of(&mut blocks, limits);
    let Some((mut report, own)) = skeleton::report(package, &blocks, layouts, layout)? else {
        return Ok(None);
    };
    let title = skeleton::core(package, "dc:title");
    measured::settle(&mut report, (title.as_deref(), &blocks), &own, &album, limits);
    let text = serde_json::to_string_pretty(&report);
    let text = text.map_err(|error| damaged(message!("{error}", "{error}")))? + "\n";
    let undescribed = undescribed(&blocks);
    let mut imported = against(text.as_bytes(), layouts, layout, &album, (blocks, read), limits)?;
    imported.pictures = album.used(&String::from_utf8_lossy(&imported.report));
    imported.findings.extend(undescribed);
    Ok(Some(tell(imported, read, &unseen, limits)))
}

/// The paragraphs that any reader of Word files sees and the one of the program's own does not, such as those in a shape.
fn unseen(blocks: &[word::Block], read: &docx::Read) -> Vec<blocks::Block> {
    let solid = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    // As one text: a line of several names is several blocks here.
    let mut seen = String::new();
    for block in blocks {
        match block {
            word::Block::Paragraph { text, .. } => seen.push_str(&solid(text)),
            word::Block::Table(grid) => {
                grid.rows.iter().flatten().for_each(|cell| seen.push_str(&solid(&cell.text)));
            }
            _ => {}
        }
    }
    let is_unseen = |block: &&blocks::Block| match block {
        blocks::Block::Paragraph(paragraph) => {
            let own = solid(&paragraph.text);
            !own.is_empty() && memchr::memmem::find(seen.as_bytes(), own.as_bytes()).is_none()
        }
        _ => false,
    };
    read.content.blocks.iter().filter(is_unseen).cloned().collect()
}

/// Findings about the pictures without a description.
fn undescribed(blocks: &[word::Block]) -> Vec<Diagnostic> {
    let names = blocks.iter().filter_map(|block| match block {
        word::Block::Image(image) if image.alt.is_none() => image.path.rsplit('/').next(),
        _ => None,
    });
    names
        .filter(|name| !name.is_empty())
        .map(|name| {
            let message = message!("图片 {name} 没有文字说明", "the picture {name} has no description");
            Diagnostic::warning(rule::IMPORT_PICTURE, "", message)
        })
        .collect()
}

/// The same with findings about what a report cannot hold: comments, struck and hidden text, and the footnotes that it
/// does not have.
fn tell(mut imported: Imported, read: &docx::Read, unseen: &[blocks::Block], limits: &Limits) -> Imported {
    for block in unseen {
        if let Some(place) = block.place() {
            let (finding, unplaced) = told::left(of_file::text_of(block), place.clone());
            imported.findings.push(finding);
            imported.places.unplaced.push(unplaced);
        }
    }
    let is_footnote =
        |block: &blocks::Block| matches!(block, blocks::Block::Left { what: blocks::Left::Footnote, .. });
    let mut held = Vec::new();
    if read.content.blocks.iter().any(is_footnote)
        && let Ok(source) = Source::parse_within(&imported.report, limits)
        && let Ok((report, _)) = report::read(&source)
    {
        held = footnotes::of(&report);
    }
    for block in &read.content.blocks {
        // Charts are compared with those of the report.
        if let blocks::Block::Left { what, place, text, .. } = block
            && *what != blocks::Left::Chart
        {
            if let Some(at) = held.iter().position(|own| is_footnote(block) && own == text.trim()) {
                held.remove(at);
                continue;
            }
            let (finding, unplaced) = told::left(of_file::text_of(block), place.clone());
            imported.findings.push(finding);
            imported.places.unplaced.push(unplaced);
        }
    }
    imported
}

/// The report `base` with the changes that the file shows: its statutory tables as they are found by their labels, and in
/// place where they have lost these; everything else by what it was before.
fn against(
    base: &[u8],
    layouts: &Layouts,
    layout: Option<&str>,
    images: &dyn Assets,
    (blocks, read): (Vec<word::Block>, &docx::Read),
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let source = Source::parse_within(base, limits).map_err(|found| unsound(&found))?;
    let (report, _) = report::read(&source).map_err(|found| unsound(&found))?;
    let id = layout.unwrap_or(&report.layout);
    let layout = layouts.get(id).map_err(|error| ImportError::Layout(error.message))?;
    let mut figures = Figures::of(&report, &layout);
    check::fill(&mut figures, None);
    let (document, _) = compose(&report, &figures, images, limits).map_err(|found| unsound(&found))?;
    let expected = expected::items(&document);
    let blocks = blocks.into_iter().filter(|block| !block.is_derived()).collect();
    let statutory::Split { expected, blocks, tables } = statutory::split(expected, blocks, &layout, read);
    let pairs = align::align(&expected, &blocks);
    let mut changes = changes::changes(&source, &expected, &blocks, &pairs);
    let matched = statutory::changes(&source, &figures, tables, &mut changes);
    let changes::Changes { edits, mut findings, .. } = changes;
    source.resolve(&mut findings);
    let mut text = if base.starts_with(b"\xEF\xBB\xBF") { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
    text.extend(edit::apply(&source, &edits).into_bytes());
    let source = Source::parse_within(&text, limits).map_err(|found| unsound(&found))?;
    let (report, _) = report::read(&source).map_err(|found| unsound(&found))?;
    let (places, more) = told::figures(&report, &layout, &matched);
    let (left, unplaced) = told::left_rows(matched.left);
    let more = more.into_iter().chain(left).chain(matched.findings).collect();
    findings.extend(told::resolved(more, &source, &report, &layout));
    let source = SourceFile { kind: "docx".to_owned() };
    let places = Places { source, figures: places, unplaced, ..Places::default() };
    Ok(Imported { report: text, findings, places, pictures: Vec::new() })
}

/// The error of an embedded report that cannot be read, with the first reason.
fn unsound(found: &[Diagnostic]) -> ImportError {
    let message = found.first().map(|found| found.message.clone());
    let Message { zh, en } = message.unwrap_or_else(|| message!("原因不明", "for no known reason"));
    damaged(message!("其中的报告读不出来：{zh}", "its report cannot be read: {en}")).into()
}

#[cfg(test)]
mod tests;
