//! Whether the signatures of a PDF hold, and whether what it shows is what its embedded report says.
//!
//! Nothing of the file is believed. A signature holds for the bytes up to the end of its own revision; what was
//! appended afterwards is compared object by object, and only what is known to change nothing that is seen passes:
//! docs/en/signing.md has the list. No network, no clock: times are those that the file tells, or the caller's.

mod bytes;
mod changes;
mod content;
mod signature;

use serde::Serialize;

use crate::diagnostic::Message;
use crate::engine::Exporter;
use crate::message;
use crate::options::Limits;
use crate::pki::{Certificate, Time};
use crate::read::ReadError;
use crate::sign::{dss, fields};

pub(crate) use content::findings;
pub use content::{ContentReport, Reproduction};

/// The most signatures of one file that are looked at.
const MAX_SIGNATURES: usize = 32;

/// What is asked of a file.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The certificates that are trusted; whom to trust is not asked without them.
    pub roots: Option<Vec<Certificate>>,
    /// The time at which certificates must be valid, where no time stamp tells it; the signer's word without one.
    pub at: Option<Time>,
    /// Whether only signatures are looked at, and no embedded report.
    pub signatures_only: bool,
    /// How much is read of the file.
    pub limits: Limits,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    /// Whether all that was asked holds.
    pub holds: bool,
    /// How many revisions the file has.
    pub revisions: usize,
    /// The signatures, in the order in which they were made.
    pub signatures: Vec<SignatureReport>,
    /// The names of the fields that wait for a signature.
    pub empty_fields: Vec<String>,
    /// The embedded report; none if there is none, or it was not asked for.
    pub content: Option<ContentReport>,
    /// What is wrong with the file as a whole.
    pub reasons: Vec<Message>,
}

/// A signature, or a time stamp over the whole document.
#[derive(Clone, Debug, Serialize)]
pub struct SignatureReport {
    /// The name of its field.
    pub field: String,
    /// Which of the two it is.
    pub kind: SignatureKind,
    /// Whether all that was asked of it holds.
    pub holds: bool,
    /// Whether the bytes that it is over are those that were signed.
    pub intact: bool,
    /// Which bytes those are; none if they are no whole revision.
    pub covers: Option<Coverage>,
    /// Who signed; none if that cannot be told.
    pub signer: Option<Signer>,
    /// How: `ECDSA SHA-256`.
    pub algorithm: Option<String>,
    /// Why, as the signer says.
    pub reason: Option<String>,
    /// Where, as the signer says.
    pub location: Option<String>,
    /// When, as the signer says.
    pub claimed_time: Option<Time>,
    /// When, as a time stamper says who stamped the signature.
    pub time_stamp: Option<TimeStampReport>,
    /// The time at which certificates were looked at.
    pub time: Option<SigningTime>,
    /// Whether a chain leads to one of the roots.
    pub chain: Trust,
    /// The subjects of the chain, from the signer's.
    pub certificates: Vec<String>,
    /// Whether a certificate of the chain was revoked.
    pub revocation: RevocationReport,
    /// What was appended afterwards.
    pub changes: Vec<Change>,
    /// Why it does not hold.
    pub reasons: Vec<Message>,
}

/// The kinds of signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// Somebody's signature.
    Signature,
    /// A time stamp over the document: `DocTimeStamp`.
    TimeStamp,
}

/// The bytes that a signature is over: all up to an end, but its own room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Where the revision ends.
    pub bytes: usize,
    /// Its number, from 1.
    pub revision: usize,
    /// Whether that is the end of the file.
    pub whole_file: bool,
}

/// A certificate's owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The name.
    pub subject: String,
    /// Who vouches for it.
    pub issuer: String,
    /// The number of the certificate, in hexadecimal.
    pub serial: String,
    /// From when it is valid.
    pub valid_from: Time,
    /// Until when.
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
    /// Who stamped it.
    pub by: Signer,
    /// Whether a chain leads to one of the roots.
    pub chain: Trust,
}

/// When something was signed, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SigningTime {
    /// The time.
    pub time: Time,
    /// Whose word it is.
    pub source: TimeSource,
}

/// Whose word a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// A time stamper's.
    TimeStamp,
    /// The caller's.
    Given,
    /// The signer's own.
    Claimed,
}

/// Whether a certificate is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// A chain leads to one of the roots.
    Trusted,
    /// None does.
    Untrusted,
    /// No roots were given.
    NotAsked,
}

/// Whether the certificates of a chain were revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RevocationReport {
    /// What is known.
    pub status: Revocation,
    /// Of when the oldest word is that this rests on.
    pub as_of: Option<Time>,
}

/// What is known of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// No certificate of the chain was revoked.
    Good,
    /// One was.
    Revoked,
    /// The file does not tell of all.
    Unknown,
}

/// Something that was appended after a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Of which kind it is.
    pub kind: ChangeKind,
    /// Whether it leaves the signature as it was.
    pub permitted: bool,
    /// What it is.
    pub message: Message,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// An empty field was signed.
    Signed,
    /// A field that nobody sees was added.
    FieldAdded,
    /// Certificates and what revocation says were added.
    ValidationData,
    /// Anything else; it is never permitted.
    Other,
}

/// Verifies a PDF.
///
/// # Errors
/// If it cannot be read within the limits; a signature that does not hold is no error but an answer.
pub fn verify(pdf: &[u8], options: &VerifyOptions, exporter: &Exporter) -> Result<Verification, ReadError> {
    let mut file = crate::read::pdf::open(pdf, &options.limits)?;
    let known = fields::find(&mut file)?;
    let data = dss::held(&mut file);
    let mut reasons = Vec::new();
    let filled: Vec<_> = known.iter().filter(|field| field.value.is_some()).collect();
    if filled.is_empty() {
        reasons.push(message!("文件没有签名", "the file has no signature"));
    }
    // Some programs count all places from the header on, others from the first byte: they would read two files.
    if !pdf.starts_with(b"%PDF-") {
        reasons.push(message!("文件不是以 %PDF- 开头", "the file does not begin with %PDF-"));
    }
    if filled.len() > MAX_SIGNATURES {
        return Err(ReadError::Limit(message!(
            "签名超过 {MAX_SIGNATURES} 个",
            "there are more than {MAX_SIGNATURES} signatures"
        )));
    }
    let mut signatures = Vec::new();
    for field in &filled {
        signatures.push(signature::verify(pdf, &mut file, field, &data, options)?);
    }
    // Two fields of one signature: the second is nobody's.
    for (place, field) in filled.iter().enumerate() {
        if filled[..place].iter().any(|other| other.value == field.value) {
            signatures[place]
                .fail(message!("这个域与另一个域是同一个签名", "another field has the same signature"));
        }
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
    fn fail(&mut self, reason: Message) {
        self.holds = false;
        self.reasons.push(reason);
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
