//! How much text an operator shows at once, and how long a path is. The glyphs are all made, in a hundred bytes each, before
//! a device sees the first, and the elements of a path are all held.

use super::work::TooMuch;

/// Refuses contents (ISO 32000-1, 7.8.2) with an operator whose strings are too long together, or with a path of too many
/// elements. Strings were of at most 32,767 bytes until PDF 1.7.
pub(super) fn within(contents: &[u8]) -> Result<(), TooMuch> {
    Open::default().add(contents)
}

/// What is not ended at the end of a stream: the contents of a page may go on in another one.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// The bytes of the strings of an operator.
    shown: usize,
    /// The elements of a path.
    elements: usize,
}

impl Open {
    /// Goes on with these contents.
    pub fn add(&mut self, contents: &[u8]) -> Result<(), TooMuch> {
        const MOST: usize = 1 << 18;
        /// A map of a province has some hundred thousand; an element is held three times, in 56 bytes.
        const MOST_ELEMENTS: usize = 1 << 20;
        let Open { shown, elements } = self;
        let mut at = 0;
        while let Some(&byte) = contents.get(at) {
            let rest = &contents[at..];
            let length = match byte {
                b'(' => {
                    let length = literal(rest);
                    *shown += length;
                    length
                }
                b'<' if rest.get(1) != Some(&b'<') => {
                    let length = until(rest, b">");
                    *shown += length / 2;
                    length
                }
                b'<' => 2,
                b'%' => until(rest, b"\r\n"),
                b'/' => 1 + word(&rest[1..]),
                _ if byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"') => {
                    *shown = 0;
                    let length = word(rest);
                    // ISO 32000-1, 8.5.2 and 8.5.3: what goes on with a path, and what paints and ends it.
                    match &rest[..length] {
                        b"m" | b"l" | b"c" | b"v" | b"y" | b"h" => *elements += 1,
                        b"re" => *elements += 5,
                        b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n" => {
                            *elements = 0
                        }
                        _ => {}
                    }
                    match length {
                        2 if rest.starts_with(b"ID") => picture(rest),
                        length => length,
                    }
                }
                _ => 1,
            };
            if *shown > MOST || *elements > MOST_ELEMENTS {
                return Err(TooMuch::Drawing);
            }
            at += length;
        }
        Ok(())
    }
}

/// The length of a string in parentheses: 7.3.4.2.
fn literal(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// The length up to one of these bytes, and it.
fn until(bytes: &[u8], ends: &[u8]) -> usize {
    bytes.iter().position(|byte| ends.contains(byte)).map_or(bytes.len(), |at| at + 1)
}

/// The length of a word: up to white space or a delimiter, 7.2.2.
fn word(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// The length of the data of a picture within the contents: 8.9.7.
fn picture(bytes: &[u8]) -> usize {
    let ends = |at: &usize| {
        bytes[at - 1].is_ascii_whitespace() && bytes.get(at + 2).is_none_or(|byte| byte.is_ascii_whitespace())
    };
    memchr::memmem::find_iter(bytes, b"EI").find(|at| *at > 2 && ends(at)).map_or(bytes.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_an_operator_is_bounded() {
        let of = |text: &str, count: usize, after: &str| within((text.repeat(count) + after).as_bytes());
        assert_eq!(of("(abc) Tj 1 0 Td ", 200_000, ""), Ok(()));
        assert_eq!(of("(abc(d)\\)) ", 100_000, "Tj"), Err(TooMuch::Drawing));
        assert_eq!(of("[<4142> 10 ", 200_000, "] TJ"), Err(TooMuch::Drawing));
        assert_eq!(of("<</A (b)>> ", 90_000, ""), Err(TooMuch::Drawing));
        assert_eq!(of("/Name(b) ", 10, ""), Ok(()));
        assert_eq!(of("% (\n (a) Tj ", 200_000, ""), Ok(()));
        assert_eq!(within(("(".to_owned() + &"a".repeat(300_000)).as_bytes()), Err(TooMuch::Drawing));
        assert_eq!(of("1 2 l ", 1_100_000, "S"), Err(TooMuch::Drawing));
        assert_eq!(of("1 2 3 4 re ", 220_000, "f*"), Err(TooMuch::Drawing));
        assert_eq!(of("1 2 m 3 4 l S ", 1_100_000, ""), Ok(()));
        let mut page = Open::default();
        let part = "1 2 l ".repeat(600_000);
        assert_eq!(page.add(part.as_bytes()), Ok(()));
        assert_eq!(page.add(part.as_bytes()), Err(TooMuch::Drawing));
        // The bytes of a picture are no strings.
        let picture = format!("BI /W 9 ID {} EI Q (a) Tj", "(".repeat(400_000));
        assert_eq!(within(picture.as_bytes()), Ok(()));
    }
}
