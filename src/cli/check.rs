//! `gongwen check`: all findings about reports, by place; no files are made.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::assets::Folder;
use crate::diagnostic::Severity;
use crate::options::Gate;
use crate::{Beside, Diagnostic, Exporter, Options, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::found::Found;
use super::lines::{self, Flow};
use super::show::Pointers;
use super::snippet::Text;
use super::{Common, Failure, Outcome, export, files, fonts, foreign, print, sarif, show, words};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let job = Job::of(matches, common)?;
    let reports = export::reports_of(matches, &job.options)?;
    let is_ndjson = |report: &Path| matches.get_flag("ndjson") || lines::is_ndjson(report);
    let has_many = reports.len() != 1 || reports.iter().any(|report| is_ndjson(report));
    if has_many && job.options.figures.is_some() {
        return Err(export::figures_of_several());
    }
    if job.fill && has_many {
        return Err(Failure::options(message!(
            "--fill 一次补全一份报告",
            "--fill completes one report at a time"
        )));
    }
    let mut all = Vec::new();
    let mut worst = Outcome::Done;
    let mut show = |found: Found| {
        worst = worst.max(found.outcome());
        match job.form {
            Form::Text => job.show(&found),
            Form::Json => show::object(&job.value(&found)),
            Form::Sarif => all.push(found),
        }
    };
    for report in &reports {
        if is_ndjson(report) {
            job.look_at_lines(report, &mut show);
        } else {
            show(job.look_at(report));
        }
    }
    if job.form == Form::Sarif {
        show::object(&sarif::log(&all, common.lang));
    }
    Ok(worst)
}

/// The form in which findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Sarif,
}

/// The settings that are the same for all reports.
pub struct Job {
    exporter: Exporter,
    options: Options,
    notices: Vec<Diagnostic>,
    assets: Option<PathBuf>,
    previous: Option<Vec<u8>>,
    units: Vec<(String, Vec<u8>)>,
    form: Form,
    fill: bool,
    verbose: bool,
    common: Common,
}

impl Job {
    /// Without options: a report by itself, its findings as text or JSON.
    pub fn plain(exporter: Exporter, common: Common) -> Job {
        Job {
            exporter,
            options: Options::default(),
            notices: Vec::new(),
            assets: None,
            previous: None,
            units: Vec::new(),
            form: if common.json { Form::Json } else { Form::Text },
            fill: false,
            verbose: false,
            common,
        }
    }

    fn of(matches: &ArgMatches, common: Common) -> Result<Job, Failure> {
        let (layouts, layout) = print::layouts_of(matches)?;
        let (fonts, notices) = fonts::of(matches)?;
        let fill = matches.get_flag("fill");
        let form = match matches.get_one::<String>("format").map(String::as_str) {
            Some("sarif") => Form::Sarif,
            Some("json") => Form::Json,
            _ if common.json => Form::Json,
            _ => Form::Text,
        };
        if fill && form != Form::Text {
            return Err(Failure::options(message!(
                "--fill 不能与 --json、--format 同用：标准输出只有补全的报告",
                "--fill cannot go together with --json or --format: standard output has the completed report alone"
            )));
        }
        let limits = files::limits(matches);
        let read = |path: &PathBuf| files::read(path, limits.report_bytes);
        Ok(Job {
            exporter: Exporter::new().with_layouts(layouts).with_fonts(fonts, Vec::new()),
            options: Options {
                layout,
                figures: export::figures_of(matches)?,
                limits,
                gate: if matches.get_flag("strict") { Gate::Strict } else { Gate::Errors },
                ..Options::default()
            },
            notices,
            assets: matches.get_one::<PathBuf>("assets").cloned(),
            previous: matches.get_one::<PathBuf>("previous").map(read).transpose()?,
            units: matches
                .get_many::<PathBuf>("units")
                .into_iter()
                .flatten()
                .map(|path| Ok((path.display().to_string(), read(path)?)))
                .collect::<Result<_, Failure>>()?,
            form,
            fill,
            verbose: matches.get_flag("verbose"),
            common,
        })
    }

    /// Checks a report.
    pub fn look_at(&self, report: &Path) -> Found {
        let mut found = Found::about(report.display().to_string(), None);
        let layout = self.options.layout.as_deref();
        let read = foreign::read(report, self.exporter.layouts(), layout, &self.options.limits);
        let foreign = match read {
            Ok(read) => {
                found.bytes = read.bytes;
                read.foreign
            }
            Err(failure) => {
                found.fail(failure);
                return found;
            }
        };
        let assets = files::assets(self.assets.as_ref(), report, &self.options.limits);
        self.fill_in(&mut found, &assets);
        if let Some(foreign) = foreign {
            foreign.place(&mut found.findings);
        }
        found
    }

