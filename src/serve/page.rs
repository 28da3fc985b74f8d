//! `GET /`: a plain page that says what the service is, and tries it with a pasted report.
//!
//! It is three files of the program, loads nothing else, and puts what came from elsewhere into texts and values alone, never
//! into markup. It runs in browsers of 2019.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// Scripts, styles and requests from here alone; no markup is made by a script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";

/// `GET /`
pub async fn html() -> Response {
    file("text/html; charset=utf-8", include_str!("page/page.html"))
}

/// `GET /page.js`
pub async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

/// `GET /page.css`
pub async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page/page.css"))
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, media_type), (CONTENT_SECURITY_POLICY, POLICY)], text).into_response()
}
