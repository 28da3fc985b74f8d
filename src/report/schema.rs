//! The JSON Schema of a layout's reports: types from the code, names from the layout.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{FORMAT, Prose, Report};
use crate::layout::grid::{GridCell, GridContent, cells};
use crate::layout::{Layout, TableSpec};

/// The JSON Schema (draft 2020-12) of reports of `layout`; of any report where it is none.
///
/// ```
/// let layout = gongwen::Layouts::embedded().get("disclosure-annual-report-2021")?;
/// let schema = gongwen::schema(Some(&layout));
/// assert!(schema["properties"]["tables"].is_object());
/// # Ok::<(), gongwen::LayoutError>(())
/// ```
pub fn schema(layout: Option<&Layout>) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<Prose>();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    close_objects(&mut schema);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("$schema".to_owned(), json!({ "type": "string" }));
        properties.insert(
            "format".to_owned(),
            json!({ "const": FORMAT, "description": "Version of the report format." }),
        );
        if let Some(layout) = layout {
            name_parts(properties, layout);
        }
    }
    if let (Some(layout), Some(root)) = (layout, schema.as_object_mut()) {
        root.insert("title".to_owned(), json!(layout.name));
        root.insert("description".to_owned(), json!(layout.description));
        if let Some(required) = root.get_mut("required").and_then(Value::as_array_mut) {
            let title = layout.title.is_none().then_some("title");
            let year = layout.title.as_ref().filter(|title| title.contains("{year}")).map(|_| "year");
            required.extend([title, year].into_iter().flatten().map(|key| json!(key)));
        }
        if !layout.tables.is_empty() {
            root.insert(
                "if".to_owned(),
                json!({ "required": ["figures"], "properties": { "figures": { "type": "string" } } }),
            );
            root.insert("else".to_owned(), every_figure(layout));
        }
    }
    schema
}

/// No object has members beside those described: an unknown field is an error.
fn close_objects(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(close_objects);
        }
        Value::Array(items) => items.iter_mut().for_each(close_objects),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Sections, tables, rows and columns by the names that the layout gives them.
fn name_parts(properties: &mut Map<String, Value>, layout: &Layout) {
    properties.insert("layout".to_owned(), json!({ "const": layout.id, "description": layout.name }));
    let prose = json!({ "type": "array", "items": { "$ref": "#/$defs/Prose" } });
    if layout.sections.is_empty() {
        properties.insert(
            "sections".to_owned(),
            json!({ "type": "array", "items": { "$ref": "#/$defs/FreeSection" } }),
        );
    } else {
        let mut sections = Map::new();
        for section in &layout.sections {
            let mut schema = prose.clone();
            schema["description"] = json!(section.title);
            if !section.tables.is_empty() {
                schema["x-tables"] = json!(section.tables);
            }
            sections.insert(section.key.clone(), schema);
        }
        properties.insert(
            "sections".to_owned(),
            json!({
                "type": "object", "properties": sections, "additionalProperties": false
            }),
        );
    }
    let tables: Map<String, Value> =
        layout.tables.iter().map(|spec| (spec.key.clone(), table(spec))).collect();
    properties.insert(
        "tables".to_owned(),
        json!({ "type": "object", "properties": tables, "additionalProperties": false }),
    );
}

/// Every table, row and column is required: what a report needs whose figures come from no workbook.
fn every_figure(layout: &Layout) -> Value {
    let rows = |spec: &TableSpec| -> Map<String, Value> {
        let row = |figures| json!({ "required": spec.columns_of(figures).collect::<Vec<_>>() });
        spec.figures.iter().map(|(key, figures)| (key.clone(), row(figures))).collect()
    };
    let required = |members: &Map<String, Value>| members.keys().cloned().collect::<Vec<_>>();
    let tables: Map<String, Value> = layout
        .tables
        .iter()
        .map(|spec| {
            let rows = rows(spec);
            (spec.key.clone(), json!({ "required": required(&rows), "properties": rows }))
        })
        .collect();
    let tables = json!({ "required": required(&tables), "properties": tables });
    json!({ "required": ["tables"], "properties": { "tables": tables } })
}

fn table(spec: &TableSpec) -> Value {
    let cell = |label: &str| json!({ "$ref": "#/$defs/Cell", "description": label });
    let mut rows = Map::new();
    for (key, figures) in &spec.figures {
        let columns: Vec<&str> = spec.columns_of(figures).collect();
        let labels: Vec<&str> = columns.iter().map(|key| spec.columns[*key].as_str()).collect();
        let list: Vec<Value> = labels.iter().map(|label| cell(label)).collect();
        let named: Map<String, Value> =
            columns.iter().zip(&labels).map(|(key, label)| ((*key).to_owned(), cell(label))).collect();
        let count = list.len();
        rows.insert(
            key.clone(),
            json!({
                "description": figures.label,
                "anyOf": [
                    { "type": "array", "prefixItems": list, "items": false, "minItems": count },
                    { "type": "object", "properties": named, "additionalProperties": false }
                ]
            }),
        );
    }
    json!({
        "description": spec.name, "type": "object", "properties": rows, "additionalProperties": false,
        "x-grid": grid(spec)
    })
}

/// The table as it is drawn, for programs that show a form: every cell with its place, a label or a figure.
fn grid(spec: &TableSpec) -> Vec<Value> {
    let cell = |place: GridCell<'_>| {
        let mut cell = json!({
            "row": place.row, "column": place.column, "rows": place.rows, "columns": place.columns,
        });
        match place.content {
            GridContent::Label(text) => {
                cell["text"] = json!(text);
                cell["head"] = json!(place.is_head);
            }
            GridContent::Figure { row, column, index } => {
                let row_label = &spec.figures[row].label;
                let column_label = spec.columns.get(column).map_or(column, String::as_str);
                cell["figures"] = json!(row);
                cell["index"] = json!(index);
                cell["column_key"] = json!(column);
                cell["label"] = json!(format!("{row_label}·{column_label}"));
            }
        }
        cell
    };
    cells(spec).into_iter().map(cell).collect()
}

/// The generator keeps `Cell` and `FreeSection` among the definitions, which the parts refer to.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layouts;

    #[test]
    fn schema_names_sections_tables_rows_and_columns() {
        let layout = Layouts::embedded().get("disclosure-annual-report-2021").expect("ships");
        let schema = schema(Some(&layout));
        let row = &schema["properties"]["tables"]["properties"]["requests"]["properties"]["granted"];
        assert_eq!(row["description"], "（一）予以公开");
        assert_eq!(row["anyOf"][0]["minItems"], 7);
        let grid =
            schema["properties"]["tables"]["properties"]["requests"]["x-grid"].as_array().expect("cells");
        let granted: Vec<&Value> = grid.iter().filter(|cell| cell["figures"] == "granted").collect();
        assert_eq!(granted.len(), 7);
        assert_eq!((&granted[6]["index"], &granted[6]["column_key"]), (&json!(6), &json!("total")));
        assert_eq!(granted[0]["label"], "（一）予以公开·自然人");
        assert!(grid.iter().any(|cell| cell["text"] == "三、本年度办理结果" && cell["rows"] == 22));
        assert!(schema["properties"]["sections"]["properties"]["overview"].is_object());
        for definition in ["Prose", "Cell"] {
            assert!(schema["$defs"][definition].is_object(), "{definition}");
        }
        let general = Layouts::embedded().get("general-document").expect("ships");
        assert!(super::schema(Some(&general))["$defs"]["FreeSection"].is_object());
    }
}
