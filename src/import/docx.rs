//! A Word file of any origin: its body as blocks, with what its program adds (numbers) and without what it hides.
//!
//! Insertions of tracked changes are in, deletions out. Content controls, text boxes and tables in tables are read where they
//! stand. Nothing outside the file is opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::blocks::{Block, Cell, Content, Grid, Left, Paragraph, Picture};
use super::footnotes;
use super::numbering::Numbering;
use crate::characters::shifted;
use crate::diagnostic::Place;
use crate::message;
use crate::options::Limits;
use crate::read::ooxml::{Package, binary_part, main_part};
use crate::read::{ReadError, damaged, limit};
use crate::xml::{self, Element, Node};

/// The largest span of a cell that is accepted.
const MAX_SPAN: usize = 64;
/// The most characters of a value of a style, which those that are based on it and all their paragraphs copy.
const MAX_VALUE: usize = 64;

/// The content of a Word file, and the numbers of its tables by their elements (`key`).
pub(super) struct Read {
    pub content: Content,
    /// The parts of charts by the ids of their relationships.
    pub charts: BTreeMap<String, String>,
    /// The files of its pictures by the ids of their relationships.
    pub pictures: BTreeMap<String, Arc<[u8]>>,
    pub tables: BTreeMap<usize, usize>,
}

/// What a table of the document is known by in another reader of the same tree.
pub(super) fn key(table: &Element) -> usize {
    std::ptr::from_ref(table).addr()
}

/// Reads a Word file. `document` is its main part.
pub(super) fn read(
    bytes: &[u8],
    package: &Package,
    document: &Element,
    limits: &Limits,
) -> Result<Read, ReadError> {
    let body = document.find("w:body").ok_or_else(|| damaged(message!("没有正文", "there is no body")))?;
    let styles = match package.part("word/styles.xml") {
        Some(_) => styles(&package.xml("word/styles.xml")?),
        None => BTreeMap::new(),
    };
    let mut reader = Reader {
        styles,
        numbering: Numbering::of(package),
        footnotes: notes(package, "word/footnotes.xml"),
        simple: footnotes::simple(package),
        endnotes: notes(package, "word/endnotes.xml"),
        comments: notes(package, "word/comments.xml"),
        images: related(bytes, "/image", limits),
        pictures: BTreeMap::new(),
        repeated: Repeated::default(),
        file: bytes,
        limits,
        paragraphs: 0,
        tables: BTreeMap::new(),
        blocks: Vec::new(),
    };
    reader.body(body);
    reader.repeated.within(limits)?;
    reader.page_margins(bytes, package);
    let tables = reader.tables;
    let own = reader.images.iter();
    let pictures =
        own.filter_map(|(id, part)| Some((id.clone(), reader.pictures.get(part)?.clone()?))).collect();
    let mut content = Content { blocks: reader.blocks, ..Content::default() };
    if package.part("docProps/core.xml").is_some()
        && let Ok(core) = package.xml("docProps/core.xml")
    {
        content.facts.title = core
            .find("dc:title")
            .map(|title| title.own_text().trim().to_owned())
            .filter(|title| !title.is_empty());
    }
    Ok(Read { content, charts: related(bytes, "/chart", limits), pictures, tables })
}

/// What a style of paragraphs or characters says.
#[derive(Clone, Debug, Default)]
struct Style {
    heading: Option<u8>,
    list: Option<(String, usize)>,
    jc: Option<String>,
    run: Run,
}

/// The styles by their ids.
type Styles = BTreeMap<String, Style>;

/// What properties say of a run's text; none where they say nothing, and the style or the paragraph counts.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    hidden: Option<bool>,
    struck: Option<bool>,
    struck_twice: Option<bool>,
    raised: Option<Raised>,
    /// How far it is moved up, in half-points.
    position: Option<i64>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raised {
    No,
    Up,
    Down,
}

impl Run {
    /// Of the properties of a run or a style: ECMA-376-1, 17.3.2.
    fn of(properties: Option<&Element>) -> Run {
        let property = |name: &str| properties.and_then(|properties| properties.find(name));
        let raised = |align: &Element| match align.attribute("w:val") {
            Some("superscript") => Raised::Up,
            Some("subscript") => Raised::Down,
            _ => Raised::No,
        };
        Run {
            hidden: property("w:vanish").map(is_on),
            struck: property("w:strike").map(is_on),
            struck_twice: property("w:dstrike").map(is_on),
            raised: property("w:vertAlign").map(raised),
            position: property("w:position")
                .and_then(|position| position.attribute("w:val"))
                .and_then(|value| value.parse().ok()),
        }
    }

