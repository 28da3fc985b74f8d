//! A picture of a report, put into both files.
#![no_main]

use gongwen::{AssetError, Assets, Exporter, Options};
use libfuzzer_sys::fuzz_target;

struct One<'a>(&'a [u8]);

impl Assets for One<'_> {
    fn read(&self, _: &str) -> Result<Vec<u8>, AssetError> {
        Ok(self.0.to_vec())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let report = r#"{ "format": 1, "layout": "general-document", "title": "题", "issuer": "甲",
        "preamble": [{ "image": "a", "alt": "图" }] }"#;
    let _ = Exporter::new().export(report.as_bytes(), &Options::default(), &One(bytes));
});
