//! The cells of a workbook, without their meaning.
//!
//! Cells are read one by one and stored by place: a sheet with one cell at its far corner must not use memory
//! for all the empty ones.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Reader, SheetVisible, Xlsx};

use crate::characters::readable_with_overrides;
use crate::diagnostic::{Message, Place};
use crate::forms::{Cell, Grid};
use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, damaged, limit};

use super::shown::Shown;

/// A sheet of a workbook.
pub(crate) struct Sheet {
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// By row and column, counted from 0.
    pub cells: BTreeMap<(u32, u32), Data>,
}

/// The sheets of a workbook, and the cells that have names: sheet, row, column.
pub(crate) struct Sheets {
    pub sheets: Vec<Sheet>,
    pub names: BTreeMap<String, (String, u32, u32)>,
}

/// The bytes of the texts of a workbook. Thousands of cells may share one text that the file has once, and each gets a
/// copy of it: they are counted before that.
struct Texts {
    bytes: usize,
    most: usize,
}

impl Texts {
    fn add(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes <= self.most {
            return Ok(());
        }
        let mebibytes = self.most >> 20;
        Err(limit(message!(
            "各格的文字合计超过 {mebibytes} MiB",
            "the cells have more than {mebibytes} MiB of text together"
        )))
    }
}

/// The bytes of the text of a cell.
fn text_bytes(value: &DataRef) -> usize {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len(),
        DataRef::SharedString(text) => text.len(),
        _ => 0,
    }
}

/// Refuses a workbook whose tables have too many cells with the blank ones that `grid` adds: a cell far at the right widens
/// every row.
fn within_blanks(sheets: &[Sheet], limits: &Limits, texts: &mut Texts) -> Result<(), ReadError> {
    let most = limits.cells.saturating_mul(4);
    let mut count = 0_usize;
    for sheet in sheets {
        let own = rows(sheet).saturating_mul(width(sheet).unwrap_or(0) as usize);
        count = count.saturating_add(own);
        if count > most {
            return Err(limit(message!(
                "连同空格超过 {most} 个格",
                "more than {most} cells, with the blank ones between them"
            )));
        }
        texts.add(own.saturating_sub(sheet.cells.len()).saturating_mul(sheet.name.len()))?;
    }
    Ok(())
}

/// How many rows of a sheet have cells.
fn rows(sheet: &Sheet) -> usize {
    let mut last = None;
    sheet.cells.keys().filter(|(row, _)| last.replace(*row) != Some(*row)).count()
}

/// How wide the table of a sheet is; columns that are too far are not filled up to.
fn width(sheet: &Sheet) -> Option<u32> {
    const WIDEST: u32 = 64;
    sheet.cells.keys().map(|(_, column)| column.saturating_add(1)).filter(|width| *width <= WIDEST).max()
}

/// A sheet as a table of cells, blank ones too, which a workbook does not store: up to the widest row, where that is not too wide.
pub(crate) fn grid(sheet: &Sheet) -> Grid {
    let width = width(sheet);
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    for (&(row, column), value) in &sheet.cells {
        // What is no number and no text, such as an error of a formula, stays visible as what it is.
        let own = text(value).unwrap_or_else(|what| Some(what.zh)).unwrap_or_default();
        rows.entry(row).or_default().insert(column, own);
    }
    let row = |(row, mut cells): (u32, BTreeMap<u32, String>)| -> Vec<Cell> {
        for column in 0..width.unwrap_or(0) {
            cells.entry(column).or_default();
        }
        let cell = |(column, text): (u32, String)| Cell {
            column: usize::try_from(column).unwrap_or(usize::MAX),
            columns: 1,
            rows: 1,
            text,
            header: false,
            place: Place::Cell { file: None, sheet: sheet.name.clone(), cell: cell_name(row, column) },
        };
        cells.into_iter().map(cell).collect()
    };
    Grid { rows: rows.into_iter().map(row).collect(), has_columns: true }
}

/// Reads a workbook.
pub(crate) fn sheets(bytes: &[u8], limits: &Limits) -> Result<Sheets, ReadError> {
    let broken = |error: &dyn std::fmt::Display| {
        damaged(message!("不是能读的 .xlsx 文件", "not a readable .xlsx file: {error}"))
    };
    // By its parts a Word file is one, whatever its name.
    if memchr::memmem::find(bytes, b"word/document.xml").is_some() {
        return Err(damaged(message!(
            "是 Word 文件；数字文件应是 .xlsx 或 .csv",
            "a Word file; a file of figures is .xlsx or .csv"
        )));
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(|error| broken(&error))?.size());
    }
    if unpacked > limits.workbook_bytes as u64 {
        return Err(limit(message!("文件解开后太大", "the file is too large when decompressed")));
    }
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut sheets = Vec::new();
    let mut count = 0;
    let mut texts = Texts { bytes: 0, most: limits.report_bytes };
    let shown = Shown::of(bytes);
    let hidden: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible != SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in workbook.sheet_names() {
        let mut cells = BTreeMap::new();
        // Sheets without cells, such as charts, are skipped.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { continue };
        while let Some(cell) = reader.next_cell().map_err(|error| broken(&error))? {
            count += 1;
            if count > limits.cells {
                let most = limits.cells;
                return Err(limit(message!("超过 {most} 个格", "more than {most} cells")));
            }
            // Every cell keeps its text and, in its place, the name of its sheet.
            texts.add(name.len() + text_bytes(cell.get_value()))?;
            let (place, value) = (cell.get_position(), owned(cell.get_value()));
            let value = as_shown(value, &shown, &name, place);
            if value != Data::Empty {
                cells.insert(place, value);
            }
        }
        let hidden = hidden.contains(&name);
        sheets.push(Sheet { name, hidden, cells });
    }
    within_blanks(&sheets, limits, &mut texts)?;
    let names = workbook.defined_names().iter();
    let names = names.filter_map(|(name, place)| Some((name.clone(), reference(place)?))).collect();
    Ok(Sheets { sheets, names })
}

