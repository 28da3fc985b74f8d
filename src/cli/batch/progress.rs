//! Progress of a batch: a bar on a terminal, a line at intervals elsewhere, nothing with `--quiet`.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use super::super::show;
use crate::diagnostic::Lang;
use crate::message;
use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is printed where there is no terminal.
const EVERY: Duration = Duration::from_secs(10);

/// The progress of a batch.
pub struct Progress {
    shown: Output,
    lang: Lang,
    began: Instant,
    last: Instant,
    total: Option<u64>,
    done: u64,
    failed: u64,
}

enum Output {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Progress {
    pub fn new(quiet: bool, total: Option<u64>, lang: Lang) -> Progress {
        let shown = if quiet {
            Output::Nothing
        } else if std::io::stderr().is_terminal() {
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let template = match (total, lang) {
                (Some(_), Lang::Zh) => "{bar:30} {pos}/{len}  {per_sec}  {msg}  还要 {eta}",
                (Some(_), Lang::En) => "{bar:30} {pos}/{len}  {per_sec}  {msg}  {eta} left",
                (None, _) => "{spinner} {pos}  {per_sec}  {msg}",
            };
            bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
            Output::Bar(bar)
        } else {
            Output::Lines
        };
        let now = Instant::now();
        Progress { shown, lang, began: now, last: now, total, done: 0, failed: 0 }
    }

    /// One more.
    pub fn tick(&mut self, failed: bool) {
        self.done += 1;
        self.failed += u64::from(failed);
        let count = self.failed;
        match &self.shown {
            Output::Bar(bar) => {
                let text = message!("失败 {count}", "{count} failed");
                bar.set_message(text.get(self.lang).to_owned());
                bar.inc(1);
            }
            Output::Lines if self.last.elapsed() >= EVERY => {
                self.last = Instant::now();
                self.line();
            }
            Output::Lines | Output::Nothing => {}
        }
    }

    /// The end.
    pub fn finish(&mut self) {
        match &self.shown {
            Output::Bar(bar) => {
                bar.finish_and_clear();
                self.line();
            }
            Output::Lines => self.line(),
            Output::Nothing => {}
        }
    }

    fn line(&self) {
        let (done, failed) = (self.done, self.failed);
        let of = self.total.map(|total| format!("/{total}")).unwrap_or_default();
        let seconds = self.began.elapsed().as_secs_f64();
        let rate = done as f64 / seconds.max(0.001);
        let text = message!(
            "{done}{of} 份，失败 {failed} 份，{seconds:.1} 秒，每秒 {rate:.0} 份",
            "{done}{of} reports, {failed} failed, {seconds:.1} s, {rate:.0} a second"
        );
        show::note(text.get(self.lang));
    }
}
