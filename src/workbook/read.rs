//! Reading: figures by their keys from a workbook or a CSV file, each with its place.

use std::borrow::Cow;
use std::collections::HashMap;

use calamine::Data;

use super::cells::{Sheet, cell_name, sheets, text};
use super::{Cells, name};
use crate::characters::readable;
use crate::diagnostic::{Diagnostic, Hint, HintCode, Message, Place as FilePlace, nearest, rule};
use crate::figures::grid::{Content, Place, places};
use crate::figures::{Definition, Key, definition, definitions_of};
use crate::layout::{Layout, TableSpec};
use crate::message;
use crate::options::{FiguresFile, Limits};

/// A figure of a file.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Its text; none in an empty cell.
    pub value: Option<String>,
    /// Where it is; none if the file has no such cell.
    pub place: Option<FilePlace>,
    /// Whether it was reported already that the cell is wrong or not there.
    pub reported: bool,
}

impl Found {
    /// Where it is, in words: `工作表“requests” G7`, `figures.csv 第 3 行`.
    pub fn place(&self) -> Message {
        self.place.as_ref().map_or_else(|| message!("", ""), FilePlace::message)
    }
}

/// The figures of a file, and the findings about it. Where there are several files, cells are named with theirs.
pub(crate) fn read<'l>(
    file: &FiguresFile,
    is_alone: bool,
    layout: &'l Layout,
    limits: &Limits,
) -> (Cells<'l>, Vec<Diagnostic>) {
    if file.name.to_lowercase().ends_with(".csv") {
        return csv(file, layout);
    }
    let sheets = match sheets(&file.bytes, limits) {
        Ok(sheets) => sheets,
        Err(Message { zh, en }) => {
            let name = &file.name;
            let text = message!("{name}：{zh}", "{name}: {en}");
            return (Cells::new(), vec![Diagnostic::error(rule::FIGURES_FILE, "", text)]);
        }
    };
    let named_file = (!is_alone).then(|| file.name.clone());
    let (mut found, mut wrong) = (Cells::new(), Vec::new());
    for table in &layout.tables {
        let has_names = |figure: Definition| sheets.names.contains_key(&name(figure.key()));
        let named = definitions_of(table).any(has_names);
        let by_labels = if named { Labelled::default() } else { by_labels(table, &sheets.sheets) };
        for figure in definitions_of(table) {
            let key = figure.key();
            let place = if named {
                sheets.names.get(&name(key)).cloned()
            } else {
                by_labels.cells.get(&key).cloned()
            };
            let Some((sheet, row, column)) = place else {
                if named || by_labels.sheet.is_some() {
                    let label = figure.label();
                    let sheet = by_labels.sheet.as_deref().unwrap_or(&table.key);
                    let text = message!(
                        "工作表“{sheet}”里找不到“{label}”的格",
                        "the sheet \"{sheet}\" has no cell for \"{label}\""
                    );
                    let finding =
                        Diagnostic::error(rule::FIGURES_MISSING, figure.pointer(), text).label(label);
                    wrong.push(match by_labels.near.get(figure.row_key) {
                        Some((near, place)) => finding.hint(message!(
                            "{place} 的“{near}”是不是它？改成表格上的名称",
                            "is it \"{near}\" in {place}? Give it the name of the form"
                        )),
                        None => finding,
                    });
                    found.insert(key, Found { value: None, place: None, reported: true });
                }
                continue;
            };
            let cells = sheets.sheets.iter().find(|known| known.name == sheet).map(|sheet| &sheet.cells);
            let place =
                Some(FilePlace::Cell { file: named_file.clone(), sheet, cell: cell_name(row, column) });
            let value = cells.and_then(|cells| cells.get(&(row, column))).unwrap_or(&Data::Empty);
            match text(value) {
                Ok(value) => {
                    found.insert(key, Found { value, place, reported: false });
                }
                Err(what) => {
                    let label = figure.label();
                    let cell = Found { value: None, place, reported: true };
                    let Message { zh, en } = cell.place();
                    let (what_zh, what_en) = (&what.zh, &what.en);
                    let text = message!("{zh}（{label}）{what_zh}", "{en} ({label}) {what_en}");
                    let finding = Diagnostic::error(rule::FIGURES_TYPE, figure.pointer(), text).label(label);
                    wrong.push(Diagnostic { place: cell.place.clone(), ..finding });
                    found.insert(key, cell);
                }
            }
        }
    }
    if found.is_empty() && wrong.is_empty() && !layout.tables.is_empty() {
        let name = &file.name;
        wrong.push(
            Diagnostic::error(
                rule::FIGURES_FILE,
                "",
                message!("{name} 里没有本版式的表格", "{name} has no table of this layout"),
            )
            .hint(Hint {
                code: HintCode::BlankWorkbook,
                message: message!("用本版式的空白工作簿填写", "fill in the empty workbook of this layout"),
            }),
        );
    }
    (found, wrong)
}

