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
        let notes = notes(chart, width, height, em, setter);
        let breaks = chart.categories.iter().all(|name| setter.broken(name, em, room).is_some());
        (breaks && needed(chart, &notes, width, em, setter) <= size.height.to_pt())
            .then_some((em, size.height))
    });
    let (em, height) = tried.unwrap_or_else(|| {
        let notes = notes(chart, width, size.height.to_pt(), smallest, setter);
        let height = Length::pt(needed(chart, &notes, width, smallest, setter));
        (smallest, height.clamp(size.height, tallest.max(size.height)))
    });
    let size = Size::new(size.width, height);
    let mut drawing = Drawing::new(setter);
    let top = drawing.heading(chart, width, em);
    let radius = radius(width, size.height.to_pt(), top, em);
    let centre = (width / 2.0, top + (size.height.to_pt() - top) / 2.0);
    slices(chart, centre, radius, &mut drawing);
    let mut notes = notes(chart, width, size.height.to_pt(), em, setter);
    let mut crowded = false;
    let half = (size.height.to_pt() - top) / 2.0;
    for is_right in [true, false] {
        let mut side: Vec<&mut Note> = notes.iter_mut().filter(|note| note.is_right == is_right).collect();
        side.sort_by(|one, other| one.y.total_cmp(&other.y));
        let before: Vec<f64> = side.iter().map(|note| note.y).collect();
        spread(&mut side, half, em);
        crowded |= side.iter().zip(before).any(|(note, before)| (note.y - before).abs() > em / 2.0);
    }
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

fn slices(chart: &Chart, centre: (f64, f64), radius: f64, drawing: &mut Drawing) {
    let around = Area {
        left: centre.0 - radius,
        top: centre.1 - radius,
        right: centre.0 + radius,
        bottom: centre.1 + radius,
    };
    let mut from = -FRAC_PI_2;
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
fn notes(chart: &Chart, width: f64, height: f64, em: f64, setter: &Setter) -> Vec<Note> {
    let top = if chart.heading.is_some() { em * PITCH } else { 0.0 };
    let radius = radius(width, height, top, em);
    let room = room(width, radius, em);
    let points = chart.series.iter().take(1).flat_map(|series| &series.points);
    let mut from = -FRAC_PI_2;
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

fn label(note: &Note, (x, y): (f64, f64), radius: f64, em: f64, drawing: &mut Drawing) {
    let side = if note.is_right { 1.0 } else { -1.0 };
    let (cos, sin) = (note.angle.cos(), note.angle.sin());
    let edge = (x + radius * cos, y + radius * sin);
    let end = (x + side * (radius + REACH + RUN), y + note.y);
    // A label that was moved keeps its line outside of the pie.
    let turn = (x + side * (radius + REACH) * cos.abs().max(0.35), y + note.y);
    let turn = if turn.0.is_nan() { end } else { turn };
    drawing.shapes.push(line_of(0.5, 0, &[segment(edge, turn), segment(turn, end)]));
    let first = end.1 - note.lines.len() as f64 * em * PITCH / 2.0 + em * (PITCH - 1.0) / 2.0 + em * ASCENT;
    for (at, line) in note.lines.iter().enumerate() {
        let left = match note.is_right {
            true => end.0 + em * 0.25,
            false => end.0 - em * 0.25 - drawing.setter.width(line, em),
        };
        drawing.label(line.clone(), em, left, first + em * PITCH * at as f64);
    }
}
