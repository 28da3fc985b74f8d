//! How the text of an element looks: hidden, struck, raised, or on lines of its own; by its name, its attributes and the styles
//! of the page, CSS Level 2.1 and what Word writes beside it.
//!
//! Styles are read as far as they decide what a figure is. Rules count in the order of the page, whatever their selectors
//! weigh.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::message;
use crate::read::{ReadError, limit};

/// How the text of an element looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub hidden: bool,
    pub struck: bool,
    /// As `shifted` takes it.
    pub raised: Option<&'static str>,
    /// Whether it stands on lines of its own, or within a line, where its name says otherwise.
    pub block: Option<bool>,
    /// A number of a list, which the program that wrote the page put there.
    pub list_number: bool,
    /// Shown from right to left.
    pub reversed: bool,
}

/// The looks of the elements of a page that its styles say something of.
#[derive(Default)]
pub(super) struct Looks(HashMap<NodeId, Vec<Declaration>>);

/// A property and its value, in small letters without white space.
type Declaration = (String, String);

/// The properties that are read.
const PROPERTIES: [&str; 19] = [
    "display",
    "visibility",
    "opacity",
    "font-size",
    "vertical-align",
    "position",
    "top",
    "bottom",
    "left",
    "right",
    "text-indent",
    "text-decoration",
    "text-decoration-line",
    "height",
    "max-height",
    "overflow",
    "color",
    "mso-hide",
    "mso-list",
];

impl Looks {
    /// Of the styles of a page.
    ///
    /// # Errors
    /// If they have more rules than can be applied to so many elements.
    pub fn of(page: &Html) -> Result<Looks, ReadError> {
        /// Rules by elements.
        const MOST: usize = 20_000_000;
        let (Ok(styles), mut looks) = (Selector::parse("style"), Looks::default()) else {
            return Ok(Looks::default());
        };
        let elements = page.tree.nodes().count();
        let mut work = 0_usize;
        for style in page.select(&styles) {
            // A style for paper alone is none of the page.
            let media = style.attr("media").unwrap_or("all").to_ascii_lowercase();
            if !is_for_screens(&media) {
                continue;
            }
            for (selector, declarations) in rules(&style.text().collect::<String>()) {
                let Ok(selector) = Selector::parse(&selector) else { continue };
                work += elements;
                if work > MOST {
                    return Err(limit(message!(
                        "网页的样式太多",
                        "the page has too many styles for so many elements"
                    )));
                }
                for element in page.select(&selector) {
                    looks.0.entry(element.id()).or_default().extend(declarations.iter().cloned());
                }
            }
        }
        Ok(looks)
    }

    /// Of an element.
    pub fn look(&self, element: &ElementRef) -> Look {
        let name = element.value().name();
        let mut look = Look {
            struck: matches!(name, "del" | "s" | "strike"),
            hidden: element.attr("hidden").is_some(),
            raised: match name {
                "sup" => Some("superscript"),
                "sub" => Some("subscript"),
                _ => None,
            },
            reversed: name == "bdo" && element.attr("dir").is_some_and(|way| way.eq_ignore_ascii_case("rtl")),
            ..Look::default()
        };
        let inline = element.attr("style").map(declarations).unwrap_or_default();
        let of_page = self.0.get(&element.id());
        if inline.is_empty() && of_page.is_none() {
            return look;
        }
        let mut values: HashMap<&str, &str> = HashMap::new();
        for (property, value) in of_page.into_iter().flatten().chain(&inline) {
            values.insert(property, value);
        }
        let value = |property: &str| values.get(property).copied().unwrap_or_default();
        apply(&mut look, &value, matches!(name, "td" | "th" | "tr" | "table" | "tbody" | "img"));
        look
    }
}

/// What the values of properties make of a look.
fn apply<'a>(look: &mut Look, value: &impl Fn(&str) -> &'a str, is_of_table: bool) {
    /// Further out than any page is wide, in pixels.
    const OFF: f64 = -500.0;
    let is_nought = |property: &str| length(value(property)) == Some(0.0);
    let is_off = |property: &str| length(value(property)).is_some_and(|length| length < OFF);
    let out_of_flow = matches!(value("position"), "absolute" | "fixed");
    let cut =
        matches!(value("overflow"), "hidden" | "clip") && (is_nought("height") || is_nought("max-height"));
    look.hidden |= value("display") == "none"
        || matches!(value("visibility"), "hidden" | "collapse")
        || value("mso-hide") == "all"
        || is_nought("opacity")
        || is_nought("font-size")
        || is_off("text-indent")
        || out_of_flow && ["left", "top", "right", "bottom"].into_iter().any(is_off)
        || cut
        || value("color") == "transparent";
    look.struck |= ["text-decoration", "text-decoration-line"]
        .into_iter()
        .any(|property| value(property).contains("line-through"));
    look.list_number |= value("mso-list") == "ignore";
    look.block = match value("display") {
        "" => None,
        "inline" | "inline-block" | "inline-flex" | "contents" => Some(false),
        _ => Some(true),
    };
    let moved = value("position") == "relative"
        && ["top", "bottom"].into_iter().any(|property| length(value(property)).is_some_and(|by| by != 0.0));
    // In cells it is where the text stands in them.
    let aligned = if is_of_table { "" } else { value("vertical-align") };
    let up = match aligned {
        "super" | "text-top" => true,
        "top" => !value("font-size").is_empty(),
        other => length(other).is_some_and(|by| by > 0.0),
    };
    let down = match aligned {
        "sub" | "text-bottom" => true,
        "bottom" => !value("font-size").is_empty(),
        other => length(other).is_some_and(|by| by < 0.0),
    };
    if up || moved {
        look.raised = Some("superscript");
    } else if down {
        look.raised = Some("subscript");
    } else if aligned == "baseline" {
        look.raised = None;
    }
}

