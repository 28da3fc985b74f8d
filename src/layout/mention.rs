//! Mentions: the words of prose that refer to figures, as `办结 281 件` gives a number of a table.
//!
//! Usage differs in what a word counts (受理 with or without what was carried over), so that a mention has
//! several sums, and a number is right if it equals one of them.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use super::Layout;
use super::identity::{Reference, reference};
use crate::diagnostic::Message;
use crate::message;

/// A topic: the subject of a group of mentions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicSpec {
    /// One of these must occur in the paragraph before the number, in its sentence or in the heading above
    /// it.
    #[serde(default)]
    pub words: Vec<String>,
    /// Sections whose prose is about it anyway.
    #[serde(default)]
    pub sections: Vec<String>,
    /// If one of these is beside the number, it is about something else.
    #[serde(default)]
    pub not: Vec<String>,
    /// The units of its numbers; a number with another one is about something else.
    pub units: Vec<String>,
    /// The sums of which the percentages of its mentions of rank 2 are shares: 予以公开占 50.8%.
    #[serde(default)]
    pub shares_of: Vec<FigureSum>,
}

/// A mention: words of prose that refer to figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentionSpec {
    /// The name of the figures in messages: `不予处理（各项之和）`.
    pub name: String,
    /// The key of its topic.
    pub topic: String,
    /// The words. `{last_year}` and `{next_year}` are the years around the report's, `<name>` each word of a class
    /// of the grammar, `(a|b|)` each of these.
    pub words: Vec<String>,
    /// One of these must be the last of its topic's subjects that the sentence names.
    #[serde(default)]
    pub subject: Vec<String>,
    /// Among words beside a number those of the highest rank are meant: 结转 before 办理.
    #[serde(default = "one")]
    pub rank: u8,
    /// The sum that must be 0 where the words are said of all: 全部办结.
    pub rest: Option<FigureSum>,
    /// One of these must be beside the number too.
    #[serde(default)]
    pub with: Vec<String>,
    /// If one of these is beside the number, it is about something else.
    #[serde(default)]
    pub not: Vec<String>,
    /// The sums that the number may be: `requests.refused_*.total`.
    #[serde(default)]
    pub figures: Vec<FigureSum>,
    /// Instead of `figures`: the columns to which these words restrict the mention before them.
    #[serde(default)]
    pub columns: Vec<String>,
}

fn one() -> u8 {
    1
}

/// The grammar of the sentences that tell figures: words that are no names of figures, by what they do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrammarSpec {
    /// Classes of words that mentions name as `<name>`.
    #[serde(default)]
    pub classes: BTreeMap<String, Vec<String>>,
    /// Words that change nothing: 已, 依法, 我局. Other words beside a number leave its clause not understood.
    #[serde(default)]
    pub neutral: Vec<String>,
    /// Words between words that are counted together.
    #[serde(default)]
    pub joint: Vec<String>,
    /// Words by which a number counts only a part, or something else: 网络, 上半年, 延期, 增加.
    #[serde(default)]
    pub part: Vec<String>,
    /// Those of them that hold for the rest of the sentence: 上半年, 各单位.
    #[serde(default)]
    pub scope: Vec<String>,
    /// Words that name all units of an area: 全市.
    #[serde(default)]
    pub area: Vec<String>,
    /// Words that say that there is none: 未收到.
    #[serde(default)]
    pub none: Vec<String>,
    /// Words that restrict what there is none of: 未发生超期答复.
    #[serde(default)]
    pub none_but: Vec<String>,
    /// Words that say something of all: 均, 全部.
    #[serde(default)]
    pub all: Vec<String>,
    /// Words before these that take something out: 除, 其余.
    #[serde(default)]
    pub except: Vec<String>,
    /// Words behind these with which something else is said: 按时.
    #[serde(default)]
    pub all_but: Vec<String>,
}

/// A sum of figures.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FigureSum {
    /// Its terms.
    pub terms: Vec<FigureTerm>,
}

/// A term of a sum: figures of a table that it adds or subtracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureTerm {
    /// Whether they are subtracted.
    pub negative: bool,
    /// The table.
    pub table: String,
    /// Row and column; `refused_*` names all rows whose key begins so.
    pub reference: Reference,
}

impl TryFrom<String> for FigureSum {
    type Error = String;

    fn try_from(text: String) -> Result<FigureSum, String> {
        sum(&text).map_err(super::mistakes::both)
    }
}

