//! Alignment of the expected content of a report with the blocks of a file: identical content divides both
//! into small gaps, and within a gap similar content is paired.

use super::expected::Item;
use super::word::Block;
use crate::style::Role;

/// A pair, or an unpaired item or block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// Of the report and of the file.
    Both(usize, usize),
    /// The report's alone: deleted.
    Deleted(usize),
    /// The file's alone: inserted.
    Inserted(usize),
}

/// The largest table of the common-subsequence algorithm.
const MAX_CELLS: usize = 16_000_000;
/// Paragraphs less similar than this are not treated as one edited paragraph.
const ALIKE: f64 = 0.34;

/// The pairs, in the order of the file.
pub(super) fn align(expected: &[Item], blocks: &[Block]) -> Vec<Pair> {
    let anchors = same(expected, blocks);
    let mut pairs = Vec::new();
    let (mut one, mut other) = (0, 0);
    for (a, b) in anchors.into_iter().chain([(expected.len(), blocks.len())]) {
        gap(expected, blocks, (one..a, other..b), &mut pairs);
        if a < expected.len() {
            pairs.push(Pair::Both(a, b));
        }
        (one, other) = (a + 1, b + 1);
    }
    pairs
}

/// The longest common subsequence; only the common start and end if it would take too long.
fn same(expected: &[Item], blocks: &[Block]) -> Vec<(usize, usize)> {
    let is = |a: usize, b: usize| is_same(&expected[a], &blocks[b]);
    let shorter = expected.len().min(blocks.len());
    let head = (0..shorter).take_while(|at| is(*at, *at)).count();
    let tail =
        (0..shorter - head).take_while(|at| is(expected.len() - 1 - at, blocks.len() - 1 - at)).count();
    let (rows, columns) = (expected.len() - head - tail, blocks.len() - head - tail);
    let mut found: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if rows * columns <= MAX_CELLS {
        let width = columns + 1;
        let mut lengths = vec![0_u16; (rows + 1) * width];
        for a in (0..rows).rev() {
            for b in (0..columns).rev() {
                lengths[a * width + b] = if is(head + a, head + b) {
                    lengths[(a + 1) * width + b + 1] + 1
                } else {
                    lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
                };
            }
        }
        let (mut a, mut b) = (0, 0);
        while a < rows && b < columns {
            if is(head + a, head + b) {
                found.push((head + a, head + b));
                (a, b) = (a + 1, b + 1);
            } else if lengths[(a + 1) * width + b] >= lengths[a * width + b + 1] {
                a += 1;
            } else {
                b += 1;
            }
        }
    }
    found.extend((0..tail).rev().map(|at| (expected.len() - 1 - at, blocks.len() - 1 - at)));
    found
}

fn is_same(item: &Item, block: &Block) -> bool {
    match (item, block) {
        (Item::Text { role, text, .. }, Block::Paragraph { role: other, text: printed, .. }) => {
            role == other && is_same_text(*role, text, printed)
        }
        (Item::Table { bookmark, .. }, Block::Table(grid)) => {
            grid.bookmarks.iter().any(|name| name.eq_ignore_ascii_case(bookmark))
        }
        (Item::Picture { chart, .. }, Block::Picture(drawn)) => chart.is_some() == drawn.is_some(),
        (Item::Picture { chart: None, .. }, Block::Image(_)) | (Item::Seal { .. }, Block::Seal(_)) => true,
        _ => false,
    }
}

/// Whether the text is unchanged. Titles and letterheads are broken and spaced by the typesetter.
pub(super) fn is_same_text(role: Role, one: &str, other: &str) -> bool {
    if super::word::has_lines(role) {
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        return solid(one) == solid(other);
    }
    one == other
}

/// Pairs within a gap, in order.
fn gap(
    expected: &[Item],
    blocks: &[Block],
    (ours, theirs): (std::ops::Range<usize>, std::ops::Range<usize>),
    pairs: &mut Vec<Pair>,
) {
    let even = ours.len() == theirs.len();
    let mut next = ours.start;
    for at in theirs {
        let counterpart = (next..ours.end).find(|a| is_alike(&expected[*a], &blocks[at], even));
        match counterpart {
            Some(a) => {
                pairs.extend((next..a).map(Pair::Deleted));
                pairs.push(Pair::Both(a, at));
                next = a + 1;
            }
            None => pairs.push(Pair::Inserted(at)),
        }
    }
    pairs.extend((next..ours.end).map(Pair::Deleted));
}

fn is_alike(item: &Item, block: &Block, even: bool) -> bool {
    match (item, block) {
        (Item::Text { role, text, .. }, Block::Paragraph { role: other, text: printed, .. }) => {
            role == other
                && (even
                    || *role != Role::Body && *role != Role::ListItem
                    || likeness(text, printed) >= ALIKE)
        }
        // A table without its bookmark is recognised by its columns.
        (Item::Table { table, .. }, Block::Table(grid)) => {
            let columns = grid.rows.iter().flatten().map(|cell| cell.column + cell.columns).max();
            !grid.bookmarks.iter().any(|name| name.starts_with("_gw_"))
                && columns == Some(table.columns.len())
        }
        _ => false,
    }
}

/// The similarity of two texts by pairs of characters, from 0 to 1.
fn likeness(one: &str, other: &str) -> f64 {
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        let mut pairs: Vec<[char; 2]> = chars.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        pairs.sort_unstable();
        pairs
    };
    let (one, other) = (pairs(one), pairs(other));
    let (mut a, mut b, mut common) = (0, 0, 0);
    while a < one.len() && b < other.len() {
        match one[a].cmp(&other[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => (a, b, common) = (a + 1, b + 1, common + 1),
        }
    }
    2.0 * f64::from(common) / (one.len() + other.len()).max(1) as f64
}
