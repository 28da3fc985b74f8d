//! The figures of a table as a chart sees them: which rows and columns are drawn, and whether they can be.
//!
//! Rows whose label says that they are totals are left out unless the author names them: beside their parts they would
//! make every other bar small, and fill half a pie.

use rust_decimal::Decimal;

use crate::characters::solid;
use crate::diagnostic::{Diagnostic, Hint, Message, child, nearest, rule};
use crate::document::{Chart, ChartPoint, ChartSeries};
use crate::figures::Figures;
use crate::layout::TableSpec;
use crate::message;
use crate::report::{self, ChartKind, FreeTable, MOST_COLUMNS};

/// More series cannot be told apart in black and white.
const MOST_SERIES: usize = 6;
/// More slices of a pie cannot be told apart.
const MOST_SLICES: usize = 12;
/// More bars are too thin.
const MOST_BARS: usize = 60;
/// More points of a line are too near to each other.
const MOST_POINTS: usize = 60;
/// A name of a row or a column in a chart has no more characters.
const LONGEST: usize = 60;
/// A larger figure, and one with more decimals, cannot be drawn exactly.
const MOST_VALUE: u64 = 1_000_000_000_000_000;
const MOST_DECIMALS: u32 = 9;
/// The named rows and columns of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableFigures {
    caption: Option<String>,
    unit: Option<String>,
    columns: Vec<Named>,
    rows: Vec<(Named, Vec<Content>)>,
}

/// A row or a column.
#[derive(Clone, Debug, Default)]
struct Named {
    /// As it is printed.
    name: String,
    /// What it may be called besides: the last line of its header, its key.
    others: Vec<String>,
}

impl Named {
    fn is(&self, wanted: &str) -> bool {
        solid(&self.name) == wanted || self.others.iter().any(|other| solid(other) == wanted)
    }
}

/// What a cell holds.
#[derive(Clone, Debug)]
enum Content {
    Figure(ChartPoint),
    /// A blank, or a sign for none.
    Gap,
    /// Other text, with its JSON pointer.
    Text(String, String),
}

impl Content {
    fn of(text: &str, pointer: String) -> Content {
        match ChartPoint::read(text) {
            Some(point) => Content::Figure(point),
            None if !text.chars().any(char::is_alphanumeric) || text.trim() == "无" => Content::Gap,
            None => Content::Text(text.trim().to_owned(), pointer),
        }
    }
}

impl TableFigures {
    /// Those of a free table at `pointer`.
    pub fn of_free(table: &FreeTable, pointer: &str) -> TableFigures {
        // A table with too many columns is refused where it stands.
        let count = if table.columns() > MOST_COLUMNS { 0 } else { table.columns() };
        let row: Vec<Option<(String, String)>> = vec![None; count];
        let mut grid = vec![row; table.header.len() + table.rows.len()];
        for placed in table.placed(pointer) {
            let text = placed.cell.content().text().to_owned();
            for row in &mut grid[placed.rows] {
                row[placed.columns.clone()].fill(Some((text.clone(), placed.pointer.clone())));
            }
        }
        let body = grid.split_off(table.header.len());
        let head = grid;
        let is_text = |column: usize| {
            let mut cells = body.iter().filter_map(|row| row[column].as_ref());
            cells.any(|(text, _)| matches!(Content::of(text, String::new()), Content::Text(..)))
        };
        // A column of codes may stand before that of the labels.
        let labels = (0..count).find(|column| is_text(*column)).unwrap_or(0);
        let header = |column: usize| {
            let mut lines: Vec<String> = Vec::new();
            for (text, _) in head.iter().filter_map(|row| row[column].as_ref()) {
                let text = text.replace('\n', "").trim().to_owned();
                if !text.is_empty() && lines.last() != Some(&text) {
                    lines.push(text);
                }
            }
            match lines.last().cloned() {
                Some(last) => Named { name: lines.join("·"), others: vec![last] },
                None => Named { name: format!("第{}列", column + 1), others: Vec::new() },
            }
        };
        let text_of = |cell: &Option<(String, String)>| cell.clone().unwrap_or_default();
        let rows = body.iter().map(|row| {
            let (label, _) = text_of(&row[labels]);
            let label = Named { name: label.replace('\n', "").trim().to_owned(), others: Vec::new() };
            let cells = row[labels + 1..].iter().map(|cell| {
                let (text, pointer) = text_of(cell);
                Content::of(&text, pointer)
            });
            (label, cells.collect())
        });
        TableFigures {
            caption: table.caption.clone(),
            unit: table.unit.as_ref().map(|unit| unit.trim().to_owned()).filter(|unit| !unit.is_empty()),
            columns: (labels + 1..count).map(header).collect(),
            rows: if count == 0 { Vec::new() } else { rows.collect() },
        }
    }

