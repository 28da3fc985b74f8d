//! Incremental updates, byte by byte: objects, cross-references and nothing else.
//!
//! Programs repair files in ways of their own: they look for whatever begins like an object, at any position. So every
//! object must be where the cross-references place it, once, nothing else may look like one, be it in a stream, and all
//! other bytes must be space.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::ChangeDetail;
use crate::read::pdf::file::{File, Place};
use crate::read::pdf::syntax::{Allowance, Budget, Object, ROW, Reader};

/// The most revisions after a signature that are read.
const MAX_REVISIONS: usize = 32;

/// The most white space after an end: programs look for the last one in the last 1024 bytes of a file.
const MAX_SPACE: usize = 64;

/// The revisions that were walked over, by where they begin: each is what it is, after whichever signature.
pub(super) type Walked = BTreeMap<usize, Result<usize, ChangeDetail>>;

/// The ends of the revisions that were appended from this byte on.
///
/// # Errors
/// The first thing found that belongs to no incremental update.
pub(super) fn revisions(
    pdf: &[u8],
    from: usize,
    walked: &mut Walked,
    allowance: &Allowance,
) -> Result<Vec<usize>, ChangeDetail> {
    let mut ends = Vec::new();
    let mut at = from;
    while at < pdf.len() {
        if ends.len() >= MAX_REVISIONS {
            return Err(ChangeDetail::TooManyRevisions { most: MAX_REVISIONS });
        }
        let walk = || revision(pdf, at, &mut Budget::within(allowance), allowance);
        at = walked.entry(at).or_insert_with(walk).clone()?;
        ends.push(at);
    }
    Ok(ends)
}

/// Walks over one revision, to after its end-of-file mark.
fn revision(
    pdf: &[u8],
    from: usize,
    budget: &mut Budget,
    allowance: &Allowance,
) -> Result<usize, ChangeDetail> {
    let mut objects: Vec<(u32, usize, u16)> = Vec::new();
    let mut sections = Vec::new();
    let mut at = from;
    loop {
        at = blank(pdf, at);
        let rest = pdf.get(at..).unwrap_or_default();
        if rest.starts_with(b"startxref") {
            break;
        }
        let start = at;
        let mut reader = Reader::new(pdf, at, budget);
        if rest.starts_with(b"xref") {
            table(&mut reader).ok_or_else(|| foreign(start))?;
            sections.push(start);
        } else {
            let (number, generation, section) = object(pdf, &mut reader).ok_or_else(|| foreign(start))?;
            if section {
                sections.push(start);
            }
            objects.push((number, start, generation));
        }
        at = reader.at;
    }
    let mut reader = Reader::new(pdf, at + b"startxref".len(), budget);
    if !reader.place_line() {
        return Err(foreign(at));
    }
    let stated = reader.integer().and_then(|stated| usize::try_from(stated).ok());
    let end = blank(pdf, reader.at);
    // One section a revision: of two, a program that repairs files might take the other.
    if stated.is_none_or(|stated| sections != [stated]) || !pdf[end..].starts_with(b"%%EOF") {
        return Err(foreign(at));
    }
    if budget.comments || holds_more(&pdf[from..end], from, &objects, &sections) {
        return Err(foreign(from));
    }
    if let Some(at) = budget.irregular {
        return Err(ChangeDetail::AmbiguousSyntax { at });
    }
    let mark = end + b"%%EOF".len();
    let end = blank(pdf, mark);
    if end - mark > MAX_SPACE {
        return Err(foreign(mark));
    }
    placed(pdf, end, &objects, allowance)?;
    Ok(end)
}

