//! Text: its encoding, and its lines as paragraphs; or the records of a CSV file as one table.

use std::borrow::Cow;

use super::blocks::{Block, Cell, Content, Grid, Paragraph};
use crate::characters::readable_with_overrides;
use crate::diagnostic::Place;
use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, limit};

/// The text of bytes: by their mark, as UTF-8 where they are that, by the name of an encoding in them, or as GB 18030. A page
/// may name an encoding that it does not have: the one that leaves fewer bytes unread is right.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    // A few damaged bytes make no other encoding of a text in UTF-8; of a text in another one hardly any are UTF-8.
    let utf8 = String::from_utf8_lossy(bytes);
    let beyond_ascii = utf8.chars().filter(|character| !character.is_ascii()).count();
    if unread(&utf8) * 20 <= beyond_ascii {
        return utf8;
    }
    let stated = stated(bytes).filter(|encoding| *encoding != encoding_rs::UTF_8);
    let candidates = stated.into_iter().chain([encoding_rs::GB18030]);
    let texts = candidates.map(|encoding| encoding.decode_without_bom_handling(bytes).0);
    texts.min_by_key(|text| unread(text)).unwrap_or(utf8)
}

/// How many bytes, or groups of them, are no character of an encoding.
fn unread(text: &str) -> usize {
    text.matches('\u{FFFD}').count()
}

/// The encoding that a page states: `charset=gb2312`.
fn stated(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    const HEAD: usize = 4096;
    let head = &bytes[..bytes.len().min(HEAD)];
    let lower = head.to_ascii_lowercase();
    let at = memchr::memmem::find(&lower, b"charset=")? + b"charset=".len();
    let name: Vec<u8> = lower[at..]
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    encoding_rs::Encoding::for_label(&name)
}

/// Lines as paragraphs.
pub(super) fn content(text: &str, limits: &Limits) -> Result<Content, ReadError> {
    let text = readable_with_overrides(text);
    let mut content = Content::default();
    for (at, line) in text.lines().enumerate() {
        // A tab at the end of a line may part two cells, of which one is blank.
        let line = line.trim_matches(|c: char| c.is_whitespace() && c != '\t');
        if line.trim().is_empty() && line.len() < 2 {
            continue;
        }
        if content.blocks.len() >= limits.paragraphs {
            let most = limits.paragraphs;
            return Err(limit(message!("文字超过 {most} 行", "the text has more than {most} lines")));
        }
        content.blocks.push(Block::Paragraph(Paragraph {
            text: line.to_owned(),
            number: None,
            heading: None,
            centred: false,
            right: false,
            place: Place::TextLine(at + 1),
        }));
    }
    Ok(content)
}

/// What stands between the fields of a record: programs set to other languages write semicolons.
const SEPARATORS: [char; 3] = [',', '\t', ';'];

/// Whether a text is a table by its separators: most of its lines have several of one kind.
pub(super) fn is_csv(text: &str) -> bool {
    const LINES: usize = 200;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let is_own =
        |line: &str, separator: char| line.matches(separator).count() >= 2 && is_record(line, separator);
    let with = |separator: char| lines.iter().filter(|line| is_own(line, separator)).count();
    let most = SEPARATORS.into_iter().map(with).max().unwrap_or(0);
    (lines.len() >= 5 && most * 10 >= lines.len() * 7)
        || [',', ';'].into_iter().any(|mark| has_records(text, mark))
}

/// Whether several lines that follow one another have equally many separators, as records that a sheet was saved as: there may
/// be as much text around them. Not tabs: a table that was copied from a page has those, and no cells for what is merged.
fn has_records(text: &str, separator: char) -> bool {
    const RECORDS: usize = 5;
    let mut run = 0;
    let mut last = 0;
    text.lines().map(str::trim).filter(|line| !line.is_empty()).any(|line| {
        let count = if is_record(line, separator) { line.matches(separator).count() } else { 0 };
        run = if count >= 2 && count == last { run + 1 } else { usize::from(count >= 2) };
        last = count;
        run >= RECORDS
    })
}

