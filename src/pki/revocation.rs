//! Revocation status of certificates, by revocation lists (RFC 5280, 5) and OCSP responses (RFC 6960).
//!
//! A list or response counts only if it is its issuer's and current: what does not count is no evidence of anything.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use der::oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, Encode};
use x509_cert::der::oid::db::rfc5280::{ID_CE_INVALIDITY_DATE, ID_CE_ISSUING_DISTRIBUTION_POINT};
use x509_cert::ext::pkix::name::DistributionPointName;
use x509_cert::ext::pkix::{BaseCrlNumber, CrlReason, IssuingDistributionPoint, KeyUsages};

use super::algorithm::{Digest, Scheme};
use super::certificate::{Certificate, bits, has_unknown_critical, read_extensions, url};
use super::ocsp;
use super::status::{Answer, CertificateStatus, Statement};
use super::time::Time;
use super::tlv::{INTEGER, SEQUENCE, Tlv, context};

/// The most signatures of lists and responses that are verified for one file. None is left out: where there are more,
/// the status is not known.
const MAX_TRIALS: usize = 4000;

/// Revocation lists and OCSP responses, in DER.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub crls: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
    /// The signatures that were verified so far.
    trials: Cell<usize>,
    /// Whether the key of a certificate, by its hash, signed the list of this place.
    signed: RefCell<HashMap<(usize, Vec<u8>), bool>>,
}

impl Evidence {
    /// Evidence of these lists and responses.
    pub fn new(crls: Vec<Vec<u8>>, ocsps: Vec<Vec<u8>>) -> Evidence {
        Evidence { crls, ocsps, ..Evidence::default() }
    }

    /// Whether there was more evidence than is evaluated, so that a revocation may have been missed.
    pub fn is_exhausted(&self) -> bool {
        self.trials.get() > MAX_TRIALS
    }

    /// The status of a certificate; the worst counts, then the newest. What is not current at `at` does not count, unless
    /// it is a revocation. Every list and response is tried that its issuer's key might have signed: anybody can write
    /// lists of an issuer's name.
    pub fn about(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Option<Answer> {
        let usable = |answer: &Answer| {
            matches!(answer.status, CertificateStatus::Revoked(_)) || answer.is_current(certificate, at)
        };
        let understood = self.statements(certificate, issuer).filter_map(Statement::understood);
        understood.filter(usable).max_by_key(Answer::rank)
    }

    /// Whether the issuer made a statement about a certificate that has a critical extension which is not evaluated: it
    /// must not be used, RFC 5280, 5.2 and 5.3.
    pub fn is_not_understood(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.statements(certificate, issuer).any(|statement| statement == Statement::NotUnderstood)
    }

    /// What the issuer's lists and responses state of a certificate.
    fn statements(&self, certificate: &Certificate, issuer: &Certificate) -> impl Iterator<Item = Statement> {
        let lists = self.crls.iter().enumerate().filter_map(move |(place, list)| {
            let list = List::read(list, certificate)?;
            self.is_signed(place, &list, issuer).then(|| list.about(certificate))?
        });
        let answers =
            self.ocsps.iter().filter_map(|answer| ocsp::Response::read(answer, certificate, issuer));
        lists.chain(answers.filter_map(|answer| answer.about(issuer, || self.try_once())))
    }

    /// Counts a signature that is to be verified; whether it may be.
    fn try_once(&self) -> bool {
        self.trials.set(self.trials.get() + 1);
        !self.is_exhausted()
    }

    /// Whether a list is signed by its issuer; each is verified once for each key.
    fn is_signed(&self, place: usize, list: &List, issuer: &Certificate) -> bool {
        let key = (place, Digest::Sha256.of_all(&[issuer.der()]));
        if let Some(&known) = self.signed.borrow().get(&key) {
            return known;
        }
        let signed = self.try_once() && list.is_signed_by(issuer);
        self.signed.borrow_mut().insert(key, signed);
        signed
    }
}

/// A revocation list that names the issuer of a certificate, and is for such certificates; its signature is not verified
/// yet.
struct List<'a> {
    tbs: Tlv<'a>,
    issuer: &'a [u8],
    scheme: Scheme,
    signature: &'a [u8],
    this_update: Time,
    next_update: Option<Time>,
    revoked: Option<Tlv<'a>>,
    /// What it says of the certificate; extensions of its entries are not counted.
    scope: Scope,
}

impl<'a> List<'a> {
    fn read(list: &'a [u8], certificate: &Certificate) -> Option<List<'a>> {
        let parts = Tlv::parse(list)?.children_of(SEQUENCE)?;
        let [tbs, algorithm, signature] = parts.as_slice() else { return None };
        let mut fields = tbs.children_of(SEQUENCE)?.into_iter().peekable();
        fields.next_if(|field| field.tag == INTEGER);
        if fields.next()?.raw != algorithm.raw {
            return None;
        }
        let issuer = fields.next()?.raw;
        if issuer != certificate.issuer {
            return None;
        }
        let time = |value: Tlv| Time::parse_der(value.tag, value.content);
        let this_update = time(fields.next()?)?;
        let next_update = match fields.next_if(|field| matches!(field.tag, 0x17 | 0x18)) {
            Some(next) => Some(time(next)?),
            None => None,
        };
        let revoked = fields.next_if(|field| field.tag == SEQUENCE);
        let scope = match fields.next_if(|field| field.tag == context(0)) {
            Some(extensions) => applies(&Tlv::parse(extensions.content)?, certificate)?,
            None => Scope::Covered,
        };
        let scheme = Scheme::parse(algorithm, None).filter(|scheme| !scheme.digest.is_weak())?;
        let (tbs, signature) = (*tbs, bits(signature)?);
        Some(List { tbs, issuer, scheme, signature, this_update, next_update, revoked, scope })
    }

    /// Whether the list is signed by this issuer.
    fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let key = issuer.public_key().filter(|key| !key.is_weak() && issuer.allows(KeyUsages::CRLSign));
        self.issuer == issuer.subject
            && key.is_some_and(|key| key.verifies(self.scheme, self.tbs.raw, self.signature))
    }

