//! A cell of a table: its text as typed, and its class.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A cell as it was typed, and as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    class: CellClass,
}

/// The class of a cell, which decides what its text counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellClass {
    /// A figure: digits, perhaps with a decimal point.
    Figure,
    /// A figure with a sign in front; only where the layout allows it.
    Signed,
    /// To be computed by an identity.
    Auto,
    /// `null`: an empty cell whose figure is not known yet. It counts as nothing, not as 0.
    Open,
    /// `""`: an empty cell that counts as 0.
    Empty,
    /// A mark for none, as offices write it: `/`, `-`, `—`, `无`. Counts as 0.
    Mark,
    /// A number in full-width digits: `１２`. Always an error; the digits are meant.
    FullWidth,
    /// Other text, above all one that holds a number (`3件`). What it counts as is not known.
    Text,
    /// A number with an exponent: `1e5`. Always an error.
    Exponent,
    /// A number with separators: `1,234`. Always an error.
    Grouped,
}

/// How a text is set in a column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numeral {
    /// As other text.
    None,
    /// On the decimal point: digits with signs, points and a sign of percent, in brackets or not.
    Plain,
    /// As a whole: with commas between, or a range of two numbers.
    Grouped,
}

impl Numeral {
    /// Of this text.
    pub fn of(text: &str) -> Numeral {
        let text = text.trim();
        match number(bracketed(text).unwrap_or(text)) {
            Numeral::None => range(text),
            known => known,
        }
    }

    /// Where the fraction of a number begins, with all that stands behind its digits.
    pub fn point(text: &str) -> usize {
        let end = text.trim_end_matches(['%', '％', '‰', ')', '）', ' ']).len();
        text.find('.').unwrap_or(end)
    }
}

/// A number with its sign and its unit of percent.
fn number(text: &str) -> Numeral {
    let unsigned =
        text.trim_start_matches(['+', '-', '－', '＋', '−', '±', '≥', '≤', '>', '<', '≈', '~', '～']);
    let digits = unsigned.trim_end_matches(['%', '％', '‰']).trim_end();
    let has_digits = digits.bytes().any(|byte| byte.is_ascii_digit());
    let of = |marks: &[u8]| digits.bytes().all(|byte| byte.is_ascii_digit() || marks.contains(&byte));
    match has_digits {
        true if of(b".") => Numeral::Plain,
        true if of(b"+-.,") => Numeral::Grouped,
        _ => Numeral::None,
    }
}

/// What a pair of brackets holds: a negative amount, or a figure among others.
fn bracketed(text: &str) -> Option<&str> {
    let pairs = [('(', ')'), ('（', '）')];
    pairs.into_iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

/// Two numbers with a dash or a tilde between: 3～5, 2023—2024.
fn range(text: &str) -> Numeral {
    let mut ends = text.split(['～', '~', '—', '–', '－', '-', '〜']).filter(|end| !end.is_empty());
    let is_number = |end: Option<&str>| end.is_some_and(|end| number(end.trim()) == Numeral::Plain);
    match is_number(ends.next()) && is_number(ends.next()) && ends.next().is_none() {
        true => Numeral::Grouped,
        false => Numeral::None,
    }
}

impl Cell {
    /// The cell of this text.
    pub fn new(text: impl Into<String>) -> Cell {
        let text = text.into();
        let class = classify(&text);
        Cell { text, class }
    }

    /// An empty cell that counts as 0.
    pub fn empty() -> Cell {
        Cell::new("")
    }

    /// An empty cell whose figure is not known yet.
    pub fn open() -> Cell {
        Cell { text: String::new(), class: CellClass::Open }
    }

    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What kind of text it is.
    pub fn class(&self) -> CellClass {
        self.class
    }
}

fn classify(text: &str) -> CellClass {
    if text.trim().is_empty() {
        return CellClass::Empty;
    }
    if text == "auto" {
        return CellClass::Auto;
    }
    let unsigned = text.strip_prefix(['-', '+', '－', '＋', '−']).unwrap_or(text);
    let signed = unsigned.len() < text.len();
    if is_decimal(unsigned) {
        return if signed { CellClass::Signed } else { CellClass::Figure };
    }
    if let Some((mantissa, exponent)) = unsigned.split_once(['e', 'E'])
        && is_decimal(mantissa)
        && is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))
    {
        return CellClass::Exponent;
    }
    let separators = [',', '，', '\'', ' ', '\u{a0}', '\u{202f}'];
    if unsigned.contains(separators) && is_decimal(&unsigned.replace(separators, "")) {
        return CellClass::Grouped;
    }
    match text.trim() {
        "/" | "-" | "—" | "无" => CellClass::Mark,
        _ if half_width(text).is_some() => CellClass::FullWidth,
        _ => CellClass::Text,
    }
}

