//! A page, a text, a CSV file or a PDF of any origin, by its content.
#![no_main]

use gongwen::{Layouts, Limits, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let layouts = Layouts::embedded();
    for layout in [None, Some("disclosure-annual-report-2021")] {
        let _ = import(bytes, &layouts, layout, &Limits::default());
    }
});
