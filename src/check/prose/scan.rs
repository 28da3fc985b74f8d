//! Prose as sentences with their numbers: what is counted, in which unit, of which time.
//!
//! Everything works on characters, one for one with the text as written, so that every place can be quoted.
//! Text with numbers that count nothing (names of documents, dates, addresses, telephone numbers) is masked.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

/// The mask: the replacement of a character that is ignored.
const MASK: char = '※';

/// Units, the longer before those that they begin with.
const UNITS: [&str; 42] = [
    "万元", "亿元", "元", "件次", "人次", "场次", "件", "宗", "份", "起", "例", "条", "次", "个", "项", "部",
    "篇", "期", "名", "人", "家", "场", "户", "类", "批", "页", "字", "种", "处", "幅", "张", "册", "本",
    "套", "台", "期次", "余", "多", "万", "亿", "天", "年",
];

/// A paragraph cut into sentences.
pub(super) struct Passage {
    /// As written.
    pub original: Vec<char>,
    /// The same, with digits and punctuation normalised, and masks.
    pub chars: Vec<char>,
    /// The numbers that count something, in order.
    pub numbers: Vec<Number>,
    /// The sentences, without their full stops.
    pub sentences: Vec<Range<usize>>,
    /// The ranges that came from references.
    references: Vec<Range<usize>>,
}

/// A number with its unit.
#[derive(Clone, Debug)]
pub(super) struct Number {
    /// From its first digit to after its unit.
    pub start: usize,
    pub end: usize,
    /// Its value, in units (万 multiplied out; money in 万元).
    pub value: Decimal,
    /// One unit of its last digit where it is rounded; zero where it is whole.
    pub step: Decimal,
    /// `件`; `%` for percentages; empty where there is none.
    pub unit: String,
    /// Whether it is approximate.
    pub is_vague: bool,
}

impl Number {
    /// Whether it is `value`, rounded or truncated to its digits.
    pub fn agrees(&self, value: Decimal) -> bool {
        let difference = (self.value - value).abs();
        if self.step.is_zero() { difference.is_zero() } else { difference < self.step }
    }

    /// As written, with its unit.
    pub fn written(&self, passage: &Passage) -> String {
        passage.original[self.start..self.end].iter().collect()
    }
}

impl Passage {
    pub fn of(text: &str, references: &[Range<usize>]) -> Passage {
        let original: Vec<char> = text.chars().collect();
        let mut chars: Vec<char> = (0..original.len()).map(|at| normal(&original, at)).collect();
        mask(&mut chars);
        join_brackets(&mut chars);
        let numbers = numbers(&chars);
        let mut sentences = Vec::new();
        let mut start = 0;
        for (at, c) in chars.iter().enumerate() {
            if matches!(c, '。' | '！' | '？' | '\n') {
                sentences.push(start..at);
                start = at + 1;
            }
        }
        sentences.push(start..chars.len());
        sentences.retain(|sentence| !sentence.is_empty());
        Passage { original, chars, numbers, sentences, references: references.to_vec() }
    }

    /// Whether a number came from a reference, and so is right whatever its words are.
    pub fn is_reference(&self, at: usize) -> bool {
        let number = &self.numbers[at];
        self.references.iter().any(|given| given.start < number.end && number.start < given.end)
    }

    /// The text of a range, as it is compared.
    pub fn text(&self, range: Range<usize>) -> String {
        self.chars.get(range).unwrap_or_default().iter().collect()
    }

    /// The sentence, or the text around `near` if it is long.
    pub fn quote(&self, sentence: &Range<usize>, near: usize) -> String {
        const MOST: usize = 90;
        let (mut start, mut end) = (sentence.start, sentence.end);
        let (mut before, mut after) = ("", "");
        if end - start > MOST {
            start = start.max(near.saturating_sub(MOST / 2));
            end = end.min(near + MOST / 2);
            before = if start > sentence.start { "……" } else { "" };
            after = if end < sentence.end { "……" } else { "" };
        }
        let text: String = self.original[start..end].iter().collect();
        format!("{before}{}{after}", text.trim())
    }

