//! Widths of the columns of a table by their content.
//!
//! Figures come first: no column is narrower than its longest number or unbreakable run of text. What is left goes to
//! the columns of text.

use super::metrics::Metrics;
use crate::document::{Document, Table, TableCell};
use crate::geom::Length;
use crate::report::Numeral;
use crate::text::line::pieces;

/// A text of so many characters is not broken while there is room.
const WHOLE_WORD: i64 = 4;

/// What a column needs.
#[derive(Clone, Copy, Default)]
struct Need {
    /// For its longest figure or unbreakable run.
    least: Length,
    /// For its longest word as well.
    words: Length,
    /// For its longest line.
    wanted: Length,
}

impl Need {
    fn max(self, other: Need) -> Need {
        Need {
            least: self.least.max(other.least),
            words: self.words.max(other.words),
            wanted: self.wanted.max(other.wanted),
        }
    }
}

/// The widths of the columns, together `room`, and by how much all text is to be set smaller so that figures fit:
/// 1 if they do.
pub(super) fn by_content(
    table: &Table,
    room: Length,
    document: &Document,
    metrics: &mut Metrics,
) -> (Vec<Length>, f64) {
    let needs = needs(table, room, document, metrics);
    let total = |part: fn(&Need) -> Length| needs.iter().map(part).sum::<Length>();
    let (least, words, wanted) =
        (total(|need| need.least), total(|need| need.words), total(|need| need.wanted));
    if wanted <= room {
        let share = (room - wanted) / needs.len() as i64;
        let widths = needs.iter().map(|need| need.wanted + share).collect();
        return (exactly(widths, room), 1.0);
    }
    // Smaller type is read more easily than words of two characters a line, as far as figures may be smaller; and a
    // figure that is too small, more easily than one that is parted.
    let padding = beside(table) * needs.len() as i64;
    let fitting = |length: Length| (room - padding) / (length - padding).max(Length::emu(1));
    let smaller = fitting(words).max(readable(table, document)).min(fitting(least)).clamp(0.01, 1.0);
    let sized = |part: fn(&Need) -> Length| -> Vec<Length> {
        needs.iter().map(|need| (part(need) - beside(table)).scale(smaller) + beside(table)).collect()
    };
    let (least, words, wanted) =
        (sized(|need| need.least), sized(|need| need.words), sized(|need| need.wanted));
    let fits = words.iter().copied().sum::<Length>() <= room;
    let (from, to) = if fits { (words, wanted) } else { (least, words) };
    let pairs: Vec<_> = from.into_iter().zip(to).collect();
    (exactly(distributed(&pairs, room), room), smaller)
}

/// What each of its columns needs at its own size so that no word is broken, and what its longest line needs.
pub(super) fn unbroken(
    table: &Table,
    room: Length,
    document: &Document,
    metrics: &mut Metrics,
) -> Vec<(Length, Length)> {
    needs(table, room, document, metrics).iter().map(|need| (need.words, need.wanted)).collect()
}

/// The factor that makes the smallest text of the table as small as figures may be without being told.
fn readable(table: &Table, document: &Document) -> f64 {
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let sizes = cells.map(|cell| cell.em(document.styles.get(cell.role)).to_pt());
    super::table::SMALL_PT / sizes.fold(f64::INFINITY, f64::min)
}

/// Both paddings of a cell and a rule.
fn beside(table: &Table) -> Length {
    table.padding * 2 + table.rule
}

fn needs(table: &Table, room: Length, document: &Document, metrics: &mut Metrics) -> Vec<Need> {
    let columns = table.columns.len();
    let floor = document.styles.get(crate::style::Role::TableFigure).size * 2 + beside(table);
    let floor = floor.min(room / columns as i64);
    let mut needs = vec![Need { least: floor, words: floor, wanted: floor }; columns];
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    for cell in cells().filter(|cell| cell.columns == 1) {
        let need = need(cell, table, room, document, metrics);
        needs[cell.column] = needs[cell.column].max(need);
    }
    for cell in cells().filter(|cell| cell.columns > 1) {
        let need = need(cell, table, room, document, metrics);
        let covered = &mut needs[cell.column..cell.column + cell.columns];
        let count = covered.len() as i64;
        let missing = |need: Length, have: Length| ((need - have) / count).max(Length::ZERO);
        let sum = |part: fn(&Need) -> Length| covered.iter().map(part).sum::<Length>();
        let least = missing(need.least, sum(|need| need.least));
        let words = missing(need.words, sum(|need| need.words));
        let wanted = missing(need.wanted.min(room), sum(|need| need.wanted));
        for own in covered {
            own.least += least;
            own.words = (own.words + words).max(own.least);
            own.wanted = (own.wanted + wanted).max(own.words);
        }
    }
    needs
}

/// What the text of a cell needs.
fn need(cell: &TableCell, table: &Table, room: Length, document: &Document, metrics: &mut Metrics) -> Need {
    let style = document.styles.get(cell.role);
    let size = cell.em(style);
    let beside = beside(table) + cell.indent_left;
    if cell.vertical {
        let width = size + beside;
        return Need { least: width, words: width, wanted: width };
    }
    // One long run of letters may not take the room of all other columns.
    let longest = room / 3;
    let mut need = Need::default();
    let marks = metrics.marks(document, cell.id, style, size);
    for line in cell.text.split('\n') {
        let width = metrics.width(line, style, size) + marks;
        // A quarter of an em of room, so that no rounding breaks a line that just fits.
        let spare = size / 4;
        let is_number = Numeral::of(line) != Numeral::None;
        let mut least = Length::ZERO;
        if is_number {
            least = width;
        } else if line.len() > 1 {
            for piece in pieces(line) {
                let width = metrics.width(&line[piece.clone()], style, size) + marks;
                let is_number = Numeral::of(&line[piece]) != Numeral::None;
                least = least.max(if is_number { width } else { width.min(longest) });
            }
        }
        let words = least.max(width.min(size * WHOLE_WORD));
        need = need.max(Need { least: least + spare, words: words + spare, wanted: width + spare });
    }
    Need { least: need.least + beside, words: need.words + beside, wanted: need.wanted + beside }
}

/// Widths between what each column needs and what it wants, together `room`. Columns that want no more than their fair
/// share come first; the others share the rest.
fn distributed(columns: &[(Length, Length)], room: Length) -> Vec<Length> {
    let fair = room / columns.len() as i64;
    let mut widths: Vec<Length> = columns.iter().map(|(least, _)| *least).collect();
    let mut extra = room - widths.iter().copied().sum::<Length>();
    for narrow in [true, false] {
        let lacks = |at: usize| {
            let (least, wanted) = columns[at];
            if (wanted <= fair) == narrow { (wanted - least).max(Length::ZERO) } else { Length::ZERO }
        };
        let missing: Length = (0..columns.len()).map(lacks).sum();
        if missing == Length::ZERO {
            continue;
        }
        let share = (extra / missing).min(1.0);
        for (at, width) in widths.iter_mut().enumerate() {
            *width += lacks(at).scale(share);
        }
        extra = room - widths.iter().copied().sum::<Length>();
    }
    widths
}

/// The widths with their sum made `room` by the widest.
fn exactly(mut widths: Vec<Length>, room: Length) -> Vec<Length> {
    let rest = room - widths.iter().copied().sum::<Length>();
    if let Some(widest) = widths.iter_mut().max() {
        *widest += rest;
    }
    widths
}
