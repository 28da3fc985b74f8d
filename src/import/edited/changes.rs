//! The differences between the report and the file, as changes to the report, and those that have no place in
//! it.

use std::collections::BTreeMap;

use super::align::{Pair, is_same_text};
use super::edit::{Edits, quoted};
use super::expected::Item;
use super::grid::{Cell, Grid};
use super::names::SIGNED;
use super::spans::notes_of;
use super::word::Block;
use crate::characters::solid;
use crate::diagnostic::{Diagnostic, child, rule};
use crate::document::Table;
use crate::message;
use crate::report::Inlines;
use crate::source::{Node, Source};
use crate::style::Role;

/// The changes of everything but the statutory tables, and findings about those that could not be placed.
pub(super) fn changes<'a>(
    source: &'a Source,
    expected: &[Item],
    blocks: &[Block],
    pairs: &[Pair],
) -> Changes<'a> {
    let mut changes = Changes {
        source,
        edits: Edits::default(),
        findings: Vec::new(),
        last: String::new(),
        is_signed: false,
        gone: Vec::new(),
        come: Vec::new(),
    };
    changes.signers(expected, blocks, pairs);
    for pair in pairs {
        match *pair {
            Pair::Both(a, b) => {
                changes.both(&expected[a], &blocks[b]);
                changes.advance(&expected[a]);
            }
            Pair::Deleted(a) => {
                changes.deleted(&expected[a]);
                changes.advance(&expected[a]);
            }
            Pair::Inserted(b) => changes.inserted(&blocks[b]),
        }
    }
    changes.restyled();
    changes
}

/// Changes of a report's text, and findings about what has no place in it.
pub(super) struct Changes<'a> {
    pub source: &'a Source,
    pub edits: Edits,
    pub findings: Vec<Diagnostic>,
    /// The place of the piece before, if prose may follow it.
    last: String,
    /// Whether the date stands before what comes next: nothing of a report follows it but what has its own place.
    is_signed: bool,
    /// The texts that are told as gone from the file, each with the number of its finding.
    gone: Vec<(String, usize)>,
    /// The texts that are told as having no place, each with the number of its finding.
    come: Vec<(String, usize)>,
}

