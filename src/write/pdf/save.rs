//! Serialisation: the objects that are reachable from the catalog become bytes, most of them in compressed
//! object streams.
//!
//! lopdf could write a file, but not a small one (its cross-references are not compressed), nor one whose
//! identifier depends on the contents. Everything here is in a defined order, so the same objects give the
//! same bytes.

use std::io::Write;
use std::ops::Range;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat};
use sha2::{Digest, Sha256};

use super::compression::Compression;
use super::drafts::{Draft, Drafts, push_reference};
use super::finish::File;
use super::object::{dictionary, name};
use super::syntax::{push_hexadecimal, push_integer, push_literal, push_name, push_real};
use crate::deflate::deflate;

/// Whether a stream is the program of a font: ISO 32000-1, 9.9.
fn is_font_program(dict: &Dictionary) -> bool {
    let named =
        |key: &[u8], value: &[u8]| dict.get(key).and_then(Object::as_name).is_ok_and(|name| name == value);
    dict.has(b"Length1") || named(b"Subtype", b"OpenType") || named(b"Subtype", b"CIDFontType0C")
}

/// Objects packed in one stream. More pack better, fewer are found faster.
const PACKED: usize = 256;

/// The bytes of a file.
pub(super) fn save(file: File, compression: Compression) -> Vec<u8> {
    let File { mut objects, drafts, catalog, info, .. } = file;
    let root = objects.add_object(catalog);
    let info = objects.add_object(info);
    let all = Objects::of(&objects, &drafts);
    let order = all.reachable([root, info]);
    let mut writer = FileWriter {
        bytes: b"%PDF-1.7\n%\xe5\x85\xac\xe6\x96\x87\n".to_vec(),
        numbers: Numbers::of(&order),
        places: vec![Place::Free; order.len() + 1],
        programs: Vec::new(),
        compression,
    };
    let mut packed: Vec<(u32, Written)> = Vec::new();
    for (id, number) in order.iter().zip(1..) {
        match all.get(*id) {
            Some(Written::Object(Object::Stream(stream))) => writer.stream(number, stream),
            Some(written) => packed.push((number, written)),
            None => {}
        }
    }
    for objects in packed.chunks(PACKED) {
        writer.pack(objects);
    }
    writer.finish(root, info)
}

/// An object of lopdf, or a draft.
enum Written<'a> {
    Object(&'a Object),
    Draft(Draft<'a>),
}

/// All objects by their ids. Ids are consecutive, so that a list serves as the map.
struct Objects<'a> {
    objects: &'a Document,
    drafts: &'a Drafts,
    /// By id: the index of the draft.
    index: Vec<Option<u32>>,
}

impl<'a> Objects<'a> {
    fn of(objects: &'a Document, drafts: &'a Drafts) -> Objects<'a> {
        let mut index = vec![None; objects.max_id as usize + 1];
        for (draft, at) in drafts.iter().zip(0..) {
            index[draft.id.0 as usize] = Some(at);
        }
        Objects { objects, drafts, index }
    }

    fn get(&self, id: ObjectId) -> Option<Written<'a>> {
        match self.index.get(id.0 as usize) {
            Some(Some(draft)) => Some(Written::Draft(self.drafts.get(*draft as usize))),
            _ => self.objects.objects.get(&id).map(Written::Object),
        }
    }

    /// The objects that are reachable from `roots`, in the order of their first reference.
    fn reachable(&self, roots: [ObjectId; 2]) -> Vec<ObjectId> {
        let mut order: Vec<ObjectId> = roots.into();
        let mut seen = vec![false; self.index.len()];
        roots.iter().for_each(|root| seen[root.0 as usize] = true);
        let mut next = 0;
        while let Some(&id) = order.get(next) {
            let mut meet = |id: ObjectId| {
                let Some(seen) = seen.get_mut(id.0 as usize) else { return };
                if !*seen && self.get(id).is_some() {
                    *seen = true;
                    order.push(id);
                }
            };
            match self.get(id) {
                Some(Written::Object(object)) => references(object, &mut meet),
                Some(Written::Draft(draft)) => draft.references().for_each(meet),
                None => {}
            }
            next += 1;
        }
        order
    }
}

/// Calls `meet` with every reference in an object.
fn references(object: &Object, meet: &mut impl FnMut(ObjectId)) {
    match object {
        Object::Reference(id) => meet(*id),
        Object::Array(array) => array.iter().for_each(|object| references(object, meet)),
        Object::Dictionary(dictionary) => dictionary.iter().for_each(|(_, object)| references(object, meet)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, object)| references(object, meet)),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(..) => {}
    }
}

/// The location of an object.
#[derive(Clone, Copy)]
enum Place {
    /// Nowhere.
    Free,
    /// At this byte of the file.
    Offset(usize),
    /// At this place of a stream of objects.
    Packed { stream: u32, index: usize },
}

/// The number that each object has in the file, by the number it had before.
struct Numbers(Vec<u32>);

impl Numbers {
    fn of(order: &[ObjectId]) -> Numbers {
        let last = order.iter().map(|id| id.0).max().unwrap_or(0);
        let mut numbers = vec![0; last as usize + 1];
        for (id, number) in order.iter().zip(1..) {
            numbers[id.0 as usize] = number;
        }
        Numbers(numbers)
    }

    fn get(&self, id: ObjectId) -> Option<u32> {
        self.0.get(id.0 as usize).copied().filter(|number| *number > 0)
    }
}

