//! Mentions: numbers whose clauses say which figures they are, compared with those (rule `prose.figure`).
//!
//! A number is compared only if its clause is understood: the words that name a figure, words of the grammar, and
//! next to nothing else between them and the number. All else is passed over and counted.

use std::collections::BTreeSet;
use std::ops::Range;

use rust_decimal::Decimal;

use super::scan::{Number, Passage, is_break};
use super::time::Times;
use super::vocabulary::{Hit, Sum, Vocabulary};
use crate::diagnostic::{Diagnostic, rule};
use crate::message;
use crate::report::Text;

/// Unknown characters that may stand between the words and their number.
const UNKNOWN_BETWEEN: usize = 2;
/// Unknown characters that may stand before the words.
pub(super) const UNKNOWN_BEFORE: usize = 12;
/// The rank of outcomes; the words of carrying over and forward have the next.
const OUTCOME: u8 = 2;
/// From this value on a number that is its figure shows what its paragraph is about.
const TELLING: i64 = 3;

/// The sums that a number may equal, their name and their topic.
#[derive(Clone, Debug)]
pub(super) struct Accepted {
    pub name: String,
    pub topic: String,
    pub sums: Vec<Sum>,
}

/// The words that belong to a number: those before and behind it, without the number.
struct Phrase {
    chars: Vec<char>,
    /// How many of them stand before the number.
    head: usize,
}

/// The state of reading a paragraph.
pub(super) struct Reader<'a> {
    pub(super) vocabulary: &'a Vocabulary<'a>,
    pub(super) text: &'a Text,
    pub(super) passage: &'a Passage,
    pub(super) times: &'a Times,
    /// The heading above the paragraph.
    pub(super) heading: &'a str,
    /// The sums of the last number, for more specific ones that follow.
    pub(super) last: Option<Accepted>,
    /// Whether that number was compared and is right.
    pub(super) last_agrees: bool,
    /// The columns of the last number, which numbers behind 其中 may be restricted to.
    columns: Vec<String>,
    /// Whether the number before in this clause was named behind it.
    behind: bool,
    /// Whether the sentence has spoken of a part of the year or of another body.
    pub(super) is_partial: bool,
    /// The names that numbers of this sentence agreed with, so that parts of them are not compared with the
    /// whole.
    agreed: BTreeSet<String>,
    /// The topics that the paragraph has left.
    left: BTreeSet<String>,
    /// The findings so far.
    pub found: Vec<Diagnostic>,
    /// How many numbers name figures in clauses that were not understood.
    pub passed_over: usize,
}

