//! `gongwen sign` and `gongwen verify`: keys of every kind, levels, and what is refused.

use std::path::Path;
use std::process::Command;

use gongwen::Limits;
use gongwen::extract;
use gongwen::sign::{Passphrase, SignOptions, SigningKey, Weakness, sign};
use gongwen::verify::{Reproduction, Revocation, Trust, Verdict, Verification, VerifyOptions, verify};
use gongwen::{Exporter, Format, Options, PdfOptions, Time};

use crate::command::{example, folder, gongwen, names, short_report};
use crate::pki::{Identity, Key, Purpose, Wish, pem, root, serve, serve_encrypted};

/// When the tests sign.
pub const NOW: &str = "2024-01-31T10:00:00+08:00";

/// A report as PDF, with fields for so many signatories.
pub fn exported(report: &[u8], signatories: usize, embed_source: bool) -> Vec<u8> {
    let formats = vec![Format::Pdf];
    let pdf = PdfOptions { signatories, ..PdfOptions::default() };
    let options = Options { formats, pdf, embed_source, ..Options::default() };
    let export = Exporter::new().export(report, &options, &()).expect("the report is in order");
    export.file(Format::Pdf).expect("was asked for").to_vec()
}

/// The key of an identity.
pub fn key_of(identity: &Identity) -> SigningKey {
    SigningKey::from_pem(identity.key.pem().as_bytes(), identity.pem().as_bytes(), None).expect("is one")
}

/// The time of the tests.
pub fn now() -> Time {
    Time::parse(NOW).expect("is one")
}

/// To sign as other programs do, which do not ask whether a file has one reading.
pub fn as_others_sign() -> SignOptions<'static> {
    SignOptions { allow: vec![Weakness::AmbiguousSyntax], ..SignOptions::at(now()) }
}

/// A file, signed.
pub fn signed(pdf: &[u8], identity: &Identity) -> Vec<u8> {
    sign(pdf, &key_of(identity), &as_others_sign()).expect("signs").bytes
}

/// What is found of a file when this root is trusted.
pub fn verified(pdf: &[u8], root: &Identity) -> Verification {
    let roots = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
    let options = VerifyOptions { roots: Some(roots), now: Some(now()), ..VerifyOptions::default() };
    verify(pdf, &options, &Exporter::new()).expect("is a PDF")
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).expect("writes");
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_kind_of_key_signs() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    let keys = [Key::p256(1), Key::p384(2), Key::rsa(2048), Key::sm2(3)];
    let names = ["ECDSA SHA-256", "ECDSA SHA-384", "RSA SHA-256", "SM2 SM3"];
    for (key, name) in keys.into_iter().zip(names) {
        let identity = root.signer(key, "某市人民政府办公室", 9);
        let bytes = signed(&pdf, &identity);
        assert!(bytes.starts_with(&pdf), "{name}: it is appended");
        let found = verified(&bytes, &root);
        assert!(found.holds(), "{name}: {found:#?}");
        let signature = &found.signatures[0];
        assert_eq!(signature.algorithm.as_deref(), Some(name));
        assert_eq!(signature.chain, Trust::Trusted);
        assert_eq!(signature.claimed_time, Some(now()));
        assert_eq!(signature.certificates, ["某市人民政府办公室, C=CN", "根, C=CN"]);
        assert!(signature.covers.is_some_and(|covers| covers.whole_file));
    }
    let rsa = root.signer(Key::rsa(2048), "甲", 9);
    let bytes = sign(&pdf, &key_of(&rsa).with_pss(), &SignOptions::at(now())).expect("signs").bytes;
    let found = verified(&bytes, &root);
    assert!(found.holds(), "{found:#?}");
    assert_eq!(found.signatures[0].algorithm.as_deref(), Some("RSA-PSS SHA-256"));
}

#[test]
fn signing_with_a_curve_gives_the_same_bytes() {
    let root = root("根");
    let identity = root.signer(Key::p256(1), "甲", 9);
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    assert_eq!(signed(&pdf, &identity), signed(&pdf, &identity));
}

#[test]
fn a_second_body_signs_beside_the_first() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 2, true);
    let one = signed(&pdf, &root.signer(Key::p256(1), "甲", 2));
    let two = signed(&one, &root.signer(Key::p384(2), "乙", 3));
    // The prepared fields are full; the third gets one that nobody sees.
    let three = signed(&two, &root.signer(Key::p256(3), "丙", 4));
    let found = verified(&three, &root);
    assert!(found.holds(), "{found:#?}");
    let fields: Vec<&str> = found.signatures.iter().map(|signature| signature.field.as_str()).collect();
    assert_eq!(fields, ["signatory-1", "signatory-2", "signature-3"]);
    assert_eq!(
        found.signatures[0].covers.map(|covers| (covers.bytes, covers.revision)),
        Some((one.len(), 2))
    );
    assert_eq!(found.signatures[0].changes.len(), 2, "{:#?}", found.signatures[0].changes);
    assert!(found.signatures[2].changes.is_empty());
    let content = found.content.expect("it carries the report");
    assert_eq!((content.reproduced, content.unsigned_bytes), (Reproduction::Yes, Some(pdf.len())));
    assert_eq!(
        extract(&three, &Limits::default()).expect("carries it").report,
        short_report("题").as_bytes()
    );
}

#[test]
fn a_file_without_fields_is_signed_invisibly() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 0, false);
    let one = signed(&pdf, &root.signer(Key::p256(1), "甲", 2));
    let two = signed(&one, &root.signer(Key::p256(2), "乙", 3));
    let found = verified(&two, &root);
    assert!(found.holds() && found.signatures.len() == 2, "{found:#?}");
}

#[test]
fn fields_are_made_only_when_asked_for() {
    let report = short_report("题");
    let (without, with) = (exported(report.as_bytes(), 0, false), exported(report.as_bytes(), 2, false));
    let form = |pdf: &[u8]| {
        let document = lopdf::Document::load_mem(pdf).expect("reads");
        document.catalog().expect("is there").has(b"AcroForm")
    };
    assert!(!form(&without) && form(&with));
    let source = extract(&exported(report.as_bytes(), 3, true), &Limits::default()).expect("carries it");
    assert_eq!(source.manifest().expect("reads").options.signatories, 3);
    let source = extract(&exported(report.as_bytes(), 0, true), &Limits::default()).expect("carries it");
    assert!(!String::from_utf8_lossy(&source.manifest).contains("signatories"));
}

