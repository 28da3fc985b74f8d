//! Numbers for whoever watches the service, as Prometheus text.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::load::Load;
use super::workers::Cause;

/// The statuses that are counted one by one.
const STATUSES: [u16; 16] = [200, 204, 400, 401, 403, 404, 405, 408, 413, 415, 421, 422, 431, 500, 503, 0];
/// The upper bounds of the times that answers took, in milliseconds.
const BOUNDS: [u64; 9] = [5, 10, 20, 50, 100, 200, 500, 1000, 5000];

/// The counters.
pub struct Metrics {
    began: Instant,
    statuses: [AtomicU64; STATUSES.len()],
    /// How many answers took at most each bound; the last counts all.
    times: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    connections: AtomicU64,
}

impl Metrics {
    pub fn new() -> Metrics {
        Metrics {
            began: Instant::now(),
            statuses: Default::default(),
            times: Default::default(),
            microseconds: AtomicU64::new(0),
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            connections: AtomicU64::new(0),
        }
    }

    /// Counts an answer.
    pub fn answered(&self, status: u16, took: Duration, received: u64, sent: u64) {
        // The last one stands for all others.
        let at = STATUSES.iter().position(|known| *known == status).unwrap_or(STATUSES.len() - 1);
        self.statuses[at].fetch_add(1, Ordering::Relaxed);
        for (count, bound) in self.times.iter().zip(BOUNDS) {
            if took.as_millis() <= u128::from(bound) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.times[BOUNDS.len()].fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.received.fetch_add(received, Ordering::Relaxed);
        self.sent.fetch_add(sent, Ordering::Relaxed);
    }

    /// Counts a connection for as long as the guard lives.
    pub fn connected(&self) -> Connected<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Connected(&self.connections)
    }
}

/// A connection that is counted.
pub struct Connected<'a>(&'a AtomicU64);

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// `GET /metrics`
pub async fn show(State(app): State<Shared>) -> Response {
    let metrics = &app.metrics;
    let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let mut text = String::new();
    let mut series = |name: &str, kind: &str, help: &str, values: &[(String, String)]| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in values {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let one = |value: u64| [(String::new(), value.to_string())];
    let statuses: Vec<(String, String)> = STATUSES
        .iter()
        .zip(&metrics.statuses)
        .map(|(status, count)| {
            let status = if *status == 0 { "other".to_owned() } else { status.to_string() };
            (format!("{{status=\"{status}\"}}"), get(count).to_string())
        })
        .collect();
    series("gongwen_requests_total", "counter", "Answers by status.", &statuses);
    series(
        "gongwen_received_bytes_total",
        "counter",
        "Bytes of bodies received.",
        &one(get(&metrics.received)),
    );
    series("gongwen_sent_bytes_total", "counter", "Bytes of bodies sent.", &one(get(&metrics.sent)));
    series("gongwen_connections", "gauge", "Open connections.", &one(get(&metrics.connections)));
    let load = &app.load;
    series("gongwen_running", "gauge", "Requests that are worked on here.", &one(load.running() as u64));
    series("gongwen_running_max", "gauge", "The most that are.", &one(load.jobs() as u64));
    series("gongwen_waiting", "gauge", "Requests that wait for that.", &one(load.waiting() as u64));
    series("gongwen_waiting_max", "gauge", "The most that do.", &one(load.queue() as u64));
    // As many run and wait at most.
    let workers = app.workers.as_ref().map(|workers| &workers.load);
    let of_workers = |count: fn(&Load) -> usize| one(workers.map_or(0, count) as u64);
    let help = "Requests with files that workers read.";
    series("gongwen_workers_running", "gauge", help, &of_workers(Load::running));
    series(
        "gongwen_workers_waiting",
        "gauge",
        "Requests that wait for a worker.",
        &of_workers(Load::waiting),
    );
    let shed = load.shed() + workers.map_or(0, Load::shed);
    series("gongwen_shed_total", "counter", "Requests refused because too many waited.", &one(shed));
    let ended: Vec<(String, String)> = Cause::ALL
        .into_iter()
        .map(|cause| {
            let count = app.workers.as_ref().map_or(0, |workers| workers.ended(cause));
            (format!("{{reason=\"{}\"}}", cause.name()), count.to_string())
        })
        .collect();
    series(
        "gongwen_workers_ended_total",
        "counter",
        "Processes that read files and were followed by others, by the reason.",
        &ended,
    );
    series("gongwen_panics_total", "counter", "Faults of the program.", &one(app.load.panics()));
    let uptime = metrics.began.elapsed().as_secs();
    series("gongwen_uptime_seconds", "gauge", "Seconds since the start.", &one(uptime));
    let name = "gongwen_request_seconds";
    let _ = writeln!(text, "# HELP {name} How long answers took.\n# TYPE {name} histogram");
    for (bound, count) in BOUNDS.iter().zip(&metrics.times) {
        let _ = writeln!(text, "{name}_bucket{{le=\"{}\"}} {}", *bound as f64 / 1000.0, get(count));
    }
    let all = get(&metrics.times[BOUNDS.len()]);
    let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {all}");
    let _ = writeln!(text, "{name}_sum {}\n{name}_count {all}", get(&metrics.microseconds) as f64 / 1e6);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
