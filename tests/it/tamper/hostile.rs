//! Files made to fill the memory, to count beyond all numbers or to stop the program.

use super::*;

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
    assert!(check("short").is_ok_and(|found| !found.holds()));
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
