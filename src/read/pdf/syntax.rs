//! The syntax of PDF objects: ISO 32000-1, 7.2 and 7.3.
//!
//! The reader is lenient as viewers are (a malformed number counts as null), but everything that it reads is
//! counted: [`Budget`] guarantees that it terminates. What the grammar does not have is recorded there as well, with its
//! place: whoever relies on one reading of a file asks for it ([`super::strict`]).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, damaged, limit};

/// How deep arrays and dictionaries may be nested.
const MAX_DEPTH: usize = 64;

/// The greatest number of an object: ISO 32000-1, annex C.
pub(crate) const MAX_NUMBER: u32 = 8_388_607;
/// The bytes of a row of a table of cross-references.
pub(crate) const ROW: usize = 20;
/// The longest name, in bytes: ISO 32000-1, annex C. Programs cut longer words at lengths of their own.
const MAX_NAME: usize = 127;
/// The most characters of a whole number, with its sign, and of a real number.
const MAX_WHOLE: usize = 11;
const MAX_REAL: usize = 40;

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

/// How many times the budget of one file all its revisions together may be read.
const TIMES: usize = 4;

/// The budget of a file whose revisions are read one by one: that of each, and one for all.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    limits: Limits,
    left: Rc<Cell<Left>>,
}

impl Allowance {
    pub fn new(limits: &Limits) -> Allowance {
        let left = Left {
            bytes: limits.pdf_bytes.saturating_mul(TIMES),
            objects: limits.pdf_objects.saturating_mul(TIMES),
            inflated: limits.inflated_bytes.saturating_mul(TIMES),
        };
        Allowance { limits: *limits, left: Rc::new(Cell::new(left)) }
    }

    /// The limits of each revision.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Counts bytes that are read beside all objects, to be hashed.
    pub fn read(&self, bytes: usize) -> Result<(), ReadError> {
        self.take(Left { bytes, ..Left::default() })
    }

    fn take(&self, taken: Left) -> Result<(), ReadError> {
        self.left.set(self.left.get().less(taken).ok_or_else(too_much)?);
        Ok(())
    }
}

/// What may still be read.
#[derive(Clone, Copy, Debug, Default)]
struct Left {
    bytes: usize,
    objects: usize,
    /// Decoded bytes of streams.
    inflated: usize,
}

impl Left {
    fn less(self, taken: Left) -> Option<Left> {
        Some(Left {
            bytes: self.bytes.checked_sub(taken.bytes)?,
            objects: self.objects.checked_sub(taken.objects)?,
            inflated: self.inflated.checked_sub(taken.inflated)?,
        })
    }
}

/// The remaining budget of reading.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Left,
    /// The budget of all revisions, if this is one of them.
    all: Option<Allowance>,
    /// The place in the file of the first thing that was read and is not by the grammar of ISO 32000, so that
    /// programs may read it differently: a duplicate key, an unknown keyword, `60-0 R`.
    pub irregular: Option<usize>,
    /// Whether a comment was read.
    pub comments: bool,
}

impl Budget {
    /// The budget of one file.
    pub fn new(limits: &Limits) -> Self {
        let left =
            Left { bytes: limits.pdf_bytes, objects: limits.pdf_objects, inflated: limits.inflated_bytes };
        Budget { left, all: None, irregular: None, comments: false }
    }

    /// The budget of one revision.
    pub fn within(allowance: &Allowance) -> Self {
        Budget { all: Some(allowance.clone()), ..Budget::new(&allowance.limits) }
    }

    fn take(&mut self, taken: Left) -> Result<(), ReadError> {
        self.left = self.left.less(taken).ok_or_else(too_much)?;
        self.all.as_ref().map_or(Ok(()), |all| all.take(taken))
    }

    /// Counts bytes that are read.
    pub fn read(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.take(Left { bytes, ..Left::default() })
    }

    /// The most bytes that a stream may be decoded to.
    pub fn inflatable(&self) -> usize {
        self.all.as_ref().map_or(usize::MAX, |all| all.left.get().inflated).min(self.left.inflated)
    }

