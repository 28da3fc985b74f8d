//! The figures of a report in their normal form: every cell of every table of the layout, in one order, by one key.
//!
//! A report may write a row as a list or as an object, leave cells out, or take them from a workbook. All
//! users of figures (checks, composing, references, workbooks, comparing) read them here, where that makes no
//! difference: a figure has one [`Key`], one label, one JSON pointer, one class and one value.

mod definition;
pub(crate) mod grid;
mod totals;
mod value;

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::diagnostic::{Place, RelatedCell, child};
use crate::layout::{FigureTerm, FiguresSpec, Layout, TableSpec};
use crate::report::{Cell, CellClass, Report, Row};

pub use definition::{Definition, Key, definition, definitions, definitions_of};
pub use totals::totals;
pub use value::{decimal, is_same_figure};

/// The figures of a report: those of each table, row by row, in the order of the layout.
#[derive(Clone, Debug)]
pub struct Figures {
    layout: Arc<Layout>,
    /// Of each table and row of the layout, the number of its first figure.
    first: Vec<Vec<usize>>,
    entries: Vec<Entry>,
}

/// A figure of the report, without its definition.
#[derive(Clone, Debug)]
struct Entry {
    /// Numbers of its table, row and column in the layout.
    table: usize,
    row: usize,
    column: usize,
    /// As it was typed; none where the report has no such cell.
    cell: Option<Cell>,
    /// Its value; none while it is to be computed, and where it is not known.
    value: Option<Decimal>,
    /// Where it is in the file that it was read from, if it was not the report itself.
    place: Option<Place>,
    /// Whether the program computed it.
    is_computed: bool,
    /// Whether its row is an object by column, not a list.
    is_member: bool,
}

/// A figure: a view into [`Figures`].
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// Its definition in the layout.
    pub definition: Definition<'a>,
    entry: &'a Entry,
}

impl Figures {
    /// The figures that a report has for the tables of a layout.
    pub fn of(report: &Report, layout: &Arc<Layout>) -> Figures {
        let mut figures = Figures { layout: layout.clone(), first: Vec::new(), entries: Vec::new() };
        for (table, spec) in layout.tables.iter().enumerate() {
            let rows = report.tables.get(&spec.key);
            let mut first = Vec::with_capacity(spec.figures.len());
            for (row, (key, row_spec)) in spec.figures.iter().enumerate() {
                first.push(figures.entries.len());
                let written = rows.and_then(|rows| rows.get(key));
                for (column, column_key) in spec.columns_of(row_spec).enumerate() {
                    let cell = match written {
                        Some(Row::List(cells)) => cells.get(column),
                        Some(Row::Named(cells)) => cells.get(column_key),
                        None => None,
                    };
                    figures.entries.push(Entry {
                        table,
                        row,
                        column,
                        cell: cell.cloned(),
                        value: cell.and_then(value::of),
                        place: None,
                        is_computed: false,
                        is_member: matches!(written, Some(Row::Named(_))),
                    });
                }
            }
            figures.first.push(first);
        }
        figures
    }

    /// The layout whose tables they fill.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// How many there are, whether or not the report has them.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The figure of this number.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn get(&self, number: usize) -> Figure<'_> {
        let entry = &self.entries[number];
        let table = &self.layout.tables[entry.table];
        let (row_key, row) = table.figures.get_index(entry.row).expect("entries are made of the layout");
        Figure { definition: Definition::new(table, row_key, row, entry.column), entry }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Figure<'_>> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// The number of a figure that the report has.
    pub fn find(&self, key: Key) -> Option<usize> {
        let (table, spec) =
            self.layout.tables.iter().enumerate().find(|(_, table)| table.key == key.table)?;
        let (row, _, row_spec) = spec.figures.get_full(key.row)?;
        let column = spec.columns_of(row_spec).position(|column| column == key.column)?;
        let number = self.first[table][row] + column;
        self.entries[number].cell.is_some().then_some(number)
    }

