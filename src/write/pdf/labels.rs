//! The labels of pages (ISO 32000-1, 12.4.2): the numbers that a viewer shows for them, where they are not those from 1.

use lopdf::Object;

use super::finish::File;
use super::object::{dictionary, name};
use crate::pages::Pages;

/// Labels 封面 and 目录 i, ii, iii, and the pages of the text from 1, as they are printed.
pub(super) fn add(file: &mut File, pages: &Pages) {
    if pages.front == 0 {
        return;
    }
    let front = dictionary([("S", name("r"))]);
    let text = dictionary([("S", name("D")), ("St", Object::Integer(1))]);
    let ranges = vec![Object::Integer(0), front.into(), Object::Integer(pages.front as i64), text.into()];
    file.catalog.set("PageLabels", dictionary([("Nums", Object::Array(ranges))]));
}
