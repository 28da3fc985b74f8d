//! The structure tree: what the marks on the pages are, for those who read with their ears and for archives.
//!
//! The tree comes from the document, not from the pages; the pages only say which marks belong to a node. A node
//! without marks (an empty cell) still has its place, and a mark without a node is never lost: it becomes a paragraph.

use lopdf::{Object, ObjectId};

use super::contents::{Contents, LineBox, Mark, Part};
use super::drafts::Drafts;
use super::fields::{self, Field};
use super::finish::File;
use super::headers::Grid;
use super::inline::{InlineKind, Inlines};
use super::object::{dictionary, name, text};
use crate::document::{
    Block, BlockKind, Document, Figure, List, NodeId, Paragraph, Scope, Seal, Sides, Signature,
};
use crate::document::{Table, TableCell, TableText, Title};

/// Adds the structure tree of a document.
pub(super) fn add(
    file: &mut File,
    document: &Document,
    contents: Contents,
    inlines: &Inlines,
    fields: &[Field],
) {
    let mut tree = Tree { contents, inlines, elements: Vec::new(), links: Vec::new(), headings: Vec::new() };
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
    /// The name by which data cells call a header cell, or that a note must have.
    id: Option<NodeId>,
}

/// What an element says of itself beside its kind: ISO 32000-1, 14.8.5.
enum Attributes {
    /// `ListNumbering` of a list.
    List(&'static str),
    /// What a table shows.
    Summary(String),
    /// Of a cell: for which cells it speaks, or which speak for it, and how far it reaches.
    Cell { scope: Option<Scope>, columns: usize, rows: usize, headers: Vec<NodeId> },
    /// Where a picture stands: left, bottom, right, top in points.
    Box([f32; 4]),
}

/// What an element holds.
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
    target: String,
}

/// The tree while it grows.
struct Tree<'a> {
    contents: Contents,
    inlines: &'a Inlines,
    elements: Vec<Element>,
    links: Vec<Link>,
    /// The levels of the headings that the next one stands under.
    headings: Vec<u8>,
}

