//! X.509 certificates: RFC 5280, 4.
//!
//! A certificate keeps the bytes it came in: its issuer signed these, and no other encoding of the same. What its
//! extensions mean is decoded into the types of `x509-cert` when it is asked for.

use der::oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, Tag, Tagged};
use pkcs8::der::pem;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::oid::db::{rfc4519, rfc5280};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints,
    SubjectAltName, SubjectKeyIdentifier,
};

use super::algorithm::{PublicKey, Scheme};
use super::reason::CertificateError;
use super::time::Time;
use super::tlv::{BIT_STRING, BOOLEAN, INTEGER, SEQUENCE, SET, Tlv, id};

/// Extensions that are evaluated, or whose meaning changes nothing here: policies, key identifiers, other names.
const KNOWN: [ObjectIdentifier; 9] = [
    BasicConstraints::OID,
    KeyUsage::OID,
    ExtendedKeyUsage::OID,
    CrlDistributionPoints::OID,
    AuthorityInfoAccessSyntax::OID,
    SubjectKeyIdentifier::OID,
    AuthorityKeyIdentifier::OID,
    SubjectAltName::OID,
    CertificatePolicies::OID,
];

/// The key purposes of machines: servers, time stampers, OCSP responders.
const OF_MACHINES: [ObjectIdentifier; 3] =
    [rfc5280::ID_KP_SERVER_AUTH, rfc5280::ID_KP_TIME_STAMPING, rfc5280::ID_KP_OCSP_SIGNING];
/// The key purposes of documents: any, mail, documents (RFC 9336), and the same of two programs that many are made for.
const OF_DOCUMENTS: [ObjectIdentifier; 5] = [
    ANY_PURPOSE,
    rfc5280::ID_KP_EMAIL_PROTECTION,
    id("1.3.6.1.5.5.7.3.36"),
    id("1.2.840.113583.1.1.5"),
    id("1.3.6.1.4.1.311.10.3.12"),
];
const ANY_PURPOSE: ObjectIdentifier = id("2.5.29.37.0");

/// What a certification path is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A signature on a document.
    Documents,
    /// The same by a TLS server, where a verifier allows it.
    Servers,
    TimeStamps,
}

