//! What a workbook shows of its cells where that is not their value: number formats that turn 0.12 into 12%, 12000 into 12, or
//! a number into nothing, and texts of which a part is raised or struck.
//!
//! calamine gives values without formats. The parts are read again only where a style or a shared text has such a thing.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::characters::shifted;
use crate::read::ooxml::binary_part;
use crate::xml::{self, Element};

/// What is shown otherwise.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The formats that change what a number is, by the number of the style of a cell.
    formats: BTreeMap<u32, Format>,
    /// The style of each cell of a sheet that has such a format, by the name of the sheet.
    cells: BTreeMap<String, BTreeMap<(u32, u32), u32>>,
    /// Texts with raised or struck parts, as they are read by themselves and with what is raised and struck.
    texts: BTreeMap<String, String>,
}

/// What a number format makes of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    Percent,
    /// Divided, or not shown at all: the code.
    Other(String),
}

/// The most bytes of a part that is read again.
const MOST: usize = 64 << 20;

impl Shown {
    /// Of a workbook; nothing where its parts cannot be read.
    pub fn of(bytes: &[u8]) -> Shown {
        let mut shown = Shown::default();
        if let Some(part) = binary_part(bytes, "xl/styles.xml", MOST).filter(|part| may_change(part)) {
            shown.formats = xml::read(&part).map(|root| formats(&root)).unwrap_or_default();
        }
        if let Some(part) = binary_part(bytes, "xl/sharedStrings.xml", MOST).filter(|part| has_marks(part)) {
            texts(&part, &mut shown.texts);
        }
        for (name, part) in sheets(bytes) {
            let Some(part) = binary_part(bytes, &part, MOST) else { continue };
            if has_marks(&part) {
                texts(&part, &mut shown.texts);
            }
            if !shown.formats.is_empty() {
                let numbers = shown.formats.keys().copied().collect();
                shown.cells.insert(name, styled(&part, &numbers));
            }
        }
        shown
    }

    /// What is shown of a number; none where that is the number.
    pub fn number(&self, sheet: &str, place: (u32, u32), text: &str) -> Option<String> {
        let style = self.cells.get(sheet)?.get(&place)?;
        Some(match self.formats.get(style)? {
            Format::Percent => format!("{}%", by_hundred(text)),
            Format::Other(code) => format!("{text}（显示格式 {code}）"),
        })
    }

    /// What is shown of a text; none where that is the text.
    pub fn text(&self, text: &str) -> Option<&str> {
        self.texts.get(text).map(String::as_str)
    }
}

/// A decimal number a hundred times as large.
fn by_hundred(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{fraction:0<2}");
    let (more, rest) = digits.split_at(2);
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let all = format!("{whole}{more}");
    let all = all.trim_start_matches('0');
    let all = if all.is_empty() { "0" } else { all };
    if rest.is_empty() { format!("{sign}{all}") } else { format!("{sign}{all}.{rest}") }
}

/// Whether a part of styles may have a format that changes numbers.
fn may_change(part: &[u8]) -> bool {
    // 9 and 10 are percentages: ECMA-376-1, 18.8.30.
    [&b"%"[..], b"numFmtId=\"9\"", b"numFmtId=\"10\"", b",\"", b",;", b";;", b",&quot;"]
        .into_iter()
        .any(|mark| memchr::memmem::find(part, mark).is_some())
}

/// Whether a part has texts of which a part is raised or struck.
fn has_marks(part: &[u8]) -> bool {
    [&b"vertAlign"[..], b"strike"].into_iter().any(|mark| memchr::memmem::find(part, mark).is_some())
}

/// The formats of the styles of cells that change what a number is.
fn formats(root: &Element) -> BTreeMap<u32, Format> {
    let number =
        |element: &Element, name: &str| element.attribute(name).and_then(|text| text.parse::<u32>().ok());
    let own: BTreeMap<u32, &str> = root
        .elements()
        .filter(|element| local(&element.name) == "numFmts")
        .flat_map(Element::elements)
        .filter_map(|format| Some((number(format, "numFmtId")?, format.attribute("formatCode")?)))
        .collect();
    let styles =
        root.elements().filter(|element| local(&element.name) == "cellXfs").flat_map(Element::elements);
    (0_u32..)
        .zip(styles)
        .filter_map(|(at, style)| {
            let id = number(style, "numFmtId")?;
            let format = match id {
                9 | 10 => Some(Format::Percent),
                id => own.get(&id).and_then(|code| changes(code)),
            };
            Some((at, format?))
        })
        .collect()
}

/// What a code does to a positive number: ECMA-376-1, 18.8.31.
fn changes(code: &str) -> Option<Format> {
    const LONGEST: usize = 40;
    let shown = || Format::Other(code.chars().take(LONGEST).collect());
    // What is quoted, escaped or in brackets is no part of the number.
    let (mut plain, mut characters) = (String::new(), code.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => characters.by_ref().take_while(|c| *c != '"').for_each(drop),
            '[' => characters.by_ref().take_while(|c| *c != ']').for_each(drop),
            '\\' | '_' | '*' => drop(characters.next()),
            other => plain.push(other),
        }
    }
    let own = plain.split(';').next().unwrap_or_default();
    let digits = |c: char| matches!(c, '0' | '#' | '?');
    if own.contains('%') {
        return Some(Format::Percent);
    }
    if code.contains(';')
        && own.trim().is_empty()
        && !code.split(';').next().is_some_and(|own| own.contains('"'))
    {
        return Some(shown());
    }
    // A comma behind all digits divides by a thousand.
    let scaled =
        own.rfind(digits).is_some_and(|last| own[last + 1..].trim_start_matches('.').starts_with(','));
    scaled.then(shown)
}

