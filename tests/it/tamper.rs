//! Signed files changed afterwards, in all the ways that are known: `verify` refuses every one, with reasons.

use gongwen::verify::{Reproduction, VerifyOptions, verify};
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
    verify(pdf, &options, &Exporter::new()).is_ok_and(|found| found.holds)
}

/// Checks that a file is refused; gives the reasons.
#[track_caller]
fn refused(pdf: &[u8], root: &Identity) -> String {
    let found = verified(pdf, root);
    assert!(!found.holds, "{found:#?}");
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

fn appended_as(pdf: &[u8], objects: &[(u32, String)], more: &str) -> Vec<u8> {
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

/// The changes of a byte of a signed file that nobody noticed: its position, and what it became. `changes` gives the masks
/// by which the byte at a position is changed, one at a time. The room of the signature is left out: it has a test of its
/// own.
fn unnoticed(changes: impl Fn(usize) -> Vec<u8> + Sync) -> Vec<(usize, u8)> {
    let (root, pdf) = signed_once();
    assert!(verified(&pdf, &root).holds);
    let room = {
        let place =
            |mark: &[u8]| pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there");
        let from = place(b"/Contents <") + b"/Contents ".len();
        from..from + pdf[from..].iter().position(|&byte| byte == b'>').expect("an end") + 1
    };
    let places: Vec<usize> = (0..pdf.len()).filter(|place| !room.contains(place)).collect();
    let check = |places: &[usize]| {
        let mut bytes = pdf.clone();
        let mut passed = Vec::new();
        for (place, mask) in
            places.iter().flat_map(|&place| changes(place).into_iter().map(move |mask| (place, mask)))
        {
            bytes[place] ^= mask;
            if signatures_hold(&bytes) {
                passed.push((place, bytes[place]));
            }
            bytes[place] = pdf[place];
        }
        assert!(signatures_hold(&bytes), "all is put back");
        passed
    };
    let (first, second) = places.split_at(places.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| check(second));
        [check(first), other.join().expect("ends")].concat()
    })
}

#[test]
fn no_changed_byte_passes() {
    // Every third byte here; `every_changed_bit_is_noticed` takes all.
    assert_eq!(unnoticed(|number| if number % 3 == 0 { vec![1 << (number % 8)] } else { Vec::new() }), []);
}

#[test]
#[ignore = "takes a while: scripts/test --long runs it"]
fn every_changed_bit_is_noticed() {
    assert_eq!(unnoticed(|_| (0..8).map(|bit| 1 << bit).collect()), []);
}

#[test]
fn the_signature_itself_cannot_be_changed() {
    let (_, pdf) = signed_once();
    let mark = b"/Contents <";
    let from = pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there") + mark.len();
    let to = from + pdf[from..].iter().position(|&byte| byte == b'>').expect("an end");
    let mut numbers = Numbers(3);
    for _ in 0..300 {
        let place = from + numbers.below(to - from);
        let mut bytes = pdf.clone();
        // A digit of another value: that of another case would be the same signature.
        let value = char::from(bytes[place]).to_digit(16).expect("a digit");
        let other = (value + 1 + numbers.below(15) as u32) % 16;
        bytes[place] = char::from_digit(other, 16).expect("a digit") as u8;
        // What is not signed are certificates beside the signer's: there are none here but the root's own.
        assert!(!signatures_hold(&bytes), "{place}");
    }
}

#[test]
fn cut_files_and_appended_garbage_are_refused() {
    let (root, pdf) = signed_once();
    for length in (0..pdf.len()).step_by(997).chain(pdf.len() - 40..pdf.len() - 1) {
        assert!(!signatures_hold(&pdf[..length]), "{length}");
    }
    for garbage in
        ["x", "%comment\n", "%%EOF\n", "1 0 obj\n<<>>\nendobj\n", "startxref\n9\n%%EOF\n", "\n\n%%EOF"]
    {
        let more = [pdf.as_slice(), garbage.as_bytes()].concat();
        assert!(!signatures_hold(&more), "{garbage}");
    }
    let (page, entries) = page(&pdf);
    let update = appended(&pdf, &[(page.0, text(&Object::Dictionary(entries)))]);
    assert!(verified(&update, &root).holds, "an update that changes nothing: the helper is sound");
    // Between the objects of an update, too, there is nothing.
    let place = update.windows(5).rposition(|window| window == b"xref\n").expect("a table") - 10;
    for hidden in ["%7 0 obj<<>>endobj\n", "8 0 obj\n<</A 1>>\nendobj\n"] {
        let at = update[..place].iter().rposition(|&byte| byte == b'e').map_or(place, |_| pdf.len());
        let mut more = update[..at].to_vec();
        more.extend_from_slice(hidden.as_bytes());
        more.extend_from_slice(&update[at..]);
        assert!(!signatures_hold(&more), "{hidden}");
    }
}

