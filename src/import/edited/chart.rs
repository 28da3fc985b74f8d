//! Charts of a Word file: their figures as the file shows them, and the table of the report that they are of.
//!
//! A chart names no table: it is that of the table which, drawn by the same rules, gives the same chart.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::measured;
use crate::document::{Chart, TableFigures, chart_height};
use crate::geom::Length;
use crate::read::ooxml::Package;
use crate::report::{self, ChartKind, ChartSeries, FreeTable, each_free_table};
use crate::source::Source;
use crate::xml::Element;

/// A chart as a Word file shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Drawn {
    /// `bar`, `line` or `pie`.
    kind: String,
    categories: Vec<String>,
    /// The name of each, and its figures.
    series: Vec<(String, Vec<Option<String>>)>,
    /// In EMU.
    height: Option<i64>,
    alt: Option<String>,
}

/// The chart in a paragraph; `parts` are the names of their parts by relationship. None without one.
pub(super) fn read(
    paragraph: &Element,
    package: &Package,
    parts: &BTreeMap<String, String>,
) -> Option<Drawn> {
    let mut drawn = Drawn::default();
    let mut part = None;
    let mut left = vec![paragraph];
    while let Some(element) = left.pop() {
        match &*element.name {
            "wp:docPr" => drawn.alt = element.attribute("descr").map(str::to_owned),
            "wp:extent" => drawn.height = element.attribute("cy").and_then(|height| height.parse().ok()),
            "c:chart" => part = element.attribute("r:id").and_then(|id| parts.get(id)),
            _ => {}
        }
        left.extend(element.elements());
    }
    let space = package.xml(part?).ok()?;
    let area = space.find("c:chart")?.find("c:plotArea")?;
    let kinds = [("c:barChart", "bar"), ("c:lineChart", "line"), ("c:pieChart", "pie")];
    let (chart, kind) = kinds.into_iter().find_map(|(name, kind)| Some((area.find(name)?, kind)))?;
    drawn.kind = kind.to_owned();
    for series in chart.elements().filter(|element| element.name == "c:ser") {
        let cache = |name: &str, reference: &str, cache: &str| {
            let found = series.find(name)?.find(reference)?.find(cache)?;
            Some(points(found))
        };
        let name = cache("c:tx", "c:strRef", "c:strCache").unwrap_or_default();
        let texts = |points: Vec<Option<String>>| points.into_iter().map(Option::unwrap_or_default);
        drawn.categories = texts(cache("c:cat", "c:strRef", "c:strCache")?).collect();
        let figures = cache("c:val", "c:numRef", "c:numCache")?;
        drawn.series.push((texts(name).next().unwrap_or_default(), figures));
    }
    Some(drawn)
}

/// The points of a cache in their order.
fn points(cache: &Element) -> Vec<Option<String>> {
    /// More points than a chart of this program has.
    const MOST: usize = 1000;
    let value = |element: &Element| element.attribute("val")?.parse::<usize>().ok();
    let count = cache.find("c:ptCount").and_then(value).unwrap_or(0).min(MOST);
    let mut points = vec![None; count];
    for point in cache.elements().filter(|element| element.name == "c:pt") {
        let at = point.attribute("idx").and_then(|at| at.parse::<usize>().ok());
        if let Some(place) = at.and_then(|at| points.get_mut(at)) {
            *place = point.find("c:v").map(|value| value.own_text().into_owned());
        }
    }
    points
}

impl Drawn {
    /// Whether it shows these figures.
    pub fn is_of(&self, chart: &Chart) -> bool {
        let figures = |points: &[Option<String>]| -> Vec<Option<Decimal>> {
            points.iter().map(|point| Decimal::from_str_exact(point.as_deref()?.trim()).ok()).collect()
        };
        let is_same = |(own, series): (&(String, Vec<Option<String>>), &crate::document::ChartSeries)| {
            let values: Vec<Option<Decimal>> =
                series.points.iter().map(|point| point.as_ref().map(|point| point.value)).collect();
            own.0 == series.name && figures(&own.1) == values
        };
        self.kind == key(chart.kind)
            && self.categories == chart.categories
            && self.series.len() == chart.series.len()
            && self.series.iter().zip(&chart.series).all(is_same)
    }

