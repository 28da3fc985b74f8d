//! Spans of a text: those of a paragraph in Word, and those that a document has, as reports write them.

use std::collections::BTreeMap;

use crate::document::{Document, Format, HeadingNumber, NodeId, Run};
use crate::report::{Inline, Inlines, Span, SpanFace};
use crate::style::{Role, Shift};
use crate::xml::Element;

/// The spans of a paragraph in Word; none if all of it is plain. `faces` are the roles of character styles by their ids.
pub(super) fn of_paragraph(paragraph: &Element, faces: &BTreeMap<String, Role>) -> Option<Inlines> {
    let mut pieces = Vec::new();
    gather(paragraph, faces, &mut pieces);
    // A heading that runs into its paragraph has its face by its number.
    let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
    if HeadingNumber::of(text.trim()).is_some()
        && let Some((_, format)) = pieces.first_mut()
    {
        format.role = None;
    }
    spans(pieces)
}

/// The spans of the text of a node; none if all of it is plain. `label` is printed before it.
pub(super) fn of_text(document: &Document, node: NodeId, label: &str, text: &str) -> Option<Inlines> {
    let mut pieces = vec![(label.to_owned(), Format::default())];
    document.formats.divide(node).each(text, |text, format| pieces.push((text.to_owned(), format)));
    spans(pieces)
}

/// The spans of runs, of which those without a name belong to the node `own`; none if all of them are plain.
pub(super) fn of_runs(document: &Document, runs: &[Run], own: NodeId) -> Option<Inlines> {
    let pieces = document.formats.runs(runs, own).into_iter();
    spans(pieces.map(|(_, text, format)| (text.to_owned(), format)).collect())
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

fn gather(element: &Element, faces: &BTreeMap<String, Role>, pieces: &mut Vec<(String, Format)>) {
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
                    role: style.and_then(|id| faces.get(id).copied()),
                    strong: property("w:b").is_some_and(super::word::is_on),
                    shift: match shift {
                        Some("superscript") => Shift::Raised,
                        Some("subscript") => Shift::Lowered,
                        _ => Shift::None,
                    },
                };
                pieces.push((super::word::run_text(child), format));
            }
            "w:pPr" | "w:del" | "w:moveFrom" | "mc:AlternateContent" => {}
            _ => gather(child, faces, pieces),
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
        Format { role: None, strong: false, shift: Shift::None } => Inline::Plain(text),
        Format { role, strong, shift } => Inline::Span(Span {
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