impl Changes<'_> {
    /// Remembers the place where an insertion would follow.
    fn advance(&mut self, item: &Item) {
        self.is_signed = matches!(item, Item::Text { role: Role::Date, .. });
        if let Item::Text {
            role: Role::AttachmentNote | Role::Signatory | Role::Date | Role::Remark, ..
        } = item
        {
            self.last = String::new();
        } else if room_after(self.source, item.pointer()).is_some() || self.last.is_empty() {
            self.last = item.pointer().to_owned();
        }
    }

    fn both(&mut self, item: &Item, block: &Block) {
        match (item, block) {
            (
                Item::Text { role: Role::Attendance, text: old, pointer, .. },
                Block::Paragraph { text, .. },
            ) => self.attendance(old, text, pointer),
            // Read with the others of its kind.
            (Item::Text { pointer, .. }, Block::Paragraph { .. }) if pointer == SIGNED => {}
            (Item::Text { text: old, spans: was, pointer, .. }, Block::Paragraph { role, text, spans })
                if was != spans =>
            {
                if pointer.ends_with("/title") {
                    self.plain(*role, old, text, pointer);
                } else {
                    self.spans(*role, text, spans.as_ref(), pointer);
                }
            }
            (Item::Text { role, text, pointer, .. }, Block::Paragraph { text: printed, .. })
                if !is_same_text(*role, text, printed) =>
            {
                self.text(*role, text, printed, pointer);
            }
            (Item::Table { table, pointer, places, noted, .. }, Block::Table(grid)) => {
                self.table(table, pointer, places, noted, grid);
            }
            (Item::Picture { pointer, chart: Some(chart) }, Block::Picture(Some(drawn)))
                if !drawn.is_of(chart) =>
            {
                self.findings.push(
                    Diagnostic::warning(
                        rule::IMPORT_UNPLACED,
                        pointer,
                        message!(
                            "图里的数字与表不同，没有读入",
                            "the figures of the chart differ from its table and are not read"
                        ),
                    )
                    .hint(message!(
                        "图的数字来自表，改表里的数字",
                        "a chart has the figures of its table: change those"
                    )),
                );
            }
            _ => {}
        }
    }

    /// A title with spans, which a report cannot hold: its text is read.
    fn plain(&mut self, role: Role, old: &str, text: &str, pointer: &str) {
        if !is_same_text(role, old, text) {
            self.text(role, old, text, pointer);
        }
        let message = message!(
            "“{text}”里的加粗、字体、注没有读入：标题只能是文字",
            "what is bold, in another face or noted in \"{text}\" is not read: a title is plain text"
        );
        self.findings.push(Diagnostic::warning(rule::IMPORT_UNPLACED, pointer, message));
    }

    /// A paragraph that has spans, or had some, and was edited.
    fn spans(&mut self, role: Role, text: &str, spans: Option<&Inlines>, pointer: &str) {
        let (pointer, node) = self.nearest(pointer);
        match node {
            Some(Node::String(_) | Node::Array(_)) => {
                self.edits.replaced.insert(pointer, spanned(role, text, spans));
            }
            _ => self.fixed(&pointer, text, text),
        }
    }

    /// A paragraph that was edited.
    fn text(&mut self, role: Role, old: &str, new: &str, pointer: &str) {
        let broken = super::word::has_lines(role);
        let new = if broken && !old.contains('\n') { new.replace('\n', "") } else { new.to_owned() };
        let (pointer, node) = self.nearest(pointer);
        match node {
            Some(Node::String(value)) => {
                let edited = match role {
                    Role::Date => iso(&new),
                    Role::Colophon if new.ends_with("印发") => iso(new.trim_end_matches("印发")),
                    _ => without_what_is_added(value.trim(), old, &new),
                };
                match edited {
                    Some(edited) => drop(self.edits.replaced.insert(pointer, quoted(&edited))),
                    None => self.unplaced(&pointer, &new),
                }
            }
            Some(Node::Array(_)) if pointer == "/colophon/copies_to" => match copies(&new) {
                Some(list) => drop(self.edits.replaced.insert(pointer, list)),
                None => self.unplaced(&pointer, &new),
            },
            Some(Node::Object(_)) if role == Role::Title && pointer.is_empty() => {
                self.edits.added.entry(String::new()).or_default().push(("title".to_owned(), quoted(&new)));
            }
            _ => self.fixed(&pointer, old, &new),
        }
    }

    /// The value at a place; for a single name that is written without a list, the value of the list's key.
    fn nearest(&self, pointer: &str) -> (String, Option<&Node>) {
        let found = value(self.source.root(), pointer);
        match (found, pointer.strip_suffix("/0")) {
            (None, Some(parent)) => (parent.to_owned(), value(self.source.root(), parent)),
            _ => (pointer.to_owned(), found),
        }
    }

    fn table(
        &mut self,
        table: &Table,
        pointer: &str,
        places: &[Vec<String>],
        noted: &BTreeMap<(usize, usize), Inlines>,
        grid: &Grid,
    ) {
        if is_same_shape(table, grid) {
            for (number, row) in table.rows.iter().enumerate() {
                for (at, cell) in row.cells.iter().enumerate() {
                    let Some(found) = grid.cell(number, cell.column) else { continue };
                    let was = noted.get(&(number, at));
                    if notes_of(was) != notes_of(found.noted.as_ref())
                        || (was.is_some() && found.text != cell.text.trim())
                    {
                        self.noted_cell(&places[number][at], &found.text, found.noted.as_ref());
                    } else if found.text != cell.text.trim() {
                        self.cell(&places[number][at], &cell.text, &found.text);
                    }
                }
            }
            return;
        }
        let width = grid.rows.first().map_or(0, |row| row.iter().map(|cell| cell.columns).sum::<usize>());
        // Widths and alignments of columns are those of the columns that the table had.
        let of_columns =
            ["widths", "align"].map(|key| value(self.source.root(), &child(pointer, key)).is_some());
        if width != table.columns.len() && of_columns.contains(&true) {
            let name = snippet(table.caption.as_ref().map_or(&table.name, |line| &line.text));
            self.findings.push(
                Diagnostic::warning(
                    rule::IMPORT_TABLE_SHAPE,
                    pointer,
                    message!(
                        "表格“{name}”的列数变了，报告给它的列宽或对齐不再适合，其中的改动没有读入",
                        "the columns of the table \"{name}\" have changed and its widths or alignments fit no longer; its changes are ignored"
                    ),
                )
                .hint(message!("先去掉报告里这张表的列宽和对齐", "remove its widths and alignments from the report first")),
            );
            return;
        }
        let header = grid.header_rows.min(grid.rows.len());
        let (head, body) = grid.rows.split_at(header);
        if value(self.source.root(), &child(pointer, "header")).is_some() {
            self.edits.replaced.insert(child(pointer, "header"), rows(head));
        }
        self.edits.replaced.insert(child(pointer, "rows"), rows(body));
    }

    /// A cell that has footnotes, or had some, and was edited.
    fn noted_cell(&mut self, pointer: &str, text: &str, noted: Option<&Inlines>) {
        let new = noted.map_or_else(|| quoted(text), |noted| spanned(Role::TableLabel, text, Some(noted)));
        match value(self.source.root(), pointer) {
            Some(Node::Object(members)) if members.iter().any(|(key, _)| key == "text") => {
                self.edits.replaced.insert(child(pointer, "text"), new);
            }
            Some(Node::Number(_) | Node::Null | Node::String(_)) => {
                let new = if noted.is_some() { format!("{{\"text\": {new}}}") } else { new };
                self.edits.replaced.insert(pointer.to_owned(), new);
            }
            _ => self.fixed(pointer, "", text),
        }
    }

    /// A cell that was edited.
    fn cell(&mut self, pointer: &str, old: &str, new: &str) {
        let node = value(self.source.root(), pointer);
        let (place, node) = match node {
            Some(Node::Object(members)) if members.iter().any(|(key, _)| key == "text") => {
                let place = child(pointer, "text");
                let node = value(self.source.root(), &place);
                (place, node)
            }
            _ => (pointer.to_owned(), node),
        };
        let new_value = match node {
            Some(Node::Number(_) | Node::Null) if is_json_number(new) => new.to_owned(),
            Some(Node::Number(_) | Node::Null | Node::String(_)) => quoted(new),
            _ => return self.fixed(pointer, old, new),
        };
        self.edits.replaced.insert(place, new_value);
    }

    fn deleted(&mut self, item: &Item) {
        let pointer = item.pointer();
        let element = element(pointer);
        let is_whole = match item {
            Item::Text { role: Role::ListItem, .. } => Some(pointer.to_owned()),
            Item::Text { role: Role::TableNote, .. } => Some(pointer.to_owned()),
            Item::Text { role: Role::TableCaption | Role::TableUnit | Role::IllustrationCaption, .. } => None,
            Item::Seal { .. } => None,
            Item::Text { .. } | Item::Table { .. } | Item::Picture { .. } => element,
        };
        let in_list = is_whole.filter(|place| is_element(self.source.root(), place));
        match in_list {
            Some(place) => drop(self.edits.removed.insert(place)),
            None => {
                let what = match item {
                    Item::Text { text, .. } => snippet(text),
                    Item::Table { table, .. } => table.name.clone(),
                    Item::Picture { chart, .. } => if chart.is_some() { "图表" } else { "图片" }.to_owned(),
                    Item::Seal { .. } => "印章".to_owned(),
                };
                if let Item::Text { text, .. } = item {
                    self.gone.push((solid(text), self.findings.len()));
                }
                self.findings.push(Diagnostic::warning(
                    rule::IMPORT_DELETED,
                    pointer,
                    message!(
                        "“{what}”在文件中已没有，报告中保留",
                        "\"{what}\" is gone from the file; the report keeps it"
                    ),
                ));
            }
        }
    }

    fn inserted(&mut self, block: &Block) {
        let room = room_after(self.source, &self.last).filter(|_| !self.is_signed);
        let new = match block {
            Block::Paragraph { role, text, spans } => match role {
                Role::Body => Some(spanned(*role, text, spans.as_ref())),
                Role::ListItem => Some(format!("{{\"list\": [{}]}}", spanned(*role, text, spans.as_ref()))),
                Role::Heading2 | Role::Heading3 | Role::Heading4 => {
                    let level = match role {
                        Role::Heading2 => 2,
                        Role::Heading3 => 3,
                        _ => 4,
                    };
                    let heading = spanned(*role, text, spans.as_ref());
                    Some(format!("{{\"heading\": {heading}, \"level\": {level}}}"))
                }
                _ => None,
            },
            Block::Table(grid) => {
                let (head, body) =
                    grid.rows.split_at(grid.header_rows.min(grid.rows.len().saturating_sub(1)));
                Some(format!("{{\"table\": {{\"header\": {}, \"rows\": {}}}}}", rows(head), rows(body)))
            }
            Block::Picture(_) | Block::Image(_) | Block::Seal(_) | Block::Gap(_) | Block::PageBreak => None,
        };
        match (room, new) {
            (Some((list, at)), Some(new)) => self.insert(list, at, block, new),
            _ => {
                let last = self.last.clone();
                match block {
                    Block::Paragraph { role: Role::Attendance, text, .. } if self.attends(text) => {}
                    Block::Paragraph { text, .. } => {
                        self.come.push((solid(text), self.findings.len()));
                        self.unplaced(&last, text);
                    }
                    Block::Table(grid) => {
                        let text = grid.rows.iter().flatten().map(|cell| cell.text.as_str());
                        self.unplaced(&last, &text.collect::<Vec<_>>().join(" "));
                    }
                    Block::Picture(Some(_)) => self.unplaced(&last, "图表"),
                    Block::Picture(None) | Block::Image(_) => self.unplaced(&last, "图片"),
                    Block::Seal(_) => self.unplaced(&last, "印章图片"),
                    Block::Gap(_) | Block::PageBreak => {}
                }
            }
        }
    }

    fn insert(&mut self, list: String, at: usize, block: &Block, new: String) {
        if value(self.source.root(), &list).is_none() {
            let Some((parent, key)) = list.rsplit_once('/') else { return };
            let members = self.edits.added.entry(parent.to_owned()).or_default();
            match members.iter_mut().find(|(known, _)| known == key) {
                Some((_, value)) => *value = format!("{}, {new}]", value.trim_end_matches(']')),
                None => members.push((key.to_owned(), format!("[{new}]"))),
            }
            return;
        }
        let elements = self.edits.inserted.entry(list).or_default();
        // Items that follow one another are one list.
        let is_item = matches!(block, Block::Paragraph { role: Role::ListItem, .. });
        if let Some((before, value)) = elements.last_mut()
            && is_item
            && *before == at
            && value.starts_with("{\"list\": ")
        {
            let item = new.trim_start_matches("{\"list\": [");
            *value = format!("{}, {item}", value.trim_end_matches("]}"));
            return;
        }
        elements.push((at, new));
    }

    /// A text that is gone in one style and has come in another is told once.
    fn restyled(&mut self) {
        let mut extra = Vec::new();
        for (text, gone) in std::mem::take(&mut self.gone) {
            let Some(at) = self.come.iter().position(|(other, _)| *other == text) else { continue };
            let (_, come) = self.come.remove(at);
            extra.push(come);
            let finding = &mut self.findings[gone];
            let text = snippet(&text);
            finding.rule = rule::IMPORT_UNPLACED.into();
            finding.message = message!(
                "“{text}”在文件中换了样式，报告里照原样",
                "\"{text}\" has another style in the file; the report keeps it as it is"
            );
        }
        extra.sort_unstable();
        for at in extra.into_iter().rev() {
            self.findings.remove(at);
        }
    }

    fn unplaced(&mut self, pointer: &str, text: &str) {
        let text = snippet(text);
        self.findings.push(Diagnostic::warning(
            rule::IMPORT_UNPLACED,
            pointer,
            message!("“{text}”没有可放的位置", "there is no place for \"{text}\""),
        ));
    }

    pub fn fixed(&mut self, pointer: &str, old: &str, new: &str) {
        // Other breaks and blanks are no other words.
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        if solid(old) == solid(new) {
            return;
        }
        let (old, new) = (snippet(old), snippet(new));
        self.findings.push(
            Diagnostic::warning(
                rule::IMPORT_FIXED,
                pointer,
                message!(
                    "“{old}”改成了“{new}”，但它由版式决定，没有读入",
                    "\"{old}\" became \"{new}\", but the layout defines this text; the change is ignored"
                ),
            )
            .hint(message!(
                "要改它，改版式文件；换过行或列的，核对旁边的数字",
                "to change it, change the layout's file; if rows or columns were moved, check the figures beside it"
            )),
        );
    }
}

