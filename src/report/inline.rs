//! A text of more than one face: a plain string, or a list of strings, spans and footnotes.
//!
//! There is no markup inside strings: `**` and `<b>` are printed as they are.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// A text: a string, or a list of strings, spans and footnotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inlines(pub Vec<Inline>);

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Inline {
    /// Text as that around it.
    Plain(String),
    /// Text that is set otherwise.
    Span(Span),
    /// A footnote, whose mark stands behind the text before it.
    Note(Note),
}

/// A footnote: 脚注. It is no part of the text that its mark stands in.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Note {
    /// What stands at the foot of the page, without its number.
    pub note: String,
}

/// Text that is set otherwise than that around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether it is bold: 加粗.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strong: Option<bool>,
    /// Its face.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<SpanFace>,
    /// Whether it is raised: 上标.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raised: Option<bool>,
    /// Whether it is lowered: 下标.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowered: Option<bool>,
    /// The address that it leads to: `https://…`, `http://…` or `mailto:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The face of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SpanFace {
    /// That of headings of level 1: 黑体.
    Heading,
    /// That of headings of level 2: 楷体.
    Kai,
    /// That of the body: 仿宋.
    Body,
}

impl SpanFace {
    /// Every face with its key.
    pub const ALL: [(&'static str, SpanFace); 3] =
        [("heading", SpanFace::Heading), ("kai", SpanFace::Kai), ("body", SpanFace::Body)];
}

impl Inlines {
    /// All of the text, without its footnotes.
    pub fn text(&self) -> String {
        self.0.iter().map(Inline::text).collect()
    }

    /// Whether it is one string, as nearly all texts are.
    pub fn is_plain(&self) -> bool {
        matches!(self.0[..], [] | [Inline::Plain(_)])
    }
}

impl Inline {
    /// Its text; a footnote has none in the text around it.
    pub fn text(&self) -> &str {
        match self {
            Inline::Plain(text) => text,
            Inline::Span(span) => &span.text,
            Inline::Note(_) => "",
        }
    }
}

impl From<String> for Inlines {
    fn from(text: String) -> Inlines {
        Inlines(vec![Inline::Plain(text)])
    }
}

impl From<&str> for Inlines {
    fn from(text: &str) -> Inlines {
        text.to_owned().into()
    }
}

impl Serialize for Inlines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [] => "".serialize(serializer),
            [Inline::Plain(text)] => text.serialize(serializer),
            pieces => pieces.serialize(serializer),
        }
    }
}

/// How a text is written.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the JSON to schemars; the reader turns both forms into a list")]
enum StringOrList {
    /// A text of one face.
    Text(String),
    /// A text of several pieces.
    Pieces(Vec<Inline>),
}

impl JsonSchema for Inlines {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Inlines".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        StringOrList::json_schema(generator)
    }
}
