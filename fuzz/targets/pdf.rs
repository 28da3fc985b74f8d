//! A PDF that is read back, verified, signed over and drawn.
#![no_main]

use gongwen::verify::{VerifyOptions, verify};
use gongwen::{Exporter, Limits, extract, preview_pdf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = extract(bytes, &Limits::default());
    let _ = verify(bytes, &VerifyOptions::default(), &Exporter::new());
    let _ = preview_pdf(bytes, 10, &Default::default());
});
