//! Renewal of an archive: a document time stamp over its PDF before the last one runs out.
//!
//! Everything else stays: of the bag only the PDF, its provenance, the date and the manifests change.

use serde_json::Value;

use super::bag::{self, Files};
use super::reason::ArchiveReason;
use super::{PROVENANCE, pretty, signed};
use crate::engine::Exporter;
use crate::options::Limits;
use crate::read::ReadError;
use crate::sign::SignError;
use crate::verify::{self, SignatureReport, Verdict, Verification, VerifyOptions};

/// Adds a document time stamp to a signed file, with the validation data that it is to cover.
pub type AddTimeStamp<'a> = dyn Fn(&[u8]) -> Result<Vec<u8>, SignError> + 'a;

/// A renewed archive.
#[derive(Debug)]
pub struct Renewed {
    /// The files of the bag.
    pub files: Files,
    /// The path of the PDF in it.
    pub pdf: String,
    /// The result of verifying the signatures of the PDF.
    pub verification: Verification,
}

/// Why an archive was not renewed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    /// The bag is not whole; why.
    #[error("the archive is not whole")]
    Bag(Vec<ArchiveReason>),
    /// The signatures of the PDF do not hold: a time stamp would not mend them.
    #[error("the signatures of the PDF do not hold")]
    DoesNotHold(Box<Verification>),
    /// The PDF cannot be read.
    #[error(transparent)]
    Pdf(#[from] ReadError),
    /// There is no time stamp.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Renews an archive. The signatures must be intact; who signed is not asked here.
///
/// # Errors
/// If the bag is not whole, its PDF does not hold, or there is no time stamp.
pub fn renew(
    files: &Files,
    add: &AddTimeStamp,
    exporter: &Exporter,
    limits: &Limits,
) -> Result<Renewed, RenewError> {
    let problems = bag::problems(files);
    let pdfs: Vec<&String> =
        files.keys().filter(|path| path.starts_with("data/") && path.ends_with(".pdf")).collect();
    let pdf = match (problems.is_empty(), pdfs.as_slice()) {
        (true, [pdf]) => (*pdf).clone(),
        (true, []) => return Err(RenewError::Bag(vec![ArchiveReason::NoPdf])),
        (true, _) => return Err(RenewError::Bag(vec![ArchiveReason::SeveralPdfs])),
        (false, _) => return Err(RenewError::Bag(problems)),
    };
    let options = VerifyOptions { signatures_only: true, limits: *limits, ..VerifyOptions::default() };
    let before = verify::verify(&files[&pdf], &options, exporter)?;
    if before.verdict == Verdict::Broken {
        return Err(RenewError::DoesNotHold(Box::new(before)));
    }
    let stamped = add(&files[&pdf])?;
    let verification = verify::verify(&stamped, &options, exporter)?;
    let provenance = format!("data/{PROVENANCE}");
    let held = files.get(&provenance).and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let (Some(mut held), true) = (held, verification.signatures.len() > before.signatures.len()) else {
        return Err(RenewError::Bag(vec![ArchiveReason::ProvenanceMismatch { file: provenance }]));
    };
    let Some(entries) = held["signatures"].as_array_mut() else {
        return Err(RenewError::Bag(vec![ArchiveReason::ProvenanceMismatch { file: provenance }]));
    };
    entries.extend(verification.signatures[before.signatures.len()..].iter().map(signed));
    let mut payload: Files = files
        .iter()
        .filter_map(|(path, bytes)| Some((path.strip_prefix("data/")?.to_owned(), bytes.clone())))
        .collect();
    payload.insert(pdf.trim_start_matches("data/").to_owned(), stamped);
    payload.insert(PROVENANCE.to_owned(), pretty(&held));
    let info = info(files, &verification.signatures);
    let info: Vec<(&str, String)> =
        info.iter().map(|(label, value)| (label.as_str(), value.clone())).collect();
    Ok(Renewed { files: bag::pack(payload, &info), pdf, verification })
}

/// What the bag says about itself, with the date of its last time stamp; what made it stays.
fn info(files: &Files, signatures: &[SignatureReport]) -> Vec<(String, String)> {
    let date = super::bagging_date(signatures);
    let held = String::from_utf8_lossy(files.get(bag::INFO).map_or(&[][..], Vec::as_slice)).into_owned();
    let lines = held.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(label, _)| *label != "Payload-Oxum")
        .map(|(label, value)| {
            let value = if label == "Bagging-Date" { date.clone() } else { value.to_owned() };
            (label.to_owned(), value)
        })
        .collect()
}
