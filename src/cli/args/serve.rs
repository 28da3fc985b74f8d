//! `gongwen serve`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};

use super::shared::{layouts_dir, trust, user_fonts};
use crate::serve::Size;

pub fn command(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let path = clap::value_parser!(std::path::PathBuf);
    Command::new("serve")
        .about(t(
            "启动 HTTP 服务：网页试用，程序调用，结果与命令逐字节相同",
            "start the service over HTTP: a page to try it and addresses for programs, with the bytes of the command",
        ))
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name("ADDR:PORT")
                .default_value("127.0.0.1:8787")
                .value_parser(clap::value_parser!(std::net::SocketAddr))
                .help(t(
                    "监听的地址和端口，默认 127.0.0.1:8787；本机以外的地址要有 --token-file 或 --anonymous，并用 --host 写明名称",
                    "the address and port, 127.0.0.1:8787 by default; one that other machines reach needs --token-file or --anonymous, and its name by --host",
                )),
        )
        .arg(Arg::new("open").long("open").action(ArgAction::SetTrue).help(t(
            "用浏览器打开网页",
            "open the page in the browser",
        )))
        .arg(
            Arg::new("token-file")
                .long("token-file")
                .value_name("FILE")
                .value_parser(path.clone())
                .help(t(
                    "令牌在这个文件里（至少 16 个字符）；请求要带 Authorization: Bearer 令牌",
                    "file with the token (16 characters or more); requests send Authorization: Bearer TOKEN",
                )),
        )
        .arg(
            Arg::new("anonymous")
                .long("anonymous")
                .action(ArgAction::SetTrue)
                .conflicts_with("token-file")
                .help(t(
                    "别的机器不用令牌也能访问（前面有反向代理把关时）",
                    "other machines need no token (behind a proxy that admits them)",
                )),
        )
        .arg(Arg::new("host").long("host").value_name("NAME").action(ArgAction::Append).help(t(
            "访问时用的主机名，可以多个；localhost、127.0.0.1、[::1] 加端口不用写，其他名称一律拒绝",
            "a name of the host that it is called by, several may be given; localhost, 127.0.0.1 and [::1] with the port are known, all others are refused",
        )))
        .arg(Arg::new("origin").long("origin").value_name("URL").action(ArgAction::Append).help(t(
            "允许这个来源的网页调用，如 https://portal.example.gov.cn；默认都不允许",
            "pages of this origin may call it, such as https://portal.example.gov.cn; none by default",
        )))
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .value_name("N")
                .value_parser(clap::value_parser!(u16).range(1..))
                .help(t("同时处理几份报告，另外几个外来文件；默认都同处理器核数", "how many reports, and besides them how many files of others, are worked on at once; as many as cores by default")),
        )
        .arg(
            Arg::new("queue")
                .long("queue")
                .value_name("N")
                .value_parser(clap::value_parser!(u16))
                .help(t(
                    "两种请求各最多几个等候，默认是 --jobs 的 4 倍；再多的立即回 503",
                    "how many more of each may wait, 4 times --jobs by default; the next gets 503 at once",
                )),
        )
        .arg(
            Arg::new("max-body")
                .long("max-body")
                .value_name("SIZE")
                .value_parser(|text: &str| text.parse::<Size>().map_err(|error| error.to_string()))
                .help(t(
                    "请求体的上限，如 64M；默认报告 4 MiB，文件和表单 32 MiB",
                    "the most bytes of a request, such as 64M; 4 MiB for a report, 32 MiB for files and forms by default",
                )),
        )
        .arg(layouts_dir(t))
        .args(user_fonts(t).into_iter().filter(|argument| argument.get_id() == "fonts"))
        .arg(
            trust(t(
                    "/v1/verify 信任的根证书（PEM 或 DER）；不给则证实不了签名者",
                    "certificates that /v1/verify trusts (PEM or DER); without them no signer is proved",
                )),
        )
        .arg(
            Arg::new("log")
                .long("log")
                .value_name("FORM")
                .default_value("text")
                .value_parser(PossibleValuesParser::new(["text", "json"]))
                .help(t(
                    "标准错误上的日志：text（默认）、json；没有报告的内容",
                    "the log on standard error: text (by default), json; never what reports say",
                )),
        )
        .arg(Arg::new("worker").long("worker").action(ArgAction::SetTrue).hide(true))
        .after_help(t(
            "不写任何文件，不联网；启动后不再打开文件。外来文件由单独的进程读，太费内存、时间的被结束。SIGTERM 或 Ctrl-C 结束，处理中的请求有 10 秒。\n\n例：\n  gongwen serve --open\n  gongwen serve --listen 0.0.0.0:8787 --token-file token.txt --host gongwen.example.gov.cn --log json\n  curl -H 'Content-Type: application/json' --data-binary @年报.json 'http://127.0.0.1:8787/v1/export?as=pdf' -o 年报.pdf",
            "It writes no file and calls nobody; after the start it opens no file. The files of others are read in processes of their own, which are ended when they take too much memory or time. SIGTERM or Ctrl-C ends it; requests in progress have 10 seconds.\n\nExamples:\n  gongwen serve --open\n  gongwen serve --listen 0.0.0.0:8787 --token-file token.txt --host gongwen.example.gov.cn --log json\n  curl -H 'Content-Type: application/json' --data-binary @report.json 'http://127.0.0.1:8787/v1/export?as=pdf' -o report.pdf",
        ))
}
