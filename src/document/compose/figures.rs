//! The tables of the layout, filled with the figures of the report.
//!
//! A figure is never changed here: its text is printed as it was typed. The checks decide whether it is
//! valid.

use super::Composer;
use super::cells::line_align;
use crate::diagnostic::child;
use crate::document::{Block, BlockKind, CONTINUED, Table, TableCell, TableRow};
use crate::geom::Length;
use crate::layout::{CellSpec, FullCellSpec, RowKind, RowSpec, ScopeSpec, TableSpec};
use crate::style::{Align, ColumnAlign, Role, Scope};

impl Composer<'_> {
    /// A table of the layout.
    pub(super) fn figures_table(&mut self, spec: &TableSpec) {
        let pointer = child("/tables", &spec.key);
        let block = self.node(&pointer);
        let caption = spec.caption.as_ref().map(|text| self.table_text(text, &pointer));
        let unit = spec.unit.as_ref().map(|text| self.table_text(text, &pointer));
        let padding = spec.padding.unwrap_or(self.layout.table.padding);
        let rows = self.rows(spec, &pointer);
        let notes = spec.notes.iter().map(|text| self.table_text(text, &pointer)).collect();
        let drawing = &self.layout.table;
        let kind = BlockKind::Table(Table {
            name: spec.key.clone(),
            caption,
            description: spec.name.clone(),
            number: None,
            prepared_by: None,
            unit,
            together: false,
            columns: spec.widths.clone(),
            by_content: false,
            header_rows: spec.rows.iter().take_while(|row| row.kind == RowKind::Header).count(),
            rows,
            notes,
            rule: drawing.rule,
            padding,
            padding_vertical: drawing.padding_vertical,
            continued: drawing.continued.clone(),
            repeat_columns: 0,
            is_carried: false,
        });
        self.blocks.push(Block { orientation: spec.orientation, ..Block::new(block, kind) });
    }

    fn rows(&mut self, spec: &TableSpec, pointer: &str) -> Vec<TableRow> {
        let mut covered = vec![0_usize; spec.widths.len()];
        let mut rows = Vec::new();
        for row in &spec.rows {
            let id = self.node(pointer);
            let mut column = 0;
            let mut cells = Vec::new();
            for cell in &row.cells {
                let is_decimal =
                    matches!(cell, CellSpec::Full(full) if full.align == Some(ColumnAlign::Decimal));
                for mut cell in self.cells(spec, row, cell, pointer) {
                    while covered[column] > 0 {
                        column += 1;
                    }
                    cell.column = column;
                    covered[column..column + cell.columns].fill(cell.rows);
                    column += cell.columns;
                    cell.decimal = is_decimal;
                    cells.push(cell);
                }
            }
            for rows in &mut covered {
                *rows -= 1;
            }
            let min_height = row.min_height.or(spec.min_height).unwrap_or(self.layout.table.min_height);
            rows.push(TableRow { id, cells, min_height });
        }
        self.check_vertical(&rows);
        rows
    }

    /// The cells of one entry of the layout; the caller sets their columns.
    fn cells(&mut self, spec: &TableSpec, row: &RowSpec, cell: &CellSpec, pointer: &str) -> Vec<TableCell> {
        let full = match cell {
            CellSpec::Text(text) => &FullCellSpec { text: Some(text.clone()), ..FullCellSpec::default() },
            CellSpec::Full(full) => full,
        };
        if let Some(key) = &full.figures {
            let spans = full.spans.iter().flatten().copied().map(Some).chain(std::iter::repeat(full.columns));
            let all = self.figures;
            return all
                .row(&spec.key, key)
                .zip(spans)
                .map(|(figure, columns)| {
                    let full = FullCellSpec { columns, ..full.clone() };
                    let pointer = figure.pointer();
                    let text = self.clean(figure.text(), &pointer);
                    self.cell(row, &full, text, &pointer, Role::TableFigure)
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
            _ if full.vertical => Align::Centre,
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
            decimal: false,
            continued: CONTINUED[0],
            size: None,
            indent_left: Length::ZERO,
            inset_right: Length::ZERO,
            vertical: full.vertical,
            text,
        }
    }
}
