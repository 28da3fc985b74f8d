//! Blocks of a Word file as prose of a report, for files without an embedded report.

use serde_json::{Value, json};

use super::changes::spanned;
use super::chart;
use super::grid::{Cell, Grid};
use super::measured;
use super::word::Block;
use crate::figures::decimal;
use crate::report::Inlines;
use crate::style::{ColumnAlign, Role};

/// The prose of these blocks. Tables for which `is_layouts` says so are the layout's, with their captions and notes.
pub(super) fn prose(blocks: &[Block], is_layouts: impl Fn(&Grid) -> bool) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut caption = Value::Null;
    let mut above = Above::default();
    // Whether notes and captions belong to the last element.
    let mut after_table = false;
    let mut in_list = false;
    // What an author lets begin a page; the mark of an attachment does so by itself.
    let mut page_break = None;
    // Whether a caption belongs to the last element.
    let mut after_drawing = false;
    for block in blocks {
        let count = found.len();
        let was_in_list = std::mem::take(&mut in_list);
        match block {
            Block::Paragraph { role: Role::TableCaption, text, .. } => caption = json!(text),
            Block::Paragraph { role: Role::TableUnit, text, .. } => above.add(text),
            Block::Paragraph { role: Role::IllustrationCaption, text, .. } if after_drawing => {
                if let Some(last) = found.last_mut() {
                    let own = if last.get("chart").is_some() { &mut last["chart"] } else { last };
                    own["caption"] = json!(text);
                }
            }
            Block::Paragraph { role: Role::TableNote, text, .. } => {
                let table = found.last_mut().filter(|_| after_table).and_then(|last| last.get_mut("table"));
                if let Some(table) = table {
                    match table.get_mut("notes").and_then(Value::as_array_mut) {
                        Some(notes) => notes.push(json!(text)),
                        None => table["notes"] = json!([text]),
                    }
                }
                continue;
            }
            Block::Paragraph { role: role @ Role::ListItem, text, spans } => {
                // Another marker, or a number that starts again, begins another list.
                let begins = text.starts_with("1.") || text.starts_with('①');
                let last = found.last_mut().filter(|list| {
                    was_in_list && !begins && marker(text) == list.get("marker").and_then(Value::as_str)
                });
                let list = last.and_then(|last| last.get_mut("list"));
                match list.and_then(Value::as_array_mut) {
                    Some(list) => list.push(value(*role, text, spans)),
                    None => found.push(list_of(text, value(*role, text, spans))),
                }
                in_list = true;
            }
            Block::Paragraph { role, text, spans } => match heading_level(*role) {
                Some(level) => {
                    found.push(json!({ "heading": value(*role, text, spans), "level": level }));
                }
                None if *role == Role::Body => found.push(value(*role, text, spans)),
                // Known by its name or its number.
                None if matches!(role, Role::Heading1 | Role::Part | Role::Chapter | Role::Section) => {
                    found.push(value(*role, text, spans));
                }
                None => {}
            },
            Block::Table(grid) if is_layouts(grid) => {
                (caption, above) = (Value::Null, Above::default());
            }
            Block::Table(grid) => {
                let mut table = json!({});
                if grid.is_landscape {
                    table["orientation"] = json!("landscape");
                }
                if grid.repeat_columns > 0 {
                    table["repeat_columns"] = json!(grid.repeat_columns);
                }
                // Without one of its own a table is described by its caption.
                let usual = caption.as_str().unwrap_or("表格");
                if let Some(own) = grid.description.as_deref().filter(|own| *own != usual && !own.is_empty())
                {
                    table["description"] = json!(own.replace(char::is_control, " "));
                }
                if !caption.is_null() {
                    table["caption"] = caption.take();
                }
                for (key, text) in std::mem::take(&mut above).keys() {
                    table[key] = json!(text);
                }
                table[measured::MARK] = json!(grid.key);
                let header = grid.header_rows.min(grid.rows.len().saturating_sub(1));
                let (head, body) = grid.rows.split_at(header);
                if !head.is_empty() {
                    table["header"] = rows(head);
                }
                table["rows"] = rows(body);
                if let Some(aligns) = aligns(body) {
                    table["align"] = json!(aligns);
                }
                found.extend(page_break.take());
                found.push(json!({ "table": table }));
                after_table = true;
                continue;
            }
            Block::Picture(Some(drawn)) => {
                found.extend(page_break.take());
                found.push(chart::block(drawn));
                (after_table, after_drawing) = (false, true);
                continue;
            }
            Block::Image(image) if !image.path.is_empty() => {
                found.extend(page_break.take());
                let alt = image.alt.as_deref().unwrap_or("图片");
                found.push(json!({ "image": image.path, "alt": alt, measured::MARK: image.key }));
                (after_table, after_drawing) = (false, true);
                continue;
            }
            // What has no place in the report is told when that is compared with the file.
            Block::Picture(None) | Block::Image(_) | Block::Seal(_) | Block::Gap(_) => {}
            Block::PageBreak => page_break = Some(json!({ "page_break": true })),
        }
        if found.len() > count
            && let Some(page_break) = page_break.take()
        {
            found.insert(count, page_break);
        }
        (after_table, after_drawing) = (false, false);
    }
    found
}

