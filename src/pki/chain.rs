//! Certification paths: RFC 5280, 6, without policies and name constraints. Here they are called chains.
//!
//! A critical extension that is not evaluated ends a chain, so what is left out here is refused, never overlooked.

use super::certificate::{Certificate, Purpose};
use super::reason::CertificationPathError;
use super::time::Time;

/// The longest chain.
const MAX_LENGTH: usize = 10;
/// The most signatures verified for one chain: many certificates of one name must not take for ever.
const MAX_TRIALS: usize = 100;

/// The certification path from a certificate, which comes first, to a trust anchor, which comes last.
///
/// # Errors
/// The reason that ended the last chain, if none reaches a trust anchor.
pub(crate) fn build(
    leaf: &Certificate,
    others: &[Certificate],
    roots: &[Certificate],
    at: Time,
    purpose: Purpose,
) -> Result<Vec<Certificate>, CertificationPathError> {
    let mut search = Search { others, roots, at, purpose, trials: 0, reason: None };
    let mut chain = vec![leaf.clone()];
    if search.extend(&mut chain) {
        return Ok(chain);
    }
    let issuer = leaf.issuer();
    Err(search.reason.unwrap_or(CertificationPathError::NoTrustAnchor { issuer }))
}

/// The chain of issuers above a certificate, as far as they are known; trust is not evaluated.
pub(crate) fn known(leaf: &Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let (mut chain, mut trials) = (vec![leaf.clone()], 0);
    while let Some(last) = chain.last().filter(|last| !last.is_self_issued() && chain.len() < MAX_LENGTH) {
        let mut named = others.iter().filter(|other| last.names(other));
        let next = named.find(|other| {
            trials += 1;
            trials <= MAX_TRIALS && other.signed(last)
        });
        match next.filter(|next| !chain.contains(next)).cloned() {
            Some(next) => chain.push(next),
            None => break,
        }
    }
    chain
}

struct Search<'a> {
    others: &'a [Certificate],
    roots: &'a [Certificate],
    at: Time,
    purpose: Purpose,
    trials: usize,
    /// The reason that ended the last chain.
    reason: Option<CertificationPathError>,
}

impl Search<'_> {
    fn extend(&mut self, chain: &mut Vec<Certificate>) -> bool {
        let last = chain[chain.len() - 1].clone();
        if let Some(reason) = invalidity(&last, self.at) {
            self.reason = Some(reason);
            return false;
        }
        if self.roots.contains(&last) {
            return true;
        }
        if chain.len() >= MAX_LENGTH {
            return false;
        }
        let (others, roots) = (self.others, self.roots);
        for issuer in roots.iter().chain(others).filter(|issuer| last.names(issuer)) {
            self.trials += 1;
            if self.trials > MAX_TRIALS || chain.contains(issuer) {
                continue;
            }
            // Between the issuer and the first are all but the first.
            if !issuer.may_issue(chain.len() - 1) {
                self.reason = Some(CertificationPathError::NotAnAuthority { subject: issuer.subject() });
                continue;
            }
            if !issuer.is_for(self.purpose) {
                self.reason = Some(CertificationPathError::OtherPurpose { subject: issuer.subject() });
                continue;
            }
            if !issuer.signed(&last) {
                continue;
            }
            chain.push(issuer.clone());
            if self.extend(chain) {
                return true;
            }
            chain.pop();
        }
        false
    }
}

/// Why a certificate, by itself, is not valid at this time.
pub(crate) fn invalidity(certificate: &Certificate, at: Time) -> Option<CertificationPathError> {
    let unknown = || {
        let subject = certificate.subject();
        let unknown = certificate.has_unknown_critical_extension();
        unknown.then_some(CertificationPathError::UnknownCriticalExtension { subject })
    };
    outside_validity(certificate, at).or_else(unknown).or_else(|| weakness(certificate))
}

/// Why a time is not within the validity of a certificate: RFC 5280, 4.1.2.5.
pub(crate) fn outside_validity(certificate: &Certificate, at: Time) -> Option<CertificationPathError> {
    let subject = certificate.subject();
    let (from, to) = certificate.validity();
    if at < from {
        Some(CertificationPathError::NotYetValid { subject, from, at })
    } else if at > to {
        Some(CertificationPathError::Expired { subject, to, at })
    } else {
        None
    }
}

/// Why the key or the signature of a certificate is weak, or cannot be evaluated. How a root signed itself does not
/// matter.
pub(crate) fn weakness(certificate: &Certificate) -> Option<CertificationPathError> {
    let subject = certificate.subject();
    match certificate.public_key() {
        None => return Some(CertificationPathError::UnknownSubjectKey { subject }),
        Some(key) if key.is_weak() => {
            return Some(CertificationPathError::WeakKey { subject, key: key.name() });
        }
        Some(_) => {}
    }
    match certificate.scheme() {
        _ if certificate.is_self_issued() && certificate.signed(certificate) => None,
        None => Some(CertificationPathError::UnknownCertificateAlgorithm { subject }),
        Some(scheme) if scheme.digest.is_weak() => {
            Some(CertificationPathError::WeakCertificateDigest { subject, digest: scheme.digest.name() })
        }
        Some(_) => None,
    }
}
