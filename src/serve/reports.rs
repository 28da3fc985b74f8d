//! What is done with a report: checked, exported.
//!
//! Each address takes the options of its command that decide the result, by the same names, as parameters.

use std::io::{Cursor, Write};

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Shared;
use super::body::{self, Input};
use super::log::Issuer;
use super::problem::Problem;
use super::query::Query;
use crate::diagnostic::Severity;
use crate::names::NameParts;
use crate::options::{Conformance, DocxFonts, DocxOptions, Gate, PdfOptions};
use crate::{
    Beside, Date, Diagnostic, Export, ExportError, Exporter, Format, MAX_SIGNATORIES, NameTemplate, Options,
    message,
};

/// The name of the files of a report that came without one: that of the command for standard input.
const STEM: &str = "report";

/// The answer to a check.
#[derive(Serialize)]
struct CheckAnswer<'a> {
    findings: Vec<Diagnostic>,
    /// The report with the figures that were computed; none where it cannot be read.
    filled: Option<&'a RawValue>,
}

/// `POST /v1/check`: everything that there is to say about a report. What it says is never a problem of the request.
pub async fn check(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let layout = query.text("layout");
    let strict = query.flag("strict")?;
    query.finish()?;
    let input = body::report(&app, request).await?;
    let (parcel, worker) = (input.parcel(), app.clone());
    let work = move || {
        let options = Options { layout, figures: input.figures.clone(), ..Options::default() };
        checked(&worker.exporter, &input, &options, strict)
    };
    app.answer(parcel, work).await
}

fn checked(exporter: &Exporter, input: &Input, options: &Options, strict: bool) -> Result<Response, Problem> {
    let beside = Beside { previous: input.previous.as_deref(), ..Beside::default() };
    let checked = exporter.check(&input.report, options, &beside, &input.files);
    let (mut findings, completed, issuer) = match checked {
        Ok(checked) => (checked.findings, checked.completed, Some(checked.report.issuer.join("、"))),
        Err(ExportError::Rejected(rejected)) => (rejected.findings, String::new(), None),
        Err(error) => return Err(error.into()),
    };
    findings.splice(0..0, exporter.notices().iter().cloned());
    if strict {
        findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
    let filled = serde_json::from_str::<&RawValue>(completed.trim_start_matches('\u{feff}')).ok();
    let mut response = json(&CheckAnswer { findings, filled });
    if let Some(issuer) = issuer {
        response.extensions_mut().insert(Issuer(issuer));
    }
    Ok(response)
}

/// What `as` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    One(Format),
    /// The files that the command makes, in a ZIP file.
    Zip,
}

impl Wanted {
    fn parse(name: &str) -> Option<Wanted> {
        if name == "zip" { Some(Wanted::Zip) } else { Format::parse(name).map(Wanted::One) }
    }

    /// All names, as they are told to who writes another.
    fn names() -> String {
        let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).chain(["zip"]).collect();
        names.join(" / ")
    }

    fn formats(self) -> Vec<Format> {
        match self {
            Wanted::One(format) => vec![format],
            Wanted::Zip => Options::default().formats,
        }
    }
}

/// `POST /v1/export`: the file of a report, or all of them.
pub async fn export(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let wanted = query.parsed("as", &Wanted::names(), Wanted::parse)?.ok_or_else(|| {
        let names = Wanted::names();
        Problem::request(message!(
            "参数 as 写要哪种文件：{names}",
            "the parameter as says which file: {names}"
        ))
    })?;
    let template = template(&mut query)?;
    let options = options(&mut query, wanted.formats())?;
    query.finish()?;
    let input = body::report(&app, request).await?;
    let (parcel, worker) = (input.parcel(), app.clone());
    let work = move || {
        let options = Options { figures: input.figures.clone(), ..options };
        exported(&worker.exporter, &input, &options, wanted, template.as_ref())
    };
    app.answer(parcel, work).await
}

