//! `gongwen export`.

use clap::{Arg, Command};

use super::shared::{figures, force, making, reports};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("export")
        .about(t("由报告生成 PDF 和 Word 文件", "make the PDF and the Word file of reports"))
        .arg(reports(t))
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("TEMPLATE")
                .help(t("文件名的样式，如 {issuer}{year}、{title}；默认与报告同名", "names of the files, such as {issuer}{year} or {title}; that of the report by default")),
        )
        .args(making(t))
        .arg(figures(t))
        .arg(force(t))
        .after_help(t(
            "例：\n  gongwen export report.json -o out\n  gongwen export *.json -o out --format pdf --name \"{issuer}{year}\"\n  gongwen export report.json --format pdf -o - > report.pdf\n  cat report.json | gongwen export - --assets images -o out\n\n退出码：0 完成；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen export report.json -o out\n  gongwen export *.json -o out --format pdf --name \"{issuer}{year}\"\n  gongwen export report.json --format pdf -o - > report.pdf\n  cat report.json | gongwen export - --assets images -o out\n\nExit codes: 0 done; 1 a report has errors; 2 wrong use, unreadable or unwritable files",
        ))
}
