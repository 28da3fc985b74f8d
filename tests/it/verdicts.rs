//! The three verdicts: certificates and time stamps of made ages, revoked, renewed or not; and what is remarked.

use gongwen::sign::{
    Certificate, SignOptions, TimeStamper, TransportError, ValidationData, Weakness, add_time_stamp,
    add_validation_data, sign,
};
use gongwen::verify::{
    Reproduction, Requirements, SignatureKind, TimeSource, Verdict, Verification, VerifyOptions, verify,
};
use gongwen::{Exporter, Format, Limits, Options, Time, archive};

use crate::command::{folder, gongwen, short_report, with_parts};
use crate::pki::{Identity, Key, Purpose, Wish, root, serve};
use crate::sign::{exported, key_of, now};

/// A time stamping authority whose clock stands.
struct Authority {
    identity: Identity,
    time: String,
}

impl TimeStamper for Authority {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.identity.stamp(request, &self.time))
    }
}

fn valid<'a>(wish: Wish<'a>, from: &'a str, to: &'a str) -> Wish<'a> {
    Wish { valid: (from, to), ..wish }
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("is one")
}

/// An office with two authorities: the certificate of the first runs out in 2028, that of the second in 2040, those of
/// the signer and of the root as given.
struct Office {
    root: Identity,
    signer: Identity,
}

const FIRST: u8 = 5;
const SECOND: u8 = 6;
const SIGNER: u8 = 2;

impl Office {
    fn new(from: &str, to: &str) -> Office {
        let wish = valid(Wish::new("根", 1, Purpose::Authority), "20200101000000Z", "20500101000000Z");
        let root = crate::pki::certificate(Key::p256(103), &wish, None);
        let wish = valid(Wish::new("某市人民政府办公室", SIGNER, Purpose::Signing), from, to);
        let signer = root.issue(Key::p256(1), &wish);
        Office { root, signer }
    }

    fn authority(&self, serial: u8, stamped: &str) -> Authority {
        let (key, to) = if serial == FIRST { (7, "20280101000000Z") } else { (8, "20400101000000Z") };
        let wish = valid(Wish::new("时间戳", serial, Purpose::TimeStamps), "20200101000000Z", to);
        Authority { identity: self.root.issue(Key::p256(key), &wish), time: stamped.to_owned() }
    }

    fn signed(&self, stamped: Option<&Authority>) -> Vec<u8> {
        let pdf = exported(short_report("题").as_bytes(), 1, false);
        let options = SignOptions {
            time_stamper: stamped.map(|authority| authority as &dyn TimeStamper),
            allow: vec![Weakness::Expired],
            ..SignOptions::at(now())
        };
        sign(&pdf, &key_of(&self.signer), &options).expect("signs").bytes
    }

    fn stamped(&self, pdf: &[u8], serial: u8, at: &str) -> Vec<u8> {
        add_time_stamp(pdf, &self.authority(serial, at), &Limits::default()).expect("stamps").bytes
    }

    fn with_list(&self, pdf: &[u8], revoked: &[(u8, &str)], from: &str, to: &str) -> Vec<u8> {
        let certificates = Certificate::read_all(&self.root.certificate).expect("is one");
        let crls = vec![self.root.crl_with(revoked, (from, Some(to)), &[])];
        add_validation_data(
            pdf,
            &ValidationData { certificates, crls, ocsps: Vec::new() },
            &Limits::default(),
        )
        .expect("adds")
    }

    fn options(&self, at: &str) -> VerifyOptions {
        let roots = Some(Certificate::read_all(&self.root.certificate).expect("is one"));
        VerifyOptions { roots, at: Some(time(at)), ..VerifyOptions::default() }
    }

    fn found(&self, pdf: &[u8], at: &str) -> Verification {
        verify(pdf, &self.options(at), &Exporter::new()).expect("is a PDF")
    }
}

/// The verdict and the codes of the reasons for it.
fn told(found: &Verification) -> (Verdict, Vec<&'static str>) {
    let reasons = found.signatures.iter().flat_map(|signature| &signature.reasons);
    (found.verdict, reasons.map(|reason| reason.code()).collect())
}

