//! `gongwen export`: makes the files of each report.

use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::date::Date;
use crate::hash::sha256;
use crate::names::{NameParts, NameTemplate, same_file};
use crate::options::Conformance;
use crate::options::FiguresFile;
use crate::options::{DocxFonts, DocxOptions, Gate, PdfOptions};
use crate::{Diagnostic, Export, Exporter, Format, Options, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, fonts, foreign, print, show, words};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let job = Job::of(matches, common)?;
    let reports = reports_of(matches, &job.options)?;
    if job.name.is_none() {
        job.refuse_equal_stems(&reports)?;
    }
    if job.is_to_stdout() {
        if reports.len() != 1 || job.options.formats.len() != 1 || common.json || job.name.is_some() {
            return Err(Failure::options(message!(
                "-o - 写到标准输出：一份报告、一种格式（--format），不能与 --json、--name 同用",
                "-o - writes to standard output: one report in one format (--format), without --json and --name"
            )));
        }
    } else {
        files::make_folder(&job.folder)?;
    }
    let mut taken = HashMap::new();
    let mut worst = Outcome::Done;
    for (report, number) in reports.iter().zip(0..) {
        worst = worst.max(job.report(report, number, &mut taken));
    }
    Ok(worst)
}

/// The settings that are the same for all reports.
struct Job {
    exporter: Exporter,
    options: Options,
    folder: PathBuf,
    name: Option<NameTemplate>,
    assets: Option<PathBuf>,
    /// Whether Word files that people edited may be replaced.
    force: bool,
    common: Common,
    /// Whether the notices about fonts were shown, once for all reports.
    shown_fonts: Cell<bool>,
}

