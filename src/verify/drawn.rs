//! What pages may reach by drawing: the objects that resources, contents and appearances lead to.
//!
//! A page names its resources by references, and whatever dictionary a reference leads to is taken for a font, a state of the
//! graphics or a layer: also the catalog, or a signature field. What pages draw with must not change, whatever it is beside
//! that.

use std::collections::BTreeSet;

use super::changes::references;
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::Object;

/// The keys by which something is drawn: of pages (ISO 32000-1, table 30), annotations (table 164), forms (table 95) and the
/// interactive form (table 218).
const KEYS: [&[u8]; 5] = [b"Resources", b"Contents", b"Group", b"AP", b"DR"];

/// The numbers of the objects that are drawn, or drawn with.
pub(super) fn reached(file: &mut File, numbers: &BTreeSet<u32>) -> Result<BTreeSet<u32>, ReadError> {
    let mut waiting = Vec::new();
    for &number in numbers {
        begin(&file.get(number)?.object, &mut waiting);
    }
    let mut reached = BTreeSet::new();
    while let Some(number) = waiting.pop() {
        if reached.insert(number) && numbers.contains(&number) {
            references(&file.get(number)?.object, &mut |number| waiting.push(number));
        }
    }
    Ok(reached)
}

/// Where drawing begins: the values of these keys, however deep they are in an object.
fn begin(object: &Object, waiting: &mut Vec<u32>) {
    match object {
        Object::Array(values) => values.iter().for_each(|value| begin(value, waiting)),
        Object::Dictionary(entries) => {
            for (key, value) in entries {
                if KEYS.contains(&key.as_slice()) {
                    references(value, &mut |number| waiting.push(number));
                } else {
                    begin(value, waiting);
                }
            }
        }
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(_)
        | Object::Reference(..) => {}
    }
}