/// A certificate (RFC 5280, 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    raw: Vec<u8>,
    tbs: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    not_before: Time,
    not_after: Time,
    pub(crate) key_info: Vec<u8>,
    extensions: Vec<Extension>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads all certificates of a PEM file, or the one of a DER file.
    ///
    /// # Errors
    /// If there is none, or one that cannot be read.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Certificate>, CertificateError> {
        let blocks = pem_blocks(bytes);
        let found: Vec<Certificate> = if blocks.is_empty() {
            Certificate::from_der(bytes).into_iter().collect()
        } else {
            let certificates = blocks.iter().filter(|(label, _)| label == "CERTIFICATE");
            let read =
                certificates.map(|(_, der)| Certificate::from_der(der).ok_or(CertificateError::Unreadable));
            read.collect::<Result<_, _>>()?
        };
        if found.is_empty() { Err(CertificateError::None) } else { Ok(found) }
    }

    /// Reads a certificate in DER.
    pub fn from_der(bytes: &[u8]) -> Option<Certificate> {
        let parts = Tlv::parse(bytes)?.children_of(SEQUENCE)?;
        let [tbs, algorithm, signature] = parts.as_slice() else { return None };
        let mut fields = tbs.children_of(SEQUENCE)?.into_iter().peekable();
        fields.next_if(|field| field.tag == 0xa0);
        let serial = fields.next()?.is(INTEGER)?.content.to_vec();
        // The algorithm is written twice, and must be the same: RFC 5280, 4.1.1.2.
        if fields.next()?.raw != algorithm.raw {
            return None;
        }
        let issuer = fields.next()?.is(SEQUENCE)?.raw.to_vec();
        let validity = fields.next()?.children_of(SEQUENCE)?;
        let [not_before, not_after] = validity.as_slice() else { return None };
        let subject = fields.next()?.is(SEQUENCE)?.raw.to_vec();
        let key_info = fields.next()?.is(SEQUENCE)?.raw.to_vec();
        let extensions = match fields.find(|field| field.tag == 0xa3) {
            Some(extensions) => read_extensions(&Tlv::parse(extensions.content)?)?,
            None => Vec::new(),
        };
        Some(Certificate {
            raw: bytes.to_vec(),
            tbs: tbs.raw.to_vec(),
            serial,
            issuer,
            subject,
            not_before: Time::parse_der(not_before.tag, not_before.content)?,
            not_after: Time::parse_der(not_after.tag, not_after.content)?,
            key_info,
            extensions,
            algorithm: algorithm.raw.to_vec(),
            signature: bits(signature)?.to_vec(),
        })
    }

    /// Its bytes in DER.
    pub fn der(&self) -> &[u8] {
        &self.raw
    }

    /// Its subject, the common name first: `某市人民政府办公室, C=CN`.
    pub fn subject(&self) -> String {
        name(&self.subject)
    }

    /// Its issuer, in the same form.
    pub fn issuer(&self) -> String {
        name(&self.issuer)
    }

    /// The distinguished name of its issuer, in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// Its serial number, in hexadecimal.
    pub fn serial(&self) -> String {
        crate::hash::hex(&self.serial)
    }

    /// The beginning and the end of its validity.
    pub fn validity(&self) -> (Time, Time) {
        (self.not_before, self.not_after)
    }

    /// Its public key; none if it is of an unknown kind.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        PublicKey::parse(&self.key_info)
    }

    /// The algorithm of its signature; none if it is unknown.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        Scheme::parse(&Tlv::parse(&self.algorithm)?, None)
    }

    /// Whether its issuer is its subject.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether the key of this certificate signed `other`.
    pub(crate) fn signed(&self, other: &Certificate) -> bool {
        let (Some(key), Some(scheme)) = (self.public_key(), other.scheme()) else { return false };
        key.verifies(scheme, &other.tbs, &other.signature)
    }

    /// Whether the issuer of this certificate has the name of `issuer`.
    pub(crate) fn names(&self, issuer: &Certificate) -> bool {
        self.issuer == issuer.subject
    }

    /// Whether the key may be used so (RFC 5280, 4.2.1.3); a certificate without key usage allows any.
    pub(crate) fn allows(&self, usage: KeyUsages) -> bool {
        self.extension::<KeyUsage>()
            .is_none_or(|allowed| allowed.is_ok_and(|allowed| allowed.0.contains(usage)))
    }

    /// Whether this purpose is among its extended key usages.
    pub(crate) fn has_purpose(&self, purpose: ObjectIdentifier) -> bool {
        self.purposes().is_some_and(|purposes| purposes.contains(&purpose))
    }

    /// Whether this purpose is its only extended key usage, in a critical extension.
    pub(crate) fn is_only_for(&self, purpose: ObjectIdentifier) -> bool {
        let critical = self.raw_extension(ExtendedKeyUsage::OID).is_some_and(|extension| extension.critical);
        critical && self.purposes() == Some(vec![purpose])
    }

    /// Whether its extended key usages are for this: of a certificate that signs, or of one that issued it, since authorities
    /// limit each other so. Without them it is for anything. What a machine's certificate has beside, such as the
    /// client of a server, does not make it a signer's.
    pub(crate) fn is_for(&self, purpose: Purpose) -> bool {
        let Some(purposes) = self.purposes() else { return true };
        let any_of = |these: &[ObjectIdentifier]| purposes.iter().any(|purpose| these.contains(purpose));
        match purpose {
            Purpose::Documents => any_of(&OF_DOCUMENTS) || !purposes.is_empty() && !any_of(&OF_MACHINES),
            Purpose::Servers => any_of(&[ANY_PURPOSE, rfc5280::ID_KP_SERVER_AUTH]),
            Purpose::TimeStamps => any_of(&[ANY_PURPOSE, rfc5280::ID_KP_TIME_STAMPING]),
        }
    }

    /// Its extended key usages (RFC 5280, 4.2.1.12); none of them if the extension cannot be read.
    fn purposes(&self) -> Option<Vec<ObjectIdentifier>> {
        let usage = self.extension::<ExtendedKeyUsage>()?;
        Some(usage.map(|usage| usage.0).unwrap_or_default())
    }

    /// Whether it may issue others, with at most so many between it and the last.
    pub(crate) fn may_issue(&self, between: usize) -> bool {
        let within = |constraints: BasicConstraints| {
            constraints.ca && constraints.path_len_constraint.is_none_or(|most| between <= usize::from(most))
        };
        self.basic_constraints().is_some_and(within) && self.allows(KeyUsages::KeyCertSign)
    }

    /// Whether it is the certificate of a certification authority.
    pub(crate) fn is_authority(&self) -> bool {
        self.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    /// Its basic constraints (RFC 5280, 4.2.1.9); none if they cannot be read, which allows nothing.
    fn basic_constraints(&self) -> Option<BasicConstraints> {
        basic_constraints(self.raw_extension(BasicConstraints::OID)?.extn_value.as_bytes())
    }

    /// Whether it has a critical extension that is not evaluated; then it must not be relied on: RFC 5280, 4.2. Name
    /// constraints count as critical even where they are not marked so (4.2.1.10).
    pub(crate) fn has_unknown_critical_extension(&self) -> bool {
        self.extensions.iter().any(|extension| {
            extension.critical && !KNOWN.contains(&extension.extn_id)
                || extension.extn_id == NameConstraints::OID
        })
    }

    /// The addresses of its issuer's OCSP responders: RFC 5280, 4.2.2.1.
    pub(crate) fn ocsp_urls(&self) -> Vec<String> {
        let descriptions = self.elements::<AccessDescription>(AuthorityInfoAccessSyntax::OID);
        let responders =
            descriptions.iter().filter(|description| description.access_method == rfc5280::ID_AD_OCSP);
        responders.filter_map(|description| url(&description.access_location)).map(str::to_owned).collect()
    }

    /// The addresses of its issuer's revocation lists: RFC 5280, 4.2.1.13.
    pub(crate) fn crl_urls(&self) -> Vec<String> {
        let points = self.elements::<DistributionPoint>(CrlDistributionPoints::OID);
        let names = points.iter().flat_map(|point| match &point.distribution_point {
            Some(DistributionPointName::FullName(names)) => names.as_slice(),
            Some(DistributionPointName::NameRelativeToCRLIssuer(_)) | None => &[],
        });
        names.filter_map(url).map(str::to_owned).collect()
    }

    /// Whether this is the identifier of its key: RFC 5280, 4.2.1.2.
    pub(crate) fn has_key_identifier(&self, identifier: &[u8]) -> bool {
        let own = self.extension::<SubjectKeyIdentifier>();
        own.is_some_and(|own| own.is_ok_and(|own| own.0.as_bytes() == identifier))
    }

    /// An extension as its type, if there is one; an error if it cannot be read.
    fn extension<'a, T: AssociatedOid + Decode<'a>>(&'a self) -> Option<Result<T, T::Error>> {
        Some(T::from_der(self.raw_extension(T::OID)?.extn_value.as_bytes()))
    }

    /// The elements of an extension that is a `SEQUENCE OF`. Each is decoded by itself: authorities write names of
    /// kinds that are not known here beside those that are.
    fn elements<T: for<'a> Decode<'a>>(&self, id: ObjectIdentifier) -> Vec<T> {
        let value = self.raw_extension(id).and_then(|extension| Tlv::parse(extension.extn_value.as_bytes()));
        let elements = value.and_then(|value| value.children_of(SEQUENCE)).unwrap_or_default();
        elements.iter().filter_map(|element| T::from_der(element.raw).ok()).collect()
    }

    fn raw_extension(&self, id: ObjectIdentifier) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.extn_id == id)
    }
}