/// A value as its cell shows it, where that is something else.
fn as_shown(value: Data, shown: &Shown, sheet: &str, place: (u32, u32)) -> Data {
    let other = match &value {
        Data::Int(_) | Data::Float(_) => {
            let text = text(&value).ok().flatten();
            text.and_then(|text| shown.number(sheet, place, &text))
        }
        Data::String(text) => shown.text(text).map(str::to_owned),
        _ => None,
    };
    other.map_or(value, Data::String)
}

fn owned(value: &DataRef) -> Data {
    match value {
        DataRef::Int(value) => Data::Int(*value),
        DataRef::Float(value) => Data::Float(*value),
        DataRef::String(text) => Data::String(readable_with_overrides(text).into_owned()),
        DataRef::SharedString(text) => Data::String(readable_with_overrides(text).into_owned()),
        DataRef::Bool(value) => Data::Bool(*value),
        DataRef::DateTime(value) => Data::DateTime(*value),
        DataRef::DateTimeIso(text) => Data::DateTimeIso(text.clone()),
        DataRef::DurationIso(text) => Data::DurationIso(text.clone()),
        DataRef::Error(error) => Data::Error(error.clone()),
        DataRef::Empty => Data::Empty,
    }
}

/// The place that `requests!$G$7` names.
pub(super) fn reference(text: &str) -> Option<(String, u32, u32)> {
    let (sheet, cell) = text.trim_start_matches('=').rsplit_once('!')?;
    let sheet = sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\'')).unwrap_or(sheet);
    let cell = cell.replace('$', "");
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let mut column = 0_u32;
    for letter in cell[..digits].bytes().filter(u8::is_ascii_uppercase) {
        column = column.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
    }
    let row: u32 = cell[digits..].parse().ok()?;
    Some((sheet.replace("''", "'"), row.checked_sub(1)?, column.checked_sub(1)?))
}

/// `G7`
pub(crate) fn cell_name(row: u32, column: u32) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

/// The text of a value as a report has it; none for an empty cell.
pub(crate) fn text(value: &Data) -> Result<Option<String>, Message> {
    let text = match value {
        Data::Empty => return Ok(None),
        Data::Int(value) => value.to_string(),
        Data::Float(value) if value.is_finite() => number(*value),
        Data::String(text) => text.trim().to_owned(),
        Data::Float(_) | Data::Error(_) => {
            return Err(message!("是公式的错误值", "is the error of a formula"));
        }
        Data::Bool(_) => return Err(message!("是逻辑值，应是数字", "is a truth value, not a number")),
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => {
            return Err(message!("是日期或时间，应是数字", "is a date or time, not a number"));
        }
    };
    Ok((!text.is_empty()).then_some(text))
}

/// A number as spreadsheets show it: with 15 digits at most, so that 0.1 + 0.2 is 0.3, and no exponent.
fn number(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let text = format!("{rounded}");
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_was_typed() {
        for (value, wanted) in [
            (0.1 + 0.2, "0.3"),
            (6858.05, "6858.05"),
            (59237.2449, "59237.2449"),
            (12.0, "12"),
            (1e20, "100000000000000000000"),
            (-0.0, "0"),
        ] {
            assert_eq!(number(value), wanted);
        }
    }

    #[test]
    fn blank_cells_and_texts_are_counted() {
        let sheet = |count: u32, last: u32| {
            let mut cells: BTreeMap<_, _> = (0..count).map(|row| ((row, 0), Data::Int(1))).collect();
            cells.insert((0, last), Data::Int(1));
            Sheet { name: "甲".to_owned(), hidden: false, cells }
        };
        let within = |sheets: &[Sheet], most: usize| {
            within_blanks(sheets, &Limits::default(), &mut Texts { bytes: 0, most }).is_ok()
        };
        assert!(within(&[sheet(10_000, 63)], 1 << 30));
        assert!(!within(&[sheet(20_000, 63)], 1 << 30));
        assert!(!within(&[sheet(7_000, 63), sheet(7_000, 63)], 1 << 30));
        assert!(within(&[sheet(20_000, 64)], 1 << 30), "a column so far right widens no row");
        assert!(!within(&[sheet(10_000, 63)], 1 << 20), "the name of the sheet is copied for each");
    }

    #[test]
    fn cells_have_their_names() {
        assert_eq!(cell_name(6, 6), "G7");
        assert_eq!(cell_name(0, 27), "AB1");
        assert_eq!(reference("'a b'!$AB$1"), Some(("a b".to_owned(), 0, 27)));
        assert_eq!(reference("#REF!"), None);
        assert_eq!(reference("A!$A$1:$B$2"), None);
    }
}
