//! Edits of a report's source text: unchanged parts keep their bytes, their order and the spelling of
//! numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::child;
use crate::source::{Node, Source};

/// The edits, by JSON pointer; new values are JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    /// Values in place of others.
    pub replaced: BTreeMap<String, String>,
    /// New elements of a list, each before the one that has this index now.
    pub inserted: BTreeMap<String, Vec<(usize, String)>>,
    /// Elements of lists to remove.
    pub removed: BTreeSet<String>,
    /// New members of an object.
    pub added: BTreeMap<String, Vec<(String, String)>>,
}

/// The text of the report with the changes.
pub(super) fn apply(source: &Source, edits: &Edits) -> String {
    let text = source.text();
    let Some(root) = source.span("") else { return text.to_owned() };
    let (before, after) = (&text[..root.start], &text[root.end..]);
    format!("{before}{}{after}", Editor { source, edits }.value("", source.root()))
}

struct Editor<'a> {
    source: &'a Source,
    edits: &'a Edits,
}

impl Editor<'_> {
    fn value(&self, pointer: &str, node: &Node) -> String {
        if let Some(new) = self.edits.replaced.get(pointer) {
            return new.clone();
        }
        let children: Vec<(String, &Node)> = match node {
            Node::Object(members) => members.iter().map(|(key, node)| (child(pointer, key), node)).collect(),
            Node::Array(items) => {
                items.iter().enumerate().map(|(at, node)| (child(pointer, at), node)).collect()
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => Vec::new(),
        };
        match node {
            Node::Array(_) if self.is_another_list(pointer, &children) => self.list(pointer, &children),
            _ => self.same_shape(pointer, &children),
        }
    }

    fn is_another_list(&self, pointer: &str, children: &[(String, &Node)]) -> bool {
        self.edits.inserted.contains_key(pointer)
            || children.iter().any(|(place, _)| self.edits.removed.contains(place))
    }

    /// The value with the text between its children unchanged.
    fn same_shape(&self, pointer: &str, children: &[(String, &Node)]) -> String {
        let Some(span) = self.source.span(pointer) else { return String::new() };
        let text = self.source.text();
        let mut at = span.start;
        let mut new = String::new();
        for (place, node) in children {
            let Some(inner) = self.source.span(place) else { continue };
            new.push_str(&text[at..inner.start]);
            new.push_str(&self.value(place, node));
            at = inner.end;
        }
        let end = &text[at..span.end];
        if let Some(members) = self.edits.added.get(pointer) {
            // A new member gets a line of its own if the last one has one.
            let lead = if end.contains('\n') { self.indent(children) } else { " ".to_owned() };
            let comma = if children.is_empty() { "" } else { "," };
            if children.is_empty() {
                new.push_str(&text[at..at + 1]);
            }
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{lead}{}: {value}", quoted(key))).collect();
            new.push_str(comma);
            new.push_str(&members.join(","));
            new.push_str(if children.is_empty() { &end[1..] } else { end });
            return new;
        }
        new + end
    }

    /// The white space in front of the first of the children's keys.
    fn indent(&self, children: &[(String, &Node)]) -> String {
        let text = self.source.text();
        let Some(first) = children.first().and_then(|(place, _)| self.source.span(place)) else {
            return "\n  ".to_owned();
        };
        let line = text[..first.start].rfind('\n').unwrap_or(0);
        let white: String = text[line..].chars().take_while(|c| c.is_whitespace()).collect();
        white
    }

    /// A list with other elements, written as its first ones are.
    fn list(&self, pointer: &str, children: &[(String, &Node)]) -> String {
        let text = self.source.text();
        let spans: Vec<_> = children.iter().filter_map(|(place, _)| self.source.span(place)).collect();
        let Some(span) = self.source.span(pointer) else { return String::new() };
        let (lead, end) = match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => {
                (text[span.start + 1..first.start].to_owned(), text[last.end..span.end - 1].to_owned())
            }
            _ => (String::new(), String::new()),
        };
        let between = if lead.contains('\n') { format!(",{lead}") } else { ", ".to_owned() };
        let mut inserted: Vec<(usize, &String)> =
            self.edits.inserted.get(pointer).into_iter().flatten().map(|(at, new)| (*at, new)).collect();
        inserted.sort_by_key(|(at, _)| *at);
        let mut inserted = inserted.into_iter().peekable();
        let mut elements = Vec::new();
        for (at, (place, node)) in children.iter().enumerate() {
            while let Some((_, new)) = inserted.next_if(|(before, _)| *before <= at) {
                elements.push(new.clone());
            }
            if !self.edits.removed.contains(place) {
                elements.push(self.value(place, node));
            }
        }
        elements.extend(inserted.map(|(_, new)| new.clone()));
        format!("[{lead}{}{end}]", elements.join(&between))
    }
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