/// Basic constraints in DER.
///
/// x509-cert 0.3 holds a path length in one byte. No chain here is as long as that, so that a greater limit is the
/// greatest that it holds.
fn basic_constraints(value: &[u8]) -> Option<BasicConstraints> {
    if let Ok(constraints) = BasicConstraints::from_der(value) {
        return Some(constraints);
    }
    let parts = Tlv::parse(value)?.children_of(SEQUENCE)?;
    let [ca, limit] = parts.as_slice() else { return None };
    let ca = bool::from_der(ca.raw).ok()?;
    (limit.small()? > u64::from(u8::MAX))
        .then_some(BasicConstraints { ca, path_len_constraint: Some(u8::MAX) })
}

/// The address in a general name (RFC 5280, 4.2.1.6), if it is one.
pub(crate) fn url(name: &GeneralName) -> Option<&str> {
    match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.as_str()),
        _ => None,
    }
}

/// Extensions (RFC 5280, 4.1.2.9), of certificates and revocation lists; none if one cannot be read or there are two
/// of a kind.
pub(super) fn read_extensions(value: &Tlv) -> Option<Vec<Extension>> {
    let mut found: Vec<Extension> = Vec::new();
    for extension in value.children_of(SEQUENCE)? {
        let extension = Extension::from_der(extension.raw).ok()?;
        if found.iter().any(|other| other.extn_id == extension.extn_id) {
            return None;
        }
        found.push(extension);
    }
    Some(found)
}

/// Whether there is a critical extension of another kind than these; none if the extensions cannot be read. Lists have
/// hundreds of thousands of them, so that none is decoded further.
pub(super) fn has_unknown_critical(extensions: &Tlv, known: &[ObjectIdentifier]) -> Option<bool> {
    let mut unknown = false;
    for extension in extensions.is(SEQUENCE)?.values() {
        let mut parts = extension?.is(SEQUENCE)?.values();
        let kind = parts.next()??.oid()?;
        // That it is not critical is sometimes written all the same.
        let critical = parts.next()??.is(BOOLEAN).is_some_and(|critical| critical.content != [0]);
        unknown |= critical && !known.contains(&kind);
    }
    Some(unknown)
}

/// The whole bytes of a `BIT STRING`.
pub(crate) fn bits<'a>(value: &Tlv<'a>) -> Option<&'a [u8]> {
    match value.is(BIT_STRING)?.content.split_first()? {
        (0, bits) => Some(bits),
        _ => None,
    }
}

