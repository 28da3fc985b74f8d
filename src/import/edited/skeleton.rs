//! An empty report of the file's layout, for files that carry none: with the sections, the tables and the
//! attachments that the file has, which the differences then fill.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::ImportError;
use super::changes::iso;
use super::grid::Grid;
use super::names::names_of;
use super::prose::prose;
use super::signature::signature;
use super::word::Block;
use crate::characters::solid;
use crate::document::{ATTENDANCE, SIGNERS};
use crate::layout::{Layout, Layouts, SectionNumbers};
use crate::read::ooxml::Package;
use crate::report::{CONTENTS_TITLE, DEEPEST, Metadata};
use crate::style::Role;
use crate::xml::Element;

/// The report as JSON, and its layout; none for a file that is not this program's, or whose tables have lost their
/// bookmarks: by these alone they are known here.
///
/// # Errors
/// If the layout cannot be used.
pub(super) fn report(
    package: &Package,
    blocks: &[Block],
    layouts: &Layouts,
    layout: Option<&str>,
) -> Result<Option<(Value, Arc<Layout>)>, ImportError> {
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
    let metadata = metadata(package);
    let number = metadata.get("document_number").and_then(Value::as_str).unwrap_or_default().to_owned();
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
        report["letterhead"] = letterhead(organ, blocks, &number);
    }
    let mut parts = Parts::of(blocks);
    let mut issued_parts = Parts::of(issued);
    // The attachments of the document itself come behind those of the text that it issues.
    let own = own_attachments(issued, &issued_parts);
    parts.attachments.extend(issued_parts.attachments.split_off(own));
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
        report["issued_text"] = issued_text(issued, &layout, &issued_parts);
    }
    colophon(&mut report, if issued.is_empty() { blocks } else { issued });
    signature(&mut report, blocks, &issuers, &layout);
    if let Some(remark) = text_of(blocks, Role::Remark) {
        report["remark"] = json!(remark);
    }
    if !metadata.is_empty() {
        report["metadata"] = Value::Object(metadata);
    }
    super::chart::settle(&mut report);
    Ok(Some((report, layout)))
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

fn issued_text(blocks: &[Block], layout: &Layout, parts: &Parts) -> Value {
    let title = text_of(blocks, Role::Title).unwrap_or_default().replace('\n', "");
    let mut issued = json!({ "title": title });
    below_title(&mut issued, blocks);
    if parts.is_named {
        // 第一章 is known by its name wherever it stands.
        let body = prose(parts.preamble, |_| false).into_iter().chain(parts.sections.iter().flat_map(
            |(title, new_page, body)| {
                let page_break = new_page.then(|| json!({ "page_break": true }));
                page_break.into_iter().chain([json!(title)]).chain(prose(body, |_| false))
            },
        ));
        issued["body"] = body.collect();
    } else {
        let body = prose(parts.preamble, |_| false);
        if !body.is_empty() {
            issued["body"] = json!(body);
        }
        let sections = free_sections(layout, parts, |_| false);
        if sections != json!([]) {
            issued["sections"] = sections;
        }
    }
    let attachments = attachments(blocks, parts);
    if !attachments.is_empty() {
        issued["attachments"] = json!(attachments);
    }
    issued
}

/// 出席, 请假 and 列席.
fn attendance(report: &mut Value, blocks: &[Block]) {
    for text in texts_of(blocks, Role::Attendance) {
        if let Some((names, key)) =
            ATTENDANCE.iter().find_map(|(key, label)| Some((text.strip_prefix(label)?, *key)))
        {
            report["attendance"][key] = json!(names_of(names, &[]));
        }
    }
}

pub(super) fn texts_of(blocks: &[Block], wanted: Role) -> impl Iterator<Item = &str> {
    blocks.iter().filter_map(move |block| match block {
        Block::Paragraph { role, text, .. } if *role == wanted => Some(text.as_str()),
        _ => None,
    })
}

