//! Verification of a PDF: whether its signatures hold, and whether it is the file that its embedded report makes.
//!
//! Nothing in the file is trusted. A signature holds for the bytes up to the end of its own revision; what was
//! appended afterwards is compared object by object, and only what is known to change nothing visible is permitted:
//! docs/en/signing.md has the list. No network, no clock: times are those of the file, or the caller's.

mod bytes;
mod changes;
mod content;
mod cover;
mod reason;
mod signature;

use serde::Serialize;

use crate::engine::Exporter;
use crate::options::Limits;
use crate::pki::{Certificate, Time};
use crate::read::ReadError;
use crate::read::pdf::syntax::Allowance;
use crate::sign::{dss, fields};

pub(crate) use content::findings;
pub use content::{ContentReport, Reproduction};
pub use reason::{ChangeDetail, ContentReason, FileReason, SignatureReason};

/// The most signatures of one file that are verified.
const MAX_SIGNATURES: usize = 32;

/// Options of a verification.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The trust anchors; without them trust is not evaluated.
    pub roots: Option<Vec<Certificate>>,
    /// The time at which certificates must be valid, where there is no time stamp; the time that the signer claims
    /// without one.
    pub at: Option<Time>,
    /// Whether only signatures are verified, and no embedded report.
    pub signatures_only: bool,
    /// Whether the certificate of a TLS server may sign documents.
    pub server_certificates: bool,
    /// The limits of reading the file.
    pub limits: Limits,
}

/// The result of verifying a file.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// Whether all that was asked holds.
    pub holds: bool,
    /// The number of revisions of the file.
    pub revisions: usize,
    /// The signatures, in the order in which they were made.
    pub signatures: Vec<SignatureReport>,
    /// The names of the empty signature fields.
    pub empty_fields: Vec<String>,
    /// The embedded report; none if there is none, or it was not asked for.
    pub content: Option<ContentReport>,
    /// Why the file as a whole does not hold.
    pub reasons: Vec<FileReason>,
}

/// The result of verifying a signature, or a time stamp over the whole document.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    /// The name of its field.
    pub field: String,
    /// Which of the two it is.
    pub kind: SignatureKind,
    /// Whether all that was asked of it holds.
    pub holds: bool,
    /// Whether the bytes that it covers are those that were signed.
    pub intact: bool,
    /// The bytes that it covers; none if they are no whole revision.
    pub covers: Option<Coverage>,
    /// The signer; none if the certificate is unknown.
    pub signer: Option<Signer>,
    /// Its algorithm: `ECDSA SHA-256`.
    pub algorithm: Option<String>,
    /// The reason for signing, as the signer states it.
    pub reason: Option<String>,
    /// The place of signing, as the signer states it.
    pub location: Option<String>,
    /// The time of signing, as the signer claims it.
    pub claimed_time: Option<Time>,
    /// The time stamp over the signature.
    pub time_stamp: Option<TimeStampReport>,
    /// The time at which certificates were validated.
    pub time: Option<SigningTime>,
    /// Whether a certification path leads to one of the trust anchors.
    pub chain: Trust,
    /// The subjects of the chain, from the signer's.
    pub certificates: Vec<String>,
    /// Whether a certificate of the chain was revoked.
    pub revocation: RevocationReport,
    /// The changes that were appended afterwards.
    pub changes: Vec<Change>,
    /// What holds only because it was asked for: `server-certificate`.
    pub allowed: Vec<&'static str>,
    /// The first byte of what it covers that belongs to no object of any revision: nobody who goes by the cross-references
    /// sees it.
    pub unreached: Option<usize>,
    /// Why it does not hold.
    pub reasons: Vec<SignatureReason>,
}

/// The kinds of signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// A signature of a signer.
    Signature,
    /// A time stamp over the document: `DocTimeStamp`.
    TimeStamp,
}

/// The bytes that a signature covers: all up to an end, but its own `Contents`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The end of the revision.
    pub bytes: usize,
    /// Its number, from 1.
    pub revision: usize,
    /// Whether that is the end of the file.
    pub whole_file: bool,
}

/// The subject of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// Its name.
    pub subject: String,
    /// The issuer of the certificate.
    pub issuer: String,
    /// The serial number of the certificate, in hexadecimal.
    pub serial: String,
    /// The beginning of its validity.
    pub valid_from: Time,
    /// The end of its validity.
    pub valid_to: Time,
    /// The kind of key: `RSA 2048`.
    pub key: Option<String>,
    /// SHA-256 of the certificate, in hexadecimal.
    pub sha256: String,
}

/// A time stamp over a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeStampReport {
    /// The time.
    pub time: Time,
    /// The time stamping authority.
    pub by: Signer,
    /// Whether a chain leads to one of the roots.
    pub chain: Trust,
}

