//! `gongwen REPORT…` without a command: each report is checked, and exported beside itself if it has no errors.
//!
//! Whatever could make it write to a wrong place is found before the first report is read: files that are no reports, two
//! reports that would write one file, outputs that are inputs, Word files that a person edited.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Severity, rule};
use crate::names::same_file;
use crate::{Export, Exporter, Format, Message, Options, message};
use clap::ArgMatches;
use serde_json::json;

use super::check::Job;
use super::found::Found;
use super::{Common, Failure, Outcome, args, export, files, show, words};

/// The files that are made.
const FORMATS: [Format; 2] = [Format::Pdf, Format::Docx];

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let reports: Vec<PathBuf> = matches.get_many::<PathBuf>("file").into_iter().flatten().cloned().collect();
    if reports.is_empty() {
        return Err(Failure::options(message!(
            "缺少命令或报告；用 gongwen --help 查看用法",
            "a command or a report is missing; gongwen --help shows the usage"
        )));
    }
    for (at, report) in reports.iter().enumerate() {
        Kind::of(report, at == 0)?.accept(report)?;
        files::note_input(report);
    }
    refuse_outputs(&reports)?;
    let exporter = Exporter::new();
    let job = Job::plain(exporter.clone(), common);
    let mut worst = Outcome::Done;
    for report in &reports {
        worst = worst.max(one(&exporter, &job, report, common));
    }
    Ok(worst)
}

/// Checks a report and exports it. Its errors are reported, and do not stop the others.
fn one(exporter: &Exporter, job: &Job, report: &Path, common: Common) -> Outcome {
    let mut found = job.look_at(report);
    // A figure that is not known yet is a warning of `check`, and no file is made with it.
    for finding in found.findings.iter_mut().filter(|finding| finding.rule == rule::FIGURE_OPEN) {
        finding.severity = Severity::Error;
    }
    let made = if found.outcome() == Outcome::Done { make(exporter, &mut found, report) } else { None };
    if common.json {
        let mut value = job.value(&found);
        let (files, seals) = made
            .as_ref()
            .map(|(export, paths)| (export::files_of(export, paths), export::seals_of(export)))
            .unwrap_or_default();
        value["files"] = json!(files);
        value["seals"] = json!(seals);
        show::object(&value);
        return found.outcome();
    }
    job.show(&found);
    match &made {
        Some(_) if common.quiet => {}
        Some((export, paths)) => export::show_files(export, paths, common),
        None => {
            let name = report.display();
            let text = message!(
                "{name}：有错误，没有生成文件；改正后再运行",
                "{name}: has errors, no files are made; correct them and run the command again"
            );
            show::note(text.get(common.lang));
        }
    }
    found.outcome()
}

/// The files of a report, written beside it; or none, and the reason among its findings.
fn make(exporter: &Exporter, found: &mut Found, report: &Path) -> Option<(Export, Vec<PathBuf>)> {
    let options = Options { formats: FORMATS.to_vec(), ..Options::default() };
    let assets = files::assets(None, report, &options.limits);
    let export = match exporter.export(&found.bytes, &options, &assets) {
        Ok(export) => export,
        Err(error) => {
            match words::findings(error) {
                Ok(findings) => found.findings = findings,
                Err(failure) => found.fail(failure),
            }
            return None;
        }
    };
    let paths = outputs(report);
    let written: Vec<(PathBuf, &[u8])> =
        paths.iter().zip(&export.files).map(|(path, (_, bytes))| (path.clone(), bytes.as_slice())).collect();
    match files::write_all(&written) {
        Ok(()) => Some((export, paths)),
        Err(failure) => {
            found.fail(failure);
            None
        }
    }
}

/// The files that a report becomes.
fn outputs(report: &Path) -> Vec<PathBuf> {
    let stem = report.with_file_name(files::stem(report));
    FORMATS.iter().map(|format| files::with_ending(&stem, format.extension())).collect()
}

/// Refuses outputs that would replace each other, an input, or a Word file that a person edited.
fn refuse_outputs(reports: &[PathBuf]) -> Result<(), Failure> {
    let mut seen: HashMap<String, &Path> = HashMap::new();
    for report in reports {
        // The same file may be named in two ways.
        let real = report.canonicalize().unwrap_or_else(|_| report.clone());
        let stem = real.with_file_name(files::stem(report));
        if let Some(first) = seen.insert(same_file(&stem.to_string_lossy()), report) {
            let (first, second) = (first.display(), report.display());
            return Err(Failure::options(message!(
                "{first} 和 {second} 会写成同名的文件；用 gongwen export --name 区分",
                "{first} and {second} would write files of the same name; give them different names with gongwen export --name"
            )));
        }
    }
    let outputs: Vec<PathBuf> = reports.iter().flat_map(|report| outputs(report)).collect();
    files::keep_inputs(outputs.iter().map(PathBuf::as_path))?;
    files::keep_edited(outputs.iter().map(PathBuf::as_path), "gongwen export --force")
}

/// What a file is, by its first bytes and its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Report,
    Stdin,
    Folder,
    Lines,
    Word,
    Workbook,
    Figures,
    Pdf,
    Layout,
    Unknown,
}

