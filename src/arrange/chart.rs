//! Charts: their axes are divided, their texts measured and placed, their shapes drawn.
//!
//! Nothing overlaps: names are broken into lines, then set smaller, down to 8 pt, and then left out in turn, with a
//! warning; figures stand on their bars or points where all of them have room, and nowhere otherwise. Series differ by
//! tone, hatching, dash and marker, never by colour.

mod lines;
mod pie;
mod shapes;
mod tone;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::document::{CHART_ROLE, Chart, Document};
use crate::font::Fonts;
use crate::geom::{Length, Point, Rect, Size};
use crate::pages::Shape;
use crate::report::ChartKind;
use crate::style::Style;
use crate::text::line::{pieces, text_width};

use shapes::{Area, filled, line_of, outlined, rect, segment};
pub(crate) use tone::{Dash, Direction, Form, Marker, Tone};

/// The largest size of a chart's text, and the smaller ones that are tried where there is too little room, in points.
const SIZES: [f64; 4] = [10.5, 9.5, 9.0, 8.0];
/// From baseline to baseline, in ems.
const PITCH: f64 = 1.25;
/// The ascent and the descent of a line of text, in ems.
const ASCENT: f64 = 0.88;
const DESCENT: f64 = 0.12;
/// Names along the axis take no more lines than this.
const LINES: usize = 5;
/// Between the axis and the names along it, in ems: they do not touch the lowest number beside the axis.
const BELOW_AXIS: f64 = 0.5;
/// A chart whose names and legend leave less than this height for its plot is made higher, in points.
const LOWEST: f64 = 60.0;
/// The bars of a category take this share of its place, and more where their figures need it.
const SHARES: [f64; 3] = [0.62, 0.74, 0.86];
/// The widest bar, in points.
const WIDEST: f64 = 36.0;
/// A chart is no higher than this share of the type area, so that its caption fits below it.
pub(super) const TALLEST: f64 = 0.8;
/// A line chart begins at zero unless its figures differ by less than this share of the largest.
const FLAT: f64 = 1.0 / 3.0;

/// A chart ready to be drawn. Everything is placed from its top left corner.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    /// The size of the whole chart.
    pub size: Size,
    /// The size of its names.
    pub text: Length,
    /// The size of the figures in it, where they are shown.
    pub figures: Option<Length>,
    /// The axis of its figures; a pie has none.
    pub axis: Option<Axis>,
    /// What its axes enclose, or the square around its pie.
    pub inner: Rect,
    /// Between two groups of bars, in hundredths of a bar.
    pub gap: i64,
    /// How far a pie is turned clockwise, in degrees.
    pub turn: u16,
    /// Whether labels of a pie were moved apart.
    pub crowded: bool,
    /// Every name of this number is shown.
    pub every: usize,
    /// The place of its legend.
    pub legend: Option<Rect>,
    /// What is drawn.
    pub shapes: Vec<Shape>,
    /// The lines of text.
    pub labels: Vec<Label>,
}

/// A line of text in a chart.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// The text.
    pub text: String,
    /// The size of its em.
    pub size: Length,
    /// Start of its baseline.
    pub at: Point,
}

/// The axis of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// Where it begins.
    pub min: Decimal,
    /// Where it ends.
    pub max: Decimal,
    /// From tick to tick.
    pub step: Decimal,
}

impl Axis {
    /// An axis for figures from `min` to `max`, with no more than `most` steps of 1, 2 or 5 times a power of ten.
    fn of(min: Decimal, max: Decimal, most: u32) -> Axis {
        let max = if min == max { max + Decimal::ONE } else { max };
        let rough = ((max - min).to_f64().unwrap_or(1.0) / f64::from(most)).log10().floor() as i32;
        let power = |exponent: i32| match u32::try_from(exponent) {
            Ok(exponent) => Decimal::from_i128_with_scale(10_i128.pow(exponent.min(24)), 0),
            Err(_) => Decimal::new(1, exponent.unsigned_abs().min(24)),
        };
        let steps =
            (rough - 1..=rough + 2).flat_map(|at| [1, 2, 5].map(|digit| power(at) * Decimal::from(digit)));
        let axis =
            |step: Decimal| Axis { min: (min / step).floor() * step, max: (max / step).ceil() * step, step };
        let fits = |axis: &Axis| (axis.max - axis.min) / axis.step <= Decimal::from(most);
        steps.map(axis).find(fits).unwrap_or_else(|| axis(max - min))
    }

