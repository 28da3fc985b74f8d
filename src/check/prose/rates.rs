//! Percentages of a sentence recomputed from its numbers: 占 and 增长 (rule `prose.percent`), differences of two years
//! (rule `prose.sum`).
//!
//! A rate whose numbers are not in the text is not checked. Rounding and truncation are both common, and both
//! accepted.

use std::ops::Range;

use rust_decimal::Decimal;

use super::scan::{Number, Passage};
use super::time::{Time, Times};
use crate::diagnostic::{Diagnostic, rule};
use crate::message;

const GROWS: [&str; 8] = ["增长", "增加", "上升", "提高", "增幅", "涨幅", "提升", "多"];
const SHRINKS: [&str; 9] = ["下降", "减少", "降低", "回落", "减幅", "降幅", "下滑", "缩减", "少"];

/// Checks every percentage of a sentence.
pub(super) fn rates(
    passage: &Passage,
    times: &Times,
    sentence: &Range<usize>,
    pointer: &str,
) -> Vec<Diagnostic> {
    let numbers = passage.numbers_in(sentence);
    let mut found = Vec::new();
    for at in numbers.clone().filter(|&at| passage.numbers[at].unit == "%" && !passage.numbers[at].is_vague) {
        let left = passage.text(passage.left(at, sentence));
        let recomputed = if has(&left, &GROWS) || has(&left, &SHRINKS) {
            growth(passage, times, &numbers, at, &left)
        } else if left.contains('占') && !left.contains("分别") {
            share(passage, sentence, at)
        } else {
            None
        };
        if let Some((computed, how)) = recomputed {
            let number = &passage.numbers[at];
            let written = number.written(passage);
            let digits = number.value.scale().max(2);
            let computed = computed.round_dp(digits).normalize();
            let quote = passage.quote(sentence, number.start);
            found.push(
                Diagnostic::warning(
                    rule::PROSE_PERCENT,
                    pointer,
                    message!(
                        "“{written}”算出来是 {computed}%（{how}）：“{quote}”",
                        "\"{written}\" comes out as {computed}% ({how}): \"{quote}\""
                    ),
                )
                .hint(message!("核对百分比和它前后的数字", "check the percentage and the numbers around it")),
            );
        }
    }
    found.extend(differences(passage, times, sentence, &numbers, pointer));
    found
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Whether a percentage is the computed value, rounded or truncated.
fn agrees(number: &Number, computed: Decimal) -> bool {
    let difference = computed - number.value;
    let half = number.step / Decimal::TWO;
    difference.abs() <= half || (difference > Decimal::ZERO && difference < number.step)
}

fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)
}

/// Whether a number is the amount of a change.
fn is_change(passage: &Passage, at: usize) -> bool {
    let start = passage.numbers[at].start;
    let before = passage.text(start.saturating_sub(5)..start);
    GROWS.iter().chain(&SHRINKS).chain(&["增", "减"]).any(|word| {
        before.rfind(word).is_some_and(|place| {
            let rest = &before[place + word.len()..];
            rest.chars().all(|c| "了共计约为达至到".contains(c)) && !rest.contains(['至', '到'])
        })
    })
}

/// The computed rate of growth, if it differs.
fn growth(
    passage: &Passage,
    times: &Times,
    numbers: &Range<usize>,
    at: usize,
    left: &str,
) -> Option<(Decimal, String)> {
    let all = &passage.numbers;
    // The numbers since the last percentage, and one in brackets behind this.
    let first = (numbers.start..at)
        .rev()
        .find(|&other| all[other].unit == "%")
        .map_or(numbers.start, |other| other + 1);
    let usable =
        |other: &usize| !all[*other].is_vague && !all[*other].unit.is_empty() && all[*other].unit != "%";
    let near: Vec<usize> = (first..at).filter(usable).collect();
    let behind = (at + 1..numbers.end).next().filter(|&next| {
        passage.text(all[at].end..all[next].start).starts_with('（') && times.at(next) == Time::Last
    });
    let changes: Vec<usize> = near.iter().copied().filter(|&other| is_change(passage, other)).collect();
    let plain = |time: Time| {
        let changes = &changes;
        near.iter().copied().filter(move |other| times.at(*other) == time && !changes.contains(other))
    };
    let now: Vec<usize> = plain(Time::This).collect();
    let before: Vec<usize> = plain(Time::Last).chain(behind).collect();
    let shrinks = has(left, &SHRINKS) && !has(left, &GROWS[..7]);
    let mut tried = Vec::new();
    for &now in now.iter().rev() {
        let value = all[now].value;
        for &before in before.iter().filter(|&&before| all[before].unit == all[now].unit) {
            let base = all[before].value;
            let difference = if shrinks { base - value } else { value - base };
            tried.extend(percent(difference, base).map(|rate| (rate, now, before)));
        }
        if before.is_empty() {
            for &change in changes.iter().filter(|&&change| change > now && all[change].unit == all[now].unit)
            {
                let difference = all[change].value;
                let base = if shrinks { value + difference } else { value - difference };
                tried.extend(percent(difference, base).map(|rate| (rate, now, change)));
            }
        }
    }
    if tried.iter().any(|(rate, _, _)| agrees(&all[at], *rate)) {
        return None;
    }
    let (rate, one, other) = *tried.first()?;
    let how = format!("{} / {}", all[one].written(passage), all[other].written(passage));
    Some((rate, how))
}

