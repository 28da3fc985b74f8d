//! Certificates, keys and what a key file has around them: DER, PEM, PKCS#12.
#![no_main]

use gongwen::sign::{Certificate, Passphrase, SigningKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Certificate::read_all(bytes);
    let _ = SigningKey::from_pkcs12(bytes, &Passphrase::new("1".to_owned()));
});
