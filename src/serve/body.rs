//! What a request brings: a report, a form of parts, a file. All of it is in memory, within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use futures_util::stream;
use http_body_util::BodyExt;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::parcel::{Parcel, ParcelHead};
use super::problem::Problem;
use super::size::Sizes;
use super::{App, Shared};
use crate::assets::{AssetError, Assets, is_inside};
use crate::options::FiguresFile;
use crate::{Message, message};

/// How long a body may take.
pub const BODY_TIME: Duration = Duration::from_secs(30);
/// The most parts of a form.
const MOST_PARTS: usize = 64;

/// The memory that the bodies of all requests may take, in KiB.
pub struct Budget(Arc<Semaphore>);

impl Budget {
    pub fn new(sizes: Sizes) -> Budget {
        Budget(Arc::new(Semaphore::new((sizes.together() >> 10).min(Semaphore::MAX_PERMITS))))
    }

    /// Room for so many bytes, if there is.
    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let kilobytes = u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(kilobytes).map_err(|_| Problem::busy())
    }

    /// The same, once there is.
    pub async fn wait(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kilobytes = u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX);
        Arc::clone(&self.0).acquire_many_owned(kilobytes).await.ok()
    }
}

/// Bytes with their share of the budget, which they give back when they are dropped.
pub struct Held {
    pub bytes: Bytes,
    /// The request whose body they are, or are a part of.
    parcel: Parcel,
    _share: Option<OwnedSemaphorePermit>,
}

impl Held {
    /// The request that brought them.
    pub fn parcel(&self) -> Parcel {
        self.parcel.clone()
    }
}

/// A report with what belongs to it.
pub struct Input {
    pub report: Bytes,
    pub previous: Option<Bytes>,
    pub figures: Option<FiguresFile>,
    pub files: Files,
}

impl Input {
    /// The request that brought it, if it brought files with it.
    pub fn parcel(&self) -> Option<Parcel> {
        let reports = [Some(&self.report), self.previous.as_ref()];
        let brings_files = self.figures.is_some()
            || !self.files.parts.is_empty()
            || reports.into_iter().flatten().any(|report| may_bring_files(report));
        brings_files.then(|| self.files.held.parcel())
    }
}

/// Whether a report may have files in itself, as `data:` addresses, whose letters may be written as escapes.
pub fn may_bring_files(report: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(report, text).is_some();
    has(b"data:") || has(b"\\u00")
}

/// The files that a report names, by the names that it gives.
pub struct Files {
    parts: BTreeMap<String, Part>,
    held: Held,
}

/// A part of a form.
pub struct Part {
    /// What the file was called.
    pub file_name: Option<String>,
    pub bytes: Bytes,
}

impl Assets for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        if !is_inside(path) {
            return Err(AssetError::Outside);
        }
        let name = path.strip_prefix("./").unwrap_or(path);
        self.parts.get(name).map(|part| part.bytes.to_vec()).ok_or(AssetError::Missing)
    }
}

/// A form, by the names of its parts.
pub struct Form {
    parts: BTreeMap<String, Part>,
    held: Held,
    /// The parts that were asked for.
    known: Vec<&'static str>,
}

impl Form {
    /// A part that must be there.
    pub fn take(&mut self, name: &'static str) -> Result<Part, Problem> {
        self.optional(name).ok_or_else(|| {
            Problem::request(message!("表单里缺少 {name} 部分", "the form has no part {name}"))
        })
    }

    /// A part that may be there.
    pub fn optional(&mut self, name: &'static str) -> Option<Part> {
        self.known.push(name);
        self.parts.remove(name)
    }

    /// That nothing is left over; the bytes are still held.
    pub fn finish(self) -> Result<Held, Problem> {
        match self.parts.keys().next() {
            None => Ok(self.held),
            Some(name) => {
                let known = self.known.join(", ");
                Err(Problem::request(message!(
                    "不用 {name} 部分；这里的部分有 {known}",
                    "there is no use for a part {name}; the parts here are {known}"
                )))
            }
        }
    }
}

/// The kinds of body.
enum Kind {
    Json,
    /// With its boundary.
    Form(String),
    /// Another media type; empty where none is named.
    Other(String),
}

/// How a PDF may come.
const PDF_TYPES: [&str; 3] = ["application/pdf", "application/octet-stream", ""];

fn kind(headers: &HeaderMap) -> Result<Kind, Problem> {
    plain(headers)?;
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(Kind::Other(String::new())) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Kind::Json),
        "multipart/form-data" => multer::parse_boundary(text).map(Kind::Form).map_err(|_| {
            Problem::request(message!(
                "Content-Type 里没有 boundary；让 HTTP 库自己写这个请求头",
                "the Content-Type has no boundary; let the HTTP library write this header"
            ))
        }),
        _ => Ok(Kind::Other(essence)),
    }
}

