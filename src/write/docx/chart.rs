//! A chart as Word's own: a part of DrawingML with the figures that are shown, and a workbook with the same figures, so
//! that "edit data" works.
//!
//! It looks as in the PDF: the same axis, the same place of the plot, the same tones, dashes and markers. Each figure
//! has a number format of its own, because it is shown as it was written.

use super::sheet;
use crate::arrange::Arranged;
use crate::arrange::chart::{Axis, Dash, Direction, Form, Marker, Plot, Tone};
use crate::document::{CHART_ROLE, Chart, ChartPoint, ChartSeries, NodeId, Written};
use crate::geom::{Length, Rect, Size};
use crate::report::ChartKind;
use crate::xml::Element;

const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const WORD_DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a chart.
pub(super) struct ChartPart {
    /// `word/charts/chart1.xml` and so on; the relationship of the first is `rIdChart1`.
    pub xml: Element<'static>,
    /// `word/embeddings/chart1.xlsx` and so on.
    pub workbook: Vec<u8>,
}

/// The relationship of a chart, by its number from 1.
pub(super) fn relationship(chart: usize) -> String {
    format!("rIdChart{chart}")
}

/// A drawing in a line of text that shows the chart of this number.
// ECMA-376-1, 20.4.2.8 (inline)
pub(super) fn inline(chart: usize, size: Size) -> Element<'static> {
    let shown = Element::new("c:chart").with("xmlns:c", CHART).with("r:id", relationship(chart));
    let inline = ["distT", "distB", "distL", "distR"]
        .into_iter()
        .fold(Element::new("wp:inline"), |inline, name| inline.with(name, 0))
        .child(Element::new("wp:extent").with("cx", size.width.to_emu()).with("cy", size.height.to_emu()))
        .child(Element::new("wp:effectExtent").with("l", 0).with("t", 0).with("r", 0).with("b", 0))
        .child(Element::new("wp:docPr"))
        .child(Element::new("wp:cNvGraphicFramePr"))
        .child(
            Element::new("a:graphic")
                .with("xmlns:a", DRAWING)
                .child(Element::new("a:graphicData").with("uri", CHART).child(shown)),
        );
    Element::new("w:drawing").child(inline.with("xmlns:wp", WORD_DRAWING))
}

/// The parts of the chart of this block.
pub(super) fn part(chart: &Chart, block: NodeId, document: &Arranged) -> ChartPart {
    let writer = Writer { chart, plot: document.chart(block), document };
    ChartPart { xml: writer.space(), workbook: sheet::workbook(chart) }
}

/// The format of a number as spreadsheets write it. // ECMA-376-1, 18.8.31
pub(super) fn format(written: Written) -> String {
    let Written { decimals, signed, grouped, unit } = written;
    let mut digits = if grouped { "#,##0".to_owned() } else { "0".to_owned() };
    if decimals > 0 {
        digits = format!("{digits}.{}", "0".repeat(decimals as usize));
    }
    if let Some(unit) = unit {
        digits = format!("{digits}\"{unit}\"");
    }
    if signed { format!("+{digits};-{digits}") } else { digits }
}

/// The format of a series: that of most of its figures.
fn usual(series: &ChartSeries) -> String {
    let formats: Vec<String> = series.points.iter().flatten().map(|point| format(point.written())).collect();
    let count = |format: &String| formats.iter().filter(|other| *other == format).count();
    // The first of those that are used most.
    formats.iter().rev().max_by_key(|format| count(format)).cloned().unwrap_or_else(|| "General".to_owned())
}

struct Writer<'a> {
    chart: &'a Chart,
    plot: &'a Plot,
    document: &'a Arranged,
}

const CATEGORIES: u32 = 111_111_111;
const VALUES: u32 = 222_222_222;

