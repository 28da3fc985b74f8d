//! Findings as they are gathered: of one kind the first hundred are kept, then their number.
//!
//! A kind is a rule with a severity. A report with a hundred thousand slips of one kind is mended by its first ones; the
//! rest would take memory and hide the findings of other kinds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Diagnostic, Severity};
use crate::message;

/// How many findings of one kind are told.
pub(crate) const MOST: usize = 100;

/// Findings, of which those of one kind are bounded.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    told: Vec<Diagnostic>,
    kinds: BTreeMap<(Cow<'static, str>, Severity), Kind>,
}

/// The findings of one kind.
#[derive(Debug)]
struct Kind {
    count: usize,
    /// Where the first that is not told would have stood.
    pointer: String,
}

impl Findings {
    /// One finding more.
    pub fn push(&mut self, finding: Diagnostic) {
        let key = (finding.rule.clone(), finding.severity);
        let kind = self.kinds.entry(key).or_insert(Kind { count: 0, pointer: String::new() });
        kind.count += 1;
        if kind.count <= MOST {
            self.told.push(finding);
        } else if kind.count == MOST + 1 {
            kind.pointer = finding.pointer;
        }
    }

    /// Whether another finding of this rule, an error, would only be counted: then its message need not be made.
    pub fn counts_only(&self, rule: &'static str) -> bool {
        self.kinds.get(&(Cow::Borrowed(rule), Severity::Error)).is_some_and(|kind| kind.count > MOST)
    }

    /// Counts an error of a rule of which [`Findings::counts_only`] is true.
    pub fn count(&mut self, rule: &'static str) {
        if let Some(kind) = self.kinds.get_mut(&(Cow::Borrowed(rule), Severity::Error)) {
            kind.count += 1;
        }
    }

    /// Whether one of them stops the work.
    pub fn has_errors(&self) -> bool {
        super::has_errors(&self.told)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The findings, and for each kind with more of them one that says how many.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        let Findings { mut told, kinds } = self;
        for ((rule, severity), Kind { count, pointer }) in kinds {
            if count > MOST {
                let rest = count - MOST;
                let text = message!(
                    "同一种问题（{rule}）还有 {rest} 处，没有逐一列出",
                    "{rest} more of this kind ({rule}) are not listed"
                );
                told.push(Diagnostic::new(severity, rule, pointer, text));
            }
        }
        told
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

/// These findings, those of one kind bounded.
pub(crate) fn bounded(findings: impl IntoIterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut all = Findings::default();
    all.extend(findings);
    all.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_of_a_kind_are_told_then_their_number() {
        let finding =
            |rule: &'static str, at: usize| Diagnostic::error(rule, format!("/{at}"), message!("甲", "a"));
        let told = |count: usize| bounded((0..count).map(|at| finding("a.b", at)).chain([finding("a.c", 0)]));
        assert_eq!(told(MOST).len(), MOST + 1);
        let many = told(250);
        assert_eq!(many.len(), MOST + 2);
        let last = &many[MOST + 1];
        assert_eq!(
            (last.rule.as_ref(), last.severity, last.pointer.as_str()),
            ("a.b", Severity::Error, "/100")
        );
        assert_eq!(last.message.en, "150 more of this kind (a.b) are not listed");
    }
}
