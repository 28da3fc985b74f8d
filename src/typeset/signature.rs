//! 署名、成文日期、印章: GB/T 9704—2012, 7.3.5.

use super::collect::Collector;
use crate::document::{Signature, TableText};
use crate::frame::{Item, Owner, PlacedImage};
use crate::geom::{Length, Rect};
use crate::style::{Align, Role, Style};
use crate::text::line::{Measure, Span, text_width};

/// 加盖印章: the date stands this many characters from the right (7.3.5.1).
const DATE_INDENT_WITH_SEAL: i64 = 4;
/// 不加盖印章: the date begins this many characters to the right of the name (7.3.5.2).
const DATE_SHIFT: i64 = 2;
/// The centre of a seal lies this share of its diameter above the middle of the date: the date is pressed by
/// its lower rim (measured on figure 5 of the standard: 22.5 mm of 50 mm).
const SEAL_ABOVE_DATE: f64 = 0.45;
/// From the last line of text to the top of a seal; the standard allows one line of 10.39 mm.
const TEXT_TO_SEAL_MM: f64 = 7.3;

/// Lines of the signature block, which stay together.
pub(super) fn collect(collector: &mut Collector, signature: &Signature) {
    let geometry = Geometry::of(collector, signature);
    let first = collector.story.pieces.len();
    for (signatory, left) in signature.signatories.iter().zip(&geometry.names) {
        line(collector, signatory, Role::Signatory, *left);
    }
    if let Some(date) = &signature.date {
        line(collector, date, Role::Date, geometry.date);
    }
    let last = collector.story.pieces.len();
    for piece in collector.story.pieces[first..last].iter_mut().rev().skip(1) {
        piece.keep = true;
    }
    if let Some(piece) = collector.story.pieces[first..last].last_mut() {
        piece.keep = false;
    }
    let style = collector.document.styles.get(Role::Signatory);
    let Some(seal) = signature.seals.first() else {
        collector.space_around(first, style);
        return;
    };
    // The seal hangs on the last line, which is the date; its top is a set distance below the text.
    let Some(hung_on) = last.checked_sub(1).filter(|last| *last >= first) else { return };
    let middle = style.line_pitch / 2;
    let top = middle - seal.diameter.scale(SEAL_ABOVE_DATE) - seal.diameter / 2;
    let lines_above = style.line_pitch * (hung_on - first) as i64;
    let body = collector.document.styles.get(Role::Body);
    let leading = (body.line_pitch - body.size) / 2;
    let before = (Length::mm(TEXT_TO_SEAL_MM) - leading - top - lines_above).max(Length::ZERO);
    collector.story.pieces[first].before = before;
    let rect = Rect::new(geometry.centre - seal.diameter / 2, top, seal.diameter, seal.diameter);
    collector.story.seals.push((hung_on, rect));
    if let Some(picture) = &seal.picture
        && let super::flow::Content::Items(items) = collector.story.pieces[hung_on].content
    {
        let image = PlacedImage { owner: Owner::Node(seal.id), rect, picture: picture.clone() };
        collector.story.items[items].push(Item::Image(image));
    }
}

/// Where the names and the date begin, from the left edge of the type area.
struct Geometry {
    names: Vec<Length>,
    date: Length,
    /// The middle of date and seal.
    centre: Length,
}

impl Geometry {
    fn of(collector: &Collector, signature: &Signature) -> Geometry {
        let document = collector.document;
        let width = |text: &TableText, role: Role| {
            text_width(collector.fonts, &text.text, document.styles.get(role), &document.text)
        };
        let room = document.page.type_width();
        let character = document.page.character_pitch();
        let widths: Vec<Length> =
            signature.signatories.iter().map(|name| width(name, Role::Signatory)).collect();
        let widest = widths.iter().copied().max().unwrap_or_default();
        let date = signature.date.as_ref().map_or(Length::ZERO, |date| width(date, Role::Date));
        if !signature.seals.is_empty() {
            let indent = character * DATE_INDENT_WITH_SEAL;
            let date_left = room - indent - date;
            let centre = date_left + date / 2;
            let left = |width: Length| (centre - width / 2).min(room - width).max(Length::ZERO);
            return Geometry { names: widths.into_iter().map(left).collect(), date: date_left, centre };
        }
        let indent = document.styles.get(Role::Signatory).indent_right;
        let shift = character * DATE_SHIFT;
        let (name, date_left) = if date > widest {
            (room - indent - date - shift, room - indent - date)
        } else {
            (room - indent - widest, room - indent - widest + shift)
        };
        let name = name.max(Length::ZERO);
        Geometry {
            names: widths.iter().map(|_| name).collect(),
            date: date_left.max(Length::ZERO),
            centre: date_left,
        }
    }
}

fn line(collector: &mut Collector, text: &TableText, role: Role, left: Length) {
    let style = Style { align: Align::Left, ..collector.document.styles.get(role).clone() };
    let width = collector.document.page.type_width();
    let measure = Measure { left, ..Measure::plain(width) };
    let span = Span { owner: Owner::Node(text.id), face: style.face, text: &text.text };
    collector.lines_in(&[span], &style, &measure);
}
