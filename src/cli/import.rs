//! `gongwen import`: the report that an edited Word file says.

use std::path::PathBuf;

use clap::ArgMatches;
use gongwen::{import, message};
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, print, show};

/// Runs the command. What found no place is told, and is no failure: the report is as good as it can be made.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let file = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let (layouts, layout) = print::layouts_of(matches)?;
    let bytes = files::read(&file, import::MAX_BYTES)?;
    let name = file.display().to_string();
    let imported = match import::import(&bytes, &layouts, layout.as_deref()) {
        Ok(imported) => imported,
        Err(error) => {
            let message = error.message();
            let (zh, en) = (message.zh, message.en);
            return Err(Failure(message!("{name}：{zh}", "{name}: {en}")));
        }
    };
    let strict = matches.get_flag("strict") && !imported.findings.is_empty();
    if common.json {
        let report: Value = serde_json::from_slice(&imported.report).unwrap_or_default();
        let findings: Vec<Value> =
            imported.findings.iter().map(|finding| show::value(&name, finding, common.lang)).collect();
        let told = json!({ "file": name, "report": report, "diagnostics": findings });
        print::output(matches, &format!("{told}\n"))?;
    } else {
        for finding in imported.findings.iter().filter(|_| !common.quiet || strict) {
            eprintln!("{}", show::text(&name, finding, common.lang));
        }
        print::output(matches, &String::from_utf8_lossy(&imported.report))?;
    }
    Ok(if strict { Outcome::Wanting } else { Outcome::Done })
}
