//! The columns of the cells of a row: by the headers over them, or by their order.
//!
//! Where the headers are known they decide. Order is enough only where the number of cells is the right one, counted
//! without the blanks that stand for merged cells.

use std::collections::{BTreeMap, BTreeSet};

use super::How;
use super::align::{Pair, Row, first_cell};
use super::expected;
use super::grid::{Cell, Grid};
use super::labels::{likeness, plain};
use super::values::{is_like_value, is_missing};

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

/// How a table of a file writes the cells that the form merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Padding {
    /// Once.
    None,
    /// With a blank for each further column, behind labels and behind figures.
    Blanks,
}

/// How many cells the rows of a table have behind their labels: a padding, and how many cells more than the form has with it. What most rows of the table have is what all have; one that is shorter or longer has lost a cell or has one more.
#[derive(Debug, Default)]
pub(super) struct Lengths {
    /// By table of the file and of the layout. Several where these are as frequent: a row must agree with all of them.
    usual: BTreeMap<(usize, usize), Vec<(Padding, isize)>>,
    /// By table of the file and kind of row: how many rows have how many cells.
    of_kind: BTreeMap<(usize, usize, usize, usize), BTreeMap<usize, usize>>,
}

/// Rows of a kind: of one table, with labels and figures as wide.
fn kind_of(grid: usize, wanted: &expected::Row) -> (usize, usize, usize, usize) {
    (grid, wanted.number, wanted.label_columns, wanted.figures.len())
}

/// How many cells more than the form a row has with a padding.
fn surplus(wanted: &expected::Row, cells: usize, padding: Padding) -> isize {
    let of_form = match padding {
        Padding::None => wanted.figures.len(),
        Padding::Blanks => {
            let columns: usize = wanted.figures.iter().map(|figure| figure.columns).sum();
            columns + wanted.label_columns.saturating_sub(1)
        }
    };
    let signed = |count: usize| isize::try_from(count).unwrap_or(isize::MAX);
    signed(cells) - signed(of_form)
}

pub(super) fn lengths(expected: &[expected::Row], found: &[Row], pairs: &[Pair]) -> Lengths {
    let mut lengths = Lengths::default();
    let mut votes: BTreeMap<(usize, usize), BTreeMap<(Padding, isize), usize>> = BTreeMap::new();
    for pair in pairs {
        let (row, wanted) = (&found[pair.found], &expected[pair.wanted]);
        let cells = cells_after(&expected[pair.wanted], row, pair.label).len();
        let own = votes.entry((row.grid, wanted.number)).or_default();
        for padding in [Padding::None, Padding::Blanks] {
            *own.entry((padding, surplus(wanted, cells, padding))).or_default() += 1;
        }
        *lengths.of_kind.entry(kind_of(row.grid, wanted)).or_default().entry(cells).or_default() += 1;
    }
    for (table, votes) in votes {
        let most = votes.values().max().copied().unwrap_or(0);
        let best = votes.iter().filter(|(_, count)| **count == most).map(|(usual, _)| *usual);
        lengths.usual.insert(table, best.collect());
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

/// Whether a row has as many cells as the others of its table.
fn is_usual(lengths: &Lengths, grid: usize, wanted: &expected::Row, cells: usize) -> bool {
    if wanted.figures.len() == 1 {
        return true;
    }
    let agrees = |(padding, more): &(Padding, isize)| surplus(wanted, cells, *padding) == *more;
    if lengths.usual.get(&(grid, wanted.number)).is_some_and(|usual| usual.iter().all(agrees)) {
        return true;
    }
    // Or as all others of its kind, if there are enough to be sure: a file may merge the labels of some rows otherwise.
    let Some(own) = lengths.of_kind.get(&kind_of(grid, wanted)) else { return false };
    let (all, same) = (own.values().sum::<usize>(), own.get(&cells).copied().unwrap_or(0));
    (all >= 3 && same == all) || (all >= 6 && same * 2 > all)
}

/// Whether the first cells, and whether the last cells, are blank.
fn sides(cells: &[&Cell], extra: usize) -> (bool, bool) {
    let blank = |cells: &[&Cell]| cells.iter().all(|cell| cell.text.trim().is_empty());
    (blank(&cells[..extra]), blank(&cells[cells.len() - extra..]))
}

/// The cells behind the label.
pub(super) fn cells_after<'a>(wanted: &expected::Row, row: &Row<'a>, label: Option<usize>) -> Vec<&'a Cell> {
    let from = match label {
        Some(at) => at + 1,
        None => first_cell(wanted, row),
    };
    row.cells[from..].to_vec()
}

