//! Messages for a wrong command line.

use std::process::ExitCode;

use crate::cli::show;
use crate::diagnostic::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Reports what is wrong with the command line: exit code 2. Help and version are no errors.
pub fn refuse(error: &clap::Error, lang: Lang) -> ExitCode {
    let wrong = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    match (lang, chinese(error)) {
        (Lang::Zh, Some(message)) => {
            show::note(&format!("错误：{message}\n\n用 gongwen --help 或 gongwen 命令 --help 查看用法"));
        }
        _ => {
            // Ignored: the terminal may be closed.
            let _ = error.print();
        }
    }
    ExitCode::from(if wrong { 2 } else { 0 })
}

/// clap's commonest errors in Chinese.
fn chinese(error: &clap::Error) -> Option<String> {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(" ")),
        _ => None,
    };
    let near = |kind: ContextKind| text(kind).map(|near| format!("，是不是“{near}”？")).unwrap_or_default();
    let argument = || text(ContextKind::InvalidArg).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("不认识的参数“{}”{}", argument(), near(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("没有命令“{name}”{}", near(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::InvalidValue => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let known =
                text(ContextKind::ValidValue).map(|known| format!("（可用：{known}）")).unwrap_or_default();
            format!("“{}”的值“{value}”不对{known}", argument())
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {}", argument()),
        ErrorKind::ArgumentConflict => format!("参数“{}”不能这样用，或给了两次", argument()),
        _ => return None,
    })
}
