//! The vocabulary of a report: the words of its layout, and the sums that mentions stand for.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::diagnostic::RelatedCell;
use crate::figures::{Figures, Key};
use crate::layout::{FigureSum, Layout, MentionSpec, TopicSpec, Words};

/// The vocabulary of a layout: its words, and the figures that they refer to.
pub(super) struct Vocabulary<'a> {
    /// The mentions that have a topic.
    pub mentions: Vec<&'a MentionSpec>,
    /// Their topics.
    pub topics: Vec<&'a TopicSpec>,
    /// Every topic.
    pub all: &'a BTreeMap<String, TopicSpec>,
    /// Its words in the year of the report.
    pub words: Arc<Words>,
    figures: &'a Figures,
    /// Whether the report covers all units of its area, so that numbers of 全市 are totals of its tables.
    pub covers_all_units: bool,
}

/// A word found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub start: usize,
    pub end: usize,
    pub mentions: Vec<usize>,
}

/// A sum of figures, by their numbers, with their signs.
pub(super) type Sum = Vec<(bool, usize)>;

impl<'a> Vocabulary<'a> {
    pub fn of(
        layout: &'a Layout,
        figures: &'a Figures,
        year: Option<u16>,
        covers_all_units: bool,
    ) -> Vocabulary<'a> {
        let words = layout.words(year);
        let mentions: Vec<_> =
            layout.mentions.values().filter(|mention| layout.topics.contains_key(&mention.topic)).collect();
        let topics = mentions.iter().map(|mention| &layout.topics[&mention.topic]).collect();
        Vocabulary { mentions, topics, all: &layout.topics, words, figures, covers_all_units }
    }

    /// The words of mentions in a text, the longest at each place.
    pub fn hits(&self, text: &[char]) -> Vec<Hit> {
        let (mut hits, mut at) = (Vec::new(), 0);
        while at < text.len() {
            match self.words.mentions.at(&text[at..]) {
                Some((length, mentions)) => {
                    hits.push(Hit { start: at, end: at + length, mentions: mentions.to_vec() });
                    at += length;
                }
                None => at += 1,
            }
        }
        hits
    }

    /// The value of a sum, if each of its figures has one.
    pub fn value(&self, sum: &Sum) -> Option<Decimal> {
        sum.iter().try_fold(Decimal::ZERO, |total, &(negative, at)| {
            let value = self.figures.get(at).value()?;
            total.checked_add(if negative { -value } else { value })
        })
    }

    /// The figures of a sum of the layout.
    pub fn sum(&self, spec: &FigureSum) -> Sum {
        let mut sum = Vec::new();
        for term in &spec.terms {
            sum.extend(self.figures.named(term).map(|(at, _)| (term.negative, at)));
        }
        sum
    }

    /// The same figures in other columns of their rows.
    pub fn narrowed(&self, sum: &Sum, columns: &[String]) -> Option<Sum> {
        let mut narrowed = Vec::new();
        for &(negative, at) in sum {
            let key = self.figures.get(at).key();
            for column in columns {
                narrowed.push((negative, self.figures.find(Key { column, ..key })?));
            }
        }
        Some(narrowed)
    }

    /// The figures of a sum as cells of a finding.
    pub fn cells(&self, sum: &Sum) -> Vec<RelatedCell> {
        sum.iter().map(|&(_, at)| self.figures.get(at).related()).collect()
    }
}
