//! `gongwen preview`.

use clap::{Arg, Command};

use super::shared::{assets, layout, layouts_dir, limits, user_fonts};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("preview")
        .about(t("把报告或 PDF 的各页画成图片（PNG）", "draw the pages of a report or a PDF as pictures (PNG)"))
        .arg(
            Arg::new("input")
                .value_name("REPORT|FILE.pdf")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告或 PDF 文件；- 表示标准输入", "a report in JSON or a PDF file; - is standard input")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .default_value(".")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写到这个文件夹", "write into this folder")),
        )
        .arg(
            Arg::new("dpi")
                .long("dpi")
                .value_name("N")
                .default_value("100")
                .value_parser(clap::value_parser!(u32))
                .help(t("每英寸像素数，36 到 600；默认 100", "pixels an inch, 36 to 600; 100 by default")),
        )
        .arg(
            Arg::new("pages")
                .long("pages")
                .value_name("1-3,5")
                .help(t("只画这些页，如 1-3,5 或 4-；默认全部", "only these pages, such as 1-3,5 or 4-; all by default")),
        )
        .args(user_fonts(t))
        .arg(limits(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .after_help(t(
            "例：\n  gongwen preview report.json -o out\n  gongwen preview out/report.pdf --dpi 150 --pages 1-3 -o out\n\n退出码：0 完成；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen preview report.json -o out\n  gongwen preview out/report.pdf --dpi 150 --pages 1-3 -o out\n\nExit codes: 0 done; 1 the report has errors; 2 wrong use, unreadable or unwritable files",
        ))
}
