//! Indirect objects by number: the cross-references of a file and of its incremental updates.
//!
//! Objects are read when they are asked for. The newest section is read first and has precedence: ISO
//! 32000-1, 7.5.6. A file whose cross-references are broken is refused, not repaired.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use libdeflater::{DecompressionError, Decompressor};

use super::syntax::{Budget, Dictionary, MAX_NUMBER, Object, ROW, Reader, digit, is_space};
use crate::message;
use crate::read::{ReadError, damaged, limit};

/// The most numbers that a file may give to objects.
const MAX_NUMBERS: usize = 1_000_000;
/// The most rows of all sections of cross-references together.
const MAX_ROWS: usize = 2_000_000;
/// The most sections of cross-references, and so of incremental updates.
const MAX_SECTIONS: usize = 1000;
/// The widest field of a row of a stream of cross-references that every program reads, but for that of the offset.
const MAX_WIDTH: usize = 4;
/// How deeply reading one object may recurse: the length of a stream may be an object in a stream whose
/// length is an object.
const MAX_STEPS: usize = 16;

/// The location of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Free,
    Offset { offset: usize, generation: u16 },
    Packed { stream: u32, index: usize },
}

/// An object, with the range of its data if it is a stream.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub object: Object,
    /// The range of its data in the file.
    pub data: Option<(usize, usize)>,
    /// The generation that is written before it.
    pub generation: u16,
    /// Its first byte in the file, and the byte after its last; none if it is in a stream.
    pub extent: Option<(usize, usize)>,
}

impl Found {
    /// An object that has no place of its own.
    fn placeless(object: Object) -> Found {
        Found { object, data: None, generation: 0, extent: None }
    }
}

/// The trailer of a section of cross-references.
pub(crate) struct Trailer {
    /// The extent of the section with it.
    pub extent: (usize, usize),
    /// The highest number in the section.
    pub highest: i64,
    pub entries: Dictionary,
}

/// An object stream: its decoded bytes, and the number and offset of each object in it.
type Pack = (Vec<u8>, Vec<(u32, usize)>);

/// An open file.
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    places: HashMap<u32, Place>,
    /// The places that numbers had before, by number.
    older: Vec<(u32, Place)>,
    /// The trailer of the newest section.
    pub trailer: Dictionary,
    /// The trailers of all sections, the newest first.
    pub trailers: Vec<Trailer>,
    /// Where each section of cross-references begins, the newest first.
    pub sections: Vec<usize>,
    /// The sections that have a number twice, or too few or too many rows: programs interpret these
    /// differently.
    pub unsound: Vec<usize>,
    /// The numbers that a table calls free, and the stream beside it gives a place.
    pub hidden: BTreeSet<u32>,
    pub budget: Budget,
    rows: usize,
    /// The object streams decoded so far.
    packs: HashMap<u32, Pack>,
    steps: usize,
}

impl<'a> File<'a> {
    /// Reads the cross-references.
    ///
    /// # Errors
    /// If there are none, or they cannot be followed.
    pub fn open(bytes: &'a [u8], budget: Budget) -> Result<Self, ReadError> {
        let mut file = File {
            bytes,
            places: HashMap::new(),
            older: Vec::new(),
            trailer: Dictionary::new(),
            trailers: Vec::new(),
            sections: Vec::new(),
            unsound: Vec::new(),
            hidden: BTreeSet::new(),
            budget,
            rows: 0,
            packs: HashMap::new(),
            steps: 0,
        };
        let mut next = Some(start(bytes, &mut file.budget)?);
        let mut seen = BTreeSet::new();
        while let Some(offset) = next {
            if !seen.insert(offset) {
                return Err(damaged(message!("交叉引用循环", "the cross-reference sections form a loop")));
            }
            if seen.len() > MAX_SECTIONS {
                return Err(limit(message!(
                    "交叉引用超过 {MAX_SECTIONS} 段",
                    "there are more than {MAX_SECTIONS} sections of cross-references"
                )));
            }
            let (trailer, hidden) = file.section(offset, &BTreeSet::new())?;
            file.sections.push(offset);
            if let Some(hybrid) = offset_of(&trailer, b"XRefStm")
                && seen.insert(hybrid)
            {
                file.section(hybrid, &hidden)?;
            }
            next = offset_of(&trailer, b"Prev");
            if file.trailer.is_empty() {
                file.trailer = trailer;
            }
        }
        file.older.sort_by_key(|&(number, _)| number);
        Ok(file)
    }