    /// The chart of this table that shows the same, as a report asks for it.
    fn asked_of(&self, table: &FreeTable, caption: Option<&str>) -> Option<Value> {
        let kind = [ChartKind::Bar, ChartKind::Line, ChartKind::Pie]
            .into_iter()
            .find(|kind| key(*kind) == self.kind)?;
        let own = TableFigures::of_free(table, "");
        let names: Vec<String> = self.series.iter().map(|(name, _)| name.clone()).collect();
        let none = Vec::new();
        for series in [ChartSeries::Columns, ChartSeries::Rows] {
            let (rows, columns) = match series {
                ChartSeries::Columns => (&self.categories, &names),
                ChartSeries::Rows => (&names, &self.categories),
            };
            // As little as tells it.
            for (rows, columns) in [(&none, &none), (&none, columns), (rows, &none), (rows, columns)] {
                let mut asked = report::Chart {
                    kind,
                    table: table.caption.clone()?,
                    rows: rows.clone(),
                    columns: columns.clone(),
                    series: Some(series).filter(|series| *series != ChartSeries::default()),
                    caption: caption.map(str::to_owned),
                    alt: None,
                    height: None,
                };
                let Some(chart) = own.draw(&asked, "").ok().filter(|chart| self.is_of(chart)) else {
                    continue;
                };
                asked.alt = self.alt.clone().filter(|alt| *alt != own.in_words(&chart, caption));
                let height = self.height.map(Length::emu).filter(|height| *height != chart_height());
                asked.height = height.map(|height| format!("{}mm", (height.to_mm() * 100.0).round() / 100.0));
                return serde_json::to_value(&asked).ok();
            }
        }
        None
    }
}

fn key(kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Bar => "bar",
        ChartKind::Line => "line",
        ChartKind::Pie => "pie",
    }
}

/// The key under which a report that is made from the file holds a chart until its table is known.
const DRAWN: &str = "drawn";

/// A chart whose table is not known yet.
pub(super) fn block(drawn: &Drawn) -> Value {
    json!({ "chart": { DRAWN: drawn } })
}

/// Gives the charts of a report that is made from the file their tables; those of no table are left out, and found to
/// have no place when the report is compared with the file.
pub(super) fn settle(report: &mut Value) {
    let mut found = Vec::new();
    collect(report, &mut found);
    let tables = json!({ "format": 1, "layout": "-", "issuer": "-", "preamble": found }).to_string();
    let source = Source::parse_within(tables.as_bytes(), &crate::options::Limits::default());
    let read = source.ok().and_then(|source| report::read(&source).ok());
    let mut tables = Vec::new();
    if let Some((report, _)) = &read {
        each_free_table(report, &mut |_, table| tables.push(table));
    }
    settle_in(report, &tables);
}

/// The tables that have a caption, as blocks.
fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => match members.get("table") {
            Some(table) if table.is_object() => {
                let mut own = value.clone();
                if let Some(table) = own["table"].as_object_mut() {
                    table.remove(measured::MARK);
                }
                found.extend(table["caption"].is_string().then_some(own))
            }
            _ => members.values().for_each(|value| collect(value, found)),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn settle_in(value: &mut Value, tables: &[&FreeTable]) {
    match value {
        Value::Array(items) => items.retain_mut(|item| {
            let Some(chart) = item.get("chart").filter(|chart| chart.get(DRAWN).is_some()) else {
                settle_in(item, tables);
                return true;
            };
            let drawn = serde_json::from_value::<Drawn>(chart[DRAWN].clone());
            let caption = chart["caption"].as_str();
            let asked =
                drawn.ok().and_then(|drawn| tables.iter().find_map(|table| drawn.asked_of(table, caption)));
            match asked {
                Some(asked) => {
                    *item = json!({ "chart": asked });
                    true
                }
                None => false,
            }
        }),
        Value::Object(members) => members.values_mut().for_each(|value| settle_in(value, tables)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
