//! `gongwen archive`.

use clap::{Arg, Command};

use super::shared::{figures, making, signing};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    // It always makes both files with the report inside, at the level that holds it.
    let made = |argument: &Arg| {
        !["output", "format", "embed-source", "conformance"].contains(&argument.get_id().as_str())
    };
    Command::new("archive")
        .about(t("生成归档包：签名的 PDF、Word 文件、报告、检查结果、页面图片和来历（BagIt）", "make the archival set: signed PDF, Word file, report, checks, pages and provenance (BagIt)"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告；- 表示标准输入", "a report in JSON; - is standard input")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("归档包的文件夹，不能已有", "the folder of the bag, which must not be there yet")),
        )
        .args(making(t).into_iter().filter(made))
        .arg(figures(t))
        .args(signing(t))
        .after_help(t(
            "例：\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\n退出码：0 完成；1 报告有错，或密钥、证书不宜签名；2 用法不对，口令不对，文件夹已有，或文件读写不了",
            "Examples:\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\nExit codes: 0 done; 1 the report, key or certificate was found wanting; 2 wrong use, a wrong passphrase, a folder that is there already, unreadable or unwritable files",
        ))
}
