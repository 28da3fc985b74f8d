//! `gongwen fonts`.

use clap::{Arg, Command};

use super::shared::{assets, layout, layouts_dir, limits, output_file, user_fonts};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("fonts")
        .about(t("列出各种字体由什么字库来画，以及报告中哪些字缺字", "list the fonts of each face, and what they lack for a report"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("列出这个 JSON 报告所用的字体；- 表示标准输入", "list the fonts for the characters of this report in JSON; - is standard input")),
        )
        .args(user_fonts(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .arg(limits(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen fonts report.json\n  gongwen fonts --prefer-installed\n\n退出码：0 完成；1 报告中有字没有字体，或报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen fonts report.json\n  gongwen fonts --prefer-installed\n\nExit codes: 0 done; 1 a character of the report has no font, or the report is wrong; 2 wrong use, unreadable or unwritable files",
        ))
}