/// Whether the separators of a line may be those of a record: not where bars or blanks part its figures and its commas stand
/// between thousands.
fn is_record(line: &str, separator: char) -> bool {
    let beside = |two: &[u8]| {
        (two[0] == b' ' && two[1].is_ascii_digit()) || (two[0].is_ascii_digit() && two[1] == b' ')
    };
    let is_parted = line.as_bytes().windows(2).any(beside);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let is_group = |field: &str| digits(field) == 3;
    let mut groups = line.split(separator).skip(1).map(is_group);
    let has_bars = separator != '\t' && line.contains(['|', '｜', '\t', '\u{3000}']);
    let is_one_number = line.split(separator).all(|field| digits(field) == field.len());
    !has_bars && !(groups.any(|is_group| is_group) && (is_parted || is_one_number && groups.all(|own| own)))
}

/// The records of a CSV file as a table; a record with one text alone is a paragraph.
#[cfg(feature = "workbook")]
pub(super) fn csv(text: &str, limits: &Limits) -> Result<Content, ReadError> {
    let separator = SEPARATORS.into_iter().max_by_key(|separator| text.matches(*separator).count());
    let text = readable_with_overrides(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.and_then(|separator| u8::try_from(separator).ok()).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut content = Content::default();
    let mut grid = Grid { rows: Vec::new(), has_columns: true };
    let mut count = 0;
    for record in reader.records() {
        let record = record.map_err(|error| {
            crate::read::damaged(message!("CSV 有误：{error}", "the CSV is invalid: {error}"))
        })?;
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        count += record.len();
        if count > limits.cells {
            let most = limits.cells;
            return Err(limit(message!("超过 {most} 个格", "more than {most} cells")));
        }
        let filled: Vec<&str> = record.iter().map(str::trim).filter(|text| !text.is_empty()).collect();
        if let ([only], true) = (&filled[..], record.get(0).is_some_and(|first| !first.trim().is_empty())) {
            if !grid.rows.is_empty() {
                content.blocks.push(Block::Table(std::mem::replace(
                    &mut grid,
                    Grid { rows: Vec::new(), has_columns: true },
                )));
            }
            content.blocks.push(Block::Paragraph(Paragraph {
                text: (*only).to_owned(),
                number: None,
                heading: None,
                centred: false,
                right: false,
                place: Place::TextLine(line),
            }));
            continue;
        }
        let cell = |(column, text): (usize, &str)| Cell {
            column,
            columns: 1,
            rows: 1,
            text: text.trim().to_owned(),
            header: false,
            place: Place::TextLine(line),
        };
        grid.rows.push(record.iter().enumerate().map(cell).collect());
    }
    if !grid.rows.is_empty() {
        content.blocks.push(Block::Table(grid));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        let gbk = encoding_rs::GBK.encode("总体情况").0.into_owned();
        assert_eq!(decode(&gbk), "总体情况");
        assert_eq!(decode("总体情况".as_bytes()), "总体情况");
        assert_eq!(decode(b"\xFF\xFE\x3B\x60"), "总");
        let mut page = b"<meta charset=\"big5\">".to_vec();
        page.extend(encoding_rs::BIG5.encode("規章").0.iter());
        assert!(decode(&page).ends_with("規章"));
        // What a page says of itself is not always so.
        let mut page = b"<meta charset=\"utf-8\">".to_vec();
        page.extend(encoding_rs::GBK.encode("总体情况").0.iter());
        assert!(decode(&page).ends_with("总体情况"));
        let mut damaged = "总体情况".repeat(20).into_bytes();
        damaged[4] = b'?';
        assert!(decode(&damaged).ends_with("总体情况"));
    }

    #[test]
    fn tables_are_told_from_prose() {
        assert!(is_csv("甲,1,2\n乙,3,4\n丙,5,6\n丁,7,8\n戊,9,0\n"));
        assert!(is_csv("甲;1;2\n乙;3;4\n丙;5;6\n丁;7;8\n戊;9;0\n"));
        assert!(!is_csv(&"规章 1,234 2,345 3,456\n".repeat(8)), "commas between thousands");
        assert!(!is_csv(&format!("{}{}", "文字。\n".repeat(9), "1,234,567\n".repeat(8))));
        let prose = "一段文字，没有格。\n".repeat(30);
        assert!(is_csv(&format!("{prose}甲,1,2\n乙,3,4\n丙,5,6\n丁,7,8\n戊,9,0\n{prose}")));
        assert!(!is_csv(
            "One, two, three.\nFour, five, six and seven, eight.\nNine, ten.\nNo.\nEnd, of, it, all.\n"
        ));
        assert!(!is_csv("甲，乙，丙。\n丁，戊，己。\n庚\n辛\n壬\n"));
    }
}