#[test]
fn keys_come_from_files_and_passphrases_never_from_arguments() {
    let here = folder();
    let root = root("根");
    let identity = root.signer(Key::p256(1), "某办", 2);
    write(here.path(), "a.json", short_report("题"));
    write(here.path(), "root.pem", root.pem());
    write(here.path(), "new.p12", identity.p12("口令 1", false));
    write(here.path(), "old.p12", identity.p12("口令 1", true));
    write(here.path(), "pass", "口令 1\r\n");
    write(here.path(), "wrong", "口令 2\n");
    gongwen(here.path(), &["export", "a.json", "--format", "pdf", "--signatories", "2"]).ends(0);
    for p12 in ["new.p12", "old.p12"] {
        let base = ["sign", "a.pdf", "--p12", p12, "--time", NOW, "-o", "b.pdf"];
        let ran = gongwen(here.path(), &[&base[..], &["--passphrase-file", "pass", "--json"]].concat());
        let object = ran.ends(0).object();
        assert_eq!(object["field"], "signatory-1");
        assert_eq!(object["signer"], "某办, C=CN");
        assert_eq!(object["allowed"], serde_json::json!([]));
        std::fs::remove_file(here.path().join("b.pdf")).expect("was written");
        let ran = gongwen(here.path(), &[&base[..], &["--passphrase-file", "wrong"]].concat()).ends(2);
        assert!(ran.err.contains("口令不对") && !ran.err.contains("口令 2"), "{}", ran.err);
        assert!(gongwen(here.path(), &base).ends(2).err.contains("GONGWEN_PASSPHRASE"));
        let ran = Command::new(env!("CARGO_BIN_EXE_gongwen"))
            .args(base)
            .env("GONGWEN_PASSPHRASE", "口令 1")
            .current_dir(here.path())
            .output()
            .expect("runs");
        assert!(ran.status.success(), "{ran:?}");
        let ran = gongwen(here.path(), &["verify", "b.pdf", "--trust", "root.pem", "--lang", "en"]).ends(0);
        assert!(ran.out.starts_with("b.pdf: holds\nsignature signatory-1: valid\n"), "{}", ran.out);
        std::fs::remove_file(here.path().join("b.pdf")).expect("was written");
    }
    let expected = ["a.json", "a.pdf", "new.p12", "old.p12", "pass", "root.pem", "wrong"];
    assert_eq!(names(here.path()), expected, "nothing is left behind");
}

#[test]
fn encrypted_pem_keys_are_opened() {
    let root = root("根");
    let identity = root.signer(Key::p384(1), "某办", 2);
    let info = pkcs8::PrivateKeyInfoRef::try_from(identity.key.der().leak() as &[u8]).expect("is PKCS#8");
    let encrypted = info.encrypt_with_rng(&mut p12_keystore::rand::rng(), "secret").expect("encrypts");
    let encrypted = pem("ENCRYPTED PRIVATE KEY", encrypted.as_bytes());
    let open = |passphrase: Option<&str>| {
        let passphrase = passphrase.map(|text| Passphrase::new(text.to_owned()));
        SigningKey::from_pem(encrypted.as_bytes(), identity.pem().as_bytes(), passphrase.as_ref())
    };
    use gongwen::sign::KeyError;
    assert!(open(Some("secret")).is_ok());
    assert_eq!(open(Some("Secret")).err(), Some(KeyError::WrongPassphrase));
    assert_eq!(open(None).err(), Some(KeyError::NeedsPassphrase));
    // More memory than a key is worth: scrypt's cost, and the size of its blocks after it.
    let mut dear = gongwen::sign::pem_blocks(encrypted.as_bytes()).remove(0).1;
    let place = dear.windows(7).position(|part| part == [2, 2, 0x40, 0, 2, 1, 8]).expect("scrypt");
    dear[place + 6] = 0x7f;
    let dear = pem("ENCRYPTED PRIVATE KEY", &dear);
    let passphrase = Passphrase::new("secret".to_owned());
    let refused = SigningKey::from_pem(dear.as_bytes(), identity.pem().as_bytes(), Some(&passphrase));
    assert_eq!(refused.err(), Some(KeyError::Unsupported));
    let other = root.signer(Key::p384(9), "乙", 3);
    let mixed = SigningKey::from_pem(other.key.pem().as_bytes(), identity.pem().as_bytes(), None);
    assert_eq!(mixed.err(), Some(KeyError::NoCertificate));
    assert!(!format!("{:?}{:?}", open(Some("secret")), Passphrase::new("secret".into())).contains("secret"));
}

#[test]
fn weak_and_expired_are_refused_unless_permitted_by_name() {
    let here = folder();
    let root = root("根");
    write(here.path(), "a.json", short_report("题"));
    gongwen(here.path(), &["export", "a.json", "--format", "pdf"]).ends(0);
    let old = Wish { valid: ("20100101000000Z", "20110101000000Z"), ..Wish::new("旧", 2, Purpose::Signing) };
    let coming =
        Wish { valid: ("20350101000000Z", "20360101000000Z"), ..Wish::new("新", 3, Purpose::Signing) };
    let cases = [
        (root.issue(Key::p256(1), &old), "expired"),
        (root.issue(Key::p256(2), &coming), "expired"),
        (root.signer(Key::rsa(1024), "弱", 4), "weak-algorithm"),
    ];
    for (identity, weakness) in cases {
        write(here.path(), "key.pem", identity.key.pem());
        write(here.path(), "cert.pem", identity.pem());
        let base = [
            "sign", "a.pdf", "--key", "key.pem", "--cert", "cert.pem", "--time", NOW, "-o", "b.pdf", "--json",
        ];
        let ran = gongwen(here.path(), &base).ends(1);
        let finding = &ran.object()["findings"][0];
        assert_eq!(finding["rule"], "sign.refused");
        let hint = finding["hint"]["zh"].as_str().unwrap_or_default();
        assert!(hint.contains(&format!("--allow {weakness}")), "{finding}");
        let text = gongwen(here.path(), &base[..base.len() - 1]).ends(1).err;
        assert!(text.contains(&format!("--allow {weakness}")), "{text}");
        assert!(!here.path().join("b.pdf").exists());
        let other = if weakness == "expired" { "weak-algorithm" } else { "expired" };
        gongwen(here.path(), &[&base[..], &["--allow", other]].concat()).ends(1);
        let ran = gongwen(here.path(), &[&base[..], &["--allow", weakness]].concat()).ends(0);
        assert_eq!(ran.object()["allowed"], serde_json::json!([weakness]));
        // To sign so is one thing; to accept it is another.
        gongwen(here.path(), &["verify", "b.pdf"]).ends(3);
        std::fs::remove_file(here.path().join("b.pdf")).expect("was written");
    }
}

