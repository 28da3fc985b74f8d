//! Mentions: numbers near known words, compared with the figures that the words refer to (rule
//! `prose.figure`).
//!
//! Uncertain cases are ignored: other times, parts of a whole, other things counted in the same unit.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::HashMap;
use regex::Regex;
use rust_decimal::Decimal;

use super::scan::{Number, Passage};
use super::time::Times;
use crate::diagnostic::{Diagnostic, RelatedCell, rule};
use crate::figures::{Figures, Key};
use crate::layout::{FigureSum, Layout, MentionSpec, TopicSpec};
use crate::message;
use crate::report::Text;

/// The vocabulary of a layout: its words, and the figures that they refer to.
pub(super) struct Vocabulary<'a> {
    mentions: Vec<&'a MentionSpec>,
    topics: Vec<&'a TopicSpec>,
    all: &'a BTreeMap<String, TopicSpec>,
    /// Every word with the mentions that have it, the longest first.
    words: Vec<(Vec<char>, Vec<usize>)>,
    figures: &'a Figures,
    /// Whether the report covers all units of its area, so that numbers of 全市 are totals of its tables.
    pub covers_all_units: bool,
}

/// A word found.
#[derive(Clone, Debug)]
struct Hit {
    start: usize,
    end: usize,
    mentions: Vec<usize>,
}

/// A sum of figures, by their numbers, with their signs.
type Sum = Vec<(bool, usize)>;

/// The sums that a number may equal, and their name.
#[derive(Clone, Debug)]
struct Accepted {
    name: String,
    sums: Vec<Sum>,
}

impl<'a> Vocabulary<'a> {
    pub fn of(
        layout: &'a Layout,
        figures: &'a Figures,
        year: Option<u16>,
        covers_all_units: bool,
    ) -> Vocabulary<'a> {
        let mut words: HashMap<Vec<char>, Vec<usize>> = HashMap::default();
        let (mut mentions, mut topics) = (Vec::new(), Vec::new());
        let shifted = |by: i32| year.map(|year| (i32::from(year) + by).to_string());
        let (last_year, next_year) = (shifted(-1), shifted(1));
        for mention in layout.mentions.values() {
            let Some(topic) = layout.topics.get(&mention.topic) else { continue };
            for word in &mention.words {
                let word: Cow<str> = match (word.contains('{'), &last_year, &next_year) {
                    (false, ..) => word.into(),
                    (true, Some(last), Some(next)) => {
                        word.replace("{last_year}", last).replace("{next_year}", next).into()
                    }
                    (true, ..) => continue,
                };
                words.entry(word.chars().collect()).or_default().push(mentions.len());
            }
            mentions.push(mention);
            topics.push(topic);
        }
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Vocabulary { mentions, topics, all: &layout.topics, words, figures, covers_all_units }
    }

    fn hits(&self, passage: &Passage, range: Range<usize>) -> Vec<Hit> {
        let (mut hits, mut at) = (Vec::new(), range.start);
        while at < range.end {
            let rest = &passage.chars[at..range.end];
            match self.words.iter().find(|(word, _)| rest.starts_with(word)) {
                Some((word, mentions)) => {
                    hits.push(Hit { start: at, end: at + word.len(), mentions: mentions.clone() });
                    at += word.len();
                }
                None => at += 1,
            }
        }
        hits
    }

    fn value(&self, sum: &Sum) -> Option<Decimal> {
        sum.iter().try_fold(Decimal::ZERO, |total, &(negative, at)| {
            let value = self.figures.get(at).value()?;
            total.checked_add(if negative { -value } else { value })
        })
    }

    /// The figures of a sum of the layout.
    fn sum(&self, spec: &FigureSum) -> Sum {
        let mut sum = Vec::new();
        for term in &spec.terms {
            sum.extend(self.figures.named(term).map(|(at, _)| (term.negative, at)));
        }
        sum
    }

    /// The same figures in other columns of their rows.
    fn narrowed(&self, sum: &Sum, columns: &[String]) -> Option<Sum> {
        let mut narrowed = Vec::new();
        for &(negative, at) in sum {
            let key = self.figures.get(at).key();
            for column in columns {
                narrowed.push((negative, self.figures.find(Key { column, ..key })?));
            }
        }
        Some(narrowed)
    }

    fn cells(&self, sum: &Sum) -> Vec<RelatedCell> {
        sum.iter().map(|&(_, at)| self.figures.get(at).related()).collect()
    }
}

