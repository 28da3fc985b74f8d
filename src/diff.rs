//! The differences between two reports: figures by label, prose by paragraph, everything else by place.
//!
//! Figures are compared by value, not by notation: `"auto"` and the computed number are the same, and so are
//! a row as a list and as an object.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use crate::characters::readable;
use crate::diagnostic::child;
use crate::figures::{Figure, Figures, Key, is_same_figure};
use crate::report::{Report, Text, TextKind, texts};
use crate::source::{Node, Source};

/// Two paragraphs with less than this in common are not treated as one changed paragraph.
const RELATED: f32 = 0.4;

/// What changed from one report to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Figures that differ, or are in one report only.
    pub figures: Vec<FigureChange>,
    /// Paragraphs, headings, items and captions, in their order.
    pub prose: Vec<ProseChange>,
    /// Everything else: names, dates, metadata.
    pub fields: Vec<FieldChange>,
}

impl Changes {
    /// Whether the reports are the same.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.prose.is_empty() && self.fields.is_empty()
    }
}

/// A figure that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureChange {
    /// Keys of its table, row and column.
    pub table: String,
    /// The row's.
    pub row: String,
    /// The column's.
    pub column: String,
    /// `（一）予以公开·总计`
    pub label: String,
    /// In the old report.
    pub old: Option<String>,
    /// In the new one.
    pub new: Option<String>,
}

/// A text that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProseChange {
    /// JSON pointer in the old report; none for a new text.
    pub old: Option<String>,
    /// JSON pointer in the new report; none for a deleted one.
    pub new: Option<String>,
    /// The text in pieces.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Whether it is unchanged, deleted or new.
    pub kind: PieceKind,
    /// Its text.
    pub text: String,
}

/// The kinds of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PieceKind {
    /// It stayed.
    Same,
    /// It is deleted.
    Deleted,
    /// It is new.
    Inserted,
}

/// A value that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its JSON pointer.
    pub pointer: String,
    /// In the old report.
    pub old: Option<String>,
    /// In the new one.
    pub new: Option<String>,
}

/// The parts of a report that are compared.
pub(crate) struct Side {
    figures: IndexMap<[String; 3], (String, String)>,
    prose: Vec<Text>,
    fields: IndexMap<String, String>,
}

impl Side {
    /// What is compared of a report: its figures are computed, its texts as they were typed.
    pub fn of(source: &Source, report: &Report, figures: &Figures) -> Side {
        let figures = figures.iter().filter(Figure::is_present).map(|figure| {
            let Key { table, row, column } = figure.key();
            ([table, row, column].map(str::to_owned), (figure.label(), figure.text().to_owned()))
        });
        let all = texts(report, &BTreeMap::new());
        let prose: Vec<Text> =
            all.into_iter().filter(|text| !matches!(text.kind, TextKind::Title | TextKind::Note)).collect();
        let mut fields = IndexMap::new();
        leaves(source.root(), String::new(), &mut fields);
        fields.retain(|pointer, _| {
            pointer != "/$schema"
                && !pointer.starts_with("/tables/")
                && !prose.iter().any(|text| is_text_of(pointer, &text.pointer))
        });
        Side { figures: figures.collect(), prose, fields }
    }
}

/// Whether the value at `pointer` is the text at `text`, or a piece of it; what a span is set in is a field.
fn is_text_of(pointer: &str, text: &str) -> bool {
    let Some(rest) = pointer.strip_prefix(text) else { return false };
    let key = rest.strip_prefix('/').and_then(|rest| rest.split_once('/').map(|(_, key)| key));
    rest.is_empty() || (rest.starts_with('/') && key.is_none_or(|key| key == "text"))
}

/// What changed from one report to another.
pub(crate) fn changes(old: &Side, new: &Side) -> Changes {
    Changes { figures: figures(old, new), prose: prose(&old.prose, &new.prose), fields: fields(old, new) }
}

