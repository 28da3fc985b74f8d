//! Tests of whole files.

use lopdf::{Dictionary, Document as Loaded, Object, ObjectId};

use super::fixture::{self, A4, Maker};
use super::{PdfError, PdfOptions, write};
use crate::document::*;
use crate::font::{FontId, Fonts};
use crate::frame::*;
use crate::geom::{Length, Point};

fn written(document: &Document, pages: &Pages) -> Vec<u8> {
    write(document, pages, &Fonts::embedded(), &PdfOptions::default()).unwrap()
}

fn load(bytes: &[u8]) -> Loaded {
    Loaded::load_mem(bytes).unwrap()
}

fn report() -> (Vec<u8>, Loaded) {
    let (document, pages) = fixture::report();
    let bytes = written(&document, &pages);
    let loaded = load(&bytes);
    (bytes, loaded)
}

#[test]
fn write_report_for_tools() {
    let (bytes, _) = report();
    std::fs::write("/tmp/report.pdf", bytes).unwrap();
}