    /// Those of a statutory table.
    pub fn of_statutory(figures: &Figures, table: &TableSpec) -> TableFigures {
        let named = |key: &str, name: &str| Named { name: name.to_owned(), others: vec![key.to_owned()] };
        let columns = table.columns.iter().map(|(key, label)| named(key, label));
        let rows = table.figures.iter().map(|(key, row)| {
            let cells = table.columns.keys().map(|column| {
                let figure = figures.row(&table.key, key).find(|figure| figure.key().column == *column);
                figure.map_or(Content::Gap, |figure| Content::of(figure.text(), figure.pointer()))
            });
            (named(key, &row.label), cells.collect())
        });
        TableFigures {
            caption: Some(table.name.clone()),
            unit: table.unit.clone(),
            columns: columns.collect(),
            rows: rows.collect(),
        }
    }

    /// 替代文本 of a chart of it with this caption.
    pub fn in_words(&self, chart: &Chart, caption: Option<&str>) -> String {
        let title = caption.or(self.caption.as_deref());
        chart.in_words(title.map_or("", without_number))
    }

    /// The chart of the figures that are asked for.
    ///
    /// # Errors
    /// Rows or columns that it does not have, cells that are no figures, more than can be told apart.
    pub fn draw(&self, chart: &report::Chart, pointer: &str) -> Result<Chart, Vec<Diagnostic>> {
        let (rows, columns) = self.choose(chart, pointer)?;
        let by_rows = chart.series == Some(report::ChartSeries::Rows);
        let row_name = |row: usize| self.rows[row].0.name.clone();
        let column_name = |column: usize| self.columns[column].name.clone();
        let mut found = Vec::new();
        let mut series = |name: String, places: Vec<(usize, usize)>| {
            let points = places.into_iter().map(|(row, column)| match &self.rows[row].1[column] {
                Content::Figure(point) => Some(point.clone()),
                Content::Gap => None,
                Content::Text(text, place) => {
                    found.push(no_figure(text, place));
                    None
                }
            });
            ChartSeries { name, points: points.collect() }
        };
        let (categories, series): (Vec<String>, Vec<ChartSeries>) = if by_rows {
            let all = rows
                .iter()
                .map(|row| series(row_name(*row), columns.iter().map(|column| (*row, *column)).collect()));
            let all = all.collect();
            (columns.iter().map(|column| column_name(*column)).collect(), all)
        } else {
            let all = columns
                .iter()
                .map(|column| series(column_name(*column), rows.iter().map(|row| (*row, *column)).collect()));
            let all = all.collect();
            (rows.iter().map(|row| row_name(*row)).collect(), all)
        };
        found.extend(limits(chart, &categories, &series, pointer));
        if !found.is_empty() {
            return Err(found);
        }
        let one = series.first().filter(|_| series.len() == 1).map(|series| series.name.as_str());
        let heading = match (one.filter(|_| !by_rows || chart.kind != ChartKind::Pie), &self.unit) {
            // 增长（%） has a unit of its own.
            (Some(name), Some(unit)) if !name.ends_with(['）', ')']) => Some(format!("{name}，{unit}")),
            (Some(name), _) => Some(name.to_owned()),
            (None, unit) => unit.clone(),
        };
        Ok(Chart { kind: chart.kind, heading, categories, series })
    }

