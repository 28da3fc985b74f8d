//! Whether the pages of a file are a tree as ISO 32000-1, 7.7.3, has it.
//!
//! Programs make up for what is wrong in it, each in its own way: of a page that has children, some show the page and
//! others the children; of a wrong count, some show no page at all.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{File, Place};
use super::syntax::{Dictionary, Object};
use crate::read::ReadError;

/// The greatest depth of the tree, and the most nodes in it.
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 100_000;

/// The place of the first node that is not as it must be.
///
/// # Errors
/// If the file cannot be read within the limits.
pub(super) fn oddity(file: &mut File) -> Result<Option<usize>, ReadError> {
    let trailer = file.trailer.clone();
    let Some(Object::Reference(root, _)) = trailer.get(b"Root".as_slice()) else { return Ok(Some(0)) };
    let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
    let Some(Object::Reference(pages, _)) = catalog.get(b"Pages".as_slice()) else {
        return Ok(Some(place(file, *root)));
    };
    if !is_a(&catalog, b"Catalog") {
        return Ok(Some(place(file, *root)));
    }
    let mut tree = Tree::default();
    let mut waiting = vec![(*pages, None, 0)];
    while let Some((number, parent, depth)) = waiting.pop() {
        if depth > MAX_DEPTH || tree.seen.len() >= MAX_NODES || !tree.seen.insert(number) {
            return Ok(Some(place(file, number)));
        }
        let Some(kids) = tree.node(file, number, parent)? else { return Ok(Some(place(file, number))) };
        waiting.extend(kids.into_iter().rev().map(|kid| (kid, Some(number), depth + 1)));
    }
    let wrong = tree.nodes.iter().find(|(_, node)| node.stated != node.pages).map(|(&number, _)| number);
    Ok(wrong.map(|number| place(file, number)))
}

#[derive(Default)]
struct Tree {
    seen: BTreeSet<u32>,
    nodes: BTreeMap<u32, Node>,
}

/// A node between the root and the pages.
struct Node {
    parent: Option<u32>,
    /// The number of pages below it, as it says, and as it is.
    stated: i64,
    pages: i64,
    /// Whether its pages have an extent from it or from above.
    has_extent: bool,
}

impl Tree {
    /// The children of a node; none if it is not as it must be.
    fn node(
        &mut self,
        file: &mut File,
        number: u32,
        parent: Option<u32>,
    ) -> Result<Option<Vec<u32>>, ReadError> {
        let Object::Dictionary(entries) = file.get(number)?.object else { return Ok(None) };
        let above = match entries.get(b"Parent".as_slice()) {
            Some(Object::Reference(above, _)) => Some(*above),
            Some(_) => return Ok(None),
            None => None,
        };
        let Some(own) = extents(file, &entries)? else { return Ok(None) };
        let has_extent = own || parent.is_some_and(|above| self.nodes[&above].has_extent);
        if above != parent {
            return Ok(None);
        }
        if is_a(&entries, b"Page") {
            let leaf =
                !entries.contains_key(b"Kids".as_slice()) && !entries.contains_key(b"Count".as_slice());
            let mut above = parent;
            while let Some(node) = above.and_then(|above| self.nodes.get_mut(&above)) {
                node.pages += 1;
                above = node.parent;
            }
            return Ok((leaf && has_extent && parent.is_some()).then(Vec::new));
        }
        let (Object::Array(kids), Object::Integer(stated)) =
            (file.value(&entries, b"Kids")?, file.value(&entries, b"Count")?)
        else {
            return Ok(None);
        };
        self.nodes.insert(number, Node { parent, stated, pages: 0, has_extent });
        let reference = |kid: &Object| match kid {
            Object::Reference(number, _) => Some(*number),
            _ => None,
        };
        let kids: Option<Vec<u32>> = kids.iter().map(reference).collect();
        Ok(kids.filter(|_| is_a(&entries, b"Pages")))
    }
}

/// Whether a node has an extent of its own; none if one that it has is not four numbers with an area.
fn extents(file: &mut File, entries: &Dictionary) -> Result<Option<bool>, ReadError> {
    let mut own = false;
    for key in [b"MediaBox".as_slice(), b"CropBox"] {
        let corners = match file.value(entries, key)? {
            Object::Null if !entries.contains_key(key) => continue,
            Object::Array(corners) => corners,
            _ => return Ok(None),
        };
        let mut numbers = Vec::new();
        for corner in corners.iter().take(5) {
            match file.resolve(corner)?.object {
                Object::Integer(value) => numbers.push(value as f64),
                Object::Real(text) => {
                    numbers.extend(std::str::from_utf8(&text).ok().and_then(|text| text.parse::<f64>().ok()));
                }
                _ => return Ok(None),
            }
        }
        match numbers.as_slice() {
            &[left, bottom, right, top] if left != right && bottom != top => {}
            _ => return Ok(None),
        }
        own |= key == b"MediaBox";
    }
    Ok(Some(own))
}

fn is_a(entries: &Dictionary, kind: &[u8]) -> bool {
    matches!(entries.get(b"Type".as_slice()), Some(Object::Name(name)) if name == kind)
}

/// Where an object is, or the stream that it is in.
fn place(file: &File, number: u32) -> usize {
    match file.place(number) {
        Place::Offset { offset, .. } => offset,
        Place::Packed { stream, .. } => match file.place(stream) {
            Place::Offset { offset, .. } => offset,
            Place::Packed { .. } | Place::Free => 0,
        },
        Place::Free => 0,
    }
}
