//! What tells series apart in black and white: tones and hatching of bars and slices, dashes and markers of lines.
//!
//! Word has the same ones under names of its own, so that the chart in the Word file looks alike.

use super::shapes::{Area, segment};
use crate::geom::Length;
use crate::pages::{Fill, Step};
use crate::style::Colour;

/// What a bar or a slice is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A gray; 0 is black.
    Gray(u8),
    /// Lines, in these directions.
    Lines(&'static [Direction]),
}

/// The direction of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Up to the right.
    Up,
    /// Down to the right.
    Down,
    /// From left to right.
    Across,
    /// From bottom to top.
    Upright,
}

/// Neighbours differ: a dark tone, hatching, a light tone by turns.
const TONES: [Tone; 12] = [
    Tone::Gray(0x6E),
    Tone::Lines(&[Direction::Up]),
    Tone::Gray(0xD9),
    Tone::Lines(&[Direction::Up, Direction::Down]),
    Tone::Gray(0xFF),
    Tone::Lines(&[Direction::Across]),
    Tone::Gray(0x40),
    Tone::Lines(&[Direction::Down]),
    Tone::Gray(0xB0),
    Tone::Lines(&[Direction::Upright]),
    Tone::Gray(0x90),
    Tone::Lines(&[Direction::Across, Direction::Upright]),
];

impl Tone {
    /// That of the series or slice of this number.
    pub fn of(number: usize) -> Tone {
        TONES[number % TONES.len()]
    }

    /// The fill of a shape within this area.
    pub(super) fn fill(self, area: &Area) -> Fill {
        match self {
            Tone::Gray(gray) => Fill::Solid(Colour { rgb: [gray; 3] }),
            Tone::Lines(directions) => {
                let lines = directions.iter().flat_map(|direction| direction.lines(area));
                Fill::Lines(lines.flatten().collect(), Length::pt(0.5))
            }
        }
    }
}

impl Direction {
    /// Lines through an area, at the same places for every area of a chart.
    fn lines(self, area: &Area) -> Vec<[Step; 2]> {
        /// From line to line, in points.
        const APART: f64 = 3.5;
        let Area { left, top, right, bottom } = *area;
        let places = |from: f64, to: f64, apart: f64| {
            let (first, last) = ((from / apart).ceil() as i64, (to / apart).floor() as i64);
            (first..=last).map(move |number| number as f64 * apart)
        };
        let slanted = APART * std::f64::consts::SQRT_2;
        match self {
            // x + y is the same along a line.
            Direction::Up => places(left + top, right + bottom, slanted)
                .map(|sum| {
                    let (x0, x1) = ((sum - bottom).max(left), (sum - top).min(right));
                    segment((x0, sum - x0), (x1, sum - x1))
                })
                .collect(),
            Direction::Down => places(left - bottom, right - top, slanted)
                .map(|difference| {
                    let (x0, x1) = ((difference + top).max(left), (difference + bottom).min(right));
                    segment((x0, x0 - difference), (x1, x1 - difference))
                })
                .collect(),
            Direction::Across => places(top, bottom, APART).map(|y| segment((left, y), (right, y))).collect(),
            Direction::Upright => {
                places(left, right, APART).map(|x| segment((x, top), (x, bottom))).collect()
            }
        }
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    Solid,
    Short,
    Dotted,
    Chain,
    Long,
    LongChain,
}

const DASHES: [Dash; 6] = [Dash::Solid, Dash::Short, Dash::Dotted, Dash::Chain, Dash::Long, Dash::LongChain];

impl Dash {
    /// That of the series of this number.
    pub fn of(number: usize) -> Dash {
        DASHES[number % DASHES.len()]
    }

    /// Dashes and gaps, in points.
    pub(super) fn lengths(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Short => &[5.0, 3.0],
            Dash::Dotted => &[1.5, 2.0],
            Dash::Chain => &[6.0, 2.5, 1.5, 2.5],
            Dash::Long => &[10.0, 4.0],
            Dash::LongChain => &[9.0, 2.5, 1.5, 2.5, 1.5, 2.5],
        }
    }
}

/// What stands on the points of a line: a form, black or white inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Its form.
    pub form: Form,
    /// Whether it is black inside.
    pub is_black: bool,
}

/// The form of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Circle,
    Square,
    Triangle,
    Diamond,
}

const MARKERS: [(Form, bool); 6] = [
    (Form::Circle, true),
    (Form::Square, false),
    (Form::Triangle, true),
    (Form::Diamond, false),
    (Form::Square, true),
    (Form::Circle, false),
];

impl Marker {
    /// That of the series of this number.
    pub fn of(number: usize) -> Marker {
        let (form, is_black) = MARKERS[number % MARKERS.len()];
        Marker { form, is_black }
    }
}
