//! Rows of a file aligned with rows of a layout: in order, by their labels and their number of cells.
//!
//! Labels that are alike (1.其他, 3.其他) are told apart by their neighbours, so order counts first. Tables that stand in
//! another order, and rows that do, follow where their labels leave no doubt.

use std::collections::{BTreeMap, BTreeSet};

use super::expected;
use super::grid::{Cell, Grid};
use super::labels::{likeness, number_of, plain};
use super::values::{is_label, is_like_value, is_missing};
use crate::diagnostic::Place;

/// A label is the one of a row if it is at least so like it.
const LIKE: f64 = 0.6;

/// A row of a table of the file.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// The number of its table among those of the file, and its own in it.
    pub grid: usize,
    pub row: usize,
    /// Without its number, if its table counts its rows.
    pub cells: Vec<&'a Cell>,
    pub has_columns: bool,
    /// The cells that may be its label: those before its first figure that have words. Their plain texts.
    pub labels: Vec<(usize, String)>,
    /// The plain texts of the headers above it in its table, for a row without a label.
    pub heads: Vec<String>,
    /// The cells with labels of the layout.
    known: BTreeSet<usize>,
}

impl Row<'_> {
    /// Where it begins.
    pub fn place(&self) -> Option<Place> {
        self.cells.first().map(|cell| cell.place.clone())
    }

    /// Whether it may be the rest of the row above, of which the cells were wrapped: a piece of one of these texts, and
    /// numbers.
    pub fn is_rest(&self, texts: &[String]) -> bool {
        let is_piece =
            |text: &String| !texts.contains(text) && texts.iter().any(|whole| whole.contains(text));
        !self.labels.is_empty() && self.labels.iter().all(|(_, text)| is_piece(text)) && has_figures(self)
    }
}

/// A row of the layout and the row of the file that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub wanted: usize,
    pub found: usize,
    /// The cell of the row with the label; none for a row without one.
    pub label: Option<usize>,
}

/// How a row of the file fits one of the layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub likeness: f64,
    pub label: Option<usize>,
    /// Whether the number of cells may be right.
    pub fits: bool,
}

/// The rows of tables.
pub(super) fn rows<'a>(grids: &[&'a Grid], expected: &[expected::Row]) -> Vec<Row<'a>> {
    /// As many headers as a table has above its rows.
    const MOST: usize = 64;
    let is_known = |text: &String| {
        expected.iter().flat_map(|row| &row.labels).any(|label| likeness(text, label) >= LIKE)
    };
    let mut found = Vec::new();
    for (grid, table) in grids.iter().enumerate() {
        let mut heads: Vec<String> = Vec::new();
        let is_counted = has_numbers(table);
        for (row, cells) in table.rows.iter().enumerate() {
            let from = usize::from(is_counted && is_numbered(cells));
            let cells: Vec<&Cell> = cells[from..].iter().collect();
            let mut labels = Vec::new();
            for (at, cell) in cells.iter().enumerate() {
                if is_missing(&cell.text) {
                    continue;
                }
                if !is_label(&cell.text) {
                    break;
                }
                labels.push((at, plain(&cell.text)));
            }
            let words = cells.iter().enumerate().filter(|(_, cell)| is_label(&cell.text));
            let known = words.filter(|(_, cell)| is_known(&plain(&cell.text))).map(|(at, _)| at).collect();
            let has_columns = table.has_columns;
            let own = Row { grid, row, labels, heads: heads.clone(), cells, has_columns, known };
            let is_head = own.cells.iter().all(|cell| is_missing(&cell.text) || !is_like_value(&cell.text));
            // In text a cell a line, the headers are in the row of the first figures.
            if is_head || !table.has_columns {
                heads.extend(own.labels.iter().map(|(_, text)| text.clone()));
                let surplus = heads.len().saturating_sub(MOST);
                heads.drain(..surplus);
            }
            found.push(own);
        }
    }
    found
}

/// Whether a row begins with a number and a label behind it.
fn is_numbered(cells: &[Cell]) -> bool {
    let number = cells.first().and_then(|cell| number(&cell.text));
    number.is_some()
        && cells[1..].iter().find(|cell| !is_missing(&cell.text)).is_some_and(|cell| is_label(&cell.text))
}

fn number(text: &str) -> Option<usize> {
    text.trim().trim_end_matches(['.', '、', '．']).parse().ok()
}

