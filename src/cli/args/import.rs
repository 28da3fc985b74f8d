//! `gongwen import`.

use clap::{Arg, ArgAction, Command};

use super::shared::{layout, layouts_dir, limits, output_file};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("import")
        .about(t("把改过的 Word 文件读回成 JSON 报告", "read an edited Word file back into a report"))
        .arg(
            Arg::new("file")
                .value_name("FILE.docx")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("本程序生成、又经人修改的 Word 文件；- 表示标准输入", "a Word file that this program made and a person edited; - is standard input")),
        )
        .arg(output_file(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("有读不回的改动时退出码为 1", "exit with 1 if a change cannot be read back")),
        )
        .arg(limits(t))
        .after_help(t(
            "例：\n  gongwen import 年报.docx -o 年报.json\n\n退出码：0 完成（放不下的改动逐条列出）；2 不是 Word 文件，或文件读写不了",
            "Example:\n  gongwen import report.docx -o report.json\n\nExit codes: 0 done (changes that cannot be read back are listed); 2 not a Word file, or unreadable or unwritable files",
        ))
}
