//! Writing: a report as JSON for people to edit, indented, with each list of figures on one line.

use std::fmt::Write;

use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Cell, CellClass, Report, Row};
use crate::source::{Node, Source};

/// A list without objects or lists in it stays on one line up to this many characters.
const ONE_LINE: usize = 100;

impl Report {
    /// The report as JSON. Reading it gives the same report.
    ///
    /// ```
    /// use gongwen::report::{Prose, Report};
    ///
    /// let report = Report {
    ///     format: 1,
    ///     layout: "general-document".into(),
    ///     issuer: vec!["某某市人民政府办公室".into()],
    ///     title: Some("关于样例的说明".into()),
    ///     preamble: vec![Prose::Text("正文。".into())],
    ///     ..Report::default()
    /// };
    /// assert!(report.to_json().starts_with("{\n  \"format\": 1,\n"));
    /// ```
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string(self).expect("strings, numbers, lists and objects are JSON");
        match Source::parse(text.as_bytes()) {
            Ok(source) => pretty(source.root(), 0) + "\n",
            // Beyond the limits of the reader: not indented, but complete.
            Err(_) => text,
        }
    }
}

/// A value, indented for editing.
fn pretty(node: &Node, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let (open, close, items): (char, char, Vec<String>) = match node {
        Node::Null => return "null".to_owned(),
        Node::Bool(value) => return value.to_string(),
        Node::Number(text) => return text.clone(),
        Node::String(text) => return json(text),
        Node::Array(items) => ('[', ']', items.iter().map(|item| pretty(item, depth + 1)).collect()),
        Node::Object(members) => {
            let member =
                |(key, value): &(String, Node)| format!("{}: {}", json(key), pretty(value, depth + 1));
            ('{', '}', members.iter().map(member).collect())
        }
    };
    let is_flat = |item: &String| !item.contains('\n');
    let length: usize = items.iter().map(|item| item.chars().count() + 2).sum();
    let is_list = matches!(node, Node::Array(_));
    if items.is_empty() || (is_list && items.iter().all(is_flat) && length <= ONE_LINE) {
        return format!("{open}{}{close}", items.join(", "));
    }
    format!("{open}\n{inner}{}\n{}{close}", items.join(&format!(",\n{inner}")), "  ".repeat(depth))
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A number keeps its own digits: 0.50 is not 0.5.
        match RawValue::from_string(self.to_json()) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => self.text().serialize(serializer),
        }
    }
}

/// A single name without a list.
pub(super) fn one_or_many<S: Serializer>(names: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match names {
        [only] => only.serialize(serializer),
        names => names.serialize(serializer),
    }
}

/// The same for names that may be absent.
#[expect(clippy::ref_option, reason = "the form that serde calls")]
pub(super) fn some_names<S: Serializer>(
    names: &Option<Vec<String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    one_or_many(names.as_deref().unwrap_or_default(), serializer)
}

/// The value of `tables`, indented as a member of the report.
pub fn tables_json(tables: &IndexMap<String, IndexMap<String, Row>>) -> String {
    let mut text = String::from("{");
    for (at, (key, rows)) in tables.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing to a string never fails.
        let _ = write!(text, "{comma}\n    {}: {{", json(key));
        for (at, (key, row)) in rows.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(text, "{comma}\n      {}: {}", json(key), row_json(row));
        }
        text.push_str(if rows.is_empty() { "}" } else { "\n    }" });
    }
    text.push_str(if tables.is_empty() { "}" } else { "\n  }" });
    text
}

fn row_json(row: &Row) -> String {
    match row {
        Row::List(cells) => {
            let cells: Vec<String> = cells.iter().map(Cell::to_json).collect();
            format!("[{}]", cells.join(", "))
        }
        Row::Named(cells) => {
            let cells: Vec<String> =
                cells.iter().map(|(key, cell)| format!("{}: {}", json(key), cell.to_json())).collect();
            format!("{{ {} }}", cells.join(", "))
        }
    }
}

impl Cell {
    /// The cell as JSON.
    pub fn to_json(&self) -> String {
        match self.class() {
            CellClass::Open => "null".to_owned(),
            _ => cell_json(self.text()),
        }
    }
}

/// The text of a cell as JSON: a figure is a number if JSON can write it exactly so.
pub fn cell_json(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    match Cell::new(text).class() {
        CellClass::Figure if !leading_zero => text.to_owned(),
        _ => json(text),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) {
        let read = |text: &str| {
            let source = Source::parse(text.as_bytes()).expect("is JSON");
            crate::report::read(&source).unwrap_or_else(|found| panic!("{found:?}")).0
        };
        let report = read(text);
        let written = report.to_json();
        assert_eq!(format!("{:?}", read(&written)), format!("{report:?}"), "{written}");
        assert_eq!(read(&written).to_json(), written);
    }

    #[test]
    fn reports_are_written_as_they_are_read() {
        for example in [
            include_str!("../../examples/qingzhen-2023.json"),
            include_str!("../../examples/shanghai-office-2019.json"),
            include_str!("../../examples/every-block.json"),
            include_str!("../../examples/wide-tables.json"),
            include_str!("../../examples/statistical-communique.json"),
            include_str!("../../examples/letter.json"),
            include_str!("../../examples/notice.json"),
        ] {
            check(example);
        }
    }

    #[test]
    fn cells_stay_what_they_are() {
        for (text, wanted) in [
            ("12", "12"),
            ("0.50", "0.50"),
            ("007", "\"007\""),
            ("auto", "\"auto\""),
            ("-8", "\"-8\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell_json(text), wanted);
        }
        assert_eq!(Cell::open().to_json(), "null");
    }
}
