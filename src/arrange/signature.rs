//! Positions of the lines of a signature and of its seals: GB/T 9704—2012, 7.3.5. Both writers draw by it.
//!
//! The positions depend on the widths of the names and of the date, which an indent in Word cannot express.
//! Names are indented from the left, so that a font of other widths moves their ends and not their
//! beginnings.

use crate::document::{Document, Seal, Signature, SignatureKind, TableText};
use crate::font::Fonts;
use crate::geom::{Length, Size};
use crate::style::Role;
use crate::text::line::text_width;

/// The positions of the lines of a signature and of its seals, measured from the left edge of the type area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// The lines of names, from the top.
    pub rows: Vec<Row>,
    /// Where the date begins.
    pub date_left: Length,
    /// Gap above the date, in addition to the leading.
    pub date_before: Length,
    /// The seals, in the order of the signatories.
    pub seals: Vec<PlacedSeal>,
}

impl Placement {
    /// Moves all of it down.
    pub(super) fn move_down(&mut self, by: Length) {
        match self.rows.first_mut() {
            Some(row) => row.space_before += by,
            None => self.date_before += by,
        }
    }
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
    /// In addition to the spacing of the style: names of bodies that sign together are spread to one width.
    pub spacing: Length,
}

/// The place of a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedSeal {
    /// Its left edge.
    pub left: Length,
    /// Its top edge, from the top of the line of the date (or of the line where the date would be).
    pub top: Length,
    /// How large it is drawn.
    pub size: Size,
}

/// The positions of a signature's names, date and seals.
pub fn place(signature: &Signature, document: &Document, fonts: &Fonts) -> Placement {
    match (signature.kind, signature.seals.first()) {
        (SignatureKind::Stamp, Some(stamp)) => with_stamp(signature, stamp, document, fonts),
        (SignatureKind::Seal, Some(_)) => with_seals(signature, document, fonts),
        (SignatureKind::Stamp | SignatureKind::Seal, None) => without_seals(signature, document, fonts),
    }
}

/// 签发人签名章: two lines below the text, four characters from the right; the post two characters to its left, in
/// the middle of its height; the date a line below it, four characters from the right.
// GB/T 9704—2012, 7.3.5.3
fn with_stamp(signature: &Signature, stamp: &Seal, document: &Document, fonts: &Fonts) -> Placement {
    let name_style = document.styles.get(Role::Signatory);
    let date_style = document.styles.get(Role::Date);
    let character = document.page.character_pitch();
    let right = document.page.type_width() - character * DATE_INDENT;
    let left = (right - stamp.size.width).max(Length::ZERO);
    let post = name_widths(signature, document, fonts).into_iter().next().unwrap_or_default();
    let post_left = (left - character * 2 - post).max(Length::ZERO);
    let half = stamp.size.height / 2;
    let above = Length::mm(LINE_MM * 2.0) + half - name_style.line_pitch / 2;
    let date_before = half + Length::mm(LINE_MM) - date_style.leading() - name_style.line_pitch / 2;
    let date_before = date_before.max(Length::ZERO);
    Placement {
        rows: vec![Row {
            first: 0,
            lefts: vec![post_left],
            middles: vec![post_left + post / 2],
            space_before: (above - document.styles.get(Role::Body).leading()).max(Length::ZERO),
            spacing: Length::ZERO,
        }],
        date_left: (right - date_width(signature, document, fonts)).max(Length::ZERO),
        date_before,
        seals: vec![PlacedSeal {
            left,
            top: -date_before - name_style.line_pitch / 2 - half,
            size: stamp.size,
        }],
    }
}

/// 行: GB/T 33476.2—2016 gives a line of the standard as 10.39 mm.
const LINE_MM: f64 = 10.39;

