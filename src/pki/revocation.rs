//! Whether a certificate was revoked, as far as lists (RFC 5280, 5) and answers (RFC 6960) at hand tell.

use der::oid::ObjectIdentifier;

use super::algorithm::Scheme;
use super::certificate::{Certificate, Usage, bits};
use super::ocsp;
use super::time::Time;
use super::tlv::{INTEGER, OCTET_STRING, SEQUENCE, Tlv, context};

const ISSUING_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

/// What an issuer says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It was not revoked.
    Good,
    /// It was, at this time.
    Revoked(Time),
}

/// What an issuer says, and of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub standing: Standing,
    pub this_update: Time,
    pub next_update: Option<Time>,
}

/// Lists and answers, in DER.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
}

impl Evidence {
    /// What is said of a certificate; the worst counts, then the newest. What ran out before `at` says nothing of it.
    pub fn about(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Option<Answer> {
        let lists = self.crls.iter().filter_map(|list| read_crl(list, certificate, issuer));
        let answers = self.ocsps.iter().filter_map(|answer| ocsp::read(answer, certificate, issuer, at));
        let usable = |answer: &Answer| {
            matches!(answer.standing, Standing::Revoked(_))
                || answer.next_update.is_none_or(|next| next >= at)
        };
        let rank = |answer: &Answer| (matches!(answer.standing, Standing::Revoked(_)), answer.this_update);
        lists.chain(answers).filter(usable).max_by_key(rank)
    }
}

/// What a list says of a certificate; none if it is not its issuer's, or not for certificates such as this one.
fn read_crl(list: &[u8], certificate: &Certificate, issuer: &Certificate) -> Option<Answer> {
    let parts = Tlv::parse(list)?.children_of(SEQUENCE)?;
    let [tbs, algorithm, signature] = parts.as_slice() else { return None };
    let mut fields = tbs.children_of(SEQUENCE)?.into_iter().peekable();
    fields.next_if(|field| field.tag == INTEGER);
    if fields.next()?.raw != algorithm.raw || fields.next()?.raw != certificate.issuer {
        return None;
    }
    let time = |value: Tlv| Time::parse_der(value.tag, value.content);
    let this_update = time(fields.next()?)?;
    let next_update = match fields.next_if(|field| matches!(field.tag, 0x17 | 0x18)) {
        Some(next) => Some(time(next)?),
        None => None,
    };
    let revoked = fields.next_if(|field| field.tag == SEQUENCE);
    if let Some(extensions) = fields.next_if(|field| field.tag == context(0)) {
        applies(&Tlv::parse(extensions.content)?, certificate)?;
    }
    let scheme = Scheme::parse(algorithm, None).filter(|scheme| !scheme.digest.is_weak())?;
    let key = issuer.public_key().filter(|key| !key.is_weak() && issuer.allows(Usage::CrlSigning))?;
    if !certificate.names(issuer) || !key.verifies(scheme, tbs.raw, bits(signature)?) {
        return None;
    }
    let mut standing = Standing::Good;
    for entry in revoked.map(|all| all.children()).unwrap_or(Some(Vec::new()))? {
        let parts = entry.children_of(SEQUENCE)?;
        let [serial, time, ..] = parts.as_slice() else { return None };
        if serial.content == certificate.serial {
            standing = Standing::Revoked(Time::parse_der(time.tag, time.content)?);
        }
    }
    Some(Answer { standing, this_update, next_update })
}

/// Some if a list is for this certificate. Of the conditions only the issuing point is understood, if it names one of
/// the certificate's own addresses: RFC 5280, 5.2.5.
fn applies(extensions: &Tlv, certificate: &Certificate) -> Option<()> {
    for extension in extensions.children_of(SEQUENCE)? {
        let parts = extension.children_of(SEQUENCE)?;
        let critical = parts.len() == 3 && parts[1].content != [0];
        if !critical {
            continue;
        }
        if parts[0].oid()? != ISSUING_POINT {
            return None;
        }
        let value = Tlv::parse(parts[2].is(OCTET_STRING)?.content)?;
        let fields = value.children_of(SEQUENCE)?;
        let [point] = fields.as_slice() else { return None };
        point.is(context(0))?;
        let own = certificate.crl_urls();
        let named =
            |address: &String| point.raw.windows(address.len()).any(|window| window == address.as_bytes());
        own.iter().any(named).then_some(())?;
    }
    Some(())
}
