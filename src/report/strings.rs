//! The strings of a report as it was written, and the tree that is read in place of it where some have odd characters.
//!
//! Paths of files are not texts: a file whose name has a soft hyphen is found by that name alone.

use std::borrow::Cow;

use crate::characters;
use crate::source::{Node, Path};

/// Calls `visit` with the place and the text of every string but paths.
pub(crate) fn each_string(root: &Node, visit: &mut dyn FnMut(Path, &str)) {
    strings(root, Path::Root, visit);
}

fn strings(node: &Node, path: Path, visit: &mut dyn FnMut(Path, &str)) {
    match node {
        Node::String(text) => visit(path, text),
        Node::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| strings(item, Path::Item(&path, at), visit));
        }
        Node::Object(members) => {
            let texts = members.iter().filter(|(key, value)| !is_path(key, value));
            texts.for_each(|(key, value)| strings(value, Path::Member(&path, key), visit));
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

/// The tree with every text as it is meant; none if each is so already.
pub(super) fn readable(root: &Node) -> Option<Node> {
    let mut odd = false;
    each_string(root, &mut |_, text| odd |= matches!(characters::readable(text), Cow::Owned(_)));
    odd.then(|| without_odd(root))
}

fn without_odd(node: &Node) -> Node {
    match node {
        Node::String(text) => Node::String(characters::readable(text).into_owned()),
        Node::Array(items) => Node::Array(items.iter().map(without_odd).collect()),
        Node::Object(members) => {
            let member = |(key, value): &(String, Node)| {
                (key.clone(), if is_path(key, value) { value.clone() } else { without_odd(value) })
            };
            Node::Object(members.iter().map(member).collect())
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => node.clone(),
    }
}

/// Whether a member names a file.
fn is_path(key: &str, value: &Node) -> bool {
    matches!((key, value), ("image" | "figures" | "$schema", Node::String(_)))
}
