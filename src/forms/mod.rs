//! The statutory tables of a layout found in the tables of a file, by their labels.
//!
//! Labels decide, not geometry: a file may merge cells otherwise, break a table over pages, add a row or lose a group's
//! label. The rows of all tables of the file are aligned with all rows of the layout at once, in order. A figure whose
//! column or whose cell is not known stays open.

mod align;
mod columns;
mod expected;
mod grid;
mod heads;
pub(crate) mod labels;
mod sequence;
mod sums;
pub(crate) mod values;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Place, rule};
use crate::figures::{Definition, Key};
use crate::layout::Layout;
use crate::message;

use align::Row;
use columns::{Column, columns};
pub(crate) use grid::{Cell, Grid};
use labels::{likeness, plain};
use values::{Mend, Value, is_missing, money_of, unit_of, value};

/// A figure of a layout as a file has it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// As it stands in the file; none where the file has no cell for it.
    pub text: Option<String>,
    /// The figure; none where it is missing or not understood.
    pub figure: Option<String>,
    pub place: Option<Place>,
    /// Whether its place is its own cell, not its row: the column may not be known.
    #[cfg_attr(
        not(feature = "workbook"),
        expect(dead_code, reason = "figures of sheets alone need their cell")
    )]
    pub has_cell: bool,
    pub how: How,
    /// Whether something is in its cell, or in its row, that was not understood.
    pub is_doubtful: bool,
}

/// How the cell of a figure was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By the labels of its row and column.
    Label,
    /// By the label of its row and the order of cells.
    Order,
}

/// The figures of a layout in a file.
#[derive(Debug, Default)]
pub(crate) struct Matched<'l> {
    /// Those whose rows were found, by key.
    pub figures: BTreeMap<Key<'l>, Found>,
    /// What is not understood, and what was converted.
    pub findings: Vec<Diagnostic>,
    /// The tables of the file that are the layout's, by number, with the layout's tables in each.
    pub tables: BTreeMap<usize, BTreeSet<usize>>,
    /// Rows and columns of those tables that have no place in the layout.
    pub left: Vec<(Place, String)>,
    /// The columns of each table of the layout that stand in another order, and the first of their cells.
    moved: BTreeMap<usize, (BTreeSet<&'l str>, Option<Place>)>,
    /// How many rows of the layout were found, and how many it has.
    pub rows: usize,
    pub of_rows: usize,
    /// How many headers of the layout's columns the file has, of all that it should have, in thousandths.
    pub heads: usize,
}

impl<'l> Matched<'l> {
    /// Reads a figure whose cell is known otherwise than by its labels.
    pub(crate) fn read_in_place(&mut self, definition: Definition<'l>, cell: &Cell) {
        let (figure, is_doubtful) = read_cell(&mut self.findings, definition, cell, None);
        let (text, place) = (Some(cell.text.clone()), Some(cell.place.clone()));
        insert(self, definition, Found { text, figure, place, has_cell: true, how: How::Order, is_doubtful });
    }
}

/// Finds the tables of a layout in those of a file.
pub(crate) fn tables<'l>(layout: &'l Layout, grids: &[&Grid]) -> Matched<'l> {
    let expected = expected::rows(layout);
    let found = align::rows(grids, &expected);
    let mut pairs = align::align(&expected, &found);
    let mut matched = Matched { of_rows: expected.len(), ..Matched::default() };
    let twins = align::without_twins(&expected, &found, &mut pairs);
    for twin in &twins {
        matched.findings.push(told_twin(&expected[twin.wanted], &found[twin.found]));
    }
    if pairs.is_empty() {
        return matched;
    }
    let aligned: BTreeSet<(usize, usize)> =
        pairs.iter().map(|pair| (found[pair.found].grid, found[pair.found].row)).collect();
    let lengths = columns::lengths(&expected, &found, &pairs);
    let texts = sequence::tables(&expected, &found, grids, &pairs, &expected::other_texts(layout));
    let mut others: BTreeMap<(usize, usize), (Place, Vec<String>)> = BTreeMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        let (wanted, row) = (&expected[pair.wanted], &found[pair.found]);
        matched.rows += 1;
        matched.tables.entry(row.grid).or_default().insert(wanted.number);
        let heads = columns::heads_over(grids[row.grid], row, &aligned);
        let columns = if grids[row.grid].has_columns {
            columns(wanted, row, pair.label, grids[row.grid], &heads, &lengths)
        } else {
            sequence::columns(wanted, row, (number, pair), &texts)
        };
        if let Ok(columns) = &columns {
            for cell in columns::beside(wanted, row, pair.label, columns) {
                let name = || columns::name_over(cell, &heads);
                let (_, texts) = others
                    .entry((row.grid, cell.column))
                    .or_insert_with(|| (cell.place.clone(), name().into_iter().collect()));
                texts.push(cell.text.trim().to_owned());
            }
        }
        read_row(
            &mut matched,
            wanted,
            row,
            columns,
            stated_unit(grids[row.grid], row.row, &|at| aligned.contains(&(row.grid, at))),
        );
    }
    matched.heads = heads_found(&expected, grids, &matched.tables);
    told_moved(&mut matched, layout);
    matched.left.extend(others.into_values().map(|(place, texts)| (place, texts.join("｜"))));
    told_left(&mut matched, layout, &found, &aligned);
    told_twice(&mut matched, &expected, &found, &pairs);
    matched
}

