//! Rows of a file aligned with rows of a layout: in order, by their labels and their number of cells.

use super::expected;
use crate::diagnostic::Place;
use crate::import::blocks::{Cell, Grid};
use crate::import::labels::{likeness, plain};
use crate::import::values::{is_label, is_like_value, is_missing};

/// A label is the one of a row if it is at least so like it.
const LIKE: f64 = 0.6;

/// A row of a table of the file.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// The number of its table among those of the file, and its own in it.
    pub grid: usize,
    pub row: usize,
    pub cells: Vec<&'a Cell>,
    /// The cells that may be its label: those before its first figure that have words. Their plain texts.
    pub labels: Vec<(usize, String)>,
    /// The plain texts of the headers above it in its table, for a row without a label.
    pub heads: Vec<String>,
}

impl Row<'_> {
    /// Where it begins.
    pub fn place(&self) -> Option<Place> {
        self.cells.first().map(|cell| cell.place.clone())
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
pub(super) fn rows<'a>(grids: &[&'a Grid]) -> Vec<Row<'a>> {
    /// As many headers as a table has above its rows.
    const MOST: usize = 64;
    let mut found = Vec::new();
    for (grid, table) in grids.iter().enumerate() {
        let mut heads: Vec<String> = Vec::new();
        for (row, cells) in table.rows.iter().enumerate() {
            let cells: Vec<&Cell> = cells.iter().collect();
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
            let own = Row { grid, row, labels, heads: heads.clone(), cells };
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
        // Words in place of a figure are only where the form has them; elsewhere they are the label of another row.
        let has_words = row.cells[at + 1..].iter().any(|cell| is_label(&cell.text));
        if has_words && !wanted.figures.iter().any(|figure| figure.definition.row.text) {
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

/// A row without a label: as many figures as the layout has, under its headers.
fn fit_by_heads(wanted: &expected::Row, row: &Row) -> Option<Fit> {
    let count = wanted.figures.len();
    let from = row.labels.last().map_or(0, |(at, _)| at + 1);
    let cells = &row.cells[from..];
    let figures = cells.iter().filter(|cell| !is_missing(&cell.text)).count();
    if cells.len() < count || figures > count || !cells.iter().all(|cell| is_like_value(&cell.text)) {
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

/// The best alignment: as many rows, as like, as close together as possible.
pub(super) fn align(expected: &[expected::Row], found: &[Row]) -> Vec<Pair> {
    let width = expected.len() + 1;
    let fits: Vec<Vec<Option<Fit>>> =
        found.iter().map(|row| expected.iter().map(|wanted| fit(wanted, row)).collect()).collect();
    // The best of the first rows of both; and the best that ends with this pair.
    let mut best = vec![0.0_f64; (found.len() + 1) * width];
    let mut paired = vec![f64::NEG_INFINITY; (found.len() + 1) * width];
    for i in 1..=found.len() {
        for j in 1..width {
            let at = i * width + j;
            if let Some(fit) = fits[i - 1][j - 1] {
                let close = i > 1 && found[i - 1].grid == found[i - 2].grid;
                let before = best[at - width - 1].max(paired[at - width - 1] + if close { 2.0 } else { 0.0 });
                // In one table of the file, although not in the next row: headers stand between.
                let own = fit.likeness * 10.0 + if fit.fits { 4.0 } else { -4.0 };
                paired[at] = before + own;
            }
            best[at] = best[at - width].max(best[at - 1]).max(paired[at]);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (found.len(), expected.len());
    let mut follows = false;
    while i > 0 && j > 0 {
        let at = i * width + j;
        if follows || best[at] <= paired[at] {
            let Some(fit) = fits[i - 1][j - 1] else { break };
            pairs.push(Pair { wanted: j - 1, found: i - 1, label: fit.label });
            let close = i > 1 && found[i - 1].grid == found[i - 2].grid;
            follows = close && paired[at - width - 1] + 2.0 > best[at - width - 1];
            i -= 1;
            j -= 1;
        } else if best[at] <= best[at - 1] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    pairs.reverse();
    without_strays(expected, found, &fits, pairs)
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
        let is_home = rows * 4 >= all || rows >= 3 || all <= 2 || (rows == 2 && of_figures <= 3);
        is_certain && (fit.fits || fit.likeness >= 0.8) && is_home
    };
    pairs.iter().filter(keep).copied().collect()
}
