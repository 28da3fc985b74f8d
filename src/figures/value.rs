//! Values of figures: exact decimals, never floating point.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::report::{Cell, CellClass};

/// The value of a cell. A cell to be computed has none yet; one that is open or was not understood has none.
pub(super) fn of(cell: &Cell) -> Option<Decimal> {
    match cell.class() {
        CellClass::Figure | CellClass::Signed => decimal(cell.text()),
        CellClass::Empty | CellClass::Mark => Some(Decimal::ZERO),
        CellClass::Auto
        | CellClass::Open
        | CellClass::Text
        | CellClass::FullWidth
        | CellClass::Exponent
        | CellClass::Grouped => None,
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
