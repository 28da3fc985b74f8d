//! Figures of a file put into the tables of a report.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::read::{Found, label};
use super::{Key, totals};
use crate::diagnostic::{Diagnostic, Message, child};
use crate::layout::Layout;
use crate::message;
use crate::report::{Cell, CellValue, Report, Row};

/// Puts figures in where the report has none, `null`, `""` or `"auto"`; tells those that differ, and cells that are
/// empty in both. A total that is empty in both is left to be computed. Returns what was put in, by JSON pointers.
pub(crate) fn fill(
    report: &mut Report,
    layout: &Layout,
    figures: &BTreeMap<Key, Found>,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let totals = totals(layout);
    let (mut filled, mut wrong) = (BTreeMap::new(), Vec::new());
    for table in &layout.tables {
        if !figures.keys().any(|(key, ..)| *key == table.key) {
            continue;
        }
        let rows = report.tables.entry(table.key.clone()).or_default();
        for (key, spec) in &table.figures {
            let columns = table.columns_of(spec);
            let place = child(&child("/tables", &table.key), key);
            // A row that is not there at all has a cell for each of its columns, to be filled.
            let is_new = !rows.contains_key(key);
            let row = rows
                .entry(key.clone())
                .or_insert_with(|| Row::List(columns.iter().map(|_| Cell::empty()).collect()));
            if matches!(row, Row::List(cells) if cells.len() != columns.len()) {
                continue; // Told where the table is composed.
            }
            for (at, column) in columns.iter().enumerate() {
                let figure = (table.key.clone(), key.clone(), (*column).to_owned());
                let found = figures.get(&figure);
                let (cell, pointer, is_new) = match row {
                    Row::List(cells) => (&mut cells[at], child(&place, at), is_new),
                    Row::Named(cells) => {
                        let is_new = !cells.contains_key(*column);
                        let cell = cells.entry((*column).to_owned()).or_insert_with(Cell::empty);
                        (cell, child(&place, column), is_new)
                    }
                };
                let wanting = matches!(cell.value(), CellValue::Empty | CellValue::Auto);
                match found.map(|found| (found, &found.value)) {
                    Some((_, Some(value))) if wanting => {
                        *cell = Cell::new(value.clone());
                        filled.insert(pointer, value.clone());
                    }
                    Some((found, Some(value))) if !same(cell.text(), value) => {
                        let (own, label) = (cell.text(), label(table, &figure));
                        let Message { zh, en } = &found.place;
                        let text = message!(
                            "“{label}”在报告里是 {own}，{zh} 是 {value}",
                            "\"{label}\" is {own} in the report and {value} in {en}"
                        );
                        let hint = message!(
                            "改其中一个，或把报告里的改成 null",
                            "change one of them, or make that of the report null"
                        );
                        wrong.push(Diagnostic::error("figures.differs", pointer, text).hint(hint));
                    }
                    Some((_, Some(_))) => {}
                    Some((found, None)) if found.told => {}
                    _ if is_new && totals.contains_key(&figure) => *cell = Cell::new("auto"),
                    Some((found, None)) if is_new => {
                        let label = label(table, &figure);
                        let Message { zh, en } = &found.place;
                        let text = message!("{zh}（{label}）是空的", "{en} ({label}) is empty");
                        let hint = message!("没有就填 0", "give 0 if there is none");
                        wrong.push(Diagnostic::error("figures.missing", pointer, text).hint(hint));
                    }
                    None if is_new => {
                        let label = label(table, &figure);
                        let text = message!(
                            "报告和数据文件都没有“{label}”",
                            "neither the report nor the file of figures has \"{label}\""
                        );
                        wrong.push(Diagnostic::error("figures.missing", pointer, text));
                    }
                    Some((_, None)) | None => {}
                }
            }
        }
    }
    (filled, wrong)
}

/// Whether two texts are one figure.
fn same(one: &str, other: &str) -> bool {
    let value = |text: &str| Decimal::from_str_exact(text.trim()).ok();
    match (value(one), value(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.trim() == other.trim(),
    }
}