const YEARS: (&str, &str) = ("20230101000000Z", "20250101000000Z");
const STAMPED: &str = "20240131020005Z";

#[test]
fn without_a_root_nobody_is_a_signer() {
    let office = Office::new(YEARS.0, YEARS.1);
    let pdf = office.signed(None);
    assert_eq!(told(&office.found(&pdf, "2024-06-01")), (Verdict::Holds, vec![]));
    let nobody = VerifyOptions { at: Some(time("2024-06-01")), ..VerifyOptions::default() };
    let found = verify(&pdf, &nobody, &Exporter::new()).expect("is a PDF");
    assert_eq!(told(&found), (Verdict::Unproved, vec!["no-trust-anchors-given"]));
    assert!(found.signatures[0].intact);
    assert_eq!(found.settled_by()[0].zh, "用 --trust 给出信任的根证书");
    let others = Certificate::read_all(&root("别的根").certificate).expect("is one");
    let found = verify(&pdf, &VerifyOptions { roots: Some(others), ..nobody }, &Exporter::new());
    assert_eq!(told(&found.expect("is a PDF")), (Verdict::Unproved, vec!["no-trust-anchor"]));
    // Without any time there is only the signer's word.
    let timeless = VerifyOptions { at: None, ..office.options("2024-06-01") };
    let found = verify(&pdf, &timeless, &Exporter::new()).expect("is a PDF");
    assert_eq!(told(&found), (Verdict::Unproved, vec!["time-not-proved"]));
    // A byte of what was signed: whoever signed, it does not hold.
    let mut changed = pdf.clone();
    changed[40] ^= 1;
    for options in [nobody_asked(), office.options("2024-06-01")] {
        assert!(
            verify(&changed, &options, &Exporter::new()).is_ok_and(|found| found.verdict == Verdict::Broken)
        );
    }
}

fn nobody_asked() -> VerifyOptions {
    VerifyOptions::default()
}

#[test]
fn certificates_run_out_and_time_stamps_prove_them() {
    let office = Office::new(YEARS.0, YEARS.1);
    let plain = office.signed(None);
    let stamped = office.signed(Some(&office.authority(FIRST, STAMPED)));
    // The certificate runs out after it was signed.
    assert_eq!(told(&office.found(&plain, "2026-06-01")), (Verdict::Unproved, vec!["expired"]));
    let found = office.found(&stamped, "2026-06-01");
    assert_eq!(told(&found), (Verdict::Holds, vec![]));
    assert_eq!(found.signatures[0].time.expect("a time").source, TimeSource::TimeStamp);
    assert_eq!(found.renew_by, Some(time("2028-01-01T00:00:00Z")));
    // It had run out before.
    let late = Office::new("20200101000000Z", "20230101000000Z");
    let found = late.found(&late.signed(Some(&late.authority(FIRST, STAMPED))), "2026-06-01");
    assert_eq!(told(&found), (Verdict::Unproved, vec!["expired"]));
    // The stamp runs out, and was renewed in time, or too late, or not at all.
    assert_eq!(told(&office.found(&stamped, "2030-06-01")), (Verdict::Unproved, vec!["expired"]));
    let renewed = office.stamped(&stamped, SECOND, "20270601000000Z");
    assert_eq!(told(&office.found(&renewed, "2030-06-01")), (Verdict::Holds, vec![]));
    assert_eq!(office.found(&renewed, "2030-06-01").renew_by, Some(time("2040-01-01T00:00:00Z")));
    let too_late = office.stamped(&stamped, SECOND, "20290601000000Z");
    assert_eq!(told(&office.found(&too_late, "2030-06-01")), (Verdict::Unproved, vec!["expired"]));
    assert_eq!(told(&office.found(&renewed, "2041-06-01")).0, Verdict::Unproved);
    // A document time stamp proves a signature that has none of its own.
    let covered = office.stamped(&plain, SECOND, "20240601000000Z");
    let found = office.found(&covered, "2030-06-01");
    assert_eq!(told(&found), (Verdict::Holds, vec![]));
    assert_eq!(found.signatures[1].kind, SignatureKind::TimeStamp);
    let after = office.stamped(&plain, SECOND, "20260601000000Z");
    assert_eq!(told(&office.found(&after, "2030-06-01")), (Verdict::Unproved, vec!["expired"]));
    // A renewal of a renewal.
    let twice = office.stamped(&office.stamped(&plain, FIRST, "20240601000000Z"), SECOND, "20270601000000Z");
    assert_eq!(told(&office.found(&twice, "2035-06-01")), (Verdict::Holds, vec![]));
}