    /// The numbers of a range, by their places in `numbers`.
    pub fn numbers_in(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.numbers.partition_point(|number| number.start < range.start);
        let last = self.numbers.partition_point(|number| number.start < range.end);
        first..last
    }

    /// From the last break (or number) before a number to the number.
    pub fn left(&self, at: usize, sentence: &Range<usize>) -> Range<usize> {
        let number = &self.numbers[at];
        let floor =
            at.checked_sub(1).map_or(sentence.start, |before| self.numbers[before].end.max(sentence.start));
        let start = (floor..number.start)
            .rev()
            .find(|&place| is_break(self.chars[place]))
            .map_or(floor, |place| place + 1);
        start..number.start
    }

    /// From a number to the next break or number.
    pub fn right(&self, at: usize, sentence: &Range<usize>) -> Range<usize> {
        let number = &self.numbers[at];
        let ceiling = self.numbers.get(at + 1).map_or(sentence.end, |next| next.start.min(sentence.end));
        let end = (number.end..ceiling)
            .find(|&place| is_break(self.chars[place]) || self.chars[place] == '、')
            .unwrap_or(ceiling);
        number.end..end.max(number.end)
    }

    /// The clause around a place: between breaks.
    pub fn clause(&self, place: usize, sentence: &Range<usize>) -> Range<usize> {
        let start = (sentence.start..place)
            .rev()
            .find(|&at| is_break(self.chars[at]))
            .map_or(sentence.start, |at| at + 1);
        let end = (place..sentence.end).find(|&at| is_break(self.chars[at])).unwrap_or(sentence.end);
        start..end
    }
}

/// Whether a clause ends here.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '，' | '；' | '。' | '：' | '（' | '）' | '！' | '？' | '\n')
}

/// A normalised character, for comparing.
fn normal(text: &[char], at: usize) -> char {
    let digit_beside = |at: Option<usize>| {
        at.and_then(|at| text.get(at)).is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(c))
    };
    match text[at] {
        c @ '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '％' | '﹪' => '%',
        '．' if digit_beside(Some(at + 1)) => '.',
        ',' if digit_beside(at.checked_sub(1)) && digit_beside(Some(at + 1)) => ',',
        ',' => '，',
        ';' => '；',
        ':' if digit_beside(at.checked_sub(1)) && digit_beside(Some(at + 1)) => ':',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        '\u{a0}' | '\u{3000}' => ' ',
        c => c,
    }
}

/// Masks text with numbers that count nothing.
fn mask(chars: &mut [char]) {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"《[^《》]*》|〔[^〔〕]*〕\d*号?|[A-Za-z]+://[A-Za-z0-9./?=&%_#:~+-]+|www\.[A-Za-z0-9./?=&%_-]+",
            r"|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+|\d{3,4}[-—－]\d{7,8}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日",
            r"|第[一二三四五六七八九十百]+条(?:第[一二三四五六七八九十]+款)?(?:第?（[一二三四五六七八九十]+）项)?",
            r"|第\d+|\d{1,2}:\d{2}|[（(]\d{1,2}[）)]",
        ))
        .expect("the pattern is sound")
    });
    let text: String = chars.iter().collect();
    let mut places: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    places.push(text.len());
    for found in PATTERN.find_iter(&text) {
        let from = places.partition_point(|byte| *byte < found.start());
        let to = places.partition_point(|byte| *byte < found.end());
        chars[from..to].fill(MASK);
    }
}

