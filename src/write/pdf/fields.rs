//! Empty signature fields: ISO 32000-1, 12.7.4.5, one a signatory, for `sign` to fill later.
//!
//! They are in the structure tree from the start. A field that is added to it afterwards changes what was
//! signed before, and a strict reader then calls the earlier signatures broken.

use lopdf::{Object, Stream};

use super::draw::place_on_paper;
use super::finish::File;
use super::object::{dictionary, name, text};
use crate::document::{BlockKind, Document};
use crate::pages::Pages;

/// A signature field of a signatory.
pub(super) struct Field {
    /// Index of the page.
    pub page: usize,
    /// Left, bottom, right, top in points; none if there is no space for the signatory's seal.
    rect: Option<[f32; 4]>,
    /// Its name, by which `sign` finds it.
    name: String,
    /// Its description (`TU`), for screen readers.
    description: String,
}

/// The fields of `count` signatories, in their order. The first of them have the spaces for seals, as far as
/// there are any.
pub(super) fn find(document: &Document, pages: &Pages, count: usize) -> Vec<Field> {
    let names: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Signature(signature) => Some(&signature.signatories),
            BlockKind::Title(_)
            | BlockKind::Paragraph(_)
            | BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Illustration(_)
            | BlockKind::Sides(_)
            | BlockKind::Rule(_)
            | BlockKind::Contents(_)
            | BlockKind::PageBreak => None,
        })
        .flatten()
        .map(|line| line.text.as_str())
        .collect();
    let last = pages.pages.len().saturating_sub(1);
    let field = |index: usize| {
        let seal = pages.seals.get(index);
        let description = match names.get(index) {
            Some(signatory) => format!("签名域：{signatory}"),
            None => format!("签名域 {}", index + 1),
        };
        Field {
            page: seal.or(pages.seals.last()).map_or(last, |seal| seal.page),
            rect: seal.map(|seal| place_on_paper(&pages.pages[seal.page], seal.rect)),
            name: format!("signatory-{}", index + 1),
            description,
        }
    };
    (0..count).map(field).collect()
}

/// Adds the fields, whose numbers in the parent tree begin at `first`. Returns each with its page.
pub(super) fn add(file: &mut File, fields: &[Field], first: usize) -> Vec<(lopdf::ObjectId, usize)> {
    /// Printed, as ISO 19005-2, 6.3.2, requires, and locked.
    const PRINT_LOCKED: i64 = 1 << 2 | 1 << 7;
    /// There are signature fields, and the file is to be appended to, never rewritten: ISO 32000-1, table 219.
    const SIG_FLAGS: i64 = 1 | 1 << 1;
    let mut placed = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let rect = field.rect.unwrap_or_default();
        let mut widget = dictionary([
            ("Type", name("Annot")),
            ("Subtype", name("Widget")),
            ("FT", name("Sig")),
            ("T", text(&field.name)),
            ("TU", text(&field.description)),
            ("Contents", text(&field.description)),
            ("Rect", Object::Array(rect.map(Object::Real).into())),
            ("F", Object::Integer(PRINT_LOCKED)),
            ("P", Object::Reference(file.pages[field.page])),
            ("StructParent", Object::Integer((first + index) as i64)),
        ]);
        // ISO 19005-2, 6.3.3: an annotation with an extent needs an appearance, even if it is empty.
        if field.rect.is_some() {
            let extent = [0.0, 0.0, rect[2] - rect[0], rect[3] - rect[1]].map(Object::Real);
            let form = dictionary([
                ("Type", name("XObject")),
                ("Subtype", name("Form")),
                ("BBox", Object::Array(extent.into())),
            ]);
            let form = file.objects.add_object(Stream::new(form, Vec::new()));
            widget.set("AP", dictionary([("N", Object::Reference(form))]));
        }
        let widget = file.objects.add_object(widget);
        file.annotate(field.page, widget);
        placed.push((widget, field.page));
    }
    if !placed.is_empty() {
        let widgets: Vec<Object> = placed.iter().map(|&(widget, _)| Object::Reference(widget)).collect();
        let form = dictionary([("Fields", widgets.into()), ("SigFlags", Object::Integer(SIG_FLAGS))]);
        file.catalog.set("AcroForm", form);
    }
    placed
}