/// The name of an element without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The sheets of a workbook with their parts.
fn sheets(bytes: &[u8]) -> Vec<(String, String)> {
    let read = |name: &str| binary_part(bytes, name, MOST);
    let (Some(book), Some(relations)) = (read("xl/workbook.xml"), read("xl/_rels/workbook.xml.rels")) else {
        return Vec::new();
    };
    let (Ok(book), Ok(relations)) = (xml::read(&book), xml::read(&relations)) else { return Vec::new() };
    let targets: BTreeMap<&str, &str> = relations
        .elements()
        .filter_map(|relation| Some((relation.attribute("Id")?, relation.attribute("Target")?)))
        .collect();
    let all = book.elements().filter(|element| local(&element.name) == "sheets").flat_map(Element::elements);
    all.filter_map(|sheet| {
        let target = targets.get(sheet.attribute("r:id")?)?;
        let part = match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{target}"),
        };
        Some((sheet.attribute("name")?.to_owned(), part))
    })
    .collect()
}

/// The value of an attribute as it is written.
fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let own = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(own.value.into_owned())
}

/// The cells of a sheet that have one of these styles.
fn styled(part: &[u8], styles: &BTreeSet<u32>) -> BTreeMap<(u32, u32), u32> {
    let mut found = BTreeMap::new();
    let mut reader = Reader::from_reader(part);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) if element.local_name().as_ref() == "c" => {
                let style = attribute(&element, "s").and_then(|style| style.parse().ok());
                let place = attribute(&element, "r")
                    .and_then(|place| super::cells::reference(&format!("sheet!{place}")));
                if let (Some(style), Some((_, row, column))) =
                    (style.filter(|style| styles.contains(style)), place)
                {
                    found.insert((row, column), style);
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// The texts of a part whose runs are raised or struck: digits that are raised become such characters, what is struck is left
/// out. A text that is the same without marks is taken for one with them, for it cannot be told which cell has it.
fn texts(part: &[u8], found: &mut BTreeMap<String, String>) {
    let mut reader = Reader::from_reader(part);
    let (mut plain, mut shown, mut run) = (String::new(), String::new(), Run::default());
    let mut is_text = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "si" | "is" => (plain, shown) = (String::new(), String::new()),
                "r" => run = Run::default(),
                "t" => is_text = true,
                // A guide to how something is read is no text of the cell.
                "rPh" => drop(reader.read_to_end(element.name())),
                "strike" => run.struck = is_on(&element),
                "vertAlign" => run.face = face(&element),
                _ => {}
            },
            Ok(Event::Empty(element)) => match element.local_name().as_ref() {
                "strike" => run.struck = is_on(&element),
                "vertAlign" => run.face = face(&element),
                _ => {}
            },
            Ok(Event::Text(text)) if is_text => {
                let text = text.xml10_content();
                plain.push_str(&text);
                match (run.struck, run.face) {
                    (true, _) => {}
                    (false, Some(face)) => shown.extend(text.chars().map(|c| shifted(c, face))),
                    (false, None) => shown.push_str(&text),
                }
            }
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "t" => is_text = false,
                "r" => run = Run::default(),
                "si" | "is" if plain != shown => {
                    found.insert(std::mem::take(&mut plain), std::mem::take(&mut shown));
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// How the text of a run is set.
#[derive(Clone, Copy, Default)]
struct Run {
    struck: bool,
    face: Option<&'static str>,
}

fn is_on(element: &BytesStart) -> bool {
    attribute(element, "val").is_none_or(|value| !matches!(value.as_str(), "0" | "false"))
}

fn face(element: &BytesStart) -> Option<&'static str> {
    match attribute(element, "val").as_deref() {
        Some("superscript") => Some("superscript"),
        Some("subscript") => Some("subscript"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_change_a_number_are_known() {
        for code in ["0%", "0.00%", "[Red]0.0%;-0.0%"] {
            assert_eq!(changes(code), Some(Format::Percent), "{code}");
        }
        for code in ["0,", "#,##0,", "0.0,,\"亿\"", ";;;", ";;"] {
            assert!(matches!(changes(code), Some(Format::Other(_))), "{code}");
        }
        for code in [
            "0",
            "#,##0",
            "#,##0.00",
            "0\"件\"",
            "0\"%\"",
            "General",
            "0.00####",
            "[=0]\"无\";0",
            "_ * #,##0_ ",
            "\"x\";",
        ] {
            assert_eq!(changes(code), None, "{code}");
        }
        for (text, wanted) in [("0.12", "12"), ("1", "100"), ("0.125", "12.5"), ("-0.5", "-50"), ("0", "0")] {
            assert_eq!(by_hundred(text), wanted);
        }
    }

    #[test]
    fn raised_and_struck_parts_of_texts_are_known() {
        let part = "<sst><si><r><t>419</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>1</t></r></si>\
            <si><r><rPr><strike/></rPr><t>9</t></r><r><t>12</t></r></si><si><t>7</t></si></sst>";
        let mut found = BTreeMap::new();
        texts(part.as_bytes(), &mut found);
        let wanted = [("4191".to_owned(), "419¹".to_owned()), ("912".to_owned(), "12".to_owned())];
        assert_eq!(found, BTreeMap::from(wanted));
    }
}
