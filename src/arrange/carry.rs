//! Columns of a table that is too wide for its page are carried over: the table becomes several, each with its first columns
//! and as many of the others as it has room for. Groups of columns under one header stay together if they can.

use std::ops::Range;

use super::columns;
use super::metrics::Metrics;
use crate::document::{Block, BlockKind, CONTINUED, Document, NodeId, Table, TableCell, TableRow, TableText};
use crate::font::Fonts;
use crate::geom::Length;

/// The caption of what is carried over from a table without one.
const CARRIED: &str = "续表";
/// So finely are the widths of the parts evened out.
const STEPS: i64 = 16;

/// Divides every table that says which columns to repeat and is too wide.
pub(super) fn carry_columns(document: &mut Document, fonts: &Fonts) {
    let is_wanted =
        |block: &Block| matches!(&block.kind, BlockKind::Table(table) if table.repeat_columns > 0);
    if !document.blocks.iter().any(is_wanted) {
        return;
    }
    let mut metrics = Metrics::new(fonts, document.text.han_latin_gap);
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in std::mem::take(&mut document.blocks) {
        match block.kind {
            BlockKind::Table(table) if table.repeat_columns > 0 => {
                let room = document.geometry(block.orientation).type_width();
                let parts = parts(&table, room, document, &mut metrics);
                let last = parts.len().saturating_sub(1);
                for (at, Part { columns, widths }) in parts.into_iter().enumerate() {
                    let mut part = part(&table, columns, at, document);
                    match widths {
                        Some(widths) => (part.columns, part.by_content) = (widths, false),
                        None => part.by_content = true,
                    }
                    if at < last {
                        part.notes.clear();
                    }
                    let id = if at == 0 { block.id } else { copy(document, block.id) };
                    blocks.push(Block { id, kind: BlockKind::Table(part), ..block });
                }
            }
            kind => blocks.push(Block { kind, ..block }),
        }
    }
    document.blocks = blocks;
}

/// A part of a table.
struct Part {
    /// Its columns besides the repeated ones.
    columns: Range<usize>,
    /// The widths of all its columns; none where its content is to make them.
    widths: Option<Vec<Length>>,
}

/// The parts of a table; one where it is not too wide.
fn parts(table: &Table, room: Length, document: &Document, metrics: &mut Metrics) -> Vec<Part> {
    let repeated = table.repeat_columns;
    let count = table.columns.len();
    let mut widths = match table.by_content {
        true => columns::unbroken(table, room, document, metrics),
        false => table.columns.iter().map(|width| (*width, *width)).collect(),
    };
    let sum = |widths: &[(Length, Length)]| widths.iter().map(|(least, _)| *least).sum::<Length>();
    if sum(&widths) <= room + Length::pt(0.5) {
        let widths = (!table.by_content).then(|| table.columns.clone());
        return vec![Part { columns: repeated..count, widths }];
    }
    // The repeated columns are alike in all parts, with their lines whole as far as half of the room allows.
    let mut spare = (room / 2 - sum(&widths[..repeated])).max(Length::ZERO);
    let mut narrow: Vec<usize> = (0..repeated).collect();
    narrow.sort_by_key(|column| widths[*column].1 - widths[*column].0);
    for (at, column) in narrow.into_iter().enumerate() {
        let (least, wanted) = &mut widths[column];
        let more = (*wanted - *least).min(spare / (repeated - at) as i64).max(Length::ZERO);
        *least += more;
        spare -= more;
    }
    let widths: Vec<Length> = widths.into_iter().map(|(least, _)| least).collect();
    let first: Length = widths[..repeated].iter().copied().sum();
    let room = room - first;
    let bounds = bounds(table, repeated, count);
    let divided = |cap: Length| divided(&widths, repeated, &bounds, cap);
    let fewest = divided(room).len();
    let even = (1..=STEPS).map(|step| divided(room * step / STEPS)).find(|parts| parts.len() == fewest);
    let part = |columns: Range<usize>| {
        let own = &widths[columns.clone()];
        let left = room - own.iter().copied().sum::<Length>();
        if left < -Length::pt(0.5) {
            // Not even one column has room beside the repeated ones: all are set smaller.
            return Part { columns, widths: None };
        }
        let share = if table.by_content { left.max(Length::ZERO) / own.len() as i64 } else { Length::ZERO };
        let own = own.iter().map(|width| *width + share);
        Part { columns, widths: Some(widths[..repeated].iter().copied().chain(own).collect()) }
    };
    even.unwrap_or_else(|| divided(room)).into_iter().map(part).collect()
}

