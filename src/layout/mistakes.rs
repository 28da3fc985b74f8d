//! The mistakes of a layout file: all of them at once, in both languages.
//!
//! Deserialising stops at the first mistake. What is wrong is therefore taken out, and the rest is read again, as long as
//! anything is found; what is missing only because it was taken out is no mistake of the author's.

use std::collections::{HashMap, HashSet};

use serde_path_to_error::Segment;
use toml::{Table, Value};

use super::Layout;
use crate::diagnostic::{Message, nearest};
use crate::message;

/// How many mistakes of one layout are told.
pub(super) const MOST: usize = 100;

/// Separates the languages of an error that passes through serde, which knows one.
const BETWEEN: char = '\u{1e}';

/// An error in both languages as one text.
pub(super) fn both(Message { zh, en }: Message) -> String {
    format!("{zh}{BETWEEN}{en}")
}

/// What was found in a layout that is not one.
pub(super) struct Found {
    /// The mistakes, in the order in which they are met.
    pub mistakes: Vec<Message>,
    /// The layout without what is superfluous in it, if nothing else is wrong: the rest can be validated.
    pub rest: Option<Layout>,
}

/// Everything that is wrong with the values of a layout. `base` has what a layout gets by extending the usual one.
pub(super) fn of(mut table: Table, base: Option<&Table>) -> Found {
    let mut mistakes = Vec::new();
    let mut lacking = Vec::new();
    let mut removed: HashSet<Vec<Key>> = HashSet::new();
    let mut shifts = Shifts::default();
    let mut is_whole = true;
    while mistakes.len() < MOST {
        let error = match serde_path_to_error::deserialize(Value::Table(table.clone())) {
            Ok(layout) => {
                mistakes.extend(without_base(&lacking));
                return Found { mistakes, rest: Some(layout).filter(|_| is_whole) };
            }
            Err(error) => error,
        };
        let text = error.inner().to_string();
        let (text, within) = text.trim().split_once("\nin `").unwrap_or((text.trim(), ""));
        let path = keys(error.path(), text, within.trim_end_matches('`'));
        // The message names the key itself.
        let is_key = text.starts_with("unknown field `");
        let is_in_cell = path.iter().any(|key| matches!(key, Key::Name(name) if name == "cells"));
        let place = Place::of(&path[..path.len() - usize::from(is_key && !path.is_empty())], &table, &shifts);
        if let Some(name) = named(text, "missing field `") {
            let whole: Vec<Key> = path.iter().cloned().chain([Key::Name(name.to_owned())]).collect();
            let is_consequence = removed.contains(&whole);
            let given = base.and_then(|base| base.get(name)).filter(|_| path.is_empty()).cloned();
            match (is_consequence, &given) {
                (true, _) => {}
                (false, Some(_)) => lacking.push(name.to_owned()),
                (false, None) => mistakes.push(place.says(&message!("缺少 {name}", "{name} is missing"))),
            }
            if path.is_empty() {
                // Text is what the keys are that the usual layout has not.
                if is_consequence || table.insert(name.to_owned(), given.unwrap_or("".into())).is_some() {
                    break;
                }
            } else if !take_out(&mut table, &path, &mut shifts) {
                break;
            }
            is_whole = false;
            removed.insert(path);
            continue;
        }
        mistakes.push(place.says(&words(text)));
        // A cell without the key that was meant is another cell.
        is_whole &= is_key && !is_in_cell;
        if !take_out(&mut table, &path, &mut shifts) {
            break;
        }
        removed.insert(path);
    }
    mistakes.extend(without_base(&lacking));
    Found { mistakes, rest: None }
}

/// What a layout lacks that the usual one has.
fn without_base(lacking: &[String]) -> Option<Message> {
    let (zh, en) = (lacking.join("、"), lacking.join(", "));
    (!lacking.is_empty()).then(|| {
        message!(
            "缺少 {zh}；写上 extends = \"base-gbt9704\" 就有了",
            "{en} missing; extends = \"base-gbt9704\" brings them"
        )
    })
}

/// A step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    At(usize),
}

/// The way to a value. Keys that serde does not know are those that the message of TOML has, or the one that is wrong.
fn keys(path: &serde_path_to_error::Path, text: &str, within: &str) -> Vec<Key> {
    let mut names = within.split('.').filter(|name| !name.is_empty());
    let mut keys = Vec::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => keys.push(Key::At(*index)),
            Segment::Map { key } => {
                names.next();
                keys.push(Key::Name(key.clone()));
            }
            Segment::Enum { .. } => {}
            Segment::Unknown => {
                let name = names.next().or(named(text, "unknown variant `")).unwrap_or_default();
                keys.push(Key::Name(name.to_owned()));
            }
        }
    }
    keys
}

/// How many members of lists were taken out before those that are there.
type Shifts = HashMap<Vec<Key>, usize>;

