//! Which rows of a table stay with the row below: heads with their figures, the rows of a small table or group, and the
//! rows beside a label that would have no room on the page.

use super::{CellLayout, TableLayout, continued};
use crate::geom::Length;
use crate::style::Role;

/// A table, or a part of it under a head of its own, that is no higher is not divided.
const SMALL_MM: f64 = 60.0;

/// For each row whether it stays with the row below it; `page` is the height of a page's type area, `beside` that of the
/// lines above and below the table.
pub(super) fn kept(table: &TableLayout, page: Length, beside: Length) -> Vec<bool> {
    let count = table.heights.len();
    let keep = |kept: &mut [bool], rows: std::ops::Range<usize>| {
        kept[rows.start..rows.end.saturating_sub(1).max(rows.start)].fill(true);
    };
    let small = Length::mm(SMALL_MM);
    let height = |rows: &std::ops::Range<usize>| table.tops[rows.end] - table.tops[rows.start];
    let heads: Vec<bool> = (0..count).map(|row| is_head(table, row)).collect();
    let mut kept = heads.clone();
    if let Some(last) = kept.last_mut() {
        *last = false;
    }
    for part in parts(&heads) {
        if height(&part) <= small {
            keep(&mut kept, part);
        }
    }
    if table.tops[count] <= small || (table.table.together && table.tops[count] + beside <= page) {
        keep(&mut kept, 0..count);
    }
    for cell in labels_of_groups(table) {
        let rows = cell.rows.clone();
        if height(&rows) > page {
            continue;
        }
        let again = continued::height(cell, table);
        for row in rows.start + 1..rows.end {
            let above = table.tops[row] - table.tops[rows.start];
            let below = table.tops[rows.end] - table.tops[row];
            if above < cell.text_height() || below < again {
                kept[row - 1] = true;
            }
        }
    }
    // The last row is not alone on a page.
    if count >= 4 && !heads[count - 2] && height(&(count - 2..count)) <= page / 4 {
        kept[count - 2] = true;
    }
    kept
}

/// The cells that are the labels of several rows of the body.
fn labels_of_groups<'a>(table: &'a TableLayout) -> impl Iterator<Item = &'a CellLayout> + use<'a> {
    let header_rows = table.header_rows;
    table.cells.iter().filter(move |cell| {
        cell.rows.len() > 1 && cell.rows.start >= header_rows && cell.is_label() && !cell.text.is_empty()
    })
}

/// Whether a row is a head: all the cells that begin in it are headers, or one cell reaches over the whole table.
fn is_head(table: &TableLayout, row: usize) -> bool {
    let mut begin = (0..table.columns())
        .map(|column| &table.cells[table.at(row, column)])
        .filter(|cell| cell.rows.start == row)
        .peekable();
    let Some(first) = begin.peek() else { return row > 0 && is_head(table, row - 1) };
    let over_all = table.columns() > 1 && first.columns.len() == table.columns() && first.is_label();
    over_all || begin.all(|cell| cell.role == Role::TableHeader)
}

/// The parts of a table that begin with heads.
fn parts(heads: &[bool]) -> Vec<std::ops::Range<usize>> {
    let begins = |row: usize| heads[row] && (row == 0 || !heads[row - 1]);
    let starts: Vec<usize> = (0..heads.len()).filter(|row| begins(*row)).collect();
    let ends = starts.iter().skip(1).copied().chain([heads.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_begin_with_their_heads() {
        assert_eq!(parts(&[true, true, false, true, false, false]), [0..3, 3..6]);
        assert!(parts(&[false, false]).is_empty());
    }
}