/// Whether a table counts its rows in front: under 序号, or with numbers that follow one another.
fn has_numbers(table: &Grid) -> bool {
    const HEADS: [&str; 5] = ["序号", "序", "编号", "行次", "行号"];
    let numbers: Vec<usize> = table
        .rows
        .iter()
        .filter(|cells| is_numbered(cells))
        .filter_map(|cells| number(&cells.first()?.text))
        .collect();
    let is_headed = table.rows.iter().filter_map(|cells| cells.first()).any(|cell| {
        let solid: String = cell.text.split_whitespace().collect();
        HEADS.contains(&solid.as_str())
    });
    let follow = numbers.windows(2).filter(|two| two[1] == two[0] + 1 || two[1] == 1).count();
    !numbers.is_empty() && (is_headed || (numbers.len() >= 3 && follow + 1 == numbers.len()))
}

/// How a row of the file fits a row of the layout; none if it does not.
pub(super) fn fit(wanted: &expected::Row, row: &Row) -> Option<Fit> {
    let count = wanted.figures.len();
    if wanted.labels.is_empty() {
        return fit_by_heads(wanted, row);
    }
    let mut best: Option<Fit> = None;
    for (at, text) in &row.labels {
        let like = wanted.labels.iter().map(|label| likeness(text, label)).fold(0.0, f64::max);
        if like < LIKE {
            continue;
        }
        // The label of another row behind it: the figures are that one's.
        if row.known.range(at + 1..).next().is_some() {
            continue;
        }
        let cells = row.cells.len() - at - 1;
        let span = wanted.figures.iter().map(|figure| figure.columns).sum::<usize>().max(count);
        let filled = row.cells[at + 1..].iter().filter(|cell| !is_missing(&cell.text)).count();
        let fits = cells >= count && filled <= span.max(count);
        // Of labels alike the deepest counts.
        if best.is_none_or(|best| like >= best.likeness) {
            best = Some(Fit { likeness: like, label: Some(*at), fits });
        }
    }
    best
}

/// The first cell of the figures of a row without a label. Where there are just as many cells as figures, a word in the first one
/// is no label.
pub(super) fn first_cell(wanted: &expected::Row, row: &Row) -> usize {
    match row.has_columns && row.cells.len() == wanted.figures.len() {
        true => 0,
        false => row.labels.last().map_or(0, |(at, _)| at + 1),
    }
}

/// A row without a label: as many figures as the layout has, under its headers.
fn fit_by_heads(wanted: &expected::Row, row: &Row) -> Option<Fit> {
    let count = wanted.figures.len();
    let from = first_cell(wanted, row);
    let cells = &row.cells[from..];
    let filled = || cells.iter().filter(|cell| !is_missing(&cell.text));
    // A number with words around it is told later; words alone are no figure.
    let may_be = |cell: &&&Cell| {
        is_like_value(&cell.text)
            || (cell.text.contains(|c: char| c.is_ascii_digit()) && number_of(&cell.text).is_none())
    };
    let figures = filled().filter(|cell| is_like_value(&cell.text)).count();
    let count_of_filled = filled().count();
    // Where every cell has its column, a word in one of them is no reason to lose the others.
    let strange = if row.has_columns && cells.len() == count { count / 5 } else { 0 };
    // A table with columns may have one more; its headers say which.
    let most = if row.has_columns { count + 2 } else { count };
    if cells.len() < count
        || count_of_filled > most
        || figures * 2 < count_of_filled
        || filled().filter(|cell| !may_be(cell)).count() > strange
    {
        return None;
    }
    let mut texts: Vec<&str> = wanted
        .figures
        .iter()
        .flat_map(|figure| figure.heads.iter())
        .filter_map(|texts| texts.first())
        .map(String::as_str)
        .collect();
    texts.sort_unstable();
    texts.dedup();
    let is_there = |text: &&&str| {
        let mut own =
            row.heads.iter().map(String::as_str).chain(row.labels.iter().map(|(_, text)| text.as_str()));
        own.any(|head| likeness(head, text) >= LIKE)
    };
    let there = texts.iter().filter(is_there).count();
    (there * 2 >= texts.len() && there > 0).then(|| Fit {
        #[expect(clippy::cast_precision_loss, reason = "a few headers")]
        likeness: there as f64 / texts.len() as f64,
        label: None,
        fits: true,
    })
}

/// The rows of the file that are rows of the layout, in the order of the file.
pub(super) fn align(expected: &[expected::Row], found: &[Row]) -> Vec<Pair> {
    let fits: Vec<Vec<Option<Fit>>> =
        found.iter().map(|row| expected.iter().map(|wanted| fit(wanted, row)).collect()).collect();
    let all = (0..expected.len()).collect::<Vec<_>>();
    let rows = (0..found.len()).collect::<Vec<_>>();
    let mut pairs = without_strays(expected, found, &fits, in_order(found, &fits, &all, &rows));
    // Tables that stand in another order.
    let numbers: BTreeSet<usize> = expected.iter().map(|row| row.number).collect();
    for number in numbers {
        if pairs.iter().any(|pair| expected[pair.wanted].number == number) {
            continue;
        }
        let own: Vec<usize> = all.iter().copied().filter(|at| expected[*at].number == number).collect();
        let free = rows.iter().copied().filter(|at| pairs.iter().all(|pair| pair.found != *at));
        let more = in_order(found, &fits, &own, &free.collect::<Vec<_>>());
        pairs.extend(without_strays(expected, found, &fits, more));
    }
    first_of_twins(expected, found, &fits, &mut pairs);
    displaced(expected, found, &fits, &mut pairs);
    pairs.sort_by_key(|pair| pair.found);
    pairs
}

