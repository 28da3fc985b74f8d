//! The cells of a row of text, of which the order alone is known.
//!
//! A blank may stand for a merged cell or for a figure that is missing, and files drop blanks. So a row is read only where
//! the number of its cells is exactly the form's, with the blanks of merged cells as the other rows of the table have them;
//! where it is not, the identities of the row must allow one reading alone.

use std::collections::{BTreeMap, BTreeSet};

use super::How;
use super::align::{Pair, Row};
use super::columns::{Column, Unknown, cells_after};
use super::expected;
use super::grid::{Cell, Grid};
use super::heads::{Order, orders};
use super::sums::{Standing, standing};
use super::values::{is_like_value, is_missing};

/// How tables of text are written: what their rows have in common.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// By table of the file and of the layout.
    written: BTreeMap<(usize, usize), Written>,
    /// The order of the columns of each pair.
    orders: Vec<Order>,
    /// The pairs behind which figures stand that may be the rest of theirs.
    broken: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Written {
    /// Whether blanks stand for what the form merges, by kind of row.
    is_padded: BTreeMap<(usize, usize), Option<bool>>,
    /// How many blanks more than the form has cells stand behind most rows.
    more: usize,
    /// Whether most rows lack a cell.
    is_short: bool,
}

/// What the rows of one kind say of blanks for merged cells.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    /// A row has a figure where such a blank would be.
    none: bool,
    /// A row is only complete with them.
    padded: bool,
    rows: usize,
    /// Rows with as many cells as the form has without them, and with them.
    plain: usize,
    wide: usize,
}

impl Signs {
    fn add(&mut self, other: &Signs) {
        self.none |= other.none;
        self.padded |= other.padded;
        self.rows += other.rows;
        self.plain += other.plain;
        self.wide += other.wide;
    }

    fn is_padded(&self) -> Option<bool> {
        match (self.none, self.padded) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            (true, true) => None,
            (false, false) if self.plain == self.rows => Some(false),
            (false, false) if self.wide == self.rows => Some(true),
            (false, false) => None,
        }
    }
}

/// How many blanks the label of a row leaves where merged cells are padded.
fn lead(wanted: &expected::Row) -> usize {
    wanted.label_columns.saturating_sub(1)
}

/// How many columns of the form the figures of a row cover.
fn width(wanted: &expected::Row) -> usize {
    wanted.figures.iter().map(|figure| figure.columns.max(1)).sum()
}

/// Rows of a kind merge as much: the columns that their label covers, and those that their figures cover beyond one each.
fn kind(wanted: &expected::Row) -> (usize, usize) {
    (wanted.label_columns, width(wanted) - wanted.figures.len())
}

/// Whether a row has merged cells, which may be padded.
fn is_merged(wanted: &expected::Row) -> bool {
    kind(wanted).0 > 1 || kind(wanted).1 > 0
}

fn is_blank(cell: &Cell) -> bool {
    cell.text.trim().is_empty()
}

/// The blanks before the figures of a row that has all of them side by side, whatever blanks are around.
fn full(cells: &[&Cell], count: usize) -> Option<usize> {
    let before = cells.iter().take_while(|cell| is_blank(cell)).count();
    let filled = cells[before..].iter().take_while(|cell| !is_blank(cell)).count();
    let all = cells.iter().filter(|cell| !is_blank(cell)).count();
    (filled == count && all == count).then_some(before)
}

fn signs(wanted: &expected::Row, cells: &[&Cell]) -> Signs {
    let (lead, count, width) = (lead(wanted), wanted.figures.len(), width(wanted));
    let is_free = cells.iter().take(lead).all(|cell| is_blank(cell));
    let ends = cells.last().is_some_and(|cell| !is_blank(cell));
    let is_full = full(cells, count) == Some(lead);
    Signs {
        none: !is_free || (lead == 0 && is_full && cells.len() == count),
        padded: (is_full || (is_free && ends)) && cells.len() >= lead + width,
        rows: 1,
        plain: usize::from(cells.len() == count),
        wide: usize::from(cells.len() == lead + width),
    }
}

