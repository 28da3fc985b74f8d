//! The signature fields of a file: ISO 32000-1, 12.7.4.5.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::error::{SignError, too_long_a_name, too_many_fields};
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::{Dictionary, Object};

/// The most form fields that are read, of all kinds.
const MAX_FIELDS: usize = 10_000;
/// The longest name of a field, in bytes, with the names above it.
const MAX_NAME: usize = 4096;

/// A signature field (ISO 32000-1, 12.7.4.5).
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its object.
    pub id: (u32, u16),
    /// Its name, with the names above it.
    pub name: String,
    /// Its entries.
    pub entries: Dictionary,
    /// Its value (`V`): the reference to its signature dictionary.
    pub value: Option<Object>,
}

impl Field {
    /// The four numbers of its rectangle; none if there are not just four.
    pub fn corners(&self) -> Option<[f64; 4]> {
        let Some(Object::Array(corners)) = self.entries.get(b"Rect".as_slice()) else { return None };
        let corners: Vec<f64> = corners.iter().map(number).collect::<Option<_>>()?;
        corners.try_into().ok()
    }

    /// Left, bottom, right, top of a field that has an extent.
    pub fn rect(&self) -> Option<[f64; 4]> {
        let [x0, y0, x1, y1] = self.corners()?;
        let rect = [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)];
        (rect[0] < rect[2] && rect[1] < rect[3]).then_some(rect)
    }
}

/// A number of either kind.
pub(crate) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(value) => Some(*value as f64),
        Object::Real(text) => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

/// All signature fields, in the order of the file.
///
/// # Errors
/// If the file cannot be read within the limits.
pub(crate) fn find(file: &mut File) -> Result<Vec<Field>, ReadError> {
    let trailer = file.trailer.clone();
    let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
    let form = file.dictionary(&catalog, b"AcroForm")?.unwrap_or_default();
    let Object::Array(roots) = file.value(&form, b"Fields")? else { return Ok(Vec::new()) };
    // Inherited names are shared: a million kids may hang on one name.
    let nothing: Rc<str> = Rc::default();
    let mut waiting: Vec<(Object, Rc<str>, bool)> =
        roots.into_iter().rev().map(|root| (root, nothing.clone(), false)).collect();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    while let Some((reference, above, signs)) = waiting.pop() {
        let Object::Reference(number, generation) = reference else { continue };
        if seen.len() >= MAX_FIELDS {
            return Err(too_many_fields(MAX_FIELDS));
        }
        if !seen.insert(number) {
            continue;
        }
        let Object::Dictionary(entries) = file.get(number)?.object else { continue };
        let own = match file.value(&entries, b"T")? {
            Object::String(own) => text(&own),
            _ => String::new(),
        };
        if above.len() + own.len() > MAX_NAME {
            return Err(too_long_a_name(MAX_NAME));
        }
        let dot = if above.is_empty() || own.is_empty() { "" } else { "." };
        let name: Rc<str> = format!("{above}{dot}{own}").into();
        let signs = match entries.get(b"FT".as_slice()) {
            Some(kind) => *kind == Object::Name(b"Sig".to_vec()),
            None => signs,
        };
        // Kids with names are fields, others are only the places of this one on pages.
        if let Object::Array(kids) = file.value(&entries, b"Kids")? {
            waiting.extend(kids.into_iter().rev().map(|kid| (kid, name.clone(), signs)));
        }
        if signs && entries.contains_key(b"T".as_slice()) {
            let value = entries.get(b"V".as_slice()).filter(|value| **value != Object::Null).cloned();
            found.push(Field { id: (number, generation), name: name.to_string(), entries, value });
        }
    }
    Ok(found)
}

/// A text string as text, without what would disturb a terminal or turn the direction of writing.
pub(crate) fn text(bytes: &[u8]) -> String {
    decoded(bytes).chars().filter(|&character| !crate::pki::certificate::disturbs(character)).collect()
}

fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// The signature field to be filled: that of this name, or the first that is empty; none if no field is empty.
///
/// # Errors
/// If there is none of this name, or it is filled.
pub(crate) fn choose(fields: &[Field], name: Option<&str>) -> Result<Option<Field>, SignError> {
    match name {
        Some(name) => {
            let field = fields.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| SignError::NoField(name.to_owned()))?;
            if field.value.is_some() {
                return Err(SignError::Filled(name.to_owned()));
            }
            Ok(Some(field.clone()))
        }
        None => Ok(fields.iter().find(|field| field.value.is_none()).cloned()),
    }
}