    /// With what is said further out where it says nothing itself.
    fn or(self, outer: Run) -> Run {
        Run {
            hidden: self.hidden.or(outer.hidden),
            struck: self.struck.or(outer.struck),
            struck_twice: self.struck_twice.or(outer.struck_twice),
            raised: self.raised.or(outer.raised),
            position: self.position.or(outer.position),
        }
    }

    fn is_struck(self) -> bool {
        self.struck == Some(true) || self.struck_twice == Some(true)
    }

    /// Where its text stands, as `shifted` takes it.
    fn face(self) -> Option<&'static str> {
        /// Less is an adjustment of characters to others on their line.
        const LEAST: i64 = 5;
        match (self.raised, self.position) {
            (Some(Raised::Up), _) => Some("superscript"),
            (Some(Raised::Down), _) => Some("subscript"),
            (_, Some(LEAST..)) => Some("superscript"),
            (_, Some(position)) if position <= -LEAST => Some("subscript"),
            _ => None,
        }
    }
}

fn styles(root: &Element) -> Styles {
    let mut found: BTreeMap<String, (Style, Option<String>)> = BTreeMap::new();
    for style in root.elements().filter(|style| style.name == "w:style") {
        let Some(id) = style.attribute("w:styleId") else { continue };
        let name =
            style.find("w:name").and_then(|name| name.attribute("w:val")).unwrap_or_default().to_lowercase();
        let properties = style.find("w:pPr");
        let property = |name: &str| properties?.find(name)?.attribute("w:val");
        let by_name = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题 "));
        let heading = by_name.and_then(|level| level.trim().parse::<u8>().ok());
        let outline =
            property("w:outlineLvl").and_then(|level| level.parse::<u8>().ok()).filter(|level| *level < 9);
        let own = Style {
            heading: heading.or(outline.map(|level| level + 1)),
            list: properties.and_then(list),
            jc: property("w:jc").map(value_of),
            run: Run::of(style.find("w:rPr")),
        };
        let based = style.find("w:basedOn").and_then(|style| style.attribute("w:val")).map(str::to_owned);
        found.insert(id.to_owned(), (own, based));
    }
    let resolved = |id: &String| {
        /// Styles based on one another: more is a circle.
        const MOST: usize = 12;
        let mut style = Style::default();
        let mut at = Some(id);
        for _ in 0..MOST {
            let Some((own, based)) = at.and_then(|id| found.get(id)) else { break };
            style.heading = style.heading.or(own.heading);
            style.list = style.list.or_else(|| own.list.clone());
            style.jc = style.jc.or_else(|| own.jc.clone());
            style.run = style.run.or(own.run);
            at = based.as_ref();
        }
        style
    };
    found.keys().map(|id| (id.clone(), resolved(id))).collect()
}

/// The list and level that properties name.
fn list(properties: &Element) -> Option<(String, usize)> {
    let number = properties.find("w:numPr")?;
    let value = |name: &str| number.find(name)?.attribute("w:val");
    let level = value("w:ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((value_of(value("w:numId")?), level))
}

/// A value of a style: longer ones are none that is known.
fn value_of(text: &str) -> String {
    text.chars().take(MAX_VALUE).collect()
}

/// The text of a paragraph; none if there is more in it, such as pictures or struck text.
pub(super) fn plain_text(paragraph: &Element) -> Option<String> {
    let mut found = Text::default();
    gather(paragraph, &Styles::new(), Run::default(), &mut found);
    let is_plain = found.pictures.is_empty()
        && found.boxes.is_empty()
        && found.notes.is_empty()
        && found.struck.is_empty()
        && found.hidden.trim().is_empty()
        && found.formulas == 0;
    is_plain.then_some(found.text)
}

/// The texts of footnotes, endnotes or comments by their ids.
fn notes(package: &Package, part: &str) -> BTreeMap<String, String> {
    if package.part(part).is_none() {
        return BTreeMap::new();
    }
    let Ok(root) = package.xml(part) else { return BTreeMap::new() };
    let own = root.elements().filter(|note| note.attribute("w:type").is_none());
    own.filter_map(|note| {
        let mut text = Text::default();
        gather(note, &Styles::new(), Run::default(), &mut text);
        Some((note.attribute("w:id")?.to_owned(), text.text.trim().to_owned()))
    })
    .collect()
}

/// The parts of pictures or charts by the ids of their relationships.
fn related(bytes: &[u8], what: &str, limits: &Limits) -> BTreeMap<String, String> {
    let main = main_part(bytes).unwrap_or_default();
    let relations = match main.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => "word/_rels/document.xml.rels".to_owned(),
    };
    let Some(part) = binary_part(bytes, &relations, limits.image_bytes) else { return BTreeMap::new() };
    let Ok(root) = xml::read(&part) else { return BTreeMap::new() };
    let inside = root.elements().filter(|relation| relation.attribute("TargetMode") != Some("External"));
    inside
        .filter(|relation| relation.attribute("Type").is_some_and(|kind| kind.ends_with(what)))
        .filter_map(|relation| {
            let target = relation.attribute("Target")?;
            let target = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("word/{target}"),
            };
            Some((relation.attribute("Id")?.to_owned(), target))
        })
        .collect()
}

