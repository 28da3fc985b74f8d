//! Content streams: operators and their operands (ISO 32000-1, 7.8.2).
//!
//! printpdf could write these from its operations, but an operation becomes objects of strings first, which cost more
//! than all the other work on a page. Every operand here is a number, a name of ours or a string in hexadecimal.

use std::io::Write;

/// A content stream under construction.
pub(super) struct Content(Vec<u8>);

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

impl Content {
    /// An empty stream with space for so many bytes.
    pub fn with_capacity(bytes: usize) -> Content {
        Content(Vec::with_capacity(bytes))
    }

    /// The finished stream.
    pub fn into_bytes(mut self) -> Vec<u8> {
        // Each operator ends its line; the last needs no end.
        self.0.pop();
        self.0
    }

    /// An operator without operands.
    pub fn operator(&mut self, operator: &str) {
        self.0.extend_from_slice(operator.as_bytes());
        self.0.push(b'\n');
    }

    /// An operator with numbers before it.
    pub fn numbers<const N: usize>(&mut self, numbers: [f32; N], operator: &str) {
        for number in numbers {
            push_number(&mut self.0, number);
            self.0.push(b' ');
        }
        self.operator(operator);
    }

    /// Draws lines from here on in dashes of these lengths: ISO 32000-1, 8.4.3.6.
    pub fn dashes(&mut self, lengths: impl Iterator<Item = f32>) {
        self.0.push(b'[');
        for length in lengths {
            push_number(&mut self.0, length);
            self.0.push(b' ');
        }
        self.operator("] 0 d");
    }

    /// An operator with a name of ours before it, which needs no escapes.
    pub fn name(&mut self, name: &str, operator: &str) {
        self.0.push(b'/');
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b' ');
        self.operator(operator);
    }

    /// Chooses a font of the resources, and its size in points.
    pub fn font(&mut self, name: &str, size: f32) {
        self.0.push(b'/');
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b' ');
        self.numbers([size], "Tf");
    }

    /// Begins a marked-content sequence with this MCID: ISO 32000-1, 14.7.4.2.
    pub fn begin_marked(&mut self, number: usize) {
        self.0.extend_from_slice(b"/P <</MCID ");
        self.0.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.operator(">> BDC");
    }

    /// Begins an artifact: ISO 32000-1, 14.8.2.2.
    pub fn begin_artifact(&mut self, kind: &str) {
        self.0.extend_from_slice(b"/Artifact <</Type/");
        self.0.extend_from_slice(kind.as_bytes());
        self.operator(">> BDC");
    }

    /// Begins glyphs with a replacement text (`ActualText`): ISO 32000-1, 14.9.4.
    pub fn begin_span(&mut self, text: &str) {
        self.0.extend_from_slice(b"/Span <</ActualText<");
        std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .for_each(|unit| push_hexadecimal(&mut self.0, unit));
        self.operator(">>> BDC");
    }

    /// Ends a marked-content sequence.
    pub fn end_marked(&mut self) {
        self.operator("EMC");
    }

    /// Begins to show glyphs.
    pub fn show(&mut self) -> Shown<'_> {
        self.0.push(b'[');
        Shown { out: &mut self.0, in_string: false }
    }
}

/// Glyphs being shown: the operand of TJ (ISO 32000-1, 9.4.3).
pub(super) struct Shown<'a> {
    out: &'a mut Vec<u8>,
    in_string: bool,
}

impl Shown<'_> {
    /// A glyph, and how far the pen goes back after it, in thousandths of an em.
    pub fn glyph(&mut self, code: u16, back: f32) {
        if !std::mem::replace(&mut self.in_string, true) {
            self.out.push(b'<');
        }
        push_hexadecimal(self.out, code);
        if back != 0.0 {
            self.out.extend_from_slice(b"> ");
            push_number(self.out, back);
            self.in_string = false;
        }
    }

    /// No more glyphs.
    pub fn end(self) {
        let end: &[u8] = if self.in_string { b">] TJ\n" } else { b"] TJ\n" };
        self.out.extend_from_slice(end);
    }
}

fn push_hexadecimal(out: &mut Vec<u8>, value: u16) {
    out.extend([12, 8, 4, 0].map(|shift| DIGITS[usize::from(value >> shift & 15)]));
}

/// The shortest decimal that reads back as the same number, as `{}` writes it. Nearly all numbers have three decimals
/// at most and are written as whole thousandths, which is many times faster.
fn push_number(out: &mut Vec<u8>, number: f32) {
    /// Below this, two numbers of three decimals are never the same `f32`.
    const EXACT: f32 = 4096.0;
    let thousandths = (f64::from(number) * 1000.0).round();
    let is_exact = number.abs() < EXACT && (thousandths / 1000.0) as f32 == number;
    if !is_exact || (number == 0.0 && number.is_sign_negative()) {
        let _ = write!(out, "{number}");
        return;
    }
    let (negative, thousandths) = (thousandths < 0.0, thousandths.abs() as u32);
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(itoa::Buffer::new().format(thousandths / 1000).as_bytes());
    let decimals = thousandths % 1000;
    if decimals > 0 {
        let digits = [decimals / 100, decimals / 10 % 10, decimals % 10];
        let length = if digits[2] > 0 {
            3
        } else if digits[1] > 0 {
            2
        } else {
            1
        };
        out.push(b'.');
        out.extend(digits[..length].iter().map(|&digit| b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_rust_writes_them() {
        let thousandths = (-4_200_000..4_200_000).step_by(37).map(|n| (f64::from(n) / 1000.0) as f32);
        let others = [0.0, -0.0, 0.1, 1e-7, 12345.678, -500.02, 0.333_333_34, f32::MAX];
        for number in thousandths.chain(others) {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }

    #[test]
    fn glyphs_are_strings_with_gaps_between() {
        let mut content = Content::with_capacity(0);
        let mut shown = content.show();
        [(1, 0.0), (2, -5.25), (0x1ab, 0.0)].into_iter().for_each(|(code, back)| shown.glyph(code, back));
        shown.end();
        content.begin_span("—");
        content.end_marked();
        let text = String::from_utf8(content.into_bytes()).unwrap();
        assert_eq!(text, "[<00010002> -5.25<01AB>] TJ\n/Span <</ActualText<FEFF2014>>> BDC\nEMC");
    }
}