    /// Its ticks, from below.
    fn ticks(self) -> impl Iterator<Item = Decimal> {
        std::iter::successors(Some(self.min), move |tick| {
            Some(*tick + self.step).filter(|next| *next <= self.max)
        })
    }

    /// Digits behind the point of its ticks.
    pub fn decimals(self) -> u32 {
        self.step.normalize().scale()
    }

    /// The text of a tick.
    fn text(self, tick: Decimal) -> String {
        format!("{:.*}", self.decimals() as usize, tick)
    }

    /// How far up a value is, from 0 to 1.
    fn share(self, value: Decimal) -> f64 {
        ((value - self.min) / (self.max - self.min)).to_f64().unwrap_or_default()
    }

    /// Where bars begin: at zero.
    fn base(self) -> Decimal {
        Decimal::ZERO.clamp(self.min, self.max)
    }
}

/// Measures and breaks the texts of charts. Lengths are in points.
struct Setter<'a> {
    document: &'a Document,
    fonts: &'a Fonts,
    style: Style,
}

impl<'a> Setter<'a> {
    fn new(document: &'a Document, fonts: &'a Fonts) -> Setter<'a> {
        let style = Style { character_spacing: Length::ZERO, ..document.styles.get(CHART_ROLE).clone() };
        Setter { document, fonts, style }
    }

    /// The sizes that are tried, none larger than the style's.
    fn sizes(&self) -> impl Iterator<Item = f64> + use<> {
        let most = self.style.size.to_pt().max(SIZES[SIZES.len() - 1]);
        SIZES.into_iter().filter(move |size| *size <= most)
    }

    fn width(&self, text: &str, size: f64) -> f64 {
        let style = Style { size: Length::pt(size), ..self.style.clone() };
        text_width(self.fonts, text, &style, &self.document.text).to_pt()
    }

    /// The lines of a text that are no wider than `room`, as few as can be and about as long as each other; none if it
    /// has a piece that is wider.
    fn broken(&self, text: &str, size: f64, room: f64) -> Option<Vec<String>> {
        let lines = self.filled(text, size, room)?;
        let whole = self.width(text, size);
        let mut narrow = whole / lines.len() as f64;
        while narrow < room {
            if let Some(even) = self.filled(text, size, narrow).filter(|even| even.len() == lines.len()) {
                return Some(even);
            }
            narrow += size / 4.0;
        }
        Some(lines)
    }

    /// The lines of a text, which is broken anywhere if it must.
    fn lines(&self, text: &str, size: f64, room: f64) -> Vec<String> {
        self.broken(text, size, room).unwrap_or_else(|| {
            let mut lines = vec![String::new()];
            for character in text.chars() {
                let last = lines.last().cloned().unwrap_or_default();
                let longer = format!("{last}{character}");
                if last.is_empty() || self.width(&longer, size) <= room {
                    lines.pop();
                    lines.push(longer);
                } else {
                    lines.push(character.to_string());
                }
            }
            lines
        })
    }

    fn filled(&self, text: &str, size: f64, room: f64) -> Option<Vec<String>> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for piece in pieces(text).map(|range| &text[range]) {
            let longer = format!("{line}{piece}");
            if self.width(longer.trim_end(), size) <= room {
                line = longer;
                continue;
            }
            if self.width(piece.trim_end(), size) > room {
                return None;
            }
            lines.push(line.trim().to_owned());
            line = piece.trim_start().to_owned();
        }
        lines.push(line.trim().to_owned());
        lines.retain(|line| !line.is_empty());
        Some(lines)
    }
}

/// Arranges a chart in this area; what needs more height gets it, up to `tallest`. Also whether names are
/// left out.
pub(super) fn arrange(
    chart: &Chart,
    size: Size,
    tallest: Length,
    document: &Document,
    fonts: &Fonts,
) -> (Plot, bool) {
    let setter = Setter::new(document, fonts);
    let mut plot = match chart.kind {
        ChartKind::Bar | ChartKind::Line => along_axes(chart, size, tallest, &setter),
        ChartKind::Pie => pie::arrange(chart, size, tallest, &setter),
    };
    let around = shapes::around(plot.size);
    plot.shapes.insert(0, around);
    let leaves_out = plot.every > 1;
    (plot, leaves_out)
}

/// The names along the axis: their lines, their size, and that every one of this number is shown.
struct Names {
    lines: Vec<Vec<String>>,
    size: f64,
    every: usize,
}