/// Takes a value out of a table. In a list the member before it, which is in order, takes its place, so that the others
/// keep their numbers. Returns whether it was there.
fn take_out(table: &mut Table, path: &[Key], shifts: &mut Shifts) -> bool {
    let Some((Key::Name(first), rest)) = path.split_first() else { return false };
    let Some((last, way)) = rest.split_last() else { return table.remove(first).is_some() };
    let mut value = table.get_mut(first);
    for key in way {
        value = match (value, key) {
            (Some(Value::Table(table)), Key::Name(name)) => table.get_mut(name),
            (Some(Value::Array(list)), Key::At(at)) => list.get_mut(*at),
            _ => None,
        };
    }
    match (value, last) {
        (Some(Value::Table(table)), Key::Name(name)) => table.remove(name).is_some(),
        (Some(Value::Array(list)), Key::At(0)) if !list.is_empty() => {
            list.remove(0);
            let of_list = &path[..path.len() - 1];
            shifts.retain(|list, _| list.len() <= of_list.len() || !list.starts_with(of_list));
            *shifts.entry(of_list.to_vec()).or_default() += 1;
            true
        }
        (Some(Value::Array(list)), Key::At(at)) if *at < list.len() => {
            list[*at] = list[at - 1].clone();
            true
        }
        _ => false,
    }
}

/// Where a mistake is, in words: keys as they are written, members of lists by their own keys or their numbers from 1.
struct Place {
    zh: String,
    en: String,
}

impl Place {
    fn of(path: &[Key], table: &Table, shifts: &Shifts) -> Place {
        let mut place = Place { zh: String::new(), en: String::new() };
        let whole = Value::Table(table.clone());
        let mut value = Some(&whole);
        let mut list = "";
        for (step, key) in path.iter().enumerate() {
            match key {
                Key::Name(name) => {
                    value = value.and_then(|value| value.get(name));
                    list = name;
                    // The number of a row or cell says what it is.
                    if !matches!((name.as_str(), value), ("rows" | "cells", Some(Value::Array(_)))) {
                        place.name(name);
                    }
                }
                Key::At(at) => {
                    value = value.and_then(|value| value.get(at));
                    let own = |key: &str| value.and_then(|value| value.get(key)).and_then(Value::as_str);
                    match own("key").or(own("rule")) {
                        Some(name) => place.name(name),
                        None => {
                            let shift = shifts.get(&path[..step]).copied().unwrap_or_default();
                            place.number(list, at + 1 + shift);
                        }
                    }
                }
            }
        }
        place
    }

    fn name(&mut self, name: &str) {
        for (text, colon) in [(&mut self.zh, "："), (&mut self.en, ": ")] {
            if !text.is_empty() && !text.ends_with(colon) {
                text.push('.');
            }
            text.push_str(name);
        }
    }

    fn number(&mut self, list: &str, number: usize) {
        let Message { zh, en } = match list {
            "rows" => message!("第 {number} 行", "row {number}"),
            "cells" => message!("第 {number} 格", "cell {number}"),
            _ => message!("第 {number} 项", "item {number}"),
        };
        for (text, words, colon) in [(&mut self.zh, zh, "："), (&mut self.en, en, ": ")] {
            if !text.is_empty() && !text.ends_with(colon) {
                text.push_str(colon);
            }
            text.push_str(&words);
            text.push_str(colon);
        }
    }

    fn says(&self, Message { zh, en }: &Message) -> Message {
        let [place_zh, place_en] =
            [(&self.zh, "："), (&self.en, ": ")].map(|(text, colon)| match text.is_empty() {
                true => String::new(),
                false => format!("{}{colon}", text.trim_end_matches(colon)),
            });
        message!("{place_zh}{zh}", "{place_en}{en}")
    }
}

/// The name in back quotes after the beginning of a message.
fn named<'t>(text: &'t str, beginning: &str) -> Option<&'t str> {
    text.strip_prefix(beginning)?.split('`').next()
}

/// A mistake of a value in both languages, from the words of serde.
fn words(text: &str) -> Message {
    if let Some((zh, en)) = text.split_once(BETWEEN) {
        return message!("{zh}", "{en}");
    }
    if let Some(given) = text.strip_prefix("a length such as \"37mm\" or \"16pt\", not ") {
        return message!("长度应如 \"37mm\"、\"16pt\"，写的是 {given}", "{text}");
    }
    for (beginning, zh, en) in [
        ("unknown field `", "不认识的键", "unknown key"),
        ("unknown variant `", "不认识的写法", "unknown word"),
    ] {
        if let Some(name) = named(text, beginning) {
            let known: Vec<&str> = text.split('`').skip(3).step_by(2).collect();
            let all = (known.join("、"), known.join(", "));
            return match nearest(name, known.iter().copied()) {
                Some(near) => {
                    message!("{zh}“{name}”，是不是“{near}”？", "{en} \"{name}\"; did you mean \"{near}\"?")
                }
                None if known.is_empty() => message!("{zh}“{name}”", "{en} \"{name}\""),
                None => {
                    let (all_zh, all_en) = all;
                    message!("{zh}“{name}”（可用：{all_zh}）", "{en} \"{name}\" (there are {all_en})")
                }
            };
        }
    }
    for beginning in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) =
            text.strip_prefix(beginning).and_then(|text| text.split_once(", expected "))
        {
            let (zh, found_zh) = (kind(expected), kind_of_value(found));
            return message!("应是{zh}，写的是{found_zh}", "expected {expected}, found {found}");
        }
    }
    message!("{text}", "{text}")
}

