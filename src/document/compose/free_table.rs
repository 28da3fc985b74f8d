//! A table with its own rows and columns, in prose.

use super::Composer;
use crate::diagnostic::child;
use crate::document::{BlockKind, Table, TableCell, TableRow};
use crate::geom::Length;
use crate::message;
use crate::report::{Cell, CellValue, FreeCell, FreeTable};
use crate::style::{Align, Role, Scope};

/// More columns than this cannot be read on a page.
const MOST_COLUMNS: usize = 64;

impl Composer<'_> {
    /// A free table.
    pub(super) fn free_table(&mut self, table: &FreeTable, pointer: &str) {
        let width = |row: &[FreeCell]| row.iter().map(|cell| span(cell).0).sum::<usize>();
        // No row covers more than the table has; one without cells from above shows how many that is.
        let columns = table.header.first().or(table.rows.first()).map_or(0, |row| width(row));
        if columns == 0 || table.rows.is_empty() {
            self.error(
                "table.empty",
                pointer,
                message!("表格没有行或列", "the table has no rows or columns"),
                None,
            );
            return;
        }
        if columns > MOST_COLUMNS {
            let text = message!(
                "表格有 {columns} 列，最多 {MOST_COLUMNS} 列",
                "the table has {columns} columns, at most {MOST_COLUMNS} are allowed"
            );
            self.error("table.columns", pointer, text, None);
            return;
        }
        let block = self.node(pointer);
        let widths = self.widths(table, columns, pointer);
        let caption = table.caption.as_ref().map(|text| self.table_text(text, &child(pointer, "caption")));
        let unit = table.unit.as_ref().map(|text| self.table_text(text, &child(pointer, "unit")));
        let mut rows = self.free_rows(&table.header, columns, true, &child(pointer, "header"));
        rows.extend(self.free_rows(&table.rows, columns, false, &child(pointer, "rows")));
        let notes = table.notes.iter().enumerate();
        let notes =
            notes.map(|(at, text)| self.table_text(text, &child(&child(pointer, "notes"), at))).collect();
        let description =
            table.description.as_ref().map(|text| self.clean(text, &child(pointer, "description")));
        let name = caption.as_ref().map(|caption| caption.text.clone());
        let drawing = &self.layout.table;
        let kind = BlockKind::Table(Table {
            description: description.or_else(|| name.clone()).unwrap_or_else(|| "表格".to_owned()),
            name: name.unwrap_or_else(|| "表格".to_owned()),
            caption,
            unit,
            columns: widths,
            rows,
            header_rows: table.header.len(),
            notes,
            rule: drawing.rule,
            padding: drawing.padding,
            padding_vertical: drawing.padding_vertical,
        });
        self.blocks.push(crate::document::Block::new(block, kind));
    }

    fn widths(&mut self, table: &FreeTable, columns: usize, pointer: &str) -> Vec<Length> {
        let room = super::styles::page(self.layout).type_width();
        let equal = vec![room / columns as i64; columns];
        let Some(widths) = &table.widths else { return equal };
        let place = child(pointer, "widths");
        let lengths: Vec<Length> = widths
            .iter()
            .enumerate()
            .filter_map(|(at, text)| self.length(text, &child(&place, at)))
            .collect();
        let (given, total) = (widths.len(), lengths.iter().copied().sum::<Length>());
        if given != columns {
            let text = message!(
                "表格有 {columns} 列，列宽有 {given} 个",
                "the table has {columns} columns and {given} widths"
            );
            self.error("table.widths", &place, text, None);
            return equal;
        }
        if total > room + Length::pt(0.5) {
            let (total, room) = (total.to_mm(), room.to_mm());
            self.error(
                "table.widths",
                &place,
                message!(
                    "各列共宽 {total:.1} 毫米，超出版心 {room:.1} 毫米",
                    "the columns are {total:.1} mm wide, more than the type area of {room:.1} mm"
                ),
                None,
            );
            return equal;
        }
        if lengths.len() == columns { lengths } else { equal }
    }

    /// The rows of header or body; every place of the grid belongs to one cell, or the row is told.
    fn free_rows(
        &mut self,
        rows: &[Vec<FreeCell>],
        columns: usize,
        header: bool,
        pointer: &str,
    ) -> Vec<TableRow> {
        let min_height = self.layout.table.min_height;
        let mut covered = vec![0_usize; columns];
        let mut finished = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let place = child(pointer, at);
            let id = self.node(&place);
            let mut cells = Vec::new();
            let mut column = 0;
            let mut fits = true;
            for (index, cell) in row.iter().enumerate() {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let (wide, high) = span(cell);
                let room = covered
                    .get(column..column + wide)
                    .is_some_and(|below| below.iter().all(|rows| *rows == 0));
                if !room || at + high > rows.len() {
                    fits = false;
                    break;
                }
                covered[column..column + wide].fill(high);
                cells.push(self.free_cell(cell, column, header, &child(&place, index)));
                column += wide;
            }
            if !fits || covered.contains(&0) {
                self.error(
                    "table.cells",
                    &place,
                    message!(
                        "这一行的单元格凑不成 {columns} 列",
                        "the cells of this row do not make {columns} columns"
                    ),
                    Some(message!(
                        "合并的单元格在下面各行中不再写出",
                        "a cell that spans rows is not written again in the rows below"
                    )),
                );
                return finished;
            }
            for rows in &mut covered {
                *rows -= 1;
            }
            finished.push(TableRow { id, cells, min_height });
        }
        finished
    }

    fn free_cell(&mut self, cell: &FreeCell, column: usize, header: bool, pointer: &str) -> TableCell {
        let (columns, rows) = span(cell);
        let (value, heads) = match cell {
            FreeCell::Plain(value) => (value, None),
            FreeCell::Span { text, header, .. } => (text, *header),
        };
        if value.value() == CellValue::Exponent {
            let text = value.text();
            self.error(
                "figure.exponent",
                pointer,
                message!("不能用指数写法：{text}", "must not have an exponent: {text}"),
                Some(message!("把数字写全", "write the number in full")),
            );
        }
        let (role, align) = match value.value() {
            _ if header => (Role::TableHeader, Align::Centre),
            CellValue::Text | CellValue::Auto | CellValue::Exponent => (Role::TableLabel, Align::Left),
            CellValue::Figure | CellValue::Signed | CellValue::Grouped | CellValue::Empty => {
                (Role::TableFigure, Align::Centre)
            }
        };
        let first_text = column == 0 && role == Role::TableLabel;
        let scope = match (header, heads.unwrap_or(first_text)) {
            (true, _) => Some(Scope::Column),
            (false, true) => Some(Scope::Row),
            (false, false) => None,
        };
        let text = self.cell_text(value, pointer);
        TableCell { id: self.node(pointer), column, columns, rows, role, align, scope, text }
    }

    /// A cell's text; "\n" breaks its line.
    fn cell_text(&mut self, value: &Cell, pointer: &str) -> String {
        let lines: Vec<String> = value.text().split('\n').map(|line| self.clean(line, pointer)).collect();
        lines.join("\n")
    }
}

/// Columns and rows that a cell covers.
fn span(cell: &FreeCell) -> (usize, usize) {
    match cell {
        FreeCell::Plain(_) => (1, 1),
        FreeCell::Span { columns, rows, .. } => (columns.unwrap_or(1), rows.unwrap_or(1)),
    }
}
