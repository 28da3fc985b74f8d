//! Changes after a signature, object by object.
//!
//! The list of what is permitted is closed: an empty signature field filled, an invisible one added, validation data, and
//! the dates and names that programs write into the metadata when they change a file.
//! An object that is new is harmless only if nothing signed ever pointed to its number: the signer may have been given
//! a file with a hole to be filled later.

use std::collections::{BTreeMap, BTreeSet};

use super::bytes::Walked;
use super::cover::{self, Page};
use super::parts::{Part, Parts};
use super::reason::ChangeDetail;
use super::{Change, ChangeKind, bytes, drawn, metadata};
use crate::read::ReadError;
use crate::read::pdf::file::{File, Place};
use crate::read::pdf::strict;
use crate::read::pdf::syntax::{Allowance, Dictionary, Object};
use crate::sign::fields::{self, Field};

/// How deep the lists of validation data are nested.
const MAX_STORE_DEPTH: usize = 4;

/// The changes after the revision that ends at this byte; strictly, metadata may not change either.
///
/// # Errors
/// If all revisions together are too much to be read.
pub(super) fn since(
    pdf: &[u8],
    end: usize,
    strict: bool,
    walked: &mut Walked,
    allowance: &Allowance,
) -> Result<Vec<Change>, ReadError> {
    let ends = match bytes::revisions(pdf, end, walked, allowance) {
        Ok(ends) => ends,
        Err(detail) => return Ok(vec![refuse(detail)]),
    };
    // Most often nothing follows.
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    match all(pdf, end, &ends, allowance) {
        Err(error @ ReadError::Limit(_)) => Err(error),
        Err(error) => Ok(vec![refuse(error.into())]),
        Ok(mut changes) => {
            if strict {
                changes.iter_mut().for_each(|change| change.permitted &= change.kind != ChangeKind::Metadata);
            }
            Ok(changes)
        }
    }
}

