//! Whether a file is written by the grammar of ISO 32000 to the letter, so that all programs read the same in it.
//!
//! The readers of this folder take what viewers take; each viewer, however, takes something else of what the grammar
//! does not have. A signature is good only for a file that has one reading. So there is no list of what is forbidden
//! here: every object, row and number must be read by the grammar, and nothing may be left that is not.

use std::collections::BTreeSet;

use super::file::{File, Place, Trailer};
use super::syntax::{Allowance, Budget, Object, Reader, is_space};
use super::tree;
use crate::read::ReadError;

/// The most numbers that a file leaves unused above its highest one.
const MOST_UNUSED: i64 = 1000;

/// The place of the first thing in a file that programs may read in different ways.
///
/// # Errors
/// If the file is too large or too complex to be read.
pub(crate) fn first_doubt(pdf: &[u8], allowance: &Allowance) -> Result<Option<usize>, ReadError> {
    if linearized(pdf, allowance) == Some(pdf.len()) {
        return Ok(Some(0));
    }
    irregularity(&mut super::open_within(pdf, allowance)?, None)
}

/// The length of the file that its first object states, if it is linearized. In a file of that length, some programs begin
/// with another section than others (ISO 32000-1, annex F): it would change its face when it is appended to.
pub(crate) fn linearized(pdf: &[u8], allowance: &Allowance) -> Option<usize> {
    let head = &pdf[..pdf.len().min(1024)];
    let place = head.windows(3).position(|window| window == b"obj")?;
    let mut budget = Budget::within(allowance);
    let Object::Dictionary(entries) = Reader::new(pdf, place + 3, &mut budget).object().ok()? else {
        return None;
    };
    match (entries.get(b"Linearized".as_slice())?, entries.get(b"L".as_slice())?) {
        (_, Object::Integer(length)) => usize::try_from(*length).ok(),
        _ => None,
    }
}

/// The place of the first thing in a file that is not by the grammar. Of `known`, an earlier revision of the same file,
/// nothing is read again.
///
/// # Errors
/// If the file is too large or too complex to be read.
pub(crate) fn irregularity(file: &mut File, known: Option<&File>) -> Result<Option<usize>, ReadError> {
    if let Some(at) = file.budget.irregular.or(file.unsound.first().copied()).or_else(|| odd_trailer(file)) {
        return Ok(Some(at));
    }
    let mut extents: Vec<(usize, usize)> = file.trailers.iter().map(|trailer| trailer.extent).collect();
    for number in file.numbers() {
        let place = file.place(number);
        if known.is_some_and(|known| known.place(number) == place) {
            continue;
        }
        let at = match place {
            Place::Offset { offset, .. } => offset,
            Place::Packed { stream, .. } => match file.place(stream) {
                Place::Offset { offset, .. } => offset,
                Place::Packed { .. } | Place::Free => 0,
            },
            Place::Free => 0,
        };
        let found = match file.get(number) {
            Ok(found) => found,
            Err(error @ ReadError::Limit(_)) => return Err(error),
            // What cannot be read at all is reported with its place as well.
            Err(_) => return Ok(Some(at)),
        };
        if let Some(at) = file.budget.irregular {
            return Ok(Some(at));
        }
        // Some programs go by the number of a reference alone: ISO 32000-1, 7.3.10.
        if number == 0 || matches!(found.object, Object::Reference(..)) || !found.object.is_sound(file) {
            return Ok(Some(at));
        }
        extents.extend(found.extent);
    }
    if let Some(at) = shared(extents) {
        return Ok(Some(at));
    }
    match seen_by_some(file)? {
        None => tree::oddity(file),
        at => Ok(at),
    }
}

/// The place of the cross-references, if an object that only some programs find belongs to more than the structure tree: a
/// table calls it free, and the stream beside the table says where it is (ISO 32000-1, 7.5.8.4). Word hides the tree so,
/// which leads to nothing that is seen; of a page, some programs would show less, or something else.
fn seen_by_some(file: &mut File) -> Result<Option<usize>, ReadError> {
    if file.hidden.is_empty() {
        return Ok(None);
    }
    let mut waiting = Vec::new();
    file.trailers
        .iter()
        .for_each(|trailer| trailer.entries.values().for_each(|value| leads(value, &mut waiting)));
    let mut met = BTreeSet::new();
    while let Some(number) = waiting.pop() {
        if !met.insert(number) {
            continue;
        }
        if file.hidden.contains(&number) {
            return Ok(file.trailers.first().map(|trailer| trailer.extent.0));
        }
        leads(&file.get(number)?.object, &mut waiting);
    }
    Ok(None)
}