    /// Reads one section, a table or a stream. Returns its trailer, and the numbers that it is the first to call free:
    /// a stream beside a table (`XRefStm`) gives these their places, ISO 32000-1, 7.5.8.4.
    fn section(
        &mut self,
        offset: usize,
        hidden: &BTreeSet<u32>,
    ) -> Result<(Dictionary, BTreeSet<u32>), ReadError> {
        let mut reader = Reader::new(self.bytes, offset, &mut self.budget);
        if !reader.keyword(b"xref") {
            let trailer = self.section_stream(offset, hidden)?;
            return Ok((trailer, BTreeSet::new()));
        }
        if reader.at != offset + b"xref".len() || !reader.end_line() {
            reader.odd(offset);
        }
        let (mut seen, mut rows) = (BTreeSet::new(), Vec::new());
        loop {
            let line = reader.at;
            if reader.keyword(b"trailer") {
                // Sections may overlap.
                reader.charge(offset)?;
                let Object::Dictionary(trailer) = reader.object()? else { return Err(broken()) };
                let extent = (offset, reader.at);
                let mut free = BTreeSet::new();
                self.budget.rows(rows.len())?;
                for (number, place) in rows {
                    if self.place_at(number, place, hidden, offset)? && place == Place::Free {
                        free.extend(u32::try_from(number));
                    }
                }
                let highest = seen.last().copied().unwrap_or(0);
                self.trailers.push(Trailer { extent, highest, entries: trailer.clone() });
                return Ok((trailer, free));
            }
            if reader.at != line || !reader.subsection() {
                reader.odd(line);
            }
            let (Some(first), Some(count)) = (reader.integer(), reader.integer()) else {
                return Err(broken());
            };
            // Some programs make room up to its number for a subsection without rows.
            if count == 0 && first != 0 {
                reader.odd(line);
            }
            reader.skip_space();
            for number in first..first.saturating_add(count) {
                let at = reader.at;
                let plain = reader.row();
                if !plain {
                    reader.odd(at);
                }
                let (start, generation) = (reader.integer().ok_or_else(broken)?, reader.integer());
                let generation = generation.and_then(|value| u16::try_from(value).ok()).unwrap_or_default();
                reader.skip_space();
                let kind = reader.word();
                let place = match (kind, usize::try_from(start)) {
                    (b"n", Ok(offset)) => Place::Offset { offset, generation },
                    (b"f", _) => Place::Free,
                    _ => return Err(broken()),
                };
                if plain {
                    reader.at = at + ROW;
                }
                // Some programs take such a table for one that begins with 0.
                let shifted = first == 1 && number == 1 && place == Place::Free && generation == u16::MAX;
                if !seen.insert(number) || shifted {
                    unsound(&mut self.unsound, offset);
                }
                self.rows += 1;
                if self.rows > MAX_ROWS {
                    return Err(too_many_rows());
                }
                rows.push((number, place));
            }
        }
    }

