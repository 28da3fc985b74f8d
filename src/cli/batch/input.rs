//! The reports of a batch, one after the other: lines of NDJSON, the files of a folder, the paths of a CSV.
//!
//! Only the current report is in memory: lists of paths and lines are read one by one.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::message;
use crate::options::Limits;

use super::super::lines::{self, Flow};
use super::super::{Failure, files};

/// A report to be made.
#[derive(Debug)]
pub struct Item {
    /// Its number in the whole batch, from 0.
    pub number: u64,
    /// Its id in results: its path, or its file and line.
    pub id: String,
    /// The name of its files if there is no template.
    pub stem: String,
    /// Where its bytes are.
    pub report: Report,
}

/// The source of a report's bytes.
#[derive(Debug)]
pub enum Report {
    /// Here.
    Line(Vec<u8>),
    /// In a file, whose folder its images start from.
    File(PathBuf),
    /// None: the reason.
    Unreadable(Failure),
}

/// Goes through all inputs in order. What is in the folder of the output is none.
///
/// # Errors
/// An input that cannot be read at all.
pub fn each(
    inputs: &[PathBuf],
    output: &Path,
    limits: &Limits,
    mut take: impl FnMut(Item) -> Flow,
) -> Result<(), Failure> {
    let mut number = 0;
    let mut next = |id: String, stem: String, report: Report| {
        let item = Item { number, id, stem, report };
        number += 1;
        take(item)
    };
    for input in inputs {
        let flow = match Kind::of(input)? {
            Kind::Lines => lines(input, limits, &mut next)?,
            Kind::Folder => folder(input, output, &mut next)?,
            Kind::Paths => paths(input, &mut next)?,
            Kind::Report => next(input.display().to_string(), stem(input), Report::File(input.clone())),
        };
        if flow == Flow::Stop {
            break;
        }
    }
    Ok(())
}

/// The number of reports, if it can be counted in advance.
pub fn count(inputs: &[PathBuf], output: &Path) -> Option<u64> {
    let mut total = 0;
    for input in inputs {
        total += match Kind::of(input).ok()? {
            Kind::Lines if input == Path::new("-") => return None,
            Kind::Lines => count_lines(input).ok()?,
            Kind::Folder => in_folder(input, output).ok()?.reports.len() as u64,
            Kind::Paths => {
                csv::Reader::from_reader(files::open(input).ok()?).into_byte_records().count() as u64
            }
            Kind::Report => 1,
        };
    }
    Some(total)
}

/// The endings of files that are read as `import` reads them.
const IMPORTED: [&str; 8] = ["docx", "html", "htm", "mht", "mhtml", "xlsx", "txt", "pdf"];

/// The endings of files that are reports of a folder; of files of one name the first of these is the report, and the others
/// are what was made of it, or copies. Sheets and texts are mostly what stands beside reports: they are named one by one.
const IN_FOLDERS: [&str; 7] = ["json", "docx", "html", "htm", "mht", "mhtml", "pdf"];

enum Kind {
    Lines,
    Folder,
    Paths,
    Report,
}

impl Kind {
    fn of(input: &Path) -> Result<Kind, Failure> {
        if input == Path::new("-") {
            return Ok(Kind::Lines);
        }
        if input.is_dir() {
            return Ok(Kind::Folder);
        }
        if lines::is_ndjson(input) {
            return Ok(Kind::Lines);
        }
        let ending = input.extension().unwrap_or_default().to_ascii_lowercase();
        match ending.to_str() {
            Some("csv") => Ok(Kind::Paths),
            Some("json") => Ok(Kind::Report),
            Some(ending) if IMPORTED.contains(&ending) => Ok(Kind::Report),
            // Its line says what to do with it.
            Some("doc" | "wps" | "rtf" | "odt" | "ofd") => Ok(Kind::Report),
            _ => {
                let name = input.display();
                Err(Failure::options(message!(
                    "不认识 {name}：应是 .ndjson、.jsonl、.csv、.json 文件，import 能读的文件，文件夹，或 -（标准输入的 NDJSON）",
                    "{name} is no input: give an .ndjson, .jsonl, .csv or .json file, a file that import reads, a folder, or - (NDJSON on standard input)"
                )))
            }
        }
    }
}

/// One report a line.
fn lines(
    input: &Path,
    limits: &Limits,
    next: &mut impl FnMut(String, String, Report) -> Flow,
) -> Result<Flow, Failure> {
    let name = lines::name(input);
    let base = if input == Path::new("-") { "report".to_owned() } else { stem(input) };
    lines::each(input, limits, |line, bytes| {
        let report = bytes.map_or_else(Report::Unreadable, Report::Line);
        next(format!("{name}:{line}"), format!("{base}-{line:06}"), report)
    })
}

fn count_lines(input: &Path) -> io::Result<u64> {
    let mut reader = BufReader::with_capacity(1 << 20, files::open(input)?);
    let (mut count, mut blank) = (0, true);
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(count + u64::from(!blank));
        }
        for byte in buffer {
            if *byte == b'\n' {
                count += u64::from(!blank);
                blank = true;
            } else {
                blank &= byte.is_ascii_whitespace();
            }
        }
        let read = buffer.len();
        reader.consume(read);
    }
}

