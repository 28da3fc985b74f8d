//! Punctuation errors in Chinese text: half-width marks between Han, ASCII brackets, doubled marks, spaces.
//!
//! Every error has its correction, so that `check` and `fix` share this code. Addresses, numbers, codes and
//! English are ignored: only marks beside Han are examined.

use crate::diagnostic::rule;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A slip: wrong characters, and their correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// The characters, counted from the start of the text.
    pub range: Range<usize>,
    /// What they should be.
    pub replacement: String,
}

/// The slips of a text, in order, without overlaps.
pub fn slips(text: &str) -> Vec<Slip> {
    let chars: Vec<char> = text.chars().collect();
    let kept = kept(text, &chars);
    let mut found = Vec::new();
    brackets(&chars, &mut found);
    document_numbers(text, &chars, &mut found);
    marks(&chars, &mut found);
    quotes(&chars, &mut found);
    doubles(&chars, &mut found);
    spaces(&chars, &mut found);
    found.retain(|slip| !slip.range.clone().any(|at| kept[at]));
    found.sort_by_key(|slip| (slip.range.start, slip.range.end));
    let mut end = 0;
    found.retain(|slip| {
        let free = slip.range.start >= end;
        if free {
            end = slip.range.end;
        }
        free
    });
    found
}

/// Whether a character is Han.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn is_closing(c: char) -> bool {
    matches!(c, '》' | '〉' | '”' | '’' | '）' | '】' | '〕' | '」' | '』')
}

fn is_opening(c: char) -> bool {
    matches!(c, '《' | '〈' | '“' | '‘' | '（' | '【' | '〔' | '「' | '『')
}

/// Whether a character belongs to a Chinese text: Han and its marks.
fn is_chinese(c: char) -> bool {
    is_han(c)
        || is_closing(c)
        || is_opening(c)
        || matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、' | '…' | '—')
}

/// The characters that are ignored: addresses, references.
fn kept(text: &str, chars: &[char]) -> Vec<bool> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"\{\{.*?\}\}|[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9./?=&%_#:~+;,!@$'()*\[\]-]+",
            r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[A-Za-z0-9./?=&%_#:~+-]*)?",
        ))
        .expect("the pattern is sound")
    });
    let mut kept = vec![false; chars.len()];
    // All of them have letters.
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'{') {
        return kept;
    }
    for found in PATTERN.find_iter(text) {
        kept[place(text, found.start())..place(text, found.end())].fill(true);
    }
    kept
}

/// The index of the character at a byte.
pub(super) fn place(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

fn slip(rule: &'static str, range: Range<usize>, replacement: impl Into<String>) -> Slip {
    Slip { rule, range, replacement: replacement.into() }
}

fn before(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).map(|at| chars[at])
}

/// `,` `;` `:` `!` `?` after Han, or between a number and Han; a full stop after Han at the end.
fn marks(chars: &[char], found: &mut Vec<Slip>) {
    for (at, c) in chars.iter().enumerate() {
        let full = match c {
            ',' => "，",
            ';' => "；",
            ':' => "：",
            '!' => "！",
            '?' => "？",
            '.' => "。",
            _ => continue,
        };
        let (before, after) = (before(chars, at), chars.get(at + 1).copied());
        let after_han = before.is_some_and(|c| is_han(c) || is_closing(c));
        let between = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '%' || c == ')')
            && after.is_some_and(|c| is_han(c) || is_opening(c));
        let wrong = match c {
            '.' => after_han && after.is_none() && at > 4,
            ',' | ';' => after_han || between,
            _ => after_han,
        };
        // 清镇市:3:2 is no sentence, nor is a run of marks.
        if wrong && after.is_none_or(|next| next != *c) {
            found.push(slip(rule::TEXT_HALF_WIDTH, at..at + 1, full));
        }
    }
}