    /// A cross-reference stream: ISO 32000-1, 7.5.8.
    fn section_stream(&mut self, offset: usize, hidden: &BTreeSet<u32>) -> Result<Dictionary, ReadError> {
        let found = self.at(offset, None)?;
        let content = self.content(&found)?;
        let Object::Dictionary(trailer) = found.object else { return Err(broken()) };
        let widths: Vec<usize> = integers(&trailer, b"W").filter_map(|n| usize::try_from(n).ok()).collect();
        let &[kind, first, second] = widths.as_slice() else { return Err(broken()) };
        let length = kind.saturating_add(first).saturating_add(second);
        if length == 0 || [kind, first, second].iter().any(|&width| width > 8) {
            return Err(broken());
        }
        let mut index: Vec<i64> = integers(&trailer, b"Index").collect();
        if index.is_empty() {
            index = vec![0, integer(&trailer, b"Size").ok_or_else(broken)?];
        }
        let count = index.chunks(2).try_fold(0i64, |sum, pair| sum.checked_add(*pair.get(1)?));
        let whole =
            content.len().is_multiple_of(length) && count == i64::try_from(content.len() / length).ok();
        let plain = [b"W".as_slice(), b"Index"].iter().all(|key| match trailer.get(*key) {
            Some(Object::Array(values)) => values.iter().all(|value| matches!(value, Object::Integer(0..))),
            None => true,
            Some(_) => false,
        });
        let typed = trailer.get(b"Type".as_slice()) == Some(&Object::Name(b"XRef".to_vec()));
        let direct = matches!(trailer.get(b"Length".as_slice()), Some(Object::Integer(_)));
        // Some programs read no wider fields, and make room up to its number for a subsection without rows.
        let narrow = kind <= MAX_WIDTH && second <= MAX_WIDTH;
        let filled = index.len().is_multiple_of(2) && index.chunks_exact(2).all(|pair| pair[1] > 0);
        let parameters = trailer.get(b"DecodeParms".as_slice()).is_none_or(are_numbers);
        if !whole
            || !plain
            || !typed
            || !direct
            || widths_of(&trailer) != 3
            || !narrow
            || !filled
            || !parameters
        {
            unsound(&mut self.unsound, offset);
        }
        let numbers = index.chunks_exact(2).flat_map(|pair| pair[0]..pair[0].saturating_add(pair[1]));
        let mut seen = BTreeSet::new();
        for (number, row) in numbers.zip(content.chunks_exact(length)) {
            let field = |from: usize, width: usize| {
                row[from..from + width].iter().fold(0usize, |value, &byte| value << 8 | usize::from(byte))
            };
            let (one, two) = (field(kind, first), field(kind + first, second));
            let kind = if kind == 0 { 1 } else { field(0, kind) };
            let place = match kind {
                1 => Place::Offset { offset: one, generation: u16::try_from(two).unwrap_or_default() },
                2 => Place::Packed { stream: u32::try_from(one).map_err(|_| broken())?, index: two },
                _ => Place::Free,
            };
            // Kinds to come are read as null (ISO 32000-1, 7.5.8.3), or as free, or not at all.
            if !seen.insert(number) || kind > 2 || kind == 1 && two > usize::from(u16::MAX) {
                unsound(&mut self.unsound, offset);
            }
            self.rows += 1;
            self.budget.rows(1)?;
            if self.rows > MAX_ROWS {
                return Err(too_many_rows());
            }
            self.place_at(number, place, hidden, offset)?;
        }
        let (extent, highest) = (found.extent.unwrap_or_default(), seen.last().copied().unwrap_or(0));
        self.trailers.push(Trailer { extent, highest, entries: trailer.clone() });
        Ok(trailer)
    }

    /// Records the location of a number, unless a newer section has one; whether it is recorded. `hidden` are numbers
    /// that the table beside this section calls free, for programs that cannot read the section.
    fn place_at(
        &mut self,
        number: i64,
        place: Place,
        hidden: &BTreeSet<u32>,
        section: usize,
    ) -> Result<bool, ReadError> {
        let Ok(number) = u32::try_from(number) else { return Err(broken()) };
        if number > MAX_NUMBER {
            unsound(&mut self.unsound, section);
        }
        match self.places.entry(number) {
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
            Entry::Occupied(mut entry) if hidden.contains(&number) => {
                if entry.insert(place) != place {
                    self.hidden.insert(number);
                }
            }
            Entry::Occupied(entry) => {
                if *entry.get() != place && place != Place::Free {
                    self.older.push((number, place));
                }
                return Ok(false);
            }
        }
        if self.places.len() > MAX_NUMBERS {
            return Err(limit(message!(
                "对象超过 {MAX_NUMBERS} 个",
                "there are more than {MAX_NUMBERS} objects"
            )));
        }
        Ok(true)
    }

