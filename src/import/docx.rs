//! A Word file of any origin: its body as blocks, with what its program adds (numbers) and without what it hides.
//!
//! Insertions of tracked changes are in, deletions out. Content controls, text boxes and tables in tables are read where they
//! stand. Nothing outside the file is opened.

mod runs;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::blocks::{Block, Cell, Content, Grid, Left, Paragraph, Picture};
use super::footnotes;
use super::numbering::Numbering;
use crate::diagnostic::Place;
use crate::message;
use crate::options::Limits;
use crate::read::ooxml::{Package, binary_part, main_part};
use crate::read::{ReadError, damaged, limit};
use crate::xml::{self, Element};

use runs::{Run, Style, Styles, Text, gather, is_on, list, run_of, styles};

/// The largest span of a cell that is accepted.
const MAX_SPAN: usize = 64;

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

/// The text boxes of a paragraph, each once.
pub(super) fn boxes_of<'a>(paragraph: &'a Element<'a>) -> Vec<&'a Element<'a>> {
    let mut found = Text::default();
    gather(paragraph, &Styles::new(), Run::default(), &mut found);
    found.boxes
}
