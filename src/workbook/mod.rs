//! The tables of a layout as a workbook: written for clerks to fill in, read back into a report.
//!
//! Every figure's cell has a defined name (`gongwen.requests.granted.total`), which moves along when rows are put in or
//! columns widened; a sheet made by hand is read by its labels.

mod cells;
mod fill;
mod grid;
mod read;
mod write;

use std::collections::BTreeMap;

pub use cells::FiguresFile;
pub(crate) use fill::fill;
pub(crate) use read::read;
pub use write::write;

use crate::layout::{Each, Layout, Relation, SeveritySpec, Term};

/// A figure by the keys of its table, row and column.
pub(crate) type Key = (String, String, String);

/// The figures that an identity determines, each with the figures that it is the sum of and whether those are taken
/// away: what stands alone on the left of `=`.
pub(crate) fn totals(layout: &Layout) -> BTreeMap<Key, Vec<(bool, Key)>> {
    let mut totals = BTreeMap::new();
    for spec in &layout.identities {
        let Some(table) = layout.table(&spec.table) else { continue };
        let [only] = &spec.identity.left[..] else { continue };
        let between_years = spec.identity.terms().any(|term| term.reference.previous);
        if spec.identity.relation != Relation::Equal
            || spec.severity != SeveritySpec::Error
            || between_years
            || only.negative
        {
            continue;
        }
        let has = |row: &str, column: &str| {
            table.figures.get(row).is_some_and(|figures| table.columns_of(figures).contains(&column))
        };
        // The figures that a term names, at a row or column.
        let named = |term: &Term, at: &str| -> Vec<Key> {
            let reference = &term.reference;
            let rows = || table.figures.keys().filter(|row| reference.names(row));
            let places: Vec<(String, String)> = match spec.each {
                Each::Column => rows().map(|row| (row.clone(), at.to_owned())).collect(),
                Each::Row => {
                    let columns = table.columns.keys().filter(|column| reference.names(column));
                    columns.map(|column| (at.to_owned(), column.clone())).collect()
                }
                Each::Table => {
                    let column = reference.column.clone().unwrap_or_default();
                    rows().map(|row| (row.clone(), column.clone())).collect()
                }
            };
            let places = places.into_iter().filter(|(row, column)| has(row, column));
            places.map(|(row, column)| (table.key.clone(), row, column)).collect()
        };
        let at: Vec<&String> = match spec.each {
            Each::Column => table.columns.keys().collect(),
            Each::Row => {
                let rows = table.figures.keys();
                rows.filter(|row| spec.rows.as_ref().is_none_or(|rows| rows.contains(row))).collect()
            }
            Each::Table => vec![&table.key],
        };
        for at in at {
            let parts: Vec<(bool, Key)> = spec
                .identity
                .right
                .iter()
                .flat_map(|term| named(term, at).into_iter().map(|key| (term.negative, key)))
                .collect();
            if let ([total], false) = (&named(only, at)[..], parts.is_empty()) {
                totals.entry(total.clone()).or_insert(parts);
            }
        }
    }
    totals
}

/// The name of a figure's cell in a workbook.
fn name((table, row, column): &Key) -> String {
    format!("gongwen.{table}.{row}.{column}").replace('-', "_")
}
