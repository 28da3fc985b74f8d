//! `gongwen import`: the report from an edited Word file.

use std::path::PathBuf;

use crate::import::import;
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, print, show, words};

/// Runs the command. Changes without a place in the report are reported, and are no failure.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let file = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let (layouts, layout) = print::layouts_of(matches)?;
    let limits = files::limits(matches);
    let bytes = files::read(&file, limits.file_bytes)?;
    let name = file.display().to_string();
    let imported = import(&bytes, &layouts, layout.as_deref(), &limits)
        .map_err(|error| files::about(&file, words::import(&error)))?;
    let strict = matches.get_flag("strict") && !imported.findings.is_empty();
    if common.json {
        let report: Value = serde_json::from_slice(&imported.report).unwrap_or_default();
        let result = json!({ "file": name, "report": report, "findings": imported.findings });
        print::output(matches, &format!("{}\n", show::json_text(&result)))?;
    } else {
        for finding in imported.findings.iter().filter(|_| !common.quiet || strict) {
            show::note(&show::text(&name, finding, common.lang));
        }
        print::output(matches, &String::from_utf8_lossy(&imported.report))?;
    }
    Ok(if strict { Outcome::Errors } else { Outcome::Done })
}