fn exported(
    exporter: &Exporter,
    input: &Input,
    options: &Options,
    wanted: Wanted,
    template: Option<&NameTemplate>,
) -> Result<Response, Problem> {
    let beside = Beside { previous: input.previous.as_deref(), ..Beside::default() };
    let export = exporter.export_beside(&input.report, options, &beside, &input.files)?;
    let stem = match template {
        Some(template) => {
            let parts = exporter.name_parts(&input.report, options);
            let path = template.fill(&NameParts { stem: STEM.to_owned(), number: 0, ..parts });
            path.to_string_lossy().replace('\\', "/")
        }
        None => STEM.to_owned(),
    };
    let (findings, issuer) = (export.findings.len(), export.report.issuer.join("、"));
    let (media_type, ending, bytes) = match wanted {
        Wanted::One(format) => {
            let bytes = export.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default();
            (format.media_type(), format.extension(), bytes)
        }
        Wanted::Zip => ("application/zip", "zip", zipped(&export, &stem).ok_or_else(Problem::internal)?),
    };
    let name = stem.rsplit('/').next().unwrap_or(STEM);
    let mut response = file(media_type, &format!("{name}.{ending}"), bytes);
    response.headers_mut().insert(FINDINGS, HeaderValue::from(findings));
    response.extensions_mut().insert(Issuer(issuer));
    Ok(response)
}

/// The header with the number of findings about a report that files were made of.
const FINDINGS: HeaderName = HeaderName::from_static("x-gongwen-findings");

/// The files by the names of the command. They are compressed already, and have no time.
fn zipped(export: &Export, stem: &str) -> Option<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (format, bytes) in &export.files {
        zip.start_file(format!("{stem}.{}", format.extension()), options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fn template(query: &mut Query) -> Result<Option<NameTemplate>, Problem> {
    let Some(text) = query.text("name") else { return Ok(None) };
    let template = NameTemplate::parse(&text).map_err(|error| {
        let (zh, en) = (&error.message().zh, &error.message().en);
        Problem::request(message!("参数 name：{zh}", "the parameter name: {en}"))
    })?;
    Ok(Some(template))
}

/// The options of the command that decide what is in the files, by the same names.
pub fn options(query: &mut Query, formats: Vec<Format>) -> Result<Options, Problem> {
    let levels = Conformance::ALL.map(Conformance::name).join(" / ");
    let signatories = |text: &str| text.parse().ok().filter(|count| (1..=MAX_SIGNATORIES).contains(count));
    let gate = match (query.flag("strict")?, query.flag("allow-errors")?) {
        (true, true) => {
            return Err(Problem::request(message!(
                "strict 与 allow-errors 不能同用",
                "strict and allow-errors cannot go together"
            )));
        }
        (true, false) => Gate::Strict,
        (false, true) => Gate::AllowErrors,
        (false, false) => Gate::Errors,
    };
    let options = Options {
        formats,
        layout: query.text("layout"),
        date: query.parsed("date", "2024-01-31", Date::parse)?,
        gate,
        embed_source: query.flag("embed-source")?,
        pdf: PdfOptions {
            conformance: query.parsed("conformance", &levels, Conformance::parse)?,
            signatories: query.parsed("signatories", "1–100", signatories)?.unwrap_or(0),
        },
        docx: DocxOptions {
            fonts: query.parsed("docx-fonts", "names / embed", DocxFonts::parse)?.unwrap_or_default(),
        },
        ..Options::default()
    };
    options.check().map_err(|error| Problem::request(error.message()))?;
    Ok(options)
}

/// An answer in JSON.
pub fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => ([(CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}

/// A file to be saved under this name.
pub fn file(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_. ".contains(&byte));
    let ending = name.rsplit('.').next().unwrap_or_default();
    let fallback = if plain { name.to_owned() } else { format!("{STEM}.{ending}") };
    let disposition = format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{}", encoded(name));
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// RFC 8187, 3.2.1: all bytes but those of `attr-char` as `%XX`.
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
