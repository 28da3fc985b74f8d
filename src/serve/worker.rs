//! A worker: the service without connections, in a process of its own, which answers what comes by its standard input.
//!
//! It bounds its own memory before the first request, and takes the signals that end a service for the service's alone: it
//! ends when its standard input does, in the middle of its work too, as then nobody waits for the answer.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use axum::Router;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;

use super::listen::Signals;
use super::parcel::{Parcel, Reply};
use super::problem::Problem;
use super::size::{Size, Sizes};
use super::{App, ServeError, Settings, Shared, addresses, problem};

/// The most memory of a worker where bodies are of the usual sizes.
const MEMORY: usize = 1 << 30;

/// The most memory of a worker: forms and packages are unpacked from the body, and the answer is made of them. It is less
/// where the service itself may have less.
pub fn memory(sizes: Sizes) -> Size {
    let wanted = MEMORY.max(sizes.body.saturating_mul(16));
    #[cfg(unix)]
    let allowed = rustix::process::getrlimit(rustix::process::Resource::Data).maximum;
    #[cfg(not(unix))]
    let allowed: Option<u64> = None;
    Size(
        allowed
            .and_then(|allowed| usize::try_from(allowed).ok())
            .map_or(wanted, |allowed| allowed.min(wanted)),
    )
}

/// Works until its standard input ends.
///
/// # Errors
/// If it cannot start.
pub fn work(settings: Settings) -> Result<(), ServeError> {
    // It is called by the file that Linux names for the program that runs, and would be listed as that.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::set_name(c"gongwen-worker");
    settings.exporter.layouts().entries().map_err(ServeError::Layout)?;
    problem::quiet_panics();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .thread_name("gongwen-worker")
        .enable_all()
        .build()
        .map_err(ServeError::Start)?;
    {
        let _within = runtime.enter();
        leave_signals_to_the_service().map_err(ServeError::Start)?;
    }
    let address = settings.listen;
    let app = Arc::new(App::new(settings, address)?);
    let routes = addresses().with_state(Arc::clone(&app));
    let has = Memory::open();
    bound(&has, memory(app.sizes)).map_err(ServeError::Start)?;
    let (parcels, queue) = sync_channel(0);
    let answering = std::thread::Builder::new().name("gongwen-answers".to_owned());
    answering.spawn(move || answer_all(&queue, &runtime, &routes, &app, &has)).map_err(ServeError::Start)?;
    let mut input = io::stdin().lock();
    // A frame that is cut off is the end, too: who wrote it is no more.
    while let Ok(Some(parcel)) = Parcel::read(&mut input) {
        if parcels.send(parcel).is_err() {
            break;
        }
    }
    Ok(())
}

/// Says that it is ready, then answers what comes.
fn answer_all(
    queue: &Receiver<Parcel>,
    runtime: &tokio::runtime::Runtime,
    routes: &Router,
    app: &Shared,
    has: &Memory,
) {
    let mut output = io::stdout();
    let mut answer = |response: Response, panics: u64| -> io::Result<()> {
        let reply = runtime.block_on(Reply::of(response, panics)).map_err(io::Error::other)?;
        reply.write(&mut output)?;
        drop(reply);
        // What is kept is told when nothing of the answer is.
        output.write_all(&has.kept().to_be_bytes())?;
        output.flush()
    };
    if answer(().into_response(), 0).is_err() {
        return;
    }
    for parcel in queue {
        let before = app.load.panics();
        let response = match parcel.into_request() {
            Some(request) => {
                let Ok(response) = runtime.block_on(routes.clone().oneshot(request));
                response
            }
            None => Problem::internal().into_response(),
        };
        if answer(response, app.load.panics() - before).is_err() {
            return;
        }
    }
}

/// Keeps the signals for the end of the service from ending the worker: a terminal and a supervisor send them to all
/// processes of the service, whose requests are still to be finished.
fn leave_signals_to_the_service() -> io::Result<()> {
    // What was once caught stays caught.
    drop(Signals::catch()?);
    #[cfg(windows)]
    drop(tokio::signal::windows::ctrl_c()?);
    Ok(())
}

/// Bounds the memory that the process may write to besides what it has already, such as fonts. No image of it is written when
/// the bound is exceeded: what the file says would be in it.
#[cfg(unix)]
fn bound(has: &Memory, Size(more): Size) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let both = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, both(0))?;
    let wanted = has.data().saturating_add(more as u64);
    let most = getrlimit(Resource::Data).maximum.map_or(wanted, |maximum| maximum.min(wanted));
    setrlimit(Resource::Data, both(most))?;
    Ok(())
}

/// Elsewhere only the time is bounded.
#[cfg(not(unix))]
fn bound(_: &Memory, _: Size) -> io::Result<()> {
    Ok(())
}

/// The memory of the process, as the kernel tells it. The place is opened once, before the first request.
struct Memory(#[cfg(target_os = "linux")] Option<std::fs::File>);

#[cfg(target_os = "linux")]
impl Memory {
    fn open() -> Memory {
        Memory(std::fs::File::open("/proc/self/statm").ok())
    }

    /// What it keeps: what is resident and of no file; 0 where it is not known.
    fn kept(&self) -> u64 {
        self.bytes(1).saturating_sub(self.bytes(2))
    }

    /// What it may write to.
    fn data(&self) -> u64 {
        self.bytes(5)
    }

    fn bytes(&self, at: usize) -> u64 {
        use std::os::unix::fs::FileExt;
        let mut text = [0; 128];
        let read = self.0.as_ref().and_then(|file| file.read_at(&mut text, 0).ok()).unwrap_or(0);
        let text = std::str::from_utf8(&text[..read]).unwrap_or_default();
        let pages: Option<u64> = text.split(' ').nth(at).and_then(|number| number.trim().parse().ok());
        pages.unwrap_or(0) * rustix::param::page_size() as u64
    }
}

#[cfg(not(target_os = "linux"))]
impl Memory {
    fn open() -> Memory {
        Memory()
    }

    fn kept(&self) -> u64 {
        0
    }

    #[cfg_attr(not(unix), expect(dead_code, reason = "no memory is bounded there"))]
    fn data(&self) -> u64 {
        0
    }
}
