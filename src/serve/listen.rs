//! Connections: accepted, watched, and ended.
//!
//! An accept loop of its own, because axum's has no time-outs. Each connection has a [`Watch`] beside it, which ends the
//! connection when a head does not come, nothing is asked any more, or an answer is not taken. Where there are as many as may
//! be, the one that has been of no use for longest makes room for the next.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::Instant;
use tower::ServiceExt;

use super::Shared;
use super::framing::Framing;

/// The most bytes of the head of a request.
const HEAD: usize = 16 << 10;
/// How long a head may take.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a connection stays open on which nothing is asked.
const IDLE_TIME: Duration = Duration::from_secs(60);
/// How long a client may not take what is sent.
const STALLED_TIME: Duration = Duration::from_secs(30);
/// How long requests in progress may take when the service ends.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// The most connections. Others make room for further ones, which wait only where all of them are busy.
const MOST: usize = 512;

/// Accepts connections until the process is told to end; then requests in progress are finished.
pub async fn accept(listener: TcpListener, routes: Router, app: &Shared, signals: Signals) {
    let (ending, ended) = watch::channel(());
    let room = Arc::new(Semaphore::new(MOST));
    let mut connections = tokio::task::JoinSet::new();
    let all = Arc::new(Connections::default());
    let mut signals = Box::pin(signals.come());
    loop {
        // Reaps those that are over.
        while connections.try_join_next().is_some() {}
        let accepted = async {
            let accepted = listener.accept().await;
            if room.available_permits() == 0 {
                all.make_room();
            }
            (accepted, Arc::clone(&room).acquire_owned().await)
        };
        let (accepted, room) = tokio::select! {
            biased;
            () = &mut signals => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (routes, ended, app) = (routes.clone(), ended.clone(), Arc::clone(app));
                let member = all.add();
                connections.spawn(async move {
                    let _room = room;
                    let _counted = app.metrics.connected();
                    connection(stream, routes, ended, Arc::clone(&member.watch)).await;
                });
            }
            // No more files may be open: others have to close first.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    app.stopping.store(true, Ordering::Relaxed);
    drop(listener);
    let _ = ending.send(());
    let finished = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(DRAIN_TIME, finished).await;
}

/// SIGTERM and SIGINT, from the time at which they are caught.
pub struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Catches them.
    ///
    /// # Errors
    /// If the system does not permit it.
    pub fn catch() -> io::Result<Signals> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one of them.
    #[cfg(unix)]
    async fn come(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn come(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Serves one connection.
async fn connection(stream: TcpStream, routes: Router, mut ended: watch::Receiver<()>, watch: Arc<Watch>) {
    // Answers are sent at once.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Watched { stream, watch: Arc::clone(&watch) });
    let beside = Arc::clone(&watch);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        beside.enter(Phase::Busy);
        let tells_two_lengths = beside.framing.lock().is_ok_and(|mut framing| framing.next());
        request.extensions_mut().insert(Connection { watch: Arc::clone(&beside), tells_two_lengths });
        let (routes, beside) = (routes.clone(), Arc::clone(&beside));
        async move {
            let response: Result<Response, std::convert::Infallible> =
                routes.oneshot(request.map(Body::new)).await;
            response.map(|response| response.map(|body| Answer { body, watch: beside }))
        }
    });
    let served =
        http1::Builder::new().header_read_timeout(None).max_buf_size(HEAD).serve_connection(io, service);
    let mut served = std::pin::pin!(served);
    let mut told = false;
    loop {
        tokio::select! {
            _ = served.as_mut() => return,
            () = watch.expired() => return,
            _ = ended.changed(), if !told => {
                told = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}

/// All connections, in the order in which they came.
#[derive(Default)]
struct Connections(Mutex<BTreeMap<u64, Arc<Watch>>>);

/// One of all connections for as long as it lives.
struct Member {
    all: Arc<Connections>,
    number: u64,
    watch: Arc<Watch>,
}

impl Connections {
    fn add(self: &Arc<Self>) -> Member {
        let watch = Arc::new(Watch::new());
        let number = self.0.lock().map_or(0, |mut all| {
            let number = all.last_key_value().map_or(0, |(last, _)| last + 1);
            all.insert(number, Arc::clone(&watch));
            number
        });
        Member { all: Arc::clone(self), number, watch }
    }

    /// Ends the connection that can be missed most: whose head comes slowly, else the one that does nothing, for longest.
    fn make_room(&self) {
        /// A head that took longer does not come from a client that is in a hurry.
        const QUICK: Duration = Duration::from_secs(1);
        let Ok(all) = self.0.lock() else { return };
        let idle = all.values().filter(|watch| watch.can_be_missed());
        let longest = idle.max_by_key(|watch| {
            let age = watch.entered().elapsed();
            (watch.is(Phase::Head) && age > QUICK, age)
        });
        if let Some(watch) = longest {
            watch.end();
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.0.lock() {
            all.remove(&self.number);
        }
    }
}

/// What a request knows of its connection.
#[derive(Clone)]
pub struct Connection {
    watch: Arc<Watch>,
    /// The request has both Transfer-Encoding and Content-Length.
    pub tells_two_lengths: bool,
}

impl Connection {
    /// The rest of a refused body is read after the answer, while this lives.
    pub fn drains(&self) -> Draining {
        self.watch.draining.store(true, Ordering::Relaxed);
        Draining(Arc::clone(&self.watch))
    }
}

/// The rest of a body that is read after the answer.
pub struct Draining(Arc<Watch>);

impl Drop for Draining {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
        self.0.draining.store(false, Ordering::Relaxed);
    }
}

/// What a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing is asked.
    Idle,
    /// The head of a request comes in.
    Head,
    /// A request is answered.
    Busy,
}

/// Since when a connection does what.
struct Watch {
    began: Instant,
    phase: AtomicU8,
    /// Milliseconds from `began`.
    since: AtomicU64,
    /// Since when the client does not take what is sent.
    stalled: Mutex<Option<Instant>>,
    /// Whether the rest of a body comes in whose request is answered.
    draining: AtomicBool,
    /// Whether another connection takes its place.
    is_ended: AtomicBool,
    ended: Notify,
    framing: Mutex<Framing>,
}

impl Watch {
    /// A new connection, whose first head is waited for.
    fn new() -> Watch {
        Watch {
            began: Instant::now(),
            phase: AtomicU8::new(Phase::Head as u8),
            since: AtomicU64::new(0),
            stalled: Mutex::new(None),
            draining: AtomicBool::new(false),
            is_ended: AtomicBool::new(false),
            ended: Notify::new(),
            framing: Mutex::new(Framing::default()),
        }
    }

    /// Since when it does what it does.
    fn entered(&self) -> Instant {
        self.began + Duration::from_millis(self.since.load(Ordering::Relaxed))
    }

    /// Whether nothing is lost but the connection if it ends.
    fn can_be_missed(&self) -> bool {
        let is_used = self.is(Phase::Busy) || self.draining.load(Ordering::Relaxed);
        !is_used && !self.is_ended.load(Ordering::Relaxed)
    }

    /// Ends it.
    fn end(&self) {
        self.is_ended.store(true, Ordering::Relaxed);
        self.ended.notify_one();
    }

    fn enter(&self, phase: Phase) {
        let since = self.began.elapsed().as_millis();
        self.since.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    fn is(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::Relaxed) == phase as u8
    }

    fn stall(&self, stalled: bool) {
        if let Ok(mut since) = self.stalled.lock() {
            *since = if stalled { since.or_else(|| Some(Instant::now())) } else { None };
        }
    }

    /// When it is to end if nothing changes.
    fn deadline(&self) -> Option<Instant> {
        let since = self.entered();
        let stalled = self.stalled.lock().ok().and_then(|stalled| *stalled);
        let phase = if self.draining.load(Ordering::Relaxed) {
            // That has a time of its own.
            None
        } else if self.is(Phase::Head) {
            Some(since + HEAD_TIME)
        } else if self.is(Phase::Idle) {
            Some(since + IDLE_TIME)
        } else {
            None
        };
        [phase, stalled.map(|stalled| stalled + STALLED_TIME)].into_iter().flatten().min()
    }

    /// Ends when the connection is to.
    async fn expired(&self) {
        /// How often a busy connection is looked at.
        const LOOK: Duration = Duration::from_secs(5);
        loop {
            let now = Instant::now();
            let look = match self.deadline() {
                Some(deadline) if deadline <= now => return,
                // What it does may change before: then the deadline is another.
                Some(deadline) => deadline.min(now + LOOK * 2),
                None => now + LOOK,
            };
            tokio::select! {
                () = tokio::time::sleep_until(look) => {}
                () = self.ended.notified() => return,
            }
        }
    }
}

/// A stream that tells its watch what happens.
struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = &buffer.filled()[before..];
        if !came.is_empty() {
            if let Ok(mut framing) = self.watch.framing.lock() {
                framing.read(came);
            }
            if self.watch.is(Phase::Idle) && !self.watch.draining.load(Ordering::Relaxed) {
                self.watch.enter(Phase::Head);
            }
        }
        polled
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, buffer);
        self.watch.stall(polled.is_pending());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.watch.stall(polled.is_pending());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The body of an answer, after which the connection has nothing to do.
struct Answer {
    body: Body,
    watch: Arc<Watch>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.watch.enter(Phase::Idle);
    }
}