/// A header of the file: the columns that it covers, its plain text.
pub(super) struct Head {
    column: usize,
    columns: usize,
    text: String,
}

impl Head {
    fn is_over(&self, cell: &Cell) -> bool {
        self.column < cell.column + cell.columns && cell.column < self.column + self.columns
    }
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
    let cells = cells_after(wanted, row, label);
    let count = wanted.figures.len();
    if cells.iter().all(|cell| cell.text.trim().is_empty()) && cells.len() != count {
        // Nothing is there: no figure has a place of its own but where the row stands.
        let own = |at: usize| Column { cell: cells.get(at).copied(), how: How::Order, is_doubtful: false };
        return Ok((0..count).map(own).collect());
    }
    let is_usual = is_full(&cells, count) || is_usual(lengths, row.grid, wanted, cells.len());
    let order = in_order(wanted, &cells).filter(|_| is_usual);
    let named = if grid.has_columns { by_heads(wanted, &cells, heads) } else { vec![None; cells.len()] };
    if let Some(columns) = beside_others(wanted, &cells, &named, heads) {
        return Ok(columns);
    }
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
                let column = |(cell, place): (Option<&'a Cell>, &&Cell)| {
                    let is_moved = cell.is_none_or(|cell| !std::ptr::eq(cell, *place));
                    Column { cell, how: How::Label, is_doubtful: is_moved }
                };
                let by_name = cells_by_name(&cells, &named, count);
                return Ok(by_name.into_iter().zip(&order).map(column).collect());
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

/// The cells of the figures in a row that has columns of its own besides: all figures are under their headers, and whatever
/// else is filled is under a header that the form does not have. None for a row without such columns.
fn beside_others<'a>(
    wanted: &expected::Row,
    cells: &[&'a Cell],
    named: &[Option<usize>],
    heads: &[Head],
) -> Option<Vec<Column<'a>>> {
    let is_filled = |cell: &Cell| !cell.text.trim().is_empty();
    let others = cells.iter().zip(named).filter(|(cell, figure)| figure.is_none() && is_filled(cell));
    let others: Vec<&Cell> = others.map(|(cell, _)| *cell).collect();
    let count = wanted.figures.len();
    let is_once = (0..count).all(|at| named.iter().filter(|figure| **figure == Some(at)).count() == 1);
    if others.is_empty() || !is_once || !others.iter().all(|cell| is_foreign(wanted, cell, heads)) {
        return None;
    }
    let column = |cell: Option<&'a Cell>| Column { cell, how: How::Label, is_doubtful: false };
    Some(cells_by_name(cells, named, count).into_iter().map(column).collect())
}

/// The filled cells of a row that are none of these; behind a single figure only what may be one.
pub(super) fn beside<'a>(
    wanted: &expected::Row,
    row: &Row<'a>,
    label: Option<usize>,
    columns: &[Column<'a>],
) -> Vec<&'a Cell> {
    let is_used =
        |cell: &&Cell| columns.iter().filter_map(|column| column.cell).any(|own| std::ptr::eq(own, *cell));
    let is_told = |cell: &&Cell| wanted.figures.len() > 1 || (row.has_columns && is_like_value(&cell.text));
    let cells = cells_after(wanted, row, label).into_iter().filter(is_told);
    cells.filter(|cell| !cell.text.trim().is_empty() && !is_used(cell)).collect()
}

/// The lowest header over a cell.
pub(super) fn name_over(cell: &Cell, heads: &[Head]) -> Option<String> {
    heads.iter().rev().find(|head| head.is_over(cell)).map(|head| head.text.clone())
}

/// Whether the lowest header over a cell is none of the form's.
fn is_foreign(wanted: &expected::Row, cell: &Cell, heads: &[Head]) -> bool {
    const UNLIKE: f64 = 0.6;
    let lowest = heads.iter().rev().find(|head| head.is_over(cell));
    let mut own = wanted.figures.iter().flat_map(|figure| figure.heads.iter().flatten());
    lowest.is_some_and(|head| !own.any(|text| likeness(&head.text, text) >= UNLIKE))
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
        let over: Vec<&Head> = heads.iter().filter(|head| head.is_over(cell)).collect();
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
