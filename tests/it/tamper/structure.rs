//! Cross-references, trailers and objects that programs read in different ways.

use super::*;

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
    assert!(verified(&update, &root).holds(), "an object that nothing leads to");
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
    assert!(verified(&pdf, &root).holds());
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

/// Programs that cannot read a section of cross-references look for objects themselves, and find others.
#[test]
fn nothing_makes_programs_repair() {
    let (root, pdf) = signed_once();
    let number = free(&pdf);
    let update = appended(&pdf, &[(number, "<</A 1>>".to_owned())]);
    assert!(verified(&update, &root).holds(), "an object that nothing leads to");
    let tail = String::from_utf8(update[pdf.len()..].to_vec()).expect("text");
    let size =
        tail.split_once("/Size ").and_then(|(_, rest)| rest.split_once('/')).expect("a size").0.to_owned();
    let (header, size) = (format!("\n{number} 1\n"), format!("/Size {size}"));
    let changes = [
        ("xref\n", "xref\n99999999 0\n".to_owned()),
        ("xref\n", "xref\n8388608 0\n".to_owned()),
        ("xref\n", "xref \n".to_owned()),
        (&header, format!("\n{number}  1\n")),
        (&header, format!("\n{number}\t1\n")),
        (&header, format!("\n{number}\n1\n")),
        (&header, format!("\n{number} 1 \n")),
        (&header, format!("\n {number} 1\n")),
        (&size, "/Size 9000000".to_owned()),
        (&size, "/Size 67108864".to_owned()),
        ("startxref\n", "startxref\0".to_owned()),
        ("startxref\n", "startxref ".to_owned()),
    ];
    for (from, to) in changes {
        // The table is the last thing in the file: its place is the same.
        let changed = tail.replacen(from, &to, 1);
        assert_ne!(changed, tail, "{from:?}");
        let changed = [&pdf[..], changed.as_bytes()].concat();
        assert!(!verified(&changed, &root).holds(), "{from:?} as {to:?}");
    }
}

#[test]
fn nothing_is_hidden_from_programs_that_repair() {
    let (root, pdf) = signed_once();
    let number = free(&pdf);
    let stream = |content: &str| format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
    let update = |object: String| appended(&pdf, &[(number, object)]);
    assert!(verified(&update(stream("7 0 of them")), &root).holds(), "a stream that nothing leads to");
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
    assert!(verified(&pdf, &root).holds());
    let reasons = refused(&appended(&pdf, &[(number, "<</Title(x)>>".to_owned())]), &root);
    assert!(reasons.contains("led nowhere"), "{reasons}");
}
