//! Figures that an identity determines: `"auto"` becomes the number.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::equations::{Equation, equations};
use super::years::{Cell, Years};
use crate::diagnostic::{Diagnostic, Message, Severity, rule};
use crate::figures::Figures;
use crate::layout::Relation;
use crate::message;
use crate::report::CellClass;

/// What `fill` found.
#[derive(Debug, Default)]
pub struct Filled {
    /// The texts of the computed figures, by their JSON pointers.
    pub computed: BTreeMap<String, String>,
    /// Figures that come out negative.
    pub negative: Vec<Diagnostic>,
    /// Figures that rest on open cells: one error for each of these cells.
    pub resting: Vec<Diagnostic>,
    /// Labels of the figures that rest on a cell that was not understood, by its pointer. That cell has an error of its own.
    pub folded: BTreeMap<String, Vec<String>>,
}

/// Computes the figures that are to be computed, and sets them. Those that rest on a cell without a known value
/// stay open; those that no identity determines stay as they are.
pub fn fill(figures: &mut Figures, previous: Option<&Figures>) -> Filled {
    let pending: BTreeSet<usize> =
        (0..figures.len()).filter(|&number| figures.get(number).class() == CellClass::Auto).collect();
    let mut filled = Filled::default();
    if pending.is_empty() {
        return filled;
    }
    solve(figures, previous, &pending);
    for &number in &pending {
        let figure = figures.get(number);
        let Some(mut value) = figure.value() else { continue };
        // The decimals of what is added stay: 100.5 + 200.5 is 301.0.
        value.set_sign_positive(value.is_zero() || value.is_sign_positive());
        let (label, pointer) = (figure.label(), figure.pointer());
        if value.is_sign_negative() {
            let text = message!("“{label}”算出来是负数：{value}", "\"{label}\" comes out negative: {value}");
            let hint = message!("核对与它有关的数字", "check the figures that it is computed from");
            let finding = Diagnostic::error(rule::FIGURE_AUTO, pointer, text).hint(hint).label(label);
            filled.negative.push(finding);
        } else {
            figures.set_computed(number, value.to_string());
            filled.computed.insert(pointer, value.to_string());
        }
    }
    let mut by_cause: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, cause) in without_value(figures, previous, &pending) {
        by_cause.entry(cause).or_default().push(number);
    }
    for (&cause, totals) in &by_cause {
        let (cause, first) = (figures.get(cause), figures.get(totals[0]));
        if cause.class() != CellClass::Open {
            let labels = totals.iter().map(|&total| figures.get(total).label()).collect();
            filled.folded.insert(cause.pointer(), labels);
            continue;
        }
        let (reason, Message { zh, en }) = (cause.label(), several(&first.label(), totals.len()));
        let text = message!(
            "{zh}算不出来：“{reason}”还没有数字",
            "{en} cannot be computed: \"{reason}\" has no figure yet"
        );
        let mut finding = Diagnostic::error(rule::FIGURE_AUTO, first.pointer(), text)
            .hint(message!("先填上“{reason}”，没有就填 0", "give \"{reason}\" first, or 0 if there is none"))
            .label(first.label());
        finding.place = cause.place().cloned();
        finding.related.push(cause.related());
        filled.resting.push(finding);
    }
    for number in by_cause.into_values().flatten() {
        figures.set_uncomputed(number);
    }
    filled
}

/// `“甲·总计”等 3 个合计`
pub fn several(first: &str, count: usize) -> Message {
    match count {
        1 => message!("“{first}”", "\"{first}\""),
        _ => message!("“{first}”等 {count} 个合计", "\"{first}\" and others, {count} totals,"),
    }
}

/// Whether an identity may give a figure its value.
fn is_usable(equation: &Equation) -> bool {
    equation.spec.identity.relation == Relation::Equal
        && Severity::from(equation.spec.severity) == Severity::Error
}

/// The figures to be computed that cannot be, because a cell has no known value, each with that cell.
fn without_value(
    figures: &Figures,
    previous: Option<&Figures>,
    pending: &BTreeSet<usize>,
) -> BTreeMap<usize, usize> {
    let years = Years { own: figures, previous };
    let equations = equations(figures.layout(), years);
    let own = |equation: &Equation| -> Vec<usize> {
        let cells = equation.cells().filter(|at| !at.previous && years.get(*at).value().is_none());
        cells.map(|at| at.number).collect()
    };
    let unknown: Vec<Vec<usize>> = equations.iter().filter(|equation| is_usable(equation)).map(own).collect();
    let mut causes: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        let before = causes.len();
        for cells in &unknown {
            let given = |at: &usize| (!pending.contains(at)).then_some(*at);
            let cause = cells.iter().find_map(|at| given(at).or_else(|| causes.get(at).copied()));
            let Some(cause) = cause else { continue };
            for at in cells.iter().filter(|at| pending.contains(at)) {
                causes.entry(*at).or_insert(cause);
            }
        }
        if causes.len() == before {
            return causes;
        }
    }
}

/// Gives every one of these figures that is the only unknown of an equation its value, until nothing more follows.
pub(super) fn solve(figures: &mut Figures, previous: Option<&Figures>, pending: &BTreeSet<usize>) {
    let layout = figures.layout().clone();
    let equations = equations(&layout, Years { own: figures, previous });
    let usable: Vec<_> = equations.iter().filter(|equation| is_usable(equation)).collect();
    loop {
        let years = Years { own: figures, previous };
        let mut found = None;
        // A total is the sum that defines it; what an office has to explain is where it does not fit in elsewhere.
        let is_defined = |equation: &&&Equation| {
            let lone = |side: &[(bool, Cell)]| match side {
                [(false, only)] => years.get(*only).value().is_none(),
                _ => false,
            };
            lone(&equation.left) || lone(&equation.right)
        };
        let (defining, others): (Vec<&&Equation>, Vec<&&Equation>) = usable.iter().partition(is_defined);
        for equation in defining.into_iter().chain(others) {
            let mut unknown = equation.cells().filter(|&at| years.get(at).value().is_none());
            let (Some(only), None) = (unknown.next(), unknown.next()) else { continue };
            // An open cell is not computed, although it could be: the office has to give its figure.
            if only.previous || !pending.contains(&only.number) {
                continue;
            }
            let signed = equation
                .left
                .iter()
                .copied()
                .chain(equation.right.iter().map(|&(negative, at)| (!negative, at)));
            let sum = signed.filter(|(_, at)| *at != only).try_fold(Decimal::ZERO, |sum, (negative, at)| {
                let value = years.get(at).value().unwrap_or_default();
                sum.checked_add(if negative { -value } else { value })
            });
            let Some(sum) = sum else { continue };
            found = Some((only, if equation.is_negative(only) { sum } else { -sum }));
            break;
        }
        let Some((at, value)) = found else { return };
        figures.set_value(at.number, Some(value));
    }
}
