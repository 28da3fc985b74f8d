//! `gongwen verify`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};

use super::shared::{limits, trust, user_fonts};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("verify")
        .about(t("验证 PDF 的签名，并核对它与嵌入的报告是否一致", "verify the signatures of a PDF, and whether it is what its embedded report makes"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf|DIR")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("签过名的 PDF，或 archive 的文件夹；- 表示标准输入", "a signed PDF, or the folder of an archive; - is standard input")),
        )
        .arg(
            trust(t("信任的根证书（PEM 或 DER）；不给则证实不了签名者（退出码 3）", "certificates that are trusted (PEM or DER); without them no signer is proved (exit code 3)")),
        )
        .arg(Arg::new("time").long("time").value_name("TIME").help(t(
            "没有时间戳证明时，证书在这个时间要有效，最后一个时间戳的证书也按它核对；默认是现在",
            "time at which certificates must be valid where no time stamp proves another, and at which the last time stamp's is validated; now by default",
        )))
        .arg(
            Arg::new("require")
                .long("require")
                .value_name("LIST")
                .value_delimiter(',')
                .value_parser(["time-stamp", "revocation"])
                .action(ArgAction::Append)
                .help(t(
                    "签名还必须有：time-stamp 时间戳，revocation 吊销信息；没有的算未证实",
                    "what signatures must have as well: time-stamp, revocation (data); without it the signer is not proved",
                )),
        )
        .arg(Arg::new("strict").long("strict").action(ArgAction::SetTrue).help(t(
            "签名之后元数据也不许改动（别的程序签名时会改写修改日期等）",
            "after a signature not even metadata may change (other programs write dates into them when they sign)",
        )))
        .arg(Arg::new("signatures-only").long("signatures-only").action(ArgAction::SetTrue).help(t(
            "只看签名，不看嵌入的报告",
            "verify only signatures, not the embedded report",
        )))
        .arg(
            Arg::new("allow")
                .long("allow")
                .value_name("WHAT")
                .action(ArgAction::Append)
                .value_parser(PossibleValuesParser::new(["server-certificate"]))
                .hide_possible_values(true)
                .help(t("允许：server-certificate（用 TLS 服务器的证书签名）", "accept: server-certificate (signatures by the certificate of a TLS server)")),
        )
        .arg(limits(t))
        .args(user_fonts(t))
        .after_help(t(
            "不联网。Word 文件没有签名，不能验证。\n\n例：\n  gongwen verify signed.pdf --trust roots.pem\n  gongwen verify archive/2023 --trust roots.pem --require time-stamp,revocation --json\n\n退出码：0 通过：完好，签名者已证实；1 不通过：改动过、是伪造的或没有签名；3 完好，签名者未证实；2 用法不对，文件损坏、加密或超过限制，或文件读不了",
            "No network is used. Word files have no signatures and cannot be verified.\n\nExamples:\n  gongwen verify signed.pdf --trust roots.pem\n  gongwen verify archive/2023 --trust roots.pem --require time-stamp,revocation --json\n\nExit codes: 0 it holds: intact, and the signer is proved; 1 it does not hold: changed, forged or not signed; 3 intact, signer not proved; 2 wrong use, a damaged or encrypted file or one beyond the limits, an unreadable file",
        ))
}
