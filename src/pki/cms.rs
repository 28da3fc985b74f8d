//! CMS signed data: RFC 5652, 5, with the signed attributes of CAdES: ETSI EN 319 122-1, 5.
//!
//! The content of a PDF's signature is not in it, that of a time stamp is; both have one signer. What the signer
//! signed are the attributes, as they are encoded in the file: they are never encoded anew.

use der::oid::ObjectIdentifier;

use super::algorithm::{Digest, Scheme};
use super::certificate::Certificate;
use super::reason::CmsError;
use super::tlv::{
    INTEGER, OCTET_STRING, OID, SEQUENCE, SET, Tlv, all, context, id, integer, oid, sequence, set_of, tlv,
};

const SIGNED_DATA: ObjectIdentifier = id("1.2.840.113549.1.7.2");
/// The content of a PDF's signature: bytes.
pub(crate) const DATA: ObjectIdentifier = id("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = id("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = id("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = id("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = id("1.2.840.113549.1.9.16.2.47");
/// A time stamp over the signature: RFC 3161, appendix A.
pub(crate) const TIME_STAMP: ObjectIdentifier = id("1.2.840.113549.1.9.16.2.14");

/// The most certificates of one CMS.
const MAX_CERTIFICATES: usize = 100;

/// Signed data with one signer.
#[derive(Clone, Debug)]
pub(crate) struct SignedData<'a> {
    /// The content, if it is inside.
    pub content: Option<&'a [u8]>,
    content_type: ObjectIdentifier,
    /// All certificates that came along.
    pub certificates: Vec<Certificate>,
    /// The signer's certificate is the one of this name and number.
    signer: Tlv<'a>,
    /// The hash of content and attributes.
    pub digest: Digest,
    attributes: Tlv<'a>,
    /// The signature algorithm.
    pub scheme: Scheme,
    /// The signature.
    pub signature: &'a [u8],
    /// The time stamp over the signature, if there is one.
    pub time_stamp: Option<&'a [u8]>,
}

impl<'a> SignedData<'a> {
    /// Reads signed data; zero bytes may follow, such as fill the space that was reserved for them.
    ///
    /// # Errors
    /// If they are none, or none with one signer.
    pub fn parse(bytes: &'a [u8]) -> Result<SignedData<'a>, CmsError> {
        let (outer, rest) = Tlv::first(bytes).ok_or(CmsError::UnreadableCms)?;
        if rest.iter().any(|&byte| byte != 0) {
            return Err(CmsError::TrailingData);
        }
        Self::read(&outer).ok_or(CmsError::UnreadableCms)?
    }

    fn read(outer: &Tlv<'a>) -> Option<Result<SignedData<'a>, CmsError>> {
        let parts = outer.children_of(SEQUENCE)?;
        let [kind, data] = parts.as_slice() else { return None };
        if kind.oid()? != SIGNED_DATA {
            return None;
        }
        let data = Tlv::parse(data.is(context(0))?.content)?;
        let mut fields = data.children_of(SEQUENCE)?.into_iter().peekable();
        let version = fields.next()?.small()?;
        let digests = fields.next()?.children_of(SET)?;
        let inside = fields.next()?.children_of(SEQUENCE)?;
        let content_type = inside.first()?.oid()?;
        let content = match inside.get(1) {
            Some(explicit) => Some(Tlv::parse(explicit.is(context(0))?.content)?.is(OCTET_STRING)?.content),
            None => None,
        };
        let mut other_kinds = false;
        let certificates = match fields.next_if(|field| field.tag == context(0)) {
            Some(set) => {
                let all = set.children()?;
                other_kinds = all.iter().any(|choice| choice.tag != SEQUENCE);
                let all = all.iter().take(MAX_CERTIFICATES).filter(|choice| choice.tag == SEQUENCE);
                all.filter_map(|certificate| Certificate::from_der(certificate.raw)).collect()
            }
            None => Vec::new(),
        };
        fields.next_if(|field| field.tag == context(1));
        let signers = fields.next()?.children_of(SET)?;
        let [signer] = signers.as_slice() else {
            return Some(Err(CmsError::NotOneSigner));
        };
        let mut fields = signer.children_of(SEQUENCE)?.into_iter().peekable();
        // Versions follow from the rest; where they disagree, the data were changed: RFC 5652, 5.1 and 5.3.
        let signer_version = fields.next()?.small()?;
        let signer = fields.next()?;
        let expected = if signer_version == 3 || content_type != DATA { 3 } else { 1 };
        if signer_version != (if signer.tag == SEQUENCE { 1 } else { 3 })
            || version != expected && !(other_kinds && matches!(version, 4 | 5))
        {
            return None;
        }
        let Some(digest) = Digest::of(&fields.next()?) else {
            return Some(Err(CmsError::UnknownDigest));
        };
        digests.iter().any(|known| Digest::of(known) == Some(digest)).then_some(())?;
        let attributes = fields.next()?.is(context(0))?;
        let Some(scheme) = Scheme::parse(&fields.next()?, Some(digest)) else {
            return Some(Err(CmsError::UnknownSignatureAlgorithm));
        };
        let signature = fields.next()?.is(OCTET_STRING)?.content;
        let time_stamp = match fields.next() {
            Some(unsigned) => attribute(&unsigned.is(context(1))?, TIME_STAMP)?.map(|value| value.raw),
            None => None,
        };
        Some(Ok(SignedData {
            content,
            content_type,
            certificates,
            signer,
            digest,
            attributes,
            scheme,
            signature,
            time_stamp,
        }))
    }

    /// Verifies the signature over content of this type and digest; gives the certificate that made it.
    ///
    /// # Errors
    /// Why it is not valid.
    pub fn check(&self, content_type: ObjectIdentifier, content: &[u8]) -> Result<&Certificate, CmsError> {
        let named = |oid| attribute(&self.attributes, oid).unwrap_or_default();
        if self.content_type != content_type
            || named(CONTENT_TYPE).and_then(|value| value.oid()) != Some(content_type)
        {
            return Err(CmsError::InvalidSignedAttributes);
        }
        // One program would take the content inside, another that outside.
        if content_type == DATA && self.content.is_some() {
            return Err(CmsError::EncapsulatedContent);
        }
        let digest = named(MESSAGE_DIGEST).and_then(|value| value.is(OCTET_STRING));
        if digest.ok_or(CmsError::InvalidSignedAttributes)?.content != content {
            return Err(CmsError::DigestMismatch);
        }
        let certificate = self.signer_certificate().ok_or(CmsError::NoSignerCertificate)?;
        if !self.names(certificate).ok_or(CmsError::InvalidSignedAttributes)? {
            return Err(CmsError::SigningCertificateMismatch);
        }
        let key = certificate.public_key().ok_or(CmsError::UnknownSignerKey)?;
        // The attributes were signed as a SET: RFC 5652, 5.4.
        let signed = tlv(SET, self.attributes.content);
        if !key.verifies(self.scheme, &signed, self.signature) {
            return Err(CmsError::InvalidSignatureValue);
        }
        if self.scheme.digest.is_weak() || self.digest.is_weak() {
            return Err(CmsError::WeakSignatureDigest { digest: self.digest.name() });
        }
        Ok(certificate)
    }

    /// The signer's certificate, by issuer and number or by the identifier of its key.
    pub fn signer_certificate(&self) -> Option<&Certificate> {
        if self.signer.tag == 0x80 {
            let identifier = self.signer.content;
            return self.certificates.iter().find(|certificate| certificate.has_key_identifier(identifier));
        }
        let parts = self.signer.children_of(SEQUENCE)?;
        let [issuer, number] = parts.as_slice() else { return None };
        self.certificates
            .iter()
            .find(|certificate| certificate.issuer == issuer.raw && certificate.serial == number.content)
    }

    /// Whether the attributes name the certificate by its hash: RFC 5035. None if they name none.
    fn names(&self, certificate: &Certificate) -> Option<bool> {
        let first = |oid| -> Option<Vec<Tlv<'a>>> {
            let value = attribute(&self.attributes, oid)??;
            value.children_of(SEQUENCE)?.first()?.children_of(SEQUENCE)?.first()?.children_of(SEQUENCE)
        };
        if let Some(parts) = first(SIGNING_CERTIFICATE_V2) {
            let mut parts = parts.into_iter().peekable();
            let digest = match parts.next_if(|part| part.tag == SEQUENCE) {
                Some(algorithm) => Digest::of(&algorithm)?,
                None => Digest::Sha256,
            };
            let hash = parts.next()?.is(OCTET_STRING)?.content;
            return Some(!digest.is_weak() && digest.of_all(&[certificate.der()]) == hash);
        }
        // Only time stamps still have the first form, which knows SHA-1 alone: RFC 3161, 2.4.2.
        if self.content_type == DATA {
            return None;
        }
        let hash = first(SIGNING_CERTIFICATE)?.first()?.is(OCTET_STRING)?.content;
        Some(Digest::Sha1.of_all(&[certificate.der()]) == hash)
    }
}

/// The one value of an attribute, if it is there. The outer none: it is there twice, or has several values.
fn attribute<'a>(attributes: &Tlv<'a>, kind_of: ObjectIdentifier) -> Option<Option<Tlv<'a>>> {
    let mut found = None;
    for attribute in attributes.children()? {
        let parts = attribute.children_of(SEQUENCE)?;
        let [kind, values] = parts.as_slice() else { return None };
        if kind.is(OID)?.oid() != Some(kind_of) {
            continue;
        }
        let values = values.children_of(SET)?;
        let [value] = values.as_slice() else { return None };
        if found.replace(*value).is_some() {
            return None;
        }
    }
    Some(found)
}

