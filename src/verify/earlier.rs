//! Whether a change of a file leaves the signatures as they were that it has already: asked before a file is written.

use super::{ChangeDetail, SignatureReport, VerifyOptions, verify};
use crate::diagnostic::Message;
use crate::engine::Exporter;
use crate::message;
use crate::options::Limits;
use crate::read::ReadError;
use crate::read::pdf::open;
use crate::sign::fields;

/// An earlier signature that would not hold any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenSignature {
    /// The name of its field.
    pub field: String,
    /// The change that it does not permit.
    pub change: ChangeDetail,
}

impl BrokenSignature {
    /// In words.
    pub fn message(&self) -> Message {
        let (field, Message { zh, en }) = (&self.field, self.change.message());
        message!(
            "这样签，先前的签名“{field}”就不再成立：{zh}",
            "signed like this, the earlier signature \"{field}\" would not hold any more: {en}"
        )
    }
}

/// The first signature of a file whose later changes are all permitted in it, and are not in a later state of the same file.
///
/// # Errors
/// If one of the two cannot be read within the limits.
pub fn broken_signature(
    before: &[u8],
    after: &[u8],
    limits: &Limits,
) -> Result<Option<BrokenSignature>, ReadError> {
    // Most often there is none.
    if fields::find(&mut open(before, limits)?)?.iter().all(|field| field.value.is_none()) {
        return Ok(None);
    }
    let options = VerifyOptions { signatures_only: true, limits: *limits, ..VerifyOptions::default() };
    let exporter = Exporter::new();
    // Nobody can verify a file that is too much for that, with this change or without it.
    let verified = |pdf: &[u8]| match verify(pdf, &options, &exporter) {
        Err(ReadError::Limit(_)) => Ok(Vec::new()),
        found => found.map(|found| found.signatures),
    };
    // That a revocation is known now, or that time went by, is no change of the file.
    let forbidden = |signature: SignatureReport| {
        let change = signature.changes.into_iter().find(|change| !change.permitted)?;
        Some(BrokenSignature { field: signature.field, change: change.detail })
    };
    let broken: Vec<BrokenSignature> = verified(after)?.into_iter().filter_map(forbidden).collect();
    if broken.is_empty() {
        return Ok(None);
    }
    let before: Vec<SignatureReport> = verified(before)?;
    let was_whole = |broken: &BrokenSignature| {
        let mut own = before.iter().filter(|signature| signature.field == broken.field);
        own.any(|signature| signature.changes.iter().all(|change| change.permitted))
    };
    Ok(broken.into_iter().find(was_whole))
}
