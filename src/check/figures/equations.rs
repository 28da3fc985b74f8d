//! Equations: the instances of identities, one for every column or row that they hold for.

use super::years::{Cell, Years};
use crate::figures::{Figure, Key};
use crate::layout::{Each, IdentitySpec, Layout, Reference, TableSpec, Term};

/// An identity at one column or row.
#[derive(Debug)]
pub(super) struct Equation<'a> {
    /// The identity.
    pub spec: &'a IdentitySpec,
    /// The label of the column or row; empty where it holds once.
    pub at: String,
    /// The figures of both sides by their numbers, and whether each is subtracted.
    pub left: Vec<(bool, Cell)>,
    pub right: Vec<(bool, Cell)>,
}

impl Equation<'_> {
    /// The figures of both sides.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        self.left.iter().chain(&self.right).map(|(_, at)| *at)
    }

    /// Whether a figure is subtracted when everything is on the left side.
    pub fn is_negative(&self, figure: Cell) -> bool {
        self.left.iter().any(|&(negative, at)| at == figure && negative)
            || self.right.iter().any(|&(negative, at)| at == figure && !negative)
    }

    /// The label that distinguishes a figure within the equation.
    pub fn named<'f>(&self, figure: Figure<'f>) -> &'f str {
        match self.spec.each {
            Each::Column => figure.definition.row_label(),
            Each::Row | Each::Table => figure.definition.column_label(),
        }
    }
}

/// The equations of a layout for which the report (and the last one, where they name it) has every figure.
pub(super) fn equations<'a>(layout: &'a Layout, figures: Years) -> Vec<Equation<'a>> {
    let mut equations = Vec::new();
    for spec in &layout.identities {
        let Some(table) = layout.table(&spec.table) else { continue };
        match spec.each {
            Each::Column => {
                for (column, label) in table.columns.iter().filter(|(column, _)| spec.holds_for(column)) {
                    let find = |term: &Term| find_rows(table, figures, &term.reference, column);
                    equations.extend(equation(spec, label, find));
                }
            }
            Each::Row => {
                for (row, figure_row) in table.figures.iter().filter(|(row, _)| spec.holds_for(row)) {
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

/// The equation, if every term names existing figures.
fn equation<'a>(
    spec: &'a IdentitySpec,
    at: &str,
    find: impl Fn(&Term) -> Option<Vec<Cell>>,
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

fn find_rows(table: &TableSpec, figures: Years, reference: &Reference, column: &str) -> Option<Vec<Cell>> {
    let rows = table.figures.keys().filter(|row| reference.names(row));
    rows.map(|row| figures.find(reference.previous, Key { table: &table.key, row, column })).collect()
}

fn find_columns(table: &TableSpec, figures: Years, reference: &Reference, row: &str) -> Option<Vec<Cell>> {
    let columns = table.columns.keys().filter(|column| reference.names(column));
    columns.map(|column| figures.find(reference.previous, Key { table: &table.key, row, column })).collect()
}