impl Job {
    fn of(matches: &ArgMatches, common: Common) -> Result<Job, Failure> {
        let (exporter, options) = setup(matches)?;
        let name = template_of(matches)?;
        Ok(Job {
            exporter,
            options,
            folder: matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| PathBuf::from(".")),
            name,
            assets: matches.get_one::<PathBuf>("assets").cloned(),
            force: matches.get_flag("force"),
            common,
            shown_fonts: Cell::new(false),
        })
    }

    fn is_to_stdout(&self) -> bool {
        self.folder == Path::new("-")
    }

    /// Refuses reports of the same name, which would write the same files, before anything is written.
    fn refuse_equal_stems(&self, reports: &[PathBuf]) -> Result<(), Failure> {
        let mut seen: HashMap<String, &Path> = HashMap::new();
        for report in reports {
            let stem = same_file(&files::stem(report).to_string_lossy());
            if let Some(first) = seen.insert(stem, report) {
                let (first, second) = (first.display(), report.display());
                return Err(Failure::options(message!(
                    "{first} 和 {second} 会写成同名的文件；用 --name 区分，或分开输出",
                    "{first} and {second} would write files of the same name; give them different names with --name, or export them one by one"
                )));
            }
        }
        Ok(())
    }

    /// Exports one report. Its errors are reported, and do not stop the others.
    fn report(&self, report: &Path, number: u64, taken: &mut HashMap<String, PathBuf>) -> Outcome {
        let file = report.display().to_string();
        let layout = self.options.layout.as_deref();
        let read = foreign::read(report, self.exporter.layouts(), layout, &self.options.limits);
        let mut of_file = None;
        let result = read.and_then(|foreign::Read { bytes, foreign }| {
            of_file = foreign;
            let assets = files::assets(self.assets.as_ref(), report, &self.options.limits);
            match self.exporter.export(&bytes, &self.options, &assets) {
                Ok(export) if self.is_to_stdout() => {
                    export.files.iter().for_each(|(_, bytes)| show::out_bytes(bytes));
                    self.show_findings(&file, &export.findings, Value::Null);
                    show::all_silenced(&file, &export.silenced, self.common);
                    Ok(Ok((export, Vec::new())))
                }
                Ok(export) => {
                    let stem = self.stem(report, number, &bytes, taken)?;
                    self.write(&stem, &export).map(|paths| Ok((export, paths)))
                }
                Err(error) => words::findings(error).map(Err),
            }
        });
        let result = result.map(|made| match (made, of_file) {
            (made, None) => made,
            (Ok((mut export, paths)), Some(foreign)) => {
                foreign.place(&mut export.findings);
                Ok((export, paths))
            }
            (Err(mut findings), Some(foreign)) => {
                foreign.place(&mut findings);
                Err(findings)
            }
        });
        match result {
            Ok(Ok((export, paths))) => {
                if !self.is_to_stdout() {
                    self.show(&file, &export, &paths);
                }
                Outcome::Done
            }
            Ok(Err(findings)) => {
                self.show_findings(&file, &findings, Value::Null);
                Outcome::Errors
            }
            Err(failure) => {
                self.show_findings(&file, &[failure.finding()], Value::Null);
                Outcome::Failed
            }
        }
    }

    /// The path of a report's files without ending, below the folder.
    fn stem(
        &self,
        report: &Path,
        number: u64,
        bytes: &[u8],
        taken: &mut HashMap<String, PathBuf>,
    ) -> Result<PathBuf, Failure> {
        let stem = match &self.name {
            Some(template) => {
                let stem = files::stem(report).to_string_lossy().into_owned();
                let parts = self.exporter.name_parts(bytes, &self.options);
                template.fill(&NameParts { stem, number, ..parts })
            }
            None => files::stem(report).into(),
        };
        if let Some(first) = taken.insert(same_file(&stem.to_string_lossy()), report.to_owned()) {
            let (stem, first) = (stem.to_string_lossy(), first.display());
            return Err(Failure::file(message!(
                "“{stem}”已由 {first} 写出；用 --name 区分",
                "\"{stem}\" was written for {first} already; give them different names with --name"
            )));
        }
        Ok(stem)
    }

    fn write(&self, stem: &Path, export: &Export) -> Result<Vec<PathBuf>, Failure> {
        let stem = self.folder.join(stem);
        let path = |format: &Format| files::with_ending(&stem, format.extension());
        let written: Vec<(PathBuf, &[u8])> =
            export.files.iter().map(|(format, bytes)| (path(format), bytes.as_slice())).collect();
        if let Some(folder) = stem.parent() {
            files::make_folder(folder)?;
        }
        if !self.force {
            files::keep_edited(written.iter().map(|(path, _)| path.as_path()), "--force")?;
        }
        files::write_all(&written)?;
        Ok(written.into_iter().map(|(path, _)| path).collect())
    }

    fn show(&self, file: &str, export: &Export, paths: &[PathBuf]) {
        if self.common.json {
            self.show_findings(
                file,
                &export.findings,
                json!({ "files": files_of(export, paths), "seals": seals_of(export), "silenced": export.silenced }),
            );
            return;
        }
        self.show_findings(file, &export.findings, Value::Null);
        show::all_silenced(file, &export.silenced, self.common);
        if self.common.quiet {
            return;
        }
        show_files(export, paths, self.common);
    }

    /// Diagnostics on stderr as text, or as part of the one object of `--json` on stdout.
    fn show_findings(&self, file: &str, findings: &[Diagnostic], result: Value) {
        let lang = self.common.lang;
        if self.common.json {
            let mut object = json!({ "report": file, "files": [], "seals": [], "silenced": [] });
            if let (Some(object), Value::Object(result)) = (object.as_object_mut(), result) {
                object.extend(result);
            }
            object["findings"] = json!(findings);
            show::object(&object);
            return;
        }
        let shown_fonts = self.shown_fonts.replace(true);
        let shown = findings.iter().filter(|diagnostic| {
            if shown_fonts && diagnostic.rule.starts_with("fonts.") {
                return false;
            }
            !self.common.quiet
                || diagnostic.severity == crate::diagnostic::Severity::Error
                || self.options.gate == Gate::Strict
        });
        for diagnostic in shown {
            show::note(&show::text(file, diagnostic, lang));
        }
    }
}

/// The files that were written, as results list them.
pub fn files_of(export: &Export, paths: &[PathBuf]) -> Vec<Value> {
    let file = |((format, bytes), path): (&(Format, Vec<u8>), &PathBuf)| {
        json!({
            "path": path,
            "format": format.extension(),
            "pages": export.pages,
            "bytes": bytes.len(),
            "sha256": sha256(bytes),
        })
    };
    export.files.iter().zip(paths).map(file).collect()
}

/// Where the seals are, as results list them: in millimetres, from the upper left corner of the page.
pub fn seals_of(export: &Export) -> Vec<Value> {
    let millimetres = |length: crate::geom::Length| (length.to_mm() * 1000.0).round() / 1000.0;
    let seal = |seal: &crate::pages::SealPlace| {
        json!({
            "page": seal.page + 1,
            "x": millimetres(seal.rect.left()),
            "y": millimetres(seal.rect.top()),
            "diameter": millimetres(seal.rect.size.width),
        })
    };
    export.seals.iter().map(seal).collect()
}

