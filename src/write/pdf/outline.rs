//! The document outline (ISO 32000-1, 12.3.3): the bookmarks that a viewer shows beside the pages.
//!
//! Entries nest by level, but a level may be missing (（一） without 一、): an entry is then a child of the
//! nearest entry of a lower level before it.

use lopdf::{Dictionary, Object, ObjectId};

use super::draw::round;
use super::finish::File;
use super::object::{dictionary, name, text};
use crate::pages::{OutlineEntry, Pages};

/// An entry and the entries under it, by index.
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    depth: usize,
}

/// Adds the outline of the pages, if they have one.
pub(super) fn add(file: &mut File, pages: &Pages) {
    let entries: Vec<&OutlineEntry> =
        pages.outline.iter().filter(|entry| entry.page < file.pages.len()).collect();
    if entries.is_empty() {
        return;
    }
    let (nodes, top) = nest(entries.iter().map(|entry| entry.level));
    let root = file.objects.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| file.objects.new_object_id()).collect();
    for (index, entry) in entries.iter().enumerate() {
        let node = &nodes[index];
        let siblings = node.parent.map_or(&top, |parent| &nodes[parent].children);
        let mut item = dictionary([
            ("Title", text(&entry.text)),
            ("Parent", Object::Reference(node.parent.map_or(root, |parent| ids[parent]))),
            ("Dest", destination(file, entry, pages)),
        ]);
        let place = siblings.iter().position(|&sibling| sibling == index).unwrap_or(0);
        let neighbours = [("Prev", place.checked_sub(1)), ("Next", Some(place + 1))];
        for (key, neighbour) in neighbours {
            if let Some(&sibling) = neighbour.and_then(|place| siblings.get(place)) {
                item.set(key, Object::Reference(ids[sibling]));
            }
        }
        link_children(&mut item, &node.children, &ids, node.depth < OPEN, &nodes);
        file.objects.set_object(ids[index], item);
    }
    let mut outlines = dictionary([("Type", name("Outlines"))]);
    link_children(&mut outlines, &top, &ids, true, &nodes);
    file.objects.set_object(root, outlines);
    file.catalog.set("Outlines", Object::Reference(root));
    file.catalog.set("PageMode", name("UseOutlines"));
}

/// Entries above this depth are open: the title shows 一、 二、 三、, which are closed.
const OPEN: usize = 1;

/// Makes each entry a child of the nearest one before it with a lower level. Returns the entries and those at
/// the top.
fn nest(levels: impl Iterator<Item = u8>) -> (Vec<Node>, Vec<usize>) {
    let (mut nodes, mut top): (Vec<Node>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (index, level) in levels.enumerate() {
        while open.last().is_some_and(|&(above, _)| above >= level) {
            open.pop();
        }
        let parent = open.last().map(|&(_, parent)| parent);
        nodes.push(Node { parent, children: Vec::new(), depth: open.len() });
        match parent {
            Some(parent) => nodes[parent].children.push(index),
            None => top.push(index),
        }
        open.push((level, index));
    }
    (nodes, top)
}

/// Sets the first and the last child, and the number of visible descendants: ISO 32000-1, table 153.
fn link_children(item: &mut Dictionary, children: &[usize], ids: &[ObjectId], open: bool, nodes: &[Node]) {
    let [Some(&first), Some(&last)] = [children.first(), children.last()] else { return };
    item.set("First", Object::Reference(ids[first]));
    item.set("Last", Object::Reference(ids[last]));
    let count = shown(children, nodes);
    item.set("Count", if open { count } else { -count });
}

/// The number of visible entries if these are visible.
fn shown(children: &[usize], nodes: &[Node]) -> i64 {
    let below = |&child: &usize| {
        let node = &nodes[child];
        1 + if node.depth < OPEN { shown(&node.children, nodes) } else { 0 }
    };
    children.iter().map(below).sum()
}

/// The destination of a heading.
fn destination(file: &File, entry: &OutlineEntry, pages: &Pages) -> Object {
    let place = pages.pages[entry.page].on_paper(entry.top);
    let height = file.sizes[entry.page].height;
    file.destination(entry.page, [round(place.x.to_pt()), round((height - place.y).to_pt())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_hang_on_the_nearest_above() {
        let (nodes, top) = nest([1, 2, 4, 4, 2, 3, 1].into_iter());
        let parents: Vec<_> = nodes.iter().map(|node| node.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(1), Some(0), Some(4), None]);
        assert_eq!(top, [0, 6]);
        assert_eq!(shown(&top, &nodes), 4);
    }
}
