//! The source line of a finding, cut to the width of a terminal, with its place underlined.
//!
//! A paragraph of a report is one line of JSON, often thousands of characters long: it is cut around the
//! place before annotate-snippets draws it, which knows the width of Han characters, but not where to cut
//! such a line.

use crate::Diagnostic;
use crate::diagnostic::{Lines, Position, Severity};
use crate::options::Limits;
use crate::source::Source;

use super::show::is_obeyed;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::UnicodeWidthChar;

/// How many columns of a line are shown.
const WIDTH: usize = 96;
/// How many of them are before the place.
const BEFORE: usize = 28;
/// How many bytes around a place are looked at: more than the columns that are shown.
const FAR: usize = 4096;

/// The text of a report, and its values where it could be parsed.
pub struct Text {
    text: String,
    lines: Lines,
    source: Option<Source>,
    /// The line of its file that it begins on, from 1.
    first_line: usize,
}

impl Text {
    /// The text of these bytes, which begin on this line of their file.
    pub fn of(bytes: &[u8], first_line: usize, limits: &Limits) -> Text {
        let (text, source) = match Source::parse_within(bytes, limits) {
            Ok(source) => (source.text().to_owned(), Some(source)),
            Err(_) => {
                let text = String::from_utf8_lossy(bytes);
                (text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(), None)
            }
        };
        Text { lines: Lines::of(&text), text, source, first_line }
    }

    /// The line of a finding with its place underlined; nothing for a finding about the whole.
    pub fn snippet(&self, finding: &Diagnostic, colours: bool) -> Option<String> {
        let position = self.position(finding)?;
        // The value stands in another file, or nowhere in the report.
        if finding.place.is_some() || self.source.is_some() && self.is_whole(finding) {
            return None;
        }
        let start = self.lines.offset(&self.text, position)?;
        // A line may be the whole report: what is far from the place is not looked at.
        let line_start = self.text.floor_char_boundary(start.saturating_sub(FAR));
        let line_start =
            self.text[line_start..start].rfind('\n').map_or(line_start, |end| line_start + end + 1);
        let rest = &self.text[start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        // The words that are meant, rather than their whole paragraph.
        let words = finding.quoted.as_deref().filter(|words| !words.is_empty());
        let (at, length) = match words.and_then(|words| Some((line.find(words)?, words.len()))) {
            Some((at, length)) => (at, length),
            None => (0, self.length(finding)),
        };
        let line_end = start + self.text[start..].floor_char_boundary((at + FAR).min(line.len()));
        let line_start = match at > FAR {
            true => self.text.floor_char_boundary(start + at - FAR),
            false => line_start,
        };
        let is_cut = line_end < start + line.len();
        let line = &self.text[line_start..line_end];
        let start = start + at - line_start;
        let end = (start + length.max(1)).min(line.len());
        let end = line.ceil_char_boundary(end.max(start));
        let (mut line, start, end) = cut(line, start, end);
        if is_cut && !line.ends_with('…') {
            line.push('…');
        }
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let snippet = Snippet::source(line)
            .line_start(position.line + self.first_line - 1)
            .annotation(AnnotationKind::Primary.span(start..end.max(start)));
        let renderer = if colours { Renderer::styled() } else { Renderer::plain() };
        let drawn = renderer.term_width(WIDTH * 3).render(&[Group::with_level(level).element(snippet)]);
        Some(drawn.trim_end().to_owned())
    }

    /// Where a finding is in the text, rather than in its file.
    fn position(&self, finding: &Diagnostic) -> Option<Position> {
        let Position { line, column } = finding.position?;
        Some(Position { line: (line + 1).saturating_sub(self.first_line), column })
    }

    /// Whether a finding is about the whole report, or about what is not in any part of it.
    fn is_whole(&self, finding: &Diagnostic) -> bool {
        let root = self.source.as_ref().map(|source| source.locate(""));
        finding.pointer.is_empty() || self.position(finding) == root
    }

    /// How many bytes of the line the finding is about: those of the value that begins at its position, if it
    /// is on one line.
    fn length(&self, finding: &Diagnostic) -> usize {
        let value = self.source.as_ref().and_then(|source| {
            let begins_there = self.position(finding) == Some(source.locate(&finding.pointer));
            source.span(&finding.pointer).filter(|_| begins_there)
        });
        let text = value.and_then(|span| self.text.get(span)).unwrap_or_default();
        if text.contains('\n') { 1 } else { text.len() }
    }
}

/// The part of a line around `start..end`, with … where it was cut, its control characters shown as `�`; and where the
/// place is in it.
fn cut(line: &str, start: usize, end: usize) -> (String, usize, usize) {
    let width = |character: char| character.width().unwrap_or(1);
    let mut first = start;
    let mut room = BEFORE;
    for (at, character) in line[..start].char_indices().rev() {
        let Some(rest) = room.checked_sub(width(character)) else { break };
        (first, room) = (at, rest);
    }
    let mut room = WIDTH - (BEFORE - room);
    let mut last = first;
    for (at, character) in line[start..].char_indices() {
        let Some(rest) = room.checked_sub(width(character)) else { break };
        (last, room) = (start + at + character.len_utf8(), rest);
    }
    let last = last.max(start);
    let mut text = String::new();
    let (mut from, mut to) = (0, 0);
    if first > 0 {
        text.push('…');
    }
    for (at, character) in line[first..last].char_indices() {
        if first + at == start {
            from = text.len();
        }
        text.push(if is_obeyed(character) { '\u{fffd}' } else { character });
        if first + at < end {
            to = text.len();
        }
    }
    if start == last {
        (from, to) = (text.len(), text.len());
    }
    if last < line.len() {
        text.push('…');
    }
    (text, from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, place: &str, wanted: &str) {
        let start = line.find(place).expect("the place");
        let (text, from, to) = cut(line, start, start + place.len());
        assert_eq!(&text[from..to], wanted, "{text}");
        assert!(text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>() <= WIDTH + 2, "{text}");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        check("      \"a\": 12,", "12", "12");
        let long = format!("\"{}办结281件{}\"", "公".repeat(500), "开".repeat(500));
        check(&long, "281", "281");
        check(&long, &long, &long.chars().take(48).collect::<String>());
        check("a\tb", "b", "b");
    }
}