/// What is found in a paragraph.
#[derive(Default)]
struct Text<'a> {
    text: String,
    pictures: Vec<&'a Element<'a>>,
    boxes: Vec<&'a Element<'a>>,
    /// What each is, its id, and how much of the text is before its mark, in bytes.
    notes: Vec<(Left, String, usize)>,
    struck: Vec<String>,
    hidden: String,
    formulas: usize,
    /// The fields that are open, ECMA-376-1, 17.16.18, each with whether its result has begun: what stands before that is its
    /// instruction, whatever is in it.
    fields: Vec<bool>,
}

/// Bytes of what a document has once and may name anywhere, counted for each time that it does.
#[derive(Default)]
struct Repeated {
    texts: usize,
    pictures: usize,
}

impl Repeated {
    /// Refuses a document that repeats more than a report may hold.
    fn within(&self, limits: &Limits) -> Result<(), ReadError> {
        let check = |bytes: usize, most: usize, message: fn(usize) -> crate::diagnostic::Message| {
            if bytes > most { Err(limit(message(most >> 20))) } else { Ok(()) }
        };
        check(self.texts, limits.report_bytes, |most| {
            message!(
                "脚注、批注和说明每处引用都计，合计超过 {most} MiB",
                "footnotes, comments and descriptions have more than {most} MiB together, counted wherever they are referred to"
            )
        })?;
        check(self.pictures, most_pictures(limits), |most| {
            message!(
                "图片每处引用都计，合计超过 {most} MiB",
                "pictures have more than {most} MiB together, counted wherever they are referred to"
            )
        })
    }
}

/// The most bytes of the pictures of a document.
fn most_pictures(limits: &Limits) -> usize {
    limits.image_bytes.saturating_mul(4)
}

struct Reader<'a> {
    styles: BTreeMap<String, Style>,
    numbering: Numbering,
    footnotes: BTreeMap<String, String>,
    /// Those of one paragraph of text.
    simple: BTreeMap<String, String>,
    endnotes: BTreeMap<String, String>,
    comments: BTreeMap<String, String>,
    images: BTreeMap<String, String>,
    /// The files of the pictures that were read, by their parts; none for what cannot be read.
    pictures: BTreeMap<String, Option<Arc<[u8]>>>,
    repeated: Repeated,
    file: &'a [u8],
    limits: &'a Limits,
    paragraphs: usize,
    /// The number of each table, by its element.
    tables: BTreeMap<usize, usize>,
    blocks: Vec<Block>,
}

/// Wrappers whose content stands where they stand.
fn is_wrapper(name: &str) -> bool {
    matches!(name, "w:sdt" | "w:sdtContent" | "w:ins" | "w:moveTo" | "w:smartTag" | "w:customXml")
}

