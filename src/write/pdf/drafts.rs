//! Drafts: objects that are serialised at once, with gaps for the numbers of the objects that they refer to.
//!
//! A report has a thousand structure elements. As dictionaries of lopdf each would need a dozen allocations
//! and as many hashed keys, which would cost more than all other work on them.

use lopdf::{Object, ObjectId, StringFormat};

use super::object;
use super::syntax::{push_hexadecimal, push_integer, push_literal, push_name, push_real};

/// Objects under construction. Everything written between two calls of [`Drafts::begin`] is one object.
#[derive(Default)]
pub(super) struct Drafts {
    bytes: Vec<u8>,
    /// The gaps: where the number of an object is to be inserted, and of which object.
    references: Vec<(usize, ObjectId)>,
    /// Each object, with its first byte and its first reference.
    begun: Vec<(ObjectId, usize, usize)>,
}

/// A finished object.
pub(super) struct Draft<'a> {
    /// Its number.
    pub id: ObjectId,
    bytes: &'a [u8],
    /// Places count from the beginning of all drafts.
    references: &'a [(usize, ObjectId)],
    offset: usize,
}

impl Drafts {
    /// Begins the next object.
    pub fn begin(&mut self, id: ObjectId) {
        self.begun.push((id, self.bytes.len(), self.references.len()));
    }

    /// Opens a dictionary.
    pub fn open_dictionary(&mut self) {
        self.bytes.extend_from_slice(b"<<");
    }

    /// Closes a dictionary.
    pub fn close_dictionary(&mut self) {
        self.bytes.extend_from_slice(b">>");
    }

    /// Opens an array.
    pub fn open_array(&mut self) {
        self.bytes.push(b'[');
    }

    /// Closes an array.
    pub fn close_array(&mut self) {
        self.bytes.push(b']');
    }

    /// A name: that of a value which follows, or a value itself.
    pub fn name(&mut self, name: &str) {
        push_name(name.as_bytes(), &mut self.bytes);
    }

    /// A whole number.
    pub fn integer(&mut self, value: usize) {
        self.space();
        push_integer(value as i64, &mut self.bytes);
    }

    /// A number.
    pub fn real(&mut self, value: f32) {
        self.space();
        push_real(value, &mut self.bytes);
    }

    /// Nothing.
    pub fn null(&mut self) {
        self.space();
        self.bytes.extend_from_slice(b"null");
    }

    /// A string of ASCII.
    pub fn literal(&mut self, text: impl AsRef<[u8]>) {
        push_literal(text.as_ref(), &mut self.bytes);
    }

    /// A text string: see [`object::text`].
    pub fn text(&mut self, text: &str) {
        match object::text(text) {
            Object::String(text, StringFormat::Hexadecimal) => push_hexadecimal(&text, &mut self.bytes),
            _ => self.literal(text),
        }
    }

    /// Another object.
    pub fn reference(&mut self, id: ObjectId) {
        self.space();
        self.references.push((self.bytes.len(), id));
    }

    /// Separates a number from the token before it.
    fn space(&mut self) {
        let after_reference = self.references.last().is_some_and(|&(place, _)| place == self.bytes.len());
        if after_reference || self.bytes.last() != Some(&b'[') {
            self.bytes.push(b' ');
        }
    }

    /// The finished objects, in the order in which they were begun.
    pub fn iter(&self) -> impl Iterator<Item = Draft<'_>> {
        (0..self.begun.len()).map(|index| self.get(index))
    }

    /// The object of this index.
    pub fn get(&self, index: usize) -> Draft<'_> {
        let (id, offset, first) = self.begun[index];
        let next = self.begun.get(index + 1);
        let (end, last) =
            next.map_or((self.bytes.len(), self.references.len()), |&(_, end, last)| (end, last));
        Draft { id, bytes: &self.bytes[offset..end], references: &self.references[first..last], offset }
    }
}

impl Draft<'_> {
    /// What it refers to, in order.
    pub fn references(&self) -> impl Iterator<Item = ObjectId> {
        self.references.iter().map(|&(_, id)| id)
    }

    /// Writes it, with the numbers that `number` gives to what it refers to.
    pub fn write(&self, number: impl Fn(ObjectId) -> Option<u32>, out: &mut Vec<u8>) {
        let mut written = 0;
        for &(place, id) in self.references {
            let place = place - self.offset;
            out.extend_from_slice(&self.bytes[written..place]);
            written = place;
            push_reference(number(id), out);
        }
        out.extend_from_slice(&self.bytes[written..]);
    }
}

/// A reference to the object of this number; null if there is none.
pub(super) fn push_reference(number: Option<u32>, out: &mut Vec<u8>) {
    match number {
        Some(number) => {
            push_integer(number.into(), out);
            out.extend_from_slice(b" 0 R");
        }
        None => out.extend_from_slice(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_written_with_the_numbers_of_what_they_refer_to() {
        let mut drafts = Drafts::default();
        drafts.begin((7, 0));
        drafts.open_dictionary();
        drafts.name("K");
        drafts.open_array();
        drafts.reference((8, 0));
        drafts.reference((7, 0));
        drafts.integer(5);
        drafts.reference((9, 0));
        drafts.close_array();
        drafts.name("Alt");
        drafts.text("章");
        drafts.close_dictionary();
        drafts.begin((8, 0));
        drafts.open_dictionary();
        drafts.name("P");
        drafts.reference((7, 0));
        drafts.close_dictionary();
        let written = |index: usize| {
            let mut out = Vec::new();
            drafts.get(index).write(|id| (id.0 < 9).then_some(id.0 * 10), &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(0), "<</K[80 0 R 70 0 R 5 null]/Alt<FEFF7AE0>>>");
        assert_eq!(written(1), "<</P 70 0 R>>");
        assert_eq!(drafts.get(0).references().collect::<Vec<_>>(), [(8, 0), (7, 0), (9, 0)]);
    }
}
