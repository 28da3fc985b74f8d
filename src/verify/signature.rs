//! Verification of one signature: the bytes that it covers, its signer, and the changes after it.

use std::collections::BTreeMap;

use x509_cert::ext::pkix::KeyUsages;

use super::bytes::Walked;
use super::changes;
use super::reason::SignatureReason;
use super::{
    ChangeKind, Coverage, Revocation, RevocationReport, SignatureKind, SignatureReport, Signer, SigningTime,
    TimeSource, TimeStampReport, Trust, VerifyOptions,
};
use crate::pki::certificate::Purpose;
use crate::pki::cms::{self, SignedData};
use crate::pki::revocation::Evidence;
use crate::pki::status::CertificateStatus;
use crate::pki::{Certificate, CertificationPathError, Time, chain, timestamp};
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::strict;
use crate::read::pdf::syntax::{Allowance, Budget, Object, Reader};
use crate::sign::ValidationData;
use crate::sign::fields::{self, Field, number};
use crate::sign::value::Value;

/// The validation data of a file, and what they prove.
type Data<'a> = (&'a ValidationData, &'a Evidence);

/// Verifies the signature of a field.
pub(super) fn verify<'a>(
    pdf: &'a [u8],
    file: &mut File,
    field: &Field,
    data: Data,
    readings: &mut Readings<'a>,
    options: &VerifyOptions,
) -> Result<SignatureReport, ReadError> {
    let mut report = empty(field.name.clone());
    let number = match field.value {
        Some(Object::Reference(number, _)) => Some(number),
        _ => None,
    };
    let value = match number {
        Some(number) => Value::read(pdf, file, number)?,
        None => None,
    };
    let (Some(number), Some(value)) = (number, value) else {
        report.fail(SignatureReason::InvalidSignatureDictionary { object: number });
        return Ok(report);
    };
    report.reason = value.text(b"Reason");
    report.location = value.text(b"Location");
    report.claimed_time = value.text(b"M").and_then(|text| Time::parse_pdf(&text));
    let Some(end) = revision_end(pdf, &value) else {
        report.fail(SignatureReason::InvalidByteRange { byte_range: value.range });
        return Ok(report);
    };
    match readings.covered(pdf, end, field, number)? {
        Ok(revision) => {
            report.covers = Some(Coverage { bytes: end, revision, whole_file: end == pdf.len() });
        }
        Err(reason) => {
            report.fail(reason);
            return Ok(report);
        }
    }
    let judgement = readings.judgement(pdf, end)?;
    report.unreached = judgement.unreached;
    if let Some(at) = judgement.irregular {
        report.fail(SignatureReason::AmbiguousSyntax { at });
    }
    let kind = value.name(b"SubFilter").unwrap_or_default();
    let result = match kind {
        b"ETSI.RFC3161" => document_stamp(&mut report, pdf, &value, options, data),
        b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached" => signature(&mut report, pdf, &value, options, data),
        other => {
            let other = String::from_utf8_lossy(other);
            let sub_filter: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(SignatureReason::UnsupportedSubFilter { sub_filter })
        }
    };
    if let Err(reason) = result {
        report.fail(reason);
    }
    let mut changes = changes::since(pdf, end, &mut readings.walked, &readings.allowance)?;
    if certified(file, &value)? {
        // What proves a signature may still be added: ISO 32000-2, 12.8.2.2.
        changes.iter_mut().for_each(|change| change.permitted &= change.kind == ChangeKind::ValidationData);
    }
    if changes.iter().any(|change| !change.permitted) {
        report.fail(SignatureReason::ForbiddenChange);
    }
    report.changes = changes;
    Ok(report)
}

