//! Signatures in two steps: the content to be signed goes out, the signature comes back. A private key never crosses HTTP.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::body::{self, Part};
use super::log::clock;
use super::problem::Problem;
use super::query::Query;
use super::{Shared, reports};
use crate::diagnostic::rule;
use crate::hash::sha256;
use crate::sign::{SignError, SignOptions, complete as completed, der_of, prepare as prepared, read_seal};
use crate::verify::broken_signature;
use crate::{Diagnostic, Limits, Time, message};

/// The room for a signature that is made elsewhere: how many certificates it brings is not known.
const ROOM: usize = 32 << 10;

/// `POST /v1/sign/prepare`: a PDF with room for a signature, and the content that is to be signed.
pub async fn prepare(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let time = query.parsed("time", "2024-01-31T10:00:00+08:00", Time::parse)?.or_else(clock);
    let (field, reason, location) = (query.text("field"), query.text("reason"), query.text("location"));
    query.finish()?;
    let time = time.ok_or_else(Problem::internal)?;
    let sent = body::file(&app, request, Some("seal")).await?;
    let parcel = sent.held.parcel();
    let work = move || {
        let seal = sent
            .beside
            .map(|Part { bytes, .. }| read_seal(&bytes, &Limits::default()))
            .transpose()
            .map_err(refused)?;
        let options = SignOptions { field, reason, location, seal, ..SignOptions::at(time) };
        let prepared = prepared(&sent.held.bytes, ROOM, &options).map_err(refused)?;
        let broken = broken_signature(&sent.held.bytes, prepared.bytes(), &options.limits);
        if let Some(broken) = broken.map_err(|error| Problem::file(error.message()))? {
            let finding = Diagnostic::error(rule::SIGN_REFUSED, "", broken.message());
            return Err(Problem::found(message!("签名不合要求", "the signature is not fit"), vec![finding]));
        }
        let content = prepared.content();
        Ok(reports::json(&json!({
            "pdf": STANDARD.encode(prepared.bytes()),
            "field": prepared.field(),
            "content": STANDARD.encode(&content),
            "content_sha256": sha256(&content),
            "findings": [],
        })))
    };
    app.answer(Some(parcel), work).await
}

/// `POST /v1/sign/complete`: the prepared PDF (`file`) with the signature over its content (`cms`) in it.
pub async fn complete(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let mut form = body::form(&app, request).await?;
    let (file, cms) = (form.take("file")?, form.take("cms")?);
    let held = form.finish()?;
    let parcel = held.parcel();
    let work = move || {
        let _held = held;
        let signed =
            completed(&file.bytes, &der_of(&cms.bytes), None, &Limits::default()).map_err(refused)?;
        let stem = file.file_name.as_deref().and_then(|name| name.strip_suffix(".pdf")).unwrap_or("report");
        let stem = stem.rsplit(['/', '\\']).next().unwrap_or("report");
        let mut response = reports::file("application/pdf", &format!("{stem}-signed.pdf"), signed.bytes);
        let name = HeaderName::from_static("x-gongwen-findings");
        // Without a time stamp it cannot be proved for long; the command that adds one is `sign --timestamp-only`.
        response.headers_mut().insert(name, HeaderValue::from(u32::from(signed.stamped.is_none())));
        Ok(response)
    };
    app.answer(Some(parcel), work).await
}

/// Why a file is not signed: what was signed elsewhere is wrong, or the file is.
fn refused(error: SignError) -> Problem {
    let text = error.message();
    match error {
        SignError::Refused(..)
        | SignError::Cms(_)
        | SignError::Revoked { .. }
        | SignError::NotPrepared
        | SignError::Ambiguous { .. }
        | SignError::NotSigned => {
            let finding = Diagnostic::error(rule::SIGN_REFUSED, "", text);
            Problem::found(message!("签名不合要求", "the signature is not fit"), vec![finding])
        }
        SignError::NoRevocationData { .. }
        | SignError::Pdf(_)
        | SignError::NoField(_)
        | SignError::Filled(_)
        | SignError::NoRectangle(_)
        | SignError::Seal(_)
        | SignError::Key
        | SignError::Stamped
        | SignError::TimeStamp(_)
        | SignError::TimeStamper(_)
        | SignError::NoRoom { .. } => Problem::file(text),
    }
}
