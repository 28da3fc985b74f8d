//! 署名, 成文日期, 印章: GB/T 9704—2012, 7.3.5.1 and 7.3.5.2.
//!
//! The places come from the widths of the names and of the date, which Word does not know when it reads an indent.
//! Names are indented from the left, so that a font of other widths moves their ends and not their beginnings.

use docx_rs::{AlignmentType, LineSpacing, Paragraph, Tab, TabValueType};

use super::body::Body;
use super::finish::DrawingNote;
use super::run::{placeholder, run};
use super::{Measure, picture};
use crate::document::{Document, Role, Signature, Style};
use crate::geom::{Length, Point, Size};

/// Where the lines of a signature and its seals stand. Sideways from the left edge of the type area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The lines of names, from the top.
    pub rows: Vec<Row>,
    /// Where the date begins.
    pub date_left: Length,
    /// The seals, in the order of the signatories.
    pub seals: Vec<SealPlace>,
}

/// A line of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number of the first name, from 0.
    pub first: usize,
    /// Where each name begins.
    pub lefts: Vec<Length>,
    /// Where the middle of each name is.
    pub middles: Vec<Length>,
    /// Gap above the line.
    pub space_before: Length,
}

/// The place of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlace {
    /// Its left edge.
    pub left: Length,
    /// Its top edge, from the top of the line of the date (or the line where one would stand).
    pub top: Length,
    /// How large it is drawn.
    pub size: Size,
}

/// Where a signature's names, date and seals stand.
pub fn place(signature: &Signature, document: &Document, measure: &Measure) -> Placement {
    if signature.seals.is_empty() {
        without_seals(signature, document, measure)
    } else {
        with_seals(signature, document, measure)
    }
}

/// 不加盖印章: the names begin together, the longest of them at its indent; the date begins two characters further right.
/// A date longer than the names stands at the indent itself and moves the names.
// GB/T 9704—2012, 7.3.5.2
fn without_seals(signature: &Signature, document: &Document, measure: &Measure) -> Placement {
    let style = document.styles.get(Role::Signatory);
    let two = document.page.character_pitch() * 2;
    let edge = document.page.type_width() - style.indent_right;
    let widths = name_widths(signature, document, measure);
    let widest = widths.iter().copied().max();
    let date = date_width(signature, document, measure);
    let mut left = edge - widest.unwrap_or(Length::ZERO);
    let mut date_left = left + two;
    if signature.date.is_some() && widest.is_none_or(|widest| date > widest) {
        date_left = edge - date;
        left = date_left - two;
    }
    let left = left.max(Length::ZERO);
    let rows = widths
        .iter()
        .enumerate()
        .map(|(first, width)| Row {
            first,
            lefts: vec![left],
            middles: vec![left + *width / 2],
            space_before: if first == 0 { style.space_before } else { Length::ZERO },
        })
        .collect();
    Placement { rows, date_left: date_left.max(Length::ZERO), seals: Vec::new() }
}

/// 右空四字.
const DATE_INDENT: i64 = 4;
/// Seals in a row, side by side; the standard's figures show no more.
const SEALS_IN_A_ROW: usize = 3;

/// 加盖印章: the date four characters from the right, each name in the middle of its seal, the last one over the date.
/// The seals press on the names and reach down to the foot of the date (骑年盖月).
// GB/T 9704—2012, 7.3.5.1; the distances are those of its figures 5, 7 and 8
fn with_seals(signature: &Signature, document: &Document, measure: &Measure) -> Placement {
    let (between, between_rows) = (Length::mm(3.0), Length::mm(4.7));
    let below_text = Length::mm(7.0);
    let type_width = document.page.type_width();
    let name_style = document.styles.get(Role::Signatory);
    let date_style = document.styles.get(Role::Date);
    let date = date_width(signature, document, measure);
    let mut widths = name_widths(signature, document, measure);
    let sizes: Vec<Size> = signature.seals.iter().map(seal_size).collect();
    // A seal without a name stands on the date alone.
    widths.resize(widths.len().max(sizes.len()), Length::ZERO);
    let columns: Vec<Length> = widths
        .iter()
        .enumerate()
        .map(|(index, width)| sizes.get(index).map_or(*width, |size| size.width.max(*width)))
        .collect();

    // From the top of the date's line to the foot of the seals.
    let foot = date_style.line_pitch - half_leading(date_style) + Length::mm(0.4);
    let date_middle = type_width - document.page.character_pitch() * DATE_INDENT - date / 2;
    let mut placement = Placement::default();
    let rows = rows_of(&columns, between, type_width);
    let heights: Vec<Length> = rows
        .iter()
        .map(|row| row.clone().filter_map(|i| sizes.get(i)).map(|size| size.height).max().unwrap_or_default())
        .collect();
    for (number, row) in rows.iter().enumerate() {
        let last = number + 1 == rows.len();
        let middles = middles(&columns[row.clone()], between, type_width, last.then_some(date_middle));
        let space_before = match number {
            // The seal's top is within a line of the text above.
            0 => {
                let above = below_text + heights[0]
                    - name_style.line_pitch
                    - foot
                    - half_leading(document.styles.get(Role::Body));
                above.max(name_style.space_before)
            }
            _ => (heights[number] + between_rows - name_style.line_pitch).max(Length::ZERO),
        };
        let below: Length = heights[number + 1..].iter().map(|height| *height + between_rows).sum();
        for (index, middle) in row.clone().zip(&middles) {
            if let Some(size) = sizes.get(index) {
                let top = foot - below - size.height;
                placement.seals.push(SealPlace { left: *middle - size.width / 2, top, size: *size });
            }
        }
        if last {
            let middle = middles.last().copied().unwrap_or(date_middle);
            placement.date_left = (middle - date / 2).max(Length::ZERO);
        }
        let lefts = row
            .clone()
            .zip(&middles)
            .map(|(index, middle)| (*middle - widths[index] / 2).max(Length::ZERO))
            .collect();
        placement.rows.push(Row { first: row.start, lefts, middles, space_before });
    }
    placement
}

