//! Embedded reports that are not the file's.

use super::*;

#[test]
fn a_swapped_report_does_not_hold() {
    let (root, pdf) = signed_once();
    let document = Document::load_mem(&pdf).expect("reads");
    // In an update after the signature.
    let embedded = document.objects.iter().find(|(_, object)| {
        let kind = object.as_stream().ok().and_then(|stream| stream.dict.get(b"Type").ok());
        kind.is_some_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"EmbeddedFile"))
    });
    let (id, _) = embedded.expect("is there");
    let report = short_report("另一个题");
    let stream = format!("<</Type/EmbeddedFile/Length {}>>\nstream\n{report}\nendstream", report.len());
    let swapped = appended(&pdf, &[(id.0, stream.clone())]);
    assert!(refused(&swapped, &root).contains("embedded file"));

    // Before the signature: it holds, but the file is not what its report makes.
    let plain = exported(short_report("题").as_bytes(), 1, true);
    let swapped = signed(&appended(&plain, &[(id.0, stream)]), &root.signer(Key::p256(1), "甲", 2));
    let found = verified(&swapped, &root);
    assert!(found.signatures[0].verdict == Verdict::Holds && !found.holds(), "{found:#?}");
    let content = found.content.expect("it carries a report");
    assert_eq!(content.reproduced, Reproduction::No);

    // Pages changed by an update between the export and the signature.
    let (page, mut entries) = page(&plain);
    entries.set("Rotate", 180);
    let turned = appended(&plain, &[(page.0, text(&Object::Dictionary(entries)))]);
    let found = verified(&signed(&turned, &root.signer(Key::p256(1), "甲", 2)), &root);
    assert!(found.signatures[0].verdict == Verdict::Holds && !found.holds(), "{found:#?}");
    assert_eq!(found.content.expect("it carries a report").reproduced, Reproduction::No);
}

#[test]
fn another_version_and_missing_inputs_are_distinguished() {
    let root = root("根");
    let signer = root.signer(Key::p256(1), "甲", 2);
    let options = Options { formats: vec![Format::Pdf], embed_source: true, ..Options::default() };
    let export = Exporter::new().export(short_report("题").as_bytes(), &options, &()).expect("in order");
    let pdf = export.file(Format::Pdf).expect("was asked for");
    let manifest = String::from_utf8(export.source.clone().expect("asked for").manifest).expect("UTF-8");
    let document = Document::load_mem(pdf).expect("reads");
    let (id, _) = document
        .objects
        .iter()
        .filter(|(_, object)| object.as_stream().is_ok())
        .find(|(_, object)| {
            let content = object.as_stream().and_then(lopdf::Stream::decompressed_content);
            content.is_ok_and(|content| content == manifest.as_bytes())
        })
        .expect("is there");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let hash = manifest.split("\"sha256\": \"").last().expect("a font").split('"').next().expect("a hash");
    let other_layout = manifest.replacen("\"file\": null", "\"file\": \"layout-1.toml\"", 1);
    for (changed, expected, verdict) in [
        (manifest.replace(&version, "\"version\": \"9.9\""), Reproduction::OtherVersion, Verdict::Holds),
        (manifest.replace(hash, &"0".repeat(64)), Reproduction::No, Verdict::Unproved),
        (other_layout, Reproduction::No, Verdict::Broken),
    ] {
        assert_ne!(changed, manifest);
        // A first revision that this program would not make.
        let mut pdf = pdf.to_vec();
        pdf[7] = b'6';
        let stream = format!("<</Type/EmbeddedFile/Length {}>>\nstream\n{changed}\nendstream", changed.len());
        let found = verified(&signed(&appended(&pdf, &[(id.0, stream)]), &signer), &root);
        assert_eq!((found.signatures[0].verdict, found.verdict), (Verdict::Holds, verdict), "{found:#?}");
        assert_eq!(
            (found.content.expect("it carries a report").reproduced, found.reproduced),
            (expected, Some(expected))
        );
    }
}
