//! Arguments that several commands take.

use crate::options::{Conformance, Format};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction};

/// A report.
pub fn report(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("report")
        .value_name("REPORT")
        .required(true)
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t("JSON 报告；- 表示标准输入", "a report in JSON; - is standard input"))
}

/// One report or several.
pub fn reports(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    report(&t).num_args(1..).help(t(
        "JSON 报告，可以多个；- 表示标准输入",
        "reports in JSON, one or several; - is standard input",
    ))
}

/// The options of the commands that make files.
pub fn making(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Vec<Arg> {
    let mut arguments = vec![
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("DIR")
            .default_value(".")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .help(t("写到这个文件夹", "write into this folder")),
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_delimiter(',')
            .default_value("pdf,docx")
            .value_parser(PossibleValuesParser::new(Format::ALL.map(Format::name)))
            .help(t("生成哪些文件：pdf、docx", "which files: pdf, docx")),
        layout(t),
        layouts_dir(t),
        assets(t),
        limits(t),
        Arg::new("date")
            .long("date")
            .value_name("YYYY-MM-DD")
            .help(t("文件属性里的日期；默认是成文日期", "date in the files' properties; the date of issue by default")),
        Arg::new("docx-fonts")
            .long("docx-fonts")
            .value_name("WHICH")
            .default_value("names")
            .value_parser(PossibleValuesParser::new(["names", "embed"]))
            .help(t("Word 文件的字体：names 只写方正小标宋、仿宋_GB2312 等名称（默认），embed 嵌入程序自带的字体", "fonts of the Word file: names asks for the official ones by name (by default), embed embeds those of the program")),
        Arg::new("embed-source")
            .long("embed-source")
            .action(ArgAction::SetTrue)
            .help(t("把报告和重新生成所需的一切嵌入文件（PDF 为 PDF/A-3a）", "put the report and all that is needed to make them again into the files (PDF/A-3a)")),
        Arg::new("conformance")
            .long("conformance")
            .value_name("LEVEL")
            .value_parser(PossibleValuesParser::new(Conformance::ALL.map(Conformance::name)))
            .hide_possible_values(true)
            .help(t("PDF 的级别：a-2a+ua-1（默认）、a-3a+ua-1、a-2b、a-2u", "level of the PDF: a-2a+ua-1 (by default), a-3a+ua-1, a-2b, a-2u")),
        Arg::new("signatories")
            .long("signatories")
            .value_name("N")
            .value_parser(clap::value_parser!(u16).range(1..=crate::MAX_SIGNATORIES as i64))
            .help(t("在 PDF 里留 N 个空的签名域，供 gongwen sign 签名", "N empty signature fields in the PDF, for gongwen sign to fill")),
        Arg::new("strict")
            .long("strict")
            .action(ArgAction::SetTrue)
            .help(t("警告也算错误", "warnings are errors")),
        Arg::new("allow-errors")
            .long("allow-errors")
            .conflicts_with("strict")
            .action(ArgAction::SetTrue)
            .help(t("数字对不上也生成文件，错误作为警告列出", "make the files even if figures contradict each other; errors are reported as warnings")),
    ];
    arguments.extend(user_fonts(t));
    arguments
}

/// The options of signing.
pub fn signing(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Vec<Arg> {
    let file = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    let word = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    vec![
        file("p12", "ID.p12")
            .conflicts_with_all(["key", "cert"])
            .help(t("私钥和证书（PKCS#12）", "key and certificates (PKCS#12)")),
        file("key", "KEY.pem").requires("cert").help(t("私钥（PEM）", "the key (PEM)")),
        file("cert", "CERT.pem").requires("key").help(t(
            "证书，可带其上级证书（PEM 或 DER）",
            "its certificate, optionally with its issuers' (PEM or DER)",
        )),
        file("chain", "CERTS.pem").action(ArgAction::Append).help(t(
            "另外嵌入的证书：签名者和时间戳的上级证书",
            "further certificates to embed: issuers of the signer's and of the time stamper's",
        )),
        file("passphrase-file", "FILE").help(t(
            "口令在这个文件里；否则取环境变量 GONGWEN_PASSPHRASE，再否则询问",
            "file with the passphrase; otherwise the variable GONGWEN_PASSPHRASE is used, otherwise it is prompted for",
        )),
        word("field", "NAME").help(t(
            "签在这个签名域；默认是第一个空的",
            "sign in this field; in the first empty one by default",
        )),
        file("seal", "IMAGE").help(t(
            "在签名域的位置显示这个印章图片（PNG、JPEG）",
            "show this image of a seal in the field's place (PNG, JPEG)",
        )),
        word("reason", "TEXT").help(t("签名事由", "why it is signed")),
        word("location", "TEXT").help(t("签名地点", "where it is signed")),
        word("time", "TIME").help(t(
            "签名时间，如 2024-01-31T10:00:00+08:00；默认是现在",
            "the time of signing, such as 2024-01-31T10:00:00+08:00; now by default",
        )),
        flag("pss").help(t("RSA 密钥用 PSS 方式", "an RSA key signs by PSS")),
        word("timestamp", "URL").help(t(
            "向这个时间戳服务器（RFC 3161）要时间戳",
            "have the time stamped by this server (RFC 3161)",
        )),
        word("allow", "WEAKNESS")
            .action(ArgAction::Append)
            .value_parser(PossibleValuesParser::new(
                crate::sign::Weakness::ALL.map(crate::sign::Weakness::name),
            ))
            .hide_possible_values(true)
            .help(t(
                "允许这种缺陷：weak-algorithm（弱算法）、expired（证书过期或未生效）、ambiguous-syntax（各程序读法不一的文件）、breaks-signature（使先前的签名不再成立）",
                "accept this weakness: weak-algorithm, expired (also: not valid yet), ambiguous-syntax (a file that programs read differently), breaks-signature (an earlier signature that would not hold any more)",
            )),
    ]
}

/// The options of long-term validation.
pub fn validation_data(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> [Arg; 2] {
    [
        Arg::new("ltv").long("ltv").action(ArgAction::SetTrue).help(t(
            "嵌入证书和吊销信息，以便日后验证；--crl 未覆盖的，向证书所写的地址索取",
            "embed certificates and revocation data for later verification; what no --crl covers is fetched from the certificates' addresses",
        )),
        Arg::new("crl")
            .long("crl")
            .value_name("FILE")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .action(ArgAction::Append)
            .requires("ltv")
            .help(t("证书吊销列表（DER 或 PEM）", "a list of revoked certificates (DER or PEM)")),
    ]
}

/// The options that add the user's fonts.
pub fn user_fonts(t: impl Fn(&'static str, &'static str) -> &'static str) -> [Arg; 2] {
    [
        Arg::new("fonts")
            .long("fonts")
            .value_name("DIR")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .help(t(
                "用这个文件夹里的方正小标宋、仿宋_GB2312 等字体；其他字体用于它们没有的字",
                "use the fonts in this folder, such as 方正小标宋 and 仿宋_GB2312, and any other for what they lack",
            )),
        Arg::new("prefer-installed").long("prefer-installed").action(ArgAction::SetTrue).help(t(
            "用系统里安装的方正小标宋、仿宋_GB2312 等字体",
            "use the installed fonts, such as 方正小标宋 and 仿宋_GB2312",
        )),
    ]
}

pub fn common(t: impl Fn(&'static str, &'static str) -> &'static str) -> [Arg; 3] {
    [
        Arg::new("lang")
            .long("lang")
            .value_name("LANG")
            .default_value("zh")
            .value_parser(PossibleValuesParser::new(["zh", "en"]))
            .help(t("消息的语言：zh、en", "language of messages: zh, en")),
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .help(t("以 JSON 输出结果", "results as JSON")),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .action(ArgAction::SetTrue)
            .help(t("只输出错误", "only errors")),
    ]
}

/// Root certificates that the command trusts; what for, its own help says.
pub fn trust(help: &'static str) -> Arg {
    Arg::new("trust")
        .long("trust")
        .value_name("ROOTS.pem")
        .action(ArgAction::Append)
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(help)
}

/// The limits on what is read.
pub fn limits(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("limits")
        .long("limits")
        .value_name("WHICH")
        .default_value("usual")
        .value_parser(PossibleValuesParser::new(["usual", "large"]))
        .help(t(
            "输入的限制：usual（默认）；large 把各项放宽到十倍",
            "limits on what is read: usual (by default); large raises all of them ten times",
        ))
}

pub fn layout(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("layout")
        .long("layout")
        .value_name("ID|FILE")
        .help(t("用这个版式，或这个版式文件（.toml）", "use this layout, or this layout file (.toml)"))
}

pub fn layouts_dir(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("layouts")
        .long("layouts")
        .value_name("DIR")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t("自己的版式文件所在的文件夹", "folder of your own layout files"))
}

pub fn assets(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("assets")
        .long("assets")
        .value_name("DIR")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t(
            "图片所在的文件夹；默认是报告所在的文件夹",
            "folder of the images; that of the report by default",
        ))
}

pub fn figures(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("figures")
        .long("figures")
        .value_name("FILE.xlsx|.csv")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t(
            "统计表的数字取自这个工作簿或 CSV 文件（gongwen new 版式 --xlsx 可得到空的）",
            "take the figures of the tables from this workbook or CSV file (gongwen new LAYOUT --xlsx writes an empty one)",
        ))
}

pub fn force(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("force")
        .long("force")
        .action(ArgAction::SetTrue)
        .help(t("覆盖别的程序改过的 Word 文件", "replace Word files that another program has saved"))
}

pub fn output_file(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FILE")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t("写到这个文件；默认是标准输出", "write to this file; to standard output by default"))
}
