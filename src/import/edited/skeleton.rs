//! An empty report of the file's layout, for files that carry none: with the sections, the tables and the
//! attachments that the file has, which the differences then fill.

use serde_json::{Map, Value, json};

use super::ImportError;
use super::changes::iso;
use super::prose::prose;
use super::word::Block;
use crate::document::NAME_GAP;
use crate::layout::{Layout, Layouts};
use crate::message;
use crate::read::damaged;
use crate::read::ooxml::Package;
use crate::report::{CONTENTS_TITLE, DEEPEST, Metadata};
use crate::style::Role;
use crate::xml::Element;

/// The report as JSON; none for a file that is not this program's, or whose tables have lost their bookmarks: by these
/// alone they are known here.
///
/// # Errors
/// If the layout cannot be used.
pub(super) fn report(
    package: &Package,
    blocks: &[Block],
    layouts: &Layouts,
    layout: Option<&str>,
) -> Result<Option<String>, ImportError> {
    let stated = stated_layout(package, layouts);
    let has_marks = title_text(blocks).is_some();
    let prints_none = |id: &String| layouts.get(id).is_ok_and(|layout| !layout.print_title);
    let own = stated.filter(|id| has_marks || prints_none(id)).or_else(|| guessed_layout(blocks, layouts));
    let Some(own) = own else { return Ok(None) };
    let id = layout.map_or(own, str::to_owned);
    let layout = layouts.get(&id).map_err(|error| ImportError::Layout(error.message))?;
    if !layout.tables.iter().all(|table| has_table(blocks, &table.key)) {
        return Ok(None);
    }
    let issuers: Vec<String> = core(package, "dc:creator")
        .map(|names| names.split(['、', ';']).map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    let title = title_text(blocks).unwrap_or_default().replace('\n', "");
    let mut report = json!({ "format": 1, "layout": id, "issuer": issuers });
    front(&mut report, blocks, &issuers);
    let (blocks, issued) = divided(blocks, &layout);
    if layout.print_title {
        if let Some(year) = year(&title) {
            report["year"] = json!(year);
        }
        report["title"] = json!(title);
        below_title(&mut report, blocks);
        if texts_of(blocks, Role::Organ).next().is_none()
            && texts_of(blocks, Role::DocumentNumber).next().is_some()
        {
            report["number_below_title"] = json!(true);
        }
    }
    if let Some(addressee) = text_of(blocks, Role::Addressee) {
        report["addressee"] = json!(addressee);
    }
    if let Some(organ) = text_of(blocks, Role::Organ) {
        report["letterhead"] = letterhead(organ, blocks);
    }
    let mut parts = Parts::of(blocks);
    if texts_of(issued, Role::AttachmentNote).next().is_none() {
        // The attachments of the document itself come behind the text that it issues.
        parts.attachments.extend(Parts::of(issued).attachments);
    }
    report["preamble"] = json!(prose(parts.preamble, |_| false));
    report["sections"] = sections(&layout, &parts);
    let tables = tables(&layout);
    if !tables.is_empty() {
        report["tables"] = Value::Object(tables);
    }
    let attachments = attachments(blocks, &parts);
    if !attachments.is_empty() {
        report["attachments"] = json!(attachments);
    }
    attendance(&mut report, blocks);
    if !issued.is_empty() {
        report["issued_text"] = issued_text(issued);
    }
    colophon(&mut report, if issued.is_empty() { blocks } else { issued });
    signature(&mut report, blocks, &issuers);
    if let Some(remark) = text_of(blocks, Role::Remark) {
        report["remark"] = json!(remark);
    }
    let metadata = metadata(package);
    if !metadata.is_empty() {
        report["metadata"] = Value::Object(metadata);
    }
    super::chart::settle(&mut report);
    serde_json::to_string_pretty(&report)
        .map(|text| Some(text + "\n"))
        .map_err(|error| damaged(message!("{error}", "{error}")).into())
}

/// The blocks of the document, and those of the text that it issues, which begins with a title of its own.
fn divided<'a>(blocks: &'a [Block], layout: &Layout) -> (&'a [Block], &'a [Block]) {
    let is_title = |(_, block): &(usize, &Block)| {
        matches!(block, Block::Paragraph { role: Role::Title | Role::CoverTitle, .. })
    };
    let mut titles = blocks.iter().enumerate().filter(is_title).map(|(at, _)| at);
    let at = titles.nth(usize::from(layout.print_title)).unwrap_or(blocks.len());
    blocks.split_at(at)
}