impl Writer<'_> {
    // ECMA-376-1, 21.2.2.29 (chartSpace)
    fn space(&self) -> Element<'static> {
        let plot = Element::new("c:plotArea").child(self.plot_layout()).child(self.kind());
        let plot = match self.plot.axis {
            Some(axis) => plot.child(self.categories_axis()).child(self.values_axis(axis)),
            None => plot,
        };
        let chart = Element::new("c:chart");
        let heading = self.chart.heading.as_deref();
        let chart = chart
            .all(heading.map(|heading| self.title(heading)))
            .child(value("c:autoTitleDeleted", u8::from(heading.is_none())))
            .child(plot.child(Element::new("c:spPr").child(no_fill()).child(no_line())))
            .all(self.plot.legend.map(|place| self.legend(place)))
            .child(value("c:plotVisOnly", 1))
            .child(value("c:dispBlanksAs", "gap"));
        Element::new("c:chartSpace")
            .with("xmlns:c", CHART)
            .with("xmlns:a", DRAWING)
            .with("xmlns:r", OFFICE)
            .child(value("c:date1904", 0))
            .child(value("c:lang", "zh-CN"))
            .child(value("c:roundedCorners", 0))
            .child(chart)
            .child(Element::new("c:spPr").child(solid(0xFF)).child(no_line()))
            .child(self.text(self.plot.text))
            .child(Element::new("c:externalData").with("r:id", "rId1").child(value("c:autoUpdate", 0)))
    }

    fn kind(&self) -> Element<'static> {
        let axes = || [value("c:axId", CATEGORIES), value("c:axId", VALUES)];
        let series = self.chart.series.iter().enumerate().map(|(number, series)| self.series(number, series));
        match self.chart.kind {
            ChartKind::Bar => Element::new("c:barChart")
                .child(value("c:barDir", "col"))
                .child(value("c:grouping", "clustered"))
                .child(value("c:varyColors", 0))
                .all(series)
                .child(value("c:gapWidth", self.plot.gap))
                .child(value("c:overlap", 0))
                .all(axes()),
            ChartKind::Line => Element::new("c:lineChart")
                .child(value("c:grouping", "standard"))
                .child(value("c:varyColors", 0))
                .all(series)
                .child(value("c:marker", 1))
                .all(axes()),
            ChartKind::Pie => Element::new("c:pieChart")
                .child(value("c:varyColors", 1))
                .all(series)
                .child(value("c:firstSliceAng", self.plot.turn)),
        }
    }

    fn series(&self, number: usize, series: &ChartSeries) -> Element<'static> {
        let first =
            Element::new("c:ser").child(value("c:idx", number)).child(value("c:order", number)).child(
                Element::new("c:tx").child(
                    Element::new("c:strRef")
                        .child(text_of("c:f", &sheet::name_of(number)))
                        .child(strings([series.name.as_str()].into_iter())),
                ),
            );
        let looks = match self.chart.kind {
            ChartKind::Bar => first.child(filled(Tone::of(number))).child(value("c:invertIfNegative", 0)),
            ChartKind::Line => {
                let Marker { form, is_black } = Marker::of(number);
                let inside = if is_black { solid(0) } else { solid(0xFF) };
                let marker = Element::new("c:marker")
                    .child(value("c:symbol", symbol(form)))
                    .child(value("c:size", 5))
                    .child(Element::new("c:spPr").child(inside).child(line(0.75, 0, Dash::Solid)));
                first.child(Element::new("c:spPr").child(line(1.0, 0, Dash::of(number)))).child(marker)
            }
            ChartKind::Pie => first.all((0..self.chart.categories.len()).map(|slice| {
                Element::new("c:dPt")
                    .child(value("c:idx", slice))
                    .child(value("c:bubble3D", 0))
                    .child(filled(Tone::of(slice)))
            })),
        };
        let rows = self.chart.categories.len();
        let categories = Element::new("c:cat").child(
            Element::new("c:strRef")
                .child(text_of("c:f", &sheet::categories(rows)))
                .child(strings(self.chart.categories.iter().map(String::as_str))),
        );
        let values = Element::new("c:val").child(
            Element::new("c:numRef")
                .child(text_of("c:f", &sheet::values(number, rows)))
                .child(numbers(series)),
        );
        let smooth = (self.chart.kind == ChartKind::Line).then(|| value("c:smooth", 0));
        looks.child(self.figures(series)).child(categories).child(values).all(smooth)
    }

    /// The figures beside bars, points and slices.
    fn figures(&self, series: &ChartSeries) -> Element<'static> {
        let Some(size) = self.plot.figures else {
            return shown(Element::new("c:dLbls"), [false, false]);
        };
        let is_pie = self.chart.kind == ChartKind::Pie;
        let place = match self.chart.kind {
            ChartKind::Bar => "outEnd",
            ChartKind::Line => "t",
            // Moved apart, some may be on slices: on white.
            ChartKind::Pie if self.plot.crowded => "bestFit",
            ChartKind::Pie => "outEnd",
        };
        let usual = usual(series);
        let behind = if place == "bestFit" { solid(0xFF) } else { no_fill() };
        let label = |label: Element<'static>, format: &str| {
            let label = label
                .child(number_format(format))
                .child(Element::new("c:spPr").child(behind.clone()).child(no_line()))
                .child(self.text(size))
                .child(value("c:dLblPos", place));
            shown(label, [true, is_pie]).all(is_pie.then(|| text_of("c:separator", " ")))
        };
        // Not every program shows a figure in a format of its own unless its label says so.
        let others = series.points.iter().enumerate().filter_map(|(at, point)| {
            let own = format(point.as_ref()?.written());
            (own != usual).then(|| label(Element::new("c:dLbl").child(value("c:idx", at)), &own))
        });
        let labels = label(Element::new("c:dLbls").all(others), &usual);
        labels.all(is_pie.then(|| value("c:showLeaderLines", 1)))
    }

    // ECMA-376-1, 21.2.2.25 (catAx)
    fn categories_axis(&self) -> Element<'static> {
        let skip = (self.plot.every > 1).then(|| value("c:tickLblSkip", self.plot.every));
        Element::new("c:catAx")
            .child(value("c:axId", CATEGORIES))
            .child(Element::new("c:scaling").child(value("c:orientation", "minMax")))
            .child(value("c:delete", 0))
            .child(value("c:axPos", "b"))
            .child(number_format("General"))
            .child(value("c:majorTickMark", "none"))
            .child(value("c:minorTickMark", "none"))
            .child(value("c:tickLblPos", "low"))
            .child(Element::new("c:spPr").child(line(0.75, 0, Dash::Solid)))
            .child(self.text(self.plot.text))
            .child(value("c:crossAx", VALUES))
            .child(value("c:crosses", "autoZero"))
            .child(value("c:auto", 0))
            .child(value("c:lblAlgn", "ctr"))
            .child(value("c:lblOffset", 50))
            .all(skip)
            .child(value("c:noMultiLvlLbl", 1))
    }

    // ECMA-376-1, 21.2.2.226 (valAx)
    fn values_axis(&self, axis: Axis) -> Element<'static> {
        let grid = Element::new("c:majorGridlines");
        let written = Written { decimals: axis.decimals(), signed: false, grouped: false, unit: None };
        Element::new("c:valAx")
            .child(value("c:axId", VALUES))
            .child(
                Element::new("c:scaling")
                    .child(value("c:orientation", "minMax"))
                    .child(value("c:max", axis.max.normalize()))
                    .child(value("c:min", axis.min.normalize())),
            )
            .child(value("c:delete", 0))
            .child(value("c:axPos", "l"))
            .child(grid.child(Element::new("c:spPr").child(line(0.35, 0xBF, Dash::Solid))))
            .child(number_format(&format(written)))
            .child(value("c:majorTickMark", "none"))
            .child(value("c:minorTickMark", "none"))
            .child(value("c:tickLblPos", "low"))
            .child(Element::new("c:spPr").child(no_line()))
            .child(self.text(self.plot.text))
            .child(value("c:crossAx", CATEGORIES))
            .child(value("c:crosses", "autoZero"))
            .child(value("c:crossBetween", "between"))
            .child(value("c:majorUnit", axis.step.normalize()))
    }

    /// The heading at the top left.
    fn title(&self, heading: &str) -> Element<'static> {
        let place = Element::new("c:manualLayout")
            .child(value("c:xMode", "edge"))
            .child(value("c:yMode", "edge"))
            .child(value("c:x", 0))
            .child(value("c:y", 0));
        let run = Element::new("a:r")
            .child(self.properties("a:rPr", self.plot.text, true))
            .child(text_of("a:t", heading));
        let paragraph = Element::new("a:p")
            .child(Element::new("a:pPr").child(self.properties("a:defRPr", self.plot.text, false)))
            .child(run);
        let rich = Element::new("c:rich").child(upright()).child(Element::new("a:lstStyle")).child(paragraph);
        Element::new("c:title")
            .child(Element::new("c:tx").child(rich))
            .child(Element::new("c:layout").child(place))
            .child(value("c:overlay", 1))
    }

    fn legend(&self, place: Rect) -> Element<'static> {
        Element::new("c:legend")
            .child(value("c:legendPos", "b"))
            .child(Element::new("c:layout").child(self.at(place, None)))
            .child(value("c:overlay", 0))
            .child(self.text(self.plot.text))
    }

    fn plot_layout(&self) -> Element<'static> {
        Element::new("c:layout").child(self.at(self.plot.inner, Some("inner")))
    }

    /// A place in the chart, in shares of its size.
    // ECMA-376-1, 21.2.2.88 (manualLayout)
    fn at(&self, place: Rect, target: Option<&str>) -> Element<'static> {
        let share = |part: Length, whole: Length| ((part / whole) * 1e6).round() / 1e6;
        let Size { width, height } = self.plot.size;
        Element::new("c:manualLayout")
            .all(target.map(|target| value("c:layoutTarget", target)))
            .child(value("c:xMode", "edge"))
            .child(value("c:yMode", "edge"))
            .child(value("c:x", share(place.left(), width)))
            .child(value("c:y", share(place.top(), height)))
            .child(value("c:w", share(place.size.width, width)))
            .child(value("c:h", share(place.size.height, height)))
    }

    /// The properties of texts of this size.
    fn text(&self, size: Length) -> Element<'static> {
        let paragraph = Element::new("a:p")
            .child(Element::new("a:pPr").child(self.properties("a:defRPr", size, false)))
            .child(Element::new("a:endParaRPr").with("lang", "zh-CN"));
        Element::new("c:txPr").child(upright()).child(Element::new("a:lstStyle")).child(paragraph)
    }

    fn properties(&self, name: &'static str, size: Length, has_language: bool) -> Element<'static> {
        let face = self.document.styles.get(CHART_ROLE).face;
        let properties = Element::new(name);
        let properties = if has_language { properties.with("lang", "zh-CN") } else { properties };
        let properties =
            properties.with("sz", (size.to_pt() * 100.0).round() as i64).with("b", 0).child(solid(0));
        match self.document.families.get(&face) {
            Some(family) => properties
                .child(Element::new("a:latin").with("typeface", &family.latin))
                .child(Element::new("a:ea").with("typeface", &family.east_asian)),
            None => properties,
        }
    }
}