impl<'a> Reader<'a> {
    pub fn new(
        vocabulary: &'a Vocabulary,
        text: &'a Text,
        passage: &'a Passage,
        times: &'a Times,
        heading: &'a str,
    ) -> Reader<'a> {
        Reader {
            vocabulary,
            text,
            passage,
            times,
            heading,
            last: None,
            last_agrees: false,
            columns: Vec::new(),
            behind: false,
            is_partial: false,
            agreed: BTreeSet::new(),
            left: BTreeSet::new(),
            found: Vec::new(),
            passed_over: 0,
        }
    }

    /// Compares the numbers of a sentence, and what it says without numbers.
    pub fn sentence(&mut self, sentence: &Range<usize>) {
        self.agreed.clear();
        self.columns.clear();
        self.is_partial = false;
        let numbers = self.passage.numbers_in(sentence);
        let mut clause = sentence.start;
        let mut at = numbers.start;
        while clause < sentence.end || at < numbers.end {
            let range = self.passage.clause(clause, sentence);
            self.behind = false;
            while at < numbers.end && self.passage.numbers[at].start < range.end {
                at += self.number(at, sentence, &numbers);
            }
            self.none(&range, sentence);
            self.everything(&range, sentence);
            clause = range.end.max(clause) + 1;
        }
    }

    /// Compares a number; returns how many numbers were examined.
    fn number(&mut self, at: usize, sentence: &Range<usize>, numbers: &Range<usize>) -> usize {
        let phrase = self.phrase(at, sentence);
        let all = self.vocabulary.hits(&phrase.chars);
        let plain = uncovered(&phrase.chars, &all);
        let hits = self.relevant(&all, &phrase.chars, at, sentence);
        let is_head = |hit: &&Hit| hit.start < phrase.head;
        let (head, tail): (Vec<&Hit>, Vec<&Hit>) = hits.iter().partition(is_head);
        let head_rank = self.rank(&head);
        let tail_rank = self.rank(&tail);
        let rest: Vec<char> = plain[..phrase.head].to_vec();
        let opens = head.is_empty()
            && self.vocabulary.words.neutral.left_over(&rest, &self.vocabulary.words.nothing) == 0;
        let is_tail = !tail.is_empty()
            && (opens
                || tail_rank > OUTCOME && head_rank < OUTCOME
                || head_rank == 0
                    && !head.is_empty()
                    && tail_rank >= OUTCOME
                    && !self.is_column_group(&head));
        let chosen: Vec<Hit> = if is_tail { tail } else { head }.into_iter().cloned().collect();
        let is_part = self.is_part(at, &plain, &phrase, is_tail, sentence);
        if chosen.is_empty() {
            self.is_partial |= is_part && self.vocabulary.words.scope.is_in(&plain);
            self.passed_over += usize::from(!hits.is_empty());
            self.leave(&plain);
            return 1;
        }
        self.behind = is_tail;
        if is_part || self.times.is_other(at) {
            self.is_partial |= self.vocabulary.words.scope.is_in(&plain);
            // A named part (自然人) still refers to the whole before it, which is kept.
            self.passed_over += usize::from(is_part);
            return 1;
        }
        if !self.is_understood(&chosen, &plain, &phrase, is_tail) {
            self.passed_over += 1;
            return 1;
        }
        let group = self.group(&chosen, &phrase, is_tail);
        if self.passage.numbers[at].unit == "%" {
            self.share(at, &chosen, &group, is_tail, sentence);
            return 1;
        }
        let between: String = match (group.last(), is_tail) {
            (Some(last), false) => phrase.chars[last.end.min(phrase.head)..phrase.head].iter().collect(),
            _ => String::new(),
        };
        let rows: Vec<Hit> = group.iter().filter(|hit| !self.is_column(hit)).cloned().collect();
        let each = ["各", "均", "分别", "都"].iter().any(|word| between.contains(word));
        if each && rows.len() > 1 {
            return self.each(&rows, &between, at, sentence, numbers);
        }
        let Some(accepted) = self.accepted(&chosen, &group, is_tail) else { return 1 };
        let before = self.agreed.len();
        self.compare(at, &accepted, sentence);
        if !self.is_column_group(&chosen) {
            self.last_agrees = self.agreed.len() > before || self.agreed.contains(&accepted.name);
            self.columns.clear();
            self.last = Some(accepted);
        } else if self.is_person(&chosen) {
            self.columns = self.columns_of(&chosen);
        }
        1
    }

    /// The words that belong to a number.
    fn phrase(&self, at: usize, sentence: &Range<usize>) -> Phrase {
        let left = self.passage.left(at, sentence);
        let chars = &self.passage.chars;
        let follows = at > 0 && self.passage.numbers[at - 1].end == left.start && left.start > sentence.start;
        let head = match (follows, (left.clone()).rev().find(|&place| chars[place] == '、')) {
            // Behind a number of the same clause what stands before the comma belongs to that number.
            (true, Some(comma)) => comma + 1..left.end,
            (true, None) if self.behind => left.end..left.end,
            _ => left.clone(),
        };
        let right = self.passage.right(at, sentence);
        // What leads to the next number belongs to it, unless a comma is between.
        let ends =
            chars.get(right.end).is_none_or(|&c| is_break(c) || c == '、') || right.end == sentence.end;
        let tail = if ends || head.is_empty() { right } else { right.start..right.start };
        let mut words: Vec<char> = chars[head].to_vec();
        let count = words.len();
        words.extend(&chars[tail]);
        Phrase { chars: words, head: count }
    }

    /// The words that are about this number.
    fn relevant(&self, hits: &[Hit], chars: &[char], at: usize, sentence: &Range<usize>) -> Vec<Hit> {
        let unit = &self.passage.numbers[at].unit;
        let end = self.passage.right(at, sentence).end;
        let mut relevant = hits.to_vec();
        for hit in &mut relevant {
            hit.mentions.retain(|&mention| {
                let topic = self.vocabulary.topics[mention];
                let units = topic.units.contains(unit) || unit == "%" && !topic.shares_of.is_empty();
                units && self.is_meant(mention, chars, hits, sentence, end)
            });
        }
        relevant.retain(|hit| !hit.mentions.is_empty());
        self.of_one_topic(&mut relevant);
        relevant
    }

    /// Of a word that two topics have, as 正在办理 has, that of the last number is meant.
    pub(super) fn of_one_topic(&self, hits: &mut [Hit]) {
        let Some(last) = &self.last else { return };
        for hit in hits {
            let is_same = |&at: &usize| self.vocabulary.mentions[at].topic == last.topic;
            if hit.mentions.iter().any(is_same) {
                hit.mentions.retain(is_same);
            }
        }
    }

    /// Records that the text has changed the topic: what follows without a word of the old topic belongs to
    /// the new one.
    fn leave(&mut self, plain: &[char]) {
        let text: String = plain.iter().collect();
        for (key, topic) in self.vocabulary.all {
            if has(&topic.not, &text) && !has(&topic.words, &text) {
                self.left.insert((*key).to_owned());
            }
        }
    }

    /// Whether a mention is about its topic here; `chars` are the words beside it, up to `end`.
    pub(super) fn is_meant(
        &self,
        mention: usize,
        chars: &[char],
        hits: &[Hit],
        sentence: &Range<usize>,
        end: usize,
    ) -> bool {
        let (spec, topic) = (self.vocabulary.mentions[mention], self.vocabulary.topics[mention]);
        let own: Vec<Hit> = hits.iter().filter(|hit| hit.mentions.contains(&mention)).cloned().collect();
        let others: String = uncovered(chars, &own).iter().collect();
        // The words of other topics stay: 收到行政复议 is about no requests.
        let of_topic = |&at: &usize| self.vocabulary.mentions[at].topic == spec.topic;
        let same: Vec<Hit> = hits.iter().filter(|hit| hit.mentions.iter().any(of_topic)).cloned().collect();
        let plain: String = uncovered(chars, &same).iter().collect();
        let before = self.passage.text(sentence.start..end);
        let clause = before.rsplit(['，', '；']).next().unwrap_or_default();
        if has(&spec.not, &others)
            || has(&topic.not, &plain)
            || !spec.with.is_empty() && !has(&spec.with, clause)
            || !spec.subject.is_empty() && !self.is_subject(mention, &before)
            || self.left.contains(&spec.topic) && !has(&topic.words, clause)
        {
            return false;
        }
        let section = self.text.section();
        let paragraph = self.passage.text(0..sentence.end);
        topic.sections.iter().any(|key| section == Some(key))
            || has(&topic.words, &paragraph)
            || has(&topic.words, self.heading)
            || !spec.columns.is_empty() && self.last_agrees
            || spec.figures.iter().any(|sum| self.is_telling(sum, hits, mention))
    }

    /// Whether the last subject of the topic that the sentence names is the mention's own.
    fn is_subject(&self, mention: usize, before: &str) -> bool {
        let spec = self.vocabulary.mentions[mention];
        let others = self.vocabulary.mentions.iter().filter(|other| other.topic == spec.topic);
        let last = others
            .flat_map(|other| &other.subject)
            .filter_map(|word| before.rfind(word.as_str()).map(|at| (at + word.len(), word)))
            .max_by_key(|(end, word)| (*end, word.len()));
        let Some((end, word)) = last else { return false };
        // 公开规范性文件 6 件，废止 4 件 tells of those that were published.
        let clause = before[..end].rsplit(['，', '；', '（']).next().unwrap_or_default();
        let not = self.vocabulary.topics[mention].not.iter().filter(|word| word.chars().count() > 1);
        spec.subject.contains(word) && !not.into_iter().any(|word| clause.contains(word.as_str()))
    }

    /// Whether a number of this paragraph behind the same word is the figure itself: then the paragraph is about it.
    fn is_telling(&self, sum: &crate::layout::FigureSum, hits: &[Hit], mention: usize) -> bool {
        if self.vocabulary.mentions[mention].rank == 0 || hits.is_empty() {
            return false;
        }
        let Some(value) = self.vocabulary.value(&self.vocabulary.sum(sum)) else { return false };
        value >= Decimal::from(TELLING)
            && self.passage.numbers.iter().enumerate().any(|(at, number)| {
                number.value == value
                    && self
                        .passage
                        .sentences
                        .iter()
                        .find(|sentence| sentence.contains(&number.start))
                        .is_some_and(|sentence| {
                            let left = self.passage.left(at, sentence);
                            let words = self.vocabulary.hits(&self.passage.chars[left]);
                            words.iter().any(|hit| hit.mentions.contains(&mention))
                        })
            })
    }

    /// Whether the number counts only a part, or a change.
    fn is_part(
        &self,
        at: usize,
        plain: &[char],
        phrase: &Phrase,
        is_tail: bool,
        sentence: &Range<usize>,
    ) -> bool {
        let mut text: Vec<char> = plain[..phrase.head].to_vec();
        if is_tail {
            text.extend(&plain[phrase.head..]);
        }
        // 通过网站，收到 30 件; 其中网上申请，…
        let left = self.passage.left(at, sentence);
        if left.start > sentence.start + 1 && self.passage.chars[left.start - 1] == '，' {
            let clause = self.passage.clause(left.start - 2, sentence);
            let before = self.passage.text(clause.clone());
            let lead = before.starts_with("其中") || before.starts_with("通过");
            if lead && clause.len() <= 16 && self.passage.numbers_in(&clause).is_empty() {
                text.extend(before.chars());
            }
        }
        if !self.vocabulary.covers_all_units && self.vocabulary.words.area.is_in(&text) {
            return true;
        }
        self.passage.numbers[at].is_vague || self.vocabulary.words.part.is_in(&text)
    }

    /// Whether nothing unknown stands between the words and their number, and little before them.
    fn is_understood(&self, chosen: &[Hit], plain: &[char], phrase: &Phrase, is_tail: bool) -> bool {
        let count = |range: Range<usize>| match plain.get(range) {
            Some(text) => self.vocabulary.words.neutral.left_over(text, &self.vocabulary.words.joint),
            None => 0,
        };
        let (Some(first), Some(last)) = (chosen.first(), chosen.last()) else { return false };
        if is_tail {
            return count(0..phrase.head) <= UNKNOWN_BETWEEN
                && count(phrase.head..first.start.max(phrase.head)) <= UNKNOWN_BETWEEN
                && count(last.end..plain.len()) <= UNKNOWN_BEFORE;
        }
        let end = last.end.min(phrase.head);
        count(0..first.start) <= UNKNOWN_BEFORE
            && count(end..phrase.head) <= UNKNOWN_BETWEEN
            && count(phrase.head..plain.len()) <= UNKNOWN_BEFORE
    }

    pub(super) fn rank(&self, hits: &[&Hit]) -> u8 {
        let ranks = hits.iter().flat_map(|hit| &hit.mentions).map(|&at| self.vocabulary.mentions[at].rank);
        ranks.max().unwrap_or(0)
    }

    pub(super) fn is_column(&self, hit: &Hit) -> bool {
        hit.mentions.iter().all(|&mention| !self.vocabulary.mentions[mention].columns.is_empty())
    }

    pub(super) fn is_column_group<H: std::borrow::Borrow<Hit>>(&self, hits: &[H]) -> bool {
        hits.iter().any(|hit| self.is_column(hit.borrow()))
    }

    /// The columns that the words name.
    fn columns_of(&self, hits: &[Hit]) -> Vec<String> {
        let column = hits.iter().find(|hit| self.is_column(hit));
        column.map_or_else(Vec::new, |hit| self.vocabulary.mentions[hit.mentions[0]].columns.clone())
    }

    /// Whether columns restrict every row of their table: persons, not results.
    fn is_person(&self, hits: &[Hit]) -> bool {
        let columns = self.columns_of(hits);
        self.vocabulary.mentions.iter().any(|mention| {
            mention.rank == OUTCOME
                && mention
                    .figures
                    .iter()
                    .any(|sum| self.vocabulary.narrowed(&self.vocabulary.sum(sum), &columns).is_some())
        })
    }

    /// The words that are counted together: the last ones before a number, the first ones after it. Of words that
    /// name a figure and its part both stay.
    fn group(&self, hits: &[Hit], phrase: &Phrase, is_tail: bool) -> Vec<Hit> {
        let rows: Vec<&Hit> = hits.iter().filter(|hit| !self.is_column(hit)).collect();
        let rank = self.rank(&rows);
        let mut ranked: Vec<Hit> = Vec::new();
        for hit in hits {
            let mut hit = hit.clone();
            let own = self.is_column(&hit);
            hit.mentions.retain(|&at| own || self.vocabulary.mentions[at].rank == rank);
            let counted = !own || rows.is_empty();
            if !hit.mentions.is_empty() && counted {
                ranked.push(hit);
            }
        }
        if !is_tail {
            ranked.reverse();
        }
        let mut group: Vec<Hit> = Vec::new();
        for hit in ranked {
            let joined = group.last().is_none_or(|last| {
                let gap = if is_tail { last.end..hit.start } else { hit.end..last.start };
                let text = phrase.chars.get(gap).unwrap_or_default();
                self.vocabulary.words.joint.left_over(text, &self.vocabulary.words.nothing) == 0
            });
            if joined || group.iter().any(|other| self.is_nested(other, &hit)) {
                group.push(hit);
            } else {
                break;
            }
        }
        if !is_tail {
            group.reverse();
        }
        group
    }

    /// Whether one of two words names a figure and the other a part of it.
    pub(super) fn is_nested(&self, one: &Hit, other: &Hit) -> bool {
        let figures = |hit: &Hit| -> BTreeSet<(bool, usize)> {
            let spec = self.vocabulary.mentions[hit.mentions[0]];
            spec.figures.first().map(|sum| self.vocabulary.sum(sum).into_iter().collect()).unwrap_or_default()
        };
        let (one, other) = (figures(one), figures(other));
        !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
    }

    /// The sums that a number with these words may equal.
    fn accepted(&self, hits: &[Hit], group: &[Hit], is_tail: bool) -> Option<Accepted> {
        let rows: Vec<Hit> = group.iter().filter(|hit| !self.is_column(hit)).cloned().collect();
        let columns: Vec<&Hit> = hits.iter().filter(|hit| self.is_column(hit)).collect();
        let row_refs: Vec<&Hit> = rows.iter().collect();
        let only_weak = self.rank(&row_refs) == 0;
        let mut base = if rows.is_empty() || (only_weak && !columns.is_empty() && self.last.is_some()) {
            self.last.clone()?
        } else {
            self.rows(&rows)?
        };
        let column = if is_tail { columns.first() } else { columns.last() };
        if let Some(column) = column {
            let spec = self.vocabulary.mentions[column.mentions[0]];
            let sums: Vec<Sum> =
                base.sums.iter().filter_map(|sum| self.vocabulary.narrowed(sum, &spec.columns)).collect();
            base = Accepted { name: format!("{}·{}", base.name, spec.name), topic: base.topic, sums };
        } else if !self.columns.is_empty() {
            // Behind 其中自然人 … 件 either all or those of natural persons are meant.
            let narrowed: Vec<Sum> =
                base.sums.iter().filter_map(|sum| self.vocabulary.narrowed(sum, &self.columns)).collect();
            base.sums.extend(narrowed);
        }
        (!base.sums.is_empty()).then_some(base)
    }

    /// The sums of several words together: one of each, or either where one is a part of the other.
    pub(super) fn rows(&self, rows: &[Hit]) -> Option<Accepted> {
        let mut sums: Vec<Sum> = vec![Vec::new()];
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, hit) in rows.iter().enumerate() {
            let mention = hit.mentions[0];
            if !seen.insert(mention) {
                continue;
            }
            let mut own: Vec<Sum> = Vec::new();
            for &mention in &hit.mentions {
                let spec = self.vocabulary.mentions[mention];
                own.extend(
                    spec.figures.iter().map(|sum| self.vocabulary.sum(sum)).filter(|sum| !sum.is_empty()),
                );
            }
            if own.is_empty() {
                return None;
            }
            let name = self.vocabulary.mentions[mention].name.clone();
            if rows[..place].iter().any(|other| self.is_nested(other, hit)) {
                sums.extend(own);
                if !names.contains(&name) {
                    names.push(name);
                }
                continue;
            }
            if !names.contains(&name) {
                names.push(name);
            }
            let joined = sums.iter().flat_map(|sum| {
                own.iter().map(move |more| {
                    let mut sum = sum.clone();
                    sum.extend(more.iter().filter(|new| !sum.contains(new)).copied().collect::<Vec<_>>());
                    sum
                })
            });
            sums = joined.take(64).collect();
        }
        let topic = self.vocabulary.mentions[rows.first()?.mentions[0]].topic.clone();
        Some(Accepted { name: names.join("、"), topic, sums })
    }

    /// 分别为 2 件、3 件: a number for each word; 各 2 件: one number for all.
    fn each(
        &mut self,
        rows: &[Hit],
        between: &str,
        at: usize,
        sentence: &Range<usize>,
        numbers: &Range<usize>,
    ) -> usize {
        let accepted: Vec<Option<Accepted>> =
            rows.iter().map(|hit| self.accepted(&[(*hit).clone()], &[(*hit).clone()], false)).collect();
        if !between.contains("分别") {
            for accepted in accepted.iter().flatten() {
                self.compare(at, accepted, sentence);
            }
            return 1;
        }
        let in_row = (at + 1..numbers.end).take_while(|&next| {
            let gap = self.passage.text(self.passage.numbers[next - 1].end..self.passage.numbers[next].start);
            matches!(gap.as_str(), "、" | "和" | "，" | "与" | "及")
        });
        let count = 1 + in_row.count();
        if count == rows.len() {
            for (step, accepted) in accepted.iter().enumerate() {
                if let Some(accepted) = accepted {
                    self.compare(at + step, accepted, sentence);
                }
            }
        }
        count
    }

    fn compare(&mut self, at: usize, accepted: &Accepted, sentence: &Range<usize>) {
        let number = &self.passage.numbers[at];
        if self.passage.is_reference(at) {
            return;
        }
        let values: Vec<Decimal> =
            accepted.sums.iter().filter_map(|sum| self.vocabulary.value(sum)).collect();
        if values.is_empty() || values.len() < accepted.sums.len() {
            return;
        }
        if values.iter().any(|value| number.agrees(*value)) {
            self.agreed.insert(accepted.name.clone());
            return;
        }
        // Parts that follow their whole: 办结 291 件，当场办结 10 件.
        if self.agreed.contains(&accepted.name) && number.value < values[0]
            || self.is_partial
            || self.adds_up(at, &values, sentence)
        {
            self.passed_over += 1;
            return;
        }
        let written = number.written(self.passage);
        self.report(&written, number, accepted, &values, sentence);
    }

    /// Whether numbers of the sentence, of which this is one, make the whole between them: 市政府 4 件、办公室 2 件.
    fn adds_up(&self, at: usize, values: &[Decimal], sentence: &Range<usize>) -> bool {
        let numbers = &self.passage.numbers;
        let near = self.passage.numbers_in(sentence);
        let alike = |other: &usize| numbers[*other].unit == numbers[at].unit;
        let words = |at: usize| {
            let left = self.passage.left(at, sentence);
            self.vocabulary.hits(&self.passage.chars[left]).last().map(|hit| hit.mentions.clone())
        };
        let own = words(at);
        let parts: Vec<usize> = near.filter(alike).filter(|&other| words(other) == own).collect();
        let sum: Decimal = parts.iter().map(|&part| numbers[part].value).sum();
        parts.len() > 1 && values.contains(&sum)
    }

    /// 予以公开占 50.8%: a share without its count.
    fn share(&mut self, at: usize, chosen: &[Hit], group: &[Hit], is_tail: bool, sentence: &Range<usize>) {
        let number = &self.passage.numbers[at];
        let left = self.passage.text(self.passage.left(at, sentence));
        if !left.contains('占') || number.is_vague || self.is_partial || is_tail {
            return;
        }
        let rows: Vec<&Hit> = group.iter().filter(|hit| !self.is_column(hit)).collect();
        if self.rank(&rows) != OUTCOME || self.is_column_group(chosen) {
            return;
        }
        let topic = self.vocabulary.topics[group[0].mentions[0]];
        let Some(accepted) = self.accepted(chosen, group, is_tail) else { return };
        let parts: Vec<Decimal> = accepted.sums.iter().filter_map(|sum| self.vocabulary.value(sum)).collect();
        let wholes =
            topic.shares_of.iter().filter_map(|sum| self.vocabulary.value(&self.vocabulary.sum(sum)));
        let wholes: Vec<Decimal> = wholes.filter(|whole| !whole.is_zero()).collect();
        let rates: Vec<Decimal> = parts
            .iter()
            .flat_map(|part| wholes.iter().filter_map(|whole| part.checked_div(*whole)))
            .map(|rate| rate * Decimal::ONE_HUNDRED)
            .collect();
        let agrees = |rate: &Decimal| (*rate - number.value).abs() < number.step;
        let Some(first) = rates.first().filter(|_| !rates.iter().any(agrees)) else { return };
        let digits = number.value.scale().max(1);
        let (written, name, rate) =
            (number.written(self.passage), &accepted.name, first.round_dp(digits).normalize());
        let quote = self.passage.quote(sentence, number.start);
        let mut diagnostic = Diagnostic::warning(
            rule::PROSE_PERCENT,
            &self.text.pointer,
            message!(
                "文字中的“{written}”与表格不一致，按表格“{name}”占 {rate}%：“{quote}”",
                "\"{written}\" in the prose is not the share of \"{name}\" in the table, {rate}%: \"{quote}\""
            ),
        )
        .hint(message!("核对百分比和表格", "check the percentage and the table"));
        diagnostic.related = self.vocabulary.cells(&accepted.sums[0]);
        diagnostic.quoted = Some(written);
        self.found.push(diagnostic);
    }

    pub(super) fn report(
        &mut self,
        written: &str,
        number: &Number,
        accepted: &Accepted,
        values: &[Decimal],
        sentence: &Range<usize>,
    ) {
        let name = &accepted.name;
        let value = values[0].normalize();
        let mut others: Vec<String> = Vec::new();
        for other in values[1..].iter().filter(|other| **other != values[0]) {
            let other = other.normalize().to_string();
            if !others.contains(&other) {
                others.push(other);
            }
        }
        let or = if others.is_empty() { String::new() } else { format!("（或 {}）", others.join("、")) };
        let or_en = if others.is_empty() { String::new() } else { format!(" (or {})", others.join(", ")) };
        let quote = self.passage.quote(sentence, number.start);
        let mut diagnostic = Diagnostic::warning(
            rule::PROSE_FIGURE,
            &self.text.pointer,
            message!(
                "文字中的“{written}”与表格不一致，表中“{name}”是 {value}{or}：“{quote}”",
                "\"{written}\" in the prose is not the table's \"{name}\", {value}{or_en}: \"{quote}\""
            ),
        )
        .hint(message!(
            "核对文字和表格；口径确实不同的，在文字中说明，或用 silence 略过",
            "check both; if they count different things, explain it in the prose, or silence the finding"
        ));
        diagnostic.related = self.vocabulary.cells(&accepted.sums[0]);
        diagnostic.quoted = Some(written.to_owned());
        self.found.push(diagnostic);
    }
}

/// In place of the words of mentions.
pub(super) const COVERED: char = '、';

/// A text without the words of mentions.
pub(super) fn uncovered(chars: &[char], hits: &[Hit]) -> Vec<char> {
    let mut plain = chars.to_vec();
    for hit in hits {
        plain[hit.start..hit.end].fill(COVERED);
    }
    plain
}

fn has(words: &[String], text: &str) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}