    /// The figures that a term of a sum names, as far as the report has them, with their numbers.
    pub fn named<'a>(&'a self, term: &'a FigureTerm) -> impl Iterator<Item = (usize, Figure<'a>)> {
        let tables = self.layout.tables.iter().enumerate().filter(|(_, table)| table.key == term.table);
        tables.flat_map(move |(table, spec)| {
            let rows = spec.figures.iter().enumerate().filter(|(_, (key, _))| term.reference.names(key));
            rows.filter_map(move |(at, (_, row))| {
                let mut columns = spec.columns_of(row);
                let column = columns.position(|column| term.reference.column.as_deref() == Some(column))?;
                let number = self.first[table][at] + column;
                Some((number, self.get(number))).filter(|(_, figure)| figure.is_present())
            })
        })
    }

    /// The figures of a row, one for each of its columns.
    pub fn row(&self, table: &str, row: &str) -> impl Iterator<Item = Figure<'_>> {
        let place = self.layout.tables.iter().position(|spec| spec.key == table).and_then(|number| {
            let spec = &self.layout.tables[number];
            let (at, _, row_spec) = spec.figures.get_full(row)?;
            let first = self.first[number][at];
            Some(first..first + spec.columns_of(row_spec).count())
        });
        place.unwrap_or_default().map(|number| self.get(number))
    }

    /// Gives a figure another text. A cell that the report does not have is made.
    pub fn set(&mut self, number: usize, text: impl Into<String>) {
        self.set_cell(number, Cell::new(text));
    }

    /// Leaves a figure open: its cell is empty and its value not known.
    pub fn set_open(&mut self, number: usize) {
        self.set_cell(number, Cell::open());
    }

    fn set_cell(&mut self, number: usize, cell: Cell) {
        let entry = &mut self.entries[number];
        entry.value = value::of(&cell);
        entry.cell = Some(cell);
    }

    /// Gives a figure the text that the program computed for it.
    pub fn set_computed(&mut self, number: usize, text: impl Into<String>) {
        self.set(number, text);
        self.entries[number].is_computed = true;
    }

    /// Leaves a figure open that the program was to compute and could not.
    pub fn set_uncomputed(&mut self, number: usize) {
        self.set_open(number);
        self.entries[number].is_computed = true;
    }

    /// Records where a figure is in the file that it was read from.
    pub fn set_place(&mut self, number: usize, place: Option<Place>) {
        self.entries[number].place = place;
    }

    /// Sets the value of a figure, or none if it is to be computed; its text stays.
    pub fn set_value(&mut self, number: usize, value: Option<Decimal>) {
        self.entries[number].value = value;
    }

    /// The tables as JSON for editing, indented as a member of the report, one row a line. Tables and rows of
    /// which the report has no cell are left out.
    pub fn tables_json(&self) -> String {
        let mut tables = Vec::new();
        for spec in &self.layout.tables {
            let rows: Vec<String> = spec
                .figures
                .keys()
                .filter_map(|row| {
                    let cells: Vec<Figure> = self.row(&spec.key, row).filter(Figure::is_present).collect();
                    let is_member = cells.first()?.entry.is_member;
                    let texts = cells.iter().map(|figure| {
                        let text = figure.entry.cell.as_ref().map_or_else(String::new, Cell::to_json);
                        match is_member {
                            true => format!("{}: {text}", json(figure.key().column)),
                            false => text,
                        }
                    });
                    let texts = texts.collect::<Vec<_>>().join(", ");
                    let texts = if is_member { format!("{{ {texts} }}") } else { format!("[{texts}]") };
                    Some(format!("\n      {}: {texts}", json(row)))
                })
                .collect();
            if !rows.is_empty() {
                tables.push(format!("\n    {}: {{{}\n    }}", json(&spec.key), rows.join(",")));
            }
        }
        if tables.is_empty() { "{}".to_owned() } else { format!("{{{}\n  }}", tables.join(",")) }
    }
}

