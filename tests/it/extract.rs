//! `gongwen extract`, and files that are damaged, foreign or malicious.

use std::path::Path;
use std::time::{Duration, Instant};

use gongwen::{Exporter, Format, Options};
use gongwen::{ExtractError, extract};
use gongwen::{Limits, ReadError};

use crate::command::{example, folder, gongwen, gongwen_reading, names, short_report};

/// A short report as a PDF that carries it.
fn carrying(report: &[u8]) -> Vec<u8> {
    let options = Options { formats: vec![Format::Pdf], embed_source: true, ..Options::default() };
    let export = Exporter::new().export(report, &options, &()).expect("the report is in order");
    export.file(Format::Pdf).expect("was asked for").to_vec()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).expect("writes");
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_report_comes_back_byte_for_byte() {
    let here = folder();
    let report = format!("\u{feff}{}\r\n\r\n", short_report("题\\u0041 "));
    write(here.path(), "a.json", report.as_bytes());
    gongwen(here.path(), &["export", "a.json", "--embed-source", "--format", "pdf"]).ends(0);
    gongwen(here.path(), &["extract", "a.pdf", "-o", "back.json"]).ends(0);
    assert_eq!(read(here.path(), "back.json"), report.as_bytes());
    assert_eq!(gongwen(here.path(), &["extract", "a.pdf"]).ends(0).out.as_bytes(), report.as_bytes());
    // The ending of the name is ignored.
    std::fs::rename(here.path().join("a.pdf"), here.path().join("a.docx")).expect("renames");
    assert_eq!(gongwen(here.path(), &["extract", "a.docx"]).ends(0).out.as_bytes(), report.as_bytes());
}

#[test]
#[ignore = "asks poppler: scripts/test runs it"]
fn poppler_finds_the_same_bytes() {
    let here = folder();
    gongwen(here.path(), &["export", &example("every-block.json"), "--embed-source", "--format", "pdf"])
        .ends(0);
    let ran = std::process::Command::new("pdfdetach")
        .args(["-saveall", "-o", ".", "every-block.pdf"])
        .current_dir(here.path())
        .output()
        .expect("pdfdetach of poppler-utils runs");
    assert!(ran.status.success(), "{ran:?}");
    let report = std::fs::read(example("every-block.json")).expect("reads");
    assert_eq!(read(here.path(), "report.json"), report);
    gongwen(here.path(), &["extract", "every-block.pdf", "--all", "all"]).ends(0);
    let all = names(&here.path().join("all"));
    assert_eq!(all, ["image-1.png", "image-2.png", "manifest.json", "report.json"]);
    for name in all {
        assert_eq!(read(here.path(), &name), read(&here.path().join("all"), &name), "{name}");
    }
}

#[test]
fn a_file_without_a_report_is_reported() {
    let here = folder();
    write(here.path(), "a.json", short_report("题").as_bytes());
    gongwen(here.path(), &["export", "a.json", "--format", "pdf"]).ends(0);
    let ran = gongwen(here.path(), &["extract", "a.pdf", "-o", "b.json"]).ends(1);
    assert!(ran.err.starts_with("a.pdf: 错误[extract.nothing]：文件里没有嵌入报告"), "{}", ran.err);
    assert_eq!(names(here.path()), ["a.json", "a.pdf"]);
}

#[test]
fn what_is_no_document_is_an_error() {
    let here = folder();
    for bytes in [&b""[..], b"{}", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"] {
        let ran = gongwen_reading(here.path(), &["extract", "-"], bytes).ends(2);
        assert!(ran.err.starts_with("错误：-："), "{}", ran.err);
    }
    gongwen(here.path(), &["extract", "none.pdf"]).ends(2);
    gongwen(here.path(), &["extract", "none.pdf", "-o", "a", "--all", "b"]).ends(2);
}

