//! Diagnostics as people and machines read them.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::{Common, words};
use crate::diagnostic::{Diagnostic, Lang, Position, RelatedCell, Severity, Silenced};
use crate::message;

/// Lines on standard error, without anything that a terminal obeys. Ignored: its reader may have closed it.
pub fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible(line));
}

/// Whether a result was lost: the disk behind standard output is full.
static LOST: AtomicBool = AtomicBool::new(false);

/// A result on standard output. A reader that closed it, such as head, is no failure; all else is one at the end.
pub fn out(text: &str) {
    out_bytes(text.as_bytes());
}

/// One line on standard output, of what may come from a file, a name or a certificate.
pub fn line(text: &str) {
    out(&format!("{}\n", one_line(text)));
}

/// The same with bytes of any kind.
pub fn out_bytes(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    if written.is_err_and(|error| error.kind() != ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether a result was lost since the last call.
pub fn lost() -> bool {
    LOST.swap(false, Ordering::Relaxed)
}

/// A result of `--json`, one line on standard output.
pub fn object(value: &Value) {
    out(&format!("{}\n", json_text(value)));
}

/// A value as JSON in which whatever a terminal obeys is escaped: such characters stand in strings alone.
pub fn json_text(value: &Value) -> String {
    let text = value.to_string();
    if !text.contains(is_obeyed) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_obeyed(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Findings about a file that nothing was made of: lines on standard error, or with `--json` the one object.
pub fn refused(file: &str, findings: &[Diagnostic], common: Common) {
    if common.json {
        object(&json!({ "file": file, "findings": findings }));
        return;
    }
    for finding in findings {
        note(&text(file, finding, common.lang));
    }
}

/// One finding in text: `FILE:LINE:COLUMN: error[rule]: message`, then the hint.
pub fn text(file: &str, diagnostic: &Diagnostic, lang: Lang) -> String {
    format!("{}{}", head(file, diagnostic, lang), hint(diagnostic, lang))
}

/// Whether JSON pointers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointers {
    Shown,
    Hidden,
}

/// One finding with its line of the source, its figures, and the hint.
pub fn finding(
    file: &str,
    diagnostic: &Diagnostic,
    lang: Lang,
    snippet: Option<String>,
    pointers: Pointers,
) -> String {
    let mut text = head(file, diagnostic, lang);
    let pointer = |pointer: &str| match pointers {
        Pointers::Shown if !pointer.is_empty() => format!("  {pointer}"),
        Pointers::Shown | Pointers::Hidden => String::new(),
    };
    text.push_str(&one_line(&pointer(&diagnostic.pointer)));
    if let Some(snippet) = snippet {
        text.push('\n');
        text.push_str(&snippet);
    }
    let (suspect, previous, computed) = match lang {
        Lang::Zh => ("  ← 很可能是它", "上年 ", "（程序算出）"),
        Lang::En => ("  ← likely wrong", "last year ", " (computed)"),
    };
    for cell in shown_cells(&diagnostic.related) {
        let (label, value, pointer) = (&cell.label, &cell.value, pointer(&cell.pointer));
        let computed = if cell.computed { computed } else { "" };
        let at =
            cell.place.as_ref().map_or_else(String::new, |place| format!("  {}", place.message().get(lang)));
        let whose = match &cell.unit {
            Some(unit) => format!("{unit}  "),
            None => if cell.previous { previous } else { "" }.to_owned(),
        };
        let suspect = if cell.suspect { suspect } else { "" };
        let cell = one_line(&format!("{whose}{label} = {value}{computed}{at}{suspect}{pointer}"));
        text.push_str("\n    ");
        text.push_str(&cell);
    }
    let left_out = diagnostic.related.len() - shown_cells(&diagnostic.related).count();
    if left_out > 0 {
        let omitted = message!("\n    （另有 {left_out} 个为 0 的）", "\n    ({left_out} more that are 0)");
        text.push_str(omitted.get(lang));
    }
    text + &hint(diagnostic, lang)
}

/// The figure that is likely the cause of a finding, if there is one alone.
pub fn cause(diagnostic: &Diagnostic) -> Option<&str> {
    let mut suspects = diagnostic.related.iter().filter(|cell| cell.suspect && !cell.previous);
    match (suspects.next(), suspects.next()) {
        (Some(only), None) => Some(&only.pointer),
        _ => None,
    }
}

/// One more finding with the cause of another, on a line of its own.
pub fn consequence(diagnostic: &Diagnostic, lang: Lang) -> String {
    let (rule, message) = (one_line(&diagnostic.rule), one_line(diagnostic.message.get(lang)));
    let text = message!(
        "\n    同一个数字还使[{rule}]不成立：{message}",
        "\n    the same figure breaks [{rule}]: {message}"
    );
    text.get(lang).to_owned()
}

/// The figures that are shown: in a long sum, zeros are omitted.
fn shown_cells(cells: &[RelatedCell]) -> impl Iterator<Item = &RelatedCell> {
    cells.iter().filter(move |cell| cells.len() <= 6 || cell.suspect || cell.value != "0")
}

/// One silenced finding, with the reason.
pub fn silenced(file: &str, Silenced { finding: diagnostic, reason }: &Silenced, lang: Lang) -> String {
    let place = one_line(&place(file, diagnostic, lang));
    let (rule, message) = (one_line(&diagnostic.rule), one_line(diagnostic.message.get(lang)));
    let reason = one_line(reason);
    let text = message!(
        "{place}: 已略过[{rule}]：{message}\n    理由：{reason}",
        "{place}: silenced[{rule}]: {message}\n    reason: {reason}"
    );
    text.get(lang).to_owned()
}

/// What the report silences, lines on standard error. They are no errors, and quiet leaves them out.
pub fn all_silenced(file: &str, all: &[Silenced], common: Common) {
    for one in all.iter().filter(|_| !common.quiet) {
        note(&silenced(file, one, common.lang));
    }
}

/// Where it is: in the file that the figure was read from, or in the report.
fn place(file: &str, diagnostic: &Diagnostic, lang: Lang) -> String {
    match (&diagnostic.place, diagnostic.position) {
        (Some(place), _) => format!("{file} {}", place.message().get(lang)),
        // What is missing is nowhere in the file.
        (None, Some(Position { line: 1, column: 1 })) if !diagnostic.pointer.is_empty() => file.to_owned(),
        (None, Some(position)) => format!("{file}:{position}"),
        (None, None) => file.to_owned(),
    }
}

/// `FILE:LINE:COLUMN: error[rule]: message`
fn head(file: &str, diagnostic: &Diagnostic, lang: Lang) -> String {
    let place = one_line(&place(file, diagnostic, lang));
    let (severity, colon) = match (lang, diagnostic.severity) {
        (Lang::Zh, Severity::Error) => ("错误", "："),
        (Lang::Zh, Severity::Warning) => ("警告", "："),
        (Lang::En, Severity::Error) => ("error", ": "),
        (Lang::En, Severity::Warning) => ("warning", ": "),
    };
    let (rule, message) = (one_line(&diagnostic.rule), one_line(diagnostic.message.get(lang)));
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    format!("{place}{severity}[{rule}]{colon}{message}")
}

/// What to do about it, on a line of its own.
fn hint(diagnostic: &Diagnostic, lang: Lang) -> String {
    let label = match lang {
        Lang::Zh => "提示：",
        Lang::En => "hint: ",
    };
    let words = diagnostic.hint.as_ref().map(words::hint);
    words.map(|words| format!("\n    {label}{}", one_line(words.get(lang)))).unwrap_or_default()
}

/// Whether a terminal does something at this character beside drawing it: controls, ends of lines, and what turns the
/// direction of what follows.
pub fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text of several lines with everything else escaped that a terminal obeys: nothing of it may come from a report.
pub fn visible(text: &str) -> String {
    escaped(text, |character| character == '\n')
}

/// Text of a report, a name or a certificate: one that holds the end of a line could look like another message.
pub fn one_line(text: &str) -> String {
    escaped(text, |_| false)
}

fn escaped(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_obeyed(character) && !is_kept(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A number of bytes in readable units.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.0} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}
