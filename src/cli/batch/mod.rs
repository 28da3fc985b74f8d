//! `gongwen batch`: thousands of reports in one run, by threads that share fonts and layouts.
//!
//! One thread reads reports and assigns names, in the order of the input; workers make files; the main thread
//! writes results. The queues between them are bounded by the number of workers, so that memory does not grow
//! with the input.

mod input;
mod name;
mod pattern;
mod progress;
mod record;

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::assets::Folder;
use crate::diagnostic::rule;
use crate::hash::sha256;
use crate::names::{NameParts, NameTemplate};
use crate::options::FiguresFile;
use crate::{Beside, Diagnostic, Exporter, Options, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use self::input::{Item, Report};
use self::name::Names;
use self::pattern::Pattern;
use self::progress::Progress;
use self::record::{Basis, FileRecord, Hashing, Record};
use super::export;
use super::foreign::{self, Foreign};
use super::lines::Flow;
use super::{Common, Failure, Outcome, files, show, words};

/// Says which files of folders are not read, and how many.
fn tell_skipped(skipped: &[PathBuf], common: Common) {
    const SHOWN: usize = 5;
    if skipped.is_empty() {
        return;
    }
    let (count, more) = (skipped.len(), if skipped.len() > SHOWN { "…" } else { "" });
    let names: Vec<String> =
        skipped.iter().take(SHOWN).map(|path| show::one_line(&path.display().to_string())).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let text = message!(
        "文件夹里有 {count} 个文件不是要做的报告，跳过：{zh}{more}；要做的，在命令里写出它的名称",
        "{count} files of the folders are taken for no reports and are skipped: {en}{more}; name those that are"
    );
    show::note(text.get(common.lang));
}

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let inputs: Vec<PathBuf> = matches.get_many::<PathBuf>("input").into_iter().flatten().cloned().collect();
    let (exporter, options) = export::setup(matches)?;
    let template = export::template_of(matches)?;
    let names_by_content = template.as_ref().is_some_and(NameTemplate::reads_report);
    let pattern = |option: &'static str| {
        let text = matches.get_one::<String>(&option[2..]);
        text.map(|text| Pattern::parse(option, text)).transpose()
    };
    let (figures, previous) = (pattern("--figures")?, pattern("--previous")?);
    let job = Job { figures, previous, ..Job::of(matches, exporter, options, names_by_content) };
    let names = Names::new(template);
    let shard = Shard::parse(matches.get_one::<String>("shard").map_or("0/1", String::as_str))?;
    files::make_folder(&job.folder)?;
    let mut results: Box<dyn Write> = match matches.get_one::<PathBuf>("results") {
        Some(path) => Box::new(std::fs::File::create(path).map_err(|error| files::unwritable(path, &error))?),
        None => Box::new(std::io::stdout()),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let interrupted = Arc::clone(&stop);
    // Reports in progress are finished; a second signal ends the program at once.
    let _ = ctrlc::set_handler(move || {
        if interrupted.swap(true, Ordering::SeqCst) {
            std::process::exit(1);
        }
    });
    if !common.quiet {
        tell_skipped(&input::skipped(&inputs, &job.folder), common);
    }
    let total =
        if common.quiet { None } else { input::count(&inputs, &job.folder).map(|total| shard.share(total)) };
    let mut progress = Progress::new(common.quiet, total, common.lang);
    let mut tally = Tally::default();
    let mut lost: Option<std::io::Error> = None;
    let fail_fast = matches.get_flag("fail-fast");
    let outcome = job.work(&inputs, names, shard, &stop, |result| {
        let failed = result.status == Status::Failed;
        tally.count(result.status);
        progress.tick(failed);
        if failed && fail_fast {
            stop.store(true, Ordering::SeqCst);
            tally.failed_fast = true;
        }
        // The reader of the results may have closed the pipe: the files are made nevertheless.
        let written = results.write_all(format!("{}\n", show::json_text(&result.line())).as_bytes());
        lost = lost.take().or(written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe));
    });
    lost = lost.or(results.flush().err().filter(|error| error.kind() != ErrorKind::BrokenPipe));
    progress.finish();
    if let Some(error) = lost {
        return Err(Failure::file(message!(
            "写不了结果，结果不完整：{error}",
            "cannot write the results, they are incomplete: {error}"
        )));
    }
    outcome?;
    Ok(tally.outcome(stop.load(Ordering::SeqCst), common))
}