impl<'a> Figure<'a> {
    /// Its key.
    pub fn key(&self) -> Key<'a> {
        self.definition.key()
    }

    /// Its table.
    pub fn table(&self) -> &'a TableSpec {
        self.definition.table
    }

    /// Its row in the layout.
    pub fn row(&self) -> &'a FiguresSpec {
        self.definition.row
    }

    /// Its row and column as they are printed: `（一）予以公开·总计`.
    pub fn label(&self) -> String {
        self.definition.label()
    }

    /// Whether the report has it.
    pub fn is_present(&self) -> bool {
        self.entry.cell.is_some()
    }

    /// Its JSON pointer in the report.
    pub fn pointer(&self) -> String {
        let row = self.row_pointer();
        match self.entry.is_member {
            true => child(&row, self.key().column),
            false => child(&row, self.entry.column),
        }
    }

    /// The JSON pointer of its row.
    pub fn row_pointer(&self) -> String {
        row_pointer(self.key().table, self.key().row)
    }

    /// As it was typed; nothing where the report does not have it.
    pub fn text(&self) -> &'a str {
        self.entry.cell.as_ref().map_or("", Cell::text)
    }

    /// What kind of text it is.
    pub fn class(&self) -> CellClass {
        self.entry.cell.as_ref().map_or(CellClass::Empty, Cell::class)
    }

    /// Its value; none while it is to be computed, and where it is not known.
    pub fn value(&self) -> Option<Decimal> {
        self.entry.value
    }

    /// Where it is in the file that it was read from, if it was not the report itself.
    pub fn place(&self) -> Option<&'a Place> {
        self.entry.place.as_ref()
    }

    /// Whether the program computed it, or was to.
    pub fn is_computed(&self) -> bool {
        self.entry.is_computed
    }

    /// Whether it is a number, however long.
    pub fn is_number(&self) -> bool {
        matches!(self.class(), CellClass::Figure | CellClass::Signed)
    }

    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        self.class() == CellClass::Empty
    }

    /// The figure as a related cell of a finding.
    pub fn related(&self) -> RelatedCell {
        RelatedCell {
            pointer: self.pointer(),
            label: self.label(),
            value: self.value().map_or_else(|| self.text().to_owned(), |value| value.normalize().to_string()),
            place: self.entry.place.clone(),
            suspect: false,
            previous: false,
            computed: self.is_computed(),
            unit: None,
        }
    }
}

/// The JSON pointer of a row of figures.
pub fn row_pointer(table: &str, row: &str) -> String {
    child(&child("/tables", table), row)
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layouts;
    use crate::report;
    use crate::source::Source;

    const TABLES: &str = r#""tables": { "requests": {
        "granted": [1, "auto", 0, "6858.050", "", null, 2],
        "closed_other": { "total": "-8", "natural_person": 3 }
    } }"#;

    fn figures(tables: &str) -> Figures {
        let text = format!(
            r#"{{ "format": 1, "layout": "disclosure-annual-report-2021", "issuer": "甲", "year": 2023, {tables} }}"#
        );
        let source = Source::parse(text.as_bytes()).expect("is JSON");
        let (report, _) = report::read(&source).expect("is a report");
        Figures::of(&report, &Layouts::embedded().get("disclosure-annual-report-2021").expect("ships"))
    }

    fn check(row: &str, column: &str, text: &str, pointer: &str, class: CellClass) {
        let figures = figures(TABLES);
        let number = figures.find(Key { table: "requests", row, column }).expect("is there");
        let figure = figures.get(number);
        assert_eq!((figure.text(), figure.pointer().as_str(), figure.class()), (text, pointer, class));
        assert_eq!(figure.key(), Key { table: "requests", row, column });
    }

    #[test]
    fn figure_is_the_same_however_its_row_is_written() {
        check("granted", "natural_person", "1", "/tables/requests/granted/0", CellClass::Figure);
        check("granted", "commercial_enterprise", "auto", "/tables/requests/granted/1", CellClass::Auto);
        check(
            "granted",
            "public_welfare_organization",
            "6858.050",
            "/tables/requests/granted/3",
            CellClass::Figure,
        );
        check("granted", "other", "", "/tables/requests/granted/5", CellClass::Open);
        check("closed_other", "total", "-8", "/tables/requests/closed_other/total", CellClass::Signed);
    }

    #[test]
    fn figures_are_in_the_order_of_the_layout_and_complete() {
        let figures = figures(TABLES);
        assert_eq!(figures.len(), 10 + 25 * 7 + 15);
        let keys: Vec<Key> = figures.iter().map(|figure| figure.key()).collect();
        assert_eq!(keys[0], Key { table: "proactive_disclosure", row: "rules", column: "issued" });
        assert_eq!(figures.iter().filter(Figure::is_present).count(), 9);
        assert_eq!(figures.find(Key { table: "requests", row: "closed_other", column: "other" }), None);
        assert_eq!(figures.row("requests", "granted").count(), 7);
        assert_eq!(figures.row("requests", "none").count(), 0);
    }

    #[test]
    fn figures_are_written_as_they_were_given() {
        let mut figures = figures(TABLES);
        let auto = Key { table: "requests", row: "granted", column: "commercial_enterprise" };
        figures.set(figures.find(auto).expect("is there"), "7");
        assert_eq!(
            figures.tables_json(),
            "{\n    \"requests\": {\n      \"granted\": [1, 7, 0, 6858.050, \"\", null, 2],\n      \
             \"closed_other\": { \"natural_person\": 3, \"total\": \"-8\" }\n    }\n  }"
        );
    }
}
