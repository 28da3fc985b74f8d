//! Signature fields filled, added or changed so that something else is shown.

use super::*;

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
    assert!(verified(&good, &root).holds());
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
    assert!(verified(&with("0 0 0 0"), &root).holds());
    for rect in ["0 0 600 800 1", "0 0 1-1 800", "0 0 600", &format!("0 0 {number} 0 R 800")] {
        let reasons = refused(&with(rect), &root);
        assert!(reasons.contains("page 1 was changed") || reasons.contains("grammar"), "{rect}: {reasons}");
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
    assert!(verified(&signed(&one, &second), &root).holds());
    let seal = std::fs::read(crate::command::example("images/seal-sample.png")).expect("reads");
    let seal = Some(gongwen::sign::read_seal(&seal, &gongwen::Limits::default()).expect("is one"));
    let options = gongwen::sign::SignOptions { seal, ..gongwen::sign::SignOptions::at(crate::sign::now()) };
    let two = gongwen::sign::sign(&one, &crate::sign::key_of(&second), &options).expect("signs");
    assert!(refused(&two.bytes, &root).contains("was changed (object"));
}