/// Whether there is anything in a revision that begins like an object, a trailer or an end, and is none: hidden in a
/// stream or a text, to be found by programs that repair files.
fn holds_more(text: &[u8], from: usize, objects: &[(u32, usize, u16)], sections: &[usize]) -> bool {
    let starts: BTreeSet<usize> = objects.iter().map(|&(_, start, _)| start).collect();
    let begins = |at: usize| starts.contains(&at);
    let places = |word: &'static [u8]| {
        text.windows(word.len()).enumerate().filter(move |(_, window)| *window == word).map(|(at, _)| at)
    };
    let tables = sections.iter().filter(|&&at| !begins(at)).count();
    places(b"obj").any(|at| header(&text[..at]).is_some_and(|at| !begins(from + at)))
        || places(b"trailer").count() != tables
        || places(b"startxref").count() != 1
        || places(b"%%EOF").count() != 0
}

/// The position of the two numbers that this text ends with, if it does.
fn header(text: &[u8]) -> Option<usize> {
    let space = |text: &[u8]| text.trim_ascii_end().len();
    let digits =
        |text: &[u8]| text.len() - text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let second_end = space(text);
    let second = digits(&text[..second_end]);
    let first_end = space(&text[..second]);
    let first = digits(&text[..first_end]);
    (second < second_end && first_end < second && first < first_end).then_some(first)
}

/// Checks that the cross-references place every object where it is, and none twice.
fn placed(
    pdf: &[u8],
    end: usize,
    objects: &[(u32, usize, u16)],
    allowance: &Allowance,
) -> Result<(), ChangeDetail> {
    let file = File::open(&pdf[..end], Budget::within(allowance))?;
    let mut seen = BTreeSet::new();
    for &(number, offset, generation) in objects {
        let placed = file.place(number) == (Place::Offset { offset, generation });
        // A stream of cross-references need not name itself.
        if !seen.insert(number) || !(placed || file.sections.contains(&offset)) {
            return Err(foreign(offset));
        }
    }
    match file.sections.first() {
        Some(&at) if file.unsound.contains(&at) => Err(ChangeDetail::InconsistentCrossReferences { at }),
        Some(_) | None => Ok(()),
    }
}

/// Reads over a table of cross-references and its trailer.
fn table(reader: &mut Reader) -> Option<()> {
    (reader.keyword(b"xref") && reader.end_line()).then_some(())?;
    while !reader.keyword(b"trailer") {
        reader.subsection().then_some(())?;
        let (_, count) = (reader.integer()?, reader.integer()?);
        reader.skip_space();
        for _ in 0..count {
            reader.row().then_some(())?;
            reader.at += ROW;
        }
    }
    let Object::Dictionary(trailer) = reader.object().ok()? else { return None };
    // A second section that only some programs read: ISO 32000-1, 7.5.8.4.
    (!trailer.contains_key(b"XRefStm".as_slice())).then_some(())
}

/// Reads over an object: its number, its generation, and whether it is a stream of cross-references.
fn object(pdf: &[u8], reader: &mut Reader) -> Option<(u32, u16, bool)> {
    let number = u32::try_from(reader.integer()?).ok()?;
    let generation = u16::try_from(reader.integer()?).ok()?;
    reader.keyword(b"obj").then_some(())?;
    let object = reader.object().ok()?;
    let mut section = false;
    if let Object::Dictionary(entries) = &object
        && reader.keyword(b"stream")
    {
        section = entries.get(b"Type".as_slice()) == Some(&Object::Name(b"XRef".to_vec()));
        // Only tables have a second section, but some programs read it here, too.
        (!section || !entries.contains_key(b"XRefStm".as_slice())).then_some(())?;
        reader.stream_begins();
        let Some(Object::Integer(length)) = entries.get(b"Length".as_slice()) else { return None };
        reader.at = reader.at.checked_add(usize::try_from(*length).ok()?).filter(|&at| at <= pdf.len())?;
        reader.stream_ends().then_some(())?;
    }
    reader.keyword(b"endobj").then_some((number, generation, section))
}

/// The next byte that is no white space. Comments are not skipped: their text is not space.
fn blank(pdf: &[u8], from: usize) -> usize {
    let rest = pdf.get(from..).unwrap_or_default();
    let space = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ');
    from + rest.iter().position(|byte| !space(byte)).unwrap_or(rest.len())
}

fn foreign(at: usize) -> ChangeDetail {
    ChangeDetail::ForeignData { at }
}
