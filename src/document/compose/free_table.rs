//! A table with its own rows and columns, in prose.

use std::collections::BTreeSet;

use super::Composer;
use super::cells::{Grid, line_align};
use crate::diagnostic::{child, rule};
use crate::document::{Block, BlockKind, Table, TableCell, TableRow};
use crate::geom::Length;
use crate::layout::Layout;
use crate::message;
use crate::report::{Cell, CellClass, ColumnAlign, FreeCell, FreeTable};
use crate::style::{Align, Role, Scope};

/// More columns than this cannot be read on a page.
const MOST_COLUMNS: usize = 64;

impl Composer<'_> {
    /// A free table.
    pub(super) fn free_table(&mut self, table: &FreeTable, pointer: &str) {
        let width = |row: &[FreeCell]| row.iter().map(|cell| span(cell).0).sum::<usize>();
        // No row may cover more columns than the table has; the first row, which has no cells from above,
        // defines their number.
        let columns = table.header.first().or(table.rows.first()).map_or(0, |row| width(row));
        if columns == 0 || table.rows.is_empty() {
            self.error(
                rule::TABLE_EMPTY,
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
            self.error(rule::TABLE_COLUMNS, pointer, text, None);
            return;
        }
        let block = self.node(pointer);
        let widths = self.widths(table, columns, pointer);
        let aligns = self.aligns(table, columns, pointer);
        let caption = table.caption.as_ref().map(|text| self.table_text(text, &child(pointer, "caption")));
        let unit = table.unit.as_ref().map(|text| self.table_text(text, &child(pointer, "unit")));
        let mut rows = self.free_rows(&table.header, columns, true, &child(pointer, "header"));
        let mut body = self.free_rows(&table.rows, columns, false, &child(pointer, "rows"));
        for cell in body.iter_mut().flat_map(|row| &mut row.cells) {
            cell.align = aligns[cell.column].map_or(cell.align, |align| line_align(align, &cell.text));
        }
        rows.extend(body);
        let drawing = &self.layout.table;
        // Half of each rule's width is inside the cells beside it.
        let half = drawing.rule / 2;
        let (padding, padding_vertical) = (drawing.padding + half, drawing.padding_vertical + half);
        let grid = Grid { widths: &widths, padding, padding_vertical };
        let header = table.header.iter().len();
        let header_cells: BTreeSet<_> =
            rows[..header].iter().flat_map(|row| &row.cells).map(|cell| cell.id).collect();
        self.finish_cells(&mut rows, &grid, |cell| {
            aligns[cell.column] == Some(ColumnAlign::Decimal) && !header_cells.contains(&cell.id)
        });
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
            continued: drawing.continued.clone(),
        });
        self.blocks.push(Block { orientation: table.orientation, ..Block::new(block, kind) });
    }

    fn widths(&mut self, table: &FreeTable, columns: usize, pointer: &str) -> Vec<Length> {
        let room = super::styles::geometry(self.layout, table.orientation).type_width();
        let by_content = content_widths(table, columns, room, self.layout);
        let Some(widths) = &table.widths else { return by_content };
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
            self.error(rule::TABLE_WIDTHS, &place, text, None);
            return by_content;
        }
        if total > room + Length::pt(0.5) {
            let (total, room) = (total.to_mm(), room.to_mm());
            self.error(
                rule::TABLE_WIDTHS,
                &place,
                message!(
                    "各列共宽 {total:.1} 毫米，超出版心 {room:.1} 毫米",
                    "the columns are {total:.1} mm wide, more than the type area of {room:.1} mm"
                ),
                None,
            );
            return by_content;
        }
        if lengths.len() == columns { lengths } else { by_content }
    }

    /// The alignment of each column, as far as the report gives it.
    fn aligns(&mut self, table: &FreeTable, columns: usize, pointer: &str) -> Vec<Option<ColumnAlign>> {
        let Some(aligns) = &table.align else { return vec![None; columns] };
        let given = aligns.len();
        if given != columns {
            let text = message!(
                "表格有 {columns} 列，align 有 {given} 个",
                "the table has {columns} columns and {given} in align"
            );
            self.error(rule::TABLE_ALIGN, &child(pointer, "align"), text, None);
        }
        let mut aligns: Vec<Option<ColumnAlign>> = aligns.iter().copied().map(Some).collect();
        aligns.resize(columns, None);
        aligns
    }

    /// The rows of header or body. Every place of the grid must belong to one cell, otherwise the row is
    /// reported.
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
                    rule::TABLE_CELLS,
                    &place,
                    message!(
                        "这一行的单元格凑不成 {columns} 列",
                        "the cells of this row do not make {columns} columns"
                    ),
                    Some(
                        message!(
                            "合并的单元格在下面各行中不再写出",
                            "a cell that spans rows is not written again in the rows below"
                        )
                        .into(),
                    ),
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
        let (value, is_header, vertical) = match cell {
            FreeCell::Plain(value) => (value, None, false),
            FreeCell::Span { text, header, vertical, .. } => (text, *header, *vertical == Some(true)),
        };
        if value.class() == CellClass::Exponent {
            let text = value.text();
            self.error(
                rule::FIGURE_EXPONENT,
                pointer,
                message!("不能用指数写法：{text}", "must not have an exponent: {text}"),
                Some(message!("把数字写全", "write the number in full").into()),
            );
        }
        let (role, align) = match value.class() {
            _ if header => (Role::TableHeader, Align::Centre),
            CellClass::Text | CellClass::Auto | CellClass::Exponent => (Role::TableLabel, Align::Left),
            CellClass::Figure | CellClass::Signed | CellClass::Grouped | CellClass::Empty => {
                (Role::TableFigure, Align::Centre)
            }
        };
        let first_text = column == 0 && role == Role::TableLabel;
        let scope = match (header, is_header.unwrap_or(first_text)) {
            (true, _) => Some(Scope::Column),
            (false, true) => Some(Scope::Row),
            (false, false) => None,
        };
        let text = self.cell_text(value, pointer);
        TableCell {
            id: self.node(pointer),
            column,
            columns,
            rows,
            role,
            align: if vertical { Align::Centre } else { align },
            scope,
            size: None,
            inset_right: Length::ZERO,
            vertical,
            text,
        }
    }

    /// A cell's text; "\n" breaks its line.
    fn cell_text(&mut self, value: &Cell, pointer: &str) -> String {
        let lines: Vec<String> = value.text().split('\n').map(|line| self.clean(line, pointer)).collect();
        lines.join("\n")
    }
}