    /// The object of this number; null if there is none.
    pub fn get(&mut self, number: u32) -> Result<Found, ReadError> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(limit(message!("对象互相引用", "objects refer to each other without end")));
        }
        let found = match self.places.get(&number).copied() {
            None => Ok(Found::placeless(Object::Null)),
            Some(place) => self.found(number, place),
        };
        self.steps -= 1;
        found
    }

    /// The object of this number at one of its places.
    fn found(&mut self, number: u32, place: Place) -> Result<Found, ReadError> {
        match place {
            Place::Free => Ok(Found::placeless(Object::Null)),
            Place::Offset { offset, generation } => {
                let found = self.at(offset, Some(number))?;
                // ISO 32000-1, 7.3.10: with another generation it is another object.
                if found.generation != generation {
                    self.budget.odd(offset);
                }
                Ok(found)
            }
            Place::Packed { stream, index } => self.packed(number, stream, index),
        }
    }

    /// The object of this number as each of the revisions has it that can be read, the newest first.
    pub fn versions(&mut self, number: u32) -> Vec<Found> {
        let from = self.older.partition_point(|&(other, _)| other < number);
        let older = self.older[from..].iter().take_while(|&&(other, _)| other == number);
        let places: Vec<Place> =
            std::iter::once(self.place(number)).chain(older.map(|&(_, place)| place)).collect();
        places.into_iter().filter_map(|place| self.found(number, place).ok()).collect()
    }

    /// The numbers of all objects that there are.
    #[expect(clippy::disallowed_methods, reason = "the set orders them")]
    pub fn numbers(&self) -> BTreeSet<u32> {
        let there = self.places.iter().filter(|(_, place)| !matches!(place, Place::Free));
        there.map(|(&number, _)| number).collect()
    }

    /// The numbers of all objects that there are or were.
    pub fn numbers_ever(&self) -> BTreeSet<u32> {
        self.numbers().into_iter().chain(self.older.iter().map(|&(number, _)| number)).collect()
    }

    /// Bytes of the file, as far as there are some.
    pub fn bytes(&self, range: std::ops::Range<usize>) -> &'a [u8] {
        let end = range.end.min(self.bytes.len());
        &self.bytes[range.start.min(end)..end]
    }

    /// Where the object of this number is.
    pub fn place(&self, number: u32) -> Place {
        self.places.get(&number).copied().unwrap_or(Place::Free)
    }

    /// The raw data of a stream, as in the file.
    pub fn raw(&self, found: &Found) -> Option<&'a [u8]> {
        found.data.and_then(|(from, to)| self.bytes.get(from..to))
    }

    /// The object itself, or the one that it refers to.
    pub fn resolve(&mut self, object: &Object) -> Result<Found, ReadError> {
        match object {
            Object::Reference(number, _) => {
                let found = self.get(*number)?;
                match found.object {
                    // ISO 32000-1, 7.3.10: an indirect object is never a reference itself.
                    Object::Reference(..) => Err(broken()),
                    _ => Ok(found),
                }
            }
            object => Ok(Found::placeless(object.clone())),
        }
    }

    /// The value of a key, with a reference resolved.
    pub fn value(&mut self, dictionary: &Dictionary, key: &[u8]) -> Result<Object, ReadError> {
        match dictionary.get(key) {
            Some(object) => Ok(self.resolve(object)?.object),
            None => Ok(Object::Null),
        }
    }

    /// The dictionary that a key leads to.
    pub fn dictionary(
        &mut self,
        dictionary: &Dictionary,
        key: &[u8],
    ) -> Result<Option<Dictionary>, ReadError> {
        Ok(match self.value(dictionary, key)? {
            Object::Dictionary(found) => Some(found),
            _ => None,
        })
    }

    /// The object that begins at this byte: `12 0 obj …`.
    fn at(&mut self, offset: usize, wanted: Option<u32>) -> Result<Found, ReadError> {
        let mut reader = Reader::new(self.bytes, offset, &mut self.budget);
        reader.begins_with_digit();
        let (number, generation) = (reader.integer(), reader.integer());
        let number = number.filter(|_| generation.is_some() && reader.keyword(b"obj"));
        if number.is_none() || wanted.is_some_and(|wanted| number != Some(wanted.into())) {
            return Err(broken());
        }
        let object = reader.object()?;
        let generation = generation.and_then(|value| u16::try_from(value).ok()).unwrap_or_default();
        let mut found = Found { object, data: None, generation, extent: None };
        let mut end = reader.at;
        if let Object::Dictionary(dictionary) = &found.object
            && reader.keyword(b"stream")
        {
            reader.stream_begins();
            let from = reader.at;
            let length = dictionary.get(b"Length".as_slice()).cloned().unwrap_or(Object::Null);
            let Object::Integer(length) = self.resolve(&length)?.object else { return Err(broken()) };
            let to = usize::try_from(length).ok().and_then(|length| from.checked_add(length));
            let to = to.filter(|&to| to <= self.bytes.len()).ok_or_else(broken)?;
            let mut reader = Reader::new(self.bytes, to, &mut self.budget);
            if !reader.stream_ends() {
                return Err(damaged(message!("数据流的长度不对", "the length of a stream is wrong")));
            }
            found.data = Some((from, to));
            end = reader.at;
        }
        let mut reader = Reader::new(self.bytes, end, &mut self.budget);
        if !reader.keyword(b"endobj") {
            reader.odd(end);
        }
        found.extent = Some((offset, reader.at));
        Ok(found)
    }

    /// An object in an object stream: ISO 32000-1, 7.5.7.
    fn packed(&mut self, number: u32, stream: u32, index: usize) -> Result<Found, ReadError> {
        if !self.packs.contains_key(&stream) {
            let pack = self.open_pack(stream)?;
            self.packs.insert(stream, pack);
        }
        let (bytes, places) = &self.packs[&stream];
        let &(stated, from) = places.get(index).ok_or_else(broken)?;
        let Some(Place::Offset { offset, .. }) = self.places.get(&stream).copied() else {
            return Err(broken());
        };
        let mut reader = Reader::of_stream(bytes, from, &mut self.budget, offset);
        let object = reader.object()?;
        reader.skip_space();
        // Some programs use the number in the stream, some the index in the cross-references; some read up to where
        // the next object begins.
        let end = places.get(index + 1).map_or(bytes.len(), |&(_, next)| next);
        // ISO 32000-1, 7.5.7: an object there is no reference to another.
        let fits = stated == number && reader.at == end && !matches!(object, Object::Reference(..));
        if !fits {
            reader.odd(from);
        }
        Ok(Found::placeless(object))
    }

    fn open_pack(&mut self, stream: u32) -> Result<Pack, ReadError> {
        // A stream is never in a stream.
        let Some(place @ Place::Offset { offset, .. }) = self.places.get(&stream).copied() else {
            return Err(broken());
        };
        let found = self.found(stream, place)?;
        let bytes = self.content(&found)?;
        let Object::Dictionary(dictionary) = &found.object else { return Err(broken()) };
        let [count, first] = [b"N".as_slice(), b"First"]
            .map(|key| integer(dictionary, key).and_then(|value| usize::try_from(value).ok()));
        let (count, first) = (count.ok_or_else(broken)?, first.ok_or_else(broken)?);
        if count > MAX_NUMBERS {
            return Err(broken());
        }
        let typed = dictionary.get(b"Type".as_slice()) == Some(&Object::Name(b"ObjStm".to_vec()));
        let mut reader = Reader::of_stream(&bytes, 0, &mut self.budget, offset);
        let (mut places, mut numbers) = (Vec::new(), BTreeSet::new());
        let mut sound = typed;
        for _ in 0..count {
            let (number, place) = (reader.integer(), reader.integer().ok_or_else(broken)?);
            let number = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX);
            let place = usize::try_from(place).ok().and_then(|place| place.checked_add(first));
            let place = place.ok_or_else(broken)?;
            // Each number once, and the objects one after the other.
            sound &= numbers.insert(number) && places.last().is_none_or(|&(_, before)| before < place);
            places.push((number, place));
        }
        // Between the numbers and the first object there is nothing.
        let gap = places.first().map_or(Some(&[][..]), |&(_, place)| bytes.get(reader.at.min(first)..place));
        sound &= reader.at <= first && gap.is_some_and(|gap| gap.iter().copied().all(is_space));
        if !sound {
            reader.odd(offset);
        }
        Ok((bytes, places))
    }

    /// The decoded data of a stream.
    ///
    /// # Errors
    /// If the filter is not supported, or the data are too large.
    pub fn content(&mut self, found: &Found) -> Result<Vec<u8>, ReadError> {
        let (Object::Dictionary(dictionary), Some((from, to))) = (&found.object, found.data) else {
            return Err(broken());
        };
        let data = &self.bytes[from..to];
        self.budget.read(data.len())?;
        let filters = match self.value(dictionary, b"Filter")? {
            Object::Array(filters) => filters,
            Object::Null => Vec::new(),
            filter => vec![filter],
        };
        let parameters = match self.value(dictionary, b"DecodeParms")? {
            Object::Array(parameters) => parameters,
            parameters => vec![parameters],
        };
        match filters.as_slice() {
            [] => {
                if data.len() > self.budget.inflatable() {
                    return Err(too_large());
                }
                self.budget.inflated(data.len())?;
                Ok(data.to_vec())
            }
            [Object::Name(name)] if name == b"FlateDecode" => {
                let bytes = inflate(data, self.budget.inflatable())?;
                self.budget.inflated(bytes.len())?;
                match parameters.first() {
                    Some(Object::Dictionary(parameters)) => unpredicted(bytes, parameters),
                    _ => Ok(bytes),
                }
            }
            [Object::Name(name)] if name == b"ASCIIHexDecode" => {
                if data.len() / 2 > self.budget.inflatable() {
                    return Err(too_large());
                }
                self.budget.inflated(data.len() / 2)?;
                hexadecimal(data).ok_or_else(broken)
            }
            _ => Err(damaged(message!(
                "数据流的压缩方式不支持",
                "a stream is compressed in a way that is not supported"
            ))),
        }
    }
}