#[test]
fn a_signature_made_elsewhere_is_put_in() {
    let here = folder();
    let root = root("根");
    let identity = root.signer(Key::p256(1), "某办", 2);
    write(here.path(), "a.json", short_report("题"));
    write(here.path(), "root.pem", root.pem());
    gongwen(here.path(), &["export", "a.json", "--format", "pdf", "--signatories", "1"]).ends(0);
    let base = ["sign", "a.pdf", "--prepare", "content", "-o", "p.pdf", "--time", NOW];
    gongwen(here.path(), &base).ends(0);
    let content = read(here.path(), "content");
    write(here.path(), "good.p7s", identity.detached(&content));
    write(here.path(), "good.pem", pem("CMS", &identity.detached(&content)));
    write(here.path(), "other.p7s", identity.detached(b"other"));
    write(here.path(), "none.p7s", b"no CMS");
    for good in ["good.p7s", "good.pem"] {
        gongwen(here.path(), &["sign", "p.pdf", "--complete", good, "-o", "s.pdf"]).ends(0);
        gongwen(here.path(), &["verify", "s.pdf", "--trust", "root.pem"]).ends(0);
    }
    for (file, cms) in
        [("p.pdf", "other.p7s"), ("p.pdf", "none.p7s"), ("a.pdf", "good.p7s"), ("s.pdf", "good.p7s")]
    {
        gongwen(here.path(), &["sign", file, "--complete", cms, "-o", "x.pdf"]).ends(1);
        assert!(!here.path().join("x.pdf").exists());
    }
    // Prepared is not signed.
    gongwen(here.path(), &["verify", "p.pdf"]).ends(1);
}

#[test]
fn a_time_stamp_and_validation_data_are_added() {
    let here = folder();
    let root = root("根");
    let stamper = root.issue(Key::p256(7), &Wish::new("时间戳", 5, Purpose::TimeStamps));
    let second = root.issue(Key::p256(7), &Wish::new("时间戳", 5, Purpose::TimeStamps));
    let address = serve(move |question| stamper.stamp(question, "20240131020005Z"));
    let answers = self::root("根");
    let ocsp = serve(move |_| answers.ocsp(6));
    let wish = Wish { ocsp: Some(ocsp), ..Wish::new("乙", 6, Purpose::Signing) };
    let identities = [root.signer(Key::p256(1), "甲", 2), root.issue(Key::p256(3), &wish)];
    write(here.path(), "a.json", short_report("题"));
    write(here.path(), "root.pem", root.pem());
    write(here.path(), "other.pem", self::root("别的根").pem());
    write(here.path(), "crl", root.crl(&[(77, "20230101000000Z")]));
    gongwen(here.path(), &["export", "a.json", "--format", "pdf", "--signatories", "2"]).ends(0);
    for (identity, (from, to)) in identities.iter().zip([("a.pdf", "b.pdf"), ("b.pdf", "c.pdf")]) {
        write(here.path(), "key.pem", identity.key.pem());
        write(here.path(), "cert.pem", identity.pem());
        let base = ["sign", from, "--key", "key.pem", "--cert", "cert.pem", "--time", NOW, "-o", to];
        let stamped = ["--timestamp", &address, "--chain", "root.pem", "--ltv", "--crl", "crl", "--json"];
        let object = gongwen(here.path(), &[&base[..], &stamped].concat()).ends(0).object();
        assert_eq!(object["time_stamp"], "2024-01-31T10:00:05+08:00");
    }
    let found = verified(&read(here.path(), "c.pdf"), &root);
    assert!(found.holds(), "{found:#?}");
    for signature in &found.signatures {
        assert_eq!(signature.revocation.status, Revocation::Good);
        let stamp = signature.time_stamp.as_ref().expect("was stamped");
        assert_eq!((stamp.chain, stamp.by.serial.as_str()), (Trust::Trusted, "05"));
    }
    gongwen(here.path(), &["verify", "c.pdf", "--trust", "other.pem"]).ends(3);
    // Who was revoked does not sign to last, and nothing is written.
    write(here.path(), "crl", root.crl(&[(2, "20230101000000Z")]));
    write(here.path(), "key.pem", identities[0].key.pem());
    write(here.path(), "cert.pem", identities[0].pem());
    let base = ["sign", "a.pdf", "--key", "key.pem", "--cert", "cert.pem", "--ltv", "--chain", "root.pem"];
    let more = ["--crl", "crl", "--time", NOW, "-o", "x.pdf", "--lang", "en"];
    let ran = gongwen(here.path(), &[&base[..], &more].concat()).ends(1);
    assert!(ran.err.contains("was revoked on 2023-01-01") && !here.path().join("x.pdf").exists());
    // Data without the signer's status are not enough.
    write(here.path(), "crl", second.crl(&[]));
    write(here.path(), "key.pem", identities[0].key.pem());
    write(here.path(), "cert.pem", identities[0].pem());
    let ran = gongwen(
        here.path(),
        &["sign", "a.pdf", "--key", "key.pem", "--cert", "cert.pem", "--ltv", "--crl", "crl", "-o", "x.pdf"],
    );
    assert!(ran.ends(2).err.contains("吊销") && !here.path().join("x.pdf").exists());
}

/// The file with the root's certificate and its list of these revocations as validation data.
fn with_list(bytes: &[u8], root: &Identity, revoked: &[(u8, &str)]) -> Vec<u8> {
    let certificates = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
    let data =
        gongwen::sign::ValidationData { certificates, crls: vec![root.crl(revoked)], ocsps: Vec::new() };
    gongwen::sign::add_validation_data(bytes, &data, &Limits::default()).expect("adds")
}