/// Of tables that a file has twice the first one counts, as the first title does: tables of two reports in one file are never
/// mixed. The caller tells that there are two.
fn first_of_twins(
    expected: &[expected::Row],
    found: &[Row],
    fits: &[Vec<Option<Fit>>],
    pairs: &mut Vec<Pair>,
) {
    let numbers: BTreeSet<usize> = pairs.iter().map(|pair| expected[pair.wanted].number).collect();
    let mut grids: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, row) in found.iter().enumerate() {
        grids.entry(row.grid).or_default().push(at);
    }
    for number in numbers {
        let own: Vec<Pair> =
            pairs.iter().filter(|pair| expected[pair.wanted].number == number).copied().collect();
        let Some(first) = own.iter().map(|pair| found[pair.found].grid).min() else { continue };
        let wanted: Vec<usize> = (0..expected.len()).filter(|at| expected[*at].number == number).collect();
        let is_taken = |grid: usize| pairs.iter().any(|pair| found[pair.found].grid == grid);
        let is_like =
            |pair: &Pair| fits[pair.found][pair.wanted].is_some_and(|fit| fit.fits && fit.likeness >= 0.8);
        let twin = grids
            .range(..first)
            .filter(|(grid, rows)| rows.len() >= own.len() && !is_taken(**grid))
            .find_map(|(_, rows)| {
                let twin = in_order(found, fits, &wanted, rows);
                let twin: Vec<Pair> = twin.into_iter().filter(is_like).collect();
                (twin.len() >= own.len()).then_some(twin)
            });
        if let Some(twin) = twin {
            pairs.retain(|pair| expected[pair.wanted].number != number);
            pairs.extend(twin);
        }
    }
}

/// Takes rows out whose label another row of their table has as well, where the layout has a row beside them that was not
/// found: one of the two has a wrong label, and it is not known which. Gives the rows that were taken out.
pub(super) fn without_twins(expected: &[expected::Row], found: &[Row], pairs: &mut Vec<Pair>) -> Vec<Pair> {
    let is_lost = |wanted: usize, pairs: &[Pair]| pairs.iter().all(|pair| pair.wanted != wanted);
    let label =
        |row: &Row, at: usize| row.labels.iter().find(|(own, _)| *own == at).map(|(_, text)| text.clone());
    let is_twin = |pair: &Pair| {
        let Some(own) = pair.label.and_then(|at| label(&found[pair.found], at)) else { return false };
        let grid = found[pair.found].grid;
        let free = found.iter().enumerate().filter(|(at, row)| {
            row.grid == grid && pairs.iter().all(|pair| pair.found != *at) && has_figures(row)
        });
        let has_same = free.into_iter().any(|(at, row)| {
            at.abs_diff(pair.found) == 1 && row.labels.last().is_some_and(|(_, text)| *text == own)
        });
        let beside = [pair.wanted.checked_sub(1), Some(pair.wanted + 1)].into_iter().flatten();
        let is_open = beside.into_iter().any(|wanted| {
            expected.get(wanted).is_some_and(|row| row.number == expected[pair.wanted].number)
                && is_lost(wanted, pairs)
        });
        has_same && is_open
    };
    let twins: Vec<Pair> = pairs.iter().filter(|pair| is_twin(pair)).copied().collect();
    pairs.retain(|pair| !twins.contains(pair));
    twins
}

/// Adds rows that stand elsewhere in their table, where their labels leave no doubt: a total at the top, a row at the end.
fn displaced(expected: &[expected::Row], found: &[Row], fits: &[Vec<Option<Fit>>], pairs: &mut Vec<Pair>) {
    const CERTAIN: f64 = 0.95;
    let is_only = |at: usize| {
        let own = &expected[at].labels;
        let others = expected.iter().enumerate().filter(|(other, _)| *other != at);
        let mut labels = others.flat_map(|(_, row)| &row.labels);
        !own.is_empty() && !labels.any(|label| own.iter().any(|own| likeness(label, own) >= LIKE))
    };
    let lost: Vec<usize> = (0..expected.len())
        .filter(|at| pairs.iter().all(|pair| pair.wanted != *at) && is_only(*at))
        .collect();
    for wanted in lost {
        let number = expected[wanted].number;
        let is_home = |row: &Row| {
            let mut own = pairs.iter().filter(|pair| found[pair.found].grid == row.grid);
            own.any(|pair| expected[pair.wanted].number == number)
        };
        let free = (0..found.len()).filter(|at| pairs.iter().all(|pair| pair.found != *at));
        let candidates: Vec<(usize, Fit)> = free
            .filter(|at| is_home(&found[*at]))
            .filter_map(|at| Some((at, fits[at][wanted]?)))
            .filter(|(_, fit)| fit.fits && fit.likeness >= CERTAIN)
            .collect();
        if let [(row, fit)] = candidates[..] {
            pairs.push(Pair { wanted, found: row, label: fit.label });
        }
    }
}