/// The title of the document, on its cover or above its text.
fn title_text(blocks: &[Block]) -> Option<&str> {
    text_of(blocks, Role::CoverTitle).or_else(|| text_of(blocks, Role::Title))
}

/// 封面 and 目录.
fn front(report: &mut Value, blocks: &[Block], issuers: &[String]) {
    let mut lines: Vec<String> =
        texts_of(blocks, Role::CoverLine).map(|text| text.replace('\n', "")).collect();
    if text_of(blocks, Role::CoverTitle).is_some() {
        report["cover"] = json!({});
        let is_date = |line: &String| line.contains('年') && line.ends_with(['月', '日']);
        if let Some(date) = lines.pop_if(|line| is_date(line)) {
            report["cover"]["date"] = json!(date);
        }
        if lines != issuers {
            report["cover"]["issuer"] = json!(lines);
        }
    }
    if let Some(title) = text_of(blocks, Role::ContentsTitle) {
        let has = |level: &u8| text_of(blocks, Role::contents(*level)).is_some();
        let levels = (1..=DEEPEST).rev().find(has).unwrap_or(1);
        report["contents"] = json!({ "levels": levels });
        if title != CONTENTS_TITLE {
            report["contents"]["title"] = json!(title.replace('\n', ""));
        }
    }
}

/// 副标题, 题注 and the other lines under a title.
fn below_title(text: &mut Value, blocks: &[Block]) {
    let solid = |text: &str| text.replace('\n', "");
    if let Some(subtitle) = text_of(blocks, Role::Subtitle) {
        text["subtitle"] = json!(solid(subtitle));
    }
    if let Some(note) = text_of(blocks, Role::TitleNote) {
        text["title_note"] = json!(solid(note));
    }
    let byline: Vec<String> = texts_of(blocks, Role::Byline).map(solid).collect();
    if !byline.is_empty() {
        text["byline"] = json!(byline);
    }
}

fn issued_text(blocks: &[Block]) -> Value {
    let title = text_of(blocks, Role::Title).unwrap_or_default().replace('\n', "");
    let mut issued = json!({ "title": title });
    below_title(&mut issued, blocks);
    let ends = [Role::AttachmentNote, Role::AttachmentLabel, Role::Colophon];
    let is_end = |block: &Block| matches!(block, Block::Paragraph { role, .. } if ends.contains(role));
    let end = blocks.iter().position(is_end).unwrap_or(blocks.len());
    issued["body"] = json!(prose(&blocks[..end], |_| false));
    let attachments = attachments(blocks, &Parts::of(blocks));
    if !attachments.is_empty() {
        issued["attachments"] = json!(attachments);
    }
    issued
}

/// 出席, 请假 and 列席.
fn attendance(report: &mut Value, blocks: &[Block]) {
    let labels = [("出席：", "present"), ("请假：", "excused"), ("列席：", "observers")];
    for text in texts_of(blocks, Role::Attendance) {
        if let Some((names, key)) =
            labels.iter().find_map(|(label, key)| Some((text.strip_prefix(label)?, *key)))
        {
            let names: Vec<&str> = names.split([NAME_GAP, '\n']).filter(|name| !name.is_empty()).collect();
            report["attendance"][key] = json!(names);
        }
    }
}

fn texts_of(blocks: &[Block], wanted: Role) -> impl Iterator<Item = &str> {
    blocks.iter().filter_map(move |block| match block {
        Block::Paragraph { role, text, .. } if *role == wanted => Some(text.as_str()),
        _ => None,
    })
}

fn text_of(blocks: &[Block], role: Role) -> Option<&str> {
    texts_of(blocks, role).next()
}

/// The layout that the file's properties name.
fn stated_layout(package: &Package, layouts: &Layouts) -> Option<String> {
    let properties = package.xml("docProps/app.xml").ok()?;
    let id = properties.find("Template")?.own_text();
    layouts.get(&id).is_ok().then_some(id.into_owned())
}

/// Whether the file has the table of this key, by its bookmark.
fn has_table(blocks: &[Block], key: &str) -> bool {
    blocks.iter().any(|block| match block {
        Block::Table(grid) => grid.bookmarks.iter().any(|name| name == &format!("_gw_{key}")),
        _ => false,
    })
}

