//! Texts of several pieces: one string, with the formats and links of its spans, and its footnotes, by position.

use std::ops::Range;

use super::Composer;
use crate::diagnostic::{child, rule};
use crate::document::{Format, Mark, NodeId, Note, mark};
use crate::message;
use crate::report::{Inline, Inlines, Span, SpanFace};
use crate::style::{Role, Shift};

/// A text without white space around it, and what its spans have. Positions are counted without white space.
#[derive(Clone, Debug, Default)]
pub(super) struct Rich {
    pub text: String,
    spans: Vec<(Range<usize>, Format, Option<String>)>,
    notes: Vec<RichNote>,
}

/// A footnote of a text.
#[derive(Clone, Debug)]
struct RichNote {
    /// How many characters are before its mark.
    at: usize,
    text: String,
    pointer: String,
}

impl From<String> for Rich {
    fn from(text: String) -> Rich {
        Rich { text, ..Rich::default() }
    }
}

impl Rich {
    /// The same text behind a label, whose characters count before its own.
    pub fn behind(mut self, label: &str) -> Rich {
        let count = solid(label);
        self.spans.iter_mut().for_each(|(range, ..)| *range = range.start + count..range.end + count);
        self.notes.iter_mut().for_each(|note| note.at += count);
        self
    }

    /// The text up to the byte `end`, and the text from there on.
    pub fn split(mut self, end: usize) -> (Rich, Rich) {
        let rest = self.text.split_off(end);
        let count = solid(&self.text);
        let mut after = Rich::from(rest);
        for (range, format, link) in &self.spans {
            let range = range.start.saturating_sub(count)..range.end.saturating_sub(count);
            after.spans.push((range, *format, link.clone()));
        }
        for (range, ..) in &mut self.spans {
            *range = range.start.min(count)..range.end.min(count);
        }
        // A mark belongs to the character before it.
        let first = self.notes.partition_point(|note| note.at <= count);
        after.notes = self.notes.split_off(first);
        after.notes.iter_mut().for_each(|note| note.at -= count);
        (self, after)
    }
}

/// The characters of a text that are not white space.
fn solid(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

impl Composer<'_> {
    /// A text as it is printed, as [`clean`](Composer::clean) makes it of a string.
    pub(super) fn rich(&mut self, inlines: &Inlines, pointer: &str) -> Rich {
        if let [Inline::Plain(text)] = &inlines.0[..] {
            return self.clean(text, pointer).into();
        }
        let (mut text, mut spans, mut notes, mut count) = (String::new(), Vec::new(), Vec::new(), 0);
        for (at, piece) in inlines.0.iter().enumerate() {
            let place = child(pointer, at);
            let place = match piece {
                Inline::Plain(_) => place,
                Inline::Span(_) => child(&place, "text"),
                Inline::Note(note) => {
                    let pointer = child(&place, "note");
                    let text = self.clean(&note.note, &pointer);
                    if count == 0 {
                        self.no_place_for_note(
                            &pointer,
                            message!("脚注前面没有文字", "there is no text before the footnote"),
                        );
                    }
                    notes.push(RichNote { at: count, text, pointer });
                    continue;
                }
            };
            // Cells have lines.
            for line in piece.text().split('\n') {
                self.clean(line, &place);
            }
            let range = count..count + solid(piece.text());
            count = range.end;
            text.push_str(piece.text());
            if let Inline::Span(span) = piece {
                spans.push((range, format(span), span.link.clone()));
            }
        }
        Rich { text: text.trim().to_owned(), spans, notes }
    }

    /// Reports a footnote that cannot stand where it does.
    pub(super) fn no_place_for_note(&mut self, pointer: &str, message: crate::diagnostic::Message) {
        let hint = message!(
            "脚注写在它所说明的文字后面：[\"文字\", {{ \"note\": \"注文\" }}]",
            "write the footnote behind the words that it explains: [\"words\", {{ \"note\": \"text\" }}]"
        );
        self.error(rule::REPORT_NOTE, pointer, message, Some(hint.into()));
    }

    /// Gives a node the formats, links and footnotes of its text.
    pub(super) fn format(&mut self, node: NodeId, rich: &Rich) {
        for RichNote { at, text, pointer } in &rich.notes {
            let (own, id) = (self.node(pointer), self.node(pointer));
            let note = self.notes.add(Note { mark: own, id, text: text.clone() });
            self.formats.add_mark(node, Mark { at: *at, note, text: mark(note) });
        }
        if rich.spans.is_empty() {
            return;
        }
        let formats = rich.spans.iter().map(|(range, format, _)| (range.clone(), *format));
        self.formats.add(node, formats.filter(|(_, format)| *format != Format::default()));
        for (range, _, link) in rich.spans.iter().filter(|(range, ..)| !range.is_empty()) {
            if let Some(link) = link {
                self.links.entry(node).or_default().push((range.clone(), link.clone()));
            }
        }
    }
}

fn format(span: &Span) -> Format {
    Format {
        role: span.face.map(|face| match face {
            SpanFace::Heading => Role::Heading1,
            SpanFace::Kai => Role::Heading2,
            SpanFace::Body => Role::Body,
        }),
        strong: span.strong == Some(true),
        shift: match (span.raised, span.lowered) {
            (Some(true), _) => Shift::Raised,
            (_, Some(true)) => Shift::Lowered,
            _ => Shift::None,
        },
        note: None,
    }
}
