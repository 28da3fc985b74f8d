//! Totals: the figures that the identities of a layout define as sums of others, for every report.

use std::collections::BTreeMap;

use super::definition::{Key, definitions_of};
use crate::layout::{Each, Layout, Relation, SeveritySpec, Term};

/// The figures that are alone on the left of `=` in an identity, each with the figures that it is the sum of,
/// and whether those are subtracted.
pub fn totals(layout: &Layout) -> BTreeMap<Key<'_>, Vec<(bool, Key<'_>)>> {
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
        // The figures that a term names, at a row or column.
        let named = |term: &Term, at: &str| -> Vec<Key> {
            let reference = &term.reference;
            let own = definitions_of(table).map(|definition| definition.key());
            own.filter(|key| match spec.each {
                Each::Column => reference.names(key.row) && key.column == at,
                Each::Row => key.row == at && reference.names(key.column),
                Each::Table => {
                    reference.names(key.row) && reference.column.as_deref().unwrap_or_default() == key.column
                }
            })
            .collect()
        };
        let at: Vec<&String> = match spec.each {
            Each::Column => table.columns.keys().filter(|column| spec.holds_for(column)).collect(),
            Each::Row => table.figures.keys().filter(|row| spec.holds_for(row)).collect(),
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
                totals.entry(*total).or_insert(parts);
            }
        }
    }
    totals
}