impl Reader<'_> {
    fn body(&mut self, parent: &Element) {
        for child in parent.elements() {
            match &*child.name {
                "w:p" => {
                    self.paragraphs += 1;
                    let place = Place::Paragraph(self.paragraphs);
                    self.paragraph(child, &place);
                }
                "w:tbl" => self.table(child),
                name if is_wrapper(name) => self.body(child),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, element: &Element, place: &Place) {
        let properties = element.find("w:pPr");
        let property = |name: &str| properties?.find(name)?.attribute("w:val");
        let style = property("w:pStyle").and_then(|id| self.styles.get(id)).cloned().unwrap_or_default();
        let mut found = Text::default();
        gather(element, &self.styles, style.run, &mut found);
        let has_text = !found.text.trim().is_empty();
        let number = properties.and_then(list).or(style.list.clone()).filter(|_| has_text);
        let mut number = number.and_then(|(list, level)| self.numbering.next(&list, level));
        let outline =
            property("w:outlineLvl").and_then(|level| level.parse::<u8>().ok()).filter(|level| *level < 9);
        let heading = outline.map(|level| level + 1).or(style.heading);
        let jc = property("w:jc").or(style.jc.as_deref());
        // A line break begins a paragraph.
        for line in found.text.split('\n') {
            let text = line.replace('\t', " ");
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            self.blocks.push(Block::Paragraph(Paragraph {
                text: text.to_owned(),
                number: number.take(),
                heading,
                centred: jc == Some("center"),
                right: matches!(jc, Some("right" | "end")),
                place: place.clone(),
            }));
        }
        self.beside(&found, place, !found.text.trim().contains('\n'));
    }

    /// What stands in a paragraph beside its text; where that is one text, a report can hold its footnotes.
    fn beside(&mut self, found: &Text, place: &Place, is_text: bool) {
        for drawing in &found.pictures {
            self.picture(drawing, place);
        }
        for text in &found.boxes {
            self.body(text);
        }
        // How much of the text is counted, in bytes, and how many characters it has.
        let (mut counted, mut others) = ((0, 0), Vec::new());
        for (what, id, before) in &found.notes {
            let texts = match what {
                Left::Comment => &self.comments,
                Left::Footnote if id.starts_with('e') => &self.endnotes,
                _ => &self.footnotes,
            };
            let text = texts.get(id.trim_start_matches('e'));
            self.repeated.texts += text.map_or(0, String::len);
            if self.repeated.within(self.limits).is_err() {
                break;
            }
            let text = text.cloned().unwrap_or_default();
            let simple = self.simple.get(id).filter(|_| is_text && *what == Left::Footnote);
            let simple = simple.and_then(|simple| {
                let more = found.text.get(counted.0..*before)?;
                counted = (*before, counted.1 + more.chars().filter(|c| !c.is_whitespace()).count());
                Some((simple.clone(), counted.1))
            });
            let (text, at) = simple.map_or((text, None), |(simple, at)| (simple, Some(at)));
            // What goes into the paragraph follows it at once.
            let own = if at.is_some() { &mut self.blocks } else { &mut others };
            own.push(Block::Left { what: *what, text, at, place: place.clone() });
        }
        self.blocks.append(&mut others);
        for text in &found.struck {
            self.blocks.push(Block::Left {
                what: Left::Struck,
                text: text.clone(),
                at: None,
                place: place.clone(),
            });
        }
        let hidden = found.hidden.trim();
        if !hidden.is_empty() {
            self.blocks.push(Block::Left {
                what: Left::Hidden,
                text: hidden.to_owned(),
                at: None,
                place: place.clone(),
            });
        }
        for _ in 0..found.formulas {
            self.blocks.push(Block::Left {
                what: Left::Formula,
                text: String::new(),
                at: None,
                place: place.clone(),
            });
        }
    }

    /// Tells the text of headers and footers, but for page numbers.
    fn page_margins(&mut self, bytes: &[u8], package: &Package) {
        let parts = ["/header", "/footer"].into_iter().flat_map(|what| related(bytes, what, self.limits));
        let mut told: Vec<String> = Vec::new();
        for (_, part) in parts {
            if package.part(&part).is_none() {
                continue;
            }
            let Ok(root) = package.xml(&part) else { continue };
            let mut found = Text::default();
            gather(&root, &self.styles, Run::default(), &mut found);
            let text = found.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_number = text.chars().filter(|c| c.is_alphabetic()).all(|c| "第页共PageofX".contains(c));
            if !is_number && !told.contains(&text) {
                told.push(text);
            }
        }
        let left = told.into_iter().map(|text| {
            let place = Place::Paragraph(1);
            Block::Left { what: Left::Margin, text, at: None, place }
        });
        // They stand on all pages, the first of them too.
        self.blocks.splice(0..0, left);
    }

    fn picture(&mut self, drawing: &Element, place: &Place) {
        let mut ids = Vec::new();
        let mut alt = None;
        let mut is_chart = false;
        let mut left = vec![drawing];
        while let Some(element) = left.pop() {
            if let "a:blip" | "v:imagedata" = &*element.name {
                ids.extend(
                    element.attribute("r:embed").or_else(|| element.attribute("r:id")).map(str::to_owned),
                );
            }
            is_chart |= element.name == "c:chart";
            if element.name == "wp:docPr" {
                alt = element.attribute("descr").filter(|text| !text.trim().is_empty()).map(str::to_owned);
            }
            left.extend(element.elements());
        }
        if is_chart {
            let text = alt.clone().unwrap_or_default();
            self.blocks.push(Block::Left { what: Left::Chart, text, at: None, place: place.clone() });
        }
        for id in ids {
            let bytes = self.images.get(&id).cloned().and_then(|part| self.picture_of(&part));
            self.repeated.pictures += bytes.as_ref().map_or(0, |bytes| bytes.len());
            self.repeated.texts += alt.as_ref().map_or(0, String::len);
            if self.repeated.within(self.limits).is_err() {
                return;
            }
            self.blocks.push(Block::Picture(Picture { bytes, alt: alt.clone(), place: place.clone() }));
        }
    }

    /// The file of a picture, which is unpacked once.
    fn picture_of(&mut self, part: &str) -> Option<Arc<[u8]>> {
        if let Some(known) = self.pictures.get(part) {
            return known.clone();
        }
        // Nothing more is unpacked where there is too much already.
        let left = most_pictures(self.limits).saturating_sub(self.repeated.pictures);
        let own = (left > 0).then(|| binary_part(self.file, part, self.limits.image_bytes)).flatten();
        let own: Option<Arc<[u8]>> = own.map(Into::into);
        self.pictures.insert(part.to_owned(), own.clone());
        own
    }

    fn table(&mut self, table: &Element) {
        let number = self.tables.len() + 1;
        self.tables.insert(key(table), number);
        let rows = rows(table);
        if is_frame(table) {
            for row in &rows {
                for cell in cells_of(row) {
                    self.body(cell);
                }
            }
            return;
        }
        let grid = self.grid(table, &rows, number);
        self.blocks.push(Block::Table(grid));
    }

    fn grid(&mut self, table: &Element, rows: &[&Element], number: usize) -> Grid {
        let edges = edges(table);
        let number_at = |edge: usize| {
            let last = edges.len() - 1;
            edges.get(edge).copied().unwrap_or_else(|| edges[last] + edge - last)
        };
        let mut grid = Grid { rows: Vec::new(), has_columns: true };
        let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut beside = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let properties = row.find("w:trPr");
            let value = |name: &str| number_of(properties.and_then(|properties| properties.find(name)));
            let is_header =
                properties.and_then(|properties| properties.find("w:tblHeader")).is_some_and(is_on);
            let is_deleted = properties.is_some_and(|properties| properties.find("w:del").is_some());
            let mut column = value("w:gridBefore").unwrap_or(0).min(MAX_SPAN);
            let mut own: Vec<Cell> = Vec::new();
            for (order, cell) in cells(row).into_iter().enumerate() {
                let properties = cell.find("w:tcPr");
                let property = |name: &str| properties.and_then(|properties| properties.find(name));
                let columns = number_of(property("w:gridSpan")).unwrap_or(1).clamp(1, MAX_SPAN);
                let begins = |name: &str| {
                    property(name).is_none_or(|merge| merge.attribute("w:val") == Some("restart"))
                };
                if is_deleted || property("w:cellDel").is_some() {
                    column += columns;
                    continue;
                }
                if let (false, Some(last)) = (begins("w:hMerge"), own.last_mut()) {
                    last.columns = number_at(column + columns) - last.column;
                    column += columns;
                    continue;
                }
                let above = open.get(&column).copied();
                match (begins("w:vMerge"), above) {
                    (false, Some((row, index))) if row < at => grid.rows[row][index].rows = at + 1 - row,
                    _ => {
                        open.remove(&column);
                        if property("w:vMerge").is_some() {
                            open.insert(column, (at, own.len()));
                        }
                        let place = Place::TableCell { table: number, row: at + 1, cell: order + 1 };
                        let text = self.cell_text(cell, &place, &mut beside);
                        let (from, to) = (number_at(column), number_at(column + columns));
                        own.push(Cell {
                            column: from,
                            columns: to.saturating_sub(from).max(1),
                            rows: 1,
                            text,
                            header: is_header,
                            place,
                        });
                    }
                }
                column += columns;
            }
            grid.rows.push(own);
        }
        self.blocks.append(&mut beside);
        grid
    }

    /// The text of a cell; what stands beside it is put into `beside`.
    fn cell_text(&mut self, cell: &Element, place: &Place, beside: &mut Vec<Block>) -> String {
        let mut paragraphs = Vec::new();
        paragraphs_in(cell, &mut paragraphs);
        let mut lines = Vec::new();
        for paragraph in paragraphs {
            let mut found = Text::default();
            let properties = paragraph.find("w:pPr");
            gather(paragraph, &self.styles, run_of(&self.styles, properties), &mut found);
            // What stands in a box of an empty cell is what the cell shows.
            if found.text.trim().is_empty() {
                for text in std::mem::take(&mut found.boxes) {
                    let mut inner = Vec::new();
                    paragraphs_in(text, &mut inner);
                    for paragraph in inner {
                        let run = run_of(&self.styles, paragraph.find("w:pPr"));
                        gather(paragraph, &self.styles, run, &mut found);
                        found.text.push('\n');
                    }
                }
            }
            let text = found.text.trim();
            // Lists count on through cells; a blank cell has no number.
            let number = properties.and_then(list).filter(|_| !text.is_empty());
            let number =
                number.and_then(|(list, level)| self.numbering.next(&list, level)).unwrap_or_default();
            // The number of a line is no digit of the figure behind it.
            let gap = if !number.is_empty() && text.starts_with(|c: char| c.is_numeric()) { " " } else { "" };
            lines.push(format!("{number}{gap}{}", text.replace('\t', " ")));
            let kept = std::mem::take(&mut self.blocks);
            self.beside(&found, place, false);
            beside.append(&mut self.blocks);
            self.blocks = kept;
        }
        lines.join("\n").trim().to_owned()
    }
}