    /// Counts bytes that a stream was decoded to.
    pub fn inflated(&mut self, inflated: usize) -> Result<(), ReadError> {
        self.take(Left { inflated, ..Left::default() })
    }

    /// Records what is not by the grammar; the first place is kept.
    pub fn odd(&mut self, at: usize) {
        self.irregular.get_or_insert(at);
    }

    /// Counts rows of cross-references: for one file they have a limit of their own, read again they are as much
    /// work as two objects each.
    pub fn rows(&mut self, rows: usize) -> Result<(), ReadError> {
        self.all.as_ref().map_or(Ok(()), |all| all.take(Left { objects: 2 * rows, ..Left::default() }))
    }

    /// Counts an object.
    pub fn object(&mut self) -> Result<(), ReadError> {
        self.take(Left { objects: 1, ..Left::default() })
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
    /// The place in the file of the stream that the bytes come from, if they come from one.
    stream: Option<usize>,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize, budget: &'a mut Budget) -> Self {
        Reader { bytes, at: at.min(bytes.len()), budget, stream: None }
    }

    /// A reader of the decoded bytes of a stream, which is at this place of the file.
    pub fn of_stream(bytes: &'a [u8], at: usize, budget: &'a mut Budget, stream: usize) -> Self {
        Reader { stream: Some(stream), ..Reader::new(bytes, at, budget) }
    }

    /// Records that what begins at this offset is not by the grammar.
    pub fn odd(&mut self, at: usize) {
        self.budget.odd(self.stream.unwrap_or(at));
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
            Some(_) => {
                let at = self.at;
                Ok(match self.word() {
                    b"true" => Object::Boolean(true),
                    b"false" => Object::Boolean(false),
                    b"null" => Object::Null,
                    _ => {
                        self.odd(at);
                        Object::Null
                    }
                })
            }
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
                    let at = self.at;
                    let key = self.name();
                    let value = self.nested(depth + 1)?;
                    if entries.insert(key, value).is_some() {
                        self.odd(at);
                    }
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
        let word = self.word();
        let after = self.at;
        let Some(number) = whole(word) else {
            if !is_real(word) {
                self.odd(start);
            }
            let digits = word.iter().any(u8::is_ascii_digit)
                && word.iter().all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
            return if digits { Object::Real(word.to_vec()) } else { Object::Null };
        };
        let within = std::mem::take(&mut self.budget.comments);
        self.skip_space();
        let second = self.word();
        self.skip_space();
        let broken_up = std::mem::replace(&mut self.budget.comments, within);
        if let (Ok(id), Some(generation)) = (u32::try_from(number), whole(second))
            && self.peek(0) == Some(b'R')
            && !self.peek(1).is_some_and(is_regular)
        {
            self.at += 1;
            self.budget.comments |= broken_up;
            if broken_up
                || !(is_ordinal(word) && is_ordinal(second) && generation < 65536 && id <= MAX_NUMBER)
            {
                self.odd(start);
            }
            return Object::Reference(id, u16::try_from(generation).unwrap_or_default());
        }
        self.at = after;
        // ISO 32000-1, annex C: programs hold whole numbers in 32 bits.
        if word.len() > MAX_WHOLE || i32::try_from(number).is_err() {
            self.odd(start);
        }
        Object::Integer(number)
    }

