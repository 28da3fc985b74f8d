//! `gongwen import`.

use clap::{Arg, ArgAction, Command};

use super::shared::{layout, layouts_dir, limits, output_file};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("import")
        .about(t("把 Word、网页、表格、文本或 PDF 读成 JSON 报告", "read a Word file, a page, a sheet, a text or a PDF into a report"))
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .num_args(1..)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t(
                    "任何来源的 .docx、.html、.mht、.xlsx、.csv、.txt、.pdf，格式按内容识别；- 表示标准输入",
                    "a .docx, .html, .mht, .xlsx, .csv, .txt or .pdf of any origin, recognised by its content; - is standard input",
                )),
        )
        .arg(output_file(t).help(t(
            "写到这个文件，几个输入时是文件夹；默认是标准输出",
            "write to this file, or into this folder for several inputs; to standard output by default",
        )))
        .arg(
            Arg::new("places")
                .long("places")
                .value_name("FILE")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("把每个数字、每段文字在原文件里的位置写到这个文件", "write where every figure and paragraph stands in the file")),
        )
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("有数字缺少或不确定时退出码为 1", "exit with 1 if a figure is missing or doubtful")),
        )
        .arg(limits(t))
        .after_help(t(
            "例：\n  gongwen import 年报.docx -o 年报.json\n  gongwen import 网页/*.html -o 报告\n\n文件里空着的格、看不明白的格读作 null，不当作 0，逐条列出。\n\n退出码：0 完成；1 文件里没有报告（扫描件、空页）；2 文件读写不了、不认识或超过限额",
            "Examples:\n  gongwen import report.docx -o report.json\n  gongwen import pages/*.html -o reports\n\nCells that are blank or not understood become null, never 0, and are listed.\n\nExit codes: 0 done; 1 the file holds no report (a scan, an empty page); 2 unreadable, unwritable or unknown files, limits",
        ))
}
