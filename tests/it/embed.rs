//! The embedded source of a file, and the same file made from it again.

use std::collections::BTreeMap;

use gongwen::Conformance;
use gongwen::Layouts;
use gongwen::Limits;
use gongwen::extract;
use gongwen::{AssetError, Assets};
use gongwen::{DocxFonts, DocxOptions, ExportError, Exporter, Format, Options, OptionsError, PdfOptions};
use serde_json::Value;

use crate::command::{example, folder, gongwen, names, short_report};

/// Images of the examples.
struct Examples;

impl Assets for Examples {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        std::fs::read(example(path)).map_err(|_| AssetError::Missing)
    }
}

fn options() -> Options {
    Options { formats: vec![Format::Pdf], embed_source: true, ..Options::default() }
}

/// Exports, takes out what the file carries, and exports from that alone: the same bytes.
fn check(exporter: &Exporter, report: &[u8], options: &Options) -> Value {
    let export = exporter.export(report, options, &Examples).expect("the report is in order");
    let pdf = export.file(Format::Pdf).expect("was asked for");
    let source = extract(pdf, &Limits::default()).expect("carries it");
    assert_eq!(source.report, report);
    assert_eq!(export.source.as_ref(), Some(&source));
    let again =
        Exporter::new().reproduce(&source, &[Format::Pdf], &gongwen::Limits::default()).expect("is whole");
    assert_eq!(again.differences, []);
    assert!(again.export.file(Format::Pdf) == Some(pdf), "the same bytes");
    serde_json::from_slice(&source.manifest).expect("is JSON")
}

#[test]
fn word_file_with_fonts_is_made_again_from_the_pdf() {
    let report = std::fs::read(example("letter.json")).expect("reads");
    let wanted = Options {
        docx: DocxOptions { fonts: DocxFonts::Embed },
        formats: vec![Format::Pdf, Format::Docx],
        ..options()
    };
    let export = Exporter::new().export(&report, &wanted, &Examples).expect("the report is in order");
    let source =
        extract(export.file(Format::Pdf).expect("was asked for"), &Limits::default()).expect("carries it");
    let again =
        Exporter::new().reproduce(&source, &[Format::Docx], &gongwen::Limits::default()).expect("is whole");
    assert!(again.export.file(Format::Docx) == export.file(Format::Docx), "the same bytes");
}

#[test]
fn examples_are_made_again_from_themselves() {
    for name in ["qingzhen-2023.json", "every-block.json", "letter.json", "notice.json"] {
        let report = std::fs::read(example(name)).expect("reads");
        let manifest = check(&Exporter::new(), &report, &options());
        assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
        assert!(manifest["fonts"].as_array().is_some_and(|fonts| fonts.len() >= 2), "{name}");
        let hashes: BTreeMap<&str, &str> = manifest["fonts"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|font| Some((font["name"].as_str()?, font["sha256"].as_str()?)))
            .collect();
        assert!(hashes.values().all(|hash| hash.len() == 64), "{hashes:?}");
    }
}

#[test]
fn options_and_layouts_of_ones_own_are_carried() {
    let own = "format = 1\nextends = \"general-document\"\nid = \"own\"\nname = \"自定\"\n";
    let above =
        "format = 1\nextends = \"own\"\nid = \"above\"\nname = \"再定\"\n[page]\nprofile = \"word\"\n";
    let (layouts, _) = Layouts::embedded().with_file("own.toml", own).expect("is sound");
    let (layouts, _) = layouts.with_file("above.toml", above).expect("is sound");
    let exporter = Exporter::new().with_layouts(layouts);
    let date = gongwen::Date::parse("2024-02-29");
    let options = Options { layout: Some("above".into()), date, ..options() };
    let manifest = check(&exporter, short_report("题").as_bytes(), &options);
    assert_eq!(manifest["options"]["layout"], "above");
    assert_eq!(manifest["options"]["date"], "2024-02-29");
    assert_eq!(manifest["options"]["conformance"], "a-3a+ua-1");
    let files: Vec<_> = manifest["layouts"].as_array().into_iter().flatten().collect();
    assert_eq!(files[0]["file"], "layout-1.toml");
    assert_eq!(files[1]["file"], "layout-2.toml");
    assert_eq!(files[2]["id"], "general-document");
    assert!(files[2..].iter().all(|layout| layout["file"].is_null()), "{files:?}");
}

