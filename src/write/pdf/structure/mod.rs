//! The structure tree (ISO 32000-1, 14.7): the logical structure of the marked content on the pages, for
//! screen readers and archives.
//!
//! The tree is made from the document, not from the pages; the pages only give the marked content of each
//! node. A node without marked content (an empty cell) still has an element, and marked content without a
//! node is never lost: it becomes a paragraph.

mod note;
mod write;

use super::contents::{Contents, LineBox, Mark, Part};
use super::draw::round;
use super::fields::Field;
use super::finish::File;
use crate::document::{
    self, Block, BlockKind, Document, HeaderGrid, Illustration, InlineKind, Inlines, List, NodeId, Paragraph,
    Scope, Seal, Sides, Signature,
};
use crate::document::{Table, TableCell, TableText, Title};
use crate::pages::{Pages, Target};
use crate::style::Role;

/// Adds the structure tree of a document.
pub(super) fn add(
    file: &mut File,
    document: &Document,
    contents: Contents,
    inlines: &Inlines,
    pages: &Pages,
    fields: &[Field],
) {
    let mut tree = Tree {
        document,
        contents,
        inlines,
        pages,
        elements: Vec::new(),
        links: Vec::new(),
        headings: Vec::new(),
        noted: Vec::new(),
    };
    let root = tree.open("Document");
    // The fields come after the last signature, or at the end.
    let signature = document.blocks.iter().rposition(|block| matches!(block.kind, BlockKind::Signature(_)));
    let mut forms: Vec<Kid> = Vec::new();
    for index in 0..fields.len() {
        forms.push(tree.with("Form", vec![Kid::Field(index)]));
    }
    for (index, block) in document.blocks.iter().enumerate() {
        let kids = tree.block(block);
        tree.elements[root].kids.extend(kids);
        let notes = tree.footnotes();
        tree.elements[root].kids.extend(notes);
        if signature == Some(index) {
            tree.elements[root].kids.append(&mut forms);
        }
    }
    tree.elements[root].kids.append(&mut forms);
    for (node, part) in tree.contents.left() {
        let kids = tree.marks(node, part);
        let kids = tree.unless_empty("P", kids);
        tree.elements[root].kids.extend(kids);
    }
    tree.write(file, fields);
}

/// A structure element: ISO 32000-1, 14.7.2.
struct Element {
    kind: &'static str,
    kids: Vec<Kid>,
    attributes: Option<Attributes>,
    alt: Option<String>,
    /// The language, where it is another than the document's.
    lang: Option<&'static str>,
    /// The identifier by which data cells refer to a header cell, or that a note must have.
    id: Option<NodeId>,
}

/// Standard structure attributes of an element: ISO 32000-1, 14.8.5.
enum Attributes {
    /// `ListNumbering` of a list.
    List(&'static str),
    /// `Summary` of a table.
    Summary(String),
    /// Of a cell: its `Scope` as a header, its spans, and the `Headers` that apply to it.
    Cell { scope: Option<Scope>, columns: usize, rows: usize, headers: Vec<NodeId> },
    /// `BBox` of an illustration: left, bottom, right, top in points.
    Box([f32; 4]),
}

/// A child of a structure element.
#[derive(Clone, Copy)]
enum Kid {
    Element(usize),
    Mark(Mark),
    /// The link of this index.
    Link(usize),
    /// The signature field of this index.
    Field(usize),
}

/// A link on one line: ISO 32000-1, 12.5.6.5. An address broken over two lines has two.
struct Link {
    page: usize,
    rect: [f32; 4],
    target: LinkTarget,
}

/// Where a link leads.
enum LinkTarget {
    /// To a web address or an e-mail address.
    Uri(String),
    /// To a place of the document: index of its page, and from the left and the bottom of its paper in points.
    Place { page: usize, place: [f32; 2], description: String },
}

/// The structure tree under construction.
struct Tree<'a> {
    document: &'a Document,
    contents: Contents,
    inlines: &'a Inlines,
    pages: &'a Pages,
    elements: Vec<Element>,
    links: Vec<Link>,
    /// The levels of the headings above the next one.
    headings: Vec<u8>,
    /// The footnotes of the current block.
    noted: Vec<usize>,
}

