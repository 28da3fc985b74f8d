//! What makes a signature last: certificates and what revocation says of them, in the file (`DSS`): ETSI EN 319 142-1,
//! 5.4.2. It is appended like a signature; earlier ones stay as they are.

use super::fields;
use super::update::{Update, name};
use super::value::Value;
use super::{SignError, reference};
use crate::options::Limits;
use crate::pki::cms::SignedData;
use crate::pki::revocation::{Evidence, Standing};
use crate::pki::{Certificate, Time, chain, ocsp, timestamp};
use crate::read::pdf::file::File;
use crate::read::pdf::syntax::{Dictionary, Object};

/// The most entries of a list that are read.
const MAX_ENTRIES: usize = 1000;
/// The most bytes of a list that are read, opened.
const MAX_HELD: usize = 32 << 20;

/// What is put into a file to make its signatures last.
#[derive(Clone, Debug, Default)]
pub struct ValidationData {
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// Lists of revoked certificates, in DER.
    pub crls: Vec<Vec<u8>>,
    /// Answers whether a certificate was revoked, in DER: RFC 6960.
    pub ocsps: Vec<Vec<u8>>,
}

impl ValidationData {
    /// Whether these data say something of a certificate at this time.
    pub fn covers(&self, wanted: &Wanted, at: Time) -> bool {
        let Some(issuer) = &wanted.issuer else { return false };
        self.evidence().about(&wanted.certificate, issuer, at).is_some()
    }

    /// When a certificate was revoked, if these data say so.
    pub fn revoked(&self, wanted: &Wanted, at: Time) -> Option<Time> {
        match self.evidence().about(&wanted.certificate, wanted.issuer.as_ref()?, at)?.standing {
            Standing::Revoked(when) => Some(when),
            Standing::Good => None,
        }
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence { crls: self.crls.clone(), ocsps: self.ocsps.clone() }
    }
}

/// A certificate of which it must be known whether it was revoked.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The certificate.
    pub certificate: Certificate,
    /// That of its issuer, if it is at hand; without it nothing can be asked.
    pub issuer: Option<Certificate>,
}

impl Wanted {
    /// The question to its issuer (`application/ocsp-request`), if it can be asked.
    pub fn ocsp_request(&self) -> Option<Vec<u8>> {
        ocsp::request(&self.certificate, self.issuer.as_ref()?)
    }

    /// Where to ask.
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.certificate.ocsp_urls()
    }

    /// Where lists are kept.
    pub fn crl_urls(&self) -> Vec<String> {
        self.certificate.crl_urls()
    }
}

/// The certificates of a file's signatures and time stamps that are not roots, each once; `others` are further
/// certificates at hand.
///
/// # Errors
/// If the file cannot be read, or has no signature.
pub fn wanted(pdf: &[u8], others: &[Certificate]) -> Result<Vec<Wanted>, SignError> {
    let chains = chains(pdf, others)?;
    let mut found: Vec<Wanted> = Vec::new();
    for chain in &chains {
        for (place, certificate) in chain.iter().enumerate() {
            let known = found.iter().any(|wanted| wanted.certificate == *certificate);
            if !known && !certificate.is_self_issued() {
                found
                    .push(Wanted { certificate: certificate.clone(), issuer: chain.get(place + 1).cloned() });
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
        let signed = SignedData::parse(&value.contents).map_err(SignError::Cms)?;
        let mut at_hand = signed.certificates.clone();
        at_hand.extend_from_slice(others);
        if let Some(signer) = signed.signer_certificate() {
            chains.push(chain::known(signer, &at_hand));
        }
        if let Some(token) = signed.time_stamp {
            let stamp = timestamp::check(token, &[signed.signature]).map_err(SignError::TimeStamp)?;
            at_hand.extend(stamp.certificates);
            chains.push(chain::known(&stamp.certificate, &at_hand));
        }
    }
    if chains.is_empty() { Err(SignError::NotSigned) } else { Ok(chains) }
}

/// Appends the data to a signed file, beside those that it has; the certificates of all its signatures are added.
///
/// # Errors
/// If the file cannot be read, or has no signature.
pub fn add_validation_data(pdf: &[u8], data: &ValidationData) -> Result<Vec<u8>, SignError> {
    let mut certificates: Vec<Certificate> = chains(pdf, &data.certificates)?.into_iter().flatten().collect();
    certificates.extend_from_slice(&data.certificates);
    let mut update = Update::open(pdf)?;
    let trailer = update.file.trailer.clone();
    let Some(Object::Reference(root, generation)) = trailer.get(b"Root".as_slice()).cloned() else {
        return Err(SignError::unreadable());
    };
    let mut catalog = update.file.dictionary(&trailer, b"Root")?.ok_or_else(SignError::unreadable)?;
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

/// The data that a file holds.
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
