//! Lists of parts, compared with their whole: 共 88 条，其中政策解读 3 条、…… (rule `prose.sum`).
//!
//! A sum above the whole is wrong if the parts are of one kind; a sum below it is wrong only if the text
//! claims to list all parts, or if many parts come so close that one was miscounted.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::scan::Passage;
use super::time::{Time, Times};
use crate::diagnostic::{Diagnostic, rule};
use crate::message;

/// Checks the lists of a passage; a list may continue in the sentence after its whole.
pub(super) fn sums(passage: &Passage, times: &Times, pointer: &str) -> Vec<Diagnostic> {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("^[^0-9※，。；：（）%]{0,14}[，。：（；]?(?:其中[，：]?(?:包括|包含)?|(?P<all>分别(?:为|是)?[：]?|分为|包括|包含|由))")
            .expect("the pattern is sound")
    });
    let all = &passage.numbers;
    let mut found = Vec::new();
    for whole in 0..all.len() {
        let end = all[whole].end;
        let next = all.get(whole + 1).map_or(passage.chars.len(), |next| next.start);
        let text = passage.text(end..next);
        let Some(list) = LIST.captures(&text) else { continue };
        if all[whole].is_vague
            || all[whole].unit == "%"
            || all[whole].unit.is_empty()
            || times.at(whole) == Time::Last
        {
            continue;
        }
        let claims_all = list.name("all").is_some();
        let opens = text[..list.get(0).map_or(0, |list| list.end())].contains('（');
        if let Some((parts, complete)) = parts(passage, whole, opens) {
            let quote_from = passage.sentences.iter().find(|sentence| sentence.contains(&all[whole].start));
            let Some(sentence) = quote_from else { continue };
            found.extend(judge(passage, whole, &parts, claims_all && complete, sentence, pointer));
        }
    }
    found
}

/// The parts that follow a whole, and whether the list ends with them.
fn parts(passage: &Passage, whole: usize, in_brackets: bool) -> Option<(Vec<usize>, bool)> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("其中|含|等$|另|此外|同时|累计|共|同比|较|比上|合计|以上|还|全年|截|上年|去年")
            .expect("the pattern is sound")
    });
    let all = &passage.numbers;
    let first = whole + 1;
    let sentence = passage
        .sentences
        .iter()
        .find(|sentence| all.get(first).is_some_and(|first| sentence.contains(&first.start)))?;
    let close = in_brackets
        .then(|| (all[whole].end..sentence.end).find(|&at| passage.chars[at] == '）'))
        .flatten()
        .unwrap_or(sentence.end);
    let mut parts: Vec<usize> = Vec::new();
    for at in first..all.len() {
        if all[at].start >= close {
            break;
        }
        if all[at].unit == "%" {
            continue;
        }
        let from = parts.last().map_or(all[whole].end, |last| all[*last].end);
        let gap = passage.text(from..all[at].start);
        if all[at].unit != all[whole].unit || all[at].is_vague {
            return None;
        }
        // A new clause about something else ends the list: what went before is not complete then.
        if !parts.is_empty() && OTHER.is_match(&gap) {
            return None;
        }
        if gap.contains('。') && !parts.is_empty() || gap.chars().count() > 34 {
            return None;
        }
        parts.push(at);
    }
    let last = *parts.last()?;
    let rest = passage.text(all[last].end..close);
    let rest = rest.trim_matches(|c: char| "，；、 ）".contains(c));
    let complete = !rest.contains('等') && rest.chars().count() <= 24 && !OTHER.is_match(rest);
    (parts.len() >= 2 && complete).then_some((parts, complete))
}

fn judge(
    passage: &Passage,
    whole: usize,
    parts: &[usize],
    claims_all: bool,
    sentence: &Range<usize>,
    pointer: &str,
) -> Option<Diagnostic> {
    let all = &passage.numbers;
    let sum: Decimal = parts.iter().map(|&part| all[part].value).sum();
    let value = all[whole].value;
    let step: Decimal = parts.iter().chain([&whole]).map(|&at| all[at].step).sum();
    if (sum - value).abs() <= step {
        return None;
    }
    let difference = value - sum;
    let close = parts.len() >= 3
        && difference > Decimal::ZERO
        && difference <= Decimal::TWO
        && sum >= value * Decimal::new(9, 1);
    let alike = uniform(passage, whole, parts);
    let wrong = if sum > value {
        // One part as large as the whole, and parts of other kinds, are lists that overlap.
        alike && parts.iter().all(|&part| all[part].value < value)
    } else {
        alike && (claims_all || close)
    };
    if !wrong {
        return None;
    }
    let list: Vec<String> = parts.iter().map(|&part| all[part].value.normalize().to_string()).collect();
    let (list, sum, written) = (list.join(" + "), sum.normalize(), all[whole].written(passage));
    let quote = passage.quote(sentence, all[whole].start);
    Some(
        Diagnostic::warning(
            rule::PROSE_SUM,
            pointer,
            message!(
                "各项相加是 {list} = {sum}，与“{written}”不符：“{quote}”",
                "the parts make {list} = {sum}, not \"{written}\": \"{quote}\""
            ),
        )
        .hint(message!("核对总数和各项", "check the total and its parts")),
    )
}

/// Whether the parts are of one kind: all named before their numbers or all behind, none about two things at once.
fn uniform(passage: &Passage, whole: usize, parts: &[usize]) -> bool {
    static MIXED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("自然人|法人|办结|答复|结转|公开申请").expect("the pattern is sound"));
    static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("自然人|法人|企业|公民|科研机构|服务机构|公益组织").expect("the pattern is sound")
    });
    let all = &passage.numbers;
    let mut names = Vec::new();
    for (place, &part) in parts.iter().enumerate() {
        let from = if place == 0 { all[whole].end } else { all[parts[place - 1]].end };
        let gap = passage.text(from..all[part].start);
        let name: String = gap
            .trim_start_matches(|c: char| "，。；、（： ".contains(c))
            .trim_start_matches("其中")
            .trim_start_matches(|c: char| "，：包括含分为别是".contains(c))
            .to_owned();
        names.push(name);
    }
    let named_before = names.iter().filter(|name| !name.is_empty()).count();
    let people = names.iter().filter(|name| PEOPLE.is_match(name)).count();
    let mixed = names.iter().filter(|name| MIXED.is_match(name)).count();
    (named_before == 0 || named_before == names.len())
        && (people == 0 || people == names.len())
        && (people > 0 || mixed == 0)
}