impl Tree<'_> {
    fn block(&mut self, block: &Block) -> Vec<Kid> {
        match &block.kind {
            BlockKind::Title(title) => self.title(block.id, title),
            BlockKind::Paragraph(paragraph) => self.paragraph(block.id, paragraph),
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(block.id, table),
            BlockKind::Illustration(illustration) => self.illustration(block.id, illustration),
            BlockKind::Signature(signature) => self.signature(block.id, signature),
            BlockKind::Sides(sides) => self.sides(sides),
            BlockKind::Contents(contents) => self.entries(contents),
            BlockKind::Rule(_) | BlockKind::PageBreak => Vec::new(),
        }
    }

    /// 目录: every entry is a link to its heading.
    fn entries(&mut self, contents: &document::Contents) -> Vec<Kid> {
        let mut items = Vec::new();
        for entry in &contents.entries {
            let kids = self.marks(entry.id, Part::Body);
            let kids = self.unless_empty("Reference", kids);
            items.extend(self.unless_empty("TOCI", kids));
        }
        self.unless_empty("TOC", items)
    }

    fn title(&mut self, id: NodeId, title: &Title) -> Vec<Kid> {
        let kind = match title.is_line_below() {
            true => "P",
            false if title.role == Role::ContentsTitle => self.heading(2),
            false => self.heading(1),
        };
        let kids = self.marks(id, Part::Body);
        self.unless_empty(kind, kids)
    }

    /// A paragraph: its own marked content and that of its runs, in their order.
    fn paragraph(&mut self, id: NodeId, paragraph: &Paragraph) -> Vec<Kid> {
        let kind = match &paragraph.heading {
            Some(heading) if !heading.run_in => self.heading(heading.level + 1),
            Some(_) | None => "P",
        };
        let mut kids = self.text(id);
        for run in paragraph.runs.iter().filter_map(|run| run.id) {
            let marks = self.text(run);
            if let Some(&(first, _)) = marks.first() {
                let span = self.with("Span", marks.into_iter().map(|(_, kid)| kid).collect());
                kids.push((first, span));
            }
        }
        kids.sort_by_key(|&(mark, _)| mark);
        self.unless_empty(kind, kids.into_iter().map(|(_, kid)| kid).collect())
    }

    /// A line with text at both ends: two paragraphs for a screen reader.
    fn sides(&mut self, sides: &Sides) -> Vec<Kid> {
        let mut kids = Vec::new();
        for side in [&sides.left, &sides.right] {
            let marks = side.iter().filter_map(|run| run.id);
            let marks: Vec<Kid> = marks.flat_map(|run| self.marks(run, Part::Body)).collect();
            kids.extend(self.unless_empty("P", marks));
        }
        kids
    }

    fn list(&mut self, list: &List) -> Vec<Kid> {
        let mut items = Vec::new();
        for item in &list.items {
            let (label, body) = (self.marks(item.id, Part::Label), self.marks(item.id, Part::Body));
            let mut kids = self.unless_empty("Lbl", label);
            kids.extend(self.unless_empty("LBody", body));
            items.extend(self.unless_empty("LI", kids));
        }
        let element = self.with_all("L", items);
        let labels = list.items.iter().map(|item| item.label.as_str());
        self.elements[element].attributes = Some(Attributes::List(numbering(labels)));
        vec![Kid::Element(element)]
    }

    /// A table: its caption and unit inside, its notes after it.
    fn table(&mut self, id: NodeId, table: &Table) -> Vec<Kid> {
        let mut kids = self.table_caption(table);
        let grid = HeaderGrid::new(table);
        let (mut head, mut body) = (Vec::new(), Vec::new());
        // A row without a cell of its own is none: all of its columns are covered from above.
        let is_row: Vec<bool> = table.rows.iter().map(|row| !row.cells.is_empty()).collect();
        for (index, row) in table.rows.iter().enumerate() {
            let mut cells = self.marks(row.id, Part::Body);
            for cell in &row.cells {
                let covered = is_row.iter().skip(index).take(cell.rows);
                cells.push(self.cell(&grid, index, cell, covered.filter(|is_row| **is_row).count()));
            }
            if cells.is_empty() {
                continue;
            }
            let kind = if index < table.header_rows { &mut head } else { &mut body };
            kind.push(self.with("TR", cells));
        }
        kids.extend(self.unless_empty("THead", head));
        kids.extend(self.unless_empty("TBody", body));
        let own = self.marks(id, Part::Body);
        kids.extend(own);
        let element = self.with_all("Table", kids);
        if !table.description.is_empty() {
            self.elements[element].attributes = Some(Attributes::Summary(table.description.clone()));
        }
        let mut all = vec![Kid::Element(element)];
        for note in &table.notes {
            all.extend(self.note(note));
        }
        all
    }

    /// A note, which must have an identifier: ISO 14289-1, 7.9.
    fn note(&mut self, note: &TableText) -> Vec<Kid> {
        let marks = self.marks(note.id, Part::Body);
        let kids = self.unless_empty("Note", marks);
        if let [Kid::Element(element)] = kids[..] {
            self.elements[element].id = Some(note.id);
        }
        self.unless_empty("P", kids)
    }

    fn table_caption(&mut self, table: &Table) -> Vec<Kid> {
        let lines: Vec<&TableText> = table.above().map(|(_, text)| text).collect();
        let kids = match lines.as_slice() {
            [line] => self.marks(line.id, Part::Body),
            lines => lines.iter().flat_map(|line| self.line("P", line)).collect(),
        };
        self.unless_empty("Caption", kids)
    }

    /// A cell over so many rows.
    fn cell(&mut self, grid: &HeaderGrid, row: usize, cell: &TableCell, rows: usize) -> Kid {
        let marks = self.marks(cell.id, Part::Body);
        let element = self.with_all(if cell.scope.is_some() { "TH" } else { "TD" }, marks);
        if cell.scope.is_some() {
            self.elements[element].id = Some(cell.id);
        }
        let headers = if cell.scope.is_none() { grid.headers(row, cell) } else { Vec::new() };
        if cell.scope.is_some() || cell.columns > 1 || rows > 1 || !headers.is_empty() {
            let (scope, columns) = (cell.scope, cell.columns);
            self.elements[element].attributes = Some(Attributes::Cell { scope, columns, rows, headers });
        }
        Kid::Element(element)
    }

    fn illustration(&mut self, id: NodeId, illustration: &Illustration) -> Vec<Kid> {
        let mut kids = self.picture(id, &illustration.alt);
        if let (Some(Kid::Element(element)), Some(caption)) = (kids.first().copied(), &illustration.caption) {
            let caption = self.line("Caption", caption);
            self.elements[element].kids.extend(caption);
        } else if let Some(caption) = &illustration.caption {
            kids.extend(self.line("P", caption));
        }
        kids
    }

    /// A Figure element with its alternative text.
    fn picture(&mut self, id: NodeId, alt: &str) -> Vec<Kid> {
        let marks = self.marks(id, Part::Body);
        if marks.is_empty() {
            return Vec::new();
        }
        let element = self.with_all("Figure", marks);
        self.elements[element].alt = Some(alt.into());
        if let Some(rect) = self.contents.rect(id) {
            self.elements[element].attributes = Some(Attributes::Box(rect));
        }
        vec![Kid::Element(element)]
    }

    fn signature(&mut self, id: NodeId, signature: &Signature) -> Vec<Kid> {
        let mut kids: Vec<Kid> = Vec::new();
        for line in signature.signatories.iter().chain(&signature.date) {
            kids.extend(self.line("P", line));
        }
        for Seal { id, alt, .. } in &signature.seals {
            kids.extend(self.picture(*id, alt));
        }
        let own = self.marks(id, Part::Body);
        kids.extend(self.unless_empty("P", own));
        kids
    }

    /// A line of text with a node of its own.
    fn line(&mut self, kind: &'static str, line: &TableText) -> Vec<Kid> {
        let marks = self.marks(line.id, Part::Body);
        self.unless_empty(kind, marks)
    }

    /// The kind of a heading of this level. No level is skipped: ISO 14289-1, 7.4.2.
    fn heading(&mut self, level: u8) -> &'static str {
        while self.headings.last().is_some_and(|&above| above >= level) {
            self.headings.pop();
        }
        self.headings.push(level);
        ["H1", "H2", "H3", "H4", "H5", "H6"][(self.headings.len() - 1).min(5)]
    }

    fn marks(&mut self, id: NodeId, part: Part) -> Vec<Kid> {
        match part {
            Part::Label => self.contents.take(id, part).into_iter().map(Kid::Mark).collect(),
            Part::Body | Part::Inline(_) => self.text(id).into_iter().map(|(_, kid)| kid).collect(),
        }
    }

    /// The text of a node in reading order, with its links and foreign words as elements.
    fn text(&mut self, id: NodeId) -> Vec<(Mark, Kid)> {
        let mut kids: Vec<(Mark, Kid)> = Vec::new();
        let mut open: Option<(usize, usize)> = None;
        for (mark, part) in self.contents.take_text(id) {
            let Part::Inline(inline) = part else {
                kids.push((mark, Kid::Mark(mark)));
                continue;
            };
            match open {
                // The same span continues: on the next line, or in another font.
                Some((known, element)) if known == inline => {
                    self.elements[element].kids.push(Kid::Mark(mark));
                }
                _ => {
                    let element = self.inline(id, inline);
                    self.elements[element].kids.push(Kid::Mark(mark));
                    open = Some((inline, element));
                    kids.push((mark, Kid::Element(element)));
                }
            }
        }
        for (_, kid) in &kids {
            if let Kid::Element(element) = *kid {
                // The link annotation comes after its text.
                self.elements[element].kids.sort_by_key(|kid| matches!(kid, Kid::Link(_)));
            }
        }
        if !self.document.notes.is_empty() {
            self.add_references(id, &mut kids);
        }
        kids
    }

    /// The element of a link or of foreign words.
    fn inline(&mut self, id: NodeId, inline: usize) -> usize {
        match &self.inlines.of(id)[inline].kind {
            InlineKind::English => {
                let element = self.open("Span");
                self.elements[element].lang = Some("en");
                element
            }
            // ISO 14289-1, 7.18.5.
            InlineKind::Link(target) => {
                let element = self.open("Link");
                for line in self.contents.text_lines(id, inline) {
                    self.elements[element].kids.push(Kid::Link(self.links.len()));
                    let LineBox { page, rect } = *line;
                    self.links.push(Link { page, rect, target: LinkTarget::Uri(target.clone()) });
                }
                element
            }
            InlineKind::Entry(target) => {
                let element = self.open("Link");
                let Some(Target { page, number, top }) = self.pages.targets.get(target).copied() else {
                    return element;
                };
                let paper = &self.pages.pages[page];
                let top = paper.on_paper(top);
                let place = [round(top.x.to_pt()), round((paper.paper.height - top.y).to_pt())];
                for line in self.contents.text_lines(id, inline) {
                    self.elements[element].kids.push(Kid::Link(self.links.len()));
                    let target = LinkTarget::Place { page, place, description: format!("第 {number} 页") };
                    self.links.push(Link { page: line.page, rect: line.rect, target });
                }
                element
            }
        }
    }

    fn open(&mut self, kind: &'static str) -> usize {
        self.elements.push(Element {
            kind,
            kids: Vec::new(),
            attributes: None,
            alt: None,
            lang: None,
            id: None,
        });
        self.elements.len() - 1
    }

    fn with_all(&mut self, kind: &'static str, kids: Vec<Kid>) -> usize {
        let element = self.open(kind);
        self.elements[element].kids = kids;
        element
    }

    fn with(&mut self, kind: &'static str, kids: Vec<Kid>) -> Kid {
        Kid::Element(self.with_all(kind, kids))
    }

    fn unless_empty(&mut self, kind: &'static str, kids: Vec<Kid>) -> Vec<Kid> {
        if kids.is_empty() { kids } else { vec![self.with(kind, kids)] }
    }
}

/// The `ListNumbering` of labels: ISO 32000-1, table 347.
fn numbering<'a>(mut labels: impl Iterator<Item = &'a str>) -> &'static str {
    match labels.next().and_then(|label| label.chars().next()) {
        None => "None",
        Some('●' | '•' | '·') => "Disc",
        Some('○' | '◦') => "Circle",
        Some('■' | '□' | '▪' | '◆' | '◇') => "Square",
        Some(_) => "Decimal",
    }
}
