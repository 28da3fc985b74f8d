//! An incremental update: what is appended to a PDF (ISO 32000-1, 7.5.6). Not a byte of what was there changes.
//!
//! Acrobat and archives are strict about the new cross-references: they have the form of the last ones, table or
//! stream, the first half of the identifier stays, and the catalog, if it changes, is copied whole.

use std::collections::BTreeMap;
use std::io::Write;

use sha2::{Digest, Sha256};

use super::SignError;
use crate::options::Limits;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::{Dictionary, Object};
use crate::write::pdf::syntax::{push_hexadecimal, push_literal, push_name};

/// The most numbers of objects of a file that is appended to.
const MAX_OBJECTS: u32 = 8_388_607;

/// An incremental update of a file (ISO 32000-1, 7.5.6), in the making.
pub(crate) struct Update<'a> {
    base: &'a [u8],
    /// The file as it is read before the change.
    pub file: File<'a>,
    /// The appended bytes.
    bytes: Vec<u8>,
    /// The offset of each new object in the whole file, and its generation.
    places: BTreeMap<u32, (usize, u16)>,
    next: u32,
}

impl<'a> Update<'a> {
    /// Opens a file to append to it.
    ///
    /// # Errors
    /// If it cannot be read, or is encrypted.
    pub fn open(base: &'a [u8], limits: &Limits) -> Result<Update<'a>, SignError> {
        let file = crate::read::pdf::open(base, limits)?;
        let size = match file.trailer.get(b"Size".as_slice()) {
            Some(Object::Integer(size)) => u32::try_from(*size).unwrap_or(0),
            _ => 0,
        };
        let last = file.numbers().last().copied().unwrap_or(0);
        let next = size.max(last.saturating_add(1));
        // ISO 32000-1, annex C: programs know no larger numbers.
        if next > MAX_OBJECTS {
            return Err(SignError::cross_references());
        }
        // What is appended begins on a line of its own: ISO 19005-2, 6.1.9.
        let bytes = if base.ends_with(b"\n") || base.ends_with(b"\r") { Vec::new() } else { b"\n".to_vec() };
        Ok(Update { base, file, bytes, places: BTreeMap::new(), next })
    }

    /// A number that no object has yet.
    pub fn number(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// The length of the whole file so far: the offset of the next object.
    pub fn length(&self) -> usize {
        self.base.len() + self.bytes.len()
    }

    /// Writes an object in its new form.
    pub fn put(&mut self, (number, generation): (u32, u16), object: &Object) {
        let mut text = Vec::new();
        write(object, &mut text);
        self.put_text((number, generation), &text);
    }

    /// Writes an object that is text already.
    pub fn put_text(&mut self, (number, generation): (u32, u16), text: &[u8]) {
        self.places.insert(number, (self.length(), generation));
        let _ = writeln!(self.bytes, "{number} {generation} obj");
        self.bytes.extend_from_slice(text);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes a new stream, and gives its number.
    pub fn add_stream(&mut self, mut dictionary: Dictionary, content: &[u8]) -> u32 {
        let number = self.number();
        dictionary.insert(b"Length".to_vec(), Object::Integer(content.len() as i64));
        let mut text = Vec::new();
        write(&Object::Dictionary(dictionary), &mut text);
        text.extend_from_slice(b"\nstream\n");
        text.extend_from_slice(content);
        text.extend_from_slice(b"\nendstream");
        self.put_text((number, 0), &text);
        number
    }

    /// Writes a new stream of what is compressed here.
    pub fn add_compressed(&mut self, mut dictionary: Dictionary, content: &[u8]) -> u32 {
        let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        let mut deflated = vec![0; compressor.zlib_compress_bound(content.len())];
        let length = compressor.zlib_compress(content, &mut deflated).expect("the bound is enough");
        dictionary.insert(b"Filter".to_vec(), name("FlateDecode"));
        self.add_stream(dictionary, &deflated[..length])
    }

    /// Writes the cross-references, and gives the whole file.
    pub fn finish(mut self) -> Result<Vec<u8>, SignError> {
        let Some(&previous) = self.file.sections.first() else { return Err(SignError::cross_references()) };
        let table = self.base.get(previous..).is_some_and(|rest| rest.starts_with(b"xref"));
        let hash = Object::String(Sha256::digest(&self.bytes)[..16].to_vec());
        let first = match self.file.value(&self.file.trailer.clone(), b"ID") {
            Ok(Object::Array(parts)) if !parts.is_empty() => parts[0].clone(),
            _ => hash.clone(),
        };
        let mut trailer = Dictionary::new();
        for key in [b"Root".as_slice(), b"Info"] {
            if let Some(value) = self.file.trailer.get(key) {
                trailer.insert(key.to_vec(), value.clone());
            }
        }
        trailer.insert(b"ID".to_vec(), Object::Array(vec![first, hash]));
        trailer.insert(b"Prev".to_vec(), Object::Integer(previous as i64));
        let start = self.length();
        if table {
            self.table(trailer)
        } else {
            self.stream(trailer)
        };
        let _ = write!(self.bytes, "startxref\n{start}\n%%EOF\n");
        let mut whole = self.base.to_vec();
        whole.append(&mut self.bytes);
        Ok(whole)
    }

    /// Neighbouring numbers: the first, and the places of all.
    fn runs(&self) -> Vec<(u32, Vec<(usize, u16)>)> {
        let mut runs: Vec<(u32, Vec<(usize, u16)>)> = Vec::new();
        for (&number, &place) in &self.places {
            match runs.last_mut() {
                Some((first, places)) if *first + places.len() as u32 == number => places.push(place),
                _ => runs.push((number, vec![place])),
            }
        }
        runs
    }

    fn table(&mut self, mut trailer: Dictionary) {
        trailer.insert(b"Size".to_vec(), Object::Integer(self.next.into()));
        let runs = self.runs();
        self.bytes.extend_from_slice(b"xref\n");
        for (first, places) in runs {
            let _ = writeln!(self.bytes, "{first} {}", places.len());
            for (offset, generation) in places {
                let _ = writeln!(self.bytes, "{offset:010} {generation:05} n ");
            }
        }
        self.bytes.extend_from_slice(b"trailer\n");
        write(&Object::Dictionary(trailer), &mut self.bytes);
        self.bytes.push(b'\n');
    }

    fn stream(&mut self, mut trailer: Dictionary) {
        let number = self.number();
        self.places.insert(number, (self.length(), 0));
        let (mut index, mut rows) = (Vec::new(), Vec::new());
        for (first, places) in self.runs() {
            index.extend([i64::from(first), places.len() as i64].map(Object::Integer));
            for (offset, generation) in places {
                rows.push(1);
                rows.extend((offset as u32).to_be_bytes());
                rows.extend(generation.to_be_bytes());
            }
        }
        trailer.insert(b"Type".to_vec(), name("XRef"));
        trailer.insert(b"Size".to_vec(), Object::Integer(self.next.into()));
        trailer.insert(b"W".to_vec(), Object::Array([1, 4, 2].map(Object::Integer).into()));
        trailer.insert(b"Index".to_vec(), Object::Array(index));
        trailer.insert(b"Length".to_vec(), Object::Integer(rows.len() as i64));
        let _ = writeln!(self.bytes, "{number} 0 obj");
        write(&Object::Dictionary(trailer), &mut self.bytes);
        self.bytes.extend_from_slice(b"\nstream\n");
        self.bytes.extend_from_slice(&rows);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }
}

/// A name.
pub(crate) fn name(name: &str) -> Object {
    Object::Name(name.into())
}

/// A text string: ISO 32000-1, 7.9.2.2.
pub(crate) fn text(text: &str) -> Object {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Object::String(text.into());
    }
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect())
}

/// A dictionary.
pub(crate) fn dictionary<const N: usize>(entries: [(&str, Object); N]) -> Dictionary {
    entries.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), value)).collect()
}

/// Writes an object as text: ISO 32000-1, 7.3.
pub(crate) fn write(object: &Object, out: &mut Vec<u8>) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Real(text) => out.extend_from_slice(text),
        Object::Name(value) => push_name(value, out),
        Object::String(value) => push_string(value, out),
        Object::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write(value, out);
            }
            out.push(b']');
        }
        Object::Dictionary(entries) => {
            out.extend_from_slice(b"<<");
            for (key, value) in entries {
                push_name(key, out);
                out.push(b' ');
                write(value, out);
            }
            out.extend_from_slice(b">>");
        }
        Object::Reference(number, generation) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
    }
}

/// A string: in parentheses where it is plain text, in hexadecimal elsewhere.
fn push_string(text: &[u8], out: &mut Vec<u8>) {
    if text.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"()\\".contains(byte)) {
        push_literal(text, out);
    } else {
        push_hexadecimal(text, out);
    }
}
