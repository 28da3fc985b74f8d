//! The expected texts of a report's documents, derived from the JSON and the layout's file alone, without the
//! library.
//!
//! White space is left out everywhere, because lines are broken anew in every document.

use std::rc::Rc;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::command::root;

/// A part: the text of a paragraph, or of a cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Without white space; never empty.
    pub text: String,
    /// Whether it is the content of a figure's cell.
    pub figure: bool,
    /// The header of the table that it is in, which pages repeat.
    pub header: Option<Rc<str>>,
    /// The number of the part after its row.
    pub row_end: Option<usize>,
    /// A cell over several rows comes before the part of this number: it may be printed beside any of its rows.
    pub until: Option<usize>,
    /// The caption of a chart: in a PDF the texts of the chart, which are those of its table, stand before it.
    pub of_chart: bool,
}

/// Reads a report. A number that is written in another way than usual, such as 98.70, is kept as text.
pub fn read(text: &str) -> Value {
    fn value(raw: &RawValue) -> Value {
        let text = raw.get();
        match text.as_bytes()[0] {
            b'{' => {
                let members: indexmap::IndexMap<String, &RawValue> =
                    serde_json::from_str(text).expect("JSON");
                Value::Object(members.into_iter().map(|(key, raw)| (key, value(raw))).collect())
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).expect("JSON");
                let mut items: Vec<Value> = items.into_iter().map(value).collect();
                // Only totals at the ends of rows are left to be computed in what the tests read.
                if items.last() == Some(&json!("auto")) {
                    let last = items.len() - 1;
                    items[last] = json!(items[..last].iter().filter_map(Value::as_u64).sum::<u64>());
                }
                Value::Array(items)
            }
            _ => match serde_json::from_str(text).expect("JSON") {
                Value::Number(number) if number.to_string() != text => Value::String(text.to_owned()),
                value => value,
            },
        }
    }
    value(serde_json::from_str(text).expect("JSON"))
}

/// The parts of a report in the order in which they are read.
pub fn parts(report: &Value) -> Vec<Part> {
    let mut parts = Parts { found: Vec::new(), report, layout: &layout(report) };
    parts.document();
    parts.found
}

/// Whether the first page of a report's document has a number.
pub fn first_page_is_numbered(report: &Value) -> bool {
    let number = &layout(report)["page_number"];
    number.get("on_first_page").and_then(toml::Value::as_bool).unwrap_or(true)
}

/// The layout of a report, merged with those that it extends.
fn layout(report: &Value) -> toml::Table {
    extended(report["layout"].as_str().expect("a layout"))
}

fn extended(id: &str) -> toml::Table {
    let path = root().join("layouts").join(id).with_extension("toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let own = text.parse::<toml::Table>().expect("a layout");
    let mut layout = own.get("extends").and_then(toml::Value::as_str).map(extended).unwrap_or_default();
    for (key, value) in own {
        match (layout.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => below.extend(above),
            (_, value) => {
                layout.insert(key, value);
            }
        }
    }
    layout
}

/// A text without its white space.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Where the mark of a footnote stands in the text of a part.
pub const MARK: char = '\u{1}';

/// The text of a string, or of a list of strings, spans and footnotes.
fn inlines(text: &Value) -> String {
    match text {
        Value::Array(pieces) => {
            let mark = MARK.to_string();
            let piece = |piece: &Value| {
                let note = piece["note"].as_str().map(|_| mark.clone());
                piece.as_str().or(piece["text"].as_str()).map(str::to_owned).or(note).expect("a text")
            };
            pieces.iter().map(piece).collect()
        }
        text => text.as_str().expect("a text").to_owned(),
    }
}

/// The text of a figure or of a cell as it was typed.
pub fn cell_text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        number => number.to_string(),
    }
}

struct Cell {
    text: String,
    figure: bool,
    rows: usize,
}

struct Parts<'a> {
    found: Vec<Part>,
    report: &'a Value,
    layout: &'a toml::Table,
}

