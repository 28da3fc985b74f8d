//! Values of figures: exact decimals, never floating point.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::report::{Cell, CellClass};

/// The value of a cell: empty cells and text count as 0, a cell to be computed has none yet.
pub(super) fn of(cell: &Cell) -> Option<Decimal> {
    match cell.class() {
        CellClass::Figure | CellClass::Signed => decimal(cell.text()).or(Some(Decimal::ZERO)),
        CellClass::Auto => None,
        CellClass::Empty | CellClass::Text | CellClass::Exponent | CellClass::Grouped => Some(Decimal::ZERO),
    }
}

/// The exact value of a figure; none for other text, and for one of more than 28 digits.
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let text: Cow<str> = if text.is_ascii() {
        text.into()
    } else {
        text.replace(['－', '−'], "-").replace('＋', "+").into()
    };
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(&text)).ok()
}

/// Whether two texts are the same figure, as `12.0` and `12` are.
pub fn is_same_figure(one: &str, other: &str) -> bool {
    match (decimal(one), decimal(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.trim() == other.trim(),
    }
}