/// Whether a table is a frame for others: it has few cells, and tables in them.
pub(super) fn is_frame(table: &Element) -> bool {
    const MOST: usize = 3;
    let rows = rows(table);
    let cells: Vec<&Element> = rows.iter().flat_map(|row| cells(row)).collect();
    cells.len() <= MOST && cells.iter().any(|cell| has_table(cell))
}

/// The paragraphs of a cell, those of tables in it too.
fn paragraphs_in<'a>(parent: &'a Element<'a>, found: &mut Vec<&'a Element<'a>>) {
    for child in parent.elements() {
        match &*child.name {
            "w:p" => found.push(child),
            "w:tbl" | "w:tr" | "w:tc" => paragraphs_in(child, found),
            name if is_wrapper(name) => paragraphs_in(child, found),
            _ => {}
        }
    }
}

fn has_table(cell: &Element) -> bool {
    cell.elements().any(|child| child.name == "w:tbl" || (is_wrapper(&child.name) && has_table(child)))
}

fn rows<'a>(table: &'a Element<'a>) -> Vec<&'a Element<'a>> {
    inside(table, "w:tr")
}

fn cells<'a>(row: &'a Element<'a>) -> Vec<&'a Element<'a>> {
    inside(row, "w:tc")
}

fn cells_of<'a>(row: &&'a Element<'a>) -> Vec<&'a Element<'a>> {
    cells(row)
}