/// Every N-th report from the I-th on.
#[derive(Clone, Copy, Debug)]
struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    fn parse(text: &str) -> Result<Shard, Failure> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if index < count => Ok(Shard { index, count }),
            _ => Err(Failure::options(message!(
                "--shard 应如 0/4，从 0 数起：{text}",
                "--shard is like 0/4, counted from 0: {text}"
            ))),
        }
    }

    fn holds(self, number: u64) -> bool {
        number % self.count == self.index
    }

    /// How many of `total` reports belong to the shard.
    fn share(self, total: u64) -> u64 {
        (total + self.count - 1 - self.index) / self.count
    }
}

/// The number of reports by status.
#[derive(Default)]
struct Tally {
    made: u64,
    skipped: u64,
    failed: u64,
    failed_fast: bool,
}

impl Tally {
    fn count(&mut self, status: Status) {
        match status {
            Status::Made => self.made += 1,
            Status::Skipped => self.skipped += 1,
            Status::Failed => self.failed += 1,
        }
    }

    fn outcome(&self, stopped: bool, common: Common) -> Outcome {
        let done = self.made + self.skipped + self.failed;
        if stopped {
            let text = if self.failed_fast {
                message!(
                    "遇错停止，做完 {done} 份；加 --resume 接着做",
                    "stopped at an error after {done} reports; continue with --resume"
                )
            } else {
                message!(
                    "中断了，做完 {done} 份；加 --resume 接着做",
                    "interrupted after {done} reports; continue with --resume"
                )
            };
            show::note(text.get(common.lang));
        }
        if self.failed > 0 || stopped { Outcome::Errors } else { Outcome::Done }
    }
}

/// The settings that are the same for all reports.
struct Job {
    exporter: Exporter,
    options: Options,
    basis: Basis,
    folder: PathBuf,
    assets: Option<PathBuf>,
    jobs: usize,
    resume: bool,
    /// Whether Word files that people edited may be replaced.
    force: bool,
    names_by_content: bool,
    /// Where the figures of each report are.
    figures: Option<Pattern>,
    /// Where the report of the last year of each is.
    previous: Option<Pattern>,
}

/// The files that belong to a report.
#[derive(Default)]
struct Belonging {
    figures: Option<FiguresFile>,
    previous: Option<Vec<u8>>,
}

/// A report on its way to a worker.
struct Task {
    number: u64,
    id: String,
    /// The name of its files if there is no template.
    own: String,
    /// The path of its files without ending, or why there is none.
    stem: Result<PathBuf, Failure>,
    report: Report,
}

/// The result of a report.
struct Made {
    number: u64,
    id: String,
    status: Status,
    files: Vec<Value>,
    milliseconds: f64,
    findings: Vec<Value>,
    silenced: Vec<Value>,
}

/// What became of a report.
struct Done {
    status: Status,
    files: Vec<Value>,
    findings: Vec<Value>,
    silenced: Vec<Value>,
}

impl Done {
    /// No files, and why.
    fn failed(findings: &[Diagnostic]) -> Done {
        let findings = findings.iter().map(|finding| json!(finding)).collect();
        Done { status: Status::Failed, files: Vec::new(), findings, silenced: Vec::new() }
    }

    /// The files that a record is about.
    fn of(status: Status, stem: &Path, record: Record) -> Done {
        let files = files_of(stem, &record);
        Done { status, files, findings: record.findings, silenced: record.silenced }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Made,
    Skipped,
    Failed,
}

impl Made {
    /// A line of NDJSON.
    fn line(&self) -> Value {
        let status = match self.status {
            Status::Made => "ok",
            Status::Skipped => "skipped",
            Status::Failed => "failed",
        };
        json!({
            "number": self.number,
            "id": self.id,
            "status": status,
            "files": self.files,
            "milliseconds": (self.milliseconds * 10.0).round() / 10.0,
            "findings": self.findings,
            "silenced": self.silenced,
        })
    }
}

impl Job {
    fn of(matches: &ArgMatches, exporter: Exporter, options: Options, names_by_content: bool) -> Job {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        Job {
            basis: Basis::new(&options, exporter.fonts()),
            folder: matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| PathBuf::from(".")),
            assets: matches.get_one::<PathBuf>("assets").cloned(),
            jobs: matches.get_one::<u16>("jobs").map_or_else(cores, |jobs| usize::from(*jobs)).max(1),
            resume: matches.get_flag("resume"),
            force: matches.get_flag("force"),
            names_by_content,
            figures: None,
            previous: None,
            exporter,
            options,
        }
    }