/// A finding about a label that two rows have, of which one must be another one.
fn told_twin(wanted: &expected::Row, row: &Row) -> Diagnostic {
    let label = wanted.figures.first().map_or("", |figure| figure.definition.row_label());
    let pointer = crate::figures::row_pointer(&wanted.table.key, first_key(wanted));
    let message = message!(
        "有两行都叫“{label}”，分不清哪一行是它，都没有读入",
        "two rows are called \"{label}\"; which of them it is is not known, and neither is read"
    );
    let finding = Diagnostic::warning(rule::IMPORT_ROW, pointer, message).label(label).hint(message!(
        "改正文件里写错的名称，或在报告里填上",
        "correct the wrong label in the file, or fill in the report"
    ));
    Diagnostic { place: row.place(), ..finding }
}

/// Reads the figures of a row.
fn read_row<'l>(
    matched: &mut Matched<'l>,
    wanted: &expected::Row<'l>,
    row: &Row,
    columns: Result<Vec<Column>, columns::Unknown>,
    stated: Option<&str>,
) {
    let label = wanted.figures.first().map_or("", |figure| figure.definition.row_label());
    let columns = match columns {
        Ok(columns) => columns,
        Err(unknown) => {
            let texts: Vec<&str> = unknown.cells.iter().map(|cell| cell.text.trim()).collect();
            let shown = texts.join("｜");
            let (count, wanted_count) = (texts.len(), wanted.figures.len());
            let pointer = crate::figures::row_pointer(&wanted.table.key, first_key(wanted));
            let place = unknown.cells.first().map(|cell| cell.place.clone()).or_else(|| row.place());
            if !unknown.cells.is_empty() {
                let message = if count == wanted_count {
                    message!(
                        "“{label}”一行的 {count} 格（{shown}）和表头或同表的其他行对不上，分不清各在哪一列，没有读入",
                        "the {count} cells of the row \"{label}\" ({shown}) do not fit the headers or the other rows of the table; their columns are not known, and they are not read"
                    )
                } else {
                    message!(
                        "“{label}”一行应有 {wanted_count} 格，文件里是 {count} 格（{shown}），分不清各在哪一列，没有读入",
                        "the row \"{label}\" must have {wanted_count} cells and has {count} ({shown}); their columns are not known, and they are not read"
                    )
                };
                let finding = Diagnostic::warning(rule::IMPORT_COLUMN, pointer, message)
                    .label(label)
                    .hint(message!("在报告里填上这一行", "fill in this row in the report"));
                matched.findings.push(Diagnostic { place: place.clone(), ..finding });
                matched.findings.extend(others_in_row(wanted, place.as_ref()));
            }
            for figure in &wanted.figures {
                let text = (!shown.is_empty()).then(|| shown.clone());
                let is_doubtful = text.is_some();
                insert(
                    matched,
                    figure.definition,
                    Found {
                        text,
                        figure: None,
                        place: place.clone(),
                        has_cell: false,
                        how: How::Order,
                        is_doubtful,
                    },
                );
            }
            return;
        }
    };
    for (figure, column) in wanted.figures.iter().zip(columns) {
        let definition = figure.definition;
        let Some(cell) = column.cell else {
            let found = Found {
                text: None,
                figure: None,
                place: None,
                has_cell: false,
                how: column.how,
                is_doubtful: false,
            };
            insert(matched, definition, found);
            continue;
        };
        let (figure, is_doubtful) = read_cell(&mut matched.findings, definition, cell, stated);
        let found = Found {
            text: Some(cell.text.clone()),
            figure,
            place: Some(cell.place.clone()),
            has_cell: true,
            how: column.how,
            is_doubtful: is_doubtful || column.is_doubtful,
        };
        if column.is_doubtful {
            let (columns, _) =
                matched.moved.entry(wanted.number).or_insert_with(|| (BTreeSet::new(), found.place.clone()));
            columns.insert(definition.column_label());
        }
        insert(matched, definition, found);
    }
}

