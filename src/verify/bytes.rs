//! What was appended, byte by byte: objects, cross-references and nothing else.
//!
//! Programs repair files in ways of their own; whatever lies between the objects could become one. So every object
//! must be where the cross-references say, once, and all other bytes must be space.

use std::collections::BTreeSet;

use crate::diagnostic::Message;
use crate::extract::pdf::file::{File, Place};
use crate::extract::pdf::syntax::{Budget, Object, Reader};
use crate::message;

/// The most revisions after a signature that are looked at.
const MAX_REVISIONS: usize = 32;

/// The ends of the revisions that were appended from this byte on.
///
/// # Errors
/// What else lies there.
pub(super) fn revisions(pdf: &[u8], from: usize) -> Result<Vec<usize>, Message> {
    let mut budget = Budget::new();
    let mut ends = Vec::new();
    let mut at = from;
    while at < pdf.len() {
        if ends.len() >= MAX_REVISIONS {
            return Err(message!(
                "签名之后的版本超过 {MAX_REVISIONS} 个",
                "more than {MAX_REVISIONS} revisions follow the signature"
            ));
        }
        at = revision(pdf, at, &mut budget)?;
        ends.push(at);
    }
    Ok(ends)
}

/// Walks over one revision, to after its end-of-file mark.
fn revision(pdf: &[u8], from: usize, budget: &mut Budget) -> Result<usize, Message> {
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
    let told = reader.integer().and_then(|told| usize::try_from(told).ok());
    let end = blank(pdf, reader.at);
    // One section a revision: of two, a program that repairs files might take the other.
    if told.is_none_or(|told| sections != [told]) || !pdf[end..].starts_with(b"%%EOF") {
        return Err(foreign(at));
    }
    if budget.odd {
        return Err(message!(
            "后加的部分有各种程序读法不一的写法（如同一个键写了两次）",
            "what was appended is written in a way that programs read differently, such as a key that stands twice"
        ));
    }
    let end = blank(pdf, end + b"%%EOF".len());
    placed(pdf, end, &objects)?;
    Ok(end)
}

/// Whether the cross-references place every object where it lies, and none twice.
fn placed(pdf: &[u8], end: usize, objects: &[(u32, usize, u16)]) -> Result<(), Message> {
    let file = File::open(&pdf[..end]).map_err(|error| error.message())?;
    let mut seen = BTreeSet::new();
    for &(number, offset, generation) in objects {
        let told = file.place(number) == (Place::Offset { offset, generation });
        // A stream of cross-references need not name itself.
        if !seen.insert(number) || !(told || file.sections.contains(&offset)) {
            return Err(foreign(offset));
        }
    }
    if file.sections.first().is_some_and(|newest| file.doubled.contains(newest)) {
        return Err(message!(
            "后加的交叉引用给同一个对象写了两个位置",
            "the cross-references that were appended place an object twice"
        ));
    }
    Ok(())
}

/// Reads over a table of cross-references and its trailer.
fn table(reader: &mut Reader) -> Option<()> {
    reader.keyword(b"xref").then_some(())?;
    while !reader.keyword(b"trailer") {
        let (_, count) = (reader.integer()?, reader.integer()?);
        for _ in 0..count {
            reader.integer()?;
            reader.integer()?;
            reader.skip_space();
            reader.word();
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
        reader.at += usize::from(reader.peek(0) == Some(b'\r'));
        reader.at += usize::from(reader.peek(0) == Some(b'\n'));
        let Some(Object::Integer(length)) = entries.get(b"Length".as_slice()) else { return None };
        reader.at = reader.at.checked_add(usize::try_from(*length).ok()?).filter(|&at| at <= pdf.len())?;
        reader.keyword(b"endstream").then_some(())?;
    }
    reader.keyword(b"endobj").then_some((number, generation, section))
}

/// The next byte that is no white space. Comments are not skipped: what is said in them is not space.
fn blank(pdf: &[u8], from: usize) -> usize {
    let rest = pdf.get(from..).unwrap_or_default();
    let space = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ');
    from + rest.iter().position(|byte| !space(byte)).unwrap_or(rest.len())
}

fn foreign(at: usize) -> Message {
    message!(
        "签名之后第 {at} 字节处有不属于任何更新的数据",
        "at byte {at}, after the signature, lie data that belong to no update"
    )
}
