//! `gongwen serve`: its options read, its files loaded, its address printed.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::diagnostic::Lang;
use crate::serve::{LogForm, Program, ServeError, Settings, Size, serve, work};
use crate::{Exporter, message};
use clap::ArgMatches;
use serde_json::json;

use super::{Common, Failure, Outcome, files, fonts, print, show, sign};

/// The fewest characters of a token: what is shorter can be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Runs the command, until the process is told to end.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let settings = settings(matches, common)?;
    if matches.get_flag("worker") {
        return work(settings).map(|()| Outcome::Done).map_err(failure);
    }
    let open = matches.get_flag("open");
    let served = serve(settings, |address| {
        let url = format!("http://{address}/");
        if common.json {
            show::object(&json!({ "address": url, "findings": [] }));
        } else {
            show::line(&url);
        }
        if open {
            open_browser(&url, common);
        }
    });
    served.map(|()| Outcome::Done).map_err(failure)
}

fn settings(matches: &ArgMatches, common: Common) -> Result<Settings, Failure> {
    let listen =
        matches.get_one::<SocketAddr>("listen").copied().unwrap_or_else(|| ([127, 0, 0, 1], 8787).into());
    let token = matches.get_one::<PathBuf>("token-file").map(|path| token(path)).transpose()?;
    let many = |name: &str| matches.get_many::<String>(name).into_iter().flatten().cloned().collect();
    let hosts: Vec<String> = many("host");
    if !listen.ip().is_loopback() {
        if token.is_none() && !matches.get_flag("anonymous") {
            return Err(Failure::options(message!(
                "{listen} 别的机器也能访问：用 --token-file 给出令牌，或用 --anonymous 表明不用令牌",
                "other machines reach {listen}: give a token by --token-file, or say by --anonymous that none is needed"
            )));
        }
        if hosts.is_empty() {
            return Err(Failure::options(message!(
                "{listen} 别的机器也能访问：用 --host 写明访问时用的主机名",
                "other machines reach {listen}: give the name that they call it by with --host"
            )));
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = matches.get_one::<u16>("jobs").map_or(cores, |jobs| usize::from(*jobs));
    let (layouts, _) = print::layouts_of(matches)?;
    let (fonts, notices) = fonts::in_folder(matches)?;
    if !common.quiet {
        for notice in &notices {
            show::note(&show::text("--fonts", notice, common.lang));
        }
    }
    Ok(Settings {
        listen,
        token,
        hosts,
        origins: many("origin"),
        jobs,
        queue: matches.get_one::<u16>("queue").map_or(4 * jobs, |queue| usize::from(*queue)),
        max_body: matches.get_one::<Size>("max-body").copied(),
        exporter: Exporter::new().with_layouts(layouts).with_fonts(fonts, notices),
        roots: sign::certificates(matches, "trust")?,
        log: match matches.get_one::<String>("log").map(String::as_str) {
            Some("json") => LogForm::Json,
            _ => LogForm::Text,
        },
        program: Some(worker(matches, common)?),
    })
}

/// This program as a worker, with the options that decide what an answer is.
fn worker(matches: &ArgMatches, common: Common) -> Result<Program, Failure> {
    // On Linux this is the program that runs, even if its file was replaced meanwhile.
    let itself = Path::new("/proc/self/exe");
    let path = match cfg!(target_os = "linux") && itself.exists() {
        true => itself.to_owned(),
        false => std::env::current_exe().map_err(|error| failure(ServeError::Workers(error)))?,
    };
    let lang = if common.lang == Lang::Zh { "zh" } else { "en" };
    let mut arguments: Vec<OsString> =
        ["serve", "--worker", "--quiet", "--lang", lang].map(OsString::from).into();
    for name in ["max-body", "layouts", "fonts", "trust"] {
        for value in matches.get_raw(name).into_iter().flatten() {
            let mut argument = OsString::from(format!("--{name}="));
            argument.push(value);
            arguments.push(argument);
        }
    }
    Ok(Program { path, arguments })
}

/// The token of a file. The line's end is the editor's, not part of it.
fn token(path: &Path) -> Result<String, Failure> {
    let bytes = files::read_secret(path, 1 << 16)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if text.len() < SHORTEST_TOKEN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let text = message!(
            "令牌要有至少 {SHORTEST_TOKEN} 个字母、数字或符号，不带空格；可用 openssl rand -hex 32 生成",
            "a token has {SHORTEST_TOKEN} letters, digits and signs or more, without spaces; openssl rand -hex 32 makes one"
        );
        return Err(files::about(path, text));
    }
    Ok(text.to_owned())
}

/// Opens the page. That there is no browser is no failure: the address is printed.
fn open_browser(url: &str, common: Common) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "windows") {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        let text =
            message!("打不开浏览器，请自己打开 {url}", "no browser can be opened; open {url} yourself");
        show::note(text.get(common.lang));
    }
}

/// Why it did not start.
fn failure(error: ServeError) -> Failure {
    match error {
        ServeError::Listen(address, error) => Failure::options(message!(
            "不能监听 {address}：{error}；用 --listen 换一个地址或端口",
            "cannot listen at {address}: {error}; take another address or port by --listen"
        )),
        ServeError::Start(error) => {
            Failure::options(message!("服务启动不了：{error}", "the service cannot start: {error}"))
        }
        ServeError::Workers(error) => Failure::options(message!(
            "读文件的进程启动不了：{error}",
            "the processes that read files cannot be started: {error}"
        )),
        ServeError::Layout(error) => print::unsound(error),
        ServeError::Host(error) => {
            let name = error.0;
            Failure::options(message!(
                "--host：“{name}”不是主机名",
                "--host: \"{name}\" is no name of a host"
            ))
        }
        ServeError::Origin(error) => {
            let name = error.0;
            Failure::options(message!(
                "--origin：“{name}”不是来源，写成 https://portal.example.gov.cn",
                "--origin: \"{name}\" is no origin; write https://portal.example.gov.cn"
            ))
        }
    }
}