#[test]
fn revocation_counts_from_its_time() {
    let office = Office::new(YEARS.0, YEARS.1);
    let list = ("20240101000000Z", "20500101000000Z");
    let with = |pdf: &[u8], serial: u8, when: &str| office.with_list(pdf, &[(serial, when)], list.0, list.1);
    let stamped = office.signed(Some(&office.authority(FIRST, STAMPED)));
    let revoked = (Verdict::Broken, vec!["revoked"]);
    let at = "2024-06-01";
    assert_eq!(told(&office.found(&with(&stamped, SIGNER, "20240101000000Z"), at)), revoked);
    assert_eq!(told(&office.found(&with(&stamped, SIGNER, "20240301000000Z"), at)), (Verdict::Holds, vec![]));
    assert_eq!(told(&office.found(&with(&office.signed(None), SIGNER, "20240301000000Z"), at)), revoked);
    // The authority's own certificate: only a later time stamp proves that its stamp is older.
    let unproved = (Verdict::Unproved, vec!["revoked"]);
    assert_eq!(told(&office.found(&with(&stamped, FIRST, "20240301000000Z"), at)), unproved);
    let renewed = office.stamped(&stamped, SECOND, "20240215000000Z");
    assert_eq!(told(&office.found(&with(&renewed, FIRST, "20240301000000Z"), at)), (Verdict::Holds, vec![]));
    assert_eq!(told(&office.found(&with(&renewed, FIRST, "20240201000000Z"), at)), unproved);
}

#[test]
fn requirements_and_remarks() {
    let office = Office::new(YEARS.0, YEARS.1);
    let plain = office.signed(None);
    let asked = |pdf: &[u8], time_stamp: bool, revocation: bool| {
        let require = Requirements { time_stamp, revocation };
        let options = VerifyOptions { require, ..office.options("2024-06-01") };
        verify(pdf, &options, &Exporter::new()).expect("is a PDF")
    };
    assert_eq!(told(&asked(&plain, true, false)), (Verdict::Unproved, vec!["time-stamp-missing"]));
    assert_eq!(told(&asked(&plain, false, true)), (Verdict::Unproved, vec!["revocation-status-missing"]));
    let listed = office.with_list(&plain, &[(99, STAMPED)], "20240101000000Z", "20500101000000Z");
    assert_eq!(told(&asked(&listed, false, true)), (Verdict::Holds, vec![]));
    assert_eq!(told(&asked(&office.stamped(&plain, FIRST, STAMPED), true, false)), (Verdict::Holds, vec![]));
    let remarks = |found: &Verification| -> Vec<&'static str> {
        found.signatures.iter().flat_map(|signature| &signature.remarks).map(|remark| remark.code()).collect()
    };
    assert_eq!(remarks(&asked(&plain, false, false)), ["no-time-stamp", "no-revocation-data"]);
    let renewed = asked(&office.stamped(&listed, FIRST, STAMPED), false, false);
    assert_eq!(remarks(&renewed), ["time-stamp-runs-out"]);
    // The names of the issuer and of the signer.
    let report = short_report("题");
    let issuer = serde_json::from_str::<serde_json::Value>(&report).expect("JSON")["issuer"].clone();
    let issuer = issuer.as_str().expect("a name").to_owned();
    for (name, expected) in [(issuer.as_str(), false), ("别的单位", true)] {
        let signer = office.root.signer(Key::p256(1), name, 3);
        let options = Options { formats: vec![Format::Pdf], embed_source: true, ..Options::default() };
        let export = Exporter::new().export(report.as_bytes(), &options, &()).expect("in order");
        let pdf = export.file(Format::Pdf).expect("was asked for");
        let signed = sign(pdf, &key_of(&signer), &SignOptions::at(now())).expect("signs").bytes;
        let found = office.found(&signed, "2024-06-01");
        assert_eq!(remarks(&found).contains(&"signer-is-not-issuer"), expected, "{name}: {found:#?}");
        assert_eq!((found.verdict, found.reproduced), (Verdict::Holds, Some(Reproduction::Yes)));
    }
}