impl Tree<'_> {
    fn block(&mut self, block: &Block) -> Vec<Kid> {
        match &block.kind {
            BlockKind::Title(title) => self.title(block.id, title),
            BlockKind::Paragraph(paragraph) => self.paragraph(block.id, paragraph),
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(block.id, table),
            BlockKind::Figure(figure) => self.figure(block.id, figure),
            BlockKind::Signature(signature) => self.signature(block.id, signature),
            BlockKind::Sides(sides) => self.sides(sides),
            BlockKind::Rule(_) | BlockKind::PageBreak => Vec::new(),
        }
    }

    fn title(&mut self, id: NodeId, _: &Title) -> Vec<Kid> {
        let kind = self.heading(1);
        let kids = self.marks(id, Part::Body);
        self.unless_empty(kind, kids)
    }

    /// A paragraph: its own marks and those of its runs, as they stand.
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

    /// A line with text at both ends is two paragraphs to those who hear it.
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
        let grid = Grid::new(table);
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for (index, row) in table.rows.iter().enumerate() {
            let mut cells = self.marks(row.id, Part::Body);
            cells.extend(row.cells.iter().map(|cell| self.cell(&grid, index, cell)));
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

    /// A note has a name of its own: ISO 14289-1, 7.9.
    fn note(&mut self, note: &TableText) -> Vec<Kid> {
        let marks = self.marks(note.id, Part::Body);
        let kids = self.unless_empty("Note", marks);
        if let [Kid::Element(element)] = kids[..] {
            self.elements[element].id = Some(note.id);
        }
        self.unless_empty("P", kids)
    }

    fn table_caption(&mut self, table: &Table) -> Vec<Kid> {
        let lines: Vec<&TableText> = table.caption.iter().chain(&table.unit).collect();
        let kids = match lines.as_slice() {
            [line] => self.marks(line.id, Part::Body),
            lines => lines.iter().flat_map(|line| self.line("P", line)).collect(),
        };
        self.unless_empty("Caption", kids)
    }

    fn cell(&mut self, grid: &Grid, row: usize, cell: &TableCell) -> Kid {
        let marks = self.marks(cell.id, Part::Body);
        let element = self.with_all(if cell.scope.is_some() { "TH" } else { "TD" }, marks);
        if cell.scope.is_some() {
            self.elements[element].id = Some(cell.id);
        }
        let headers = if cell.scope.is_none() { grid.headers(row, cell) } else { Vec::new() };
        if cell.scope.is_some() || cell.columns > 1 || cell.rows > 1 || !headers.is_empty() {
            let (scope, columns, rows) = (cell.scope, cell.columns, cell.rows);
            self.elements[element].attributes = Some(Attributes::Cell { scope, columns, rows, headers });
        }
        Kid::Element(element)
    }

    fn figure(&mut self, id: NodeId, figure: &Figure) -> Vec<Kid> {
        let mut kids = self.picture(id, &figure.alt);
        if let (Some(Kid::Element(element)), Some(caption)) = (kids.first().copied(), &figure.caption) {
            let caption = self.line("Caption", caption);
            self.elements[element].kids.extend(caption);
        } else if let Some(caption) = &figure.caption {
            kids.extend(self.line("P", caption));
        }
        kids
    }

    /// A picture with what is said of it to those who cannot see it.
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

    /// The kind of a heading of this level. No level is ever skipped downwards: ISO 14289-1, 7.4.2.
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

    /// The text of a node in reading order, its addresses and foreign words as elements.
    fn text(&mut self, id: NodeId) -> Vec<(Mark, Kid)> {
        let mut kids: Vec<(Mark, Kid)> = Vec::new();
        let mut open: Option<(usize, usize)> = None;
        for (mark, part) in self.contents.take_text(id) {
            let Part::Inline(inline) = part else {
                kids.push((mark, Kid::Mark(mark)));
                continue;
            };
            match open {
                // On the next line, or in another font.
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
                // What leads somewhere comes after what it says.
                self.elements[element].kids.sort_by_key(|kid| matches!(kid, Kid::Link(_)));
            }
        }
        kids
    }

    /// The element of an address or of foreign words.
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
                    self.links.push(Link { page, rect, target: target.clone() });
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

    /// Writes the elements, the way back from the marks to them, and the names of the header cells.
    fn write(self, file: &mut File, fields: &[Field]) {
        let root = file.objects.new_object_id();
        let ids: Vec<ObjectId> = self.elements.iter().map(|_| file.objects.new_object_id()).collect();
        let mut annotations = add_links(file, &self.links);
        let links = annotations.len();
        annotations.extend(fields::add(file, fields, file.pages.len() + links));
        let mut annotation_owners: Vec<Option<ObjectId>> = vec![None; annotations.len()];
        let mut parents: Vec<ObjectId> = vec![root; ids.len()];
        let mut owners: Vec<Vec<Option<ObjectId>>> =
            self.contents.counts().iter().map(|&count| vec![None; count]).collect();
        for (element, &id) in self.elements.iter().zip(&ids) {
            for kid in &element.kids {
                match *kid {
                    Kid::Element(kid) => parents[kid] = id,
                    Kid::Mark(Mark { page, mcid }) => owners[page][mcid] = Some(id),
                    Kid::Link(link) => annotation_owners[link] = Some(id),
                    Kid::Field(field) => annotation_owners[links + field] = Some(id),
                }
            }
        }
        let objects = Ids { elements: &ids, annotations: &annotations, links, pages: &file.pages };
        let drafts = &mut file.drafts;
        for ((element, &id), parent) in self.elements.iter().zip(&ids).zip(parents) {
            drafts.begin(id);
            element.write(parent, &objects, drafts);
        }
        drafts.begin(root);
        drafts.open_dictionary();
        drafts.name("Type");
        drafts.name("StructTreeRoot");
        drafts.name("K");
        write_owner(ids.first().copied(), drafts);
        drafts.name("ParentTree");
        drafts.open_dictionary();
        drafts.name("Nums");
        drafts.open_array();
        // Pages count from 0, links go on from there, then fields: `finish_page`, `add_links` and `fields::add`.
        for (key, owners) in owners.iter().enumerate() {
            drafts.integer(key);
            drafts.open_array();
            owners.iter().for_each(|owner| write_owner(*owner, drafts));
            drafts.close_array();
        }
        for (key, owner) in (owners.len()..).zip(&annotation_owners) {
            drafts.integer(key);
            write_owner(*owner, drafts);
        }
        drafts.close_array();
        drafts.close_dictionary();
        drafts.name("ParentTreeNextKey");
        drafts.integer(file.pages.len() + annotations.len());
        self.write_names(&ids, drafts);
        drafts.close_dictionary();
        file.catalog.set("StructTreeRoot", Object::Reference(root));
    }

    /// The header cells by name: ISO 32000-1, 7.9.6. The names are as long as each other, so numbers sort them.
    fn write_names(&self, ids: &[ObjectId], drafts: &mut Drafts) {
        let mut cells: Vec<(NodeId, ObjectId)> =
            self.elements.iter().zip(ids).filter_map(|(element, &id)| Some((element.id?, id))).collect();
        if cells.is_empty() {
            return;
        }
        cells.sort();
        drafts.name("IDTree");
        drafts.open_dictionary();
        drafts.name("Names");
        drafts.open_array();
        for (node, id) in cells {
            write_cell_name(node, drafts);
            drafts.reference(id);
        }
        drafts.close_array();
        drafts.close_dictionary();
    }
}

