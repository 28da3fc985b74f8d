//! `gongwen import`: reports from files of any origin.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::has_errors;
use crate::import::{ImportError, Imported, State, import};
use crate::names::same_file;
use crate::options::Limits;
use crate::{Diagnostic, Layouts, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, print, show, words};

/// Runs the command. What is uncertain is told, and is no failure without `--strict`.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let inputs: Vec<PathBuf> = matches.get_many::<PathBuf>("file").into_iter().flatten().cloned().collect();
    let (layouts, layout) = print::layouts_of(matches)?;
    let job =
        Job { layouts, layout, limits: files::limits(matches), strict: matches.get_flag("strict"), common };
    let places = matches.get_one::<PathBuf>("places");
    match &inputs[..] {
        [only] => job.one(matches, only, places.map(PathBuf::as_path)),
        several => {
            if places.is_some() {
                return Err(Failure::options(message!(
                    "--places 一次只用于一个文件；几个文件用 --json，结果里有 places",
                    "--places goes with one file; with several, --json has the places in each result"
                )));
            }
            job.several(matches, several)
        }
    }
}

struct Job {
    layouts: Layouts,
    layout: Option<String>,
    limits: Limits,
    strict: bool,
    common: Common,
}

impl Job {
    fn read(&self, file: &Path) -> Result<Result<Imported, ImportError>, Failure> {
        let bytes = files::read(file, self.limits.file_bytes)?;
        Ok(import(&bytes, &self.layouts, self.layout.as_deref(), &self.limits))
    }

    /// One file: its report goes to standard output, or to the file of `-o`.
    fn one(&self, matches: &ArgMatches, file: &Path, places: Option<&Path>) -> Result<Outcome, Failure> {
        let imported = match self.read(file)? {
            Ok(imported) => imported,
            Err(error) => return self.refuse(file, &error),
        };
        let output = matches.get_one::<PathBuf>("output");
        let imported = match output {
            Some(path) => with_pictures(imported, path)?,
            None => imported.with_data_urls(),
        };
        if let Some(path) = places {
            files::write_all(&[(
                path.to_owned(),
                format!("{}\n", show::json_text(&json!(imported.places))).as_bytes(),
            )])?;
        }
        let name = file.display().to_string();
        if self.common.json {
            let report: Value = serde_json::from_slice(&imported.report).unwrap_or_default();
            let result = json!({
                "file": name, "report": report, "findings": imported.findings, "places": imported.places,
            });
            print::output(matches, &format!("{}\n", show::json_text(&result)))?;
        } else {
            for finding in imported.findings.iter().filter(|_| !self.common.quiet || self.strict) {
                // A line of the report is none of the file that it was read from.
                let finding = Diagnostic { position: None, ..finding.clone() };
                show::note(&show::text(&name, &finding, self.common.lang));
            }
            print::output(matches, &String::from_utf8_lossy(&imported.report))?;
        }
        Ok(self.outcome(&imported))
    }

    /// A file without a report: that is a fault of the file, not of the call.
    fn refuse(&self, file: &Path, error: &ImportError) -> Result<Outcome, Failure> {
        let failure = files::about(file, words::import(error));
        if !matches!(error, ImportError::Nothing(_)) {
            return Err(failure);
        }
        let finding = failure.finding();
        if self.common.json {
            show::object(&json!({ "file": file.display().to_string(), "findings": [finding] }));
        } else {
            show::note(&show::text("", &finding, self.common.lang));
        }
        Ok(Outcome::Errors)
    }

    /// Several files into a folder, with a result line for each.
    fn several(&self, matches: &ArgMatches, inputs: &[PathBuf]) -> Result<Outcome, Failure> {
        let Some(folder) = matches.get_one::<PathBuf>("output") else {
            return Err(Failure::options(message!(
                "读入几个文件要用 -o 指定文件夹",
                "several files are read into a folder; name it with -o"
            )));
        };
        let mut seen: HashMap<String, &Path> = HashMap::new();
        for input in inputs {
            if let Some(first) = seen.insert(same_file(&files::stem(input).to_string_lossy()), input) {
                let (first, second) = (first.display(), input.display());
                return Err(Failure::options(message!(
                    "{first} 和 {second} 会写成同名的文件；请分开读入",
                    "{first} and {second} would write files of the same name; read them one by one"
                )));
            }
        }
        files::make_folder(folder)?;
        let mut worst = Outcome::Done;
        for input in inputs {
            worst = worst.max(self.one_of_several(input, folder));
        }
        Ok(worst)
    }

    fn one_of_several(&self, input: &Path, folder: &Path) -> Outcome {
        let name = input.display().to_string();
        let path = files::with_ending(&folder.join(files::stem(input)), "json");
        let made = self.read(input).and_then(|read| match read {
            Ok(imported) => {
                let imported = with_pictures(imported, &path)?;
                files::write_quickly(&[(path.clone(), imported.report.as_slice())])?;
                Ok(Ok(imported))
            }
            Err(error) => Ok(Err(error)),
        });
        let result = match made {
            Ok(Ok(imported)) => {
                let count = |state| imported.places.count(state);
                let mut result = json!({
                    "file": name, "output": path, "outcome": "done",
                    "confirmed": count(State::Confirmed), "read": count(State::Read),
                    "doubtful": count(State::Doubtful), "missing": count(State::Missing),
                    "findings": imported.findings,
                });
                if self.common.json {
                    result["places"] = json!(imported.places);
                }
                show::object(&result);
                return self.outcome(&imported);
            }
            Ok(Err(error)) => {
                let failure = files::about(input, words::import(&error));
                let outcome = match error {
                    ImportError::Nothing(_) => Outcome::Errors,
                    _ => Outcome::Failed,
                };
                (failure.finding(), outcome)
            }
            Err(failure) => (failure.finding(), Outcome::Failed),
        };
        let (finding, outcome): (Diagnostic, Outcome) = result;
        show::object(&json!({ "file": name, "output": null, "outcome": "failed", "findings": [finding] }));
        outcome
    }

    fn outcome(&self, imported: &Imported) -> Outcome {
        let uncertain = imported.places.count(State::Doubtful) + imported.places.count(State::Missing);
        let is_wanting =
            uncertain > 0 || (imported.places.figures.is_empty() && !imported.findings.is_empty());
        match self.strict && (is_wanting || has_errors(&imported.findings)) {
            true => Outcome::Errors,
            false => Outcome::Done,
        }
    }
}

/// Writes the pictures into `STEM-images/` beside the report, and names them so in it.
fn with_pictures(imported: Imported, report: &Path) -> Result<Imported, Failure> {
    if imported.pictures.is_empty() {
        return Ok(imported);
    }
    let mut name = files::stem(report);
    name.push("-images");
    let folder = report.with_file_name(&name);
    files::make_folder(&folder)?;
    let written: Vec<(PathBuf, &[u8])> =
        imported.pictures.iter().map(|(name, bytes)| (folder.join(name), bytes.as_slice())).collect();
    files::write_all(&written)?;
    drop(written);
    Ok(imported.with_folder(&name.to_string_lossy()))
}