#[test]
fn archives_are_renewed_and_tell_when() {
    let here = folder();
    let office = Office::new("20200101000000Z", "20400101000000Z");
    let write = |name: &str, bytes: &[u8]| std::fs::write(here.path().join(name), bytes).expect("writes");
    write("key.pem", office.signer.key.pem().as_bytes());
    write("cert.pem", office.signer.pem().as_bytes());
    write("root.pem", office.root.pem().as_bytes());
    write("crl", &office.root.crl_with(&[(99, STAMPED)], ("20240101000000Z", Some("20500101000000Z")), &[]));
    write("notice.json", short_report("题").as_bytes());
    let make = [
        "archive",
        "notice.json",
        "--element",
        "全宗号=0101",
        "--element",
        "保管期限=永久",
        "--key",
        "key.pem",
        "--cert",
        "cert.pem",
        "-o",
        "bags/one",
    ];
    let ran = gongwen(here.path(), &[&make[..], &["--time", "2024-01-31"]].concat()).ends(0);
    assert!(ran.err.contains("没有时间戳"), "{}", ran.err);
    // Who signed is proved until the certificate runs out.
    let check = ["archive", "check", "bags", "--trust", "root.pem", "--json", "--time"];
    let line = gongwen(here.path(), &[&check[..], &["2024-06-01"]].concat()).ends(0).object();
    assert_eq!((&line["verdict"], &line["due"]), (&"holds".into(), &false.into()));
    assert_eq!(line["renew_by"], "2040-01-01T08:00:00+08:00");
    gongwen(here.path(), &[&check[..], &["2041-06-01"]].concat()).ends(3);
    let authority = office.authority(FIRST, "20240601000000Z");
    let address = serve(move |question| authority.stamp(question).expect("answers"));
    let renew = ["archive", "renew", "bags/one", "--timestamp", &address, "--time", "2024-06-01"];
    let more = ["--crl", "crl", "--chain", "root.pem", "--json"];
    let line = gongwen(here.path(), &[&renew[..], &more].concat()).ends(0).object();
    assert_eq!(line["renew_by"], "2028-01-01T08:00:00+08:00");
    assert_eq!((&line["field"], &line["findings"]), (&"time-stamp-1".into(), &serde_json::json!([])));
    let line = gongwen(here.path(), &[&check[..], &["2027-06-01"]].concat()).ends(0).object();
    assert_eq!((&line["due"], &line["renew_by"]), (&true.into(), &"2028-01-01T08:00:00+08:00".into()));
    // Everything in the bag still follows from the signed file.
    let base = ["verify", "bags/one", "--trust", "root.pem", "--time", "2024-07-01", "--json"];
    let found = gongwen(here.path(), &base).ends(0).object();
    assert_eq!((&found["verdict"], &found["reproduced"]), (&"holds".into(), &"yes".into()), "{found}");
    let metadata = std::fs::read(here.path().join("bags/one/data/metadata.json")).expect("is there");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).expect("JSON");
    assert_eq!((&metadata["全宗号"], &metadata["年度"]), (&"0101".into(), &"2023".into()));
    let refused = gongwen(here.path(), &["archive", "notice.json", "--element", "备注=x", "-o", "bags/two"]);
    assert!(refused.ends(2).err.contains("全宗号"));
    // A second renewal, and one without data: they are warned of.
    let authority = office.authority(SECOND, "20270601000000Z");
    let address = serve(move |question| authority.stamp(question).expect("answers"));
    let second = ["archive", "renew", "bags/one", "--timestamp", &address, "--time", "2027-06-01"];
    let ran = gongwen(here.path(), &second).ends(0);
    assert!(ran.err.contains("没有取得吊销信息") && ran.out.contains("2040-01-01"), "{ran:?}");
    let found = gongwen(
        here.path(),
        &["verify", "bags/one", "--trust", "root.pem", "--time", "2035-07-01", "--json"],
    );
    assert_eq!(found.ends(0).object()["verdict"], "holds");
    // A time stamp of another time, or of an authority that is not trusted, does not renew.
    for (authority, at, more) in [
        (office.authority(SECOND, "20390601000000Z"), "2028-06-01", None),
        (office.authority(FIRST, "20290601000000Z"), "2029-06-01", None),
        (office.authority(SECOND, "20280601000000Z"), "2028-06-01", Some("other.pem")),
    ] {
        write("other.pem", root("别的根").pem().as_bytes());
        let address = serve(move |question| authority.stamp(question).expect("answers"));
        let renew = ["archive", "renew", "bags/one", "--timestamp", &address, "--time", at];
        let trust = more.map(|roots| vec!["--trust", roots]).unwrap_or_default();
        let ran = gongwen(here.path(), &[&renew[..], &trust].concat()).ends(1);
        assert!(ran.err.contains("没有续期"), "{}", ran.err);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = |path: &str| {
            std::fs::metadata(here.path().join(path)).expect("is there").permissions().mode() & 0o777
        };
        let allow = |path: &str, mode: u32| {
            let rights = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(here.path().join(path), rights).expect("sets");
        };
        allow("bags/one/data/notice.pdf", 0o600);
        allow("bags/one/data/check.json", 0o640);
        allow("bags/one", 0o700);
        std::os::unix::fs::symlink("one", here.path().join("bags/link")).expect("links");
        let authority = office.authority(SECOND, "20280601000000Z");
        let address = serve(move |question| authority.stamp(question).expect("answers"));
        let renew = ["archive", "renew", "bags/link", "--timestamp", &address, "--time", "2028-06-01"];
        gongwen(here.path(), &renew).ends(0);
        assert!(here.path().join("bags/link").is_symlink(), "the archive itself was renewed");
        let found = ["bags/one", "bags/one/data/notice.pdf", "bags/one/data/check.json"].map(rights);
        assert_eq!(found, [0o700, 0o600, 0o640]);
        std::fs::remove_file(here.path().join("bags/link")).expect("removes");
    }
    // An archive that lost its declaration is one all the same.
    let declaration = std::fs::read(here.path().join("bags/one/bagit.txt")).expect("is there");
    std::fs::remove_file(here.path().join("bags/one/bagit.txt")).expect("removes");
    gongwen(here.path(), &[&check[..], &["2030-06-01"]].concat()).ends(1);
    write("bags/one/bagit.txt", &declaration);
    gongwen(here.path(), &[&check[..], &["2030-06-01", "--within", "4000000000"]].concat()).ends(0);
    // What is damaged is not renewed, and stays as it is.
    write("bags/one/data/check.json", b"{}");
    let before = std::fs::read(here.path().join("bags/one/data/notice.pdf")).expect("is there");
    gongwen(here.path(), &second).ends(1);
    assert_eq!(std::fs::read(here.path().join("bags/one/data/notice.pdf")).expect("is there"), before);
    gongwen(here.path(), &[&check[..], &["2024-06-01"]].concat()).ends(1);
    gongwen(here.path(), &["archive", "check", "key.pem"]).ends(2);
}

