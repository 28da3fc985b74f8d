//! `gongwen archive`.

use clap::{Arg, ArgAction, Command};

use super::shared::{figures, making, report, signing, validation_data};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    // The command always makes both files with the report embedded, at a level that allows it.
    let made = |argument: &Arg| {
        !["output", "format", "embed-source", "conformance"].contains(&argument.get_id().as_str())
    };
    // These options conflict with a signed PDF, whose embedded source has all of them except the fonts and the limits.
    let taken_from_file = making(t).into_iter().filter(made).chain([figures(t)]).chain(signing(t));
    let taken_from_file: Vec<String> = taken_from_file
        .map(|argument| argument.get_id().to_string())
        .filter(|id| !["fonts", "prefer-installed", "chain", "limits"].contains(&id.as_str()))
        .collect();
    let path = clap::value_parser!(std::path::PathBuf);
    Command::new("archive")
        .about(t("生成归档包：签名的 PDF、Word 文件、报告、检查结果、页面图片和来历（BagIt）", "make the archival set: signed PDF, Word file, report, checks, pages and provenance (BagIt)"))
        .arg(report(t))
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("归档包的文件夹，不能已有", "the folder of the bag, which must not exist yet")),
        )
        .arg(Arg::new("signed").long("signed").value_name("FILE.pdf").value_parser(path.clone()).conflicts_with_all(taken_from_file).help(t(
            "不签：用这个已签名的 PDF，它必须验证通过，带的就是这份报告",
            "do not sign: take this signed PDF, whose signatures must be valid and which must carry this very report",
        )))
        .arg(Arg::new("trust").long("trust").value_name("ROOTS.pem").value_parser(path).action(ArgAction::Append).requires("signed").help(t(
            "--signed 的签名必须通到这些根证书",
            "the signatures of --signed must lead to these roots",
        )))
        .args(making(t).into_iter().filter(made))
        .arg(figures(t))
        .args(signing(t))
        .args(validation_data(t))
        .after_help(t(
            "例：\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen archive report.json --signed two.pdf --trust roots.pem -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\n退出码：0 完成；1 报告有错，密钥、证书不宜签名，或 --signed 的 PDF 验证不通过；2 用法不对，口令不对，文件夹已有，或文件读写不了",
            "Examples:\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen archive report.json --signed two.pdf --trust roots.pem -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\nExit codes: 0 done; 1 errors in the report, or key, certificate or signed PDF not accepted; 2 wrong use, a wrong passphrase, a folder that exists already, unreadable or unwritable files",
        ))
}