    /// The rows and the columns that are drawn.
    fn choose(
        &self,
        chart: &report::Chart,
        pointer: &str,
    ) -> Result<(Vec<usize>, Vec<usize>), Vec<Diagnostic>> {
        let mut found = Vec::new();
        let rows: Vec<&Named> = self.rows.iter().map(|(name, _)| name).collect();
        let columns: Vec<&Named> = self.columns.iter().collect();
        let given = |names: &[String],
                     known: &[&Named],
                     key: &str,
                     what,
                     found: &mut Vec<Diagnostic>|
         -> Vec<usize> {
            let place = child(pointer, key);
            let names = names.iter().enumerate();
            names.filter_map(|(at, name)| one_of(name, known, &child(&place, at), what, found)).collect()
        };
        let mut chosen_rows = given(&chart.rows, &rows, "rows", ("行", "row"), &mut found);
        let mut chosen = given(&chart.columns, &columns, "columns", ("列", "column"), &mut found);
        if !found.is_empty() {
            return Err(found);
        }
        let figures = |row: usize, columns: &[usize]| {
            columns.iter().any(|column| matches!(self.rows[row].1[*column], Content::Figure(_)))
        };
        let texts = |row: usize, columns: &[usize]| {
            columns.iter().any(|column| matches!(self.rows[row].1[*column], Content::Text(..)))
        };
        let every: Vec<usize> = (0..self.columns.len()).collect();
        if chart.rows.is_empty() {
            let is_total = |row: &usize| {
                ["合计", "总计", "小计", "共计"]
                    .iter()
                    .any(|end| solid(&self.rows[*row].0.name).ends_with(end))
            };
            chosen_rows =
                (0..self.rows.len()).filter(|row| !is_total(row) && figures(*row, &every)).collect();
        }
        if chart.columns.is_empty() {
            let is_of_figures = |column: &usize| {
                let cells = || chosen_rows.iter().map(|row| &self.rows[*row].1[*column]);
                cells().any(|cell| matches!(cell, Content::Figure(_)))
                    && cells().all(|cell| !matches!(cell, Content::Text(..)))
            };
            chosen = every.into_iter().filter(is_of_figures).collect();
        }
        if !chosen_rows.iter().any(|row| figures(*row, &chosen) || texts(*row, &chosen)) {
            let text = message!("表里没有可画的数字", "the table has no figures to draw");
            let hint = message!(
                "在 \"rows\"、\"columns\" 里写明画哪些行、哪些列",
                "say in \"rows\" and \"columns\" which are drawn"
            );
            return Err(vec![
                Diagnostic::error(rule::CHART_FIGURES, child(pointer, "table"), text).hint(hint),
            ]);
        }
        Ok((chosen_rows, chosen))
    }
}

/// The row or column of this name.
fn one_of(
    name: &str,
    known: &[&Named],
    place: &str,
    (zh, en): (&str, &str),
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let wanted = solid(name);
    let whole = known.iter().position(|own| solid(&own.name) == wanted);
    let all: Vec<usize> = (0..known.len()).filter(|at| known[*at].is(&wanted)).collect();
    let same = known.iter().filter(|own| solid(&own.name) == wanted).count();
    match (whole, &all[..]) {
        (Some(one), _) if same == 1 => Some(one),
        (None, [one]) => Some(*one),
        (None, []) => {
            let names: Vec<&str> = known.iter().map(|own| own.name.as_str()).collect();
            let hint: Hint = match nearest(name, names.iter().copied()) {
                Some(near) => Hint::did_you_mean(near),
                None => {
                    let (all_zh, all_en) = (listed(&names, "、"), listed(&names, ", "));
                    message!("表里有：{all_zh}", "the table has: {all_en}").into()
                }
            };
            let text = message!("表里没有{zh}“{name}”", "the table has no {en} \"{name}\"");
            found.push(Diagnostic::error(rule::CHART_NAME, place, text).hint(hint));
            None
        }
        _ => {
            let count = all.len();
            let text = message!(
                "叫“{name}”的{zh}有 {count} 个，不知道画哪一个",
                "there are {count} {en}s called \"{name}\""
            );
            let names: Vec<&str> = all.iter().map(|at| known[*at].name.as_str()).collect();
            let differ = names.windows(2).any(|pair| pair[0] != pair[1]);
            let (all_zh, all_en) = (listed(&names, "、"), listed(&names, ", "));
            let diagnostic = Diagnostic::error(rule::CHART_NAME, place, text);
            found.push(match differ {
                true => diagnostic.hint(message!("写全：{all_zh}", "write one in full: {all_en}")),
                false => diagnostic
                    .hint(message!("在表里给它们不同的名称", "give them different names in the table")),
            });
            None
        }
    }
}

fn no_figure(text: &str, place: &str) -> Diagnostic {
    let message =
        message!("图要用的这一格是“{text}”，不是数字", "a chart needs a figure here, not \"{text}\"");
    let hint = message!(
        "改成数字；没有数字的写成“—”；或者在图的 \"rows\"、\"columns\" 里不选它",
        "write a figure, or — for none; or leave it out in \"rows\" or \"columns\" of the chart"
    );
    Diagnostic::error(rule::CHART_FIGURES, place, message).hint(hint)
}

