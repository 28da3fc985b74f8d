//! Cells of both kinds of table: figures made to fit, decimal points aligned, vertical text.

use std::collections::BTreeMap;

use super::Composer;
use crate::diagnostic::rule;
use crate::document::{TableCell, TableRow};
use crate::geom::Length;
use crate::message;
use crate::report::Numeral;
use crate::style::{Align, ColumnAlign};

/// The measures of a table that its cells depend on.
pub(super) struct Grid<'a> {
    /// Widths of the columns.
    pub widths: &'a [Length],
    /// Between a rule and the text beside it.
    pub padding: Length,
    /// Between a rule and the text above or below it.
    pub padding_vertical: Length,
}

impl Grid<'_> {
    /// The room for the text of a cell.
    fn room(&self, cell: &TableCell) -> Length {
        let width: Length = self.widths[cell.column..cell.column + cell.columns].iter().copied().sum();
        width - self.padding * 2
    }
}

/// The alignment of the lines of a cell in a column of this kind: figures aligned at the decimal point are
/// set right, with an inset.
pub(super) fn line_align(align: ColumnAlign, text: &str) -> Align {
    match align {
        ColumnAlign::Left => Align::Left,
        ColumnAlign::Centre => Align::Centre,
        ColumnAlign::Right => Align::Right,
        ColumnAlign::Decimal if Numeral::of(text) == Numeral::Plain => Align::Right,
        ColumnAlign::Decimal => Align::Centre,
    }
}

impl Composer<'_> {
    /// Finishes the cells of a table: figures too long for their column are set smaller, those aligned at the
    /// decimal point (`decimal`) get their insets, and rows grow as high as vertical text needs.
    pub(super) fn finish_cells(
        &mut self,
        rows: &mut [TableRow],
        grid: &Grid,
        decimal: impl Fn(&TableCell) -> bool,
    ) {
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
            if cell.vertical {
                cell.text.retain(|character| character != '\n');
                continue;
            }
            let size = self.layout.styles[&cell.role].size;
            cell.fit(size, grid.room(cell));
        }
        self.align_points(rows, grid, decimal);
        self.make_room_for_vertical(rows, grid);
        for row in rows {
            // Word counts in twips: half a twip a row would add up.
            row.min_height = Length::twips(row.min_height.to_twips());
        }
    }

    /// Aligns the decimal points of each column: the figures, as wide as the longest whole part and the
    /// longest fraction together, are a block in the middle of the column.
    fn align_points(&self, rows: &mut [TableRow], grid: &Grid, decimal: impl Fn(&TableCell) -> bool) {
        let is_aligned = |cell: &TableCell| decimal(cell) && Numeral::of(&cell.text) == Numeral::Plain;
        let size = |cell: &TableCell| cell.size.unwrap_or(self.layout.styles[&cell.role].size);
        let mut widest: BTreeMap<(usize, usize), (Length, Length)> = BTreeMap::new();
        for cell in rows.iter().flat_map(|row| &row.cells).filter(|cell| is_aligned(cell)) {
            let (whole, fraction) = parts(&cell.text, size(cell));
            let column = widest.entry((cell.column, cell.columns)).or_default();
            *column = (column.0.max(whole), column.1.max(fraction));
        }
        for cell in rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| is_aligned(cell)) {
            let (whole, fraction) = widest[&(cell.column, cell.columns)];
            let beside = ((grid.room(cell) - whole - fraction) / 2).max(Length::ZERO);
            let missing = fraction - parts(&cell.text, size(cell)).1;
            // In twips, so that both files have the same.
            let inset = Length::twips((beside + missing).to_twips());
            cell.inset_right =
                inset.min((grid.room(cell) - parts(&cell.text, size(cell)).0).max(Length::ZERO));
        }
    }

    /// Makes rows high enough for their vertical text, because Word does not.
    fn make_room_for_vertical(&mut self, rows: &mut [TableRow], grid: &Grid) {
        for row in 0..rows.len() {
            for at in 0..rows[row].cells.len() {
                let cell = &rows[row].cells[at];
                if !cell.vertical {
                    continue;
                }
                let size = cell.size.unwrap_or(self.layout.styles[&cell.role].size);
                let characters = cell.text.chars().count() as i64;
                // A quarter of an em, so that no rounding breaks the column of characters in two.
                let height = size * characters + size / 4 + grid.padding_vertical * 2;
                let last = (row + cell.rows).min(rows.len()) - 1;
                if let Some(other) = cell.text.chars().find(|character| character.is_ascii_alphanumeric()) {
                    let pointer = self.places[cell.id.0 as usize - 1].clone();
                    let text = message!(
                        "竖排的单元格里有“{other}”：Word 把西文和数字转 90 度，PDF 把它们正立排",
                        "\"{other}\" in vertical text: Word turns Latin letters and digits by 90°, the PDF keeps them upright"
                    );
                    self.warning(rule::TABLE_VERTICAL, &pointer, text);
                }
                let have: Length = rows[row..=last].iter().map(|row| row.min_height).sum();
                if height > have {
                    rows[last].min_height += height - have;
                }
            }
        }
    }
}

/// The widths of a figure before its point, and from its point on.
fn parts(text: &str, size: Length) -> (Length, Length) {
    let point = text.find('.').unwrap_or(text.len());
    (figure_width(&text[..point], size), figure_width(&text[point..], size))
}

/// Digits are half an em wide, a point a quarter, a sign half an em or a third.
fn figure_width(text: &str, size: Length) -> Length {
    text.chars().map(|character| if character == '.' { size / 4 } else { size / 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_a_whole_part_and_a_fraction() {
        let em = Length::pt(10.0);
        assert_eq!(parts("6858.05", em), (Length::pt(20.0), Length::pt(12.5)));
        assert_eq!(parts("316441", em), (Length::pt(30.0), Length::ZERO));
    }

    #[test]
    fn text_among_figures_is_centred() {
        assert_eq!(line_align(ColumnAlign::Decimal, "未增未减"), Align::Centre);
        assert_eq!(line_align(ColumnAlign::Decimal, "-8"), Align::Right);
    }
}
