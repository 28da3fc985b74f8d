//! Signs of both scripts that a reader would treat as Latin: they get the Han font by name.
//!
//! Word follows `w:hint`, which every run with such a sign has. LibreOffice ignores the hint: it treats ± × ÷
//! ° § ≥ as Latin everywhere, and marks such as “ and ● as the script before them, which at the start of a
//! paragraph is Latin. Only in these cases the run is split and the sign's Latin font is set to the Han font,
//! so that the sign is an em wide in both.

use std::collections::BTreeMap;

use docx_rs::{Paragraph, ParagraphChild, Run, RunChild, RunProperty};
use docx_rs::{TableCellContent, TableRow, TableRowChild, Text};
use quick_xml::escape::unescape;

use super::inline::HYPERLINK;
use super::names;
use super::run::PLACEHOLDER;
use crate::document::{Document, Role};
use crate::xml::is_xml_char;

/// The Han font of every style, by its id; of a run's character style too.
pub(super) fn han_fonts(document: &Document) -> BTreeMap<String, String> {
    // docx-rs writes names unchanged: characters that XML cannot hold are dropped here, as `xml` does for the
    // styles.
    let clean = |name: &String| name.chars().filter(|&c| is_xml_char(c)).collect::<String>();
    let font = |role| document.families.get(&document.styles.get(role).face).map(|f| clean(&f.east_asian));
    let named = |role| font(role).map(|font| (names::style(role).id.to_owned(), font));
    let inline = |role| font(role).map(|font| (names::character_style_id(role), font));
    Role::ALL.into_iter().filter_map(named).chain(Role::ALL.into_iter().filter_map(inline)).collect()
}

/// Splits the runs of a row where a sign needs its font named.
pub(super) fn name_in_row(row: &mut TableRow, fonts: &BTreeMap<String, String>) {
    for TableRowChild::TableCell(cell) in &mut row.cells {
        for content in &mut cell.children {
            if let TableCellContent::Paragraph(content) = content {
                name_in_paragraph(content, fonts);
            }
        }
    }
}

/// Splits the runs of a paragraph where a sign needs its font named.
pub(super) fn name_in_paragraph(paragraph: &mut Paragraph, fonts: &BTreeMap<String, String>) {
    if !paragraph.children.iter().any(is_doubtful) {
        return;
    }
    let own = paragraph.property.style.as_ref().map_or(names::style(Role::Body).id, |style| &style.val);
    // Whether a mark would be treated as Latin: it follows Latin, or begins the paragraph.
    let mut latin = true;
    let children = std::mem::take(&mut paragraph.children);
    paragraph.children = divided(children, own, fonts, &mut latin);
}

fn is_doubtful(child: &ParagraphChild) -> bool {
    match child {
        ParagraphChild::Run(run) => run.children.iter().any(|child| match child {
            RunChild::Text(text) => text.text.chars().any(|c| is_sign(c) || is_mark(c)),
            _ => false,
        }),
        ParagraphChild::Hyperlink(link) => link.children.iter().any(is_doubtful),
        _ => false,
    }
}

/// The runs, those in hyperlinks too, split where necessary; `own` is the style of the paragraph.
fn divided(
    children: Vec<ParagraphChild>,
    own: &str,
    fonts: &BTreeMap<String, String>,
    latin: &mut bool,
) -> Vec<ParagraphChild> {
    let mut done = Vec::with_capacity(children.len());
    for child in children {
        match child {
            ParagraphChild::Run(run) => {
                let style = run.run_property.style.as_ref().map(|style| style.val.as_str());
                let named = style.filter(|style| *style != HYPERLINK).unwrap_or(own);
                match fonts.get(named) {
                    Some(font) => split(run, font, latin, &mut done),
                    None => done.push(ParagraphChild::Run(run)),
                }
            }
            ParagraphChild::Hyperlink(mut link) => {
                link.children = divided(link.children, own, fonts, latin);
                done.push(ParagraphChild::Hyperlink(link));
            }
            other => done.push(other),
        }
    }
    done
}

/// Adds the run in pieces: signs whose font is named, and the rest. `latin` is whether the script before the
/// run is Latin, and is updated to that after it.
fn split(run: Box<Run>, font: &str, latin: &mut bool, children: &mut Vec<ParagraphChild>) {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    let mut is_text = true;
    for child in &run.children {
        let RunChild::Text(Text { text, .. }) = child else {
            is_text = false;
            continue;
        };
        if text.starts_with(PLACEHOLDER) {
            is_text = false;
            continue;
        }
        // docx-rs has escaped it already.
        let text = unescape(text).unwrap_or_else(|_| text.into());
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
    }
    if !is_text || pieces.iter().all(|(sign, _)| !sign) {
        children.push(ParagraphChild::Run(run));
        return;
    }
    let pieces = pieces.into_iter().map(|(sign, text)| piece(&run.run_property, sign.then_some(font), text));
    children.extend(pieces.map(|run| ParagraphChild::Run(Box::new(run))));
}

fn piece(properties: &RunProperty, font: Option<&str>, text: String) -> Run {
    let mut run = Run { run_property: properties.clone(), ..Run::new() };
    if let Some(font) = font {
        let fonts = properties.fonts.clone().unwrap_or_default();
        run = run.fonts(fonts.ascii(font).hi_ansi(font));
    }
    run.add_text(text)
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
    use docx_rs::BuildXML;

    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let mut paragraph = Paragraph::new().add_run(Run::new().add_text(text));
        let fonts = [("Normal".to_owned(), "仿宋_GB2312".to_owned())].into();
        name_in_paragraph(&mut paragraph, &fonts);
        let xml = String::from_utf8(paragraph.build()).unwrap();
        let runs = xml.split("<w:r>").skip(1).map(|run| {
            let text = run.split_once("preserve\">").unwrap().1.split_once("</w:t>").unwrap().0.to_owned();
            if run.contains("仿宋_GB2312") { format!("[{text}]") } else { text }
        });
        runs.collect()
    }

    #[test]
    fn names_of_fonts_hold_only_what_xml_can() {
        let mut document = super::super::tests::fixture::empty();
        document.families.values_mut().for_each(|family| family.east_asian = "仿\u{1}宋\u{fffe}".to_owned());
        assert!(han_fonts(&document).values().all(|name| name == "仿宋"));
    }

    #[test]
    fn marks_in_han_text_split_no_run() {
        assert_eq!(pieces("一是“一网通办”……公开——做好"), ["一是“一网通办”……公开——做好"]);
    }

    #[test]
    fn signs_that_would_be_latin_have_the_han_font() {
        assert_eq!(pieces("误差在±0.5℃"), ["误差在", "[±]", "0.5℃"]);
        assert_eq!(pieces("A&B±<1"), ["A&amp;B", "[±]", "&lt;1"]);
        assert_eq!(pieces("“一网通办”"), ["[“]", "一网通办”"]);
        assert_eq!(pieces("●使用APP”"), ["[●]", "使用APP", "[”]"]);
    }
}
