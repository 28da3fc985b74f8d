//! A Word file that a person edited. The fuzzer gives the text of its body: what it would do to the ZIP around it, the
//! library that reads ZIP files meets in its own tests.
#![no_main]

use gongwen::{Layouts, Limits, extract, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = stored("word/document.xml", bytes);
    let layouts = Layouts::embedded();
    for bytes in [bytes, &file] {
        let _ = extract(bytes, &Limits::default());
        let _ = import(bytes, &layouts, Some("general-document"), &Limits::default());
    }
});

/// A ZIP with one file, not compressed.
fn stored(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut table = [0_u32; 256];
    for (at, entry) in (0..).zip(&mut table) {
        *entry = (0..8)
            .fold(at, |value: u32, _| if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 });
    }
    let sum =
        !bytes.iter().fold(!0_u32, |sum, byte| table[((sum ^ u32::from(*byte)) & 0xff) as usize] ^ sum >> 8);
    let (length, size) = (name.len() as u16, bytes.len() as u32);
    let common = |out: &mut Vec<u8>| {
        out.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        [sum, size, size].iter().for_each(|number| out.extend(number.to_le_bytes()));
        out.extend(length.to_le_bytes());
        out.extend([0, 0]);
    };
    let mut out = b"PK\x03\x04".to_vec();
    common(&mut out);
    out.extend(name.as_bytes());
    out.extend(bytes);
    let at = out.len() as u32;
    out.extend(b"PK\x01\x02\x14\x00");
    common(&mut out);
    out.extend([0; 10]);
    out.extend(0_u32.to_le_bytes());
    out.extend(name.as_bytes());
    let end = out.len() as u32 - at;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(end.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}
