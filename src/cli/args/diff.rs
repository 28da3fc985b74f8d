//! `gongwen diff`.

use clap::{Arg, Command};

use super::shared::{layouts_dir, limits, output_file};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let report = |name: &'static str, value: &'static str| {
        Arg::new(name).value_name(value).required(true).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    Command::new("diff")
        .about(t("列出两份报告的不同：数字、段落、其他各项", "what changed between two reports: figures, paragraphs, all else"))
        .arg(report("old", "OLD").help(t("原来的 JSON 报告；- 表示标准输入", "the old report in JSON; - is standard input")))
        .arg(report("new", "NEW").help(t("新的 JSON 报告", "the new report in JSON")))
        .arg(layouts_dir(t))
        .arg(limits(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen diff 送审稿.json 退回稿.json\n\n删去的写作 [-…-]，新增的写作 {+…+}。\n\n退出码：0 完成，不论有没有不同；1 报告有错；2 用法不对，或文件读写不了",
            "Example:\n  gongwen diff old.json new.json\n\nDeleted text is shown as [-…-], new text as {+…+}.\n\nExit codes: 0 done, whether they differ or not; 1 a report has errors; 2 wrong use, unreadable or unwritable files",
        ))
}