/// The numbers that an object refers to, but for the structure tree.
fn leads(object: &Object, to: &mut Vec<u32>) {
    match object {
        Object::Reference(number, _) => to.push(*number),
        Object::Array(values) => values.iter().for_each(|value| leads(value, to)),
        Object::Dictionary(entries) => {
            let others = entries.iter().filter(|(key, _)| key.as_slice() != b"StructTreeRoot");
            others.for_each(|(_, value)| leads(value, to));
        }
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(_) => {}
    }
}

/// The place of a section whose trailer is read in different ways.
fn odd_trailer(file: &File) -> Option<usize> {
    let last = file.numbers().last().copied().unwrap_or(0);
    // One more than the highest number (ISO 32000-1, table 15). Programs make room for as many as it says, and some repair
    // the file where they cannot.
    let highest = file.trailers.iter().map(|trailer| trailer.highest).max().unwrap_or(0);
    let most = highest.saturating_add(MOST_UNUSED);
    let sound = |newest: bool, Trailer { highest, entries, .. }: &Trailer| {
        // Direct and whole: some programs look for the number alone, others give up.
        let whole = [b"Prev".as_slice(), b"XRefStm", b"Size"]
            .iter()
            .all(|key| entries.get(*key).is_none_or(|value| matches!(value, Object::Integer(0..))));
        let size = match entries.get(b"Size".as_slice()) {
            Some(Object::Integer(size)) => *size,
            _ => 0,
        };
        // Objects beyond the size are missing (ISO 32000-1, table 15), but not for every program.
        let counted = size > *highest && size <= most && (!newest || size > i64::from(last));
        let root = !newest || matches!(entries.get(b"Root".as_slice()), Some(Object::Reference(..)));
        whole && counted && root && !entries.contains_key(b"Encrypt".as_slice())
    };
    let mut trailers = file.trailers.iter().enumerate();
    trailers.find(|(place, trailer)| !sound(*place == 0, trailer)).map(|(_, trailer)| trailer.extent.0)
}

/// The place of an object or section that begins within another.
fn shared(mut extents: Vec<(usize, usize)>) -> Option<usize> {
    extents.sort_unstable();
    extents.dedup();
    extents.windows(2).find(|pair| pair[1].0 < pair[0].1).map(|pair| pair[1].0)
}

/// The first byte from this one on that belongs to no object, neither as it is nor as an earlier revision had it, to no
/// section of cross-references, and is neither white space nor a comment: ISO 32000-1, 7.5.3 and 7.5.4, has nothing of
/// that kind in a file. Programs that go by the cross-references do not read it; those that repair files might.
pub(crate) fn unreached(file: &mut File, from: usize) -> Option<usize> {
    let mut reached: Vec<(usize, usize)> = file.trailers.iter().map(|trailer| trailer.extent).collect();
    for number in file.numbers_ever() {
        // One that is where it was is before.
        if matches!(file.place(number), Place::Offset { offset, .. } if offset < from) {
            continue;
        }
        reached.extend(file.versions(number).into_iter().filter_map(|found| found.extent));
    }
    reached.sort_unstable();
    let mut at = from;
    for (begin, end) in reached {
        if begin > at
            && let Some(place) = beyond_space(file.bytes(at..begin))
        {
            return Some(at + place);
        }
        at = at.max(end);
    }
    beyond_space(file.bytes(at..usize::MAX)).map(|place| at + place)
}

/// The first byte of a text that is neither white space nor part of a comment, nor of the place of the cross-references.
fn beyond_space(text: &[u8]) -> Option<usize> {
    const START: &[u8] = b"startxref";
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let taken = match rest[0] {
            b'%' => rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len()),
            byte if is_space(byte) => 1,
            _ if rest.starts_with(START) => {
                let number = |&byte: &u8| is_space(byte) || byte.is_ascii_digit();
                START.len() + rest[START.len()..].iter().take_while(|byte| number(byte)).count()
            }
            _ => return Some(at),
        };
        at += taken;
    }
    None
}

impl Object {
    /// Whether all references in it are to objects of the generation that there is.
    fn is_sound(&self, file: &File) -> bool {
        match self {
            Object::Reference(number, generation) => match file.place(*number) {
                Place::Offset { generation: there, .. } => there == *generation,
                Place::Packed { .. } => *generation == 0,
                Place::Free => true,
            },
            Object::Array(values) => values.iter().all(|value| value.is_sound(file)),
            Object::Dictionary(entries) => entries.values().all(|value| value.is_sound(file)),
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(_) => true,
        }
    }
}
