//! Cells of a table: columns get their widths, figures too long for their column are set smaller, decimal points are
//! aligned, and rows grow as high as vertical text needs.

use std::collections::BTreeMap;

use super::columns;
use super::metrics::Metrics;
use crate::diagnostic::{Diagnostic, Hint, rule};
use crate::document::{CONTINUED, Document, Table, TableCell};
use crate::geom::Length;
use crate::message;
use crate::report::Numeral;
use crate::style::Align;

/// Figures are never set smaller than this. Nobody reads them then, and the finding says so; a number that is parted would
/// be read, and wrongly.
const SMALLEST_PT: f64 = 1.0;
/// Figures smaller than this are reported.
pub(super) const SMALL_PT: f64 = 8.0;

/// Of the product of a size and a quotient by it.
const ROUNDING: f64 = 1e-6;

/// Text that begins at a rule is no nearer to it.
const BESIDE_RULE_MM: f64 = 1.0;

/// Arranges a table over columns of together `room`.
pub(super) fn arrange(
    table: &mut Table,
    room: Length,
    document: &Document,
    metrics: &mut Metrics,
) -> Option<Diagnostic> {
    let beside_rule = (Length::mm(BESIDE_RULE_MM) - table.padding).max(Length::ZERO);
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if cell.vertical {
            cell.text.retain(|character| character != '\n');
        } else if cell.align == Align::Left {
            cell.indent_left += beside_rule;
        }
    }
    let mut smaller = None;
    if table.by_content {
        let (widths, factor) = columns::by_content(table, room, document, metrics);
        table.columns = widths;
        smaller = (factor < 1.0).then_some(factor);
    }
    let small = fit(table, smaller, document, metrics);
    align_points(table, document, metrics);
    mark_continued(table, document);
    make_room_for_vertical(table, document);
    for row in &mut table.rows {
        // Word counts in twips: half a twip a row would add up.
        row.min_height = Length::twips(row.min_height.to_twips());
    }
    small
}

/// The room for the text of a cell.
fn room_of(table: &Table, cell: &TableCell) -> Length {
    let width: Length = table.columns[cell.column..cell.column + cell.columns].iter().copied().sum();
    // Half of each rule's width is inside the cells beside it.
    width - (table.padding + table.rule / 2) * 2 - cell.indent_left
}

/// Gives the table one smaller size where a figure does not fit its column: to all its text if the text made the
/// columns, otherwise to its figures. Returns a finding if that is too small to be read.
fn fit(
    table: &mut Table,
    smaller: Option<f64>,
    document: &Document,
    metrics: &mut Metrics,
) -> Option<Diagnostic> {
    let mut least = smaller.unwrap_or(1.0);
    let mut tightest = None;
    for cell in table.rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.vertical) {
        for line in cell.text.split('\n').filter(|line| Numeral::of(line) != Numeral::None) {
            let style = document.styles.get(cell.role);
            let width = metrics.width(line, style, cell.em(style));
            let fits = room_of(table, cell) / width.max(Length::emu(1));
            if fits < least || (tightest.is_none() && fits < 1.0) {
                least = least.min(fits);
                tightest = Some(cell.id);
            }
        }
    }
    if least >= 1.0 {
        return None;
    }
    let mut smallest = f64::INFINITY;
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| !cell.vertical) {
        if smaller.is_none() && Numeral::of(&cell.text) == Numeral::None {
            continue;
        }
        // Half points, as Word has them.
        let size = cell.em(document.styles.get(cell.role)).to_pt();
        let size_pt = ((size * least * 2.0 + ROUNDING).floor() / 2.0).max(SMALLEST_PT);
        cell.size = Some(Length::pt(size_pt));
        smallest = smallest.min(size_pt);
    }
    if smallest >= SMALL_PT {
        return None;
    }
    let place = tightest.or_else(|| table.rows.first().map(|row| row.id))?;
    let text = message!(
        "表格太窄，数字只能排成 {smallest} 磅，小于 {SMALL_PT} 磅",
        "the columns are too narrow: the figures are set in {smallest} pt, less than {SMALL_PT} pt"
    );
    let hint: Hint = message!(
        "减少列数，改用横排（\"orientation\": \"landscape\"），让放不下的列转到下一页（\"repeat_columns\": 1），或把数字的单位写大些（万元、亿元）",
        "use fewer columns, \"orientation\": \"landscape\", \"repeat_columns\": 1 to carry columns over, or a larger unit"
    )
    .into();
    Some(Diagnostic::warning(rule::TABLE_SMALL, document.place(place), text).hint(hint))
}

