//! `gongwen diff`: what changed between two reports.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::diagnostic::Lang;
use crate::diff::{Changes, Piece, PieceKind};
use crate::{DiffError, ExportError, Exporter, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, print, show, words};

/// How many unchanged characters are shown beside a change.
const BESIDE: usize = 16;

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (layouts, _) = print::layouts_of(matches)?;
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let (old, new) = (path("old"), path("new"));
    let limits = files::limits(matches);
    let (old_bytes, new_bytes) = (files::read_report(&old, &limits)?, files::read_report(&new, &limits)?);
    let changes = match Exporter::new().with_layouts(layouts).diff(&old_bytes, &new_bytes, &limits) {
        Ok(changes) => changes,
        Err(DiffError::Old(error)) => return refuse(&old, error, common),
        Err(DiffError::New(error)) => return refuse(&new, error, common),
    };
    let text = if common.json {
        let mut value: Value =
            serde_json::to_value(&changes).map_err(|error| Failure::file(message!("{error}", "{error}")))?;
        value["equal"] = json!(changes.is_empty());
        value["findings"] = json!([]);
        format!("{}\n", show::json_text(&value))
    } else {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        text(&changes, common.lang, colours)
    };
    print::output(matches, &text)
}

fn refuse(file: &Path, error: ExportError, common: Common) -> Result<Outcome, Failure> {
    show::refused(&file.display().to_string(), &words::findings(error)?, common);
    Ok(Outcome::Errors)
}

fn text(changes: &Changes, lang: Lang, colours: bool) -> String {
    if changes.is_empty() {
        return message!("没有不同\n", "no differences\n").get(lang).to_owned();
    }
    let mut lines = Vec::new();
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    let value = |text: &Option<String>| {
        let none = if lang == Lang::Zh { "（无）" } else { "(none)" };
        text.clone().unwrap_or_else(|| none.to_owned())
    };
    for change in &changes.figures {
        let (table, label) = (&change.table, &change.label);
        lines.push(format!("{table} {label}{colon}{} → {}", value(&change.old), value(&change.new)));
    }
    for change in &changes.prose {
        let place = match (&change.old, &change.new) {
            (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
            (Some(place), _) | (None, Some(place)) => place.clone(),
            (None, None) => String::new(),
        };
        lines.push(format!("{place}{colon}{}", pieces(&change.pieces)));
    }
    for change in &changes.fields {
        let place = &change.pointer;
        lines.push(format!("{place}{colon}{} → {}", value(&change.old), value(&change.new)));
    }
    let lines: String = lines.iter().map(|line| show::one_line(line) + "\n").collect();
    // Colours are added last, after control characters of the report are made visible.
    if colours {
        let marks =
            [("[-", "\u{1b}[31m[-"), ("-]", "-]\u{1b}[0m"), ("{+", "\u{1b}[32m{+"), ("+}", "+}\u{1b}[0m")];
        return marks.iter().fold(lines, |lines, (mark, colour)| lines.replace(mark, colour));
    }
    lines
}

/// `我市[-2022-]{+2023+}年`, with unchanged text shortened.
fn pieces(pieces: &[Piece]) -> String {
    let last = pieces.len().saturating_sub(1);
    let piece = |(at, piece): (usize, &Piece)| {
        let text = &piece.text;
        match piece.kind {
            PieceKind::Deleted => format!("[-{text}-]"),
            PieceKind::Inserted => format!("{{+{text}+}}"),
            PieceKind::Same => shortened(text, at > 0, at < last),
        }
    };
    pieces.iter().enumerate().map(piece).collect()
}

fn shortened(text: &str, after: bool, before: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let kept = BESIDE * (usize::from(after) + usize::from(before));
    if characters.len() <= kept + 4 {
        return text.to_owned();
    }
    let head: String = characters.iter().take(if after { BESIDE } else { 0 }).collect();
    let tail: String = characters[characters.len() - if before { BESIDE } else { 0 }..].iter().collect();
    format!("{head}……{tail}")
}