/// The attributes that are signed, as the content of a SET: type and hash of the content, and the certificate.
pub(crate) fn attributes(digest: Digest, content: &[u8], certificate: &Certificate) -> Vec<u8> {
    let hash = digest.of_all(&[certificate.der()]);
    // SHA-256 is the default digest (RFC 5035, 4), and DER leaves out defaults.
    let mut named = if digest == Digest::Sha256 { Vec::new() } else { vec![digest.identifier()] };
    named.push(tlv(OCTET_STRING, &hash));
    let named = sequence(&[sequence(&[sequence(&named)])]);
    let attribute = |kind: ObjectIdentifier, value: Vec<u8>| sequence(&[oid(kind), all(SET, &[value])]);
    set_of(vec![
        attribute(CONTENT_TYPE, oid(DATA)),
        attribute(MESSAGE_DIGEST, tlv(OCTET_STRING, content)),
        attribute(SIGNING_CERTIFICATE_V2, named),
    ])
}

/// Signed data without content, of attributes that were signed.
pub(crate) fn build(
    digest: Digest,
    scheme: Vec<u8>,
    attributes: &[u8],
    signature: &[u8],
    certificates: &[Certificate],
) -> Vec<u8> {
    let signer = &certificates[0];
    let attributes = Tlv::parse(attributes).map(|set| tlv(context(0), set.content)).unwrap_or_default();
    let info = sequence(&[
        integer(1),
        sequence(&[signer.issuer.clone(), tlv(INTEGER, &signer.serial)]),
        digest.identifier(),
        attributes,
        scheme,
        tlv(OCTET_STRING, signature),
    ]);
    let mut certificates: Vec<Vec<u8>> = certificates.iter().map(|known| known.der().to_vec()).collect();
    certificates.sort();
    certificates.dedup();
    let data = sequence(&[
        integer(1),
        all(SET, &[digest.identifier()]),
        sequence(&[oid(DATA)]),
        all(context(0), &certificates),
        all(SET, &[info]),
    ]);
    sequence(&[oid(SIGNED_DATA), tlv(context(0), &data)])
}

