//! Lengths, points and rectangles on a page.
//!
//! A length is a whole number of EMU (English metric units), so that the same page comes out on every
//! machine: 1 pt = 12 700, 1 mm = 36 000, 1 twip = 635. Points become `f32`/`f64` only at the edge of a
//! writer. The origin of a page is its top left corner and y grows downwards; the PDF writer converts it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Deserializer};

/// A length in EMU: exact in millimetres, points and twips.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i64);

impl Length {
    /// No length.
    pub const ZERO: Length = Length(0);
    /// EMU in a point.
    pub const PER_PT: i64 = 12_700;
    /// EMU in a millimetre.
    pub const PER_MM: i64 = 36_000;
    /// EMU in a twip, the twentieth of a point.
    pub const PER_TWIP: i64 = 635;

    /// This many EMU.
    pub const fn emu(value: i64) -> Self {
        Length(value)
    }

    /// This many points, rounded to the nearest EMU.
    pub fn pt(value: f64) -> Self {
        Length((value * Self::PER_PT as f64).round() as i64)
    }

    /// This many millimetres, rounded to the nearest EMU.
    pub fn mm(value: f64) -> Self {
        Length((value * Self::PER_MM as f64).round() as i64)
    }

    /// This many twips.
    pub const fn twips(value: i64) -> Self {
        Length(value * Self::PER_TWIP)
    }

    /// The length in EMU.
    pub const fn to_emu(self) -> i64 {
        self.0
    }

    /// The length in points.
    pub fn to_pt(self) -> f64 {
        self.0 as f64 / Self::PER_PT as f64
    }

    /// The length in millimetres.
    pub fn to_mm(self) -> f64 {
        self.0 as f64 / Self::PER_MM as f64
    }

    /// The length in twips, rounded to the nearest.
    pub const fn to_twips(self) -> i64 {
        (self.0 + if self.0 < 0 { -Self::PER_TWIP / 2 } else { Self::PER_TWIP / 2 }) / Self::PER_TWIP
    }

    /// This share of the length, rounded to the nearest EMU.
    pub fn scale(self, factor: f64) -> Self {
        Length((self.0 as f64 * factor).round() as i64)
    }

    /// The length without its sign.
    pub const fn abs(self) -> Self {
        Length(self.0.abs())
    }

    /// Reads `"37mm"`, `"29.6pt"`, `"592twips"`.
    ///
    /// # Errors
    /// `None` for anything without one of these three units.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unit =
            |suffix: &str| text.strip_suffix(suffix)?.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        if let Some(value) = unit("mm") {
            Some(Length::mm(value))
        } else if let Some(value) = unit("pt") {
            Some(Length::pt(value))
        } else {
            unit("twips").map(|value| Length((value * Self::PER_TWIP as f64).round() as i64))
        }
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}mm", self.to_mm())
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Length::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("a length such as \"37mm\" or \"16pt\", not {text:?}"))
        })
    }
}

impl Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0 + other.0)
    }
}

impl Sub for Length {
    type Output = Length;
    fn sub(self, other: Length) -> Length {
        Length(self.0 - other.0)
    }
}

impl Neg for Length {
    type Output = Length;
    fn neg(self) -> Length {
        Length(-self.0)
    }
}

impl Mul<i64> for Length {
    type Output = Length;
    fn mul(self, factor: i64) -> Length {
        Length(self.0 * factor)
    }
}

impl Div<i64> for Length {
    type Output = Length;
    fn div(self, divisor: i64) -> Length {
        Length(self.0 / divisor)
    }
}

impl Div for Length {
    type Output = f64;
    fn div(self, other: Length) -> f64 {
        self.0 as f64 / other.0 as f64
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Length) {
        self.0 += other.0;
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Length) {
        self.0 -= other.0;
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Length>>(lengths: I) -> Length {
        lengths.fold(Length::ZERO, Add::add)
    }
}

/// A place on a page, from its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// From the left edge.
    pub x: Length,
    /// From the top edge, downwards.
    pub y: Length,
}

impl Point {
    /// The point at `x`, `y`.
    pub const fn new(x: Length, y: Length) -> Self {
        Point { x, y }
    }

    /// The point so far to the right and below.
    pub fn moved(self, by: Point) -> Self {
        Point { x: self.x + by.x, y: self.y + by.y }
    }
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: Length,
    /// Down.
    pub height: Length,
}

impl Size {
    /// A size of `width` by `height`.
    pub const fn new(width: Length, height: Length) -> Self {
        Size { width, height }
    }
}

/// A rectangle with its top left corner and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Top left corner.
    pub origin: Point,
    /// Width and height.
    pub size: Size,
}

impl Rect {
    /// The rectangle of `size` at `x`, `y`.
    pub const fn new(x: Length, y: Length, width: Length, height: Length) -> Self {
        Rect { origin: Point::new(x, y), size: Size::new(width, height) }
    }

    /// The left edge.
    pub fn left(&self) -> Length {
        self.origin.x
    }

    /// The right edge.
    pub fn right(&self) -> Length {
        self.origin.x + self.size.width
    }

    /// The top edge.
    pub fn top(&self) -> Length {
        self.origin.y
    }

    /// The bottom edge.
    pub fn bottom(&self) -> Length {
        self.origin.y + self.size.height
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_units_are_exact() {
        assert_eq!(Length::pt(29.6), Length::twips(592));
        assert_eq!(Length::mm(25.4), Length::pt(72.0));
        assert_eq!(Length::parse("34.58mm"), Some(Length::emu(1_244_880)));
        assert_eq!(Length::parse("592 twips"), Some(Length::pt(29.6)));
        assert_eq!(Length::twips(-7).to_twips(), -7);
    }

    #[test]
    fn length_without_unit_is_refused() {
        for text in ["37", "mm", "37cm", "infpt", ""] {
            assert_eq!(Length::parse(text), None, "{text}");
        }
    }
}
