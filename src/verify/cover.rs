//! What the appearances of later signatures may cover: the places that the signed revision reserved, and no more of a
//! page than seals do.
//!
//! A field says on which page it is, but a page shows the fields of its own list, whatever they say. So pages are asked.

use std::collections::BTreeSet;

use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::{Dictionary, Object};
use crate::sign::fields::{Field, number};

/// The largest appearance of a signature, in square points: a quarter of A4.
const MAX_APPEARANCE: f64 = 595.0 * 842.0 / 4.0;
/// The greatest part of a page that one appearance may cover, and that all of them may.
const MAX_PART: f64 = 0.25;
const MAX_PARTS: f64 = 0.5;
/// The greatest depth of the page tree, and the most pages and other nodes in it.
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 100_000;
/// An appearance stays where it is when the page is turned or enlarged (ISO 32000-1, table 165: NoZoom, NoRotate).
const NO_ZOOM_NO_ROTATE: i64 = 1 << 3 | 1 << 4;

/// A page: what is seen of it, and the annotations that it shows.
pub(super) struct Page {
    /// Left, bottom, right, top; none if these are not four numbers.
    seen: Option<[f64; 4]>,
    annotations: BTreeSet<u32>,
}

/// Whether these are the entries of a signature field with its place on a page in one: the usual widget.
pub(super) fn is_widget(entries: &Dictionary) -> bool {
    let named =
        |key: &[u8], name: &[u8]| matches!(entries.get(key), Some(Object::Name(found)) if found == name);
    named(b"FT", b"Sig")
        && named(b"Subtype", b"Widget")
        && (named(b"Type", b"Annot") || !entries.contains_key(b"Type".as_slice()))
}

/// Where a form is shown as the appearance of a field: in the rectangle of the field. None if it might be shown anywhere
/// else, or if it is no form.
pub(super) fn shown(field: &Field, form: &Object, content: Option<&[u8]>) -> Option<[f64; 4]> {
    const KEYS: [&[u8]; 14] = [
        b"Type",
        b"Subtype",
        b"FormType",
        b"BBox",
        b"Matrix",
        b"Resources",
        b"Group",
        b"Length",
        b"Filter",
        b"DecodeParms",
        b"Name",
        b"LastModified",
        b"StructParent",
        b"StructParents",
    ];
    let (Object::Dictionary(form), content) = (form, content?) else { return None };
    let plain = form.keys().all(|key| KEYS.contains(&key.as_slice()))
        && form.get(b"Subtype".as_slice()) == Some(&Object::Name(b"Form".to_vec()));
    let flags = match field.entries.get(b"F".as_slice()) {
        None => 0,
        Some(Object::Integer(flags)) => *flags,
        Some(_) => return None,
    };
    // ISO 32000-1, 12.5.5: the box of the form, as its matrix turns it, is laid into the rectangle.
    let [x0, y0, x1, y1] = numbers::<4>(form.get(b"BBox".as_slice())?)?;
    let area = (x1 - x0).abs() * (y1 - y0).abs();
    let matrix = match form.get(b"Matrix".as_slice()) {
        Some(matrix) => numbers::<6>(matrix)?,
        None => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    };
    let [a, b, c, d, ..] = matrix;
    let even = area > 0.01 && (a * d - b * c).abs() > 1e-4;
    if !plain || flags & NO_ZOOM_NO_ROTATE != 0 {
        return None;
    }
    match field.rect() {
        Some(rect) => even.then_some(rect),
        // What has no extent shows nothing.
        None => {
            let blank = content.iter().all(u8::is_ascii_whitespace);
            field.corners().filter(|_| blank).map(|[left, bottom, ..]| [left, bottom, left, bottom])
        }
    }
}

/// The first of these fields with which more of a page is covered than seals cover.
pub(super) fn too_much(pages: &[Page], shown: &[(u32, [f64; 4])]) -> Option<u32> {
    let area = |[left, bottom, right, top]: [f64; 4]| (right - left).max(0.0) * (top - bottom).max(0.0);
    if let Some((field, _)) = shown.iter().find(|(_, rect)| area(*rect) > MAX_APPEARANCE) {
        return Some(*field);
    }
    for page in pages {
        let mut covered: Vec<[f64; 4]> = Vec::new();
        for &(field, rect) in shown.iter().filter(|(field, _)| page.annotations.contains(field)) {
            // Where the extent of a page is unknown, so is how much of it is covered.
            let Some(seen) = page.seen.filter(|seen| area(*seen) > 0.0) else { return Some(field) };
            let part = common(rect, seen);
            covered.push(part);
            if area(part) > MAX_PART * area(seen) || union(&covered) > MAX_PARTS * area(seen) {
                return Some(field);
            }
        }
    }
    None
}

