//! X.509 certificates: RFC 5280, 4.
//!
//! A certificate keeps the bytes it came in: its issuer signed these, and no other writing of the same.

use der::oid::ObjectIdentifier;
use pkcs8::der::pem;

use super::algorithm::{PublicKey, Scheme};
use super::time::Time;
use super::tlv::{BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, SET, Tlv, id};
use crate::diagnostic::Message;
use crate::message;

const BASIC_CONSTRAINTS: ObjectIdentifier = id("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = id("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = id("2.5.29.37");
const NAME_CONSTRAINTS: ObjectIdentifier = id("2.5.29.30");
const CRL_POINTS: ObjectIdentifier = id("2.5.29.31");
const AUTHORITY_ACCESS: ObjectIdentifier = id("1.3.6.1.5.5.7.1.1");
const OCSP: ObjectIdentifier = id("1.3.6.1.5.5.7.48.1");
/// Extensions that are understood, or whose meaning changes nothing here: policies, key identifiers, other names.
const KNOWN: [ObjectIdentifier; 9] = [
    BASIC_CONSTRAINTS,
    KEY_USAGE,
    EXTENDED_KEY_USAGE,
    CRL_POINTS,
    AUTHORITY_ACCESS,
    id("2.5.29.14"),
    id("2.5.29.35"),
    id("2.5.29.17"),
    id("2.5.29.32"),
];

/// The purposes of servers, time stampers and who answers for an issuer.
const OF_MACHINES: [ObjectIdentifier; 3] =
    [id("1.3.6.1.5.5.7.3.1"), id("1.3.6.1.5.5.7.3.8"), id("1.3.6.1.5.5.7.3.9")];

/// What a key may be used for: RFC 5280, 4.2.1.3, by the number of the bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    DigitalSignature = 0,
    NonRepudiation = 1,
    CertificateSigning = 5,
    CrlSigning = 6,
}

/// A certificate.
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

#[derive(Clone, Debug, PartialEq, Eq)]
struct Extension {
    id: ObjectIdentifier,
    critical: bool,
    value: Vec<u8>,
}

/// Why bytes are no certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// There is none in it.
    #[error("there is no certificate in it")]
    None,
    /// One of them cannot be read.
    #[error("a certificate in it cannot be read")]
    Unreadable,
}

impl CertificateError {
    /// The reason as people read it.
    pub fn message(&self) -> Message {
        match self {
            CertificateError::None => message!("里面没有证书", "there is no certificate in it"),
            CertificateError::Unreadable => {
                message!("里面有证书读不懂", "a certificate in it cannot be read")
            }
        }
    }
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
        // The algorithm stands twice, and must be the same: RFC 5280, 4.1.1.2.
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

    /// Whom it names, most telling part first: `某市人民政府办公室, C=CN`.
    pub fn subject(&self) -> String {
        name(&self.subject)
    }

    /// Who vouches for it.
    pub fn issuer(&self) -> String {
        name(&self.issuer)
    }

    /// The name of who vouches for it, in DER.
    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// Its number among those of its issuer, in hexadecimal.
    pub fn serial(&self) -> String {
        crate::hash::hex(&self.serial)
    }

    /// From when to when it is valid.
    pub fn validity(&self) -> (Time, Time) {
        (self.not_before, self.not_after)
    }

