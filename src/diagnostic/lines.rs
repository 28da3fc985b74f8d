//! Lines and columns of a text, found without reading it from its start for each.
//!
//! A text may be one line of thirty megabytes, or thirty million lines: both are walked from the nearest of marks at
//! equal distances, never from the beginning of the text or of the line.

use super::Position;

/// The bytes between two marks.
const STEP: usize = 4096;

/// The positions at equal distances of a text.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// The line and column of byte `STEP * at`, or of the character that this byte is in.
    marks: Vec<Position>,
}

impl Lines {
    /// Those of this text.
    pub fn of(text: &str) -> Lines {
        let mut at = Position { line: 1, column: 1 };
        let chunks = text.as_bytes().chunks(STEP);
        let mark = |chunk: &[u8]| {
            let before = at;
            at = walked(at, chunk);
            before
        };
        Lines { marks: chunks.map(mark).collect() }
    }

    /// The position of byte `offset` of the same text; the end for an offset beyond it.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        match self.marks.get(offset / STEP).or(self.marks.last()) {
            Some(mark) => {
                let from = (offset / STEP).min(self.marks.len() - 1) * STEP;
                walked(*mark, &text.as_bytes()[from..offset])
            }
            None => Position { line: 1, column: 1 },
        }
    }

    /// The byte at a position of the same text; the end of its line for a column beyond it.
    pub fn offset(&self, text: &str, position: Position) -> Option<usize> {
        let mark = self.marks.partition_point(|mark| *mark <= position).checked_sub(1)?;
        let mut at = self.marks[mark];
        let from = text.ceil_char_boundary(mark * STEP);
        for (offset, character) in text[from..].char_indices() {
            if at == position || at.line == position.line && character == '\n' {
                return Some(from + offset);
            }
            at = walked(at, character.encode_utf8(&mut [0; 4]).as_bytes());
            if at.line > position.line {
                return None;
            }
        }
        (at.line == position.line).then_some(text.len())
    }
}

/// The position after these bytes. A character counts where it begins.
fn walked(from: Position, bytes: &[u8]) -> Position {
    let begins = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    match memchr::memrchr(b'\n', bytes) {
        None => Position { line: from.line, column: from.column + begins(bytes) },
        Some(last) => {
            let line = from.line + memchr::memchr_iter(b'\n', bytes).count();
            Position { line, column: 1 + begins(&bytes[last + 1..]) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_counted_from_the_start_and_lead_back() {
        let texts = ["", "甲\n乙丙", "\n\n", &"甲乙a\n".repeat(3000), &"甲".repeat(9000), &"\n".repeat(9000)];
        for text in texts {
            let lines = Lines::of(text);
            for offset in (0..=text.len() + 1).step_by(7).chain([text.len()]) {
                let position = lines.position(text, offset);
                assert_eq!(position, Position::of(text, offset), "{offset} of {}", text.len());
                if !text.is_empty() {
                    assert_eq!(lines.offset(text, position), Some(text.floor_char_boundary(offset)));
                }
            }
        }
        assert_eq!(Lines::of("a\nb").offset("a\nb", Position { line: 9, column: 1 }), None);
    }
}