/// A distinguished name as people read it: the keys of RFC 4514 for what is common, the common name first and without
/// a key.
pub(crate) fn name(raw: &[u8]) -> String {
    const KEYS: [(ObjectIdentifier, &str); 5] =
        [(rfc4519::CN, ""), (rfc4519::OU, "OU="), (rfc4519::O, "O="), (rfc4519::L, "L="), (rfc4519::C, "C=")];
    let mut found: Vec<(usize, String)> = Vec::new();
    let parts = Tlv::parse(raw).and_then(|name| name.children_of(SEQUENCE)).unwrap_or_default();
    let attributes = parts.iter().filter_map(|part| part.children_of(SET)).flatten();
    for attribute in attributes.filter_map(|attribute| AttributeTypeAndValue::from_der(attribute.raw).ok()) {
        if let Some(order) = KEYS.iter().position(|(known, _)| *known == attribute.oid) {
            found.push((order, format!("{}{}", KEYS[order].1, text(&attribute))));
        }
    }
    found.sort_by_key(|&(order, _)| order);
    found.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// The text of an attribute, of any of the kinds that names have. What separates attributes, and what would disturb a
/// terminal or is not seen, is escaped (RFC 4514, 2.4): no name shows as another one.
fn text(attribute: &AttributeTypeAndValue) -> String {
    let content = attribute.value.value();
    let text = if attribute.value.tag() == Tag::BmpString {
        let units: Vec<u16> =
            content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(content).into_owned()
    };
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => shown.extend(['\\', character]),
            _ if disturbs(character) || crate::characters::is_invisible(character) => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    shown.push_str(&format!("\\{byte:02X}"));
                }
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Whether a character would disturb a terminal or turn the direction of writing.
pub(crate) fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The blocks of a PEM file: their labels and bytes. What is written between them is skipped: RFC 7468, 5.2.
pub fn pem_blocks(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const END: &[u8] = b"-----END ";
    let find = |from: usize, mark: &[u8]| {
        let rest = bytes.get(from..)?;
        rest.windows(mark.len()).position(|window| window == mark).map(|place| from + place)
    };
    let (mut at, mut blocks) = (0, Vec::new());
    while let Some(begin) = find(at, BEGIN) {
        let Some(end) = find(begin, END) else { break };
        let line = bytes[end..].iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len() - end);
        at = end + line;
        if let Ok((label, der)) = pem::decode_vec(&bytes[begin..at]) {
            blocks.push((label.to_owned(), der));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::tlv::{OCTET_STRING, integer, oid, sequence, tlv};

    #[test]
    fn extensions_are_read_as_authorities_write_them() {
        const FALSE: [u8; 3] = [0x01, 0x01, 0x00];
        // Unused bits that are not counted as such, and a default that is written all the same, are common.
        let usage =
            sequence(&[oid(KeyUsage::OID), FALSE.to_vec(), tlv(OCTET_STRING, &[0x03, 0x02, 0x00, 0x06])]);
        let read = |extensions: &[Vec<u8>]| {
            let extensions = sequence(extensions);
            Tlv::parse(&extensions).and_then(|extensions| read_extensions(&extensions))
        };
        let found = read(std::slice::from_ref(&usage)).expect("is one");
        assert!(!found[0].critical);
        let usages = KeyUsage::from_der(found[0].extn_value.as_bytes()).expect("is one").0;
        assert!(usages.contains(KeyUsages::KeyCertSign) && usages.contains(KeyUsages::CRLSign));
        assert!(!usages.contains(KeyUsages::DigitalSignature));
        assert_eq!(read(&[usage.clone(), usage]), None, "two of a kind");
    }

    #[test]
    fn basic_constraints_are_read_with_path_lengths_of_any_size() {
        const TRUE: [u8; 3] = [0x01, 0x01, 0xff];
        let read = |parts: &[Vec<u8>]| {
            basic_constraints(&sequence(parts)).map(|read| (read.ca, read.path_len_constraint))
        };
        assert_eq!(read(&[]), Some((false, None)));
        assert_eq!(read(&[TRUE.to_vec()]), Some((true, None)));
        assert_eq!(read(&[TRUE.to_vec(), integer(0)]), Some((true, Some(0))));
        assert_eq!(read(&[TRUE.to_vec(), integer(255)]), Some((true, Some(255))));
        assert_eq!(read(&[TRUE.to_vec(), integer(70_000)]), Some((true, Some(255))));
        // A limit that cannot be read allows nothing.
        assert_eq!(read(&[TRUE.to_vec(), vec![0x02, 0x01, 0xff]]), None);
        assert_eq!(read(&[TRUE.to_vec(), integer(0), integer(0)]), None);
    }
}
