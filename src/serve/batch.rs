//! Many reports in one request: a report a line comes in, a result a line goes out as soon as it is there.
//!
//! Lines are read on while others are worked on, so that a client that sends everything before it reads does not wait for
//! the service, which would wait for it. What is read ahead is bounded; beyond that the client is not read from.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::body::{self, BODY_TIME};
use super::problem::Problem;
use super::query::Query;
use super::size::Size;
use super::{App, Shared, reports};
use crate::diagnostic::rule;
use crate::hash::sha256;
use crate::{Diagnostic, ExportError, Format, Message, Options, message};

/// How the answer and the request are written.
const MEDIA_TYPE: &str = "application/x-ndjson";

/// A line of the request, or why there is none.
struct Line {
    /// From 1, blank ones counted.
    number: u64,
    report: Result<Vec<u8>, Message>,
    /// What it takes of the memory for all requests, and for this one.
    _shares: Vec<OwnedSemaphorePermit>,
}

/// `POST /v1/batch`
pub async fn batch(State(app): State<Shared>, request: Request) -> Result<Response, Problem> {
    let mut query = Query::of(request.uri())?;
    let formats = query.parsed("format", "pdf,docx", formats)?.unwrap_or_else(|| Options::default().formats);
    let with_files = query.flag("files")?;
    let options = Arc::new(reports::options(&mut query, formats)?);
    query.finish()?;
    body::plain(request.headers())?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["application/x-ndjson", "application/ndjson", "application/jsonl"].contains(&essence.as_str()) {
        return Err(Problem::media_type(MEDIA_TYPE));
    }
    let place = app.load.stream()?;
    let (lines, queue) = unbounded_channel();
    let (results, answer) = channel(app.load.jobs() * 2);
    tokio::spawn(read(Arc::clone(&app), request.into_body(), lines));
    tokio::spawn(async move {
        let _place = place;
        work(app, queue, results, options, with_files).await;
    });
    let stream = stream::unfold(answer, |mut answer: Receiver<Bytes>| async {
        let line = answer.recv().await?;
        Some((Ok::<Bytes, Infallible>(line), answer))
    });
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], Body::from_stream(stream)).into_response())
}

fn formats(text: &str) -> Option<Vec<Format>> {
    let mut formats = Vec::new();
    for name in text.split(',') {
        let format = Format::parse(name)?;
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Some(formats)
}

/// A line that comes in.
struct Incoming<'a> {
    app: &'a App,
    /// What this request may read ahead.
    ahead: Arc<Semaphore>,
    number: u64,
    bytes: Vec<u8>,
    /// It was longer than a report may be, and is not kept.
    is_too_long: bool,
    shares: Vec<OwnedSemaphorePermit>,
    kilobytes: usize,
}

impl Incoming<'_> {
    /// Adds what came, once there is memory for it.
    async fn add(&mut self, bytes: &[u8]) {
        if self.is_too_long || self.bytes.len() + bytes.len() > self.app.sizes.report + 1 {
            self.is_too_long = true;
            self.bytes.clear();
            return;
        }
        self.bytes.extend_from_slice(bytes);
        let needed = self.bytes.len().div_ceil(1 << 10);
        if needed > self.kilobytes {
            let more = needed - self.kilobytes;
            let own = Arc::clone(&self.ahead).acquire_many_owned(more as u32).await.ok();
            let of_all = self.app.budget.wait(more << 10).await;
            self.shares.extend(own.into_iter().chain(of_all));
            self.kilobytes = needed;
        }
    }

    /// The line, complete; a blank one is none. The next one follows.
    fn end(&mut self) -> Option<Line> {
        let (bytes, shares) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.shares));
        let number = self.number;
        self.number += 1;
        self.kilobytes = 0;
        let report = if std::mem::take(&mut self.is_too_long) {
            let size = Size(self.app.sizes.report);
            Err(message!("这一行超过 {size}", "the line is larger than {size}"))
        } else {
            Ok(bytes)
        };
        let is_blank = report.as_ref().is_ok_and(|bytes| bytes.iter().all(u8::is_ascii_whitespace));
        (!is_blank).then_some(Line { number, report, _shares: shares })
    }
}

