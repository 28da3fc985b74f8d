//! Diagnostics as people and machines read them.

use gongwen::diagnostic::{Diagnostic, Lang, Severity};
use serde_json::{Value, json};

/// One finding in text: `FILE:LINE:COLUMN: error[rule]: message` with its pointer, then the hint.
pub fn text(file: &str, diagnostic: &Diagnostic, lang: Lang) -> String {
    let place = diagnostic.position.map_or_else(|| file.to_owned(), |position| format!("{file}:{position}"));
    let (severity, hint_label, colon) = match (lang, diagnostic.severity) {
        (Lang::Zh, Severity::Error) => ("错误", "提示", "："),
        (Lang::Zh, Severity::Warning) => ("警告", "提示", "："),
        (Lang::En, Severity::Error) => ("error", "hint", ": "),
        (Lang::En, Severity::Warning) => ("warning", "hint", ": "),
    };
    let (rule, message) = (&diagnostic.rule, diagnostic.message.get(lang));
    let mut text = format!("{place}: {severity}[{rule}]{colon}{message}");
    if !diagnostic.pointer.is_empty() {
        text.push_str(&format!("  {}", diagnostic.pointer));
    }
    if let Some(hint) = &diagnostic.hint {
        text.push_str(&format!("\n    {hint_label}{colon}{}", hint.get(lang)));
    }
    visible(&text)
}

/// The text with its control characters written out: none of a report's may reach a terminal.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\n' {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// One finding as JSON.
pub fn value(file: &str, diagnostic: &Diagnostic, lang: Lang) -> Value {
    json!({
        "file": file,
        "severity": diagnostic.severity,
        "rule": diagnostic.rule,
        "pointer": diagnostic.pointer,
        "line": diagnostic.position.map(|position| position.line),
        "column": diagnostic.position.map(|position| position.column),
        "message": diagnostic.message.get(lang),
        "hint": diagnostic.hint.as_ref().map(|hint| hint.get(lang)),
    })
}

/// A number of bytes as people read it.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.0} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
