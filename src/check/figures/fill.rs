//! Figures that an identity determines: `"auto"` becomes the number.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::equations;
use super::years::Years;
use crate::diagnostic::{Diagnostic, Severity, rule};
use crate::figures::Figures;
use crate::layout::Relation;
use crate::message;
use crate::report::CellClass;

/// Computes the figures that are to be computed, and sets them. Returns their texts by their JSON pointers,
/// and an error for each that would be negative; those that no identity determines stay as they are.
pub fn fill(
    figures: &mut Figures,
    previous: Option<&Figures>,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let pending: Vec<usize> =
        (0..figures.len()).filter(|&number| figures.get(number).class() == CellClass::Auto).collect();
    let (mut computed, mut wrong) = (BTreeMap::new(), Vec::new());
    if pending.is_empty() {
        return (computed, wrong);
    }
    solve(figures, previous);
    for number in pending {
        let figure = figures.get(number);
        let Some(value) = figure.value() else { continue };
        let (label, pointer, value) = (figure.label(), figure.pointer(), value.normalize());
        if value.is_sign_negative() && !value.is_zero() {
            let text = message!("“{label}”算出来是负数：{value}", "\"{label}\" comes out negative: {value}");
            let hint = message!("核对与它有关的数字", "check the figures that it is computed from");
            wrong.push(Diagnostic::error(rule::FIGURE_AUTO, pointer, text).hint(hint).label(label));
        } else {
            figures.set(number, value.to_string());
            computed.insert(pointer, value.to_string());
        }
    }
    (computed, wrong)
}

/// Gives every unknown that is alone in an equation its value, until nothing more follows.
pub(super) fn solve(figures: &mut Figures, previous: Option<&Figures>) {
    let layout = figures.layout().clone();
    let equations = equations(&layout, Years { own: figures, previous });
    let usable = equations.iter().filter(|equation| {
        equation.spec.identity.relation == Relation::Equal
            && Severity::from(equation.spec.severity) == Severity::Error
    });
    let usable: Vec<_> = usable.collect();
    loop {
        let years = Years { own: figures, previous };
        let mut found = None;
        for equation in &usable {
            let mut unknown = equation.cells().filter(|&at| years.get(at).value().is_none());
            let (Some(only), None) = (unknown.next(), unknown.next()) else { continue };
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