/// Aligns the decimal points of each column: the figures, as wide as the longest whole part and the longest fraction
/// together, are a block in the middle of the column.
fn align_points(table: &mut Table, document: &Document, metrics: &mut Metrics) {
    let is_aligned = |cell: &TableCell| cell.decimal && Numeral::of(&cell.text) == Numeral::Plain;
    let parts = |cell: &TableCell, metrics: &mut Metrics| {
        let style = document.styles.get(cell.role);
        let size = cell.em(style);
        let (whole, fraction) = cell.text.split_at(Numeral::point(&cell.text));
        (metrics.width(whole, style, size), metrics.width(fraction, style, size))
    };
    let mut widest: BTreeMap<(usize, usize), (Length, Length)> = BTreeMap::new();
    for cell in table.rows.iter().flat_map(|row| &row.cells).filter(|cell| is_aligned(cell)) {
        let (whole, fraction) = parts(cell, metrics);
        let column = widest.entry((cell.column, cell.columns)).or_default();
        *column = (column.0.max(whole), column.1.max(fraction));
    }
    if widest.is_empty() {
        return;
    }
    let mut rows = std::mem::take(&mut table.rows);
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| is_aligned(cell)) {
        let (whole, fraction) = widest[&(cell.column, cell.columns)];
        let room = room_of(table, cell);
        let beside = ((room - whole - fraction) / 2).max(Length::ZERO);
        let (own_whole, own_fraction) = parts(cell, metrics);
        // Marks stand behind the figures, not among them.
        let style = document.styles.get(cell.role);
        let own_fraction = own_fraction + metrics.marks(document, cell.id, style, cell.em(style));
        // In twips, so that both files have the same.
        let inset = Length::twips((beside + fraction - own_fraction).to_twips());
        cell.inset_right = inset.min((room - own_whole - own_fraction).max(Length::ZERO));
    }
    table.rows = rows;
}

/// Chooses the mark of labels that reach over several rows: a column of two characters has room for the narrow one alone.
fn mark_continued(table: &mut Table, document: &Document) {
    let [full, narrow] = CONTINUED;
    let columns = &table.columns;
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.rows > 1) {
        let width: Length = columns[cell.column..cell.column + cell.columns].iter().copied().sum();
        let room = width - table.padding * 2 - cell.indent_left;
        let size = cell.size.unwrap_or(document.styles.get(cell.role).size);
        let fits = cell.vertical || size * full.chars().count() as i64 <= room;
        cell.continued = if fits { full } else { narrow };
    }
}

/// Makes rows high enough for their vertical text, because Word does not.
fn make_room_for_vertical(table: &mut Table, document: &Document) {
    let padding = (table.padding_vertical + table.rule / 2) * 2;
    for row in 0..table.rows.len() {
        for at in 0..table.rows[row].cells.len() {
            let cell = &table.rows[row].cells[at];
            if !cell.vertical {
                continue;
            }
            let size = cell.size.unwrap_or(document.styles.get(cell.role).size);
            let characters = cell.text.chars().count() as i64;
            // A quarter of an em, so that no rounding breaks the column of characters in two.
            let height = size * characters + size / 4 + padding;
            let last = (row + cell.rows).min(table.rows.len()) - 1;
            let have: Length = table.rows[row..=last].iter().map(|row| row.min_height).sum();
            if height > have {
                table.rows[last].min_height += height - have;
            }
        }
    }
}
