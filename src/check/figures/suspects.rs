//! Suspects: single figures whose change would satisfy all broken equations that name them.
//!
//! A figure is a suspect if the equations that name it are exactly one connected group of broken ones, and
//! one change satisfies them all without making the figure negative.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::equations::Equation;
use super::years::{Cell, Years};
use crate::diagnostic::Severity;
use crate::layout::Relation;

/// The suspects among the figures of the current report; `broken` are indices of equations, `difference` is
/// the left side of an equation minus the right.
pub(super) fn suspects(
    equations: &[Equation],
    broken: &BTreeSet<usize>,
    difference: impl Fn(usize) -> Decimal,
    figures: Years,
) -> BTreeSet<Cell> {
    // Broken equations of identities with the severity of a warning, and broken inequalities, give no
    // suspects.
    let is_hard = |at: &usize| {
        let spec = equations[*at].spec;
        spec.identity.relation == Relation::Equal && Severity::from(spec.severity) == Severity::Error
    };
    let mut named: BTreeMap<Cell, BTreeSet<usize>> = BTreeMap::new();
    for at in (0..equations.len()).filter(is_hard) {
        for figure in equations[at].cells() {
            named.entry(figure).or_default().insert(at);
        }
    }
    // The one change that satisfies all the equations that name a figure, if there is one.
    let change = |figure: Cell| -> Option<Decimal> {
        let mut changes = named[&figure].iter().map(|&at| {
            let difference = difference(at);
            if equations[at].is_negative(figure) { difference } else { -difference }
        });
        let first = changes.next()?;
        let value = figures.get(figure).value().unwrap_or_default();
        let stays =
            value.checked_add(first).is_some_and(|value| !value.is_sign_negative() || value.is_zero());
        (stays && changes.all(|other| other == first)).then_some(first)
    };
    // What the program computed is never at fault.
    let own = || named.keys().copied().filter(|cell| !cell.previous && !figures.get(*cell).is_computed());
    let mut found = BTreeSet::new();
    for group in groups(equations, broken.iter().copied().filter(is_hard)) {
        let single: Vec<Cell> =
            own().filter(|figure| named[figure] == group && change(*figure).is_some()).collect();
        if single.is_empty() {
            // Several figures are wrong: those whose change would satisfy at least all equations that name
            // them.
            found.extend(own().filter(|at| named[at].is_subset(&group) && change(*at).is_some()));
        } else {
            found.extend(single);
        }
    }
    found
}

/// Groups of broken equations that are connected by common figures.
fn groups(equations: &[Equation], broken: impl Iterator<Item = usize>) -> Vec<BTreeSet<usize>> {
    let mut groups: Vec<(BTreeSet<usize>, BTreeSet<Cell>)> = Vec::new();
    for at in broken {
        let mut members = BTreeSet::from([at]);
        let mut cells: BTreeSet<Cell> = equations[at].cells().collect();
        let (joined, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(_, others)| !others.is_disjoint(&cells));
        for (equations, figures) in joined {
            members.extend(equations);
            cells.extend(figures);
        }
        groups = apart;
        groups.push((members, cells));
    }
    groups.into_iter().map(|(members, _)| members).collect()
}
