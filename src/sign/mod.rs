//! Signatures on PDF files: PAdES baseline, ETSI EN 319 142-1, levels B-B, B-T, B-LT and B-LTA.
//!
//! A signature is appended; what was there, and what others signed before, stays byte for byte. The library takes the
//! time of signing as data; only the command reads a clock for it. It opens no connection: time stamps come from a
//! [`TimeStamper`] of the caller's, and revocation data as [`ValidationData`].
//!
//! ```no_run
//! use gongwen::Time;
//! use gongwen::sign::{Passphrase, SignOptions, SigningKey, sign};
//!
//! let pdf = std::fs::read("document.pdf")?;
//! let passphrase = Passphrase::new("…".to_owned());
//! let key = SigningKey::from_pkcs12(&std::fs::read("office.p12")?, &passphrase)?;
//! let time = Time::parse("2024-01-31T10:00:00+08:00").ok_or("no time")?;
//! let signed = sign(&pdf, &key, &SignOptions::at(time))?;
//! std::fs::write("signed.pdf", signed.bytes)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod appearance;
pub(crate) mod dss;
mod error;
pub(crate) mod fields;
mod gather;
mod key;
mod pkcs12;
mod prepare;
pub(crate) mod update;
pub(crate) mod value;

pub use crate::pki::{
    Certificate, CertificateError, CertificationPathError, CmsError, TimeStampError, pem_blocks,
};
pub use appearance::read_seal;
pub use dss::{CertificateToValidate, ValidationData, add_validation_data, certificates_to_validate};
pub use error::{KeyError, RevocationSourceError, SignError, TransportError, Weakness};
pub use gather::{Fetch, add_gathered_validation_data, add_known_validation_data, der_of};
pub use key::{Passphrase, SigningKey};
pub use prepare::{Prepared, prepare};

use crate::document::Picture;
use crate::options::Limits;
use crate::pki::cms::{self, SignedData};
use crate::pki::{Time, chain, timestamp};
use crate::read::ReadError;
use crate::read::pdf::syntax::Object;

/// Options of a signature.
#[derive(Clone)]
pub struct SignOptions<'a> {
    /// The time of signing, as the signer states it.
    pub time: Time,
    /// The field to fill; the first that is empty if none is named.
    pub field: Option<String>,
    /// The image that is shown in the field; nothing if none is given.
    pub seal: Option<Picture>,
    /// The reason for signing, in words.
    pub reason: Option<String>,
    /// The place of signing, in words.
    pub location: Option<String>,
    /// Weaknesses of the key, its certificate or the file that are permitted.
    pub allow: Vec<Weakness>,
    /// The time stamping authority, if there is to be a time stamp.
    pub time_stamper: Option<&'a dyn TimeStamper>,
    /// Further certificates to put in: those between the signer's and the root.
    pub certificates: Vec<Certificate>,
    /// The limits of reading the file.
    pub limits: Limits,
}

