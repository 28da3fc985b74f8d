//! Tables of figures as the JSON that people edit: a row a line.

use std::fmt::Write;

use indexmap::IndexMap;

use super::{Cell, CellClass, Row};

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
            let cells: Vec<String> = cells.iter().map(|cell| cell_json(cell.text())).collect();
            format!("[{}]", cells.join(", "))
        }
        Row::Named(cells) => {
            let cells: Vec<String> = cells
                .iter()
                .map(|(key, cell)| format!("{}: {}", json(key), cell_json(cell.text())))
                .collect();
            format!("{{ {} }}", cells.join(", "))
        }
    }
}

/// A cell as JSON: a figure as a number where JSON has it exactly so.
pub fn cell_json(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    match Cell::new(text).class() {
        CellClass::Figure if !leading_zero => text.to_owned(),
        CellClass::Empty => "null".to_owned(),
        _ => json(text),
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_what_they_are() {
        for (text, wanted) in [
            ("12", "12"),
            ("0.50", "0.50"),
            ("007", "\"007\""),
            ("auto", "\"auto\""),
            ("-8", "\"-8\""),
            ("", "null"),
        ] {
            assert_eq!(cell_json(text), wanted);
        }
    }
}