/// A file being written.
struct FileWriter {
    bytes: Vec<u8>,
    /// The number of each object in the file.
    numbers: Numbers,
    /// By number.
    places: Vec<Place>,
    /// Where the programs of fonts are.
    programs: Vec<Range<usize>>,
    compression: Compression,
}

impl FileWriter {
    /// Writes a stream, compressed unless it is compressed already or must not be.
    fn stream(&mut self, number: u32, stream: &Stream) {
        let compress = stream.allows_compression && !stream.dict.has(b"Filter");
        let Compression { level, fonts, .. } = self.compression;
        let is_program = is_font_program(&stream.dict);
        let level = if is_program { fonts } else { level };
        let deflated = if compress { deflate(level, &stream.content) } else { Vec::new() };
        let mut dict = stream.dict.clone();
        let content = if compress && deflated.len() < stream.content.len() {
            dict.set("Filter", name("FlateDecode"));
            &deflated
        } else {
            &stream.content
        };
        dict.set("Length", content.len() as i64);
        self.places[number as usize] = Place::Offset(self.bytes.len());
        let _ = writeln!(self.bytes, "{number} 0 obj");
        let mut written = Vec::new();
        self.dictionary(&dict, &mut written);
        self.bytes.extend_from_slice(&written);
        self.bytes.extend_from_slice(b"\nstream\n");
        if is_program {
            self.programs.push(self.bytes.len()..self.bytes.len() + content.len());
        }
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// Writes objects together as a stream: ISO 32000-1, 7.5.7.
    fn pack(&mut self, objects: &[(u32, Written)]) {
        let number = self.next_number();
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for (index, (object_number, object)) in objects.iter().enumerate() {
            push_integer(i64::from(*object_number), &mut head);
            head.push(b' ');
            push_integer(body.len() as i64, &mut head);
            head.push(b' ');
            match object {
                Written::Object(object) => self.object(object, &mut body),
                Written::Draft(draft) => draft.write(|id| self.numbers.get(id), &mut body),
            }
            body.push(b'\n');
            self.places[*object_number as usize] = Place::Packed { stream: number, index };
        }
        let dict = dictionary([
            ("Type", name("ObjStm")),
            ("N", Object::Integer(objects.len() as i64)),
            ("First", Object::Integer(head.len() as i64)),
        ]);
        head.extend(body);
        self.stream(number, &Stream::new(dict, head));
    }

    /// Writes the cross-references and ends the file.
    fn finish(mut self, root: ObjectId, info: ObjectId) -> Vec<u8> {
        let start = self.bytes.len();
        let number = self.next_number();
        let hash = Object::String(self.identifier(), StringFormat::Hexadecimal);
        self.places[number as usize] = Place::Offset(start);
        let mut rows = Vec::with_capacity(self.places.len() * 7);
        for place in &self.places {
            let (kind, first, second) = match *place {
                Place::Free => (0, 0, 65535),
                Place::Offset(offset) => (1, offset as u32, 0),
                Place::Packed { stream, index } => (2, stream, index as u16),
            };
            rows.push(kind);
            rows.extend(first.to_be_bytes());
            rows.extend(second.to_be_bytes());
        }
        let dict = dictionary([
            ("Type", name("XRef")),
            ("Size", Object::Integer(self.places.len() as i64)),
            ("W", vec![Object::Integer(1), Object::Integer(4), Object::Integer(2)].into()),
            ("Root", Object::Reference(root)),
            ("Info", Object::Reference(info)),
            ("ID", vec![hash.clone(), hash].into()),
        ]);
        self.stream(number, &Stream::new(dict, rows));
        // The last newline is what a signature, appended later, needs: ISO 19005-2, 6.1.3.
        let _ = write!(self.bytes, "startxref\n{start}\n%%EOF\n");
        self.bytes
    }

    /// The file identifier, sixteen bytes derived from the contents: ISO 32000-1, 14.4. Font programs, which
    /// are nine tenths of a file, enter by their names.
    fn identifier(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        let mut from = 0;
        for program in &self.programs {
            hash.update(&self.bytes[from..program.start]);
            from = program.end;
        }
        hash.update(&self.bytes[from..]);
        hash.finalize()[..16].to_vec()
    }

    fn next_number(&mut self) -> u32 {
        self.places.push(Place::Free);
        self.places.len() as u32 - 1
    }

    fn object(&self, object: &Object, out: &mut Vec<u8>) {
        match object {
            Object::Null => out.extend_from_slice(b"null"),
            Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Object::Integer(value) => push_integer(*value, out),
            Object::Real(value) => push_real(*value, out),
            Object::Name(value) => push_name(value, out),
            Object::String(value, StringFormat::Literal) => push_literal(value, out),
            Object::String(value, StringFormat::Hexadecimal) => push_hexadecimal(value, out),
            Object::Array(values) => {
                out.push(b'[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 && needs_space(value) {
                        out.push(b' ');
                    }
                    self.object(value, out);
                }
                out.push(b']');
            }
            Object::Dictionary(value) => self.dictionary(value, out),
            // A stream is always an indirect object.
            Object::Stream(_) => out.extend_from_slice(b"null"),
            Object::Reference(id) => push_reference(self.numbers.get(*id), out),
        }
    }

    fn dictionary(&self, dictionary: &Dictionary, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        for (key, value) in dictionary.iter() {
            push_name(key, out);
            if needs_space(value) {
                out.push(b' ');
            }
            self.object(value, out);
        }
        out.extend_from_slice(b">>");
    }
}

/// Whether an object needs a space after the one before it.
fn needs_space(object: &Object) -> bool {
    match object {
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_) => {
            true
        }
        Object::Stream(_) => true,
        Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_) => false,
    }
}
