//! Findings: what is wrong with an input, where, and what to do about it.
//!
//! A finding identifies its value by a JSON pointer; line and column depend on the source text and are filled
//! in last, by `Source::resolve`. Every message is written in Chinese and in English, side by side.

mod findings;
mod hint;
mod lines;
mod place;
pub(crate) mod rule;

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

pub(crate) use findings::{Findings, bounded};
pub use hint::{Hint, HintCode};
pub(crate) use lines::Lines;
pub use place::Place;
pub use rule::{Rule, rules};

/// A finding in an input.
///
/// As JSON it has one form everywhere: `rule`, `severity`, `message` (in Chinese), `message_en`, `hint`, `pointer`,
/// `label`, `quoted`, `line`, `column`, `place`, `related`, `mend`; what is absent is null.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Whether it stops the work.
    pub severity: Severity,
    /// `topic.rule`, for silencing and for machines.
    pub rule: Cow<'static, str>,
    /// JSON pointer into the report as written; empty for the whole.
    pub pointer: String,
    /// The label of the value at the pointer, as printed: `（一）予以公开·总计`.
    pub label: Option<String>,
    /// The words of the prose that the finding is about.
    pub quoted: Option<String>,
    /// What is wrong.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Hint>,
    /// The figures that it is about.
    pub related: Vec<RelatedCell>,
    /// Where in the source text, once known.
    pub position: Option<Position>,
    /// Where in the file that the value was read from, if it was not the report itself.
    pub place: Option<Place>,
    /// The one value that would settle it, where there is one.
    pub mend: Option<Mend>,
}

/// A value that would settle a finding: a program for people may set it at a touch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// JSON pointer of the value, which may be another one than that of the finding.
    pub pointer: String,
    /// The text of the figure, or `auto`.
    pub value: String,
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Diagnostic", 13)?;
        object.serialize_field("rule", &self.rule)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("message", &self.message.zh)?;
        object.serialize_field("message_en", &self.message.en)?;
        object.serialize_field("hint", &self.hint)?;
        object.serialize_field("pointer", &self.pointer)?;
        object.serialize_field("label", &self.label)?;
        object.serialize_field("quoted", &self.quoted)?;
        object.serialize_field("line", &self.position.map(|position| position.line))?;
        object.serialize_field("column", &self.position.map(|position| position.column))?;
        object.serialize_field("place", &self.place)?;
        object.serialize_field("related", &self.related)?;
        object.serialize_field("mend", &self.mend)?;
        object.end()
    }
}

/// A finding that the report declares as accepted. As JSON it is the finding with one member more, `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Silenced {
    /// The finding.
    #[serde(flatten)]
    pub finding: Diagnostic,
    /// Why it is accepted, in the words of the report.
    pub reason: String,
}

/// A figure that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedCell {
    /// JSON pointer into the report as written; into the last report where `previous` says so.
    pub pointer: String,
    /// Its row and column as they are printed: `（一）予以公开·总计`.
    pub label: String,
    /// What it counts as.
    pub value: String,
    /// Where in the file that it was read from, if it was not the report itself.
    pub place: Option<Place>,
    /// Whether changing this figure alone would satisfy all identities that it is in.
    pub suspect: bool,
    /// Whether it is a figure of the last report.
    pub previous: bool,
    /// Whether the program computed it.
    pub computed: bool,
    /// The unit that the figure is from, if a report is compared with those of its units.
    pub unit: Option<String>,
}

impl Diagnostic {
    /// An error at `pointer`.
    pub fn error(rule: impl Into<Cow<'static, str>>, pointer: impl Into<String>, message: Message) -> Self {
        Self::new(Severity::Error, rule, pointer, message)
    }

    /// A warning at `pointer`.
    pub fn warning(rule: impl Into<Cow<'static, str>>, pointer: impl Into<String>, message: Message) -> Self {
        Self::new(Severity::Warning, rule, pointer, message)
    }

    /// A finding of this severity at `pointer`.
    pub fn new(
        severity: Severity,
        rule: impl Into<Cow<'static, str>>,
        pointer: impl Into<String>,
        message: Message,
    ) -> Self {
        let (rule, pointer) = (rule.into(), pointer.into());
        Diagnostic {
            severity,
            rule,
            pointer,
            label: None,
            quoted: None,
            message,
            hint: None,
            related: Vec::new(),
            position: None,
            place: None,
            mend: None,
        }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with the label of its value.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with the value that would settle it.
    pub fn mend(mut self, pointer: impl Into<String>, value: impl Into<String>) -> Self {
        self.mend = Some(Mend { pointer: pointer.into(), value: value.into() });
        self
    }

    /// The same at a known position in the text.
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

/// Whether any of them stops the work.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Stops the work.
    Error,
    /// Is reported; the work continues.
    Warning,
}

/// A message in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Message {
    /// The message in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A message from one format string in Chinese and one in English.
#[macro_export]
macro_rules! message {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Message { zh: format!($zh), en: format!($en) }
    };
}

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A place in a text, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column, in characters.
    pub column: usize,
}

impl Position {
    /// The place of byte `offset` in `text`; the end for an offset beyond it.
    pub fn of(text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The one of `known` that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer than every name. What is compared with them takes time by the product of both lengths.
    const MOST: usize = 64;
    known
        .into_iter()
        .filter(|candidate| word.len() <= MOST && candidate.len() <= MOST)
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), candidate))
        // Half a word may be that of any other.
        .filter(|(score, _)| *score > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A JSON pointer one step deeper: RFC 6901, 3 (`~` and `/` are escaped).
pub fn child(pointer: &str, step: impl Step) -> String {
    let mut deeper = String::with_capacity(pointer.len() + 24);
    deeper.push_str(pointer);
    deeper.push('/');
    step.push_to(&mut deeper);
    deeper
}

/// A step of a JSON pointer: the key of an object, or the place in a list.
pub trait Step {
    /// Adds it to a pointer that ends with `/`.
    fn push_to(&self, pointer: &mut String);
}

impl Step for str {
    fn push_to(&self, pointer: &mut String) {
        if self.contains(['~', '/']) {
            pointer.push_str(&self.replace('~', "~0").replace('/', "~1"));
        } else {
            pointer.push_str(self);
        }
    }
}

impl Step for String {
    fn push_to(&self, pointer: &mut String) {
        self.as_str().push_to(pointer);
    }
}

impl Step for usize {
    fn push_to(&self, pointer: &mut String) {
        pointer.push_str(itoa::Buffer::new().format(*self));
    }
}

impl<T: Step + ?Sized> Step for &T {
    fn push_to(&self, pointer: &mut String) {
        (**self).push_to(pointer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_counts_characters_not_bytes() {
        assert_eq!(Position::of("甲\n乙丙", "甲\n乙".len()), Position { line: 2, column: 2 });
        assert_eq!(Position::of("甲", 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn nearest_finds_slips_and_nothing_else() {
        assert_eq!(nearest("isuer", ["issuer", "year"]), Some("issuer"));
        assert_eq!(nearest("zzz", ["issuer", "year"]), None);
        assert_eq!(nearest("nope", ["notice", "letter"]), None);
    }

    #[test]
    fn child_escapes_by_rfc_6901() {
        assert_eq!(child("/a", "b/c~d"), "/a/b~1c~0d");
    }
}
