//! The identities within a row of figures: a total and what it is the sum of.
//!
//! They tell which of several readings of a row is right. They decide nothing where a row adds up to nothing, or where a
//! cell is no plain number.

use crate::figures::Definition;
use crate::layout::{Each, Layout, Relation, Term};

/// A total of a row and its parts, by their numbers among the figures of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    left: Vec<(bool, usize)>,
    right: Vec<(bool, usize)>,
}

/// What the identities of a row say of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// All hold, and one of them over more than noughts and blanks.
    Holds,
    /// One does not hold, a blank counted as nothing.
    Fails,
    /// Nothing can be said.
    Silent,
}

/// The sums over these figures of one row of a layout.
pub(super) fn sums(layout: &Layout, table: &str, figures: &[Definition]) -> Vec<Sum> {
    let mut found = Vec::new();
    let mut rows: Vec<&str> = figures.iter().map(|figure| figure.row_key).collect();
    rows.dedup();
    let own = layout.identities.iter().filter(|identity| {
        identity.table == table
            && identity.each == Each::Row
            && identity.identity.relation == Relation::Equal
            && !identity.identity.terms().any(|term| term.reference.previous)
    });
    for identity in own {
        for row in rows.iter().filter(|row| identity.holds_for(row)) {
            let side = |terms: &[Term]| -> Option<Vec<(bool, usize)>> {
                let place = |term: &Term| {
                    let is_own =
                        |figure: &Definition| figure.row_key == *row && figure.column == term.reference.name;
                    Some((term.negative, figures.iter().position(is_own)?))
                };
                terms.iter().map(place).collect()
            };
            if let (Some(left), Some(right)) = (side(&identity.identity.left), side(&identity.identity.right))
            {
                found.push(Sum { left, right });
            }
        }
    }
    found
}

/// What these sums say of the texts of the cells of a row; a blank is nothing.
pub(super) fn standing(sums: &[Sum], texts: &[&str]) -> Standing {
    let numbers: Vec<Option<i128>> = texts.iter().map(|text| number(text)).collect();
    let side = |terms: &[(bool, usize)]| -> Option<i128> {
        terms.iter().try_fold(0, |sum: i128, (negative, at)| {
            let own = (*numbers.get(*at)?)?;
            sum.checked_add(if *negative { -own } else { own })
        })
    };
    let mut is_said = false;
    for sum in sums {
        let (Some(left), Some(right)) = (side(&sum.left), side(&sum.right)) else { return Standing::Silent };
        if left != right {
            return Standing::Fails;
        }
        is_said |= left != 0;
    }
    if is_said { Standing::Holds } else { Standing::Silent }
}

/// The number of a cell, in millionths; 0 for a blank, none for what is no plain number.
fn number(text: &str) -> Option<i128> {
    const PLACES: usize = 6;
    let text = text.trim();
    if super::values::is_missing(text) {
        return Some(0);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 12
        || fraction.len() > PLACES
        || !is_plain(whole)
        || !is_plain(fraction)
    {
        return None;
    }
    format!("{whole}{fraction:0<PLACES$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_adds_up_or_does_not() {
        let sums = [Sum { left: vec![(false, 2)], right: vec![(false, 0), (false, 1)] }];
        for (texts, wanted) in [
            (["1", "2", "3"], Standing::Holds),
            (["1.5", "", "1.50"], Standing::Holds),
            (["1", "2", "4"], Standing::Fails),
            (["1", "2", ""], Standing::Fails),
            (["0", "", "/"], Standing::Silent),
            (["约1", "2", "3"], Standing::Silent),
        ] {
            assert_eq!(standing(&sums, &texts), wanted, "{texts:?}");
        }
    }
}