#[test]
fn replaced_pages_are_refused() {
    let (root, pdf) = signed_once();
    let (id, entries) = page(&pdf);
    let number = free(&pdf);
    let stream = "<</Length 8>>\nstream\n0 0 m S \nendstream".to_owned();
    // The page's own stream in a new form.
    let contents = entries.get(b"Contents").and_then(Object::as_reference).expect("is one").0;
    let reasons = refused(&appended(&pdf, &[(contents, stream.clone())]), &root);
    assert!(reasons.contains(&format!("object {contents}")), "{reasons}");
    // The page with another stream, another size, or something laid over it.
    let annotation = "<</Type/Annot/Subtype/Stamp/Rect[0 0 600 800]/F 4>>".to_owned();
    for (key, value) in [
        ("Contents", format!("{number} 0 R")),
        ("MediaBox", "[0 0 1 1]".to_owned()),
        ("Annots", format!("[{number} 0 R]")),
        ("Rotate", "180".to_owned()),
    ] {
        let mut changed = entries.clone();
        changed.remove(key.as_bytes());
        let body = text(&Object::Dictionary(changed));
        let body = format!("{}/{key} {value}>>", &body[..body.len() - 2]);
        let other = if key == "Annots" { annotation.clone() } else { stream.clone() };
        let reasons = refused(&appended(&pdf, &[(id.0, body), (number, other)]), &root);
        assert!(reasons.contains("a page was changed"), "{key}: {reasons}");
    }
    // Annotations added behind those that are there.
    let mut all = entries.get(b"Annots").and_then(Object::as_array).expect("has fields").clone();
    all.push(Object::Reference((number, 0)));
    let mut changed = entries.clone();
    changed.set("Annots", all);
    let update = appended(&pdf, &[(id.0, text(&Object::Dictionary(changed))), (number, annotation)]);
    assert!(refused(&update, &root).contains("a page was changed"));
}

#[test]
fn hidden_contents_cannot_come_forth() {
    // Hide: an update takes away what lay over the signed content.
    let root = root("根");
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let (id, entries) = page(&plain);
    let number = free(&plain);
    let mut covered = entries.clone();
    let mut all = entries.get(b"Annots").and_then(Object::as_array).expect("has a field").clone();
    all.push(Object::Reference((number, 0)));
    covered.set("Annots", all);
    let body = text(&Object::Dictionary(covered));
    let cover = "<</Type/Annot/Subtype/Square/Rect[0 0 600 800]/F 4>>".to_owned();
    let prepared = appended(&plain, &[(id.0, body.clone()), (number, cover)]);
    let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds);
    let reasons = refused(&appended(&pdf, &[(id.0, text(&Object::Dictionary(entries.clone())))]), &root);
    assert!(reasons.contains("a page was changed"), "{reasons}");
    let reasons = refused(&appended(&pdf, &[(number, "null".to_owned())]), &root);
    assert!(reasons.contains("was removed"), "{reasons}");
    let free_entry = appended(&pdf, &[(number, "<<>>".to_owned())]);
    let line = free_entry.windows(5).rposition(|window| window == b" n \nt").expect("an entry");
    let mut freed = free_entry.clone();
    freed[line + 1] = b'f';
    assert!(!verified(&freed, &root).holds);

    // Hide and replace: the signed file points to a number that nothing has yet; an update fills the hole.
    let prepared = appended(&plain, &[(id.0, body)]);
    let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds);
    let annotation = "<</Type/Annot/Subtype/Stamp/Rect[0 0 600 800]/F 4>>".to_owned();
    let reasons = refused(&appended(&pdf, &[(number, annotation)]), &root);
    assert!(reasons.contains("led nowhere"), "{reasons}");

    // Hide and replace: two objects of one number are signed, and the cross-references change to the other.
    let contents = entries.get(b"Contents").and_then(Object::as_reference).expect("is one").0;
    let hidden = format!("{contents} 0 obj\n<</Length 8>>\nstream\n0 0 m S \nendstream\nendobj\n");
    let mut prepared = plain.clone();
    let at = prepared.len();
    prepared.extend_from_slice(hidden.as_bytes());
    let prepared = appended_after(&plain, &prepared);
    let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds);
    let reasons = refused(&relocated(&pdf, contents, at), &root);
    assert!(reasons.contains(&format!("object {contents}")), "{reasons}");
}

/// A file that was lengthened, with cross-references of nothing new behind it.
fn appended_after(plain: &[u8], longer: &[u8]) -> Vec<u8> {
    let update = appended(plain, &[]);
    let mut out = longer.to_vec();
    let tail = String::from_utf8(update[plain.len()..].to_vec()).expect("a table");
    let tail = tail.replace(&format!("startxref\n{}", plain.len()), &format!("startxref\n{}", longer.len()));
    out.extend_from_slice(tail.as_bytes());
    out
}