/// Whether a table of the file has the rows, columns and merged cells of the report's.
pub(super) fn is_same_shape(table: &Table, grid: &Grid) -> bool {
    table.rows.len() == grid.rows.len()
        && table.rows.iter().zip(&grid.rows).all(|(row, other)| {
            row.cells.len() == other.len()
                && row.cells.iter().zip(other).all(|(cell, other)| {
                    (cell.column, cell.columns, cell.rows) == (other.column, other.columns, other.rows)
                })
        })
}

/// The edited text without what the layout adds to a value: numbers, labels, brackets.
fn without_what_is_added(value: &str, printed: &str, edited: &str) -> Option<String> {
    let at = printed.find(value)?;
    let (before, after) = (&printed[..at], &printed[at + value.len()..]);
    let edited = edited.strip_prefix(before)?.strip_suffix(after)?;
    Some(edited.to_owned())
}

/// The list that prose after this place belongs to, and the index there.
fn room_after(source: &Source, pointer: &str) -> Option<(String, usize)> {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let after = |part: &str| part.parse::<usize>().ok().map(|at| at + 1);
    let is_list = matches!(value(source.root(), "/sections"), Some(Node::Array(_)));
    match parts[..] {
        [] | ["title" | "addressee" | "issuer", ..] => Some(("/preamble".to_owned(), 0)),
        ["preamble", at, ..] => Some(("/preamble".to_owned(), after(at)?)),
        ["sections", section, "title"] if is_list => Some((format!("/sections/{section}/body"), 0)),
        ["sections", section, "body", at, ..] if is_list => {
            Some((format!("/sections/{section}/body"), after(at)?))
        }
        ["sections", key] if !is_list => Some((format!("/sections/{key}"), 0)),
        ["sections", key, at, ..] if !is_list => Some((format!("/sections/{key}"), after(at)?)),
        ["attachments", number, "title"] => Some((format!("/attachments/{number}/body"), 0)),
        ["attachments", number, "body", at, ..] => Some((format!("/attachments/{number}/body"), after(at)?)),
        _ => None,
    }
}