/// `(` and `)` around Han or beside it; `<` and `>` around Han.
fn brackets(chars: &[char], found: &mut Vec<Slip>) {
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '(' => open.push(at),
            ')' => {
                let Some(start) = open.pop() else { continue };
                let inner = &chars[start + 1..at];
                let (before, after) = (before(chars, start), chars.get(at + 1).copied());
                let beside = before.is_none_or(is_chinese)
                    && after.is_none_or(is_chinese)
                    && (before.is_some() || after.is_some());
                if !inner.is_empty()
                    && (inner.iter().any(|c| is_han(*c)) && before.is_none_or(|c| !c.is_ascii_alphabetic())
                        || beside)
                {
                    found.push(slip(rule::TEXT_HALF_WIDTH, start..start + 1, "（"));
                    found.push(slip(rule::TEXT_HALF_WIDTH, at..at + 1, "）"));
                }
            }
            _ => {}
        }
    }
    let mut start = 0;
    while let Some(from) = (start..chars.len()).find(|&at| chars[at] == '<') {
        start = from + 1;
        let Some(to) = (start..chars.len()).find(|&at| matches!(chars[at], '<' | '>')) else { break };
        let inner = &chars[start..to];
        let is_name = chars[to] == '>'
            && inner.first().is_some_and(|c| is_han(*c) || c.is_ascii_digit())
            && inner.iter().any(|c| is_han(*c))
            && before(chars, from).is_none_or(is_chinese);
        if is_name {
            found.push(slip(rule::TEXT_ASCII_BRACKETS, from..start, "〈"));
            found.push(slip(rule::TEXT_ASCII_BRACKETS, to..to + 1, "〉"));
        }
    }
}

/// `[2023]12号`, `(2023)12号`: the year of a 发文字号 is in 〔〕. GB/T 9704—2012, 7.2.5.
fn document_numbers(text: &str, chars: &[char], found: &mut Vec<Slip>) {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\[［【(（]((?:19|20)\d\d)[\]］】)）](?:第)?\d+号").expect("the pattern is sound")
    });
    if !text.contains('号') {
        return;
    }
    for matched in PATTERN.find_iter(text) {
        let from = place(text, matched.start());
        if before(chars, from).is_some_and(is_han) {
            found.push(slip(rule::TEXT_ASCII_BRACKETS, from..from + 1, "〔"));
            found.push(slip(rule::TEXT_ASCII_BRACKETS, from + 5..from + 6, "〕"));
        }
    }
}

/// Straight quotes in pairs, around Han or beside it; not the inches of 5'10".
fn quotes(chars: &[char], found: &mut Vec<Slip>) {
    let mut places: Vec<usize> = Vec::new();
    for at in (0..chars.len()).filter(|&at| chars[at] == '"') {
        let is_open = !places.len().is_multiple_of(2);
        if !is_inch(chars, at, is_open) {
            places.push(at);
        }
    }
    if !places.len().is_multiple_of(2) {
        return;
    }
    for pair in places.chunks(2) {
        let &[from, to] = pair else { continue };
        let inner = &chars[from + 1..to];
        let beside =
            before(chars, from).is_some_and(is_chinese) || chars.get(to + 1).is_some_and(|c| is_chinese(*c));
        if !inner.is_empty() && (inner.iter().any(|c| is_han(*c)) || beside) {
            found.push(slip(rule::TEXT_HALF_WIDTH, from..from + 1, "“"));
            found.push(slip(rule::TEXT_HALF_WIDTH, to..to + 1, "”"));
        }
    }
}

/// Whether this `"` follows a number that it measures: 5'10", 55"; in a pair that is open it may close the pair.
fn is_inch(chars: &[char], at: usize, is_open: bool) -> bool {
    let is_part = |c: &&char| c.is_ascii_digit() || **c == '.';
    let digits = chars[..at].iter().rev().take_while(is_part).count();
    let has_feet = before(chars, at - digits).is_some_and(|c| matches!(c, '\'' | '′' | '°'));
    digits > 0 && (has_feet || !is_open)
}

