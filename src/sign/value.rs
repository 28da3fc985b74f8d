//! A signature dictionary and its bytes in the file: ISO 32000-1, 12.8.1. Both `sign` and `verify` read it.

use crate::read::ReadError;
use crate::read::pdf::file::{File, Place};
use crate::read::pdf::syntax::{Dictionary, Object, Reader};

/// A signature dictionary (ISO 32000-1, 12.8.1).
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// Its entries.
    pub entries: Dictionary,
    /// The extent of its `Contents`, from `<` to after `>`.
    pub room: (usize, usize),
    /// The bytes of its `Contents`.
    pub contents: Vec<u8>,
    /// Its `ByteRange`: two ranges, each by its beginning and its length.
    pub range: [usize; 4],
}

impl Value {
    /// Reads the signature of this number; none if it is not such as a signature must be.
    ///
    /// # Errors
    /// If the file cannot be read within the limits.
    pub fn read(bytes: &[u8], file: &mut File, number: u32) -> Result<Option<Value>, ReadError> {
        // In a stream of objects it would have no bytes of its own.
        let Place::Offset { offset, .. } = file.place(number) else { return Ok(None) };
        let Object::Dictionary(entries) = file.get(number)?.object else { return Ok(None) };
        let mut reader = Reader::new(bytes, offset, &mut file.budget);
        if reader.integer() != Some(number.into()) || reader.integer().is_none() || !reader.keyword(b"obj") {
            return Ok(None);
        }
        let spans = reader.spans()?;
        let mut rooms = spans.iter().filter(|(key, ..)| key == b"Contents");
        let (Some(&(_, from, to)), None) = (rooms.next(), rooms.next()) else { return Ok(None) };
        let hexadecimal = |room: &[u8]| {
            room.len() >= 2
                && room.len().is_multiple_of(2)
                && room[0] == b'<'
                && room[room.len() - 1] == b'>'
                && room[1..room.len() - 1].iter().all(u8::is_ascii_hexdigit)
        };
        if !bytes.get(from..to).is_some_and(hexadecimal) {
            return Ok(None);
        }
        let (Some(Object::String(contents)), Some(Object::Array(range))) =
            (entries.get(b"Contents".as_slice()).cloned(), entries.get(b"ByteRange".as_slice()))
        else {
            return Ok(None);
        };
        let range: Vec<usize> = range
            .iter()
            .filter_map(|number| match number {
                Object::Integer(number) => usize::try_from(*number).ok(),
                _ => None,
            })
            .collect();
        let &[a, b, c, d] = range.as_slice() else { return Ok(None) };
        Ok(Some(Value { entries, room: (from, to), contents, range: [a, b, c, d] }))
    }

    /// The end of the revision that it covers; none if it does not cover everything up to there but its own `Contents`.
    pub fn end(&self, length: usize) -> Option<usize> {
        let [start, before, after, rest] = self.range;
        let end = after.checked_add(rest)?;
        (start == 0 && (before, after) == self.room && rest > 0 && end <= length).then_some(end)
    }

    /// The two ranges that it covers.
    pub fn pieces<'a>(&self, bytes: &'a [u8]) -> [&'a [u8]; 2] {
        let [_, before, after, rest] = self.range;
        [&bytes[..before], &bytes[after..after + rest]]
    }

    /// The name of this key.
    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        match self.entries.get(key) {
            Some(Object::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The text of this key.
    pub fn text(&self, key: &[u8]) -> Option<String> {
        match self.entries.get(key) {
            Some(Object::String(text)) => Some(super::fields::text(text)),
            _ => None,
        }
    }
}
