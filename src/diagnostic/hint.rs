//! Hints: advice about a finding.

use serde::{Serialize, Serializer};

use super::Message;
use crate::message;

/// A hint: a code that a front end may word in its own terms (an option, a button), and a wording that fits
/// every front end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What kind of advice it is.
    pub code: HintCode,
    /// The advice.
    pub message: Message,
}

/// The kinds of advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HintCode {
    /// Advice without a code of its own.
    Advice,
    /// Another word was probably meant.
    DidYouMean,
    /// [`fix`](crate::fix) corrects it.
    Fix,
    /// An existing layout must be named.
    ListLayouts,
    /// The folder of the files that the report names must be given.
    AssetsFolder,
    /// An empty workbook of the layout can be written.
    BlankWorkbook,
    /// The fonts in use can be listed.
    ListFonts,
    /// The limits can be raised.
    Limits,
    /// A folder with a font for the character can be given.
    FontsFolder,
}

impl Hint {
    /// Another word was probably meant.
    pub fn did_you_mean(word: &str) -> Hint {
        let message = message!("是不是想写 \"{word}\"？", "did you mean \"{word}\"?");
        Hint { code: HintCode::DidYouMean, message }
    }
}

impl From<Message> for Hint {
    fn from(message: Message) -> Self {
        Hint { code: HintCode::Advice, message }
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            code: HintCode,
            zh: &'a str,
            en: &'a str,
        }
        Form { code: self.code, zh: &self.message.zh, en: &self.message.en }.serialize(serializer)
    }
}