    /// Checks the reports of a file that has one a line; a file that cannot be read is shown as one that failed.
    fn look_at_lines(&self, file: &Path, show: &mut impl FnMut(Found)) {
        let name = lines::name(file);
        let limits = self.options.limits;
        let assets = self.assets.as_ref().map_or_else(Folder::none, Folder::new).within(limits);
        let read = lines::each(file, &limits, |line, bytes| {
            let mut found = Found::about(name.clone(), usize::try_from(line).ok());
            match bytes {
                Ok(bytes) => {
                    found.bytes = bytes;
                    self.fill_in(&mut found, &assets);
                }
                Err(failure) => found.fail(failure),
            }
            found.place_in_file();
            show(found);
            Flow::Continue
        });
        if let Err(failure) = read {
            let mut found = Found::about(name, None);
            found.fail(failure);
            show(found);
        }
    }

    /// What there is to say about the report, once its bytes are known.
    fn fill_in(&self, found: &mut Found, assets: &Folder) {
        let beside = Beside { previous: self.previous.as_deref(), units: &self.units };
        match self.exporter.check(&found.bytes, &self.options, &beside, assets) {
            Ok(checked) => {
                found.findings = checked.findings;
                found.silenced = checked.silenced;
                found.passed_over = checked.passed_over;
                found.open = checked.open;
                found.computed = checked.computed;
                found.completed = checked.completed;
            }
            Err(error) => match words::findings(error) {
                Ok(findings) => found.findings = findings,
                Err(failure) => found.fail(failure),
            },
        }
        found.findings.splice(0..0, self.notices.iter().cloned());
        if self.options.gate == Gate::Strict {
            found.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
        }
    }

    /// Shows findings with their lines: on standard output, unless that is for the completed report.
    pub fn show(&self, found: &Found) {
        let colours = |is_terminal: bool| is_terminal && std::env::var_os("NO_COLOR").is_none();
        if self.fill {
            let text = self.text(found, colours(std::io::stderr().is_terminal()));
            let _ = write!(std::io::stderr(), "{text}");
            show::out(&found.completed);
        } else {
            let text = self.text(found, colours(std::io::stdout().is_terminal()));
            show::out(&text);
        }
    }

    fn text(&self, found: &Found, colours: bool) -> String {
        let (lang, quiet) = (self.common.lang, self.common.quiet);
        let source = Text::of(&found.bytes, found.line.unwrap_or(1), &self.options.limits);
        let pointers = if self.verbose { Pointers::Shown } else { Pointers::Hidden };
        let mut text = String::new();
        let shown = found.findings.iter().filter(|f| !quiet || f.severity == Severity::Error);
        let mut by_cause: Vec<(Option<&str>, Vec<&Diagnostic>)> = Vec::new();
        for finding in shown {
            let cause = show::cause(finding);
            match by_cause.iter_mut().find(|(known, _)| cause.is_some() && *known == cause) {
                Some((_, alike)) => alike.push(finding),
                None => by_cause.push((cause, vec![finding])),
            }
        }
        for (_, mut alike) in by_cause {
            // What one wrong figure makes wrong is shown below it, the shortest sum first.
            alike.sort_by_key(|finding| finding.related.len());
            let snippet = source.snippet(alike[0], colours);
            text.push_str(&show::finding(&found.file, alike[0], lang, snippet, pointers));
            for finding in &alike[1..] {
                text.push_str(&show::consequence(finding, lang));
            }
            text.push_str("\n\n");
        }
        if quiet {
            return text;
        }
        for silenced in &found.silenced {
            text.push_str(&show::silenced(&found.file, silenced, lang));
            text.push('\n');
        }
        let (file, errors, warnings) =
            (show::one_line(&found.id()), found.count(Severity::Error), found.count(Severity::Warning));
        let silenced = found.silenced.len();
        let summary = message!(
            "{file}：{errors} 个错误，{warnings} 个警告，已略过 {silenced} 个\n",
            "{file}: errors {errors}, warnings {warnings}, silenced {silenced}\n"
        );
        text.push_str(summary.get(lang));
        if found.open > 0 {
            let open = found.open;
            let still = message!(
                "{file}：还有 {open} 个数字没有填，填好才能生成文件\n",
                "{file}: {open} figures are open; no files are made before they are filled in\n"
            );
            text.push_str(still.get(lang));
        }
        if self.verbose {
            let count = found.passed_over;
            let passed_over = message!(
                "{file}：文字里还有 {count} 个数字没有看懂，没有与表格比较\n",
                "{file}: {count} more numbers of the prose were not understood, and not compared with the tables\n"
            );
            text.push_str(passed_over.get(lang));
        }
        text
    }

    /// The result of a report as JSON.
    pub fn value(&self, found: &Found) -> Value {
        json!({
            "report": found.id(),
            "errors": found.count(Severity::Error),
            "warnings": found.count(Severity::Warning),
            "findings": found.findings,
            "silenced": found.silenced,
            "passed_over": found.passed_over,
            "open": found.open,
            "computed": found.computed,
        })
    }
}
