//! The text of a paragraph of a Word file as it is shown: what styles and runs hide, strike, raise or turn, symbols, fields,
//! formulas, guides to reading; pictures, boxes and notes apart.

use std::collections::BTreeMap;

use crate::characters::shifted;
use crate::import::blocks::Left;
use crate::xml::{Element, Node};

/// The most characters of a value of a style, which those that are based on it and all their paragraphs copy.
const MAX_VALUE: usize = 64;

/// What a style of paragraphs or characters says.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    pub heading: Option<u8>,
    pub list: Option<(String, usize)>,
    pub jc: Option<String>,
    pub run: Run,
}

/// The styles by their ids.
pub(super) type Styles = BTreeMap<String, Style>;

/// What properties say of a run's text; none where they say nothing, and the style or the paragraph counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    hidden: Option<bool>,
    struck: Option<bool>,
    struck_twice: Option<bool>,
    raised: Option<Raised>,
    /// How far it is moved up, in half-points.
    position: Option<i64>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raised {
    No,
    Up,
    Down,
}

impl Run {
    /// Of the properties of a run or a style: ECMA-376-1, 17.3.2.
    fn of(properties: Option<&Element>) -> Run {
        let property = |name: &str| properties.and_then(|properties| properties.find(name));
        let raised = |align: &Element| match align.attribute("w:val") {
            Some("superscript") => Raised::Up,
            Some("subscript") => Raised::Down,
            _ => Raised::No,
        };
        Run {
            hidden: property("w:vanish").map(is_on),
            struck: property("w:strike").map(is_on),
            struck_twice: property("w:dstrike").map(is_on),
            raised: property("w:vertAlign").map(raised),
            position: property("w:position")
                .and_then(|position| position.attribute("w:val"))
                .and_then(|value| value.parse().ok()),
        }
    }

    /// With what is said further out where it says nothing itself.
    fn or(self, outer: Run) -> Run {
        Run {
            hidden: self.hidden.or(outer.hidden),
            struck: self.struck.or(outer.struck),
            struck_twice: self.struck_twice.or(outer.struck_twice),
            raised: self.raised.or(outer.raised),
            position: self.position.or(outer.position),
        }
    }

    fn is_struck(self) -> bool {
        self.struck == Some(true) || self.struck_twice == Some(true)
    }

    /// Where its text stands, as `shifted` takes it.
    fn face(self) -> Option<&'static str> {
        /// Less is an adjustment of characters to others on their line.
        const LEAST: i64 = 5;
        match (self.raised, self.position) {
            (Some(Raised::Up), _) => Some("superscript"),
            (Some(Raised::Down), _) => Some("subscript"),
            (_, Some(LEAST..)) => Some("superscript"),
            (_, Some(position)) if position <= -LEAST => Some("subscript"),
            _ => None,
        }
    }
}

pub(super) fn styles(root: &Element) -> Styles {
    let mut found: BTreeMap<String, (Style, Option<String>)> = BTreeMap::new();
    for style in root.elements().filter(|style| style.name == "w:style") {
        let Some(id) = style.attribute("w:styleId") else { continue };
        let name =
            style.find("w:name").and_then(|name| name.attribute("w:val")).unwrap_or_default().to_lowercase();
        let properties = style.find("w:pPr");
        let property = |name: &str| properties?.find(name)?.attribute("w:val");
        let by_name = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题 "));
        let heading = by_name.and_then(|level| level.trim().parse::<u8>().ok());
        let outline =
            property("w:outlineLvl").and_then(|level| level.parse::<u8>().ok()).filter(|level| *level < 9);
        let own = Style {
            heading: heading.or(outline.map(|level| level + 1)),
            list: properties.and_then(list),
            jc: property("w:jc").map(value_of),
            run: Run::of(style.find("w:rPr")),
        };
        let based = style.find("w:basedOn").and_then(|style| style.attribute("w:val")).map(str::to_owned);
        found.insert(id.to_owned(), (own, based));
    }
    let resolved = |id: &String| {
        /// Styles based on one another: more is a circle.
        const MOST: usize = 12;
        let mut style = Style::default();
        let mut at = Some(id);
        for _ in 0..MOST {
            let Some((own, based)) = at.and_then(|id| found.get(id)) else { break };
            style.heading = style.heading.or(own.heading);
            style.list = style.list.or_else(|| own.list.clone());
            style.jc = style.jc.or_else(|| own.jc.clone());
            style.run = style.run.or(own.run);
            at = based.as_ref();
        }
        style
    };
    found.keys().map(|id| (id.clone(), resolved(id))).collect()
}

