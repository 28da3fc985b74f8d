//! Validation data in the file: the document security store (DSS, ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4.2).
//!
//! It is appended like a signature; earlier signatures stay as they are.

use std::collections::BTreeSet;

use super::fields;
use super::update::{Update, name};
use super::value::Value;
use super::{SignError, reference};
use crate::options::Limits;
use crate::pki::cms::SignedData;
use crate::pki::revocation::Evidence;
use crate::pki::status::CertificateStatus;
use crate::pki::{Certificate, Time, chain, ocsp, timestamp};
use crate::read::ReadError;
use crate::read::pdf::file::{File, Found};
use crate::read::pdf::syntax::{Dictionary, Object};

/// The most entries of a list that are read.
const MAX_ENTRIES: usize = 1000;
/// The most bytes of a list that are read, opened.
const MAX_HELD: usize = 32 << 20;

/// Validation data of signatures (DSS, ISO 32000-2, 12.8.4.3): with them a signature can be verified when its
/// certificates have expired.
#[derive(Clone, Debug, Default)]
pub struct ValidationData {
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// Certificate revocation lists, in DER: RFC 5280, 5.
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses, in DER: RFC 6960.
    pub ocsps: Vec<Vec<u8>>,
}

impl ValidationData {
    /// Whether these data have the revocation status of a certificate at this time.
    pub fn covers(&self, of: &CertificateToValidate, at: Time) -> bool {
        let Some(issuer) = &of.issuer else { return false };
        let evidence = self.evidence();
        evidence.about(&of.certificate, issuer, at).is_some() && !evidence.is_exhausted()
    }

    /// The time at which a certificate was revoked, if these data record that it was.
    pub fn revoked(&self, of: &CertificateToValidate, at: Time) -> Option<Time> {
        match self.evidence().about(&of.certificate, of.issuer.as_ref()?, at)?.status {
            CertificateStatus::Revoked(when) => Some(when),
            CertificateStatus::Good => None,
        }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence::new(self.crls.clone(), self.ocsps.clone())
    }
}

/// A certificate whose revocation status is needed, with that of its issuer.
#[derive(Clone, Debug)]
pub struct CertificateToValidate {
    /// The certificate.
    pub certificate: Certificate,
    /// The certificate of its issuer, if it is known; without it there is no request.
    pub issuer: Option<Certificate>,
}

impl CertificateToValidate {
    /// The OCSP request to its issuer (`application/ocsp-request`).
    pub fn ocsp_request(&self) -> Option<Vec<u8>> {
        ocsp::request(&self.certificate, self.issuer.as_ref()?)
    }

    /// The addresses of OCSP responders.
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.certificate.ocsp_urls()
    }

    /// The addresses of revocation lists.
    pub fn crl_urls(&self) -> Vec<String> {
        self.certificate.crl_urls()
    }
}

/// The certificates of a file's signatures and time stamps that are not roots, each once; `others` are further
/// known certificates.
///
/// # Errors
/// If the file cannot be read, or has no signature.
pub fn certificates_to_validate(
    pdf: &[u8],
    others: &[Certificate],
    limits: &Limits,
) -> Result<Vec<CertificateToValidate>, SignError> {
    let chains = chains(pdf, others, limits)?;
    let mut found: Vec<CertificateToValidate> = Vec::new();
    for chain in &chains {
        for (place, certificate) in chain.iter().enumerate() {
            let known = found.iter().any(|known| known.certificate == *certificate);
            if !known && !certificate.is_self_issued() {
                let (certificate, issuer) = (certificate.clone(), chain.get(place + 1).cloned());
                found.push(CertificateToValidate { certificate, issuer });
            }
        }
    }
    Ok(found)
}