/// A time of signing and its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SigningTime {
    /// The time.
    pub time: Time,
    /// Its source.
    pub source: TimeSource,
}

/// The source of a time of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// A time stamp.
    TimeStamp,
    /// The caller.
    Given,
    /// The signer's claim.
    Claimed,
}

/// Whether a certificate is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// A certification path leads to one of the trust anchors.
    Trusted,
    /// None does.
    Untrusted,
    /// No trust anchors were given.
    NotAsked,
}

/// The revocation status of the certificates of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RevocationReport {
    /// The status.
    pub status: Revocation,
    /// The time of the oldest list or response that this relies on.
    pub as_of: Option<Time>,
}

/// A revocation status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// No certificate of the chain was revoked.
    Good,
    /// One was.
    Revoked,
    /// The file does not have the status of all.
    Unknown,
}

/// A change that was appended after a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its kind.
    pub kind: ChangeKind,
    /// Whether it leaves the signature as it was.
    pub permitted: bool,
    /// The change itself.
    #[serde(rename = "message")]
    pub detail: ChangeDetail,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// An empty signature field was signed.
    Signed,
    /// An invisible signature field was added.
    FieldAdded,
    /// Validation data were added.
    ValidationData,
    /// Anything else; it is never permitted.
    Other,
}

/// Verifies a PDF.
///
/// # Errors
/// If it cannot be read within the limits; a signature that does not hold is no error but an answer.
pub fn verify(pdf: &[u8], options: &VerifyOptions, exporter: &Exporter) -> Result<Verification, ReadError> {
    let allowance = Allowance::new(&options.limits);
    let mut file = crate::read::pdf::open_within(pdf, &allowance)?;
    let known = fields::find(&mut file)?;
    let data = dss::held(&mut file)?;
    let evidence = data.evidence();
    let mut reasons = Vec::new();
    let filled: Vec<_> = known.iter().filter(|field| field.value.is_some()).collect();
    if filled.is_empty() {
        reasons.push(FileReason::NoSignature);
    }
    // Some programs count all places from the header on, others from the first byte: they would read two files.
    if !pdf.starts_with(b"%PDF-") {
        reasons.push(FileReason::HeaderNotAtStart);
    }
    if filled.len() > MAX_SIGNATURES {
        return Err(reason::too_many_signatures(MAX_SIGNATURES));
    }
    let (mut signatures, mut readings) = (Vec::new(), signature::Readings::new(allowance));
    for field in &filled {
        signatures.push(signature::verify(
            pdf,
            &mut file,
            field,
            (&data, &evidence),
            &mut readings,
            options,
        )?);
    }
    // Two fields of one signature: the second is nobody's.
    for (place, field) in filled.iter().enumerate() {
        if let Some(other) = filled[..place].iter().find(|other| other.value == field.value) {
            signatures[place].fail(SignatureReason::SharedSignature { field: other.name.clone() });
        }
    }
    if !signatures.is_empty() && signatures.iter().all(|signature| signature.kind == SignatureKind::TimeStamp)
    {
        reasons.push(FileReason::NoSigner);
    }
    signatures.sort_by_key(|signature| signature.covers.map_or(usize::MAX, |covers| covers.bytes));
    let content =
        if options.signatures_only { None } else { content::verify(pdf, exporter, &options.limits) };
    let holds = reasons.is_empty()
        && signatures.iter().all(|signature| signature.holds)
        && content.as_ref().is_none_or(|content| content.holds);
    let empty_fields =
        known.iter().filter(|field| field.value.is_none()).map(|field| field.name.clone()).collect();
    let revisions = file.sections.len();
    Ok(Verification { holds, revisions, signatures, empty_fields, content, reasons })
}

impl SignatureReport {
    /// The time that the file itself has for it: that of a time stamp, else the one that the signer claims.
    pub(crate) fn stated_time(&self) -> Option<Time> {
        let stamped = match self.kind {
            SignatureKind::Signature => self.time_stamp.as_ref().map(|stamp| stamp.time),
            SignatureKind::TimeStamp => self.time.map(|time| time.time),
        };
        stamped.or(self.claimed_time)
    }

    fn fail(&mut self, reason: impl Into<SignatureReason>) {
        self.holds = false;
        self.reasons.push(reason.into());
    }
}

impl Signer {
    fn of(certificate: &Certificate) -> Signer {
        let (valid_from, valid_to) = certificate.validity();
        Signer {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial(),
            valid_from,
            valid_to,
            key: certificate.public_key().map(|key| key.name()),
            sha256: crate::hash::hex(&crate::pki::algorithm::Digest::Sha256.of_all(&[certificate.der()])),
        }
    }
}