/// What the rows of the tables of text have in common.
/// `texts` are the labels and headers of the layout.
pub(super) fn tables(
    expected: &[expected::Row],
    found: &[Row],
    grids: &[&Grid],
    pairs: &[Pair],
    texts: &[String],
) -> Tables {
    let mut tables = Tables { orders: orders(expected, found, grids, pairs), ..Tables::default() };
    type Rows<'r, 'a> = Vec<(&'r expected::Row<'r>, Vec<&'a Cell>)>;
    let mut all: BTreeMap<(usize, usize), Rows> = BTreeMap::new();
    for pair in pairs {
        let (wanted, row) = (&expected[pair.wanted], &found[pair.found]);
        if !grids[row.grid].has_columns && wanted.figures.len() > 1 {
            let own = all.entry((row.grid, wanted.number)).or_default();
            own.push((wanted, cells_after(wanted, row, pair.label)));
        }
    }
    for (table, rows) in &all {
        let mut written = Written::default();
        let mut by_kind: BTreeMap<(usize, usize), Signs> = BTreeMap::new();
        for (wanted, cells) in rows.iter().filter(|(wanted, cells)| is_merged(wanted) && !cells.is_empty()) {
            by_kind.entry(kind(wanted)).or_default().add(&signs(wanted, cells));
        }
        let mut whole = Signs::default();
        by_kind.values().for_each(|signs| whole.add(signs));
        for (kind, signs) in &by_kind {
            let is_said = signs.none || signs.padded;
            let is_padded = if is_said { signs.is_padded() } else { whole.is_padded() };
            written.is_padded.insert(*kind, is_padded);
        }
        let mut more: BTreeMap<usize, usize> = BTreeMap::new();
        for (wanted, cells) in rows {
            let (before, of_form) = written.shape(wanted).unwrap_or((0, wanted.figures.len()));
            if let Some(surplus) = cells.len().checked_sub(before + of_form) {
                *more.entry(surplus).or_default() += 1;
            }
        }
        let most = more.iter().max_by_key(|(surplus, rows)| (**rows, std::cmp::Reverse(**surplus)));
        let is_usual = |of: usize| of >= 3 && of * 2 > rows.len();
        written.more = most.filter(|(_, of)| is_usual(**of)).map_or(0, |(surplus, _)| *surplus);
        // Rows that have as many cells as the form lack no column, whatever became of the headers.
        let narrow = rows.iter().filter(|(wanted, _)| !is_merged(wanted));
        let (mut short, mut whole) = (0, 0);
        for (wanted, cells) in narrow {
            short += usize::from(cells.len() < wanted.figures.len() + written.more);
            whole += usize::from(cells.len() == wanted.figures.len() + written.more);
        }
        written.is_short = short > whole;
        tables.written.insert(*table, written);
    }
    settle_orders(&mut tables, expected, found, pairs);
    let aligned: BTreeSet<(usize, usize)> =
        pairs.iter().map(|pair| (found[pair.found].grid, found[pair.found].row)).collect();
    let goes_on = |pair: &Pair| {
        let row = &found[pair.found];
        let next = found.get(pair.found + 1).filter(|next| next.grid == row.grid);
        !grids[row.grid].has_columns
            && next.is_some_and(|next| !aligned.contains(&(next.grid, next.row)) && next.is_rest(texts))
    };
    tables.broken.extend((0..pairs.len()).filter(|at| goes_on(&pairs[*at])));
    tables
}

impl Written {
    /// How many blanks stand before the figures of a row, and how many cells these have; none where it is not known.
    fn shape(&self, wanted: &expected::Row) -> Option<(usize, usize)> {
        let (count, width) = (wanted.figures.len(), width(wanted));
        match self.is_padded.get(&kind(wanted)) {
            Some(None) => None,
            Some(Some(true)) => Some((lead(wanted), width)),
            Some(Some(false)) | None => Some((0, count)),
        }
    }
}

/// Where the headers say another order than the form's, the identities may say that they were only written otherwise.
fn settle_orders(tables: &mut Tables, expected: &[expected::Row], found: &[Row], pairs: &[Pair]) {
    let mut votes: BTreeMap<(usize, Vec<usize>), (usize, usize)> = BTreeMap::new();
    for (pair, order) in pairs.iter().zip(&tables.orders) {
        let (wanted, row) = (&expected[pair.wanted], &found[pair.found]);
        let Order::Moved(columns) = order else { continue };
        let own = votes.entry((wanted.number, columns.clone())).or_default();
        let cells = cells_after(wanted, row, pair.label);
        let Some(before) = full(&cells, columns.len()) else { continue };
        let texts: Vec<&str> =
            cells[before..before + columns.len()].iter().map(|cell| cell.text.as_str()).collect();
        let named = by_order(&texts, columns);
        own.0 += usize::from(standing(&wanted.sums, &texts) == Standing::Holds);
        own.1 += usize::from(standing(&wanted.sums, &named) == Standing::Holds);
    }
    for (pair, order) in pairs.iter().zip(&mut tables.orders) {
        let Order::Moved(columns) = &*order else { continue };
        let key = (expected[pair.wanted].number, columns.clone());
        let (form, named) = votes.get(&key).copied().unwrap_or_default();
        if form > named {
            *order = if named == 0 { Order::Form } else { Order::Unclear };
        }
    }
}

/// What stands in these places, in the order of the figures.
fn by_order<T: Copy>(cells: &[T], columns: &[usize]) -> Vec<T> {
    let mut found: Vec<(usize, T)> = columns.iter().copied().zip(cells.iter().copied()).collect();
    found.sort_by_key(|(figure, _)| *figure);
    found.into_iter().map(|(_, cell)| cell).collect()
}

/// The cell of each figure of a row.
pub(super) fn columns<'a>(
    wanted: &expected::Row,
    row: &Row<'a>,
    pair: (usize, &Pair),
    tables: &Tables,
) -> Result<Vec<Column<'a>>, Unknown<'a>> {
    let (number, pair) = pair;
    let cells = cells_after(wanted, row, pair.label);
    let count = wanted.figures.len();
    if cells.iter().all(|cell| is_blank(cell)) && cells.len() != count {
        // Nothing is there: no figure has a place of its own but where the row stands.
        let own = |at: usize| Column { cell: cells.get(at).copied(), how: How::Order, is_doubtful: false };
        return Ok((0..count).map(own).collect());
    }
    // Lines of wrapped cells: a number may end on the next line, but none that is 0.
    let is_nothing = |cell: &&Cell| is_missing(&cell.text) || cell.text.trim() == "0";
    let is_broken = |own: &[&Cell]| tables.broken.contains(&number) && !own.iter().all(is_nothing);
    if count == 1 {
        return match single(wanted, &cells).filter(|cell| !is_broken(&[*cell])) {
            Some(cell) => Ok(vec![Column { cell: Some(cell), how: How::Label, is_doubtful: false }]),
            None => Err(Unknown { cells }),
        };
    }
    let written = tables.written.get(&(row.grid, wanted.number));
    let order = &tables.orders[number];
    let read = written.and_then(|written| read(wanted, &cells, written, order, pair.label.is_some()));
    let read = read.filter(|own| !is_broken(own) || adds_up(wanted, own));
    match read {
        Some(own) => Ok(match order {
            Order::Moved(columns) => {
                let places = by_order(&(0..count).collect::<Vec<_>>(), columns);
                let column = |(figure, place): (usize, usize)| Column {
                    cell: Some(own[place]),
                    how: How::Label,
                    is_doubtful: figure != place,
                };
                places.into_iter().enumerate().map(column).collect()
            }
            _ => {
                let column = |cell| Column { cell: Some(cell), how: How::Order, is_doubtful: false };
                own.into_iter().map(column).collect()
            }
        }),
        None => Err(Unknown { cells }),
    }
}