    /// The next word as a whole number; the word is read in any case.
    pub fn integer(&mut self) -> Option<i64> {
        self.skip_space();
        let at = self.at;
        let word = self.word();
        if !is_ordinal(word) {
            self.odd(at);
        }
        whole(word)
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
            let at = self.at;
            self.at += keyword.len();
            if keyword.last().is_some_and(|&last| is_regular(last)) && self.peek(0).is_some_and(is_regular) {
                self.odd(at);
            }
        }
        found
    }

    /// Whether a row of a table of cross-references follows, of just twenty bytes (ISO 32000-1, 7.5.4); it is not read.
    /// Programs go by the twenty, or repair the file if they cannot.
    pub fn row(&self) -> bool {
        (0..ROW).all(|ahead| {
            self.peek(ahead).is_some_and(|byte| match ahead {
                10 | 16 => byte == b' ',
                17 => matches!(byte, b'n' | b'f'),
                18 => matches!(byte, b' ' | b'\r'),
                19 => matches!(byte, b'\r' | b'\n'),
                _ => byte.is_ascii_digit(),
            })
        })
    }

    /// Reads over the end of a line; whether one is here.
    pub fn end_line(&mut self) -> bool {
        let rest = after_line(&self.bytes[self.at..]);
        self.at = rest.map_or(self.at, |rest| self.bytes.len() - rest.len());
        rest.is_some()
    }

    /// Whether the line of a subsection follows (ISO 32000-1, 7.5.4): two numbers, one blank between, and its end.
    /// Programs that find anything else repair the file.
    pub fn subsection(&self) -> bool {
        let digits = |text: &'a [u8]| {
            let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (length > 0).then(|| &text[length..])
        };
        let rest = digits(&self.bytes[self.at..]).and_then(|rest| rest.strip_prefix(b" ")).and_then(digits);
        rest.and_then(after_line).is_some()
    }

    /// Whether the place of the cross-references follows, on a line of its own: ISO 32000-1, 7.5.5.
    pub fn place_line(&self) -> bool {
        let rest = after_line(&self.bytes[self.at..]).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        length > 0 && after_line(&rest[length..]).is_some()
    }

    /// Reads over the end of the line after `stream`: ISO 32000-1, 7.3.8.1.
    pub fn stream_begins(&mut self) {
        let at = self.at;
        self.at += usize::from(self.peek(0) == Some(b'\r'));
        let line = self.peek(0) == Some(b'\n');
        self.at += usize::from(line);
        if !line {
            self.odd(at);
        }
    }

    /// Whether the data of a stream end here: `endstream`, on a line of its own or not.
    pub fn stream_ends(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let line = [b"\r\n".as_slice(), b"\n", b"\r", b""];
        if !line
            .iter()
            .any(|line| rest.strip_prefix(*line).is_some_and(|rest| rest.starts_with(b"endstream")))
        {
            self.odd(self.at);
        }
        self.keyword(b"endstream")
    }

    /// Records it if here is not the first digit of a number: `12 0 obj` could begin before.
    pub fn begins_with_digit(&mut self) {
        let before = self.at.checked_sub(1).and_then(|before| self.bytes.get(before));
        if !self.peek(0).is_some_and(|byte| byte.is_ascii_digit())
            || before.is_some_and(|&byte| is_regular(byte))
        {
            self.odd(self.at);
        }
    }

    fn name(&mut self) -> Vec<u8> {
        let start = self.at;
        self.at += 1;
        let word = self.word();
        let mut name = Vec::with_capacity(word.len());
        let mut rest = word;
        // ISO 32000-1, 7.3.5: what is no visible ASCII character is written by its code. Some programs take other bytes
        // for white space.
        let mut plain = word.len() <= MAX_NAME;
        while let Some((&byte, after)) = rest.split_first() {
            let escaped = match after {
                [high, low, ..] if byte == b'#' => digit(*high).zip(digit(*low)),
                _ => None,
            };
            plain &= match escaped {
                Some(code) => code != (0, 0),
                None => byte != b'#' && byte.is_ascii_graphic(),
            };
            rest = if escaped.is_some() { &after[2..] } else { after };
            name.push(escaped.map_or(byte, |(high, low)| high << 4 | low));
        }
        if !plain {
            self.odd(start);
        }
        name
    }

    /// `(text)`: ISO 32000-1, 7.3.4.2.
    fn literal(&mut self) -> Vec<u8> {
        let start = self.at;
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
                return text;
            }
            text.push(byte);
        }
        self.odd(start);
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
        let start = self.at;
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            match self.next() {
                Some(b'>') => break,
                Some(byte) if digit(byte).is_some() || is_space(byte) => digits.extend(digit(byte)),
                Some(_) => self.odd(start),
                None => {
                    self.odd(start);
                    break;
                }
            }
        }
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }

    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                self.budget.comments = true;
                let start = self.at;
                while !matches!(self.peek(0), None | Some(b'\n' | b'\r')) {
                    self.at += 1;
                }
                // Programs agree on where such a line ends, and on no other.
                let line = self.bytes[start..self.at].iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
                if !line
                    || !matches!((self.peek(0), self.peek(1)), (Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')))
                {
                    self.odd(start);
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

/// A word as a whole number.
fn whole(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Whether a word is the number of an object or the like: digits alone, no more than ten.
fn is_ordinal(word: &[u8]) -> bool {
    (1..MAX_WHOLE).contains(&word.len()) && word.iter().all(u8::is_ascii_digit)
}

/// Whether a word is a real number: ISO 32000-1, 7.3.3.
fn is_real(word: &[u8]) -> bool {
    let unsigned = word.strip_prefix(b"+").or(word.strip_prefix(b"-")).unwrap_or(word);
    let points = unsigned.iter().filter(|&&byte| byte == b'.').count();
    word.len() <= MAX_REAL
        && points == 1
        && unsigned.len() > 1
        && unsigned.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// What is behind the end of a line.
fn after_line(text: &[u8]) -> Option<&[u8]> {
    [b"\r\n".as_slice(), b"\n", b"\r"].iter().find_map(|end| text.strip_prefix(*end))
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

pub(super) fn digit(byte: u8) -> Option<u8> {
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

    /// Whether a text is read as an object, and without anything that the grammar does not have.
    fn is_regular_text(text: &[u8]) -> bool {
        let mut budget = Budget::new(&Limits::default());
        let read = Reader::new(text, 0, &mut budget).object();
        read.is_ok() && budget.irregular.is_none()
    }

    #[test]
    fn the_grammar_is_taken_to_the_letter() {
        for text in [
            "[4 0 R 60 0 R]",
            "[60 0 R/A 1 2]",
            "<</A 1/B[-.5 +5. 0.25 2147483647 -7]/C<4a 4>/D(a\\z(b)\\7)>>",
            "[1 2 3]",
            "[null true false]",
            "[1 % one\n2 % two\r\n3 0 R]",
            "/A#42",
            "[60\t0\r\n\0R]",
        ] {
            assert!(is_regular_text(text.as_bytes()), "{text}");
        }
        for text in [
            "[60-0 R]",
            "[60+0 R]",
            "[60 0R]",
            "[60.0 0 R]",
            "[+60 0 R]",
            "[60 -0 R]",
            "[60 +0 R]",
            "[60 65536 R]",
            "[60 0 r]",
            "[600 R]",
            "[60 0 R0]",
            "[4294967356 0 R]",
            "[00000000060 0 R]",
            "[60 0.0 R]",
            "[60 % 1\n0 R]",
            "[6e1 0 R]",
            "[1.2.3]",
            "[.]",
            "[--1]",
            "[1-]",
            "[0x10]",
            "[2147483648]",
            "[-2147483649]",
            "[truefalse]",
            "/A#",
            "/A#4",
            "/A#4g",
            "/A#00",
            "<</A 1/#41 2>>",
            "<4g>",
            "<41",
            "(a",
            "[1 %c\r2]",
            "[1 %\x00\n2]",
            "[NULL]",
            "[endobj]",
        ] {
            assert!(!is_regular_text(text.as_bytes()), "{text}");
        }
        for text in [
            b"[60\x800 R]".as_slice(),
            b"[60 0\xffR]",
            b"[60\x0b0 R]",
            b"/A\x80B",
            b"/A\xe5",
            b"[60 0 R\x85]",
        ] {
            assert!(!is_regular_text(text), "{text:?}");
        }
        assert!(!is_regular_text(format!("/{}", "a".repeat(128)).as_bytes()));
        assert!(!is_regular_text(format!("{}1", "0".repeat(300)).as_bytes()));
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
