//! The command line: arguments, files and messages. Everything else is in the library.

mod archive;
mod args;
mod bag;
mod batch;
mod beside;
mod check;
mod diff;
mod export;
mod extract;
mod files;
mod fix;
mod fonts;
mod foreign;
mod found;
mod http;
mod import;
mod lines;
mod new;
mod preview;
mod print;
mod renewal;
mod sarif;
mod serve;
mod show;
mod sign;
mod snippet;
mod verify;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;

use crate::diagnostic::{Lang, rule};

use crate::{Diagnostic, Message, message};

/// The outcome of a command, which is its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// 0: done, nothing wrong.
    Done,
    /// 1: the input has errors.
    Errors,
    /// 2: wrong use, unreadable or unwritable files, limits.
    Failed,
    /// 3: a signed file is intact, and its signer is not proved.
    Unproved,
}

/// A failure that is not an error of a report: exit code 2.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// [`rule::FILE`] or [`rule::OPTIONS`].
    rule: &'static str,
    /// What failed.
    pub message: Message,
    /// Whether the message has lines of its own; in any other the end of a line is foreign, and is shown escaped.
    has_lines: bool,
}

impl Failure {
    /// A file that cannot be read, used or written.
    pub fn file(message: Message) -> Failure {
        Failure { rule: rule::FILE, message, has_lines: false }
    }

    /// Arguments that are wrong, or cannot go together.
    pub fn options(message: Message) -> Failure {
        Failure { rule: rule::OPTIONS, message, has_lines: false }
    }

    /// A layout that is invalid: wrong use, whose reason is told in several lines.
    pub fn layout(message: Message) -> Failure {
        Failure { rule: rule::OPTIONS, message, has_lines: true }
    }

    /// The same as a finding, for results in JSON.
    pub fn finding(self) -> Diagnostic {
        Diagnostic::error(self.rule, "", self.message)
    }
}

/// The options of every command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Common {
    pub lang: Lang,
    pub json: bool,
    pub quiet: bool,
}

/// Runs the command line.
///
/// The first argument is the name that the program was called by. Results go to standard output, findings to standard
/// error, or with `--json` both as one object to standard output; the exit code is 0 for done, 1 for an input with errors, 2 for wrong use and files that cannot be read or
/// written.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = args::language(&arguments);
    let matches = match args::command(lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return args::refuse(&error, lang),
    };
    let common = Common { lang, json: matches.get_flag("json"), quiet: matches.get_flag("quiet") };
    let has_files = matches.contains_id("file");
    let outcome = match matches.subcommand() {
        Some((name, _)) if has_files => Err(Failure::options(message!(
            "命令 {name} 要写在文件前面",
            "the command {name} must stand before the files"
        ))),
        Some((name, matches)) => command(name, matches, common),
        None => beside::run(&matches, common),
    };
    let outcome = outcome.unwrap_or_else(|failure| {
        if common.json {
            show::object(&json!({ "findings": [failure.finding()] }));
        } else {
            let label = if lang == Lang::Zh { "错误：" } else { "error: " };
            let text = failure.message.get(lang);
            let text = if failure.has_lines { text.to_owned() } else { show::one_line(text) };
            show::note(&format!("{label}{text}"));
        }
        Outcome::Failed
    });
    if show::lost() {
        let text = message!(
            "写不了标准输出，结果不完整",
            "cannot write to standard output: the results are incomplete"
        );
        let label = if lang == Lang::Zh { "错误：" } else { "error: " };
        show::note(&format!("{label}{}", text.get(lang)));
        return ExitCode::from(Outcome::Failed as u8);
    }
    ExitCode::from(outcome as u8)
}

/// Runs a command.
fn command(name: &str, matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    match name {
        "export" => export::run(matches, common),
        "check" => check::run(matches, common),
        "archive" => archive::run(matches, common),
        "batch" => batch::run(matches, common),
        "extract" => extract::run(matches, common),
        "fix" => fix::run(matches, common),
        "fonts" => fonts::run(matches, common),
        "import" => import::run(matches, common),
        "diff" => diff::run(matches, common),
        "new" => new::run(matches, common),
        "preview" => preview::run(matches, common),
        "sign" => sign::run(matches, common),
        "verify" => verify::run(matches, common),
        "serve" => serve::run(matches, common),
        "schema" => print::schema(matches),
        "layouts" => print::layouts(matches, common),
        _ => print::licenses(matches, common),
    }
}
