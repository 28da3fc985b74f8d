//! The figures of a report's tables, each with its place and what it counts as.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Reported;
use crate::diagnostic::child;
use crate::layout::Layout;
use crate::report::{Cell, CellValue, Report, Row};

/// A cell of a table of figures.
#[derive(Clone, Debug)]
pub(in crate::check) struct Figure {
    /// Whether it is of the last report.
    pub previous: bool,
    /// Keys of its table, row and column.
    pub table: String,
    pub row: String,
    pub column: String,
    /// What the row and the column are called.
    pub row_label: String,
    pub column_label: String,
    /// Where it stands in its report.
    pub pointer: String,
    /// As it was typed.
    pub text: String,
    /// Whether it is a number, however long.
    pub is_number: bool,
    /// What it counts as; nothing while it is to be computed.
    pub value: Option<Decimal>,
}

impl Figure {
    /// `（一）予以公开·总计`
    pub fn label(&self) -> String {
        format!("{}·{}", self.row_label, self.column_label)
    }

    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// All figures of a report, and those of the last one.
#[derive(Debug, Default)]
pub(in crate::check) struct Figures {
    figures: Vec<Figure>,
    index: HashMap<(bool, String, String, String), usize>,
}

impl Figures {
    pub fn of(report: &Report, layout: &Layout, previous: Option<Reported>) -> Figures {
        let mut figures = Figures::default();
        figures.add(report, layout, false);
        if let Some(Reported { report, layout }) = previous {
            figures.add(report, layout, true);
        }
        figures
    }

    fn add(&mut self, report: &Report, layout: &Layout, previous: bool) {
        for table in &layout.tables {
            let Some(rows) = report.tables.get(&table.key) else { continue };
            for (key, spec) in &table.figures {
                let Some(row) = rows.get(key) else { continue };
                let place = child(&child("/tables", &table.key), key);
                for (at, column) in table.columns_of(spec).into_iter().enumerate() {
                    let cell = match row {
                        Row::List(cells) => cells.get(at).map(|cell| (cell, child(&place, at))),
                        Row::Named(cells) => cells.get(column).map(|cell| (cell, child(&place, column))),
                    };
                    let Some((cell, pointer)) = cell else { continue };
                    let figure = Figure {
                        previous,
                        table: table.key.clone(),
                        row: key.clone(),
                        column: column.to_owned(),
                        row_label: spec.label.clone(),
                        column_label: table.columns.get(column).cloned().unwrap_or_else(|| column.to_owned()),
                        pointer,
                        text: cell.text().to_owned(),
                        is_number: matches!(cell.value(), CellValue::Figure | CellValue::Signed),
                        value: value(cell),
                    };
                    let name = (previous, table.key.clone(), key.clone(), column.to_owned());
                    self.index.insert(name, self.figures.len());
                    self.figures.push(figure);
                }
            }
        }
    }

    pub fn all(&self) -> &[Figure] {
        &self.figures
    }

    pub fn all_mut(&mut self) -> &mut [Figure] {
        &mut self.figures
    }

    /// The number of a figure, if the report has it.
    pub fn find(&self, previous: bool, table: &str, row: &str, column: &str) -> Option<usize> {
        self.index.get(&(previous, table.to_owned(), row.to_owned(), column.to_owned())).copied()
    }
}

/// What a cell counts as: empty ones and text are 0, one that is to be computed is nothing yet.
fn value(cell: &Cell) -> Option<Decimal> {
    match cell.value() {
        CellValue::Figure | CellValue::Signed => decimal(cell.text()).or(Some(Decimal::ZERO)),
        CellValue::Auto => None,
        CellValue::Empty | CellValue::Text | CellValue::Exponent | CellValue::Grouped => Some(Decimal::ZERO),
    }
}

/// The exact value of a figure; none if it has more than 28 digits.
pub(in crate::check) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim().replace(['－', '−'], "-").replace('＋', "+");
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(&text)).ok()
}
