//! The time that the numbers of a passage refer to: only those of the report's year are in its tables.

use std::sync::LazyLock;

use regex::Regex;

use super::scan::Passage;

/// The times of a passage.
pub(super) struct Times {
    /// For every character, the time that holds there.
    of: Vec<Time>,
    /// For every number, its place.
    numbers: Vec<usize>,
}

/// The time that something refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// The report's year, also if no time is given.
    This,
    /// The year before it.
    Last,
    /// A part of the year, several years, another one.
    Other,
}

impl Times {
    pub fn of(passage: &Passage, year: Option<u16>) -> Times {
        static WORDS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(concat!(
                r"(?P<not>(?:上一?年度?|去年|20\d\d年度?)(?:末|底)?(?:结转|转结|转入|遗留|未办结|结余)|结转上年|结转(?:至|到)?20\d\d年|上年度?审结)",
                r"|(?P<this>今年|本年|本报告期|报告期内|全年)",
                r"|(?P<year>20\d\d)年",
                r"|(?P<last>上年|去年|上一年|上个年度)",
                r"|(?P<other>前年|往年|历年|近[一二三四五六七八九十两]年|[一二三四五]年来|以来|[十]?[三四五六]五(?:时期|期间)|上半年|下半年|季度|(?:1[01]|[1-9])月份|截[至止]?(?:1[01]|[1-9])月|每月|月均|日均|每年|年均)",
            ))
            .expect("the pattern is sound")
        });
        let mut of = vec![Time::This; passage.chars.len()];
        for sentence in &passage.sentences {
            let text = passage.text(sentence.clone());
            let mut marks: Vec<(usize, Time, bool)> = Vec::new();
            for found in WORDS.captures_iter(&text) {
                let Some(whole) = found.get(0) else { continue };
                let at = sentence.start + text[..whole.start()].chars().count();
                let time = if found.name("not").is_some() {
                    continue;
                } else if let Some(named) = found.name("year") {
                    match (named.as_str().parse::<u16>(), year) {
                        (Ok(named), Some(year)) if named == year => Time::This,
                        (Ok(named), Some(year)) if named + 1 == year => Time::Last,
                        (_, None) => continue,
                        _ => Time::Other,
                    }
                } else if found.name("this").is_some() {
                    Time::This
                } else if found.name("last").is_some() {
                    Time::Last
                } else {
                    Time::Other
                };
                // 较上年: only until the end of the clause.
                let before = passage.text(at.saturating_sub(2).max(sentence.start)..at);
                let compared =
                    before.ends_with(['较', '比', '与', '同', '和', '（']) || before.ends_with("相比");
                marks.push((at, time, compared));
            }
            let mut lasting = Time::This;
            let mut next = 0;
            let mut now = Time::This;
            for at in sentence.clone() {
                if matches!(passage.chars[at], '，' | '；' | '（' | '）' | '：') {
                    now = lasting;
                }
                while next < marks.len() && marks[next].0 == at {
                    now = marks[next].1;
                    if !marks[next].2 {
                        lasting = now;
                    }
                    next += 1;
                }
                of[at] = now;
            }
        }
        Times { of, numbers: passage.numbers.iter().map(|number| number.start).collect() }
    }

    /// The time of a number.
    pub fn at(&self, number: usize) -> Time {
        self.of[self.numbers[number]]
    }

    /// Whether a number is of another time than the report.
    pub fn is_other(&self, number: usize) -> bool {
        self.at(number) != Time::This
    }

    /// Whether a place refers to another time than the report's.
    pub fn is_other_at(&self, place: usize) -> bool {
        self.of.get(place).is_some_and(|time| *time != Time::This)
    }
}
