//! `gongwen extract`.

use clap::{Arg, Command};

use super::shared::{limits, output_file};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("extract")
        .about(t("取出文件里嵌入的报告", "take the report out of a file that carries it"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf|FILE.docx")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("用 --embed-source 导出的 PDF 或 Word 文件；- 表示标准输入", "a PDF or Word file exported with --embed-source; - is standard input")),
        )
        .arg(output_file(t).conflicts_with("all"))
        .arg(
            Arg::new("all")
                .long("all")
                .value_name("DIR")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("把报告、清单、版式和图片都写到这个文件夹", "write the report, the manifest, the layouts and the images into this folder")),
        )
        .arg(limits(t))
        .after_help(t(
            "例：\n  gongwen extract report.pdf -o report.json\n  gongwen extract report.docx -o report.json\n  gongwen extract report.pdf --all out\n\n退出码：0 完成；1 文件里没有嵌入报告；2 用法不对，文件损坏、加密或超过限制，或文件读写不了",
            "Examples:\n  gongwen extract report.pdf -o report.json\n  gongwen extract report.docx -o report.json\n  gongwen extract report.pdf --all out\n\nExit codes: 0 done; 1 the file carries no report; 2 wrong use, a damaged or encrypted file or one beyond the limits, unreadable or unwritable files",
        ))
}
