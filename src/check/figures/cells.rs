//! The cells of a report's tables: whether they are those that the layout requires, and whether their
//! contents are allowed.
//!
//! `compose` prints every cell; mistakes in cells are found here, with their row and column.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Hint, HintCode, child, nearest, rule};
use crate::figures::{Figure, Figures, Key, row_pointer, totals};
use crate::layout::{FiguresSpec, TableSpec};
use crate::message;
use crate::report::{CellClass, Report, Row, half_width};

/// Every table, row and cell that is missing, unknown or not allowed.
pub fn cells(report: &Report, figures: &Figures) -> Vec<Diagnostic> {
    let layout = figures.layout();
    let mut found = Vec::new();
    for key in report.tables.keys().filter(|key| layout.table(key).is_none()) {
        let near = nearest(key, layout.tables.iter().map(|table| table.key.as_str()));
        found.push(unknown(rule::REPORT_UNKNOWN_TABLE, child("/tables", key), key, near, ("表格", "table")));
    }
    for table in &layout.tables {
        let rows = report.tables.get(&table.key);
        let has_figures =
            || table.figures.keys().any(|row| figures.row(&table.key, row).any(|figure| figure.is_present()));
        if rows.is_none() && !has_figures() {
            let (key, name) = (&table.key, &table.name);
            found.push(Diagnostic::error(
                rule::TABLE_MISSING,
                "/tables",
                message!("缺少表格“{key}”（{name}）", "the table \"{key}\" ({name}) is missing"),
            ));
            continue;
        }
        table_of(table, rows, figures, &mut found);
    }
    let known = Known::of(figures);
    found.extend(figures.iter().filter(Figure::is_present).filter_map(|figure| {
        let finding = class(figure)?;
        let value = known.value(figure);
        Some(match value {
            Some(value) => finding.mend(figure.pointer(), value),
            None => finding,
        })
    }));
    found
}

/// What the figures must be that are not given, or not as figures.
struct Known<'a> {
    /// Those that the layout defines as sums.
    totals: BTreeSet<Key<'a>>,
    /// Open ones that follow from others, by their pointers.
    determined: BTreeMap<String, String>,
}

impl<'a> Known<'a> {
    fn of(figures: &'a Figures) -> Known<'a> {
        let has =
            |class: CellClass| figures.iter().any(|figure| figure.is_present() && figure.class() == class);
        let determined = match has(CellClass::Open) {
            true => super::determined(figures),
            false => BTreeMap::new(),
        };
        let totals = match has(CellClass::Open) || has(CellClass::Empty) {
            true => totals(figures.layout()).into_keys().collect(),
            false => BTreeSet::new(),
        };
        let pointer = |number: usize| figures.get(number).pointer();
        let determined = determined.into_iter().map(|(number, value)| (pointer(number), value)).collect();
        Known { totals, determined }
    }

    /// The one value that would settle what is wrong with a figure.
    fn value(&self, figure: Figure) -> Option<String> {
        match figure.class() {
            // A total that is left open is computed from now on.
            CellClass::Open | CellClass::Empty if self.totals.contains(&figure.key()) => {
                Some("auto".to_owned())
            }
            CellClass::Open => self.determined.get(&figure.pointer()).cloned(),
            // By the contract of cells they count as 0 already.
            CellClass::Empty | CellClass::Mark => Some("0".to_owned()),
            CellClass::FullWidth => half_width(figure.text()),
            CellClass::Grouped => ungrouped(figure.text()),
            CellClass::Figure
            | CellClass::Signed
            | CellClass::Exponent
            | CellClass::Auto
            | CellClass::Text => None,
        }
    }
}

/// The number that groups of three digits mean: `1234` for `1,234`. What `12,5` means nobody can tell.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split([',', '，', '\'', ' ', '\u{a0}', '\u{202f}']);
    let is_first = (1..=3).contains(&groups.next()?.len());
    let is_grouped = is_first && groups.all(|group| group.len() == 3);
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    is_grouped.then(|| fraction.map_or(digits.clone(), |fraction| format!("{digits}.{fraction}")))
}