/// The children of a name, in wrappers too.
fn inside<'a>(parent: &'a Element<'a>, name: &str) -> Vec<&'a Element<'a>> {
    let mut found = Vec::new();
    for child in parent.elements() {
        if child.name == name {
            found.push(child);
        } else if is_wrapper(&child.name) {
            found.extend(inside(child, name));
        }
    }
    found
}

/// The number of the true column at each edge of the grid: LibreOffice adds slivers of a twip or two.
fn edges(table: &Element) -> Vec<usize> {
    const SLIVER: u64 = 30;
    let columns = table.find("w:tblGrid").into_iter().flat_map(Element::elements);
    let widths: Vec<Option<u64>> = columns
        .filter(|column| column.name == "w:gridCol")
        .map(|column| column.attribute("w:w").and_then(|width| width.parse().ok()))
        .take(MAX_SPAN * 2)
        .collect();
    let is_sliver = |width: &Option<u64>| width.is_some_and(|width| (1..SLIVER).contains(&width));
    // A grid of slivers alone says nothing.
    let counts = widths.iter().filter(|width| is_sliver(width)).count() * 2 < widths.len();
    let mut edges = vec![0];
    for width in &widths {
        let last = edges[edges.len() - 1];
        edges.push(if counts && is_sliver(width) { last } else { last + 1 });
    }
    edges
}

fn number_of(element: Option<&Element>) -> Option<usize> {
    element?.attribute("w:val")?.parse().ok()
}

