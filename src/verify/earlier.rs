//! Whether a change of a file leaves the signatures as they were that it has already: asked before a file is written.

use super::{ChangeDetail, SignatureReason, Verdict, VerifyOptions, verify};
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
    /// Why it would not hold.
    pub reason: SignatureReason,
    /// The change that it does not permit, if that is the reason.
    pub change: Option<ChangeDetail>,
}

impl BrokenSignature {
    /// In words.
    pub fn message(&self) -> Message {
        let reason = self.change.as_ref().map_or_else(|| self.reason.message(), ChangeDetail::message);
        let (field, Message { zh, en }) = (&self.field, reason);
        message!(
            "这样签，先前的签名“{field}”就不再成立：{zh}",
            "signed like this, the earlier signature \"{field}\" would not hold any more: {en}"
        )
    }
}

/// The first signature of a file that is not broken in it, and is in a later state of the same file.
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
    let held = verify(before, &options, &exporter)?;
    let holds = verify(after, &options, &exporter)?;
    let held = held.signatures.into_iter().filter(|signature| signature.verdict != Verdict::Broken);
    let fields: Vec<String> = held.map(|signature| signature.field).collect();
    Ok(holds.signatures.into_iter().filter(|signature| fields.contains(&signature.field)).find_map(
        |signature| {
            let reason = signature.reasons.into_iter().find(|reason| reason.verdict() == Verdict::Broken)?;
            let change = signature.changes.into_iter().find(|change| !change.permitted);
            Some(BrokenSignature {
                field: signature.field,
                reason,
                change: change.map(|change| change.detail),
            })
        },
    ))
}
