//! What the cell of a figure holds, as people fill cells in.
//!
//! Nothing is guessed: a blank is not 0, and a number with anything around it is taken only where what is around it
//! cannot change what it counts.

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A figure as typed.
    Figure(String),
    /// A figure that was written with something that is taken off or converted, which is told.
    Mended { text: String, what: Mend },
    /// Nothing, or a mark for nothing: the figure is missing.
    Missing,
    /// Something that is not understood.
    Unknown,
}

/// What was taken off or converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mend {
    /// Full-width digits.
    FullWidth,
    /// A unit behind the figure.
    Unit,
    /// Commas between thousands.
    Grouping,
    /// Noughts in front.
    Noughts,
}

/// The marks that people write into cells that have no figure.
const MARKS: [&str; 12] = ["/", "／", "\\", "-", "－", "—", "——", "--", "–", "−", "无", "*"];

/// Words that stand for a change of nothing, in forms that ask for changes.
const UNCHANGED: [&str; 5] = ["未增未减", "不增不减", "无变化", "持平", "不变"];

/// Whether a cell is empty or has a mark for nothing.
pub(crate) fn is_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || MARKS.contains(&text)
}

/// Whether a text can stand in the cell of a figure: a number, alone or with a sign or a unit, or a mark.
pub(crate) fn is_like_value(text: &str) -> bool {
    let text = text.trim();
    if is_missing(text) || UNCHANGED.contains(&text) {
        return true;
    }
    let text = text.strip_prefix(['增', '减', '+', '-', '＋', '－', '−']).unwrap_or(text);
    let mut characters = text.chars().peekable();
    let mut digits = 0;
    while characters.next_if(|c| is_digit(*c) || matches!(c, '.' | '．' | ',' | '，' | ' ')).is_some() {
        digits += 1;
    }
    let rest: String = characters.collect();
    digits > 0
        && text.starts_with(is_digit)
        && matches!(
            rest.trim(),
            "" | "%" | "％" | "‰" | "件" | "元" | "万元" | "项" | "个" | "宗" | "起" | "次" | "份" | "部"
        )
}