pub(super) fn text_of(blocks: &[Block], role: Role) -> Option<&str> {
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
fn letterhead(organ: &str, blocks: &[Block], number: &str) -> Value {
    let mut letterhead = json!({ "organ": organ });
    // A letter has its number beside them.
    let marks = blocks.iter().filter_map(|block| match block {
        Block::Paragraph { role: Role::CopyNumber | Role::Secrecy, text, .. } if text != number => {
            Some(text.as_str())
        }
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
    let mut signers = Vec::new();
    for text in texts_of(blocks, Role::DocumentNumber).filter(|text| *text != number) {
        match text.strip_prefix(SIGNERS) {
            Some(names) => signers = names_of(names, &[]),
            // A second line of them.
            None if !signers.is_empty() => signers.extend(names_of(text, &[])),
            None => {}
        }
    }
    if !signers.is_empty() {
        letterhead["signers"] = json!(signers);
    }
    letterhead
}

/// The blocks by what they belong to.
struct Parts<'a> {
    /// Without the title and what else stands above the text.
    preamble: &'a [Block],
    /// Whether the sections are those that are known by their names: 第一部分, 第一章.
    is_named: bool,
    /// With the text of the heading, and whether it begins a page.
    sections: Vec<(&'a str, bool, &'a [Block])>,
    /// With the title of the attachment.
    attachments: Vec<(&'a str, &'a [Block])>,
}

impl<'a> Parts<'a> {
    fn of(blocks: &'a [Block]) -> Parts<'a> {
        let role = |block: &Block| match block {
            Block::Paragraph { role, .. } => Some(*role),
            _ => None,
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
        let is_named = find(&named, 0) < end;
        let heads = if is_named { &named[..] } else { &[Role::Heading1][..] };
        let first = find(heads, 0).min(end);
        // What begins a page above the text is no break of the author's.
        let is_above = |block: &Block| role(block).is_some_and(is_above_text);
        let text = blocks[..first].iter().rposition(is_above).map_or(0, |at| at + 1);
        let (sections, attachments) = (Vec::new(), Vec::new());
        let mut parts = Parts { preamble: &blocks[text..first], is_named, sections, attachments };
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

/// Whether paragraphs of this role stand above the text of a document.
fn is_above_text(role: Role) -> bool {
    matches!(
        role,
        Role::CopyNumber
            | Role::Secrecy
            | Role::Organ
            | Role::CoverTitle
            | Role::CoverLine
            | Role::ContentsTitle
            | Role::Contents1
            | Role::Contents2
            | Role::Contents3
            | Role::Title
            | Role::Subtitle
            | Role::DocumentNumber
            | Role::TitleNote
            | Role::Byline
            | Role::Addressee
    )
}

fn sections(layout: &Layout, parts: &Parts) -> Value {
    let is_layouts = |grid: &Grid| {
        let known = |name: &String| layout.tables.iter().any(|table| *name == format!("_gw_{}", table.key));
        grid.bookmarks.iter().any(known)
    };
    if layout.sections.is_empty() {
        return free_sections(layout, parts, is_layouts);
    }
    let section = |section: &crate::layout::SectionSpec| {
        let found = parts.sections.iter().find(|(title, ..)| title.ends_with(&section.title));
        let body = found.map(|(_, _, body)| prose(body, is_layouts)).unwrap_or_default();
        (section.key.clone(), json!(body))
    };
    let filled = layout.sections.iter().map(section).filter(|(_, body)| *body != json!([]));
    Value::Object(filled.collect())
}

/// Sections with titles of their own.
fn free_sections(layout: &Layout, parts: &Parts, is_layouts: impl Fn(&Grid) -> bool + Copy) -> Value {
    let section = |(title, new_page, body): &(&str, bool, &[Block])| {
        let is_numbered = layout.section_numbers == SectionNumbers::Chinese;
        let mut section = json!({ "title": if is_numbered { without_number(title) } else { title } });
        if *new_page {
            section["new_page"] = json!(true);
        }
        section["body"] = json!(prose(body, is_layouts));
        section
    };
    parts.sections.iter().map(section).collect()
}

/// How many of the attachments behind a text that is issued are its own: those that its 附件说明 names, in this order.
fn own_attachments(issued: &[Block], parts: &Parts) -> usize {
    let named: Vec<String> = texts_of(issued, Role::AttachmentNote).map(named_attachment).collect();
    let mut left = &named[..];
    let is_own = |(title, _): &&(&str, &[Block])| {
        let at = left.iter().position(|name| solid(name) == solid(title));
        at.inspect(|at| left = &left[at + 1..]).is_some()
    };
    parts.attachments.iter().take_while(is_own).count()
}

/// The title of an attachment in 附件说明.
fn named_attachment(text: &str) -> String {
    let text = text.strip_prefix("附件：").unwrap_or(text);
    super::changes::without_label(text).to_owned()
}

/// The attachments: those that 附件说明 names, with the content of those that have any.
fn attachments(blocks: &[Block], parts: &Parts) -> Vec<Value> {
    let named = texts_of(blocks, Role::AttachmentNote).map(named_attachment);
    let body = |title: &str| {
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

/// The text of a property of the file.
pub(super) fn core(package: &Package, name: &str) -> Option<String> {
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