/// ASCIIHexDecode: ISO 32000-1, 7.4.2. None if there is anything but digits and space up to the end.
fn hexadecimal(data: &[u8]) -> Option<Vec<u8>> {
    let end = data.iter().position(|&byte| byte == b'>')?;
    let digits: Option<Vec<u8>> =
        data[..end].iter().filter(|byte| !is_space(**byte)).map(|&byte| digit(byte)).collect();
    Some(digits?.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect())
}

/// The offset of the newest section (`startxref`): ISO 32000-1, 7.5.5. Acrobat looks for it in the last 1024
/// bytes.
fn start(bytes: &[u8], budget: &mut Budget) -> Result<usize, ReadError> {
    const MARK: &[u8] = b"startxref";
    let tail = bytes.len().saturating_sub(1024 + MARK.len());
    let place = bytes[tail..]
        .windows(MARK.len())
        .rposition(|window| window == MARK)
        .ok_or_else(|| damaged(message!("文件不完整，没有结尾", "the file is incomplete: it has no end")))?;
    let mut reader = Reader::new(bytes, tail + place, budget);
    if !(reader.keyword(MARK) && reader.place_line()) {
        reader.odd(tail + place);
    }
    let offset = reader.integer();
    let offset = offset.and_then(|offset| usize::try_from(offset).ok()).ok_or_else(broken)?;
    let end = bytes[reader.at..].trim_ascii_start();
    if end.strip_prefix(b"%%EOF").is_none_or(|rest| !rest.trim_ascii().is_empty()) {
        reader.odd(reader.at);
    }
    Ok(offset)
}