/// The objects that elements refer to.
struct Ids<'a> {
    elements: &'a [ObjectId],
    /// Each with its page: the links, then the fields.
    annotations: &'a [(ObjectId, usize)],
    links: usize,
    pages: &'a [ObjectId],
}

impl Element {
    fn write(&self, parent: ObjectId, ids: &Ids, drafts: &mut Drafts) {
        drafts.open_dictionary();
        drafts.name("S");
        drafts.name(self.kind);
        drafts.name("P");
        drafts.reference(parent);
        let page = self.kids.iter().find_map(|kid| match kid {
            Kid::Mark(mark) => Some(mark.page),
            Kid::Element(_) | Kid::Link(_) | Kid::Field(_) => None,
        });
        if let Some(page) = page {
            drafts.name("Pg");
            drafts.reference(ids.pages[page]);
        }
        match &self.kids[..] {
            [] => {}
            [kid] => {
                drafts.name("K");
                kid.write(page, ids, drafts);
            }
            kids => {
                drafts.name("K");
                drafts.open_array();
                kids.iter().for_each(|kid| kid.write(page, ids, drafts));
                drafts.close_array();
            }
        }
        if let Some(attributes) = &self.attributes {
            drafts.name("A");
            attributes.write(drafts);
        }
        if let Some(alt) = &self.alt {
            drafts.name("Alt");
            drafts.text(alt);
        }
        if let Some(lang) = self.lang {
            drafts.name("Lang");
            drafts.text(lang);
        }
        if let Some(id) = self.id {
            drafts.name("ID");
            write_cell_name(id, drafts);
        }
        drafts.close_dictionary();
    }
}

