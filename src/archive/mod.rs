//! The archive of a report: signed PDF, Word file, source, checks, pages and provenance, as a bag.
//!
//! The bag's paths and bytes follow from what is given alone: the time is the caller's, as it is for a signature, so
//! two archives of one report differ only where the report, the program or the signature does.

mod bag;
mod metadata;
mod reason;
mod renew;
mod verify;

use serde_json::{Value, json};

use crate::assets::Assets;
use crate::diagnostic::{Diagnostic, Silenced};
use crate::embed::EmbeddedSource;
use crate::engine::{Export, ExportError, Exporter};
use crate::extract::{ExtractError, extract};
use crate::options::{Format, Limits, Options, PdfOptions};
use crate::pki::Time;
use crate::preview::{self, PreviewError, Selection};
use crate::read::ReadError;
use crate::report::Report;
use crate::sign::{self, SignError, SignOptions, Signed, SigningKey, Weakness};
use crate::verify::{
    self as signatures, Reproduction, SignatureKind, SignatureReport, Verdict, Verification, VerifyOptions,
};

pub use bag::{Files, pack};
pub use metadata::{ELEMENTS, Elements};
pub use reason::{ArchiveReason, DocumentReason};
pub use renew::{AddTimeStamp, RenewError, Renewed, renew};
pub use verify::{ArchiveReport, DocumentReport, verify};

/// Pixels an inch of the pages that are kept for a quick look.
const PREVIEW_DPI: u32 = 100;

const CHECKS: &str = "check.json";
const METADATA: &str = "metadata.json";
const PROVENANCE: &str = "provenance.json";

/// The content of an archive to be made.
pub struct Ingredients<'a> {
    /// The report, as its author wrote it.
    pub report: &'a [u8],
    /// The name of its files, without an ending.
    pub stem: &'a str,
    /// The signatures, or the key that signs now.
    pub signing: Signing<'a>,
    /// The elements of the metadata that the report does not have.
    pub elements: Elements,
    /// The validation data of the signatures, if there are to be some.
    pub validation_data: Option<&'a AddValidationData<'a>>,
}

/// Appends validation data to a signed file whose last signature is of this time.
pub type AddValidationData<'a> = dyn Fn(&[u8], Time) -> Result<Vec<u8>, SignError> + 'a;

/// The source of the signatures.
pub enum Signing<'a> {
    /// One is made here.
    Now {
        /// The options of the export. The report is always embedded, and there is room for one signature at least.
        export: &'a Options,
        /// The images of the report.
        assets: &'a dyn Assets,
        /// The key.
        key: &'a SigningKey,
        /// The options of the signature; the time of signing is that of the archive.
        sign: &'a SignOptions<'a>,
    },
    /// The PDF was signed, by one body or by several; what it carries makes the other files.
    Before {
        /// The PDF.
        pdf: &'a [u8],
        /// The options of its verification. The report inside is always verified.
        verify: VerifyOptions,
    },
}