/// Reads `table.row.column + table.row.column`.
fn sum(text: &str) -> Result<FigureSum, Message> {
    let wrong = || {
        message!(
            "应如 requests.granted.total + requests.refused_*.total：{text}",
            "a sum is like requests.granted.total + requests.refused_*.total: {text}"
        )
    };
    let (mut terms, mut negative, mut expects_term) = (Vec::new(), false, true);
    for word in text.split_whitespace() {
        if expects_term {
            let (table, rest) = word.split_once('.').ok_or_else(wrong)?;
            let reference = reference(rest)?;
            if reference.previous || reference.column.is_none() {
                return Err(wrong());
            }
            terms.push(FigureTerm { negative, table: table.to_owned(), reference });
        } else if word == "+" || word == "-" {
            negative = word == "-";
        } else {
            return Err(wrong());
        }
        expects_term = !expects_term;
    }
    if expects_term { Err(wrong()) } else { Ok(FigureSum { terms }) }
}

/// Checks that every topic, table, row and column that mentions name exists.
pub(super) fn validate(layout: &Layout) -> Vec<Message> {
    let wrong = layout.mentions.iter().filter_map(|(key, mention)| {
        let Message { zh, en } = mention.validate(layout).err()?;
        Some(message!("mentions.{key}：{zh}", "mentions.{key}: {en}"))
    });
    wrong.collect()
}

impl MentionSpec {
    fn validate(&self, layout: &Layout) -> Result<(), Message> {
        let topic = &self.topic;
        if !layout.topics.contains_key(topic) {
            return Err(message!("没有 topics.{topic}", "there is no topics.{topic}"));
        }
        if self.words.iter().any(|word| word.trim().is_empty()) || self.words.is_empty() {
            return Err(message!("words 不能为空", "words must not be empty"));
        }
        let classes = self.words.iter().flat_map(|word| word.split('<').skip(1));
        for class in classes.filter_map(|rest| rest.split('>').next()) {
            if !layout.grammar.classes.contains_key(class) {
                return Err(message!("没有 grammar.classes.{class}", "there is no grammar.classes.{class}"));
            }
        }
        if self.figures.is_empty() == self.columns.is_empty() {
            return Err(message!("应有 figures 或 columns", "it has either figures or columns"));
        }
        for term in self.figures.iter().chain(&self.rest).flat_map(|sum| &sum.terms) {
            let name = &term.table;
            let Some(table) = layout.table(name) else {
                return Err(message!("没有表格“{name}”", "there is no table \"{name}\""));
            };
            let mut rows = table.figures.iter().filter(|(key, _)| term.reference.names(key)).peekable();
            let row = &term.reference.name;
            if rows.peek().is_none() {
                return Err(message!("没有“{row}”", "there is no \"{row}\""));
            }
            let column = term.reference.column.as_deref().unwrap_or_default();
            if !rows.all(|(_, spec)| table.columns_of(spec).any(|known| known == column)) {
                return Err(message!("“{row}”没有列“{column}”", "\"{row}\" has no column \"{column}\""));
            }
        }
        let is_known = |column: &String| layout.tables.iter().any(|table| table.columns.contains_key(column));
        match self.columns.iter().find(|column| !is_known(column)) {
            Some(column) => Err(message!("没有列“{column}”", "there is no column \"{column}\"")),
            None => Ok(()),
        }
    }
}

/// A statement: words that prose must have, or must no longer have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementSpec {
    /// `topic.rule`, for messages and for silencing.
    pub rule: String,
    /// The section that it is about; all of the prose where it is absent.
    pub section: Option<String>,
    /// It is required only if this sum is more than zero.
    pub when: Option<FigureSum>,
    /// One of these must occur.
    #[serde(default)]
    pub words: Vec<String>,
    /// None of these may occur.
    #[serde(default)]
    pub not: Vec<String>,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do about it, in Chinese.
    pub hint: Option<String>,
}

/// Mentions and their topics, by key.
pub type Mentions = IndexMap<String, MentionSpec>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figure_sums_name_table_row_and_column() {
        let found = sum("requests.granted.total - requests.refused_*.other").expect("reads");
        assert_eq!(found.terms.len(), 2);
        assert!(found.terms[1].negative && found.terms[1].reference.names("refused_state_secret"));
        for text in ["", "requests", "requests.granted", "a.b.c +", "a.b.c d.e.f", "a.previous.b.c"] {
            assert!(sum(text).is_err(), "{text}");
        }
    }
}