/// The state of reading a paragraph.
pub(super) struct Reader<'a> {
    vocabulary: &'a Vocabulary<'a>,
    text: &'a Text,
    passage: &'a Passage,
    times: &'a Times,
    /// The heading above the paragraph.
    heading: &'a str,
    /// The sums of the last number, for more specific ones that follow.
    last: Option<Accepted>,
    /// The names that numbers of this sentence agreed with, so that parts of them are not compared with the
    /// whole.
    agreed: BTreeSet<String>,
    /// The topics that the paragraph has left.
    left: BTreeSet<String>,
    /// The findings so far.
    pub found: Vec<Diagnostic>,
}

/// Words that restrict the count to a part.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        "网络|网上|网站|平台|信函|邮寄|邮件|信件|当面|现场|当场|传真|线上|线下|渠道|窗口|微信|书面|口头|电子|来函",
        "|按期|按时|延期|逾期|超期|提前|涉及|关于|有关|本级|各县|各镇|乡镇|街道|各部门|各单位|所属|下属|工作日",
        "|转办|转交|代办|指导|牵头|协办|会同|同类|重复|多次|同一|集中|人均|平均|最多|每|超过|主要|[^开]类|占比|[^政法]局(?:收|受|办|答)",
        "|上半年|季度|撤回|撤销|主动|增加|增长|减少|下降|上升|增幅|减幅|同比|环比|多出|少了|高于|低于",
    ))
    .expect("the pattern is sound")
});

/// What may be between words that are counted together.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:政府信息公开|信息公开|案件|申请|类|的|了|情况|、|和|及|与|或|以及|并|并且|或者|被|提起|因|引发|引起|结果|：)*$")
        .expect("the pattern is sound")
});

