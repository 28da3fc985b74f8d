//! The page for clerks: the files of `web/`, as they lie.
//!
//! It loads nothing else, and puts what came from elsewhere into texts and values alone, never into markup. It runs in
//! browsers of 2019.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::problem::Problem;
use super::query::Name;

/// Scripts, styles and requests from here alone; no markup is made by a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";

#[derive(RustEmbed)]
#[folder = "web"]
struct Web;

/// `GET /`
pub async fn html() -> Response {
    file("index.html")
}

/// `GET /web/{name}`
pub async fn part(Name(name): Name) -> Response {
    file(&name)
}

fn file(name: &str) -> Response {
    let media_type = match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => return Problem::not_found().into_response(),
    };
    match Web::get(name) {
        Some(file) => {
            ([(CONTENT_TYPE, media_type), (CONTENT_SECURITY_POLICY, POLICY)], file.data).into_response()
        }
        None => Problem::not_found().into_response(),
    }
}
