//! What a request brings: a report, a form of parts, a file. All of it is in memory, within limits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures_util::stream;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Shared;
use super::problem::Problem;
use super::size::Sizes;
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
    _share: Option<OwnedSemaphorePermit>,
}

/// A report with what belongs to it.
pub struct Input {
    pub report: Bytes,
    pub previous: Option<Bytes>,
    pub figures: Option<FiguresFile>,
    pub files: Files,
}

/// The files that a report names, by the names that it gives.
pub struct Files {
    parts: BTreeMap<String, Part>,
    _held: Held,
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
}

impl Form {
    /// A part that must be there.
    pub fn take(&mut self, name: &str) -> Result<Part, Problem> {
        self.parts.remove(name).ok_or_else(|| {
            Problem::request(message!("表单里缺少 {name} 部分", "the form has no part {name}"))
        })
    }

    /// A part that may be there.
    pub fn optional(&mut self, name: &str) -> Option<Part> {
        self.parts.remove(name)
    }

    /// That nothing is left over; the bytes are still held.
    pub fn finish(self) -> Result<Held, Problem> {
        match self.parts.keys().next() {
            None => Ok(self.held),
            Some(name) => {
                Err(Problem::request(message!("不用 {name} 部分", "there is no use for a part {name}")))
            }
        }
    }
}

/// The kinds of body.
enum Kind {
    Json,
    Form(String),
    Other,
}

fn kind(headers: &HeaderMap) -> Result<Kind, Problem> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(Kind::Other) };
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
        _ => Ok(Kind::Other),
    }
}

/// The report of a request: as JSON, or a form with `report`, `previous`, `figures` and the files that the report names.
///
/// # Errors
/// If the body is of another kind, too large, too slow, or has no report.
pub async fn report(app: &Shared, request: Request) -> Result<Input, Problem> {
    app.load.has_room()?;
    match kind(request.headers())? {
        Kind::Json => {
            let held = whole(app, request.into_body(), app.sizes.report, what_report()).await?;
            let report = held.bytes.clone();
            let files = Files { parts: BTreeMap::new(), _held: held };
            Ok(Input { report, previous: None, figures: None, files })
        }
        Kind::Form(boundary) => {
            let mut form = parts(app, request.into_body(), &boundary).await?;
            let report = within(form.take("report")?.bytes, app)?;
            let previous = form.optional("previous").map(|part| within(part.bytes, app)).transpose()?;
            let figures = form.optional("figures").map(|part| FiguresFile {
                name: part.file_name.unwrap_or_else(|| "figures".to_owned()),
                bytes: part.bytes.to_vec().into(),
            });
            let Form { parts, held } = form;
            Ok(Input { report, previous, figures, files: Files { parts, _held: held } })
        }
        Kind::Other => Err(Problem::media_type("application/json, multipart/form-data")),
    }
}

/// The form of a request that must be one.
///
/// # Errors
/// If the body is none, is too large or too slow.
pub async fn form(app: &Shared, request: Request) -> Result<Form, Problem> {
    app.load.has_room()?;
    match kind(request.headers())? {
        Kind::Form(boundary) => parts(app, request.into_body(), &boundary).await,
        Kind::Json | Kind::Other => Err(Problem::media_type("multipart/form-data")),
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
pub async fn file(app: &Shared, request: Request, beside: Option<&str>) -> Result<Sent, Problem> {
    app.load.has_room()?;
    let sent = match kind(request.headers())? {
        Kind::Form(boundary) => {
            let mut form = parts(app, request.into_body(), &boundary).await?;
            let Part { file_name, bytes } = form.take("file")?;
            let beside = beside.and_then(|name| form.optional(name));
            let Held { _share, .. } = form.finish()?;
            Sent { held: Held { bytes, _share }, name: file_name, beside }
        }
        Kind::Json | Kind::Other => {
            let what = message!("文件", "a file");
            let held = whole(app, request.into_body(), app.sizes.body, what).await?;
            Sent { held, name: None, beside: None }
        }
    };
    if sent.held.bytes.is_empty() {
        return Err(Problem::request(message!("请求体是空的", "the body is empty")));
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
async fn whole(app: &Shared, body: Body, limit: usize, what: Message) -> Result<Held, Problem> {
    let declared = body.size_hint().exact();
    if declared.is_some_and(|declared| declared > limit as u64) {
        return Err(Problem::too_large(what, limit, declared));
    }
    let read = read(app, body, limit, declared, what);
    tokio::time::timeout(BODY_TIME, read).await.unwrap_or_else(|_| Err(Problem::slow()))
}

async fn read(
    app: &Shared,
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
    Ok(Held { bytes: bytes.into(), _share: share })
}

/// The parts of a form.
async fn parts(app: &Shared, body: Body, boundary: &str) -> Result<Form, Problem> {
    let held = whole(app, body, app.sizes.body, message!("整个表单", "a form")).await?;
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
    Ok(Form { parts, held })
}
