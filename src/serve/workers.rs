//! The workers: processes that read the files of others, each within its memory, for as long as an answer may take.
//!
//! A thread cannot be ended, and memory that is counted beforehand is bounded only as far as the counting foresees what a
//! file does; a process is ended by the kernel. There are as many workers as run at once, started before the service is
//! ready; who has a permit to run has a worker. One that ended is followed by another before its permit is given back.
//! Reports alone are worked on in the service itself and have permits of their own, so that no file keeps them waiting.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::response::Response;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Shared;
use super::load::{ANSWER, Load};
use super::parcel::{Parcel, Reply};
use super::problem::Problem;
use super::size::{Size, Sizes};
use super::worker::memory;

/// How long a worker may take to start.
const START: Duration = Duration::from_secs(30);
/// How long the work for a client that left may still take: it may be nearly done, and a worker costs time to start.
const LEFT: Duration = Duration::from_secs(1);
/// The most memory that a worker may keep after an answer, besides what it began with, such as fonts; the allocator does not
/// give all of it back.
const MOST_KEPT: u64 = 192 << 20;

/// The program that is a worker.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// What it is called by.
    pub arguments: Vec<OsString>,
}

/// Why a worker was followed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It needed more memory than it has, or more of the stack.
    Memory,
    /// It was not done in time.
    Time,
    /// The client left.
    Left,
    /// It kept too much memory after an answer.
    Kept,
    /// Another process or the kernel ended it.
    Outside,
}

impl Cause {
    pub const ALL: [Cause; 5] = [Cause::Memory, Cause::Time, Cause::Left, Cause::Kept, Cause::Outside];

    pub fn name(self) -> &'static str {
        match self {
            Cause::Memory => "memory",
            Cause::Time => "time",
            Cause::Left => "left",
            Cause::Kept => "kept",
            Cause::Outside => "outside",
        }
    }

    /// Why a worker ended that nobody here ended. A program that has no memory or stack ends itself; what is killed was
    /// killed by others.
    fn of(status: io::Result<ExitStatus>) -> Cause {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            /// SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGSEGV: POSIX names them, and these numbers are those of all systems
            /// here but for SIGBUS, which is 7 or 10.
            const OWN: [i32; 6] = [4, 5, 6, 7, 10, 11];
            match status.map(|status| status.signal()) {
                Ok(Some(signal)) if OWN.contains(&signal) => Cause::Memory,
                _ => Cause::Outside,
            }
        }
        #[cfg(not(unix))]
        match status.map(|status| status.code()) {
            // What is ended from outside is given 1.
            Ok(Some(0 | 1)) | Err(_) => Cause::Outside,
            Ok(_) => Cause::Memory,
        }
    }
}

/// All workers.
pub struct Workers {
    program: Program,
    pub load: Load,
    /// Those that nobody has. They are fewer than the permits only where one could not be started.
    idle: Mutex<Vec<Worker>>,
    ended: [AtomicU64; Cause::ALL.len()],
    memory: Size,
    /// The most bytes of an answer.
    most: usize,
}

impl Workers {
    /// As many as run at once, all of them ready.
    ///
    /// # Errors
    /// If one cannot be started.
    pub async fn start(program: Program, jobs: usize, queue: usize, sizes: Sizes) -> io::Result<Workers> {
        /// A signed PDF goes out twice as text, a preview has 50 pages.
        const MOST_ANSWER: usize = 256 << 20;
        let mut starting: Vec<Worker> = Vec::new();
        for _ in 0..jobs.max(1) {
            starting.push(Worker::spawn(&program)?);
        }
        // They start beside each other.
        for worker in &mut starting {
            worker.is_ready().await?;
        }
        Ok(Workers {
            program,
            load: Load::new(jobs, queue),
            idle: Mutex::new(starting),
            ended: Default::default(),
            memory: memory(sizes),
            most: MOST_ANSWER.max(sizes.body.saturating_mul(4)),
        })
    }

    /// How many were followed by another for this reason.
    pub fn ended(&self, cause: Cause) -> u64 {
        self.ended[cause as usize].load(Ordering::Relaxed)
    }

    /// Ends those that nobody has.
    pub fn end(&self) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.clear();
        }
    }

    fn take(&self) -> Option<Worker> {
        self.idle.lock().ok()?.pop()
    }

    fn put_back(&self, worker: Worker) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(worker);
        }
    }
}

/// The answer of a worker to a request, when its turn comes. What is held is given back when the work is over.
///
/// # Errors
/// If no place is free, it takes too long or too much memory.
pub async fn ask(app: &Shared, parcel: Parcel, held: impl Send + 'static) -> Result<Response, Problem> {
    let Some(workers) = &app.workers else { return Err(Problem::internal()) };
    let place = workers.load.place()?;
    let deadline = Instant::now() + ANSWER;
    let (client, answer) = oneshot::channel();
    let app = Arc::clone(app);
    // By itself, so that a worker is looked after when the client leaves.
    tokio::spawn(async move {
        let _held = (place, held);
        serve(&app, parcel, deadline, client).await;
    });
    answer.await.unwrap_or_else(|_| Err(Problem::internal()))
}

type Client = oneshot::Sender<Result<Response, Problem>>;