/// An update whose cross-references place an object elsewhere in what was signed.
fn relocated(pdf: &[u8], number: u32, at: usize) -> Vec<u8> {
    let update = appended(pdf, &[]);
    let tail = String::from_utf8(update[pdf.len()..].to_vec()).expect("a table");
    let tail = tail.replace("0 0\n", &format!("{number} 1\n{at:010} 00000 n \n"));
    [pdf, tail.as_bytes()].concat()
}

#[test]
fn fields_change_only_by_being_filled() {
    let (root, pdf) = signed_once();
    let (empty, entries) = field(&pdf, "signatory-2");
    let (full, filled) = field(&pdf, "signatory-1");
    let number = free(&pdf);
    let with = |entries: &lopdf::Dictionary, key: &str, value: &str| {
        let mut changed = entries.clone();
        changed.remove(key.as_bytes());
        let body = text(&Object::Dictionary(changed));
        format!("{}/{key} {value}>>", &body[..body.len() - 2])
    };
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream".to_owned();
    for (of, body) in [
        (empty, with(&entries, "Rect", "[0 0 600 800]")),
        (empty, with(&entries, "AP", &format!("<</N {number} 0 R>>"))),
        (empty, with(&entries, "F", "2")),
        (empty, with(&entries, "V", &format!("{number} 0 R"))),
        (empty, with(&entries, "V", "(text)")),
        (full, with(&filled, "AP", &format!("<</N {number} 0 R>>"))),
        (full, with(&filled, "V", "null")),
    ] {
        let reasons = refused(&appended(&pdf, &[(of, body.clone()), (number, form.clone())]), &root);
        assert!(reasons.contains("signature"), "{body}: {reasons}");
    }
    // Duplicate keys are read in different ways.
    let body = text(&Object::Dictionary(entries.clone()));
    let twice = format!("{}/Rect[0 0 600 800]>>", &body[..body.len() - 2]);
    let reasons = refused(&appended(&pdf, &[(empty, twice)]), &root);
    assert!(reasons.contains("differently"), "{reasons}");
}

#[test]
fn a_new_field_is_seen_by_nobody() {
    let (root, pdf) = signed_once();
    let document = Document::load_mem(&pdf).expect("reads");
    let catalog_id = document.trailer.get(b"Root").and_then(Object::as_reference).expect("a root").0;
    let catalog = document.catalog().expect("is there").clone();
    let number = free(&pdf);
    let mut form = catalog.get(b"AcroForm").and_then(Object::as_dict).expect("is direct").clone();
    let mut fields = form.get(b"Fields").and_then(Object::as_array).expect("a list").clone();
    fields.push(Object::Reference((number, 0)));
    form.set("Fields", fields);
    let mut changed = catalog.clone();
    changed.set("AcroForm", form);
    let body = text(&Object::Dictionary(changed.clone()));
    let field = |rect: &str, more: &str| {
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(new)/Rect[{rect}]/F 132{more}>>")
    };
    let good = appended(&pdf, &[(catalog_id, body.clone()), (number, field("0 0 0 0", ""))]);
    assert!(verified(&good, &root).holds);
    let bad = [
        field("0 0 100 100", ""),
        field("0 0 0 0", "/A<</S/URI/URI(http://a.cn)>>"),
        field("0 0 0 0", "/AP<</N 1 0 R>>"),
        field("0 0 0 0", "").replace("/FT/Sig", "/FT/Tx"),
        field("0 0 0 0", "").replace("(new)", "(signatory-1)"),
    ];
    for bad in bad {
        let reasons = refused(&appended(&pdf, &[(catalog_id, body.clone()), (number, bad.clone())]), &root);
        assert!(reasons.contains("catalog") || reasons.contains("signature"), "{bad}: {reasons}");
    }
    // Anything else of the catalog stays as it is.
    for (key, value) in [("OpenAction", "<</S/JavaScript/JS(app.alert(1))>>"), ("Lang", "(en)")] {
        let mut other = catalog.clone();
        other.remove(key.as_bytes());
        let body = text(&Object::Dictionary(other));
        let body = format!("{}/{key} {value}>>", &body[..body.len() - 2]);
        assert!(refused(&appended(&pdf, &[(catalog_id, body)]), &root).contains("catalog"), "{key}");
    }
}

