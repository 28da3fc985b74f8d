//! What the prose says without a number: that there is nothing (未收到申请), or that all are alike (均获维持).

use std::ops::Range;

use rust_decimal::Decimal;

use super::mentions::{COVERED, Reader, UNKNOWN_BEFORE, uncovered};
use super::scan::{Number, is_break};
use super::vocabulary::{Hit, Sum};
use crate::diagnostic::{Diagnostic, rule};
use crate::message;

impl Reader<'_> {
    /// 未发生行政复议, 没有收到申请: the text states that nothing happened.
    pub(super) fn none(&mut self, clause: &Range<usize>, sentence: &Range<usize>) {
        let chars: Vec<char> = self.passage.chars[clause.clone()].to_vec();
        let Some((from, to)) = self.vocabulary.words.none.find(&chars) else { return };
        if self.has_number(clause)
            || self.is_partial
            || self.times.is_other_at(clause.start)
            || self.times.is_other_at(clause.end.saturating_sub(1))
        {
            return;
        }
        let (hits, plain) = self.clause_hits(clause, sentence);
        if self.vocabulary.words.none_but.is_in(&plain)
            || self.vocabulary.words.part.is_in(&plain)
            || !self.vocabulary.covers_all_units && self.vocabulary.words.area.is_in(&plain)
        {
            self.passed_over += usize::from(!hits.is_empty());
            return;
        }
        // The negation names nothing by itself: 未收取费用 is about no requests.
        let hits: Vec<Hit> = hits.into_iter().filter(|hit| hit.end > from).collect();
        if self.is_column_group(&hits) || hits.iter().all(|hit| hit.end <= to) {
            return;
        }
        // 收到 with its noun is one thing; 行政复议、行政诉讼 are two.
        let refs: Vec<&Hit> = hits.iter().collect();
        let rank = self.rank(&refs);
        let mut reported: Vec<String> = Vec::new();
        let mut meant = hits;
        for hit in &mut meant {
            hit.mentions.retain(|&at| self.vocabulary.mentions[at].rank == rank);
        }
        meant.retain(|hit| !hit.mentions.is_empty());
        for (place, hit) in meant.iter().enumerate() {
            if meant[place + 1..].iter().any(|later| self.is_nested(later, hit)) {
                continue;
            }
            let Some(accepted) = self.rows(std::slice::from_ref(hit)) else { continue };
            let values: Vec<Decimal> =
                accepted.sums.iter().filter_map(|sum| self.vocabulary.value(sum)).collect();
            if values.is_empty() || values.iter().any(Decimal::is_zero) || reported.contains(&accepted.name) {
                continue;
            }
            reported.push(accepted.name.clone());
            let (start, end) = (clause.start + from, clause.start + hit.end);
            let written: String = self.passage.original[start..end].iter().collect();
            let number = Number {
                start,
                end,
                value: Decimal::ZERO,
                step: Decimal::ZERO,
                unit: String::new(),
                is_vague: false,
            };
            self.report(&written, &number, &accepted, &values, sentence);
        }
    }

    /// 均获维持, 均为自然人, 全部办结: what is said of all.
    pub(super) fn everything(&mut self, clause: &Range<usize>, sentence: &Range<usize>) {
        let chars: Vec<char> = self.passage.chars[clause.clone()].to_vec();
        let Some((from, to)) = self.vocabulary.words.everything.find(&chars) else { return };
        let before = self.passage.chars[sentence.start..clause.start + from].to_vec();
        if self.is_partial
            || self.times.is_other_at(clause.start + from)
            || self.vocabulary.words.except.is_in(&before)
            || self.vocabulary.words.everything_but.is_in(&chars[from..])
            || !self.passage.numbers_in(&(clause.start + from..clause.end)).is_empty()
        {
            return;
        }
        let (mut hits, plain) = self.clause_hits(clause, sentence);
        if hits.is_empty() && self.heading.is_empty() && self.says_nothing_else() {
            hits = self.vocabulary.hits(&chars);
        }
        let said: Vec<Hit> = hits.iter().filter(|hit| hit.start >= to).cloned().collect();
        let Some(first) = said.first() else { return };
        if self.vocabulary.words.neutral.left_over(&plain[to..first.start], &self.vocabulary.words.joint) > 6
        {
            self.passed_over += 1;
            return;
        }
        let written: String =
            self.passage.original[clause.start + from..clause.start + first.end].iter().collect();
        let spec = self.vocabulary.mentions[first.mentions[0]];
        if let Some(rest) = &spec.rest {
            let is_whole = self.last.is_none() || self.last_agrees && self.is_inflow();
            let sum = self.vocabulary.sum(rest);
            let value = self.vocabulary.value(&sum);
            let left_over = last_of(&plain[first.end..]);
            if is_whole && value.is_some_and(|value| !value.is_zero()) && left_over <= UNKNOWN_BEFORE {
                self.contradicted(
                    &written,
                    spec.name.clone(),
                    value.unwrap_or_default(),
                    None,
                    &sum,
                    clause.start + from,
                    sentence,
                );
            }
            return;
        }
        if spec.columns.is_empty() {
            return;
        }
        let rows: Vec<Hit> = {
            let lead = sentence.start..clause.start + from;
            let (all, _) = self.clause_hits(&lead, sentence);
            all.into_iter().filter(|hit| !self.is_column(hit)).collect()
        };
        let mut reported: Vec<String> = Vec::new();
        for hit in &rows {
            let Some(accepted) = self.rows(std::slice::from_ref(hit)) else { continue };
            let sum = &accepted.sums[0];
            let Some(narrowed) = self.vocabulary.narrowed(sum, &spec.columns) else { continue };
            let (Some(whole), Some(part)) = (self.vocabulary.value(sum), self.vocabulary.value(&narrowed))
            else {
                continue;
            };
            if whole != part && !reported.contains(&accepted.name) {
                reported.push(accepted.name.clone());
                let place = clause.start + from;
                self.contradicted(&written, accepted.name.clone(), whole, Some(part), sum, place, sentence);
            }
        }
    }

    /// The words of a clause that are about their topics, with places in the clause.
    fn clause_hits(&self, clause: &Range<usize>, sentence: &Range<usize>) -> (Vec<Hit>, Vec<char>) {
        let chars = &self.passage.chars[clause.clone()];
        let all = self.vocabulary.hits(chars);
        let plain = uncovered(chars, &all);
        let mut hits = all.clone();
        for hit in &mut hits {
            hit.mentions.retain(|&mention| self.is_meant(mention, chars, &all, sentence, clause.end));
        }
        hits.retain(|hit| !hit.mentions.is_empty());
        self.of_one_topic(&mut hits);
        (hits, plain)
    }

    fn has_number(&self, clause: &Range<usize>) -> bool {
        !self.passage.numbers_in(clause).is_empty()
    }

    /// Whether the last number counted everything that came in.
    fn is_inflow(&self) -> bool {
        let Some(last) = &self.last else { return false };
        self.vocabulary
            .mentions
            .iter()
            .any(|mention| mention.rank <= 1 && mention.name == last.name && mention.rest.is_none())
            || self
                .vocabulary
                .mentions
                .iter()
                .any(|mention| mention.rest.is_some() && mention.name == last.name)
    }

    /// Whether the paragraph is short, and all its words are those of mentions and of the grammar.
    fn says_nothing_else(&self) -> bool {
        const MOST: usize = 40;
        let chars = &self.passage.chars;
        if chars.len() > MOST {
            return false;
        }
        let mut plain = uncovered(chars, &self.vocabulary.hits(chars));
        for number in &self.passage.numbers {
            plain[number.start..number.end].fill(COVERED);
        }
        plain.retain(|character| !is_break(*character));
        self.vocabulary.words.neutral.left_over(&plain, &self.vocabulary.words.joint) == 0
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one sentence")]
    fn contradicted(
        &mut self,
        written: &str,
        name: String,
        whole: Decimal,
        part: Option<Decimal>,
        sum: &Sum,
        place: usize,
        sentence: &Range<usize>,
    ) {
        let quote = self.passage.quote(sentence, place);
        let whole = whole.normalize();
        let text = match part.map(|part| part.normalize()) {
            Some(part) => message!(
                "文字说“{written}”，表中“{name}”是 {whole}，其中这一类只有 {part}：“{quote}”",
                "the prose says \"{written}\", but of \"{name}\", {whole}, only {part} are so: \"{quote}\""
            ),
            None => message!(
                "文字说“{written}”，表中还有 {whole} 件没有办结：“{quote}”",
                "the prose says \"{written}\", but in the table {whole} are not closed: \"{quote}\""
            ),
        };
        let mut diagnostic = Diagnostic::warning(rule::PROSE_FIGURE, &self.text.pointer, text)
            .hint(message!("核对文字和表格", "check the prose and the table"));
        diagnostic.related = self.vocabulary.cells(sum);
        diagnostic.quoted = Some(written.to_owned());
        self.found.push(diagnostic);
    }
}

/// How many characters are left at the end of a clause.
fn last_of(plain: &[char]) -> usize {
    plain.iter().filter(|c| **c != COVERED).count()
}