/// The list and level that properties name.
pub(super) fn list(properties: &Element) -> Option<(String, usize)> {
    let number = properties.find("w:numPr")?;
    let value = |name: &str| number.find(name)?.attribute("w:val");
    let level = value("w:ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((value_of(value("w:numId")?), level))
}

/// A value of a style: longer ones are none that is known.
fn value_of(text: &str) -> String {
    text.chars().take(MAX_VALUE).collect()
}

/// What is found in a paragraph.
#[derive(Default)]
pub(super) struct Text<'a> {
    pub text: String,
    pub pictures: Vec<&'a Element<'a>>,
    pub boxes: Vec<&'a Element<'a>>,
    /// What each is, its id, and how much of the text is before its mark, in bytes.
    pub notes: Vec<(Left, String, usize)>,
    pub struck: Vec<String>,
    pub hidden: String,
    pub formulas: usize,
    /// The fields that are open, ECMA-376-1, 17.16.18, each with whether its result has begun: what stands before that is its
    /// instruction, whatever is in it.
    pub fields: Vec<bool>,
}

/// Whether a toggle property is on.
pub(super) fn is_on(element: &Element) -> bool {
    !matches!(element.attribute("w:val"), Some("0" | "false" | "off"))
}

/// The text of an element, without what is deleted or hidden; pictures, boxes, notes and what is struck apart.
///
/// `outer` is what the paragraph's style says of its runs.
pub(super) fn gather<'a>(element: &'a Element<'a>, styles: &Styles, outer: Run, found: &mut Text<'a>) {
    for child in element.elements() {
        match &*child.name {
            "w:r" => {
                let properties = child.find("w:rPr");
                let style = properties.and_then(|properties| properties.find("w:rStyle"));
                let style = style.and_then(|style| styles.get(style.attribute("w:val")?));
                let run = Run::of(properties).or(style.map(|style| style.run).unwrap_or_default()).or(outer);
                if run.hidden == Some(true) {
                    // A field may begin or end in it.
                    let mut hidden = Text { fields: std::mem::take(&mut found.fields), ..Text::default() };
                    gather(child, styles, outer, &mut hidden);
                    found.hidden.push_str(&hidden.text);
                    found.fields = hidden.fields;
                    continue;
                }
                let (from, noted) = (found.text.len(), found.notes.len());
                gather(child, styles, outer, found);
                // A struck figure beside the one that replaces it would be read as one number.
                if run.is_struck() {
                    let text = found.text.split_off(from);
                    found.notes[noted..].iter_mut().for_each(|(.., before)| *before = usize::MAX);
                    if !text.trim().is_empty() {
                        found.struck.push(text);
                    }
                    continue;
                }
                if let Some(face) = run.face() {
                    // Marks stand behind the same characters, which may have other lengths now.
                    for (.., before) in &mut found.notes[noted..] {
                        let own = found.text.get(from..*before).unwrap_or_default().chars();
                        *before = from + own.map(|c| shifted(c, face).len_utf8()).sum::<usize>();
                    }
                    let changed: String = found.text[from..].chars().map(|c| shifted(c, face)).collect();
                    found.text.truncate(from);
                    found.text.push_str(&changed);
                }
            }
            "w:fldChar" => match child.attribute("w:fldCharType") {
                Some("begin") => found.fields.push(false),
                Some("separate") => {
                    found.fields.iter_mut().next_back().into_iter().for_each(|open| *open = true)
                }
                Some("end") => drop(found.fields.pop()),
                _ => {}
            },
            // Of an instruction.
            "w:t" | "w:tab" | "w:sym" | "w:br" | "w:cr" if found.fields.contains(&false) => {}
            "w:t" => found.text.push_str(&child.own_text()),
            "w:sym" => found.text.push(symbol(child)),
            // 17.3.3.25: the guide of a base stands above it, and is no part of its line.
            "w:ruby" => {
                child.find("w:rubyBase").into_iter().for_each(|base| gather(base, styles, outer, found));
                let mut guide = Text::default();
                child.find("w:rt").into_iter().for_each(|text| gather(text, styles, outer, &mut guide));
                if !guide.text.trim().is_empty() {
                    found.text.push_str(&format!("（{}）", guide.text.trim()));
                }
            }
            // 17.3.2.3: shown the other way round, as these characters say.
            "w:bdo" if child.attribute("w:val") == Some("rtl") => {
                found.text.push('\u{202E}');
                gather(child, styles, outer, found);
                found.text.push('\u{202C}');
            }
            "w:tab" | "w:ptab" => found.text.push('\t'),
            "w:br" if matches!(child.attribute("w:type"), Some("page" | "column")) => {}
            "w:br" | "w:cr" => found.text.push('\n'),
            "w:noBreakHyphen" => found.text.push('-'),
            "w:footnoteReference" => note(child, Left::Footnote, "", found),
            "w:endnoteReference" => note(child, Left::Footnote, "e", found),
            "w:commentReference" => note(child, Left::Comment, "", found),
            "w:pPr" | "w:rPr" | "w:del" | "w:moveFrom" | "w:instrText" | "w:delText" | "w:tcPr" => {}
            "w:drawing" | "w:pict" | "w:object" => drawing(child, found),
            "mc:AlternateContent" => {
                let choice = child.find("mc:Choice").or_else(|| child.find("mc:Fallback"));
                if let Some(choice) = choice {
                    gather(choice, styles, outer, found);
                }
            }
            "m:oMath" | "m:oMathPara" => {
                found.formulas += 1;
                math(child, &mut found.text);
            }
            _ => gather(child, styles, outer, found),
        }
    }
}

