//! The log: a line a request on standard error, as text or JSON. Never what a report says but its issuer.

use std::io::Write;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::Time;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogForm {
    /// For people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// The issuer of a report, which the answer about it carries to the log.
#[derive(Clone, Debug)]
pub struct Issuer(pub String);

/// What is told of a request.
#[derive(Debug)]
pub struct Entry {
    pub id: String,
    pub method: String,
    /// The address as it is documented, never as it was sent.
    pub address: String,
    pub status: u16,
    pub received: u64,
    /// Not known of a stream.
    pub sent: Option<u64>,
    pub took: Duration,
    pub issuer: Option<String>,
}

/// Writes the log on a thread of its own: a reader that is slow delays no answer, and loses lines.
pub struct Log {
    form: LogForm,
    lines: Mutex<Option<SyncSender<String>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Log {
    /// A log in this form.
    pub fn new(form: LogForm) -> Log {
        /// How many lines wait for a slow reader.
        const WAITING: usize = 4096;
        let (lines, queue) = sync_channel::<String>(WAITING);
        let writer = std::thread::Builder::new().name("gongwen-log".to_owned()).spawn(move || {
            for line in queue {
                note(&line);
            }
        });
        Log { form, lines: Mutex::new(Some(lines)), writer: Mutex::new(writer.ok()) }
    }

    /// A line about a request.
    pub fn write(&self, entry: &Entry) {
        self.send(match self.form {
            LogForm::Text => text(entry),
            LogForm::Json => object(entry),
        });
    }

    /// A line about what happened to the service itself.
    pub fn event(&self, name: &str, reason: &str) {
        let now = now();
        self.send(match self.form {
            LogForm::Text => format!("{now} {name} reason={}", json!(reason)),
            LogForm::Json => json!({ "time": now, "event": name, "reason": reason }).to_string(),
        });
    }

    fn send(&self, line: String) {
        if let Ok(lines) = self.lines.lock()
            && let Some(lines) = lines.as_ref()
        {
            // A line that has no room is lost.
            let _ = lines.try_send(line);
        }
    }

    /// Writes what is left, and ends.
    pub fn end(&self) {
        if let Ok(mut lines) = self.lines.lock() {
            lines.take();
        }
        if let Ok(mut writer) = self.writer.lock()
            && let Some(writer) = writer.take()
        {
            let _ = writer.join();
        }
    }
}

/// A line on standard error. Ignored: nobody may read it.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The present time by the machine's clock.
pub fn clock() -> Option<Time> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Time::from_unix(now.as_secs())
}

fn now() -> String {
    clock().map_or_else(String::new, |time| time.to_string())
}

fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

fn text(entry: &Entry) -> String {
    let Entry { id, method, address, status, received, .. } = entry;
    let sent = entry.sent.map_or_else(|| "-".to_owned(), |sent| sent.to_string());
    let took = milliseconds(entry.took);
    // As JSON, so that a name with a line break is one line.
    let issuer = entry.issuer.as_ref().map(|issuer| format!(" issuer={}", json!(issuer))).unwrap_or_default();
    let now = now();
    format!("{now} {status} {method} {address} in={received} out={sent} ms={took} id={id}{issuer}")
}

fn object(entry: &Entry) -> String {
    json!({
        "time": now(),
        "status": entry.status,
        "method": entry.method,
        "address": entry.address,
        "bytes_in": entry.received,
        "bytes_out": entry.sent,
        "milliseconds": milliseconds(entry.took),
        "id": entry.id,
        "issuer": entry.issuer,
    })
    .to_string()
}