/// The reports of a folder and of the folders in it, by path.
fn folder(
    input: &Path,
    output: &Path,
    next: &mut impl FnMut(String, String, Report) -> Flow,
) -> Result<Flow, Failure> {
    for path in in_folder(input, output)?.reports {
        if next(path.display().to_string(), stem(&path), Report::File(path.clone())) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}

/// The files of folders that are read, and that are not; what a batch itself leaves there is neither.
#[derive(Debug, Default, PartialEq, Eq)]
struct InFolder {
    reports: Vec<PathBuf>,
    skipped: Vec<PathBuf>,
}

fn in_folder(input: &Path, output: &Path) -> Result<InFolder, Failure> {
    // An output in the folder is no input of the next run; one that is the folder itself has the files of the same names.
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (base, output) = (whole(input), whole(output));
    let is_made =
        |path: &Path| output != base && output.starts_with(&base) && whole(path).starts_with(&output);
    let rank = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        IN_FOLDERS.iter().position(|known| *known == ending)
    };
    let is_own = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Word keeps a lock beside a file that is open.
        name.ends_with(super::record::ENDING) || name.starts_with("~$") || name.starts_with('.')
    };
    let files: Vec<PathBuf> =
        files::files_in(input)?.into_iter().filter(|path| !is_own(path) && !is_made(path)).collect();
    let mut best: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for path in &files {
        if let Some(rank) = rank(path) {
            let own = best.entry(path.with_extension("")).or_insert(rank);
            *own = rank.min(*own);
        }
    }
    let is_report =
        |path: &PathBuf| rank(path).is_some() && rank(path) == best.get(&path.with_extension("")).copied();
    let (reports, skipped) = files.into_iter().partition(is_report);
    Ok(InFolder { reports, skipped })
}

/// The files of folders that are not read.
pub fn skipped(inputs: &[PathBuf], output: &Path) -> Vec<PathBuf> {
    let folders = inputs.iter().filter(|input| matches!(Kind::of(input), Ok(Kind::Folder)));
    folders.filter_map(|input| in_folder(input, output).ok()).flat_map(|found| found.skipped).collect()
}

/// The paths of a CSV with a header: those of its column `path`, or of its first. They start from its folder.
fn paths(input: &Path, next: &mut impl FnMut(String, String, Report) -> Flow) -> Result<Flow, Failure> {
    let name = input.display();
    let wrong = |error: csv::Error| {
        Failure::file(message!("CSV 文件 {name} 不对：{error}", "the CSV file {name} is invalid: {error}"))
    };
    let mut reader =
        csv::Reader::from_reader(files::open(input).map_err(|error| files::unreadable(input, &error))?);
    let header = reader.headers().map_err(wrong)?;
    let column = header.iter().position(|name| name.trim_start_matches('\u{feff}') == "path").unwrap_or(0);
    let base = input.parent().map(Path::to_owned).unwrap_or_default();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let path = base.join(record.get(column).unwrap_or_default());
        if next(path.display().to_string(), stem(&path), Report::File(path.clone())) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Continue)
}

fn stem(path: &Path) -> String {
    files::stem(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(inputs: &[PathBuf]) -> Vec<String> {
        let mut ids = Vec::new();
        each(inputs, Path::new("out"), &Limits::default(), |item| {
            assert_eq!(item.number, ids.len() as u64);
            ids.push(format!("{} {}", item.id.rsplit('/').next().unwrap_or_default(), item.stem));
            Flow::Continue
        })
        .expect("reads");
        assert_eq!(count(inputs, Path::new("out")), Some(ids.len() as u64));
        ids
    }

    #[test]
    fn inputs_are_lines_folders_and_paths() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("many.ndjson"), "{\"a\":1}\n\n{\"b\":2}").expect("writes");
        std::fs::create_dir(at("reports")).expect("a folder");
        for name in ["b.json", "a.json", "c.zip", "a.gongwen.json"] {
            std::fs::write(at("reports").join(name), "{}").expect("writes");
        }
        std::fs::write(at("list.csv"), "unit,path\n甲局,reports/b.json\n").expect("writes");
        assert_eq!(ids(&[at("many.ndjson")]), ["many.ndjson:1 many-000001", "many.ndjson:3 many-000003"]);
        assert_eq!(ids(&[at("reports"), at("list.csv")]), ["a.json a", "b.json b", "b.json b"]);
        // A Word file is a report where there is none in JSON of its name; outputs in the folder are none.
        std::fs::create_dir(at("reports/out")).expect("a folder");
        for name in ["b.docx", "d.docx", "d.pdf", "~$d.docx", "d.txt", "out/e.docx"] {
            std::fs::write(at("reports").join(name), "").expect("writes");
        }
        let found = in_folder(&at("reports"), &at("reports/out")).expect("lists");
        let names = |paths: &[PathBuf]| -> Vec<String> {
            paths
                .iter()
                .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(names(&found.reports), ["a.json", "b.json", "d.docx"]);
        assert_eq!(names(&found.skipped), ["b.docx", "c.zip", "d.pdf", "d.txt"]);
        std::fs::write(at("c.bin"), "{}").expect("writes");
        assert!(each(&[at("c.bin")], Path::new("out"), &Limits::default(), |_| Flow::Continue).is_err());
    }
}
