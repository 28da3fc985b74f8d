//! A chart as its author asks for it: which figures of which table, drawn how.
//!
//! It has no figures of its own: they are those of a table of the same report, so that both never differ.

use schemars::JsonSchema;
use serde::Serialize;

use super::values::Reader;
use crate::source::Node;

/// A chart of the figures of a table of the report.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Chart {
    /// How they are drawn.
    pub kind: ChartKind,
    /// The table: its caption, the number in front of that (`表1`), its 表号, or the key of a statutory table.
    pub table: String,
    /// The rows, by their labels; all but totals where it is absent.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    /// The columns, by their headers; all that hold figures where it is absent.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Whether each column is a series (the default) or each row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<ChartSeries>,
    /// 图题, printed under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// 替代文本, for screen readers; its figures in words where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// How high it is printed: `70mm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<String>,
}

/// The kinds of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    /// 柱形图.
    Bar,
    /// 折线图.
    Line,
    /// 饼图.
    Pie,
}

/// What the series of a chart are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartSeries {
    /// Each column is a series, each row a category.
    #[default]
    Columns,
    /// Each row is a series, each column a category.
    Rows,
}

impl Reader {
    pub(super) fn chart(&mut self, node: &Node, pointer: &str) -> Option<Chart> {
        const KINDS: [(&str, ChartKind); 3] =
            [("bar", ChartKind::Bar), ("line", ChartKind::Line), ("pie", ChartKind::Pie)];
        const SERIES: [(&str, ChartSeries); 2] =
            [("columns", ChartSeries::Columns), ("rows", ChartSeries::Rows)];
        let mut fields = self.object(node, pointer.to_owned())?;
        let kind =
            self.required(&mut fields, "kind", |reader, node, pointer| reader.word(node, pointer, &KINDS));
        let table = self.required(&mut fields, "table", Self::text);
        let rows = self.list_of(&mut fields, "rows", Self::text);
        let columns = self.list_of(&mut fields, "columns", Self::text);
        let series =
            self.optional(&mut fields, "series", |reader, node, pointer| reader.word(node, pointer, &SERIES));
        let caption = self.optional(&mut fields, "caption", Self::text);
        let alt = self.optional(&mut fields, "alt", Self::text);
        let height = self.optional(&mut fields, "height", Self::text);
        self.finish(fields);
        Some(Chart { kind: kind?, table: table?, rows, columns, series, caption, alt, height })
    }
}
