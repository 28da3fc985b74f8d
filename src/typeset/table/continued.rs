//! The label of a group on a page that the group continues on: it is repeated with （续）.

use std::sync::Arc;

use super::{CellLayout, TableLayout, vertical};
use crate::geom::Length;
use crate::pages::{Artifact, Owner};
use crate::text::line::{Atom, Line, Span, atoms, fill};

/// The lines of the repeated label.
pub(super) fn lines(cell: &CellLayout, table: &TableLayout) -> Vec<(Arc<Vec<Atom>>, Vec<Line>)> {
    let paragraph = |text: &str| {
        let span = Span::plain(Owner::Artifact(Artifact::Layout), cell.face, text);
        let atoms = atoms(table.fonts, &[span], &cell.style, &table.rules);
        let lines = fill(&atoms, &cell.measure, cell.align, &table.rules);
        (Arc::new(atoms), lines)
    };
    if cell.is_vertical {
        let upright = |character| paragraph(vertical::form(character).encode_utf8(&mut [0; 4]));
        return cell.text.chars().chain(cell.again.chars()).map(upright).collect();
    }
    let mut lines: Vec<_> = cell.text.split('\n').map(paragraph).collect();
    lines.push(paragraph(cell.again));
    lines
}

/// The height of the repeated label.
pub(super) fn height(cell: &CellLayout, table: &TableLayout) -> Length {
    let lines: usize = lines(cell, table).iter().map(|(_, lines)| lines.len()).sum();
    cell.pitch * lines as i64
}
