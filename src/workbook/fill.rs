//! Filling the figures of a report from a file.

use std::collections::BTreeMap;

use super::Cells;
use super::read::Found;
use crate::diagnostic::{Diagnostic, Message, rule};
use crate::figures::{Figure, Figures, definitions, is_same_figure, totals};
use crate::message;
use crate::report::{CellClass, Report, Row, half_width};

/// Fills in figures where the report has none, `null`, `""` or `"auto"`; reports those that differ, and cells
/// that are empty in the file and not in the report at all. A total that is empty in both is left to be computed. Returns the figures filled
/// in, by JSON pointers.
pub(crate) fn fill(
    report: &Report,
    figures: &mut Figures,
    cells: &Cells,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let layout = figures.layout().clone();
    let totals = totals(&layout);
    let (mut filled, mut wrong) = (BTreeMap::new(), Vec::new());
    for (number, definition) in definitions(&layout).enumerate() {
        let figure = figures.get(number);
        let key = definition.key();
        let in_file = cells.keys().any(|known| known.table == key.table);
        // A row of the wrong length is found by the checks.
        if !in_file || has_wrong_length(report, &figure) {
            continue;
        }
        let is_new = !figure.is_present();
        let found = cells.get(&key);
        let (pointer, label) = (figure.pointer(), figure.label());
        let is_open = matches!(figure.class(), CellClass::Open | CellClass::Empty | CellClass::Auto);
        match found.map(|found| (found, &found.value)) {
            Some((found, Some(value))) => {
                // Spreadsheets keep full-width digits as text: they are read as the number that they show.
                let text = half_width(value).unwrap_or_else(|| value.clone());
                if text != *value {
                    wrong.push(full_width(&figure, found, value, &text));
                }
                if is_open {
                    figures.set(number, text.clone());
                    figures.set_place(number, found.place.clone());
                    filled.insert(pointer, text);
                    continue;
                }
                if !is_same_figure(figure.text(), &text) {
                    wrong.push(differs(&figure, found, value));
                }
            }
            Some((found, None)) if found.reported => {}
            _ if is_new && totals.contains_key(&key) => {
                figures.set(number, "auto");
                continue;
            }
            Some((found, None)) if is_new => {
                let Message { zh, en } = found.place();
                let text = message!("{zh}（{label}）是空的", "{en} ({label}) is empty");
                let hint = message!("没有就填 0", "give 0 if there is none");
                let finding = Diagnostic::error(rule::FIGURES_MISSING, pointer, text).hint(hint).label(label);
                wrong.push(Diagnostic { place: found.place.clone(), ..finding });
            }
            None if is_new => {
                let text = message!(
                    "报告和数据文件都没有“{label}”",
                    "neither the report nor the file of figures has \"{label}\""
                );
                wrong.push(Diagnostic::error(rule::FIGURES_MISSING, pointer, text).label(label));
            }
            // An open cell of the report is open in the file too: that is where it has to be given.
            Some((found, None)) => {
                let place = found.place.clone();
                figures.set_place(number, place);
            }
            None => {}
        }
        if is_new {
            figures.set_open(number);
        }
    }
    (filled, wrong)
}

fn differs(figure: &Figure, found: &Found, value: &str) -> Diagnostic {
    let (own, label) = (figure.text(), figure.label());
    let Message { zh, en } = found.place();
    let text = message!(
        "“{label}”在报告里是 {own}，{zh} 是 {value}",
        "\"{label}\" is {own} in the report and {value} in {en}"
    );
    let hint =
        message!("改其中一个，或把报告里的改成 null", "change one of them, or make that of the report null");
    let finding = Diagnostic::error(rule::FIGURES_DIFFERS, figure.pointer(), text).hint(hint).label(label);
    Diagnostic { place: found.place.clone(), ..finding }
}

fn full_width(figure: &Figure, found: &Found, value: &str, text: &str) -> Diagnostic {
    let label = figure.label();
    let Message { zh, en } = found.place();
    let message = message!(
        "{zh}（{label}）是全角数字“{value}”，读作 {text}",
        "{en} ({label}) has full-width digits \"{value}\", read as {text}"
    );
    let finding = Diagnostic::warning(rule::FIGURE_FULL_WIDTH, figure.pointer(), message).label(label);
    Diagnostic { place: found.place.clone(), ..finding }
}

fn has_wrong_length(report: &Report, figure: &Figure) -> bool {
    let key = figure.key();
    let columns = figure.table().columns_of(figure.row()).len();
    let row = report.tables.get(key.table).and_then(|rows| rows.get(key.row));
    matches!(row, Some(Row::List(cells)) if cells.len() != columns)
}
