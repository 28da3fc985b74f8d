//! A glyph of a page: its text, its place, and how it is seen.

use hayro::kurbo::Point;

/// What stands for a glyph whose character is not known.
pub(super) const UNKNOWN: char = '\u{FFFD}';

/// How a glyph is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Seen {
    #[default]
    Shown,
    /// Text that is not painted, as programs that recognise the text of a scan put it over or under its picture.
    Unpainted,
    /// Under a picture that was drawn after it.
    UnderPicture,
    /// In the colour of what is behind it, transparent, clipped away, too small, under something filled. Tables that are wider
    /// than their page go on beside it.
    Hidden,
    /// A line goes through it.
    Struck,
}

/// The way that text runs on the page as it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    #[default]
    Right,
    Down,
    Left,
    Up,
    /// Aslant, as watermarks do.
    Aslant,
}

/// A glyph with its text.
#[derive(Clone, Debug, Default)]
pub(super) struct Glyph {
    pub x: f64,
    /// Of its baseline, from the top of the page.
    pub y: f64,
    pub size: f64,
    /// How far it advances.
    pub advance: f64,
    /// A space is one glyph that draws nothing.
    pub text: String,
    /// The number of the operator that shows it.
    pub run: usize,
    /// None for a pattern.
    pub colour: Option<[f32; 3]>,
    pub seen: Seen,
    pub way: Way,
    /// Whether it belongs to an annotation.
    pub is_annotation: bool,
    /// The number of its marked content, ISO 32000-1, 14.7.4.2.
    pub mark: Option<u32>,
}

impl Glyph {
    pub fn is_space(&self) -> bool {
        self.text == " "
    }

    pub fn end(&self) -> f64 {
        self.x + self.advance
    }

    /// The middle of a character of the usual height.
    pub fn middle(&self) -> Point {
        self.at(self.advance / 2.0, self.size * 0.35)
    }

    /// The point that is so far along its baseline and so far above it.
    pub fn at(&self, along: f64, up: f64) -> Point {
        match self.way {
            Way::Right | Way::Aslant => Point::new(self.x + along, self.y - up),
            Way::Down => Point::new(self.x + up, self.y + along),
            Way::Left => Point::new(self.x - along, self.y + up),
            Way::Up => Point::new(self.x - up, self.y - along),
        }
    }
}

/// Whether colours are told apart by those who read.
pub(super) fn differ(one: [f32; 3], other: [f32; 3]) -> bool {
    const LEAST: f32 = 0.12;
    one.iter().zip(other).any(|(one, other)| (one - other).abs() > LEAST)
}

/// The way of a direction on the page, whose y axis goes down.
pub(super) fn way(x: f64, y: f64) -> Way {
    const SLANT: f64 = 0.1;
    if y.abs() <= x.abs() * SLANT {
        if x >= 0.0 { Way::Right } else { Way::Left }
    } else if x.abs() <= y.abs() * SLANT {
        if y >= 0.0 { Way::Down } else { Way::Up }
    } else {
        Way::Aslant
    }
}