/// Which figures and names are shown, and nothing else.
fn shown(labels: Element<'static>, [figure, name]: [bool; 2]) -> Element<'static> {
    labels
        .child(value("c:showLegendKey", 0))
        .child(value("c:showVal", u8::from(figure)))
        .child(value("c:showCatName", u8::from(name)))
        .child(value("c:showSerName", 0))
        .child(value("c:showPercent", 0))
        .child(value("c:showBubbleSize", 0))
}

/// Text that is not turned where there is little room.
fn upright() -> Element<'static> {
    Element::new("a:bodyPr").with("rot", 0).with("vert", "horz")
}

fn number_format(format: &str) -> Element<'static> {
    Element::new("c:numFmt").with("formatCode", format).with("sourceLinked", 0)
}

fn value(name: &'static str, value: impl ToString) -> Element<'static> {
    Element::new(name).with("val", value)
}

fn text_of(name: &'static str, text: &str) -> Element<'static> {
    Element::new(name).text(text)
}

/// The texts that are shown, as the workbook has them.
fn strings<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Element<'static> {
    let cache = Element::new("c:strCache").child(value("c:ptCount", texts.len()));
    cache.all(
        texts.enumerate().map(|(at, text)| Element::new("c:pt").with("idx", at).child(text_of("c:v", text))),
    )
}

/// The figures that are shown, as the workbook has them.
fn numbers(series: &ChartSeries) -> Element<'static> {
    let usual = usual(series);
    let cache = Element::new("c:numCache")
        .child(text_of("c:formatCode", &usual))
        .child(value("c:ptCount", series.points.len()));
    cache.all(series.points.iter().enumerate().filter_map(|(at, point)| {
        let point: &ChartPoint = point.as_ref()?;
        let own = format(point.written());
        let element = Element::new("c:pt").with("idx", at);
        let element = if own == usual { element } else { element.with("formatCode", own) };
        Some(element.child(text_of("c:v", &point.value.to_string())))
    }))
}

