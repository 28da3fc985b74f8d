//! Shapes of charts from coordinates in points; lengths are whole EMU from here on.

use super::tone::Tone;
use crate::geom::{Length, Point, Rect, Size};
use crate::pages::{Fill, Shape, Step, Stroke};
use crate::style::Colour;

/// A rectangle in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn to_rect(self) -> Rect {
        let (from, to) = (at((self.left, self.top)), at((self.right, self.bottom)));
        Rect::new(from.x, from.y, to.x - from.x, to.y - from.y)
    }

    /// Whether two areas have something in common.
    pub fn meets(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Whether a straight line runs through it.
    pub fn is_crossed(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        // Liang and Barsky: the part of the line that is within each pair of edges.
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut start, mut end) = (0.0_f64, 1.0_f64);
        let edges = [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ];
        for (change, room) in edges {
            if change == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if change < 0.0 {
                start = start.max(room / change);
            } else {
                end = end.min(room / change);
            }
        }
        start < end
    }
}

pub(super) fn at((x, y): (f64, f64)) -> Point {
    Point::new(Length::pt(x), Length::pt(y))
}

pub(super) fn segment(from: (f64, f64), to: (f64, f64)) -> [Step; 2] {
    [Step::Move(at(from)), Step::Line(at(to))]
}

pub(super) fn rect(area: &Area) -> Step {
    Step::Rect(area.to_rect())
}

/// A closed outline through these points.
pub(super) fn polygon(points: &[(f64, f64)]) -> Vec<Step> {
    let steps = points.iter().enumerate().map(|(number, point)| match number {
        0 => Step::Move(at(*point)),
        _ => Step::Line(at(*point)),
    });
    steps.chain([Step::Close]).collect()
}

/// Curves around a centre from one angle to another, clockwise from the right, in radians; the first step begins them.
pub(super) fn arc(centre: (f64, f64), radius: f64, from: f64, to: f64) -> Vec<Step> {
    let count = ((to - from) / std::f64::consts::FRAC_PI_2).ceil().max(1.0);
    let angle = (to - from) / count;
    // A quarter of a circle and less is a Bézier curve to a thousandth of its radius.
    let reach = radius * 4.0 / 3.0 * (angle / 4.0).tan();
    let on = |angle: f64| (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin());
    let mut steps = vec![Step::Line(at(on(from)))];
    for number in 0..count as usize {
        let (one, other) = (from + angle * number as f64, from + angle * (number + 1) as f64);
        let ((x0, y0), (x1, y1)) = (on(one), on(other));
        steps.push(Step::Curve(
            at((x0 - reach * one.sin(), y0 + reach * one.cos())),
            at((x1 + reach * other.sin(), y1 - reach * other.cos())),
            at((x1, y1)),
        ));
    }
    steps
}

/// A whole circle.
pub(super) fn circle(centre: (f64, f64), radius: f64) -> Vec<Step> {
    let mut steps = arc(centre, radius, 0.0, std::f64::consts::TAU);
    if let Some(Step::Line(first)) = steps.first().copied() {
        steps[0] = Step::Move(first);
    }
    steps.push(Step::Close);
    steps
}

/// The rectangle around a whole chart, which nothing paints.
pub(super) fn around(size: Size) -> Shape {
    let whole = Rect { origin: Point::default(), size };
    Shape { outline: vec![Step::Rect(whole)], fill: Fill::None, stroke: None }
}

/// A shape with a thin black line around it.
pub(super) fn outlined(tone: Tone, outline: Vec<Step>, area: &Area) -> Shape {
    Shape { outline, fill: tone.fill(area), stroke: Some(stroke(0.5, 0, &[])) }
}

/// A shape of one gray without a line around it.
pub(super) fn filled(gray: u8, outline: Vec<Step>) -> Shape {
    Shape { outline, fill: Fill::Solid(Colour { rgb: [gray; 3] }), stroke: None }
}

/// Straight lines.
pub(super) fn line_of(width: f64, gray: u8, segments: &[[Step; 2]]) -> Shape {
    Shape { outline: segments.concat(), fill: Fill::None, stroke: Some(stroke(width, gray, &[])) }
}

pub(super) fn stroke(width: f64, gray: u8, dashes: &[f64]) -> Stroke {
    let dashes = dashes.iter().map(|dash| Length::pt(*dash)).collect();
    Stroke { width: Length::pt(width), colour: Colour { rgb: [gray; 3] }, dashes }
}
