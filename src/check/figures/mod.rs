//! 勾稽关系: the identities of the layout, checked on the figures of a report.
//!
//! An identity becomes equations, one for each column or row that it holds for. A figure that is to be
//! computed (`"auto"`) is the single unknown of an equation; an equation that does not hold is reported with
//! the cell whose change would correct it, if there is exactly one.

mod cells;
mod equations;
mod fill;
mod standing;
mod suspects;
mod units;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, Message, rule};
use crate::figures::{Figures, decimal};
use crate::layout::{Each, Relation};
use crate::message;
use crate::report::Adjustment;

use equations::{Equation, equations};
use years::{Cell, Years};

pub use cells::cells;
pub use fill::{Filled, fill, several};
pub use standing::{Breach, breaches, determined, standing};
pub use units::{Unit, units};

/// Every identity that does not hold, and every count with decimals. Figures to be computed are filled in before.
pub fn identities(
    figures: &Figures,
    previous: Option<&Figures>,
    adjustments: &[Adjustment],
) -> Vec<Diagnostic> {
    let years = Years { own: figures, previous };
    let equations = equations(figures.layout(), years);
    let adjusted = Adjusted { adjustments, figures: years };
    let mut found = counts(figures);
    let broken: BTreeSet<usize> =
        (0..equations.len()).filter(|&at| !adjusted.holds(&equations[at])).collect();
    let suspects = suspects::suspects(&equations, &broken, |at| adjusted.difference(&equations[at]), years);
    // What follows from others is told with the first of them.
    let mut folded: BTreeMap<usize, Vec<&Equation>> = BTreeMap::new();
    for &at in &broken {
        let causes = implied_by(&equations, at, years);
        if let Some(cause) = causes.into_iter().find(|cause| broken.contains(cause)) {
            folded.entry(cause).or_default().push(&equations[at]);
        }
    }
    let consequences: BTreeSet<*const Equation> =
        folded.values().flatten().map(|&equation| std::ptr::from_ref(equation)).collect();
    for &at in broken.iter().filter(|at| !consequences.contains(&std::ptr::from_ref(&equations[**at]))) {
        let mut finding = adjusted.finding(&equations[at], &suspects);
        for consequence in folded.get(&at).into_iter().flatten() {
            let (name, place) = (&consequence.spec.name, &consequence.at);
            let Message { zh, en } = finding.message;
            finding.message = message!(
                "{zh}；“{place}”的“{name}”因此也对不上",
                "{en}; for this reason \"{name}\" of \"{place}\" does not hold either"
            );
        }
        found.push(finding);
    }
    found.extend(unknown_adjustments(figures, adjustments));
    found
}

/// The equations of which one of computed totals is the sum: the same identity in the columns that the totals add up, and
/// what makes each total. Nothing for equations of figures that were all given.
fn implied_by(equations: &[Equation], at: usize, figures: Years) -> Vec<usize> {
    let equation = &equations[at];
    let is_equal = |other: &Equation| other.spec.identity.relation == Relation::Equal;
    if !is_equal(equation) || !equation.cells().any(|cell| figures.get(cell).is_computed()) {
        return Vec::new();
    }
    let mut causes = Vec::new();
    let mut columns: Option<Vec<Vec<Cell>>> = None;
    for cell in equation.cells() {
        // What makes this total of its row.
        let making =
            |other: &Equation| is_equal(other) && matches!(other.left[..], [(false, only)] if only == cell);
        let of_row = |other: &Equation| matches!(other.spec.each, Each::Row) && making(other);
        let Some(place) = equations.iter().position(of_row) else { return Vec::new() };
        if equations[place].right.iter().any(|(negative, _)| *negative) {
            return Vec::new();
        }
        causes.push(place);
        let parts: Vec<Cell> = equations[place].right.iter().map(|(_, part)| *part).collect();
        let columns = columns.get_or_insert_with(|| vec![Vec::new(); parts.len()]);
        if columns.len() != parts.len() {
            return Vec::new();
        }
        columns.iter_mut().zip(parts).for_each(|(column, part)| column.push(part));
    }
    for column in columns.unwrap_or_default() {
        let same = |other: &Equation| {
            std::ptr::eq(other.spec, equation.spec) && other.cells().eq(column.iter().copied())
        };
        let Some(place) = equations.iter().position(same) else { return Vec::new() };
        causes.push(place);
    }
    causes.retain(|cause| *cause != at);
    causes.sort_unstable();
    causes
}