#[test]
fn another_root_or_identifier_is_refused() {
    let (root, pdf) = signed_once();
    let document = Document::load_mem(&pdf).expect("reads");
    let catalog = text(&Object::Dictionary(document.catalog().expect("is there").clone()));
    let number = free(&pdf);
    let update = appended(&pdf, &[(number, catalog)]);
    let old = document.trailer.get(b"Root").and_then(Object::as_reference).expect("a root").0;
    let place = update.windows(6).rposition(|window| window == b"/Root ").expect("a trailer");
    let mut moved = update[..place].to_vec();
    moved.extend_from_slice(format!("/Root {number} 0 R").as_bytes());
    moved.extend_from_slice(&update[place + format!("/Root {old} 0 R").len()..]);
    assert!(refused(&moved, &root).contains("root"));
    let place = update.windows(4).rposition(|window| window == b"/ID[").expect("a trailer") + 6;
    let mut other = update.clone();
    other[place] = if other[place] == b'0' { b'1' } else { b'0' };
    assert!(refused(&other, &root).contains("identifier"));
    let encrypted = appended_as(&pdf, &[], "/Encrypt<<>>");
    assert!(!signatures_hold(&encrypted));
}

#[test]
fn cross_references_say_one_thing() {
    let (root, pdf) = signed_once();
    let number = free(&pdf);
    let update = appended(&pdf, &[(number, "<</Fine true>>".to_owned())]);
    assert!(verified(&update, &root).holds, "an object that nothing leads to");
    let tail = String::from_utf8(update[pdf.len()..].to_vec()).expect("a table");
    let changed = |from: &str, to: &str| {
        assert!(tail.contains(from), "{from} in {tail}");
        let tail = tail.replacen(from, to, 1);
        // The place of the table moves with what is before it.
        let start = pdf.len() + tail.find("xref\n").expect("a table");
        let (head, _) = tail.split_once("startxref").expect("an end");
        [&pdf, format!("{head}startxref\n{start}\n%%EOF\n").as_bytes()].concat()
    };
    // A number placed twice, a size that leaves out what is there, a section that only some programs read.
    let twice = format!("{number} 1\n0000000009 00000 n \ntrailer");
    assert!(refused(&changed("trailer", &twice), &root).contains("twice"));
    let size = format!("/Size {}", Document::load_mem(&pdf).expect("reads").max_id + 50);
    assert!(refused(&changed(&size, "/Size 9"), &root).contains("size"));
    assert!(!signatures_hold(&changed("/Prev", "/XRefStm 15/Prev")));
    assert!(!signatures_hold(&changed("xref\n", "xref\n0 0\ntrailer\n<<>>\nxref\n")));
    // An object of another generation is gone: the same place, another generation in the table.
    let (contents, _) = page(&pdf);
    let moved = appended(&pdf, &[(contents.0, text(&Object::Dictionary(page(&pdf).1)))]);
    assert!(signatures_hold(&moved));
    let place = moved.windows(9).rposition(|window| window == b" 00000 n ").expect("an entry") + 5;
    let mut other = moved.clone();
    other[place] = b'1';
    assert!(!signatures_hold(&other));
    let header = format!("\n{} 0 obj", contents.0);
    let at = other.windows(header.len()).rposition(|window| window == header.as_bytes()).expect("is there");
    other[at + header.len() - 5] = b'1';
    assert!(!signatures_hold(&other));
    assert!(!signatures_hold(&changed("<</Fine true>>", "<</Fine tru>>")));
}

#[test]
fn a_signature_of_another_file_is_refused() {
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let [one, two] = ["题", "另"].map(|title| exported(short_report(title).as_bytes(), 2, false));
    let (first, second) = (signed(&one, &signer), signed(&two, &signer));
    let contents = |pdf: &[u8]| {
        let mark = b"/Contents <";
        let from = pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there") + mark.len();
        from..from + pdf[from..].iter().position(|&byte| byte == b'>').expect("an end")
    };
    // Its signature in the room of this one.
    let (here, there) = (contents(&first), contents(&second));
    assert_eq!(here.len(), there.len());
    let mut replayed = second.clone();
    replayed[there].copy_from_slice(&first[here]);
    assert!(refused(&replayed, &root).contains("its hash is not the one that was signed"));

    // The signature of the first field once more for the second field.
    let (number, entries) = field(&first, "signatory-2");
    let value = field(&first, "signatory-1").1.get(b"V").expect("is signed").clone();
    let mut copied = entries.clone();
    copied.set("V", value.clone());
    let reasons = refused(&appended(&first, &[(number, text(&Object::Dictionary(copied)))]), &root);
    assert!(reasons.contains("another field has the same signature"), "{reasons}");

    // A copy of it as an object of its own, with the old range: it is not part of what it is over.
    let document = Document::load_mem(&first).expect("reads");
    let value = document.get_dictionary(value.as_reference().expect("a reference")).expect("is one").clone();
    let fresh = free(&first);
    let mut copied = entries.clone();
    copied.set("V", Object::Reference((fresh, 0)));
    let objects = [(number, text(&Object::Dictionary(copied))), (fresh, text(&Object::Dictionary(value)))];
    let reasons = refused(&appended(&first, &objects), &root);
    assert!(reasons.contains("ByteRange"), "{reasons}");
}

