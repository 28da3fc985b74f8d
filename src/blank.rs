//! A report to start from: every part that a layout asks for, with placeholders.

use std::fmt::Write;

use indexmap::IndexMap;
use serde_json::Value;

use crate::check::placeholder::{HERE, TITLE};
use crate::figures::{Key, totals};
use crate::layout::{Layout, PartSpec};
use crate::report::{Cell, FORMAT, Row, tables_json};

/// The file name of the schema, beside the report: `gongwen schema --layout ID -o ID.schema.json`.
pub fn schema_name(layout: &Layout) -> String {
    format!("{}.schema.json", layout.id)
}

/// A report of this layout, as JSON to be edited: placeholders for prose, 0 for figures, `"auto"` for totals.
///
/// ```
/// let layout = gongwen::Layouts::embedded().get("notice")?;
/// assert!(gongwen::blank(&layout, "某某市人民政府办公室", 2024).contains("\"layout\": \"notice\""));
/// # Ok::<(), gongwen::LayoutError>(())
/// ```
pub fn blank(layout: &Layout, issuer: &str, year: u16) -> String {
    blank_with(layout, issuer, year, &BlankFigures::Zero)
}

/// What a report to start from has as its figures.
pub(crate) enum BlankFigures<'a> {
    /// 0, to be written over.
    Zero,
    /// `null`: an empty cell to fill in.
    Open,
    /// Those of a workbook, named from the report's folder.
    Workbook(&'a str),
}

/// The kind of an issuer by its name, as reports write it.
fn issuer_kind(issuer: &str) -> &'static str {
    let is_government = issuer.ends_with("人民政府");
    let is_township = ["镇人民政府", "乡人民政府", "街道办事处"].iter().any(|end| issuer.ends_with(end));
    match (is_township, is_government) {
        (true, _) => "township",
        (false, true) => "government",
        (false, false) => "department",
    }
}