/// Takes away brackets without numbers before a number: what they hold belongs to the words before them, as in
/// 不予公开（属于内部事务信息）5 件.
fn join_brackets(chars: &mut [char]) {
    const MOST: usize = 24;
    let mut open = None;
    for at in 0..chars.len() {
        match chars[at] {
            '（' => open = Some(at),
            '）' => {
                let Some(from) = open.take() else { continue };
                let inner = &chars[from + 1..at];
                let is_plain = inner.len() <= MOST && !inner.iter().any(|c| c.is_ascii_digit() || *c == MASK);
                let is_number = inner.iter().all(|c| "一二三四五六七八九十".contains(*c));
                if is_plain && !is_number && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
                    chars[from] = ' ';
                    chars[at] = ' ';
                }
            }
            _ => {}
        }
    }
}

fn numbers(chars: &[char]) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let number = if chars[at].is_ascii_digit() {
            let end = digits_end(chars, at);
            let joined = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '第');
            let number = (!joined).then(|| arabic(chars, at, end)).flatten();
            at = end;
            number
        } else {
            let number = chinese(chars, at);
            at = number.as_ref().map_or(at + 1, |number| number.end);
            number
        };
        found.extend(number);
    }
    found
}

/// Where the digits end that begin at `start`, with groups and decimals.
fn digits_end(chars: &[char], start: usize) -> usize {
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut at = start;
    while is_digit(at) || (matches!(chars.get(at), Some(',' | '.')) && is_digit(at + 1)) {
        at += 1;
    }
    // 1，092: a full-width comma groups only as a thousands separator does.
    while at - start <= 3
        && chars.get(at) == Some(&'，')
        && (1..=3).all(|step| is_digit(at + step))
        && !is_digit(at + 4)
        && chars.get(at + 4) != Some(&'年')
    {
        at += 4;
    }
    at
}

fn arabic(chars: &[char], start: usize, end: usize) -> Option<Number> {
    let digits: String = chars[start..end].iter().filter(|c| !matches!(c, ',' | '，')).collect();
    let value = Decimal::from_str_exact(&digits).ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    let step = if decimals == 0 { Decimal::ZERO } else { Decimal::new(1, decimals.min(20)) };
    let range = |c: char| matches!(c, '-' | '—' | '~' | '～' | '至' | '到');
    let in_range = start >= 2 && range(chars[start - 1]) && chars[start - 2].is_ascii_digit()
        || chars.get(end).is_some_and(|c| range(*c)) && chars.get(end + 1).is_some_and(char::is_ascii_digit);
    unit(
        chars,
        Number {
            start,
            end,
            value,
            step,
            unit: String::new(),
            is_vague: in_range || vague_before(chars, start),
        },
    )
}

fn vague_before(chars: &[char], start: usize) -> bool {
    const WORDS: [&str; 12] =
        ["约", "近", "超", "逾", "超过", "大约", "将近", "不足", "至少", "不少于", "左右", "每"];
    let text: String = chars[start.saturating_sub(3)..start].iter().collect();
    WORDS.iter().any(|word| text.ends_with(word))
}

/// Reads the unit after a number.
fn unit(chars: &[char], mut number: Number) -> Option<Number> {
    let mut at = number.end;
    while chars.get(at) == Some(&' ') {
        at += 1;
    }
    if chars.get(at) == Some(&'%') {
        return Some(Number {
            unit: "%".into(),
            end: at + 1,
            step: if number.step.is_zero() { Decimal::ONE } else { number.step },
            ..number
        });
    }
    let next = |at: usize| {
        UNITS
            .iter()
            .find(|unit| unit.chars().enumerate().all(|(step, c)| chars.get(at + step) == Some(&c)))
            .copied()
    };
    // 1200余万件, 3.9万余件
    loop {
        let found = next(at)?;
        let length = found.chars().count();
        let scale = |number: &mut Number, factor: i64| {
            let factor = Decimal::from(factor);
            number.value *= factor;
            number.step = if number.step.is_zero() { factor } else { number.step * factor };
        };
        at += length;
        match found {
            "年" => return None,
            "余" | "多" => number.is_vague = true,
            "万" => scale(&mut number, 10_000),
            "亿" => scale(&mut number, 100_000_000),
            "亿元" => {
                scale(&mut number, 10_000);
                number.unit = "万元".into();
            }
            "元" => {
                number.value /= Decimal::from(10_000);
                number.step /= Decimal::from(10_000);
                number.unit = "万元".into();
            }
            unit => number.unit = unit.into(),
        }
        if !number.unit.is_empty() {
            break;
        }
        while chars.get(at) == Some(&' ') {
            at += 1;
        }
    }
    let rest: String = chars[at..].iter().take(2).collect();
    if number.unit == "个"
        && chars.get(at..at + 3).is_some_and(|next| next.iter().collect::<String>() == "百分点")
    {
        return None;
    }
    number.is_vague |= rest.starts_with('余') || rest.starts_with('多') || rest == "以上" || rest == "左右";
    number.end = at;
    Some(number)
}

