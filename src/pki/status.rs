//! The status of a certificate, as a revocation list or an OCSP response has it.

use std::cmp::Reverse;

use super::Certificate;
use super::Time;

/// A day in seconds.
const DAY: u64 = 24 * 3600;

/// The status of a certificate: `CertStatus` of RFC 6960, 4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateStatus {
    /// It is not revoked.
    Good,
    /// It was revoked, at this time.
    Revoked(Time),
}

/// The status of a certificate by one list or response, with the time that it is of and that of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: CertificateStatus,
    pub this_update: Time,
    pub next_update: Option<Time>,
}

/// What a list or response of the issuer's states of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    Status(Answer),
    /// It has a critical extension that is not evaluated.
    NotUnderstood,
}

impl Statement {
    pub(super) fn understood(self) -> Option<Answer> {
        match self {
            Statement::Status(answer) => Some(answer),
            Statement::NotUnderstood => None,
        }
    }
}

impl Answer {
    /// Whether it is current at this time, so that a certificate is good. After the certificate expired, issuers drop
    /// it from their lists: RFC 5280, 3.3. Without a next update, newer information is available at any time: RFC 6960,
    /// 4.2.2.1.
    pub(super) fn is_current(&self, certificate: &Certificate, at: Time) -> bool {
        let until = self.next_update.map_or(self.this_update.unix() + DAY, Time::unix);
        at.unix() <= until && self.this_update <= certificate.validity().1
    }

    /// The worst is the highest: the earliest revocation; where there is none, the newest.
    pub(super) fn rank(&self) -> (bool, Reverse<Option<Time>>, Time) {
        match self.status {
            CertificateStatus::Revoked(when) => (true, Reverse(Some(when)), self.this_update),
            CertificateStatus::Good => (false, Reverse(None), self.this_update),
        }
    }
}
