//! Who signed, and when: certification paths at times that are proved.
//!
//! A time stamp proves that what it covers existed at its time, for as long as its own certificate is valid; before that
//! one runs out, a later time stamp over the whole document proves it in turn (ETSI EN 319 102-1, 5.6). So the last is
//! validated at the time of the verification, and each earlier one at the time that the next proves.

use super::content::ContentReport;
use super::reason::SignatureReason;
use super::remark::Remark;
use super::signature::Subject;
use super::{
    Revocation, RevocationReport, SignatureKind, SignatureReport, Signer, SigningTime, TimeSource,
    TimeStampReport, Trust, VerifyOptions,
};
use crate::pki::certificate::Purpose;
use crate::pki::revocation::Evidence;
use crate::pki::status::CertificateStatus;
use crate::pki::{Certificate, CertificationPathError, Time, chain};
use crate::sign::ValidationData;

/// The validation data of a file, and what they prove.
type Data<'a> = (&'a ValidationData, &'a Evidence);

/// Proves the signers of signatures, from the last one that was made to the first.
pub(super) fn all(
    reports: &mut [SignatureReport],
    subjects: Vec<Option<Subject>>,
    data: Data,
    options: &VerifyOptions,
) {
    let mut latest_first: Vec<_> = reports.iter_mut().zip(subjects).collect();
    latest_first.sort_by_key(|(report, _)| std::cmp::Reverse(report.covers.map_or(0, |covers| covers.bytes)));
    let given = options.at.map(|time| SigningTime { time, source: TimeSource::Given });
    let clock = options.now.map(|time| SigningTime { time, source: TimeSource::Clock });
    // The earliest time at which what comes next is proved to have existed.
    let mut proved: Option<SigningTime> = None;
    for (report, subject) in latest_first {
        let Some(subject) = subject else { continue };
        let at = proved.or(given).or(clock);
        match subject.stamped {
            Some(time) => {
                // Nothing proves its time to one who names none; then it is validated at its own.
                let own = SigningTime { time, source: TimeSource::TimeStamp };
                let path = Path { subject: &subject, data, options };
                let shown = path.validate(
                    report,
                    &subject.certificate,
                    at.unwrap_or(SigningTime { source: TimeSource::Claimed, ..own }),
                    Purpose::TimeStamps,
                );
                in_time(report, time, given.or(clock));
                report.time = Some(own);
                report.valid_to = shown.valid_to;
                shown.enter(report);
                // That nobody was asked for is no reason against the time.
                if report.reasons.iter().all(|reason| *reason == SignatureReason::NoTrustAnchorsGiven) {
                    proved = Some(own);
                }
            }
            None => {
                if let Some(stamp) = &subject.stamp {
                    in_time(report, stamp.time, given.or(clock));
                }
                signer(report, &subject, at, data, options);
            }
        }
    }
}

/// A time stamp is not of the future; clocks differ by less than a day.
fn in_time(report: &mut SignatureReport, time: Time, verified: Option<SigningTime>) {
    const A_DAY: u64 = 24 * 60 * 60;
    if let Some(SigningTime { time: at, .. }) = verified.filter(|at| time.unix() > at.time.unix() + A_DAY) {
        report.fail(SignatureReason::TimeStampInFuture { time, at });
    }
}

/// Proves the signer of a signature: at the time of its time stamp, if it has one.
fn signer(
    report: &mut SignatureReport,
    subject: &Subject,
    at: Option<SigningTime>,
    data: Data,
    options: &VerifyOptions,
) {
    let path = Path { subject, data, options };
    let mut proved = at;
    if let Some(stamp) = &subject.stamp {
        let own = SigningTime { time: stamp.time, source: TimeSource::TimeStamp };
        let when = at.unwrap_or(SigningTime { source: TimeSource::Claimed, ..own });
        let shown = path.validate(report, &stamp.certificate, when, Purpose::TimeStamps);
        let by = Signer::of(&stamp.certificate);
        report.time_stamp = Some(TimeStampReport { time: stamp.time, by, chain: shown.trust });
        report.valid_to = shown.valid_to;
        proved = Some(own);
    }
    let claimed = report.claimed_time.map(|time| SigningTime { time, source: TimeSource::Claimed });
    report.time = proved.or(claimed);
    if proved.is_none() {
        report.fail(SignatureReason::TimeNotProved);
    }
    // Without any time the beginning of its own validity is as good as another: the verdict is there already.
    let valid_from = subject.certificate.validity().0;
    let time = report.time.unwrap_or(SigningTime { time: valid_from, source: TimeSource::Claimed });
    let shown = path.validate(report, &subject.certificate, time, subject.purpose);
    report.valid_to = report.valid_to.or(shown.valid_to);
    shown.enter(report);
    let stamped = proved.is_some_and(|time| time.source == TimeSource::TimeStamp);
    if options.require.time_stamp && !stamped {
        report.fail(SignatureReason::TimeStampMissing);
    }
    if options.require.revocation && report.revocation.status == Revocation::Unknown {
        report.fail(SignatureReason::RevocationStatusMissing);
    }
}

/// A certification path to be validated.
struct Path<'a> {
    subject: &'a Subject,
    data: Data<'a>,
    options: &'a VerifyOptions,
}

/// What the validation of a certification path shows.
struct Shown {
    trust: Trust,
    certificates: Vec<String>,
    revocation: RevocationReport,
    /// The end of the validity of the certificate of the path that runs out first.
    valid_to: Option<Time>,
}

impl Shown {
    fn enter(self, report: &mut SignatureReport) {
        report.chain = self.trust;
        report.certificates = self.certificates;
        report.revocation = self.revocation;
    }
}

