//! A table with its own rows and columns, in prose, and where its cells stand.

use std::borrow::Cow;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use super::values::Reader;
use super::{
    Attachment, Cell, CellClass, ColumnAlign, FreeSection, Inlines, Orientation, Prose, Report, Sections,
};
use crate::diagnostic::{child, rule};
use crate::message;
use crate::source::Node;

/// More columns than this cannot be read on a page.
pub(crate) const MOST_COLUMNS: usize = 64;

/// A table with its own rows and columns.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct FreeTable {
    /// 表题, printed above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// 表号, printed above it at the right: `公开01表`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 编制单位, printed above it at the left: `部门：样例市数据局`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepared_by: Option<String>,
    /// 单位, printed above it at the right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What it shows, for screen readers; its caption where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The rows of its header.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<Vec<FreeCell>>,
    /// The rows of its body.
    pub rows: Vec<Vec<FreeCell>>,
    /// 注, printed under it.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Widths of its columns, such as `30mm`; by their content where they are absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widths: Option<Vec<String>>,
    /// The size of all its text: `9pt`; that of the layout where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// The least heights of the rows of its body, such as `12mm`: one for all, or one for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_heights: Option<Vec<String>>,
    /// Whether all its rows are on one page, if that has room for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_together: Option<bool>,
    /// Which of its rows or columns are sums of others, to be checked.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<TableSum>,
    /// So many first columns are repeated where the other columns of a table that is too wide are carried over.
    #[schemars(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_columns: Option<usize>,
    /// The alignment of each column; without it figures are centred and text is at the left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<Vec<ColumnAlign>>,
    /// The orientation of its pages: `landscape` for a table too wide for an upright page.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Orientation::is_portrait")]
    pub orientation: Orientation,
}

/// A row or a column of a free table that is the sum of others. Each is named by its label, where several have one by the
/// label above it as well: `工资福利支出/小计`.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct TableSum {
    /// The sum.
    pub total: String,
    /// What is added.
    pub of: Vec<String>,
    /// What is subtracted.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub less: Vec<String>,
    /// The difference that rounding may make, such as `0.01`; none where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Cell>,
}

/// A cell of a free table.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum FreeCell {
    /// A figure or a text.
    Plain(Cell),
    /// A cell over several columns or rows, or the header of its row.
    Span {
        /// A figure or a text.
        text: CellText,
        /// How many columns it covers: 1 where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        columns: Option<usize>,
        /// How many rows it covers: 1 where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        rows: Option<usize>,
        /// Whether it is the header of its row.
        #[serde(skip_serializing_if = "Option::is_none")]
        header: Option<bool>,
        /// Whether its text runs from top to bottom.
        #[serde(skip_serializing_if = "Option::is_none")]
        vertical: Option<bool>,
        /// Its alignment, in place of its column's.
        #[serde(skip_serializing_if = "Option::is_none")]
        align: Option<ColumnAlign>,
    },
}

/// The text of a cell that is an object.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum CellText {
    /// A figure, or a text of one face.
    Plain(Cell),
    /// A text of several pieces.
    Inlines(Inlines),
}

/// A cell of a free table at its place.
#[derive(Clone, Debug)]
pub(crate) struct PlacedCell<'a> {
    /// The cell.
    pub cell: &'a FreeCell,
    /// Whether it is in the header.
    pub in_header: bool,
    /// The rows that it covers, those of the header first.
    pub rows: Range<usize>,
    /// The columns that it covers.
    pub columns: Range<usize>,
    /// Its JSON pointer.
    pub pointer: String,
}

impl FreeTable {
    /// How many columns it has: those of its first row, which has no cells from above.
    pub(crate) fn columns(&self) -> usize {
        let first = self.header.first().or(self.rows.first());
        first.map_or(0, |row| row.iter().map(|cell| cell.span().0).sum())
    }

    /// Its cells in reading order; `pointer` is that of the table. What reaches beyond the grid, and a table with too many
    /// columns, is refused when it is composed: of these there is only what has a place.
    pub(crate) fn placed(&self, pointer: &str) -> Vec<PlacedCell<'_>> {
        let columns = self.columns();
        let mut found = Vec::new();
        if columns > MOST_COLUMNS {
            return found;
        }
        let parts = [("header", &self.header, 0, true), ("rows", &self.rows, self.header.len(), false)];
        for (key, rows, first, in_header) in parts {
            let place = child(pointer, key);
            // How many more rows a cell above covers of each column.
            let mut covered = vec![0_usize; columns];
            for (at, row) in rows.iter().enumerate() {
                let place = child(&place, at);
                let mut column = 0;
                for (index, cell) in row.iter().enumerate() {
                    while covered.get(column).is_some_and(|rows| *rows > 0) {
                        column += 1;
                    }
                    let (wide, high) = cell.span();
                    let end = (column + wide).min(columns);
                    if column >= end {
                        break;
                    }
                    let high = high.min(rows.len() - at);
                    covered[column..end].fill(high);
                    let pointer = child(&place, index);
                    let rows = first + at..first + at + high;
                    found.push(PlacedCell { cell, in_header, rows, columns: column..end, pointer });
                    column = end;
                }
                covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            }
        }
        found
    }
}