#[test]
fn byte_ranges_leave_nothing_out() {
    let (root, pdf) = signed_once();
    let mark = b"/ByteRange [";
    let from = pdf.windows(mark.len()).rposition(|window| window == mark).expect("is there") + mark.len();
    let to = from + pdf[from..].iter().position(|&byte| byte == b']').expect("an end");
    let range: Vec<usize> = String::from_utf8_lossy(&pdf[from..to])
        .split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect();
    let [a, b, c, d] = range[..] else { panic!("four numbers") };
    for other in [
        format!("{a} {b} {} {}", c + 1, d - 1),
        format!("{a} {} {c} {d}", b - 1),
        format!("1 {} {c} {d}", b - 1),
        format!("{a} {b} {c} {}", d - 7),
        format!("{a} {b} {c} {}", d + 9),
        format!("{a} {b} {c}"),
        format!("{a} {b} {c} {d} 0 1"),
        format!("{a} {b} {c} -{d}"),
        String::new(),
    ] {
        let mut bytes = pdf.clone();
        let end = to + pdf[to..].iter().position(|&byte| byte == b'>').expect("an end");
        let text = format!("{other}]");
        let room = &mut bytes[from..end];
        room.fill(b' ');
        room[..text.len()].copy_from_slice(text.as_bytes());
        assert!(refused(&bytes, &root).contains("ByteRange") || other.len() < 3, "{other}");
    }
}

#[test]
fn a_swapped_report_does_not_hold() {
    let (root, pdf) = signed_once();
    let document = Document::load_mem(&pdf).expect("reads");
    // In an update after the signature.
    let embedded = document.objects.iter().find(|(_, object)| {
        let kind = object.as_stream().ok().and_then(|stream| stream.dict.get(b"Type").ok());
        kind.is_some_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"EmbeddedFile"))
    });
    let (id, _) = embedded.expect("is there");
    let report = short_report("另一个题");
    let stream = format!("<</Type/EmbeddedFile/Length {}>>\nstream\n{report}\nendstream", report.len());
    let swapped = appended(&pdf, &[(id.0, stream.clone())]);
    assert!(refused(&swapped, &root).contains("embedded file"));

    // Before the signature: it holds, but the file is not what its report makes.
    let plain = exported(short_report("题").as_bytes(), 1, true);
    let swapped = signed(&appended(&plain, &[(id.0, stream)]), &root.signer(Key::p256(1), "甲", 2));
    let found = verified(&swapped, &root);
    assert!(found.signatures[0].holds && !found.holds, "{found:#?}");
    let content = found.content.expect("it carries a report");
    assert_eq!(content.reproduced, Reproduction::No);

    // Pages changed by an update between the export and the signature.
    let (page, mut entries) = page(&plain);
    entries.set("Rotate", 180);
    let turned = appended(&plain, &[(page.0, text(&Object::Dictionary(entries)))]);
    let found = verified(&signed(&turned, &root.signer(Key::p256(1), "甲", 2)), &root);
    assert!(found.signatures[0].holds && !found.holds, "{found:#?}");
    assert_eq!(found.content.expect("it carries a report").reproduced, Reproduction::No);
}

#[test]
fn another_version_and_missing_inputs_are_distinguished() {
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let options = Options { formats: vec![Format::Pdf], embed_source: true, ..Options::default() };
    let export = Exporter::new().export(short_report("题").as_bytes(), &options, &()).expect("in order");
    let pdf = export.file(Format::Pdf).expect("was asked for");
    let manifest = String::from_utf8(export.source.clone().expect("asked for").manifest).expect("UTF-8");
    let document = Document::load_mem(pdf).expect("reads");
    let (id, _) = document
        .objects
        .iter()
        .filter(|(_, object)| object.as_stream().is_ok())
        .find(|(_, object)| {
            let content = object.as_stream().and_then(lopdf::Stream::decompressed_content);
            content.is_ok_and(|content| content == manifest.as_bytes())
        })
        .expect("is there");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let hash = manifest.split("\"sha256\": \"").last().expect("a font").split('"').next().expect("a hash");
    let other_layout = manifest.replacen("\"file\": null", "\"file\": \"layout-1.toml\"", 1);
    for (changed, expected) in [
        (manifest.replace(&version, "\"version\": \"9.9\""), Reproduction::OtherVersion),
        (manifest.replace(hash, &"0".repeat(64)), Reproduction::InputsMissing),
        (other_layout, Reproduction::InputsMissing),
    ] {
        assert_ne!(changed, manifest);
        // A first revision that this program would not make.
        let mut pdf = pdf.to_vec();
        pdf[7] = b'6';
        let stream = format!("<</Type/EmbeddedFile/Length {}>>\nstream\n{changed}\nendstream", changed.len());
        let found = verified(&signed(&appended(&pdf, &[(id.0, stream)]), &signer), &root);
        assert!(found.signatures[0].holds && !found.holds);
        assert_eq!(found.content.expect("it carries a report").reproduced, expected);
    }
}