/// The value of a numeral in words: 一百零三, 九十二.
fn in_words(numeral: &[char]) -> Option<i64> {
    let (mut total, mut digit) = (0, None);
    for &character in numeral {
        let value = "零一二三四五六七八九".chars().position(|known| known == character);
        match (character, value) {
            ('两', _) => digit = Some(2),
            ('十' | '百' | '千', _) => {
                let scale = match character {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                total += digit.take().or((character == '十').then_some(1))? * scale;
            }
            ('零' | '〇', _) => digit = None,
            (_, Some(value)) if digit.is_none() => digit = Some(i64::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// 两件, 九十二起: numerals in words before the commonest units.
fn chinese(chars: &[char], start: usize) -> Option<Number> {
    const NUMERALS: [char; 15] =
        ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '两', '零', '〇'];
    let is_numeral = |c: &char| NUMERALS.contains(c);
    if !is_numeral(&chars[start])
        || matches!(chars[start], '百' | '千')
        || start > 0 && (is_numeral(&chars[start - 1]) || "第每同这那某逐".contains(chars[start - 1]))
    {
        return None;
    }
    let numeral: Vec<char> = chars[start..].iter().take_while(|c| is_numeral(c)).copied().collect();
    let value = in_words(&numeral)?;
    let at = start + numeral.len();
    let unit = *chars.get(at)?;
    if !matches!(unit, '件' | '起' | '宗' | '例')
        || chars.get(at + 1) == Some(&'事')
        || unit == '起' && value == 1
    {
        return None;
    }
    Some(Number {
        start,
        end: at + 1,
        value: Decimal::from(value),
        step: Decimal::ZERO,
        unit: unit.to_string(),
        is_vague: vague_before(chars, start),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &[(&str, &str, bool)]) {
        let passage = Passage::of(text, &[]);
        let found: Vec<_> = passage
            .numbers
            .iter()
            .map(|number| (number.value.normalize().to_string(), number.unit.clone(), number.is_vague))
            .collect();
        let wanted: Vec<_> = wanted
            .iter()
            .map(|(value, unit, vague)| ((*value).to_owned(), (*unit).to_owned(), *vague))
            .collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn numbers_have_values_and_units() {
        check("收到申请１，２件", &[("2", "件", false)]);
        check(
            "共1,234件、3.99万条，收费6858.05万元和2950元",
            &[
                ("1234", "件", false),
                ("39900", "条", false),
                ("6858.05", "万元", false),
                ("0.295", "万元", false),
            ],
        );
        check(
            "增长12.5％，约30件，1200余件，两件、十二起，办好一件事",
            &[
                ("12.5", "%", false),
                ("30", "件", true),
                ("1200", "件", true),
                ("2", "件", false),
                ("12", "起", false),
            ],
        );
    }

    #[test]
    fn names_dates_and_numbers_of_documents_count_nothing() {
        check("《关于3件事的通知》（国办发〔2021〕30号）2023年1月1日，电话0851-82514600，第3件", &[]);
    }
}
