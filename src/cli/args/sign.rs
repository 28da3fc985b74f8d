//! `gongwen sign`.

use clap::{Arg, ArgAction, Command};

use super::shared::{limits, signing, validation_data};

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let file = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    Command::new("sign")
        .about(t("给 PDF 签名（PAdES），不改动已有的内容和签名", "sign a PDF (PAdES); existing content and earlier signatures are not changed"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("要签名的 PDF；用 export --signatories 留出的签名域依次填", "the PDF to sign; the fields made by export --signatories are filled in order")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("OUT.pdf")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写到这个文件；默认写在旁边，名为 FILE-signed.pdf", "write to this file; to FILE-signed.pdf beside the first by default")),
        )
        .args(signing(t))
        .args(validation_data(t))
        .arg(limits(t))
        .mut_arg("ltv", |ltv| ltv.conflicts_with("prepare"))
        .arg(
            Arg::new("timestamp-only")
                .long("timestamp-only")
                .action(ArgAction::SetTrue)
                .requires("timestamp")
                .conflicts_with_all([
                    "p12", "key", "cert", "prepare", "complete", "seal", "field", "reason", "location", "allow", "pss",
                ])
                .help(t(
                    "不签名：给整个文件加时间戳（B-LTA），用于续期；--ltv 先补入证书和吊销信息",
                    "do not sign: add a time stamp over the whole document (B-LTA), to renew it; --ltv first adds certificates and revocation data",
                )),
        )
        .arg(file("prepare", "CONTENT").conflicts_with_all(["p12", "key", "complete", "timestamp"]).help(t("不签：把待签的字节写到这个文件，把留好位置的 PDF 写到 -o", "do not sign: write the bytes to be signed to this file, and the PDF with space for the signature to -o")))
        .arg(file("complete", "CMS").conflicts_with_all(["p12", "key", "seal", "field"]).help(t("把别处做的签名（CMS，DER 或 PEM）填进 --prepare 的 PDF", "put a signature made elsewhere (CMS in DER or PEM) into the PDF of --prepare")))
        .after_help(t(
            "例：\n  gongwen export report.json --signatories 1 --format pdf -o out\n  gongwen sign out/report.pdf --p12 office.p12 --seal seal.png -o signed.pdf\n  gongwen sign report.pdf --prepare content.bin -o prepared.pdf\n  gongwen sign prepared.pdf --complete signature.p7s -o signed.pdf\n  gongwen sign signed.pdf --timestamp-only --ltv --timestamp http://tsa.example.cn -o renewed.pdf\n\n退出码：0 完成；1 密钥或证书不宜签名，或外来的签名不是这个文件的；2 用法不对，口令不对，或文件读写不了",
            "Examples:\n  gongwen export report.json --signatories 1 --format pdf -o out\n  gongwen sign out/report.pdf --p12 office.p12 --seal seal.png -o signed.pdf\n  gongwen sign report.pdf --prepare content.bin -o prepared.pdf\n  gongwen sign prepared.pdf --complete signature.p7s -o signed.pdf\n  gongwen sign signed.pdf --timestamp-only --ltv --timestamp http://tsa.example.cn -o renewed.pdf\n\nExit codes: 0 done; 1 key or certificate are not fit to sign, or the signature made elsewhere is not the file's; 2 wrong use, a wrong passphrase, unreadable or unwritable files",
        ))
}