/// The element of prose that a place is or is in.
fn element(pointer: &str) -> Option<String> {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let whole = match parts[..] {
        ["preamble", _, ..] => 2,
        ["sections", _, "body", _, ..] | ["attachments", _, "body", _, ..] => 4,
        ["sections", _, at, ..] if at.parse::<usize>().is_ok() => 3,
        _ => return None,
    };
    Some(format!("/{}", parts[..whole].join("/")))
}

fn is_element(root: &Node, pointer: &str) -> bool {
    let parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
    matches!(parent.and_then(|parent| value(root, parent)), Some(Node::Array(_)))
}

/// The value at a place.
pub(super) fn value<'a>(root: &'a Node, pointer: &str) -> Option<&'a Node> {
    pointer.split('/').skip(1).try_fold(root, |node, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        match node {
            Node::Object(members) => members.iter().find(|(key, _)| *key == part).map(|(_, node)| node),
            Node::Array(items) => items.get(part.parse::<usize>().ok()?),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => None,
        }
    })
}

/// A text of a paragraph as JSON: a string, or a list if it has spans; of an item without its label.
pub(super) fn spanned(role: Role, text: &str, spans: Option<&Inlines>) -> String {
    let rest = if role == Role::ListItem { without_label(text) } else { text };
    match spans {
        None => quoted(rest),
        Some(spans) => {
            let spans = super::spans::without(spans, text.len() - rest.len());
            serde_json::to_string(&spans).unwrap_or_else(|_| quoted(rest))
        }
    }
}

