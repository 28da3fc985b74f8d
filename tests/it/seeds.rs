//! What the fuzz targets begin with: files of every kind that they read, made as the other tests make them.
//!
//! `fuzz/seeds` has the few that targets are built with; they are the same every time. All others are written into
//! `fuzz/corpus` by the ignored test, which `scripts/fuzz` runs.

use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};

use gongwen::sign::{SignOptions, TimeStamper, TransportError, complete, prepare};
use gongwen::{Exporter, Format, Layouts, Limits, Options, PdfOptions};

use crate::command::short_report;
use crate::forged;
use crate::pki::{Identity, Key, Purpose, Wish, oid, root, seq, tlv};
use crate::sign::{exported, now, signed};

const LIST: &str = "http://example.cn/list.crl";

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().expect("has one")).expect("is writable");
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A root and a signer whose certificate says where its status is found.
fn chain() -> (Identity, Identity) {
    let root = root("根");
    let mut wish = Wish::new("甲", 2, Purpose::Signing);
    (wish.list, wish.ocsp) = (Some(LIST), Some("http://example.cn/ocsp".to_owned()));
    let signer = root.issue(Key::p256(1), &wish);
    (root, signer)
}

/// A small file prepared for a signature, and the signature.
fn prepared(signer: &Identity) -> (Vec<u8>, Vec<u8>) {
    let prepared = prepare(&forged::plain(), 4096, &SignOptions::at(now())).expect("prepares");
    let signature = signer.detached(&prepared.content());
    (prepared.bytes().to_vec(), signature)
}

#[test]
fn fuzz_targets_are_built_with_what_the_tests_make() {
    let (root, signer) = chain();
    let (prepared, signature) = prepared(&signer);
    let signed = complete(&prepared, &signature, None, &Limits::default()).expect("is its signature");
    assert!(crate::sign::verified(&signed.bytes, &root).holds());
    let chain = [signer.pem(), root.pem()].concat();
    for (name, bytes) in
        [("prepared.pdf", prepared), ("signature.der", signature), ("chain.pem", chain.into_bytes())]
    {
        let path = fuzz().join("seeds").join(name);
        if std::env::var_os(crate::bad_input::UPDATE).is_some() {
            write(&path, &bytes);
        }
        let held = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(held == bytes, "{name} is another: run scripts/update-expected");
    }
}

/// A time stamping authority that keeps its answer.
struct Kept<'a>(&'a Identity, RefCell<Vec<u8>>);

impl TimeStamper for Kept<'_> {
    fn stamp(&self, question: &[u8]) -> Result<Vec<u8>, TransportError> {
        *self.1.borrow_mut() = self.0.stamp(question, "20240131020000Z");
        Ok(self.1.borrow().clone())
    }
}

#[test]
#[ignore = "writes into fuzz/corpus: scripts/fuzz runs it"]
fn corpus_of_the_fuzz_targets() {
    let (root, signer) = chain();
    let put = |target: &str, name: &str, bytes: &[u8]| {
        write(&fuzz().join("corpus").join(target).join(format!("seed-{name}")), bytes);
    };

    let (prepared, signature) = prepared(&signer);
    let authority = root.issue(Key::p256(5), &Wish::new("时间", 5, Purpose::TimeStamps));
    let kept = Kept(&authority, RefCell::default());
    let stamped =
        complete(&prepared, &signature, Some(&kept), &Limits::default()).expect("is its signature").bytes;
    put("time-stamp", "answer", &kept.1.borrow());
    put("cms", "signature", &signature);
    put("cms", "attached", &signer.attached(b"x"));
    put("cms", "token", &authority.token(&[7; 32], "20240131020000Z"));

    let responder = root.issue(Key::p256(6), &Wish::new("应答", 6, Purpose::Answering));
    put("ocsp", "own", &root.ocsp(2));
    put("ocsp", "delegated", &root.ocsp_by(&responder, 2, "20240131000000Z"));
    let point = tlv(0xa0, &tlv(0xa0, &tlv(0x86, LIST.as_bytes())));
    let point = seq(&[&oid("2.5.29.28"), &[1, 1, 0xff], &tlv(4, &seq(&[&point]))]);
    put("crl", "none", &root.crl(&[]));
    put("crl", "revoked", &root.crl(&[(2, "20230101000000Z"), (9, "20230101000000Z")]));
    put("crl", "point", &root.crl_with(&[], ("20240101000000Z", Some("20300101000000Z")), &point));

    put("der", "signer", &signer.certificate);
    put("der", "root", &root.certificate);
    put("der", "key", &signer.key.der());
    put("der", "pem", [signer.pem(), root.pem()].concat().as_bytes());
    put("der", "p12", &signer.p12("1", false));
    put("der", "old-p12", &signer.p12("1", true));

    let report = short_report("题");
    for (name, pdf) in forged::honest() {
        let both = signed(&signed(&pdf, &signer), &root.signer(Key::p256(3), "乙", 3));
        assert!(crate::sign::verified(&both, &root).holds(), "{name}");
        put("pdf", &name, &both);
        put("pdf", &format!("plain-{name}"), &pdf);
    }
    put("pdf", "stamped", &stamped);
    let whole = exported(report.as_bytes(), 2, true);
    put("pdf", "report", &signed(&signed(&whole, &signer), &root.signer(Key::p256(3), "乙", 3)));

    let options = Options { embed_source: true, pdf: PdfOptions::default(), ..Options::default() };
    let export = Exporter::new().export(report.as_bytes(), &options, &()).expect("is in order");
    let word = export.file(Format::Docx).expect("was asked for");
    put("ooxml", "report", word);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(word)).expect("is one");
    let mut body = Vec::new();
    zip.by_name("word/document.xml").expect("is there").read_to_end(&mut body).expect("reads");
    put("ooxml", "body", &body);

    let layouts = Layouts::embedded();
    let layout = layouts.get("disclosure-annual-report-2021").expect("is there");
    put("workbook", "blank", &gongwen::blank_workbook(&layout).expect("has tables"));
    put(
        "workbook",
        "csv",
        b"table,row,column,value\nrequests,received_this_year,total,3\nlitigation,x,y,1\n",
    );
}
