//! Validation data gathered: what certificates need to be verified later, asked at the addresses that they name.
//!
//! The connection is the caller's ([`Fetch`]). Of the answers only what says something of a certificate is kept.

use super::dss::{ValidationData, Wanted, add_validation_data, wanted};
use super::error::SignError;
use crate::diagnostic::Message;
use crate::message;
use crate::pki::{Time, pem_blocks};

/// A connection to the addresses that certificates name.
pub trait Fetch {
    /// Sends a question of this media type, and gives the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    fn post(&self, url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, Message>;

    /// Fetches a file.
    ///
    /// # Errors
    /// Why there is none.
    fn get(&self, url: &str) -> Result<Vec<u8>, Message>;
}

/// Appends all that is needed to verify a file's signatures later: ETSI EN 319 142-1, 5.4 (B-LT). `data` is what is at
/// hand; what it does not cover at the time `at` is fetched.
///
/// # Errors
/// If a certificate was revoked, or nothing says whether it was.
pub fn add_gathered_validation_data(
    pdf: &[u8],
    mut data: ValidationData,
    at: Time,
    fetch: &dyn Fetch,
) -> Result<Vec<u8>, SignError> {
    for wanted in wanted(pdf, &data.certificates.clone())? {
        let reasons = ask(&wanted, &mut data, at, fetch);
        let name = wanted.certificate.subject();
        if let Some(when) = data.revoked(&wanted, at) {
            return Err(SignError::Revoked(message!(
                "{name} 的证书已于 {when} 吊销",
                "the certificate of {name} was revoked on {when}"
            )));
        }
        if !data.covers(&wanted, at) {
            let zh: Vec<&str> = reasons.iter().map(|reason| reason.zh.as_str()).collect();
            let en: Vec<&str> = reasons.iter().map(|reason| reason.en.as_str()).collect();
            let (zh, en) = (zh.join("；"), en.join("; "));
            return Err(SignError::NoRevocationData(message!(
                "没有 {name} 的证书的吊销信息，或没有其颁发者的证书。{zh}",
                "nothing says whether the certificate of {name} was revoked, or its issuer's certificate is missing. {en}"
            )));
        }
    }
    add_validation_data(pdf, &data)
}

/// Asks the addresses of a certificate until one says whether it was revoked; why others did not.
fn ask(wanted: &Wanted, data: &mut ValidationData, at: Time, fetch: &dyn Fetch) -> Vec<Message> {
    let mut reasons = Vec::new();
    let question = wanted.ocsp_request();
    let responders = question.iter().flat_map(|question| {
        wanted.ocsp_urls().into_iter().map(move |url| {
            let answer = fetch.post(&url, "application/ocsp-request", question);
            (url, answer.map(|answer| ValidationData { ocsps: vec![answer], ..Default::default() }))
        })
    });
    let lists = wanted.crl_urls().into_iter().map(|url| {
        let list = fetch.get(&url);
        (url, list.map(|list| ValidationData { crls: vec![der_of(&list)], ..Default::default() }))
    });
    let mut sources = responders.chain(lists);
    while !data.covers(wanted, at)
        && let Some((url, answer)) = sources.next()
    {
        match answer {
            Ok(answer) if answer.covers(wanted, at) => {
                data.crls.extend(answer.crls);
                data.ocsps.extend(answer.ocsps);
            }
            Ok(_) => reasons.push(message!(
                "{url}：回答没有说到这张证书，或不是其颁发者的",
                "{url}: its answer does not mention the certificate, or is not its issuer's"
            )),
            Err(reason) => reasons.push(reason),
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