impl Path<'_> {
    /// Validates the certification path of a certificate and its revocation status; reasons against it go into the
    /// report.
    fn validate(
        &self,
        report: &mut SignatureReport,
        certificate: &Certificate,
        at: SigningTime,
        purpose: Purpose,
    ) -> Shown {
        // The path of a time stamp is not the signer's.
        let of_stamp = purpose == Purpose::TimeStamps;
        let told = |error: CertificationPathError| match of_stamp {
            true => SignatureReason::TimeStampPath(error),
            false => SignatureReason::CertificationPath(error),
        };
        let of_stamp = self.subject.stamp.iter().flat_map(|stamp| &stamp.certificates);
        let candidates: Vec<Certificate> = self
            .subject
            .certificates
            .iter()
            .chain(of_stamp)
            .chain(&self.data.0.certificates)
            .cloned()
            .collect();
        let (trust, path) = match &self.options.roots {
            Some(roots) => match chain::build(certificate, &candidates, roots, at.time, purpose) {
                Ok(path) => (Trust::Trusted, path),
                Err(reason) => {
                    report.fail(told(reason));
                    (Trust::Untrusted, chain::known(certificate, &candidates))
                }
            },
            None => {
                report.fail(SignatureReason::NoTrustAnchorsGiven);
                if let Some(reason) = chain::invalidity(certificate, at.time) {
                    report.fail(told(reason));
                }
                let path = chain::known(certificate, &candidates);
                if let Some(other) = path[1..].iter().find(|issuer| !issuer.is_for(purpose)) {
                    report.fail(told(CertificationPathError::OtherPurpose { subject: other.subject() }));
                }
                (Trust::NotAsked, path)
            }
        };
        let valid_to = path.iter().map(|certificate| certificate.validity().1).min();
        let (mut status, mut as_of) = (Revocation::Good, None);
        // What an authority that is not trusted says of its own certificates proves nothing.
        let said: &[Certificate] = if trust == Trust::Untrusted { &[] } else { &path };
        for pair in said.windows(2) {
            match self.data.1.about(&pair[0], &pair[1], at.time) {
                None => {
                    if self.data.1.is_not_understood(&pair[0], &pair[1]) {
                        let subject = pair[0].subject();
                        report.fail(told(CertificationPathError::UnknownCriticalRevocationExtension {
                            subject,
                        }));
                    }
                    status = Revocation::Unknown;
                }
                Some(answer) => {
                    as_of =
                        Some(as_of.map_or(answer.this_update, |known: Time| known.min(answer.this_update)));
                    // Only a time stamp proves that a signature is older than the revocation.
                    let older = |when: Time| at.source == TimeSource::TimeStamp && when > at.time;
                    if let CertificateStatus::Revoked(when) = answer.status
                        && !older(when)
                    {
                        let subject = pair[0].subject();
                        report.fail(told(CertificationPathError::Revoked { subject, at: when }));
                        let revocation = RevocationReport { status: Revocation::Revoked, as_of };
                        return Shown { trust, certificates: subjects(&path), revocation, valid_to };
                    }
                }
            }
        }
        if self.data.1.is_exhausted() {
            report.fail(told(CertificationPathError::TooMuchRevocationData));
            status = Revocation::Unknown;
        }
        // A chain that ends before a root, or is a root alone, has no status.
        let ends_early = trust == Trust::Untrusted
            || path.last().is_none_or(|last| !last.is_self_issued()) && trust != Trust::Trusted;
        if path.len() < 2 || ends_early {
            status = Revocation::Unknown;
        }
        let as_of = as_of.filter(|_| status == Revocation::Good);
        let revocation = RevocationReport { status, as_of };
        Shown { trust, certificates: subjects(&path), revocation, valid_to }
    }
}

fn subjects(path: &[Certificate]) -> Vec<String> {
    path.iter().map(Certificate::subject).collect()
}

/// When what proves these signatures runs out: the last document time stamp, which proves all before it; and what was
/// signed after it.
pub(super) fn renew_by(reports: &[SignatureReport]) -> Option<Time> {
    let last = reports.iter().rposition(|report| report.kind == SignatureKind::TimeStamp);
    reports[last.unwrap_or(0).min(reports.len())..].iter().filter_map(|report| report.valid_to).min()
}

/// Remarks on what will not be proved one day, and on who signed.
pub(super) fn remark(reports: &mut [SignatureReport], content: Option<&ContentReport>) {
    // The last time stamp over the document is the one to renew.
    let last = reports.iter().rposition(|report| report.kind == SignatureKind::TimeStamp);
    for (place, report) in reports.iter_mut().enumerate() {
        let Some(signer) = report.signer.clone() else { continue };
        let later = last.is_some_and(|last| last > place);
        match report.kind {
            SignatureKind::TimeStamp if Some(place) == last => {
                let valid_to = report.valid_to.unwrap_or(signer.valid_to);
                report.remarks.push(Remark::TimeStampRunsOut { valid_to });
            }
            SignatureKind::TimeStamp => {}
            SignatureKind::Signature => {
                match &report.time_stamp {
                    _ if later => {}
                    Some(stamp) => {
                        let valid_to = report.valid_to.unwrap_or(stamp.by.valid_to);
                        report.remarks.push(Remark::TimeStampRunsOut { valid_to });
                    }
                    None => {
                        let valid_to = report.valid_to.unwrap_or(signer.valid_to);
                        report.remarks.push(Remark::NoTimeStamp { valid_to });
                    }
                }
                if report.revocation.status == Revocation::Unknown {
                    report.remarks.push(Remark::NoRevocationData);
                }
                if let Some(issuer) = content.filter(|content| !content.names(&signer.subject)) {
                    let issuer = issuer.issuer.join("、");
                    report.remarks.push(Remark::SignerIsNotIssuer { signer: signer.subject, issuer });
                }
            }
        }
    }
}