/// Two marks where one is meant: `。。`, `，。`. Three and more may be an ellipsis.
fn doubles(chars: &[char], found: &mut Vec<Slip>) {
    let is_mark = |c: char| matches!(c, '，' | '。' | '；' | '：' | '、' | ',' | ';');
    let mut at = 0;
    while at < chars.len() {
        let end = (at..chars.len()).find(|&end| !is_mark(chars[end])).unwrap_or(chars.len());
        if end - at == 2 && at > 0 && is_chinese(chars[at - 1]) {
            let (first, second) = (chars[at], chars[at + 1]);
            let one = match (first, second) {
                (_, '。') | ('。', _) => "。",
                ('；', _) | (_, '；') => "；",
                ('：', _) | (_, '：') => "：",
                ('，' | ',', _) | (_, '，' | ',') => "，",
                _ => "、",
            };
            found.push(slip(rule::TEXT_DOUBLED_PUNCTUATION, at..end, one));
        }
        at = end.max(at + 1);
    }
}

/// Spaces between Han, and at the ends. Ideographic ones, those inside a name of two characters, and those that
/// separate ([`separates`]) are intended.
fn spaces(chars: &[char], found: &mut Vec<Slip>) {
    let is_space = |c: char| matches!(c, ' ' | '\u{a0}');
    let mut at = 0;
    while at < chars.len() {
        if !is_space(chars[at]) {
            at += 1;
            continue;
        }
        let end = (at..chars.len()).find(|&end| !is_space(chars[end])).unwrap_or(chars.len());
        let (before, after) = (before(chars, at), chars.get(end).copied());
        let at_the_end = before.is_none() || after.is_none();
        let between = before.is_some_and(is_chinese)
            && after.is_some_and(is_chinese)
            && (before.is_some_and(is_han) || after.is_some_and(is_han));
        let lone = |outer: Option<char>| outer.is_none_or(|c| !is_han(c));
        let outer_before = at.checked_sub(2).map(|at| chars[at]);
        let name = before.is_some_and(is_han)
            && after.is_some_and(is_han)
            && (lone(outer_before) || outer_before.is_some_and(is_space))
            && lone(chars.get(end + 1).copied());
        if at_the_end || (between && !name && !separates(chars, at..end)) {
            found.push(slip(rule::TEXT_SPACE, at..end, ""));
        }
        at = end;
    }
}

/// Whether a space between Chinese characters has a meaning: after 第一条, between the names of bodies that act together
/// or in a list of names, before a label as in `甲方：… 乙方：…`, and where it is wider than one.
fn separates(chars: &[char], space: Range<usize>) -> bool {
    let is_space = |c: &char| matches!(c, ' ' | '\u{a0}' | '\u{3000}');
    let start = chars[..space.start].iter().rposition(is_space).map_or(0, |at| at + 1);
    let end = chars[space.end..].iter().position(is_space).map_or(chars.len(), |at| space.end + at);
    let (first, second) = (&chars[start..space.start], &chars[space.end..end]);
    if space.len() > 1 || is_article(first) {
        return true;
    }
    let names = |part: &[char]| {
        let han = part.iter().take_while(|c| is_han(**c)).count();
        (1..=han).any(|end| is_body(&part[..end]))
    };
    if is_body(first) && names(second) {
        return true;
    }
    if second.iter().take(8).position(|c| matches!(c, '：' | ':')).is_some_and(|at| at > 0)
        && first.contains(&'：')
    {
        return true;
    }
    // 张三 李四 王五: at least three short words in a row, nothing else among them.
    let from = chars[..space.start].iter().rposition(|c| !is_han(*c) && !is_space(c)).map_or(0, |at| at + 1);
    let to = chars[space.end..]
        .iter()
        .position(|c| !is_han(*c) && !is_space(c))
        .map_or(chars.len(), |at| space.end + at);
    let words: Vec<&[char]> = chars[from..to].split(is_space).filter(|word| !word.is_empty()).collect();
    words.len() >= 3 && words.iter().all(|word| (2..=4).contains(&word.len()))
}

