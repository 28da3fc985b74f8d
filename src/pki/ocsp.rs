//! OCSP, the online certificate status protocol: RFC 6960. The library opens no connection; it writes requests and
//! reads responses.

use x509_cert::der::oid::db::rfc5280::ID_KP_OCSP_SIGNING;
use x509_cert::der::oid::db::rfc6960::ID_PKIX_OCSP_BASIC;

use super::algorithm::{Digest, Scheme};
use super::certificate::{Certificate, bits, has_unknown_critical};
use super::chain;
use super::status::{Answer, CertificateStatus, Statement};
use super::time::Time;
use super::tlv::{GENERALIZED_TIME, INTEGER, NULL, OCTET_STRING, SEQUENCE, Tlv, context, oid, sequence, tlv};

/// The most certificates of a response that are evaluated.
const MAX_OTHERS: usize = 4;

/// An OCSP request about a certificate. SHA-1 only names the issuer here; it is the one digest that every responder
/// knows.
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

/// An OCSP response about a certificate; its signature is not verified yet.
pub(crate) struct Response<'a> {
    data: Tlv<'a>,
    scheme: Scheme,
    signature: &'a [u8],
    /// The certificates of delegated responders.
    others: Option<Tlv<'a>>,
    produced: Time,
    statement: Statement,
}

impl<'a> Response<'a> {
    /// Reads a response; none if it is not about the certificate.
    pub fn read(answer: &'a [u8], certificate: &Certificate, issuer: &Certificate) -> Option<Response<'a>> {
        let parts = Tlv::parse(answer)?.children_of(SEQUENCE)?;
        // Successful: RFC 6960, 4.2.1.
        if parts.first()?.content != [0] {
            return None;
        }
        let inside = Tlv::parse(parts.get(1)?.is(context(0))?.content)?.children_of(SEQUENCE)?;
        if inside.first()?.oid()? != ID_PKIX_OCSP_BASIC {
            return None;
        }
        let basic = Tlv::parse(inside.get(1)?.is(OCTET_STRING)?.content)?.children_of(SEQUENCE)?;
        let [data, algorithm, signature, ..] = basic.as_slice() else { return None };
        let scheme = Scheme::parse(algorithm, None).filter(|scheme| !scheme.digest.is_weak())?;
        let others = basic.get(3).and_then(|explicit| Tlv::parse(explicit.content));
        let fields = data.children_of(SEQUENCE)?;
        let produced = fields.iter().find(|field| field.tag == GENERALIZED_TIME)?;
        let place = fields.iter().position(|part| {
            part.tag == SEQUENCE && part.values().next().flatten().is_some_and(|first| first.tag == SEQUENCE)
        })?;
        let all = fields[place].children()?;
        let about: Vec<Statement> = all.iter().filter_map(|one| single(one, certificate, issuer)).collect();
        // A responder that is named has the same tag as extensions, which come last.
        let of_all = fields[place..].iter().find(|field| field.tag == context(1));
        let of_all = of_all.is_some_and(|explicit| is_not_understood(explicit) != Some(false));
        // The worst counts here, too.
        let worst = about.iter().copied().filter_map(Statement::understood).max_by_key(Answer::rank);
        let statement = match worst {
            _ if of_all || about.contains(&Statement::NotUnderstood) => Statement::NotUnderstood,
            worst => Statement::Status(worst?),
        };
        Some(Response {
            data: *data,
            scheme,
            signature: bits(signature)?,
            others,
            produced: Time::parse_der(GENERALIZED_TIME, produced.content)?,
            statement,
        })
    }

    /// What this response states; none if it is signed neither by the issuer nor by a responder to whom the issuer
    /// delegated: RFC 6960, 4.2.2.2.
    /// `may` is asked before each signature is verified.
    pub fn about(&self, issuer: &Certificate, may: impl Fn() -> bool) -> Option<Statement> {
        let signs = |by: &Certificate| {
            let key = by.public_key().filter(|_| may());
            key.is_some_and(|key| !key.is_weak() && key.verifies(self.scheme, self.data.raw, self.signature))
        };
        if !signs(issuer) {
            let others = self.others.and_then(|set| set.children_of(SEQUENCE)).unwrap_or_default();
            let mut others =
                others.iter().take(MAX_OTHERS).filter_map(|other| Certificate::from_der(other.raw));
            others.find(|other| {
                // Its certificate must be valid when the response was produced, which may be long after the time asked for.
                other.names(issuer)
                    && other.has_purpose(ID_KP_OCSP_SIGNING)
                    && chain::invalidity(other, self.produced).is_none()
                    && issuer.signed(other)
                    && signs(other)
            })?;
        }
        Some(self.statement)
    }
}

/// What a single response states; none if it is about another certificate.
fn single(response: &Tlv, certificate: &Certificate, issuer: &Certificate) -> Option<Statement> {
    let parts = response.children_of(SEQUENCE)?;
    let [id, status, this, ..] = parts.as_slice() else { return None };
    if !is_about(id, certificate, issuer)? {
        return None;
    }
    let extensions = parts.get(3..)?.iter().find(|part| part.tag == context(1));
    if extensions.is_some_and(|explicit| is_not_understood(explicit) != Some(false)) {
        return Some(Statement::NotUnderstood);
    }
    let this_update = Time::parse_der(GENERALIZED_TIME, this.is(GENERALIZED_TIME)?.content)?;
    let next_update = match parts.get(3).filter(|next| next.tag == context(0)) {
        Some(next) => {
            let next = Tlv::parse(next.content)?;
            Some(Time::parse_der(next.tag, next.content)?)
        }
        None => None,
    };
    let status = match status.tag {
        0x80 => CertificateStatus::Good,
        0xa1 => {
            let time = status.children()?.first().copied()?;
            CertificateStatus::Revoked(Time::parse_der(time.tag, time.content)?)
        }
        _ => return None,
    };
    Some(Statement::Status(Answer { status, this_update, next_update }))
}

/// Whether one of these extensions (RFC 6960, 4.4) is critical. None of them is evaluated: none is to be critical by the
/// standard, and a nonce belongs to a question that nobody kept.
fn is_not_understood(explicit: &Tlv) -> Option<bool> {
    has_unknown_critical(&Tlv::parse(explicit.content)?, &[])
}

/// Whether a single response is about this certificate.
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

/// The bits of a certificate's key, without its algorithm.
fn key_bits(certificate: &Certificate) -> Option<&[u8]> {
    bits(Tlv::parse(&certificate.key_info)?.children_of(SEQUENCE)?.get(1)?)
}