fn table_of(
    table: &TableSpec,
    rows: Option<&IndexMap<String, Row>>,
    figures: &Figures,
    found: &mut Vec<Diagnostic>,
) {
    let pointer = child("/tables", &table.key);
    for key in rows.iter().flat_map(|rows| rows.keys()).filter(|key| !table.figures.contains_key(*key)) {
        let near = nearest(key, table.figures.keys().map(String::as_str));
        found.push(unknown(rule::TABLE_UNKNOWN_ROW, child(&pointer, key), key, near, ("行", "row")));
    }
    for (key, spec) in &table.figures {
        match rows.and_then(|rows| rows.get(key)) {
            None if figures.row(&table.key, key).any(|figure| figure.is_present()) => {}
            None => {
                let label = &spec.label;
                let text = message!("缺少行“{key}”（{label}）", "the row \"{key}\" ({label}) is missing");
                found.push(Diagnostic::error(rule::TABLE_MISSING_ROW, pointer.clone(), text));
            }
            Some(Row::List(cells)) => found.extend(list(table, key, spec, cells.len())),
            Some(Row::Named(cells)) => {
                let columns = table.columns_of(spec);
                let extra = cells.keys().filter(|cell| columns.clone().all(|column| column != **cell));
                for column in extra {
                    let near = nearest(column, columns.clone());
                    let place = child(&row_pointer(&table.key, key), column);
                    found.push(unknown(rule::TABLE_UNKNOWN_COLUMN, place, column, near, ("列", "column")));
                }
                for figure in figures.row(&table.key, key).filter(|figure| !figure.is_present()) {
                    let (label, column) = (&spec.label, figure.key().column);
                    let text = message!("“{label}”缺少列“{column}”", "\"{label}\" has no \"{column}\"");
                    found.push(Diagnostic::error(rule::TABLE_CELLS, figure.row_pointer(), text));
                }
            }
        }
    }
}

/// A row that is a list has a cell for each of its columns.
fn list(table: &TableSpec, key: &str, spec: &FiguresSpec, given: usize) -> Option<Diagnostic> {
    let columns = table.columns_of(spec);
    let (label, wanted) = (&spec.label, columns.len());
    let columns: Vec<&str> = columns.collect();
    (given != wanted).then(|| {
        let text = message!(
            "“{label}”应有 {wanted} 个单元格，这里有 {given} 个",
            "\"{label}\" has {wanted} cells, {given} are given"
        );
        Diagnostic::error(rule::TABLE_CELLS, row_pointer(&table.key, key), text)
            .hint(message!("各列依次是 {columns:?}", "its columns are {columns:?}"))
    })
}