async fn serve(app: &Shared, parcel: Parcel, deadline: Instant, mut client: Client) {
    let Some(workers) = &app.workers else { return };
    let turn = async {
        let permit = workers.load.permit().await?;
        Ok((permit, ready(app).await.ok_or_else(Problem::busy)?))
    };
    let turn = tokio::select! {
        turn = turn => turn,
        () = sleep_until(deadline) => Err(Problem::late()),
        () = client.closed() => return,
    };
    let (_permit, mut worker) = match turn {
        Ok(turn) => turn,
        Err(problem) => {
            let _ = client.send(Err(problem));
            return;
        }
    };
    let began = Instant::now();
    let left = async {
        client.closed().await;
        sleep(LEFT).await;
    };
    let cause = tokio::select! {
        reply = worker.ask(&parcel, workers.most) => match reply {
            Ok(reply) => {
                app.load.count_panics(reply.head.panics);
                let _ = client.send(Ok(reply.into_response()));
                match worker.kept().await {
                    Ok(kept) if kept <= worker.began_with.saturating_add(MOST_KEPT) => return workers.put_back(worker),
                    Ok(_) => Cause::Kept,
                    Err(_) => Cause::of(worker.end().await),
                }
            }
            Err(error) => {
                // An answer that is too large is one that takes too much memory.
                let is_too_large = error.kind() == io::ErrorKind::Other;
                let cause = if is_too_large { Cause::Memory } else { Cause::of(worker.end().await) };
                let _ = client.send(Err(match cause {
                    Cause::Memory => Problem::memory(workers.memory),
                    Cause::Time | Cause::Left | Cause::Kept | Cause::Outside => Problem::ended(),
                }));
                cause
            }
        },
        () = sleep_until(deadline) => {
            worker.kill().await;
            // Who had most of the time for itself would need more the next time, too.
            let is_long = began.elapsed() >= ANSWER / 2;
            let _ = client.send(Err(if is_long { Problem::time() } else { Problem::late() }));
            Cause::Time
        }
        () = left => Cause::Left,
    };
    worker.kill().await;
    replace(app, cause).await;
}

/// A worker that lives. Who has a permit finds one, or starts one.
async fn ready(app: &Shared) -> Option<Worker> {
    let workers = app.workers.as_ref()?;
    if let Some(mut worker) = workers.take() {
        match worker.process.try_wait() {
            Ok(None) => return Some(worker),
            Ok(Some(status)) => note(app, Cause::of(Ok(status))),
            Err(error) => note(app, Cause::of(Err(error))),
        }
    }
    started(app).await
}

/// Another worker in the place of one that ended.
async fn replace(app: &Shared, cause: Cause) {
    note(app, cause);
    if app.stopping.load(Ordering::Relaxed) {
        return;
    }
    if let (Some(workers), Some(worker)) = (&app.workers, started(app).await) {
        workers.put_back(worker);
    }
}

fn note(app: &Shared, cause: Cause) {
    if let Some(workers) = &app.workers {
        workers.ended[cause as usize].fetch_add(1, Ordering::Relaxed);
    }
    app.log.event("worker-ended", cause.name());
}

/// A new worker. That none can be started is logged; the next request tries again.
async fn started(app: &Shared) -> Option<Worker> {
    let workers = app.workers.as_ref()?;
    let start = async {
        let mut worker = Worker::spawn(&workers.program)?;
        worker.is_ready().await?;
        Ok::<_, io::Error>(worker)
    };
    match start.await {
        Ok(worker) => Some(worker),
        Err(error) => {
            app.log.event("worker-not-started", &error.to_string());
            None
        }
    }
}

/// A process, with both ends of its pipes. It is killed when it is dropped.
struct Worker {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// The memory that it had when it was ready.
    began_with: u64,
}

impl Worker {
    fn spawn(program: &Program) -> io::Result<Worker> {
        let mut command = Command::new(&program.path);
        #[cfg(unix)]
        command.arg0("gongwen");
        let mut process = command
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(input), Some(output)) => Ok(Worker { process, input, output, began_with: 0 }),
            _ => Err(io::Error::other("it has no pipes")),
        }
    }

    /// Waits until it has read all that it will ever open.
    async fn is_ready(&mut self) -> io::Result<()> {
        let first = async {
            Reply::receive(&mut self.output, 0).await?;
            self.output.read_u64().await
        };
        match timeout(START, first).await {
            Ok(Ok(began_with)) => {
                self.began_with = began_with;
                Ok(())
            }
            Ok(Err(_)) => {
                let status = self.end().await?;
                Err(io::Error::other(format!("a worker ended at its start: {status}")))
            }
            Err(_) => Err(io::Error::other("a worker was not ready in time")),
        }
    }

    async fn ask(&mut self, parcel: &Parcel, most: usize) -> io::Result<Reply> {
        parcel.send(&mut self.input).await?;
        Reply::receive(&mut self.output, most).await
    }

    /// The memory that it keeps after an answer.
    async fn kept(&mut self) -> io::Result<u64> {
        timeout(LEFT, self.output.read_u64()).await?
    }

    /// Kills it, if it lives.
    async fn kill(&mut self) {
        // It fails where it is over already.
        let _ = self.process.start_kill();
        let _ = self.process.wait().await;
    }

    /// Waits for the end of one that closed its pipes; how it ended.
    async fn end(&mut self) -> io::Result<ExitStatus> {
        // The kernel closes them just before the end.
        match timeout(LEFT, self.process.wait()).await {
            Ok(status) => status,
            Err(_) => {
                self.process.start_kill()?;
                self.process.wait().await
            }
        }
    }
}