/// The same with other figures.
pub(crate) fn blank_with(layout: &Layout, issuer: &str, year: u16, figures: &BlankFigures) -> String {
    let json = |text: &str| Value::from(text).to_string();
    let mut members = vec![
        ("$schema", json(&schema_name(layout))),
        ("format", FORMAT.to_string()),
        ("layout", json(&layout.id)),
        ("issuer", json(issuer)),
        ("issuer_kind", json(issuer_kind(issuer))),
        ("year", year.to_string()),
    ];
    match &layout.title {
        None => members.push(("title", json(TITLE))),
        Some(title) if title.contains("{period}") => members.push(("period", json(&format!("{year}年")))),
        Some(_) => {}
    }
    let has = |part: PartSpec| layout.parts.contains(&part);
    let date = format!("{}-01-31", year.saturating_add(1));
    if has(PartSpec::TitleNote) {
        members.push(("title_note", json(&format!("{HERE}题注，如某年某月某日某次会议通过"))));
    }
    if has(PartSpec::Byline) {
        let (name, date) = (json(&format!("{HERE}报告人")), json(&format!("{HERE}日期")));
        members.push(("byline", format!("[{name}, {date}]")));
    }
    if has(PartSpec::Cover) {
        members.push(("cover", "{}".to_owned()));
    }
    if has(PartSpec::Contents) {
        members.push(("contents", "{}".to_owned()));
    }
    if has(PartSpec::Letterhead) {
        members.push(("letterhead", "{}".to_owned()));
    }
    if has(PartSpec::Addressee) {
        members.push(("addressee", json(&format!("{HERE}主送机关："))));
    }
    members.push((
        "preamble",
        format!("[\n    {}\n  ]", json(&format!("{HERE}正文之前的说明；不需要就删去这一项。"))),
    ));
    members.push(("sections", sections(layout)));
    match figures {
        _ if layout.tables.is_empty() => {}
        BlankFigures::Zero => members.push(("tables", tables_json(&tables(layout, &Cell::new("0"))))),
        BlankFigures::Open => members.push(("tables", tables_json(&tables(layout, &Cell::open())))),
        BlankFigures::Workbook(path) => members.push(("figures", json(path))),
    }
    if has(PartSpec::Attachments) {
        let (title, body) = (json("附件名称"), json(&format!("{HERE}附件；没有附件就删去这一项。")));
        members.push(("attachments", format!("[\n    {{ \"title\": {title}, \"body\": [{body}] }}\n  ]")));
    }
    if has(PartSpec::Attendance) {
        let names = |what: &str| format!("[{}]", json(&format!("{HERE}{what}")));
        let lists = [("present", "出席人员"), ("excused", "请假人员"), ("observers", "列席人员")];
        let lists: Vec<String> =
            lists.iter().map(|(key, what)| format!("\"{key}\": {}", names(what))).collect();
        members.push(("attendance", format!("{{ {} }}", lists.join(", "))));
    }
    if has(PartSpec::Stamp) {
        let post = json(&format!("{HERE}职务"));
        members.push((
            "signature",
            format!("{{ \"date\": {}, \"stamp\": {{ \"post\": {post} }} }}", json(&date)),
        ));
    } else if !has(PartSpec::Attendance) {
        members.push(("signature", format!("{{ \"date\": {} }}", json(&date))));
    }
    if has(PartSpec::IssuedText) {
        let (title, body) = (
            json(&format!("{HERE}印发文件的标题")),
            json(&format!("{HERE}印发文件的正文；没有就删去这一项。")),
        );
        members.push(("issued_text", format!("{{ \"title\": {title}, \"body\": [{body}] }}")));
    }
    if has(PartSpec::Remark) {
        members.push(("remark", json("此件公开发布")));
    }
    let mut colophon = Vec::new();
    if has(PartSpec::CopiesTo) {
        colophon.push(format!("\"copies_to\": [{}]", json(&format!("{HERE}抄送机关"))));
    }
    if has(PartSpec::Printed) {
        colophon.push(format!("\"printed_by\": {}, \"printed_on\": {}", json(issuer), json(&date)));
    }
    if !colophon.is_empty() {
        members.push(("colophon", format!("{{ {} }}", colophon.join(", "))));
    }
    if has(PartSpec::Letterhead) {
        let number = json(&format!("某府发〔{}〕1号", year.saturating_add(1)));
        members.push(("metadata", format!("{{ \"document_number\": {number} }}")));
    }
    let mut text = String::from("{");
    for (at, (key, value)) in members.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing to a string never fails.
        let _ = write!(text, "{comma}\n  \"{key}\": {value}");
    }
    text + "\n}\n"
}

fn sections(layout: &Layout) -> String {
    let json = |text: &str| Value::from(text).to_string();
    if layout.sections.is_empty() {
        let (title, body) = (json("基本情况"), json(&format!("{HERE}正文，一个自然段一个字符串。")));
        return format!(
            "[\n    {{\n      \"title\": {title},\n      \"body\": [\n        {body}\n      ]\n    }}\n  ]"
        );
    }
    let written = layout.sections.iter().filter(|section| section.required || section.tables.is_empty());
    let written: Vec<String> = written
        .map(|section| {
            let (key, title) = (json(&section.key), &section.title);
            let example = section.example.clone().unwrap_or_else(|| format!("{HERE}{title}。"));
            format!("\n    {key}: [\n      {}\n    ]", json(&example))
        })
        .collect();
    format!("{{{}\n  }}", written.join(","))
}

fn tables(layout: &Layout, cell: &Cell) -> IndexMap<String, IndexMap<String, Row>> {
    let totals = totals(layout);
    let tables = layout.tables.iter().map(|table| {
        let rows = table.figures.iter().map(|(row, figures)| {
            let cells = table.columns_of(figures).map(|column| {
                let key = Key { table: &table.key, row, column };
                if totals.contains_key(&key) { Cell::new("auto") } else { cell.clone() }
            });
            (row.clone(), Row::List(cells.collect()))
        });
        (table.key.clone(), rows.collect())
    });
    tables.collect()
}
