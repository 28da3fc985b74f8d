//! What the identities say about single figures: confirmed where all hold, in doubt where one does not, known where a
//! missing one follows from the others.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::equations::equations;
use super::years::Years;
use super::{Adjusted, fill};
use crate::diagnostic::Severity;
use crate::figures::Figures;
use crate::layout::Relation;
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

/// An identity of known figures that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The key of its table, and what holds in words.
    pub table: String,
    pub name: String,
    /// For which columns or rows it does not hold, in the words of the form; one without a name where it holds once.
    pub at: Vec<String>,
    /// The number of the first figure that it is about.
    pub first: usize,
}

/// The identities that do not hold, each once, however many rows or columns it does not hold for.
pub fn breaches(figures: &Figures) -> Vec<Breach> {
    let years = Years { own: figures, previous: None };
    let adjusted = Adjusted { adjustments: &[], figures: years };
    let mut found: IndexMap<&str, Breach> = IndexMap::new();
    for equation in &equations(figures.layout(), years) {
        let is_known = equation.cells().all(|at| years.get(at).value().is_some());
        let is_meant = Severity::from(equation.spec.severity) == Severity::Error;
        if !is_known || !is_meant || adjusted.holds(equation) {
            continue;
        }
        let Some(first) = equation.cells().map(|at| at.number).min() else { continue };
        let own = found.entry(&equation.spec.rule).or_insert_with(|| Breach {
            table: equation.spec.table.clone(),
            name: equation.spec.name.clone(),
            at: Vec::new(),
            first,
        });
        own.at.push(equation.at.clone());
        own.first = own.first.min(first);
    }
    found.into_values().collect()
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
    let mut known: BTreeMap<usize, String> = known
        .filter(|&number| filled.get(number).value().is_some())
        .map(|number| (number, filled.get(number).text().to_owned()))
        .collect();
    for number in nothing_left(figures) {
        known.entry(number).or_insert_with(|| "0".to_owned());
    }
    known
}

/// The open parts of totals that the known parts make up already: counts are not negative, so these are 0.
fn nothing_left(figures: &Figures) -> Vec<usize> {
    let years = Years { own: figures, previous: None };
    let mut found = Vec::new();
    for equation in equations(figures.layout(), years) {
        let is_sum = equation.spec.identity.relation == Relation::Equal
            && Severity::from(equation.spec.severity) == Severity::Error
            && equation.right.iter().all(|(is_negative, at)| !is_negative && !at.previous);
        let ([(false, total)], true) = (&equation.left[..], is_sum) else { continue };
        let Some(total) = years.get(*total).value() else { continue };
        let parts = equation.right.iter().map(|(_, at)| years.get(*at));
        let known = parts.clone().filter_map(|figure| figure.value());
        let sum = known.fold(Decimal::ZERO, |sum, value| sum.checked_add(value).unwrap_or(Decimal::MAX));
        if sum == total {
            let open = equation.right.iter().filter(|(_, at)| years.get(*at).class() == CellClass::Open);
            found.extend(open.map(|(_, at)| at.number));
        }
    }
    found
}
