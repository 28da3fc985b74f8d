//! The service: what the commands make, over HTTP, with the same bytes.
//!
//! `listen` accepts connections, `attend` goes along with each request, `gate` decides who may ask, `load` decides what
//! runs, `body` reads what was sent, `workers` are the processes that read the files of others, each of them a `worker`.
//! The groups of addresses have a file each; all of them call the one [`Exporter`].
//! Fonts, layouts and roots are loaded before the first request; no request opens a file or names one of this machine.

mod attend;
mod batch;
mod body;
mod changes;
mod files;
mod framing;
mod gate;
mod health;
mod layouts;
mod listen;
mod load;
mod log;
mod metrics;
mod openapi;
mod page;
mod pages;
mod parcel;
mod problem;
mod query;
mod reports;
mod sign;
mod size;
#[cfg(test)]
mod tests;
mod worker;
mod workers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use tokio::net::TcpListener;

use crate::pki::Certificate;
use crate::{Exporter, LayoutError};

pub use gate::{HostError, OriginError};
pub use log::LogForm;
pub use size::{Size, SizeError};
pub use worker::work;
pub use workers::Program;

use self::load::Load;
use self::log::Log;
use self::metrics::Metrics;
use self::parcel::Parcel;
use self::problem::Problem;

/// What the service is told when it starts.
#[derive(Debug)]
pub struct Settings {
    /// The address that it listens at; port 0 is any free one.
    pub listen: SocketAddr,
    /// The token that requests must bear, if there is one.
    pub token: Option<String>,
    /// The names, beside those of this machine itself, by which it may be called.
    pub hosts: Vec<String>,
    /// The origins of other pages that may call it.
    pub origins: Vec<String>,
    /// How many requests run at once.
    pub jobs: usize,
    /// How many more wait; one more is refused.
    pub queue: usize,
    /// The most bytes of a request, in place of the usual ones.
    pub max_body: Option<Size>,
    /// Fonts and layouts.
    pub exporter: Exporter,
    /// The certificates that `verify` trusts; without them no signer is proved.
    pub roots: Option<Vec<Certificate>>,
    /// The form of the log on standard error.
    pub log: LogForm,
    /// The program that calls [`work`] with the same layouts, fonts, roots and sizes; without it the files of others are
    /// worked on in the service itself, where nothing ends what takes too long.
    pub program: Option<Program>,
}

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The system gives no threads.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
    /// A worker cannot be started.
    #[error("cannot start the processes that read files: {0}")]
    Workers(std::io::Error),
    /// A layout is not valid.
    #[error("{0}")]
    Layout(LayoutError),
    /// The name of a host is none.
    #[error(transparent)]
    Host(#[from] HostError),
    /// An origin is none.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// What all requests share.
pub(crate) struct App {
    exporter: Exporter,
    roots: Option<Vec<Certificate>>,
    /// Of what is worked on here.
    load: Load,
    /// For the files of others; a worker has none itself.
    workers: Option<workers::Workers>,
    sizes: size::Sizes,
    budget: body::Budget,
    gate: gate::Gate,
    log: Log,
    metrics: Metrics,
    ids: attend::Ids,
    /// Whether it ends: requests are finished, and none is accepted.
    stopping: AtomicBool,
}

type Shared = Arc<App>;

/// Serves until the process is told to end by SIGTERM or SIGINT; requests in progress have ten seconds then. `ready` is
/// called with the address once it is listened at.
///
/// # Errors
/// If it cannot start.
pub fn serve(mut settings: Settings, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    // Every layout is read and validated now, and never again.
    settings.exporter.layouts().entries().map_err(ServeError::Layout)?;
    problem::quiet_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Work has its permits; what is more than those is for the streams of batches.
        .max_blocking_threads(settings.jobs + 4)
        .thread_name("gongwen-serve")
        .enable_all()
        .build()
        .map_err(ServeError::Start)?;
    let served = runtime.block_on(async {
        let at = settings.listen;
        let listener = TcpListener::bind(at).await.map_err(|error| ServeError::Listen(at, error))?;
        let address = listener.local_addr().map_err(|error| ServeError::Listen(at, error))?;
        let (jobs, queue, sizes) = (settings.jobs, settings.queue, size::Sizes::new(settings.max_body));
        let program = settings.program.take();
        let mut app = App::new(settings, address)?;
        if let Some(program) = program {
            let workers = workers::Workers::start(program, jobs, queue, sizes).await;
            app.workers = Some(workers.map_err(ServeError::Workers)?);
        }
        let app = Arc::new(app);
        let signals = listen::Signals::catch().map_err(ServeError::Start)?;
        ready(address);
        listen::accept(listener, routes(&app), &app, signals).await;
        if let Some(workers) = &app.workers {
            workers.end();
        }
        app.log.end();
        Ok(())
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(100));
    served
}

impl App {
    /// The answer to a request, from a worker if it is one with the files of others.
    async fn answer(
        self: &Arc<Self>,
        parcel: Option<Parcel>,
        work: impl FnOnce() -> Result<Response, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        match parcel {
            Some(parcel) if self.workers.is_some() => workers::ask(self, parcel, work).await,
            _ => self.load.run(work).await?,
        }
    }

    fn new(settings: Settings, address: SocketAddr) -> Result<App, ServeError> {
        Ok(App {
            gate: gate::Gate::new(&settings, address)?,
            load: Load::new(settings.jobs, settings.queue),
            workers: None,
            sizes: size::Sizes::new(settings.max_body),
            budget: body::Budget::new(size::Sizes::new(settings.max_body)),
            log: Log::new(settings.log),
            metrics: Metrics::new(),
            ids: attend::Ids::new(),
            stopping: AtomicBool::new(false),
            exporter: settings.exporter,
            roots: settings.roots,
        })
    }
}

/// All addresses, with all that stands before them.
fn routes(app: &Shared) -> Router {
    layered(addresses(), app)
}

/// All addresses.
fn addresses() -> Router<Shared> {
    Router::new()
        .route("/", get(page::html))
        .route("/web/{name}", get(page::part))
        .route("/openapi.json", get(openapi::show))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/version", get(health::version))
        .route("/metrics", get(metrics::show))
        .route("/v1/check", post(reports::check))
        .route("/v1/export", post(reports::export))
        .route("/v1/preview", post(pages::preview))
        .route("/v1/diff", post(changes::diff))
        .route("/v1/fix", post(changes::fix))
        .route("/v1/import", post(files::import))
        .route("/v1/extract", post(files::extract))
        .route("/v1/verify", post(files::verify))
        .route("/v1/batch", post(batch::batch))
        .route("/v1/layouts", get(layouts::list))
        .route("/v1/layouts/{id}/schema", get(layouts::schema))
        .route("/v1/layouts/{id}/blank", get(layouts::blank))
        .route("/v1/sign/prepare", post(sign::prepare))
        .route("/v1/sign/complete", post(sign::complete))
}

/// An address that is read. What it does not take is told with what it takes.
fn get<H: Handler<T, Shared>, T: 'static>(handler: H) -> MethodRouter<Shared> {
    routing::get(handler).fallback(|| async { Problem::method("GET, HEAD") })
}

/// An address that something is sent to.
fn post<H: Handler<T, Shared>, T: 'static>(handler: H) -> MethodRouter<Shared> {
    routing::post(handler).fallback(|| async { Problem::method("POST") })
}

/// Addresses with all that stands before them, outermost last.
fn layered(routes: Router<Shared>, app: &Shared) -> Router {
    use axum::middleware::from_fn_with_state;
    let routes = routes
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn_with_state(Arc::clone(app), gate::token))
        .layer(gate::csrf(app));
    let routes = match app.gate.cors() {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes
        .layer(from_fn_with_state(Arc::clone(app), gate::host))
        .layer(from_fn_with_state(Arc::clone(app), attend::attend))
        .with_state(Arc::clone(app))
}