    /// What this list states of a certificate.
    fn about(&self, certificate: &Certificate) -> Option<Statement> {
        let mut status = CertificateStatus::Good;
        let mut is_not_understood = self.scope == Scope::NotUnderstood;
        for entry in self.revoked.iter().flat_map(Tlv::values) {
            let mut parts = entry?.is(SEQUENCE)?.values();
            let (serial, time) = (parts.next()??, parts.next()??);
            // One that cannot be evaluated may change what the others mean.
            let (unknown, is_removed) = match parts.next() {
                Some(extensions) => {
                    let extensions = extensions?;
                    (has_unknown_critical(&extensions, &ENTRY_EXTENSIONS)?, is_removed(&extensions)?)
                }
                None => (false, false),
            };
            is_not_understood |= unknown;
            // In a list that is whole there is nothing to take back.
            let is_removed = is_removed && self.scope == Scope::Part;
            if serial.content == certificate.serial && !is_removed {
                let when = Time::parse_der(time.tag, time.content)?;
                // Of two entries the first revocation counts.
                status = match status {
                    CertificateStatus::Revoked(earlier) => CertificateStatus::Revoked(earlier.min(when)),
                    CertificateStatus::Good => CertificateStatus::Revoked(when),
                };
            }
        }
        if is_not_understood {
            return Some(Statement::NotUnderstood);
        }
        if self.scope == Scope::Part && status == CertificateStatus::Good {
            return None;
        }
        let (this_update, next_update) = (self.this_update, self.next_update);
        Some(Statement::Status(Answer { status, this_update, next_update }))
    }
}

/// Extensions of entries that change nothing here: why a certificate was revoked, and since when its key was doubtful.
const ENTRY_EXTENSIONS: [ObjectIdentifier; 2] = [CrlReason::OID, ID_CE_INVALIDITY_DATE];

/// Whether an entry takes back a revocation, as lists of changes do: RFC 5280, 5.3.1.
fn is_removed(extensions: &Tlv) -> Option<bool> {
    let reasons = read_extensions(extensions)?;
    let mut reasons = reasons.iter().filter(|extension| extension.extn_id == CrlReason::OID);
    Some(
        reasons
            .any(|reason| CrlReason::from_der(reason.extn_value.as_bytes()) == Ok(CrlReason::RemoveFromCRL)),
    )
}

/// What a list says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Whether it is revoked.
    Covered,
    /// That it is revoked, if it is: a list of changes, or of some reasons.
    Part,
    /// What cannot be evaluated.
    NotUnderstood,
}

/// Some if a list is for this certificate: RFC 5280, 5.2. What a list is not for is evaluated even where the extension
/// is not marked as critical.
fn applies(extensions: &Tlv, certificate: &Certificate) -> Option<Scope> {
    let mut scope = Scope::Covered;
    for extension in read_extensions(extensions)? {
        match extension.extn_id {
            // The type's own identifier is another's in x509-cert 0.3.0.
            ID_CE_ISSUING_DISTRIBUTION_POINT => {
                let value = extension.extn_value.as_bytes();
                // Encoded again it must be the same: DER has no explicit defaults.
                let point = IssuingDistributionPoint::from_der(value).ok();
                let point = point.filter(|point| point.to_der().is_ok_and(|again| again == value))?;
                is_for(&point, certificate).then_some(())?;
                if point.only_some_reasons.is_some() {
                    scope = scope.max(Scope::Part);
                }
            }
            // A list of changes since another.
            BaseCrlNumber::OID => scope = scope.max(Scope::Part),
            _ if extension.critical => scope = Scope::NotUnderstood,
            _ => {}
        }
    }
    Some(scope)
}

/// Whether a list's issuing distribution point (RFC 5280, 5.2.5) covers this certificate: one of its own addresses is
/// named, and it is of the kind that the list is for. Lists of other issuers' certificates are not read.
fn is_for(point: &IssuingDistributionPoint, certificate: &Certificate) -> bool {
    let named = match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => {
            let own = certificate.crl_urls();
            names.iter().filter_map(url).any(|name| own.iter().any(|own| own == name))
        }
        Some(DistributionPointName::NameRelativeToCRLIssuer(_)) => false,
        None => true,
    };
    let other_kind = if certificate.is_authority() {
        point.only_contains_user_certs
    } else {
        point.only_contains_ca_certs
    };
    named && !other_kind && !point.indirect_crl && !point.only_contains_attribute_certs
}