/// A change appended to a file, with its cross-references as a stream that is not compressed.
fn changed(mut pdf: Vec<u8>, previous: usize, root: &str) -> (Vec<u8>, usize) {
    let (object, start) = (pdf.len(), pdf.len() + "90000 0 obj\n(signed)\nendobj\n".len());
    pdf.extend_from_slice(b"90000 0 obj\n(signed)\nendobj\n");
    let head = format!(
        "90001 0 obj\n<</Type/XRef/Size 90002/W[1 4 2]/Index[90000 1]/Root {root}/Prev {previous}/Length 7>>\nstream\n"
    );
    pdf.extend_from_slice(head.as_bytes());
    pdf.push(1);
    pdf.extend_from_slice(&(object as u32).to_be_bytes());
    pdf.extend_from_slice(&[0, 0]);
    pdf.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    (pdf, start)
}

/// Where the last cross-references of a file begin.
fn start(pdf: &[u8]) -> usize {
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
    tail.lines().rev().nth(1).and_then(|line| line.parse().ok()).expect("a number before %%EOF")
}

#[test]
fn a_file_that_was_changed_later_still_gives_its_report() {
    let report = short_report("题");
    let mut pdf = carrying(report.as_bytes());
    for _ in 0..3 {
        let previous = start(&pdf);
        pdf = changed(pdf, previous, "1 0 R").0;
    }
    assert_eq!(extract(&pdf, &Limits::default()).expect("carries one").report, report.as_bytes());
}

#[test]
fn loops_of_cross_references_end() {
    let pdf = carrying(short_report("题").as_bytes());
    let at = pdf.len() + "90000 0 obj\n(signed)\nendobj\n".len();
    let (pdf, _) = changed(pdf, at, "1 0 R");
    assert!(matches!(extract(&pdf, &Limits::default()), Err(ExtractError::Read(ReadError::Damaged(_)))));
}

#[test]
fn encrypted_files_are_reported() {
    let mut file = lopdf::Document::load_mem(&carrying(short_report("题").as_bytes())).expect("loads");
    let encrypt = file.add_object(lopdf::dictionary! { "Filter" => "Standard", "V" => 1 });
    file.trailer.set("Encrypt", encrypt);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).expect("saves");
    assert_eq!(extract(&bytes, &Limits::default()), Err(ExtractError::Read(ReadError::Encrypted)));
}

/// The file written anew by lopdf, with a table of cross-references and no streams of objects.
fn plain(pdf: &[u8]) -> Vec<u8> {
    let mut file = lopdf::Document::load_mem(pdf).expect("loads");
    file.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).expect("saves");
    bytes
}

#[test]
fn other_programs_files_are_read() {
    let report = short_report("题");
    let pdf = plain(&carrying(report.as_bytes()));
    assert!(pdf.windows(8).any(|window| window == b"\ntrailer"), "has a table");
    assert_eq!(extract(&pdf, &Limits::default()).expect("carries one").report, report.as_bytes());
}

