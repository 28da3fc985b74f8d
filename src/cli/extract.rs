//! `gongwen extract`: the report that a file carries, byte for byte.

use std::path::PathBuf;

use crate::Diagnostic;
use crate::diagnostic::rule;
use crate::extract::{ExtractError, extract};
use clap::ArgMatches;
use serde_json::json;

use super::{Common, Failure, Outcome, files, print, show, words};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let file = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let limits = files::limits(matches);
    let bytes = files::read(&file, limits.file_bytes)?;
    let source = match extract(&bytes, &limits) {
        Ok(source) => source,
        Err(error) => {
            let reason = words::extract(&error);
            if error != ExtractError::Nothing {
                return Err(files::about(&file, reason));
            }
            let finding = Diagnostic::error(rule::EXTRACT_NOTHING, "", reason);
            show::refused(&file.display().to_string(), &[finding], common);
            return Ok(Outcome::Errors);
        }
    };
    let Some(folder) = matches.get_one::<PathBuf>("all") else {
        let outcome = print::output_bytes(matches, &source.report)?;
        if let (true, Some(path)) = (common.json, matches.get_one::<PathBuf>("output")) {
            show::object(&json!({ "files": [path], "findings": [] }));
        }
        return Ok(outcome);
    };
    files::make_folder(folder)?;
    let all = source.all();
    let written: Vec<(PathBuf, &[u8])> = all
        .iter()
        .filter(|file| !file.bytes.is_empty())
        .map(|file| (folder.join(&file.name), file.bytes.as_slice()))
        .collect();
    files::write_all(&written)?;
    let paths = written.iter().map(|(path, _)| path.display().to_string());
    if common.json {
        show::object(&json!({ "files": paths.collect::<Vec<_>>(), "findings": [] }));
    } else if !common.quiet {
        paths.for_each(|path| {
            // Ignored: the reader of the output may have closed it.
            show::line(&path);
        });
    }
    Ok(Outcome::Done)
}
