//! The body of a Word file as paragraphs and tables, by the roles of their styles.
//!
//! A style is identified by its name: a word processor that saves the file again changes the ids of styles.

use std::collections::BTreeMap;

use super::chart::{self, Drawn};
use super::expected::has_tab_stops;
use super::spans::{self, Parts};
use crate::document::CONTINUED;
use crate::import::docx::{is_frame, key, shifted};
use crate::import::footnotes;
use crate::message;
use crate::read::ooxml::Package;
use crate::read::{ReadError, damaged};
use crate::report::Inlines;
use crate::style::{ColumnAlign, Role};
use crate::write::docx::names;
use crate::xml::Element;

/// The largest span of a cell that is accepted.
const MAX_SPAN: usize = 64;

/// A block of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph with text.
    Paragraph { role: Role, text: String, spans: Option<Inlines> },
    /// A table.
    Table(Grid),
    /// A picture in a paragraph of its own, or a chart.
    Picture(Option<Drawn>),
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
            Block::PageBreak => true,
            Block::Table(_) | Block::Picture(_) => false,
        }
    }
}

/// A table as its cells cover its grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// What it is known by in the tree of the document (`docx::key`).
    pub key: usize,
    /// The names of the bookmarks that begin in it.
    pub bookmarks: Vec<String>,
    /// Whether its pages are turned.
    pub is_landscape: bool,
    /// How many of its first columns are repeated where others are carried over.
    pub repeat_columns: usize,
    /// How many of its first rows are header rows.
    pub header_rows: usize,
    /// The cells that begin in each row.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// First column, from 0.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// How many rows it covers.
    pub rows: usize,
    /// The alignment that it has by itself, not by its style.
    pub align: Option<ColumnAlign>,
    /// Its text; `\n` between its paragraphs.
    pub text: String,
    /// The same with its spans and footnotes, if it has footnotes.
    pub noted: Option<Inlines>,
}

impl Grid {
    /// The cell that begins at a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(row)?.iter().find(|cell| cell.column == column)
    }
}

/// The blocks of the body, in order.
///
/// # Errors
/// If a part is not well-formed.
pub(super) fn blocks(
    package: &Package,
    document: &Element,
    charts: &BTreeMap<String, String>,
) -> Result<Vec<Block>, ReadError> {
    let mut roles = match package.part("word/styles.xml") {
        Some(_) => Styles::of(&package.xml("word/styles.xml")?),
        None => Styles::default(),
    };
    roles.parts.notes = footnotes::simple(package);
    let body = document.find("w:body").ok_or_else(|| damaged(message!("没有正文", "there is no body")))?;
    let mut found = Vec::new();
    let chart = |paragraph: &Element| chart::read(paragraph, package, charts);
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
        Styles { paragraphs: roles(styles), parts: Parts { faces: faces.collect(), ..Parts::default() } }
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
            if properties.and_then(|p| p.find("w:pageBreakBefore")).is_some_and(is_on) {
                found.push(Block::PageBreak);
            }
            let text = text(child);
            let role = style(child).and_then(|id| roles.paragraphs.get(&id).copied()).unwrap_or(Role::Body);
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
            } else if role == Role::Illustration {
                found.push(Block::Picture(chart(child)));
            }
        }
        "w:tbl" if is_colophon(child) => {
            let rows = child.elements().filter(|row| row.name == "w:tr");
            rows.flat_map(Element::elements)
                .filter(|cell| cell.name == "w:tc")
                .for_each(|cell| read_all(cell, roles, chart, found));
        }
        // A table around the tables of the report, such as a frame for its pages.
        "w:tbl" if is_frame(child) => {
            let rows = child.elements().filter(|row| row.name == "w:tr");
            rows.flat_map(Element::elements)
                .filter(|cell| cell.name == "w:tc")
                .for_each(|cell| read_all(cell, roles, chart, found));
        }
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
    let grid = table.find("w:tblGrid").map_or(0, |grid| grid.elements().count());
    let caption = table.find("w:tblPr").and_then(|properties| properties.find("w:tblCaption"));
    let floats = table.find("w:tblPr").is_some_and(|properties| properties.find("w:tblpPr").is_some());
    grid == 1 && (floats || caption.and_then(|caption| caption.attribute("w:val")) == Some("版记"))
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

/// The number of the true column that begins at each edge of the grid. LibreOffice adds a column of a twip or
/// two where the cells of two rows end at slightly different positions; such a column is ignored.
fn true_columns(table: &Element) -> Vec<usize> {
    const SLIVER: u64 = 30;
    let columns = table.find("w:tblGrid").into_iter().flat_map(Element::elements);
    let widths = columns.filter(|column| column.name == "w:gridCol");
    let widths = widths.map(|column| column.attribute("w:w").and_then(|width| width.parse::<u64>().ok()));
    let mut numbers = vec![0];
    for width in widths.take(MAX_SPAN * 2) {
        let last = numbers[numbers.len() - 1];
        numbers.push(if width.is_some_and(|width| width < SLIVER) { last } else { last + 1 });
    }
    numbers
}

