//! What goes along with every request: its id, the time it takes, the log and the counters, the headers of every answer,
//! and the rest of a body that nobody read.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, EXPECT, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;

use super::Shared;
use super::listen::Connection;
use super::log::{Entry, Issuer};
use super::problem::{self, Problem, Told};

/// The header with the id of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How much of a refused body is read, so that a client that sends all before it reads sees the answer.
const MOST_DRAINED: u64 = 64 << 20;
/// How long that may take.
const DRAINING: Duration = Duration::from_secs(30);
/// How long an answer waits for it: what is on its way already comes, and the connection serves the next request, too.
const ON_ITS_WAY: Duration = Duration::from_millis(100);

/// Ids of requests: those that callers give, and those made here.
pub struct Ids {
    /// Tells the ids of one run from those of another.
    run: u64,
    next: AtomicU64,
}

impl Ids {
    pub fn new() -> Ids {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64);
        Ids { run: began, next: AtomicU64::new(1) }
    }

    fn of(&self, headers: &HeaderMap) -> String {
        let is_id = |text: &&str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            (1..=64).contains(&text.len()) && text.bytes().all(plain)
        };
        let given = headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(is_id);
        given.map_or_else(
            || format!("{:x}-{:x}", self.run, self.next.fetch_add(1, Ordering::Relaxed)),
            str::to_owned,
        )
    }
}

/// Goes along with a request.
pub async fn attend(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = app.ids.of(request.headers());
    let method = request.method().to_string();
    let address = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let expects = request.headers().contains_key(EXPECT);
    let connection = request.extensions().get::<Connection>().cloned();
    let tells_two_lengths = connection.as_ref().is_some_and(|connection| connection.tells_two_lengths);
    let (request, lent) = lend(request);
    let mut response = if tells_two_lengths {
        Problem::two_lengths().into_response()
    } else {
        let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        answered.unwrap_or_else(|_| Problem::internal().into_response())
    };
    // Who sends too slowly is not waited for again, and where a body of two lengths ends nobody knows.
    let is_slow = response.status() == StatusCode::REQUEST_TIMEOUT;
    if is_slow || tells_two_lengths || !lent.drain(expects, connection).await {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(problem) = response.extensions_mut().remove::<Told>() {
        *response.body_mut() = Body::from(problem.body(&id));
        response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(problem::MEDIA_TYPE));
    }
    let (took, received) = (began.elapsed(), lent.received());
    let sent = response.body().size_hint().exact();
    let status = response.status().as_u16();
    app.metrics.answered(status, took, received, sent.unwrap_or(0));
    let issuer = response.extensions_mut().remove::<Issuer>().map(|Issuer(issuer)| issuer);
    finish(response.headers_mut(), &id);
    app.log.write(&Entry { id, method, address, status, received, sent, took, issuer });
    response
}

/// The headers that every answer has. What an answer says itself stays.
fn finish(headers: &mut HeaderMap, id: &str) {
    let all = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in all {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// A request whose body comes back when nobody reads it any more.
fn lend(request: Request) -> (Request, Arc<Lent>) {
    let lent = Arc::new(Lent::default());
    let request = request.map(|body| Body::new(Borrowed { body: Some(body), lent: Arc::clone(&lent) }));
    (request, lent)
}

/// What is known of the body of a request.
#[derive(Default)]
struct Lent {
    /// The body, once it was given back.
    back: Mutex<Option<Body>>,
    received: AtomicU64,
    touched: AtomicBool,
}

impl Lent {
    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Reads what is left of the body, and discards it; whether all of it was read. What takes longer is read after the
    /// answer. A client that waits to be told to send is not told to.
    async fn drain(&self, expects: bool, connection: Option<Connection>) -> bool {
        let back = self.back.lock().ok().and_then(|mut back| back.take());
        let Some(mut body) = back else { return true };
        if body.is_end_stream() {
            return true;
        }
        if expects && !self.touched.load(Ordering::Relaxed) {
            return false;
        }
        let mut drain = Box::pin(async move {
            let mut drained = 0;
            while drained <= MOST_DRAINED {
                match body.frame().await {
                    None => return true,
                    Some(Ok(frame)) => drained += frame.data_ref().map_or(0, |data| data.len() as u64),
                    Some(Err(_)) => return false,
                }
            }
            false
        });
        let drained = tokio::time::timeout(ON_ITS_WAY, &mut drain).await;
        if drained.is_err() {
            let draining = connection.as_ref().map(Connection::drains);
            tokio::spawn(async move {
                let _draining = draining;
                let _ = tokio::time::timeout(DRAINING, drain).await;
            });
        }
        drained.unwrap_or(false)
    }
}

/// A body that is given back when it is dropped.
struct Borrowed {
    body: Option<Body>,
    lent: Arc<Lent>,
}

impl HttpBody for Borrowed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        self.lent.touched.store(true, Ordering::Relaxed);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, |data| data.len() as u64);
            self.lent.received.fetch_add(length, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::new, HttpBody::size_hint)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Ok(mut back) = self.lent.back.lock() {
            *back = self.body.take();
        }
    }
}
