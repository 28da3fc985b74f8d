//! `gongwen fix`.

use clap::{Arg, ArgAction, Command};

use super::shared::{limits, report};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("fix")
        .about(t("改正报告文字中的标点", "correct the punctuation of a report's texts"))
        .arg(report(t))
        .arg(limits(t))
        .arg(
            Arg::new("write")
                .long("write")
                .action(ArgAction::SetTrue)
                .help(t("改写文件；不写时只显示要改什么", "change the file; without it only show what would change")),
        )
        .after_help(t(
            "汉字之间的半角标点、<> 和 [2023]、重复的标点、多余的空格；数字、网址、电话、文件名一个字也不动。\n\n例：\n  gongwen fix report.json\n  gongwen fix report.json --write\n\n退出码：0 完成；1 报告读不出来；2 用法不对，或文件读写不了",
            "Half-width punctuation between Han, <> and [2023], doubled punctuation, spaces; figures, addresses, telephone numbers and file names are left alone.\n\nExamples:\n  gongwen fix report.json\n  gongwen fix report.json --write\n\nExit codes: 0 done; 1 the report cannot be read; 2 wrong use, unreadable or unwritable files",
        ))
}