#[test]
fn data_for_validation_never_were_anything_else() {
    // Hide: what the catalog calls its validation data is at the same time an annotation over the page.
    let root = root("根");
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let document = Document::load_mem(&plain).expect("reads");
    let catalog_id = document.trailer.get(b"Root").and_then(Object::as_reference).expect("a root").0;
    let mut catalog = document.catalog().expect("is there").clone();
    let (id, mut entries) = page(&plain);
    let number = free(&plain);
    let mut all = entries.get(b"Annots").and_then(Object::as_array).expect("has a field").clone();
    all.push(Object::Reference((number, 0)));
    entries.set("Annots", all);
    catalog.set("DSS", Object::Reference((number, 0)));
    let [entries, catalog] = [entries, catalog].map(|entries| text(&Object::Dictionary(entries)));
    let cover = "<</Type/Annot/Subtype/Square/Rect[0 0 600 800]/F 4>>".to_owned();
    let prepared = appended(&plain, &[(id.0, entries), (catalog_id, catalog), (number, cover)]);
    let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds);
    let reasons = refused(&appended(&pdf, &[(number, "<</Type/DSS>>".to_owned())]), &root);
    assert!(reasons.contains(&format!("object {number}")), "{reasons}");
}

#[test]
fn what_is_read_in_two_ways_is_refused() {
    // One program takes the first of two keys, another the last; a reference to a generation that cannot be is null.
    let root = root("根");
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let (id, entries) = page(&plain);
    let number = free(&plain);
    let all = entries.get(b"Annots").and_then(Object::as_array).expect("has a field").clone();
    let [cover, new] = [number, number + 1];
    let kept = text(&Object::Array(all.clone()));
    let kept = &kept[..kept.len() - 1];
    let mut bare = entries.clone();
    bare.remove(b"Annots");
    let body = text(&Object::Dictionary(bare));
    let body = &body[..body.len() - 2];
    let annotation = "<</Type/Annot/Subtype/Square/Rect[0 0 600 800]/F 4>>".to_owned();
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(new)/Rect[0 0 0 0]/F 132>>".to_owned();
    for (annotations, after) in [
        (format!("/Annots {kept} {cover} 0 R]/Annots {kept}]"), format!("/Annots {kept} {new} 0 R]")),
        (format!("/Annots {kept} {cover} 70000 R]"), format!("/Annots {kept} {cover} 0 R {new} 0 R]")),
    ] {
        let prepared =
            appended(&plain, &[(id.0, format!("{body}{annotations}>>")), (cover, annotation.clone())]);
        let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
        let update = appended(&pdf, &[(id.0, format!("{body}{after}>>")), (new, field.clone())]);
        for pdf in [pdf, update] {
            let reasons = refused(&pdf, &root);
            assert!(reasons.contains("is not by the grammar"), "{annotations}: {reasons}");
        }
    }
}

#[test]
fn files_begin_with_their_header() {
    // Some programs count from the header on, so that the same cross-references lead them elsewhere.
    let root = root("根");
    // Written by a program that packs no objects into streams.
    let mut plain = Vec::new();
    let mut document = Document::load_mem(&exported(short_report("题").as_bytes(), 1, false)).expect("reads");
    document.save_to(&mut plain).expect("writes");
    let before = b"%shifted\n";
    let shifted = [before, plain.as_slice()].concat();
    // Its cross-references are written again, for programs that count from the first byte.
    let document = Document::load_mem(&plain).expect("reads");
    let table: String = document
        .reference_table
        .entries
        .iter()
        .filter_map(|(number, entry)| match entry {
            lopdf::xref::XrefEntry::Normal { offset, .. } => {
                Some(format!("{number} 1\n{:010} 00000 n \n", *offset as usize + before.len()))
            }
            _ => None,
        })
        .collect();
    let trailer = document.trailer.clone();
    let keep = |key: &[u8]| text(trailer.get(key).expect("is there"));
    let (size, base) = (document.max_id + 1, shifted.len());
    let update = format!(
        "xref\n{table}trailer\n<</Size {size}/Root {}/Info {}/ID {}>>\nstartxref\n{base}\n%%EOF\n",
        keep(b"Root"),
        keep(b"Info"),
        keep(b"ID")
    );
    let shifted = [shifted, update.into_bytes()].concat();
    let pdf = signed(&shifted, &root.signer(Key::p256(1), "甲", 2));
    assert!(refused(&pdf, &root).contains("does not begin with"));
}