/// The layout whose tables the file has.
fn guessed_layout(blocks: &[Block], layouts: &Layouts) -> Option<String> {
    let has = |key: &str| has_table(blocks, key);
    let headings: Vec<&str> = texts_of(blocks, Role::Heading1).collect();
    let fits = |layout: &Layout| {
        !layout.tables.is_empty()
            && layout.tables.iter().all(|table| has(&table.key))
            && layout
                .sections
                .iter()
                .all(|section| headings.iter().any(|text| text.ends_with(&section.title)))
    };
    layouts.ids().find(|id| layouts.get(id).is_ok_and(|layout| fits(&layout))).map(str::to_owned)
}

/// 版头: its marks are in the order 份号, 密级, 紧急程度.
fn letterhead(organ: &str, blocks: &[Block]) -> Value {
    let mut letterhead = json!({ "organ": organ });
    let marks = blocks.iter().filter_map(|block| match block {
        Block::Paragraph { role: Role::CopyNumber | Role::Secrecy, text, .. } => Some(text.as_str()),
        _ => None,
    });
    for text in marks {
        let key = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            "copy_number"
        } else if text.ends_with('急') {
            "urgency"
        } else {
            "secrecy"
        };
        letterhead[key] = json!(text);
    }
    letterhead
}

/// The blocks by what they belong to.
struct Parts<'a> {
    preamble: &'a [Block],
    /// With the text of the heading, and whether it begins a page.
    sections: Vec<(&'a str, bool, &'a [Block])>,
    /// With the title of the attachment.
    attachments: Vec<(&'a str, &'a [Block])>,
}

