//! A chart: the figures of a table, by series and categories, as `compose` chose them.
//!
//! A figure is printed as it was written; its value decides only how high, how far or how wide it is drawn.

use rust_decimal::Decimal;

use crate::report::ChartKind;
use crate::style::Role;

/// The role whose face and size the texts of charts have: that of the figures of tables.
pub(crate) const ROLE: Role = Role::TableFigure;

/// A chart. Every series has a point, or a gap, for each category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// How it is drawn.
    pub kind: ChartKind,
    /// Printed above it at the left: what is drawn where there is one series, and its unit.
    pub heading: Option<String>,
    /// Along its axis, or around its pie. Never empty.
    pub categories: Vec<String>,
    /// Never empty; a pie has one.
    pub series: Vec<ChartSeries>,
}

/// A series of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartSeries {
    /// Its name in the legend.
    pub name: String,
    /// Its figures by category; none where the table has a blank or a sign for none.
    pub points: Vec<Option<Point>>,
}

/// A figure that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// As it was written.
    pub text: String,
    /// Its value.
    pub value: Decimal,
}

impl Chart {
    /// All that may be printed in it but for the numbers of its axis.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let names = self.series.iter().map(|series| series.name.as_str());
        let figures = self.series.iter().flat_map(|series| &series.points).flatten();
        let texts = self.heading.iter().chain(&self.categories).map(String::as_str);
        texts.chain(names).chain(figures.map(|point| point.text.as_str()))
    }

    /// Every figure in words: 替代文本. `title` is what the chart is about.
    pub fn in_words(&self, title: &str) -> String {
        let kind = match self.kind {
            ChartKind::Bar => "柱形图",
            ChartKind::Line => "折线图",
            ChartKind::Pie => "饼图",
        };
        let one = self.series.len() == 1;
        let series = self.series.iter().map(|series| {
            let points = self.categories.iter().zip(&series.points).map(|(category, point)| match point {
                Some(point) => format!("{category} {}", point.text),
                None => format!("{category} 无数字"),
            });
            let points = points.collect::<Vec<_>>().join("，");
            if one || series.name.is_empty() { points } else { format!("{}：{points}", series.name) }
        });
        let series = series.collect::<Vec<_>>().join("；");
        let heading = self.heading.as_ref().map(|text| format!("（{text}）")).unwrap_or_default();
        format!("{kind}：{title}{heading}：{series}。")
    }
}

/// How a number is written: what another program needs to show it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Digits behind the point.
    pub decimals: u32,
    /// Whether a positive one has its sign.
    pub signed: bool,
    /// Whether its thousands are parted.
    pub grouped: bool,
    /// The sign of percent or permille behind it.
    pub unit: Option<char>,
}

impl Point {
    /// The figure of a text: digits with a point, a sign, commas between thousands, a sign of percent.
    pub fn read(text: &str) -> Option<Point> {
        let text = text.trim();
        let (number, _) = parted(text);
        let unsigned = number.strip_prefix(['-', '+', '－', '＋', '−']).unwrap_or(number);
        let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit())
            && unsigned.ends_with(|c: char| c.is_ascii_digit())
            && unsigned.chars().all(|c| c.is_ascii_digit() || c == '.' || SEPARATORS.contains(&c));
        let solid = number.replace(SEPARATORS, "");
        let value = crate::figures::decimal(&solid).filter(|_| is_number)?;
        Some(Point { text: text.to_owned(), value })
    }

    /// How it is written.
    pub fn written(&self) -> Written {
        let (number, unit) = parted(&self.text);
        Written {
            decimals: self.value.scale(),
            signed: number.starts_with(['+', '＋']),
            grouped: number.contains(SEPARATORS),
            unit,
        }
    }
}

/// Between the thousands of a number.
const SEPARATORS: [char; 4] = [',', '，', '\'', ' '];

/// A number, and the sign behind it.
fn parted(text: &str) -> (&str, Option<char>) {
    match text.chars().next_back() {
        Some(unit @ ('%' | '％' | '‰')) => (text[..text.len() - unit.len_utf8()].trim_end(), Some(unit)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_their_text_and_have_a_value() {
        for (text, value) in [
            ("12", "12"),
            ("0.60", "0.60"),
            ("-0.1", "-0.1"),
            ("+0.4", "0.4"),
            ("1,234.5", "1234.5"),
            ("98.0 %", "98.0"),
        ] {
            let point = Point::read(text).expect(text);
            assert_eq!((point.text.as_str(), point.value.to_string()), (text, value.to_owned()));
        }
        for text in ["", "—", "3件", "1e5", "2023年", "约5", "1.2.3", "12-3", "%"] {
            assert_eq!(Point::read(text), None, "{text}");
        }
        let written = Point::read("+1,234.50‰").expect("a figure").written();
        assert_eq!(written, Written { decimals: 2, signed: true, grouped: true, unit: Some('‰') });
    }

    #[test]
    fn the_words_have_every_figure() {
        let points = vec![Point::read("120"), None, Point::read("150.0")];
        let series = vec![ChartSeries { name: "受理".into(), points }];
        let categories = ["2022年", "2023年", "2024年"].map(String::from).to_vec();
        let chart = Chart { kind: ChartKind::Bar, heading: Some("单位：件".into()), categories, series };
        assert_eq!(
            chart.in_words("受理数量"),
            "柱形图：受理数量（单位：件）：2022年 120，2023年 无数字，2024年 150.0。"
        );
    }
}
