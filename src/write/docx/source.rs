//! The embedded source: a custom XML part that holds the report as it was given, and everything else that the
//! file was made from.
//!
//! Word and LibreOffice keep such a part as it is when they save the file again. The files are base64 in an envelope
//! of our namespace, so that nothing in them can be taken for XML, and no byte is changed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::embed::{EmbeddedSource, NAMESPACE};
use crate::xml::Element;

const PROPERTIES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/customXml";

/// `customXml/item1.xml`: every embedded file by its name.
pub(super) fn item(source: &EmbeddedSource) -> Element<'static> {
    let files = source.all().into_iter().map(|file| {
        Element::new("file")
            .with("name", &file.name)
            .with("type", file.media_type)
            .with("relationship", file.relationship.name())
            .text(&STANDARD.encode(&file.bytes))
    });
    Element::new("source").with("xmlns", NAMESPACE).all(files)
}

/// `customXml/itemProps1.xml`: the item's id, which is derived from its content.
// ECMA-376-1, 22.5.2.1 (datastoreItem)
pub(super) fn properties(source: &EmbeddedSource) -> Element<'static> {
    let mut hash = Sha256::new();
    for file in source.all() {
        hash.update(&file.bytes);
    }
    let reference = Element::new("ds:schemaRef").with("ds:uri", NAMESPACE);
    Element::new("ds:datastoreItem")
        .with("ds:itemID", super::guid(&hash.finalize().into()))
        .with("xmlns:ds", PROPERTIES)
        .child(Element::new("ds:schemaRefs").child(reference))
}
