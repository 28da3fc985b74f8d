//! Figures that an identity determines: `"auto"` becomes the number.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::values::Figures;
use super::{Reported, equations};
use crate::diagnostic::{Diagnostic, Severity};
use crate::layout::{Layout, Relation};
use crate::message;
use crate::report::{Cell, CellValue, Report, Row};

/// Computes the figures of a report that are to be computed, and puts them in. Returns them by their JSON pointers, and
/// tells those that would be negative; those that no identity determines are left as they are.
pub fn fill(
    report: &mut Report,
    layout: &Layout,
    previous: Option<Reported>,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let has_auto = report.tables.values().flat_map(|rows| rows.values()).any(|row| match row {
        Row::List(cells) => cells.iter().any(is_auto),
        Row::Named(cells) => cells.values().any(is_auto),
    });
    if !has_auto {
        return Default::default();
    }
    let mut figures = Figures::of(report, layout, previous);
    solve(layout, &mut figures);
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for figure in figures.all().iter().filter(|figure| !figure.previous && figure.text == "auto") {
        let label = figure.label();
        match figure.value {
            Some(value) if value.is_sign_negative() && !value.is_zero() => {
                let value = value.normalize();
                wrong.push(
                    Diagnostic::error(
                        "figure.auto",
                        figure.pointer(),
                        message!("“{label}”算出来是负数：{value}", "\"{label}\" comes out negative: {value}"),
                    )
                    .hint(message!("核对与它有关的数字", "look at the figures that it is computed from")),
                );
            }
            Some(value) => {
                let text = value.normalize().to_string();
                let place = [figure.table, figure.row, figure.column].map(str::to_owned);
                found.push((place, figure.pointer(), text));
            }
            None => {}
        }
    }
    let mut computed = BTreeMap::new();
    for ([table, row, column], pointer, text) in found {
        if let Some(cell) = cell(report, &table, &row, &column, layout) {
            *cell = Cell::new(text.clone());
        }
        computed.insert(pointer, text);
    }
    (computed, wrong)
}

fn is_auto(cell: &Cell) -> bool {
    cell.value() == CellValue::Auto
}

/// Gives every unknown that is alone in an equation its value, until nothing more follows.
pub(super) fn solve(layout: &Layout, figures: &mut Figures) {
    let equations = equations(layout, figures);
    let usable = equations.iter().filter(|equation| {
        equation.spec.identity.relation == Relation::Equal
            && Severity::from(equation.spec.severity) == Severity::Error
    });
    let usable: Vec<_> = usable.collect();
    loop {
        let mut found = None;
        for equation in &usable {
            let mut unknown = equation.cells().filter(|&at| figures.all()[at].value.is_none());
            let (Some(only), None) = (unknown.next(), unknown.next()) else { continue };
            let signed = equation
                .left
                .iter()
                .map(|&(negative, at)| (negative, at))
                .chain(equation.right.iter().map(|&(negative, at)| (!negative, at)));
            let sum = signed.filter(|(_, at)| *at != only).try_fold(Decimal::ZERO, |sum, (negative, at)| {
                let value = figures.all()[at].value.unwrap_or_default();
                sum.checked_add(if negative { -value } else { value })
            });
            let Some(sum) = sum else { continue };
            found = Some((only, if equation.is_negative(only) { sum } else { -sum }));
            break;
        }
        let Some((at, value)) = found else { return };
        figures.all_mut()[at].value = Some(value);
    }
}

/// The cell of a row and column.
fn cell<'a>(
    report: &'a mut Report,
    table: &str,
    row: &str,
    column: &str,
    layout: &Layout,
) -> Option<&'a mut Cell> {
    let spec = layout.table(table)?;
    let at = spec.columns_of(spec.figures.get(row)?).into_iter().position(|key| key == column)?;
    match report.tables.get_mut(table)?.get_mut(row)? {
        Row::List(cells) => cells.get_mut(at),
        Row::Named(cells) => cells.get_mut(column),
    }
}
