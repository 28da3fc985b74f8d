//! Lists of names in a Word file: 出席, 请假 and 列席 of a meeting, and 签发人.
//!
//! Names stand between full-width spaces, which a name may have in it, too.

use super::align::{Pair, is_same_text};
use super::changes::{Changes, value};
use super::edit::quoted;
use super::expected::Item;
use super::word::Block;
use crate::characters::solid;
use crate::diagnostic::child;
use crate::document::{ATTENDANCE, NAME_GAP, SIGNERS};
use crate::source::Node;
use crate::style::Role;

/// The place of 签发人.
pub(super) const SIGNED: &str = "/letterhead/signers";

/// The names of a list as it is printed; `known` are those that the report has, which may have a gap in them. A name of two
/// characters may have one, too: 王　一.
pub(super) fn names_of(text: &str, known: &[&str]) -> Vec<String> {
    /// In place of a gap in a name.
    const INSIDE: &str = "\u{E000}";
    let gap = NAME_GAP.to_string();
    let mut text = text.to_owned();
    for name in known.iter().filter(|name| name.contains(NAME_GAP)) {
        text = text.replace(name, &name.replace(NAME_GAP, INSIDE));
    }
    let mut names: Vec<String> = Vec::new();
    let is_one = |name: &str| name.chars().count() == 1;
    let mut is_open = false;
    for name in text.split([NAME_GAP, '\n', '\t']).map(str::trim).filter(|name| !name.is_empty()) {
        match names.last_mut().filter(|last| is_open && is_one(last) && is_one(name)) {
            Some(last) => {
                *last = format!("{last}{gap}{name}");
                is_open = false;
            }
            None => {
                names.push(name.replace(INSIDE, &gap));
                is_open = true;
            }
        }
    }
    names
}

impl Changes<'_> {
    /// A list of those at a meeting, if it was edited.
    pub(super) fn attendance(&mut self, old: &str, new: &str, pointer: &str) {
        if is_same_text(Role::Attendance, old, new) {
            return;
        }
        let label = ATTENDANCE.iter().find(|(key, _)| pointer.ends_with(key)).map(|(_, label)| *label);
        match label.and_then(|label| new.strip_prefix(label)) {
            Some(names) => self.names(pointer, |known| names_of(names, known)),
            None => self.fixed(pointer, old, new),
        }
    }

    /// 签发人, who may stand on several lines.
    pub(super) fn signers(&mut self, expected: &[Item], blocks: &[Block], pairs: &[Pair]) {
        let text_of = |pair: &Pair| match pair {
            Pair::Both(a, b) => match (&expected[*a], &blocks[*b]) {
                (Item::Text { text, pointer, .. }, Block::Paragraph { text: new, .. })
                    if pointer == SIGNED =>
                {
                    Some((text.as_str(), new.as_str()))
                }
                _ => None,
            },
            Pair::Deleted(_) | Pair::Inserted(_) => None,
        };
        let texts: Vec<(&str, &str)> = pairs.iter().filter_map(text_of).collect();
        if texts.iter().all(|(old, new)| is_same_text(Role::DocumentNumber, old, new)) {
            return;
        }
        if let Some((old, new)) = texts.first().filter(|(_, new)| !new.starts_with(SIGNERS)) {
            return self.fixed(SIGNED, old, new);
        }
        let names = |known: &[&str]| -> Vec<String> {
            texts.iter().flat_map(|(_, new)| names_of(new.trim_start_matches(SIGNERS), known)).collect()
        };
        self.names(SIGNED, names);
    }

    /// A list of names that was edited: only those that are others are changed.
    fn names(&mut self, pointer: &str, read: impl Fn(&[&str]) -> Vec<String>) {
        let Some(Node::Array(items)) = value(self.source.root(), pointer) else { return };
        let known: Vec<&str> = items
            .iter()
            .map(|item| match item {
                Node::String(name) => name.trim(),
                _ => "",
            })
            .collect();
        let new = read(&known);
        let is_same = |(one, other): &(&&str, &String)| solid(one) == solid(other);
        let head = known.iter().zip(&new).take_while(is_same).count();
        let rest = known[head..].iter().rev().zip(new[head..].iter().rev());
        let tail = rest.take_while(is_same).count();
        let (from, to) = (head..known.len() - tail, &new[head..new.len() - tail]);
        for (at, name) in from.clone().zip(to) {
            self.edits.replaced.insert(child(pointer, at), quoted(name));
        }
        self.edits.removed.extend(from.clone().skip(to.len()).map(|at| child(pointer, at)));
        let more = to.iter().skip(from.len()).map(|name| (from.end, quoted(name)));
        if to.len() > from.len() {
            self.edits.inserted.entry(pointer.to_owned()).or_default().extend(more);
        }
    }

    /// Whether a text is a list of those at a meeting that the report does not have yet, which it gets.
    pub(super) fn attends(&mut self, text: &str) -> bool {
        let found = ATTENDANCE.iter().find_map(|(key, label)| Some((text.strip_prefix(label)?, *key)));
        let Some((names, key)) = found else { return false };
        let parent = "/attendance";
        let is_new = matches!(value(self.source.root(), parent), Some(Node::Object(_)))
            && value(self.source.root(), &child(parent, key)).is_none();
        let members = self.edits.added.entry(parent.to_owned()).or_default();
        if !is_new || members.iter().any(|(known, _)| known == key) {
            return false;
        }
        let names: Vec<String> = names_of(names, &[]).iter().map(|name| quoted(name)).collect();
        members.push((key.to_owned(), format!("[{}]", names.join(", "))));
        true
    }
}
