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

/// On which side of the figures the blanks of merged cells stand: by table of the file, cell of the label and number of
/// blanks, in rows in which only one side is possible.
pub(super) type Votes = BTreeMap<(usize, usize, usize), (usize, usize)>;

pub(super) fn votes(expected: &[expected::Row], found: &[Row], pairs: &[Pair]) -> Votes {
    let mut votes = Votes::new();
    for pair in pairs {
        let (row, count) = (&found[pair.found], expected[pair.wanted].figures.len());
        let cells = cells_after(row, pair.label);
        let Some(extra) = cells.len().checked_sub(count).filter(|extra| *extra > 0) else { continue };
        let vote = votes.entry((row.grid, pair.label.unwrap_or(0), extra)).or_default();
        match sides(&cells, extra) {
            (true, false) => vote.0 += 1,
            (false, true) => vote.1 += 1,
            (true, true) | (false, false) => {}
        }
    }
    votes
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
    votes: &Votes,
) -> Result<Vec<Column<'a>>, Unknown<'a>> {
    let cells = cells_after(row, label);
    let count = wanted.figures.len();
    if cells.iter().all(|cell| cell.text.trim().is_empty()) && cells.len() != count {
        // Nothing is there: no figure has a place of its own but where the row stands.
        let own = |at: usize| Column { cell: cells.get(at).copied(), how: How::Order, is_doubtful: false };
        return Ok((0..count).map(own).collect());
    }
    let order = in_order(wanted, row.grid, label, &cells, votes);
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
        None if is_whole => {
            let column = |cell: Option<&'a Cell>| Column { cell, how: How::Label, is_doubtful: false };
            Ok(cells_by_name(&cells, &named, count).into_iter().map(column).collect())
        }
        None => Err(Unknown { cells }),
    }
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
fn in_order<'a>(
    wanted: &expected::Row,
    grid: usize,
    label: Option<usize>,
    cells: &[&'a Cell],
    votes: &Votes,
) -> Option<Vec<&'a Cell>> {
    let count = wanted.figures.len();
    let extra = cells.len().checked_sub(count)?;
    if extra == 0 {
        return Some(cells.to_vec());
    }
    if count == 1 {
        // One figure over several columns: once, or repeated in each of them.
        let mut filled = cells.iter().filter(|cell| !is_missing(&cell.text));
        let first = filled.next().or(cells.first())?;
        let is_one = filled.all(|cell| cell.text.trim() == first.text.trim());
        let within = wanted.figures[0].columns >= cells.len()
            || cells.iter().filter(|cell| !is_missing(&cell.text)).count() == 1;
        return (is_one && within).then(|| vec![*first]);
    }
    let front = || cells[extra..].to_vec();
    let back = || cells[..count].to_vec();
    match sides(cells, extra) {
        (true, false) => Some(front()),
        (false, true) => Some(back()),
        (true, true) => match votes.get(&(grid, label.unwrap_or(0), extra)) {
            Some((in_front, 0)) if *in_front > 0 => Some(front()),
            Some((0, behind)) if *behind > 0 => Some(back()),
            _ => None,
        },
        (false, false) => None,
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
