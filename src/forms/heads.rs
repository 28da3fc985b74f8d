//! The order of columns by the headers of a table whose columns are not known: text.
//!
//! A form writes its headers level by level, a group before what is under it, and so do files that were made of it, whether
//! a line holds a row or a cell. Read so, the words say in which order the columns stand. A header that is cut or lost says
//! nothing; headers in a wrong order are never passed over.

use std::collections::BTreeMap;

use super::align::{Pair, Row};
use super::expected;
use super::grid::{Cell, Grid};
use super::labels::{likeness, plain};
use super::values::{is_label, is_missing};

/// What the headers over a row say of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As in the form, or nothing that is known.
    Form,
    /// The figure of each place.
    Moved(Vec<usize>),
    /// A column of the form is not there.
    Short,
    /// Otherwise than in the form, and how cannot be known.
    Unclear,
}

/// A header as it stands in the file, and the number of its line.
struct Word {
    text: String,
    row: usize,
}

/// The order of the columns of each pair, by its number among them. Rows under the same headers have the same order.
pub(super) fn orders(
    expected: &[expected::Row],
    found: &[Row],
    grids: &[&Grid],
    pairs: &[Pair],
) -> Vec<Order> {
    let mut known: BTreeMap<(usize, String), Order> = BTreeMap::new();
    let mut orders = Vec::new();
    for pair in pairs {
        let (wanted, row) = (&expected[pair.wanted], &found[pair.found]);
        if grids[row.grid].has_columns || wanted.figures.len() < 2 {
            orders.push(Order::Form);
            continue;
        }
        let names = wanted.figures.iter().flat_map(|figure| &figure.heads).map(|texts| texts[0].as_str());
        let key = (wanted.number, names.collect::<Vec<_>>().join(" "));
        let words = words_over(grids[row.grid], row, pair.label, &|at| {
            pairs.iter().any(|pair| (found[pair.found].grid, found[pair.found].row) == (row.grid, at))
        });
        if let Some(order) = order(wanted, &words) {
            known.insert(key.clone(), order);
        }
        orders.push(known.get(&key).cloned().unwrap_or(Order::Form));
    }
    orders
}

/// The words between the figures above a row and its label.
fn words_over(grid: &Grid, row: &Row, label: Option<usize>, is_aligned: &dyn Fn(usize) -> bool) -> Vec<Word> {
    let has_figure = |at: usize| grid.rows[at].iter().any(|cell| is_figure(&cell.text));
    let above = (0..row.row).rev().take_while(|at| !is_aligned(*at) && !has_figure(*at));
    let first = above.last().unwrap_or(row.row);
    let end = label.unwrap_or_else(|| row.labels.last().map_or(0, |(at, _)| at + 1));
    let above = (first..row.row).flat_map(|at| &grid.rows[at]);
    let cells: Vec<&Cell> =
        above.chain(row.cells[..end].iter().copied()).filter(|cell| is_label(&cell.text)).collect();
    // Where a line holds a row, words of different lines have no order; where it holds a cell, all have.
    let has_rows = cells.windows(2).any(|two| two[0].place == two[1].place);
    let mut line = 0;
    let mut words = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        line += usize::from(has_rows && at > 0 && cells[at - 1].place != cell.place);
        words.push(Word { text: plain(&cell.text), row: line });
    }
    words.retain(|word| !word.text.is_empty());
    words
}

fn is_figure(text: &str) -> bool {
    !is_missing(text) && text.trim().starts_with(|c: char| c.is_ascii_digit()) && !is_label(text)
}

/// A header of the form with what is under it.
#[derive(Default)]
struct Node<'e> {
    texts: &'e [String],
    under: Vec<usize>,
    figure: Option<usize>,
    /// Where it stands in the file: its row, and its number among the words.
    place: Option<(usize, usize)>,
}

/// The headers of a row of the form as a tree; the first node is above all.
fn tree<'e>(wanted: &'e expected::Row) -> Vec<Node<'e>> {
    let mut nodes = vec![Node::default()];
    for (at, figure) in wanted.figures.iter().enumerate() {
        let mut above = 0;
        for (depth, texts) in figure.heads.iter().enumerate() {
            let is_leaf = depth + 1 == figure.heads.len();
            let last = nodes[above].under.last().copied();
            let same =
                last.filter(|last| !is_leaf && nodes[*last].figure.is_none() && nodes[*last].texts == texts);
            above = same.unwrap_or_else(|| {
                nodes.push(Node { texts, figure: is_leaf.then_some(at), ..Node::default() });
                let own = nodes.len() - 1;
                nodes[above].under.push(own);
                own
            });
        }
    }
    nodes
}

