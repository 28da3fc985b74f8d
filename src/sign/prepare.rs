//! A file prepared for a signature: complete but for the signature itself.

use super::appearance;
use super::fields::{self, Field};
use super::update::{Update, dictionary, name, text, write};
use super::value::Value;
use super::{SignError, SignOptions, Weakness, reference};
use crate::options::Limits;
use crate::pki::Time;
use crate::read::pdf::strict;
use crate::read::pdf::syntax::{Allowance, Dictionary, Object};

/// There are signature fields, and the file is to be appended to: ISO 32000-1, table 219.
const SIG_FLAGS: i64 = 1 | 1 << 1;
/// The greatest depth of the page tree.
const MAX_DEPTH: usize = 64;

/// A file prepared for a signature, with reserved space for it.
#[derive(Clone, Debug)]
pub struct Prepared {
    bytes: Vec<u8>,
    room: (usize, usize),
    field: String,
    ambiguous: bool,
}

impl Prepared {
    /// Whether programs may read the file in different ways, which was permitted.
    pub(super) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    /// The file; its reserved space is zeros.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The name of the field.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The content to be signed: everything but the reserved space.
    pub fn content(&self) -> Vec<u8> {
        self.pieces().concat()
    }

    pub(super) fn pieces(&self) -> [&[u8]; 2] {
        [&self.bytes[..self.room.0], &self.bytes[self.room.1..]]
    }

    /// The file with this in the reserved space.
    pub(super) fn filled(&self, cms: &[u8]) -> Result<Vec<u8>, SignError> {
        let (from, to) = self.room;
        let room = (to - from - 2) / 2;
        if cms.len() > room {
            return Err(SignError::NoRoom { needed: cms.len(), room });
        }
        let mut bytes = self.bytes.clone();
        let digits = crate::hash::hex(cms).into_bytes();
        bytes[from + 1..from + 1 + digits.len()].copy_from_slice(&digits);
        Ok(bytes)
    }

    /// A file that was prepared before.
    ///
    /// # Errors
    /// If it was not, or was changed since.
    pub fn read(pdf: &[u8], limits: &Limits) -> Result<Prepared, SignError> {
        let mut file = crate::read::pdf::open(pdf, limits)?;
        for field in fields::find(&mut file)? {
            let Some(Object::Reference(number, _)) = field.value else { continue };
            let Some(value) = Value::read(pdf, &mut file, number)? else { continue };
            if value.contents.iter().all(|&byte| byte == 0) && value.end(pdf.len()) == Some(pdf.len()) {
                return Ok(Prepared {
                    bytes: pdf.to_vec(),
                    room: value.room,
                    field: field.name,
                    ambiguous: false,
                });
            }
        }
        Err(SignError::NotPrepared)
    }
}

/// Prepares a file for a signature of up to so many bytes.
///
/// # Errors
/// If it cannot be read, or there is no such field.
pub fn prepare(pdf: &[u8], room: usize, options: &SignOptions) -> Result<Prepared, SignError> {
    prepare_value(pdf, room, options, false)
}

/// Prepares a file for a document time stamp of up to so many bytes: ETSI EN 319 142-1, 5.4.3. It gets a field of its own;
/// the empty ones are the signatories'.
pub(super) fn prepare_time_stamp(pdf: &[u8], room: usize, limits: &Limits) -> Result<Prepared, SignError> {
    // A document time stamp states no time but its own.
    let time = Time::from_unix(0).ok_or(SignError::Key)?;
    let options = SignOptions { limits: *limits, ..SignOptions::at(time) };
    prepare_value(pdf, room, &options, true)
}

fn prepare_value(pdf: &[u8], room: usize, options: &SignOptions, stamp: bool) -> Result<Prepared, SignError> {
    let mut update = Update::open(pdf, &options.limits)?;
    let known = fields::find(&mut update.file)?;
    let signature = update.number();
    let prefix = if stamp { "time-stamp" } else { "signature" };
    let chosen = if stamp { None } else { fields::choose(&known, options.field.as_deref())? };
    let field = match chosen {
        Some(mut field) => {
            if let Some(seal) = &options.seal {
                let appearance = appearance::add(&mut update, &field, seal)?;
                field.entries.insert(b"AP".to_vec(), appearance);
            }
            field.entries.insert(b"V".to_vec(), reference(signature));
            update.put(field.id, &Object::Dictionary(field.entries.clone()));
            form(&mut update, None)?;
            field
        }
        None => {
            let mut count = known.len() + 1;
            if stamp {
                count = 1;
            }
            while known.iter().any(|field| field.name == format!("{prefix}-{count}")) {
                count += 1;
            }
            let name = format!("{prefix}-{count}");
            if options.seal.is_some() {
                return Err(SignError::NoRectangle(name));
            }
            let label = if stamp { "文件时间戳" } else { "签名" };
            invisible(&mut update, name, label, signature)?
        }
    };
    let (text, marks) = signature_text((!stamp).then_some(options), room);
    let start = update.length() + format!("{signature} 0 obj\n").len();
    update.put_text((signature, 0), &text);
    let (from, to) = (start + marks.contents.0, start + marks.contents.1);
    let mut bytes = update.finish()?;
    let range = format!("[0 {from} {to} {}]", bytes.len() - to);
    let place = start + marks.range;
    bytes[place..place + range.len()].copy_from_slice(range.as_bytes());
    // Nobody could show later what was signed. A time stamp says no more than that the bytes were there.
    let doubt = if stamp { None } else { strict::first_doubt(&bytes, &Allowance::new(&options.limits))? };
    match doubt {
        Some(at) if !options.allow.contains(&Weakness::AmbiguousSyntax) => Err(SignError::Ambiguous { at }),
        Some(_) | None => {
            Ok(Prepared { bytes, room: (from, to), field: field.name, ambiguous: doubt.is_some() })
        }
    }
}