/// A table found by its labels.
#[derive(Default)]
struct Labelled<'l> {
    sheet: Option<String>,
    cells: HashMap<Key<'l>, (String, u32, u32)>,
    /// Of rows that were not found, by their keys: a text that is nearly their label, and its cell.
    near: HashMap<&'l str, (String, String)>,
}

/// Finds a table made by hand: with the labels of the layout in its columns, and its rows in order.
fn by_labels<'l>(table: &'l TableSpec, sheets: &[Sheet]) -> Labelled<'l> {
    let places = places(table);
    let labels: Vec<(&Place, String)> = places
        .iter()
        .filter_map(|place| match &place.content {
            Content::Label(text) => Some((place, plain(text))),
            Content::Figure(_) => None,
        })
        .collect();
    // The offset of rows and columns at which most labels match their expected cells.
    let mut best: Option<(usize, &Sheet, i64, i64)> = None;
    for sheet in sheets {
        let mut matches: HashMap<(i64, i64), usize> = HashMap::new();
        let texts = sheet.cells.iter().filter_map(|(place, value)| match value {
            Data::String(text) => Some((*place, plain(text))),
            _ => None,
        });
        let wanted: HashMap<&str, Vec<&Place>> =
            labels.iter().fold(HashMap::new(), |mut all, (place, text)| {
                all.entry(text.as_str()).or_insert_with(Vec::new).push(place);
                all
            });
        for ((row, column), text) in texts {
            for place in wanted.get(text.as_str()).into_iter().flatten() {
                *matches
                    .entry((i64::from(row) - signed(place.row), i64::from(column) - signed(place.column)))
                    .or_default() += 1;
            }
        }
        for ((down, right), matches) in matches {
            let better = best.as_ref().is_none_or(|(most, _, best_down, best_right)| {
                (matches, -down, -right) > (*most, -best_down, -best_right)
            });
            if better {
                best = Some((matches, sheet, down, right));
            }
        }
    }
    let Some((matches, sheet, down, right)) = best else { return Labelled::default() };
    if matches < 3 || matches * 3 < labels.len() {
        return Labelled::default();
    }
    let (mut cells, mut near) = (HashMap::new(), HashMap::new());
    let mut last = down - 1;
    for (row, _) in table.rows.iter().enumerate() {
        let own = labels.iter().rev().find(|(place, _)| place.row == row);
        let at = match own {
            Some((place, text)) => {
                let column = signed(place.column) + right;
                let bottom = sheet.cells.keys().map(|(row, _)| i64::from(*row)).max().unwrap_or(0);
                let found =
                    (last + 1..=bottom).find(|row| cell(sheet, *row, column).as_deref() == Some(text));
                match found {
                    Some(found) => found,
                    None => {
                        let mut own = places.iter().filter(|place| place.row == row);
                        let key = own.find_map(|place| match &place.content {
                            Content::Figure(figure) => Some(figure.row_key),
                            Content::Label(_) => None,
                        });
                        if let (Some(key), Some(other)) = (key, nearly(sheet, column, text, &labels)) {
                            near.insert(key, other);
                        }
                        continue;
                    }
                }
            }
            None => last + 1,
        };
        last = at;
        for place in places.iter().filter(|place| place.row == row) {
            if let (Content::Figure(figure), Ok(at), Ok(across)) =
                (&place.content, u32::try_from(at), u32::try_from(signed(place.column) + right))
            {
                cells.insert(figure.key(), (sheet.name.clone(), at, across));
            }
        }
    }
    Labelled { sheet: Some(sheet.name.clone()), cells, near }
}

