//! Verdicts: whether what was verified holds, and what would settle it where it is not proved.

use serde::Serialize;

use crate::diagnostic::Message;
use crate::message;

/// The verdict on a file, a signature, an embedded report or an archive; of several the worst counts, which is the
/// greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Intact, and the signer is proved.
    #[default]
    Holds,
    /// Intact, but who signed, or when, is not proved: ETSI EN 319 102-1 calls it indeterminate.
    Unproved,
    /// Changed, forged, or signed by nobody.
    Broken,
}

impl Verdict {
    /// The verdict in words.
    pub fn words(self) -> Message {
        match self {
            Verdict::Holds => message!("通过", "holds"),
            Verdict::Unproved => message!("完好，签名者未证实", "intact, signer not proved"),
            Verdict::Broken => message!("不通过", "does not hold"),
        }
    }

    /// The worst of several; those of nothing hold.
    pub(crate) fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        verdicts.into_iter().max().unwrap_or_default()
    }
}

/// Serialises reasons as `{"code", "zh", "en", "verdict", "settled_by"}`.
macro_rules! serialize_judged {
    ($($reason:ty),+ $(,)?) => {
        $(impl serde::Serialize for $reason {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let words = self.message();
                let mut object = serializer.serialize_struct("Reason", 5)?;
                object.serialize_field("code", self.code())?;
                object.serialize_field("zh", &words.zh)?;
                object.serialize_field("en", &words.en)?;
                object.serialize_field("verdict", &self.verdict())?;
                object.serialize_field("settled_by", &self.settled_by())?;
                object.end()
            }
        })+
    };
}
pub(crate) use serialize_judged;

/// What settles a file that does not hold.
pub(crate) fn another_copy() -> Message {
    message!(
        "向签名者或来源另取一份未经改动的文件",
        "get another copy, unchanged, from the signer or the source"
    )
}

/// What settles a certificate that is not fit.
pub(crate) fn another_certificate() -> Message {
    message!(
        "请签名者用合格的签名证书重新签名",
        "ask the signer to sign again with a certificate that is fit for signatures"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_verdict_counts() {
        assert_eq!(Verdict::worst([]), Verdict::Holds);
        assert_eq!(Verdict::worst([Verdict::Holds, Verdict::Unproved]), Verdict::Unproved);
        assert_eq!(Verdict::worst([Verdict::Broken, Verdict::Unproved]), Verdict::Broken);
    }
}
