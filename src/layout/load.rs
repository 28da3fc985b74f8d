//! Loading of layout files: TOML text, the file that it extends, and then the checks of `validate`.

use serde::Deserialize;
use toml::{Table, Value};

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
    let merged = extended(file, text, base, 0)?;
    let layout: Layout = serde_path_to_error::deserialize(Value::Table(merged)).map_err(|error| {
        let path = error.path().to_string();
        let detail = error.into_inner().to_string();
        let detail = detail.trim().to_owned();
        let error = message!("{path}：{detail}", "{path}: {detail}");
        LayoutError { file: file.to_owned(), position: None, message: error }
    })?;
    validate::validate(&layout).map_err(|message| LayoutError {
        file: file.to_owned(),
        position: None,
        message,
    })?;
    Ok(layout)
}

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
    let mut table: Table = text.parse().map_err(|error: toml::de::Error| {
        let detail = error.message().to_owned();
        let position = error.span().map(|span| Position::of(text, span.start));
        fail(position, message!("TOML 语法错误：{detail}", "TOML syntax: {detail}"))
    })?;
    let head: Head = Head::deserialize(Value::Table(table.clone())).map_err(|error| {
        let detail = error.to_string().trim().to_owned();
        fail(None, message!("不是版式文件：{detail}", "not a layout file: {detail}"))
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
