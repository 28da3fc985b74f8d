//! A list of revoked certificates.
#![no_main]

use gongwen::Time;
use gongwen::sign::{Certificate, CertificateToValidate, ValidationData};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut certificates =
        Certificate::read_all(include_bytes!("../seeds/chain.pem")).expect("are some").into_iter();
    let certificate = certificates.next().expect("the signer's");
    let of = CertificateToValidate { certificate, issuer: certificates.next() };
    let at = Time::parse("2024-01-31T10:00:00+08:00").expect("is one");
    let data = ValidationData { crls: vec![bytes.to_vec()], ..ValidationData::default() };
    let (_, _) = (data.covers(&of, at), data.revoked(&of, at));
});