    /// Its key; none of a kind that is not known.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        PublicKey::parse(&self.key_info)
    }

    /// How it was signed; none if that way is not known.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        Scheme::parse(&Tlv::parse(&self.algorithm)?, None)
    }

    /// Whether it names itself as its issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether this one's key signed `other`.
    pub(crate) fn signed(&self, other: &Certificate) -> bool {
        let (Some(key), Some(scheme)) = (self.public_key(), other.scheme()) else { return false };
        key.verifies(scheme, &other.tbs, &other.signature)
    }

    /// Whether this one's issuer may have been `issuer`, by its name.
    pub(crate) fn names(&self, issuer: &Certificate) -> bool {
        self.issuer == issuer.subject
    }

    /// Whether the key may be used so; any use where nothing is said.
    pub(crate) fn allows(&self, usage: Usage) -> bool {
        let Some(value) = self.extension(KEY_USAGE) else { return true };
        let Some(bits) = Tlv::parse(value).and_then(|value| value.is(BIT_STRING)) else { return false };
        let number = usage as usize;
        bits.content.get(1 + number / 8).is_some_and(|byte| byte & (0x80 >> (number % 8)) != 0)
    }

    /// Whether the key may be used for this purpose, and says so.
    pub(crate) fn has_purpose(&self, purpose: ObjectIdentifier) -> bool {
        self.purposes().is_some_and(|purposes| purposes.contains(&purpose))
    }

    /// Whether the key is for nothing but this, and whoever does not understand that must not rely on it.
    pub(crate) fn is_only_for(&self, purpose: ObjectIdentifier) -> bool {
        let mut extensions = self.extensions.iter();
        let critical = extensions.any(|extension| extension.id == EXTENDED_KEY_USAGE && extension.critical);
        critical && self.purposes() == Some(vec![purpose])
    }

    /// Whether all that it is for is what machines do: to be a server, to stamp the time, to answer for an issuer.
    pub(crate) fn is_a_machine_s(&self) -> bool {
        self.purposes().is_some_and(|purposes| purposes.iter().all(|purpose| OF_MACHINES.contains(purpose)))
    }

    /// What it is for (RFC 5280, 4.2.1.12), if it says so; nothing if that cannot be read.
    fn purposes(&self) -> Option<Vec<ObjectIdentifier>> {
        let value = self.extension(EXTENDED_KEY_USAGE)?;
        let purposes = Tlv::parse(value).and_then(|value| value.children_of(SEQUENCE));
        Some(purposes.unwrap_or_default().iter().filter_map(Tlv::oid).collect())
    }

    /// Whether it may issue others, with at most so many between it and the last.
    pub(crate) fn may_issue(&self, between: usize) -> bool {
        let constraints = self.extension(BASIC_CONSTRAINTS).and_then(Tlv::parse);
        let Some(parts) = constraints.and_then(|value| value.children_of(SEQUENCE)) else { return false };
        // A limit that cannot be read allows nothing.
        let allowed =
            parts.get(1).is_none_or(|limit| limit.small().is_some_and(|limit| between as u64 <= limit));
        self.is_authority() && allowed && self.allows(Usage::CertificateSigning)
    }

    /// Whether it is an authority's, or says that it is.
    pub(crate) fn is_authority(&self) -> bool {
        let constraints = self.extension(BASIC_CONSTRAINTS).and_then(Tlv::parse);
        constraints
            .and_then(|value| value.children_of(SEQUENCE))
            .is_some_and(|parts| parts.first().is_some_and(|authority| authority.raw == [0x01, 0x01, 0xff]))
    }

    /// Whether it makes a condition that is not understood; then it must not be relied on: RFC 5280, 4.2. Which names
    /// an authority may give is such a condition even where somebody forgot to say so (4.2.1.10).
    pub(crate) fn has_unknown_condition(&self) -> bool {
        self.extensions.iter().any(|extension| {
            extension.critical && !KNOWN.contains(&extension.id) || extension.id == NAME_CONSTRAINTS
        })
    }

    /// Where its issuer answers whether it was revoked: RFC 5280, 4.2.2.1.
    pub(crate) fn ocsp_urls(&self) -> Vec<String> {
        let access = self.extension(AUTHORITY_ACCESS).and_then(Tlv::parse);
        let descriptions = access.and_then(|value| value.children_of(SEQUENCE)).unwrap_or_default();
        let urls = descriptions.iter().filter_map(|description| {
            let parts = description.children_of(SEQUENCE)?;
            (parts.first()?.oid()? == OCSP).then(|| url(parts.get(1)?)).flatten()
        });
        urls.collect()
    }

    /// Where its issuer keeps the list of what it revoked: RFC 5280, 4.2.1.13.
    pub(crate) fn crl_urls(&self) -> Vec<String> {
        fn search(value: &Tlv, depth: usize, found: &mut Vec<String>) {
            if value.tag == 0x86 {
                found.extend(url(value));
            } else if value.tag & 0x20 != 0 && depth < 8 {
                let children = value.children().unwrap_or_default();
                children.iter().for_each(|child| search(child, depth + 1, found));
            }
        }
        let mut found = Vec::new();
        if let Some(points) = self.extension(CRL_POINTS).and_then(Tlv::parse) {
            search(&points, 0, &mut found);
        }
        found
    }

    /// Whether it has this extension with this value.
    pub(crate) fn has_extension(&self, id: ObjectIdentifier, value: &[u8]) -> bool {
        self.extension(id) == Some(value)
    }

    fn extension(&self, id: ObjectIdentifier) -> Option<&[u8]> {
        let extension = self.extensions.iter().find(|extension| extension.id == id)?;
        Some(extension.value.as_slice())
    }
}