/// Every value that is not an object or a list, by its place.
fn leaves(node: &Node, pointer: String, found: &mut IndexMap<String, String>) {
    let text = match node {
        Node::Object(members) => {
            return members.iter().for_each(|(key, value)| leaves(value, child(&pointer, key), found));
        }
        Node::Array(items) => {
            return items.iter().enumerate().for_each(|(at, item)| leaves(item, child(&pointer, at), found));
        }
        Node::Null => return,
        Node::Bool(value) => value.to_string(),
        Node::Number(text) => text.clone(),
        Node::String(text) => readable(text).into_owned(),
    };
    found.insert(pointer, text);
}

/// The keys of both, those of the old first.
fn keys<'a, K: std::hash::Hash + Eq, V>(old: &'a IndexMap<K, V>, new: &'a IndexMap<K, V>) -> Vec<&'a K> {
    old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect()
}

fn figures(old: &Side, new: &Side) -> Vec<FigureChange> {
    let mut changes = Vec::new();
    for key in keys(&old.figures, &new.figures) {
        let (was, is) = (old.figures.get(key), new.figures.get(key));
        if let (Some((_, was)), Some((_, is))) = (was, is)
            && is_same_figure(was, is)
        {
            continue;
        }
        let [table, row, column] = key.clone();
        let label = is.or(was).map(|(label, _)| label.clone()).unwrap_or_default();
        let text = |side: Option<&(String, String)>| side.map(|(_, text)| text.clone());
        changes.push(FigureChange { table, row, column, label, old: text(was), new: text(is) });
    }
    changes
}

fn fields(old: &Side, new: &Side) -> Vec<FieldChange> {
    let changed = keys(&old.fields, &new.fields)
        .into_iter()
        .filter(|pointer| old.fields.get(*pointer) != new.fields.get(*pointer));
    let change = |pointer: &String| FieldChange {
        pointer: pointer.clone(),
        old: old.fields.get(pointer).cloned(),
        new: new.fields.get(pointer).cloned(),
    };
    changed.map(change).collect()
}

fn prose(old: &[Text], new: &[Text]) -> Vec<ProseChange> {
    let plain = |texts: &[Text]| texts.iter().map(|text| text.text.clone()).collect::<Vec<_>>();
    let mut changes = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &plain(old), &plain(new)) {
        if !matches!(op, DiffOp::Equal { .. }) {
            replaced(&old[op.old_range()], &new[op.new_range()], &mut changes);
        }
    }
    changes
}

/// Texts that replace others: similar ones are paired as changed, in order; the rest is deleted or new.
fn replaced(old: &[Text], new: &[Text], changes: &mut Vec<ProseChange>) {
    let mut next = 0;
    for text in old {
        let alike = (next..new.len())
            .map(|at| (at, TextDiff::from_chars(&text.text, &new[at].text).ratio()))
            .filter(|(_, ratio)| *ratio >= RELATED)
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match alike {
            Some((at, _)) => {
                new[next..at].iter().for_each(|text| changes.push(whole(None, Some(text))));
                changes.push(changed(text, &new[at]));
                next = at + 1;
            }
            None => changes.push(whole(Some(text), None)),
        }
    }
    new[next..].iter().for_each(|text| changes.push(whole(None, Some(text))));
}

fn whole(old: Option<&Text>, new: Option<&Text>) -> ProseChange {
    let kind = if new.is_some() { PieceKind::Inserted } else { PieceKind::Deleted };
    let text = new.or(old).map(|text| text.text.clone()).unwrap_or_default();
    let place = |text: &Text| text.pointer.clone();
    ProseChange { old: old.map(place), new: new.map(place), pieces: vec![Piece { kind, text }] }
}

fn changed(old: &Text, new: &Text) -> ProseChange {
    // By words: a Han character is one, and so is a number, so that numbers are not compared digit by digit.
    let diff = TextDiff::from_unicode_words(&old.text, &new.text);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => PieceKind::Same,
            ChangeTag::Delete => PieceKind::Deleted,
            ChangeTag::Insert => PieceKind::Inserted,
        };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece { kind, text: change.value().to_owned() }),
        }
    }
    ProseChange { old: Some(old.pointer.clone()), new: Some(new.pointer.clone()), pieces }
}