/// The kind of a body, if there is room for the work on it: what would be refused afterwards is refused before it is read.
fn begun(app: &App, request: &Request) -> Result<Kind, Problem> {
    let kind = kind(request.headers());
    let own = app.load.has_room();
    let workers = || app.workers.as_ref().map_or(own, |workers| workers.load.has_room());
    let has_room = match &kind {
        Ok(Kind::Json) => own,
        // A form may be one or the other.
        Ok(Kind::Form(_)) => own || workers(),
        Ok(Kind::Other(_)) | Err(_) => workers(),
    };
    if has_room { kind } else { Err(app.load.refuse()) }
}

/// That a body is not compressed.
///
/// # Errors
/// If it is.
pub fn plain(headers: &HeaderMap) -> Result<(), Problem> {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    match codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        true => Ok(()),
        false => Err(Problem::encoding()),
    }
}

/// The report of a request: as JSON, or a form with `report`, `previous`, `figures` and the files that the report names.
///
/// # Errors
/// If the body is of another kind, too large, too slow, or has no report.
pub async fn report(app: &Shared, request: Request) -> Result<Input, Problem> {
    let kind = begun(app, &request)?;
    report_of(app, request, kind).await
}

/// What is drawn.
pub enum Drawn {
    Report(Input),
    Pdf(Held),
}

/// A report as [`report`] takes it; or a PDF, as the body or as the part `file` of a form.
///
/// # Errors
/// If the body is of another kind, too large or too slow.
pub async fn report_or_pdf(app: &Shared, request: Request) -> Result<Drawn, Problem> {
    match begun(app, &request)? {
        Kind::Other(essence) if PDF_TYPES.contains(&essence.as_str()) => {
            let what = message!("文件", "a file");
            whole(app, request, app.sizes.body, what).await.map(Drawn::Pdf)
        }
        Kind::Other(_) => Err(Problem::media_type("application/json, multipart/form-data, application/pdf")),
        Kind::Form(boundary) => {
            let mut form = parts(app, request, &boundary).await?;
            if !form.parts.contains_key("file") {
                return input(form, app).map(Drawn::Report);
            }
            let Part { bytes, .. } = form.take("file")?;
            Ok(Drawn::Pdf(Held { bytes, ..form.finish()? }))
        }
        Kind::Json => report_of(app, request, Kind::Json).await.map(Drawn::Report),
    }
}

async fn report_of(app: &Shared, request: Request, kind: Kind) -> Result<Input, Problem> {
    match kind {
        Kind::Json => {
            let held = whole(app, request, app.sizes.report, what_report()).await?;
            let report = held.bytes.clone();
            let files = Files { parts: BTreeMap::new(), held };
            Ok(Input { report, previous: None, figures: None, files })
        }
        Kind::Form(boundary) => {
            let form = parts(app, request, &boundary).await?;
            input(form, app)
        }
        Kind::Other(_) => Err(Problem::media_type("application/json, multipart/form-data")),
    }
}

/// The report of a form, with what belongs to it.
fn input(mut form: Form, app: &Shared) -> Result<Input, Problem> {
    let report = within(form.take("report")?.bytes, app)?;
    let previous = form.optional("previous").map(|part| within(part.bytes, app)).transpose()?;
    let figures = form.optional("figures").map(|part| FiguresFile {
        name: part.file_name.unwrap_or_else(|| "figures".to_owned()),
        bytes: part.bytes.to_vec().into(),
    });
    let Form { parts, held, .. } = form;
    match unnamed(&report, &parts) {
        None => Ok(Input { report, previous, figures, files: Files { parts, held } }),
        Some(name) => Err(Problem::request(message!(
            "不用 {name} 部分；表单的部分有 report、previous、figures，还有报告里写到的图片，以报告里的路径为名称",
            "there is no use for a part {name}; the parts are report, previous, figures, and the pictures that the report \
             names, by the paths that it gives"
        ))),
    }
}

/// A part that the report does not name. A report that is no JSON names nothing, and has a finding of its own.
fn unnamed(report: &[u8], parts: &BTreeMap<String, Part>) -> Option<String> {
    let mut left: BTreeSet<&str> = parts.keys().map(String::as_str).collect();
    if left.is_empty() {
        return None;
    }
    let text = report.strip_prefix("\u{feff}".as_bytes()).unwrap_or(report);
    let mut json = serde_json::Deserializer::from_slice(text);
    TakeNamed(&mut left).deserialize(&mut json).ok()?;
    left.first().map(|name| (*name).to_owned())
}

/// Takes away the names that are strings of a JSON text, which is not kept.
struct TakeNamed<'a, 'n>(&'a mut BTreeSet<&'n str>);