/// Rows of the report that stand in the same row of the file as another one, which was not read.
fn others_in_row(wanted: &expected::Row, place: Option<&Place>) -> Vec<Diagnostic> {
    let mut keys: Vec<Definition> = wanted.figures.iter().map(|figure| figure.definition).collect();
    keys.dedup_by_key(|definition| definition.row_key);
    let first = keys.first().map_or("", |definition| definition.row_label());
    let told = |definition: &Definition| {
        let label = definition.row_label();
        let message = message!(
            "“{label}”和“{first}”在文件的同一行，列分不清，也没有读入",
            "\"{label}\" stands in the same row of the file as \"{first}\"; its columns are not known, and it is not read either"
        );
        let pointer = crate::figures::row_pointer(&wanted.table.key, definition.row_key);
        let finding = Diagnostic::warning(rule::IMPORT_COLUMN, pointer, message)
            .label(label)
            .hint(message!("在报告里填上这一行", "fill in this row in the report"));
        Diagnostic { place: place.cloned(), ..finding }
    };
    keys.iter().skip(1).map(told).collect()
}

fn first_key<'l>(wanted: &expected::Row<'l>) -> &'l str {
    wanted.figures.first().map_or("", |figure| figure.definition.row_key)
}

fn insert<'l>(matched: &mut Matched<'l>, definition: Definition<'l>, found: Found) {
    matched.figures.insert(definition.key(), found);
}

/// The unit of money that the headers right above a row or the row itself name.
fn stated_unit(grid: &Grid, row: usize, is_aligned: &dyn Fn(usize) -> bool) -> Option<&'static str> {
    let above = (0..row).rev().take_while(|at| !is_aligned(*at));
    std::iter::once(row).chain(above).flat_map(|at| &grid.rows[at]).find_map(|cell| money_of(&cell.text))
}

/// The figure of a cell, and whether the cell is doubtful. `stated` is the unit that the file names for it.
fn read_cell(
    findings: &mut Vec<Diagnostic>,
    definition: Definition,
    cell: &Cell,
    stated: Option<&str>,
) -> (Option<String>, bool) {
    let text = cell.text.trim();
    if definition.row.text && !is_missing(text) {
        // 未增未减, 251000元: the form allows words here.
        return (Some(text.replace(['\n', '\t'], "")), false);
    }
    let unit = unit_of(definition.column_label());
    let label = definition.label();
    let mut tell = |rule: &'static str, message, hint| {
        let finding = Diagnostic::warning(rule, definition.pointer(), message).label(&label).hint(hint);
        findings.push(Diagnostic { place: Some(cell.place.clone()), ..finding });
    };
    let read = value(text, unit, definition.table.counts);
    if let (Some(unit), Some(stated), Value::Figure(figure) | Value::Mended { text: figure, .. }) =
        (unit, stated, &read)
        && unit != stated
        && !figure.bytes().all(|byte| byte == b'0' || byte == b'.')
    {
        tell(
            rule::IMPORT_CELL,
            message!(
                "“{label}”在文件里的单位是{stated}（{figure}），报告里是{unit}，没有读入",
                "\"{label}\" is in {stated} in the file ({figure}) and in {unit} in the report; it is not read"
            ),
            message!("换算成{unit}填在报告里", "convert it to {unit} and give it in the report"),
        );
        return (None, true);
    }
    match read {
        Value::Figure(figure) => (Some(figure), false),
        Value::Missing => (None, false),
        Value::Mended { text: figure, what } => {
            let (zh, en) = match what {
                Mend::FullWidth => ("全角数字", "full-width digits"),
                Mend::Unit => ("单位", "the unit"),
                Mend::Grouping => ("千分位逗号", "the commas between thousands"),
                Mend::Noughts => ("前面的 0", "the noughts in front"),
            };
            tell(
                rule::IMPORT_CONVERTED,
                message!(
                    "“{label}”写的是“{text}”，去掉{zh}读作 {figure}",
                    "\"{label}\" is written \"{text}\"; without {en} it is read as {figure}"
                ),
                message!("核对这个数字", "check this figure"),
            );
            (Some(figure), false)
        }
        Value::Unknown => {
            let shown: String = text.chars().take(30).map(shown).collect();
            let hint = match unit {
                Some(unit) => message!("在报告里按{unit}填数字", "give the figure in {unit} in the report"),
                None => message!("在报告里填上数字", "give the figure in the report"),
            };
            tell(
                rule::IMPORT_CELL,
                message!(
                    "“{label}”的格里是“{shown}”，不能确定是哪个数字，没有读入",
                    "the cell of \"{label}\" has \"{shown}\", which is no certain figure; it is not read"
                ),
                hint,
            );
            (None, true)
        }
    }
}

/// A character of a cell as a message shows it: what turns the direction of a line would turn the message.
fn shown(character: char) -> String {
    match character {
        '\u{202a}'..='\u{202e}' => format!("<U+{:04X}>", u32::from(character)),
        other if other.is_control() => " ".to_owned(),
        other => other.to_string(),
    }
}

