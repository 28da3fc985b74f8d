//! What changed between two reports, and what is corrected in one.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use similar::TextDiff;

use super::Shared;
use super::body;
use super::problem::Problem;
use super::query::Query;
use super::reports;
use crate::{Diagnostic, DiffError, ExportError, Limits, Message, fix as correct, message};

/// `POST /v1/diff`: from the report of the part `old` to that of `new`.
pub async fn diff(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let mut form = body::form(&app, request).await?;
    let (old, new) = (form.take("old")?.bytes, form.take("new")?.bytes);
    let held = form.finish()?;
    let brings_files = body::may_bring_files(&old) || body::may_bring_files(&new);
    let (parcel, worker) = (brings_files.then(|| held.parcel()), app.clone());
    let work = move || {
        let _held = held;
        let changes = worker.exporter.diff(&old, &new, &Limits::default()).map_err(|error| match error {
            DiffError::Old(error) => unreadable(error, message!("旧的报告（old）", "the old report (old)")),
            DiffError::New(error) => unreadable(error, message!("新的报告（new）", "the new report (new)")),
        })?;
        let mut value = serde_json::to_value(&changes).unwrap_or(Value::Null);
        value["equal"] = json!(changes.is_empty());
        value["findings"] = json!([]);
        Ok(reports::json(&value))
    };
    app.answer(parcel, work).await
}

fn unreadable(error: ExportError, which: Message) -> Problem {
    match error {
        ExportError::Rejected(rejected) => {
            let Message { zh, en } = which;
            Problem::found(message!("{zh}读不出来", "{en} cannot be read"), rejected.findings)
        }
        error => error.into(),
    }
}

/// The answer to a correction.
#[derive(Serialize)]
struct FixAnswer<'a> {
    changes: usize,
    diff: String,
    /// The corrected report; all else in it is as it was typed.
    report: Option<&'a RawValue>,
    findings: Vec<Diagnostic>,
}

/// `POST /v1/fix`
pub async fn fix(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let input = body::report(&app, request).await?;
    if input.previous.is_some() || input.figures.is_some() {
        return Err(Problem::request(message!(
            "这里不用 previous 和 figures 部分，只有 report 和它写到的图片",
            "there is no use for the parts previous and figures here, only for report and the pictures that it names"
        )));
    }
    let parcel = input.parcel();
    let work = move || {
        let fixed = correct(&input.report, &Limits::default()).map_err(Problem::findings)?;
        let name = "report.json";
        let diff = TextDiff::from_lines(&fixed.before, &fixed.after);
        Ok(reports::json(&FixAnswer {
            changes: fixed.count,
            diff: diff.unified_diff().header(name, name).to_string(),
            report: serde_json::from_str(fixed.after.trim_start_matches('\u{feff}')).ok(),
            findings: Vec::new(),
        }))
    };
    app.answer(parcel, work).await
}