/// The figure that full-width digits mean: `12` for `１２`; none for a text that is no figure without them.
pub(crate) fn half_width(text: &str) -> Option<String> {
    let mut has_any = false;
    let half = text.trim().chars().map(|character| match character {
        '０'..='９' | '．' => {
            has_any = true;
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    });
    let half: String = half.collect();
    (has_any && matches!(classify(&half), CellClass::Figure | CellClass::Signed)).then_some(half)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(text),
    }
}

impl JsonSchema for Cell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A figure as it is to be printed, \"auto\" where an identity computes it, null for one that is not known yet.",
            "type": ["number", "string", "null"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_column_are_more_than_digits() {
        for (text, numeral) in [
            ("−5", Numeral::Plain),
            ("12 %", Numeral::Plain),
            ("(12.3)", Numeral::Plain),
            ("（6）", Numeral::Plain),
            ("≥3.5％", Numeral::Plain),
            ("1,234.5", Numeral::Grouped),
            ("3～5", Numeral::Grouped),
            ("2023—2024", Numeral::Grouped),
            ("2021-05-06", Numeral::Grouped),
            ("（一）", Numeral::None),
            ("—", Numeral::None),
            ("3件", Numeral::None),
            ("3～5件", Numeral::None),
        ] {
            assert_eq!(Numeral::of(text), numeral, "{text}");
        }
    }

    #[test]
    fn fractions_begin_at_the_point_or_behind_the_digits() {
        let split = |text: &'static str| text.split_at(Numeral::point(text));
        assert_eq!(split("(12.3)"), ("(12", ".3)"));
        assert_eq!(split("12 %"), ("12", " %"));
        assert_eq!(split("-8"), ("-8", ""));
    }

    #[test]
    fn cells_are_what_they_look_like() {
        for (text, class) in [
            ("12", CellClass::Figure),
            ("6858.05", CellClass::Figure),
            ("59237.2449", CellClass::Figure),
            ("11398889", CellClass::Figure),
            ("0", CellClass::Figure),
            ("auto", CellClass::Auto),
            ("", CellClass::Empty),
            ("　", CellClass::Empty),
            ("/", CellClass::Mark),
            ("-", CellClass::Mark),
            ("—", CellClass::Mark),
            ("无", CellClass::Mark),
            ("１２", CellClass::FullWidth),
            ("1２．５", CellClass::FullWidth),
            ("-３", CellClass::FullWidth),
            ("３件", CellClass::Text),
            ("3件", CellClass::Text),
            ("12.5万元", CellClass::Text),
            ("1,2 34", CellClass::Grouped),
            ("未增未减", CellClass::Text),
            ("251000元", CellClass::Text),
            (".5", CellClass::Text),
            ("-8", CellClass::Signed),
            ("+1036", CellClass::Signed),
            ("1e5", CellClass::Exponent),
            ("2.5E+10", CellClass::Exponent),
            ("1,234", CellClass::Grouped),
            ("1 234.5", CellClass::Grouped),
        ] {
            assert_eq!(Cell::new(text).class(), class, "{text}");
        }
    }
}
