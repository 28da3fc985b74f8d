//! Headings: their roles by their numbers, and the levels at which they are nested in the document.
//!
//! 第一部分, 第一章 and 第一节 are levels of their own above 一、: where a document has chapters, 一、 is below them.

use crate::document::{Block, BlockKind, HeadingNumber, NumberKind};
use crate::style::Role;

/// HTML, PDF and Word have headings down to this level below the title.
const DEEPEST: u8 = 5;

/// The role of a heading with this text, which by itself has this level.
pub(super) fn role(text: &str, level: u8) -> Role {
    match HeadingNumber::of(text).map(|number| number.kind) {
        Some(NumberKind::Part) => Role::Part,
        Some(NumberKind::Chapter) => Role::Chapter,
        Some(NumberKind::Section) => Role::Section,
        Some(NumberKind::Article | NumberKind::Level(_)) | None => Role::heading(level),
    }
}

/// Gives headings their levels in the document: those of parts, chapters, sections and articles as they are nested, and
/// below them 一、 and the others.
pub(super) fn nest(blocks: &mut [Block]) {
    let mut above: Vec<NumberKind> = Vec::new();
    for block in blocks {
        let paragraph = match &mut block.kind {
            BlockKind::Paragraph(paragraph) => paragraph,
            // Another text begins.
            BlockKind::Title(title) if !title.is_line_below() => {
                above.clear();
                continue;
            }
            _ => continue,
        };
        let Some(heading) = &mut paragraph.heading else { continue };
        let named = HeadingNumber::of(&heading.text).map(|number| number.kind);
        match named.filter(|kind| !matches!(kind, NumberKind::Level(_))) {
            Some(kind) => {
                above.retain(|other| *other < kind);
                above.push(kind);
                heading.level = depth(&above);
            }
            None => {
                above.retain(|other| *other < NumberKind::Article);
                heading.level = (depth(&above) + heading.level).min(DEEPEST);
            }
        }
    }
}

fn depth(above: &[NumberKind]) -> u8 {
    u8::try_from(above.len()).unwrap_or(DEEPEST).min(DEEPEST)
}
