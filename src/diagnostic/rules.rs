//! Rules: what a finding may be of.

use super::Severity;

/// A rule of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `topic.rule`, by which a report silences it.
    pub id: &'static str,
    /// How bad a breach is. A layout may give the rules of its own identities another severity.
    pub severity: Severity,
    /// What is wrong, in a line.
    pub summary: &'static str,
}

/// Every rule of the program, by id. Layouts have rules of their own, for their identities and statements.
pub fn rules() -> &'static [Rule] {
    RULES
}

const RULES: &[Rule] = &[];
