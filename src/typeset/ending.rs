//! The end of the text: a signature has lines of text above it on its page.
//!
//! Where there is no room for it, the standard changes the distance of the lines (GB/T 9704—2012, 7.3.5.5), which both
//! files can do alike. Only where no distance helps is the last paragraph tied to the signature: LibreOffice moves such
//! a paragraph as a whole, and so do these pages with a short one; of a long one they move the last lines alone.

use super::flow::{FlowedPage, Foot, Piece, flow};
use super::notes::NoteHeights;
use crate::geom::Length;
use crate::style::Orientation;

/// The distance of lines is not made smaller or greater than this, in points.
const LEAST_PITCH_PT: f64 = 28.0;
const GREATEST_PITCH_PT: f64 = 32.0;
/// From one distance that is tried to the next: a tenth of a point.
const STEP: Length = Length::twips(2);
/// Word files have whole twips: a page that is nearly a whole number of lines high may hold one line more or less there.
const NEARLY: Length = Length::twips(3);
/// A page with a signature and no more lines of text than this is saved if it can be.
const FEW_LINES: usize = 2;
/// So many lines of text are with a signature if the lines can be moved apart.
const WANTED_LINES: usize = 2;

/// Where the text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The first piece behind the text: of 附件说明, or of the signature.
    pub text: usize,
    /// The first piece of the signature.
    pub signature: usize,
}

/// What is done about the end of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing.
    None,
    /// The lines get this distance.
    LinePitch(Length),
    /// The last paragraph stays with the signature.
    Tie,
}

/// What is to be done, where the lines of text are `pitch` apart.
pub(super) fn remedy(
    pieces: &[Piece],
    notes: &NoteHeights,
    flowed: &[FlowedPage],
    end: End,
    pitch: Length,
    height: impl Fn(Orientation) -> Length + Copy,
) -> Remedy {
    let Some((page, lines)) = place(pieces, flowed, end) else { return Remedy::None };
    if lines > FEW_LINES || page == 0 {
        return Remedy::None;
    }
    let with = |tried: Length| {
        let moved: Vec<Piece> = pieces.iter().map(|piece| at_pitch(piece, pitch, tried)).collect();
        // The type area is counted from the characters of its first and last lines.
        place(&moved, &flow(&moved, notes, Foot::default(), |page| height(page) - (pitch - tried)), end)
    };
    let is_sure = |tried: &Length| {
        let room = height(Orientation::Portrait) - (pitch - *tried);
        let rest = room - *tried * ((room / *tried).floor() as i64);
        rest >= NEARLY && *tried - rest >= NEARLY
    };
    let steps = |step: Length, within: fn(Length) -> bool| {
        let tried = (1..).map(|count| pitch + step * count).take_while(|tried| within(*tried));
        tried.filter(is_sure).collect::<Vec<Length>>()
    };
    let tighter = steps(-STEP, |tried| tried >= Length::pt(LEAST_PITCH_PT));
    let saves = |tried: &Length| with(*tried).is_some_and(|(other, _)| other < page);
    if tighter.last().is_some_and(saves) {
        // The closer the lines, the earlier the end: the greatest distance that saves the page.
        let first = tighter.partition_point(|tried| !saves(tried)).min(tighter.len() - 1);
        return Remedy::LinePitch(tighter[first]);
    }
    if lines > 0 {
        return Remedy::None;
    }
    let looser = steps(STEP, |tried| tried <= Length::pt(GREATEST_PITCH_PT));
    let moved = |wanted: usize| {
        let moves =
            |tried: &&Length| with(**tried).is_some_and(|(other, lines)| other == page && lines >= wanted);
        looser.iter().find(moves).copied()
    };
    moved(WANTED_LINES).or_else(|| moved(1)).map_or(Remedy::Tie, Remedy::LinePitch)
}

/// The page of the signature, and how many lines of text are above it there.
pub(super) fn place(pieces: &[Piece], flowed: &[FlowedPage], end: End) -> Option<(usize, usize)> {
    let on = |page: &FlowedPage| page.placed.iter().position(|placed| placed.piece == end.signature);
    let page = flowed.iter().position(|page| on(page).is_some())?;
    let above = &flowed[page].placed[..on(&flowed[page])?];
    // A row or a picture is as good as many lines.
    let text = above.iter().filter(|placed| placed.piece < end.text);
    let lines = text.map(|placed| if pieces[placed.piece].is_line() { 1 } else { FEW_LINES + 1 });
    Some((page, lines.sum()))
}

/// The piece with another distance of lines. Gaps are counted from characters, as in `Arranged::with_line_pitch`.
pub(super) fn at_pitch(piece: &Piece, pitch: Length, tried: Length) -> Piece {
    let is_body = piece.is_line() && piece.height == pitch;
    let lost = if is_body { pitch - tried } else { (pitch - tried) / 2 };
    let gap = |gap: Length| if gap > Length::ZERO { (gap + lost).max(Length::ZERO) } else { gap };
    Piece {
        height: if is_body { tried } else { piece.height },
        before: gap(piece.before),
        after: gap(piece.after),
        ..piece.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Piece {
        let pitch = Length::pt(29.6);
        Piece { height: pitch, ink: Length::pt(16.0), ..Piece::default() }
    }

    /// The remedy for so many lines and a signature of three, on pages of 22 lines.
    fn found(lines: usize) -> Remedy {
        let mut pieces = vec![line(); lines];
        pieces.extend([Piece { keep: true, before: Length::pt(29.6), ..line() }, line()]);
        let height = |_| Length::pt(651.2);
        let notes = NoteHeights::default();
        let flowed = flow(&pieces, &notes, Foot::default(), height);
        remedy(&pieces, &notes, &flowed, End { text: lines, signature: lines }, Length::pt(29.6), height)
    }

    #[test]
    fn enough_lines_need_no_remedy() {
        assert_eq!(found(19), Remedy::None);
        assert_eq!(found(28), Remedy::None);
    }

    #[test]
    fn a_signature_without_room_moves_lines_closer_or_apart() {
        let Remedy::LinePitch(pitch) = found(42) else { panic!("a page is saved") };
        assert!(pitch < Length::pt(29.6) && pitch >= Length::pt(28.0), "{pitch:?}");
        let Remedy::LinePitch(pitch) = found(44) else { panic!("two lines go over") };
        assert!(pitch > Length::pt(29.6) && pitch <= Length::pt(32.0), "{pitch:?}");
    }
}