#[test]
fn a_revoked_certificate_does_not_hold() {
    let root = root("根");
    let bytes =
        signed(&exported(short_report("题").as_bytes(), 1, false), &root.signer(Key::p256(1), "甲", 2));
    let with = |revoked: &[(u8, &str)]| verified(&with_list(&bytes, &root, revoked), &root);
    let good = with(&[(3, "20230101000000Z")]);
    assert!(good.holds(), "{good:#?}");
    assert_eq!(good.signatures[0].revocation.status, Revocation::Good);
    // Without a time stamp nobody knows whether it was signed before.
    for when in ["20230101000000Z", "20250101000000Z"] {
        let found = with(&[(2, when)]);
        assert!(!found.holds(), "{found:#?}");
        assert_eq!(found.signatures[0].revocation.status, Revocation::Revoked);
        assert_eq!(found.signatures[0].reasons[0].code(), "revoked");
    }
}

#[test]
fn certification_paths_are_validated() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    let middle = root.issue(Key::p256(5), &Wish::new("中", 5, Purpose::Authority));
    let signer = middle.signer(Key::p256(1), "甲", 2);
    let key = key_of(&signer);
    let certificates = gongwen::sign::Certificate::read_all(&middle.certificate).expect("is one");
    let whole = SignOptions { certificates, ..SignOptions::at(now()) };
    let found = verified(&sign(&pdf, &key, &whole).expect("signs").bytes, &root);
    assert!(found.holds() && found.signatures[0].certificates.len() == 3, "{found:#?}");
    // Without the one between there is no chain.
    let found = verified(&sign(&pdf, &key, &SignOptions::at(now())).expect("signs").bytes, &root);
    assert_eq!((found.holds(), found.signatures[0].chain), (false, Trust::Untrusted));
    // A certificate for signatures issues no others.
    let liar = signer.signer(Key::p256(8), "乙", 3);
    let certificates = [&signer.certificate, &middle.certificate]
        .map(|der| gongwen::sign::Certificate::from_der(der).expect("is one"));
    let options = SignOptions { certificates: certificates.into(), ..SignOptions::at(now()) };
    let found = verified(&sign(&pdf, &key_of(&liar), &options).expect("signs").bytes, &root);
    assert_eq!(found.signatures[0].chain, Trust::Untrusted, "{found:#?}");
}

#[test]
fn a_seal_is_shown_where_the_export_kept_its_place() {
    let here = folder();
    let root = root("根");
    let identity = root.signer(Key::p256(1), "某办", 2);
    write(here.path(), "key.pem", identity.key.pem());
    write(here.path(), "cert.pem", identity.pem());
    gongwen(here.path(), &["export", &example("letter.json"), "--format", "pdf", "--signatories", "9"])
        .ends(0);
    let seal = example("images/seal-sample.png");
    let base = ["sign", "letter.pdf", "--key", "key.pem", "--cert", "cert.pem", "--time", NOW, "-o", "s.pdf"];
    gongwen(here.path(), &[&base[..], &["--seal", &seal]].concat()).ends(0);
    assert!(verified(&read(here.path(), "s.pdf"), &root).holds());
    let document = lopdf::Document::load(here.path().join("s.pdf")).expect("reads");
    let field = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .find(|entries| entries.get(b"T").and_then(lopdf::Object::as_str).is_ok_and(|t| t == b"signatory-1"))
        .expect("is there");
    let appearance = field.get(b"AP").and_then(lopdf::Object::as_dict).expect("is seen");
    let form = appearance.get_deref(b"N", &document).and_then(lopdf::Object::as_stream).expect("is drawn");
    assert!(String::from_utf8_lossy(&form.content).contains("/Seal Do"));
    // The last of nine has no place of its own.
    let ran = gongwen(here.path(), &[&base[..], &["--seal", &seal, "--field", "signatory-9"]].concat());
    assert!(ran.ends(2).err.contains("signatory-9"));
}

#[test]
fn a_file_without_a_signature_does_not_hold() {
    let here = folder();
    write(here.path(), "a.json", short_report("题"));
    gongwen(here.path(), &["export", "a.json", "--format", "pdf", "--signatories", "1"]).ends(0);
    let ran = gongwen(here.path(), &["verify", "a.pdf"]).ends(1);
    assert!(ran.out.contains("文件没有签名") && ran.out.contains("signatory-1：空着"), "{}", ran.out);
    let object = gongwen(here.path(), &["verify", "a.pdf", "--json"]).ends(1).object();
    let reason = serde_json::json!({
        "code": "no-signature", "zh": "文件没有签名", "en": "the file has no signature",
        "verdict": "broken",
        "settled_by": { "zh": "请发文机关签名（sign）", "en": "have the issuer sign the file (sign)" },
    });
    assert_eq!(object["reasons"], serde_json::json!([reason]));
    write(here.path(), "b.pdf", b"%PDF-1.7 no more");
    gongwen(here.path(), &["verify", "b.pdf"]).ends(2);
    write(here.path(), "c.pdf", b"text");
    gongwen(here.path(), &["verify", "c.pdf"]).ends(2);
    gongwen(here.path(), &["sign", "a.pdf"]).ends(2);
}

/// Whether lists and responses give the status of a certificate at this time.
fn covered(of: &Identity, by: &Identity, crls: &[Vec<u8>], ocsps: &[Vec<u8>], at: &str) -> bool {
    use gongwen::sign::Certificate;
    use gongwen::sign::{CertificateToValidate, ValidationData};
    let certificate = CertificateToValidate {
        certificate: Certificate::from_der(&of.certificate).expect("is one"),
        issuer: Certificate::from_der(&by.certificate),
    };
    let data = ValidationData { certificates: Vec::new(), crls: crls.to_vec(), ocsps: ocsps.to_vec() };
    data.covers(&certificate, Time::parse(at).expect("is one"))
}