#[test]
fn nothing_is_hidden_from_programs_that_repair() {
    let (root, pdf) = signed_once();
    let number = free(&pdf);
    let stream = |content: &str| format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
    let update = |object: String| appended(&pdf, &[(number, object)]);
    assert!(verified(&update(stream("7 0 of them")), &root).holds, "a stream that nothing leads to");
    for hidden in [
        stream("5 0 obj\n<</Type/Page>>\nendobj"),
        stream("trailer\n<</Root 5 0 R>>"),
        stream("startxref\n5\n%%EOF"),
        "<</A(5 0 obj)>>".to_owned(),
        "<</A 1 % 5 0 R\n>>".to_owned(),
    ] {
        assert!(!signatures_hold(&update(hidden.clone())), "{hidden}");
    }
    // What programs would repair: rows of another length, and an end that is far from the end.
    let whole = update("<</A 1>>".to_owned());
    assert!(signatures_hold(&whole));
    assert!(!signatures_hold(&[whole.as_slice(), &[b' '; 2000]].concat()));
    let tail = String::from_utf8(whole[pdf.len()..].to_vec()).expect("text");
    let short = [&pdf, tail.replace(" n \n", " n\n").as_bytes()].concat();
    assert!(!signatures_hold(&short));
}

#[test]
fn holes_of_the_trailer_are_not_filled() {
    let root = root("根");
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let number = free(&plain);
    // Properties that are not there yet.
    let update = String::from_utf8(appended(&plain, &[])[plain.len()..].to_vec()).expect("text");
    let place = update.find("/Info ").expect("properties") + 6;
    let end = place + update[place..].find(" 0 R").expect("a reference");
    let prepared = format!("{}{number}{}", &update[..place], &update[end..]);
    let pdf = signed(&[&plain, prepared.as_bytes()].concat(), &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds);
    let reasons = refused(&appended(&pdf, &[(number, "<</Title(x)>>".to_owned())]), &root);
    assert!(reasons.contains("led nowhere"), "{reasons}");
}

#[test]
fn new_fields_have_just_four_corners() {
    let (root, pdf) = signed_once();
    let (id, entries) = page(&pdf);
    let number = free(&pdf);
    let mut all = entries.get(b"Annots").and_then(Object::as_array).expect("has fields").clone();
    all.push(Object::Reference((number, 0)));
    let mut changed = entries;
    changed.set("Annots", all);
    let body = text(&Object::Dictionary(changed));
    let field = |rect: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(new)/Rect[{rect}]/F 132>>");
    let with = |rect: &str| appended(&pdf, &[(id.0, body.clone()), (number, field(rect))]);
    assert!(verified(&with("0 0 0 0"), &root).holds);
    for rect in ["0 0 600 800 1", "0 0 1-1 800", "0 0 600", &format!("0 0 {number} 0 R 800")] {
        let reasons = refused(&with(rect), &root);
        assert!(reasons.contains("a page was changed") || reasons.contains("grammar"), "{rect}: {reasons}");
    }
}

#[test]
fn a_field_as_large_as_a_page_shows_nothing_new() {
    // A second body, or one of its name, would lay another page over the first.
    let root = root("根");
    let plain = exported(short_report("题").as_bytes(), 2, false);
    let (number, mut entries) = field(&plain, "signatory-2");
    entries.set("Rect", vec![0.into(), 0.into(), 600.into(), 800.into()]);
    let prepared = appended(&plain, &[(number, text(&Object::Dictionary(entries)))]);
    let one = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    let second = root.signer(Key::p256(3), "乙", 3);
    assert!(verified(&signed(&one, &second), &root).holds);
    let seal = std::fs::read(crate::command::example("images/seal-sample.png")).expect("reads");
    let seal = Some(gongwen::sign::read_seal(&seal, &gongwen::Limits::default()).expect("is one"));
    let options = gongwen::sign::SignOptions { seal, ..gongwen::sign::SignOptions::at(crate::sign::now()) };
    let two = gongwen::sign::sign(&one, &crate::sign::key_of(&second), &options).expect("signs");
    assert!(refused(&two.bytes, &root).contains("signature field was changed"));
}