impl Attributes {
    fn write(&self, drafts: &mut Drafts) {
        drafts.open_dictionary();
        drafts.name("O");
        match self {
            Attributes::List(numbering) => {
                drafts.name("List");
                drafts.name("ListNumbering");
                drafts.name(numbering);
            }
            Attributes::Summary(summary) => {
                drafts.name("Table");
                drafts.name("Summary");
                drafts.text(summary);
            }
            Attributes::Cell { scope, columns, rows, headers } => {
                drafts.name("Table");
                if let Some(scope) = scope {
                    drafts.name("Scope");
                    drafts.name(match scope {
                        Scope::Column => "Column",
                        Scope::Row => "Row",
                    });
                }
                for (key, count) in [("ColSpan", *columns), ("RowSpan", *rows)] {
                    if count > 1 {
                        drafts.name(key);
                        drafts.integer(count);
                    }
                }
                if !headers.is_empty() {
                    drafts.name("Headers");
                    drafts.open_array();
                    headers.iter().for_each(|&header| write_cell_name(header, drafts));
                    drafts.close_array();
                }
            }
            Attributes::Box(rect) => {
                drafts.name("Layout");
                drafts.name("Placement");
                drafts.name("Block");
                drafts.name("BBox");
                drafts.open_array();
                rect.iter().for_each(|&side| drafts.real(side));
                drafts.close_array();
            }
        }
        drafts.close_dictionary();
    }
}

impl Kid {
    /// A mark on the element's own page is just its number.
    fn write(self, own: Option<usize>, ids: &Ids, drafts: &mut Drafts) {
        match self {
            Kid::Link(link) => write_annotation(ids.annotations[link], ids, drafts),
            Kid::Field(field) => write_annotation(ids.annotations[ids.links + field], ids, drafts),
            Kid::Element(element) => drafts.reference(ids.elements[element]),
            Kid::Mark(mark) if Some(mark.page) == own => drafts.integer(mark.mcid),
            Kid::Mark(mark) => {
                drafts.open_dictionary();
                drafts.name("Type");
                drafts.name("MCR");
                drafts.name("Pg");
                drafts.reference(ids.pages[mark.page]);
                drafts.name("MCID");
                drafts.integer(mark.mcid);
                drafts.close_dictionary();
            }
        }
    }
}

fn write_annotation((id, page): (ObjectId, usize), ids: &Ids, drafts: &mut Drafts) {
    drafts.open_dictionary();
    drafts.name("Type");
    drafts.name("OBJR");
    drafts.name("Pg");
    drafts.reference(ids.pages[page]);
    drafts.name("Obj");
    drafts.reference(id);
    drafts.close_dictionary();
}

fn write_owner(owner: Option<ObjectId>, drafts: &mut Drafts) {
    match owner {
        Some(id) => drafts.reference(id),
        None => drafts.null(),
    }
}

/// Puts the links on their pages, and returns each with its page.
fn add_links(file: &mut File, links: &[Link]) -> Vec<(ObjectId, usize)> {
    /// Printed with the page, as ISO 19005-2, 6.3.2, asks.
    const PRINT: i64 = 1 << 2;
    let mut placed = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        let said = match link.target.strip_prefix("mailto:") {
            Some(address) => format!("电子邮件 {address}"),
            None => format!("网址 {}", link.target),
        };
        let action = dictionary([("S", name("URI")), ("URI", text(&link.target))]);
        let id = file.objects.add_object(dictionary([
            ("Type", name("Annot")),
            ("Subtype", name("Link")),
            ("Rect", Object::Array(link.rect.map(Object::Real).into())),
            ("F", Object::Integer(PRINT)),
            ("Border", Object::Array(vec![Object::Integer(0); 3])),
            // ISO 14289-1, 7.18.5.
            ("Contents", text(&said)),
            ("A", action.into()),
            ("StructParent", Object::Integer((file.pages.len() + index) as i64)),
        ]));
        file.annotate(link.page, id);
        placed.push((id, link.page));
    }
    placed
}

/// The name of a header cell or a note.
fn write_cell_name(node: NodeId, drafts: &mut Drafts) {
    drafts.literal(&format!("c{:06}", node.0));
}

/// ISO 32000-1, table 347.
fn numbering<'a>(mut labels: impl Iterator<Item = &'a str>) -> &'static str {
    match labels.next().and_then(|label| label.chars().next()) {
        None => "None",
        Some('●' | '•' | '·') => "Disc",
        Some('○' | '◦') => "Circle",
        Some('■' | '□' | '▪' | '◆' | '◇') => "Square",
        Some(_) => "Decimal",
    }
}