/// Whether a toggle property is on.
fn is_on(element: &Element) -> bool {
    !matches!(element.attribute("w:val"), Some("0" | "false" | "off"))
}

/// The text of an element, without what is deleted or hidden; pictures, boxes, notes and what is struck apart.
///
/// `outer` is what the paragraph's style says of its runs.
fn gather<'a>(element: &'a Element<'a>, styles: &Styles, outer: Run, found: &mut Text<'a>) {
    for child in element.elements() {
        match &*child.name {
            "w:r" => {
                let properties = child.find("w:rPr");
                let style = properties.and_then(|properties| properties.find("w:rStyle"));
                let style = style.and_then(|style| styles.get(style.attribute("w:val")?));
                let run = Run::of(properties).or(style.map(|style| style.run).unwrap_or_default()).or(outer);
                if run.hidden == Some(true) {
                    // A field may begin or end in it.
                    let mut hidden = Text { fields: std::mem::take(&mut found.fields), ..Text::default() };
                    gather(child, styles, outer, &mut hidden);
                    found.hidden.push_str(&hidden.text);
                    found.fields = hidden.fields;
                    continue;
                }
                let (from, noted) = (found.text.len(), found.notes.len());
                gather(child, styles, outer, found);
                // A struck figure beside the one that replaces it would be read as one number.
                if run.is_struck() {
                    let text = found.text.split_off(from);
                    found.notes[noted..].iter_mut().for_each(|(.., before)| *before = usize::MAX);
                    if !text.trim().is_empty() {
                        found.struck.push(text);
                    }
                    continue;
                }
                if let Some(face) = run.face() {
                    // Marks stand behind the same characters, which may have other lengths now.
                    for (.., before) in &mut found.notes[noted..] {
                        let own = found.text.get(from..*before).unwrap_or_default().chars();
                        *before = from + own.map(|c| shifted(c, face).len_utf8()).sum::<usize>();
                    }
                    let changed: String = found.text[from..].chars().map(|c| shifted(c, face)).collect();
                    found.text.truncate(from);
                    found.text.push_str(&changed);
                }
            }
            "w:fldChar" => match child.attribute("w:fldCharType") {
                Some("begin") => found.fields.push(false),
                Some("separate") => {
                    found.fields.iter_mut().next_back().into_iter().for_each(|open| *open = true)
                }
                Some("end") => drop(found.fields.pop()),
                _ => {}
            },
            // Of an instruction.
            "w:t" | "w:tab" | "w:sym" | "w:br" | "w:cr" if found.fields.contains(&false) => {}
            "w:t" => found.text.push_str(&child.own_text()),
            "w:sym" => found.text.push(symbol(child)),
            // 17.3.3.25: the guide of a base stands above it, and is no part of its line.
            "w:ruby" => {
                child.find("w:rubyBase").into_iter().for_each(|base| gather(base, styles, outer, found));
                let mut guide = Text::default();
                child.find("w:rt").into_iter().for_each(|text| gather(text, styles, outer, &mut guide));
                if !guide.text.trim().is_empty() {
                    found.text.push_str(&format!("（{}）", guide.text.trim()));
                }
            }
            // 17.3.2.3: shown the other way round, as these characters say.
            "w:bdo" if child.attribute("w:val") == Some("rtl") => {
                found.text.push('\u{202E}');
                gather(child, styles, outer, found);
                found.text.push('\u{202C}');
            }
            "w:tab" | "w:ptab" => found.text.push('\t'),
            "w:br" if matches!(child.attribute("w:type"), Some("page" | "column")) => {}
            "w:br" | "w:cr" => found.text.push('\n'),
            "w:noBreakHyphen" => found.text.push('-'),
            "w:footnoteReference" => note(child, Left::Footnote, "", found),
            "w:endnoteReference" => note(child, Left::Footnote, "e", found),
            "w:commentReference" => note(child, Left::Comment, "", found),
            "w:pPr" | "w:rPr" | "w:del" | "w:moveFrom" | "w:instrText" | "w:delText" | "w:tcPr" => {}
            "w:drawing" | "w:pict" | "w:object" => drawing(child, found),
            "mc:AlternateContent" => {
                let choice = child.find("mc:Choice").or_else(|| child.find("mc:Fallback"));
                if let Some(choice) = choice {
                    gather(choice, styles, outer, found);
                }
            }
            "m:oMath" | "m:oMathPara" => {
                found.formulas += 1;
                math(child, &mut found.text);
            }
            _ => gather(child, styles, outer, found),
        }
    }
}

