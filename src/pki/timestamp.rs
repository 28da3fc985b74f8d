//! Time stamps: RFC 3161. The library opens no connection; it writes requests and reads responses.

use der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280::ID_KP_TIME_STAMPING;
use x509_cert::ext::pkix::KeyUsages;

use super::algorithm::Digest;
use super::certificate::{Certificate, has_unknown_critical};
use super::cms::SignedData;
use super::reason::TimeStampError;
use super::time::Time;
use super::tlv::{
    GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, Tlv, context, id, integer, sequence, tlv, unsigned,
};

const TST_INFO: ObjectIdentifier = id("1.2.840.113549.1.9.16.1.4");

/// A time stamp request: for the digest of these bytes, and with the authority's certificate in the response.
///
/// The nonce, by which responses are distinguished, comes from the bytes; those of a signature never come twice.
pub(crate) fn request(stamped: &[u8]) -> Vec<u8> {
    let hash = Digest::Sha256.of_all(&[stamped]);
    let imprint = sequence(&[Digest::Sha256.identifier(), tlv(OCTET_STRING, &hash)]);
    const TRUE: [u8; 3] = [0x01, 0x01, 0xff];
    sequence(&[integer(1), imprint, nonce(stamped), TRUE.to_vec()])
}

fn nonce(stamped: &[u8]) -> Vec<u8> {
    unsigned(&Digest::Sha256.of_all(&[b"nonce", stamped])[..8])
}

/// Checks that a token answers the request for these bytes: RFC 3161, 2.4.2.
///
/// # Errors
/// If its nonce is another, or there is none.
pub(crate) fn answers(token: &[u8], stamped: &[u8]) -> Result<(), TimeStampError> {
    let signed = SignedData::parse(token)?;
    let read = || {
        let parts = Tlv::parse(signed.content?)?.children_of(SEQUENCE)?;
        let own = parts.get(5..)?.iter().find(|part| part.tag == INTEGER)?;
        (own.raw == nonce(stamped)).then_some(())
    };
    read().ok_or(TimeStampError::NonceMismatch)
}

/// The token of a time stamp response.
///
/// # Errors
/// If the time stamping authority rejected the request, or its response cannot be read.
pub(crate) fn token(response: &[u8]) -> Result<Vec<u8>, TimeStampError> {
    let unreadable = TimeStampError::UnreadableTimeStampResponse;
    let read = || {
        let parts = Tlv::parse(response)?.children_of(SEQUENCE)?;
        let status = parts.first()?.children_of(SEQUENCE)?.first()?.small()?;
        Some((status, parts.get(1).map(|token| token.raw.to_vec())))
    };
    match read().ok_or(unreadable)? {
        // Granted, or granted with modifications: RFC 3161, 2.4.2.
        (0 | 1, Some(token)) => Ok(token),
        (status, _) => Err(TimeStampError::TimeStampRejected { status }),
    }
}

/// A time stamp whose token is valid.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// Its time.
    pub time: Time,
    /// The certificate of the time stamping authority.
    pub certificate: Certificate,
    /// All certificates of the token.
    pub certificates: Vec<Certificate>,
}

/// Verifies a time stamp token over these bytes. Whether its maker is trusted is another question.
///
/// # Errors
/// Why it is not valid.
pub(crate) fn check(token: &[u8], stamped: &[&[u8]]) -> Result<Stamp, TimeStampError> {
    let signed = SignedData::parse(token)?;
    let content = signed.content.ok_or(TimeStampError::UnreadableTimeStamp)?;
    let (imprint, hash, time) = info(content).ok_or(TimeStampError::UnreadableTimeStamp)?;
    if has_unknown_critical_extension(content) != Some(false) {
        return Err(TimeStampError::UnknownCriticalStampExtension);
    }
    if imprint.is_weak() {
        return Err(TimeStampError::WeakImprintDigest { digest: imprint.name() });
    }
    if imprint.of_all(stamped) != hash {
        return Err(TimeStampError::ImprintMismatch);
    }
    let certificate = signed.check(TST_INFO, &signed.digest.of_all(&[content]))?.clone();
    // RFC 3161, 2.3: for this alone, and critically so.
    let fit = certificate.is_only_for(ID_KP_TIME_STAMPING)
        && (certificate.allows(KeyUsages::DigitalSignature) || certificate.allows(KeyUsages::NonRepudiation));
    if !fit {
        return Err(TimeStampError::NotForTimeStamping { subject: certificate.subject() });
    }
    Ok(Stamp { time, certificate, certificates: signed.certificates.clone() })
}

/// `TSTInfo` (RFC 3161, 2.4.2): the digest that was stamped, and when.
fn info(content: &[u8]) -> Option<(Digest, &[u8], Time)> {
    let parts = Tlv::parse(content)?.children_of(SEQUENCE)?;
    let [version, policy, imprint, serial, time, ..] = parts.as_slice() else { return None };
    version.is(INTEGER)?;
    policy.oid()?;
    serial.is(INTEGER)?;
    let imprint = imprint.children_of(SEQUENCE)?;
    let digest = Digest::of(imprint.first()?)?;
    let hash = imprint.get(1)?.is(OCTET_STRING)?.content;
    Some((digest, hash, Time::parse_der(GENERALIZED_TIME, time.is(GENERALIZED_TIME)?.content)?))
}

/// Whether `TSTInfo` has a critical extension: none is evaluated. None if its extensions cannot be read.
fn has_unknown_critical_extension(content: &[u8]) -> Option<bool> {
    let parts = Tlv::parse(content)?.children_of(SEQUENCE)?;
    match parts.get(5..)?.iter().find(|part| part.tag == context(1)) {
        // The tag stands in place of that of the sequence: RFC 3161, 2.4.2.
        Some(implicit) => has_unknown_critical(&Tlv { tag: SEQUENCE, ..*implicit }, &[]),
        None => Some(false),
    }
}