/// How many of the layout's headers are in the tables of the file that are the layout's, in thousandths.
fn heads_found(
    expected: &[expected::Row],
    grids: &[&Grid],
    tables: &BTreeMap<usize, BTreeSet<usize>>,
) -> usize {
    let texts: BTreeSet<String> = tables
        .keys()
        .flat_map(|grid| grids[*grid].rows.iter().flatten())
        .map(|cell| plain(&cell.text))
        .filter(|text| !text.is_empty())
        .collect();
    let wanted: BTreeSet<&str> = expected
        .iter()
        .flat_map(|row| row.figures.iter())
        .filter_map(|figure| figure.heads.last()?.first().map(String::as_str))
        .collect();
    if wanted.is_empty() {
        return 0;
    }
    let has = |head: &&&str| texts.iter().any(|text| likeness(text, head) >= 0.8);
    1000 * wanted.iter().filter(has).count() / wanted.len()
}

/// Columns in another order are told once for each table.
fn told_moved(matched: &mut Matched, layout: &Layout) {
    for (number, (columns, place)) in std::mem::take(&mut matched.moved) {
        let table = &layout.tables[number];
        let (name, columns) = (&table.name, columns.into_iter().collect::<Vec<_>>().join("、"));
        let message = message!(
            "“{name}”里{columns}的列名和列的次序不一致，按列名读入",
            "the columns {columns} of the table \"{name}\" stand in another order than their names; they are read by their names"
        );
        let finding = Diagnostic::warning(
            rule::IMPORT_COLUMN,
            crate::diagnostic::child("/tables", &table.key),
            message,
        )
        .label(name)
        .hint(message!("核对这些列的数字", "check the figures of these columns"));
        matched.findings.push(Diagnostic { place, ..finding });
    }
}

/// Rows of the layout's tables in the file that the layout does not have: with figures, or with words that are no label.
fn told_left(matched: &mut Matched, layout: &Layout, found: &[Row], aligned: &BTreeSet<(usize, usize)>) {
    let known = expected::other_texts(layout);
    for row in found.iter().filter(|row| matched.tables.contains_key(&row.grid)) {
        if aligned.contains(&(row.grid, row.row)) {
            continue;
        }
        let is_known = |cell: &&Cell| {
            let text = plain(&cell.text);
            is_missing(&cell.text) || known.iter().any(|known| likeness(&text, known) >= 0.6)
        };
        // A header may be cut, or broken into columns of characters: only what can be no header is told.
        let strange: Vec<&Cell> = row.cells.iter().copied().filter(|cell| !is_known(cell)).collect();
        let has_figure =
            row.cells.iter().any(|cell| cell.text.trim().starts_with(|c: char| c.is_ascii_digit()));
        let is_long = strange.iter().any(|cell| cell.text.chars().count() > 20);
        if let (Some(first), true) = (strange.first(), has_figure || is_long) {
            let texts: Vec<&str> = row.cells.iter().map(|cell| cell.text.trim()).collect();
            matched.left.push((first.place.clone(), texts.join("｜")));
        }
    }
}

/// A second table with the same rows is told, for it cannot be known which one is meant.
fn told_twice(matched: &mut Matched, expected: &[expected::Row], found: &[Row], pairs: &[align::Pair]) {
    let used: BTreeSet<usize> = pairs.iter().map(|pair| pair.wanted).collect();
    let mut again: BTreeMap<(usize, usize), (usize, Option<Place>)> = BTreeMap::new();
    for row in found.iter().filter(|row| !matched.tables.contains_key(&row.grid)) {
        for (_, wanted) in expected.iter().enumerate().filter(|(at, _)| used.contains(at)) {
            let is_same = align::fit(wanted, row).is_some_and(|fit| fit.likeness >= 0.95 && fit.fits);
            if is_same {
                let entry = again.entry((row.grid, wanted.number)).or_insert_with(|| (0, row.place()));
                entry.0 += 1;
            }
        }
    }
    for ((_, number), (count, place)) in again {
        let in_table = expected.iter().filter(|row| row.number == number).count();
        if count * 2 <= in_table {
            continue;
        }
        let name = expected.iter().find(|row| row.number == number).map_or("", |row| row.table.name.as_str());
        let message = message!(
            "“{name}”在文件里有两个，读入的是另一个",
            "the file has the table \"{name}\" twice; the other one was read"
        );
        let finding = Diagnostic::warning(rule::IMPORT_TWICE, "/tables", message)
            .hint(message!("核对读入的是不是本年的", "check that the one that was read is this year's"));
        matched.findings.push(Diagnostic { place, ..finding });
    }
}
