//! The figures of a report's tables, each with its place and what it counts as.

use std::borrow::Cow;

use foldhash::HashMap;
use rust_decimal::Decimal;

use super::Reported;
use crate::diagnostic::child;
use crate::layout::Layout;
use crate::report::{Cell, CellValue, Report, Row};

/// A cell of a table of figures.
#[derive(Clone, Debug)]
pub(in crate::check) struct Figure<'a> {
    /// Whether it is of the last report.
    pub previous: bool,
    /// Keys of its table, row and column.
    pub table: &'a str,
    pub row: &'a str,
    pub column: &'a str,
    /// What the row and the column are called.
    pub row_label: &'a str,
    pub column_label: &'a str,
    /// Its place in a row that is written as a list.
    index: Option<usize>,
    /// As it was typed.
    pub text: &'a str,
    /// Whether it is a number, however long.
    pub is_number: bool,
    /// What it counts as; nothing while it is to be computed.
    pub value: Option<Decimal>,
}

impl Figure<'_> {
    /// Where it stands in its report.
    pub fn pointer(&self) -> String {
        let row = child(&child("/tables", self.table), self.row);
        match self.index {
            Some(index) => child(&row, index),
            None => child(&row, self.column),
        }
    }

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
pub(in crate::check) struct Figures<'a> {
    figures: Vec<Figure<'a>>,
    index: HashMap<(bool, &'a str, &'a str, &'a str), usize>,
}

impl<'a> Figures<'a> {
    pub fn of(report: &'a Report, layout: &'a Layout, previous: Option<Reported<'a>>) -> Figures<'a> {
        let mut figures = Figures::default();
        figures.add(report, layout, false);
        if let Some(Reported { report, layout }) = previous {
            figures.add(report, layout, true);
        }
        figures
    }

    fn add(&mut self, report: &'a Report, layout: &'a Layout, previous: bool) {
        for table in &layout.tables {
            let Some(rows) = report.tables.get(&table.key) else { continue };
            for (key, spec) in &table.figures {
                let Some(row) = rows.get(key) else { continue };
                for (at, column) in table.columns_of(spec).into_iter().enumerate() {
                    let (cell, index) = match row {
                        Row::List(cells) => (cells.get(at), Some(at)),
                        Row::Named(cells) => (cells.get(column), None),
                    };
                    let Some(cell) = cell else { continue };
                    let figure = Figure {
                        previous,
                        table: &table.key,
                        row: key,
                        column,
                        row_label: &spec.label,
                        column_label: table.columns.get(column).map_or(column, String::as_str),
                        index,
                        text: cell.text(),
                        is_number: matches!(cell.value(), CellValue::Figure | CellValue::Signed),
                        value: value(cell),
                    };
                    self.index.insert((previous, &table.key, key, column), self.figures.len());
                    self.figures.push(figure);
                }
            }
        }
    }

    pub fn all(&self) -> &[Figure<'a>] {
        &self.figures
    }

    pub fn all_mut(&mut self) -> &mut [Figure<'a>] {
        &mut self.figures
    }

    /// The number of a figure, if the report has it.
    pub fn find(&self, previous: bool, table: &str, row: &str, column: &str) -> Option<usize> {
        self.index.get(&(previous, table, row, column)).copied()
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
    let text = text.trim();
    let text: Cow<str> = if text.is_ascii() {
        text.into()
    } else {
        text.replace(['－', '−'], "-").replace('＋', "+").into()
    };
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(&text)).ok()
}
