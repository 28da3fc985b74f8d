//! `gongwen new`.

use clap::{Arg, Command};

use super::shared::{layouts_dir, output_file};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("new")
        .about(t("开始一份报告：写出带占位文字的 JSON、供填数的工作簿、供填写的 Word 文件；不覆盖文件", "begin a report: JSON with placeholders, a workbook for its figures, a Word file to fill in; replaces no file"))
        .arg(
            Arg::new("layout")
                .value_name("LAYOUT")
                .required(true)
                .help(t("版式的名称（见 gongwen layouts），或版式文件（.toml）", "a layout (see gongwen layouts), or a layout file (.toml)")),
        )
        .arg(
            Arg::new("xlsx")
                .long("xlsx")
                .value_name("FILE.xlsx")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写一份统计表的工作簿；与 -o 同用时，报告从它取数", "write a workbook of the tables; with -o the report takes its figures from it")),
        )
        .arg(
            Arg::new("docx")
                .long("docx")
                .value_name("FILE.docx")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写一份供填写的 Word 文件，填好后用 gongwen import 读入", "write a Word file to fill in, to be read by gongwen import")),
        )
        .arg(
            Arg::new("issuer")
                .long("issuer")
                .value_name("NAME")
                .help(t("发文机关；默认写占位的名称", "the issuer; a placeholder by default")),
        )
        .arg(
            Arg::new("year")
                .long("year")
                .value_name("YYYY")
                .value_parser(clap::value_parser!(u16).range(1900..=2199))
                .help(t("报告年度；默认写占位的年份", "the year; a placeholder by default")),
        )
        .arg(layouts_dir(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen new disclosure-annual-report-2021 -o report.json\n  gongwen new disclosure-annual-report-2021 -o report.json --xlsx figures.xlsx\n  gongwen new disclosure-annual-report-2021 --docx report.docx\n\n退出码：0 完成；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen new disclosure-annual-report-2021 -o report.json\n  gongwen new disclosure-annual-report-2021 -o report.json --xlsx figures.xlsx\n  gongwen new disclosure-annual-report-2021 --docx report.docx\n\nExit codes: 0 done; 2 wrong use, unreadable or unwritable files",
        ))
}