/// A warning for each adjustment of a figure that is not there: it would have no effect.
fn unknown_adjustments(figures: &Figures, adjustments: &[Adjustment]) -> Vec<Diagnostic> {
    if adjustments.is_empty() {
        return Vec::new();
    }
    let known: BTreeSet<String> =
        figures.iter().flat_map(|figure| [figure.pointer(), figure.definition.pointer()]).collect();
    let unknown =
        adjustments.iter().enumerate().filter(|(_, adjustment)| !known.contains(&adjustment.figure));
    let finding = |(at, adjustment): (usize, &Adjustment)| {
        let pointer = &adjustment.figure;
        let text = message!(
            "adjustments 里写的位置没有数字：{pointer}",
            "there is no figure at the place that adjustments names: {pointer}"
        );
        Diagnostic::warning(rule::REPORT_ADJUSTMENT, format!("/adjustments/{at}/figure"), text).hint(
            message!(
                "写成 /tables/表/行/列，都是版式里的键",
                "write /tables/TABLE/ROW/COLUMN with the keys of the layout"
            ),
        )
    };
    unknown.map(finding).collect()
}

/// The figures as a reader understands them: a total that was left blank has its computed value.
pub(super) fn as_read(figures: &Figures) -> Figures {
    let mut figures = figures.clone();
    if !figures.iter().any(|figure| figure.is_present() && figure.is_blank()) {
        return figures;
    }
    let blank_sums: BTreeSet<usize> = equations(figures.layout(), Years { own: &figures, previous: None })
        .iter()
        .filter(|equation| equation.spec.identity.relation == Relation::Equal)
        .filter_map(|equation| match equation.left[..] {
            [(false, only)] if figures.get(only.number).is_blank() => Some(only.number),
            _ => None,
        })
        .collect();
    if !blank_sums.is_empty() {
        for &at in &blank_sums {
            figures.set_value(at, None);
        }
        fill::solve(&mut figures, None, &blank_sums);
    }
    figures
}

/// Checks that counts are whole numbers, and that no figure has too many digits for arithmetic.
fn counts(figures: &Figures) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for figure in figures.iter() {
        let text = figure.text();
        if figure.is_number() && decimal(text).is_none() {
            let label = figure.label();
            let text = message!("“{label}”的数字太长：{text}", "\"{label}\" has too many digits: {text}");
            found.push(Diagnostic::error(rule::FIGURE_DIGITS, figure.pointer(), text));
        } else if figure.table().counts && figure.value().is_some_and(|value| !value.fract().is_zero()) {
            let label = figure.label();
            let text = message!("“{label}”应是整数：{text}", "\"{label}\" must be a whole number: {text}");
            found.push(Diagnostic::error(rule::FIGURE_COUNT, figure.pointer(), text));
        }
    }
    found
}

/// Equations with the adjustments of the report taken into account.
struct Adjusted<'a> {
    adjustments: &'a [Adjustment],
    figures: Years<'a>,
}