#[test]
fn names_of_fields_do_not_fill_the_memory() {
    // A long name that half a million fields would hang on.
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let document = Document::load_mem(&plain).expect("reads");
    let catalog_id = document.trailer.get(b"Root").and_then(Object::as_reference).expect("a root").0;
    let mut catalog = document.catalog().expect("is there").clone();
    catalog.remove(b"AcroForm");
    let body = text(&Object::Dictionary(catalog));
    let number = free(&plain);
    let body = format!("{}/AcroForm<</Fields[{number} 0 R]>>>>", &body[..body.len() - 2]);
    let kids = format!("{number} 0 R ").repeat(300_000);
    let field = |name: &str| format!("<</FT/Sig/T({name})/Kids[{kids}]>>");
    let check = |name: &str| {
        let pdf = appended(&plain, &[(catalog_id, body.clone()), (number, field(name))]);
        verify(&pdf, &VerifyOptions::default(), &Exporter::new())
    };
    assert!(check("short").is_ok_and(|found| !found.holds));
    assert!(check(&"long".repeat(100_000)).is_err());
}

#[test]
fn numbers_beyond_all_are_not_counted_on() {
    use gongwen::sign::{SignError, SignOptions, sign};
    let plain = exported(short_report("题").as_bytes(), 1, false);
    let update = String::from_utf8(appended(&plain, &[])[plain.len()..].to_vec()).expect("text");
    let (before, after) = update.split_once("/Size ").expect("a size");
    let after = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let pdf = format!("{before}/Size 4294967295{after}");
    let key = crate::sign::key_of(&root("根").signer(Key::p256(1), "甲", 2));
    let refused = sign(&[&plain, pdf.as_bytes()].concat(), &key, &SignOptions::at(crate::sign::now()));
    assert!(matches!(refused, Err(SignError::Pdf(_))), "{refused:?}");
}

#[test]
fn hostile_bytes_end_in_an_answer() {
    // Bytes changed, doubled and left out of everything that is read: an answer, of whatever kind, and no panic.
    use gongwen::sign::{Certificate, pem_blocks};
    use gongwen::sign::{CertificateToValidate, complete, prepare};
    use gongwen::sign::{Passphrase, SignOptions, SigningKey, ValidationData};
    const ROUNDS: usize = 300;
    let (root, pdf) = signed_once();
    let signer = root.signer(Key::p256(1), "甲", 2);
    let options = SignOptions::at(crate::sign::now());
    let prepared =
        prepare(&exported(short_report("题").as_bytes(), 1, false), 4096, &options).expect("prepares");
    let cms = signer.detached(&prepared.content());
    let certificate = CertificateToValidate {
        certificate: Certificate::from_der(&signer.certificate).expect("is one"),
        issuer: Certificate::from_der(&root.certificate),
    };
    let p12 = signer.p12("a", false);
    let key = signer.key.pem().into_bytes();
    let covers = |crl: Option<&[u8]>, ocsp: Option<&[u8]>| {
        let lists = |bytes: Option<&[u8]>| bytes.map(<[u8]>::to_vec).into_iter().collect();
        ValidationData { certificates: Vec::new(), crls: lists(crl), ocsps: lists(ocsp) }
            .covers(&certificate, crate::sign::now())
    };
    let (crl, ocsp) = (root.crl(&[(9, "20230101000000Z")]), root.ocsp(2));
    assert!(covers(Some(&crl), None) && covers(None, Some(&ocsp)));
    type Reader<'a> = (&'a [u8], &'a dyn Fn(&[u8]));
    let readers: [Reader; 7] = [
        (&pdf, &|bytes| _ = signatures_hold(bytes)),
        (&cms, &|bytes| drop(complete(prepared.bytes(), bytes, None, &gongwen::Limits::default()))),
        (&signer.certificate, &|bytes| drop(Certificate::from_der(bytes).map(|read| read.subject()))),
        (&crl, &|bytes| _ = covers(Some(bytes), None)),
        (&ocsp, &|bytes| _ = covers(None, Some(bytes))),
        (&p12, &|bytes| drop(SigningKey::from_pkcs12(bytes, &Passphrase::new("a".to_owned())))),
        (&key, &|bytes| drop((pem_blocks(bytes), SigningKey::from_pem(bytes, &signer.certificate, None)))),
    ];
    let mut numbers = Numbers(7);
    for (whole, read) in readers {
        for _ in 0..ROUNDS {
            let mut bytes = whole.to_vec();
            for _ in 0..1 + numbers.below(4) {
                let (at, length) = (numbers.below(bytes.len()), 1 + numbers.below(9));
                let to = (at + length).min(bytes.len());
                match numbers.below(4) {
                    0 => bytes[at] = [0, 0x7f, 0x80, 0x84, 0xff, b'<', b'9'][numbers.below(7)],
                    1 => bytes[at] ^= 1 << numbers.below(8),
                    2 => drop(bytes.drain(at..to)),
                    _ => {
                        let part = bytes[at..to].to_vec();
                        bytes.splice(at..at, part);
                    }
                }
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
            read(&bytes);
        }
    }
}