impl Names {
    /// Names that fit into their places: `place` is the width of each, and how far from the left edge the first one is.
    fn of(chart: &Chart, place: impl Fn(f64) -> (f64, f64), setter: &Setter) -> Names {
        let fit = |size: f64, every: usize| {
            let (slot, left) = place(size);
            // The first one does not reach beyond the left edge.
            let room = (slot * every as f64 - size / 2.0).min(left * 2.0 + slot);
            let lines = chart.categories.iter().enumerate().map(|(at, name)| match at % every {
                0 => setter.broken(name, size, room),
                _ => Some(Vec::new()),
            });
            let lines: Vec<Vec<String>> = lines.collect::<Option<_>>()?;
            let most = lines.iter().map(Vec::len).max().unwrap_or(0);
            (most <= LINES).then_some(Names { lines, size, every })
        };
        let smallest = SIZES[SIZES.len() - 1];
        let whole = setter.sizes().find_map(|size| fit(size, 1));
        let skipped = || (2..chart.categories.len()).find_map(|every| fit(smallest, every));
        whole.or_else(skipped).unwrap_or_else(|| {
            // Not even one has room: it is cut.
            let (slot, left) = place(smallest);
            let room = (slot * chart.categories.len() as f64).min(left * 2.0 + slot);
            let mut first = String::new();
            for character in chart.categories.first().map(|name| name.chars()).into_iter().flatten() {
                if setter.width(&format!("{first}{character}…"), smallest) > room {
                    first.push('…');
                    break;
                }
                first.push(character);
            }
            let mut lines = vec![Vec::new(); chart.categories.len()];
            lines[0] = vec![first];
            Names { lines, size: smallest, every: chart.categories.len().max(2) }
        })
    }

    fn height(&self) -> f64 {
        self.lines.iter().map(Vec::len).max().unwrap_or(0) as f64 * self.size * PITCH
    }
}

/// A chart with bars or lines. What is higher for the sake of its names is the chart of that height.
fn along_axes(chart: &Chart, size: Size, tallest: Length, setter: &Setter) -> Plot {
    let (width, height) = (size.width.to_pt(), size.height.to_pt());
    let axis = axis_of(chart, height);
    let left = |size: f64| {
        axis.ticks().map(|tick| setter.width(&axis.text(tick), size)).fold(0.0, f64::max) + size / 2.0
    };
    let count = chart.categories.len() as f64;
    let names = Names::of(chart, |size| ((width - left(size) - size / 2.0) / count, left(size)), setter);
    let em = names.size;
    let mut drawing = Drawing::new(setter);
    let top = drawing.heading(chart, width, em);
    let legend = legend(chart, width, em, setter);
    let below = names.height() + em * (BELOW_AXIS + 0.2) + legend.height;
    // Room for a figure on the highest bar.
    let top = top + em * PITCH;
    let inner = Area { left: left(em), top, right: width - em / 2.0, bottom: height - below };
    let lacking = Length::pt(LOWEST - (inner.bottom - inner.top));
    if lacking > Length::ZERO && size.height < tallest {
        let height = (size.height + lacking).min(tallest);
        return along_axes(chart, Size { height, ..size }, tallest, setter);
    }
    let slot = (inner.right - inner.left) / count;
    let y = |value: Decimal| inner.bottom - (inner.bottom - inner.top) * axis.share(value);
    for tick in axis.ticks() {
        let is_base = tick == axis.base();
        if !is_base {
            drawing.shapes.push(line_of(
                0.35,
                0xBF,
                &[segment((inner.left, y(tick)), (inner.right, y(tick)))],
            ));
        }
        let text = axis.text(tick);
        let x = inner.left - em / 2.0 - setter.width(&text, em);
        drawing.label(text, em, x, y(tick) + em * (ASCENT - DESCENT) / 2.0);
    }
    for (at, lines) in names.lines.iter().enumerate() {
        let middle = inner.left + slot * (at as f64 + 0.5);
        for (number, line) in lines.iter().enumerate() {
            let half = setter.width(line, em) / 2.0;
            // Of the names that are shown in turn the last one may have no room.
            if middle + half > width + 0.5 {
                continue;
            }
            let x = (middle - half).max(0.0);
            let baseline = inner.bottom + em * BELOW_AXIS + em * PITCH * number as f64 + em * ASCENT;
            drawing.label(line.clone(), em, x, baseline);
        }
    }
    let scale = Scale { inner, slot, axis };
    let (figures, gap) = match chart.kind {
        ChartKind::Line => (lines::draw(chart, &scale, em, &mut drawing), 0),
        ChartKind::Bar | ChartKind::Pie => bars(chart, &scale, em, &mut drawing),
    };
    let base = y(axis.base());
    drawing.shapes.push(line_of(0.75, 0, &[segment((inner.left, base), (inner.right, base))]));
    let place = legend.draw(chart, (width, height - legend.height), em, &mut drawing);
    Plot {
        size,
        text: Length::pt(em),
        figures: figures.map(Length::pt),
        axis: Some(axis),
        inner: inner.to_rect(),
        gap,
        turn: 0,
        crowded: false,
        every: names.every,
        legend: place,
        shapes: drawing.shapes,
        labels: drawing.labels,
    }
}

