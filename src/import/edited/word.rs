//! The body of a Word file as paragraphs and tables, by the roles of their styles.
//!
//! A style is identified by its name: a word processor that saves the file again changes the ids of styles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chart::{self, Drawn};
use super::expected::has_tab_stops;
use super::grid::{Grid, carried_columns, grid, twips};
use super::image::{self, Image};
use super::spans::{self, Parts};
use crate::characters::shifted;
use crate::geom::Length;
use crate::import::docx::{self, is_frame};
use crate::import::footnotes;
use crate::message;
use crate::read::ooxml::Package;
use crate::read::{ReadError, damaged};
use crate::report::Inlines;
use crate::style::Role;
use crate::write::docx::names;
use crate::xml::Element;

/// A block of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph with text.
    Paragraph { role: Role, text: String, spans: Option<Inlines> },
    /// A table.
    Table(Grid),
    /// A chart, or something drawn that is none.
    Picture(Option<Drawn>),
    /// A picture.
    Image(Image),
    /// The picture of a seal or a stamp, in a line of a signature.
    Seal(Image),
    /// A gap above the next line of a signature, of its own or of the line before it.
    Gap(Length),
    /// What follows begins a page because its author said so, or because the program did.
    PageBreak,
}

impl Block {
    /// Whether it is made of the rest of the report: an entry of a 目录, or the beginning of a page.
    pub fn is_derived(&self) -> bool {
        match self {
            Block::Paragraph { role, .. } => {
                matches!(role, Role::Contents1 | Role::Contents2 | Role::Contents3)
            }
            Block::PageBreak | Block::Gap(_) => true,
            Block::Table(_) | Block::Picture(_) | Block::Image(_) | Block::Seal(_) => false,
        }
    }
}

/// The blocks of the body, in order.
///
/// # Errors
/// If a part is not well-formed.
pub(super) fn blocks(
    package: &Package,
    document: &Element,
    read_before: &docx::Read,
) -> Result<Vec<Block>, ReadError> {
    let mut roles = match package.part("word/styles.xml") {
        Some(_) => Styles::of(&package.xml("word/styles.xml")?),
        None => Styles::default(),
    };
    roles.parts.notes = footnotes::simple(package);
    roles.pictures.clone_from(&read_before.pictures);
    let body = document.find("w:body").ok_or_else(|| damaged(message!("没有正文", "there is no body")))?;
    let mut found = Vec::new();
    let chart = |paragraph: &Element| chart::read(paragraph, package, &read_before.charts);
    let mut section = 0;
    for child in body.elements() {
        read(child, &roles, &chart, &mut found);
        if let Some(properties) = section_end(child) {
            let size = properties.find("w:pgSz");
            let is_landscape = size.and_then(|size| size.attribute("w:orient")) == Some("landscape");
            for block in &mut found[section..] {
                if let Block::Table(grid) = block {
                    grid.is_landscape = is_landscape;
                }
            }
            section = found.len();
        }
    }
    Ok(found)
}

/// The properties of the section that ends with a child of the body.
fn section_end<'a>(child: &'a Element) -> Option<&'a Element<'a>> {
    match &*child.name {
        "w:p" => child.find("w:pPr")?.find("w:sectPr"),
        "w:sectPr" => Some(child),
        _ => None,
    }
}

/// The roles of the styles, by their ids.
#[derive(Default)]
struct Styles {
    paragraphs: BTreeMap<String, Role>,
    /// What runs refer to: the character styles that give a span its face, and footnotes.
    parts: Parts,
    /// The files of pictures by relationship.
    pictures: BTreeMap<String, Arc<[u8]>>,
}

impl Styles {
    fn of(styles: &Element) -> Styles {
        let name = |style: &Element| Some(style.find("w:name")?.attribute("w:val")?.to_owned());
        let face = |style: &Element| {
            let name = name(style)?;
            let roles = [Role::Heading1, Role::Heading2, Role::Body];
            roles.into_iter().find(|role| names::character_style_name(*role) == name)
        };
        let characters = styles
            .elements()
            .filter(|style| style.name == "w:style" && style.attribute("w:type") == Some("character"));
        let faces =
            characters.filter_map(|style| Some((style.attribute("w:styleId")?.to_owned(), face(style)?)));
        let parts = Parts { faces: faces.collect(), ..Parts::default() };
        Styles { paragraphs: roles(styles), parts, pictures: BTreeMap::new() }
    }
}

/// The role of each paragraph style by its id.
fn roles(styles: &Element) -> BTreeMap<String, Role> {
    let name = |style: &Element| Some(style.find("w:name")?.attribute("w:val")?.to_lowercase());
    let role =
        |name: &str| Role::ALL.into_iter().find(|role| names::style(*role).name.to_lowercase() == name);
    let styles = styles.elements().filter(|style| style.name == "w:style");
    styles
        .filter(|style| style.attribute("w:type") == Some("paragraph"))
        .filter_map(|style| Some((style.attribute("w:styleId")?.to_owned(), role(&name(style)?)?)))
        .collect()
}

