//! What is done with a file: the report read out of it, its signatures verified.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::body::{self, Sent};
use super::log::clock;
use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, reports};
use crate::archive;
use crate::diagnostic::rule;
use crate::extract::ExtractError;
use crate::import::Places;
use crate::verify::{Requirements, VerifyOptions, verify as verified};
use crate::{
    Diagnostic, ImportError, Limits, ReadError, Time, extract as extracted, import as imported, message,
};

/// The answer to an import.
#[derive(Serialize)]
struct ImportAnswer<'a> {
    report: Option<&'a RawValue>,
    findings: Vec<Diagnostic>,
    /// Where in the file each figure and paragraph was read.
    places: Places,
}

/// `POST /v1/import`: the report out of a file that a person wrote.
pub async fn import(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let layout = query.text("layout");
    // What the file is called helps to tell what it is; what it holds decides.
    query.text("name");
    query.finish()?;
    let sent = body::file(&app, request, None).await?;
    let (parcel, worker) = (sent.held.parcel(), app.clone());
    let work = move || {
        let limits = Limits::default();
        let found = imported(&sent.held.bytes, worker.exporter.layouts(), layout.as_deref(), &limits);
        let found = found.map_err(|error| match error {
            ImportError::UnknownLayout => Problem::file(message!(
                "看不出这个文件用的版式；用参数 layout 指明",
                "the layout of this file cannot be recognised; name it by the parameter layout"
            )),
            ImportError::Nothing(reason) => {
                let finding = Diagnostic::error(rule::FILE, "", reason.clone());
                Problem::found(reason, vec![finding])
            }
            error => Problem::file(error.message()),
        })?;
        let found = found.with_data_urls();
        let text = std::str::from_utf8(&found.report).unwrap_or_default().trim_start_matches('\u{feff}');
        let report = serde_json::from_str(text).ok();
        Ok(reports::json(&ImportAnswer { report, findings: found.findings, places: found.places }))
    };
    app.answer(Some(parcel), work).await
}

/// `POST /v1/extract`: the report that a file carries, byte for byte.
pub async fn extract(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    Query::of(request.uri())?.finish()?;
    let sent = body::file(&app, request, None).await?;
    let parcel = sent.held.parcel();
    let work = move || {
        let source = extracted(&sent.held.bytes, &Limits::default()).map_err(|error| match error {
            ExtractError::Nothing => {
                let finding = Diagnostic::error(rule::EXTRACT_NOTHING, "", error.message());
                Problem::found(error.message(), vec![finding])
            }
            ExtractError::Read(error) => Problem::file(error.message()),
        })?;
        Ok(([(CONTENT_TYPE, "application/json")], source.report).into_response())
    };
    app.answer(Some(parcel), work).await
}

/// `POST /v1/verify`: whether the signatures of a PDF hold, or the archive in a ZIP file does. Whom to trust was said when
/// the service was started.
pub async fn verify(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let at = query.parsed("time", "2024-01-31T10:00:00+08:00", Time::parse)?;
    let required = query.parsed("require", "time-stamp,revocation", required)?.unwrap_or_default();
    let (strict, signatures_only) = (query.flag("strict")?, query.flag("signatures-only")?);
    let named = query.text("name");
    query.finish()?;
    let Sent { held, name, .. } = body::file(&app, request, None).await?;
    let (parcel, worker) = (held.parcel(), app.clone());
    let work = move || {
        let options = VerifyOptions {
            roots: worker.roots.clone(),
            at,
            now: clock(),
            require: required,
            strict,
            signatures_only,
            ..VerifyOptions::default()
        };
        let name = named.or(name).unwrap_or_else(|| "-".to_owned());
        told(&worker, &held.bytes, &options, name)
    };
    app.answer(Some(parcel), work).await
}

fn required(text: &str) -> Option<Requirements> {
    let mut required = Requirements::default();
    for name in text.split(',') {
        match name {
            "time-stamp" => required.time_stamp = true,
            "revocation" => required.revocation = true,
            _ => return None,
        }
    }
    Some(required)
}

fn told(app: &App, bytes: &[u8], options: &VerifyOptions, name: String) -> Result<Response, Problem> {
    if bytes.starts_with(b"PK") {
        let bag = bag(bytes)?;
        let mut object = object(&archive::verify(&bag, options, &app.exporter))?;
        object["archive"] = name.into();
        object["findings"] = Value::Array(Vec::new());
        return Ok(reports::json(&object));
    }
    let found = verified(bytes, options, &app.exporter).map_err(|error| match error {
        ReadError::Format(_) => Problem::file(message!(
            "不是 PDF，也不是归档包的 ZIP 文件",
            "this is neither a PDF nor a ZIP file of an archive"
        )),
        error => Problem::file(error.message()),
    })?;
    let mut object = object(&found)?;
    object["file"] = name.into();
    object["findings"] = object["content"]["findings"].as_array().cloned().unwrap_or_default().into();
    Ok(reports::json(&object))
}

fn object(found: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(found).map_err(|_| Problem::internal())
}

/// The files of a bag in a ZIP file; one folder around all of them is left out.
fn bag(bytes: &[u8]) -> Result<archive::Files, Problem> {
    /// The most files of a bag: those of the program have a dozen.
    const MOST_FILES: usize = 1000;
    let damaged = || Problem::file(message!("ZIP 文件已损坏", "the ZIP file is damaged"));
    let limits = Limits::default();
    let too_large = || Problem::file(message!("归档包太大", "the archive is too large"));
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if zip.len() > MOST_FILES {
        return Err(too_large());
    }
    let (mut files, mut total) = (archive::Files::new(), 0);
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).map_err(|_| damaged())?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|_| damaged())?.into_owned();
        if !crate::assets::is_inside(&name) || entry.is_symlink() {
            return Err(damaged());
        }
        let room = (limits.inflated_bytes - total) as u64;
        let mut content = Vec::new();
        entry.by_ref().take(room + 1).read_to_end(&mut content).map_err(|_| damaged())?;
        total += content.len();
        if total > limits.inflated_bytes {
            return Err(too_large());
        }
        if files.insert(name, content).is_some() {
            return Err(damaged());
        }
    }
    Ok(without_folder(files))
}

fn without_folder(files: archive::Files) -> archive::Files {
    let folders: BTreeSet<Option<String>> =
        files.keys().map(|name| name.split_once('/').map(|(folder, _)| folder.to_owned())).collect();
    match folders.into_iter().collect::<Vec<_>>().as_slice() {
        // `data/` alone is no folder around a bag, but what is left of one.
        [Some(folder)] if folder != "data" => {
            let skipped = folder.len() + 1;
            files.into_iter().map(|(name, bytes)| (name[skipped..].to_owned(), bytes)).collect()
        }
        _ => files,
    }
}
