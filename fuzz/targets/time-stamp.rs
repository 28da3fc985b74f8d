//! The answer of a time stamping authority.
#![no_main]

use gongwen::sign::{TimeStamper, TransportError, complete};
use libfuzzer_sys::fuzz_target;

const PREPARED: &[u8] = include_bytes!("../seeds/prepared.pdf");
const SIGNATURE: &[u8] = include_bytes!("../seeds/signature.der");

struct Answers<'a>(&'a [u8]);

impl TimeStamper for Answers<'_> {
    fn stamp(&self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.to_vec())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let _ = complete(PREPARED, SIGNATURE, Some(&Answers(bytes)), &Default::default());
});
