//! Short ways to write PDF objects.

use lopdf::{Dictionary, Object, StringFormat};

/// A name.
pub(super) fn name(name: &str) -> Object {
    Object::Name(name.into())
}

/// A text string: ASCII as it is, everything else in UTF-16 (ISO 32000-1, 7.9.2.2).
pub(super) fn text(text: &str) -> Object {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Object::String(text.into(), StringFormat::Literal);
    }
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

/// A dictionary.
pub(super) fn dictionary<const N: usize>(entries: [(&str, Object); N]) -> Dictionary {
    Dictionary::from_iter(entries)
}
