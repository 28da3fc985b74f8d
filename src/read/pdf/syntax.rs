//! The syntax of PDF objects: ISO 32000-1, 7.2 and 7.3.
//!
//! The reader is lenient as viewers are (a malformed number counts as null), but everything that it reads is
//! counted: [`Budget`] guarantees that it terminates.

use std::collections::BTreeMap;

use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, damaged, limit};

/// How deep arrays and dictionaries may be nested.
const MAX_DEPTH: usize = 64;

/// An object that is no stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Object {
    /// `null`, and unknown keywords.
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a point, as it is written.
    Real(Vec<u8>),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// Number and generation.
    Reference(u32, u16),
}

/// A dictionary.
pub(crate) type Dictionary = BTreeMap<Vec<u8>, Object>;

/// The remaining budget of reading.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: usize,
    objects: usize,
    /// Decoded bytes of streams that may still be read.
    pub inflated: usize,
    /// Whether something ambiguous was read, which programs interpret differently: a duplicate key, an
    /// unknown keyword.
    pub ambiguous: bool,
    /// Whether a comment was read.
    pub comments: bool,
}

impl Budget {
    /// The budget of one file.
    pub fn new(limits: &Limits) -> Self {
        Budget {
            bytes: limits.pdf_bytes,
            objects: limits.pdf_objects,
            inflated: limits.inflated_bytes,
            ambiguous: false,
            comments: false,
        }
    }

    /// Counts bytes that are read.
    pub fn read(&mut self, bytes: usize) -> Result<(), ReadError> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => self.bytes = left,
            None => return Err(too_much()),
        }
        Ok(())
    }

    /// Counts an object.
    pub fn object(&mut self) -> Result<(), ReadError> {
        match self.objects.checked_sub(1) {
            Some(left) => self.objects = left,
            None => return Err(too_much()),
        }
        Ok(())
    }
}

fn too_much() -> ReadError {
    limit(message!("文件太大或太复杂", "the file is too large or too complex"))
}