/// The computed share, if it differs.
fn share(passage: &Passage, sentence: &Range<usize>, at: usize) -> Option<(Decimal, String)> {
    let all = &passage.numbers;
    let part = at.checked_sub(1).filter(|&part| all[part].start >= sentence.start)?;
    if all[part].unit == "%" || all[part].is_vague || !is_share(passage, sentence, at) {
        return None;
    }
    let candidates: Vec<usize> = bases(passage, part).collect();
    if candidates.iter().any(|&base| share_agrees(passage, at, part, base)) {
        return None;
    }
    // A number between two parts may be the sum of several before it.
    let own = passage.numbers_in(sentence);
    let sum: Decimal =
        own.clone().filter(|&other| all[other].unit == all[part].unit).map(|other| all[other].value).sum();
    if percent(all[part].value, sum).is_some_and(|rate| agrees(&all[at], rate)) {
        return None;
    }
    // Only a certain base: other shares of the sentence are of it, or 其中 follows it.
    let sure = candidates.iter().copied().find(|&base| {
        let others = own
            .clone()
            .filter(|&other| other != at && all[other].unit == "%" && is_share(passage, sentence, other));
        let agree = others.filter(|&other| {
            other.checked_sub(1).is_some_and(|part| {
                part != base && all[part].unit == all[base].unit && share_agrees(passage, other, part, base)
            })
        });
        let named = passage.text(all[base].end..all[part].start);
        let plain = !named.contains('%') && named.chars().count() <= 40;
        agree.count() > 0 || (plain && named.contains("其中") && !named.contains('；'))
    })?;
    let rate = percent(all[part].value, all[sure].value)?;
    Some((rate, format!("{} / {}", all[part].written(passage), all[sure].written(passage))))
}

fn is_share(passage: &Passage, sentence: &Range<usize>, at: usize) -> bool {
    passage.text(passage.left(at, sentence)).contains('占')
}

fn share_agrees(passage: &Passage, at: usize, part: usize, base: usize) -> bool {
    let all = &passage.numbers;
    percent(all[part].value, all[base].value).is_some_and(|rate| agrees(&all[at], rate))
}

/// The numbers before a part that it may be a share of, the nearest last.
fn bases(passage: &Passage, part: usize) -> impl Iterator<Item = usize> {
    let all = &passage.numbers;
    (0..part).filter(move |&base| {
        all[base].unit == all[part].unit
            && !all[base].is_vague
            && all[base].value >= all[part].value
            && !all[base].value.is_zero()
    })
}

/// 今年 290 件，比上年 270 件增加 30 件: the change is the difference.
fn differences(
    passage: &Passage,
    times: &Times,
    sentence: &Range<usize>,
    numbers: &Range<usize>,
    pointer: &str,
) -> Vec<Diagnostic> {
    let all = &passage.numbers;
    let mut found = Vec::new();
    for at in numbers.clone().skip(2) {
        let (before, now) = (at - 1, at - 2);
        let alike = all[at].unit == all[before].unit && all[at].unit == all[now].unit && all[at].unit != "%";
        let vague = [now, before, at].iter().any(|&other| all[other].is_vague);
        let gap = passage.text(all[before].end..all[at].start);
        let compared = passage.text(all[now].end..all[before].start);
        let is_comparison =
            ["较", "比"].iter().any(|word| compared.contains(word)) && !compared.contains(['、', '；']);
        if !alike
            || vague
            || !is_change(passage, at)
            || !is_comparison
            || gap.contains('，')
            || gap.chars().count() > 6
            || times.at(before) != Time::Last
            || times.at(now) != Time::This
        {
            continue;
        }
        let difference = (all[now].value - all[before].value).abs();
        if difference != all[at].value {
            let (written, one, other) =
                (all[at].written(passage), all[now].written(passage), all[before].written(passage));
            let difference = difference.normalize();
            let quote = passage.quote(sentence, all[at].start);
            found.push(Diagnostic::warning(
                rule::PROSE_SUM,
                pointer,
                message!(
                    "{one}与{other}相差 {difference}，不是“{written}”：“{quote}”",
                    "{one} and {other} differ by {difference}, not \"{written}\": \"{quote}\""
                ),
            ));
        }
    }
    found
}