impl Kind {
    /// That of a file that is there. What is not may be a command that is misspelt, if it is the first word.
    fn of(path: &Path, is_first: bool) -> Result<Kind, Failure> {
        if path == Path::new("-") {
            return Ok(Kind::Stdin);
        }
        if path.is_dir() {
            return Ok(Kind::Folder);
        }
        let mut start = Vec::new();
        let read = files::open(path).and_then(|file: File| file.take(1 << 12).read_to_end(&mut start));
        match read {
            Ok(_) => Ok(Kind::by(&start, path)),
            Err(error) if is_first && error.kind() == std::io::ErrorKind::NotFound => {
                Err(unknown_command(path).unwrap_or_else(|| files::unreadable(path, &error)))
            }
            Err(error) => Err(files::unreadable(path, &error)),
        }
    }

    fn by(start: &[u8], path: &Path) -> Kind {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if start.starts_with(b"%PDF") {
            return Kind::Pdf;
        }
        match ending.as_str() {
            "ndjson" | "jsonl" => Kind::Lines,
            "docx" | "docm" | "doc" | "wps" => Kind::Word,
            "xlsx" | "xlsm" | "xls" | "ods" | "et" => Kind::Workbook,
            "csv" => Kind::Figures,
            "toml" => Kind::Layout,
            // What is wrong in it is told when it is checked.
            "json" => Kind::Report,
            _ => {
                let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
                let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
                if first == Some(&b'{') { Kind::Report } else { Kind::Unknown }
            }
        }
    }

    /// Goes on with a report; for all else, what to do with it.
    fn accept(self, path: &Path) -> Result<(), Failure> {
        let name = path.display();
        let stem = path.with_extension("json");
        let report = stem.display();
        let Message { zh, en } = match self {
            Kind::Report => return Ok(()),
            Kind::Stdin => message!(
                "标准输入旁边没有地方写文件；用 gongwen export - -o 文件夹",
                "standard input has no folder to write into; use gongwen export - -o FOLDER"
            ),
            Kind::Folder => message!(
                "{name} 是文件夹；用 gongwen batch {name} -o 文件夹",
                "{name} is a folder; use gongwen batch {name} -o FOLDER"
            ),
            Kind::Lines => message!(
                "{name} 有许多份报告；用 gongwen check {name} 检查，用 gongwen batch {name} -o 文件夹 生成文件",
                "{name} has many reports; check them with gongwen check {name}, make their files with gongwen batch {name} -o FOLDER"
            ),
            Kind::Word => message!(
                "{name} 是 Word 文件，不是报告；先读成报告：gongwen import {name} -o {report}",
                "{name} is a Word file, not a report; read it into one first: gongwen import {name} -o {report}"
            ),
            Kind::Workbook | Kind::Figures => message!(
                "{name} 是数字，不是报告；与报告一起用：gongwen export 报告.json --figures {name}",
                "{name} has figures, and is no report; use it with one: gongwen export REPORT.json --figures {name}"
            ),
            Kind::Pdf => message!(
                "{name} 是 PDF 文件，不是报告；取出嵌在里面的报告用 gongwen extract {name}，验证签名用 gongwen verify {name}",
                "{name} is a PDF, not a report; gongwen extract {name} takes out the report embedded in it, gongwen verify {name} verifies its signatures"
            ),
            Kind::Layout => message!(
                "{name} 是版式，不是报告；开始一份报告用 gongwen new {name} -o 报告.json",
                "{name} is a layout, not a report; begin a report with gongwen new {name} -o REPORT.json"
            ),
            Kind::Unknown => message!(
                "{name} 不是 JSON 报告；文字和网页先读成报告：gongwen import {name} -o {report}；开始一份报告用 gongwen new 版式 -o 报告.json",
                "{name} is not a report in JSON; read a text or a page into one first: gongwen import {name} -o {report}; begin one with gongwen new LAYOUT -o REPORT.json"
            ),
        };
        Err(Failure::options(Message { zh, en }))
    }
}

/// A word that is neither a file nor a command, if it looks like a command.
fn unknown_command(word: &Path) -> Option<Failure> {
    /// How alike two words are that may be one misspelt: what clap asks of its suggestions.
    const ALIKE: f64 = 0.7;
    let word = word.to_str().filter(|word| !word.contains(['.', '/', '\\']))?;
    let command = args::command(crate::diagnostic::Lang::En);
    let near = command
        .get_subcommands()
        .map(|command| command.get_name())
        .map(|name| (strsim::jaro(word, name), name))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let (zh, en) = near
        .map(|(_, name)| (format!("，是不是“{name}”？"), format!("; did you mean \"{name}\"?")))
        .unwrap_or_default();
    Some(Failure::options(message!(
        "没有命令“{word}”，也没有这个文件{zh}",
        "there is no command \"{word}\", and no such file{en}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_recognised_by_content_and_ending() {
        let by = |start: &[u8], name: &str| Kind::by(start, Path::new(name));
        assert_eq!(by(b"%PDF-1.7", "a.json"), Kind::Pdf);
        assert_eq!(by(b"\xEF\xBB\xBF\n {", "a.txt"), Kind::Report);
        assert_eq!(by(b"not JSON", "a.JSON"), Kind::Report);
        assert_eq!(by(b"PK\x03\x04", "a.DOCX"), Kind::Word);
        assert_eq!(by(b"", "a"), Kind::Unknown);
        assert_eq!(by(b"[1]", "a.txt"), Kind::Unknown);
    }
}