/// What is wrong with the first keys of a file.
pub(super) fn head(text: &str) -> Message {
    let text = text.split("\nin `").next().unwrap_or(text);
    match named(text, "missing field `") {
        Some(name) => message!("缺少 {name}", "{name} is missing"),
        None => words(text),
    }
}

/// What serde expects, in Chinese.
fn kind(expected: &str) -> String {
    match expected {
        "a string" | "string" => "文字".to_owned(),
        "a boolean" => " true 或 false".to_owned(),
        "a sequence" => "列表（[…]）".to_owned(),
        "a cell" => "单元格：文字，或 {…}".to_owned(),
        "a map" | "table" => "一组键（{…}）".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "不小于零的整数".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "整数".to_owned(),
        "f32" | "f64" => "数".to_owned(),
        _ if expected.starts_with("struct ") => "一组键（{…}）".to_owned(),
        _ => format!(" {expected}"),
    }
}

/// What serde found, in Chinese.
fn kind_of_value(found: &str) -> String {
    let kinds = [
        ("string ", "文字 "),
        ("integer ", "整数 "),
        ("floating point ", "小数 "),
        ("boolean ", " "),
        ("sequence", "列表"),
        ("map", "一组键"),
    ];
    let kind = kinds.into_iter().find_map(|(en, zh)| Some((zh, found.strip_prefix(en)?)));
    match kind {
        Some((zh, value)) => format!("{zh}{}", value.replace('`', "")),
        None => format!(" {found}"),
    }
}

/// A mistake of TOML in both languages, from the words of its parser.
pub(super) fn syntax(text: &str) -> Message {
    let what = text.split(", expected ").next().unwrap_or(text);
    let zh = match what {
        "duplicate key" => "键出现了两次",
        "string values must be quoted" => "等号后面的值不对；文字要放在英文引号里",
        "missing opening quote" => "文字开头缺少英文引号",
        "missing comma between array elements" => "列表的两项之间缺少逗号",
        "missing comma between key-value pairs" => "两个键之间缺少逗号",
        "missing assignment between key-value pairs" | "key with no value" => "键后面缺少等号和值",
        "missing value" | "missing value for key" => "等号后面缺少值",
        "unclosed array" => "列表没有结尾的 ]",
        "unclosed inline table" => "一组键没有结尾的 }",
        "unclosed table" | "unclosed array table" => "方括号没有结尾",
        "extra comma in array" | "extra comma in inline table" => "多了一个逗号",
        "extra `=`" | "extra assignment between key-value pairs" | "unexpected `=` in array" => {
            "多了一个等号"
        }
        "invalid unquoted key" | "unquoted keys cannot be empty" => {
            "键只能是英文字母、数字、_ 和 -，否则要放在英文引号里"
        }
        "unexpected leading zero" => "数字前面多了零",
        "unexpected content" | "unexpected key or value" => "这里多了内容",
        _ if what.starts_with("invalid basic string") || what.starts_with("invalid literal string") => {
            "引号里的文字不对，或缺少后面的引号"
        }
        _ => return message!("TOML 语法错误：{text}", "TOML syntax: {text}"),
    };
    message!("TOML 语法错误：{zh}", "TOML syntax: {text}")
}

/// Several mistakes as one message: a line for each.
pub(super) fn together(mistakes: &[Message]) -> Message {
    if let [only] = mistakes {
        return only.clone();
    }
    let count = mistakes.len();
    let [zh, en] = [|m: &Message| format!("\n  {}", m.zh), |m: &Message| format!("\n  {}", m.en)]
        .map(|line| mistakes.iter().map(line).collect::<String>());
    message!("有 {count} 处错误：{zh}", "{count} mistakes:{en}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zh: &str) {
        assert_eq!(words(text).zh, zh);
    }

    #[test]
    fn words_of_serde_are_said_in_chinese() {
        check(
            "unknown field `min_heigth`, expected one of `key`, `min_height`",
            "不认识的键“min_heigth”，是不是“min_height”？",
        );
        check("unknown variant `x`, expected `left` or `right`", "不认识的写法“x”（可用：left、right）");
        check("invalid type: string \"ja\", expected a boolean", "应是 true 或 false，写的是文字 \"ja\"");
        check("invalid value: integer `-1`, expected usize", "应是不小于零的整数，写的是整数 -1");
        check(&both(message!("甲", "a")), "甲");
        check(
            "a length such as \"37mm\" or \"16pt\", not \"52\"",
            "长度应如 \"37mm\"、\"16pt\"，写的是 \"52\"",
        );
    }
}
