//! A chart in prose: its table is found, and what it shows is made of the figures of that (`table_figures`).

use std::sync::Arc;

use super::Composer;
use super::table_figures::{TableFigures, listed};
use crate::characters::solid;
use crate::diagnostic::{Hint, child, nearest, rule};
use crate::document::{Block, BlockKind, Illustration, Shown};
use crate::geom::{Length, Size};
use crate::message;
use crate::report::{self, FreeTable, each_free_table};

/// The height of a chart for which the author gives none.
const HEIGHT: f64 = 70.0;

/// The height of a chart for which the author gives none.
pub(crate) fn height() -> Length {
    Length::mm(HEIGHT)
}

/// A chart is no lower than this, in millimetres.
const LOWEST: f64 = 40.0;
/// And no higher than this share of the type area, so that its caption fits below it.
const TALLEST: f64 = 0.8;

impl Composer<'_> {
    /// A chart.
    pub(super) fn chart(&mut self, chart: &report::Chart, pointer: &str) {
        let size = self.chart_size(chart, pointer);
        let found = self.table_of(chart, pointer);
        let made = found.and_then(|table| {
            table
                .draw(chart, pointer)
                .map(|drawn| (table, drawn))
                .map_err(|found| self.diagnostics.extend(found))
                .ok()
        });
        let Some((table, drawn)) = made else { return };
        let block = self.node(pointer);
        let caption = chart.caption.as_ref().map(|text| self.table_text(text, &child(pointer, "caption")));
        let alt = match &chart.alt {
            Some(alt) => self.clean(alt, &child(pointer, "alt")),
            None => table.in_words(&drawn, caption.as_ref().map(|caption| caption.text.as_str())),
        };
        if alt.is_empty() {
            let text = message!("图没有替代文本", "the chart has no alternative text");
            let hint = message!(
                "删去 \"alt\"，就由图中的数字写成",
                "delete \"alt\", and its figures are written out"
            );
            self.error(rule::IMAGE_ALT, &child(pointer, "alt"), text, Some(hint.into()));
        }
        let shown = Shown::Chart(Arc::new(drawn));
        let kind = BlockKind::Illustration(Illustration { shown, size, alt, caption });
        self.blocks.push(Block::new(block, kind));
    }

    /// As wide as the type area, and as high as the author says.
    fn chart_size(&mut self, chart: &report::Chart, pointer: &str) -> Size {
        let page = super::styles::page(self.layout);
        let tallest = page.type_height().scale(TALLEST);
        let place = child(pointer, "height");
        let height = chart.height.as_ref().and_then(|text| self.length(text, &place));
        if let Some(height) = height.filter(|height| *height < Length::mm(LOWEST) || *height > tallest) {
            let (height, tallest) = (height.to_mm(), tallest.to_mm());
            let text = message!(
                "图高 {height:.0} 毫米，应在 {LOWEST:.0} 到 {tallest:.0} 毫米之间",
                "the chart is {height:.0} mm high; it must be from {LOWEST:.0} to {tallest:.0} mm"
            );
            self.error(rule::CHART_HEIGHT, &place, text, None);
        }
        Size::new(page.type_width(), height.unwrap_or_else(self::height).min(tallest))
    }

    /// The figures of the table that a chart names.
    fn table_of(&mut self, chart: &report::Chart, pointer: &str) -> Option<TableFigures> {
        let wanted = solid(&chart.table);
        let place = child(pointer, "table");
        let mut found = Vec::new();
        let mut names = Vec::new();
        each_free_table(self.report, &mut |at, table| {
            let own = names_of(table);
            if own.iter().any(|name| solid(name) == wanted) {
                found.push((at, table));
            }
            names.extend(own.into_iter().next());
        });
        let statutory =
            self.layout.tables.iter().find(|table| table.key == chart.table || solid(&table.name) == wanted);
        match (&found[..], statutory) {
            ([(at, table)], _) => return Some(TableFigures::of_free(table, at)),
            ([], Some(table)) => return Some(TableFigures::of_statutory(self.figures, table)),
            ([], None) => {
                let name = &chart.table;
                names.extend(self.layout.tables.iter().map(|table| table.key.as_str()));
                let hint = match nearest(name, names.iter().copied()) {
                    Some(near) => Some(Hint::did_you_mean(near)),
                    None if names.is_empty() => {
                        let text = message!(
                            "先把数字写成有表题的表格",
                            "write the figures as a table with a caption"
                        );
                        Some(text.into())
                    }
                    None => {
                        let (zh, en) = (listed(&names, "、"), listed(&names, ", "));
                        Some(message!("报告里有：{zh}", "the report has: {en}").into())
                    }
                };
                let text = message!("报告里没有表“{name}”", "the report has no table \"{name}\"");
                self.error(rule::CHART_TABLE, &place, text, hint);
            }
            (many, _) => {
                let (name, count) = (&chart.table, many.len());
                let text = message!(
                    "叫“{name}”的表有 {count} 张，不知道画哪一张",
                    "there are {count} tables called \"{name}\""
                );
                let hint = message!(
                    "表题写得不同，图里写全",
                    "give the tables different captions, and write one in full"
                );
                self.error(rule::CHART_TABLE, &place, text, Some(hint.into()));
            }
        }
        None
    }
}

/// The names of a free table: its caption whole, behind its number, the number alone; its 表号.
fn names_of(table: &FreeTable) -> Vec<&str> {
    let caption = table.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty());
    let parts = caption.and_then(|caption| caption.split_once(char::is_whitespace));
    let parts = parts.into_iter().flat_map(|(number, rest)| [rest.trim(), number]);
    caption.into_iter().chain(parts).chain(table.number.as_deref()).collect()
}