/// Where a part may end: between columns that no cell covers both of.
fn bounds(table: &Table, from: usize, to: usize) -> Vec<usize> {
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let is_free = |at: &usize| cells().all(|cell| !(cell.column < *at && *at < cell.column + cell.columns));
    (from..to).filter(is_free).chain([to]).collect()
}

/// Fills parts of at most `cap` from the left. What is wider between two bounds is divided between any columns; every part
/// has a column at least.
fn divided(widths: &[Length], from: usize, bounds: &[usize], cap: Length) -> Vec<Range<usize>> {
    let width = |columns: Range<usize>| widths[columns].iter().copied().sum::<Length>();
    let to = widths.len();
    let mut parts = Vec::new();
    let mut start = from;
    while start < to {
        let fits = |end: &usize| *end > start && width(start..*end) <= cap;
        let whole = bounds.iter().copied().rfind(fits);
        let most = (start + 1..=to).rfind(fits).unwrap_or(start + 1);
        // A part that groups leave half empty takes columns of the next one.
        let end = whole.filter(|end| width(start..*end) * 2 >= cap.min(width(start..most))).unwrap_or(most);
        parts.push(start..end);
        start = end;
    }
    parts
}

/// The part of a table with its first columns and these.
fn part(table: &Table, columns: Range<usize>, at: usize, document: &mut Document) -> Table {
    let repeated = table.repeat_columns;
    let kept = |column: usize| column < repeated || columns.contains(&column);
    let place = |column: usize| if column < repeated { column } else { column - columns.start + repeated };
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut cells = Vec::new();
        for cell in &row.cells {
            let covered = cell.column..cell.column + cell.columns;
            let mut own = covered.clone().filter(|column| kept(*column));
            let Some(first) = own.next() else { continue };
            let mut part = TableCell { column: place(first), columns: 1 + own.count(), ..cell.clone() };
            if at > 0 && (first < repeated || cell.column < columns.start) {
                part.id = copy(document, cell.id);
                if covered.end > repeated && cell.column < columns.start && !cell.text.is_empty() {
                    part.text.push_str(CONTINUED[0]);
                }
            }
            cells.push(part);
        }
        let id = if at == 0 { row.id } else { copy(document, row.id) };
        rows.push(TableRow { id, cells, ..row.clone() });
    }
    let widths = (0..table.columns.len()).filter(|column| kept(*column)).map(|column| table.columns[column]);
    let mut part =
        Table { columns: widths.collect(), rows, together: true, is_carried: at > 0, ..table.clone() };
    if at > 0 {
        let mut again = |text: &TableText, mark: &str| TableText {
            id: copy(document, text.id),
            text: format!("{}{mark}", text.text),
        };
        part.caption = Some(match &table.caption {
            Some(caption) => again(caption, CONTINUED[0]),
            None => again(&TableText { id: table.rows[0].id, text: CARRIED.to_owned() }, ""),
        });
        part.number = None;
        part.prepared_by = None;
        part.unit = table.unit.as_ref().map(|unit| again(unit, ""));
        part.description.push_str(CONTINUED[0]);
    }
    part
}

/// A new node for a copy of what belongs to this one.
fn copy(document: &mut Document, node: NodeId) -> NodeId {
    let place = document.place(node).to_owned();
    document.places.push(place);
    let copy = NodeId(u32::try_from(document.places.len()).expect("a document has fewer nodes"));
    document.formats.copy(node, copy);
    document.inlines.copy(node, copy);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(columns: &[f64]) -> Vec<Length> {
        columns.iter().map(|width| Length::pt(*width)).collect()
    }

    #[test]
    fn parts_end_between_groups_if_they_can() {
        let columns = widths(&[5.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
        let parts = |bounds: &[usize], cap: f64| divided(&columns, 1, bounds, Length::pt(cap));
        assert_eq!(parts(&[1, 2, 3, 4, 5, 6, 7], 5.0), [1..3, 3..5, 5..7]);
        assert_eq!(parts(&[1, 4, 7], 6.0), [1..4, 4..7]);
        assert_eq!(parts(&[1, 4, 7], 5.0), [1..3, 3..4, 4..6, 6..7]);
        // The first of the others is covered together with a repeated one.
        assert_eq!(parts(&[2, 4, 7], 6.0), [1..4, 4..7]);
        // Nothing fits: a column each.
        assert_eq!(parts(&[1, 7], 1.0).len(), 6);
    }
}