impl<'de> DeserializeSeed<'de> for TakeNamed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TakeNamed<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.remove(text.strip_prefix("./").unwrap_or(text));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(TakeNamed(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_key::<IgnoredAny>()?.is_some() {
            members.next_value_seed(TakeNamed(&mut *self.0))?;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

/// The form of a request that must be one.
///
/// # Errors
/// If the body is none, is too large or too slow.
pub async fn form(app: &Shared, request: Request) -> Result<Form, Problem> {
    match begun(app, &request)? {
        Kind::Form(boundary) => parts(app, request, &boundary).await,
        Kind::Json | Kind::Other(_) => Err(Problem::media_type("multipart/form-data")),
    }
}

/// A file with what was sent beside it.
pub struct Sent {
    pub held: Held,
    /// What it is called.
    pub name: Option<String>,
    /// The part that may come with it.
    pub beside: Option<Part>,
}

/// The file of a request: the body, of whatever type, or the part `file` of a form, in which another part may come with
/// it.
///
/// # Errors
/// If there is none, or it is too large or too slow.
pub async fn file(app: &Shared, request: Request, beside: Option<&'static str>) -> Result<Sent, Problem> {
    let sent = match begun(app, &request)? {
        Kind::Form(boundary) => {
            let mut form = parts(app, request, &boundary).await?;
            let Part { file_name, bytes } = form.take("file")?;
            let beside = beside.and_then(|name| form.optional(name));
            let held = Held { bytes, ..form.finish()? };
            Sent { held, name: file_name, beside }
        }
        Kind::Json | Kind::Other(_) => {
            let what = message!("文件", "a file");
            let held = whole(app, request, app.sizes.body, what).await?;
            Sent { held, name: None, beside: None }
        }
    };
    if sent.held.bytes.is_empty() {
        return Err(Problem::request(message!("文件是空的", "the file is empty")));
    }
    Ok(sent)
}

fn what_report() -> Message {
    message!("报告", "a report")
}

/// The bytes of a report, if they are not too many.
fn within(bytes: Bytes, app: &Shared) -> Result<Bytes, Problem> {
    let limit = app.sizes.report;
    if bytes.len() > limit {
        return Err(Problem::too_large(what_report(), limit, Some(bytes.len() as u64)));
    }
    Ok(bytes)
}

/// All of a body.
async fn whole(app: &Shared, request: Request, limit: usize, what: Message) -> Result<Held, Problem> {
    let head = ParcelHead::of(&request);
    let body = request.into_body();
    let declared = body.size_hint().exact();
    if declared.is_some_and(|declared| declared > limit as u64) {
        return Err(Problem::too_large(what, limit, declared));
    }
    let read = read(app, head, body, limit, declared, what);
    tokio::time::timeout(BODY_TIME, read).await.unwrap_or_else(|_| Err(Problem::slow()))
}

async fn read(
    app: &Shared,
    head: ParcelHead,
    mut body: Body,
    limit: usize,
    declared: Option<u64>,
    what: Message,
) -> Result<Held, Problem> {
    let mut bytes = Vec::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| Problem::request(message!("请求体没有发完", "the body ended before its end")))?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(Problem::too_large(what, limit, declared));
        }
        if bytes.is_empty() {
            // What is declared is not believed, but asked for at once within reason.
            bytes.reserve(usize::try_from(declared.unwrap_or(0)).unwrap_or(0).min(1 << 20));
        }
        bytes.extend_from_slice(data);
        let held = share.as_ref().map_or(0, |share| share.num_permits() << 10);
        if bytes.len() > held {
            let more = app.budget.take(bytes.len() - held)?;
            match &mut share {
                Some(share) => share.merge(more),
                None => share = Some(more),
            }
        }
    }
    let bytes = Bytes::from(bytes);
    Ok(Held { bytes: bytes.clone(), parcel: Parcel { head, body: bytes }, _share: share })
}

/// The parts of a form.
async fn parts(app: &Shared, request: Request, boundary: &str) -> Result<Form, Problem> {
    let held = whole(app, request, app.sizes.body, message!("整个表单", "a form")).await?;
    let wrong = |_: multer::Error| {
        Problem::request(message!("multipart/form-data 不完整", "the multipart/form-data is damaged"))
    };
    let all = held.bytes.clone();
    let stream = stream::iter([Ok::<Bytes, std::convert::Infallible>(all)]);
    let mut form = multer::Multipart::new(stream, boundary);
    let mut parts = BTreeMap::new();
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        if parts.len() == MOST_PARTS {
            return Err(Problem::too_many_parts(MOST_PARTS));
        }
        let Some(name) = field.name().map(str::to_owned) else {
            return Err(Problem::request(message!(
                "表单有一个部分没有名称",
                "a part of the form has no name"
            )));
        };
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(wrong)?;
        let key = name.strip_prefix("./").unwrap_or(&name).to_owned();
        if parts.insert(key, Part { file_name, bytes }).is_some() {
            return Err(Problem::request(message!("表单里 {name} 有两个", "the form has two parts {name}")));
        }
    }
    Ok(Form { parts, held, known: Vec::new() })
}
