//! Signed files changed afterwards, in all the ways that are known: `verify` refuses every one, with reasons.
//!
//! Each class of attack has a file; what they share is here.

mod bytes;
mod fields;
mod hostile;
mod pages;
mod report;
mod signature;
mod structure;

use gongwen::verify::{Reproduction, Verdict, VerifyOptions, verify};
use gongwen::{Exporter, Format, Options};
use lopdf::{Document, Object, ObjectId};

use crate::command::short_report;
use crate::pki::{Identity, Key, root};
use crate::sign::{exported, signed, verified};

/// Small numbers from a seed, the same on every machine (an LCG of Knuth's).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// A root, and a report with two fields signed by one body.
fn signed_once() -> (Identity, Vec<u8>) {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 2, true);
    let bytes = signed(&pdf, &root.signer(Key::p256(1), "甲", 2));
    (root, bytes)
}

/// Whether the signatures hold, without a look at the report.
fn signatures_hold(pdf: &[u8]) -> bool {
    let options = VerifyOptions { signatures_only: true, ..VerifyOptions::default() };
    // A file that cannot be read any more is not taken for a good one either.
    verify(pdf, &options, &Exporter::new()).is_ok_and(|found| found.verdict != Verdict::Broken)
}

/// Checks that a file is refused; gives the reasons.
#[track_caller]
fn refused(pdf: &[u8], root: &Identity) -> String {
    let found = verified(pdf, root);
    assert!(!found.holds(), "{found:#?}");
    let changes = found.signatures.iter().flat_map(|signature| &signature.changes);
    let changes = changes.filter(|change| !change.permitted).map(|change| change.detail.message().en);
    let reasons = found.signatures.iter().flat_map(|signature| &signature.reasons);
    let reasons = reasons.map(|reason| reason.message().en);
    let of_file = found.reasons.iter().map(|reason| reason.message().en);
    let reasons: Vec<String> = reasons.chain(of_file).chain(changes).collect();
    assert!(!reasons.is_empty() || found.content.is_some(), "there are reasons: {found:#?}");
    reasons.join("\n")
}

/// Appends objects with a table of cross-references, as any program may.
pub fn appended(pdf: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    appended_as(pdf, objects, "")
}

pub fn appended_as(pdf: &[u8], objects: &[(u32, String)], more: &str) -> Vec<u8> {
    let document = Document::load_mem(pdf).expect("reads");
    let previous = {
        let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
        let (_, place) = tail.split_once("startxref\n").expect("an end");
        place.lines().next().expect("a place").to_owned()
    };
    let (root, id) =
        (document.trailer.get(b"Root").expect("a root"), document.trailer.get(b"ID").expect("an id"));
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).expect("properties");
    let root = root.as_reference().expect("a reference");
    let id = id.as_array().expect("two")[0].as_str().expect("a string");
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut out = pdf.to_vec();
    let mut table = String::new();
    for (number, text) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes());
    }
    if objects.is_empty() {
        table.push_str("0 0\n");
    }
    let start = out.len();
    let size = document.max_id + 50;
    out.extend_from_slice(
        format!(
            "xref\n{table}trailer\n<</Size {size}/Root {} 0 R/Info {} 0 R/ID[<{id}><{id}>]/Prev {previous}{more}>>\nstartxref\n{start}\n%%EOF\n",
            root.0, info.0
        )
        .as_bytes(),
    );
    out
}

/// An object as text.
pub fn text(object: &Object) -> String {
    match object {
        Object::Dictionary(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("/{} {}", String::from_utf8_lossy(key), text(value)))
                .collect();
            format!("<<{}>>", entries.join(" "))
        }
        Object::Array(values) => format!("[{}]", values.iter().map(text).collect::<Vec<_>>().join(" ")),
        Object::Reference((number, generation)) => format!("{number} {generation} R"),
        Object::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
        Object::String(bytes, _) => {
            format!("<{}>", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        Object::Integer(value) => value.to_string(),
        Object::Real(value) => value.to_string(),
        Object::Boolean(value) => value.to_string(),
        Object::Null => "null".to_owned(),
        Object::Stream(_) => unreachable!("streams are written by hand"),
    }
}

/// The first page: its number and its entries.
fn page(pdf: &[u8]) -> (ObjectId, lopdf::Dictionary) {
    let document = Document::load_mem(pdf).expect("reads");
    let id = document.page_iter().next().expect("a page");
    (id, document.get_dictionary(id).expect("is one").clone())
}

/// A number that no object has.
fn free(pdf: &[u8]) -> u32 {
    Document::load_mem(pdf).expect("reads").max_id + 10
}

/// A field by its name.
fn field(pdf: &[u8], name: &str) -> (u32, lopdf::Dictionary) {
    let document = Document::load_mem(pdf).expect("reads");
    let found = document.objects.iter().find_map(|(id, object)| {
        let entries = object.as_dict().ok()?;
        let own = entries.get(b"T").and_then(Object::as_str).ok()?;
        (own == name.as_bytes()).then(|| (id.0, entries.clone()))
    });
    found.expect("is there")
}

/// A file that was lengthened, with cross-references of nothing new behind it.
pub fn appended_after(plain: &[u8], longer: &[u8]) -> Vec<u8> {
    let update = appended(plain, &[]);
    let mut out = longer.to_vec();
    let tail = String::from_utf8(update[plain.len()..].to_vec()).expect("a table");
    let tail = tail.replace(&format!("startxref\n{}", plain.len()), &format!("startxref\n{}", longer.len()));
    out.extend_from_slice(tail.as_bytes());
    out
}
