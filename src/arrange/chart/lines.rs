//! Lines of a chart: through the points of each series, with a marker on each; a gap breaks them.

use super::shapes::{Area, at, circle, polygon, rect, stroke};
use super::tone::{Dash, Form, Marker};
use super::{DESCENT, Drawing, Scale};
use crate::document::Chart;
use crate::pages::{Fill, Shape, Step};
use crate::style::Colour;

/// Half the size of a marker, in points.
const MARKER: f64 = 2.4;
/// The width of a line, in points.
const WIDTH: f64 = 1.0;

/// A point of a line.
type Spot = (f64, f64);

/// Draws the lines. The size of their figures, if they are shown.
pub(super) fn draw(chart: &Chart, scale: &Scale, em: f64, drawing: &mut Drawing) -> Option<f64> {
    let spots: Vec<Vec<Option<Spot>>> = chart
        .series
        .iter()
        .map(|series| {
            let points = series.points.iter().enumerate();
            points
                .map(|(at, point)| point.as_ref().map(|point| (scale.middle(at), scale.y(point.value))))
                .collect()
        })
        .collect();
    for (number, spots) in spots.iter().enumerate() {
        let mut outline = Vec::new();
        let mut is_open = false;
        for spot in spots {
            match spot {
                Some(spot) if is_open => outline.push(Step::Line(at(*spot))),
                Some(spot) => outline.push(Step::Move(at(*spot))),
                None => {}
            }
            is_open = spot.is_some();
        }
        let line = stroke(WIDTH, 0, Dash::of(number).lengths());
        drawing.shapes.push(Shape { outline, fill: Fill::None, stroke: Some(line) });
    }
    for (number, spots) in spots.iter().enumerate() {
        drawing.shapes.extend(spots.iter().flatten().map(|spot| marker(number, *spot)));
    }
    let sizes: Vec<f64> = drawing.setter.sizes().filter(|size| *size <= em).collect();
    let (size, places) =
        sizes.into_iter().find_map(|size| Some((size, places(chart, &spots, scale, size, drawing)?)))?;
    for (text, (x, baseline)) in places {
        drawing.figure(&text, size, x, baseline);
    }
    Some(size)
}

/// The places of all figures, each beside its point, where no line, marker or other figure is; none if one has no place.
fn places(
    chart: &Chart,
    spots: &[Vec<Option<Spot>>],
    scale: &Scale,
    size: f64,
    drawing: &Drawing,
) -> Option<Vec<(String, Spot)>> {
    let segments: Vec<(Spot, Spot)> = spots
        .iter()
        .flat_map(|spots| spots.windows(2).filter_map(|pair| Some((pair[0]?, pair[1]?))))
        .collect();
    let markers: Vec<Area> = spots.iter().flatten().flatten().map(|spot| around(*spot)).collect();
    let mut taken: Vec<Area> = Vec::new();
    let mut found = Vec::new();
    let top = scale.inner.top - size * 1.2;
    for (series, spots) in chart.series.iter().zip(spots) {
        for (point, spot) in series.points.iter().zip(spots) {
            let (Some(point), Some((x, y))) = (point, spot) else { continue };
            let width = drawing.setter.width(&point.text, size);
            let (above, below) = (y - MARKER - 3.0, y + MARKER + 2.0 + size * 0.76);
            let (middle, before, behind) = (x - width / 2.0, x - width - 1.0, x + 1.0);
            let free = [
                (middle, above),
                (middle, below),
                (before, above),
                (behind, above),
                (before, below),
                (behind, below),
            ]
            .into_iter()
            .find_map(|(left, baseline)| {
                let area = Area {
                    left: left - 1.5,
                    top: baseline - size * 0.8,
                    right: left + width + 1.5,
                    bottom: baseline + size * DESCENT,
                };
                let is_inside = area.top >= top
                    && area.bottom <= scale.inner.bottom
                    && area.left >= scale.inner.left
                    && area.right <= scale.inner.right + size / 2.0;
                let is_free = segments.iter().all(|(from, to)| !area.is_crossed(*from, *to))
                    && markers.iter().chain(&taken).all(|other| !area.meets(other));
                (is_inside && is_free).then_some((area, (left, baseline)))
            });
            let (area, place) = free?;
            taken.push(area);
            found.push((point.text.clone(), place));
        }
    }
    Some(found)
}

fn around((x, y): Spot) -> Area {
    Area { left: x - MARKER, top: y - MARKER, right: x + MARKER, bottom: y + MARKER }
}

/// What shows in the legend how a line is drawn.
pub(super) fn key(number: usize, area: &Area, drawing: &mut Drawing) {
    let y = (area.top + area.bottom) / 2.0;
    let outline = super::segment((area.left, y), (area.right, y)).to_vec();
    let line = stroke(WIDTH, 0, Dash::of(number).lengths());
    drawing.shapes.push(Shape { outline, fill: Fill::None, stroke: Some(line) });
    drawing.shapes.push(marker(number, ((area.left + area.right) / 2.0, y)));
}

fn marker(number: usize, spot: Spot) -> Shape {
    let Marker { form, is_black } = Marker::of(number);
    let (x, y) = spot;
    let far = MARKER * 1.25;
    let outline = match form {
        Form::Circle => circle(spot, MARKER),
        Form::Square => vec![rect(&around(spot))],
        Form::Triangle => polygon(&[(x, y - far), (x + far, y + MARKER), (x - far, y + MARKER)]),
        Form::Diamond => polygon(&[(x, y - far), (x + far, y), (x, y + far), (x - far, y)]),
    };
    let gray = if is_black { 0 } else { 0xFF };
    Shape { outline, fill: Fill::Solid(Colour { rgb: [gray; 3] }), stroke: Some(stroke(0.75, 0, &[])) }
}