/// What the style of a paragraph, and the paragraph itself, say of its runs.
pub(super) fn run_of(styles: &Styles, properties: Option<&Element>) -> Run {
    let style = properties.and_then(|properties| properties.find("w:pStyle"));
    let style = style.and_then(|style| styles.get(style.attribute("w:val")?));
    style.map(|style| style.run).unwrap_or_default()
}

/// A character that is named by its place in a font of symbols: 17.3.3.30.
fn symbol(element: &Element) -> char {
    /// What stands for a character that cannot be shown.
    const UNKNOWN: char = '〓';
    const WINGDINGS: [(u32, char); 12] = [
        (0x52, '☑'),
        (0x6C, '●'),
        (0x6E, '■'),
        (0x6F, '□'),
        (0x71, '❑'),
        (0x75, '◆'),
        (0xA8, '□'),
        (0xD8, '➢'),
        (0xFB, '✗'),
        (0xFC, '✓'),
        (0xFD, '☒'),
        (0xFE, '☑'),
    ];
    let code = element.attribute("w:char").and_then(|code| u32::from_str_radix(code, 16).ok());
    let font = element.attribute("w:font").unwrap_or_default().to_lowercase();
    let Some(code) = code else { return UNKNOWN };
    // Fonts of symbols have their characters in the private area.
    let own = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    match font.as_str() {
        "wingdings" => WINGDINGS.iter().find(|(known, _)| *known == own).map_or(UNKNOWN, |(_, shown)| *shown),
        "symbol" if own == 0xB7 => '•',
        // Its digits and marks are those of ASCII.
        "symbol" if (0x20..0x40).contains(&own) => char::from_u32(own).unwrap_or(UNKNOWN),
        "symbol" => UNKNOWN,
        _ if own < 0x80 && code != own => UNKNOWN,
        _ => char::from_u32(code).filter(|shown| !shown.is_control()).unwrap_or(UNKNOWN),
    }
}

fn note(element: &Element, what: Left, prefix: &str, found: &mut Text) {
    let before = found.text.len();
    found.notes.extend(element.attribute("w:id").map(|id| (what, format!("{prefix}{id}"), before)));
}

fn drawing<'a>(element: &'a Element<'a>, found: &mut Text<'a>) {
    let before = found.boxes.len();
    boxes(element, &mut found.boxes);
    if found.boxes.len() == before {
        found.pictures.push(element);
    }
}

fn boxes<'a>(element: &'a Element<'a>, found: &mut Vec<&'a Element<'a>>) {
    for child in element.elements() {
        if child.name == "w:txbxContent" { found.push(child) } else { boxes(child, found) }
    }
}

/// The text of a formula on a line: what stands above or below something is parted from it by a sign.
fn math(element: &Element, text: &mut String) {
    let parts =
        |names: &[&str]| element.elements().filter(|child| names.contains(&&*child.name)).collect::<Vec<_>>();
    // ECMA-376-1, 22.1.2: fractions, scripts, limits, roots.
    let (names, sign): (&[&str], &str) = match &*element.name {
        "m:f" => (&["m:num", "m:den"], "/"),
        "m:sSup" => (&["m:e", "m:sup"], "^"),
        "m:sSub" => (&["m:e", "m:sub"], "_"),
        "m:sSubSup" | "m:sPre" => (&["m:e", "m:sub", "m:sup"], "_"),
        "m:limLow" | "m:limUpp" => (&["m:e", "m:lim"], "_"),
        "m:rad" => (&["m:deg", "m:e"], "√"),
        "m:nary" => (&["m:sub", "m:sup", "m:e"], "∑"),
        "m:m" => (&["m:mr"], ";"),
        "m:mr" | "m:eqArr" => (&["m:e"], ","),
        _ => (&[], ""),
    };
    if !names.is_empty() {
        for (at, part) in parts(names).into_iter().enumerate() {
            if at > 0 {
                text.push_str(sign);
            }
            math(part, text);
        }
        return;
    }
    for node in &element.children {
        match node {
            Node::Element(child) => math(child, text),
            Node::Text(own) if element.name == "m:t" => text.push_str(own),
            Node::Text(_) => {}
        }
    }
}
