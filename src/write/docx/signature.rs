//! 署名, 成文日期, 印章: GB/T 9704—2012, 7.3.5.1 and 7.3.5.2.
//!
//! `arrange` gives the positions; here they become indents, gaps and anchored pictures.

use docx_rs::{AlignmentType, LineSpacing, Paragraph, Run, Tab, TabValueType};

use super::body::Body;
use super::finish::DrawingNote;
use super::inline::Pieces;
use super::picture;
use super::run::placeholder;
use crate::arrange::{Placement, Row};
use crate::document::{NodeId, Role, Signature, Style};
use crate::geom::{Length, Point};

/// Adds the signature. With `stays`, its end stays with the next block.
pub(super) fn signature<'a>(body: &mut Body<'a>, block: NodeId, signature: &'a Signature, stays: bool) {
    let placement = body.document.signature(block);
    let rows: Vec<&Row> =
        placement.rows.iter().filter(|row| row.first < signature.signatories.len()).collect();
    let gap = placement
        .rows
        .first()
        .map_or(body.document.styles.get(Role::Signatory).space_before, |row| row.space_before);
    for (number, row) in rows.iter().enumerate() {
        let last = number + 1 == rows.len();
        let mut paragraph = names(body, signature, row, stays || signature.date.is_some() || !last);
        // The gap is given to the line above: LibreOffice measures the place of a picture from above the gap of its
        // own paragraph.
        if last && signature.date.is_some() && placement.date_before > Length::ZERO {
            let after = super::page::unsigned(placement.date_before);
            let before = super::page::unsigned(row.space_before);
            paragraph = paragraph.line_spacing(LineSpacing::new().before(before).after(after));
        }
        if last && signature.date.is_none() {
            paragraph = with_pictures(body, paragraph, signature, placement);
        }
        body.push(paragraph);
    }
    if let Some(date) = &signature.date {
        let mut paragraph = body.styled(Role::Date, stays).keep_lines(true);
        let before = if rows.is_empty() { gap } else { Length::ZERO };
        paragraph = spaced(paragraph, before, body.document.styles.get(Role::Date));
        paragraph = indented(paragraph, placement.date_left);
        paragraph = with_pictures(body, paragraph, signature, placement);
        paragraph.children.extend(body.text(Role::Date, date.id, &date.text, |run| run));
        body.push(paragraph);
    }
}

/// A line of names: a single name begins at its indent, several are centred at tab stops.
fn names(body: &mut Body, signature: &Signature, row: &Row, stays: bool) -> Paragraph {
    let mut paragraph = body.styled(Role::Signatory, stays).keep_lines(true);
    paragraph = spaced(paragraph, row.space_before, body.document.styles.get(Role::Signatory));
    let signatories = &signature.signatories[row.first..][..row.lefts.len()];
    if let ([left], [name]) = (&row.lefts[..], signatories) {
        let style = body.document.styles.get(Role::Signatory);
        let spaced = |run: Run| match row.spacing {
            Length::ZERO => run,
            spacing => run.character_spacing((style.character_spacing + spacing).to_twips() as i32),
        };
        let mut paragraph = indented(paragraph, *left);
        paragraph.children = body.text(Role::Signatory, name.id, &name.text, spaced);
        return paragraph;
    }
    for middle in &row.middles {
        let stop = Tab::new().val(TabValueType::Center).pos(super::page::unsigned(*middle) as usize);
        paragraph = paragraph.add_tab(stop);
    }
    let mut pieces = Pieces::of(body.document);
    for name in signatories {
        pieces.add_plain(Role::Signatory, "\t");
        pieces.add(Role::Signatory, name.id, &name.text);
    }
    let mut paragraph = indented(paragraph, Length::ZERO);
    paragraph.children = pieces.finish().iter().map(|piece| body.piece(piece, |run| run)).collect();
    paragraph
}

fn indented(paragraph: Paragraph, left: Length) -> Paragraph {
    paragraph.align(AlignmentType::Left).indent(Some(left.to_twips() as i32), None, Some(0), None)
}

fn spaced(paragraph: Paragraph, before: Length, style: &Style) -> Paragraph {
    if before == style.space_before {
        return paragraph;
    }
    paragraph.line_spacing(LineSpacing::new().before(super::page::unsigned(before)))
}

/// The paragraph with the pictures of the seals. Seals without a picture only keep their space.
fn with_pictures<'a>(
    body: &mut Body<'a>,
    mut paragraph: Paragraph,
    signature: &'a Signature,
    placement: &Placement,
) -> Paragraph {
    // Without a date the pictures are anchored to the last line of names, one line higher.
    let lift = match signature.date {
        Some(_) => Length::ZERO,
        None => body.document.styles.get(Role::Signatory).line_pitch,
    };
    for (seal, place) in signature.seals.iter().zip(&placement.seals) {
        if let Some(picture) = &seal.picture {
            let image = body.image(picture);
            let name = format!("印章 {}", body.notes.drawings.len() + 1);
            body.notes.drawings.push(DrawingNote { name, alt: seal.alt.clone() });
            let at = Point::new(place.left, place.top + lift);
            paragraph = paragraph.add_run(placeholder(body.notes.fragments.len()));
            body.notes.fragments.push(picture::behind_text(image, at, place.size));
        }
    }
    paragraph
}