/// A reader of objects, from an offset on.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the next object begins.
    pub at: usize,
    budget: &'a mut Budget,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize, budget: &'a mut Budget) -> Self {
        Reader { bytes, at: at.min(bytes.len()), budget }
    }

    /// Counts the bytes from this offset on that were not read as an object.
    pub fn charge(&mut self, from: usize) -> Result<(), ReadError> {
        self.budget.read(self.at.saturating_sub(from))
    }

    /// The next object.
    pub fn object(&mut self) -> Result<Object, ReadError> {
        let start = self.at;
        let object = self.nested(0);
        self.budget.read(self.at - start)?;
        object
    }

    fn nested(&mut self, depth: usize) -> Result<Object, ReadError> {
        self.budget.object()?;
        self.skip_space();
        match self.peek(0) {
            Some(b'/') => Ok(Object::Name(self.name())),
            Some(b'(') => Ok(Object::String(self.literal())),
            Some(b'<') if self.peek(1) == Some(b'<') => self.dictionary(depth).map(Object::Dictionary),
            Some(b'<') => Ok(Object::String(self.hexadecimal())),
            Some(b'[') => self.array(depth),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => Ok(self.number()),
            Some(b')' | b'>' | b']' | b'{' | b'}') => {
                let at = self.at;
                Err(damaged(message!("第 {at} 字节处多了一个括号", "an unmatched bracket at byte {at}")))
            }
            Some(_) => Ok(match self.word() {
                b"true" => Object::Boolean(true),
                b"false" => Object::Boolean(false),
                b"null" => Object::Null,
                _ => {
                    self.budget.ambiguous = true;
                    Object::Null
                }
            }),
            None => Err(damaged(message!("内容不完整", "the content is incomplete"))),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Object, ReadError> {
        self.deeper(depth)?;
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip_space();
            if self.peek(0) == Some(b']') {
                self.at += 1;
                return Ok(Object::Array(values));
            }
            values.push(self.nested(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Dictionary, ReadError> {
        self.deeper(depth)?;
        self.at += 2;
        let mut entries = Dictionary::new();
        loop {
            self.skip_space();
            match self.peek(0) {
                Some(b'>') if self.peek(1) == Some(b'>') => {
                    self.at += 2;
                    return Ok(entries);
                }
                Some(b'/') => {
                    let key = self.name();
                    let value = self.nested(depth + 1)?;
                    self.budget.ambiguous |= entries.insert(key, value).is_some();
                }
                _ => return Err(damaged(message!("字典读不懂", "a dictionary cannot be read"))),
            }
        }
    }

    /// The entries of a dictionary, in order: each key, and the range of its value.
    pub fn spans(&mut self) -> Result<Vec<(Vec<u8>, usize, usize)>, ReadError> {
        let start = self.at;
        let mut spans = Vec::new();
        if self.keyword(b"<<") {
            self.skip_space();
            while self.peek(0) == Some(b'/') {
                let key = self.name();
                self.skip_space();
                let from = self.at;
                self.nested(1)?;
                spans.push((key, from, self.at));
                self.skip_space();
            }
        }
        self.budget.read(self.at - start)?;
        Ok(spans)
    }

    fn deeper(&self, depth: usize) -> Result<(), ReadError> {
        if depth < MAX_DEPTH {
            return Ok(());
        }
        Err(limit(message!("对象嵌套超过 {MAX_DEPTH} 层", "objects are nested more than {MAX_DEPTH} deep")))
    }

    /// A number, or the reference that begins with it: `12 0 R`.
    fn number(&mut self) -> Object {
        let start = self.at;
        let Some(number) = self.integer() else {
            let word = &self.bytes[start..self.at];
            let real = word.iter().any(u8::is_ascii_digit)
                && word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
            if !real {
                self.budget.ambiguous = true;
                return Object::Null;
            }
            return Object::Real(word.to_vec());
        };
        let after = self.at;
        if let Ok(id) = u32::try_from(number)
            && let Some(generation) = self.integer()
        {
            self.skip_space();
            if self.peek(0) == Some(b'R') && !self.peek(1).is_some_and(is_regular) {
                self.at += 1;
                self.budget.ambiguous |= u16::try_from(generation).is_err();
                return Object::Reference(id, u16::try_from(generation).unwrap_or_default());
            }
        }
        self.at = after;
        Object::Integer(number)
    }

    /// The next word as a whole number; the word is read in any case.
    pub fn integer(&mut self) -> Option<i64> {
        self.skip_space();
        std::str::from_utf8(self.word()).ok()?.parse().ok()
    }

    /// Everything up to the next space or delimiter.
    pub fn word(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| !is_regular(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Whether this word follows; if so, it is read.
    pub fn keyword(&mut self, keyword: &[u8]) -> bool {
        self.skip_space();
        let found = self.bytes[self.at..].starts_with(keyword);
        if found {
            self.at += keyword.len();
        }
        found
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let word = self.word();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        while let Some((&byte, after)) = rest.split_first() {
            let escaped = match after {
                [high, low, ..] if byte == b'#' => digit(*high).zip(digit(*low)),
                _ => None,
            };
            rest = if escaped.is_some() { &after[2..] } else { after };
            name.push(escaped.map_or(byte, |(high, low)| high << 4 | low));
        }
        name
    }

    /// `(text)`: ISO 32000-1, 7.3.4.2.
    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1usize);
        while let Some(byte) = self.next() {
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    text.extend(self.escaped());
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                break;
            }
            text.push(byte);
        }
        text
    }

    fn escaped(&mut self) -> Option<u8> {
        match self.next()? {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                self.at += usize::from(self.peek(0) == Some(b'\n'));
                None
            }
            first @ b'0'..=b'7' => {
                let mut value = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek(0) else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                Some(value as u8)
            }
            other => Some(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(byte) = self.next().filter(|&byte| byte != b'>') {
            self.budget.ambiguous |= digit(byte).is_none() && !is_space(byte);
            digits.extend(digit(byte));
        }
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }

    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                self.budget.comments = true;
                while !matches!(self.peek(0), None | Some(b'\n' | b'\r')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    pub fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek(0)?;
        self.at += 1;
        Some(byte)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Object, ReadError> {
        Reader::new(text.as_bytes(), 0, &mut Budget::new(&Limits::default())).object()
    }

    #[test]
    fn objects_are_read() {
        let string = |text: &str| Object::String(text.into());
        assert_eq!(read(" % said\n 12"), Ok(Object::Integer(12)));
        assert_eq!(read("12 0 R"), Ok(Object::Reference(12, 0)));
        assert_eq!(read("/A#42#"), Ok(Object::Name(b"AB#".into())));
        assert_eq!(read(r"(a(b)\)\101\n)"), Ok(string("a(b))A\n")));
        assert_eq!(read("<41 4>"), Ok(string("A@")));
        let array = [Object::Integer(1), Object::Integer(2), Object::Boolean(true), Object::Reference(3, 0)];
        assert_eq!(read("[1 2 true 3 0 R]"), Ok(Object::Array(array.into())));
        let entries = [(b"A".to_vec(), Object::Integer(-1)), (b"B".to_vec(), Object::Real(b"0.5".into()))];
        assert_eq!(read("<</A -1/B 0.5>>"), Ok(Object::Dictionary(entries.into())));
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for text in ["", "[1", "<</A", "<</A 1", "<<1 2>>", "]"] {
            assert!(matches!(read(text), Err(ReadError::Damaged(_))), "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        assert!(matches!(read(&"[".repeat(100_000)), Err(ReadError::Limit(_))));
        assert!(matches!(read(&"<</A".repeat(100_000)), Err(ReadError::Limit(_))));
    }

    #[test]
    fn number_of_objects_is_limited() {
        let zeros = format!("[{}]", "0 ".repeat(Limits::default().pdf_objects + 1));
        assert!(matches!(read(&zeros), Err(ReadError::Limit(_))));
    }
}
