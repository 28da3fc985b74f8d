//! Alignment of cells, and what is said of vertical text.

use super::Composer;
use crate::diagnostic::rule;
use crate::document::TableRow;
use crate::message;
use crate::report::Numeral;
use crate::style::{Align, ColumnAlign};

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
    /// Warns of letters and digits in vertical text.
    pub(super) fn check_vertical(&mut self, rows: &[TableRow]) {
        for cell in rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.vertical) {
            if let Some(other) = cell.text.chars().find(|character| character.is_ascii_alphanumeric()) {
                let pointer = self.places[cell.id.0 as usize - 1].clone();
                let text = message!(
                    "竖排的单元格里有“{other}”：Word 把西文和数字转 90 度，PDF 把它们正立排",
                    "\"{other}\" in vertical text: Word turns Latin letters and digits by 90°, the PDF keeps them upright"
                );
                self.warning(rule::TABLE_VERTICAL, &pointer, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_among_figures_is_centred() {
        assert_eq!(line_align(ColumnAlign::Decimal, "未增未减"), Align::Centre);
        assert_eq!(line_align(ColumnAlign::Decimal, "-8"), Align::Right);
    }
}
