//! Limits of a page, looked at before it is parsed.

use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, limit};

/// Refuses pages of more elements or of deeper nesting than a page has: reading them takes time by the product of both.
pub(super) fn bounded(text: &str, limits: &Limits) -> Result<(), ReadError> {
    const OPEN: i64 = 4000;
    let (mut tags, mut open, mut most) = (0_usize, 0_i64, 0_i64);
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        tags += 1;
        match bytes.get(at + 1) {
            Some(b'/') => open -= 1,
            Some(byte) if byte.is_ascii_alphabetic() => {
                let name: String = bytes[at + 1..]
                    .iter()
                    .take(8)
                    .take_while(|b| b.is_ascii_alphanumeric())
                    .map(|b| char::from(b.to_ascii_lowercase()))
                    .collect();
                // Elements that end by themselves.
                if !matches!(
                    name.as_str(),
                    "br" | "img"
                        | "hr"
                        | "input"
                        | "meta"
                        | "link"
                        | "p"
                        | "li"
                        | "td"
                        | "tr"
                        | "th"
                        | "option"
                        | "col"
                        | "dd"
                        | "dt"
                ) {
                    open += 1;
                }
            }
            _ => {}
        }
        most = most.max(open);
    }
    let allowed = limits.xml_nodes / 4;
    if tags > allowed {
        return Err(limit(message!("网页有超过 {allowed} 个标记", "the page has more than {allowed} tags")));
    }
    if most > OPEN {
        return Err(limit(message!("网页嵌套太深", "the page is nested too deep")));
    }
    Ok(())
}

/// Refuses tags of more attributes than a tag has: the parser compares each one with all before it.
///
/// Whether a `<` begins a tag depends on what the parser made of all before it (a comment, a script), which is not known here:
/// every one is read as if it did. Tags that hold each other in quotes are read again and again, and bounded by that.
pub(super) fn within_attributes(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    const OF_ONE_TAG: usize = 256;
    const READINGS: usize = 16;
    let of_all = limits.xml_nodes;
    let (mut all, mut read) = (0_usize, 0_usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..];
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (count, length) = attributes(rest, OF_ONE_TAG);
        all = all.saturating_add(count);
        read = read.saturating_add(length);
        if count > OF_ONE_TAG {
            return Err(limit(message!(
                "网页有一个标记带超过 {OF_ONE_TAG} 个属性",
                "a tag of the page has more than {OF_ONE_TAG} attributes"
            )));
        }
        if all > of_all {
            return Err(limit(message!(
                "网页有超过 {of_all} 个属性",
                "the page has more than {of_all} attributes"
            )));
        }
        if read / READINGS > bytes.len() {
            return Err(limit(message!("网页的引号里标记太多", "the page has too many tags within quotes")));
        }
    }
    Ok(())
}

/// How many attributes the tag has whose name begins here, and how many bytes were read for that: not more than to the one
/// that is too much. The states are those of the HTML standard, 13.2.5.8 to 13.2.5.40.
pub(super) fn attributes(tag: &[u8], most: usize) -> (usize, usize) {
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C);
    let until = |from: usize, ends: &dyn Fn(u8) -> bool| {
        tag[from..].iter().position(|byte| ends(*byte)).map_or(tag.len(), |length| from + length)
    };
    let mut count = 0;
    let mut at = until(0, &|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
    loop {
        at = until(at, &|byte| !is_space(byte) && byte != b'/');
        if count > most || tag.get(at).is_none_or(|byte| *byte == b'>') {
            return (count, at);
        }
        count += 1;
        // A name may begin with a sign of equality.
        at = until(at + 1, &|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let equals = until(at, &|byte| !is_space(byte));
        if tag.get(equals) != Some(&b'=') {
            continue;
        }
        let value = until(equals + 1, &|byte| !is_space(byte));
        at = match tag.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                memchr::memchr(*quote, &tag[value + 1..]).map_or(tag.len(), |length| value + length + 2)
            }
            _ => until(value, &|byte| is_space(byte) || byte == b'>'),
        };
    }
}
