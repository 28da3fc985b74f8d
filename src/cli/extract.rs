//! `gongwen extract`: the report that a file carries, byte for byte.

use std::io::Write;
use std::path::PathBuf;

use crate::extract::{ExtractError, extract};
use crate::options::Limits;
use crate::{Message, message};
use clap::ArgMatches;
use serde_json::json;

use super::{Common, Failure, Outcome, files, print, words};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let file = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let limits = Limits::default();
    let bytes = files::read(&file, limits.file_bytes)?;
    let name = file.display();
    let source = match extract(&bytes, &limits) {
        Ok(source) => source,
        Err(error) => {
            let Message { zh, en } = words::extract(&error);
            let message = message!("{name}：{zh}", "{name}: {en}");
            if error != ExtractError::Nothing {
                return Err(Failure(message));
            }
            eprintln!("{}", message.get(common.lang));
            return Ok(Outcome::Errors);
        }
    };
    let Some(folder) = matches.get_one::<PathBuf>("all") else {
        return print::output_bytes(matches, &source.report);
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
    let mut stdout = std::io::stdout().lock();
    // Ignored: the reader of the output may have closed it.
    if common.json {
        let _ = writeln!(stdout, "{}", json!({ "files": paths.collect::<Vec<_>>() }));
    } else if !common.quiet {
        paths.for_each(|path| {
            let _ = writeln!(stdout, "{path}");
        });
    }
    Ok(Outcome::Done)
}