impl FreeCell {
    /// How many columns and rows it covers.
    pub(crate) fn span(&self) -> (usize, usize) {
        match self {
            FreeCell::Plain(_) => (1, 1),
            FreeCell::Span { columns, rows, .. } => (columns.unwrap_or(1), rows.unwrap_or(1)),
        }
    }

    /// Its figure or its text, without spans and footnotes.
    pub(crate) fn content(&self) -> Cow<'_, Cell> {
        match self {
            FreeCell::Plain(cell) | FreeCell::Span { text: CellText::Plain(cell), .. } => Cow::Borrowed(cell),
            FreeCell::Span { text: CellText::Inlines(inlines), .. } => Cow::Owned(Cell::new(inlines.text())),
        }
    }
}

/// The words of `align`.
const ALIGNS: [(&str, ColumnAlign); 4] = [
    ("left", ColumnAlign::Left),
    ("centre", ColumnAlign::Centre),
    ("right", ColumnAlign::Right),
    ("decimal", ColumnAlign::Decimal),
];

/// The words of `orientation`.
const ORIENTATIONS: [(&str, Orientation); 2] =
    [("portrait", Orientation::Portrait), ("landscape", Orientation::Landscape)];

impl Reader {
    pub(super) fn free_table(&mut self, node: &Node, pointer: &str) -> Option<FreeTable> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let rows = |reader: &mut Self, node: &Node, pointer: &str| {
            reader.items(node, pointer, |reader, node, pointer| reader.items(node, pointer, Self::free_cell))
        };
        let table = FreeTable {
            caption: self.optional(&mut fields, "caption", Self::text),
            number: self.optional(&mut fields, "number", Self::text),
            prepared_by: self.optional(&mut fields, "prepared_by", Self::text),
            unit: self.optional(&mut fields, "unit", Self::text),
            description: self.optional(&mut fields, "description", Self::text),
            header: self.optional(&mut fields, "header", rows).unwrap_or_default(),
            rows: self.required(&mut fields, "rows", rows).unwrap_or_default(),
            notes: self.list_of(&mut fields, "notes", Self::text),
            widths: self.optional(&mut fields, "widths", |reader, node, pointer| {
                reader.items(node, pointer, Self::text)
            }),
            size: self.optional(&mut fields, "size", Self::text),
            row_heights: self.optional(&mut fields, "row_heights", |reader, node, pointer| {
                reader.items(node, pointer, Self::text)
            }),
            keep_together: self.optional(&mut fields, "keep_together", Self::boolean),
            sums: self.list_of(&mut fields, "sums", Self::table_sum),
            repeat_columns: self.optional(&mut fields, "repeat_columns", Self::span),
            align: self.optional(&mut fields, "align", |reader, node, pointer| {
                reader.items(node, pointer, |reader, node, pointer| reader.word(node, pointer, &ALIGNS))
            }),
            orientation: self
                .optional(&mut fields, "orientation", |reader, node, pointer| {
                    reader.word(node, pointer, &ORIENTATIONS)
                })
                .unwrap_or_default(),
        };
        self.finish(fields);
        Some(table)
    }

    fn table_sum(&mut self, node: &Node, pointer: &str) -> Option<TableSum> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let total = self.required(&mut fields, "total", Self::text);
        let of =
            self.required(&mut fields, "of", |reader, node, pointer| reader.items(node, pointer, Self::text));
        if of.as_ref().is_some_and(Vec::is_empty) {
            let text = message!("没有写出相加的各项", "it names nothing to add");
            let hint = message!("写上各项的名称，或删去这一条合计", "name what is added, or delete the sum");
            self.error(rule::REPORT_EMPTY, &child(pointer, "of"), text, Some(hint));
        }
        let less = self.list_of(&mut fields, "less", Self::text);
        let within = self.optional(&mut fields, "within", |reader, node, pointer| {
            let within = reader.cell(node, pointer)?;
            if within.class() != CellClass::Figure {
                let text = message!(
                    "允许的差应是不小于 0 的数，如 0.01",
                    "the difference must be a number of 0 or more, such as 0.01"
                );
                reader.error(rule::REPORT_TYPE, pointer, text, None);
                return None;
            }
            Some(within)
        });
        self.finish(fields);
        Some(TableSum { total: total?, of: of?, less, within })
    }

    fn free_cell(&mut self, node: &Node, pointer: &str) -> Option<FreeCell> {
        if !matches!(node, Node::Object(_)) {
            return self.cell(node, pointer).map(FreeCell::Plain);
        }
        let mut fields = self.object(node, pointer.to_owned())?;
        let text = self
            .optional(&mut fields, "text", |reader, node, pointer| match node {
                // "\n" breaks a line of a cell.
                Node::Array(_) => reader.inlines_of(node, pointer, Self::lines).map(CellText::Inlines),
                _ => reader.cell(node, pointer).map(CellText::Plain),
            })
            .unwrap_or_else(|| CellText::Plain(Cell::empty()));
        let columns = self.optional(&mut fields, "columns", Self::span);
        let rows = self.optional(&mut fields, "rows", Self::span);
        let header = self.optional(&mut fields, "header", Self::boolean);
        let vertical = self.optional(&mut fields, "vertical", Self::boolean);
        let align =
            self.optional(&mut fields, "align", |reader, node, pointer| reader.word(node, pointer, &ALIGNS));
        self.finish(fields);
        Some(FreeCell::Span { text, columns, rows, header, vertical, align })
    }
}

