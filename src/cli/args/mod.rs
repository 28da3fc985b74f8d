//! The command line, described once in both languages: a file a command.

mod archive;
mod batch;
mod check;
mod diff;
mod export;
mod extract;
mod fix;
mod fonts;
mod import;
mod new;
mod preview;
mod refuse;
mod serve;
mod shared;
mod sign;
mod verify;

use std::ffi::OsString;

use crate::diagnostic::Lang;
use clap::{Arg, ArgAction, Command};

pub use refuse::refuse;
use shared::{common, layout, layouts_dir, output_file};

/// The language asked for anywhere on the command line; the help is written in it.
pub fn language(arguments: &[OsString]) -> Lang {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next().map(|value| value.into_owned()),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None if word == "--" => break,
            None => None,
        };
        if let Some(value) = value {
            return if value == "en" { Lang::En } else { Lang::Zh };
        }
    }
    Lang::Zh
}

/// The command line.
pub fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let command = Command::new("gongwen")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(
            "公文：由 JSON 报告生成规范的 PDF 和 Word 文件",
            "公文: a report in JSON becomes the official PDF and Word file",
        ))
        .override_usage(t("gongwen REPORT…\n      gongwen 命令 …", "gongwen REPORT…\n       gongwen COMMAND …"))
        .arg_required_else_help(true)
        .arg(
            Arg::new("file")
                .value_name("REPORT")
                .num_args(0..)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t(
                    "JSON 报告，可以多个：检查，没有错误的在报告旁边生成 PDF 和 Word 文件",
                    "reports in JSON: checked, and if without errors made into the PDF and the Word file beside them",
                )),
        )
        .after_help(t(
            "例：\n  gongwen 年报.json\n  gongwen export 年报.json -o out\n\n退出码：0 完成；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen report.json\n  gongwen export report.json -o out\n\nExit codes: 0 done; 1 a report has errors; 2 wrong use, unreadable or unwritable files",
        ))
        .disable_help_subcommand(true)
        .subcommand(export::command(t))
        .subcommand(check::command(t))
        .subcommand(batch::command(t))
        .subcommand(extract::command(t))
        .subcommand(fix::command(t))
        .subcommand(
            Command::new("schema")
                .about(t(
                    "输出报告的 JSON Schema，供编辑器补全和检查",
                    "print the JSON Schema of reports, for editors to complete and check them",
                ))
                .arg(layout(t))
                .arg(layouts_dir(t))
                .arg(output_file(t))
                .after_help(t(
                    "例：\n  gongwen schema --layout disclosure-annual-report-2021 -o schema.json",
                    "Example:\n  gongwen schema --layout disclosure-annual-report-2021 -o schema.json",
                )),
        )
        .subcommand(
            Command::new("layouts")
                .about(t("列出可用的版式", "list the available layouts"))
                .arg(layouts_dir(t))
                .arg(output_file(t)),
        )
        .subcommand(fonts::command(t))
        .subcommand(import::command(t))
        .subcommand(new::command(t))
        .subcommand(diff::command(t))
        .subcommand(preview::command(t))
        .subcommand(sign::command(t))
        .subcommand(archive::command(t))
        .subcommand(verify::command(t))
        .subcommand(serve::command(t))
        .subcommand(
            Command::new("licenses")
                .about(t("输出程序和字体的许可证", "print the licences of the program and its fonts"))
                .arg(output_file(t)),
        );
    localised(command.args(common(t).map(|arg| arg.global(true))), t)
}

/// Headings and the built-in options in the language, of a command and those in it.
fn localised(command: Command, t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |sub| localised(sub, t)));
    let template = t(
        "{about}\n\n用法: {usage}\n\n{all-args}{after-help}",
        "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
    );
    let root = command.get_name() == "gongwen";
    let command = command
        .help_template(template)
        .subcommand_help_heading(t("命令", "Commands"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading(t("选项", "Options"))
        .mut_args(|arg| {
            let heading =
                if arg.get_long().is_none() { t("参数", "Arguments") } else { t("选项", "Options") };
            let hide = !arg.get_default_values().is_empty();
            let arg = arg.help_heading(heading);
            if hide { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
        })
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(t("显示帮助", "show this help")),
        );
    if root {
        let help = t("显示版本", "show the version");
        return command
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }
}