impl<'a> Parts<'a> {
    fn of(blocks: &'a [Block]) -> Parts<'a> {
        let role = |block: &Block| match block {
            Block::Paragraph { role, .. } => Some(*role),
            Block::Table(_) | Block::Picture(_) | Block::PageBreak => None,
        };
        let find = |wanted: &[Role], from: usize| {
            let found =
                blocks[from..].iter().position(|block| role(block).is_some_and(|r| wanted.contains(&r)));
            found.map_or(blocks.len(), |at| from + at)
        };
        let ends = [
            Role::AttachmentNote,
            Role::Signatory,
            Role::Date,
            Role::Remark,
            Role::AttachmentLabel,
            Role::Attendance,
        ];
        let end = find(&ends, 0);
        // Where there are parts or chapters, 一、 is below them.
        let named = [Role::Part, Role::Chapter];
        let heads = if find(&named, 0) < end { &named[..] } else { &[Role::Heading1][..] };
        let first = find(heads, 0).min(end);
        let mut parts = Parts { preamble: &blocks[..first], sections: Vec::new(), attachments: Vec::new() };
        let mut at = first;
        while at < end {
            let next = find(heads, at + 1).min(end);
            if let Block::Paragraph { text, .. } = &blocks[at] {
                let new_page = at > 0 && blocks[at - 1] == Block::PageBreak;
                parts.sections.push((text, new_page, &blocks[at + 1..next]));
            }
            at = next;
        }
        at = find(&[Role::AttachmentTitle], end);
        while at < blocks.len() {
            let next = find(&[Role::AttachmentLabel, Role::AttachmentTitle, Role::Colophon], at + 1);
            if let Block::Paragraph { text, .. } = &blocks[at] {
                parts.attachments.push((text, &blocks[at + 1..next]));
            }
            at = find(&[Role::AttachmentTitle], next);
        }
        parts
    }
}

fn sections(layout: &Layout, parts: &Parts) -> Value {
    let is_layouts = |grid: &super::grid::Grid| {
        let known = |name: &String| layout.tables.iter().any(|table| *name == format!("_gw_{}", table.key));
        grid.bookmarks.iter().any(known)
    };
    if layout.sections.is_empty() {
        let section = |(title, new_page, body): &(&str, bool, &[Block])| {
            let mut section = json!({ "title": without_number(title) });
            if *new_page {
                section["new_page"] = json!(true);
            }
            section["body"] = json!(prose(body, is_layouts));
            section
        };
        return parts.sections.iter().map(section).collect();
    }
    let section = |section: &crate::layout::SectionSpec| {
        let found = parts.sections.iter().find(|(title, ..)| title.ends_with(&section.title));
        let body = found.map(|(_, _, body)| prose(body, is_layouts)).unwrap_or_default();
        (section.key.clone(), json!(body))
    };
    let filled = layout.sections.iter().map(section).filter(|(_, body)| *body != json!([]));
    Value::Object(filled.collect())
}

/// The attachments: those that 附件说明 names, with the content of those that have any.
fn attachments(blocks: &[Block], parts: &Parts) -> Vec<Value> {
    let named = texts_of(blocks, Role::AttachmentNote).map(|text| {
        let text = text.strip_prefix("附件：").unwrap_or(text);
        super::changes::without_label(text).to_owned()
    });
    let body = |title: &str| {
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        let found = parts.attachments.iter().find(|(other, _)| solid(other) == solid(title));
        found.map(|(_, blocks)| prose(blocks, |_| false)).unwrap_or_default()
    };
    named.map(|title| json!({ "title": title, "body": body(&title) })).collect()
}

/// 抄送机关, 印发机关, 印发日期.
fn colophon(report: &mut Value, blocks: &[Block]) {
    let mut found = Map::new();
    for text in texts_of(blocks, Role::Colophon) {
        if let Some(names) = text.strip_prefix("抄送：") {
            let names: Vec<&str> = names.trim_end_matches('。').split('，').map(str::trim).collect();
            found.insert("copies_to".to_owned(), json!(names));
        } else if let Some(date) = text.strip_suffix("印发").and_then(iso) {
            found.insert("printed_on".to_owned(), json!(date));
        } else {
            found.insert("printed_by".to_owned(), json!(text));
        }
    }
    if !found.is_empty() {
        report["colophon"] = Value::Object(found);
    }
}

/// A section's title without the number that the layout gives it again.
fn without_number(title: &str) -> &str {
    let rest = title.trim_start_matches(|c| "一二三四五六七八九十".contains(c));
    rest.strip_prefix('、').filter(|_| rest.len() < title.len()).unwrap_or(title)
}

/// The layout's tables, with nothing in their cells: what is not read is not known.
fn tables(layout: &Layout) -> Map<String, Value> {
    let rows = |table: &crate::layout::TableSpec| -> Value {
        let row = |(key, figures): (&String, &crate::layout::FiguresSpec)| {
            (key.clone(), Value::Array(vec![Value::Null; table.columns_of(figures).len()]))
        };
        Value::Object(table.figures.iter().map(row).collect())
    };
    layout.tables.iter().map(|table| (table.key.clone(), rows(table))).collect()
}

fn signature(report: &mut Value, blocks: &[Block], issuers: &[String]) {
    let names: Vec<&str> = texts_of(blocks, Role::Signatory).collect();
    let date = text_of(blocks, Role::Date).and_then(iso);
    if names.is_empty() && date.is_none() {
        return;
    }
    let mut signature = json!({});
    if !names.iter().eq(issuers.iter()) {
        signature["signatories"] = json!(names);
    }
    if let Some(date) = date {
        signature["date"] = json!(date);
    }
    report["signature"] = signature;
}

/// The metadata that the file's properties hold, by their Chinese names.
fn metadata(package: &Package) -> Map<String, Value> {
    let mut found = Map::new();
    let custom = package.xml("docProps/custom.xml").ok();
    let text_after = |label: &str| {
        let properties = custom.as_ref()?;
        let property = properties.elements().find(|property| property.attribute("name") == Some(label))?;
        property.elements().next().map(Element::own_text)
    };
    for (key, label, _) in Metadata::default().fields() {
        if let Some(text) = text_after(label) {
            found.insert(key.to_owned(), json!(text));
        }
    }
    if let Some(summary) = core(package, "dc:description").filter(|text| !text.is_empty()) {
        found.insert("summary".to_owned(), json!(summary));
    }
    if let Some(words) = core(package, "cp:keywords").filter(|text| !text.is_empty()) {
        let words: Vec<&str> = words.split(['；', ';', ',']).map(str::trim).collect();
        found.insert("keywords".to_owned(), json!(words));
    }
    found
}

fn core(package: &Package, name: &str) -> Option<String> {
    let core = package.xml("docProps/core.xml").ok()?;
    Some(core.find(name)?.own_text().into_owned())
}

/// The year in a title: 2023年.
fn year(title: &str) -> Option<u16> {
    let end = title.find('年')?;
    let digits: String = title[..end].chars().rev().take_while(char::is_ascii_digit).collect();
    let digits: String = digits.chars().rev().collect();
    (digits.len() == 4).then(|| digits.parse().ok()).flatten()
}