fn adds_up(wanted: &expected::Row, own: &[&Cell]) -> bool {
    let texts: Vec<&str> = own.iter().map(|cell| cell.text.as_str()).collect();
    standing(&wanted.sums, &texts) == Standing::Holds
}

/// One figure over several columns: once, or repeated in each of them.
fn single<'a>(wanted: &expected::Row, cells: &[&'a Cell]) -> Option<&'a Cell> {
    let filled: Vec<&&Cell> = cells.iter().filter(|cell| !is_missing(&cell.text)).collect();
    let first = filled.first().copied().or(cells.first())?;
    let is_one = filled.iter().all(|cell| cell.text.trim() == first.text.trim());
    let is_within = filled.len() <= 1 || wanted.figures[0].columns >= cells.len();
    (is_one && is_within).then_some(*first)
}

/// The cells of the figures of a row, in the order of the file.
fn read<'a>(
    wanted: &expected::Row,
    cells: &[&'a Cell],
    written: &Written,
    order: &Order,
    has_label: bool,
) -> Option<Vec<&'a Cell>> {
    let count = wanted.figures.len();
    let said = |own: &[&Cell]| {
        let texts: Vec<&str> = own.iter().map(|cell| cell.text.as_str()).collect();
        match order {
            Order::Moved(columns) => standing(&wanted.sums, &by_order(&texts, columns)),
            Order::Form | Order::Short | Order::Unclear => standing(&wanted.sums, &texts),
        }
    };
    let is_sound = |own: &[&Cell]| said(own) == Standing::Holds || !has_better(wanted, own, order);
    if *order == Order::Unclear {
        return None;
    }
    if let Some(before) = full(cells, count) {
        return Some(cells[before..before + count].to_vec()).filter(|own| is_sound(own));
    }
    // A column is not there: only a row that has all figures has more than its headers say.
    if *order == Order::Short && written.is_short {
        return None;
    }
    let (before, of_form) = written.shape(wanted)?;
    let ends = |end: usize| cells.len() >= end && cells[end..].iter().all(|cell| is_blank(cell));
    if cells.len() == before + of_form + written.more
        && cells[..before].iter().all(|cell| is_blank(cell))
        && ends(before + of_form)
        && let Some(own) = without_padding(wanted, &cells[before..before + of_form])
    {
        return Some(own).filter(|own| is_sound(own));
    }
    // Otherwise one reading alone must add up.
    let most = cells.len().checked_sub(count)?;
    let leads = if has_label { before..=before } else { 0..=most };
    let mut sound = leads
        .filter(|before| ends(before + count) && cells[..*before].iter().all(|cell| is_blank(cell)))
        .map(|before| cells[before..before + count].to_vec())
        .filter(|own| said(own) == Standing::Holds);
    sound.next().filter(|_| sound.next().is_none())
}

