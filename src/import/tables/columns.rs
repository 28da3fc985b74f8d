//! The columns of the cells of a row: by the headers over them, or by their order.
//!
//! Where the headers are known they decide. Order is enough only where the number of cells is the right one, counted
//! without the blanks that stand for merged cells.

use std::collections::{BTreeMap, BTreeSet};

use super::How;
use super::align::{Pair, Row};
use super::expected;
use crate::import::blocks::{Cell, Grid};
use crate::import::labels::{likeness, plain};
use crate::import::values::{is_like_value, is_missing};

/// The cell of a figure.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    /// None where the row has no cell for it.
    pub cell: Option<&'a Cell>,
    pub how: How,
    /// Whether header and order contradict each other.
    pub is_doubtful: bool,
}

/// Cells of which the columns are not known.
#[derive(Clone, Debug)]
pub(super) struct Unknown<'a> {
    pub cells: Vec<&'a Cell>,
}

/// How many cells stand behind the labels of rows of one kind, and in how many rows: by table of the file, columns of the
/// form that the label covers, and number of figures. Of rows alike one that is shorter or longer has lost a cell or has one more.
pub(super) type Lengths = BTreeMap<(usize, usize, usize), BTreeMap<usize, usize>>;

fn kind_of(grid: usize, wanted: &expected::Row) -> (usize, usize, usize) {
    (grid, wanted.label_columns, wanted.figures.len())
}

pub(super) fn lengths(expected: &[expected::Row], found: &[Row], pairs: &[Pair]) -> Lengths {
    let mut lengths = Lengths::new();
    for pair in pairs {
        let (row, wanted) = (&found[pair.found], &expected[pair.wanted]);
        let own = lengths.entry(kind_of(row.grid, wanted)).or_default();
        *own.entry(cells_after(row, pair.label).len()).or_default() += 1;
    }
    lengths
}

/// Whether exactly the right number of cells is filled, side by side: whatever blanks are around them, nothing was lost.
fn is_full(cells: &[&Cell], count: usize) -> bool {
    let is_filled = |cell: &&&Cell| !cell.text.trim().is_empty();
    let blank = cells.iter().take_while(|cell| cell.text.trim().is_empty()).count();
    cells.iter().skip(blank).take_while(is_filled).count() == count
        && cells.iter().filter(is_filled).count() == count
}

/// Whether a row has as many cells as the others of its kind; if these differ, as many as the form has.
fn is_usual(lengths: &Lengths, grid: usize, wanted: &expected::Row, cells: usize) -> bool {
    let count = wanted.figures.len();
    let Some(own) = lengths.get(&kind_of(grid, wanted)) else { return true };
    let most = own.values().max().copied().unwrap_or(0);
    let usual: Vec<usize> = own.iter().filter(|(_, rows)| **rows == most).map(|(cells, _)| *cells).collect();
    match usual[..] {
        [only] => only == cells,
        // With or without the blanks that a merged label leaves.
        _ => cells == count || cells == count + wanted.label_columns.saturating_sub(1),
    }
}

/// Whether the first cells, and whether the last cells, are blank.
fn sides(cells: &[&Cell], extra: usize) -> (bool, bool) {
    let blank = |cells: &[&Cell]| cells.iter().all(|cell| cell.text.trim().is_empty());
    (blank(&cells[..extra]), blank(&cells[cells.len() - extra..]))
}

/// The cells behind the label.
fn cells_after<'a>(row: &Row<'a>, label: Option<usize>) -> Vec<&'a Cell> {
    let from = match label {
        Some(at) => at + 1,
        None => row.labels.last().map_or(0, |(at, _)| at + 1),
    };
    row.cells[from..].to_vec()
}

/// A header of the file: the columns that it covers, its plain text.
pub(super) struct Head {
    column: usize,
    columns: usize,
    text: String,
}

/// The headers over a row: the last rows above it that have no figures of the layout.
pub(super) fn heads_over(grid: &Grid, row: &Row, aligned: &BTreeSet<(usize, usize)>) -> Vec<Head> {
    if !grid.has_columns {
        return Vec::new();
    }
    // A row of figures whose label was not recognised is no header.
    let has_figure = |at: usize| {
        let starts = |cell: &Cell| cell.text.trim().starts_with(|c: char| c.is_ascii_digit());
        grid.rows[at].iter().any(|cell| starts(cell) && is_like_value(&cell.text))
    };
    let is_head = |at: usize| !aligned.contains(&(row.grid, at)) && !has_figure(at);
    let end = (0..row.row).rev().find(|at| is_head(*at)).map_or(0, |at| at + 1);
    let start = (0..end).rev().take_while(|at| is_head(*at)).last().unwrap_or(end);
    let cells = grid.rows[start..end].iter().flatten();
    cells
        .filter(|cell| !is_missing(&cell.text))
        .map(|cell| Head { column: cell.column, columns: cell.columns.max(1), text: plain(&cell.text) })
        .filter(|head| !head.text.is_empty())
        .collect()
}

