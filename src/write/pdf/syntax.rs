//! How names, strings and numbers are written: ISO 32000-1, 7.3.

use std::io::Write;

/// A name, with its slash.
pub(crate) fn push_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    // Nearly all names are made of letters.
    if name.iter().all(u8::is_ascii_alphanumeric) {
        out.extend_from_slice(name);
        return;
    }
    for &byte in name {
        match byte {
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' | b'#' | 0..=b' ' | 127.. => {
                let _ = write!(out, "#{byte:02X}");
            }
            _ => out.push(byte),
        }
    }
}

/// A string in parentheses.
pub(crate) fn push_literal(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'(');
    if !text.iter().any(|byte| matches!(byte, b'(' | b')' | b'\\' | b'\r')) {
        out.extend_from_slice(text);
        out.push(b')');
        return;
    }
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// A string in hexadecimal.
pub(crate) fn push_hexadecimal(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'<');
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    out.push(b'>');
}

/// A whole number.
pub(crate) fn push_integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// A number.
pub(crate) fn push_real(value: f32, out: &mut Vec<u8>) {
    let _ = write!(out, "{value}");
}