/// Signed data with a time stamp added over their signature. None if they cannot be read, or have one.
pub(crate) fn with_time_stamp(cms: &[u8], token: &[u8]) -> Option<Vec<u8>> {
    let stamp = sequence(&[oid(TIME_STAMP), all(SET, &[token.to_vec()])]);
    let outer = Tlv::parse(cms)?.children_of(SEQUENCE)?;
    let data = Tlv::parse(outer.get(1)?.content)?.children_of(SEQUENCE)?;
    let (infos, before) = data.split_last()?;
    let infos = infos.children_of(SET)?;
    let [info] = infos.as_slice() else { return None };
    let mut fields: Vec<Vec<u8>> =
        info.children_of(SEQUENCE)?.iter().map(|field| field.raw.to_vec()).collect();
    let unsigned = match Tlv::parse(fields.last()?)? {
        last if last.tag == context(1) => {
            if attribute(&last, TIME_STAMP)?.is_some() {
                return None;
            }
            let mut all: Vec<Vec<u8>> = last.children()?.iter().map(|known| known.raw.to_vec()).collect();
            fields.pop();
            all.push(stamp);
            all.sort();
            all
        }
        _ => vec![stamp],
    };
    fields.push(all(context(1), &unsigned));
    let mut data: Vec<Vec<u8>> = before.iter().map(|field| field.raw.to_vec()).collect();
    data.push(all(SET, &[sequence(&fields)]));
    Some(sequence(&[oid(SIGNED_DATA), tlv(context(0), &sequence(&data))]))
}
