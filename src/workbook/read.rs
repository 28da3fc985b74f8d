//! Reading: figures by their keys from a workbook or a CSV file, each with its place.

use std::borrow::Cow;

use calamine::Data;

use super::cells::{Sheet, cell_name, grid, reference, sheets, text};
use super::{Cells, name};
use crate::characters::readable;
use crate::characters::solid;
use crate::diagnostic::{Diagnostic, Hint, HintCode, Message, Place as FilePlace, nearest, rule};
use crate::figures::{Key, definition, definitions, definitions_of};
use crate::forms::labels::plain;
use crate::forms::{self, Grid, Matched};
use crate::layout::{Layout, TableSpec};
use crate::message;
use crate::options::{FiguresFile, Limits};
use crate::read::ReadError;

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
        Err(error) => {
            let name = &file.name;
            let Message { zh, en } = match error {
                ReadError::Damaged(message) | ReadError::Format(message) | ReadError::Limit(message) => {
                    message
                }
                ReadError::Encrypted => error.message(),
            };
            let text = message!("{name}：{zh}", "{name}: {en}");
            return (Cells::new(), vec![Diagnostic::error(rule::FIGURES_FILE, "", text)]);
        }
    };
    let named_file = (!is_alone).then(|| file.name.clone());
    let (mut found, mut wrong) = (Cells::new(), Vec::new());
    let grids: Vec<Grid> = sheets.sheets.iter().map(grid).collect();
    let is_named = |table: &TableSpec| {
        definitions_of(table).any(|figure| sheets.names.contains_key(&name(figure.key())))
    };
    let matched = match layout.tables.iter().all(is_named) {
        true => Matched::default(),
        false => forms::tables(layout, &grids.iter().collect::<Vec<_>>()),
    };
    for (number, table) in layout.tables.iter().enumerate() {
        let named = is_named(table);
        let home = matched.tables.iter().find(|(_, tables)| tables.contains(&number));
        let home = home.map(|(grid, _)| &sheets.sheets[*grid]).filter(|_| !named);
        for figure in definitions_of(table) {
            let key = figure.key();
            let own = matched.figures.get(&key).filter(|_| !named);
            let place = if named {
                sheets.names.get(&name(key)).cloned()
            } else {
                own.filter(|own| own.has_cell).and_then(place_of)
            };
            let Some((sheet, row, column)) = place else {
                if named || home.is_some() {
                    let label = figure.label();
                    let sheet = home.map_or(table.key.as_str(), |sheet| &sheet.name);
                    let text = message!(
                        "工作表“{sheet}”里找不到“{label}”的格",
                        "the sheet \"{sheet}\" has no cell for \"{label}\""
                    );
                    let finding =
                        Diagnostic::error(rule::FIGURES_MISSING, figure.pointer(), text).label(label);
                    let near = home.and_then(|sheet| nearly(sheet, figure.row_label(), layout));
                    wrong.push(match near {
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
            // A number that is not one of the form's unit.
            let doubt = own.filter(|own| own.figure.is_none()).and_then(|_| {
                matched
                    .findings
                    .iter()
                    .find(|told| told.rule == rule::IMPORT_CELL && told.pointer == figure.pointer())
            });
            let cells = sheets.sheets.iter().find(|known| known.name == sheet).map(|sheet| &sheet.cells);
            let place =
                Some(FilePlace::Cell { file: named_file.clone(), sheet, cell: cell_name(row, column) });
            let value = cells.and_then(|cells| cells.get(&(row, column))).unwrap_or(&Data::Empty);
            match text(value) {
                Ok(Some(value)) if doubt.is_some() && value.parse::<f64>().is_ok() => {
                    let told = doubt.cloned().into_iter();
                    wrong.extend(told.map(|told| {
                        Diagnostic {
                            place: place.clone(),
                            ..Diagnostic::error(rule::FIGURES_TYPE, figure.pointer(), told.message)
                                .label(figure.label())
                        }
                    }));
                    found.insert(key, Found { value: None, place, reported: true });
                }
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
    let of_columns = matched.findings.into_iter().filter(|told| {
        (told.rule == rule::IMPORT_COLUMN || told.rule == rule::IMPORT_TWICE) && !found.is_empty()
    });
    wrong.extend(of_columns);
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

/// The sheet, row and column of a figure that was found by its labels.
fn place_of(found: &forms::Found) -> Option<(String, u32, u32)> {
    match &found.place {
        Some(FilePlace::Cell { sheet, cell, .. }) => {
            let (_, row, column) = reference(&format!("sheet!{cell}"))?;
            Some((sheet.clone(), row, column))
        }
        _ => None,
    }
}

/// A text of a sheet that is nearly a label, and its cell. Labels of other rows are none.
fn nearly(sheet: &Sheet, label: &str, layout: &Layout) -> Option<(String, String)> {
    let known: Vec<String> = definitions(layout).map(|figure| plain(figure.row_label())).collect();
    let texts: Vec<(String, &String, String)> = sheet
        .cells
        .iter()
        .filter_map(|(&(row, column), value)| match value {
            Data::String(text) => Some((solid(text), text, cell_name(row, column))),
            _ => None,
        })
        .filter(|(_, text, _)| !known.contains(&plain(text)))
        .collect();
    let near = nearest(&solid(label), texts.iter().map(|(text, ..)| text.as_str()))?;
    texts.iter().find(|(text, ..)| text == near).map(|(_, text, cell)| ((*text).clone(), cell.clone()))
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