/// A PDF whose report is `size` zeros, compressed once for each filter.
fn bomb(size: usize, twice: bool) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::best());
    let mut deflate = |bytes: &[u8]| {
        let mut deflated = vec![0; compressor.zlib_compress_bound(bytes.len())];
        let length = compressor.zlib_compress(bytes, &mut deflated).expect("fits");
        deflated.truncate(length);
        deflated
    };
    let mut content = deflate(&vec![0; size]);
    if twice {
        content = deflate(&content);
    }
    let filter = if twice { "[/FlateDecode/FlateDecode]" } else { "/FlateDecode" };
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for object in [
        "<</Type/Catalog/Names<</EmbeddedFiles<</Names[(report.json)2 0 R]>>>>>>".to_owned(),
        "<</Type/Filespec/UF(report.json)/EF<</F 3 0 R>>>>".to_owned(),
    ] {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", places.len()).as_bytes());
    }
    places.push(pdf.len());
    pdf.extend_from_slice(
        format!("3 0 obj\n<</Filter{filter}/Length {}>>\nstream\n", content.len()).as_bytes(),
    );
    pdf.extend_from_slice(&content);
    pdf.extend_from_slice(b"\nendstream\nendobj\n");
    let start = pdf.len();
    pdf.extend_from_slice(b"xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        pdf.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    pdf.extend_from_slice(format!("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

#[test]
fn rows_of_cross_references_are_limited() {
    // A quarter of a mebibyte that unpacks to a row in each of 250 million bytes, all of one number or each of its own.
    let rows = vec![0; 250_000_000];
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::fastest());
    let mut content = vec![0; compressor.zlib_compress_bound(rows.len())];
    let length = compressor.zlib_compress(&rows, &mut content).expect("fits");
    content.truncate(length);
    for index in [String::new(), format!("/Index[{}]", "0 2500000 ".repeat(100))] {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        let head = format!(
            "1 0 obj\n<</Type/XRef/Size 250000000{index}/Root 2 0 R/W[0 1 0]/Filter/FlateDecode/Length {length}>>\nstream\n"
        );
        pdf.extend_from_slice(head.as_bytes());
        pdf.extend_from_slice(&content);
        pdf.extend_from_slice(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
        let began = Instant::now();
        assert!(matches!(extract(&pdf, &Limits::default()), Err(ExtractError::Read(ReadError::Limit(_)))));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}

#[test]
fn bombs_are_refused() {
    assert_eq!(extract(&bomb(1000, false), &Limits::default()).expect("is small").report, vec![0; 1000]);
    // To make them takes longer than to refuse them.
    let (large, twice) = (bomb((256 << 20) + 1, false), bomb(64 << 20, true));
    let began = Instant::now();
    assert!(matches!(extract(&large, &Limits::default()), Err(ExtractError::Read(ReadError::Limit(_)))));
    assert!(matches!(extract(&twice, &Limits::default()), Err(ExtractError::Read(ReadError::Damaged(_)))));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn every_truncation_is_an_error_or_the_report() {
    let report = short_report("题");
    for pdf in [carrying(report.as_bytes()), plain(&carrying(report.as_bytes()))] {
        for length in (0..pdf.len()).step_by(97).chain(pdf.len() - 60..pdf.len()) {
            if let Ok(source) = extract(&pdf[..length], &Limits::default()) {
                assert_eq!(source.report, report.as_bytes(), "cut at {length}");
            }
        }
    }
}

/// Numbers that are always the same: xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Damages a file slightly: bytes, digits, pieces that are cut out, doubled or exchanged.
fn damage(pdf: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut damaged = pdf.to_vec();
    for _ in 0..=numbers.below(4) {
        let length = damaged.len().max(2);
        let (from, size) = (numbers.below(length - 1), 1 + numbers.below(64));
        let to = (from + size).min(damaged.len());
        match numbers.below(7) {
            0 => damaged[from] = numbers.below(256) as u8,
            1 => damaged[from] ^= 1 << numbers.below(8),
            2 => drop(damaged.drain(from..to)),
            3 => {
                let piece = damaged[from..to].to_vec();
                let at = numbers.below(damaged.len());
                damaged.splice(at..at, piece);
            }
            4 => {
                // A length, a place or a number of something.
                let digits: Vec<usize> = (from..damaged.len().min(from + 4096))
                    .filter(|&at| damaged[at].is_ascii_digit())
                    .take(1 + numbers.below(8))
                    .collect();
                digits.into_iter().for_each(|at| damaged[at] = b'0' + numbers.below(10) as u8);
            }
            5 => damaged.truncate(from + 1),
            _ => {
                let tail = damaged.len().saturating_sub(1 + numbers.below(2048));
                damaged[tail] = b"0123456789<>[]()/ R"[numbers.below(19)];
            }
        }
        if damaged.len() < 2 {
            break;
        }
    }
    damaged
}

#[test]
fn damaged_files_never_crash_nor_hang() {
    let report = short_report("题");
    let pdf = carrying(report.as_bytes());
    let previous = start(&pdf);
    let seeds = [plain(&pdf), changed(pdf.clone(), previous, "1 0 R").0, pdf, bomb(1000, false)];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut whole, mut refused) = (0, 0);
    for round in 0..8000 {
        let damaged = damage(&seeds[round % seeds.len()], &mut numbers);
        let began = Instant::now();
        match extract(&damaged, &Limits::default()) {
            Ok(_) => whole += 1,
            Err(_) => refused += 1,
        }
        assert!(began.elapsed() < Duration::from_secs(5), "round {round}: {:?}", began.elapsed());
    }
    assert!(whole > 500 && refused > 500, "{whole} were read, {refused} refused");
}
