//! A government's figures must be the sums of those of its units (R13), in the tables for which the layout
//! says so.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, RelatedCell, rule};
use crate::figures::{Figure, Figures};
use crate::message;
use crate::report::Report;

/// How many units are named with a difference.
const NAMED: usize = 6;

/// The report of a unit, with its figures computed.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// Its name in messages: that of its file.
    pub name: &'a str,
    /// Its report.
    pub report: &'a Report,
    /// Its figures.
    pub figures: &'a Figures,
}

/// Reports every figure that is not the sum of the units', and units whose reports cannot be added up.
pub fn units(report: &Report, figures: &Figures, units: &[Unit]) -> Vec<Diagnostic> {
    let mut found = incomparable(report, figures, units);
    if units.iter().any(|unit| unit.figures.layout().id != figures.layout().id) {
        // Without all units the sums would be wrong.
        return found;
    }
    for figure in figures.iter().filter(Figure::is_present) {
        if let Some(severity) = figure.table().sums {
            let finding = compare(figure, units);
            found.extend(finding.map(|mut finding| {
                finding.severity = severity.into();
                finding
            }));
        }
    }
    found
}

/// Units of another year or layout, and those that occur twice.
fn incomparable(report: &Report, figures: &Figures, units: &[Unit]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut push = |text| found.push(Diagnostic::error(rule::AGGREGATE_UNIT, "", text));
    for (at, unit) in units.iter().enumerate() {
        let (name, own, other) = (unit.name, &figures.layout().id, &unit.figures.layout().id);
        if own != other {
            push(message!(
                "{name} 的版式是 {other}，本报告是 {own}，不能汇总",
                "{name} has the layout {other} and this report {own}: they cannot be added up"
            ));
        }
        if let (Some(own), Some(other)) = (report.year, unit.report.year)
            && own != other
        {
            push(message!(
                "{name} 是 {other} 年的报告，本报告是 {own} 年的",
                "{name} is about {other}, this report about {own}"
            ));
        }
        if let Some(first) = units[..at].iter().find(|first| first.report.issuer == unit.report.issuer) {
            let (first, issuer) = (first.name, unit.report.issuer.join("、"));
            push(message!(
                "{first} 和 {name} 都是“{issuer}”的报告",
                "{first} and {name} are both reports of \"{issuer}\""
            ));
        }
    }
    found
}

/// Compares a figure with the sum of those of the units.
fn compare(figure: Figure, units: &[Unit]) -> Option<Diagnostic> {
    let own = figure.value()?;
    let mut parts: Vec<(&Unit, Figure, Decimal)> = Vec::new();
    let mut sum = Decimal::ZERO;
    for unit in units {
        let number = unit.figures.find(figure.key());
        let Some(part) = number.map(|number| unit.figures.get(number)) else { continue };
        // Without the figure of each unit there is no sum to compare with.
        let value = part.value()?;
        sum = sum.checked_add(value)?;
        parts.push((unit, part, value));
    }
    let difference = own.checked_sub(sum)?;
    if difference.is_zero() {
        return None;
    }
    let (label, count) = (figure.label(), units.len());
    let (own, sum, apart) = (own.normalize(), sum.normalize(), difference.abs().normalize());
    let mut finding = Diagnostic::error(
        rule::AGGREGATE_SUM,
        figure.pointer(),
        message!(
            "“{label}”：本报告 {own} ≠ {sum} = {count} 个单位合计，相差 {apart}",
            "\"{label}\": {own} in this report ≠ {sum}, the sum of {count} units, a difference of {apart}"
        ),
    );
    // 差额 is often the whole of one unit: left out, or counted twice.
    let whole: Vec<&str> =
        parts.iter().filter(|(.., value)| *value == apart).map(|(unit, ..)| unit.name).collect();
    if let [only] = whole[..] {
        finding = finding.hint(if difference.is_sign_negative() {
            message!(
                "相差的正好是 {only} 的 {apart}：可能漏计了它",
                "{apart} is just what {only} has: it may have been left out"
            )
        } else {
            message!(
                "相差的正好是 {only} 的 {apart}：可能重复计了它",
                "{apart} is just what {only} has: it may have been counted twice"
            )
        });
    }
    parts.sort_by_key(|(.., value)| std::cmp::Reverse(*value));
    finding.related.push(figure.related());
    let largest = parts.into_iter().filter(|(.., value)| !value.is_zero()).take(NAMED);
    finding.related.extend(
        largest.map(|(unit, part, _)| RelatedCell { unit: Some(unit.name.to_owned()), ..part.related() }),
    );
    Some(finding)
}