/// The axis of a chart this high.
fn axis_of(chart: &Chart, height: f64) -> Axis {
    let values = || chart.series.iter().flat_map(|series| &series.points).flatten().map(|point| point.value);
    let (min, max) = (values().min().unwrap_or_default(), values().max().unwrap_or_default());
    let is_flat = chart.kind == ChartKind::Line
        && min > Decimal::ZERO
        && (max - min).to_f64() < max.to_f64().map(|max| max * FLAT)
        && max > min;
    let most = (height / 32.0).clamp(3.0, 8.0) as u32;
    if is_flat {
        return Axis::of(min, max, most);
    }
    let axis = Axis::of(min.min(Decimal::ZERO), max.max(Decimal::ZERO), most);
    // Room for a figure below the lowest bar.
    let needs_room = chart.kind == ChartKind::Bar
        && min < Decimal::ZERO
        && axis.share(min) * height * 0.5 < SIZES[0] * PITCH;
    if needs_room { Axis { min: axis.min - axis.step, ..axis } } else { axis }
}

/// Where values and categories are.
struct Scale {
    inner: Area,
    /// The width of a category's place.
    slot: f64,
    axis: Axis,
}

impl Scale {
    fn y(&self, value: Decimal) -> f64 {
        self.inner.bottom - (self.inner.bottom - self.inner.top) * self.axis.share(value)
    }

    fn middle(&self, category: usize) -> f64 {
        self.inner.left + self.slot * (category as f64 + 0.5)
    }
}

/// What is drawn so far.
struct Drawing<'a> {
    setter: &'a Setter<'a>,
    shapes: Vec<Shape>,
    labels: Vec<Label>,
}

impl<'a> Drawing<'a> {
    fn new(setter: &'a Setter<'a>) -> Drawing<'a> {
        Drawing { setter, shapes: Vec::new(), labels: Vec::new() }
    }

    fn label(&mut self, text: String, size: f64, x: f64, baseline: f64) {
        let at = Point::new(Length::pt(x), Length::pt(baseline));
        self.labels.push(Label { text, size: Length::pt(size), at });
    }

    /// A figure on white, so that no line of the grid runs through it.
    fn figure(&mut self, text: &str, size: f64, x: f64, baseline: f64) {
        let width = self.setter.width(text, size);
        let behind = Area {
            left: x - 1.0,
            top: baseline - size * 0.76,
            right: x + width + 1.0,
            bottom: baseline + size * DESCENT,
        };
        self.shapes.push(filled(0xFF, vec![rect(&behind)]));
        self.label(text.to_owned(), size, x, baseline);
    }

    /// The heading at the top left; how much height it takes.
    fn heading(&mut self, chart: &Chart, width: f64, em: f64) -> f64 {
        let Some(text) = &chart.heading else { return 0.0 };
        let lines = self.setter.lines(text, em, width);
        let height = lines.len() as f64 * em * PITCH;
        for (at, line) in lines.into_iter().enumerate() {
            // In the middle of its line, as all text is.
            self.label(line, em, 0.0, em * (ASCENT + (PITCH - 1.0) / 2.0) + em * PITCH * at as f64);
        }
        height
    }
}

