//! The archival set of a report: signed PDF, Word file, source, checks, pages and provenance, as a bag.
//!
//! The bag's paths and bytes follow from what is given alone: the time is the caller's, as it is for a signature, so
//! two archives of one report differ only where the report, the program or the signature does.

mod bag;
mod look;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Message};
use crate::document::Assets;
use crate::embed::hex;
use crate::export::{Export, Exporter, Format, Options, Rejected};
use crate::preview::{self, PreviewError, Selection};
use crate::report::Report;
use crate::sign::{SignError, SignOptions, Signed, SigningKey, sign};

pub use bag::Files;
pub use look::{ArchiveReport, DocumentReport, verify};

/// Pixels an inch of the pages that are kept for a quick look.
const PREVIEW_DPI: u32 = 100;

/// What an archive is made of.
pub struct Ingredients<'a> {
    /// The report, as its author wrote it.
    pub report: &'a [u8],
    /// The name of its files, without an ending.
    pub stem: &'a str,
    /// How it is exported. The report is always embedded, and there is room for one signature at least.
    pub options: Options,
    /// Where its images are.
    pub assets: &'a dyn Assets,
    /// Who signs.
    pub key: &'a SigningKey,
    /// How; its time is that of the archive.
    pub sign: SignOptions<'a>,
}

/// An archive.
#[derive(Debug)]
pub struct Archive {
    /// The files of the bag.
    pub files: Files,
    /// The signature.
    pub signed: Signed,
    /// What was noticed in the report.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no archive.
#[derive(Debug)]
pub enum ArchiveError {
    /// The report was found wanting.
    Rejected(Rejected),
    /// The PDF cannot be signed so.
    Sign(SignError),
    /// Its pages cannot be drawn.
    Preview(PreviewError),
}

/// Makes the archive of a report.
///
/// # Errors
/// If the report has mistakes, or key or certificate are not fit to sign.
pub fn archive(exporter: &Exporter, made_of: Ingredients) -> Result<Archive, ArchiveError> {
    let Ingredients { report, stem, options, assets, key, sign: signing } = made_of;
    let options = Options {
        formats: vec![Format::Pdf, Format::Docx],
        embed_source: true,
        signatories: options.signatories.max(1),
        ..options
    };
    let export = exporter.export(report, &options, assets).map_err(ArchiveError::Rejected)?;
    let pdf = export.file(Format::Pdf).unwrap_or_default();
    let signed = sign(pdf, key, &signing).map_err(ArchiveError::Sign)?;
    let pages = preview::render(pdf, PREVIEW_DPI, &Selection::default()).map_err(ArchiveError::Preview)?;

    let mut payload = Files::new();
    // With figures of another file it has them in its tables, as the files carry it.
    let carried = export.source.as_ref().map_or(report, |source| &source.report);
    payload.insert(format!("{stem}.json"), carried.to_vec());
    payload.insert(format!("{stem}.pdf"), signed.bytes.clone());
    payload.insert(format!("{stem}.docx"), export.file(Format::Docx).unwrap_or_default().to_vec());
    for page in pages {
        payload.insert(format!("preview/{stem}-{}.png", page.number), page.png);
    }
    payload.insert("check.json".to_owned(), pretty(&checks(&export.warnings)));
    payload.insert("metadata.json".to_owned(), pretty(&metadata(&export)));
    payload.insert("provenance.json".to_owned(), pretty(&provenance(&export, &signed, &signing)));
    let report = &export.report;
    let info = [
        ("Source-Organization", issuers(report)),
        ("External-Description", export.title.clone()),
        ("External-Identifier", report.metadata.index_number.clone().unwrap_or_default()),
        ("Bagging-Date", signing.time.to_string().chars().take(10).collect()),
        ("Bag-Software-Agent", format!("gongwen {}", env!("CARGO_PKG_VERSION"))),
    ];
    let info: Vec<_> = info.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Ok(Archive { files: bag::pack(payload, &info), signed, warnings: export.warnings })
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

fn issuers(report: &Report) -> String {
    report.issuer.join("、")
}

#[derive(Serialize)]
struct Noticed<'a> {
    severity: crate::diagnostic::Severity,
    rule: &'a str,
    pointer: &'a str,
    message: &'a Message,
}

/// What the checks found. There are no errors: with one there would be no archive, unless it was let pass.
fn checks(warnings: &[Diagnostic]) -> Value {
    let noticed = |found: &Diagnostic| {
        json!(Noticed {
            severity: found.severity,
            rule: &found.rule,
            pointer: &found.pointer,
            message: &found.message
        })
    };
    json!({ "findings": warnings.iter().map(noticed).collect::<Vec<_>>() })
}

/// The elements of DA/T 46—2009 that a report tells, by their Chinese names.
fn metadata(export: &Export) -> Value {
    let report = &export.report;
    let mut fields = serde_json::Map::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            fields.insert(name.to_owned(), value.into());
        }
    };
    put("题名", Some(&export.title));
    put("责任者", Some(&issuers(report)));
    put("日期", report.signature.as_ref().and_then(|signature| signature.date.as_deref()));
    for (_, name, value) in report.metadata.fields() {
        put(name, value);
    }
    put("摘要", report.metadata.summary.as_deref());
    put("关键词", Some(&report.metadata.keywords.join("；")));
    Value::Object(fields)
}

/// What made the files: the manifest that they carry, and who signed when.
fn provenance(export: &Export, signed: &Signed, signing: &SignOptions) -> Value {
    let manifest =
        export.source.as_ref().and_then(|source| serde_json::from_slice::<Value>(&source.manifest).ok());
    let seal = signing.seal.as_ref().map(|seal| hex(&Sha256::digest(&seal.bytes)));
    json!({
        "manifest": manifest,
        "signature": {
            "field": signed.field,
            "signer": signed.certificate.subject(),
            "certificate_sha256": hex(&Sha256::digest(signed.certificate.der())),
            "time": signing.time,
            "time_stamp": signed.stamped,
            "seal_sha256": seal,
            "allowed": signed.allowed.iter().map(|weakness| weakness.name()).collect::<Vec<_>>(),
        },
    })
}