impl Parts<'_> {
    fn document(&mut self) {
        let report = self.report;
        self.letterhead();
        if self.layout.get("print_title").and_then(toml::Value::as_bool) != Some(false) {
            self.text(&self.title());
        }
        self.below_title(report);
        self.text(report["addressee"].as_str().unwrap_or_default());
        self.prose(&report["preamble"]);
        match self.layout.get("sections").and_then(toml::Value::as_array) {
            Some(sections) => {
                for (at, section) in sections.iter().enumerate() {
                    self.named_section(section, at + 1);
                }
            }
            None => self.free_sections(&report["sections"]),
        }
        self.attachment_note(&report["attachments"]);
        for (key, label) in [("present", "出席："), ("excused", "请假："), ("observers", "列席：")] {
            let names: Vec<&str> =
                list(&report["attendance"][key]).iter().filter_map(Value::as_str).collect();
            if !names.is_empty() {
                self.text(&format!("{label}{}", names.concat()));
            }
        }
        self.signature();
        if let Some(remark) = report["remark"].as_str() {
            self.text(&format!("（{remark}）"));
        }
        let issued = &report["issued_text"];
        if issued.is_object() {
            self.text(issued["title"].as_str().expect("a title"));
            self.below_title(issued);
            self.prose(&issued["body"]);
            self.free_sections(&issued["sections"]);
            self.attachment_note(&issued["attachments"]);
            self.attachments(&issued["attachments"]);
        }
        self.attachments(&report["attachments"]);
        self.colophon();
    }

    /// The lines under the title of a report or of the text that it issues.
    fn below_title(&mut self, titled: &Value) {
        self.text(titled["subtitle"].as_str().unwrap_or_default());
        if titled["number_below_title"] == true {
            self.text(titled["metadata"]["document_number"].as_str().expect("a number"));
        }
        if let Some(note) = titled["title_note"].as_str() {
            self.text(&if note.starts_with('（') { note.to_owned() } else { format!("（{note}）") });
        }
        for line in list(&titled["byline"]) {
            self.text(line.as_str().expect("a line"));
        }
    }

    fn attachment_note(&mut self, attachments: &Value) {
        let attachments = list(attachments);
        for (at, attachment) in attachments.iter().enumerate() {
            let title = attachment["title"].as_str().expect("a title");
            let label = match (attachments.len(), at) {
                (1, _) => "附件：".to_owned(),
                (_, 0) => "附件：1.".to_owned(),
                _ => format!("{}.", at + 1),
            };
            self.text(&format!("{label}{title}"));
        }
    }

    fn attachments(&mut self, attachments: &Value) {
        let attachments = list(attachments);
        for (at, attachment) in attachments.iter().enumerate() {
            if list(&attachment["body"]).is_empty() {
                continue;
            }
            let number = if attachments.len() == 1 { String::new() } else { (at + 1).to_string() };
            self.text(&format!("附件{number}"));
            self.text(attachment["title"].as_str().expect("a title"));
            self.prose(&attachment["body"]);
        }
    }

    fn letterhead(&mut self) {
        let report = self.report;
        let letterhead = &report["letterhead"];
        if letterhead.is_null() {
            return;
        }
        let spec = &self.layout["letterhead"];
        let host = || format!("{}{}", names(&report["issuer"])[0], spec["suffix"].as_str().expect("a text"));
        let organ = letterhead["organ"].as_str().map_or_else(host, str::to_owned);
        let number = report["metadata"]["document_number"].as_str().unwrap_or_default();
        let marks =
            ["copy_number", "secrecy", "urgency"].map(|key| letterhead[key].as_str().unwrap_or_default());
        let mut marks = marks.into_iter().filter(|mark| !mark.is_empty());
        if spec["form"].as_str() == Some("letter") {
            self.text(&organ);
            self.text(marks.next().unwrap_or_default());
            self.text(number);
            marks.for_each(|mark| self.text(mark));
        } else {
            marks.for_each(|mark| self.text(mark));
            self.text(&organ);
            let signers = list(&letterhead["signers"]);
            for (at, name) in signers.iter().enumerate() {
                // The number is on the last of their lines, which hold two each.
                if at % 2 == 0 && at + 2 >= signers.len() {
                    self.text(number);
                }
                let label = if at == 0 { "签发人：" } else { "" };
                self.text(&format!("{label}{}", name.as_str().expect("a name")));
            }
            if signers.is_empty() {
                self.text(number);
            }
        }
    }

    fn colophon(&mut self) {
        let colophon = &self.report["colophon"];
        let copies: Vec<&str> = list(&colophon["copies_to"]).iter().filter_map(Value::as_str).collect();
        if !copies.is_empty() {
            self.text(&format!("抄送：{}。", copies.join("，")));
        }
        self.text(colophon["printed_by"].as_str().unwrap_or_default());
        if let Some(date) = colophon["printed_on"].as_str() {
            self.text(&format!("{}印发", chinese_date(date)));
        }
    }

    fn title(&self) -> String {
        if let Some(title) = self.report["title"].as_str() {
            return title.to_owned();
        }
        let template = self.layout["title"].as_str().expect("the layout derives a title");
        let mut title = template.replace("{issuer}", &names(&self.report["issuer"]).join("、"));
        for key in ["year", "period"] {
            title = title.replace(&format!("{{{key}}}"), &cell_text(&self.report[key]));
        }
        title
    }

    fn named_section(&mut self, section: &toml::Value, number: usize) {
        let title = section["title"].as_str().expect("a title");
        self.text(&format!("{}、{title}", chinese(number)));
        let report = self.report;
        self.prose(&report["sections"][section["key"].as_str().expect("a key")]);
        for key in section.get("tables").and_then(toml::Value::as_array).into_iter().flatten() {
            let tables = self.layout["tables"].as_array().expect("tables");
            let table = tables.iter().find(|table| table["key"] == *key).expect("the table is in the layout");
            self.figures(table, &report["tables"][key.as_str().expect("a key")]);
        }
    }

    fn free_sections(&mut self, sections: &Value) {
        let mut number = 0;
        for section in list(sections) {
            if let Some(title) = section["title"].as_str() {
                number += 1;
                let numbered = title.split_once('、').is_some_and(|(before, _)| {
                    !before.is_empty() && before.chars().all(|c| "一二三四五六七八九十".contains(c))
                });
                let prefix = match self.layout["section_numbers"].as_str() {
                    _ if numbered || (title.starts_with('第') && title.contains('　')) => String::new(),
                    Some("chapters") => format!("第{}章", chinese(number)),
                    Some("parts") => format!("第{}部分", chinese(number)),
                    Some("chinese") => format!("{}、", chinese(number)),
                    _ => String::new(),
                };
                self.text(&format!("{prefix}{title}"));
            }
            self.prose(&section["body"]);
        }
    }

    fn prose(&mut self, blocks: &Value) {
        for block in list(blocks) {
            let texts = [block, &block["heading"], &block["paragraph"]];
            if let Some(text) = texts.into_iter().find(|text| text.is_string() || text.is_array()) {
                self.text(&inlines(text));
            } else if block["page_break"] == true {
                continue;
            } else if block["list"].is_array() {
                for (at, item) in list(&block["list"]).iter().enumerate() {
                    let label = match block["marker"].as_str() {
                        None | Some("number") => format!("{}.", at + 1),
                        Some("bullet") => "●".to_owned(),
                        Some(_) => {
                            char::from_u32(0x2460 + u32::try_from(at).expect("few")).expect("few").into()
                        }
                    };
                    self.text(&format!("{label}{}", inlines(item)));
                }
            } else if block["table"].is_object() {
                self.free_table(&block["table"]);
            } else if block["chart"].is_object() {
                self.text(
                    block["chart"]["caption"].as_str().expect("the charts of the examples have captions"),
                );
                self.found.last_mut().expect("a caption").of_chart = true;
            } else {
                assert!(block["image"].is_string(), "a block of no known kind: {block}");
                self.text(block["caption"].as_str().unwrap_or_default());
            }
        }
    }

    fn signature(&mut self) {
        let signature = &self.report["signature"];
        if signature.is_null() {
            return;
        }
        if let Some(post) = signature["stamp"]["post"].as_str() {
            self.text(post);
            self.text(&chinese_date(signature["date"].as_str().expect("a date")));
            return;
        }
        let signatories = &signature["signatories"];
        let signatories = if signatories.is_null() { &self.report["issuer"] } else { signatories };
        for name in names(signatories) {
            self.text(&name);
        }
        if let Some(date) = signature["date"].as_str() {
            self.text(&chinese_date(date));
        }
    }

    /// A table of the layout with the figures of the report.
    fn figures(&mut self, spec: &toml::Value, given: &Value) {
        self.texts(spec.get("caption"));
        self.texts(spec.get("unit"));
        let mut header_rows = 0;
        let mut rows = Vec::new();
        for row in spec["rows"].as_array().expect("rows") {
            header_rows += usize::from(row.get("kind").and_then(toml::Value::as_str) == Some("header"));
            let mut cells = Vec::new();
            for cell in row["cells"].as_array().expect("cells") {
                if let Some(text) = cell.as_str() {
                    cells.push(Cell { text: text.to_owned(), figure: false, rows: 1 });
                    continue;
                }
                let count = cell.get("rows").and_then(toml::Value::as_integer).unwrap_or(1);
                let count = usize::try_from(count).expect("a few rows");
                let key = |name: &str| cell.get(name).and_then(toml::Value::as_str);
                if let Some(key) = key("figures") {
                    for text in row_of(spec, key, &given[key]) {
                        cells.push(Cell { text, figure: true, rows: count });
                    }
                } else {
                    let label =
                        key("label").map(|key| spec["figures"][key]["label"].as_str().expect("a label"));
                    let text = label.or(key("text")).expect("text or label");
                    cells.push(Cell { text: text.to_owned(), figure: false, rows: count });
                }
            }
            rows.push(cells);
        }
        self.table(rows, header_rows);
        self.texts(spec.get("notes"));
    }

    fn free_table(&mut self, table: &Value) {
        self.text(table["caption"].as_str().unwrap_or_default());
        for key in ["number", "prepared_by", "unit"] {
            self.text(table[key].as_str().unwrap_or_default());
        }
        let (header, body) = (list(&table["header"]), list(&table["rows"]));
        let row = |row: &Value| {
            let cell = |cell: &Value| match cell {
                Value::Object(_) => Cell {
                    text: if cell["text"].is_array() {
                        inlines(&cell["text"])
                    } else {
                        cell_text(&cell["text"])
                    },
                    figure: cell["text"].is_number(),
                    rows: cell["rows"].as_u64().map_or(1, |rows| usize::try_from(rows).expect("few")),
                },
                plain => Cell { text: cell_text(plain), figure: plain.is_number(), rows: 1 },
            };
            list(row).iter().map(cell).collect()
        };
        self.table(header.iter().chain(body).map(row).collect(), header.len());
        for note in list(&table["notes"]) {
            self.text(note.as_str().expect("a note"));
        }
    }

    fn table(&mut self, rows: Vec<Vec<Cell>>, header_rows: usize) {
        let header: String = rows[..header_rows].iter().flatten().map(|cell| squeezed(&cell.text)).collect();
        let header = (!header.is_empty()).then(|| Rc::from(header));
        let mut starts = Vec::new();
        let mut spanning = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            starts.push(self.found.len());
            for cell in row {
                let text = squeezed(&cell.text);
                if text.is_empty() {
                    continue;
                }
                if cell.rows > 1 {
                    spanning.push((self.found.len(), at + cell.rows));
                }
                let header = header.clone();
                self.found.push(Part { text, figure: cell.figure, header, ..Part::default() });
            }
            let end = self.found.len();
            self.found[starts[at]..].iter_mut().for_each(|part| part.row_end = Some(end));
        }
        starts.push(self.found.len());
        for (part, row) in spanning {
            self.found[part].until = Some(starts[row]);
        }
    }

    fn texts(&mut self, texts: Option<&toml::Value>) {
        match texts {
            Some(toml::Value::Array(texts)) => texts.iter().for_each(|text| self.texts(Some(text))),
            Some(text) => self.text(text.as_str().expect("a text")),
            None => {}
        }
    }

    fn text(&mut self, text: &str) {
        let text = squeezed(text);
        if !text.is_empty() {
            self.found.push(Part { text, ..Part::default() });
        }
    }
}