/// Bars side by side. The size of their figures, if they are shown, and the gap between groups.
fn bars(chart: &Chart, scale: &Scale, em: f64, drawing: &mut Drawing) -> (Option<f64>, i64) {
    let count = chart.series.len() as f64;
    let points = || chart.series.iter().flat_map(|series| &series.points).flatten();
    let widest =
        |size: f64| points().map(|point| drawing.setter.width(&point.text, size)).fold(0.0, f64::max);
    let wide = |share: f64| (scale.slot * share / count).min(WIDEST);
    // From the middle of a bar to that of the next.
    let apart = |share: f64| if count > 1.0 { wide(share) } else { scale.slot };
    let sizes: Vec<f64> = drawing.setter.sizes().filter(|size| *size <= em).collect();
    let fitting = SHARES.iter().find_map(|share| {
        let size = sizes.iter().find(|size| widest(**size) + 2.0 <= apart(*share))?;
        Some((*share, *size))
    });
    let width = wide(fitting.map_or(SHARES[0], |(share, _)| share));
    let size = fitting.map(|(_, size)| size);
    for (number, series) in chart.series.iter().enumerate() {
        for (category, point) in series.points.iter().enumerate() {
            let Some(point) = point else { continue };
            let left = scale.middle(category) + width * (number as f64 - count / 2.0);
            let (base, end) = (scale.y(scale.axis.base()), scale.y(point.value));
            let bar = Area { left, top: base.min(end), right: left + width, bottom: base.max(end) };
            drawing.shapes.push(outlined(Tone::of(number), vec![rect(&bar)], &bar));
            if let Some(size) = size {
                let x = left + (width - drawing.setter.width(&point.text, size)) / 2.0;
                let is_below = point.value.is_sign_negative() && !point.value.is_zero();
                let baseline = if is_below { end + 2.0 + size * 0.76 } else { end - 3.0 };
                drawing.figure(&point.text, size, x, baseline);
            }
        }
    }
    let gap = ((scale.slot - width * count) / width * 100.0).round() as i64;
    (size, gap.clamp(0, 500))
}

/// The entries of a legend in rows.
struct Legend {
    rows: Vec<LegendRow>,
    height: f64,
}

/// A row of a legend: its series with their names in lines, how wide it is, and of how many lines.
#[derive(Default)]
struct LegendRow {
    entries: Vec<(usize, Vec<String>)>,
    width: f64,
    lines: usize,
}

/// The width of what shows how a series is drawn, with the gap behind it, in ems.
const KEY: f64 = 2.6;
/// Between the names along the axis and the legend, in ems: a word processor sets the names a little lower.
const ABOVE_LEGEND: f64 = 0.9;
/// Between two entries, in ems.
const BETWEEN: f64 = 1.6;

/// The legend of a chart, where it needs one.
fn legend(chart: &Chart, width: f64, em: f64, setter: &Setter) -> Legend {
    let mut rows: Vec<LegendRow> = Vec::new();
    for (number, series) in chart.series.iter().enumerate().filter(|_| chart.series.len() > 1) {
        let lines = setter.lines(&series.name, em, width - em * KEY);
        let text = lines.iter().map(|line| setter.width(line, em)).fold(0.0, f64::max);
        let wide = em * KEY + text;
        match rows.last_mut() {
            Some(row) if row.width + em * BETWEEN + wide <= width => {
                row.width += em * BETWEEN + wide;
                row.lines = row.lines.max(lines.len());
                row.entries.push((number, lines));
            }
            _ => rows.push(LegendRow { width: wide, lines: lines.len(), entries: vec![(number, lines)] }),
        }
    }
    let lines: usize = rows.iter().map(|row| row.lines).sum();
    let height = if rows.is_empty() { 0.0 } else { lines as f64 * em * PITCH + em * ABOVE_LEGEND };
    Legend { rows, height }
}

impl Legend {
    /// Draws it below `top`, in the middle of a chart this wide.
    fn draw(&self, chart: &Chart, (width, top): (f64, f64), em: f64, drawing: &mut Drawing) -> Option<Rect> {
        let mut line = top + em * ABOVE_LEGEND;
        for row in &self.rows {
            let mut x = (width - row.width).max(0.0) / 2.0;
            let baseline = line + em * ASCENT;
            for (number, lines) in &row.entries {
                let key = Area {
                    left: x,
                    top: baseline - em * 0.76,
                    right: x + em * (KEY - 0.5),
                    bottom: baseline + em * 0.04,
                };
                match chart.kind {
                    ChartKind::Line => lines::key(*number, &key, drawing),
                    ChartKind::Bar | ChartKind::Pie => {
                        drawing.shapes.push(outlined(Tone::of(*number), vec![rect(&key)], &key));
                    }
                }
                let mut text: f64 = 0.0;
                for (at, name) in lines.iter().enumerate() {
                    drawing.label(name.clone(), em, x + em * KEY, baseline + em * PITCH * at as f64);
                    text = text.max(drawing.setter.width(name, em));
                }
                x += em * (KEY + BETWEEN) + text;
            }
            line += em * PITCH * row.lines as f64;
        }
        let area =
            Area { left: 0.0, top: top + em * ABOVE_LEGEND / 2.0, right: width, bottom: top + self.height };
        (!self.rows.is_empty()).then(|| area.to_rect())
    }
}

#[cfg(test)]
mod tests;
