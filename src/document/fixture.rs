//! A table for tests.

use super::{Align, NodeId, Role, Scope, Table, TableCell, TableRow};
use crate::geom::Length;

/// Two parts, each with its own heads. Its rows are the nodes 301, 303, 307, 311 and 314; its cells are between.
pub(crate) fn two_part_table() -> Table {
    let mut id = 300;
    let mut next = || {
        id += 1;
        NodeId(id)
    };
    let mut row = |cells: &[(usize, usize, Option<Scope>, &str)]| TableRow {
        id: next(),
        cells: cells
            .iter()
            .map(|&(column, columns, scope, text)| TableCell {
                id: next(),
                column,
                columns,
                rows: 1,
                role: if scope.is_some() { Role::TableHeader } else { Role::TableFigure },
                align: Align::Centre,
                scope,
                size: None,
                inset_right: Length::ZERO,
                decimal: false,
                continued: crate::document::CONTINUED[0],
                indent_left: Length::ZERO,
                vertical: false,
                text: text.into(),
            })
            .collect(),
        min_height: Length::ZERO,
    };
    let (column, line) = (Some(Scope::Column), Some(Scope::Row));
    let rows = vec![
        row(&[(0, 3, column, "第二十条第（一）项")]),
        row(&[(0, 1, None, ""), (1, 1, column, "本年制发件数"), (2, 1, column, "现行有效件数")]),
        row(&[(0, 1, line, "行政规范性文件"), (1, 1, None, "6"), (2, 1, None, "64")]),
        row(&[(0, 1, column, "信息内容"), (1, 2, column, "本年处理决定数量")]),
        row(&[(0, 1, line, "行政许可"), (1, 2, None, "39908")]),
    ];
    Table {
        name: "proactive".into(),
        caption: None,
        description: "主动公开政府信息情况".into(),
        number: None,
        prepared_by: None,
        unit: None,
        columns: vec![Length::mm(52.0); 3],
        by_content: false,
        rows,
        header_rows: 2,
        notes: Vec::new(),
        rule: Length::pt(0.5),
        padding: Length::mm(1.0),
        padding_vertical: Length::ZERO,
        together: false,
        continued: None,
        repeat_columns: 0,
        is_carried: false,
    }
}