/// The cells of figures without the blanks behind those over several columns; none where something stands in these.
fn without_padding<'a>(wanted: &expected::Row, cells: &[&'a Cell]) -> Option<Vec<&'a Cell>> {
    let count = wanted.figures.len();
    if cells.len() == count {
        return Some(cells.to_vec());
    }
    let mut found = Vec::new();
    let mut at = 0;
    for figure in &wanted.figures {
        let own = cells.get(at..at + figure.columns.max(1))?;
        if !own[1..].iter().all(|cell| is_blank(cell)) {
            return None;
        }
        found.push(own[0]);
        at += own.len();
    }
    Some(found)
}

/// Whether a row adds up with its cells one place further, or with a number put together that a blank broke: then it may have
/// been written so, and which is right is not known.
fn has_better(wanted: &expected::Row, own: &[&Cell], order: &Order) -> bool {
    let texts: Vec<&str> = own.iter().map(|cell| cell.text.trim()).collect();
    let holds = |texts: &[&str]| {
        let texts = match order {
            Order::Moved(columns) => by_order(texts, columns),
            Order::Form | Order::Short | Order::Unclear => texts.to_vec(),
        };
        standing(&wanted.sums, &texts) == Standing::Holds
    };
    let count = texts.len();
    let left = || texts[1..].iter().copied().chain(std::iter::once("")).collect::<Vec<_>>();
    let right = || std::iter::once("").chain(texts[..count - 1].iter().copied()).collect::<Vec<_>>();
    if (texts[0].is_empty() && holds(&left())) || (texts[count - 1].is_empty() && holds(&right())) {
        return true;
    }
    (0..count - 1).any(|at| {
        let (one, other) = (texts[at], texts[at + 1]);
        if one.is_empty() || other.is_empty() || !is_like_value(one) || !is_like_value(other) {
            return false;
        }
        let whole = format!("{one}{other}");
        let mut texts = texts.clone();
        texts[at] = &whole;
        texts[at + 1] = "";
        holds(&texts)
    })
}
