//! Labels as they are compared: without what people and programs write differently.
//!
//! What is normalised here is for comparing alone; nothing of it is ever printed.

use unicode_normalization::UnicodeNormalization;

/// Traditional characters that mirror sites write in the labels of forms, each before the one that is meant.
const SIMPLIFIED: &str = "規规範范數数製制發发廢废現现許许處处罰罚強强費费額额萬万單单內内無无據据開开請请轉转機机關关類类項项總总計计結结維维糾纠審审訴诉訟讼複复復复議议經经過过後后續续繼继辦办報报誌志權权護护屬属執执詢询務务會会織织業业構构體体學学農农衛卫險险國国書书號号電电絡络網网門门間间問问題题與与進进動动條条種种稅税財财產产償偿證证認认確确補补當当達达實实際际";

/// Words that forms and people use for one another, each before the one that is compared.
const ALIKE: [(&str, &str); 2] = [("合计", "总计"), ("其它", "其他")];

/// Longer than every label, in characters: what follows in a paragraph cannot make it one.
const MOST_OF_LABEL: usize = 2_000;

/// The characters of a label that carry its meaning: Han, simplified, without numbering, brackets, digits and letters;
/// 合计 is 总计, 其它 is 其他. Of a text that is too long to be a label, those of its beginning.
pub(crate) fn plain(text: &str) -> String {
    let text: String = text.nfkc().take(MOST_OF_LABEL).collect();
    let meaning: String = without_number(text.trim())
        .chars()
        .filter(|character| character.is_alphabetic() && !is_latin(*character))
        .map(simplified)
        .collect();
    ALIKE.iter().fold(meaning, |text, (other, usual)| text.replace(other, usual))
}

fn is_latin(character: char) -> bool {
    character < '\u{2E80}'
}

fn simplified(character: char) -> char {
    // Pairs of characters: the one at an even place is the traditional one.
    let mut pairs = SIMPLIFIED.chars();
    while let (Some(traditional), Some(meant)) = (pairs.next(), pairs.next()) {
        if traditional == character {
            return meant;
        }
    }
    character
}

/// A text without the number at its front, in any numbering: 一、 （一） 1. 1、 ①.
pub(crate) fn without_number(text: &str) -> &str {
    number_of(text).map_or(text, |(_, rest)| rest)
}

/// The level of the number at the front of a text (1 for 一、, 2 for （一）, 3 for 1., 4 for （1）) and what follows it.
pub(crate) fn number_of(text: &str) -> Option<(u8, &str)> {
    let trimmed = text.trim_start();
    let open = trimmed.strip_prefix(['（', '(', '〔', '[']);
    let rest = open.unwrap_or(trimmed);
    let is_han = |c: char| "一二三四五六七八九十".contains(c);
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let han = rest.len() - rest.trim_start_matches(is_han).len();
    let digits = rest.len() - rest.trim_start_matches(is_digit).len();
    let (length, is_han) = if han > 0 { (han, true) } else { (digits, false) };
    if length == 0 || length > 12 {
        return None;
    }
    let after = rest[length..].trim_start();
    let closed = after.strip_prefix(['）', ')', '〕', ']']);
    let level = match (open.is_some(), closed.is_some(), is_han) {
        (true, true, true) | (false, true, true) => 2,
        (true, true, false) | (false, true, false) => 4,
        (false, false, true) => 1,
        (false, false, false) => 3,
        // An opening bracket alone is no number.
        (true, false, _) => return None,
    };
    let rest = match closed {
        Some(rest) => rest.trim_start_matches(['、', '.', '．', '，', ',']),
        None => {
            let stopped = after.strip_prefix(['、', '.', '．', '，', ',', '：', ':'])?;
            // 3.5 is a number, no numbering.
            if !is_han && stopped.starts_with(is_digit) {
                return None;
            }
            stopped
        }
    };
    Some((level, rest.trim_start()))
}

/// How alike two plain labels are, from 0 to 1.
pub(crate) fn likeness(found: &str, wanted: &str) -> f64 {
    /// Longer than every label; comparing takes time by the product of both lengths.
    const MOST: usize = 240;
    if found.is_empty() || wanted.is_empty() {
        return 0.0;
    }
    if found == wanted {
        return 1.0;
    }
    if found.len() > MOST || wanted.len() > MOST {
        return 0.0;
    }
    let (of_found, of_wanted) = (found.chars().count(), wanted.chars().count());
    // A label with the group's before it, with an explanation behind it, or cut.
    if of_wanted >= 4 && found.ends_with(wanted) {
        return 0.95;
    }
    if of_wanted >= 4 && found.starts_with(wanted) {
        return 0.9;
    }
    if of_found >= 4 && wanted.starts_with(found) {
        return 0.85;
    }
    if of_wanted <= 2 && of_found <= of_wanted + 2 && found.ends_with(wanted) {
        return 0.8;
    }
    // The difference of their lengths alone makes them unlike.
    if of_found.min(of_wanted) * 2 < of_found.max(of_wanted) {
        return 0.0;
    }
    strsim::normalized_levenshtein(found, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_compared_by_what_they_mean() {
        for (one, other) in [
            ("一、本年新收政府信息公开申请数量", "1. 本年新收政府信息公开申请 数量"),
            ("3.危及“三安全一稳定”", "3、危及\"三安全一稳定\""),
            ("（七）总计", "(七)合计"),
            ("3.其他", "3、其它"),
            ("規(guī)章", "规章"),
            ("本年(2023)制发件数", "本年制发件数"),
            ("（四）\n无法提供", "四)无法提供"),
        ] {
            assert_eq!(plain(one), plain(other), "{one}");
        }
        assert_eq!(plain("三类内部事务信息"), "三类内部事务信息");
    }

    #[test]
    fn numbers_in_front_have_levels() {
        for (text, wanted) in [
            ("一、总体情况", Some((1, "总体情况"))),
            ("（二）部分公开", Some((2, "部分公开"))),
            ("一)主要问题", Some((2, "主要问题"))),
            ("1.属于国家秘密", Some((3, "属于国家秘密"))),
            ("(1)甲", Some((4, "甲"))),
            ("3.5", None),
            ("三安全一稳定", None),
            ("2023年", None),
        ] {
            assert_eq!(number_of(text), wanted, "{text}");
        }
    }

    #[test]
    fn likeness_knows_slips_from_other_labels() {
        let like = |one: &str, other: &str| likeness(&plain(one), &plain(other));
        assert!(like("1.属于国家密秘", "1.属于国家秘密") > 0.6);
        assert!(like("行政处罚", "行政强制") <= 0.5);
        assert!(like("5.属于三类内部事务信息", "6.属于四类过程性信息") < 0.6);
        assert!(like("三、本年度办理结果（一）予以公开", "（一）予以公开") > 0.9);
    }
}
