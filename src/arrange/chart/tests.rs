//! Charts of many shapes: nothing overlaps, nothing is outside, nothing is too small.

use super::*;
use crate::document::{ChartPoint, ChartSeries};

fn axis(min: &str, max: &str, most: u32) -> String {
    let number = |text: &str| Decimal::from_str_exact(text).expect("a number");
    let axis = Axis::of(number(min), number(max), most);
    axis.ticks().map(|tick| axis.text(tick)).collect::<Vec<_>>().join(" ")
}

#[test]
fn ticks_are_round_numbers() {
    assert_eq!(axis("0", "168", 6), "0 50 100 150 200");
    assert_eq!(axis("0", "0.85", 6), "0.0 0.2 0.4 0.6 0.8 1.0");
    assert_eq!(axis("-1.2", "8.1", 6), "-2 0 2 4 6 8 10");
    assert_eq!(axis("87.5", "98", 6), "86 88 90 92 94 96 98");
    assert_eq!(axis("0", "0", 5), "0.0 0.2 0.4 0.6 0.8 1.0");
    assert_eq!(axis("0", "999999999999999", 4), "0 500000000000000 1000000000000000");
    assert_eq!(axis("0", "0.000000001", 4), "0.0000000000 0.0000000005 0.0000000010");
}

/// A document whose styles the charts take.
fn document() -> Document {
    let json = r#"{"format": 1, "layout": "general-document", "issuer": "某某局", "title": "题", "preamble": ["文。"]}"#;
    let source = crate::source::Source::parse(json.as_bytes()).expect("parses");
    let (report, _) = crate::report::read(&source).expect("reads");
    let layout = crate::layout::Layouts::embedded().get("general-document").expect("ships");
    let figures = crate::figures::Figures::of(&report, &layout);
    crate::document::compose(&report, &figures, &(), &crate::Limits::default()).expect("composes").0
}

fn chart(kind: ChartKind, categories: usize, series: usize, name: &str, seed: u64) -> Chart {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as i64
    };
    let mut point = move |_| {
        let sign = if kind == ChartKind::Pie || next() % 4 > 0 { "" } else { "-" };
        let text = format!("{sign}{}.{}", next() % 10_i64.pow(1 + (seed % 5) as u32) + 1, next() % 10);
        (kind == ChartKind::Pie || !seed.is_multiple_of(3) || text.len() % 3 > 0)
            .then(|| ChartPoint::read(&text))
            .flatten()
    };
    let series = (0..series).map(|number| ChartSeries {
        name: format!("{name}{number}"),
        points: (0..categories).map(&mut point).collect(),
    });
    let series = series.collect();
    let categories = (0..categories).map(|at| name.chars().cycle().take(2 + at * 5 % 17).collect()).collect();
    Chart { kind, heading: Some("单位：件".to_owned()), categories, series }
}

/// The box of a line of text, in points.
fn extent(label: &Label, setter: &Setter) -> Area {
    let (size, x, y) = (label.size.to_pt(), label.at.x.to_pt(), label.at.y.to_pt());
    Area {
        left: x,
        top: y - size * 0.8,
        right: x + setter.width(&label.text, size),
        bottom: y + size * DESCENT,
    }
}

#[test]
fn labels_never_overlap_nor_leave_the_chart() {
    let (fonts, document) = (Fonts::embedded(), document());
    let setter = Setter::new(&document, &fonts);
    let mut seed = 0;
    for kind in [ChartKind::Bar, ChartKind::Line, ChartKind::Pie] {
        for name in [
            "年",
            "人力资源和社会保障局",
            "2024年",
            "gongwen",
            "第一产业（含农业）",
            "样例市人民政府办公室政务公开科综合协调组",
        ] {
            for (categories, series) in [(1, 1), (2, 3), (5, 1), (7, 2), (12, 1), (10, 6), (30, 1), (60, 1)] {
                if kind == ChartKind::Pie && (series > 1 || categories > 12) {
                    continue;
                }
                seed += 1;
                for height in [40.0, 70.0, 150.0] {
                    let what = format!("{kind:?} {name} {categories}×{series}, {height} mm");
                    let chart = chart(kind, categories, series, name, seed);
                    let size = Size::new(Length::mm(156.0), Length::mm(height));
                    let (plot, _) = arrange(&chart, size, Length::mm(180.0), &document, &fonts);
                    let boxes: Vec<Area> = plot.labels.iter().map(|label| extent(label, &setter)).collect();
                    let (width, height) = (plot.size.width.to_pt(), plot.size.height.to_pt());
                    for (at, one) in boxes.iter().enumerate() {
                        let text = &plot.labels[at].text;
                        assert!(plot.labels[at].size >= Length::pt(8.0), "{what}: {text} is too small");
                        let is_inside = one.left >= -0.5
                            && one.top >= -0.5
                            && one.right <= width + 0.5
                            && one.bottom <= height + 0.5;
                        assert!(is_inside, "{what}: {text} at {one:?} leaves {width} × {height}");
                        for (other, second) in boxes.iter().enumerate().skip(at + 1) {
                            let (text, other) = (text, &plot.labels[other].text);
                            assert!(!one.meets(second), "{what}: {text} {one:?} overlaps {other} {second:?}");
                        }
                    }
                }
            }
        }
    }
}
