//! A pie: slices clockwise from the top, each with its name and figure beside it and a line that leads there.

use std::f64::consts::{FRAC_PI_2, TAU};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::shapes::{Area, arc, at, circle, line_of, outlined, segment};
use super::{ASCENT, Drawing, PITCH, Plot, SIZES, Setter, Tone};
use crate::document::Chart;
use crate::geom::{Length, Size};
use crate::pages::Step;

/// From the edge of the pie to where the line to a label turns, and on to the label, in points.
const REACH: f64 = 9.0;
const RUN: f64 = 12.0;

/// A label beside the pie.
struct Note {
    lines: Vec<String>,
    /// The direction of the middle of its slice.
    angle: f64,
    is_right: bool,
    /// The middle of its place, from the middle of the pie.
    y: f64,
}

/// Arranges the pie; it gets more height, up to `tallest`, where its labels need it.
pub(super) fn arrange(chart: &Chart, size: Size, tallest: Length, setter: &Setter) -> Plot {
    let width = size.width.to_pt();
    let smallest = SIZES[SIZES.len() - 1];
    let tried = setter.sizes().find_map(|em| {
        let height = size.height.to_pt();
        let room = room(
            width,
            radius(width, height, if chart.heading.is_some() { em * PITCH } else { 0.0 }, em),
            em,
        );
        let notes = notes(chart, width, height, em, 0.0, setter);
        let breaks = chart.categories.iter().all(|name| setter.broken(name, em, room).is_some());
        (breaks && needed(chart, &notes, width, em, setter) <= size.height.to_pt())
            .then_some((em, size.height))
    });
    let (em, height) = tried.unwrap_or_else(|| {
        // A higher pie is wider, and leaves its labels less room beside it.
        let mut height = size.height;
        for _ in 0..4 {
            let notes = notes(chart, width, height.to_pt(), smallest, 0.0, setter);
            let needed = Length::pt(needed(chart, &notes, width, smallest, setter));
            height = needed.clamp(height, tallest.max(height));
        }
        (smallest, height)
    });
    let size = Size::new(size.width, height);
    let mut drawing = Drawing::new(setter);
    let top = drawing.heading(chart, width, em);
    let radius = radius(width, size.height.to_pt(), top, em);
    let centre = (width / 2.0, top + (size.height.to_pt() - top) / 2.0);
    let half = (size.height.to_pt() - top) / 2.0;
    let turned = |turn: u16| {
        let mut notes = notes(chart, width, size.height.to_pt(), em, f64::from(turn).to_radians(), setter);
        let natural: Vec<f64> = notes.iter().map(|note| note.y).collect();
        for is_right in [true, false] {
            let mut side: Vec<&mut Note> =
                notes.iter_mut().filter(|note| note.is_right == is_right).collect();
            side.sort_by(|one, other| one.y.total_cmp(&other.y));
            spread(&mut side, half, em);
        }
        let moved = notes.iter().zip(natural).map(|(note, natural)| (note.y - natural).abs()).sum::<f64>();
        let is_outside = |note: &Note| note.y.abs() + high(note, em) / 2.0 > half + 0.01;
        let outside = notes.iter().filter(|note| is_outside(note)).count();
        let crossing = notes.iter().filter(|note| crosses(note, radius)).count();
        (turn, notes, moved, (outside, crossing))
    };
    // Small slices stand beside their labels where the pie is turned a little; it is not turned for less than a line.
    let mut best = turned(0);
    if best.3 > (0, 0) || best.2 > em * PITCH {
        for turn in (15..360).step_by(15) {
            let other = turned(turn);
            if (other.3, other.2) < (best.3, best.2 - em / 2.0) {
                best = other;
            }
        }
    }
    let (turn, notes, moved, _) = best;
    let crowded = moved > em;
    slices(chart, centre, radius, f64::from(turn).to_radians(), &mut drawing);
    for note in &notes {
        label(note, centre, radius, em, &mut drawing);
    }
    let square = Area {
        left: centre.0 - radius,
        top: centre.1 - radius,
        right: centre.0 + radius,
        bottom: centre.1 + radius,
    };
    Plot {
        size,
        text: Length::pt(em),
        figures: Some(Length::pt(em)),
        axis: None,
        inner: square.to_rect(),
        gap: 0,
        crowded,
        turn,
        every: 1,
        legend: None,
        shapes: drawing.shapes,
        labels: drawing.labels,
    }
}

fn radius(width: f64, height: f64, top: f64, em: f64) -> f64 {
    ((height - top) / 2.0 - REACH - em * 0.8).min(width * 0.24).max(20.0)
}

/// The width of a label beside a pie of this radius.
fn room(width: f64, radius: f64, em: f64) -> f64 {
    width / 2.0 - radius - REACH - RUN - em / 2.0
}

/// The share of each category, from 0 to 1.
fn shares(chart: &Chart) -> Vec<f64> {
    let values = || chart.series.iter().take(1).flat_map(|series| &series.points);
    let value = |point: &Option<crate::document::ChartPoint>| {
        point.as_ref().map_or(Decimal::ZERO, |point| point.value)
    };
    let all: f64 = values().map(value).filter_map(|value| value.to_f64()).sum();
    values().map(|point| value(point).to_f64().unwrap_or(0.0) / all.max(f64::MIN_POSITIVE)).collect()
}