    /// Makes all reports of the shard; calls `report` with each result, in the order in which they are done.
    fn work(
        &self,
        inputs: &[PathBuf],
        mut names: Names,
        shard: Shard,
        stop: &AtomicBool,
        mut report: impl FnMut(&Made),
    ) -> Result<(), Failure> {
        let (tasks, queue) = sync_channel::<Task>(self.jobs);
        let queue = Mutex::new(queue);
        let (made, results) = sync_channel::<Made>(self.jobs * 2);
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || {
                input::each(inputs, &self.folder, &self.options.limits, |item| {
                    if stop.load(Ordering::SeqCst) {
                        return Flow::Stop;
                    }
                    let in_shard = shard.holds(item.number);
                    let task = self.task(item, &mut names);
                    // All shards assign names to all reports, so that the shard with the second report of a
                    // name refuses it.
                    let wanted = in_shard && tasks.send(task).is_err();
                    if wanted { Flow::Stop } else { Flow::Continue }
                })
            });
            for _ in 0..self.jobs {
                let (queue, made) = (&queue, made.clone());
                scope.spawn(move || self.worker(queue, &made, stop));
            }
            drop(made);
            for result in &results {
                report(&result);
            }
            reader.join().unwrap_or(Ok(()))
        })
    }

    fn task(&self, item: Item, names: &mut Names) -> Task {
        let Item { number, id, stem, mut report } = item;
        if self.names_by_content
            && let Report::File(path) = &report
        {
            let path = path.clone();
            let layout = self.options.layout.as_deref();
            let bytes = foreign::read(&path, self.exporter.layouts(), layout, &self.options.limits);
            let bytes = bytes.map(|read| read.bytes);
            let given = bytes.as_ref().map_or(&[][..], Vec::as_slice);
            let given = names.give(self.parts(number, &stem, given));
            if let Err(failure) = bytes {
                report = Report::Unreadable(failure);
            }
            return Task { number, id, own: stem, stem: given, report };
        }
        let given = match &report {
            Report::Line(bytes) => names.give(self.parts(number, &stem, bytes)),
            Report::File(_) | Report::Unreadable(_) => names.give(self.parts(number, &stem, b"")),
        };
        Task { number, id, own: stem, stem: given, report }
    }

    /// The files that belong to a report, by the patterns; or why they cannot be read.
    fn belonging(&self, id: &str, stem: &str, report: &[u8]) -> Result<Belonging, Vec<Diagnostic>> {
        let patterns = [&self.figures, &self.previous];
        if patterns.iter().all(|pattern| pattern.is_none()) {
            return Ok(Belonging::default());
        }
        let parts = match patterns.into_iter().flatten().any(Pattern::reads_report) {
            true => self.exporter.name_parts(report, &self.options),
            false => NameParts::default(),
        };
        let parts = NameParts { stem: stem.to_owned(), ..parts };
        let mut missing = Vec::new();
        let mut read = |pattern: &Option<Pattern>| {
            let pattern = pattern.as_ref()?;
            let path = pattern.fill(id, &parts);
            match files::read(&path, self.options.limits.report_bytes) {
                Ok(bytes) => Some((path.display().to_string(), bytes)),
                Err(failure) => {
                    let (option, zh, en) = (pattern.option, failure.message.zh, failure.message.en);
                    let text = message!("{option}：{zh}", "{option}: {en}");
                    missing.push(Failure::file(text).finding());
                    None
                }
            }
        };
        let figures = read(&self.figures).map(|(name, bytes)| FiguresFile { name, bytes: bytes.into() });
        let previous = read(&self.previous).map(|(_, bytes)| bytes);
        if missing.is_empty() { Ok(Belonging { figures, previous }) } else { Err(missing) }
    }

    /// The values for the file names of a report, which is read for them only if the template needs it.
    fn parts(&self, number: u64, stem: &str, report: &[u8]) -> NameParts {
        let parts = match self.names_by_content {
            true => self.exporter.name_parts(report, &self.options),
            false => NameParts::default(),
        };
        NameParts { stem: stem.to_owned(), number, ..parts }
    }

    fn worker(&self, queue: &Mutex<Receiver<Task>>, made: &SyncSender<Made>, stop: &AtomicBool) {
        loop {
            let task = queue.lock().map(|queue| queue.recv());
            let Ok(Ok(task)) = task else { return };
            // Waiting reports are left for the next run.
            if stop.load(Ordering::SeqCst) {
                continue;
            }
            if made.send(self.made(task)).is_err() {
                return;
            }
        }
    }

    /// Makes a report. Its errors do not stop the others.
    fn made(&self, task: Task) -> Made {
        let began = Instant::now();
        let (number, id) = (task.number, task.id.clone());
        let result = catch_unwind(AssertUnwindSafe(|| self.make(task)));
        let Done { status, files, findings, silenced } = match result {
            Ok(Ok(done)) => done,
            Ok(Err(findings)) => Done::failed(&findings),
            Err(_) => {
                let text = message!("程序出错，请报告", "the program failed; please report it");
                Done::failed(&[Diagnostic::error(rule::INTERNAL_PANIC, "", text)])
            }
        };
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        Made { number, id, status, files, milliseconds, findings, silenced }
    }

    fn make(&self, task: Task) -> Result<Done, Vec<Diagnostic>> {
        let wrong = |failure: Failure| vec![failure.finding()];
        let mut of_file: Option<Foreign> = None;
        let (bytes, own) = match task.report {
            Report::Line(bytes) => (bytes, Folder::none()),
            Report::File(path) => {
                let layout = self.options.layout.as_deref();
                let read = foreign::read(&path, self.exporter.layouts(), layout, &self.options.limits);
                let read = read.map_err(wrong)?;
                of_file = read.foreign;
                (read.bytes, Folder::of_report(&path))
            }
            Report::Unreadable(failure) => return Err(wrong(failure)),
        };
        let stem = self.folder.join(task.stem.map_err(wrong)?);
        let assets = self.assets.as_ref().map_or(own, Folder::new).within(self.options.limits);
        let Belonging { figures, previous } = match self.belonging(&task.id, &task.own, &bytes) {
            Ok(belonging) => belonging,
            // In a report that cannot be read its own mistakes come first: its files may be named by what is in it.
            Err(missing) => {
                let read = self.exporter.check(&bytes, &self.options, &Beside::default(), &assets);
                return Err(read.err().and_then(|error| words::findings(error).ok()).unwrap_or(missing));
            }
        };
        let belonging: Vec<(&str, &[u8])> =
            [("figures", figures.as_ref().map(|file| &*file.bytes)), ("previous", previous.as_deref())]
                .into_iter()
                .filter_map(|(option, bytes)| Some((option, bytes?)))
                .collect();
        let made_of = self.basis.made_of(&bytes, &belonging, self.exporter.layouts());
        if self.resume
            && let Some(record) = Record::read(&stem)
            && record.holds(&stem, &made_of, &self.options.formats, &assets)
        {
            // They are the same again, the errors too that were allowed.
            return Ok(Done::of(Status::Skipped, &stem, record));
        }
        let images = Hashing::new(&assets);
        let options = Options { figures, ..self.options.clone() };
        let beside = Beside { previous: previous.as_deref(), ..Beside::default() };
        let export = self.exporter.export_beside(&bytes, &options, &beside, &images);
        let mut export = match export.map_err(|error| words::findings(error).unwrap_or_else(wrong)) {
            Ok(export) => export,
            Err(mut findings) => {
                if let Some(foreign) = of_file {
                    foreign.place(&mut findings);
                }
                return Err(findings);
            }
        };
        if let Some(foreign) = of_file {
            foreign.place(&mut export.findings);
        }
        let record = Record {
            made_of,
            images: images.hashes(),
            pages: export.pages,
            files: export
                .files
                .iter()
                .map(|(format, bytes)| {
                    let sha256 = sha256(bytes);
                    (format.extension().to_owned(), FileRecord { bytes: bytes.len(), sha256 })
                })
                .collect::<BTreeMap<_, _>>(),
            findings: export.findings.iter().map(|finding| json!(finding)).collect(),
            silenced: export.silenced.iter().map(|silenced| json!(silenced)).collect(),
        };
        let text = serde_json::to_vec(&record).expect("a record is JSON");
        let written: Vec<(PathBuf, &[u8])> = export
            .files
            .iter()
            .map(|(format, bytes)| (files::with_ending(&stem, format.extension()), bytes.as_slice()))
            .collect();
        if let Some(folder) = stem.parent() {
            files::make_folder(folder).map_err(wrong)?;
        }
        if !self.force {
            files::keep_edited(written.iter().map(|(path, _)| path.as_path()), "--force").map_err(wrong)?;
        }
        // The record is written last: files without it do not count as made.
        files::write_quickly(&written).map_err(wrong)?;
        files::write_quickly(&[(record::path(&stem), &text)]).map_err(wrong)?;
        Ok(Done::of(Status::Made, &stem, record))
    }
}

/// The files of a report, as results list them.
fn files_of(stem: &Path, record: &Record) -> Vec<Value> {
    record
        .files
        .iter()
        .map(|(ending, file)| {
            json!({
                "path": files::with_ending(stem, ending),
                "format": ending,
                "pages": record.pages,
                "bytes": file.bytes,
                "sha256": file.sha256,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_all_reports() {
        for count in 1..5 {
            let shards: Vec<Shard> = (0..count).map(|index| Shard { index, count }).collect();
            assert_eq!(shards.iter().map(|shard| shard.share(10)).sum::<u64>(), 10);
            for number in 0..10 {
                assert_eq!(shards.iter().filter(|shard| shard.holds(number)).count(), 1);
            }
        }
        for text in ["", "1", "1/1", "a/2", "0/0", "-1/2"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
