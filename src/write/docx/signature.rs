//! 署名, 成文日期, 印章: GB/T 9704—2012, 7.3.5.1 and 7.3.5.2.
//!
//! `document::placement` gives the positions; here they become indents, gaps and anchored pictures.

use docx_rs::{AlignmentType, LineSpacing, Paragraph, Tab, TabValueType};

use super::body::Body;
use super::finish::DrawingNote;
use super::picture;
use super::run::{placeholder, run};
use crate::document::{Placement, Role, Row, Signature, Style, place};
use crate::geom::{Length, Point};

/// Adds the signature.
pub(super) fn signature<'a>(body: &mut Body<'a>, signature: &'a Signature) {
    let placement = place(signature, body.document, body.measure);
    let rows: Vec<&Row> =
        placement.rows.iter().filter(|row| row.first < signature.signatories.len()).collect();
    let gap = placement
        .rows
        .first()
        .map_or(body.document.styles.get(Role::Signatory).space_before, |row| row.space_before);
    for (number, row) in rows.iter().enumerate() {
        let last = number + 1 == rows.len();
        let mut paragraph = names(body, signature, row, signature.date.is_some() || !last);
        if last && signature.date.is_none() {
            paragraph = with_pictures(body, paragraph, signature, &placement);
        }
        body.push(paragraph);
    }
    if let Some(date) = &signature.date {
        let mut paragraph = body.styled(Role::Date, false).keep_lines(true);
        let before = if rows.is_empty() { gap } else { placement.date_before };
        paragraph = spaced(paragraph, before, body.document.styles.get(Role::Date));
        paragraph = indented(paragraph, placement.date_left);
        paragraph = with_pictures(body, paragraph, signature, &placement).add_run(run(&date.text));
        body.push(paragraph);
    }
}

/// A line of names: a single name begins at its indent, several are centred at tab stops.
fn names(body: &Body, signature: &Signature, row: &Row, stays: bool) -> Paragraph {
    let mut paragraph = body.styled(Role::Signatory, stays).keep_lines(true);
    paragraph = spaced(paragraph, row.space_before, body.document.styles.get(Role::Signatory));
    let texts =
        signature.signatories[row.first..].iter().take(row.lefts.len()).map(|name| name.text.as_str());
    if let [left] = row.lefts[..] {
        let style = body.document.styles.get(Role::Signatory);
        let spaced = |text: &str| match row.spacing {
            Length::ZERO => run(text),
            spacing => run(text).character_spacing((style.character_spacing + spacing).to_twips() as i32),
        };
        return texts.fold(indented(paragraph, left), |paragraph, text| paragraph.add_run(spaced(text)));
    }
    for middle in &row.middles {
        let stop = Tab::new().val(TabValueType::Center).pos(super::page::unsigned(*middle) as usize);
        paragraph = paragraph.add_tab(stop);
    }
    let text: String = texts.map(|text| format!("\t{text}")).collect();
    indented(paragraph, Length::ZERO).add_run(run(&text))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockKind;
    use crate::document::Document;
    use crate::write::docx::tests::fixture;

    /// The signature's place where every character is a fixed number of points wide.
    fn placed(block: BlockKind) -> (Placement, Document) {
        let document = fixture::empty();
        let BlockKind::Signature(signature) = block else { unreachable!("a signature") };
        let measure = |text: &str, _: &Style| Length::pt(15.0) * text.chars().count() as i64;
        (place(&signature, &document, &measure), document)
    }

    fn date_end(placement: &Placement) -> Length {
        placement.date_left + Length::pt(15.0) * "2024年1月31日".chars().count() as i64
    }

    #[test]
    fn signature_date_begins_two_characters_after_the_name() {
        let (placement, document) = placed(fixture::signature("一二三四五六七八九十甲乙", "2024年1月31日"));
        let two = document.page.character_pitch() * 2;
        let edge = document.page.type_width() - document.styles.get(Role::Signatory).indent_right;
        assert_eq!(placement.rows[0].lefts, [edge - Length::pt(180.0)]);
        assert_eq!(placement.date_left, placement.rows[0].lefts[0] + two);
    }

    #[test]
    fn signature_name_moves_for_a_longer_date() {
        let (placement, document) = placed(fixture::signature("某局", "2024年1月31日"));
        let edge = document.page.type_width() - document.styles.get(Role::Signatory).indent_right;
        assert_eq!(date_end(&placement), edge);
        assert_eq!(placement.rows[0].lefts, [placement.date_left - document.page.character_pitch() * 2]);
    }

    #[test]
    fn signature_stacks_names_with_one_gap_above() {
        let BlockKind::Signature(mut block) = fixture::signature("一二三四五六七八九十", "2024年1月31日")
        else {
            unreachable!("a signature")
        };
        block
            .signatories
            .push(crate::document::TableText { text: "某局".to_owned(), ..block.signatories[0].clone() });
        let (placement, document) = placed(BlockKind::Signature(block));
        assert_eq!(placement.rows[0].lefts, placement.rows[1].lefts);
        let gap = document.styles.get(Role::Signatory).space_before;
        assert_eq!([placement.rows[0].space_before, placement.rows[1].space_before], [gap, Length::ZERO]);
    }

    #[test]
    fn seal_is_over_name_and_date_and_near_the_text() {
        let (placement, document) = placed(fixture::sealed(&["一二三四五六七八九十"], Length::mm(45.0)));
        let four = document.page.character_pitch() * 4;
        assert_eq!(date_end(&placement), document.page.type_width() - four);
        let middle = placement.rows[0].middles[0];
        assert_eq!((placement.date_left + date_end(&placement)) / 2, middle);
        assert_eq!(placement.seals[0].left + Length::mm(22.5), middle);

        let line = document.page.line_pitch;
        let row = &placement.rows[0];
        // From the foot of the last line of text to the top of the seal: more than nothing, less than a line.
        let leading = (document.styles.get(Role::Body).line_pitch - document.styles.get(Role::Body).size) / 2;
        let gap = placement.seals[0].top + line + row.space_before + leading;
        assert!(gap > Length::ZERO && gap < Length::mm(10.39), "{gap:?}");
        // Name and date are below the middle of the seal, and within it.
        let seal_middle = placement.seals[0].top + Length::mm(22.5);
        assert!(seal_middle < -line / 2 && placement.seals[0].top + Length::mm(45.0) > line / 2);
    }

    #[test]
    fn seals_are_three_in_a_row_and_do_not_touch() {
        let (placement, document) =
            placed(fixture::sealed(&["一局", "二局", "三局", "四局", "五局"], Length::mm(42.0)));
        assert_eq!(placement.rows.iter().map(|row| row.lefts.len()).collect::<Vec<_>>(), [3, 2]);
        for (index, one) in placement.seals.iter().enumerate() {
            assert!(one.left >= Length::ZERO && one.left + one.size.width <= document.page.type_width());
            for other in &placement.seals[index + 1..] {
                let apart = (one.left - other.left).abs() >= Length::mm(44.0)
                    || (one.top - other.top).abs() >= Length::mm(44.0);
                assert!(apart, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn signature_wider_than_the_page_begins_at_its_edge() {
        let (placement, _) = placed(fixture::signature(&"很".repeat(60), "2024年1月31日"));
        assert_eq!(placement.rows[0].lefts, [Length::ZERO]);
        let (placement, _) = placed(fixture::sealed(&[&"很".repeat(60)], Length::mm(42.0)));
        assert!(placement.rows.iter().flat_map(|row| &row.lefts).all(|left| *left == Length::ZERO));
    }
}
