//! The tables of the layout, filled with the figures of the report.
//!
//! A figure is never changed here: its text is printed as it was typed. What cannot stand in a statistical
//! table is told with the row and the column it stands in.

use std::collections::BTreeSet;

use super::Composer;
use super::cells::{Grid, line_align};
use crate::diagnostic::{child, nearest};
use crate::document::{Block, BlockKind, Table, TableCell, TableRow};
use crate::geom::Length;
use crate::layout::{CellSpec, FiguresSpec, FullCellSpec, RowKind, RowSpec, ScopeSpec, TableSpec};
use crate::message;
use crate::report::{Cell, CellValue, Row};
use crate::style::{Align, ColumnAlign, Role, Scope};

/// A figure and its place in the report.
struct Figure {
    text: String,
    pointer: String,
}

impl Composer<'_> {
    /// Tables of the report that the layout does not have.
    pub(super) fn unknown_tables(&mut self) {
        let layout = self.layout;
        for key in self.report.tables.keys() {
            if layout.table(key).is_none() {
                let near = nearest(key, layout.tables.iter().map(|table| table.key.as_str()));
                self.unknown("report.unknown-table", &child("/tables", key), key, near, ("表格", "table"));
            }
        }
    }

    /// A table of the layout.
    pub(super) fn figures_table(&mut self, spec: &TableSpec) {
        let pointer = child("/tables", &spec.key);
        let Some(rows) = self.report.tables.get(&spec.key) else {
            let (key, name) = (&spec.key, &spec.name);
            self.error(
                "table.missing",
                "/tables",
                message!("缺少表格“{key}”（{name}）", "the table \"{key}\" ({name}) is missing"),
                None,
            );
            return;
        };
        for key in rows.keys().filter(|key| !spec.figures.contains_key(*key)) {
            let near = nearest(key, spec.figures.keys().map(String::as_str));
            self.unknown("table.unknown-row", &child(&pointer, key), key, near, ("行", "row"));
        }
        let block = self.node(&pointer);
        let caption = spec.caption.as_ref().map(|text| self.table_text(text, &pointer));
        let unit = spec.unit.as_ref().map(|text| self.table_text(text, &pointer));
        let padding = spec.padding.unwrap_or(self.layout.table.padding);
        let rows = self.rows(spec, padding, &pointer);
        let notes = spec.notes.iter().map(|text| self.table_text(text, &pointer)).collect();
        let drawing = &self.layout.table;
        let kind = BlockKind::Table(Table {
            name: spec.key.clone(),
            caption,
            description: spec.name.clone(),
            unit,
            columns: spec.widths.clone(),
            header_rows: spec.rows.iter().take_while(|row| row.kind == RowKind::Header).count(),
            rows,
            notes,
            rule: drawing.rule,
            padding,
            padding_vertical: drawing.padding_vertical,
            continued: drawing.continued.clone(),
        });
        self.blocks.push(Block { orientation: spec.orientation, ..Block::new(block, kind) });
    }

    fn rows(&mut self, spec: &TableSpec, padding: Length, pointer: &str) -> Vec<TableRow> {
        let mut decimal = BTreeSet::new();
        let mut covered = vec![0_usize; spec.widths.len()];
        let mut rows = Vec::new();
        for row in &spec.rows {
            let id = self.node(pointer);
            let mut column = 0;
            let mut cells = Vec::new();
            for cell in &row.cells {
                let stands_on_point =
                    matches!(cell, CellSpec::Full(full) if full.align == Some(ColumnAlign::Decimal));
                for mut cell in self.cells(spec, row, cell, pointer) {
                    while covered[column] > 0 {
                        column += 1;
                    }
                    cell.column = column;
                    covered[column..column + cell.columns].fill(cell.rows);
                    column += cell.columns;
                    if stands_on_point {
                        decimal.insert(cell.id);
                    }
                    cells.push(cell);
                }
            }
            for rows in &mut covered {
                *rows -= 1;
            }
            let min_height = row.min_height.or(spec.min_height).unwrap_or(self.layout.table.min_height);
            rows.push(TableRow { id, cells, min_height });
        }
        // Half of each rule stands in the cells beside it.
        let half = self.layout.table.rule / 2;
        let padding_vertical = self.layout.table.padding_vertical + half;
        let grid = Grid { widths: &spec.widths, padding: padding + half, padding_vertical };
        self.finish_cells(&mut rows, &grid, |cell| decimal.contains(&cell.id));
        rows
    }

    /// The cells that one entry of the layout stands for; their columns are set by the caller.
    fn cells(&mut self, spec: &TableSpec, row: &RowSpec, cell: &CellSpec, pointer: &str) -> Vec<TableCell> {
        let full = match cell {
            CellSpec::Text(text) => &FullCellSpec { text: Some(text.clone()), ..FullCellSpec::default() },
            CellSpec::Full(full) => full,
        };
        if let Some(key) = &full.figures {
            let figures = &spec.figures[key];
            let values = self.figures(spec, key, figures, pointer);
            let spans = full.spans.iter().flatten().copied().map(Some).chain(std::iter::repeat(full.columns));
            return values
                .into_iter()
                .zip(spans)
                .map(|(figure, columns)| {
                    let full = FullCellSpec { columns, ..full.clone() };
                    self.cell(row, &full, figure.text, &figure.pointer, Role::TableFigure)
                })
                .collect();
        }
        let label = full.label.as_ref().map(|key| spec.figures[key].label.clone());
        let text = label.or_else(|| full.text.clone()).unwrap_or_default();
        let role = match row.kind {
            RowKind::Header | RowKind::Band => Role::TableHeader,
            RowKind::Body => Role::TableLabel,
        };
        vec![self.cell(row, full, text, pointer, role)]
    }

    fn cell(
        &mut self,
        row: &RowSpec,
        full: &FullCellSpec,
        text: String,
        pointer: &str,
        role: Role,
    ) -> TableCell {
        let scope = match (role, full.scope, row.kind) {
            (Role::TableFigure, ..) => None,
            (_, Some(scope), _) => scope.resolve(),
            (_, None, RowKind::Header | RowKind::Band) => ScopeSpec::Column.resolve(),
            (_, None, RowKind::Body) => ScopeSpec::Row.resolve(),
        };
        debug_assert!(role == Role::TableFigure || scope != Some(Scope::Column) || row.kind != RowKind::Body);
        let align = match full.align {
            Some(align) => line_align(align, &text),
            None => self.layout.styles.get(&role).map_or(Align::Left, |style| style.align),
        };
        TableCell {
            id: self.node(pointer),
            column: 0,
            columns: full.columns.unwrap_or(1),
            rows: full.rows.unwrap_or(1),
            role,
            align,
            scope,
            size: None,
            inset_right: Length::ZERO,
            vertical: full.vertical,
            text,
        }
    }

    /// The figures of a row, one for each of its columns.
    fn figures(
        &mut self,
        table: &TableSpec,
        key: &str,
        spec: &FiguresSpec,
        table_pointer: &str,
    ) -> Vec<Figure> {
        let columns = table.columns_of(spec);
        let pointer = child(table_pointer, key);
        let report = self.report;
        let row = report.tables.get(&table.key).and_then(|rows| rows.get(key));
        let label = &spec.label;
        let cells: Vec<(&Cell, String)> = match row {
            None => {
                let text = message!("缺少行“{key}”（{label}）", "the row \"{key}\" ({label}) is missing");
                self.error("table.missing-row", table_pointer, text, None);
                Vec::new()
            }
            Some(Row::List(cells)) => {
                let (given, wanted) = (cells.len(), columns.len());
                if given != wanted {
                    self.error(
                        "table.cells",
                        &pointer,
                        message!(
                            "“{label}”应有 {wanted} 个单元格，这里有 {given} 个",
                            "\"{label}\" has {wanted} cells, {given} are given"
                        ),
                        Some(message!("各列依次是 {columns:?}", "its columns are {columns:?}")),
                    );
                }
                cells.iter().enumerate().map(|(at, cell)| (cell, child(&pointer, at))).collect()
            }
            Some(Row::Named(cells)) => {
                for column in cells.keys().filter(|column| !columns.contains(&column.as_str())) {
                    let near = nearest(column, columns.iter().copied());
                    self.unknown(
                        "table.unknown-column",
                        &child(&pointer, column),
                        column,
                        near,
                        ("列", "column"),
                    );
                }
                let mut found = Vec::new();
                for column in &columns {
                    match cells.get(*column) {
                        Some(cell) => found.push((cell, child(&pointer, column))),
                        None => {
                            let text =
                                message!("“{label}”缺少列“{column}”", "\"{label}\" has no \"{column}\"");
                            self.error("table.cells", &pointer, text, None);
                        }
                    }
                }
                found
            }
        };
        for ((cell, pointer), column) in cells.iter().zip(&columns) {
            let column = table.columns.get(*column).map_or(*column, String::as_str);
            self.judge(cell, spec, column, pointer);
        }
        let mut figures: Vec<Figure> = cells
            .into_iter()
            .map(|(cell, pointer)| Figure { text: cell.text().trim().to_owned(), pointer })
            .collect();
        // A wrong count was told above; the table stays rectangular all the same.
        figures.resize_with(columns.len(), || Figure { text: String::new(), pointer: pointer.clone() });
        figures
    }

    /// Whether a cell may stand here.
    fn judge(&mut self, cell: &Cell, spec: &FiguresSpec, column: &str, pointer: &str) {
        let (label, text) = (&spec.label, cell.text());
        if text.chars().any(super::forbidden) {
            self.clean(text, pointer);
        }
        match cell.value() {
            CellValue::Figure => {}
            CellValue::Signed if spec.signed => {}
            CellValue::Signed => self.error(
                "figure.sign",
                pointer,
                message!(
                    "“{label}”的“{column}”不能带正负号：{text}",
                    "\"{label}\", \"{column}\" must not have a sign: {text}"
                ),
                Some(message!("填不小于 0 的数字", "give a number of 0 or more")),
            ),
            CellValue::Exponent => self.error(
                "figure.exponent",
                pointer,
                message!(
                    "“{label}”的“{column}”不能用指数写法：{text}",
                    "\"{label}\", \"{column}\" must not have an exponent: {text}"
                ),
                Some(message!("把数字写全", "write the number in full")),
            ),
            CellValue::Grouped => self.error(
                "figure.grouped",
                pointer,
                message!(
                    "“{label}”的“{column}”不能带分隔符：{text}",
                    "\"{label}\", \"{column}\" must not have separators: {text}"
                ),
                Some(message!("去掉数字中间的逗号和空格", "take the commas and spaces out of the number")),
            ),
            CellValue::Auto => self.error(
                "figure.auto",
                pointer,
                message!(
                    "“{label}”的“{column}”没有可以算出它的勾稽关系",
                    "no identity determines \"{label}\", \"{column}\""
                ),
                Some(message!("填写数字", "give the number")),
            ),
            CellValue::Empty => self.warning(
                "figure.empty",
                pointer,
                message!(
                    "“{label}”的“{column}”是空的，按 0 计",
                    "\"{label}\", \"{column}\" is empty and counts as 0"
                ),
            ),
            CellValue::Text if spec.text => {}
            CellValue::Text => self.warning(
                "figure.text",
                pointer,
                message!(
                    "“{label}”的“{column}”不是数字，按 0 计：{text}",
                    "\"{label}\", \"{column}\" is not a number and counts as 0: {text}"
                ),
            ),
        }
    }
}