/// Splits the body into lines. It ends when the body does, or when nobody takes the lines any more.
async fn read(app: Shared, mut body: Body, lines: UnboundedSender<Line>) {
    let most = app.sizes.body.max(2 * app.sizes.report) >> 10;
    let mut line = Incoming {
        app: &app,
        ahead: Arc::new(Semaphore::new(most.clamp(2, Semaphore::MAX_PERMITS))),
        number: 1,
        bytes: Vec::new(),
        is_too_long: false,
        shares: Vec::new(),
        kilobytes: 0,
    };
    loop {
        let frame = match tokio::time::timeout(BODY_TIME, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame,
            // The client is gone.
            Ok(Some(Err(_))) => return,
            Err(_) => {
                let report = Err(message!("30 秒没有收到数据", "nothing came for 30 seconds"));
                let _ = lines.send(Line { number: line.number, report, _shares: Vec::new() });
                return;
            }
        };
        let Ok(data) = frame.into_data() else { continue };
        let mut rest = &data[..];
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            // With its end: findings about what is missing name a place, which is the same as the command's.
            line.add(&rest[..=end]).await;
            rest = &rest[end + 1..];
            if let Some(line) = line.end()
                && lines.send(line).is_err()
            {
                return;
            }
        }
        line.add(rest).await;
    }
    if let Some(line) = line.end() {
        let _ = lines.send(line);
    }
}

/// Makes the reports, as many at once as may run, and sends the results until nobody takes them.
async fn work(
    app: Shared,
    mut lines: UnboundedReceiver<Line>,
    results: Sender<Bytes>,
    options: Arc<Options>,
    with_files: bool,
) {
    let mut running = JoinSet::new();
    let mut number = 0;
    loop {
        // A place for the next one.
        while running.len() >= app.load.jobs() {
            running.join_next().await;
        }
        let next = tokio::select! {
            next = lines.recv() => next,
            () = results.closed() => None,
        };
        let Some(line) = next else { break };
        let (app, options, results) = (Arc::clone(&app), Arc::clone(&options), results.clone());
        running.spawn(async move {
            let id = format!("stdin:{}", line.number);
            let worker = Arc::clone(&app);
            let began = Instant::now();
            let made = app.load.take_turn(move || made(&worker, &line, &options, with_files)).await;
            let mut made = made.unwrap_or_else(|_| {
                let text = message!("程序出错，请报告", "the program failed; please report it");
                failed(&[Diagnostic::error(rule::INTERNAL_PANIC, "", text)])
            });
            let milliseconds = (began.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
            let result = json!({
                "number": number,
                "id": id,
                "status": made["status"].take(),
                "files": made["files"].take(),
                "milliseconds": milliseconds,
                "findings": made["findings"].take(),
                "silenced": made["silenced"].take(),
            });
            let _ = results.send(format!("{result}\n").into()).await;
        });
        number += 1;
    }
    while running.join_next().await.is_some() {}
}

/// The result of a report: what the command says of it.
fn made(app: &App, line: &Line, options: &Options, with_files: bool) -> Value {
    let bytes = match &line.report {
        Ok(bytes) => bytes,
        Err(reason) => return failed(&[Diagnostic::error(rule::FILE, "", reason.clone())]),
    };
    let export = match app.exporter.export(bytes, options, &()) {
        Ok(export) => export,
        Err(ExportError::Rejected(rejected)) => return failed(&rejected.findings),
        Err(ExportError::Options(error)) => {
            return failed(&[Diagnostic::error(rule::OPTIONS, "", error.message())]);
        }
        Err(ExportError::Internal(_)) => {
            let text = message!("程序出错，请报告", "the program failed; please report it");
            return failed(&[Diagnostic::error(rule::INTERNAL_WRITER, "", text)]);
        }
    };
    let file = |(format, bytes): &(Format, Vec<u8>)| {
        let ending = format.extension();
        let mut file = json!({
            "path": format!("report-{:06}.{ending}", line.number),
            "format": ending,
            "pages": export.pages,
            "bytes": bytes.len(),
            "sha256": sha256(bytes),
        });
        if with_files {
            file["base64"] = json!(STANDARD.encode(bytes));
        }
        file
    };
    // In the order of the command.
    let mut made: Vec<&(Format, Vec<u8>)> = export.files.iter().collect();
    made.sort_by_key(|(format, _)| format.extension());
    let files: Vec<Value> = made.into_iter().map(file).collect();
    json!({ "status": "ok", "files": files, "findings": export.findings, "silenced": export.silenced })
}

fn failed(findings: &[Diagnostic]) -> Value {
    json!({ "status": "failed", "files": [], "findings": findings, "silenced": [] })
}