/// 不加盖印章: the names begin together, the longest of them at its indent; the date begins two characters further
/// right. A date longer than the names is at the indent itself and moves the names.
// GB/T 9704—2012, 7.3.5.2
fn without_seals(signature: &Signature, document: &Document, fonts: &Fonts) -> Placement {
    let style = document.styles.get(Role::Signatory);
    let two = document.page.character_pitch() * 2;
    let edge = document.page.type_width() - style.indent_right;
    let widths = name_widths(signature, document, fonts);
    let widest = widths.iter().copied().max();
    let date = date_width(signature, document, fonts);
    let mut left = edge - widest.unwrap_or(Length::ZERO);
    let mut date_left = left + two;
    if signature.date.is_some() && widest.is_none_or(|widest| date > widest) {
        date_left = edge - date;
        left = date_left - two;
    }
    let left = left.max(Length::ZERO);
    let spacings = spread(&signature.signatories, &widths);
    let rows = widths
        .iter()
        .enumerate()
        .map(|(first, width)| Row {
            first,
            lefts: vec![left],
            middles: vec![left + *width / 2],
            space_before: if first == 0 { style.space_before } else { Length::ZERO },
            spacing: spacings[first],
        })
        .collect();
    Placement { rows, date_left: date_left.max(Length::ZERO), ..Placement::default() }
}

/// The spacing between the characters of each name that makes all as wide as the widest. All are spread or none: beside
/// others that are spread, one that is not looks like a mistake. A name of less than half that width cannot be spread,
/// because its characters would be too far apart, nor one with Latin letters or of one character.
// GB/T 9704—2012, figure 9
fn spread(names: &[TableText], widths: &[Length]) -> Vec<Length> {
    let widest = widths.iter().copied().max().unwrap_or_default();
    let spacing = |name: &TableText, width: Length| {
        let gaps = name.text.chars().count() as i64 - 1;
        let is_latin = name.text.chars().any(|character| character.is_ascii_alphanumeric());
        match widest - width {
            Length::ZERO => Some(Length::ZERO),
            _ if gaps < 1 || is_latin || width * 2 < widest => None,
            missing => Some(Length::twips((missing / gaps).to_twips())),
        }
    };
    let all: Option<Vec<Length>> =
        names.iter().zip(widths).map(|(name, width)| spacing(name, *width)).collect();
    all.unwrap_or_else(|| vec![Length::ZERO; names.len()])
}

/// 右空四字.
const DATE_INDENT: i64 = 4;
/// Seals in a row, side by side; the standard's figures show no more.
const SEALS_IN_A_ROW: usize = 3;