fn slices(chart: &Chart, centre: (f64, f64), radius: f64, turn: f64, drawing: &mut Drawing) {
    let around = Area {
        left: centre.0 - radius,
        top: centre.1 - radius,
        right: centre.0 + radius,
        bottom: centre.1 + radius,
    };
    let mut from = turn - FRAC_PI_2;
    for (number, share) in shares(chart).into_iter().enumerate() {
        let to = from + TAU * share;
        if share >= 1.0 {
            drawing.shapes.push(outlined(Tone::of(number), circle(centre, radius), &around));
        } else if share > 0.0 {
            let mut outline = vec![Step::Move(at(centre))];
            outline.extend(arc(centre, radius, from, to));
            outline.push(Step::Close);
            drawing.shapes.push(outlined(Tone::of(number), outline, &around));
        }
        from = to;
    }
}

/// The labels, each where its slice is.
fn notes(chart: &Chart, width: f64, height: f64, em: f64, turn: f64, setter: &Setter) -> Vec<Note> {
    let top = if chart.heading.is_some() { em * PITCH } else { 0.0 };
    let radius = radius(width, height, top, em);
    let room = room(width, radius, em);
    let points = chart.series.iter().take(1).flat_map(|series| &series.points);
    let mut from = turn - FRAC_PI_2;
    let mut notes = Vec::new();
    for ((share, point), name) in shares(chart).into_iter().zip(points).zip(&chart.categories) {
        let angle = from + TAU * share / 2.0;
        from += TAU * share;
        let Some(point) = point else { continue };
        let whole = format!("{name} {}", point.text);
        let lines = if setter.width(&whole, em) <= room {
            vec![whole]
        } else {
            let mut lines = setter.lines(name, em, room);
            lines.push(point.text.clone());
            lines
        };
        notes.push(Note { lines, angle, is_right: angle.cos() >= 0.0, y: (radius + REACH) * angle.sin() });
    }
    notes
}

fn high(note: &Note, em: f64) -> f64 {
    note.lines.len() as f64 * em * PITCH + em * 0.15
}

/// The height that the labels of the fuller side need.
fn needed(chart: &Chart, notes: &[Note], width: f64, em: f64, setter: &Setter) -> f64 {
    let heading = chart.heading.as_ref().map_or(0, |heading| setter.lines(heading, em, width).len());
    let side = |is_right: bool| {
        notes.iter().filter(|note| note.is_right == is_right).map(|note| high(note, em)).sum()
    };
    f64::max(side(true), side(false)) + heading as f64 * em * PITCH + em * 0.5
}

/// Moves labels apart that would overlap, as little as needed, within `half` above and below the middle.
fn spread(side: &mut [&mut Note], half: f64, em: f64) {
    let mut edge = -half;
    for note in side.iter_mut() {
        let own = high(note, em) / 2.0;
        note.y = note.y.max(edge + own);
        edge = note.y + own;
    }
    let mut edge = half;
    for note in side.iter_mut().rev() {
        let own = high(note, em) / 2.0;
        note.y = note.y.min(edge - own);
        edge = note.y - own;
    }
}

/// Where the line to a label begins, leaves the pie and turns, from the middle of the pie.
fn way(note: &Note, radius: f64) -> [(f64, f64); 3] {
    let side = if note.is_right { 1.0 } else { -1.0 };
    let (cos, sin) = (note.angle.cos(), note.angle.sin());
    let out = radius + REACH / 2.0;
    // As far out as its slice, or beside the pie where the label was moved down along it.
    let natural = (note.y - (radius + REACH) * sin).abs() < 1.0;
    let turn = if natural { (radius + REACH) * cos.abs() } else { radius + REACH };
    [(radius * cos, radius * sin), (out * cos, out * sin), (side * turn, note.y)]
}

/// Whether the line to a label runs through the pie.
fn crosses(note: &Note, radius: f64) -> bool {
    let [_, (x0, y0), (x1, y1)] = way(note, radius);
    let (dx, dy) = (x1 - x0, y1 - y0);
    let along = (-(x0 * dx + y0 * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    (x0 + along * dx).hypot(y0 + along * dy) < radius
}

fn label(note: &Note, (x, y): (f64, f64), radius: f64, em: f64, drawing: &mut Drawing) {
    let side = if note.is_right { 1.0 } else { -1.0 };
    let at = |(right, down): (f64, f64)| (x + right, y + down);
    let [edge, out, turn] = way(note, radius).map(at);
    let end = (x + side * (radius + REACH + RUN), y + note.y);
    drawing.shapes.push(line_of(0.5, 0, &[segment(edge, out), segment(out, turn), segment(turn, end)]));
    let first = end.1 - note.lines.len() as f64 * em * PITCH / 2.0 + em * (PITCH - 1.0) / 2.0 + em * ASCENT;
    for (at, line) in note.lines.iter().enumerate() {
        let left = match note.is_right {
            true => end.0 + em * 0.25,
            false => end.0 - em * 0.25 - drawing.setter.width(line, em),
        };
        drawing.label(line.clone(), em, left, first + em * PITCH * at as f64);
    }
}