/// Whether the signature allows no changes at all: `DocMDP` with 1, ISO 32000-1, 12.8.2.2.
fn certified(file: &mut File, value: &Value) -> Result<bool, ReadError> {
    let Object::Array(references) = file.value(&value.entries, b"Reference")? else { return Ok(false) };
    for reference in references.iter().take(100) {
        let Object::Dictionary(reference) = file.resolve(reference)?.object else { continue };
        let method = file.value(&reference, b"TransformMethod")?;
        let parameters = file.dictionary(&reference, b"TransformParams")?.unwrap_or_default();
        if method != Object::Name(b"DocMDP".to_vec()) {
            continue;
        }
        // ISO 32000-1, table 254: 2 by default. `1.0` is a level as well, and what is none permits nothing.
        let permitted = match file.value(&parameters, b"P")? {
            Object::Null => true,
            level => number(&level).is_some_and(|level| level == 2.0 || level == 3.0),
        };
        if !permitted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A report without results yet; the signature holds until a reason is found.
fn empty(field: String) -> SignatureReport {
    SignatureReport {
        field,
        kind: SignatureKind::Signature,
        holds: true,
        intact: false,
        covers: None,
        signer: None,
        algorithm: None,
        reason: None,
        location: None,
        claimed_time: None,
        time_stamp: None,
        time: None,
        chain: Trust::NotAsked,
        certificates: Vec::new(),
        revocation: RevocationReport { status: Revocation::Unknown, as_of: None },
        changes: Vec::new(),
        allowed: Vec::new(),
        unreached: None,
        reasons: Vec::new(),
    }
}

/// The end of the revision that a signature covers: behind an end-of-file mark and its line.
fn revision_end(pdf: &[u8], value: &Value) -> Option<usize> {
    let end = value.end(pdf.len())?;
    let text = &pdf[..end];
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    text.ends_with(b"%%EOF").then_some(end)
}

/// What was found of the bytes of a revision.
#[derive(Clone, Copy)]
struct Judgement {
    /// The first place that is not by the grammar.
    irregular: Option<usize>,
    /// The first byte that no cross-reference leads to.
    unreached: Option<usize>,
}

/// The revisions whose grammar was judged. Signatures often cover one and the same, or one that goes on from another; what
/// was read is not read again.
pub(super) struct Readings<'a> {
    /// What may be read of all revisions together.
    allowance: Allowance,
    walked: Walked,
    /// The ends of the revisions.
    judged: BTreeMap<usize, Judgement>,
    /// The last revision in which there was no such place.
    last: Option<(usize, File<'a>)>,
    /// The revision whose fields were read last: its end, its number, its fields.
    fields: Option<(usize, usize, Vec<Field>)>,
}

impl<'a> Readings<'a> {
    pub fn new(allowance: Allowance) -> Self {
        Readings { allowance, walked: Walked::new(), judged: BTreeMap::new(), last: None, fields: None }
    }

    /// The number of the revision that ends here, if the signature is this field's in it already, and the whole file
    /// continues it.
    fn covered(
        &mut self,
        pdf: &'a [u8],
        end: usize,
        field: &Field,
        number: u32,
    ) -> Result<Result<usize, SignatureReason>, ReadError> {
        if self.fields.as_ref().is_none_or(|&(other, ..)| other != end) {
            let read = crate::read::pdf::open_within(&pdf[..end], &self.allowance)
                .and_then(|mut old| Ok((end, old.sections.len(), fields::find(&mut old)?)));
            self.fields = match read {
                Ok(read) => Some(read),
                Err(error @ ReadError::Limit(_)) => return Err(error),
                Err(_) => None,
            };
        }
        // What is hashed is read once more.
        self.allowance.read(end)?;
        let own = self.fields.as_ref().and_then(|(_, revision, fields)| {
            let own = fields.iter().find(|other| other.id == field.id)?;
            matches!(own.value, Some(Object::Reference(value, _)) if value == number).then_some(*revision)
        });
        Ok(own.ok_or(SignatureReason::NotInCoveredRevision { revision_end: end }))
    }

    /// Whether the revision that ends here has one reading, and is read as a whole.
    fn judgement(&mut self, pdf: &'a [u8], end: usize) -> Result<Judgement, ReadError> {
        let judgement = match self.judged.get(&end) {
            Some(&judgement) => judgement,
            None => self.judge(pdf, end)?,
        };
        self.judged.insert(end, judgement);
        Ok(judgement)
    }

    fn judge(&mut self, pdf: &'a [u8], end: usize) -> Result<Judgement, ReadError> {
        let revision = &pdf[..end];
        // For a file of the length that is stated first, some programs begin with another section than others (ISO
        // 32000-1, annex F): it would change its face when it is appended to.
        if linearized(revision, &self.allowance).is_some_and(|length| length == end || length == pdf.len()) {
            return Ok(Judgement { irregular: Some(0), unreached: None });
        }
        let mut file = crate::read::pdf::open_within(revision, &self.allowance)?;
        let known = self
            .last
            .as_ref()
            .filter(|(before, known)| *before < end && file.sections.ends_with(&known.sections));
        let from = known.map_or(0, |(before, _)| *before);
        if let Some(at) = strict::irregularity(&mut file, known.map(|(_, known)| known))? {
            return Ok(Judgement { irregular: Some(at), unreached: None });
        }
        let earlier = self.judged.get(&from).and_then(|judgement| judgement.unreached);
        let unreached = earlier.or_else(|| strict::unreached(&mut file, from));
        self.last = Some((end, file));
        Ok(Judgement { irregular: None, unreached })
    }
}

/// The length of the file that its first object states, if it is linearized.
fn linearized(pdf: &[u8], allowance: &Allowance) -> Option<usize> {
    let head = &pdf[..pdf.len().min(1024)];
    let place = head.windows(3).position(|window| window == b"obj")?;
    let mut budget = Budget::within(allowance);
    let Object::Dictionary(entries) = Reader::new(pdf, place + 3, &mut budget).object().ok()? else {
        return None;
    };
    match (entries.get(b"Linearized".as_slice())?, entries.get(b"L".as_slice())?) {
        (_, Object::Integer(length)) => usize::try_from(*length).ok(),
        _ => None,
    }
}

/// Verifies the signature of a signer: CAdES.
fn signature(
    report: &mut SignatureReport,
    pdf: &[u8],
    value: &Value,
    options: &VerifyOptions,
    data: Data,
) -> Result<(), SignatureReason> {
    let signed = SignedData::parse(&value.contents)?;
    report.algorithm = Some(signed.scheme.name());
    if let Some(certificate) = signed.signer_certificate() {
        report.signer = Some(Signer::of(certificate));
    }
    let certificate = signed.check(cms::DATA, &signed.digest.of_all(&value.pieces(pdf)))?;
    report.intact = true;
    let mut candidates = signed.certificates.clone();
    candidates.extend_from_slice(&data.0.certificates);
    let mut stamped = None;
    if let Some(token) = signed.time_stamp {
        let stamp = timestamp::check(token, &[signed.signature])?;
        candidates.extend(stamp.certificates.iter().cloned());
        let chain =
            trust(report, &stamp.certificate, &candidates, options, stamp.time, Purpose::TimeStamps, data.1);
        let by = Signer::of(&stamp.certificate);
        report.time_stamp = Some(TimeStampReport { time: stamp.time, by, chain: chain.0 });
        stamped = Some(stamp.time);
    }
    let may_sign =
        certificate.allows(KeyUsages::DigitalSignature) || certificate.allows(KeyUsages::NonRepudiation);
    let mut purpose = Purpose::Documents;
    if options.server_certificates && !certificate.is_for(purpose) && certificate.is_for(Purpose::Servers) {
        report.allowed.push("server-certificate");
        purpose = Purpose::Servers;
    }
    if !may_sign || !certificate.is_for(purpose) {
        report.fail(SignatureReason::NotForSigning { subject: certificate.subject() });
    }
    let proven = stamped.map(|time| SigningTime { time, source: TimeSource::TimeStamp });
    let given = options.at.map(|time| SigningTime { time, source: TimeSource::Given });
    let claimed = report.claimed_time.map(|time| SigningTime { time, source: TimeSource::Claimed });
    report.time = proven.or(given).or(claimed);
    let Some(SigningTime { time: at, .. }) = report.time else {
        return Err(SignatureReason::NoSigningTime);
    };
    let (trusted, certificates, revocation) =
        trust(report, certificate, &candidates, options, at, purpose, data.1);
    report.chain = trusted;
    report.certificates = certificates;
    report.revocation = revocation;
    Ok(())
}

/// Verifies a time stamp over the document: ETSI EN 319 142-1, 5.4.3.
fn document_stamp(
    report: &mut SignatureReport,
    pdf: &[u8],
    value: &Value,
    options: &VerifyOptions,
    data: Data,
) -> Result<(), SignatureReason> {
    report.kind = SignatureKind::TimeStamp;
    let signed = SignedData::parse(&value.contents)?;
    report.algorithm = Some(signed.scheme.name());
    let stamp = timestamp::check(&value.contents, &value.pieces(pdf))?;
    report.intact = true;
    report.signer = Some(Signer::of(&stamp.certificate));
    let mut candidates = stamp.certificates.clone();
    candidates.extend_from_slice(&data.0.certificates);
    // Its own time does not prove that it was made before its key was revoked, so the time is reported afterwards.
    let (trusted, certificates, revocation) =
        trust(report, &stamp.certificate, &candidates, options, stamp.time, Purpose::TimeStamps, data.1);
    report.time = Some(SigningTime { time: stamp.time, source: TimeSource::TimeStamp });
    report.chain = trusted;
    report.certificates = certificates;
    report.revocation = revocation;
    Ok(())
}

/// Validates the certification path of a certificate and its revocation status; reasons against it go into the report.
fn trust(
    report: &mut SignatureReport,
    certificate: &Certificate,
    candidates: &[Certificate],
    options: &VerifyOptions,
    at: Time,
    purpose: Purpose,
    evidence: &Evidence,
) -> (Trust, Vec<String>, RevocationReport) {
    let (trust, chain) = match &options.roots {
        Some(roots) => match chain::build(certificate, candidates, roots, at, purpose) {
            Ok(chain) => (Trust::Trusted, chain),
            Err(reason) => {
                report.fail(reason);
                (Trust::Untrusted, chain::known(certificate, candidates))
            }
        },
        None => {
            if let Some(reason) = chain::invalidity(certificate, at) {
                report.fail(reason);
            }
            let chain = chain::known(certificate, candidates);
            if let Some(other) = chain[1..].iter().find(|issuer| !issuer.is_for(purpose)) {
                report.fail(CertificationPathError::OtherPurpose { subject: other.subject() });
            }
            (Trust::NotAsked, chain)
        }
    };
    let (mut status, mut as_of) = (Revocation::Good, None);
    for pair in chain.windows(2) {
        match evidence.about(&pair[0], &pair[1], at) {
            None => {
                if evidence.is_not_understood(&pair[0], &pair[1]) {
                    let subject = pair[0].subject();
                    report.fail(CertificationPathError::UnknownCriticalRevocationExtension { subject });
                }
                status = Revocation::Unknown;
            }
            Some(answer) => {
                as_of = Some(as_of.map_or(answer.this_update, |known: Time| known.min(answer.this_update)));
                // Only a time stamp proves that a signature is older than the revocation.
                let stamped = report.time.is_some_and(|time| time.source == TimeSource::TimeStamp);
                let proven = stamped || report.time_stamp.is_some();
                if let CertificateStatus::Revoked(when) = answer.status
                    && !(proven && when > at)
                {
                    let subject = pair[0].subject();
                    report.fail(CertificationPathError::Revoked { subject, at: when });
                    return (
                        trust,
                        subjects(&chain),
                        RevocationReport { status: Revocation::Revoked, as_of },
                    );
                }
            }
        }
    }
    if evidence.is_exhausted() {
        report.fail(CertificationPathError::TooMuchRevocationData);
        status = Revocation::Unknown;
    }
    // A chain that ends before a root, or is a root alone, has no status.
    if chain.len() < 2 || chain.last().is_none_or(|last| !last.is_self_issued()) && trust != Trust::Trusted {
        status = Revocation::Unknown;
    }
    let as_of = as_of.filter(|_| status == Revocation::Good);
    (trust, subjects(&chain), RevocationReport { status, as_of })
}

fn subjects(chain: &[Certificate]) -> Vec<String> {
    chain.iter().map(Certificate::subject).collect()
}
