//! `gongwen archive`.

use clap::{Arg, ArgAction, Command};

use super::shared::{figures, limits, making, report, signing, trust, validation_data};

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
        .arg(trust(t(
            "--signed 的签名必须通到这些根证书",
            "the signatures of --signed must lead to these roots",
        )).requires("signed"))
        .arg(Arg::new("element").long("element").value_name("NAME=VALUE").action(ArgAction::Append).help(t(
            "元数据里报告没有的项目（DA/T 46），如 全宗号=0101、保管期限=永久、密级=…、机构代码=…；可以有几个",
            "an element of the metadata that the report does not have (DA/T 46), such as 全宗号=0101 or 保管期限=永久; may be repeated",
        )))
        .args(making(t).into_iter().filter(made))
        .arg(figures(t))
        .args(signing(t))
        .args(validation_data(t))
        .args_conflicts_with_subcommands(true)
        .subcommand_negates_reqs(true)
        .subcommand(renew(t))
        .subcommand(check(t))
        .after_help(t(
            "例：\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen archive report.json --signed two.pdf --trust roots.pem -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n  gongwen archive check archive\n  gongwen archive renew archive/2023 --timestamp http://tsa.example.cn\n\n退出码：0 完成；1 报告有错，密钥、证书不宜签名，或 --signed 的 PDF 验证不通过；2 用法不对，口令不对，文件夹已有，或文件读写不了",
            "Examples:\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen archive report.json --signed two.pdf --trust roots.pem -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n  gongwen archive check archive\n  gongwen archive renew archive/2023 --timestamp http://tsa.example.cn\n\nExit codes: 0 done; 1 errors in the report, or key, certificate or signed PDF not accepted; 2 wrong use, a wrong passphrase, a folder that exists already, unreadable or unwritable files",
        ))
}

/// `archive renew`.
fn renew(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let path = clap::value_parser!(std::path::PathBuf);
    let many = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(path.clone()).action(ArgAction::Append)
    };
    Command::new("renew")
        .about(t(
            "续期：给归档包里的 PDF 加文件时间戳，先补入证书和吊销信息（PAdES B-LTA）",
            "renew an archive: add certificates, revocation data and a document time stamp to its PDF (PAdES B-LTA)",
        ))
        .arg(
            Arg::new("folder")
                .value_name("DIR")
                .required(true)
                .num_args(1..)
                .value_parser(path.clone())
                .help(t("归档包的文件夹，可以有几个", "the folder of an archive, or several")),
        )
        .arg(Arg::new("timestamp").long("timestamp").value_name("URL").required(true).help(t(
            "时间戳服务器（RFC 3161）",
            "the time stamping server (RFC 3161)",
        )))
        .arg(trust(t(
            "信任的根证书：时间戳机构不在其下的不续期",
            "certificates that are trusted: a time stamping authority that is not under them does not renew",
        )))
        .arg(many("crl", "FILE").help(t("证书吊销列表（DER 或 PEM）", "a list of revoked certificates (DER or PEM)")))
        .arg(many("chain", "CERTS.pem").help(t(
            "另外嵌入的证书：时间戳的上级证书",
            "further certificates to embed: issuers of the time stamper's",
        )))
        .arg(Arg::new("time").long("time").value_name("TIME").help(t(
            "吊销信息在这个时间要有效；默认是现在",
            "the time at which revocation data must be current; now by default",
        )))
        .arg(limits(t))
        .after_help(t(
            "归档包换成新的，别的文件不变；出错时原样不动。\n\n例：\n  gongwen archive renew archive/2023 --timestamp http://tsa.example.cn\n\n退出码：0 完成；1 归档包不完整，或签名不通过；2 用法不对，没有取得时间戳，或文件读写不了",
            "The bag is replaced by the new one; other files in it stay. On an error nothing is changed.\n\nExample:\n  gongwen archive renew archive/2023 --timestamp http://tsa.example.cn\n\nExit codes: 0 done; 1 the archive is not whole, or its signatures do not hold; 2 wrong use, no time stamp, unreadable or unwritable files",
        ))
}

/// `archive check`.
fn check(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let path = clap::value_parser!(std::path::PathBuf);
    Command::new("check")
        .about(t(
            "查归档包是否完好，何时要续期；供每年运行",
            "whether archives are intact, and by when they must be renewed; for a yearly run",
        ))
        .arg(
            Arg::new("folder")
                .value_name("DIR")
                .required(true)
                .num_args(1..)
                .value_parser(path.clone())
                .help(t("归档包，或放归档包的文件夹（逐层查找）", "an archive, or a folder of archives, at any depth")),
        )
        .arg(
            trust(t("信任的根证书；不给则只查是否完好", "certificates that are trusted; without them only whether archives are intact")),
        )
        .arg(Arg::new("time").long("time").value_name("TIME").help(t(
            "按这个时间查；默认是现在",
            "check as of this time; now by default",
        )))
        .arg(
            Arg::new("within")
                .long("within")
                .value_name("DAYS")
                .default_value("400")
                .value_parser(clap::value_parser!(u32))
                .help(t("这些天内到期的标为要续期", "mark those that run out within so many days as due")),
        )
        .arg(limits(t))
        .after_help(t(
            "每个归档包一行；--json 时是 NDJSON。\n\n例：\n  gongwen archive check archive --trust roots.pem\n  gongwen archive check archive --json | jq -r 'select(.due) | .archive'\n\n退出码：0 都完好；1 有不通过的；3 给了 --trust 而有签名者未证实的；2 用法不对，或文件读不了",
            "A line for each archive; with --json as NDJSON.\n\nExamples:\n  gongwen archive check archive --trust roots.pem\n  gongwen archive check archive --json | jq -r 'select(.due) | .archive'\n\nExit codes: 0 all are intact; 1 one does not hold; 3 with --trust, a signer is not proved; 2 wrong use, unreadable files",
        ))
}
