//! Time stamps: RFC 3161. The library asks nobody; it writes what is to be asked and reads what is answered.

use der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc5280::ID_KP_TIME_STAMPING;
use x509_cert::ext::pkix::KeyUsages;

use super::algorithm::Digest;
use super::certificate::Certificate;
use super::cms::SignedData;
use super::time::Time;
use super::tlv::{
    GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, Tlv, id, integer, sequence, tlv, unsigned,
};
use crate::diagnostic::Message;
use crate::message;

const TST_INFO: ObjectIdentifier = id("1.2.840.113549.1.9.16.1.4");

/// A question to a time stamper: to stamp the hash of these bytes, and to send its certificate along.
///
/// The number that tells answers apart comes from the bytes; those of a signature never come twice.
pub(crate) fn request(stamped: &[u8]) -> Vec<u8> {
    let hash = Digest::Sha256.of_all(&[stamped]);
    let nonce = Digest::Sha256.of_all(&[b"nonce", stamped]);
    let imprint = sequence(&[Digest::Sha256.identifier(), tlv(OCTET_STRING, &hash)]);
    const TRUE: [u8; 3] = [0x01, 0x01, 0xff];
    sequence(&[integer(1), imprint, unsigned(&nonce[..8]), TRUE.to_vec()])
}

/// The token in an answer.
///
/// # Errors
/// If the time stamper refused, or its answer cannot be read.
pub(crate) fn token(answer: &[u8]) -> Result<Vec<u8>, Message> {
    let unreadable = || message!("时间戳服务器的回答读不懂", "the answer of the time stamper cannot be read");
    let parts = Tlv::parse(answer).and_then(|answer| answer.children_of(SEQUENCE)).ok_or_else(unreadable)?;
    let status = parts.first().and_then(|status| status.children_of(SEQUENCE)).ok_or_else(unreadable)?;
    let code = status.first().and_then(Tlv::small).ok_or_else(unreadable)?;
    match parts.get(1) {
        // Granted, or granted with modifications: RFC 3161, 2.4.2.
        Some(token) if code <= 1 => Ok(token.raw.to_vec()),
        _ => {
            Err(message!("时间戳服务器拒绝了请求（状态 {code}）", "the time stamper refused (status {code})"))
        }
    }
}

/// A time stamp that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    /// When it was made.
    pub time: Time,
    /// By whom.
    pub certificate: Certificate,
    /// All certificates that came along.
    pub certificates: Vec<Certificate>,
}

/// Looks whether a token stamps these bytes. Whether its maker is trusted is another question.
///
/// # Errors
/// Why it does not.
pub(crate) fn check(token: &[u8], stamped: &[&[u8]]) -> Result<Stamp, Message> {
    let unreadable = || message!("时间戳读不懂", "the time stamp cannot be read");
    let signed = SignedData::parse(token)?;
    let content = signed.content.ok_or_else(unreadable)?;
    let (imprint, hash, time) = info(content).ok_or_else(unreadable)?;
    if imprint.is_weak() {
        let digest = imprint.name();
        return Err(message!("时间戳用了弱算法 {digest}", "the time stamp uses {digest}, which is weak"));
    }
    if imprint.of_all(stamped) != hash {
        return Err(message!("时间戳是盖在别的内容上的", "the time stamp is over something else"));
    }
    let certificate = signed.check(TST_INFO, &signed.digest.of_all(&[content]))?.clone();
    // RFC 3161, 2.3: for this alone, and critically so.
    let fit = certificate.is_only_for(ID_KP_TIME_STAMPING)
        && (certificate.allows(KeyUsages::DigitalSignature) || certificate.allows(KeyUsages::NonRepudiation));
    if !fit {
        let name = certificate.subject();
        return Err(message!(
            "{name} 的证书不是用于时间戳的",
            "the certificate of {name} is not for time stamps"
        ));
    }
    Ok(Stamp { time, certificate, certificates: signed.certificates.clone() })
}

/// `TSTInfo`: the hash that was stamped, and when.
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
