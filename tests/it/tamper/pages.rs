//! Pages and what they show, replaced, hidden and brought forth.

use super::*;

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
        assert!(reasons.contains("page 1 was changed"), "{key}: {reasons}");
    }
    // Annotations added behind those that are there.
    let mut all = entries.get(b"Annots").and_then(Object::as_array).expect("has fields").clone();
    all.push(Object::Reference((number, 0)));
    let mut changed = entries.clone();
    changed.set("Annots", all);
    let update = appended(&pdf, &[(id.0, text(&Object::Dictionary(changed))), (number, annotation)]);
    assert!(refused(&update, &root).contains("page 1 was changed"));
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
    assert!(verified(&pdf, &root).holds());
    let reasons = refused(&appended(&pdf, &[(id.0, text(&Object::Dictionary(entries.clone())))]), &root);
    assert!(reasons.contains("page 1 was changed"), "{reasons}");
    let reasons = refused(&appended(&pdf, &[(number, "null".to_owned())]), &root);
    assert!(reasons.contains("was removed"), "{reasons}");
    let free_entry = appended(&pdf, &[(number, "<<>>".to_owned())]);
    let line = free_entry.windows(5).rposition(|window| window == b" n \nt").expect("an entry");
    let mut freed = free_entry.clone();
    freed[line + 1] = b'f';
    assert!(!verified(&freed, &root).holds());

    // Hide and replace: the signed file points to a number that nothing has yet; an update fills the hole.
    let prepared = appended(&plain, &[(id.0, body)]);
    let pdf = signed(&prepared, &root.signer(Key::p256(1), "甲", 2));
    assert!(verified(&pdf, &root).holds());
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
    assert!(verified(&pdf, &root).holds());
    let reasons = refused(&relocated(&pdf, contents, at), &root);
    assert!(reasons.contains(&format!("object {contents}")), "{reasons}");
}

/// An update whose cross-references place an object elsewhere in what was signed.
fn relocated(pdf: &[u8], number: u32, at: usize) -> Vec<u8> {
    let update = appended(pdf, &[]);
    let tail = String::from_utf8(update[pdf.len()..].to_vec()).expect("a table");
    let tail = tail.replace("0 0\n", &format!("{number} 1\n{at:010} 00000 n \n"));
    [pdf, tail.as_bytes()].concat()
}
