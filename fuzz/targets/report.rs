//! A report, and all the files that are made of it.
#![no_main]

use gongwen::{Exporter, Format, Gate, Options, extract, fix};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = fix(bytes, &Default::default());
    let options = Options { gate: Gate::AllowErrors, embed_source: true, ..Options::default() };
    let Ok(export) = Exporter::new().export(bytes, &options, &()) else { return };
    for format in [Format::Pdf, Format::Docx] {
        let file = export.file(format).expect("was asked for");
        assert_eq!(extract(file, &options.limits).expect("carries it").report, bytes);
    }
});