/// An address in a `GeneralName`.
fn url(value: &Tlv) -> Option<String> {
    (value.tag == 0x86).then(|| String::from_utf8(value.content.to_vec()).ok()).flatten()
}

/// Extensions; none if one cannot be read or stands twice.
fn read_extensions(value: &Tlv) -> Option<Vec<Extension>> {
    let mut found: Vec<Extension> = Vec::new();
    for extension in value.children_of(SEQUENCE)? {
        let parts = extension.children_of(SEQUENCE)?;
        let id = parts.first()?.oid()?;
        let critical = parts.len() == 3 && parts[1].content != [0];
        let value = parts.last()?.is(OCTET_STRING)?.content.to_vec();
        if found.iter().any(|other| other.id == id) {
            return None;
        }
        found.push(Extension { id, critical, value });
    }
    Some(found)
}

/// The whole bytes of a `BIT STRING`.
pub(crate) fn bits<'a>(value: &Tlv<'a>) -> Option<&'a [u8]> {
    match value.is(BIT_STRING)?.content.split_first()? {
        (0, bits) => Some(bits),
        _ => None,
    }
}

/// A name as people read it: RFC 4514's keys for what is common, the common name first and without a key.
pub(crate) fn name(raw: &[u8]) -> String {
    const KEYS: [(&str, &str); 5] =
        [("2.5.4.3", ""), ("2.5.4.11", "OU="), ("2.5.4.10", "O="), ("2.5.4.7", "L="), ("2.5.4.6", "C=")];
    let mut found: Vec<(usize, String)> = Vec::new();
    let parts = Tlv::parse(raw).and_then(|name| name.children_of(SEQUENCE)).unwrap_or_default();
    let pairs = parts.iter().filter_map(|part| part.children_of(SET)).flatten();
    for pair in pairs.filter_map(|pair| pair.children_of(SEQUENCE)) {
        let [key, value] = pair.as_slice() else { continue };
        let key = key.oid().map(|oid| oid.to_string()).unwrap_or_default();
        if let Some(order) = KEYS.iter().position(|(known, _)| *known == key) {
            found.push((order, format!("{}{}", KEYS[order].1, text(value))));
        }
    }
    found.sort_by_key(|&(order, _)| order);
    found.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ")
}

/// A text of any of the kinds that names have; what would disturb a terminal, or show another name, is left out.
fn text(value: &Tlv) -> String {
    const BMP: u8 = 0x1e;
    let text = if value.tag == BMP {
        let units: Vec<u16> =
            value.content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(value.content).into_owned()
    };
    text.chars().filter(|&character| !disturbs(character)).collect()
}

/// Whether a character would disturb a terminal or turn the direction of writing.
pub(crate) fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The blocks of a PEM file: their labels and bytes. What stands between them is skipped: RFC 7468, 5.2.
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
