//! From a certificate to one that is trusted: RFC 5280, 6, without policies and name constraints.
//!
//! A critical extension that is not understood ends a chain, so what is left out here is refused, never overlooked.

use super::certificate::Certificate;
use super::time::Time;
use crate::diagnostic::Message;
use crate::message;

/// The longest chain.
const MAX_LENGTH: usize = 10;
/// The most signatures looked at for one chain: many certificates of one name must not take for ever.
const MAX_TRIALS: usize = 100;

/// From a certificate, which comes first, to a trusted one, which comes last.
///
/// # Errors
/// Why there is no such chain, as far as it went.
pub(crate) fn build(
    leaf: &Certificate,
    others: &[Certificate],
    roots: &[Certificate],
    at: Time,
) -> Result<Vec<Certificate>, Message> {
    let mut search = Search { others, roots, at, trials: 0, reason: None };
    let mut chain = vec![leaf.clone()];
    if search.extend(&mut chain) {
        return Ok(chain);
    }
    let issuer = leaf.issuer();
    Err(search.reason.unwrap_or_else(|| {
        message!(
            "没有通到所给根证书的证书链（颁发者 {issuer}）",
            "no chain leads to one of the given roots (issuer {issuer})"
        )
    }))
}

/// The certificates that lead up from one, as far as they are known: no trust is asked.
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
    trials: usize,
    /// Why the chain that went furthest ended.
    reason: Option<Message>,
}

impl Search<'_> {
    fn extend(&mut self, chain: &mut Vec<Certificate>) -> bool {
        let last = chain[chain.len() - 1].clone();
        if let Some(reason) = unsound(&last, self.at) {
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
            // Between the issuer and the first stand all but the first.
            if !issuer.may_issue(chain.len() - 1) {
                let name = issuer.subject();
                self.reason = Some(message!(
                    "{name} 的证书不能颁发证书",
                    "the certificate of {name} may not issue others"
                ));
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

/// What keeps a certificate from being relied on at this time.
pub(crate) fn unsound(certificate: &Certificate, at: Time) -> Option<Message> {
    let name = certificate.subject();
    let (from, to) = certificate.validity();
    if at < from {
        return Some(message!(
            "{name} 的证书 {from} 才生效（时间按 {at}）",
            "the certificate of {name} is valid only from {from} (at {at})"
        ));
    }
    if at > to {
        return Some(message!(
            "{name} 的证书已于 {to} 过期（时间按 {at}）",
            "the certificate of {name} expired on {to} (at {at})"
        ));
    }
    if certificate.has_unknown_critical_extension() {
        return Some(message!(
            "{name} 的证书有不认识的关键扩展",
            "the certificate of {name} has a critical extension that is not understood"
        ));
    }
    weakness(certificate)
}

/// What makes a certificate weak. How a root signed itself does not matter.
pub(crate) fn weakness(certificate: &Certificate) -> Option<Message> {
    let name = certificate.subject();
    match certificate.public_key() {
        None => {
            return Some(message!(
                "{name} 的证书的密钥种类不支持",
                "the key of {name} is of an unknown kind"
            ));
        }
        Some(key) if key.is_weak() => {
            let key = key.name();
            return Some(message!("{name} 的密钥太弱：{key}", "the key of {name} is weak: {key}"));
        }
        Some(_) => {}
    }
    match certificate.scheme() {
        _ if certificate.is_self_issued() && certificate.signed(certificate) => None,
        None => Some(message!(
            "{name} 的证书的签名算法不支持",
            "the certificate of {name} is signed in an unknown way"
        )),
        Some(scheme) if scheme.digest.is_weak() => {
            let digest = scheme.digest.name();
            Some(message!(
                "{name} 的证书用了弱算法 {digest}",
                "the certificate of {name} is signed with {digest}, which is weak"
            ))
        }
        Some(_) => None,
    }
}
