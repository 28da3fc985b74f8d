//! 勾稽关系: the identities between figures, as a layout defines them.
//!
//! An expression is two sums of references with `=`, `>=` or `<=` between them. What a reference names depends on
//! `each`: a row where the identity holds for every column, a column where it holds for every row, and a row and a
//! column (`granted.total`) where it holds once.

use serde::Deserialize;

use crate::diagnostic::{Message, Severity};
use crate::message;

/// An identity between figures of one table, and perhaps of the last report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitySpec {
    /// `table.rule`, for messages and for silencing.
    pub rule: String,
    /// What holds, in words: `第一项加第二项之和，等于第三项加第四项之和`.
    pub name: String,
    /// The clause that prescribes it.
    pub clause: Option<String>,
    /// The table whose rows and columns the expression names.
    pub table: String,
    /// Whether it holds for every column, for every row, or once.
    #[serde(default)]
    pub each: Each,
    /// The rows that it holds for, where it holds for each; all that have the columns it names where it is absent.
    pub rows: Option<Vec<String>>,
    /// The columns that it holds for, where it holds for each; all that have the rows it names where it is absent.
    pub columns: Option<Vec<String>>,
    /// The rows or columns that it does not hold for, where it holds for each of the others: rates add up to nothing.
    #[serde(default)]
    pub except: Vec<String>,
    /// What holds.
    pub identity: Expression,
    /// Whether a breach is an error or a warning.
    #[serde(default)]
    pub severity: SeveritySpec,
    /// Whether an adjustment of the report, with its reason, may account for a difference.
    #[serde(default)]
    pub adjustable: bool,
}

impl IdentitySpec {
    /// Whether it holds for this row, or this column.
    pub fn holds_for(&self, key: &str) -> bool {
        let only = match self.each {
            Each::Row => self.rows.as_ref(),
            Each::Column => self.columns.as_ref(),
            Each::Table => None,
        };
        only.is_none_or(|only| only.iter().any(|known| known == key))
            && !self.except.iter().any(|known| known == key)
    }
}

/// What an identity holds for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Every column of the table; references name rows.
    Column,
    /// Every row; references name columns.
    Row,
    /// Once; references name a row and a column.
    #[default]
    Table,
}

/// How bad a breach is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeveritySpec {
    /// It stops the export.
    #[default]
    Error,
    /// It is reported; the export goes on.
    Warning,
}

impl From<SeveritySpec> for Severity {
    fn from(severity: SeveritySpec) -> Severity {
        match severity {
            SeveritySpec::Error => Severity::Error,
            SeveritySpec::Warning => Severity::Warning,
        }
    }
}

/// Two sums and how they compare.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Expression {
    /// The sum on the left.
    pub left: Vec<Term>,
    /// How it compares.
    pub relation: Relation,
    /// The sum on the right.
    pub right: Vec<Term>,
}

/// How two sums compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// They are equal.
    Equal,
    /// The left is not less.
    AtLeast,
    /// The left is not more.
    AtMost,
}

/// A reference with its sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it is subtracted.
    pub negative: bool,
    /// The figures.
    pub reference: Reference,
}

/// A reference to figures of this report, or of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Whether the figures are those of the last report.
    pub previous: bool,
    /// A row or a column, or a row; `refused_*` names all rows whose key begins so.
    pub name: String,
    /// The column, where the first part is a row of an identity that holds once.
    pub column: Option<String>,
}

impl TryFrom<String> for Expression {
    type Error = String;

    fn try_from(text: String) -> Result<Expression, String> {
        parse(&text).map_err(super::mistakes::both)
    }
}

/// Reads `a + b = c + d`.
fn parse(text: &str) -> Result<Expression, Message> {
    let mut sides = vec![Vec::new()];
    let mut relation = None;
    let mut negative = false;
    let mut expects_term = true;
    for word in text.split_whitespace() {
        let compared = match word {
            "=" => Some(Relation::Equal),
            ">=" => Some(Relation::AtLeast),
            "<=" => Some(Relation::AtMost),
            _ => None,
        };
        let at = sides.len() - 1;
        match (word, compared) {
            (_, Some(found)) if !expects_term && relation.is_none() => {
                relation = Some(found);
                sides.push(Vec::new());
                (negative, expects_term) = (false, true);
            }
            ("+" | "-", _) if !expects_term => (negative, expects_term) = (word == "-", true),
            (name, None) if expects_term && name != "+" && name != "-" => {
                sides[at].push(Term { negative, reference: reference(name)? });
                (negative, expects_term) = (false, false);
            }
            _ => {
                return Err(message!(
                    "等式在“{word}”处不对：{text}",
                    "the identity is wrong at \"{word}\": {text}"
                ));
            }
        }
    }
    match (relation, <[Vec<Term>; 2]>::try_from(sides)) {
        (Some(relation), Ok([left, right])) if !expects_term => Ok(Expression { left, relation, right }),
        _ => Err(message!("等式应如 a + b = c：{text}", "an identity is like a + b = c: {text}")),
    }
}

/// Reads the name of a row or column, or of both.
pub(super) fn reference(word: &str) -> Result<Reference, Message> {
    let (previous, rest) = match word.strip_prefix("previous.") {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let (name, column) = match rest.split_once('.') {
        Some((name, column)) => (name, Some(column)),
        None => (rest, None),
    };
    let is_key = |key: &str| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    if !is_key(name.strip_suffix('*').unwrap_or(name)) || column.is_some_and(|column| !is_key(column)) {
        return Err(message!("不是行或列的键：{word}", "not the key of a row or column: {word}"));
    }
    Ok(Reference { previous, name: name.to_owned(), column: column.map(str::to_owned) })
}

impl Reference {
    /// Whether it names the row or column of this key.
    pub fn names(&self, key: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(beginning) => key.starts_with(beginning),
            None => self.name == key,
        }
    }
}

impl Expression {
    /// The terms of both sides.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.left.iter().chain(&self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, left: &[&str], relation: Relation, right: &[&str]) {
        let found = parse(text).expect("parses");
        let names = |terms: &[Term]| -> Vec<String> {
            let sign = |term: &Term| if term.negative { "-" } else { "" };
            terms.iter().map(|term| format!("{}{}", sign(term), term.reference.name)).collect()
        };
        assert_eq!((names(&found.left), found.relation, names(&found.right)), {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            (owned(left), relation, owned(right))
        });
    }

    #[test]
    fn identities_are_two_sums() {
        check("a + b = c - d", &["a", "b"], Relation::Equal, &["c", "-d"]);
        check("total >= refused_*", &["total"], Relation::AtLeast, &["refused_*"]);
    }

    #[test]
    fn references_name_a_column_and_the_last_report() {
        let found = parse("rules.in_force = previous.rules.in_force").expect("parses");
        let right = &found.right[0].reference;
        assert!(right.previous && right.name == "rules" && right.column.as_deref() == Some("in_force"));
    }

    #[test]
    fn broken_identities_are_refused() {
        for text in
            ["", "a", "a =", "= b", "a + = b", "a = b = c", "a b = c", "- a = b", "a = 第一项", "a..b = c"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
