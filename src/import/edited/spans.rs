//! Spans of a text: those of a paragraph in Word, and those that a document has, as reports write them.

use std::collections::BTreeMap;

use crate::document::{Document, Format, HeadingNumber, NodeId, Run};
use crate::report::{Inline, Inlines, Note, Span, SpanFace};
use crate::style::{Role, Shift};
use crate::xml::Element;

/// What the runs of a paragraph refer to, by ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    /// The roles of character styles.
    pub faces: BTreeMap<String, Role>,
    /// The texts of footnotes.
    pub notes: BTreeMap<String, String>,
}

/// The spans and footnotes of a paragraph in Word; none if all of it is plain.
pub(super) fn of_paragraph(paragraph: &Element, parts: &Parts) -> Option<Inlines> {
    let mut pieces = Vec::new();
    gather(paragraph, parts, &mut pieces);
    // A heading that runs into its paragraph has its face by its number.
    let own = pieces.iter().filter(|(_, format)| format.note.is_none());
    let text: String = own.map(|(text, _)| text.as_str()).collect();
    if HeadingNumber::of(text.trim()).is_some()
        && let Some((_, format)) = pieces.first_mut()
    {
        format.role = None;
    }
    spans(pieces)
}

/// The spans and footnotes of the paragraphs of a cell; none if it has no footnotes.
pub(super) fn of_cell<'a>(
    paragraphs: impl Iterator<Item = &'a Element<'a>>,
    parts: &Parts,
) -> Option<Inlines> {
    let mut pieces = Vec::new();
    for (at, paragraph) in paragraphs.enumerate() {
        if at > 0 {
            pieces.push(("\n".to_owned(), Format::default()));
        }
        gather(paragraph, parts, &mut pieces);
    }
    let has_notes = pieces.iter().any(|(_, format)| format.note.is_some());
    spans(pieces).filter(|_| has_notes)
}

/// The footnotes of a text, each with how many characters are before it, white space not counted.
pub(super) fn notes_of(inlines: Option<&Inlines>) -> Vec<(usize, &str)> {
    let (mut found, mut count) = (Vec::new(), 0);
    for piece in inlines.into_iter().flat_map(|inlines| &inlines.0) {
        match piece {
            Inline::Note(note) => found.push((count, note.note.as_str())),
            Inline::Plain(_) | Inline::Span(_) => {
                count += piece.text().chars().filter(|character| !character.is_whitespace()).count();
            }
        }
    }
    found
}

/// The spans of the text of a node; none if all of it is plain. `label` is printed before it.
pub(super) fn of_text(document: &Document, node: NodeId, label: &str, text: &str) -> Option<Inlines> {
    let mut pieces = vec![(label.to_owned(), Format::default())];
    let mut divide = document.formats.divide(node);
    divide.skip(label);
    divide.each(text, |text, format| pieces.push((own_text(document, text, format), format)));
    spans(pieces)
}

/// The spans of runs, of which those without a name belong to the node `own`; none if all of them are plain.
pub(super) fn of_runs(document: &Document, runs: &[Run], own: NodeId) -> Option<Inlines> {
    let pieces = document.formats.runs(runs, own).into_iter();
    spans(pieces.map(|(_, text, format)| (own_text(document, text, format), format)).collect())
}

/// The text of a piece; in place of a mark, that of its footnote.
fn own_text(document: &Document, text: &str, format: Format) -> String {
    format.note.map_or(text, |note| &document.notes.get(note).text).to_owned()
}

/// The same without a label of so many bytes in front.
pub(super) fn without(inlines: &Inlines, label: usize) -> Inlines {
    let mut inlines = inlines.clone();
    if let Some(Inline::Plain(text)) = inlines.0.first_mut() {
        text.drain(..label.min(text.len()));
        if text.is_empty() {
            inlines.0.remove(0);
        }
    }
    inlines
}

fn gather(element: &Element, parts: &Parts, pieces: &mut Vec<(String, Format)>) {
    for child in element.elements() {
        match &*child.name {
            "w:r" => {
                let property = |name: &str| child.find("w:rPr").and_then(|properties| properties.find(name));
                if property("w:vanish").is_some_and(super::word::is_on) {
                    continue;
                }
                let style = property("w:rStyle").and_then(|style| style.attribute("w:val"));
                let shift = property("w:vertAlign").and_then(|align| align.attribute("w:val"));
                let format = Format {
                    role: style.and_then(|id| parts.faces.get(id).copied()),
                    strong: property("w:b").is_some_and(super::word::is_on),
                    shift: match shift {
                        Some("superscript") => Shift::Raised,
                        Some("subscript") => Shift::Lowered,
                        _ => Shift::None,
                    },
                    note: None,
                };
                pieces.push((super::word::run_text(child), format));
                let marks = child.elements().filter(|own| own.name == "w:footnoteReference");
                for note in marks.filter_map(|own| parts.notes.get(own.attribute("w:id")?)) {
                    // Numbers that differ keep footnotes apart.
                    let format = Format { note: Some(pieces.len()), ..Format::default() };
                    pieces.push((note.clone(), format));
                }
            }
            "w:pPr" | "w:del" | "w:moveFrom" | "mc:AlternateContent" => {}
            _ => gather(child, parts, pieces),
        }
    }
}

/// Pieces as reports write them: neighbours of one format are one, and white space at the ends is gone.
fn spans(pieces: Vec<(String, Format)>) -> Option<Inlines> {
    let mut merged: Vec<(String, Format)> = Vec::new();
    for (text, format) in pieces.into_iter().filter(|(text, _)| !text.is_empty()) {
        match merged.last_mut() {
            Some((last, own)) if *own == format => last.push_str(&text),
            _ => merged.push((text, format)),
        }
    }
    if merged.iter().all(|(_, format)| *format == Format::default()) {
        return None;
    }
    if let Some((first, _)) = merged.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some((last, _)) = merged.last_mut() {
        *last = last.trim_end().to_owned();
    }
    let yes = |is: bool| is.then_some(true);
    let inline = |(text, format): (String, Format)| match format {
        Format { note: Some(_), .. } => Inline::Note(Note { note: text.trim().to_owned() }),
        Format { role: None, strong: false, shift: Shift::None, note: None } => Inline::Plain(text),
        Format { role, strong, shift, note: None } => Inline::Span(Span {
            text,
            strong: yes(strong),
            face: role.map(|role| match role {
                Role::Heading1 => SpanFace::Heading,
                Role::Heading2 => SpanFace::Kai,
                _ => SpanFace::Body,
            }),
            raised: yes(shift == Shift::Raised),
            lowered: yes(shift == Shift::Lowered),
            link: None,
        }),
    };
    Some(Inlines(merged.into_iter().filter(|(text, _)| !text.is_empty()).map(inline).collect()))
}