/// What precedes a number whose words follow it.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:其中|另外|此外|另|还|有|共有|共计|共|已|和|及|与|以及|、|对|将|为|其余|余下|剩余|的|并|仅|只|全部|均|都|包括|分别|是|中|累计|合计|总计|（|：| )*$")
        .expect("the pattern is sound")
});

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
            agreed: BTreeSet::new(),
            left: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Compares the numbers of a sentence.
    pub fn sentence(&mut self, sentence: &Range<usize>) {
        self.agreed.clear();
        let numbers = self.passage.numbers_in(sentence);
        let mut at = numbers.start;
        while at < numbers.end {
            at += self.number(at, sentence, &numbers);
        }
        self.none(sentence);
        self.all_upheld(sentence);
    }

    /// Compares a number; returns how many numbers were examined.
    fn number(&mut self, at: usize, sentence: &Range<usize>, numbers: &Range<usize>) -> usize {
        let (left, right) = (self.passage.left(at, sentence), self.passage.right(at, sentence));
        let span = left.start..right.end;
        let left_hits = self.relevant(&left, &span, at, sentence);
        let after = left_hits.is_empty() && LEAD.is_match(&self.passage.text(left.clone()));
        let hits = if after { self.relevant(&right, &span, at, sentence) } else { left_hits };
        if hits.is_empty() {
            self.leave(&span);
            return 1;
        }
        if self.is_part(at, &left, sentence) || self.times.is_other(at) {
            // A named part (自然人) still refers to the whole before it, which is kept.
            return 1;
        }
        let group = self.group(&hits, after);
        let between = match (group.last(), after) {
            (Some(last), false) => self.passage.text(last.end..left.end),
            _ => String::new(),
        };
        if between.chars().count() > 24 {
            return 1;
        }
        let each = ["各", "均", "分别", "都"].iter().any(|word| between.contains(word));
        let rows: Vec<&Hit> = group.iter().filter(|hit| !self.is_column(hit)).collect();
        if each && rows.len() > 1 {
            return self.each(&rows, &between, at, sentence, numbers);
        }
        let Some(accepted) = self.accepted(&hits, &group, after) else { return 1 };
        if !self.is_column_group(&hits) {
            self.last = Some(accepted.clone());
        }
        self.compare(at, &accepted, sentence);
        1
    }

    /// 分别为 2 件、3 件: a number for each word; 各 2 件: one number for all.
    fn each(
        &mut self,
        rows: &[&Hit],
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

    /// The words of a range that are about this number.
    fn relevant(
        &self,
        range: &Range<usize>,
        span: &Range<usize>,
        at: usize,
        sentence: &Range<usize>,
    ) -> Vec<Hit> {
        let text = self.passage.text(span.clone());
        let unit = &self.passage.numbers[at].unit;
        let mut hits = self.vocabulary.hits(self.passage, range.clone());
        for hit in &mut hits {
            hit.mentions.retain(|&mention| {
                self.vocabulary.topics[mention].units.contains(unit)
                    && self.is_meant(mention, &text, sentence)
            });
        }
        hits.retain(|hit| !hit.mentions.is_empty());
        hits
    }

    /// Records that the text has changed the topic: what follows without a word of the old topic belongs to
    /// the new one.
    fn leave(&mut self, span: &Range<usize>) {
        let text = self.passage.text(span.clone());
        for (key, topic) in self.vocabulary.all {
            if has(&topic.not, &text) && !has(&topic.words, &text) {
                self.left.insert((*key).to_owned());
            }
        }
    }

    /// Whether a mention is about its topic here.
    fn is_meant(&self, mention: usize, span: &str, sentence: &Range<usize>) -> bool {
        let (spec, topic) = (self.vocabulary.mentions[mention], self.vocabulary.topics[mention]);
        if has(&spec.not, span) || !spec.with.is_empty() && !has(&spec.with, span) {
            return false;
        }
        // The words of the mention itself are no other topic: 行政诉讼 in a list of 行政复议 and 行政诉讼.
        let other = topic.not.iter().any(|word| {
            span.contains(word.as_str())
                && !spec.words.iter().any(|own| own.contains(word.as_str()) && span.contains(own.as_str()))
        });
        if other {
            return false;
        }
        if self.left.contains(&spec.topic) && !has(&topic.words, span) {
            return false;
        }
        let section = self.text.section();
        let before = self.passage.text(0..sentence.end);
        topic.sections.iter().any(|key| section == Some(key))
            || has(&topic.words, &before)
            || has(&topic.words, self.heading)
    }

    /// Whether the number counts only a part, or a change.
    fn is_part(&self, at: usize, left: &Range<usize>, sentence: &Range<usize>) -> bool {
        let mut text = self.passage.text(left.clone());
        let all = ["全市", "全县", "全区", "全省", "全州", "全系统", "各级"];
        if !self.vocabulary.covers_all_units && all.iter().any(|word| text.contains(word)) {
            return true;
        }
        // 通过网站，收到 30 件; 其中网上申请，…
        if left.start > sentence.start + 1 && self.passage.chars[left.start - 1] == '，' {
            let clause = self.passage.clause(left.start - 2, sentence);
            let before = self.passage.text(clause.clone());
            let lead = before.starts_with("其中") || before.starts_with("通过");
            if lead && clause.len() <= 16 && self.passage.numbers_in(&clause).is_empty() {
                text.insert_str(0, &before);
            }
        }
        self.passage.numbers[at].is_vague || PART.is_match(&text)
    }

    fn is_column(&self, hit: &Hit) -> bool {
        hit.mentions.iter().all(|&mention| !self.vocabulary.mentions[mention].columns.is_empty())
    }

    fn is_weak(&self, hit: &Hit) -> bool {
        hit.mentions.iter().all(|&mention| self.vocabulary.mentions[mention].weak)
    }

    fn is_column_group(&self, hits: &[Hit]) -> bool {
        hits.iter().any(|hit| self.is_column(hit))
    }

    /// The words that are counted together: the last ones before a number, the first ones after it.
    fn group(&self, hits: &[Hit], after: bool) -> Vec<Hit> {
        let strong: Vec<Hit> =
            hits.iter().filter(|hit| !self.is_weak(hit) && !self.is_column(hit)).cloned().collect();
        let mut hits = if strong.is_empty() { hits.to_vec() } else { strong };
        if !after {
            hits.reverse();
        }
        let mut group: Vec<Hit> = Vec::new();
        for hit in hits {
            let joined = group.last().is_none_or(|last| {
                let gap = if after { last.end..hit.start } else { hit.end..last.start };
                JOINT.is_match(&self.passage.text(gap))
            });
            if !joined {
                break;
            }
            group.push(hit);
        }
        if !after {
            group.reverse();
        }
        group
    }

    /// The sums that a number with these words may equal.
    fn accepted(&self, hits: &[Hit], group: &[Hit], after: bool) -> Option<Accepted> {
        let rows: Vec<&Hit> = group.iter().filter(|hit| !self.is_column(hit)).collect();
        let columns: Vec<&Hit> = hits.iter().filter(|hit| self.is_column(hit)).collect();
        let only_weak = rows.iter().all(|hit| self.is_weak(hit));
        let mut base = if rows.is_empty() || (only_weak && !columns.is_empty() && self.last.is_some()) {
            self.last.clone()?
        } else {
            self.rows(&rows)?
        };
        let column = if after { columns.first() } else { columns.last() };
        if let Some(column) = column {
            let spec = self.vocabulary.mentions[column.mentions[0]];
            let sums: Vec<Sum> =
                base.sums.iter().filter_map(|sum| self.vocabulary.narrowed(sum, &spec.columns)).collect();
            base = Accepted { name: format!("{}·{}", base.name, spec.name), sums };
        }
        (!base.sums.is_empty()).then_some(base)
    }

    /// The sums of several words together: one of each.
    fn rows(&self, rows: &[&Hit]) -> Option<Accepted> {
        let mut sums: Vec<Sum> = vec![Vec::new()];
        let mut names = Vec::new();
        let mut seen = BTreeSet::new();
        for hit in rows {
            let mention = hit.mentions[0];
            if !seen.insert(mention) {
                continue;
            }
            let spec = self.vocabulary.mentions[mention];
            names.push(spec.name.clone());
            let own: Vec<Sum> = spec
                .figures
                .iter()
                .map(|sum| self.vocabulary.sum(sum))
                .filter(|sum| !sum.is_empty())
                .collect();
            if own.is_empty() {
                return None;
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
        Some(Accepted { name: names.join("加"), sums })
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
            || self.adds_up(at, &values, sentence)
        {
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
        let same_words = |other: usize| {
            let own = self.vocabulary.hits(self.passage, self.passage.left(at, sentence));
            let others = self.vocabulary.hits(self.passage, self.passage.left(other, sentence));
            own.last().map(|hit| &hit.mentions) == others.last().map(|hit| &hit.mentions)
        };
        let parts: Vec<usize> = near.filter(alike).filter(|&other| same_words(other)).collect();
        let sum: Decimal = parts.iter().map(|&part| numbers[part].value).sum();
        parts.len() > 1 && values.contains(&sum)
    }

    fn report(
        &mut self,
        written: &str,
        number: &Number,
        accepted: &Accepted,
        values: &[Decimal],
        sentence: &Range<usize>,
    ) {
        let name = &accepted.name;
        let value = values[0].normalize();
        let others: Vec<String> = values[1..]
            .iter()
            .filter(|other| **other != values[0])
            .map(|other| other.normalize().to_string())
            .collect();
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
        self.found.push(diagnostic);
    }

    /// 未发生行政复议, 没有收到申请: the text states that nothing happened.
    fn none(&mut self, sentence: &Range<usize>) {
        static NONE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new("未(?:曾)?(?:发生|出现|收到|接到|产生|被提起|被申请|受理|有)|没有(?:发生|收到|出现|接到|产生)?|不存在|无(?:因|政府信息|依申请|行政复议|行政诉讼|上年|结转|申请)")
                .expect("the pattern is sound")
        });
        static BUT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new("不当|不满|超期|逾期|违|败诉|纠正|纠错|撤销|错|瑕疵|责任|投诉|举报|收费|收取|处理费|泄密|问题|漏|延期|其中|外|以下|超过|完成|全部")
                .expect("the pattern is sound")
        });
        let mut start = sentence.start;
        while start < sentence.end {
            let clause = self.passage.clause(start, sentence);
            start = clause.end + 1;
            let text = self.passage.text(clause.clone());
            let Some(negation) = NONE.find(&text) else { continue };
            if BUT.is_match(&text)
                || text.contains(|c: char| c.is_ascii_digit()) && !self.passage.numbers_in(&clause).is_empty()
            {
                continue;
            }
            if self.times.is_other_at(clause.start)
                || self.times.is_other_at(clause.end.saturating_sub(1))
                || PART.is_match(&text[..negation.end()])
            {
                continue;
            }
            let from = clause.start + text[..negation.start()].chars().count();
            let hits = self.vocabulary.hits(self.passage, from..clause.end);
            let hits: Vec<Hit> = hits
                .into_iter()
                .filter(|hit| hit.mentions.iter().any(|&mention| self.is_meant(mention, &text, sentence)))
                .collect();
            if self.is_column_group(&hits) || hits.is_empty() {
                continue;
            }
            // 收到 with its noun is one thing; 行政复议、行政诉讼 are two.
            let strong: Vec<Hit> = hits.iter().filter(|hit| !self.is_weak(hit)).cloned().collect();
            for hit in if strong.is_empty() { &hits } else { &strong } {
                let Some(accepted) = self.rows(&[hit]) else { continue };
                let values: Vec<Decimal> =
                    accepted.sums.iter().filter_map(|sum| self.vocabulary.value(sum)).collect();
                if values.is_empty() || values.iter().any(Decimal::is_zero) {
                    continue;
                }
                let written: String = self.passage.original[from..hit.end].iter().collect();
                let number = Number {
                    start: from,
                    end: hit.end,
                    value: Decimal::ZERO,
                    step: Decimal::ZERO,
                    unit: String::new(),
                    is_vague: false,
                };
                self.report(&written, &number, &accepted, &values, sentence);
            }
        }
    }

    /// 均获维持: the column of that result is the whole.
    fn all_upheld(&mut self, sentence: &Range<usize>) {
        static ALL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new("(?:均|全部|都|皆)(?:已)?(?:获|被|予以|得到|为|是)?(?:复议机关|法院|人民法院)?(?:结果)?(维持|纠正)").expect("the pattern is sound")
        });
        let text = self.passage.text(sentence.clone());
        let Some(found) = ALL.find(&text) else { return };
        let place = sentence.start + text[..found.start()].chars().count();
        let end = sentence.start + text[..found.end()].chars().count();
        let (row_hits, column_hits) = (
            self.vocabulary.hits(self.passage, sentence.start..place),
            self.vocabulary.hits(self.passage, place..end),
        );
        let Some(column) = column_hits.iter().find(|hit| self.is_column(hit)) else { return };
        let columns = &self.vocabulary.mentions[column.mentions[0]].columns;
        if self.times.is_other_at(place) {
            return;
        }
        let mut reported = BTreeSet::new();
        let rows: Vec<Hit> = row_hits.into_iter().filter(|hit| !self.is_column(hit)).collect();
        for hit in &rows {
            let span = self.passage.clause(hit.start, sentence);
            let span = self.passage.text(span);
            let meant = hit.mentions.iter().any(|&mention| self.is_meant(mention, &span, sentence));
            let Some(accepted) = self.rows(&[hit]).filter(|_| meant) else { continue };
            let Some(narrowed) = self.vocabulary.narrowed(&accepted.sums[0], columns) else { continue };
            if !reported.insert(accepted.name.clone()) {
                continue;
            }
            let (Some(whole), Some(part)) =
                (self.vocabulary.value(&accepted.sums[0]), self.vocabulary.value(&narrowed))
            else {
                continue;
            };
            if whole == part {
                continue;
            }
            let (name, written) = (&accepted.name, found.as_str());
            let (whole, part) = (whole.normalize(), part.normalize());
            let quote = self.passage.quote(sentence, place);
            let mut diagnostic = Diagnostic::warning(
                rule::PROSE_FIGURE,
                &self.text.pointer,
                message!(
                    "文字说“{written}”，表中“{name}”是 {whole}，其中这一结果只有 {part}：“{quote}”",
                    "the prose says \"{written}\", but of \"{name}\", {whole}, only {part} ended so: \"{quote}\""
                ),
            )
            .hint(message!("尚未审结的不能算在内", "cases that are pending do not count"));
            diagnostic.related = self.vocabulary.cells(&accepted.sums[0]);
            diagnostic.related.extend(self.vocabulary.cells(&narrowed));
            self.found.push(diagnostic);
        }
    }
}

fn has(words: &[String], text: &str) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}