#[test]
fn a_bag_of_another_version_is_intact() {
    let office = Office::new("20200101000000Z", "20400101000000Z");
    let key = key_of(&office.signer);
    let report = short_report("题").into_bytes();
    let made = archive::archive(
        &Exporter::new(),
        archive::Ingredients {
            report: &report,
            stem: "notice",
            signing: archive::Signing::Now {
                export: &Options::default(),
                assets: &(),
                key: &key,
                sign: &SignOptions::at(now()),
            },
            elements: archive::Elements::default(),
            validation_data: None,
        },
    )
    .expect("archives");
    let found = archive::verify(&made.files, &office.options("2024-06-01"), &Exporter::new());
    assert_eq!((found.verdict, found.reproduced), (Verdict::Holds, Some(Reproduction::Yes)), "{found:#?}");
    // A Word file that claims another version than the signed PDF beside it is no excuse.
    let mut forged = made.files.clone();
    let word = forged.get_mut("data/notice.docx").expect("is there");
    *word = with_manifest(word, |text| {
        text.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"9.9.9\"")
    });
    let found = archive::verify(&forged, &office.options("2024-06-01"), &Exporter::new());
    assert_eq!(found.verdict, Verdict::Broken);
    let reasons: Vec<_> =
        found.documents.iter().flat_map(|document| &document.reasons).map(|reason| reason.code()).collect();
    assert!(reasons.contains(&"other-manifest"), "{reasons:?}");
}

