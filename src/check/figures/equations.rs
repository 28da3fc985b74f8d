//! Identities spelled out: one equation for every column or row that they hold for.

use super::values::{Figure, Figures};
use crate::layout::{Each, IdentitySpec, Layout, Reference, TableSpec, Term};

/// An identity at one column or row.
#[derive(Debug)]
pub(super) struct Equation<'a> {
    /// The identity.
    pub spec: &'a IdentitySpec,
    /// What the column or row is called; nothing where it holds once.
    pub at: String,
    /// The figures of both sides by their numbers, and whether each is taken away.
    pub left: Vec<(bool, usize)>,
    pub right: Vec<(bool, usize)>,
}

impl Equation<'_> {
    /// The figures of both sides.
    pub fn cells(&self) -> impl Iterator<Item = usize> {
        self.left.iter().chain(&self.right).map(|(_, at)| *at)
    }

    /// Whether a figure counts against the left.
    pub fn is_negative(&self, figure: usize) -> bool {
        self.left.iter().any(|&(negative, at)| at == figure && negative)
            || self.right.iter().any(|&(negative, at)| at == figure && !negative)
    }

    /// What a figure is called among the others of the equation.
    pub fn named<'f>(&self, figure: &'f Figure) -> &'f str {
        match self.spec.each {
            Each::Column => figure.row_label,
            Each::Row | Each::Table => figure.column_label,
        }
    }
}

/// The equations of a layout for which the report (and the last one, where they name it) has every figure.
pub(super) fn equations<'a>(layout: &'a Layout, figures: &Figures) -> Vec<Equation<'a>> {
    let mut equations = Vec::new();
    for spec in &layout.identities {
        let Some(table) = layout.table(&spec.table) else { continue };
        match spec.each {
            Each::Column => {
                for (column, label) in &table.columns {
                    let find = |term: &Term| find_rows(table, figures, &term.reference, column);
                    equations.extend(equation(spec, label, find));
                }
            }
            Each::Row => {
                for (row, figure_row) in &table.figures {
                    if spec.rows.as_ref().is_some_and(|rows| !rows.contains(row)) {
                        continue;
                    }
                    let find = |term: &Term| find_columns(table, figures, &term.reference, row);
                    equations.extend(equation(spec, &figure_row.label, find));
                }
            }
            Each::Table => {
                let find = |term: &Term| {
                    let column = term.reference.column.as_deref().unwrap_or_default();
                    find_rows(table, figures, &term.reference, column)
                };
                equations.extend(equation(spec, "", find));
            }
        }
    }
    equations
}

/// The equation, if every term names figures that are there.
fn equation<'a>(
    spec: &'a IdentitySpec,
    at: &str,
    find: impl Fn(&Term) -> Option<Vec<usize>>,
) -> Option<Equation<'a>> {
    let side = |terms: &[Term]| {
        let mut found = Vec::new();
        for term in terms {
            found.extend(find(term)?.into_iter().map(|figure| (term.negative, figure)));
        }
        Some(found)
    };
    let identity = &spec.identity;
    Some(Equation { spec, at: at.to_owned(), left: side(&identity.left)?, right: side(&identity.right)? })
}

fn find_rows(
    table: &TableSpec,
    figures: &Figures,
    reference: &Reference,
    column: &str,
) -> Option<Vec<usize>> {
    let rows = table.figures.keys().filter(|row| reference.names(row));
    rows.map(|row| figures.find(reference.previous, &table.key, row, column)).collect()
}

fn find_columns(
    table: &TableSpec,
    figures: &Figures,
    reference: &Reference,
    row: &str,
) -> Option<Vec<usize>> {
    let columns = table.columns.keys().filter(|column| reference.names(column));
    columns.map(|column| figures.find(reference.previous, &table.key, row, column)).collect()
}