/// What cannot be drawn so.
fn limits(
    chart: &report::Chart,
    categories: &[String],
    series: &[ChartSeries],
    pointer: &str,
) -> Vec<Diagnostic> {
    let mut found: Vec<(&'static str, Message, Option<Message>)> = Vec::new();
    let (count, many) = (series.len(), categories.len());
    let names = categories.iter().chain(series.iter().map(|series| &series.name));
    for name in names.filter(|name| name.chars().count() > LONGEST) {
        let start: String = name.chars().take(12).collect();
        let text = message!(
            "“{start}…”超过 {LONGEST} 个字，图里排不下",
            "\"{start}…\" has more than {LONGEST} characters"
        );
        found.push((
            rule::CHART_NAME,
            text,
            Some(message!("在表里写短一些", "make it shorter in the table")),
        ));
    }
    for empty in series.iter().filter(|series| series.points.iter().all(Option::is_none)) {
        let name = &empty.name;
        let text = message!("“{name}”没有数字可画", "\"{name}\" has no figures to draw");
        found.push((rule::CHART_FIGURES, text, None));
    }
    let too_long = |point: &&ChartPoint| {
        point.value.abs() >= Decimal::from(MOST_VALUE) || point.value.scale() > MOST_DECIMALS
    };
    if let Some(point) = series.iter().flat_map(|series| &series.points).flatten().find(too_long) {
        let figure = &point.text;
        let text = message!("{figure} 的位数太多，画不出来", "{figure} has too many digits to be drawn");
        found.push((
            rule::CHART_FIGURES,
            text,
            Some(message!("换大一些的单位，如万元、亿元", "use a larger unit")),
        ));
    }
    match chart.kind {
        ChartKind::Pie => {
            if count > 1 {
                let names: Vec<&str> = series.iter().map(|series| series.name.as_str()).collect();
                let (zh, en) = (listed(&names, "、"), listed(&names, ", "));
                let key = if chart.series == Some(report::ChartSeries::Rows) { "rows" } else { "columns" };
                let text = message!(
                    "饼图只画一组数字，这里有 {count} 组：{zh}",
                    "a pie has one series, not {count}: {en}"
                );
                let hint = message!("在 \"{key}\" 里只写一个", "name one in \"{key}\"");
                found.push((rule::CHART_MANY, text, Some(hint)));
            } else if many > MOST_SLICES {
                let text = message!(
                    "饼图有 {many} 份，最多 {MOST_SLICES} 份",
                    "the pie has {many} slices, at most {MOST_SLICES} can be told apart"
                );
                found.push((
                    rule::CHART_MANY,
                    text,
                    Some(message!("改用柱形图，或少选几项", "use bars, or choose fewer")),
                ));
            }
            let points = || series.iter().flat_map(|series| &series.points).flatten();
            if let Some(point) =
                points().find(|point| point.value.is_sign_negative() && !point.value.is_zero())
            {
                let figure = &point.text;
                let text =
                    message!("饼图里不能有负数：{figure}", "a pie cannot show a negative figure: {figure}");
                found.push((rule::CHART_FIGURES, text, Some(message!("改用柱形图", "use bars"))));
            } else if points().next().is_some() && points().all(|point| point.value.is_zero()) {
                let text = message!("饼图的数字都是 0", "all figures of the pie are 0");
                found.push((rule::CHART_FIGURES, text, None));
            }
        }
        ChartKind::Bar | ChartKind::Line => {
            if count > MOST_SERIES {
                let text = message!(
                    "图里有 {count} 组数字，最多 {MOST_SERIES} 组",
                    "the chart has {count} series, at most {MOST_SERIES} can be told apart"
                );
                found.push((
                    rule::CHART_MANY,
                    text,
                    Some(message!("分成几幅图，或少选几组", "make several charts, or choose fewer")),
                ));
            }
            let (drawn, most) = match chart.kind {
                ChartKind::Bar => (count * many, MOST_BARS),
                ChartKind::Line | ChartKind::Pie => (many, MOST_POINTS),
            };
            if drawn > most && count <= MOST_SERIES {
                let (zh, en) = if chart.kind == ChartKind::Bar {
                    ("根柱", "bars")
                } else {
                    ("个点", "points in a line")
                };
                let text = message!(
                    "图里有 {drawn} {zh}，最多 {most}",
                    "the chart has {drawn} {en}, at most {most}"
                );
                found.push((
                    rule::CHART_MANY,
                    text,
                    Some(message!("少选几行或几列", "choose fewer rows or columns")),
                ));
            }
        }
    }
    let told = |(rule, text, hint): (&'static str, Message, Option<Message>)| {
        let diagnostic = Diagnostic::error(rule, pointer, text);
        match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    };
    found.into_iter().map(told).collect()
}

/// A caption behind its number: `图1  受理数量`.
fn without_number(caption: &str) -> &str {
    match caption.split_once(char::is_whitespace) {
        Some((number, rest))
            if number.ends_with(|c: char| c.is_ascii_digit()) && number.starts_with(['图', '表']) =>
        {
            rest.trim()
        }
        _ => caption,
    }
}

/// The first of some names.
pub(super) fn listed(names: &[&str], between: &str) -> String {
    const LISTED: usize = 8;
    let more = if names.len() > LISTED { "…" } else { "" };
    names[..names.len().min(LISTED)].join(between) + more
}