/// 第一条, 第二章, 第十二条之一, 附件一.
fn is_article(word: &[char]) -> bool {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        let article = "第N(?:编|章|节|条|款|项|部分|届|次)(?:之N)?|附[件表图]N|[表图]N";
        let pattern = format!("^(?:{article})$").replace('N', "[零〇一二三四五六七八九十百千0-9]+");
        Regex::new(&pattern).expect("the pattern is sound")
    });
    word.len() < 16 && PATTERN.is_match(&word.iter().collect::<String>())
}

/// Whether this ends as the names of bodies end: 财政局, 某某委, 行政服务中心.
fn is_body(word: &[char]) -> bool {
    const ENDS: &str = "局委厅部院办府会署处司社所室校队团站科庭";
    const LONG_ENDS: [&str; 12] =
        ["中心", "公司", "大学", "学院", "医院", "银行", "集团", "街道", "法院", "机关", "基地", "分行"];
    let long = || {
        let tail: String = word[word.len() - 2..].iter().collect();
        LONG_ENDS.contains(&tail.as_str())
    };
    word.len() >= 2
        && word.iter().all(|c| is_han(*c))
        && (ENDS.contains(word[word.len() - 1]) || (word.len() > 2 && long()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, fixed: &str) {
        let mut chars: Vec<String> = text.chars().map(String::from).collect();
        for slip in slips(text).into_iter().rev() {
            chars.splice(slip.range, [slip.replacement]);
        }
        assert_eq!(chars.concat(), fixed);
    }

    #[test]
    fn half_width_marks_beside_han_become_full() {
        check(
            "2023年,我市公开9704条,其中482条;(一)方面:好",
            "2023年，我市公开9704条，其中482条；（一）方面：好",
        );
        check(
            "《关于印发<格式>的通知》(国办公开办函[2021]30号)",
            "《关于印发〈格式〉的通知》（国办公开办函〔2021〕30号）",
        );
        check("称为\"三公\"经费", "称为“三公”经费");
        check("（2023）12号，样府办发（2023）12号", "（2023）12号，样府办发〔2023〕12号");
    }

    #[test]
    fn doubles_and_spaces_are_removed() {
        check(" 公开工作。。持续推进，。完 成了 ", "公开工作。持续推进。完成了");
        check("甲、、乙", "甲、乙");
    }

    #[test]
    fn inches_are_no_quotation_marks() {
        for text in ["身高5'10\"的人", "屏幕55\"和65\"两种", "北纬30°15'20\"以南，6'2\"以上"]
        {
            check(text, text);
        }
        check("5'10\"高，称为\"三公\"经费", "5'10\"高，称为“三公”经费");
        check("到\"2025\"年", "到“2025”年");
    }

    #[test]
    fn spaces_that_separate_stay() {
        for text in [
            "第一条 为规范工作，制定本规则。",
            "第十二条之一 附则",
            "第一章 总 则",
            "样例市财政局 样例市发展改革委关于做好工作的通知",
            "省发展改革委 省财政厅 省教育厅联合印发。",
            "甲 方：某某单位  乙 方：某某单位",
            "甲方：某某单位 乙方：某某单位",
            "名 称：某某单位",
            "获奖人员：张三 李四 欧阳建国。",
            "附件一 名单",
        ] {
            check(text, text);
        }
        check("公开 信息，第一 条", "公开信息，第一条");
    }

    #[test]
    fn numbers_addresses_and_english_stay() {
        for text in [
            "电话：0851-82514600，时间12:30，比例3:2，6,858.05万元",
            "网址http://www.a.gov.cn/x?a=1,2;b(c)，邮箱a.b@c.com",
            "用 Open Data (v1.0), see RFC 2119; it's \"fine\".",
            "李 明、王小二等同志——先进……个人",
            "（一）主动公开。1.优化流程",
            "艾山.买买提同志",
            "a<b，c>d",
            "{{ tables.requests.granted.total }}件",
            "（2023）黔01行初12号",
            "。。。",
        ] {
            check(text, text);
        }
    }
}
