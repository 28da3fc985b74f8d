//! Verification of a PDF: whether its signatures hold, and whether it is the file that its embedded report makes.
//!
//! Nothing in the file is trusted. A signature holds for the bytes up to the end of its own revision; what was
//! appended afterwards is compared object by object, and only what is known to change nothing visible is permitted:
//! docs/en/signing.md has the list. No network, no clock: times are those of the file, or the caller's.
//!
//! The answer is one of three verdicts. What was changed or forged is broken; what is intact holds if the signer is
//! proved as well, by a certification path at a time that is proved.

mod bytes;
mod changes;
mod content;
mod cover;
mod drawn;
mod earlier;
mod metadata;
mod parts;
mod prove;
mod reason;
mod remark;
mod signature;
mod verdict;

use serde::Serialize;

use crate::diagnostic::Message;
use crate::engine::Exporter;
use crate::options::Limits;
use crate::pki::{Certificate, Time};
use crate::read::ReadError;
use crate::read::pdf::syntax::Allowance;
use crate::sign::{dss, fields};

pub use content::{ContentReport, Reproduction};
pub(crate) use content::{findings, other_version};
pub use earlier::{BrokenSignature, broken_signature};
pub use metadata::Property;
pub use parts::Part;
pub use reason::{ChangeDetail, ContentReason, FileReason, SignatureReason};
pub use remark::Remark;
pub use verdict::Verdict;
pub(crate) use verdict::serialize_judged;

/// The most signatures of one file that are verified.
const MAX_SIGNATURES: usize = 32;

/// Options of a verification.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The trust anchors; without them trust is not evaluated.
    pub roots: Option<Vec<Certificate>>,
    /// The time at which certificates must be valid, where no time stamp proves another.
    pub at: Option<Time>,
    /// The present time, which counts where `at` is none. Without both the signer's claim is taken, and proves nothing.
    pub now: Option<Time>,
    /// What a signature must have beside all that is always verified.
    pub require: Requirements,
    /// Whether only the changes of the closed list may follow a signature, and no metadata that other programs write.
    pub strict: bool,
    /// Whether only signatures are verified, and no embedded report.
    pub signatures_only: bool,
    /// Whether the certificate of a TLS server may sign documents.
    pub server_certificates: bool,
    /// The limits of reading the file.
    pub limits: Limits,
}

/// What a signature must have to hold, where the caller asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// A time stamp.
    pub time_stamp: bool,
    /// Revocation data, by which no certificate of the path was revoked.
    pub revocation: bool,
}

/// The result of verifying a file.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// The verdict on all that was asked.
    pub verdict: Verdict,
    /// Whether exporting the embedded report again gives the file that was signed; none if it was not asked for.
    pub reproduced: Option<Reproduction>,
    /// When a document time stamp must have been added (again): the certificates that prove the file run out then. None if
    /// nothing proves it.
    pub renew_by: Option<Time>,
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
    /// The verdict on it.
    pub verdict: Verdict,
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
    /// Why it does not hold, or is not proved.
    pub reasons: Vec<SignatureReason>,
    /// What is no reason against it, but should be known.
    pub remarks: Vec<Remark>,
    /// The end of the validity of the certificates that prove it: those of its time stamp, or without one the signer's.
    #[serde(skip)]
    valid_to: Option<Time>,
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
    /// The clock.
    Clock,
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
    /// A document time stamp was added.
    TimeStampAdded,
    /// Validation data were added.
    ValidationData,
    /// Metadata say when the file was changed, and by what.
    Metadata,
    /// The catalog names another version of PDF, or extensions of it.
    Version,
    /// Anything else; it is never permitted.
    Other,
}

impl Verification {
    /// Whether all that was asked holds.
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds
    }

    /// What would settle the verdict, each once; nothing where it holds.
    pub fn settled_by(&self) -> Vec<Message> {
        let mut all: Vec<Message> = Vec::new();
        let signatures = self.signatures.iter().flat_map(|signature| &signature.reasons);
        let content = self.content.iter().flat_map(|content| &content.reasons);
        let file = self.reasons.iter().map(FileReason::settled_by);
        let found = file
            .chain(signatures.map(SignatureReason::settled_by))
            .chain(content.map(ContentReason::settled_by));
        for settled_by in found {
            if !all.contains(&settled_by) {
                all.push(settled_by);
            }
        }
        all
    }
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
    let mut subjects = Vec::new();
    for field in &filled {
        let (report, subject) = signature::examine(pdf, &mut file, field, &mut readings, options)?;
        signatures.push(report);
        subjects.push(subject);
    }
    prove::all(&mut signatures, subjects, (&data, &evidence), options);
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
    let content = if options.signatures_only { None } else { content::verify(pdf, exporter, options) };
    prove::remark(&mut signatures, content.as_ref());
    let verdicts = reasons.iter().map(FileReason::verdict);
    // A time stamp that proves nothing takes nothing from what others prove; one that was forged does.
    let counts = |signature: &&SignatureReport| {
        signature.kind == SignatureKind::Signature || signature.verdict == Verdict::Broken
    };
    let verdicts = verdicts.chain(signatures.iter().filter(counts).map(|signature| signature.verdict));
    let verdict = Verdict::worst(verdicts.chain(content.as_ref().map(|content| content.verdict)));
    let renew_by = prove::renew_by(&signatures);
    let reproduced = match &content {
        Some(content) => Some(content.reproduced),
        None => (!options.signatures_only).then_some(Reproduction::NoSource),
    };
    let empty_fields =
        known.iter().filter(|field| field.value.is_none()).map(|field| field.name.clone()).collect();
    let revisions = file.sections.len();
    Ok(Verification { verdict, reproduced, renew_by, revisions, signatures, empty_fields, content, reasons })
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
        let reason = reason.into();
        self.verdict = self.verdict.max(reason.verdict());
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
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