/// Whether these parameters of a filter are numbers by name, of one filter.
fn are_numbers(parameters: &Object) -> bool {
    match parameters {
        Object::Dictionary(entries) => entries.values().all(|value| matches!(value, Object::Integer(_))),
        Object::Array(values) => matches!(&values[..], [one @ Object::Dictionary(_)] if are_numbers(one)),
        _ => false,
    }
}

/// Records that a section is read in different ways.
fn unsound(sections: &mut Vec<usize>, offset: usize) {
    if sections.last() != Some(&offset) {
        sections.push(offset);
    }
}

/// The number of widths that a cross-reference stream states, of whatever kind.
fn widths_of(trailer: &Dictionary) -> usize {
    match trailer.get(b"W".as_slice()) {
        Some(Object::Array(widths)) => widths.len(),
        _ => 0,
    }
}

fn too_many_rows() -> ReadError {
    limit(message!("交叉引用超过 {MAX_ROWS} 行", "the cross-references have more than {MAX_ROWS} rows"))
}

/// Inflates compressed data, in a buffer that grows no further than the remaining budget.
fn inflate(data: &[u8], left: usize) -> Result<Vec<u8>, ReadError> {
    let mut size = data.len().saturating_mul(4).max(1 << 12).min(left);
    let mut decompressor = Decompressor::new();
    loop {
        let mut bytes = vec![0; size];
        match decompressor.zlib_decompress(data, &mut bytes) {
            Ok(length) => {
                bytes.truncate(length);
                return Ok(bytes);
            }
            Err(DecompressionError::InsufficientSpace) if size < left => {
                size = size.saturating_mul(4).min(left);
            }
            Err(DecompressionError::InsufficientSpace) => return Err(too_large()),
            Err(DecompressionError::BadData) => {
                return Err(damaged(message!("压缩的数据不对", "the compressed data are wrong")));
            }
        }
    }
}

