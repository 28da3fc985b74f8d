//! Blocks of a Word file as prose of a report, for files without an embedded report.

use serde_json::{Value, json};

use super::changes::without_label;
use super::word::{Block, Cell, Grid};
use crate::style::Role;

/// The prose of these blocks. Tables for which `is_layouts` says so are the layout's, with their captions and notes.
pub(super) fn prose(blocks: &[Block], is_layouts: impl Fn(&Grid) -> bool) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut caption = Value::Null;
    let mut unit = Value::Null;
    // Whether notes and captions belong to the last element.
    let mut after_table = false;
    let mut in_list = false;
    for block in blocks {
        let was_in_list = std::mem::take(&mut in_list);
        match block {
            Block::Paragraph { role: Role::TableCaption, text } => caption = json!(text),
            Block::Paragraph { role: Role::TableUnit, text } => unit = json!(text),
            Block::Paragraph { role: Role::TableNote, text } => {
                let table = found.last_mut().filter(|_| after_table).and_then(|last| last.get_mut("table"));
                if let Some(table) = table {
                    match table.get_mut("notes").and_then(Value::as_array_mut) {
                        Some(notes) => notes.push(json!(text)),
                        None => table["notes"] = json!([text]),
                    }
                }
                continue;
            }
            Block::Paragraph { role: Role::ListItem, text } => {
                // Another marker, or a number that starts again, begins another list.
                let begins = text.starts_with("1.") || text.starts_with('①');
                let last = found.last_mut().filter(|list| {
                    was_in_list && !begins && marker(text) == list.get("marker").and_then(Value::as_str)
                });
                let list = last.and_then(|last| last.get_mut("list"));
                match list.and_then(Value::as_array_mut) {
                    Some(list) => list.push(json!(without_label(text))),
                    None => found.push(list_of(text)),
                }
                in_list = true;
            }
            Block::Paragraph { role, text } => match heading_level(*role) {
                Some(level) => found.push(json!({ "heading": text, "level": level })),
                None if *role == Role::Body => found.push(json!(text)),
                None => {}
            },
            Block::Table(grid) if is_layouts(grid) => (caption, unit) = (Value::Null, Value::Null),
            Block::Table(grid) => {
                let mut table = json!({});
                for (key, value) in [("caption", &mut caption), ("unit", &mut unit)] {
                    if !value.is_null() {
                        table[key] = value.take();
                    }
                }
                let header = grid.header_rows.min(grid.rows.len().saturating_sub(1));
                let (head, body) = grid.rows.split_at(header);
                if !head.is_empty() {
                    table["header"] = rows(head);
                }
                table["rows"] = rows(body);
                found.push(json!({ "table": table }));
                after_table = true;
                continue;
            }
            Block::Picture => {}
        }
        after_table = false;
    }
    found
}

fn list_of(text: &str) -> Value {
    let mut list = json!({ "list": [without_label(text)] });
    if let Some(marker) = marker(text) {
        list["marker"] = json!(marker);
    }
    list
}

/// The marker that an item shows; none where it is a number.
fn marker(text: &str) -> Option<&'static str> {
    match text.chars().next() {
        Some('●') => Some("bullet"),
        Some('①'..='⑳') => Some("circled"),
        _ => None,
    }
}

fn heading_level(role: Role) -> Option<u8> {
    match role {
        Role::Heading2 => Some(2),
        Role::Heading3 => Some(3),
        Role::Heading4 => Some(4),
        _ => None,
    }
}

fn is_written_so(number: &serde_json::Number, text: &str) -> bool {
    let written = number.to_string();
    written == text
}

/// Rows of a free table. A number that JSON would write otherwise stays a text.
fn rows(rows: &[Vec<Cell>]) -> Value {
    let text = |text: &str| match serde_json::from_str::<Value>(text) {
        Ok(Value::Number(number)) if is_written_so(&number, text) => Value::Number(number),
        _ => json!(text),
    };
    let cell = |cell: &Cell| match (cell.columns, cell.rows) {
        (1, 1) => text(&cell.text),
        (columns, rows) => json!({ "text": text(&cell.text), "columns": columns, "rows": rows }),
    };
    rows.iter().map(|row| row.iter().map(cell).collect::<Value>()).collect()
}