#[test]
fn a_layout_that_replaces_a_shipped_one_is_carried() {
    let own =
        "format = 1\nextends = \"general-document\"\nid = \"general-document\"\n[page]\nprofile = \"word\"\n";
    let (layouts, _) = Layouts::embedded().with_file("own.toml", own).expect("is sound");
    let manifest = check(&Exporter::new().with_layouts(layouts), short_report("题").as_bytes(), &options());
    assert_eq!(manifest["layouts"][0]["file"], "layout-1.toml");
    assert_eq!(manifest["layouts"][1]["id"], "general-document");
    assert!(manifest["layouts"][1]["file"].is_null());
}

#[test]
fn differences_are_reported() {
    let export = Exporter::new().export(short_report("题").as_bytes(), &options(), &()).expect("is in order");
    let mut source = export.source.expect("was asked for");
    let text = String::from_utf8(source.manifest.clone()).expect("UTF-8");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    let hash = manifest["fonts"][0]["sha256"].as_str().expect("a hash").to_owned();
    source.manifest =
        text.replace(&hash, &"0".repeat(64)).replace("\"version\": \"", "\"version\": \"9").into();
    let again =
        Exporter::new().reproduce(&source, &[Format::Pdf], &gongwen::Limits::default()).expect("is whole");
    assert_eq!(again.differences.len(), 2, "{:?}", again.differences);
    source.manifest = b"{}".to_vec();
    assert!(Exporter::new().reproduce(&source, &[Format::Pdf], &gongwen::Limits::default()).is_err());
}

#[test]
fn embedding_asks_for_a_level_that_allows_it() {
    let here = folder();
    std::fs::write(here.path().join("a.json"), short_report("题")).expect("writes");
    for level in ["a-2a+ua-1", "a-2b", "a-2u"] {
        let ran =
            gongwen(here.path(), &["export", "a.json", "--embed-source", "--conformance", level]).ends(2);
        assert!(ran.err.contains("--embed-source") && ran.err.contains(level), "{}", ran.err);
    }
    let ran =
        gongwen(here.path(), &["export", "a.json", "--format", "docx", "--conformance", "a-2b"]).ends(2);
    assert!(ran.err.contains("--conformance"), "{}", ran.err);
    let ran = gongwen(here.path(), &["export", "a.json", "--conformance", "a-1b"]).ends(2);
    assert!(ran.err.contains("a-1b") && ran.err.contains("a-2u"), "{}", ran.err);
    assert_eq!(names(here.path()), ["a.json"], "nothing is written");
    let options = Options { pdf: level(Conformance::A2b), ..options() };
    let error = Exporter::new().export(short_report("题").as_bytes(), &options, &()).expect_err("refused");
    assert!(
        matches!(error, ExportError::Options(OptionsError::LevelHoldsNoFiles(Conformance::A2b))),
        "{error}"
    );
}

/// A PDF that states this level.
fn level(level: Conformance) -> PdfOptions {
    PdfOptions { conformance: Some(level), ..PdfOptions::default() }
}

#[test]
fn the_level_stated_is_the_one_asked_for() {
    for stated in Conformance::ALL {
        let options = Options { formats: vec![Format::Pdf], pdf: level(stated), ..Options::default() };
        let export =
            Exporter::new().export(short_report("题").as_bytes(), &options, &()).expect("is in order");
        let pdf = String::from_utf8_lossy(export.file(Format::Pdf).expect("was asked for")).into_owned();
        let (part, letter, accessible) = match stated {
            Conformance::A2aUa1 => (2, 'A', true),
            Conformance::A3aUa1 => (3, 'A', true),
            Conformance::A2b => (2, 'B', false),
            Conformance::A2u => (2, 'U', false),
        };
        assert!(pdf.contains(&format!("<pdfaid:part>{part}</pdfaid:part>")), "{stated:?}");
        assert!(pdf.contains(&format!("<pdfaid:conformance>{letter}</pdfaid:conformance>")), "{stated:?}");
        assert_eq!(pdf.contains("<pdfuaid:part>"), accessible, "{stated:?}");
        assert!(export.source.is_none() && !pdf.contains("/AF"), "{stated:?}");
    }
}