#[test]
fn lists_count_only_for_what_they_cover() {
    use crate::pki::{oid, seq, tlv};
    let root = root("根");
    let wish = Wish { list: Some("http://a.cn/crl1"), ..Wish::new("甲", 2, Purpose::Signing) };
    let signer = root.issue(Key::p256(1), &wish);
    let times = ("20240101000000Z", Some("20300101000000Z"));
    let of = |extensions: &[u8]| covered(&signer, &root, &[root.crl_with(&[], times, extensions)], &[], NOW);
    let critical = [1, 1, 0xff];
    let extension = |kind: &str, mark: &[u8], value: &[u8]| seq(&[&oid(kind), mark, &tlv(4, value)]);
    let point = |address: &str| tlv(0xa0, &tlv(0xa0, &tlv(0x86, address.as_bytes())));
    let of_point = |fields: &[&[u8]]| of(&extension("2.5.29.28", &critical, &seq(fields)));
    assert!(of(&[]));
    assert!(of_point(&[&point("http://a.cn/crl1")]));
    assert!(
        of_point(&[&point("http://a.cn/crl1"), &[0x81, 1, 0xff]]),
        "of certificates that issue no others"
    );
    // The first address is a part of the second.
    assert!(!of_point(&[&point("http://a.cn/crl12")]));
    // Of authorities, of some reasons, of other issuers, of attributes.
    for only in [0x82, 0x84, 0x85] {
        assert!(!of_point(&[&point("http://a.cn/crl1"), &[only, 1, 0xff]]), "{only:x}");
    }
    assert!(!of_point(&[&point("http://a.cn/crl1"), &[0x83, 2, 6, 0x40]]));
    // Even where the extension is not critical.
    assert!(!of(&extension("2.5.29.28", &[], &seq(&[&[0x85, 1, 0xff]]))));
    assert!(!of(&extension("2.5.29.27", &[], &tlv(2, &[1]))));
    assert!(!of(&extension("1.2.3", &critical, &[5, 0])));
}

/// A list of changes, or of some reasons, does not say that a certificate is good; that it is revoked it does say.
#[test]
fn revocations_of_partial_lists_count() {
    use crate::pki::{oid, seq, tlv};
    use gongwen::sign::{ValidationData, add_validation_data};
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let bytes = signed(&exported(short_report("题").as_bytes(), 1, false), &signer);
    let extension = |kind: &str, value: &[u8]| seq(&[&oid(kind), &[1, 1, 0xff], &tlv(4, value)]);
    let changes = extension("2.5.29.27", &tlv(2, &[1]));
    let some_reasons = extension("2.5.29.28", &seq(&[&tlv(0x83, &[6, 0x40])]));
    let times = ("20240101000000Z", Some("20300101000000Z"));
    let status = |list: Vec<u8>| {
        let certificates = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
        let data = ValidationData { certificates, crls: vec![list], ocsps: Vec::new() };
        let found = verified(&add_validation_data(&bytes, &data, &Limits::default()).expect("adds"), &root);
        found.signatures[0].revocation.status
    };
    for list in [changes.clone(), some_reasons] {
        assert_eq!(status(root.crl_with(&[], times, &list)), Revocation::Unknown);
        assert_eq!(status(root.crl_with(&[(2, "20230101000000Z")], times, &list)), Revocation::Revoked);
    }
    // removeFromCRL takes a revocation back.
    let reason = seq(&[&seq(&[&oid("2.5.29.21"), &tlv(4, &[0x0a, 1, 8])])]);
    let entry = seq(&[&tlv(2, &[2]), &tlv(0x17, b"230101000000Z"), &reason]);
    assert_eq!(status(root.crl_of(&entry, times, &changes)), Revocation::Unknown);
    assert_eq!(status(root.crl_of(&entry, times, &[])), Revocation::Revoked, "not in a whole list");
}

#[test]
fn critical_extensions_that_are_not_understood_end_a_proof() {
    use crate::pki::{oid, seq, tlv};
    use gongwen::sign::{ValidationData, add_validation_data};
    const TIMES: (&str, Option<&str>) = ("20240101000000Z", Some("20300101000000Z"));
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let bytes = signed(&exported(short_report("题").as_bytes(), 1, false), &signer);
    let with = |crls: Vec<Vec<u8>>, ocsps: Vec<Vec<u8>>| {
        let certificates = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
        let data = ValidationData { certificates, crls, ocsps };
        let found = verified(&add_validation_data(&bytes, &data, &Limits::default()).expect("adds"), &root);
        let signature = &found.signatures[0];
        let codes: Vec<&str> = signature.reasons.iter().map(|reason| reason.code()).collect();
        (signature.revocation.status, codes.join(" "))
    };
    let unknown = || (Revocation::Unknown, "unknown-critical-revocation-extension".to_owned());
    let good = || (Revocation::Good, String::new());
    let extension = |kind: &str, critical: &[u8]| seq(&[&oid(kind), critical, &tlv(4, &[5, 0])]);
    let (critical, loose) = (extension("1.2.3", &[1, 1, 0xff]), extension("1.2.3", &[]));
    let entry =
        |extensions: &[u8]| seq(&[&tlv(2, &[9]), &tlv(0x18, b"20230101000000Z"), &tlv(0x30, extensions)]);
    // Of a list, and of an entry, though it is about another certificate.
    let reason = seq(&[&oid("2.5.29.21"), &[1, 1, 0xff], &tlv(4, &[10, 1, 1])]);
    assert_eq!(with(vec![root.crl_with(&[], TIMES, &loose)], vec![]), good());
    assert_eq!(
        with(vec![root.crl_of(&[entry(&loose), entry(&reason)].concat(), TIMES, &[])], vec![]),
        good()
    );
    assert_eq!(with(vec![root.crl_with(&[], TIMES, &critical)], vec![]), unknown());
    assert_eq!(
        with(vec![root.crl_of(&[entry(&loose), entry(&critical)].concat(), TIMES, &[])], vec![]),
        unknown()
    );
    // Of a statement of an answer, and of the answer.
    let answer = |extensions| root.ocsp_with(&root, 2, "20240131000000Z", extensions);
    assert_eq!(with(vec![], vec![answer([&loose, &loose])]), good());
    assert_eq!(with(vec![], vec![answer([&critical, &[]])]), unknown());
    assert_eq!(with(vec![], vec![answer([&[], &critical])]), unknown());
    // Another proof beside it is one.
    assert_eq!(with(vec![root.crl(&[])], vec![answer([&critical, &[]])]), good());

    // Of a time stamp.
    struct Stamper(Identity, Vec<u8>);
    impl gongwen::sign::TimeStamper for Stamper {
        fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, gongwen::sign::TransportError> {
            let place = request.windows(2).position(|pair| pair == [4, 32]).expect("a hash");
            let nonce = &request[place + 34..];
            let more = [&nonce[..2 + usize::from(nonce[1])], &self.1].concat();
            let token = self.0.token_with(&request[place + 2..place + 34], "20240131020005Z", &more);
            Ok(seq(&[&seq(&[&tlv(2, &[0])]), &token]))
        }
    }
    for (extension, code) in [(&loose, ""), (&critical, "unknown-critical-stamp-extension")] {
        let authority = root.issue(Key::p256(7), &Wish::new("时间戳", 5, Purpose::TimeStamps));
        let stamper = Stamper(authority, tlv(0xa1, extension));
        let options = SignOptions { time_stamper: Some(&stamper), ..SignOptions::at(now()) };
        let pdf = exported(short_report("题").as_bytes(), 1, false);
        let error = sign(&pdf, &key_of(&signer), &options).err();
        let found = match &error {
            Some(gongwen::sign::SignError::TimeStamp(error)) => error.code(),
            _ => "",
        };
        assert_eq!(found, code, "{error:?}");
    }
}

