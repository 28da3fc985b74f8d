//! The words of a layout: those of its mentions and of its grammar, expanded for a year.
//!
//! Words are patterns: `<name>` is each word of a class, `(a|b|)` each alternative. The years around that of the report
//! are words too; a layout keeps the words of the last years that it was asked for, because expanding them costs more than
//! reading a report.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use super::{GrammarSpec, Layout};

/// A layout keeps the words of so many years.
const MOST_YEARS: usize = 8;

/// The most words that one pattern stands for.
const MOST_WORDS: usize = 512;

/// Words by their first characters, the longest first.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(HashMap<char, Vec<Entry>>);

/// A word and the numbers of its mentions.
type Entry = (Vec<char>, Vec<usize>);

impl Lexicon {
    fn insert(&mut self, word: &str, mention: usize) {
        let word: Vec<char> = word.chars().collect();
        let Some(first) = word.first() else { return };
        let known = self.0.entry(*first).or_default();
        match known.iter_mut().find(|(other, _)| *other == word) {
            Some((_, mentions)) if mentions.contains(&mention) => {}
            Some((_, mentions)) => mentions.push(mention),
            None => known.push((word, vec![mention])),
        }
    }

    fn sorted(mut self) -> Self {
        for words in self.0.values_mut() {
            words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        self
    }

    fn of(words: impl Iterator<Item = String>) -> Self {
        let mut lexicon = Lexicon::default();
        words.for_each(|word| lexicon.insert(&word, 0));
        lexicon.sorted()
    }

    /// The longest word at the start of `text`: its length and its mentions.
    pub fn at(&self, text: &[char]) -> Option<(usize, &[usize])> {
        let words = self.0.get(text.first()?)?;
        let (word, mentions) = words.iter().find(|(word, _)| text.starts_with(word))?;
        Some((word.len(), mentions))
    }

    /// Whether a word is anywhere in `text`.
    pub fn is_in(&self, text: &[char]) -> bool {
        self.find(text).is_some()
    }

    /// The first word in `text`: where it begins and ends.
    pub fn find(&self, text: &[char]) -> Option<(usize, usize)> {
        (0..text.len()).find_map(|at| self.at(&text[at..]).map(|(length, _)| (at, at + length)))
    }

    /// How many characters are in no word, nor in one of `others`.
    pub fn left_over(&self, text: &[char], others: &Lexicon) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < text.len() {
            match self.at(&text[at..]).or_else(|| others.at(&text[at..])) {
                Some((length, _)) => at += length,
                None => {
                    count += usize::from(!is_nothing(text[at]));
                    at += 1;
                }
            }
        }
        count
    }
}

/// Whether a character says nothing by itself.
fn is_nothing(character: char) -> bool {
    matches!(character, ' ' | '、' | '“' | '”' | '※' | '，' | '：')
}

/// The words of a layout in one year.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Those of mentions, with the numbers of the mentions that have a topic.
    pub mentions: Lexicon,
    /// Words that change nothing.
    pub neutral: Lexicon,
    /// Words between words that are counted together.
    pub joint: Lexicon,
    /// Words of parts and changes.
    pub part: Lexicon,
    /// Words of parts of the year and of other bodies, which hold for the rest of the sentence.
    pub scope: Lexicon,
    /// Words of an area.
    pub area: Lexicon,
    /// Words of negation, and those that restrict them.
    pub none: Lexicon,
    pub none_but: Lexicon,
    /// Words of generality, and those that restrict them.
    pub everything: Lexicon,
    pub everything_but: Lexicon,
    pub except: Lexicon,
    /// No words.
    pub nothing: Lexicon,
}

/// The words by years.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordsByYear(Arc<Mutex<BTreeMap<Option<u16>, Arc<Words>>>>);

impl Layout {
    /// The words of a report of this year.
    pub(crate) fn words(&self, year: Option<u16>) -> Arc<Words> {
        // A thread that panics leaves the map whole.
        let mut known = self.words_by_year.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = known.get(&year) {
            return words.clone();
        }
        if known.len() >= MOST_YEARS {
            known.pop_first();
        }
        let words = Arc::new(Words::of(self, year));
        known.insert(year, words.clone());
        words
    }
}

