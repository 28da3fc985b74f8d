//! The numbers in front of headings and clauses: 一、 （一） 1. （1）, and 第一章.
//!
//! A sentence may begin with what looks like one: 一、二级公路 and （一）至（三）项 count something, they number nothing.

/// The number in front of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadingNumber {
    /// What kind of number it is.
    pub kind: NumberKind,
    /// Its value.
    pub value: usize,
    /// Its length in bytes, marks included.
    pub length: usize,
}

/// The kinds of number, from the outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberKind {
    /// 第一部分, 第一编.
    Part,
    /// 第一章.
    Chapter,
    /// 第一节.
    Section,
    /// 第一条.
    Article,
    /// 一、 to （1）, the levels 1 to 4 of GB/T 9704—2012, 7.3.3.
    Level(u8),
}

/// What a number counts in a sentence: 一、二级公路, 十一、十二月份.
const COUNTED: &str = "级季产月期类批号线楼层等档年次轮标段区组队科处室院师环孩本审把支分代名位届款";

/// What follows an ordinal that refers to a clause: （一）至（三）项, （二）款规定.
const REFERS: [&str; 12] =
    ["规定", "所列", "所称", "所述", "中", "内", "的", "情形", "内容", "、", "和", "或"];

impl HeadingNumber {
    /// The number that a text begins with.
    pub fn of(text: &str) -> Option<HeadingNumber> {
        part(text).or_else(|| bracketed(text)).or_else(|| plain(text))
    }

    /// The level of a heading with this number, where there is one for it.
    pub fn level(&self) -> u8 {
        match self.kind {
            NumberKind::Part | NumberKind::Chapter => 1,
            NumberKind::Section => 2,
            NumberKind::Article => 3,
            NumberKind::Level(level) => level,
        }
    }

    /// Whether the text goes on as if the number counted something: 一、二级公路. A heading may begin so too
    /// (一、二季度工作情况 before 二、三季度工作情况); what follows it tells.
    pub fn may_count(&self, text: &str) -> bool {
        let rest = &text[self.length..];
        let run = numeral(rest);
        if self.kind != NumberKind::Level(1) || run == 0 {
            return false;
        }
        let Some((next, after)) = value(&rest[..run]).zip(rest[run..].chars().next()) else { return false };
        match after {
            '、' => next > self.value,
            // 一、五年规划 is a heading, 一、三季度 hardly.
            '级' | '季' | '类' | '等' => next > self.value,
            _ => next == self.value + 1 && COUNTED.contains(after),
        }
    }
}

/// 第一部分, 第二章, 第三节, 第四条, before a blank or a name.
fn part(text: &str) -> Option<HeadingNumber> {
    let rest = text.strip_prefix('第')?;
    let run = numeral(rest).max(digits(rest));
    let value = value(&rest[..run])?;
    let kinds = [
        ("部分", NumberKind::Part),
        ("编", NumberKind::Part),
        ("篇", NumberKind::Part),
        ("章", NumberKind::Chapter),
        ("节", NumberKind::Section),
        ("条", NumberKind::Article),
    ];
    let (word, kind) = kinds.into_iter().find(|(word, _)| rest[run..].starts_with(word))?;
    Some(HeadingNumber { kind, value, length: '第'.len_utf8() + run + word.len() })
}

/// （一） and （1）.
fn bracketed(text: &str) -> Option<HeadingNumber> {
    let open = text.chars().next().filter(|c| matches!(c, '（' | '('))?;
    let inner = &text[open.len_utf8()..];
    for (level, run) in [(2, numeral(inner)), (4, digits(inner))] {
        let close = inner[run..].chars().next().filter(|c| matches!(c, '）' | ')'));
        let Some(close) = close.filter(|_| (1..=12).contains(&run)) else { continue };
        let length = open.len_utf8() + run + close.len_utf8();
        let value = value(&inner[..run])?;
        return (!refers(&text[length..])).then_some(HeadingNumber {
            kind: NumberKind::Level(level),
            value,
            length,
        });
    }
    None
}