/// Positions in the text of a signature dictionary.
struct Marks {
    contents: (usize, usize),
    range: usize,
}

/// The dictionary of a signature, or without options of a document time stamp (ISO 32000-2, 12.8.5), as text, with zeros
/// for what is not known yet.
fn signature_text(options: Option<&SignOptions>, room: usize) -> (Vec<u8>, Marks) {
    let (kind, sub_filter) = match options {
        Some(_) => ("Sig", "ETSI.CAdES.detached"),
        None => ("DocTimeStamp", "ETSI.RFC3161"),
    };
    let mut entries = dictionary([
        ("Type", name(kind)),
        ("Filter", name("Adobe.PPKLite")),
        ("SubFilter", name(sub_filter)),
    ]);
    if let Some(options) = options {
        entries.insert(b"M".to_vec(), Object::String(options.time.pdf().into_bytes()));
        for (key, value) in [("Reason", &options.reason), ("Location", &options.location)] {
            if let Some(value) = value {
                entries.insert(key.into(), self::text(value));
            }
        }
    }
    let mut text = Vec::new();
    write(&Object::Dictionary(entries), &mut text);
    text.truncate(text.len() - ">>".len());
    text.extend_from_slice(b"/Contents ");
    let from = text.len();
    text.push(b'<');
    text.resize(text.len() + room * 2, b'0');
    text.push(b'>');
    let to = text.len();
    text.extend_from_slice(b"/ByteRange ");
    let range = text.len();
    // Enough for three numbers of a file of 256 MiB.
    text.extend_from_slice(&[b' '; 40]);
    text.extend_from_slice(b">>");
    (text, Marks { contents: (from, to), range })
}

/// The interactive form of the catalog: with the flags of signatures, and with a new field if there is one.
fn form(update: &mut Update, new: Option<u32>) -> Result<(), SignError> {
    let trailer = update.file.trailer.clone();
    let Some(Object::Reference(root, generation)) = trailer.get(b"Root".as_slice()).cloned() else {
        return Err(SignError::cross_references());
    };
    let mut catalog = update.file.dictionary(&trailer, b"Root")?.ok_or_else(SignError::cross_references)?;
    let held = catalog.get(b"AcroForm".as_slice()).cloned();
    let mut form = update.file.dictionary(&catalog, b"AcroForm")?.unwrap_or_default();
    let flags = match update.file.value(&form, b"SigFlags")? {
        Object::Integer(flags) => flags,
        _ => 0,
    };
    if new.is_none() && flags & SIG_FLAGS == SIG_FLAGS {
        return Ok(());
    }
    form.insert(b"SigFlags".to_vec(), Object::Integer(flags | SIG_FLAGS));
    if let Some(field) = new {
        let mut all = match update.file.value(&form, b"Fields")? {
            Object::Array(all) => all,
            _ => Vec::new(),
        };
        all.push(reference(field));
        form.insert(b"Fields".to_vec(), Object::Array(all));
    }
    match held {
        Some(Object::Reference(number, generation)) => {
            update.put((number, generation), &Object::Dictionary(form));
        }
        _ => {
            catalog.insert(b"AcroForm".to_vec(), Object::Dictionary(form));
            update.put((root, generation), &Object::Dictionary(catalog));
        }
    }
    Ok(())
}

/// A new invisible signature field on the first page: outside of it, so that it needs no place in the structure.
fn invisible(update: &mut Update, named: String, label: &str, signature: u32) -> Result<Field, SignError> {
    const PRINT_LOCKED: i64 = 1 << 2 | 1 << 7;
    let ((page_number, generation), mut page) = first_page(update)?;
    let number = update.number();
    let entries = dictionary([
        ("Type", name("Annot")),
        ("Subtype", name("Widget")),
        ("FT", name("Sig")),
        ("T", text(&named)),
        ("TU", text(label)),
        ("Contents", text(label)),
        ("Rect", Object::Array(vec![Object::Integer(-1); 4])),
        ("F", Object::Integer(PRINT_LOCKED)),
        ("P", Object::Reference(page_number, generation)),
        ("V", reference(signature)),
    ]);
    update.put((number, 0), &Object::Dictionary(entries.clone()));
    let mut annotations = match update.file.value(&page, b"Annots")? {
        Object::Array(annotations) => annotations,
        _ => Vec::new(),
    };
    annotations.push(reference(number));
    match page.get(b"Annots".as_slice()).cloned() {
        Some(Object::Reference(held, generation)) => {
            update.put((held, generation), &Object::Array(annotations));
        }
        _ => {
            page.insert(b"Annots".to_vec(), Object::Array(annotations));
            update.put((page_number, generation), &Object::Dictionary(page));
        }
    }
    form(update, Some(number))?;
    Ok(Field { id: (number, 0), name: named, entries, value: None })
}

fn first_page(update: &mut Update) -> Result<((u32, u16), Dictionary), SignError> {
    let trailer = update.file.trailer.clone();
    let catalog = update.file.dictionary(&trailer, b"Root")?.unwrap_or_default();
    let mut next = catalog.get(b"Pages".as_slice()).cloned();
    for _ in 0..MAX_DEPTH {
        let Some(Object::Reference(number, generation)) = next else { break };
        let Object::Dictionary(node) = update.file.get(number)?.object else { break };
        match update.file.value(&node, b"Kids")? {
            Object::Array(kids) => next = kids.first().cloned(),
            _ => return Ok(((number, generation), node)),
        }
    }
    Err(SignError::cross_references())
}