/// The figures of a row in the order of its columns.
fn row_of(table: &toml::Value, key: &str, given: &Value) -> Vec<String> {
    let columns: Vec<&str> = match table["figures"][key].get("columns").and_then(toml::Value::as_array) {
        Some(columns) => columns.iter().map(|column| column.as_str().expect("a key")).collect(),
        None => table["columns"].as_table().expect("columns").keys().map(String::as_str).collect(),
    };
    let at = |(at, column): (usize, &&str)| match given {
        Value::Array(cells) => cell_text(&cells[at]),
        cells => cell_text(&cells[*column]),
    };
    columns.iter().enumerate().map(at).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `2024-01-31` as 2024年1月31日.
fn chinese_date(date: &str) -> String {
    let mut numbers = date.split('-').map(|number| number.parse::<u32>().expect("a date"));
    let mut next = || numbers.next().expect("a date");
    format!("{}年{}月{}日", next(), next(), next())
}

/// One name or a list of them.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) => vec![name.clone()],
        many => list(many).iter().map(|name| name.as_str().expect("a name").to_owned()).collect(),
    }
}

/// 一 to 九十九.
fn chinese(number: usize) -> String {
    let digit = |digit: usize| "一二三四五六七八九".chars().nth(digit.wrapping_sub(1)).into_iter();
    let tens = if number >= 20 { digit(number / 10).collect() } else { String::new() };
    let ten = if number >= 10 { "十" } else { "" };
    format!("{tens}{ten}{}", digit(number % 10).collect::<String>())
}

#[test]
fn numbers_of_sections_are_chinese() {
    assert_eq!([1, 9, 10, 11, 20, 34].map(chinese), ["一", "九", "十", "十一", "二十", "三十四"]);
}
