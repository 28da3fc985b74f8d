//! A layout file, and an empty report of it.
#![no_main]

use gongwen::{Exporter, Layouts, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok((layouts, id)) = Layouts::embedded().with_file("own.toml", text) else { return };
    let report =
        format!(r#"{{ "format": 1, "layout": "{id}", "issuer": "甲", "year": 2023, "preamble": ["乙。"] }}"#);
    let _ = Exporter::new().with_layouts(layouts).export(report.as_bytes(), &Options::default(), &());
});