/// The texts above a table besides its caption, from the top and from the left.
#[derive(Default)]
struct Above(Vec<String>);

impl Above {
    fn add(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }

    /// Each with its key: 单位 is the last that says so, 编制单位 begins with its name, 表号 ends with 表.
    fn keys(self) -> Vec<(&'static str, String)> {
        let is_unit = |text: &str| text.contains("单位：") && !text.starts_with("编制单位");
        let last = self.0.len().saturating_sub(1);
        let key = |(at, text): (usize, String)| match at {
            _ if at == last && (is_unit(&text) || last == 0) => ("unit", text),
            0 if text.ends_with('表') || text.starts_with("表号") => ("number", text),
            _ => ("prepared_by", text),
        };
        self.0.into_iter().enumerate().map(key).collect()
    }
}

/// The text of a paragraph with its spans.
fn value(role: Role, text: &str, spans: &Option<Inlines>) -> Value {
    serde_json::from_str(&spanned(role, text, spans.as_ref())).unwrap_or_else(|_| json!(text))
}

fn list_of(text: &str, item: Value) -> Value {
    let mut list = json!({ "list": [item] });
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

/// The alignment of each column of the body, if one is not that which its content has by itself: text at the left, figures
/// in the middle.
fn aligns(body: &[Vec<Cell>]) -> Option<Vec<ColumnAlign>> {
    let width = body.iter().flatten().map(|cell| cell.column + cell.columns).max()?;
    let mut is_special = false;
    let of_column = |column: usize| {
        let own = || body.iter().flatten().filter(|cell| cell.column == column && cell.columns == 1);
        let has = |align: ColumnAlign| own().any(|cell| cell.align == Some(align));
        let has_figures = own().any(|cell| decimal(&cell.text).is_some());
        let (align, special) = match has_figures {
            _ if has(ColumnAlign::Decimal) => (ColumnAlign::Decimal, true),
            _ if has(ColumnAlign::Right) => (ColumnAlign::Right, true),
            true if has(ColumnAlign::Left) => (ColumnAlign::Left, true),
            false if has(ColumnAlign::Centre) => (ColumnAlign::Centre, true),
            true => (ColumnAlign::Centre, false),
            false => (ColumnAlign::Left, false),
        };
        is_special |= special;
        align
    };
    let aligns: Vec<ColumnAlign> = (0..width).map(of_column).collect();
    is_special.then_some(aligns)
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
    let cell = |cell: &Cell| {
        let own = match &cell.noted {
            None => text(&cell.text),
            noted => value(Role::TableLabel, &cell.text, noted),
        };
        let is_one = (cell.columns, cell.rows) == (1, 1);
        if is_one && cell.noted.is_none() && !cell.is_vertical {
            return own;
        }
        let mut cell_of = json!({ "text": own });
        if !is_one {
            cell_of["columns"] = json!(cell.columns);
            cell_of["rows"] = json!(cell.rows);
        }
        if cell.is_vertical {
            cell_of["vertical"] = json!(true);
        }
        cell_of
    };
    rows.iter().map(|row| row.iter().map(cell).collect::<Value>()).collect()
}
