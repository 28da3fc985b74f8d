//! Automatic numbers of a Word file as text: 一、 （二） 3. as the word processor shows them.
//!
//! The number is no part of a paragraph's text there: a level of a list has a pattern, and each list counts on its own.

use std::collections::BTreeMap;

use crate::read::ooxml::Package;
use crate::xml::Element;

/// The deepest level of a list: ECMA-376-1, 17.9.6.
const LEVELS: usize = 9;
/// The most lists of a file, each of which gets its own levels.
const LISTS: usize = 32_767;
/// The most characters of the pattern or format of a level, which every list and paragraph of it copies.
const CHARACTERS: usize = 64;

/// A level of a list.
#[derive(Clone, Debug, Default)]
struct Level {
    start: u32,
    format: String,
    pattern: String,
}

/// The lists of a file, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// The levels of each list, by its number.
    lists: BTreeMap<String, Vec<Level>>,
    /// The list that counts for it: lists of one definition count on.
    shared: BTreeMap<String, String>,
    counts: BTreeMap<String, [Option<u32>; LEVELS]>,
}

impl Numbering {
    /// Of a package; without lists if it has none that can be read.
    pub fn of(package: &Package) -> Numbering {
        let mut numbering = Numbering::default();
        if package.part("word/numbering.xml").is_none() {
            return numbering;
        }
        let Ok(root) = package.xml("word/numbering.xml") else { return numbering };
        let mut definitions: BTreeMap<String, Vec<Level>> = BTreeMap::new();
        for definition in root.elements().filter(|element| element.name == "w:abstractNum") {
            let Some(id) = definition.attribute("w:abstractNumId") else { continue };
            let levels = definition.elements().filter(|element| element.name == "w:lvl");
            definitions.insert(id.to_owned(), levels.take(LEVELS).map(level).collect());
        }
        for list in root.elements().filter(|element| element.name == "w:num").take(LISTS) {
            let definition = list.find("w:abstractNumId").and_then(|element| element.attribute("w:val"));
            let (Some(id), Some(definition)) = (list.attribute("w:numId"), definition) else { continue };
            if definition.len() > CHARACTERS {
                continue;
            }
            let Some(levels) = definitions.get(definition) else { continue };
            let mut levels = levels.clone();
            let mut counts_alone = false;
            for changed in list.elements().filter(|element| element.name == "w:lvlOverride") {
                let at = changed.attribute("w:ilvl").and_then(|at| at.parse::<usize>().ok()).unwrap_or(0);
                let start = changed.find("w:startOverride").and_then(|start| start.attribute("w:val"));
                if let (Some(level), Some(start)) =
                    (levels.get_mut(at), start.and_then(|start| start.parse().ok()))
                {
                    level.start = start;
                    counts_alone = true;
                }
            }
            let shared = if counts_alone { format!("n{id}") } else { format!("a{definition}") };
            numbering.shared.insert(id.to_owned(), shared);
            numbering.lists.insert(id.to_owned(), levels);
        }
        numbering
    }

    /// The number of the next paragraph of a list at a level; none for a list without numbers.
    pub fn next(&mut self, list: &str, level: usize) -> Option<String> {
        let levels = self.lists.get(list)?;
        let own = levels.get(level)?;
        let counts = self.counts.entry(self.shared.get(list)?.clone()).or_default();
        let count = counts[level].map_or(own.start, |count| count.saturating_add(1));
        counts[level] = Some(count);
        for deeper in &mut counts[level + 1..] {
            *deeper = None;
        }
        if own.format == "bullet" || own.format == "none" {
            return None;
        }
        let mut text = own.pattern.clone();
        for (at, level) in levels.iter().enumerate() {
            let count = counts[at].unwrap_or(level.start);
            text = text.replace(&format!("%{}", at + 1), &written(count, &level.format));
        }
        Some(text).filter(|text| !text.trim().is_empty())
    }
}

fn level(element: &Element) -> Level {
    let value = |name: &str| element.find(name).and_then(|child| child.attribute("w:val"));
    Level {
        start: value("w:start").and_then(|start| start.parse().ok()).unwrap_or(1),
        format: value("w:numFmt").unwrap_or("decimal").chars().take(CHARACTERS).collect(),
        pattern: value("w:lvlText").unwrap_or_default().chars().take(CHARACTERS).collect(),
    }
}

/// A number in a format: ECMA-376-1, 17.18.59 (ST_NumberFormat).
fn written(number: u32, format: &str) -> String {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "japaneseDigitalTenThousand" => han(number),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&number) => {
            char::from_u32(0x2460 + number - 1).map(String::from).unwrap_or_default()
        }
        "decimalFullWidth" => {
            number.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect()
        }
        "lowerLetter" if (1..=26).contains(&number) => {
            char::from_u32(96 + number).map(String::from).unwrap_or_default()
        }
        "upperLetter" if (1..=26).contains(&number) => {
            char::from_u32(64 + number).map(String::from).unwrap_or_default()
        }
        _ => number.to_string(),
    }
}

/// 十二, 二十: the numbers of headings; larger ones in digits.
fn han(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number as usize / 10, number as usize % 10);
    match tens {
        0 if ones > 0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        2..=9 => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_headings_have_them() {
        for (number, format, wanted) in [
            (1, "chineseCounting", "一"),
            (10, "chineseCountingThousand", "十"),
            (12, "japaneseCounting", "十二"),
            (20, "chineseCounting", "二十"),
            (3, "decimal", "3"),
            (3, "decimalEnclosedCircle", "③"),
        ] {
            assert_eq!(written(number, format), wanted);
        }
    }
}
