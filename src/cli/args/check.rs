//! `gongwen check`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};

use super::shared::{assets, figures, layout, layouts_dir, limits, reports, user_fonts};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("check")
        .about(t("检查报告：数字、文字、版式，一次列出所有问题", "check reports: figures, texts, layout; list all findings at once"))
        .arg(reports(t))
        .arg(
            Arg::new("ndjson")
                .long("ndjson")
                .action(ArgAction::SetTrue)
                .help(t("输入一行一份报告（NDJSON）；.ndjson、.jsonl 文件不用写", "the input has a report a line (NDJSON); not needed for .ndjson and .jsonl files")),
        )
        .arg(figures(t))
        .arg(
            Arg::new("previous")
                .long("previous")
                .value_name("LAST.json")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("上年的报告：核对上年结转、现行有效件数等", "the report of the last year: checks figures carried over, in force and the like")),
        )
        .arg(
            Arg::new("units")
                .long("units")
                .value_name("UNIT.json")
                .num_args(1..)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("所属各单位的报告：核对本报告是不是它们的合计", "the reports of the units: checks that their figures add up to those of the report")),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .default_value("text")
                .value_parser(PossibleValuesParser::new(["text", "json", "sarif"]))
                .help(t("结果的形式：text（默认）、json（一份一行）、sarif", "form of the results: text (by default), json (a line a report), sarif")),
        )
        .arg(
            Arg::new("fill")
                .long("fill")
                .action(ArgAction::SetTrue)
                .help(t("输出补全的报告：\"auto\" 换成算出的数字，其余原样", "print the completed report: figures in place of \"auto\", everything else unchanged")),
        )
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("警告也算错误", "warnings are errors")),
        )
        .arg(
            Arg::new("verbose")
                .long("verbose")
                .action(ArgAction::SetTrue)
                .help(t("列出位置（JSON 指针），并说明有多少个数字没有与表格比较", "show JSON pointers, and how many numbers were not compared with the tables")),
        )
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .args(user_fonts(t))
        .arg(limits(t))
        .after_help(t(
            "例：\n  gongwen check report.json --previous last.json\n  gongwen check report.json --fill > filled.json\n  gongwen check 全市.json --units 单位/*.json\n  gongwen check *.json --format sarif > check.sarif\n  gongwen check reports.ndjson --json > findings.ndjson\n\n退出码：0 没有错误；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen check report.json --previous last.json\n  gongwen check report.json --fill > filled.json\n  gongwen check city.json --units units/*.json\n  gongwen check *.json --format sarif > check.sarif\n  gongwen check reports.ndjson --json > findings.ndjson\n\nExit codes: 0 no errors; 1 a report has errors; 2 wrong use, unreadable or unwritable files",
        ))
}