/// Reads the chart of a paragraph, if it has one.
type ReadChart<'a> = &'a dyn Fn(&Element) -> Option<Drawn>;

fn read_all(parent: &Element, roles: &Styles, chart: ReadChart, found: &mut Vec<Block>) {
    parent.elements().for_each(|child| read(child, roles, chart, found));
}

fn read(child: &Element, roles: &Styles, chart: ReadChart, found: &mut Vec<Block>) {
    match &*child.name {
        "w:p" => {
            let properties = child.find("w:pPr");
            let [break_before, break_after] = page_breaks(child);
            if break_before || properties.and_then(|p| p.find("w:pageBreakBefore")).is_some_and(is_on) {
                found.push(Block::PageBreak);
            }
            let text = text(child);
            let role = style(child).and_then(|id| roles.paragraphs.get(&id).copied()).unwrap_or(Role::Body);
            let is_signature = matches!(role, Role::Signatory | Role::Date);
            if is_signature {
                found.extend(properties.and_then(|own| gap(own, "w:before")).map(Block::Gap));
            }
            let spans = has_spans(role).then(|| spans::of_paragraph(child, &roles.parts)).flatten();
            if let Some(spans) = spans.filter(|spans| !spans.text().contains(['\n', '\t'])) {
                found.push(Block::Paragraph { role, text: spans.text(), spans: Some(spans) });
            } else if !text.trim().is_empty() {
                // A tab is a blank where there are no stops for it; a break begins a paragraph but in titles, which have
                // lines.
                let has_lines = has_lines(role);
                let pieces = text.split(|c| match c {
                    '\t' => has_tab_stops(role),
                    '\n' => !has_lines,
                    _ => false,
                });
                let pieces = pieces.map(|piece| piece.replace('\t', " ").trim().to_owned());
                let pieces = pieces.filter(|piece| !piece.is_empty());
                found.extend(pieces.map(|text| Block::Paragraph { role, text, spans: None }));
            }
            let images = image::read(child, &roles.pictures);
            let is_drawn = !images.is_empty();
            found.extend(images.into_iter().map(if is_signature { Block::Seal } else { Block::Image }));
            if !is_drawn && let Some(drawn) = chart(child) {
                found.push(Block::Picture(Some(drawn)));
            } else if !is_drawn && role == Role::Illustration && text.trim().is_empty() {
                found.push(Block::Picture(None));
            }
            if is_signature {
                found.extend(properties.and_then(|own| gap(own, "w:after")).map(Block::Gap));
            }
            // LibreOffice puts what floats on a page into a box.
            for text in docx::boxes_of(child) {
                for inner in text.elements() {
                    match &*inner.name {
                        "w:tbl" if columns(inner) == 1 => cells(inner, roles, chart, found),
                        _ => read(inner, roles, chart, found),
                    }
                }
            }
            if break_after {
                found.push(Block::PageBreak);
            }
        }
        "w:tbl" if is_colophon(child) => cells(child, roles, chart, found),
        // A table around the tables of the report, such as a frame for its pages.
        "w:tbl" if is_frame(child) => cells(child, roles, chart, found),
        "w:tbl" => {
            let grid = grid(child, &roles.parts);
            match carried_columns(&grid) {
                Some(repeated) => join_columns(found, grid, repeated),
                None => found.push(Block::Table(grid)),
            }
        }
        // Wrappers of content controls and of tracked insertions.
        "w:sdt" | "w:sdtContent" | "w:ins" | "w:smartTag" => read_all(child, roles, chart, found),
        _ => {}
    }
}

/// Reads the cells of a table as if they stood in the text.
fn cells(table: &Element, roles: &Styles, chart: ReadChart, found: &mut Vec<Block>) {
    let rows = table.elements().filter(|row| row.name == "w:tr");
    rows.flat_map(Element::elements)
        .filter(|cell| cell.name == "w:tc")
        .for_each(|cell| read_all(cell, roles, chart, found));
}

/// Whether a page begins in a paragraph before its text, and behind text of it. LibreOffice writes so what begins a page.
fn page_breaks(paragraph: &Element) -> [bool; 2] {
    fn look(element: &Element, has_text: &mut bool, found: &mut [bool; 2]) {
        for child in element.elements() {
            match &*child.name {
                "w:br" if child.attribute("w:type") == Some("page") => found[usize::from(*has_text)] = true,
                "w:t" => *has_text |= !child.own_text().trim().is_empty(),
                "w:drawing" | "w:pict" => *has_text = true,
                "w:pPr" | "w:rPr" | "w:del" | "w:moveFrom" | "mc:AlternateContent" => {}
                _ => look(child, has_text, found),
            }
        }
    }
    let mut found = [false; 2];
    look(paragraph, &mut false, &mut found);
    found
}

