//! Signs of both scripts where a reader would take them for Latin: they get the Han font by name.
//!
//! Word goes by `w:hint`, which every run with such a sign has. LibreOffice knows no hint: to it ± × ÷ ° § ≥ are Latin
//! anywhere, and marks such as “ and ● are of the script before them, which at the start of a paragraph is Latin. So
//! there, and only there, the run is split and the sign's Latin font is the Han font: it is an em wide in both.

use std::collections::BTreeMap;

use super::names;
use super::xml::{Element, Node};
use crate::document::{Document, Role};

/// The Han font of every style, by its id; of a run's character style too.
pub(super) fn han_fonts(document: &Document) -> BTreeMap<String, String> {
    let font = |role| document.families.get(&document.styles.get(role).face).map(|f| f.east_asian.clone());
    let named = |role| font(role).map(|font| (names::style(role).id.to_owned(), font));
    let inline = |role| font(role).map(|font| (names::character_style_id(role), font));
    Role::ALL.into_iter().filter_map(named).chain(Role::ALL.into_iter().filter_map(inline)).collect()
}

/// Splits the runs of every paragraph in `element` where a sign needs its font named.
pub(super) fn name_han_fonts(element: &mut Element, fonts: &BTreeMap<String, String>) {
    if element.name == "w:p" {
        return paragraph(element, fonts);
    }
    element.elements_mut().for_each(|child| name_han_fonts(child, fonts));
}

fn paragraph(paragraph: &mut Element, fonts: &BTreeMap<String, String>) {
    let style = |element: &Element, properties: &str, name: &str| {
        let style = element.find(properties)?.find(name)?;
        style.attribute("w:val").map(str::to_owned)
    };
    let own = style(paragraph, "w:pPr", "w:pStyle").unwrap_or_else(|| names::style(Role::Body).id.to_owned());
    // Whether a mark would be taken for Latin: it follows Latin, or nothing.
    let mut latin = true;
    let mut children = Vec::with_capacity(paragraph.children.len());
    for node in std::mem::take(&mut paragraph.children) {
        match node {
            Node::Element(run) if run.name == "w:r" => {
                let named = style(&run, "w:rPr", "w:rStyle").unwrap_or_else(|| own.clone());
                match fonts.get(&named) {
                    Some(font) => {
                        children.extend(split(run, font, &mut latin).into_iter().map(Node::Element))
                    }
                    None => children.push(Node::Element(run)),
                }
            }
            other => children.push(other),
        }
    }
    paragraph.children = children;
}

/// The run in pieces: signs whose font is named, and the rest. `latin` tells of the script before it, and after it.
fn split<'a>(run: Element<'a>, font: &str, latin: &mut bool) -> Vec<Element<'a>> {
    let text: String = run.elements().filter(|child| child.name == "w:t").map(Element::own_text).collect();
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for character in text.chars() {
        let sign = is_sign(character) || (*latin && is_mark(character));
        if !is_mark(character) {
            *latin = crate::font::is_latin(character) || is_sign(character);
        }
        match pieces.last_mut() {
            Some((of_signs, piece)) if *of_signs == sign => piece.push(character),
            _ => pieces.push((sign, character.to_string())),
        }
    }
    let simple = run.elements().all(|child| matches!(&*child.name, "w:rPr" | "w:t"));
    if !simple || pieces.iter().all(|(sign, _)| !sign) {
        return vec![run];
    }
    let properties = run.find("w:rPr").cloned();
    pieces.into_iter().map(|(sign, text)| piece(properties.clone(), sign.then_some(font), &text)).collect()
}

fn piece<'a>(properties: Option<Element<'a>>, font: Option<&str>, text: &str) -> Element<'a> {
    let mut run = Element::new("w:r").all(properties);
    if let Some(font) = font {
        let fonts = run.find_or_insert("w:rPr").find_or_insert("w:rFonts");
        for name in ["w:ascii", "w:hAnsi"] {
            fonts.set(name, font);
        }
    }
    run.child(Element::new("w:t").with("xml:space", "preserve").text(text))
}

/// Signs that are an em wide in a Han font and that Latin fonts have too.
fn is_sign(c: char) -> bool {
    matches!(c, '±' | '×' | '÷' | '°' | '§' | '≈' | '≠' | '≤' | '≥')
}

/// Marks that have no script of their own in LibreOffice.
fn is_mark(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”' | '●' | '○' | '…' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let run = Element::new("w:r").child(Element::new("w:t").text(text));
        let mut paragraph = Element::new("w:p").child(run);
        let fonts = [("Normal".to_owned(), "仿宋_GB2312".to_owned())].into();
        name_han_fonts(&mut paragraph, &fonts);
        let named = |run: &Element| run.find("w:rPr").is_some();
        paragraph
            .elements()
            .map(|run| {
                let text: String = run.elements().map(Element::own_text).collect();
                if named(run) { format!("[{text}]") } else { text }
            })
            .collect()
    }

    #[test]
    fn marks_in_han_text_split_no_run() {
        assert_eq!(pieces("一是“一网通办”……公开——做好"), ["一是“一网通办”……公开——做好"]);
    }

    #[test]
    fn signs_that_would_be_latin_have_the_han_font() {
        assert_eq!(pieces("误差在±0.5℃"), ["误差在", "[±]", "0.5℃"]);
        assert_eq!(pieces("“一网通办”"), ["[“]", "一网通办”"]);
        assert_eq!(pieces("●使用APP”"), ["[●]", "使用APP", "[”]"]);
    }
}
