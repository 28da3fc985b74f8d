//! Validation data gathered from the addresses that certificates name.
//!
//! The connection is the caller's ([`Fetch`]). Only answers that give the status of a certificate are kept.

use super::dss::{CertificateToValidate, ValidationData, add_validation_data, certificates_to_validate};
use super::error::{RevocationSourceError, SignError, TransportError};
use crate::options::Limits;
use crate::pki::{Time, pem_blocks};

/// A connection to the addresses that certificates name.
pub trait Fetch {
    /// Sends a request of this media type, and gives the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    fn post(&self, url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, TransportError>;

    /// Fetches a file.
    ///
    /// # Errors
    /// Why there is none.
    fn get(&self, url: &str) -> Result<Vec<u8>, TransportError>;
}

/// Appends all validation data of a file's signatures: ETSI EN 319 142-1, 5.4 (B-LT). `data` is what the caller has;
/// what it does not cover at the time `at` is fetched.
///
/// # Errors
/// If a certificate was revoked, or its status is unknown.
pub fn add_gathered_validation_data(
    pdf: &[u8],
    mut data: ValidationData,
    at: Time,
    fetch: &dyn Fetch,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    for certificate in certificates_to_validate(pdf, &data.certificates.clone(), limits)? {
        let sources = ask(&certificate, &mut data, at, fetch);
        let subject = certificate.certificate.subject();
        if let Some(at) = data.revoked(&certificate, at) {
            return Err(SignError::Revoked { subject, at });
        }
        if !data.covers(&certificate, at) {
            return Err(SignError::NoRevocationData { subject, sources });
        }
    }
    add_validation_data(pdf, &data, limits)
}

/// Appends the validation data that a document time stamp is to cover, as far as there are some: before each renewal they
/// complete what proves the last time stamp. Gives the subjects of the certificates whose status nobody gives. What has
/// run out is left as it is, since its authority answers no more; a revocation is a proof like any other.
///
/// # Errors
/// If the file cannot be read, or has no signature.
pub fn add_known_validation_data(
    pdf: &[u8],
    mut data: ValidationData,
    at: Time,
    fetch: &dyn Fetch,
    limits: &Limits,
) -> Result<(Vec<u8>, Vec<String>), SignError> {
    let mut missing = Vec::new();
    for certificate in certificates_to_validate(pdf, &data.certificates.clone(), limits)? {
        if certificate.certificate.validity().1 < at {
            continue;
        }
        ask(&certificate, &mut data, at, fetch);
        if !data.covers(&certificate, at) {
            missing.push(certificate.certificate.subject());
        }
    }
    Ok((add_validation_data(pdf, &data, limits)?, missing))
}

/// Asks the addresses of a certificate until one gives its status; why others did not.
fn ask(
    of: &CertificateToValidate,
    data: &mut ValidationData,
    at: Time,
    fetch: &dyn Fetch,
) -> Vec<RevocationSourceError> {
    let mut reasons = Vec::new();
    let request = of.ocsp_request();
    let responders = request.iter().flat_map(|request| {
        of.ocsp_urls().into_iter().map(move |url| {
            let answer = fetch.post(&url, "application/ocsp-request", request);
            (url, answer.map(|answer| ValidationData { ocsps: vec![answer], ..Default::default() }))
        })
    });
    let lists = of.crl_urls().into_iter().map(|url| {
        let list = fetch.get(&url);
        (url, list.map(|list| ValidationData { crls: vec![der_of(&list)], ..Default::default() }))
    });
    let mut sources = responders.chain(lists);
    while !data.covers(of, at)
        && let Some((url, answer)) = sources.next()
    {
        match answer {
            Ok(answer) if answer.covers(of, at) => {
                data.crls.extend(answer.crls);
                data.ocsps.extend(answer.ocsps);
            }
            Ok(_) => reasons.push(RevocationSourceError::NotApplicable { url }),
            Err(error) => reasons.push(error.into()),
        }
    }
    reasons
}

/// The first block of a file in PEM, or the file as it is.
pub fn der_of(bytes: &[u8]) -> Vec<u8> {
    match pem_blocks(bytes).into_iter().next() {
        Some((_, der)) => der,
        None => bytes.to_vec(),
    }
}