/// An archive (a bag, RFC 8493).
#[derive(Debug)]
pub struct Archive {
    /// The files of the bag.
    pub files: Files,
    /// The signatures of its PDF.
    pub signatures: Vec<SignatureReport>,
    /// The weaknesses of the key or its certificate that were permitted.
    pub allowed: Vec<Weakness>,
    /// Warnings about the report.
    pub findings: Vec<Diagnostic>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Silenced>,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The report gives no files.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The PDF cannot be signed so.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Its pages cannot be drawn.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// The signed PDF cannot be read.
    #[error(transparent)]
    Signed(#[from] ReadError),
    /// The signed PDF does not hold.
    #[error("the signatures of the PDF do not hold")]
    DoesNotHold(Box<Verification>),
    /// The signed PDF carries another report, or none.
    #[error("the signed PDF carries another report, or none")]
    OtherReport,
}

/// Makes the archive of a report.
///
/// # Errors
/// If the report has mistakes, key or certificate are not fit to sign, or the signed PDF does not hold or is another
/// report's.
pub fn archive(exporter: &Exporter, made_of: Ingredients) -> Result<Archive, ArchiveError> {
    let Ingredients { report, stem, signing, elements, validation_data } = made_of;
    let stem = apart(stem);
    let limits = match &signing {
        Signing::Now { export, .. } => export.limits,
        Signing::Before { verify, .. } => verify.limits,
    };
    let limits = &limits;
    let mut made = match signing {
        Signing::Now { export, assets, key, sign } => sign_now(exporter, report, export, assets, key, sign)?,
        Signing::Before { pdf, verify } => signed_before(exporter, report, pdf, verify)?,
    };
    if let Some(add) = validation_data {
        let time = made.time().ok_or(ArchiveError::Sign(SignError::NotSigned))?;
        made.pdf = add(&made.pdf, time).map_err(ArchiveError::Sign)?;
    }
    let Made { pdf, export, source, findings, silenced, .. } = &made;
    let mut payload = derived(&stem, export, source, (findings, silenced)).map_err(ArchiveError::Preview)?;
    payload.extend([metadata::file(export, &elements)]);
    payload.insert(format!("{stem}.pdf"), pdf.clone());
    let provenance = provenance(pdf, source, &made.signatures, limits).map_err(ArchiveError::Signed)?;
    payload.insert(PROVENANCE.to_owned(), pretty(&provenance));
    let files = bag::pack(payload, &info(export, &made.signatures));
    let Made { signatures, allowed, export, silenced, .. } = made;
    Ok(Archive { files, signatures, allowed, findings: export.findings, silenced })
}

/// What a bag says about itself; it follows from the signed PDF.
fn info(export: &Export, signatures: &[SignatureReport]) -> Vec<(&'static str, String)> {
    let report = &export.report;
    let info = [
        ("Source-Organization", issuers(report)),
        ("External-Description", export.title.clone()),
        ("External-Identifier", report.metadata.index_number.clone().unwrap_or_default()),
        ("Bagging-Date", bagging_date(signatures)),
        ("Bag-Software-Agent", format!("gongwen {}", env!("CARGO_PKG_VERSION"))),
    ];
    info.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The day of the last signature or time stamp; nothing where none states a time.
fn bagging_date(signatures: &[SignatureReport]) -> String {
    let last = signatures.iter().filter_map(SignatureReport::stated_time).max();
    last.map(|time| time.to_string().chars().take(10).collect()).unwrap_or_default()
}

/// A name that is not one of the bag's own files'.
fn apart(stem: &str) -> String {
    let own = [CHECKS, METADATA, PROVENANCE].iter().filter_map(|own| own.strip_suffix(".json"));
    let mut own = own.chain(["preview"]);
    // Names that differ only in case are one file on Windows and macOS.
    if own.any(|own| own == stem.to_lowercase()) { format!("{stem}-report") } else { stem.to_owned() }
}

/// The signed PDF, and what made it.
struct Made {
    pdf: Vec<u8>,
    export: Export,
    source: EmbeddedSource,
    /// The findings about the report, as `check` has them.
    findings: Vec<Diagnostic>,
    silenced: Vec<Silenced>,
    signatures: Vec<SignatureReport>,
    allowed: Vec<Weakness>,
}

impl Made {
    /// The time of its last signature.
    fn time(&self) -> Option<Time> {
        self.signatures.iter().filter_map(SignatureReport::stated_time).max()
    }
}

/// The provenance of the files of a signed PDF: the manifest that they carry, and how its signatures were made. All of it
/// follows from the PDF.
fn provenance(
    pdf: &[u8],
    source: &EmbeddedSource,
    signatures: &[SignatureReport],
    limits: &Limits,
) -> Result<Value, ReadError> {
    let making = sign::making(pdf, limits)?;
    let signed = |signature: &SignatureReport| {
        let mut entry = signed(signature);
        let own = making.iter().find(|making| making.field == signature.field);
        if let Some(own) = own.filter(|own| own.seal_sha256.is_some() || !own.allowed.is_empty()) {
            entry["seal_sha256"] = json!(own.seal_sha256);
            entry["allowed"] = own.allowed.iter().map(|weakness| weakness.name()).collect();
        }
        entry
    };
    let signatures: Vec<Value> = signatures.iter().map(signed).collect();
    Ok(json!({ "manifest": manifest(source), "signatures": signatures }))
}

fn manifest(source: &EmbeddedSource) -> Option<Value> {
    serde_json::from_slice(&source.manifest).ok()
}

/// A signature, as the provenance has it. A document time stamp has no time of signing, but its own.
fn signed(signature: &SignatureReport) -> Value {
    let signer = signature.signer.as_ref();
    let stamp = match signature.kind {
        SignatureKind::Signature => signature.time_stamp.as_ref().map(|stamp| stamp.time),
        SignatureKind::TimeStamp => signature.stated_time(),
    };
    json!({
        "field": signature.field,
        "signer": signer.map(|signer| &signer.subject),
        "certificate_sha256": signer.map(|signer| &signer.sha256),
        "time": signature.claimed_time,
        "time_stamp": stamp,
    })
}

fn sign_now(
    exporter: &Exporter,
    report: &[u8],
    options: &Options,
    assets: &dyn Assets,
    key: &SigningKey,
    signing: &SignOptions,
) -> Result<Made, ArchiveError> {
    let options = Options {
        formats: vec![Format::Pdf, Format::Docx],
        embed_source: true,
        pdf: PdfOptions { signatories: options.pdf.signatories.max(1), ..options.pdf.clone() },
        ..options.clone()
    };
    let export = exporter.export(report, &options, assets).map_err(ArchiveError::Export)?;
    let pdf = export.file(Format::Pdf).unwrap_or_default();
    let Signed { bytes, allowed, .. } = sign::sign(pdf, key, signing).map_err(ArchiveError::Sign)?;
    // Certificates with permitted weaknesses do not hold; the signer is reported all the same.
    let only = VerifyOptions { signatures_only: true, limits: options.limits, ..VerifyOptions::default() };
    let found = signatures::verify(&bytes, &only, exporter).map_err(ArchiveError::Signed)?;
    let source = export.source.clone().ok_or(ArchiveError::OtherReport)?;
    let (findings, silenced) = signatures::findings(&source, exporter, &options.limits);
    Ok(Made { pdf: bytes, export, source, findings, silenced, signatures: found.signatures, allowed })
}

fn signed_before(
    exporter: &Exporter,
    report: &[u8],
    pdf: &[u8],
    options: VerifyOptions,
) -> Result<Made, ArchiveError> {
    let options = VerifyOptions { signatures_only: false, ..options };
    let found = signatures::verify(pdf, &options, exporter).map_err(ArchiveError::Signed)?;
    // The files beside the PDF are made from its report, so this version must make the PDF again. Whose it is matters
    // where roots were given.
    let proved = options.roots.is_none() || found.holds();
    if found.verdict == Verdict::Broken || !proved || found.reproduced == Some(Reproduction::OtherVersion) {
        return Err(ArchiveError::DoesNotHold(Box::new(found)));
    }
    let source = match extract(pdf, &options.limits) {
        Ok(source) if source.report == report => source,
        Ok(_) | Err(ExtractError::Nothing) => return Err(ArchiveError::OtherReport),
        Err(ExtractError::Read(error)) => return Err(ArchiveError::Signed(error)),
    };
    // Verification made the PDF again; here it is made with its Word file.
    let again = exporter.reproduce(&source, &[Format::Pdf, Format::Docx], &options.limits);
    let export = again.map_err(|_| ArchiveError::OtherReport)?.export;
    let (findings, silenced) =
        found.content.map(|content| (content.findings, content.silenced)).unwrap_or_default();
    Ok(Made {
        pdf: pdf.to_vec(),
        export,
        source,
        findings,
        silenced,
        signatures: found.signatures,
        allowed: Vec::new(),
    })
}

/// The files of a bag that follow from what its documents carry: all but the PDF, which is signed, and who signed it.
fn derived(
    stem: &str,
    export: &Export,
    source: &EmbeddedSource,
    (findings, silenced): (&[Diagnostic], &[Silenced]),
) -> Result<Files, PreviewError> {
    let pages = preview::preview_pdf(
        export.file(Format::Pdf).unwrap_or_default(),
        PREVIEW_DPI,
        &Selection::default(),
    )?;
    let mut files = Files::new();
    // With figures of another file it has them in its tables, as the files carry it.
    files.insert(format!("{stem}.json"), source.report.clone());
    files.insert(format!("{stem}.docx"), export.file(Format::Docx).unwrap_or_default().to_vec());
    for page in pages {
        files.insert(format!("preview/{stem}-{}.png", page.number), page.png);
    }
    let mut checks = json!({ "findings": findings });
    if !silenced.is_empty() {
        checks["silenced"] = json!(silenced);
    }
    files.insert(CHECKS.to_owned(), pretty(&checks));
    files.extend([metadata::file(export, &Elements::default())]);
    Ok(files)
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

fn issuers(report: &Report) -> String {
    report.issuer.join("、")
}
