//! `gongwen new`: a report to start from, and a workbook for its figures.

use std::path::PathBuf;

use crate::{blank, message, workbook};
use clap::ArgMatches;

use super::{Common, Failure, Outcome, files, print, show};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (layouts, id) = print::layouts_of(matches)?;
    let id = id.unwrap_or_default();
    let layout = layouts.get(&id).map_err(print::unsound)?;
    let workbook_file = matches.get_one::<PathBuf>("xlsx");
    if let Some(path) = workbook_file {
        if !layout.has_tables() {
            return Err(Failure::options(message!(
                "版式 {id} 没有统计表",
                "the layout {id} has no tables of figures"
            )));
        }
        let bytes = workbook::write(&layout).map_err(|error| {
            Failure::file(message!("写不了工作簿：{error}", "the workbook cannot be written: {error}"))
        })?;
        files::write_all(&[(path.clone(), &bytes)])?;
    }
    // With `--xlsx` alone only the workbook is written.
    if workbook_file.is_none() || matches.contains_id("output") {
        let issuer = matches.get_one::<String>("issuer").map_or("某某市某某局", String::as_str);
        let year = matches.get_one::<u16>("year").copied().unwrap_or(2025);
        print::output(matches, &blank::blank(&layout, issuer, year))?;
    }
    if !common.quiet && matches.contains_id("output") {
        let schema = blank::schema_name(&layout);
        // The layout as it was named: the next command does not know the id of a layout from a file.
        let named = matches.get_one::<String>("layout").unwrap_or(&id);
        let folder = matches
            .get_one::<PathBuf>("layouts")
            .map(|folder| format!(" --layouts {}", folder.display()))
            .unwrap_or_default();
        let hint = message!(
            "编辑器要补全和检查，用 gongwen schema --layout {named}{folder} -o {schema}",
            "for an editor to complete and check it: gongwen schema --layout {named}{folder} -o {schema}"
        );
        show::note(hint.get(common.lang));
    }
    Ok(Outcome::Done)
}