/// The cell of each figure of a row.
pub(super) fn columns<'a>(
    wanted: &expected::Row,
    row: &Row<'a>,
    label: Option<usize>,
    grid: &Grid,
    heads: &[Head],
    lengths: &Lengths,
) -> Result<Vec<Column<'a>>, Unknown<'a>> {
    let cells = cells_after(row, label);
    let count = wanted.figures.len();
    if cells.iter().all(|cell| cell.text.trim().is_empty()) && cells.len() != count {
        // Nothing is there: no figure has a place of its own but where the row stands.
        let own = |at: usize| Column { cell: cells.get(at).copied(), how: How::Order, is_doubtful: false };
        return Ok((0..count).map(own).collect());
    }
    let is_usual = is_full(&cells, count) || is_usual(lengths, row.grid, wanted, cells.len());
    let order = in_order(wanted, &cells).filter(|_| is_usual);
    let named = if grid.has_columns { by_heads(wanted, &cells, heads) } else { vec![None; cells.len()] };
    let mut by_name: Vec<Option<&Cell>> = vec![None; count];
    let mut is_whole = true;
    for (cell, figure) in cells.iter().zip(&named) {
        match figure {
            Some(at) if by_name[*at].is_none() => by_name[*at] = Some(cell),
            Some(_) => is_whole = false,
            None => is_whole &= cell.text.trim().is_empty(),
        }
    }
    is_whole &= by_name.iter().any(Option::is_some);
    match order {
        Some(order) => {
            let agree = |at: usize, cell: &Cell| {
                let named = cells.iter().zip(&named).find(|(known, _)| std::ptr::eq(**known, cell));
                named.and_then(|(_, figure)| *figure).map(|figure| figure == at)
            };
            let opinions: Vec<Option<bool>> =
                order.iter().enumerate().map(|(at, cell)| agree(at, cell)).collect();
            let contradicted = opinions.contains(&Some(false));
            if contradicted && is_whole && by_name.iter().all(Option::is_some) {
                let column = |cell: Option<&'a Cell>| Column { cell, how: How::Label, is_doubtful: true };
                let by_name = cells_by_name(&cells, &named, count);
                return Ok(by_name.into_iter().map(column).collect());
            }
            if contradicted {
                return Err(Unknown { cells });
            }
            let is_named = opinions.contains(&Some(true)) || count == 1;
            let how = if is_named { How::Label } else { How::Order };
            Ok(order.into_iter().map(|cell| Column { cell: Some(cell), how, is_doubtful: false }).collect())
        }
        None if is_whole && reaches_end(row, grid) => {
            let column = |cell: Option<&'a Cell>| Column { cell, how: How::Label, is_doubtful: false };
            Ok(cells_by_name(&cells, &named, count).into_iter().map(column).collect())
        }
        None => Err(Unknown { cells }),
    }
}

/// Whether a row reaches the last column of its table. One that does not may have lost a cell anywhere.
fn reaches_end(row: &Row, grid: &Grid) -> bool {
    let end = |cells: &[Cell]| cells.iter().map(|cell| cell.column + cell.columns).max().unwrap_or(0);
    let widest = grid.rows.iter().map(|cells| end(cells)).max().unwrap_or(0);
    end(&grid.rows[row.row]) == widest
}

fn cells_by_name<'a>(cells: &[&'a Cell], named: &[Option<usize>], count: usize) -> Vec<Option<&'a Cell>> {
    let mut found = vec![None; count];
    for (cell, figure) in cells.iter().zip(named) {
        if let Some(at) = figure {
            found[*at] = Some(*cell);
        }
    }
    found
}

/// The cells of the figures by their order, if their number is right without the blanks of merged cells.
fn in_order<'a>(wanted: &expected::Row, cells: &[&'a Cell]) -> Option<Vec<&'a Cell>> {
    let count = wanted.figures.len();
    let extra = cells.len().checked_sub(count)?;
    if extra == 0 {
        return Some(cells.to_vec());
    }
    if count == 1 {
        // One figure over several columns: once, or repeated in each of them.
        let filled: Vec<&&Cell> = cells.iter().filter(|cell| !is_missing(&cell.text)).collect();
        let first = filled.first().copied().or(cells.first())?;
        let is_one = filled.iter().all(|cell| cell.text.trim() == first.text.trim());
        let is_within = filled.len() <= 1 || wanted.figures[0].columns >= cells.len();
        return (is_one && is_within).then(|| vec![*first]);
    }
    let front = || cells[extra..].to_vec();
    let back = || cells[..count].to_vec();
    match sides(cells, extra) {
        (true, false) => Some(front()),
        (false, true) => Some(back()),
        // Blanks on both sides: as many as the form's own merged label leaves stand before the figures.
        (true, true) if extra == wanted.label_columns.saturating_sub(1) => Some(front()),
        (true, true) | (false, false) => None,
    }
}

/// The figure of each cell by the headers over it: the one whose headers are over it, and no other's.
fn by_heads(wanted: &expected::Row, cells: &[&Cell], heads: &[Head]) -> Vec<Option<usize>> {
    const LIKE: f64 = 0.75;
    let figure = |cell: &&Cell| -> Option<usize> {
        let over: Vec<&Head> = heads
            .iter()
            .filter(|head| {
                head.column < cell.column + cell.columns && cell.column < head.column + head.columns
            })
            .collect();
        let is_over = |texts: &Vec<String>| {
            over.iter().any(|head| texts.iter().any(|text| likeness(&head.text, text) >= LIKE))
        };
        // The lowest header must be there; of several figures with it, the one with most of the others.
        let scores: Vec<usize> = wanted
            .figures
            .iter()
            .map(|figure| match figure.heads.split_last() {
                Some((last, others)) if is_over(last) => {
                    1 + others.iter().filter(|texts| is_over(texts)).count()
                }
                _ => 0,
            })
            .collect();
        let most = *scores.iter().max()?;
        let mut best = scores.iter().enumerate().filter(|(_, score)| **score == most && most > 0);
        let (at, _) = best.next()?;
        best.next().is_none().then_some(at)
    };
    cells.iter().map(figure).collect()
}