impl Adjusted<'_> {
    /// The value of a figure in an equation, less its adjustments.
    fn value(&self, equation: &Equation, at: Cell) -> Decimal {
        let figure = self.figures.get(at);
        let value = figure.value().unwrap_or_default();
        if !equation.spec.adjustable || at.previous || self.adjustments.is_empty() {
            return value;
        }
        // By its place in the report, or by its column although the row is a list.
        let pointers = [figure.pointer(), figure.definition.pointer()];
        let own = self.adjustments.iter().filter(|adjustment| pointers.contains(&adjustment.figure));
        let amounts = own.filter_map(|adjustment| decimal(adjustment.amount.text()));
        amounts.fold(value, |value, amount| value.checked_sub(amount).unwrap_or(value))
    }

    fn sum(&self, equation: &Equation, terms: &[(bool, Cell)]) -> Decimal {
        terms.iter().fold(Decimal::ZERO, |sum, &(negative, at)| {
            let value = self.value(equation, at);
            let value = if negative { -value } else { value };
            sum.checked_add(value).unwrap_or(Decimal::MAX)
        })
    }

    /// The left side minus the right side.
    fn difference(&self, equation: &Equation) -> Decimal {
        let (left, right) = (self.sum(equation, &equation.left), self.sum(equation, &equation.right));
        left.checked_sub(right).unwrap_or(Decimal::MAX)
    }

    fn holds(&self, equation: &Equation) -> bool {
        if equation.cells().any(|at| self.figures.get(at).value().is_none()) {
            // A figure that cannot be computed is reported elsewhere.
            return true;
        }
        let difference = self.difference(equation);
        match equation.spec.identity.relation {
            Relation::Equal => difference.is_zero(),
            Relation::AtLeast => !difference.is_sign_negative() || difference.is_zero(),
            Relation::AtMost => difference.is_sign_negative() || difference.is_zero(),
        }
    }

    fn finding(&self, equation: &Equation, suspects: &BTreeSet<Cell>) -> Diagnostic {
        let spec = equation.spec;
        let (left, right) = (self.sum(equation, &equation.left), self.sum(equation, &equation.right));
        let difference = (left - right).abs().normalize();
        let place = if equation.at.is_empty() { String::new() } else { format!("（{}）", equation.at) };
        let name = &spec.name;
        let (left, right) = (left.normalize(), right.normalize());
        let given = self.side(equation, &equation.left, left);
        let wanted = self.side(equation, &equation.right, right);
        let (zh, en) = (given.zh, given.en);
        let (wanted_zh, wanted_en) = (wanted.zh, wanted.en);
        let text = match spec.identity.relation {
            Relation::Equal => message!(
                "{name}{place}：{zh}，{wanted_zh}，差 {difference}",
                "{name}{place}: {en}, {wanted_en}, a difference of {difference}"
            ),
            Relation::AtLeast => message!(
                "{name}{place}：{zh}，{wanted_zh}，少 {difference}",
                "{name}{place}: {en}, {wanted_en}, {difference} less"
            ),
            Relation::AtMost => message!(
                "{name}{place}：{zh}，{wanted_zh}，多 {difference}",
                "{name}{place}: {en}, {wanted_en}, {difference} more"
            ),
        };
        let cells: Vec<Cell> = equation.cells().collect();
        let own = cells.iter().copied().filter(|cell| !cell.previous);
        let likely: Vec<Cell> = own.filter(|at| suspects.contains(at)).collect();
        let first = match likely[..] {
            [only] => only,
            _ => cells[0],
        };
        let pointer = self.figures.get(first).pointer();
        let mut diagnostic = Diagnostic::new(spec.severity.into(), spec.rule.clone(), pointer, text);
        diagnostic.related =
            cells.iter().map(|&at| self.figures.related(at, suspects.contains(&at))).collect();
        if let [only] = likely[..] {
            let wanted = self.wanted(equation, only).to_string();
            diagnostic = diagnostic.mend(self.figures.get(only).pointer(), wanted);
        }
        match (self.hint(equation, &likely), &spec.clause) {
            (Some(hint), _) => diagnostic.hint(hint),
            (None, Some(clause)) => diagnostic.hint(message!("依据：{clause}", "laid down in {clause}")),
            (None, None) => diagnostic,
        }
    }

    /// What a figure would have to be for the equation to hold.
    fn wanted(&self, equation: &Equation, only: Cell) -> Decimal {
        let sign = if equation.is_negative(only) { -Decimal::ONE } else { Decimal::ONE };
        let value = self.figures.get(only).value().unwrap_or_default();
        (value - self.difference(equation) * sign).normalize()
    }

    /// The hint that would correct the equation.
    fn hint(&self, equation: &Equation, likely: &[Cell]) -> Option<Message> {
        if let [only] = likely {
            let label = self.figures.get(*only).label();
            let wanted = self.wanted(equation, *only);
            return Some(message!(
                "很可能是“{label}”错了：改成 {wanted} 就全对上了",
                "\"{label}\" is likely wrong: {wanted} would make everything agree"
            ));
        }
        let blank = equation.cells().map(|at| self.figures.get(at)).find(|figure| figure.is_blank());
        if let Some(figure) = blank {
            let label = figure.label();
            return Some(message!(
                "“{label}”是空的，按 0 计；填上数字，或写 \"auto\" 由程序计算",
                "\"{label}\" is empty and counts as 0; give the figure, or \"auto\" to have it computed"
            ));
        }
        None
    }

    /// What a side of an equation says: a figure, or a sum of several.
    fn side(&self, equation: &Equation, terms: &[(bool, Cell)], total: Decimal) -> Message {
        if let [(false, only)] = terms {
            let figure = self.figures.get(*only);
            let name = equation.named(figure);
            let name = if only.previous { format!("上年的{name}") } else { name.to_owned() };
            return match figure.is_computed() {
                true => message!("程序算出的{name}是 {total}", "{name}, computed, is {total}"),
                false => message!("{name}写的是 {total}", "{name} is given as {total}"),
            };
        }
        let written = self.written(equation, terms);
        match written == "0" {
            true => message!("各项都是 0", "its parts are all 0"),
            false => message!("各项相加是 {total}（{written}）", "its parts add up to {total} ({written})"),
        }
    }

    /// The values of a side, as a sum.
    fn written(&self, equation: &Equation, terms: &[(bool, Cell)]) -> String {
        // Zeros of a long sum are omitted.
        let shown: Vec<_> =
            terms.iter().filter(|(_, at)| terms.len() <= 3 || !self.value(equation, *at).is_zero()).collect();
        let mut text = String::new();
        for (place, (negative, at)) in shown.into_iter().enumerate() {
            match (place, negative) {
                (0, false) => {}
                (0, true) => text.push('−'),
                (_, false) => text.push_str(" + "),
                (_, true) => text.push_str(" − "),
            }
            let figure = self.figures.get(*at);
            let value = self.value(equation, *at).normalize();
            text.push_str(&format!(
                "{}{} {value}",
                if at.previous { "上年" } else { "" },
                equation.named(figure)
            ));
        }
        if text.is_empty() { "0".to_owned() } else { text }
    }
}
