//! `gongwen export`: each report read, made into files, and written whole.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use gongwen::document::Date;
use gongwen::pdf::Conformance;
use gongwen::workbook::FiguresFile;
use gongwen::{Diagnostic, DocxFonts, Export, Exporter, Format, Options, Rejected, message};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::assets::Folder;
use super::{Common, Failure, Outcome, files, fonts, print, show};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let job = Job::of(matches, common)?;
    let reports: Vec<PathBuf> =
        matches.get_many::<PathBuf>("report").into_iter().flatten().cloned().collect();
    if job.options.figures.is_some() && reports.len() != 1 {
        return Err(Failure(message!(
            "--figures 的数字只属于一份报告；几份报告就各写 figures 一项",
            "--figures has the figures of one report; several name theirs by \"figures\""
        )));
    }
    if job.name.is_none() {
        job.refuse_equal_stems(&reports)?;
    }
    files::make_folder(&job.folder)?;
    let mut taken = HashMap::new();
    let mut worst = Outcome::Done;
    for report in &reports {
        worst = worst.max(job.report(report, &mut taken));
    }
    Ok(worst)
}

/// What is the same for all reports.
struct Job {
    exporter: Exporter,
    options: Options,
    folder: PathBuf,
    name: Option<String>,
    assets: Option<PathBuf>,
    common: Common,
    /// The fonts were told of, once for all reports.
    told_fonts: Cell<bool>,
}

impl Job {
    fn of(matches: &ArgMatches, common: Common) -> Result<Job, Failure> {
        let (exporter, options) = setup(matches)?;
        let name = matches.get_one::<String>("name").cloned();
        if let Some(template) = &name {
            known_marks(template)?;
        }
        Ok(Job {
            exporter,
            options,
            folder: matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| PathBuf::from(".")),
            name,
            assets: matches.get_one::<PathBuf>("assets").cloned(),
            common,
            told_fonts: Cell::new(false),
        })
    }

    /// Two reports of one name would write the same files: told before anything is written.
    fn refuse_equal_stems(&self, reports: &[PathBuf]) -> Result<(), Failure> {
        let mut seen: HashMap<String, &Path> = HashMap::new();
        for report in reports {
            // Names that differ only in case are one file on Windows and macOS.
            let stem = files::stem(report).to_string_lossy().to_lowercase();
            if let Some(first) = seen.insert(stem, report) {
                let (first, second) = (first.display(), report.display());
                return Err(Failure(message!(
                    "{first} 和 {second} 会写成同名的文件；用 --name 区分，或分开输出",
                    "{first} and {second} would write files of the same name; tell them apart by --name, or export them one by one"
                )));
            }
        }
        Ok(())
    }

    /// One report; what went wrong with it is told, and the others go on.
    fn report(&self, report: &Path, taken: &mut HashMap<String, PathBuf>) -> Outcome {
        let file = report.display().to_string();
        let result = files::read_report(report).and_then(|bytes| {
            let assets = Folder(self.assets.clone().or_else(|| folder_of(report)));
            match self.exporter.export(&bytes, &self.options, &assets) {
                Ok(export) => self.write(report, &export, taken).map(|paths| (export, paths)).map(Ok),
                Err(rejected) => Ok(Err(rejected)),
            }
        });
        match result {
            Ok(Ok((export, paths))) => {
                self.tell(&file, &export, &paths);
                Outcome::Done
            }
            Ok(Err(Rejected { diagnostics })) => {
                self.tell_diagnostics(&file, &diagnostics, Value::Null);
                Outcome::Wanting
            }
            Err(Failure(message)) => {
                let diagnostic = Diagnostic::error("file", "", message);
                self.tell_diagnostics(&file, &[diagnostic], Value::Null);
                Outcome::Failed
            }
        }
    }

    fn write(
        &self,
        report: &Path,
        export: &Export,
        taken: &mut HashMap<String, PathBuf>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let stem = match &self.name {
            Some(template) => named(template, export).into(),
            None => files::stem(report),
        };
        if let Some(first) = taken.insert(stem.to_string_lossy().to_lowercase(), report.to_owned()) {
            let (stem, first) = (stem.to_string_lossy(), first.display());
            return Err(Failure(message!(
                "“{stem}”已由 {first} 写出",
                "\"{stem}\" was written for {first} already"
            )));
        }
        let path = |format: &Format| {
            let mut name = stem.clone();
            name.push(".");
            name.push(format.extension());
            self.folder.join(name)
        };
        let written: Vec<(PathBuf, &[u8])> =
            export.files.iter().map(|(format, bytes)| (path(format), bytes.as_slice())).collect();
        files::write_all(&written)?;
        Ok(written.into_iter().map(|(path, _)| path).collect())
    }

    fn tell(&self, file: &str, export: &Export, paths: &[PathBuf]) {
        let written = export.files.iter().zip(paths);
        if self.common.json {
            let files: Vec<Value> = written
                .map(|((format, bytes), path)| {
                    json!({
                        "path": path,
                        "format": format.extension(),
                        "pages": export.pages,
                        "bytes": bytes.len(),
                        "sha256": hex(&Sha256::digest(bytes)),
                    })
                })
                .collect();
            let millimetres = |length: gongwen::geom::Length| (length.to_mm() * 1000.0).round() / 1000.0;
            let seals: Vec<Value> = export
                .seals
                .iter()
                .map(|seal| {
                    json!({
                        "page": seal.page + 1,
                        "x": millimetres(seal.rect.left()),
                        "y": millimetres(seal.rect.top()),
                        "diameter": millimetres(seal.rect.size.width),
                    })
                })
                .collect();
            self.tell_diagnostics(file, &export.warnings, json!({ "files": files, "seals": seals }));
            return;
        }
        self.tell_diagnostics(file, &export.warnings, Value::Null);
        if self.common.quiet {
            return;
        }
        for ((_, bytes), path) in written {
            let (pages, size) = (export.pages, show::size(bytes.len()));
            let path = path.display();
            let line = message!("{path}  {pages} 页  {size}", "{path}  {pages} pages  {size}");
            // Nothing can be done when nobody reads on.
            let _ = writeln!(std::io::stdout(), "{}", line.get(self.common.lang));
        }
    }

    /// Diagnostics on stderr as text, or as part of the one object of `--json` on stdout.
    fn tell_diagnostics(&self, file: &str, diagnostics: &[Diagnostic], result: Value) {
        let lang = self.common.lang;
        if self.common.json {
            let mut object = json!({ "report": file, "files": [], "seals": [] });
            if let (Some(object), Value::Object(result)) = (object.as_object_mut(), result) {
                object.extend(result);
            }
            object["diagnostics"] = diagnostics.iter().map(|d| show::value(file, d, lang)).collect();
            let _ = writeln!(std::io::stdout(), "{object}");
            return;
        }
        let told_fonts = self.told_fonts.replace(true);
        let shown = diagnostics.iter().filter(|diagnostic| {
            if told_fonts && diagnostic.rule.starts_with("fonts.") {
                return false;
            }
            !self.common.quiet
                || diagnostic.severity == gongwen::diagnostic::Severity::Error
                || self.options.strict
        });
        for diagnostic in shown {
            eprintln!("{}", show::text(file, diagnostic, lang));
        }
    }
}