/// The best alignment of these rows of both: as many rows, as like, as close together as possible.
fn in_order(found: &[Row], fits: &[Vec<Option<Fit>>], expected: &[usize], rows: &[usize]) -> Vec<Pair> {
    let width = expected.len() + 1;
    // The best of the first rows of both; and the best that ends with this pair.
    let mut best = vec![0.0_f64; (rows.len() + 1) * width];
    let mut paired = vec![f64::NEG_INFINITY; (rows.len() + 1) * width];
    // In one table of the file, although not in the next row: headers stand between.
    let is_close = |i: usize| i > 1 && found[rows[i - 1]].grid == found[rows[i - 2]].grid;
    for i in 1..=rows.len() {
        for j in 1..width {
            let at = i * width + j;
            if let Some(fit) = fits[rows[i - 1]][expected[j - 1]] {
                let close = if is_close(i) { 2.0 } else { 0.0 };
                let before = best[at - width - 1].max(paired[at - width - 1] + close);
                let own = fit.likeness * 10.0 + if fit.fits { 4.0 } else { -4.0 };
                paired[at] = before + own;
            }
            best[at] = best[at - width].max(best[at - 1]).max(paired[at]);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (rows.len(), expected.len());
    let mut follows = false;
    while i > 0 && j > 0 {
        let at = i * width + j;
        if follows || best[at] <= paired[at] {
            let Some(fit) = fits[rows[i - 1]][expected[j - 1]] else { break };
            pairs.push(Pair { wanted: expected[j - 1], found: rows[i - 1], label: fit.label });
            follows = is_close(i) && paired[at - width - 1] + 2.0 > best[at - width - 1];
            i -= 1;
            j -= 1;
        } else if best[at] <= best[at - 1] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    pairs.reverse();
    pairs
}

fn has_figures(row: &Row) -> bool {
    row.cells.iter().any(|cell| !is_missing(&cell.text) && is_like_value(&cell.text))
}

/// Without rows of tables that have hardly anything of the layout, and without rows that are more like another one.
fn without_strays(
    expected: &[expected::Row],
    found: &[Row],
    fits: &[Vec<Option<Fit>>],
    pairs: Vec<Pair>,
) -> Vec<Pair> {
    let of_table = |grid: usize, number: usize| {
        let own = pairs.iter().filter(|pair| found[pair.found].grid == grid);
        own.filter(|pair| expected[pair.wanted].number == number).count()
    };
    // The last row of a table alone on a page, or the first one: the next row of the layout is in the table beside it.
    let continues = |pair: &Pair| {
        pairs.iter().any(|other| {
            found[other.found].grid.abs_diff(found[pair.found].grid) == 1
                && other.wanted.abs_diff(pair.wanted) == 1
                && expected[other.wanted].number == expected[pair.wanted].number
        })
    };
    let keep = |pair: &&Pair| {
        let Some(fit) = fits[pair.found][pair.wanted] else { return false };
        let (grid, wanted) = (found[pair.found].grid, &expected[pair.wanted]);
        let other = fits[pair.found].iter().enumerate().filter(|(at, _)| *at != pair.wanted);
        let other = other.filter_map(|(_, fit)| fit.filter(|fit| fit.label.is_some()));
        // Rows of the same label (1.其他, 3.其他) are told apart by their neighbours.
        let nearer = other.fold(0.0, |most: f64, other| most.max(other.likeness));
        let is_certain = fit.likeness >= nearer || wanted.labels.is_empty();
        let rows = of_table(grid, wanted.number);
        let all = expected.iter().filter(|row| row.number == wanted.number).count();
        // A single row of a large table, in a table of its own, is a table of something else; rows that are most of a table
        // are a page's part of it.
        let of_figures = found.iter().filter(|row| row.grid == grid && has_figures(row)).count();
        let is_home = rows * 4 >= all
            || rows >= 3
            || all <= 2
            || (rows == 2 && of_figures <= 3)
            || (rows == 1 && of_figures == 1 && continues(pair));
        is_certain && (fit.fits || fit.likeness >= 0.8) && is_home
    };
    pairs.iter().filter(keep).copied().collect()
}
