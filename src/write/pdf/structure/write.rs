//! The structure tree as objects: the structure elements, the parent tree (ISO 32000-1, 14.7.4.4) and the id
//! tree.

use lopdf::{Object, ObjectId};
use smallvec::{SmallVec, smallvec};

use super::super::contents::Mark;
use super::super::drafts::Drafts;
use super::super::fields::{self, Field};
use super::super::finish::File;
use super::super::object::{dictionary, name, text};
use super::{Attributes, Element, Kid, Link, LinkTarget, Tree};
use crate::document::{NodeId, Scope};

impl Tree<'_> {
    /// Writes the structure elements, the parent tree and the id tree of the header cells.
    pub(super) fn write(self, file: &mut File, fields: &[Field]) {
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
        // The keys of the parent tree: pages from 0, then links, then fields, as in `finish_page`,
        // `add_links` and `fields::add`.
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

    /// The id tree, a name tree of the header cells: ISO 32000-1, 7.9.6. All names have the same length, so
    /// the order of the numbers is that of the names.
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
    /// A marked-content reference on the element's own page is its number alone.
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

/// Adds the link annotations to their pages, and returns each with its page.
fn add_links(file: &mut File, links: &[Link]) -> Vec<(ObjectId, usize)> {
    /// The annotation is printed with the page, as ISO 19005-2, 6.3.2, requires.
    const PRINT: i64 = 1 << 2;
    let mut placed = Vec::with_capacity(links.len());
    for (index, link) in links.iter().enumerate() {
        let (description, leads) = match &link.target {
            LinkTarget::Uri(uri) => {
                let description = match uri.strip_prefix("mailto:") {
                    Some(address) => format!("电子邮件 {address}"),
                    None => format!("网址 {uri}"),
                };
                (description, ("A", dictionary([("S", name("URI")), ("URI", text(uri))]).into()))
            }
            LinkTarget::Place { page, place, description } => {
                (description.clone(), ("Dest", file.destination(*page, *place)))
            }
        };
        let id = file.objects.add_object(dictionary([
            ("Type", name("Annot")),
            ("Subtype", name("Link")),
            ("Rect", Object::Array(link.rect.map(Object::Real).into())),
            ("F", Object::Integer(PRINT)),
            ("Border", Object::Array(vec![Object::Integer(0); 3])),
            // ISO 14289-1, 7.18.5.
            ("Contents", text(&description)),
            leads,
            ("StructParent", Object::Integer((file.pages.len() + index) as i64)),
        ]));
        file.annotate(link.page, id);
        placed.push((id, link.page));
    }
    placed
}

/// The element identifier (`ID`) of a header cell or a note.
fn write_cell_name(node: NodeId, drafts: &mut Drafts) {
    drafts.literal(cell_name(node));
}

/// `c` and six digits or more, written without formatting: every cell of a table names its headers.
fn cell_name(NodeId(number): NodeId) -> SmallVec<[u8; 24]> {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(number);
    let mut name = smallvec![b'c'];
    name.resize(1 + 6_usize.saturating_sub(digits.len()), b'0');
    name.extend_from_slice(digits.as_bytes());
    name
}