/// Whether a text can be a label: it has words, and begins with a number only as labels are numbered.
pub(crate) fn is_label(text: &str) -> bool {
    let text = text.trim();
    let begins_with_figure =
        text.starts_with(|c: char| is_digit(c) || matches!(c, '+' | '-' | '＋' | '－' | '−'));
    !is_like_value(text)
        && text.chars().any(|c| c.is_alphabetic())
        && (!begins_with_figure || super::labels::number_of(text).is_some_and(|(_, rest)| !rest.is_empty()))
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

/// What a cell holds. `unit` is the unit that the label of its column names, such as 万元; `counts` whether figures of its table are
/// counts.
pub(crate) fn value(text: &str, unit: Option<&str>, counts: bool) -> Value {
    /// No body has ten thousand times a hundred million of anything that a form asks for.
    const LONGEST: usize = 12;
    let whole = |text: &str| text.split('.').next().unwrap_or_default().len();
    match typed(text.trim(), unit, counts) {
        Value::Figure(text) | Value::Mended { text, .. } if whole(text.trim_start_matches('0')) > LONGEST => {
            Value::Unknown
        }
        Value::Figure(text) if text.starts_with('0') && whole(&text) > 1 => {
            let rest = text.trim_start_matches('0');
            let text =
                if rest.is_empty() || rest.starts_with('.') { format!("0{rest}") } else { rest.to_owned() };
            Value::Mended { text, what: Mend::Noughts }
        }
        other => other,
    }
}

fn typed(text: &str, unit: Option<&str>, counts: bool) -> Value {
    if is_missing(text) {
        return Value::Missing;
    }
    if is_plain(text) {
        return Value::Figure(text.to_owned());
    }
    let half: String = text.chars().map(half_width).collect();
    if is_plain(&half) {
        return Value::Mended { text: half, what: Mend::FullWidth };
    }
    if let Some(text) = ungrouped(&half) {
        return Value::Mended { text, what: Mend::Grouping };
    }
    let number = half.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (number, behind) = (number.trim(), half[number.len()..].trim());
    let is_own = match unit {
        // No number of 元 is one of 万元, but for nothing at all.
        Some(unit) => {
            behind == unit || (unit.ends_with(behind) && number.bytes().all(|b| b == b'0' || b == b'.'))
        }
        None => counts && counts_in(behind),
    };
    if is_plain(number) && is_own && !behind.is_empty() {
        return Value::Mended { text: number.to_owned(), what: Mend::Unit };
    }
    Value::Unknown
}

fn counts_in(unit: &str) -> bool {
    matches!(unit, "件" | "项" | "个" | "宗" | "起" | "次" | "份" | "部")
}

fn half_width(character: char) -> char {
    match character {
        '０'..='９' | '．' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '，' => ',',
        other => other,
    }
}

/// Whether a text is digits, perhaps with a decimal point.
fn is_plain(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

/// 1,234.5 without its commas, if they stand between thousands.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, ""), |(whole, fraction)| (whole, fraction));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut count = 0;
    for group in groups {
        count += 1;
        if group.len() != 3 {
            return None;
        }
    }
    let plain = text.replace(',', "");
    let is_sound =
        count > 0 && (1..=3).contains(&first.len()) && !first.starts_with('0') && !fraction.contains(',');
    (is_sound && is_plain(&plain)).then_some(plain)
}

/// The unit that the label of a column names: （单位：万元）.
pub(crate) fn unit_of(label: &str) -> Option<&str> {
    let at = label.find("单位：")? + "单位：".len();
    let rest = &label[at..];
    Some(rest[..rest.find(['）', ')']).unwrap_or(rest.len())].trim()).filter(|unit| !unit.is_empty())
}

/// The unit of money that a label or a header of a file names, however it does: （单位：元）, 单位:千元, （元）.
pub(crate) fn money_of(label: &str) -> Option<&'static str> {
    const UNITS: [&str; 6] = ["万元", "亿元", "百万元", "千元", "百元", "元"];
    let solid: String = label.split_whitespace().collect();
    let named = |unit: &&&str| {
        ["单位：", "单位:", "单位", "（", "("].iter().any(|before| {
            let named = format!("{before}{unit}");
            solid.match_indices(&named).any(|(at, _)| {
                let rest = &solid[at + named.len()..];
                rest.is_empty() || rest.starts_with(['）', ')', '，', ',', '；'])
            })
        })
    };
    UNITS.iter().find(named).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unit: Option<&str>, wanted: Value) {
        assert_eq!(value(text, unit, unit.is_none()), wanted, "{text}");
    }

    #[test]
    fn cells_hold_what_they_show() {
        let figure = |text: &str| Value::Figure(text.to_owned());
        let mended = |text: &str, what| Value::Mended { text: text.to_owned(), what };
        check(" 12 ", None, figure("12"));
        check("6858.050", None, figure("6858.050"));
        for blank in ["", "　", "/", "-", "—", "无", "--"] {
            check(blank, None, Value::Missing);
        }
        check("１２", None, mended("12", Mend::FullWidth));
        check("1,234", None, mended("1234", Mend::Grouping));
        check("1,23", None, Value::Unknown);
        check("0017", None, mended("17", Mend::Noughts));
        check("000", None, mended("0", Mend::Noughts));
        check("00.5", Some("万元"), mended("0.5", Mend::Noughts));
        check("0.50", Some("万元"), figure("0.50"));
        check("20000000000000000000", None, Value::Unknown);
        check("3件", None, mended("3", Mend::Unit));
        check("12.5万元", Some("万元"), mended("12.5", Mend::Unit));
        check("251000元", Some("万元"), Value::Unknown);
        check("0元", Some("万元"), mended("0", Mend::Unit));
        check("减4", None, Value::Unknown);
        check("+19", None, Value::Unknown);
        check("3（含上年）", None, Value::Unknown);
        check("1 2", None, Value::Unknown);
        check("约5", None, Value::Unknown);
    }

    #[test]
    fn values_are_told_from_labels() {
        for text in ["0", "", "/", "无", "减4", "251000元", "１２", "-3", "12.5%", "未增未减"] {
            assert!(is_like_value(text), "{text}");
        }
        for text in ["规章", "1.属于国家秘密", "3件已办结", "2023年"] {
            assert!(!is_like_value(text), "{text}");
        }
        assert_eq!(unit_of("本年收费金额（单位：万元）"), Some("万元"));
        for (label, unit) in [
            ("本年收费金额（单位：万元）", Some("万元")),
            ("本年收费金额（单位: 元）", Some("元")),
            ("本年收费金额（千元）", Some("千元")),
            ("收费金额，单位：百万元", Some("百万元")),
            ("行政事业性收费", None),
            ("元旦前公开（元件）", None),
        ] {
            assert_eq!(money_of(label), unit, "{label}");
        }
    }
}