/// The order that these words give to the columns of a row; none where they are hardly its headers.
fn order(wanted: &expected::Row, words: &[Word]) -> Option<Order> {
    let mut nodes = tree(wanted);
    let (mut places, strange) = places(&nodes, words);
    let leaves = nodes.iter().filter(|node| node.figure.is_some());
    let names: std::collections::BTreeSet<&str> = leaves.map(|node| node.texts[0].as_str()).collect();
    let there = names.iter().filter(|name| places.contains_key(**name)).count();
    if there < 2 || there * 2 < names.len() {
        return None;
    }
    // A word that is there more often or less often than in the form is not known to be the one or the other.
    let mut wanted_times: BTreeMap<&str, usize> = BTreeMap::new();
    for node in &nodes[1..] {
        *wanted_times.entry(node.texts[0].as_str()).or_default() += 1;
    }
    let is_lost = names.iter().any(|name| !places.contains_key(*name));
    let is_short = strange == 0
        && is_lost
        && wanted_times
            .iter()
            .all(|(name, times)| places.get(*name).is_none_or(|found| found.len() == *times));
    places.retain(|name, found| wanted_times.get(name) == Some(&found.len()));
    let mut is_unclear = false;
    let mut level = vec![0];
    while !level.is_empty() {
        let mut next = Vec::new();
        for above in level {
            let mut under = nodes[above].under.clone();
            for node in &under {
                let name = nodes[*node].texts[0].as_str();
                nodes[*node].place =
                    places.get_mut(name).filter(|left| !left.is_empty()).map(|left| left.remove(0));
            }
            let known: Vec<(usize, usize)> = under.iter().filter_map(|node| nodes[*node].place).collect();
            // Words of different rows have no order.
            let is_moved = known
                .iter()
                .enumerate()
                .any(|(at, one)| known[at + 1..].iter().any(|other| one.0 == other.0 && one.1 > other.1));
            if is_moved {
                let is_whole = known.len() == under.len() && known.iter().all(|place| place.0 == known[0].0);
                is_unclear |= !is_whole;
                under.sort_by_key(|node| nodes[*node].place);
            }
            nodes[above].under.clone_from(&under);
            next.extend(under);
        }
        level = next;
    }
    if is_unclear {
        return Some(Order::Unclear);
    }
    let mut columns = Vec::new();
    collect(&nodes, 0, &mut columns);
    let is_form = columns.iter().enumerate().all(|(at, figure)| at == *figure);
    Some(match (is_short, is_form) {
        (true, _) => Order::Short,
        (false, true) => Order::Form,
        (false, false) => Order::Moved(columns),
    })
}

/// The figures under a node, in the order of the file.
fn collect(nodes: &[Node], at: usize, columns: &mut Vec<usize>) {
    columns.extend(nodes[at].figure);
    for under in &nodes[at].under {
        collect(nodes, *under, columns);
    }
}

/// Where headers stand, by their names: their lines, and their numbers among the words.
type Places<'e> = BTreeMap<&'e str, Vec<(usize, usize)>>;

/// Where the headers stand among words, and how many words are neither headers nor other words of a form's
/// heads. Words that were cut are put together.
fn places<'e>(nodes: &[Node<'e>], words: &[Word]) -> (Places<'e>, usize) {
    const LIKE: f64 = 0.75;
    /// As many lines as a header is cut into.
    const PIECES: usize = 4;
    let known = |text: &str| -> Option<(f64, &'e str)> {
        let texts =
            nodes[1..].iter().flat_map(|node| node.texts.iter().map(|own| (own, node.texts[0].as_str())));
        let like = texts.map(|(own, name)| (likeness(text, own), name)).filter(|(like, _)| *like >= LIKE);
        like.max_by(|one, other| one.0.total_cmp(&other.0))
    };
    let mut found = Places::new();
    let (mut at, mut strange) = (0, 0);
    let mut began = false;
    while at < words.len() {
        let mut text = String::new();
        let mut best: Option<(f64, &str, usize)> = None;
        for (pieces, word) in words[at..].iter().take(PIECES).enumerate() {
            text.push_str(&word.text);
            // Pieces must make a whole word; those of several words that were cut may look like others.
            if let Some((like, name)) = known(&text).filter(|(like, _)| pieces == 0 || *like >= 1.0)
                && best.is_none_or(|(most, ..)| like > most)
            {
                best = Some((like, name, pieces + 1));
            }
        }
        match best {
            // A whole word needs no other.
            Some((_, name, pieces)) => {
                found.entry(name).or_default().push((words[at].row, at));
                began = true;
                at += pieces;
            }
            None => {
                // What stands before the headers is a title or a band.
                strange += usize::from(began);
                at += 1;
            }
        }
    }
    (found, strange)
}