/// Calls `visit` with every free table of a report and its JSON pointer.
pub(crate) fn each_free_table<'a>(report: &'a Report, visit: &mut dyn FnMut(String, &'a FreeTable)) {
    prose("/preamble", &report.preamble, visit);
    match &report.sections {
        Sections::Named(named) => {
            named.iter().for_each(|(key, body)| prose(&child("/sections", key), body, visit));
        }
        Sections::Free(free) => sections("/sections", free, visit),
    }
    attachments("/attachments", &report.attachments, visit);
    if let Some(issued) = &report.issued_text {
        prose("/issued_text/body", &issued.body, visit);
        sections("/issued_text/sections", &issued.sections, visit);
        attachments("/issued_text/attachments", &issued.attachments, visit);
    }
}

fn sections<'a>(pointer: &str, sections: &'a [FreeSection], visit: &mut dyn FnMut(String, &'a FreeTable)) {
    for (at, section) in sections.iter().enumerate() {
        prose(&child(&child(pointer, at), "body"), &section.body, visit);
    }
}

fn attachments<'a>(
    pointer: &str,
    attachments: &'a [Attachment],
    visit: &mut dyn FnMut(String, &'a FreeTable),
) {
    for (at, attachment) in attachments.iter().enumerate() {
        prose(&child(&child(pointer, at), "body"), &attachment.body, visit);
    }
}

fn prose<'a>(pointer: &str, blocks: &'a [Prose], visit: &mut dyn FnMut(String, &'a FreeTable)) {
    for (at, block) in blocks.iter().enumerate() {
        if let Prose::Table { table } = block {
            visit(child(&child(pointer, at), "table"), table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FreeTable, MOST_COLUMNS};
    use crate::report::{self, Prose};
    use crate::source::Source;

    fn table(rows: &str) -> FreeTable {
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": [{{"table": {rows}}}]}}"#
        );
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        match report.preamble.into_iter().next() {
            Some(Prose::Table { table }) => table,
            other => panic!("{other:?} is no table"),
        }
    }

    #[test]
    fn cells_stand_beside_and_below_those_that_cover_more() {
        let table = table(
            r#"{"header": [[{"text": "a", "rows": 2}, {"text": "b", "columns": 2}], ["c", "d"]], "rows": [["e", {"text": "f", "columns": 2}]]}"#,
        );
        let placed: Vec<_> = table
            .placed("/t")
            .into_iter()
            .map(|placed| {
                (placed.cell.content().text().to_owned(), placed.rows, placed.columns, placed.pointer)
            })
            .collect();
        let cell =
            |text: &str, rows, columns, place: &str| (text.to_owned(), rows, columns, place.to_owned());
        let expected = [
            cell("a", 0..2, 0..1, "/t/header/0/0"),
            cell("b", 0..1, 1..3, "/t/header/0/1"),
            cell("c", 1..2, 1..2, "/t/header/1/0"),
            cell("d", 1..2, 2..3, "/t/header/1/1"),
            cell("e", 2..3, 0..1, "/t/rows/0/0"),
            cell("f", 2..3, 1..3, "/t/rows/0/1"),
        ];
        assert_eq!(placed, expected);
    }

    #[test]
    fn what_reaches_beyond_the_grid_takes_no_room() {
        let wide = format!(r#"{{"rows": [[{{"text": "a", "columns": {}}}]]}}"#, MOST_COLUMNS + 1);
        assert!(table(&wide).placed("").is_empty());
        let beyond = table(r#"{"rows": [["a", "b"], [{"text": "c", "columns": 9, "rows": 9}, "d"]]}"#);
        let places: Vec<_> =
            beyond.placed("").into_iter().map(|placed| (placed.rows, placed.columns)).collect();
        assert_eq!(places, [(0..1, 0..1), (0..1, 1..2), (1..2, 0..2)]);
    }
}
