//! Whether the service lives, whether it is ready, and which version it is. None of it waits for work.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Shared;
use super::problem::Problem;

/// `GET /healthz`: the process answers.
pub async fn alive() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response()
}

/// `GET /readyz`: it takes requests; not while it ends.
pub async fn ready(State(app): State<Shared>) -> Result<Response, Problem> {
    if app.stopping.load(Ordering::Relaxed) {
        return Err(Problem::busy());
    }
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], "ready\n").into_response())
}

/// `GET /version`
pub async fn version() -> Json<Value> {
    Json(json!({ "name": "gongwen", "version": env!("CARGO_PKG_VERSION") }))
}