/// The names in rows: as many as fit side by side, three at most.
fn rows_of(columns: &[Length], between: Length, type_width: Length) -> Vec<std::ops::Range<usize>> {
    let mut rows: Vec<std::ops::Range<usize>> = Vec::new();
    let mut used = Length::ZERO;
    for (index, column) in columns.iter().enumerate() {
        match rows.last_mut() {
            Some(row) if row.len() < SEALS_IN_A_ROW && used + between + *column <= type_width => {
                row.end = index + 1;
                used += between + *column;
            }
            _ => {
                rows.push(index..index + 1);
                used = *column;
            }
        }
    }
    rows
}

/// The middles of a row's columns: in the middle of the type area, or with the last over the date.
fn middles(
    columns: &[Length],
    between: Length,
    type_width: Length,
    over_date: Option<Length>,
) -> Vec<Length> {
    let total = columns.iter().copied().sum::<Length>() + between * (columns.len() as i64 - 1);
    let last = columns.last().copied().unwrap_or_default();
    let right = match over_date {
        Some(middle) => (middle + last / 2).max(total).min(type_width),
        None => (type_width + total) / 2,
    };
    let mut left = right - total;
    columns
        .iter()
        .map(|column| {
            let middle = left + *column / 2;
            left += *column + between;
            middle
        })
        .collect()
}

fn seal_size(seal: &crate::document::Seal) -> Size {
    let height = match &seal.picture {
        Some(picture) if picture.width > 0 => {
            seal.diameter.scale(f64::from(picture.height) / f64::from(picture.width))
        }
        _ => seal.diameter,
    };
    Size::new(seal.diameter, height)
}

/// Half of what a line has beyond its characters.
fn half_leading(style: &Style) -> Length {
    (style.line_pitch - style.size) / 2
}

fn name_widths(signature: &Signature, document: &Document, measure: &Measure) -> Vec<Length> {
    let style = document.styles.get(Role::Signatory);
    signature.signatories.iter().map(|name| measure(&name.text, style)).collect()
}

fn date_width(signature: &Signature, document: &Document, measure: &Measure) -> Length {
    let style = document.styles.get(Role::Date);
    signature.date.as_ref().map_or(Length::ZERO, |date| measure(&date.text, style))
}

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
        if rows.is_empty() {
            paragraph = spaced(paragraph, gap, body.document.styles.get(Role::Date));
        }
        paragraph = indented(paragraph, placement.date_left);
        paragraph = with_pictures(body, paragraph, signature, &placement).add_run(run(&date.text));
        body.push(paragraph);
    }
}

/// A line of names: one begins at its indent, several stand around tab stops.
fn names(body: &Body, signature: &Signature, row: &Row, stays: bool) -> Paragraph {
    let mut paragraph = body.styled(Role::Signatory, stays).keep_lines(true);
    paragraph = spaced(paragraph, row.space_before, body.document.styles.get(Role::Signatory));
    let texts =
        signature.signatories[row.first..].iter().take(row.lefts.len()).map(|name| name.text.as_str());
    if let [left] = row.lefts[..] {
        return texts.fold(indented(paragraph, left), |paragraph, text| paragraph.add_run(run(text)));
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

/// The paragraph with the pictures of the seals. Those without a picture keep their space and no more.
fn with_pictures<'a>(
    body: &mut Body<'a>,
    mut paragraph: Paragraph,
    signature: &'a Signature,
    placement: &Placement,
) -> Paragraph {
    // Without a date the pictures hang on the last line of names, one line higher.
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
    use crate::docx::tests::fixture;

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
    fn seal_stands_over_name_and_date_and_near_the_text() {
        let (placement, document) = placed(fixture::sealed(&["一二三四五六七八九十"], Length::mm(45.0)));
        let four = document.page.character_pitch() * 4;
        assert_eq!(date_end(&placement), document.page.type_width() - four);
        let middle = placement.rows[0].middles[0];
        assert_eq!((placement.date_left + date_end(&placement)) / 2, middle);
        assert_eq!(placement.seals[0].left + Length::mm(22.5), middle);

        let line = document.page.line_pitch;
        let row = &placement.rows[0];
        // From the foot of the last line of text to the top of the seal: more than nothing, less than a line.
        let leading = half_leading(document.styles.get(Role::Body));
        let gap = placement.seals[0].top + line + row.space_before + leading;
        assert!(gap > Length::ZERO && gap < Length::mm(10.39), "{gap:?}");
        // Name and date lie below the middle of the seal, and within it.
        let seal_middle = placement.seals[0].top + Length::mm(22.5);
        assert!(seal_middle < -line / 2 && placement.seals[0].top + Length::mm(45.0) > line / 2);
    }

    #[test]
    fn seals_stand_three_in_a_row_and_do_not_touch() {
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
