//! A workbook or CSV file with the figures of a report.
#![no_main]

use gongwen::{Beside, Exporter, FiguresFile, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let report =
        br#"{ "format": 1, "layout": "disclosure-annual-report-2021", "issuer": "xx", "year": 2023 }"#;
    for name in ["a.xlsx", "a.csv", "a.xls", "a.ods"] {
        let figures = Some(FiguresFile { name: name.to_owned(), bytes: bytes.to_vec().into() });
        let options = Options { figures, ..Options::default() };
        let _ = Exporter::new().check(report, &options, &Beside::default(), &());
    }
});
