//! Answers whether a certificate was revoked: RFC 6960.

use der::oid::ObjectIdentifier;

use super::algorithm::{Digest, Scheme};
use super::certificate::{Certificate, bits};
use super::revocation::{Answer, Standing};
use super::time::Time;
use super::tlv::{GENERALIZED_TIME, INTEGER, NULL, OCTET_STRING, SEQUENCE, Tlv, context, oid, sequence, tlv};

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
/// The purpose of a key that answers in the name of its issuer.
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");

/// A question about a certificate. SHA-1 only names the issuer here; answerers know no other hash for sure.
pub(crate) fn request(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let key = key_bits(issuer)?;
    let id = sequence(&[
        sequence(&[oid(Digest::Sha1.oid()), tlv(NULL, &[])]),
        tlv(OCTET_STRING, &Digest::Sha1.of_all(&[&certificate.issuer])),
        tlv(OCTET_STRING, &Digest::Sha1.of_all(&[key])),
        tlv(INTEGER, &certificate.serial),
    ]);
    Some(sequence(&[sequence(&[sequence(&[sequence(&[id])])])]))
}

/// What an answer says of a certificate; none if it says nothing of it, or is not its issuer's.
pub(crate) fn read(
    answer: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    at: Time,
) -> Option<Answer> {
    let parts = Tlv::parse(answer)?.children_of(SEQUENCE)?;
    // Successful: RFC 6960, 4.2.1.
    if parts.first()?.content != [0] {
        return None;
    }
    let inside = Tlv::parse(parts.get(1)?.is(context(0))?.content)?.children_of(SEQUENCE)?;
    if inside.first()?.oid()? != BASIC {
        return None;
    }
    let basic = Tlv::parse(inside.get(1)?.is(OCTET_STRING)?.content)?.children_of(SEQUENCE)?;
    let [data, algorithm, signature, ..] = basic.as_slice() else { return None };
    let scheme = Scheme::parse(algorithm, None).filter(|scheme| !scheme.digest.is_weak())?;
    let signature = bits(signature)?;
    let signs = |by: &Certificate| {
        by.public_key().is_some_and(|key| !key.is_weak() && key.verifies(scheme, data.raw, signature))
    };
    if !signs(issuer) {
        let others = basic.get(3).and_then(|explicit| Tlv::parse(explicit.content));
        let others = others.and_then(|set| set.children_of(SEQUENCE)).unwrap_or_default();
        let mut others = others.iter().take(10).filter_map(|other| Certificate::from_der(other.raw));
        others.find(|other| {
            let (from, to) = other.validity();
            other.names(issuer)
                && other.has_purpose(OCSP_SIGNING)
                && issuer.signed(other)
                && (from..=to).contains(&at)
                && signs(other)
        })?;
    }
    let responses = data.children_of(SEQUENCE)?.into_iter().find(|part| {
        part.tag == SEQUENCE && {
            let first = part.children().and_then(|all| all.first().copied());
            first.is_some_and(|first| first.tag == SEQUENCE)
        }
    })?;
    let single = |response: &Tlv| -> Option<Answer> {
        let parts = response.children_of(SEQUENCE)?;
        let [id, status, this, ..] = parts.as_slice() else { return None };
        if !is_about(id, certificate, issuer)? {
            return None;
        }
        let this_update = Time::parse_der(GENERALIZED_TIME, this.is(GENERALIZED_TIME)?.content)?;
        let next =
            parts.get(3).filter(|next| next.tag == context(0)).and_then(|next| Tlv::parse(next.content));
        let next_update = next.and_then(|next| Time::parse_der(next.tag, next.content));
        let standing = match status.tag {
            0x80 => Standing::Good,
            0xa1 => {
                let time = status.children()?.first().copied()?;
                Standing::Revoked(Time::parse_der(time.tag, time.content)?)
            }
            _ => return None,
        };
        Some(Answer { standing, this_update, next_update })
    };
    responses.children()?.iter().find_map(single)
}

/// Whether an answer is about this certificate.
fn is_about(id: &Tlv, certificate: &Certificate, issuer: &Certificate) -> Option<bool> {
    let parts = id.children_of(SEQUENCE)?;
    let [digest, name, key, serial] = parts.as_slice() else { return None };
    let digest = Digest::of(digest)?;
    Some(
        name.content == digest.of_all(&[&certificate.issuer])
            && key.content == digest.of_all(&[key_bits(issuer)?])
            && serial.content == certificate.serial,
    )
}

/// The bits of a certificate's key, without what says of which kind it is.
fn key_bits(certificate: &Certificate) -> Option<&[u8]> {
    bits(Tlv::parse(&certificate.key_info)?.children_of(SEQUENCE)?.get(1)?)
}
