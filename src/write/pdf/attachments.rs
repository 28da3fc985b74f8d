//! Embedded files: ISO 32000-1, 7.11.4, and ISO 19005-3, 6.8 (associated files).
//!
//! Each is reached twice, by its name (`EmbeddedFiles`) and as a file that belongs to the document (`AF`): PDF/A-3
//! asks for the second, viewers look for the first.

use lopdf::{Object, Stream, StringFormat};
use md5::{Digest, Md5};

use super::finish::File;
use super::metadata::pdf_time;
use super::object::{dictionary, name, text};
use crate::date::Date;
use crate::diagnostic::Lang;
use crate::embed::{EmbeddedFile, EmbeddedSource};

/// Attaches the embedded source.
pub(super) fn add(file: &mut File, source: &EmbeddedSource, date: Option<Date>) {
    let mut specifications: Vec<(String, Object)> = source
        .all()
        .iter()
        .map(|embedded| (embedded.name.clone(), Object::Reference(attach(file, embedded, date))))
        .collect();
    let associated: Vec<Object> = specifications.iter().map(|(_, reference)| reference.clone()).collect();
    // A name tree is sorted: ISO 32000-1, 7.9.6.
    specifications.sort_by(|(one, _), (two, _)| one.cmp(two));
    let names: Vec<Object> =
        specifications.into_iter().flat_map(|(name, reference)| [text(&name), reference]).collect();
    let tree = dictionary([("Names", names.into())]);
    file.catalog.set("Names", dictionary([("EmbeddedFiles", tree.into())]));
    file.catalog.set("AF", associated);
}

/// The file's specification: ISO 32000-1, table 44, with both of its names, as ISO 19005-3, 6.8 asks.
fn attach(file: &mut File, embedded: &EmbeddedFile, date: Option<Date>) -> lopdf::ObjectId {
    let checksum = Md5::digest(&embedded.bytes).to_vec();
    let mut parameters = dictionary([
        ("Size", Object::Integer(embedded.bytes.len() as i64)),
        ("CheckSum", Object::String(checksum, StringFormat::Hexadecimal)),
    ]);
    if let Some(date) = date {
        parameters.set("ModDate", text(&pdf_time(date)));
    }
    let stream = dictionary([
        ("Type", name("EmbeddedFile")),
        ("Subtype", name(embedded.media_type)),
        ("Params", parameters.into()),
    ]);
    let stream = file.objects.add_object(Stream::new(stream, embedded.bytes.clone()));
    file.objects.add_object(dictionary([
        ("Type", name("Filespec")),
        ("F", text(&embedded.name)),
        ("UF", text(&embedded.name)),
        ("AFRelationship", name(embedded.relationship.name())),
        ("Desc", text(embedded.description.get(Lang::Zh))),
        ("EF", dictionary([("F", Object::Reference(stream)), ("UF", Object::Reference(stream))]).into()),
    ]))
}