/// Undoes PNG predictors, which other programs use for cross-references: ISO 32000-1, 7.4.4.4.
fn unpredicted(bytes: Vec<u8>, parameters: &Dictionary) -> Result<Vec<u8>, ReadError> {
    match integer(parameters, b"Predictor").unwrap_or(1) {
        1 => return Ok(bytes),
        10..=15 => {}
        _ => {
            return Err(damaged(message!(
                "数据流的压缩方式不支持",
                "a stream is compressed in a way that is not supported"
            )));
        }
    }
    let columns = integer(parameters, b"Columns").unwrap_or(1);
    let columns = usize::try_from(columns).ok().filter(|columns| (1..=1 << 16).contains(columns));
    let columns = columns.ok_or_else(broken)?;
    let plain = [b"Colors".as_slice(), b"BitsPerComponent"].map(|key| integer(parameters, key));
    if !matches!(plain, [None | Some(1), None | Some(8)]) {
        return Err(broken());
    }
    let mut above = vec![0u8; columns];
    let mut out = Vec::with_capacity(bytes.len());
    for row in bytes.chunks_exact(columns + 1) {
        let mut line = vec![0u8; columns];
        for at in 0..columns {
            let left = if at == 0 { 0 } else { line[at - 1] };
            let corner = if at == 0 { 0 } else { above[at - 1] };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => above[at],
                3 => ((u16::from(left) + u16::from(above[at])) / 2) as u8,
                4 => paeth(left, above[at], corner),
                _ => return Err(broken()),
            };
            line[at] = row[at + 1].wrapping_add(guess);
        }
        out.extend_from_slice(&line);
        above = line;
    }
    Ok(out)
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, above, corner].map(i16::from);
    let (from_a, from_b, from_c) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if from_a <= from_b && from_a <= from_c {
        left
    } else if from_b <= from_c {
        above
    } else {
        corner
    }
}

fn offset_of(dictionary: &Dictionary, key: &[u8]) -> Option<usize> {
    integer(dictionary, key).and_then(|value| usize::try_from(value).ok())
}

fn integer(dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
    match dictionary.get(key) {
        Some(Object::Integer(value)) => Some(*value),
        _ => None,
    }
}

fn integers(dictionary: &Dictionary, key: &[u8]) -> impl Iterator<Item = i64> {
    let values = match dictionary.get(key) {
        Some(Object::Array(values)) => values.as_slice(),
        _ => &[],
    };
    values.iter().filter_map(|value| match value {
        Object::Integer(value) => Some(*value),
        _ => None,
    })
}

fn broken() -> ReadError {
    damaged(message!("交叉引用或对象不对", "its cross-references or objects are wrong"))
}

fn too_large() -> ReadError {
    limit(message!(
        "压缩的内容展开后超过 256 MiB",
        "its compressed content is larger than 256 MiB when decompressed"
    ))
}