#[test]
fn an_archive_of_version_0_1_0_is_intact() {
    let suite = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/archive-0.1.0");
    let here = folder();
    let run = |bag: &std::path::Path| {
        let bag = bag.to_str().expect("UTF-8");
        let trust = suite.join("roots.pem");
        let trust = trust.to_str().expect("UTF-8");
        gongwen(here.path(), &["verify", bag, "--trust", trust, "--time", "2030-01-01", "--json"])
    };
    let found = run(&suite.join("bag")).ends(0).object();
    assert_eq!((&found["verdict"], &found["reproduced"]), (&"holds".into(), &"other-version".into()));
    let remarks = found["documents"][0]["remarks"].as_array().expect("a list");
    let codes: Vec<_> = remarks.iter().map(|remark| &remark["code"]).collect();
    assert_eq!(codes, ["other-version", "not-signed"]);
    let not_compared = found["not_compared"].as_array().expect("a list");
    assert_eq!(not_compared.len(), 3, "{not_compared:?}");
    // Whatever is changed in what was signed, or in what follows from it, is found, though the manifests fit again.
    let paths = [
        "data/short.pdf",
        "data/short.json",
        "data/metadata.json",
        "data/provenance.json",
        "data/preview/short-1.png",
    ];
    for path in paths {
        let copy = here.path().join(path.replace('/', "-"));
        let mut payload = archive::Files::new();
        for name in [
            "check.json",
            "metadata.json",
            "provenance.json",
            "preview/short-1.png",
            "short.docx",
            "short.json",
            "short.pdf",
        ] {
            payload.insert(name.to_owned(), std::fs::read(suite.join("bag/data").join(name)).expect("reads"));
        }
        let changed = payload.get_mut(path.trim_start_matches("data/")).expect("is there");
        let middle = if path.ends_with(".png") { 1 } else { changed.len() / 2 };
        changed[middle] ^= 1;
        let info = [("Source-Organization", "样例市人民政府办公室".to_owned())];
        for (name, bytes) in archive::pack(payload, &info) {
            let to = copy.join(name);
            std::fs::create_dir_all(to.parent().expect("has one")).expect("makes");
            std::fs::write(to, bytes).expect("writes");
        }
        assert_eq!(run(&copy).ends(1).object()["verdict"], "broken", "{path}");
    }
}

/// A Word file whose embedded manifest is changed so.
fn with_manifest(word: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut changed = false;
    let new = with_parts(word, |name, bytes| {
        if !name.contains("customXml") {
            return bytes;
        }
        let other = change_source(&String::from_utf8_lossy(&bytes), &change).into_bytes();
        changed |= other != bytes;
        other
    });
    assert!(changed, "the manifest was found");
    new
}

/// The custom XML part holds the manifest as text or in base64.
fn change_source(text: &str, change: &impl Fn(&str) -> String) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    let mut out = change(text);
    for word in text.split(['<', '>']) {
        let plain: String = word.split_whitespace().collect();
        let Some(held) = engine.decode(&plain).ok().and_then(|held| String::from_utf8(held).ok()) else {
            continue;
        };
        let other = change(&held);
        if other != held {
            out = out.replace(word, &engine.encode(other));
        }
    }
    out
}
