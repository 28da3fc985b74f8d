//! How much runs at once, how much waits, and what is refused.
//!
//! There is one [`Load`] for the reports that the service works on itself, and one for its `workers`. Work of its own is
//! done on threads of its own, as many at once as there are permits; so many more wait, and the next is refused at once,
//! because a queue without end only makes everyone late. The bodies of all requests together have a budget of bytes, so that
//! many large ones do not fill the memory while they come in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;

/// How long an answer may take, waiting included.
pub const ANSWER: Duration = Duration::from_secs(20);

/// How many streams of reports there may be at once.
const MOST_STREAMS: usize = 4;

/// The permits.
pub struct Load {
    /// One for each that runs.
    running: Arc<Semaphore>,
    /// One for each that runs or waits.
    places: Arc<Semaphore>,
    /// One for each stream of reports.
    streams: Arc<Semaphore>,
    jobs: usize,
    queue: usize,
    /// How many were refused.
    shed: AtomicU64,
    /// How many panicked.
    panics: AtomicU64,
}

impl Load {
    /// So many at once, and so many that wait.
    pub fn new(jobs: usize, queue: usize) -> Load {
        let (jobs, queue) = (jobs.max(1), queue.min(1 << 16));
        Load {
            running: Arc::new(Semaphore::new(jobs)),
            places: Arc::new(Semaphore::new(jobs + queue)),
            streams: Arc::new(Semaphore::new(jobs.max(MOST_STREAMS))),
            jobs,
            queue,
            shed: AtomicU64::new(0),
            panics: AtomicU64::new(0),
        }
    }

    /// Whether a place is free.
    pub fn has_room(&self) -> bool {
        self.places.available_permits() > 0
    }

    /// The refusal of what has no place.
    pub fn refuse(&self) -> Problem {
        self.shed.fetch_add(1, Ordering::Relaxed);
        Problem::busy()
    }

    /// Does the work when its turn comes. Who no longer waits for the answer gives up the place; work that runs is finished.
    ///
    /// # Errors
    /// If no place is free, it takes too long, or the work panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.place()?;
        let done = async {
            let permit = self.permit().await?;
            self.spawn(work, (place, permit)).await
        };
        tokio::time::timeout(ANSWER, done).await.unwrap_or_else(|_| Err(Problem::late()))
    }

    /// A place to run or to wait.
    ///
    /// # Errors
    /// If none is free.
    pub fn place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| self.refuse())
    }

    /// The same for one of many reports of a request: it takes turns with the others, however many wait.
    ///
    /// # Errors
    /// If the work panics.
    pub async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.permit().await?;
        self.spawn(work, permit).await
    }

    /// A place for a stream of reports, whose reports take turns.
    ///
    /// # Errors
    /// If there are as many as may be.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| self.refuse())
    }

    /// The permit to run, when its turn comes.
    ///
    /// # Errors
    /// Never while the service lives.
    pub async fn permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::busy())
    }

    async fn spawn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        held: impl Send + 'static,
    ) -> Result<T, Problem> {
        let task = tokio::task::spawn_blocking(move || {
            let _held = held;
            work()
        });
        task.await.map_err(|_| {
            self.count_panics(1);
            Problem::internal()
        })
    }

    /// Counts faults of the program.
    pub fn count_panics(&self, count: u64) {
        self.panics.fetch_add(count, Ordering::Relaxed);
    }

    /// How many run at most.
    pub fn jobs(&self) -> usize {
        self.jobs
    }

    /// How many wait at most.
    pub fn queue(&self) -> usize {
        self.queue
    }

    /// How many run now.
    pub fn running(&self) -> usize {
        self.jobs - self.running.available_permits().min(self.jobs)
    }

    /// How many wait now.
    pub fn waiting(&self) -> usize {
        let taken = (self.jobs + self.queue) - self.places.available_permits();
        taken.saturating_sub(self.running())
    }

    /// How many were refused so far.
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }

    /// How many panicked so far.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }
}