/// A line for each file that was written.
pub fn show_files(export: &Export, paths: &[PathBuf], common: Common) {
    for ((_, bytes), path) in export.files.iter().zip(paths) {
        let (pages, size) = (export.pages, show::size(bytes.len()));
        let path = path.display();
        let line = message!("{path}  {pages} 页  {size}", "{path}  {pages} pages  {size}");
        show::line(line.get(common.lang));
    }
}

/// The exporter and the options that the arguments ask for.
pub fn setup(matches: &ArgMatches) -> Result<(Exporter, Options), Failure> {
    let (layouts, layout) = print::layouts_of(matches)?;
    let date = matches.get_one::<String>("date").map(|text| {
        Date::parse(text).ok_or_else(|| {
            Failure::options(message!(
                "--date：“{text}”不是日期，写成 2024-01-31",
                "--date: \"{text}\" is not a date; write 2024-01-31"
            ))
        })
    });
    let mut formats = Vec::new();
    // Commands that always make both files, with the report embedded, do not have these options.
    let named = |name: &str| matches.try_get_one::<String>(name).ok().flatten();
    for format in matches.try_get_many::<String>("format").ok().flatten().into_iter().flatten() {
        let Some(format) = Format::parse(format) else { continue };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    let conformance = named("conformance").and_then(|name| Conformance::parse(name));
    if matches.try_contains_id("format").is_err() {
        formats = Options::default().formats;
    }
    let options = Options {
        formats,
        layout,
        date: date.transpose()?,
        gate: match (matches.get_flag("strict"), matches.get_flag("allow-errors")) {
            (true, _) => Gate::Strict,
            (false, true) => Gate::AllowErrors,
            (false, false) => Gate::Errors,
        },
        embed_source: matches.try_get_one::<bool>("embed-source").ok().flatten().copied().unwrap_or_default(),
        figures: figures_of(matches)?,
        limits: files::limits(matches),
        pdf: PdfOptions {
            conformance,
            signatories: matches.get_one::<u16>("signatories").copied().unwrap_or(0).into(),
        },
        docx: DocxOptions {
            fonts: matches
                .get_one::<String>("docx-fonts")
                .and_then(|name| DocxFonts::parse(name))
                .unwrap_or_default(),
        },
    };
    options.check().map_err(|error| Failure::options(words::options(&error)))?;
    let (fonts, notices) = fonts::of(matches)?;
    Ok((Exporter::new().with_layouts(layouts).with_fonts(fonts, notices), options))
}

/// The file of figures that is named, if the command takes one.
pub fn figures_of(matches: &ArgMatches) -> Result<Option<FiguresFile>, Failure> {
    // `batch` has a pattern there, which is text.
    let Ok(Some(path)) = matches.try_get_one::<PathBuf>("figures") else { return Ok(None) };
    let bytes = files::read(path, files::limits(matches).report_bytes)?;
    Ok(Some(FiguresFile { name: path.display().to_string(), bytes: bytes.into() }))
}

/// The reports that are named. One file of figures belongs to one report.
pub fn reports_of(matches: &ArgMatches, options: &Options) -> Result<Vec<PathBuf>, Failure> {
    let reports: Vec<PathBuf> =
        matches.get_many::<PathBuf>("report").into_iter().flatten().cloned().collect();
    if options.figures.is_some() && reports.len() != 1 {
        return Err(figures_of_several());
    }
    Ok(reports)
}

/// The failure of one file of figures for several reports.
pub fn figures_of_several() -> Failure {
    Failure::options(message!(
        "--figures 的数字只属于一份报告；几份报告就各写 figures 一项",
        "--figures has the figures of one report; several name theirs by \"figures\""
    ))
}

/// The template of names that is given, if there is one.
pub fn template_of(matches: &ArgMatches) -> Result<Option<NameTemplate>, Failure> {
    let Some(text) = matches.get_one::<String>("name") else { return Ok(None) };
    let template = NameTemplate::parse(text).map_err(|error| {
        let (zh, en) = (&error.message().zh, &error.message().en);
        Failure::options(message!("--name：{zh}", "--name: {en}"))
    })?;
    Ok(Some(template))
}
