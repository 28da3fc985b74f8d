//! Joint documents: what another program writes into a signed file beside its signature, and what it must not.

use gongwen::Exporter;
use gongwen::verify::{Verdict, VerifyOptions, verify};
use lopdf::{Document, Object};

use crate::command::short_report;
use crate::pki::{Key, root};
use crate::sign::{exported, signed};
use crate::tamper::{appended, text};

struct Joint {
    pdf: Vec<u8>,
    catalog: (u32, lopdf::Dictionary),
    information: (u32, lopdf::Dictionary),
    metadata: (u32, String),
}

impl Joint {
    fn of(pdf: Vec<u8>) -> Joint {
        let document = Document::load_mem(&pdf).expect("reads");
        let id =
            |key: &[u8]| document.trailer.get(key).and_then(Object::as_reference).expect("a reference").0;
        let (root, info) = (id(b"Root"), id(b"Info"));
        let catalog = document.catalog().expect("is there").clone();
        let metadata = catalog.get(b"Metadata").and_then(Object::as_reference).expect("has one").0;
        let stream = document.get_object((metadata, 0)).and_then(Object::as_stream).expect("a stream");
        let packet = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        Joint {
            catalog: (root, catalog),
            information: (info, document.get_dictionary((info, 0)).expect("is there").clone()),
            metadata: (metadata, String::from_utf8(packet).expect("UTF-8")),
            pdf,
        }
    }

    fn information(&self, key: &str, value: &str) -> (u32, String) {
        let mut entries = self.information.1.clone();
        entries.set(key, Object::string_literal(value));
        (self.information.0, text(&Object::Dictionary(entries)))
    }

    fn packet(&self, packet: &str) -> (u32, String) {
        let stream =
            format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{packet}\nendstream", packet.len());
        (self.metadata.0, stream)
    }

    fn catalog(&self, key: &str, value: &str) -> (u32, String) {
        let body = text(&Object::Dictionary(self.catalog.1.clone()));
        (self.catalog.0, format!("{}/{key} {value}>>", &body[..body.len() - 2]))
    }

    /// The verdict on the first signature after an update, usually and strictly, and the changes.
    fn after(&self, objects: &[(u32, String)]) -> (Verdict, Verdict, String) {
        let update = appended(&self.pdf, objects);
        let found = |strict: bool| {
            let options = VerifyOptions { strict, signatures_only: true, ..VerifyOptions::default() };
            verify(&update, &options, &Exporter::new()).expect("is a PDF")
        };
        let (usual, strict) = (found(false), found(true));
        let changes = usual.signatures[0].changes.iter().map(|change| change.detail.message().zh);
        let changes = changes.collect::<Vec<_>>().join("；");
        (usual.signatures[0].verdict, strict.signatures[0].verdict, changes)
    }
}

fn joint() -> Joint {
    let root = root("根");
    let pdf = exported(short_report("题").as_bytes(), 2, true);
    Joint::of(signed(&pdf, &root.signer(Key::p256(1), "甲", 2)))
}

/// Intact: nobody was asked who signed.
const INTACT: Verdict = Verdict::Unproved;

#[test]
fn dates_and_producers_of_another_program_are_permitted_and_named() {
    let joint = joint();
    let packet = &joint.metadata.1;
    let dated = packet
        .replace("<xmp:ModifyDate>20", "<xmp:ModifyDate>21")
        .replace("<pdf:Producer>gongwen", "<pdf:Producer>another; gongwen");
    assert_ne!(&dated, packet);
    let update = [
        joint.information("ModDate", "D:20990101000000Z"),
        joint.packet(&dated),
        joint.catalog(
            "Extensions",
            "<</ISO_[<</Type/DeveloperExtensions/BaseVersion/2.0/ExtensionLevel 32002>>]>>",
        ),
    ];
    let (usual, strict, changes) = joint.after(&update);
    assert_eq!((usual, strict), (INTACT, Verdict::Broken), "{changes}");
    let version = "文件改写了所用的 PDF 版本或扩展（目录的 Version、Extensions）";
    let expected = format!("{version}；文件属性改写过（修改日期）；元数据改写过（生成程序、修改日期）");
    let in_order = |text: &str| {
        let mut parts: Vec<String> = text.split('；').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    assert_eq!(in_order(&changes), in_order(&expected));
    // Written anew in another form, and says the same.
    let form = packet.replace("<x:xmpmeta ", "<x:xmpmeta x:xmptk=\"another\" ").replace(">\n", ">\n  ");
    let (usual, strict, changes) = joint.after(&[joint.packet(&form)]);
    assert_eq!((usual, strict), (INTACT, Verdict::Broken), "{changes}");
    let (usual, _, changes) = joint.after(&[joint.catalog("Version", "/2.0")]);
    assert_eq!((usual, changes.as_str()), (INTACT, version));
}

#[test]
fn what_the_metadata_say_is_not_changed() {
    let joint = joint();
    let packet = &joint.metadata.1;
    let title = packet.replacen("<dc:title>", "<dc:title xml:lang=\"en\">", 1);
    let other = packet.replacen("题", "别", 1);
    assert!(title != *packet && other != *packet);
    let entity = packet.replacen("<x:xmpmeta", "<!DOCTYPE x [<!ENTITY e \"x\">]><x:xmpmeta", 1);
    for (update, named) in [
        (joint.packet(&other), "题名"),
        (joint.packet(&title), "元数据"),
        (joint.packet(&entity), "元数据"),
        (joint.packet("<x/>"), "元数据"),
        (joint.information("Title", "other"), "题名"),
        // Dates are dates, and names are short.
        (joint.information("ModDate", "void, see the new file"), "修改日期"),
        (joint.information("Producer", &"long ".repeat(60)), "生成程序"),
        (joint.packet(&packet.replace("<xmp:ModifyDate>2024", "<xmp:ModifyDate>void 2024")), "修改日期"),
        (joint.information("Trapped", "True"), "Trapped"),
        (joint.catalog("OpenAction", "<</S/JavaScript/JS(x)>>"), "总目录"),
        (joint.catalog("Extensions", "<</A<</S/JavaScript/JS 5 0 R>>>>"), "总目录"),
    ] {
        let (usual, _, changes) = joint.after(std::slice::from_ref(&update));
        assert_eq!(usual, Verdict::Broken, "{update:?}: {changes}");
        assert!(changes.contains(named), "{named}: {changes}");
    }
}

#[test]
fn metadata_that_are_seen_do_not_change() {
    // The signed file calls its metadata the content of a page as well: what follows would be drawn.
    let root = root("根");
    let plain = Joint::of(exported(short_report("题").as_bytes(), 1, false));
    let document = Document::load_mem(&plain.pdf).expect("reads");
    let (_, page) = document.get_pages().into_iter().next().expect("has a page");
    let mut entries = document.get_dictionary(page).expect("is there").clone();
    let contents = entries.get(b"Contents").expect("has content").clone();
    entries.set("Contents", Object::Array(vec![contents, Object::Reference((plain.metadata.0, 0))]));
    let prepared = appended(&plain.pdf, &[(page.0, text(&Object::Dictionary(entries)))]);
    let joint = Joint::of(signed(&prepared, &root.signer(Key::p256(1), "甲", 2)));
    let drawn = joint.metadata.1.replace("<xmp:ModifyDate>20", "<xmp:ModifyDate>21");
    let (usual, _, changes) = joint.after(&[joint.packet(&drawn)]);
    assert_eq!(usual, Verdict::Broken, "{changes}");
}
