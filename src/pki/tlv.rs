//! DER, read and written: ITU-T X.690.
//!
//! A signature is over bytes, so what is read keeps its own: [`Tlv::raw`] is what was signed, never what another
//! writer would have made of it. Only DER is read: lengths that are indefinite or longer than need be are errors.

use der::oid::ObjectIdentifier;

/// The object identifier of these numbers.
pub(crate) const fn id(numbers: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(numbers)
}

/// The most values that one is made of. Two bytes make a value, and a few kibibytes, compressed, make millions of
/// them; only the entries of a list of revoked certificates may be more, and are walked over by [`Tlv::values`].
const MAX_CHILDREN: usize = 10_000;

/// `BOOLEAN`.
pub(crate) const BOOLEAN: u8 = 0x01;
/// `INTEGER`.
pub(crate) const INTEGER: u8 = 0x02;
/// `BIT STRING`.
pub(crate) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// `NULL`.
pub(crate) const NULL: u8 = 0x05;
/// `OBJECT IDENTIFIER`.
pub(crate) const OID: u8 = 0x06;
/// `GeneralizedTime`.
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
/// `SEQUENCE`.
pub(crate) const SEQUENCE: u8 = 0x30;
/// `SET`.
pub(crate) const SET: u8 = 0x31;

/// The tag `[number]` of something constructed.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// A value in DER: its tag, its content, and all its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The value that these bytes are, all of them.
    pub fn parse(bytes: &'a [u8]) -> Option<Tlv<'a>> {
        let (value, rest) = Tlv::first(bytes)?;
        rest.is_empty().then_some(value)
    }

    /// The value that these bytes begin with, and what follows it.
    pub fn first(bytes: &'a [u8]) -> Option<(Tlv<'a>, &'a [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        // Tags of several bytes occur nowhere in what is read here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, mut rest) = rest.split_first()?;
        let length = match first {
            0..=0x7f => usize::from(first),
            0x81..=0x84 => {
                let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
                rest = after;
                let length = digits.iter().fold(0usize, |length, &byte| length << 8 | usize::from(byte));
                if digits[0] == 0 || length < 0x80 {
                    return None;
                }
                length
            }
            _ => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        Some((Tlv { tag, content, raw: &bytes[..bytes.len() - after.len()] }, after))
    }

    /// The values that this one is made of, one after the other; none where they are no values any more.
    pub fn values(&self) -> impl Iterator<Item = Option<Tlv<'a>>> + use<'a> {
        let mut rest = self.content;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let first = Tlv::first(rest);
            rest = first.map_or(&[], |(_, after)| after);
            Some(first.map(|(value, _)| value))
        })
    }

    /// The same as a list; none if they are no values, or too many.
    pub fn children(&self) -> Option<Vec<Tlv<'a>>> {
        let children: Vec<_> = self.values().take(MAX_CHILDREN + 1).collect::<Option<_>>()?;
        (children.len() <= MAX_CHILDREN).then_some(children)
    }

    /// The same, if the value has this tag.
    pub fn children_of(&self, tag: u8) -> Option<Vec<Tlv<'a>>> {
        self.is(tag)?.children()
    }

    /// Itself, if it has this tag.
    pub fn is(self, tag: u8) -> Option<Tlv<'a>> {
        (self.tag == tag).then_some(self)
    }

    /// As an object identifier.
    pub fn oid(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.is(OID)?.content).ok()
    }

    /// As a small whole number that is not negative.
    pub fn small(&self) -> Option<u64> {
        match self.is(INTEGER)?.content {
            [] => None,
            [first, ..] if first & 0x80 != 0 => None,
            digits if digits.len() > 8 => None,
            digits => Some(digits.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))),
        }
    }
}

/// A value of this tag and content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits = length.to_be_bytes();
        let skip = digits.iter().take_while(|&&digit| digit == 0).count();
        out.push(0x80 | (digits.len() - skip) as u8);
        out.extend_from_slice(&digits[skip..]);
    }
    out.extend_from_slice(content);
    out
}

/// A value made of these.
pub(crate) fn all(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// A `SEQUENCE` of these.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    all(SEQUENCE, parts)
}

/// A `SET OF` these, in the order that DER asks for: X.690, 11.6.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    all(SET, &parts)
}

/// An object identifier.
pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    tlv(OID, oid.as_bytes())
}

/// A whole number that is not negative.
pub(crate) fn integer(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// A whole number that is not negative, of any size.
pub(crate) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let skip = digits.iter().take_while(|&&digit| digit == 0).count();
    let mut content = digits[skip..].to_vec();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(INTEGER, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let bytes = tlv(OCTET_STRING, &vec![7; length]);
            let value = Tlv::parse(&bytes).expect("is DER");
            assert_eq!((value.tag, value.content.len(), value.raw), (OCTET_STRING, length, &bytes[..]));
        }
        let numbers = sequence(&[integer(0), integer(127), integer(128), integer(65_537)]);
        let numbers = Tlv::parse(&numbers).and_then(|value| value.children()).expect("is DER");
        assert_eq!(numbers.iter().filter_map(Tlv::small).collect::<Vec<_>>(), [0, 127, 128, 65_537]);
    }

    #[test]
    fn values_are_not_gathered_by_the_million() {
        let many = vec![0; 1 << 20];
        let many = Tlv { tag: SEQUENCE, content: &many, raw: &many };
        assert_eq!(many.children(), None);
        assert_eq!(many.values().count(), 1 << 19);
        let broken = Tlv { content: &[5, 0, 5], ..many };
        assert_eq!(broken.values().last(), Some(None));
    }

    #[test]
    fn what_is_not_der_is_refused() {
        let cases: [&[u8]; 7] =
            [b"", b"\x30", b"\x30\x80\0\0", b"\x30\x81\x01\0", b"\x30\x02\0", b"\x3f\x01\0", b"\x05\0\0"];
        for bytes in cases {
            assert_eq!(Tlv::parse(bytes), None, "{bytes:?}");
        }
    }
}
