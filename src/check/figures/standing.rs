//! What the identities say about single figures: confirmed where all hold, in doubt where one does not, known where a
//! missing one follows from the others.

use std::collections::BTreeMap;

use super::equations::equations;
use super::years::Years;
use super::{Adjusted, fill};
use crate::diagnostic::Severity;
use crate::figures::Figures;
use crate::report::CellClass;

/// Of each figure that is in an identity with known values: whether all of these hold. By the number of the figure.
pub fn standing(figures: &Figures) -> BTreeMap<usize, bool> {
    let years = Years { own: figures, previous: None };
    let adjusted = Adjusted { adjustments: &[], figures: years };
    let mut found = BTreeMap::new();
    for equation in equations(figures.layout(), years) {
        let is_known = equation.cells().all(|at| years.get(at).value().is_some());
        if !is_known || Severity::from(equation.spec.severity) != Severity::Error {
            continue;
        }
        let holds = adjusted.holds(&equation);
        for at in equation.cells() {
            *found.entry(at.number).or_insert(true) &= holds;
        }
    }
    found
}

/// The open figures that the identities determine, with what they must be. By the number of the figure.
pub fn determined(figures: &Figures) -> BTreeMap<usize, String> {
    let open: Vec<usize> =
        (0..figures.len()).filter(|&number| figures.get(number).class() == CellClass::Open).collect();
    let mut filled = figures.clone();
    for &number in &open {
        filled.set(number, "auto");
    }
    fill(&mut filled, None);
    let known = open.into_iter().filter(|&number| filled.get(number).is_computed());
    known
        .filter(|&number| filled.get(number).value().is_some())
        .map(|number| (number, filled.get(number).text().to_owned()))
        .collect()
}