/// What the style of a paragraph, and the paragraph itself, say of its runs.
fn run_of(styles: &Styles, properties: Option<&Element>) -> Run {
    let style = properties.and_then(|properties| properties.find("w:pStyle"));
    let style = style.and_then(|style| styles.get(style.attribute("w:val")?));
    style.map(|style| style.run).unwrap_or_default()
}

/// A character that is named by its place in a font of symbols: 17.3.3.30.
fn symbol(element: &Element) -> char {
    /// What stands for a character that cannot be shown.
    const UNKNOWN: char = '〓';
    const WINGDINGS: [(u32, char); 12] = [
        (0x52, '☑'),
        (0x6C, '●'),
        (0x6E, '■'),
        (0x6F, '□'),
        (0x71, '❑'),
        (0x75, '◆'),
        (0xA8, '□'),
        (0xD8, '➢'),
        (0xFB, '✗'),
        (0xFC, '✓'),
        (0xFD, '☒'),
        (0xFE, '☑'),
    ];
    let code = element.attribute("w:char").and_then(|code| u32::from_str_radix(code, 16).ok());
    let font = element.attribute("w:font").unwrap_or_default().to_lowercase();
    let Some(code) = code else { return UNKNOWN };
    // Fonts of symbols have their characters in the private area.
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    match font.as_str() {
        "wingdings" => WINGDINGS.iter().find(|(known, _)| *known == own).map_or(UNKNOWN, |(_, shown)| *shown),
        "symbol" if own == 0xB7 => '•',
        // Its digits and marks are those of ASCII.
        "symbol" if (0x20..0x40).contains(&own) => char::from_u32(own).unwrap_or(UNKNOWN),
        "symbol" => UNKNOWN,
        _ if own < 0x80 && code != own => UNKNOWN,
        _ => char::from_u32(code).filter(|shown| !shown.is_control()).unwrap_or(UNKNOWN),
    }
}

fn note(element: &Element, what: Left, prefix: &str, found: &mut Text) {
    let before = found.text.len();
    found.notes.extend(element.attribute("w:id").map(|id| (what, format!("{prefix}{id}"), before)));
}

/// The text boxes of a paragraph, each once.
pub(super) fn boxes_of<'a>(paragraph: &'a Element<'a>) -> Vec<&'a Element<'a>> {
    let mut found = Text::default();
    gather(paragraph, &Styles::new(), Run::default(), &mut found);
    found.boxes
}

fn drawing<'a>(element: &'a Element<'a>, found: &mut Text<'a>) {
    let before = found.boxes.len();
    boxes(element, &mut found.boxes);
    if found.boxes.len() == before {
        found.pictures.push(element);
    }
}

fn boxes<'a>(element: &'a Element<'a>, found: &mut Vec<&'a Element<'a>>) {
    for child in element.elements() {
        if child.name == "w:txbxContent" { found.push(child) } else { boxes(child, found) }
    }
}

/// The text of a formula on a line: what stands above or below something is parted from it by a sign.
fn math(element: &Element, text: &mut String) {
    let parts =
        |names: &[&str]| element.elements().filter(|child| names.contains(&&*child.name)).collect::<Vec<_>>();
    // ECMA-376-1, 22.1.2: fractions, scripts, limits, roots.
    let (names, sign): (&[&str], &str) = match &*element.name {
        "m:f" => (&["m:num", "m:den"], "/"),
        "m:sSup" => (&["m:e", "m:sup"], "^"),
        "m:sSub" => (&["m:e", "m:sub"], "_"),
        "m:sSubSup" | "m:sPre" => (&["m:e", "m:sub", "m:sup"], "_"),
        "m:limLow" | "m:limUpp" => (&["m:e", "m:lim"], "_"),
        "m:rad" => (&["m:deg", "m:e"], "√"),
        "m:nary" => (&["m:sub", "m:sup", "m:e"], "∑"),
        "m:m" => (&["m:mr"], ";"),
        "m:mr" | "m:eqArr" => (&["m:e"], ","),
        _ => (&[], ""),
    };
    if !names.is_empty() {
        for (at, part) in parts(names).into_iter().enumerate() {
            if at > 0 {
                text.push_str(sign);
            }
            math(part, text);
        }
        return;
    }
    for node in &element.children {
        match node {
            Node::Element(child) => math(child, text),
            Node::Text(own) if element.name == "m:t" => text.push_str(own),
            Node::Text(_) => {}
        }
    }
}