impl Words {
    fn of(layout: &Layout, year: Option<u16>) -> Words {
        let grammar = &layout.grammar;
        let mut mentions = Lexicon::default();
        let with_topic =
            layout.mentions.values().filter(|mention| layout.topics.contains_key(&mention.topic));
        for (number, mention) in with_topic.enumerate() {
            for word in mention.words.iter().flat_map(|word| expanded(word, grammar, year)) {
                mentions.insert(&word, number);
            }
        }
        let words_of =
            |list: &[String]| Lexicon::of(list.iter().flat_map(|word| expanded(word, grammar, year)));
        Words {
            mentions: mentions.sorted(),
            neutral: words_of(&[&grammar.neutral[..], &grammar.all].concat()),
            joint: words_of(&grammar.joint),
            part: words_of(&grammar.part),
            scope: words_of(&grammar.scope),
            area: words_of(&grammar.area),
            none: words_of(&grammar.none),
            none_but: words_of(&grammar.none_but),
            everything: words_of(&grammar.all),
            everything_but: words_of(&grammar.all_but),
            except: words_of(&grammar.except),
            nothing: Lexicon::default(),
        }
    }
}

/// The words that a pattern stands for; none if it names years and the report has none.
fn expanded(pattern: &str, grammar: &GrammarSpec, year: Option<u16>) -> Vec<String> {
    let Some(open) = pattern.find(['<', '(', '{']) else { return vec![pattern.to_owned()] };
    let (before, rest) = pattern.split_at(open);
    let close = match rest.chars().next() {
        Some('<') => '>',
        Some('(') => ')',
        _ => '}',
    };
    let Some((inner, after)) = closed(&rest[1..], close) else { return Vec::new() };
    let shifted = |by: i32| year.map(|year| (i32::from(year) + by).to_string());
    let choices: Vec<String> = match (close, inner) {
        ('>', name) => grammar.classes.get(name).cloned().unwrap_or_default(),
        (')', alternatives) => alternatives_of(alternatives),
        (_, "last_year") => shifted(-1).into_iter().collect(),
        (_, "next_year") => shifted(1).into_iter().collect(),
        _ => Vec::new(),
    };
    let words =
        choices.iter().flat_map(|choice| expanded(&format!("{before}{choice}{after}"), grammar, year));
    words.take(MOST_WORDS).collect()
}

/// What is before the closing bracket, and what is behind it; brackets may be nested.
fn closed(text: &str, close: char) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            found if found == close && depth == 0 => {
                return Some((&text[..at], &text[at + close.len_utf8()..]));
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The alternatives between the bars that are in no brackets.
fn alternatives_of(text: &str) -> Vec<String> {
    let (mut depth, mut all) = (0, vec![String::new()]);
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = all.last_mut() {
            last.push(character);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_words() {
        let classes = [("next".to_owned(), vec!["下年".to_owned(), "{next_year}年".to_owned()])];
        let grammar = GrammarSpec { classes: classes.into_iter().collect(), ..GrammarSpec::default() };
        assert_eq!(expanded("结转", &grammar, None), ["结转"]);
        assert_eq!(
            expanded("结转(至|)<next>", &grammar, Some(2023)),
            ["结转至下年", "结转至2024年", "结转下年", "结转2024年"]
        );
        assert_eq!(expanded("<next>", &grammar, None), ["下年"]);
        let layout = crate::layout::Layouts::embedded().get("disclosure-annual-report-2021").expect("ships");
        for (key, mention) in &layout.mentions {
            for word in &mention.words {
                let count = expanded(word, &layout.grammar, Some(2023)).len();
                assert!(count > 0 && count < MOST_WORDS, "{key}: {word} stands for {count} words");
            }
        }
        assert_eq!(expanded("(a(b|)|c)d", &grammar, None), ["abd", "ad", "cd"]);
        assert_eq!(expanded("(a", &grammar, None), [""; 0]);
    }
}