/// A text of a column that is nearly a label, and its cell. Labels of other rows are none.
fn nearly(sheet: &Sheet, column: i64, label: &str, labels: &[(&Place, String)]) -> Option<(String, String)> {
    let texts: Vec<(String, String, String)> = sheet
        .cells
        .iter()
        .filter(|((_, own), _)| i64::from(*own) == column)
        .filter_map(|(&(row, own), value)| match value {
            Data::String(text) => Some((plain(text), text.clone(), cell_name(row, own))),
            _ => None,
        })
        .filter(|(text, ..)| labels.iter().all(|(_, known)| known != text))
        .collect();
    let near = nearest(label, texts.iter().map(|(text, ..)| text.as_str()))?;
    texts.iter().find(|(text, ..)| text == near).map(|(_, text, cell)| (text.clone(), cell.clone()))
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn cell(sheet: &Sheet, row: i64, column: i64) -> Option<String> {
    match sheet.cells.get(&(u32::try_from(row).ok()?, u32::try_from(column).ok()?)) {
        Some(Data::String(text)) => Some(plain(text)),
        _ => None,
    }
}

/// A label without what people type differently: spaces, brackets, stops.
fn plain(text: &str) -> String {
    let half = |character: char| match character {
        '（' => '(',
        '）' => ')',
        '．' | '、' | '，' => '.',
        '：' => ':',
        '“' | '”' | '＂' => '"',
        other => other,
    };
    text.chars().filter(|character| !character.is_whitespace()).map(half).collect()
}

/// Lines of table, row, column, value.
fn csv<'l>(file: &FiguresFile, layout: &'l Layout) -> (Cells<'l>, Vec<Diagnostic>) {
    let (mut found, mut wrong) = (Cells::new(), Vec::new());
    let file_name = &file.name;
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    // Spreadsheets in Chinese save CSV as GBK.
    let text: Cow<str> = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0,
    };
    let text = readable(&text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let at = ["table", "row", "column", "value"].map(|name| header.iter().position(|field| field == name));
    let [Some(table), Some(row), Some(column), Some(value)] = at else {
        let text = message!(
            "{file_name} 第 1 行应有 table、row、column、value 四列",
            "{file_name}, line 1 must have the columns table, row, column and value"
        );
        return (found, vec![Diagnostic::error(rule::FIGURES_FILE, "", text)]);
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let text = message!("{file_name}：{error}", "{file_name}: {error}");
                wrong.push(Diagnostic::error(rule::FIGURES_FILE, "", text));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let field = |at: usize| record.get(at).unwrap_or_default();
        let cell = Found {
            value: Some(field(value).to_owned()).filter(|value| !value.is_empty()),
            place: Some(FilePlace::Line { file: file_name.clone(), line }),
            reported: false,
        };
        let Message { zh, en } = cell.place();
        let key = Key { table: field(table), row: field(row), column: field(column) };
        let figure = match definition(layout, key) {
            Some(figure) => figure,
            None => {
                let unknown = unknown(layout, key);
                let (what_zh, what_en) = (unknown.zh, unknown.en);
                let text = message!("{zh}：{what_zh}", "{en}: {what_en}");
                let finding = Diagnostic::error(rule::FIGURES_UNKNOWN, "/tables", text);
                wrong.push(Diagnostic { place: cell.place, ..finding });
                continue;
            }
        };
        if let Some(first) = found.get(&figure.key()) {
            let first: Message = first.place();
            let (first_zh, first_en) = (first.zh, first.en);
            let text =
                message!("{zh}：{first_zh} 已给出这个数字", "{en}: {first_en} gives this figure already");
            let finding =
                Diagnostic::error(rule::FIGURES_TWICE, figure.pointer(), text).label(figure.label());
            wrong.push(Diagnostic { place: cell.place, ..finding });
            continue;
        }
        found.insert(figure.key(), cell);
    }
    (found, wrong)
}

/// The message about the part of a key that the layout does not have.
fn unknown(layout: &Layout, Key { table, row, column }: Key) -> Message {
    let near = |word: &str, known: Vec<&str>| {
        let near = nearest(word, known);
        let zh = near.map(|near| format!("，是不是“{near}”？")).unwrap_or_default();
        let en = near.map(|near| format!(", did you mean \"{near}\"?")).unwrap_or_default();
        (zh, en)
    };
    let Some(spec) = layout.table(table) else {
        let (zh, en) = near(table, layout.tables.iter().map(|table| table.key.as_str()).collect());
        return message!("没有表格“{table}”{zh}", "there is no table \"{table}\"{en}");
    };
    let Some(figures) = spec.figures.get(row) else {
        let (zh, en) = near(row, spec.figures.keys().map(String::as_str).collect());
        return message!("没有行“{row}”{zh}", "there is no row \"{row}\"{en}");
    };
    let (zh, en) = near(column, spec.columns_of(figures).collect());
    message!("“{row}”没有列“{column}”{zh}", "\"{row}\" has no column \"{column}\"{en}")
}