/// The chains of all signatures and of their time stamps.
fn chains(pdf: &[u8], others: &[Certificate], limits: &Limits) -> Result<Vec<Vec<Certificate>>, SignError> {
    let mut file = crate::read::pdf::open(pdf, limits)?;
    let mut chains = Vec::new();
    for field in fields::find(&mut file)? {
        let Some(Object::Reference(number, _)) = field.value else { continue };
        let Some(value) = Value::read(pdf, &mut file, number)? else { continue };
        let signed = SignedData::parse(&value.contents)?;
        let mut candidates = signed.certificates.clone();
        candidates.extend_from_slice(others);
        if let Some(signer) = signed.signer_certificate() {
            chains.push(chain::known(signer, &candidates));
        }
        if let Some(token) = signed.time_stamp {
            let stamp = timestamp::check(token, &[signed.signature])?;
            candidates.extend(stamp.certificates);
            chains.push(chain::known(&stamp.certificate, &candidates));
        }
    }
    if chains.is_empty() { Err(SignError::NotSigned) } else { Ok(chains) }
}

/// Appends validation data to a signed file, beside those that it has; the certificates of all its signatures are added.
///
/// # Errors
/// If the file cannot be read, or has no signature.
pub fn add_validation_data(pdf: &[u8], data: &ValidationData, limits: &Limits) -> Result<Vec<u8>, SignError> {
    let chains = chains(pdf, &data.certificates, limits)?;
    let mut certificates: Vec<Certificate> = chains.into_iter().flatten().collect();
    certificates.extend_from_slice(&data.certificates);
    let mut update = Update::open(pdf, limits)?;
    let trailer = update.file.trailer.clone();
    let Some(Object::Reference(root, generation)) = trailer.get(b"Root".as_slice()).cloned() else {
        return Err(SignError::cross_references());
    };
    let mut catalog = update.file.dictionary(&trailer, b"Root")?.ok_or_else(SignError::cross_references)?;
    let mut dss = update.file.dictionary(&catalog, b"DSS")?.unwrap_or_default();
    dss.insert(b"Type".to_vec(), name("DSS"));
    let certificates: Vec<Vec<u8>> = certificates.iter().map(|known| known.der().to_vec()).collect();
    for (key, new) in [("Certs", &certificates), ("CRLs", &data.crls), ("OCSPs", &data.ocsps)] {
        let mut held = match update.file.value(&dss, key.as_bytes())? {
            Object::Array(held) => held,
            _ => Vec::new(),
        };
        let mut known = contents(&mut update.file, &held);
        for bytes in new {
            if !known.contains(bytes) {
                held.push(reference(update.add_compressed(Dictionary::new(), bytes)));
                known.push(bytes.clone());
            }
        }
        if !held.is_empty() {
            dss.insert(key.into(), Object::Array(held));
        }
    }
    let number = update.number();
    update.put((number, 0), &Object::Dictionary(dss));
    catalog.insert(b"DSS".to_vec(), reference(number));
    update.put((root, generation), &Object::Dictionary(catalog));
    update.finish()
}

/// The validation data of all revisions of a file: what was once added remains a proof, whatever came later.
///
/// # Errors
/// If there are more than are read.
pub(crate) fn held(file: &mut File) -> Result<ValidationData, ReadError> {
    let roots: BTreeSet<u32> = file
        .trailers
        .iter()
        .filter_map(|trailer| match trailer.entries.get(b"Root".as_slice()) {
            Some(Object::Reference(number, _)) => Some(*number),
            _ => None,
        })
        .collect();
    let mut stores = Vec::new();
    for root in roots {
        for catalog in dictionaries(file, &Object::Reference(root, 0)) {
            stores.extend(catalog.get(b"DSS".as_slice()).cloned());
        }
    }
    // The same lists once more, by signature: ISO 32000-2, table 262.
    let mut lists: [Vec<Object>; 3] = Default::default();
    for store in stores {
        for entries in dictionaries(file, &store) {
            add_lists(&entries, ["Certs", "CRLs", "OCSPs"], &mut lists);
            let Some(related) = entries.get(b"VRI".as_slice()) else { continue };
            for related in dictionaries(file, related) {
                for value in related.values() {
                    for entries in dictionaries(file, value) {
                        add_lists(&entries, ["Cert", "CRL", "OCSP"], &mut lists);
                    }
                }
            }
        }
    }
    let [certificates, crls, ocsps] = lists;
    let certificates = streams(file, &certificates)?;
    let certificates = certificates.iter().filter_map(|der| Certificate::from_der(der)).collect();
    Ok(ValidationData { certificates, crls: streams(file, &crls)?, ocsps: streams(file, &ocsps)? })
}