/// Checks that the text of a figure is allowed.
fn class(figure: Figure) -> Option<Diagnostic> {
    let (label, column) = (figure.definition.row_label(), figure.definition.column_label());
    let text = figure.text();
    let row = figure.row();
    let error = |rule, message| Diagnostic::error(rule, figure.pointer(), message);
    let finding = match figure.class() {
        CellClass::Figure => return None,
        CellClass::Signed if row.signed => return None,
        CellClass::Text | CellClass::Mark if row.text => return None,
        // Reported by `compose`, as in every text.
        CellClass::Text if text.chars().any(char::is_control) => return None,
        CellClass::Signed => error(
            rule::FIGURE_SIGN,
            message!(
                "“{label}”的“{column}”不能带正负号：{text}",
                "\"{label}\", \"{column}\" must not have a sign: {text}"
            ),
        )
        .hint(message!("填不小于 0 的数字", "give a number of 0 or more")),
        CellClass::Exponent => error(
            rule::FIGURE_EXPONENT,
            message!(
                "“{label}”的“{column}”不能用指数写法：{text}",
                "\"{label}\", \"{column}\" must not have an exponent: {text}"
            ),
        )
        .hint(message!("把数字写全", "write the number in full")),
        CellClass::Grouped => error(
            rule::FIGURE_GROUPED,
            message!(
                "“{label}”的“{column}”不能带分隔符：{text}",
                "\"{label}\", \"{column}\" must not have separators: {text}"
            ),
        )
        .hint(message!("去掉数字中间的逗号和空格", "take the commas and spaces out of the number")),
        CellClass::Auto => error(
            rule::FIGURE_AUTO,
            message!(
                "“{label}”的“{column}”没有可以算出它的勾稽关系",
                "no identity determines \"{label}\", \"{column}\""
            ),
        )
        .hint(message!("填写数字", "give the number")),
        // The finding of its cause says why it could not be computed.
        CellClass::Open if figure.is_computed() => return None,
        CellClass::Open => Diagnostic::warning(
            rule::FIGURE_OPEN,
            figure.pointer(),
            message!("“{label}”的“{column}”还没有数字", "\"{label}\", \"{column}\" has no figure yet"),
        )
        .hint(message!(
            "填上数字，没有就填 0；在此之前，与它有关的勾稽关系不作判断，也不生成文件",
            "give the figure, or 0 if there is none; until then identities over it have no verdict, and no files are made"
        )),
        CellClass::FullWidth => {
            let digits = half_width(text).unwrap_or_default();
            error(
                rule::FIGURE_FULL_WIDTH,
                message!(
                    "“{label}”的“{column}”是全角数字：{text}",
                    "\"{label}\", \"{column}\" has full-width digits: {text}"
                ),
            )
            .hint(Hint { code: HintCode::Fix, message: message!("改成 {digits}", "write {digits}") })
        }
        CellClass::Empty => Diagnostic::warning(
            rule::FIGURE_EMPTY,
            figure.pointer(),
            message!(
                "“{label}”的“{column}”是空的，按 0 计",
                "\"{label}\", \"{column}\" is empty and counts as 0"
            ),
        ),
        CellClass::Mark => Diagnostic::warning(
            rule::FIGURE_MARK,
            figure.pointer(),
            message!(
                "“{label}”的“{column}”是“{text}”，按 0 计",
                "\"{label}\", \"{column}\" is \"{text}\" and counts as 0"
            ),
        )
        .hint(message!("没有就填 0", "give 0 if there is none")),
        CellClass::Text => error(
            rule::FIGURE_TEXT,
            message!(
                "“{label}”的“{column}”不是数字：{text}",
                "\"{label}\", \"{column}\" is not a number: {text}"
            ),
        )
        .hint(match text.chars().any(|character| character.is_numeric()) {
            true => message!(
                "只填数字，不写单位和文字；单位按表头",
                "give the number alone, in the unit of the head, without words"
            ),
            false => message!("填数字，没有就填 0", "give a number, or 0 if there is none"),
        }),
    };
    Some(Diagnostic { place: figure.place().cloned(), ..finding.label(figure.label()) })
}

fn unknown(
    rule: &'static str,
    pointer: String,
    key: &str,
    near: Option<&str>,
    (zh, en): (&str, &str),
) -> Diagnostic {
    let found = Diagnostic::error(
        rule,
        pointer,
        message!("版式里没有{zh}“{key}”", "the layout has no {en} \"{key}\""),
    );
    match near {
        Some(near) => found.hint(Hint::did_you_mean(near)),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_digits_are_a_number_and_others_are_not() {
        for (text, number) in [("1,234", "1234"), ("12，345，678.90", "12345678.90"), ("1 234", "1234")] {
            assert_eq!(ungrouped(text).as_deref(), Some(number), "{text}");
        }
        for text in ["12,5", "1,23", "1234,567", ",123", "1,2345"] {
            assert_eq!(ungrouped(text), None, "{text}");
        }
    }
}
