//! What is told of a report that was made of a file: where its figures stand and what is known of them, what is open or does
//! not add up, and what found no place.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::places::{FigurePlace, How, State, Unplaced};
use crate::check;
use crate::diagnostic::{Diagnostic, Place, bounded, child, rule};
use crate::figures::Figures;
use crate::forms::{self, Matched};
use crate::layout::{Layout, Layouts};
use crate::message;
use crate::options::Limits;
use crate::report::{self, Report};
use crate::source::Source;

/// Where the figures of a report stand that a file carries: nowhere in the file.
pub(super) fn carried(text: &[u8], layouts: &Layouts, limits: &Limits) -> Vec<FigurePlace> {
    let Ok(source) = Source::parse_within(text, limits) else { return Vec::new() };
    let Ok((report, _)) = report::read(&source) else { return Vec::new() };
    let Ok(layout) = layouts.get(&report.layout) else { return Vec::new() };
    figures(&report, &layout, &Matched::default()).0
}

/// A blank cell: its column, what the identities make of it, its place.
type Blank = (String, Option<String>, Option<Place>);

/// The figures of a report with what is known of them, and findings about those that are open: blank in the file, or in
/// rows that it does not have.
pub(super) fn figures(
    report: &Report,
    layout: &Arc<Layout>,
    matched: &Matched,
) -> (Vec<FigurePlace>, Vec<Diagnostic>) {
    let mut figures = Figures::of(report, layout);
    check::fill(&mut figures, None);
    let (standing, determined) = (check::standing(&figures), check::determined(&figures));
    let mut blank: BTreeMap<String, (&str, Vec<Blank>)> = BTreeMap::new();
    let mut lost: BTreeMap<String, String> = BTreeMap::new();
    let mut places = Vec::new();
    for (number, figure) in figures.iter().enumerate() {
        let found = matched.figures.get(&figure.key());
        let is_open = figure.class() == report::CellClass::Open;
        let state = match found {
            // A total that the report leaves to the program.
            _ if is_open && figure.is_computed() => State::Missing,
            Some(found) if found.is_doubtful => State::Doubtful,
            Some(found) if is_open && found.figure.is_none() => {
                let column = figure.definition.column_label().to_owned();
                let own = || (figure.definition.row_label(), Vec::new());
                let (_, cells) = blank.entry(figure.row_pointer()).or_insert_with(own);
                cells.push((column, determined.get(&number).cloned(), found.place.clone()));
                State::Missing
            }
            None if is_open => {
                lost.insert(figure.row_pointer(), figure.definition.row_label().to_owned());
                State::Missing
            }
            Some(_) | None => match standing.get(&number) {
                Some(true) => State::Confirmed,
                Some(false) => State::Doubtful,
                None => State::Read,
            },
        };
        places.push(FigurePlace {
            pointer: figure.pointer(),
            text: found.and_then(|found| found.text.clone()),
            place: found.and_then(|found| found.place.clone()),
            how: match found.map(|found| found.how) {
                Some(forms::How::Order) => How::Order,
                Some(forms::How::Label) => How::Label,
                None if is_open => How::Label,
                None => How::Embedded,
            },
            state,
        });
    }
    let mut findings: Vec<Diagnostic> =
        blank.iter().map(|(pointer, (label, cells))| blank_cells(pointer, label, cells)).collect();
    findings.extend(lost_rows(layout, &lost));
    findings.extend(check::breaches(&figures).iter().map(|breach| {
        let place = places.get(breach.first).and_then(|figure| figure.place.clone());
        doubtful(layout, breach, place)
    }));
    (places, findings)
}

/// One finding for the blank cells of a row, with what the identities make of them.
fn blank_cells(pointer: &str, label: &str, cells: &[Blank]) -> Diagnostic {
    let names: Vec<&str> = cells.iter().map(|(name, ..)| name.as_str()).collect();
    let names = names.join("、");
    let message = message!(
        "“{label}”的{names}没有填，读作没有数字，不当作 0",
        "\"{label}\" has no figure in {names}; these are open, not 0"
    );
    let known: Vec<String> =
        cells.iter().filter_map(|(name, value, _)| Some(format!("{name}应是 {}", value.as_ref()?))).collect();
    let hint = match known.is_empty() {
        true => message!("没有就填 0", "give 0 if there is none"),
        false => {
            let known = known.join("，");
            message!("按勾稽关系：{known}", "by the identities: {known}")
        }
    };
    let finding = Diagnostic::warning(rule::IMPORT_BLANK, pointer, message).label(label).hint(hint);
    let place = cells.first().and_then(|(.., place)| place.clone());
    Diagnostic { place, ..finding }
}

