//! `gongwen fix`: errors of punctuation corrected, shown as a diff or written.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::{fix, message};
use clap::ArgMatches;
use serde_json::json;
use similar::TextDiff;

use super::{Common, Failure, Outcome, files, show};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let path = matches.get_one::<PathBuf>("report").cloned().unwrap_or_default();
    let write = matches.get_flag("write");
    if write && path == Path::new("-") {
        return Err(Failure::options(message!(
            "标准输入不能用 --write 改写",
            "standard input cannot be changed with --write"
        )));
    }
    let name = path.display().to_string();
    let limits = files::limits(matches);
    let fixed = match fix::fix(&files::read_report(&path, &limits)?, &limits) {
        Ok(fixed) => fixed,
        Err(found) => {
            show::refused(&name, &found, common);
            return Ok(Outcome::Errors);
        }
    };
    let count = fixed.count;
    let diff =
        TextDiff::from_lines(&fixed.before, &fixed.after).unified_diff().header(&name, &name).to_string();
    if write && count > 0 {
        files::write_back(&path, fixed.after.as_bytes())?;
    }
    if common.json {
        show::object(
            &json!({ "file": name, "changes": count, "written": write && count > 0, "diff": diff, "findings": [] }),
        );
    } else if count > 0 {
        // Ignored: the reader of the output may have closed it.
        // A patch that is kept has the very bytes; on a terminal nothing in it is obeyed.
        let is_terminal = std::io::stdout().is_terminal();
        show::out(&if is_terminal { show::visible(&diff) } else { diff });
    }
    if !common.quiet {
        let message = match (count, write) {
            (0, _) => message!("{name}：没有要改的", "{name}: nothing to change"),
            (_, true) => message!("{name}：改了 {count} 处", "{name}: {count} places changed"),
            (_, false) => {
                message!(
                    "{name}：有 {count} 处要改；加上 --write 改写文件",
                    "{name}: {count} places to change; --write changes the file"
                )
            }
        };
        show::note(message.get(common.lang));
    }
    Ok(Outcome::Done)
}
