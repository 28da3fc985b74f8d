//! Signatures put elsewhere than where they were made.

use super::*;

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