/// A length or number, in pixels or the unit that it is written in; none for words.
fn length(value: &str) -> Option<f64> {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let number: f64 = number.parse().ok()?;
    let by = match &value[value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').len()..] {
        "em" | "rem" | "ex" | "ch" => 16.0,
        "vw" | "vh" | "%" => 10.0,
        _ => 1.0,
    };
    Some(number * by)
}

/// The declarations of a style that are read: `property: value; …`.
fn declarations(style: &str) -> Vec<Declaration> {
    let style = style.to_ascii_lowercase();
    let own = style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let property = PROPERTIES.iter().find(|known| **known == property.trim())?;
        let value: String = value.replace("!important", "").split_whitespace().collect();
        Some(((*property).to_owned(), value))
    });
    own.collect()
}

fn is_for_screens(media: &str) -> bool {
    media.trim().is_empty() || media.contains("all") || media.contains("screen")
}

/// The rules of a style sheet that have a declaration that is read. Of `@` rules only those for screens are looked into.
fn rules(sheet: &str) -> Vec<(String, Vec<Declaration>)> {
    let mut found = Vec::new();
    let sheet = without_comments(sheet);
    let mut rest = sheet.as_str();
    while let Some(open) = rest.find('{') {
        // An `@` rule without a block ends with a semicolon.
        let head = &rest[..open];
        let head = head.rsplit([';', '}']).next().unwrap_or_default().trim();
        let body = &rest[open + 1..];
        if let Some(media) = head.strip_prefix("@media") {
            if is_for_screens(&media.to_ascii_lowercase()) {
                // Its rules follow, and its end is passed over as that of a rule.
                rest = body;
            } else {
                rest = after_block(body);
            }
            continue;
        }
        let end = body.find('}').unwrap_or(body.len());
        if head.starts_with('@') {
            rest = after_block(body);
            continue;
        }
        let own = declarations(&body[..end]);
        if !own.is_empty() {
            found.push((head.to_owned(), own));
        }
        rest = body.get(end + 1..).unwrap_or_default();
    }
    found
}

/// What follows the end of a block that has begun, with the blocks in it.
fn after_block(body: &str) -> &str {
    let mut depth = 1_usize;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &body[at + 1..];
        }
    }
    ""
}

/// A style sheet without comments; what Word hides from old programs by `<!--` is a part of it.
fn without_comments(sheet: &str) -> String {
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find("/*") {
        text.push_str(&rest[..at]);
        rest = rest[at + 2..].find("*/").map_or("", |end| &rest[at + 2 + end + 2..]);
    }
    text.push_str(rest);
    text.replace("<!--", " ").replace("-->", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The look of the element with `id=x`.
    fn look(page: &str) -> Look {
        let page = Html::parse_document(page);
        let looks = Looks::of(&page).expect("is within the limits");
        let element = page.select(&Selector::parse("#x").expect("is one")).next().expect("is there");
        looks.look(&element)
    }

    fn of(style: &str) -> Look {
        let inline = look(&format!("<span id=x style='{style}'>1</span>"));
        let by_class = look(&format!(
            "<style><!-- /* {{ */ p {{margin:0}} @media print {{.a{{display:block}}}} span.a, .b {{ color:red; {style} }} --></style><span id=x class=a>1</span>"
        ));
        assert_eq!(inline, by_class, "{style}");
        inline
    }

    #[test]
    fn text_that_is_not_seen_is_hidden() {
        for style in [
            "display:none",
            "DISPLAY : None !important",
            "visibility:hidden",
            "font-size:0",
            "font-size:0.0pt",
            "opacity:0",
            "position:absolute; left:-9999px",
            "text-indent:-99em",
            "height:0;overflow:hidden",
            "mso-hide:all",
            "color:transparent",
        ] {
            assert!(of(style).hidden, "{style}");
        }
        for style in
            ["display:inline", "font-size:10pt", "left:-9999px", "height:0", "opacity:1", "text-indent:2em"]
        {
            assert!(!of(style).hidden, "{style}");
        }
        assert!(!look("<style media=print>#x{display:none}</style><p id=x>1").hidden);
        assert!(!look("<style>@media print{#x{display:none}}</style><p id=x>1").hidden);
        assert!(look("<style>@media screen{p{top:0}#x{display:none}}</style><p id=x>1").hidden);
        assert!(!look("<style>#x{display:none}</style><p id=x style='display:block'>1").hidden);
    }

    #[test]
    fn marks_stand_above_the_line() {
        for style in [
            "vertical-align:super",
            "vertical-align:3pt;font-size:6pt",
            "vertical-align:top;font-size:6pt",
            "position:relative;top:-4px",
            "mso-text-raise:3pt;vertical-align:text-top",
        ] {
            assert_eq!(of(style).raised, Some("superscript"), "{style}");
        }
        assert_eq!(of("vertical-align:-20%").raised, Some("subscript"));
        for style in
            ["vertical-align:middle", "vertical-align:baseline", "position:relative", "vertical-align:top"]
        {
            assert_eq!(of(style).raised, None, "{style}");
        }
        assert_eq!(look("<table><td id=x style='vertical-align:top;font-size:9pt'>1").raised, None);
        assert!(of("text-decoration:underline line-through").struck);
        assert_eq!((of("display:block").block, of("display:inline-block").block), (Some(true), Some(false)));
        assert!(of("mso-list:Ignore").list_number);
        assert!(look("<bdo id=x dir=RTL>12</bdo>").reversed);
    }
}