/// 加盖印章: the date four characters from the right, each name in the middle of its seal, the last one over the date.
/// The seals press on the names and reach down to the foot of the date (骑年盖月).
// GB/T 9704—2012, 7.3.5.1; the distances are those of its figures 5, 7 and 8
fn with_seals(signature: &Signature, document: &Document, fonts: &Fonts) -> Placement {
    let (between, between_rows) = (Length::mm(3.0), Length::mm(4.7));
    let below_text = Length::mm(7.0);
    let type_width = document.page.type_width();
    let name_style = document.styles.get(Role::Signatory);
    let date_style = document.styles.get(Role::Date);
    let date = date_width(signature, document, fonts);
    let mut widths = name_widths(signature, document, fonts);
    let sizes: Vec<Size> = signature.seals.iter().map(|seal| seal.size).collect();
    // A seal without a name is over the date alone.
    widths.resize(widths.len().max(sizes.len()), Length::ZERO);
    let columns: Vec<Length> = widths
        .iter()
        .enumerate()
        .map(|(index, width)| sizes.get(index).map_or(*width, |size| size.width.max(*width)))
        .collect();

    // From the top of the date's line to the foot of the seals.
    let foot = date_style.line_pitch - date_style.leading() + Length::mm(0.4);
    // Without a date, the last name is where the date would be.
    let last = if signature.date.is_some() { date } else { widths.last().copied().unwrap_or_default() };
    let date_middle = type_width - document.page.character_pitch() * DATE_INDENT - last / 2;
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
                    - document.styles.get(Role::Body).leading();
                above.max(name_style.space_before)
            }
            _ => (heights[number] + between_rows - name_style.line_pitch).max(Length::ZERO),
        };
        let below: Length = heights[number + 1..].iter().map(|height| *height + between_rows).sum();
        for (index, middle) in row.clone().zip(&middles) {
            if let Some(size) = sizes.get(index) {
                let top = foot - below - size.height;
                placement.seals.push(PlacedSeal { left: *middle - size.width / 2, top, size: *size });
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
        placement.rows.push(Row { first: row.start, lefts, middles, space_before, spacing: Length::ZERO });
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

fn name_widths(signature: &Signature, document: &Document, fonts: &Fonts) -> Vec<Length> {
    let style = document.styles.get(Role::Signatory);
    signature.signatories.iter().map(|name| text_width(fonts, &name.text, style, &document.text)).collect()
}

fn date_width(signature: &Signature, document: &Document, fonts: &Fonts) -> Length {
    let style = document.styles.get(Role::Date);
    signature.date.as_ref().map_or(Length::ZERO, |date| text_width(fonts, &date.text, style, &document.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::BlockKind;
    use crate::write::docx::fixture;

    /// The places of a signature, and its document.
    fn placed(block: BlockKind) -> (Placement, Document) {
        let document = fixture::empty();
        let BlockKind::Signature(signature) = block else { unreachable!("a signature") };
        (place(&signature, &document, &Fonts::embedded()), document)
    }

    /// The width of a text in the style of names, which is that of the date.
    fn width(text: &str, document: &Document) -> Length {
        text_width(&Fonts::embedded(), text, document.styles.get(Role::Signatory), &document.text)
    }

    fn date_end(placement: &Placement, document: &Document) -> Length {
        placement.date_left + width("2024年1月31日", document)
    }

    #[test]
    fn signature_date_begins_two_characters_after_the_name() {
        let (placement, document) = placed(fixture::signature("一二三四五六七八九十甲乙", "2024年1月31日"));
        let two = document.page.character_pitch() * 2;
        let edge = document.page.type_width() - document.styles.get(Role::Signatory).indent_right;
        assert_eq!(placement.rows[0].lefts, [edge - width("一二三四五六七八九十甲乙", &document)]);
        assert_eq!(placement.date_left, placement.rows[0].lefts[0] + two);
    }

    #[test]
    fn signature_name_moves_for_a_longer_date() {
        let (placement, document) = placed(fixture::signature("某局", "2024年1月31日"));
        let edge = document.page.type_width() - document.styles.get(Role::Signatory).indent_right;
        assert_eq!(date_end(&placement, &document), edge);
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
    fn names_are_all_spread_or_none() {
        let check = |names: &[&str], spread: &[bool]| {
            let BlockKind::Signature(mut block) = fixture::signature("", "2024年1月31日") else {
                unreachable!("a signature")
            };
            let name = |text: &&str| TableText { text: (*text).to_owned(), ..block.signatories[0].clone() };
            block.signatories = names.iter().map(name).collect();
            let (placement, _) = placed(BlockKind::Signature(block));
            let found: Vec<bool> = placement.rows.iter().map(|row| row.spacing > Length::ZERO).collect();
            assert_eq!(found, spread, "{names:?}");
        };
        check(&["一二三四五六七八", "一二三四五", "一二三四"], &[false, true, true]);
        check(&["一二三四五六七八", "一二三四五", "一二三"], &[false; 3]);
        check(&["一二三四五六七八", "一二三四五", "一二三四A"], &[false; 3]);
        check(&["一二", "甲"], &[false; 2]);
        check(&["一二三", "甲乙丙"], &[false; 2]);
    }

    #[test]
    fn seal_is_over_name_and_date_and_near_the_text() {
        let (placement, document) = placed(fixture::sealed(&["一二三四五六七八九十"], Length::mm(45.0)));
        let four = document.page.character_pitch() * 4;
        let end = document.page.type_width() - four;
        assert!((date_end(&placement, &document) - end).abs() < Length::emu(2));
        let middle = placement.rows[0].middles[0];
        assert!(
            ((placement.date_left + date_end(&placement, &document)) / 2 - middle).abs() < Length::emu(2)
        );
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