/// The exporter and the options that the arguments ask for.
pub fn setup(matches: &ArgMatches) -> Result<(Exporter, Options), Failure> {
    let (layouts, layout) = print::layouts_of(matches)?;
    let date = matches.get_one::<String>("date").map(|text| {
        Date::parse(text).ok_or_else(|| {
            Failure(message!(
                "--date：“{text}”不是日期，写成 2024-01-31",
                "--date: \"{text}\" is not a date; write 2024-01-31"
            ))
        })
    });
    let mut formats = Vec::new();
    // A command that always makes both files, and always with the report inside, does not ask.
    let named = |name: &str| matches.try_get_one::<String>(name).ok().flatten();
    for format in matches.try_get_many::<String>("format").ok().flatten().into_iter().flatten() {
        let format = if format == "pdf" { Format::Pdf } else { Format::Docx };
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
        strict: matches.get_flag("strict"),
        docx_fonts: matches
            .get_one::<String>("docx-fonts")
            .and_then(|name| DocxFonts::parse(name))
            .unwrap_or_default(),
        allow_errors: matches.get_flag("allow-errors"),
        embed_source: matches.try_get_one::<bool>("embed-source").ok().flatten().copied().unwrap_or_default(),
        conformance,
        figures: figures_of(matches)?,
        signatories: matches.get_one::<u16>("signatories").copied().unwrap_or(0).into(),
    };
    possible(&options)?;
    let (fonts, notices) = fonts::of(matches)?;
    Ok((Exporter::new().with_layouts(layouts).with_fonts(fonts, notices), options))
}

/// The file of figures that is named, if the command takes one.
pub fn figures_of(matches: &ArgMatches) -> Result<Option<FiguresFile>, Failure> {
    let Ok(Some(path)) = matches.try_get_one::<PathBuf>("figures") else { return Ok(None) };
    let bytes = files::read_report(path)?;
    Ok(Some(FiguresFile { name: path.display().to_string(), bytes: bytes.into() }))
}

/// Options that each make sense but not together.
fn possible(options: &Options) -> Result<(), Failure> {
    let level = options.conformance().name();
    if options.embed_source && !options.conformance().holds_files() {
        return Err(Failure(message!(
            "--embed-source 与 --conformance {level} 不能同用：PDF/A-2 不能带附件，用 a-3a+ua-1",
            "--embed-source and --conformance {level} cannot go together: PDF/A-2 holds no files; use a-3a+ua-1"
        )));
    }
    if options.conformance.is_some() && !options.formats.contains(&Format::Pdf) {
        return Err(Failure(message!(
            "--conformance 是 PDF 的级别，而 --format 里没有 pdf",
            "--conformance is a level of PDF, and --format has no pdf"
        )));
    }
    if options.signatories > 0 && !options.formats.contains(&Format::Pdf) {
        return Err(Failure(message!(
            "--signatories 是 PDF 里的签名域，而 --format 里没有 pdf",
            "--signatories makes fields in the PDF, and --format has no pdf"
        )));
    }
    Ok(())
}

/// The folder of a report; none for standard input.
pub fn folder_of(report: &Path) -> Option<PathBuf> {
    if report == Path::new("-") {
        return None;
    }
    let parent = report.parent()?;
    Some(if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() })
}

/// The marks that a name's template may hold.
const MARKS: [&str; 3] = ["{issuer}", "{year}", "{title}"];

fn known_marks(template: &str) -> Result<(), Failure> {
    let rest = MARKS.iter().fold(template.to_owned(), |rest, mark| rest.replace(mark, ""));
    if rest.contains(['{', '}']) || template.trim().is_empty() {
        let marks = MARKS.join(" ");
        return Err(Failure(message!(
            "--name 只认识 {marks}：{template}",
            "--name knows only {marks}: {template}"
        )));
    }
    Ok(())
}

fn named(template: &str, export: &Export) -> String {
    let report = &export.report;
    let year = report.year.map(|year| year.to_string()).unwrap_or_default();
    let name = template
        .replace("{issuer}", &report.issuer.join("、"))
        .replace("{year}", &year)
        .replace("{title}", &export.title);
    files::safe_name(&name)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