/// Rows of a free table as JSON.
fn rows(rows: &[Vec<Cell>]) -> String {
    let cell = |cell: &Cell| {
        let text = match &cell.noted {
            Some(noted) => spanned(Role::TableLabel, &cell.text, Some(noted)),
            None if is_json_number(&cell.text) => cell.text.clone(),
            None => quoted(&cell.text),
        };
        match (cell.columns, cell.rows) {
            (1, 1) if cell.noted.is_none() => text,
            (1, 1) => format!("{{\"text\": {text}}}"),
            (columns, rows) => format!("{{\"text\": {text}, \"columns\": {columns}, \"rows\": {rows}}}"),
        }
    };
    let row = |row: &Vec<Cell>| format!("[{}]", row.iter().map(cell).collect::<Vec<_>>().join(", "));
    format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

/// Whether a text is a number as JSON writes one, without a sign or an exponent.
pub(super) fn is_json_number(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0'))
}

/// 2024年1月31日 as `2024-01-31`.
pub(super) fn iso(text: &str) -> Option<String> {
    let (year, rest) = text.trim().split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let date = crate::date::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some(date.iso())
}

/// 抄送：…，…。 as a list.
fn copies(text: &str) -> Option<String> {
    let names = text.strip_prefix("抄送：")?.trim_end_matches('。');
    let names: Vec<String> = names.split('，').map(|name| quoted(name.trim())).collect();
    Some(format!("[{}]", names.join(", ")))
}

/// An item of a list without its number or sign.
pub(super) fn without_label(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix(['●', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩'])
    {
        return rest;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].strip_prefix('.') {
        Some(rest) if digits > 0 => rest,
        _ => text,
    }
}

fn snippet(text: &str) -> String {
    const LONGEST: usize = 24;
    let short: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > LONGEST { format!("{short}…") } else { short }
}