#[test]
fn a_server_signs_documents_only_when_it_is_asked_for() {
    let folder = folder();
    let root = root("根");
    let wish = Wish { purposes: &["1.3.6.1.5.5.7.3.1"], ..Wish::new("服务器", 2, Purpose::Signing) };
    let server = root.issue(Key::p256(1), &wish);
    let stamps = Wish { purposes: &["1.3.6.1.5.5.7.3.8"], ..Wish::new("时间戳", 3, Purpose::Signing) };
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    write(folder.path(), "root.pem", root.pem());
    write(folder.path(), "server.pdf", signed(&pdf, &server));
    write(folder.path(), "stamps.pdf", signed(&pdf, &root.issue(Key::p256(2), &stamps)));
    write(folder.path(), "person.pdf", signed(&pdf, &root.signer(Key::p256(3), "甲", 4)));
    let verify = |file: &str, more: &[&str]| {
        gongwen(folder.path(), &[&["verify", file, "--trust", "root.pem", "--lang", "en"], more].concat())
    };
    verify("server.pdf", &[]).ends(3);
    let allow = ["--allow", "server-certificate"];
    let found = verify("server.pdf", &allow).ends(0).out;
    assert!(found.contains("allowed by --allow: server-certificate"), "{found}");
    let found = verify("server.pdf", &["--allow", "server-certificate", "--json"]).ends(0);
    assert_eq!(found.object()["signatures"][0]["allowed"], serde_json::json!(["server-certificate"]));
    verify("stamps.pdf", &allow).ends(3);
    // Where nothing had to be allowed, nothing is said of it.
    assert!(!verify("person.pdf", &allow).ends(0).out.contains("allowed"));
}

#[test]
fn a_proof_of_revocation_is_found_among_any_number_of_lists() {
    use gongwen::sign::{ValidationData, add_validation_data};
    let root = root("根");
    // Another authority of the same name, whose lists are no proof of anything.
    let namesake = crate::pki::certificate(Key::p256(9), &Wish::new("根", 1, Purpose::Authority), None);
    let bytes =
        signed(&exported(short_report("题").as_bytes(), 1, false), &root.signer(Key::p256(1), "甲", 2));
    let with = |crls: Vec<Vec<u8>>| {
        let certificates = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
        let data = ValidationData { certificates, crls, ocsps: Vec::new() };
        let found = verified(&add_validation_data(&bytes, &data, &Limits::default()).expect("adds"), &root);
        (found.holds(), found.signatures[0].revocation.status)
    };
    let list = |by: &Identity, day: usize, revoked: &[(u8, &str)]| {
        let day = format!("202401{:02}000000Z", 1 + day % 28);
        by.crl_with(
            &[revoked, &[(100 + (day.as_bytes()[7] - b'0'), "20230101000000Z")]].concat(),
            (&day, None),
            &[],
        )
    };
    let proof = root.crl(&[(2, "20230101000000Z")]);
    for decoys in [0, 10, 40] {
        for by in [&root, &namesake] {
            let mut crls: Vec<Vec<u8>> = (0..decoys).map(|day| list(by, day, &[])).collect();
            crls.push(proof.clone());
            assert_eq!(with(crls.clone()), (false, Revocation::Revoked), "{decoys} before");
            crls.rotate_right(1);
            assert_eq!(with(crls), (false, Revocation::Revoked), "{decoys} after");
        }
    }
    // Of two lists the earlier revocation counts, whichever is newer.
    let later = root.crl_with(&[(2, "20250101000000Z")], ("20240130000000Z", None), &[]);
    assert_eq!(with(vec![later, proof]), (false, Revocation::Revoked));
    assert!(with(vec![namesake.crl(&[(2, "20230101000000Z")]), root.crl(&[])]).0, "the other's list");
}

#[test]
fn validation_data_stay_when_they_are_taken_away() {
    use gongwen::sign::{ValidationData, add_validation_data};
    let root = root("根");
    let bytes =
        signed(&exported(short_report("题").as_bytes(), 1, false), &root.signer(Key::p256(1), "甲", 2));
    let with = |revoked: &[(u8, &str)]| with_list(&bytes, &root, revoked);
    let (proven, good) = (with(&[(2, "20230101000000Z")]), with(&[(3, "20230101000000Z")]));
    assert!(verified(&good, &root).holds());
    let document = lopdf::Document::load_mem(&proven).expect("reads");
    let catalog_id = document.trailer.get(b"Root").and_then(lopdf::Object::as_reference).expect("a root").0;
    let catalog = document.catalog().expect("is there");
    let store_id = catalog.get(b"DSS").and_then(lopdf::Object::as_reference).expect("a reference").0;
    let store = document.get_dictionary((store_id, 0)).expect("is there");
    let list_id = store.get(b"CRLs").and_then(lopdf::Object::as_array).expect("a list")[0]
        .as_reference()
        .expect("is one")
        .0;
    let bare = {
        let mut catalog = catalog.clone();
        catalog.remove(b"DSS");
        crate::tamper::text(&lopdf::Object::Dictionary(catalog))
    };
    let moved = format!("{}/DSS 900 0 R>>", &bare[..bare.len() - 2]);
    let decoy = root.crl(&[]);
    let decoy: String = decoy.iter().map(|byte| format!("{byte:02x}")).collect();
    let decoy = format!("<</Filter/ASCIIHexDecode/Length {}>>\nstream\n{decoy}>\nendstream", decoy.len() + 1);
    let empty = "<</Type/DSS>>".to_owned();
    let updates: [Vec<(u32, String)>; 5] = [
        vec![(store_id, empty.clone())],
        vec![(store_id, "<</Type/DSS/CRLs[]/Certs[]>>".to_owned())],
        vec![(catalog_id, bare)],
        vec![(catalog_id, moved), (900, empty)],
        vec![(list_id, decoy)],
    ];
    for update in &updates {
        for (pdf, revoked) in [(&proven, true), (&good, false)] {
            let found = verified(&crate::tamper::appended(pdf, update), &root);
            assert!(!found.holds(), "{update:?}: {found:#?}");
            let codes: Vec<&str> = found.signatures[0].reasons.iter().map(|reason| reason.code()).collect();
            assert_eq!(codes.contains(&"revoked"), revoked, "{update:?}: {codes:?}");
        }
    }
    // What is added beside what there is may follow.
    let more =
        ValidationData { crls: vec![root.crl(&[(4, "20230101000000Z")])], ..ValidationData::default() };
    assert!(verified(&add_validation_data(&good, &more, &Limits::default()).expect("adds"), &root).holds());
}