/// Column widths by content: if there is room, every column is as wide as its longest cell, and the rest is
/// distributed evenly; otherwise narrow columns keep their width and wide ones share the rest.
fn content_widths(table: &FreeTable, columns: usize, room: Length, layout: &Layout) -> Vec<Length> {
    let padding = layout.table.padding * 2 + layout.table.rule;
    let size = layout.styles[&Role::TableFigure].size;
    let mut wanted = vec![size * 2 + padding; columns];
    for row in table.header.iter().chain(&table.rows).filter(|row| row.len() == columns) {
        for (column, cell) in row.iter().enumerate() {
            let (FreeCell::Plain(value) | FreeCell::Span { text: value, .. }) = cell;
            let lines = value.text().split('\n').map(|line| estimated_width(line, size)).max();
            wanted[column] = wanted[column].max(lines.unwrap_or_default() + padding);
        }
    }
    let total: Length = wanted.iter().copied().sum();
    if total <= room {
        let share = (room - total) / columns as i64;
        return wanted.into_iter().map(|width| width + share).collect();
    }
    let fair = room / columns as i64;
    let narrow: Length = wanted.iter().copied().filter(|width| *width <= fair).sum();
    let wide: Length = wanted.iter().copied().filter(|width| *width > fair).sum();
    let shrink = (room - narrow) / wide;
    wanted.into_iter().map(|width| if width <= fair { width } else { width.scale(shrink) }).collect()
}

/// The estimated width of a text, with Han an em wide and everything else half an em: precise enough to
/// distribute columns.
fn estimated_width(text: &str, size: Length) -> Length {
    text.chars().map(|character| if character.is_ascii() { size / 2 } else { size }).sum::<Length>()
        + size / 2
}

/// Columns and rows that a cell covers.
fn span(cell: &FreeCell) -> (usize, usize) {
    match cell {
        FreeCell::Plain(_) => (1, 1),
        FreeCell::Span { columns, rows, .. } => (columns.unwrap_or(1), rows.unwrap_or(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layouts;

    fn widths(header: &[&str], row: &[&str]) -> Vec<f64> {
        let cells = |texts: &[&str]| texts.iter().map(|text| FreeCell::Plain(Cell::new(*text))).collect();
        let table = FreeTable { header: vec![cells(header)], rows: vec![cells(row)], ..FreeTable::default() };
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let widths = content_widths(&table, header.len(), Length::mm(156.0), &layout);
        widths.into_iter().map(Length::to_mm).collect()
    }

    #[test]
    fn columns_fill_the_type_area_and_long_ones_get_more() {
        let found = widths(&["单位", "件"], &["某某市人民政府办公室", "1"]);
        assert!((found.iter().sum::<f64>() - 156.0).abs() < 0.1 && found[0] > found[1], "{found:?}");
    }

    #[test]
    fn narrow_columns_keep_their_width_beside_an_endless_one() {
        let found = widths(&["序号", "内容"], &["1", &"长".repeat(300)]);
        assert!(found.iter().sum::<f64>() < 156.1 && found[0] > 8.0 && found[1] > 120.0, "{found:?}");
    }
}