fn symbol(form: Form) -> &'static str {
    match form {
        Form::Circle => "circle",
        Form::Square => "square",
        Form::Triangle => "triangle",
        Form::Diamond => "diamond",
    }
}

fn hexadecimal(gray: u8) -> String {
    format!("{gray:02X}").repeat(3)
}

fn colour(gray: u8) -> Element<'static> {
    value("a:srgbClr", hexadecimal(gray))
}

fn solid(gray: u8) -> Element<'static> {
    Element::new("a:solidFill").child(colour(gray))
}

fn no_fill() -> Element<'static> {
    Element::new("a:noFill")
}

fn no_line() -> Element<'static> {
    Element::new("a:ln").child(no_fill())
}

// ECMA-376-1, 20.1.10.48 (ST_PresetLineDashVal)
fn line(width: f64, gray: u8, dash: Dash) -> Element<'static> {
    let dash = match dash {
        Dash::Solid => "solid",
        Dash::Short => "dash",
        Dash::Dotted => "sysDot",
        Dash::Chain => "dashDot",
        Dash::Long => "lgDash",
        Dash::LongChain => "lgDashDotDot",
    };
    Element::new("a:ln")
        .with("w", Length::pt(width).to_emu())
        .child(solid(gray))
        .child(value("a:prstDash", dash))
        .child(Element::new("a:round"))
}

/// A tone with a thin line around it.
// ECMA-376-1, 20.1.10.51 (ST_PresetPatternVal)
fn filled(tone: Tone) -> Element<'static> {
    let pattern = |name: &str| {
        Element::new("a:pattFill")
            .with("prst", name)
            .child(Element::new("a:fgClr").child(colour(0)))
            .child(Element::new("a:bgClr").child(colour(0xFF)))
    };
    let fill = match tone {
        Tone::Gray(gray) => solid(gray),
        Tone::Lines([Direction::Up]) => pattern("wdUpDiag"),
        Tone::Lines([Direction::Down]) => pattern("wdDnDiag"),
        Tone::Lines([Direction::Across]) => pattern("narHorz"),
        Tone::Lines([Direction::Upright]) => pattern("narVert"),
        Tone::Lines([Direction::Up, ..]) => pattern("diagCross"),
        Tone::Lines(_) => pattern("smGrid"),
    };
    Element::new("c:spPr").child(fill).child(line(0.5, 0, Dash::Solid))
}