#[test]
fn certificates_sign_only_what_they_are_for() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    const SERVER: &str = "1.3.6.1.5.5.7.3.1";
    const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
    const MAIL: &str = "1.3.6.1.5.5.7.3.4";
    const STAMPS: &str = "1.3.6.1.5.5.7.3.8";
    const DOCUMENTS: &str = "1.3.6.1.5.5.7.3.36";
    const ANY: &str = "2.5.29.37.0";
    let holds = |above: &[&str], own: &[&str]| {
        let wish = Wish { purposes: above, ..Wish::new("中间", 5, Purpose::Authority) };
        let between = root.issue(Key::p256(7), &wish);
        let wish = Wish { purposes: own, ..Wish::new("甲", 2, Purpose::Signing) };
        let signer = between.issue(Key::p256(1), &wish);
        let mut options = SignOptions::at(now());
        options.certificates = gongwen::sign::Certificate::read_all(&between.certificate).expect("is one");
        let bytes = sign(&pdf, &key_of(&signer), &options).expect("signs").bytes;
        verified(&bytes, &root).holds()
    };
    for own in [
        &[][..],
        &[CLIENT],
        &[MAIL],
        &[DOCUMENTS],
        &[ANY],
        &[SERVER, DOCUMENTS],
        &[CLIENT, MAIL],
        &["1.2.3.4"],
    ] {
        assert!(holds(&[], own), "{own:?}");
        assert!(holds(&[MAIL, CLIENT], own), "{own:?}");
        assert!(holds(&[ANY, SERVER], own), "{own:?}");
        assert!(!holds(&[SERVER], own), "{own:?}");
        assert!(!holds(&[STAMPS], own), "{own:?}");
        assert!(!holds(&[SERVER, CLIENT], own), "{own:?}");
    }
    for own in [&[SERVER][..], &[SERVER, CLIENT], &[STAMPS], &[SERVER, "1.2.3.4"]] {
        assert!(!holds(&[], own), "{own:?}");
    }
}

