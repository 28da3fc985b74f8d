//! A signature that was made elsewhere, put into a file that was prepared for it, and then verified there.
#![no_main]

use gongwen::Exporter;
use gongwen::sign::{add_validation_data, complete};
use gongwen::verify::{VerifyOptions, verify};
use libfuzzer_sys::fuzz_target;

const PREPARED: &[u8] = include_bytes!("../seeds/prepared.pdf");

fuzz_target!(|bytes: &[u8]| {
    let _ = complete(PREPARED, bytes, None, &Default::default());
    // The same in its place, however wrong it is.
    let mark = b"/Contents <";
    let at =
        PREPARED.windows(mark.len()).rposition(|window| window == mark).expect("is prepared") + mark.len();
    let room = PREPARED[at..].iter().position(|&byte| byte == b'>').expect("is prepared");
    let digits: Vec<u8> = bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    if digits.len() <= room {
        let mut pdf = PREPARED.to_vec();
        pdf[at..at + digits.len()].copy_from_slice(&digits);
        let options = VerifyOptions { signatures_only: true, ..VerifyOptions::default() };
        let _ = verify(&pdf, &options, &Exporter::new());
        let _ = add_validation_data(&pdf, &Default::default(), &Default::default());
    }
});
