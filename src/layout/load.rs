//! Loading of layout files: TOML text, the file that it extends, and then the checks of `validate`.

use serde::Deserialize;
use toml::{Table, Value};

use super::mistakes::{self, Found};
use super::{FORMAT, Layout, validate};
use crate::diagnostic::{Message, Position};
use crate::message;

/// Why a layout cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{file}: {}", message.en)]
pub struct LayoutError {
    /// The file, or the id for one that is part of the program.
    pub file: String,
    /// Where in the file, if that is known.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: Message,
}

/// How many layouts may extend one another.
pub(super) const MAX_EXTENDS: usize = 8;

/// Reads a layout from the text of its file. `base` finds the text of the layout that it extends.
///
/// # Errors
/// If the text is not TOML, not a layout, or not a valid one.
pub(super) fn load(
    file: &str,
    text: &str,
    base: &dyn Fn(&str) -> Option<String>,
) -> Result<Layout, LayoutError> {
    let fail = |mistakes: &[Message]| {
        let message = mistakes::together(mistakes);
        LayoutError { file: file.to_owned(), position: None, message }
    };
    let merged = extended(file, text, base, 0)?;
    let Ok(layout) = Layout::deserialize(Value::Table(merged)) else {
        let usual: Option<Table> = base(USUAL).and_then(|text| text.parse().ok());
        let Found { mut mistakes, rest } = mistakes::of(extended(file, text, base, 0)?, usual.as_ref());
        mistakes.extend(rest.iter().flat_map(validate::validate));
        return Err(fail(&mistakes));
    };
    let mistakes = validate::validate(&layout);
    if mistakes.is_empty() { Ok(layout) } else { Err(fail(&mistakes)) }
}

/// The layout that most others extend.
const USUAL: &str = "base-gbt9704";

/// The entries of a file that are read before the rest is known to be a complete layout.
#[derive(Deserialize)]
struct Head {
    format: u64,
    extends: Option<String>,
}

/// The id of the layout that a layout's text extends.
pub(super) fn extended_by(text: &str) -> Option<String> {
    let table: Table = text.parse().ok()?;
    Some(table.get("extends")?.as_str()?.to_owned())
}

fn extended(
    file: &str,
    text: &str,
    base: &dyn Fn(&str) -> Option<String>,
    depth: usize,
) -> Result<Table, LayoutError> {
    let fail = |position, message| LayoutError { file: file.to_owned(), position, message };
    let mut table: Table = match text.parse() {
        Ok(table) => table,
        Err(_) => return Err(unparsed(file, text)),
    };
    let head: Head = Head::deserialize(Value::Table(table.clone())).map_err(|error| {
        let Message { zh, en } = mistakes::head(error.to_string().trim());
        fail(None, message!("不是版式文件：{zh}", "not a layout file: {en}"))
    })?;
    if head.format != FORMAT {
        let given = head.format;
        return Err(fail(
            None,
            message!(
                "不认识的版式文件版本 {given}，本程序读版本 {FORMAT}",
                "unknown version {given} of the layout format; this program reads version {FORMAT}"
            ),
        ));
    }
    let Some(name) = head.extends else { return Ok(table) };
    table.remove("extends");
    if depth >= MAX_EXTENDS {
        return Err(fail(None, message!("extends 互相引用", "extends is circular")));
    }
    let base_text = base(&name).ok_or_else(|| {
        fail(
            None,
            message!("extends 的版式“{name}”不存在", "the layout \"{name}\" that it extends does not exist"),
        )
    })?;
    let mut merged = extended(&name, &base_text, base, depth + 1)?;
    overlay(&mut merged, table);
    Ok(merged)
}

/// The mistakes of a text that is not TOML. Of a line the first is told: what follows may be its consequence.
fn unparsed(file: &str, text: &str) -> LayoutError {
    let (_, errors) = toml::de::DeTable::parse_recoverable(text);
    let mut found: Vec<(Position, Message)> = Vec::new();
    for error in errors {
        let position = Position::of(text, error.span().map_or(0, |span| span.start));
        if found.iter().all(|(known, _)| known.line != position.line) && found.len() < mistakes::MOST {
            found.push((position, mistakes::syntax(error.message())));
        }
    }
    found.sort_by_key(|(position, _)| *position);
    let file = file.to_owned();
    match &found[..] {
        [(position, message)] => LayoutError { file, position: Some(*position), message: message.clone() },
        _ => {
            let placed = |(Position { line, column }, Message { zh, en }): &(Position, Message)| {
                message!("第 {line} 行第 {column} 列：{zh}", "line {line}, column {column}: {en}")
            };
            let message = mistakes::together(&found.iter().map(placed).collect::<Vec<_>>());
            LayoutError { file, position: None, message }
        }
    }
}

/// Overrides `under` by `over`: tables key by key, everything else as a whole.
fn overlay(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}