/// One finding for the rows of each table that the file does not have.
fn lost_rows(layout: &Layout, lost: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for table in &layout.tables {
        let pointer = child("/tables", &table.key);
        let own: Vec<&str> = table
            .figures
            .keys()
            .filter_map(|row| lost.get(&child(&pointer, row)).map(String::as_str))
            .collect();
        if own.is_empty() {
            continue;
        }
        let (name, rows, count) = (&table.name, own.join("、"), own.len());
        let message = match count == table.figures.len() {
            true => message!("文件里找不到“{name}”", "the file has no table \"{name}\""),
            false => message!(
                "“{name}”里找不到 {count} 行：{rows}",
                "{count} rows of the table \"{name}\" are not in the file: {rows}"
            ),
        };
        findings.push(
            Diagnostic::warning(rule::IMPORT_ROW, pointer, message)
                .hint(message!("在报告里填上", "fill them in in the report")),
        );
    }
    findings
}

/// What has no place in a report, told and listed.
pub(super) fn left(text: String, place: Place) -> (Diagnostic, Unplaced) {
    let shown: String = text.chars().take(24).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let message = message!("“{shown}”没有可放的位置", "there is no place for \"{shown}\"");
    let finding = Diagnostic::warning(rule::IMPORT_UNPLACED, "", message);
    (Diagnostic { place: Some(place.clone()), ..finding }, Unplaced { text, place })
}

/// What the tables of the file have and the report does not, told and listed.
pub(super) fn left_rows(left: Vec<(Place, String)>) -> (Vec<Diagnostic>, Vec<Unplaced>) {
    left.into_iter()
        .map(|(place, text)| {
            let shown: String = text.chars().take(40).collect();
            let message = message!(
                "统计表里的“{shown}”在报告里没有可放的位置",
                "there is no place for \"{shown}\" of a statutory table"
            );
            let finding = Diagnostic::warning(rule::IMPORT_UNPLACED, "/tables", message);
            (Diagnostic { place: Some(place.clone()), ..finding }, Unplaced { text, place })
        })
        .unzip()
}

/// Findings about figures, at the places of the report as it is written.
pub(super) fn resolved(
    mut findings: Vec<Diagnostic>,
    source: &Source,
    report: &Report,
    layout: &Arc<Layout>,
) -> Vec<Diagnostic> {
    let figures = Figures::of(report, layout);
    let pointers: BTreeMap<String, String> =
        figures.iter().map(|figure| (figure.definition.pointer(), figure.pointer())).collect();
    for finding in &mut findings {
        if let Some(pointer) = pointers.get(&finding.pointer) {
            finding.pointer.clone_from(pointer);
        }
    }
    let mut findings = bounded(findings);
    source.resolve(&mut findings);
    findings
}

/// One finding for an identity that the figures do not satisfy as they were read.
fn doubtful(layout: &Layout, breach: &check::Breach, place: Option<Place>) -> Diagnostic {
    /// As many rows or columns as a line names.
    const NAMED: usize = 3;
    let table = layout.tables.iter().find(|table| table.key == breach.table);
    let table = table.map_or("", |table| table.name.as_str());
    let (name, count) = (&breach.name, breach.at.len());
    let at: Vec<&str> =
        breach.at.iter().map(String::as_str).filter(|at| !at.is_empty()).take(NAMED).collect();
    let (zh, en) = match (at.is_empty(), count > at.len()) {
        (true, _) => (String::new(), String::new()),
        (false, false) => (format!("（{}）", at.join("、")), format!(" ({})", at.join(", "))),
        (false, true) => (format!("（{}等）", at.join("、")), format!(" ({} and others)", at.join(", "))),
    };
    let message = message!(
        "“{table}”的“{name}”有 {count} 处对不上{zh}，这些数字存疑",
        "\"{name}\" of the table \"{table}\" does not hold in {count} places{en}; the figures are in doubt"
    );
    let pointer = child("/tables", &breach.table);
    let finding = Diagnostic::warning(rule::IMPORT_DOUBTFUL, pointer, message)
        .label(table)
        .hint(message!("对照文件核对这些数字", "compare these figures with the file"));
    Diagnostic { place, ..finding }
}
