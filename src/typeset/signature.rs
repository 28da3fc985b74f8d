//! 署名、成文日期、印章 as pieces, at the places that `arrange` gave them.

use super::collect::Collector;
use crate::arrange::Placement;
use crate::document::{NodeId, Signature, TableText};
use crate::geom::{Length, Rect};
use crate::pages::{Item, Owner, PlacedImage};
use crate::style::{Align, Role, Style};
use crate::text::line::{Measure, Span};

/// Lines of the signature block, which stay together.
pub(super) fn collect(collector: &mut Collector, block: NodeId, signature: &Signature) {
    let document = collector.document;
    let placement = document.signature(block);
    let first = collector.story.pieces.len();
    for row in &placement.rows {
        let names = signature.signatories.iter().skip(row.first);
        let names: Vec<(&TableText, Length)> = names.zip(row.lefts.iter().copied()).collect();
        line(collector, &names, Role::Signatory, row.space_before, row.spacing);
    }
    if let Some(date) = &signature.date {
        line(collector, &[(date, placement.date_left)], Role::Date, placement.date_before, Length::ZERO);
    }
    let pieces = &mut collector.story.pieces[first..];
    let Some((last, others)) = pieces.split_last_mut() else { return };
    others.iter_mut().for_each(|piece| piece.keep = true);
    last.keep = false;
    let lift = match signature.date {
        Some(_) => Length::ZERO,
        None => document.styles.get(Role::Signatory).line_pitch,
    };
    seals(collector, signature, placement, lift);
}

/// Names side by side on one line; a name that is too long for the line continues below it.
fn line(
    collector: &mut Collector,
    texts: &[(&TableText, Length)],
    role: Role,
    before: Length,
    spacing: Length,
) {
    let mut style = Style { align: Align::Left, ..collector.document.styles.get(role).clone() };
    style.character_spacing += spacing;
    let plain = Measure::plain(collector.document.page.type_width());
    let first = collector.story.pieces.len();
    for (index, (text, left)) in texts.iter().enumerate() {
        let span = Span::plain(Owner::Node(text.id), style.face, &text.text);
        let measure = Measure { left: *left, ..plain };
        collector.lines_in(&[span], &style, &measure);
        if index > 0 {
            collector.join_last();
        }
    }
    if let Some(piece) = collector.story.pieces.get_mut(first) {
        piece.before += before;
    }
}

/// Attaches the seals to the last line: the date, or the names if there is no date.
fn seals(collector: &mut Collector, signature: &Signature, placement: &Placement, lift: Length) {
    let story = &mut collector.story;
    let Some(hung_on) = story.pieces.len().checked_sub(1) else { return };
    for (seal, place) in signature.seals.iter().zip(&placement.seals) {
        let rect = Rect::new(place.left, place.top + lift, place.size.width, place.size.height);
        story.seals.push((hung_on, rect));
        if let Some(picture) = &seal.picture {
            let image = PlacedImage { owner: Owner::Node(seal.id), rect, picture: picture.clone() };
            story.behind.push((hung_on, Item::Image(image)));
        }
    }
}