impl SignOptions<'_> {
    /// A signature of this time, in the first empty field, without a seal.
    pub fn at(time: Time) -> Self {
        SignOptions {
            time,
            field: None,
            seal: None,
            reason: None,
            location: None,
            allow: Vec::new(),
            time_stamper: None,
            certificates: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// A time stamping authority: RFC 3161. The connection is the caller's.
pub trait TimeStamper {
    /// Answers a request (`application/timestamp-query`) by a response (`application/timestamp-reply`).
    ///
    /// # Errors
    /// Why there is no answer.
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, TransportError>;
}

/// A signed file.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the field that was filled.
    pub field: String,
    /// The signer's certificate.
    pub certificate: Certificate,
    /// The time of the time stamp, if there is one.
    pub stamped: Option<Time>,
    /// The weaknesses that were permitted.
    pub allowed: Vec<Weakness>,
}

/// The space for a time stamp with the certificates that its authority adds.
const TIME_STAMP_ROOM: usize = 16 << 10;

/// Signs a file.
///
/// # Errors
/// If the file cannot be signed, or key or certificate are not fit for it.
pub fn sign(pdf: &[u8], key: &SigningKey, options: &SignOptions) -> Result<Signed, SignError> {
    let certificates = certificates(key, options);
    let mut allowed = fit(&certificates, options)?;
    let stamp_room = if options.time_stamper.is_some() { TIME_STAMP_ROOM } else { 0 };
    let room = certificates.iter().map(|known| known.der().len()).sum::<usize>() + (4 << 10) + stamp_room;
    let prepared = prepare(pdf, room, options)?;
    allowed.extend(prepared.is_ambiguous().then_some(Weakness::AmbiguousSyntax));
    let scheme = key.scheme();
    let content = scheme.digest.of_all(&prepared.pieces());
    let attributes = cms::attributes(scheme.digest, &content, key.certificate());
    let signature = key.sign(&attributes).ok_or(SignError::Key)?;
    let identifier = scheme.identifier().ok_or(SignError::Key)?;
    let cms = cms::build(scheme.digest, identifier, &attributes, &signature, &certificates);
    let Signed { bytes, field, certificate, stamped, .. } = prepared.complete(&cms, options.time_stamper)?;
    Ok(Signed { bytes, field, certificate, stamped, allowed })
}

/// Inserts a signature that was made elsewhere (a CMS over [`Prepared::content`], detached, with one signer) into a file
/// that was prepared for it.
///
/// # Errors
/// If the file is not prepared, or the signature is not one of this file's.
pub fn complete(
    pdf: &[u8],
    cms: &[u8],
    time_stamper: Option<&dyn TimeStamper>,
    limits: &Limits,
) -> Result<Signed, SignError> {
    Prepared::read(pdf, limits)?.complete(cms, time_stamper)
}

/// The key's own certificate, and those of its issuers, as far as they are known.
fn certificates(key: &SigningKey, options: &SignOptions) -> Vec<Certificate> {
    let others: Vec<Certificate> = key.chain().iter().chain(&options.certificates).cloned().collect();
    chain::known(key.certificate(), &others)
}

/// A file with a document time stamp.
#[derive(Clone, Debug)]
pub struct TimeStamped {
    /// The file.
    pub bytes: Vec<u8>,
    /// The name of the new field.
    pub field: String,
    /// The certificate of the time stamping authority.
    pub authority: Certificate,
    /// The time.
    pub time: Time,
}

/// Appends a time stamp over the whole document, with all signatures and validation data in it: PAdES B-LTA (ETSI EN
/// 319 142-1, 5.4.3). It proves the file for as long as the authority's certificate is valid; before its end another is
/// appended.
///
/// # Errors
/// If the file cannot be read, or the authority gives no valid time stamp.
pub fn add_time_stamp(
    pdf: &[u8],
    stamper: &dyn TimeStamper,
    limits: &Limits,
) -> Result<TimeStamped, SignError> {
    let prepared = prepare::prepare_time_stamp(pdf, TIME_STAMP_ROOM, limits)?;
    let content = prepared.content();
    let answer = stamper.stamp(&timestamp::request(&content)).map_err(SignError::TimeStamper)?;
    let token = timestamp::token(&answer)?;
    let stamp = timestamp::check(&token, &[&content])?;
    timestamp::answers(&token, &content)?;
    let bytes = prepared.filled(&token)?;
    let field = prepared.field().to_owned();
    Ok(TimeStamped { bytes, field, authority: stamp.certificate, time: stamp.time })
}

/// Checks that the certificates may sign at this time; gives the weaknesses that were permitted.
fn fit(certificates: &[Certificate], options: &SignOptions) -> Result<Vec<Weakness>, SignError> {
    let mut allowed = Vec::new();
    for (weakness, reason) in weaknesses(certificates, options.time) {
        if !options.allow.contains(&weakness) {
            return Err(SignError::Refused(weakness, reason));
        }
        if !allowed.contains(&weakness) {
            allowed.push(weakness);
        }
    }
    Ok(allowed)
}

/// The weaknesses of certificates at this time, with their reasons.
fn weaknesses(certificates: &[Certificate], at: Time) -> Vec<(Weakness, CertificationPathError)> {
    let of_one = |certificate: &Certificate| {
        let expired = chain::outside_validity(certificate, at).map(|reason| (Weakness::Expired, reason));
        expired
            .into_iter()
            .chain(chain::weakness(certificate).map(|reason| (Weakness::WeakAlgorithm, reason)))
    };
    certificates.iter().flat_map(of_one).collect()
}

/// How a signature was made, as the signed file itself says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Making {
    /// The name of its field.
    pub field: String,
    /// SHA-256 of the seal's file, in hexadecimal, if it shows one.
    pub seal_sha256: Option<String>,
    /// The weaknesses of its certificates at the time that the signer claims; each must have been allowed.
    pub allowed: Vec<Weakness>,
}

/// How the signatures of a file were made.
///
/// # Errors
/// If it cannot be read within the limits.
pub(crate) fn making(pdf: &[u8], limits: &Limits) -> Result<Vec<Making>, ReadError> {
    let mut file = crate::read::pdf::open(pdf, limits)?;
    let mut found = Vec::new();
    for field in fields::find(&mut file)? {
        let Some(Object::Reference(number, _)) = field.value else { continue };
        let seal_sha256 = appearance::seal_sha256(&mut file, &field)?;
        let Some(value) = value::Value::read(pdf, &mut file, number)? else { continue };
        let claimed = value.text(b"M").and_then(|text| Time::parse_pdf(&text));
        let certificates = SignedData::parse(&value.contents).map(|signed| signed.certificates);
        let weak = match (certificates, claimed) {
            (Ok(certificates), Some(at)) => weaknesses(&certificates, at),
            _ => Vec::new(),
        };
        let is_weak = |weakness: &Weakness| weak.iter().any(|(found, _)| found == weakness);
        let allowed = Weakness::ALL.into_iter().filter(is_weak).collect();
        found.push(Making { field: field.name, seal_sha256, allowed });
    }
    Ok(found)
}

impl Prepared {
    /// The file with a signature in the space that was reserved for it.
    ///
    /// # Errors
    /// If the signature is not one of this file's, or does not fit.
    pub fn complete(&self, cms: &[u8], time_stamper: Option<&dyn TimeStamper>) -> Result<Signed, SignError> {
        let read = SignedData::parse(cms)?;
        let content = read.digest.of_all(&self.pieces());
        let certificate = read.check(cms::DATA, &content)?.clone();
        let mut cms = cms.to_vec();
        let mut stamped = None;
        if let Some(stamper) = time_stamper {
            let answer =
                stamper.stamp(&timestamp::request(read.signature)).map_err(SignError::TimeStamper)?;
            let token = timestamp::token(&answer)?;
            let stamp = timestamp::check(&token, &[read.signature])?;
            timestamp::answers(&token, read.signature)?;
            stamped = Some(stamp.time);
            cms = cms::with_time_stamp(&cms, &token).ok_or(SignError::Stamped)?;
        } else if let Some(token) = read.time_stamp {
            let stamp = timestamp::check(token, &[read.signature])?;
            stamped = Some(stamp.time);
        }
        let bytes = self.filled(&cms)?;
        Ok(Signed { bytes, field: self.field().to_owned(), certificate, stamped, allowed: Vec::new() })
    }
}

/// A reference to a new object.
pub(crate) fn reference(number: u32) -> Object {
    Object::Reference(number, 0)
}