/// What two rectangles have in common.
fn common(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])]
}

/// The area that rectangles cover together.
fn union(all: &[[f64; 4]]) -> f64 {
    let mut lines: Vec<f64> = all.iter().flat_map(|rect| [rect[0], rect[2]]).collect();
    lines.sort_by(f64::total_cmp);
    let strips = lines.windows(2).map(|strip| {
        let mut within: Vec<[f64; 2]> = all
            .iter()
            .filter(|rect| rect[0] <= strip[0] && rect[2] >= strip[1] && rect[1] < rect[3])
            .map(|rect| [rect[1], rect[3]])
            .collect();
        within.sort_by(|one, other| one[0].total_cmp(&other[0]));
        let (mut height, mut reached) = (0.0, f64::NEG_INFINITY);
        for [bottom, top] in within {
            height += (top - bottom.max(reached)).max(0.0);
            reached = reached.max(top);
        }
        (strip[1] - strip[0]) * height
    });
    strips.sum()
}

/// All pages, in order.
pub(super) fn pages(file: &mut File) -> Result<Vec<Page>, ReadError> {
    let trailer = file.trailer.clone();
    let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
    let mut waiting: Vec<(Object, Option<Object>, Option<Object>, usize)> =
        catalog.get(b"Pages".as_slice()).map(|root| (root.clone(), None, None, 0)).into_iter().collect();
    let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
    while let Some((node, media, crop, depth)) = waiting.pop() {
        let Object::Reference(number, _) = node else { continue };
        if depth > MAX_DEPTH || seen.len() >= MAX_NODES || !seen.insert(number) {
            continue;
        }
        let Object::Dictionary(entries) = file.get(number)?.object else { continue };
        // ISO 32000-1, table 30: both are inherited.
        let media = entries.get(b"MediaBox".as_slice()).cloned().or(media);
        let crop = entries.get(b"CropBox".as_slice()).cloned().or(crop);
        if let Object::Array(kids) = file.value(&entries, b"Kids")? {
            let kids = kids.into_iter().rev();
            waiting.extend(kids.map(|kid| (kid, media.clone(), crop.clone(), depth + 1)));
            continue;
        }
        let annotations = match file.value(&entries, b"Annots")? {
            Object::Array(annotations) => annotations,
            _ => Vec::new(),
        };
        let annotations = annotations.iter().filter_map(|annotation| match annotation {
            Object::Reference(number, _) => Some(*number),
            _ => None,
        });
        let mut extent = |held: Option<Object>| -> Result<Option<[f64; 4]>, ReadError> {
            let Some(held) = held else { return Ok(None) };
            let corners = numbers::<4>(&file.resolve(&held)?.object);
            Ok(corners.map(|[x0, y0, x1, y1]| [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]))
        };
        let seen = match (extent(media)?, crop) {
            (Some(media), Some(crop)) => extent(Some(crop))?.map(|crop| common(media, crop)),
            (media, None) => media,
            (None, Some(_)) => None,
        };
        pages.push(Page { seen, annotations: annotations.collect() });
    }
    Ok(pages)
}

/// An array of just so many numbers, written in it and nowhere else.
fn numbers<const N: usize>(object: &Object) -> Option<[f64; N]> {
    let Object::Array(values) = object else { return None };
    let values: Vec<f64> = values.iter().map(number).collect::<Option<_>>()?;
    values.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_over_one_another_is_counted_once() {
        assert_eq!(union(&[]), 0.0);
        assert_eq!(union(&[[0.0, 0.0, 2.0, 3.0]]), 6.0);
        assert_eq!(union(&[[0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 3.0, 3.0], [1.0, 1.0, 2.0, 2.0]]), 7.0);
        assert_eq!(union(&[[0.0, 0.0, 1.0, 1.0], [5.0, 5.0, 6.0, 6.0]]), 2.0);
        assert_eq!(union(&[[3.0, 0.0, 1.0, 1.0]]), 0.0);
    }
}