/// Whether a sentence goes on after an ordinal that refers to a clause: 至（三）项, （二）项, 、（三）项, 项规定的.
fn refers(rest: &str) -> bool {
    let joint = rest.trim_start_matches([
        '至', '到', '、', '，', '和', '与', '及', '或', '—', '－', '-', '~', '～', '第',
    ]);
    let ordinal = |text: &str| {
        text.strip_prefix(['（', '(']).is_some_and(|inner| {
            let run = numeral(inner).max(digits(inner));
            run > 0 && inner[run..].starts_with(['）', ')'])
        })
    };
    let clause = rest.strip_prefix(['项', '款', '目', '条']);
    ordinal(joint) || clause.is_some_and(|rest| REFERS.iter().any(|word| rest.starts_with(word)))
}

/// 一、 and 1.
fn plain(text: &str) -> Option<HeadingNumber> {
    let run = numeral(text);
    if run > 0 && text[run..].starts_with('、') {
        let length = run + '、'.len_utf8();
        return Some(HeadingNumber { kind: NumberKind::Level(1), value: value(&text[..run])?, length });
    }
    let run = digits(text);
    if (1..=2).contains(&run) {
        let mut after = text[run..].chars();
        let mark = after.next().filter(|c| matches!(c, '.' | '．' | '、'))?;
        if !after.next()?.is_ascii_digit() {
            let length = run + mark.len_utf8();
            return Some(HeadingNumber { kind: NumberKind::Level(3), value: value(&text[..run])?, length });
        }
    }
    None
}

/// How many bytes of a text are a Chinese numeral.
fn numeral(text: &str) -> usize {
    text.chars().take_while(|c| "一二三四五六七八九十百零〇".contains(*c)).map(char::len_utf8).sum()
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The value of a numeral, Chinese or Arabic: 二十一, 一百零五.
fn value(text: &str) -> Option<usize> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (mut sum, mut last) = (0, None);
    for character in text.chars() {
        match ("零一二三四五六七八九".chars().position(|digit| digit == character), character) {
            (Some(digit), _) => last = Some(digit),
            (None, '十') => sum += last.take().unwrap_or(1) * 10,
            (None, '百') => sum += last.take().unwrap_or(1) * 100,
            (None, _) => return None,
        }
    }
    (!text.is_empty()).then(|| sum + last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<(NumberKind, usize)> {
        HeadingNumber::of(text).map(|number| (number.kind, number.value))
    }

    #[test]
    fn numbers_have_a_kind_and_a_value() {
        for (text, kind, value) in [
            ("一、总体情况", NumberKind::Level(1), 1),
            ("（二十一）丙", NumberKind::Level(2), 21),
            ("12．其他", NumberKind::Level(3), 12),
            ("(3)第三项", NumberKind::Level(4), 3),
            ("第一部分 概况", NumberKind::Part, 1),
            ("第十章　附则", NumberKind::Chapter, 10),
            ("第二节 管理", NumberKind::Section, 2),
            ("第一百零五条 本条例", NumberKind::Article, 105),
            ("（一）项目建设", NumberKind::Level(2), 1),
            ("（二）条例修订", NumberKind::Level(2), 2),
        ] {
            assert_eq!(number(text), Some((kind, value)), "{text}");
        }
    }

    #[test]
    fn references_to_clauses_are_no_numbers() {
        for text in [
            "（一）至（三）项规定的情形除外。",
            "（一）（二）项所列材料可以免交。",
            "（一）、（二）项的材料可以免交。",
            "（一）和（三）同时适用的，从重处罚。",
            "（1）至（3）由市财政局负责。",
            "（四）项规定的情形除外。",
            "（二）款中的期限。",
            "1.5亿元资金",
            "第一、第二",
            "第一书记",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_count_are_told_from_those_of_headings() {
        let counts = |text: &str| HeadingNumber::of(text).expect("a number").may_count(text);
        for text in [
            "一、二级公路改造完成。",
            "十一、十二月份完成整改。",
            "二、三产业",
            "一、二、三等奖",
            "二、四季度",
            "一、二审案件",
            "十、百、千工程",
        ] {
            assert!(counts(text), "{text}");
        }
        for text in [
            "一、三公经费",
            "三、四风问题",
            "一、二十大精神",
            "二、一季度情况",
            "一、五年规划",
            "三、四个全面",
            "一、总体情况",
        ] {
            assert!(!counts(text), "{text}");
        }
    }
}
