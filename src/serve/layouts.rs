//! The layouts: which there are, the JSON Schema of each, and a report to start from.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::problem::Problem;
use super::query::{Name, Query};
use super::{App, Shared, reports};
use crate::blank::{BlankFigures, blank_with};
use crate::check::placeholder::ISSUER;
use crate::layout::Layout;
use crate::report;

/// The year of a report to start from, where none is given: that of the command.
const YEAR: u16 = 2025;

/// `GET /v1/layouts`
pub async fn list(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let entries = app.exporter.layouts().entries().map_err(|_| Problem::internal())?;
    // Where a layout of the administrator's is kept is nobody else's business.
    let list: Vec<_> = entries
        .iter()
        .map(|entry| json!({ "id": entry.id, "name": entry.name, "description": entry.description }))
        .collect();
    Ok(reports::json(&json!({ "layouts": list, "findings": [] })))
}

/// `GET /v1/layouts/{id}/schema`
pub async fn schema(
    State(app): State<Shared>,
    Name(id): Name,
    request: Request,
) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let layout = found(&app, &id)?;
    let work = move || {
        let schema = report::schema(Some(&layout));
        let text = serde_json::to_string_pretty(&schema).map_err(|_| Problem::internal())?;
        Ok(([(CONTENT_TYPE, "application/schema+json")], format!("{text}\n")).into_response())
    };
    app.load.run(work).await?
}

/// `GET /v1/layouts/{id}/blank`
pub async fn blank(State(app): State<Shared>, Name(id): Name, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let issuer = query.text("issuer").unwrap_or_else(|| ISSUER.to_owned());
    let year = |text: &str| text.parse().ok().filter(|year| (1900..=2199).contains(year));
    let year = query.parsed("year", "1900–2199", year)?.unwrap_or(YEAR);
    query.finish()?;
    let layout = found(&app, &id)?;
    let text = blank_with(&layout, &issuer, year, &BlankFigures::Zero);
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn found(app: &App, id: &str) -> Result<Arc<Layout>, Problem> {
    app.exporter.layouts().get(id).map_err(|error| Problem::no_layout(error.message))
}