/// The changes up to each of these ends, each change once. The signed revision is read once for all of them.
fn all(pdf: &[u8], end: usize, ends: &[usize], allowance: &Allowance) -> Result<Vec<Change>, ReadError> {
    let mut old = crate::read::pdf::open_within(&pdf[..end], allowance)?;
    let known = Known::of(&mut old)?;
    let mut changes: Vec<Change> = Vec::new();
    let mut before: Option<File> = None;
    for &revision in ends {
        let new = crate::read::pdf::open_within(&pdf[..revision], allowance)?;
        let (mut found, mut new) = compare(&mut old, &known, new)?;
        // Only what each revision adds is a proof of the next ones as well.
        if !dss_kept(before.as_mut().unwrap_or(&mut old), &mut new)? {
            found.push(refuse(ChangeDetail::ValidationDataRemoved));
        }
        before = Some(new);
        for change in found {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    Ok(changes)
}

fn permit(kind: ChangeKind, detail: ChangeDetail) -> Change {
    Change { kind, permitted: true, detail }
}

fn refuse(detail: ChangeDetail) -> Change {
    Change { kind: ChangeKind::Other, permitted: false, detail }
}

/// Compares two revisions of a file, of which the second goes on from the first.
fn compare<'a>(
    old: &mut File<'a>,
    known: &Known,
    new: File<'a>,
) -> Result<(Vec<Change>, File<'a>), ReadError> {
    let mut pair = Pair { old, new, changes: Vec::new(), shown: Vec::new(), parts: None };
    if !pair.new.sections.ends_with(&pair.old.sections) {
        return Ok((vec![refuse(ChangeDetail::DetachedCrossReferences)], pair.new));
    }
    pair.trailer();
    let is = pair.new.numbers();
    let added: BTreeSet<u32> = is.difference(&known.numbers).copied().collect();
    for &number in &known.numbers {
        if pair.old.place(number) != pair.new.place(number) {
            pair.object(number, known, &added)?;
        }
    }
    for &number in known.holes.intersection(&added) {
        pair.changes.push(refuse(ChangeDetail::DanglingReferenceFilled { object: number }));
    }
    if let Some(object) = cover::too_much(&known.pages, &pair.shown) {
        let field = known.fields.iter().find(|field| field.id.0 == object);
        let field = field.map(|field| field.name.clone()).unwrap_or_default();
        pair.changes.push(refuse(ChangeDetail::SignatureFieldChanged { field, object }));
    }
    if let Some(at) = strict::irregularity(&mut pair.new, Some(pair.old))? {
        pair.changes.push(refuse(ChangeDetail::AmbiguousSyntax { at }));
    }
    Ok((pair.changes, pair.new))
}

/// Whether the validation data of a revision are all in the next.
fn dss_kept(old: &mut File, new: &mut File) -> Result<bool, ReadError> {
    let store = |file: &mut File| {
        let trailer = file.trailer.clone();
        let catalog = file.dictionary(&trailer, b"Root")?.unwrap_or_default();
        Ok(catalog.get(b"DSS".as_slice()).cloned().unwrap_or(Object::Null))
    };
    let (was, is) = (store(old)?, store(new)?);
    kept(old, &was, new, &is, 0)
}

/// The number of a reference.
fn number(object: &Object) -> Option<u32> {
    match object {
        Object::Reference(number, _) => Some(*number),
        _ => None,
    }
}

/// Whether what was in a dictionary or list still is, and all else is the same.
fn kept(old: &mut File, was: &Object, new: &mut File, is: &Object, depth: usize) -> Result<bool, ReadError> {
    let (held, holds) = (old.resolve(was)?, new.resolve(is)?);
    if held.object == Object::Null {
        return Ok(true);
    }
    if held.data.is_some() || holds.data.is_some() || depth > MAX_STORE_DEPTH {
        return Ok(held.object == holds.object && old.raw(&held) == new.raw(&holds));
    }
    match (&held.object, &holds.object) {
        (Object::Dictionary(was), Object::Dictionary(is)) => {
            for (key, was) in was {
                let Some(is) = is.get(key) else { return Ok(false) };
                if !kept(old, was, new, is, depth + 1)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Object::Array(was), Object::Array(is)) => {
            let numbers: BTreeSet<u32> = is.iter().filter_map(number).collect();
            for (place, entry) in was.iter().enumerate() {
                let still = number(entry).is_some_and(|number| numbers.contains(&number));
                let is = if still { entry } else { is.get(place).unwrap_or(&Object::Null) };
                if !kept(old, entry, new, is, depth + 1)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (was, is) => Ok(was == is),
    }
}

/// The signed revision: its objects, and those of them that may change, each in its own way.
struct Known {
    numbers: BTreeSet<u32>,
    /// Dangling references: the numbers that something refers to and no object has.
    holes: BTreeSet<u32>,
    catalog: Option<u32>,
    form: Option<u32>,
    data: Option<u32>,
    information: Option<u32>,
    metadata: Option<u32>,
    page: Option<u32>,
    annotations: Option<u32>,
    fields: Vec<Field>,
    pages: Vec<Page>,
    /// What pages draw with: it never changes, whatever it is beside that.
    drawn: BTreeSet<u32>,
}

impl Known {
    fn of(old: &mut File) -> Result<Known, ReadError> {
        let number = |object: Option<&Object>| object.and_then(number);
        let trailer = old.trailer.clone();
        let catalog = old.dictionary(&trailer, b"Root")?.unwrap_or_default();
        let (mut page, mut annotations) = (None, None);
        let mut next = catalog.get(b"Pages".as_slice()).cloned();
        for _ in 0..64 {
            let Some(Object::Reference(node, _)) = next else { break };
            let Object::Dictionary(entries) = old.get(node)?.object else { break };
            match old.value(&entries, b"Kids")? {
                Object::Array(kids) => next = kids.first().cloned(),
                _ => {
                    page = Some(node);
                    annotations = number(entries.get(b"Annots".as_slice()));
                    break;
                }
            }
        }
        let numbers = old.numbers();
        let referred = referred(old, &numbers)?;
        // What is metadata and also the content of a page, say, would be seen.
        let only_once = |number: &u32| referred.get(number) == Some(&1);
        Ok(Known {
            holes: referred.keys().copied().filter(|number| !numbers.contains(number)).collect(),
            drawn: drawn::reached(old, &numbers)?,
            numbers,
            catalog: number(trailer.get(b"Root".as_slice())),
            form: number(catalog.get(b"AcroForm".as_slice())),
            data: number(catalog.get(b"DSS".as_slice())),
            information: number(trailer.get(b"Info".as_slice())),
            metadata: number(catalog.get(b"Metadata".as_slice())).filter(only_once),
            page,
            annotations,
            fields: fields::find(old)?,
            pages: cover::pages(old)?,
        })
    }
}

struct Pair<'p, 'a> {
    old: &'p mut File<'a>,
    new: File<'a>,
    changes: Vec<Change>,
    /// The fields that got an appearance, with what they may cover.
    shown: Vec<(u32, [f64; 4])>,
    /// What the objects of the signed revision are; asked for when one was changed.
    parts: Option<Parts>,
}

impl Pair<'_, '_> {
    /// The trailer is part of what was signed.
    fn trailer(&mut self) {
        let (old, new) = (&self.old.trailer, &self.new.trailer);
        let same = |key: &[u8]| old.get(key) == new.get(key);
        let first = |trailer: &Dictionary| match trailer.get(b"ID".as_slice()) {
            Some(Object::Array(parts)) => parts.first().cloned(),
            _ => None,
        };
        let kept = first(old).is_none() || first(old) == first(new);
        // Objects beyond the size count as missing: ISO 32000-1, table 15.
        let size = |trailer: &Dictionary| match trailer.get(b"Size".as_slice()) {
            Some(Object::Integer(size)) => *size,
            _ => 0,
        };
        let last = self.new.numbers().last().copied().unwrap_or(0);
        let counted = size(new) >= size(old) && size(new) > i64::from(last);
        if !same(b"Root") || !same(b"Info") || !kept || !counted {
            self.changes.push(refuse(ChangeDetail::TrailerChanged));
        }
    }

    /// An object that is located elsewhere than before.
    fn object(&mut self, number: u32, known: &Known, added: &BTreeSet<u32>) -> Result<(), ReadError> {
        let (was, is) = (self.old.get(number)?, self.new.get(number)?);
        let same_stream = self.old.raw(&was) == self.new.raw(&is);
        // A reference to another generation leads nowhere, so the object would be gone.
        let generation_at = |place: Place| match place {
            Place::Offset { generation, .. } => generation,
            Place::Packed { .. } | Place::Free => 0,
        };
        let same_generation = was.generation == is.generation
            && generation_at(self.old.place(number)) == generation_at(self.new.place(number));
        if was.object == is.object && same_stream && same_generation {
            return Ok(());
        }
        let plain = was.data.is_none() && is.data.is_none() && same_generation;
        let change = match (&was.object, &is.object) {
            _ if known.drawn.contains(&number) => false,
            (Object::Dictionary(old), Object::Dictionary(new)) if plain => {
                if known.catalog == Some(number) {
                    self.catalog(old, new, known, added)?
                } else if known.form == Some(number) {
                    self.form(old, new, known, added)?
                } else if known.data == Some(number) {
                    // What was something else as well, such as an annotation, would go.
                    is_validation_data(old) && self.validation_data(new)
                } else if known.information == Some(number) {
                    self.metadata(metadata::of_information(old, new))
                } else if known.page == Some(number) {
                    let same = differing(old, new).iter().all(|key| *key == b"Annots");
                    let lists = (list(self.old, old, b"Annots")?, list(&mut self.new, new, b"Annots")?);
                    same && self.only_invisible(&lists.0, &lists.1, added)?
                } else if let Some(field) = known.fields.iter().find(|field| field.id.0 == number) {
                    self.filled(field, old, new, added)?
                } else {
                    false
                }
            }
            (Object::Dictionary(old), Object::Dictionary(new))
                if same_generation && known.metadata == Some(number) && is_xmp(old) && is_xmp(new) =>
            {
                let texts = (self.old.content(&was), self.new.content(&is));
                match texts {
                    (Ok(old), Ok(new)) => self.metadata(metadata::of_xmp(&old, &new)),
                    _ => false,
                }
            }
            (Object::Array(old), Object::Array(new)) if plain && known.annotations == Some(number) => {
                self.only_invisible(&old.clone(), &new.clone(), added)?
            }
            _ => false,
        };
        if !change {
            let detail = self.describe(number, &was.object, &is.object, known)?;
            self.changes.push(refuse(detail));
        }
        Ok(())
    }

    /// The catalog may get validation data and signature fields.
    fn catalog(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        known: &Known,
        added: &BTreeSet<u32>,
    ) -> Result<bool, ReadError> {
        for key in differing(old, new) {
            let fine = match key {
                b"DSS" => {
                    let data = self.new.dictionary(new, b"DSS")?.unwrap_or_default();
                    self.validation_data(&data)
                }
                b"AcroForm" => {
                    // One that was an object of its own is compared as such, and must stay where it is.
                    let was = self.old.dictionary(old, b"AcroForm")?.unwrap_or_default();
                    let is = self.new.dictionary(new, b"AcroForm")?.unwrap_or_default();
                    known.form.is_none() && self.form(&was, &is, known, added)?
                }
                b"Extensions" => {
                    old.get(key).is_none_or(|old| only_versions(Some(old))) && only_versions(new.get(key))
                }
                // ISO 32000-1, table 28: a version is only raised; one of two digits, which no program misreads.
                b"Version" => is_version(old.get(key), new.get(key)),
                _ => false,
            };
            if !fine {
                return Ok(false);
            }
            if matches!(key, b"Extensions" | b"Version") {
                let change = permit(ChangeKind::Version, ChangeDetail::VersionChanged);
                if !self.changes.contains(&change) {
                    self.changes.push(change);
                }
            }
        }
        Ok(true)
    }

    /// An interactive form may get the flags of signatures, and invisible fields.
    fn form(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        known: &Known,
        added: &BTreeSet<u32>,
    ) -> Result<bool, ReadError> {
        let flags = |form: &Dictionary| match form.get(b"SigFlags".as_slice()) {
            Some(Object::Integer(flags)) => *flags,
            _ => 0,
        };
        let same = differing(old, new).iter().all(|key| matches!(*key, b"Fields" | b"SigFlags"));
        // ISO 32000-1, table 219: flags are only set, never cleared.
        if !same || flags(old) & !flags(new) != 0 || flags(new) & !3 != 0 {
            return Ok(false);
        }
        let lists = (list(self.old, old, b"Fields")?, list(&mut self.new, new, b"Fields")?);
        if !self.only_invisible(&lists.0, &lists.1, added)? {
            return Ok(false);
        }
        for field in &lists.1[lists.0.len()..] {
            let Object::Dictionary(entries) = self.new.resolve(field)?.object else { return Ok(false) };
            let name = match entries.get(b"T".as_slice()) {
                Some(Object::String(name)) => fields::text(name),
                _ => return Ok(false),
            };
            if known.fields.iter().any(|field| field.name == name) {
                return Ok(false);
            }
            let change = if self.is_time_stamp(&entries)? {
                permit(ChangeKind::TimeStampAdded, ChangeDetail::TimeStampAdded { field: name })
            } else {
                permit(ChangeKind::FieldAdded, ChangeDetail::FieldAdded { field: name })
            };
            self.changes.push(change);
        }
        Ok(true)
    }

    /// Whether a field holds a document time stamp: ISO 32000-2, 12.8.5.
    fn is_time_stamp(&mut self, field: &Dictionary) -> Result<bool, ReadError> {
        let value = self.new.dictionary(field, b"V")?.unwrap_or_default();
        Ok(has_name(&value, b"Type", b"DocTimeStamp") && has_name(&value, b"SubFilter", b"ETSI.RFC3161"))
    }

    /// Whether a list only grew, by signature fields without extent.
    fn only_invisible(
        &mut self,
        old: &[Object],
        new: &[Object],
        added: &BTreeSet<u32>,
    ) -> Result<bool, ReadError> {
        const KEYS: [&[u8]; 13] = [
            b"Type",
            b"Subtype",
            b"FT",
            b"T",
            b"TU",
            b"Contents",
            b"Rect",
            b"F",
            b"P",
            b"V",
            b"Ff",
            b"DA",
            b"Border",
        ];
        if new.get(..old.len()) != Some(old) {
            return Ok(false);
        }
        for field in &new[old.len()..] {
            let Object::Reference(number, 0) = field else { return Ok(false) };
            let Object::Dictionary(entries) = self.new.get(*number)?.object else { return Ok(false) };
            let field = Field { id: (*number, 0), name: String::new(), entries, value: None };
            let signature = cover::is_widget(&field.entries);
            let plain = field.entries.keys().all(|key| KEYS.contains(&key.as_slice()));
            let flat = field.corners().is_some() && field.rect().is_none();
            if !added.contains(number) || !signature || !plain || !flat {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An empty field may get a signature with its appearance; its place stays.
    fn filled(
        &mut self,
        field: &Field,
        old: &Dictionary,
        new: &Dictionary,
        added: &BTreeSet<u32>,
    ) -> Result<bool, ReadError> {
        let keys = differing(old, new);
        let is_new = |object: Option<&Object>| match object {
            Some(Object::Reference(number, 0)) => added.contains(number).then_some(*number),
            _ => None,
        };
        let Some(signature) = is_new(new.get(b"V".as_slice())) else { return Ok(false) };
        if field.value.is_some()
            || !cover::is_widget(old)
            || !keys.iter().all(|key| matches!(*key, b"V" | b"AP"))
        {
            return Ok(false);
        }
        // What the field drew while it was empty would be hidden, or is shown by some programs only now.
        if self.draws(old)? {
            return Ok(false);
        }
        let Object::Dictionary(value) = self.new.get(signature)?.object else { return Ok(false) };
        // A time stamp is nobody's signature, and anybody's to add: it shows nothing.
        let is_stamp =
            has_name(&value, b"Type", b"DocTimeStamp") || has_name(&value, b"SubFilter", b"ETSI.RFC3161");
        let is_seen = field.rect().is_some() || keys.contains(&b"AP".as_slice());
        if is_stamp && is_seen || !is_signature_value(&value) {
            return Ok(false);
        }
        if keys.contains(&b"AP".as_slice()) {
            // No appearance but the usual one, and no states to choose from.
            let appearance = self.new.dictionary(new, b"AP")?.unwrap_or_default();
            let stream = is_new(appearance.get(b"N".as_slice()));
            let Some(stream) = stream.filter(|_| appearance.len() == 1) else { return Ok(false) };
            let form = self.new.get(stream)?;
            let content = self.new.raw(&form);
            let Some(rect) = cover::shown(field, &form.object, content) else { return Ok(false) };
            self.shown.push((field.id.0, rect));
        }
        let field = field.name.clone();
        self.changes.push(permit(ChangeKind::Signed, ChangeDetail::FieldSigned { field }));
        Ok(true)
    }

    /// Whether a field of the signed revision has an appearance that draws something, or one to choose from.
    fn draws(&mut self, field: &Dictionary) -> Result<bool, ReadError> {
        let appearance = self.old.dictionary(field, b"AP")?.unwrap_or_default();
        for value in appearance.values() {
            let form = self.old.resolve(value)?;
            let is_blank = match self.old.content(&form) {
                Ok(content) => content.iter().all(u8::is_ascii_whitespace),
                Err(_) => form.object == Object::Null,
            };
            if !is_blank {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Validation data may be added: nothing of them is visible.
    fn validation_data(&mut self, new: &Dictionary) -> bool {
        let fine = is_validation_data(new);
        if fine {
            self.changes.push(permit(ChangeKind::ValidationData, ChangeDetail::ValidationDataAdded));
        }
        fine
    }

    /// What programs write into the metadata may change.
    fn metadata(&mut self, difference: Option<metadata::Difference>) -> bool {
        let Some(difference) = difference else { return false };
        let detail = ChangeDetail::MetadataChanged { properties: difference.properties };
        self.changes.push(match difference.permitted {
            true => permit(ChangeKind::Metadata, detail),
            false => refuse(detail),
        });
        true
    }

    fn describe(
        &mut self,
        object: u32,
        was: &Object,
        is: &Object,
        known: &Known,
    ) -> Result<ChangeDetail, ReadError> {
        if let Some(field) = known.fields.iter().find(|field| field.id.0 == object)
            && *is != Object::Null
        {
            return Ok(ChangeDetail::SignatureFieldChanged { field: field.name.clone(), object });
        }
        let part = match &self.parts {
            Some(parts) => parts.part(object),
            None => self.parts.insert(Parts::of(self.old)?).part(object),
        };
        if *is == Object::Null {
            return Ok(ChangeDetail::ObjectRemoved { part, object });
        }
        let kind = match was {
            Object::Dictionary(entries) => entries.get(b"Type".as_slice()),
            _ => None,
        };
        Ok(match (part, kind) {
            (Part::Page(_), _) => ChangeDetail::PageChanged { part, object },
            (_, Some(Object::Name(kind))) if kind == b"Catalog" => ChangeDetail::CatalogChanged { object },
            (_, Some(Object::Name(kind))) if kind == b"EmbeddedFile" || kind == b"Filespec" => {
                ChangeDetail::EmbeddedFileChanged { object }
            }
            _ => ChangeDetail::ObjectChanged { part, object },
        })
    }
}

/// Whether the value of a key is this name.
fn has_name(entries: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    matches!(entries.get(key), Some(Object::Name(found)) if found == name)
}

/// Whether a dictionary has what the value of a signature field has and nothing else (ISO 32000-2, table 255): what a page
/// named before it was there must not become a font, a state of the graphics or a layer.
fn is_signature_value(value: &Dictionary) -> bool {
    const KEYS: [&[u8]; 18] = [
        b"Type",
        b"Filter",
        b"SubFilter",
        b"Contents",
        b"Cert",
        b"ByteRange",
        b"Reference",
        b"Changes",
        b"Name",
        b"M",
        b"Location",
        b"Reason",
        b"ContactInfo",
        b"R",
        b"V",
        b"Prop_Build",
        b"Prop_AuthTime",
        b"Prop_AuthType",
    ];
    let is_of_signature = !value.contains_key(b"Type".as_slice())
        || has_name(value, b"Type", b"Sig")
        || has_name(value, b"Type", b"DocTimeStamp");
    value.contains_key(b"ByteRange".as_slice())
        && value.keys().all(|key| KEYS.contains(&key.as_slice()))
        && is_of_signature
}

/// Whether a dictionary holds validation data and nothing else.
fn is_validation_data(entries: &Dictionary) -> bool {
    const KEYS: [&[u8]; 5] = [b"Type", b"Certs", b"CRLs", b"OCSPs", b"VRI"];
    let kind = entries.get(b"Type".as_slice());
    entries.keys().all(|key| KEYS.contains(&key.as_slice()))
        && kind.is_none_or(|kind| *kind == Object::Name(b"DSS".to_vec()))
}

/// Whether a stream is metadata and nothing else (ISO 32000-1, table 315).
fn is_xmp(entries: &Dictionary) -> bool {
    const KEYS: [&[u8]; 5] = [b"Type", b"Subtype", b"Length", b"Filter", b"DecodeParms"];
    entries.keys().all(|key| KEYS.contains(&key.as_slice()))
        && entries.get(b"Subtype".as_slice()) == Some(&Object::Name(b"XML".to_vec()))
}

/// Whether a version of the catalog follows on another: ISO 32000-1, table 28.
fn is_version(old: Option<&Object>, new: Option<&Object>) -> bool {
    const VERSIONS: [&[u8]; 6] = [b"1.3", b"1.4", b"1.5", b"1.6", b"1.7", b"2.0"];
    let place = |version: Option<&Object>| match version {
        Some(Object::Name(name)) => VERSIONS.iter().position(|known| known == name),
        _ => None,
    };
    match (old, new) {
        (None, new) => place(new).is_some(),
        (old, new) => place(old).zip(place(new)).is_some_and(|(old, new)| old < new),
    }
}

/// The keys whose values are not the same.
fn differing<'a>(old: &'a Dictionary, new: &'a Dictionary) -> Vec<&'a [u8]> {
    let keys: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).map(Vec::as_slice).collect()
}

/// The array of a key; empty if there is none.
fn list(file: &mut File, dictionary: &Dictionary, key: &[u8]) -> Result<Vec<Object>, ReadError> {
    Ok(match file.value(dictionary, key)? {
        Object::Array(list) => list,
        _ => Vec::new(),
    })
}

/// Whether this is a dictionary of developer extensions and nothing else: ISO 32000-2, 7.12. It is part of the catalog, which
/// a page may name among its resources.
fn only_versions(object: Option<&Object>) -> bool {
    const PREFIX: usize = 4;
    let of_developer = |value: &Object| match value {
        Object::Dictionary(entries) => entries.iter().all(|(key, value)| match key.as_slice() {
            b"Type" => *value == Object::Name(b"DeveloperExtensions".to_vec()),
            b"BaseVersion" => matches!(value, Object::Name(_)),
            b"ExtensionLevel" => matches!(value, Object::Integer(_)),
            b"ExtensionRevision" | b"URL" => matches!(value, Object::String(_)),
            _ => false,
        }),
        _ => false,
    };
    let Some(Object::Dictionary(entries)) = object else { return false };
    entries.iter().all(|(key, value)| match (key.as_slice(), value) {
        (b"Type", value) => *value == Object::Name(b"Extensions".to_vec()),
        (key, Object::Array(values)) => key.len() == PREFIX && values.iter().all(of_developer),
        (key, value) => key.len() == PREFIX && of_developer(value),
    })
}

/// The numbers that the trailer and the objects of a file refer to, each with how often.
fn referred(file: &mut File, numbers: &BTreeSet<u32>) -> Result<BTreeMap<u32, usize>, ReadError> {
    let mut times = BTreeMap::new();
    let mut meet = |number: u32| *times.entry(number).or_default() += 1;
    // Programs look for what the newest trailer lacks in the older ones.
    let trailers = file.trailers.iter().flat_map(|trailer| trailer.entries.values());
    trailers.for_each(|value| references(value, &mut meet));
    for &number in numbers {
        references(&file.get(number)?.object, &mut meet);
    }
    Ok(times)
}

/// Calls `meet` with the number of every reference in an object.
pub(super) fn references(object: &Object, meet: &mut impl FnMut(u32)) {
    match object {
        Object::Reference(number, _) => meet(*number),
        Object::Array(values) => values.iter().for_each(|value| references(value, meet)),
        Object::Dictionary(entries) => entries.values().for_each(|value| references(value, meet)),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(_) => {}
    }
}