fn add_lists(entries: &Dictionary, keys: [&str; 3], lists: &mut [Vec<Object>; 3]) {
    for (key, list) in keys.into_iter().zip(lists) {
        list.extend(entries.get(key.as_bytes()).cloned());
    }
}

/// An object, or what its number was in all revisions.
fn versions(file: &mut File, object: &Object) -> Vec<Found> {
    match object {
        Object::Reference(number, _) => file.versions(*number),
        object => file.resolve(object).into_iter().collect(),
    }
}

fn dictionaries(file: &mut File, object: &Object) -> Vec<Dictionary> {
    let found = versions(file, object).into_iter().filter_map(|found| match found.object {
        Object::Dictionary(entries) => Some(entries),
        _ => None,
    });
    found.collect()
}

/// The bytes of all streams in lists, each once. One that cannot be read is an error: it might prove a revocation.
fn streams(file: &mut File, lists: &[Object]) -> Result<Vec<Vec<u8>>, ReadError> {
    let (mut found, mut seen, mut left) = (BTreeSet::new(), BTreeSet::new(), MAX_HELD);
    let mut in_order = Vec::new();
    for list in lists {
        for list in versions(file, list) {
            let Object::Array(entries) = list.object else { continue };
            for entry in entries {
                let Object::Reference(number, _) = entry else { continue };
                if !seen.insert(number) {
                    continue;
                }
                for stream in file.versions(number) {
                    let bytes = match file.content(&stream) {
                        Ok(bytes) => bytes,
                        // Another object had the number before.
                        Err(ReadError::Damaged(_)) if stream.data.is_none() => continue,
                        Err(error) => return Err(error),
                    };
                    left = left.checked_sub(bytes.len()).ok_or_else(too_much_data)?;
                    if found.insert(crate::hash::sha256(&bytes)) {
                        in_order.push(bytes);
                    }
                }
                if seen.len() > MAX_ENTRIES {
                    return Err(too_much_data());
                }
            }
        }
    }
    Ok(in_order)
}

/// More validation data than are read: some of them could be the proof of a revocation.
fn too_much_data() -> ReadError {
    let mebibytes = MAX_HELD >> 20;
    ReadError::Limit(crate::message!(
        "验证信息超过 {MAX_ENTRIES} 项或 {mebibytes} MiB",
        "there are more than {MAX_ENTRIES} validation data, or more than {mebibytes} MiB"
    ))
}

/// The bytes of streams; those that cannot be read are left out, since they prove nothing.
fn contents(file: &mut File, entries: &[Object]) -> Vec<Vec<u8>> {
    let (mut found, mut left) = (Vec::new(), MAX_HELD);
    for entry in entries.iter().take(MAX_ENTRIES) {
        if let Ok(stream) = file.resolve(entry)
            && let Ok(bytes) = file.content(&stream)
            && let Some(after) = left.checked_sub(bytes.len())
        {
            left = after;
            found.push(bytes);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_signed_gets_none() {
        let pdf = crate::Exporter::new()
            .export(
                r#"{"format": 1, "layout": "general-document", "issuer": "某办", "title": "题",
                    "sections": [{"body": ["文。"]}]}"#
                    .as_bytes(),
                &crate::Options { formats: vec![crate::Format::Pdf], ..crate::Options::default() },
                &(),
            )
            .expect("is in order");
        let pdf = pdf.file(crate::Format::Pdf).expect("was asked for");
        assert_eq!(
            add_validation_data(pdf, &ValidationData::default(), &Limits::default()),
            Err(SignError::NotSigned)
        );
    }
}
