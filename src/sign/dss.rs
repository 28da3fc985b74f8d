//! Validation data in the file: the document security store (DSS, ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4.2).
//!
//! It is appended like a signature; earlier signatures stay as they are.

use super::fields;
use super::update::{Update, name};
use super::value::Value;
use super::{SignError, reference};
use crate::options::Limits;
use crate::pki::cms::SignedData;
use crate::pki::revocation::Evidence;
use crate::pki::status::CertificateStatus;
use crate::pki::{Certificate, Time, chain, ocsp, timestamp};
use crate::read::pdf::file::File;
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
        self.evidence().about(&of.certificate, issuer, at).is_some()
    }

    /// The time at which a certificate was revoked, if these data record that it was.
    pub fn revoked(&self, of: &CertificateToValidate, at: Time) -> Option<Time> {
        match self.evidence().about(&of.certificate, of.issuer.as_ref()?, at)?.status {
            CertificateStatus::Revoked(when) => Some(when),
            CertificateStatus::Good => None,
        }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence { crls: self.crls.clone(), ocsps: self.ocsps.clone() }
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
) -> Result<Vec<CertificateToValidate>, SignError> {
    let chains = chains(pdf, others)?;
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
fn chains(pdf: &[u8], others: &[Certificate]) -> Result<Vec<Vec<Certificate>>, SignError> {
    let mut file = crate::read::pdf::open(pdf, &Limits::default())?;
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
pub fn add_validation_data(pdf: &[u8], data: &ValidationData) -> Result<Vec<u8>, SignError> {
    let mut certificates: Vec<Certificate> = chains(pdf, &data.certificates)?.into_iter().flatten().collect();
    certificates.extend_from_slice(&data.certificates);
    let mut update = Update::open(pdf)?;
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

/// The validation data of a file.
pub(crate) fn held(file: &mut File) -> ValidationData {
    let trailer = file.trailer.clone();
    let mut list = |key: &[u8]| {
        let read = |file: &mut File| {
            let catalog = file.dictionary(&trailer, b"Root").ok()??;
            let dss = file.dictionary(&catalog, b"DSS").ok()??;
            match file.value(&dss, key).ok()? {
                Object::Array(entries) => Some(contents(file, &entries)),
                _ => None,
            }
        };
        read(file).unwrap_or_default()
    };
    let certificates = list(b"Certs").iter().filter_map(|der| Certificate::from_der(der)).collect();
    ValidationData { certificates, crls: list(b"CRLs"), ocsps: list(b"OCSPs") }
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
        assert_eq!(add_validation_data(pdf, &ValidationData::default()), Err(SignError::NotSigned));
    }
}
