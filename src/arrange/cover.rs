//! 封面: the lines at its foot, two lines above the end of the type area.

use crate::document::{Block, BlockKind, Document, Position};
use crate::geom::Length;
use crate::style::Role;

/// So many lines of text are clear below the last line of a cover.
const CLEAR_BELOW: i64 = 2;

/// Moves the lines that say who issues the document and when to the foot of the cover; the titles are broken by now.
pub(super) fn place(document: &mut Document) {
    let is_foot = |block: &Block| match &block.kind {
        BlockKind::Title(title) => title.role == Role::CoverLine,
        _ => false,
    };
    let cover = document.blocks.iter().take(document.front).position(is_foot);
    let Some(first) = cover else { return };
    let height: Length = document.blocks[..document.front].iter().map(|block| height(document, block)).sum();
    let page = &document.page;
    let room = page.type_height() - height - page.line_pitch * CLEAR_BELOW;
    document.blocks[first].position = Position::Gap(room.max(page.line_pitch));
}

/// The height of a title or of lines, with the gap above.
fn height(document: &Document, block: &Block) -> Length {
    let BlockKind::Title(title) = &block.kind else { return Length::ZERO };
    if title.role == Role::ContentsTitle {
        return Length::ZERO;
    }
    let style = document.styles.get(title.role);
    let above = match block.position {
        Position::Gap(gap) => gap,
        _ => style.space_before,
    };
    let below = if title.leads { Length::ZERO } else { style.space_after };
    above + style.line_pitch * title.lines.len() as i64 + below
}
