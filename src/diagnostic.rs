//! What is wrong with an input, where, and what to do about it.
//!
//! A diagnostic names its place by a JSON pointer; only the source text knows line and column, so they are
//! filled in last, by `Source::locate`. Every message is written in Chinese and in English at the same spot.

use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::Serialize;

/// A finding in an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the work.
    pub severity: Severity,
    /// `topic.rule`, for silencing and for machines.
    pub rule: Cow<'static, str>,
    /// JSON pointer into the report as written; empty for the whole.
    pub pointer: String,
    /// What is wrong.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
    /// The figures that it is about.
    pub cells: Vec<RelatedCell>,
    /// Where in the source text, once known.
    pub position: Option<Position>,
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
    /// Whether changing it alone would mend everything that is broken around it.
    pub suspect: bool,
    /// Whether it is a figure of the last report.
    pub previous: bool,
    /// The unit whose report it is a figure of, where a report is laid beside those of its units.
    #[serde(skip_serializing_if = "Option::is_none")]
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
        Diagnostic { severity, rule, pointer, message, hint: None, cells: Vec::new(), position: None }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same at a known place in the text.
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

/// Whether any of them stops the work.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Stops the work.
    Error,
    /// Is told; the work goes on.
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
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), candidate))
        .filter(|(score, _)| *score >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// A JSON pointer one step deeper: RFC 6901, 3 (`~` and `/` are escaped).
pub fn child(pointer: &str, step: impl fmt::Display) -> String {
    let mut deeper = String::with_capacity(pointer.len() + 16);
    deeper.push_str(pointer);
    deeper.push('/');
    let start = deeper.len();
    let _ = write!(deeper, "{step}");
    if deeper[start..].contains(['~', '/']) {
        let escaped = deeper[start..].replace('~', "~0").replace('/', "~1");
        deeper.replace_range(start.., &escaped);
    }
    deeper
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
    }

    #[test]
    fn child_escapes_by_rfc_6901() {
        assert_eq!(child("/a", "b/c~d"), "/a/b~1c~0d");
    }
}