#[test]
fn the_answer_of_a_time_stamper_is_the_one_to_the_question() {
    use gongwen::sign::{SignError, TimeStampError, TransportError};
    struct Stamper(Identity, fn(Vec<u8>) -> Vec<u8>);
    impl gongwen::sign::TimeStamper for Stamper {
        fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
            Ok(self.0.stamp(&(self.1)(request.to_vec()), "20240131020005Z"))
        }
    }
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    let signer = key_of(&root.signer(Key::p256(1), "甲", 3));
    let other = |mut request: Vec<u8>| {
        // The last byte of the nonce, before the wish for a certificate.
        let place = request.len() - 4;
        request[place] ^= 1;
        request
    };
    let same: fn(Vec<u8>) -> Vec<u8> = |request| request;
    for (change, fine) in [(same, true), (other as fn(Vec<u8>) -> Vec<u8>, false)] {
        let stamper = Stamper(root.issue(Key::p256(7), &Wish::new("时间戳", 5, Purpose::TimeStamps)), change);
        let options = SignOptions { time_stamper: Some(&stamper), ..SignOptions::at(now()) };
        match sign(&pdf, &signer, &options) {
            Ok(_) => assert!(fine),
            Err(error) => {
                assert!(
                    !fine && matches!(error, SignError::TimeStamp(TimeStampError::NonceMismatch)),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn outdated_revocation_data_do_not_count() {
    let root = root("根");
    let short =
        Wish { valid: ("20200101000000Z", "20240601000000Z"), ..Wish::new("甲", 2, Purpose::Signing) };
    let signer = root.issue(Key::p256(1), &short);
    let list = |from: &str, to: Option<&str>| root.crl_with(&[], (from, to), &[]);
    let of = |crl: Vec<u8>| covered(&signer, &root, &[crl], &[], NOW);
    assert!(of(list("20240101000000Z", Some("20240301000000Z"))));
    assert!(!of(list("20230101000000Z", Some("20240101000000Z"))), "it ran out");
    // Without a next update, a list counts for a day.
    assert!(of(list("20240131000000Z", None)) && !of(list("20230131000000Z", None)));
    // After a certificate ran out, its issuer forgets that it was revoked.
    assert!(!of(list("20250101000000Z", Some("20300101000000Z"))));
    let answer = |time: &str| covered(&signer, &root, &[], &[root.ocsp_by(&root, 2, time)], NOW);
    assert!(answer("20240131000000Z") && answer("20240501000000Z") && !answer("20240101000000Z"));
}

#[test]
fn delegated_responders_are_validated() {
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let answers = |by: &Identity, time: &str| covered(&signer, &root, &[], &[root.ocsp_by(by, 2, time)], NOW);
    let fresh =
        Wish { valid: ("20240301000000Z", "20240401000000Z"), ..Wish::new("答", 8, Purpose::Answering) };
    let responder = root.issue(Key::p256(8), &fresh);
    // Its own certificate must be valid when it answers, not when was signed what it answers about.
    assert!(answers(&responder, "20240315000000Z"));
    assert!(!answers(&responder, "20240131000000Z"));
    assert!(!answers(&root.signer(Key::p256(9), "乙", 9), "20240131000000Z"), "not for answers");
    let other = self::root("别的根");
    assert!(!answers(&other.issue(Key::p256(8), &fresh), "20240315000000Z"));
    let weak = Wish::new("弱", 10, Purpose::Answering);
    let weak = root.issue(Key::rsa(1024), &weak);
    assert!(!answers(&weak, "20240131000000Z"));
}

#[test]
fn keys_are_used_for_what_they_are() {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    let server = root.issue(Key::p256(1), &Wish::new("www.a.cn", 2, Purpose::Server));
    let found = verified(&signed(&pdf, &server), &root);
    assert!(!found.holds() && found.signatures[0].intact);
    assert!(found.signatures[0].reasons[0].message().en.contains("not for signatures"), "{found:#?}");
    // A time stamper's key is for time stamps only, in a critical extension.
    struct Stamper(Identity);
    impl gongwen::sign::TimeStamper for Stamper {
        fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, gongwen::sign::TransportError> {
            Ok(self.0.stamp(request, "20240131020005Z"))
        }
    }
    let signer = key_of(&root.signer(Key::p256(1), "甲", 3));
    for (purpose, fine) in
        [(Purpose::TimeStamps, true), (Purpose::LooseTimeStamps, false), (Purpose::Signing, false)]
    {
        let stamper = Stamper(root.issue(Key::p256(7), &Wish::new("时间戳", 5, purpose)));
        let options = SignOptions { time_stamper: Some(&stamper), ..SignOptions::at(now()) };
        assert_eq!(sign(&pdf, &signer, &options).is_ok(), fine);
    }
}

#[test]
fn a_time_stamp_proves_nothing_about_its_own_key() {
    use gongwen::sign::{ValidationData, add_validation_data, prepare};
    use sha2::Digest;
    let root = root("根");
    let stamper = root.issue(Key::p256(7), &Wish::new("时间戳", 5, Purpose::TimeStamps));
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    // A signature of the other kind has the same form.
    let prepared = prepare(&pdf, 8192, &SignOptions::at(now())).expect("prepares").bytes().to_vec();
    let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    let (kind, other) = (b"ETSI.CAdES.detached", b"ETSI.RFC3161       ");
    let mut bytes = prepared.clone();
    let place = find(&bytes, kind).expect("is there");
    bytes[place..place + kind.len()].copy_from_slice(other);
    let from = find(&bytes, b"/Contents <").expect("is there") + b"/Contents ".len();
    let to = from + bytes[from..].iter().position(|&byte| byte == b'>').expect("an end") + 1;
    let hash = sha2::Sha256::digest([&bytes[..from], &bytes[to..]].concat());
    let token = stamper.token(&hash, "20240131020005Z");
    let digits: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes[from + 1..from + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    let with = |revoked: &[(u8, &str)]| {
        let certificates = gongwen::sign::Certificate::read_all(&root.certificate).expect("is one");
        let data = ValidationData { certificates, crls: vec![root.crl(revoked)], ocsps: Vec::new() };
        verified(&add_validation_data(&bytes, &data, &Limits::default()).expect("adds"), &root)
    };
    let good = with(&[(3, "20240301000000Z")]);
    assert!(good.signatures[0].verdict == Verdict::Holds, "{good:#?}");
    // Nobody signed, though.
    assert!(!good.holds());
    assert_eq!(good.reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>(), ["no-signer"]);
    assert_eq!(good.signatures[0].kind, gongwen::verify::SignatureKind::TimeStamp);
    // Whoever has the stolen key writes an earlier time.
    assert!(with(&[(5, "20240301000000Z")]).signatures[0].verdict == Verdict::Unproved);
}

#[test]
fn a_signature_brings_no_content_of_its_own() {
    use gongwen::sign::{complete, prepare};
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let pdf = exported(short_report("题").as_bytes(), 1, false);
    let prepared = prepare(&pdf, 4096, &SignOptions::at(now())).expect("prepares");
    assert!(complete(prepared.bytes(), &signer.detached(b"other"), None, &Limits::default()).is_err());
    let small = prepared.content();
    assert!(complete(prepared.bytes(), &signer.detached(&small), None, &Limits::default()).is_ok());
    let refused = complete(prepared.bytes(), &signer.attached(&small), None, &Limits::default())
        .expect_err("is refused");
    assert!(refused.message().en.contains("of its own"), "{refused}");
}

#[test]
fn names_of_signers_do_not_turn_the_writing() {
    let root = root("根");
    let wish = Wish {
        valid: ("20200101000000Z", "99991231235959Z"),
        ..Wish::new("甲\u{202e}乙", 2, Purpose::Signing)
    };
    let signer = root.issue(Key::p256(1), &wish);
    let found = verified(&signed(&exported(short_report("题").as_bytes(), 1, false), &signer), &root);
    assert!(found.holds(), "{found:#?}");
    assert_eq!(found.signatures[0].signer.as_ref().expect("is known").subject, "甲\\E2\\80\\AE乙, C=CN");
    let wish = Wish { valid: wish.valid, ..Wish::new("甲, O=乙", 3, Purpose::Signing) };
    let signer = root.issue(Key::p256(1), &wish);
    let found = verified(&signed(&exported(short_report("题").as_bytes(), 1, false), &signer), &root);
    assert_eq!(found.signatures[0].signer.as_ref().expect("is known").subject, "甲\\, O\\=乙, C=CN");
}

#[test]
fn servers_without_a_trusted_certificate_are_refused() {
    let here = folder();
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    for (name, text) in
        [("a.json", short_report("题")), ("key.pem", signer.key.pem()), ("cert.pem", signer.pem())]
    {
        write(here.path(), name, text);
    }
    gongwen(here.path(), &["export", "a.json", "--format", "pdf"]).ends(0);
    let base = [
        "sign",
        "a.pdf",
        "--key",
        "key.pem",
        "--cert",
        "cert.pem",
        "-o",
        "b.pdf",
        "--lang",
        "en",
        "--timestamp",
    ];
    let refused = |url: &str| gongwen(here.path(), &[&base[..], &[url]].concat()).ends(2).err;
    let address = serve_encrypted(&signer);
    let message = refused(&address);
    assert!(
        message.contains(&address) && message.contains("TLS certificate of the server is not trusted"),
        "{message}"
    );
    assert!(refused("ftp://a.cn/").contains("only http:// and https://"));
    assert!(!here.path().join("b.pdf").exists());
}
