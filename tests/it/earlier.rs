//! Earlier signatures of a file: `sign` does not break them without being asked to.

use std::path::Path;

use serde_json::json;

use crate::command::{example, folder, gongwen};
use crate::forged::with_second_field;
use crate::pki::{Identity, Key, root};
use crate::sign::{NOW, signed, verified};

/// A folder with a file that is signed in its first field, and a key to sign the second with.
fn prepared(folder: &Path, rect: &str, more: &[(u32, &str)]) -> Identity {
    let root = root("根");
    let (first, second) = (root.signer(Key::p256(1), "甲", 2), root.signer(Key::p256(2), "乙", 3));
    let pdf = signed(&with_second_field(rect, more), &first);
    assert!(verified(&pdf, &root).holds());
    for (name, bytes) in
        [("a.pdf", pdf), ("key.pem", second.key.pem().into()), ("cert.pem", second.pem().into())]
    {
        std::fs::write(folder.join(name), bytes).expect("is written");
    }
    root
}

const BASE: [&str; 11] =
    ["sign", "a.pdf", "--key", "key.pem", "--cert", "cert.pem", "--time", NOW, "-o", "b.pdf", "--json"];

#[test]
fn an_earlier_signature_is_not_broken_by_a_seal_that_covers_the_page() {
    let seal = example("images/seal-sample.png");
    for (rect, holds) in [("[400 60 520 180]", true), ("[0 0 595 842]", false), ("[0 0 400 700]", false)] {
        let here = folder();
        let root = prepared(here.path(), rect, &[]);
        let sealed = [&BASE[..], &["--seal", &seal]].concat();
        if holds {
            gongwen(here.path(), &sealed).ends(0);
        } else {
            let ran = gongwen(here.path(), &sealed).ends(1);
            let finding = &ran.object()["findings"][0];
            assert_eq!(finding["rule"], "sign.refused");
            assert!(finding["message"].as_str().is_some_and(|text| text.contains("sig1")), "{finding}");
            assert!(!here.path().join("b.pdf").exists());
            // What is made elsewhere is told before it is made.
            let elsewhere = ["sign", "a.pdf", "--prepare", "content", "--seal", &seal, "-o", "b.pdf"];
            gongwen(here.path(), &elsewhere).ends(1);
            assert!(!here.path().join("content").exists());
            // Without the seal nothing is covered.
            gongwen(here.path(), &BASE).ends(0);
        }
        let pdf = std::fs::read(here.path().join("b.pdf")).expect("was written");
        assert!(verified(&pdf, &root).holds(), "{rect}");
        if !holds {
            let allowed = [&sealed[..], &["--allow", "breaks-signature"]].concat();
            let ran = gongwen(here.path(), &allowed).ends(0);
            assert_eq!(ran.object()["allowed"], json!(["breaks-signature"]));
            let pdf = std::fs::read(here.path().join("b.pdf")).expect("was written");
            assert!(!verified(&pdf, &root).holds(), "{rect}");
        }
    }
}

#[test]
fn an_earlier_signature_is_not_broken_by_a_field_with_its_widget_elsewhere() {
    let here = folder();
    let field = "<</FT/Sig/T(sig2)/Kids[8 0 R]>>";
    let widget = "<</Type/Annot/Subtype/Widget/Parent 7 0 R/Rect[400 60 520 180]/F 132/P 3 0 R>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R 8 0 R]>>";
    let root = prepared(here.path(), "", &[(3, page), (7, field), (8, widget)]);
    let ran = gongwen(here.path(), &BASE).ends(1);
    let finding = &ran.object()["findings"][0];
    assert!(finding["message"].as_str().is_some_and(|text| text.contains("sig1")), "{finding}");
    assert!(!here.path().join("b.pdf").exists());
    let allowed = [&BASE[..], &["--allow", "breaks-signature"]].concat();
    gongwen(here.path(), &allowed).ends(0);
    let pdf = std::fs::read(here.path().join("b.pdf")).expect("was written");
    assert!(!verified(&pdf, &root).holds());
}
