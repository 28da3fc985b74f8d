//! Examination of one signature: the bytes that it covers, whether they are what was signed, and the changes after it.
//! Who signed, and when, is proved afterwards: a later time stamp may prove it.

use std::collections::BTreeMap;

use x509_cert::ext::pkix::KeyUsages;

use super::bytes::Walked;
use super::changes;
use super::reason::SignatureReason;
use super::verdict::Verdict;
use super::{
    ChangeKind, Coverage, Revocation, RevocationReport, SignatureKind, SignatureReport, Signer, Trust,
    VerifyOptions,
};
use crate::pki::certificate::Purpose;
use crate::pki::cms::{self, SignedData};
use crate::pki::timestamp::{self, Stamp};
use crate::pki::{Certificate, Time};
use crate::read::ReadError;
use crate::read::pdf::file::File;
use crate::read::pdf::strict;
use crate::read::pdf::syntax::{Allowance, Object};
use crate::sign::fields::{self, Field, number};
use crate::sign::value::Value;

/// A signature over the bytes of its revision, whose signer is to be proved.
pub(super) struct Subject {
    /// The signer's certificate; of a document time stamp that of the authority.
    pub certificate: Certificate,
    /// The certificates that the signature brings.
    pub certificates: Vec<Certificate>,
    /// The time stamp over a signature.
    pub stamp: Option<Stamp>,
    /// The time of a document time stamp.
    pub stamped: Option<Time>,
    /// What the certificate must be for.
    pub purpose: Purpose,
}

/// Examines the signature of a field; there is a subject if its bytes are those that were signed.
pub(super) fn examine<'a>(
    pdf: &'a [u8],
    file: &mut File,
    field: &Field,
    readings: &mut Readings<'a>,
    options: &VerifyOptions,
) -> Result<(SignatureReport, Option<Subject>), ReadError> {
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
        return Ok((report, None));
    };
    report.reason = value.text(b"Reason");
    report.location = value.text(b"Location");
    report.claimed_time = value.text(b"M").and_then(|text| Time::parse_pdf(&text));
    let Some(end) = revision_end(pdf, &value) else {
        report.fail(SignatureReason::InvalidByteRange { byte_range: value.range });
        return Ok((report, None));
    };
    match readings.covered(pdf, end, field, number)? {
        Ok(revision) => {
            report.covers = Some(Coverage { bytes: end, revision, whole_file: end == pdf.len() });
        }
        Err(reason) => {
            report.fail(reason);
            return Ok((report, None));
        }
    }
    let judgement = readings.judgement(pdf, end)?;
    report.unreached = judgement.unreached;
    if let Some(at) = judgement.irregular {
        report.fail(SignatureReason::AmbiguousSyntax { at });
    }
    let kind = value.name(b"SubFilter").unwrap_or_default();
    let result = match kind {
        b"ETSI.RFC3161" => document_stamp(&mut report, pdf, &value),
        b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached" => signature(&mut report, pdf, &value, options),
        other => {
            let other = String::from_utf8_lossy(other);
            let sub_filter: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(SignatureReason::UnsupportedSubFilter { sub_filter })
        }
    };
    let subject = match result {
        Ok(subject) => Some(subject),
        Err(reason) => {
            report.fail(reason);
            None
        }
    };
    let mut changes = changes::since(pdf, end, options.strict, &mut readings.walked, &readings.allowance)?;
    if certified(file, &value)? {
        // What proves a signature may still be added, with the extension of PDF that it is: ISO 32000-2, 12.8.2.2.
        let proofs = [ChangeKind::ValidationData, ChangeKind::TimeStampAdded, ChangeKind::Version];
        changes.iter_mut().for_each(|change| change.permitted &= proofs.contains(&change.kind));
    }
    if changes.iter().any(|change| !change.permitted) {
        report.fail(SignatureReason::ForbiddenChange);
    }
    report.changes = changes;
    Ok((report, subject))
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
        verdict: Verdict::Holds,
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
        remarks: Vec::new(),
        valid_to: None,
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
        if strict::linearized(revision, &self.allowance)
            .is_some_and(|length| length == end || length == pdf.len())
        {
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

/// Examines the signature of a signer: CAdES.
fn signature(
    report: &mut SignatureReport,
    pdf: &[u8],
    value: &Value,
    options: &VerifyOptions,
) -> Result<Subject, SignatureReason> {
    let signed = SignedData::parse(&value.contents)?;
    report.algorithm = Some(signed.scheme.name());
    if let Some(certificate) = signed.signer_certificate() {
        report.signer = Some(Signer::of(certificate));
    }
    let certificate = signed.check(cms::DATA, &signed.digest.of_all(&value.pieces(pdf)))?;
    report.intact = true;
    let stamp = signed.time_stamp.map(|token| timestamp::check(token, &[signed.signature])).transpose()?;
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
    Ok(Subject {
        certificate: certificate.clone(),
        certificates: signed.certificates.clone(),
        stamp,
        stamped: None,
        purpose,
    })
}

/// Examines a time stamp over the document: ETSI EN 319 142-1, 5.4.3.
fn document_stamp(
    report: &mut SignatureReport,
    pdf: &[u8],
    value: &Value,
) -> Result<Subject, SignatureReason> {
    report.kind = SignatureKind::TimeStamp;
    let signed = SignedData::parse(&value.contents)?;
    report.algorithm = Some(signed.scheme.name());
    let stamp = timestamp::check(&value.contents, &value.pieces(pdf))?;
    report.intact = true;
    report.signer = Some(Signer::of(&stamp.certificate));
    Ok(Subject {
        certificate: stamp.certificate,
        certificates: stamp.certificates,
        stamp: None,
        stamped: Some(stamp.time),
        purpose: Purpose::TimeStamps,
    })
}