/// The gap above or below a paragraph, if it has one of its own.
fn gap(properties: &Element, side: &str) -> Option<Length> {
    let gap = properties.find("w:spacing")?.attribute(side)?;
    twips(gap).map(Length::twips)
}

/// Whether the texts of paragraphs of this role may have spans.
fn has_spans(role: Role) -> bool {
    matches!(role, Role::Body | Role::ListItem)
        || matches!(role, Role::Heading1 | Role::Heading2 | Role::Heading3 | Role::Heading4)
}

/// Whether paragraphs of this role are broken into lines before they are written.
pub(super) fn has_lines(role: Role) -> bool {
    matches!(
        role,
        Role::Title
            | Role::AttachmentTitle
            | Role::Organ
            | Role::Subtitle
            | Role::DocumentNumber
            | Role::TitleNote
            | Role::Byline
            | Role::Attendance
            | Role::CoverTitle
            | Role::CoverLine
            | Role::ContentsTitle
    )
}

/// The table that holds the 版记: its rows are paragraphs. It has one column, and its texts their own style.
fn is_colophon(table: &Element) -> bool {
    let caption = table.find("w:tblPr").and_then(|properties| properties.find("w:tblCaption"));
    let floats = table.find("w:tblPr").is_some_and(|properties| properties.find("w:tblpPr").is_some());
    columns(table) == 1 && (floats || caption.and_then(|caption| caption.attribute("w:val")) == Some("版记"))
}

fn columns(table: &Element) -> usize {
    table.find("w:tblGrid").map_or(0, |grid| grid.elements().count())
}

fn style(paragraph: &Element) -> Option<String> {
    Some(paragraph.find("w:pPr")?.find("w:pStyle")?.attribute("w:val")?.to_owned())
}

/// The text of a run as it stands, without marks for what is raised.
pub(super) fn run_text(run: &Element) -> String {
    let mut found = String::new();
    gather(run, &mut found);
    found
}

/// The text of a paragraph: what is deleted in it is left out, and pictures are no text.
pub(super) fn text(element: &Element) -> String {
    let mut found = String::new();
    gather(element, &mut found);
    found
}

fn gather(element: &Element, found: &mut String) {
    for child in element.elements() {
        match &*child.name {
            "w:r" => {
                let property = |name: &str| child.find("w:rPr").and_then(|properties| properties.find(name));
                // What is hidden or struck is told, and is no text.
                if ["w:vanish", "w:strike", "w:dstrike"]
                    .into_iter()
                    .any(|name| property(name).is_some_and(is_on))
                {
                    continue;
                }
                let raised = property("w:vertAlign").and_then(|align| align.attribute("w:val"));
                let from = found.len();
                gather(child, found);
                // 10² must not become 102.
                if let Some(face @ ("superscript" | "subscript")) = raised {
                    let changed: String = found[from..].chars().map(|c| shifted(c, face)).collect();
                    found.truncate(from);
                    found.push_str(&changed);
                }
            }
            "w:t" => found.push_str(&child.own_text()),
            "w:tab" => found.push('\t'),
            "w:br" | "w:cr" => found.push('\n'),
            "w:noBreakHyphen" => found.push('-'),
            "w:pPr" | "w:rPr" | "w:del" | "w:moveFrom" | "w:drawing" | "w:pict" | "w:instrText" => {}
            "mc:AlternateContent" => {}
            _ => gather(child, found),
        }
    }
}

/// Puts the columns that are carried over back into their table; what was printed above them again goes.
fn join_columns(found: &mut Vec<Block>, carried: Grid, repeated: usize) {
    let is_above = |block: &Block| {
        matches!(
            block,
            Block::Paragraph { role: Role::TableCaption | Role::TableUnit, .. } | Block::PageBreak
        )
    };
    let above = found.iter().rev().take_while(|block| is_above(block)).count();
    let at = found.len() - above;
    let base = at.checked_sub(1).and_then(|at| found.get_mut(at));
    let Some(Block::Table(base)) =
        base.filter(|base| matches!(base, Block::Table(base) if base.rows.len() == carried.rows.len()))
    else {
        return found.push(Block::Table(carried));
    };
    base.join_columns(carried, repeated);
    found.truncate(at);
}

/// Whether a toggle property is on.
pub(super) fn is_on(element: &Element) -> bool {
    !matches!(element.attribute("w:val"), Some("0" | "false" | "off"))
}
