//! `gongwen batch`.

use clap::{Arg, ArgAction, Command};

use super::shared::{force, making};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("batch")
        .about(t("一次生成大批报告", "make thousands of reports in one run"))
        .arg(
            Arg::new("input")
                .value_name("INPUT")
                .num_args(1..)
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t(
                    "一行一份报告的 .ndjson 文件，JSON 报告的文件夹，列出路径的 .csv 文件（path 列）；- 表示标准输入的 NDJSON",
                    "an .ndjson file with a report a line, a folder of reports in JSON, a .csv file of their paths (column path); - is NDJSON on standard input",
                )),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("TEMPLATE")
                .help(t(
                    "文件名的样式：{issuer} {year} {title} {stem} {number} {prefix}，可用 / 分文件夹；默认与报告同名",
                    "names of the files: {issuer} {year} {title} {stem} {number} {prefix}, with / between folders; that of the report by default",
                )),
        )
        .args(making(t))
        .arg(
            Arg::new("figures")
                .long("figures")
                .value_name("PATTERN")
                .help(t(
                    "每份报告的数字取自这个工作簿或 CSV 文件：{stem} {id} {issuer} {year}",
                    "the workbook or CSV file of each report's figures: {stem} {id} {issuer} {year}",
                )),
        )
        .arg(
            Arg::new("previous")
                .long("previous")
                .value_name("PATTERN")
                .help(t(
                    "每份报告上年的报告，核对上年结转等：{stem} {id} {issuer} {year}",
                    "the report of the last year of each, to check figures carried over and the like: {stem} {id} {issuer} {year}",
                )),
        )
        .arg(
            Arg::new("jobs")
                .short('j')
                .long("jobs")
                .value_name("N")
                .value_parser(clap::value_parser!(u16).range(1..=1024))
                .help(t("同时做几份；默认是处理器的个数", "how many at a time; as many as there are processors by default")),
        )
        .arg(
            Arg::new("shard")
                .long("shard")
                .value_name("I/N")
                .help(t("只做第 I 组（共 N 组，从 0 数起），供几台机器分做", "only the I-th of N parts, counted from 0: for several machines")),
        )
        .arg(
            Arg::new("resume")
                .long("resume")
                .action(ArgAction::SetTrue)
                .help(t("跳过已经生成且输入未变的文件", "skip files that are made already from the same input")),
        )
        .arg(force(t))
        .arg(
            Arg::new("fail-fast")
                .long("fail-fast")
                .action(ArgAction::SetTrue)
                .help(t("有一份出错就停", "stop at the first report that fails")),
        )
        .arg(
            Arg::new("results")
                .long("results")
                .value_name("FILE")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("结果写到这个文件，一份一行 JSON；默认是标准输出", "write the results to this file, a line of JSON a report; to standard output by default")),
        )
        .after_help(t(
            "例：\n  gongwen batch reports.ndjson -o out --name \"{year}/{issuer}\" --results results.ndjson\n  gongwen batch 各单位 -o out --jobs 8 --resume\n  gongwen batch list.csv -o out --shard 0/4\n  gongwen batch 各单位 -o out --figures \"数字/{stem}.xlsx\" --previous \"2022/{issuer}.json\"\n\n每份报告旁边的 .gongwen.json 记录生成它的输入，--resume 以此为准。\n\n退出码：0 都做好了；1 有报告出错，或中断了；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen batch reports.ndjson -o out --name \"{year}/{issuer}\" --results results.ndjson\n  gongwen batch reports -o out --jobs 8 --resume\n  gongwen batch list.csv -o out --shard 0/4\n  gongwen batch reports -o out --figures \"figures/{stem}.xlsx\" --previous \"2022/{issuer}.json\"\n\nThe .gongwen.json beside the files of a report records what they were made from; --resume relies on it.\n\nExit codes: 0 all were made; 1 a report has errors, or the run was interrupted; 2 wrong use, unreadable or unwritable files",
        ))
}