pub(super) fn grid(table: &Element, parts: &Parts) -> Grid {
    let numbers = true_columns(table);
    // Beyond the grid every column counts.
    let number_at = |edge: usize| {
        let last = numbers.len() - 1;
        numbers.get(edge).copied().unwrap_or_else(|| numbers[last] + edge - last)
    };
    let mut grid = Grid { key: key(table), bookmarks: bookmarks(table), ..Grid::default() };
    // The cells that continue downwards, by column: their row and index in it.
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for row in table.elements().filter(|row| row.name == "w:tr") {
        let properties = row.find("w:trPr");
        let property = |name: &str| properties.and_then(|properties| properties.find(name));
        let number = grid.rows.len();
        if property("w:tblHeader").is_some_and(is_on) && grid.header_rows == number {
            grid.header_rows += 1;
        }
        let mut column = number_of(property("w:gridBefore")).unwrap_or(0).min(MAX_SPAN);
        let mut cells: Vec<Cell> = Vec::new();
        for cell in row.elements().filter(|cell| cell.name == "w:tc") {
            let properties = cell.find("w:tcPr");
            let property = |name: &str| properties.and_then(|properties| properties.find(name));
            let columns = number_of(property("w:gridSpan")).unwrap_or(1).clamp(1, MAX_SPAN);
            let merge = property("w:vMerge");
            let begins = merge.is_none_or(|merge| merge.attribute("w:val") == Some("restart"));
            match (begins, open.get(&column)) {
                (false, Some(&(row, at))) if row < number => grid.rows[row][at].rows = number + 1 - row,
                (true, Some(&(row, at)))
                    if merge.is_some()
                        && row < number
                        && row + grid.rows[row][at].rows == number
                        && is_repeated(&grid.rows[row][at], cell) =>
                {
                    grid.rows[row][at].rows = number + 1 - row;
                }
                _ => {
                    open.remove(&column);
                    if merge.is_some() {
                        open.insert(column, (number, cells.len()));
                    }
                    let paragraphs = cell.elements().filter(|child| child.name == "w:p").map(text);
                    let text = paragraphs.collect::<Vec<_>>().join("\n").replace('\t', " ").trim().to_owned();
                    let noted = match parts.notes.is_empty() {
                        true => None,
                        false => spans::of_cell(cell.elements().filter(|child| child.name == "w:p"), parts),
                    };
                    let (from, to) = (number_at(column), number_at(column + columns));
                    let align = own_align(cell);
                    cells.push(Cell {
                        column: from,
                        columns: (to - from).max(1),
                        rows: 1,
                        align,
                        text,
                        noted,
                    });
                }
            }
            column += columns;
        }
        grid.rows.push(cells);
    }
    grid
}

/// The alignment of a cell by itself: figures under one another are at the right with an indent of their own.
fn own_align(cell: &Element) -> Option<ColumnAlign> {
    let properties = cell.find("w:p")?.find("w:pPr")?;
    let indent = properties.find("w:ind").and_then(|indent| indent.attribute("w:right"));
    match properties.find("w:jc")?.attribute("w:val")? {
        "right" | "end" if indent.is_some_and(|indent| indent != "0") => Some(ColumnAlign::Decimal),
        "right" | "end" => Some(ColumnAlign::Right),
        "center" => Some(ColumnAlign::Centre),
        "left" | "start" => Some(ColumnAlign::Left),
        _ => None,
    }
}

/// Whether a cell repeats, for a page that continues it, the label of the cell that ends in the row above.
fn is_repeated(above: &Cell, cell: &Element) -> bool {
    let solid = |text: &str| text.split_whitespace().collect::<String>();
    let own = solid(&text(cell));
    let label = CONTINUED.iter().find_map(|mark| own.strip_suffix(mark));
    label.is_some_and(|label| label == solid(&above.text))
}

/// How many of its first columns a table repeats, if its other columns are carried over from the table before it.
fn carried_columns(grid: &Grid) -> Option<usize> {
    let prefix = format!("_gw_{}", names::CARRIED);
    let number = |name: &String| name.strip_prefix(&prefix)?.split('_').next()?.parse().ok();
    grid.bookmarks.iter().find_map(number)
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
    let end = |row: &Vec<Cell>| row.iter().map(|cell| cell.column + cell.columns).max().unwrap_or(0);
    let width = base.rows.iter().map(end).max().unwrap_or(0);
    base.repeat_columns = repeated;
    for (row, carried) in base.rows.iter_mut().zip(carried.rows) {
        for mut cell in carried.into_iter().filter(|cell| cell.column + cell.columns > repeated) {
            let hidden = repeated.saturating_sub(cell.column);
            cell.columns -= hidden;
            cell.column = cell.column + hidden - repeated + width;
            // A header over columns of both parts.
            let mark = CONTINUED.iter().find_map(|mark| cell.text.strip_suffix(mark));
            match row.last_mut().filter(|last| mark == Some(&last.text) && last.rows == cell.rows) {
                Some(last) => last.columns += cell.columns,
                None => row.push(cell),
            }
        }
    }
    found.truncate(at);
}

fn bookmarks(table: &Element) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![table];
    while let Some(element) = left.pop() {
        if element.name == "w:bookmarkStart" {
            found.extend(element.attribute("w:name").map(str::to_owned));
        }
        left.extend(element.elements());
    }
    found
}

fn number_of(element: Option<&Element>) -> Option<usize> {
    element?.attribute("w:val")?.parse().ok()
}

/// Whether a toggle property is on.
pub(super) fn is_on(element: &Element) -> bool {
    !matches!(element.attribute("w:val"), Some("0" | "false" | "off"))
}
