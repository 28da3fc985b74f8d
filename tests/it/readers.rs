//! Documents as independent readers give them: a PDF by poppler, a Word file by its XML.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::Event;

/// The text of a document without white space, and where the white space was.
#[derive(Debug, Default)]
pub struct Stream {
    /// The characters.
    pub text: Vec<char>,
    /// Before which of them there was white space, a new line or a new cell; its end too.
    pub breaks: BTreeSet<usize>,
    /// Which of them begin a page.
    pub pages: BTreeSet<usize>,
}

impl Stream {
    fn push(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.breaks.insert(self.text.len());
            } else {
                self.text.push(character);
            }
        }
    }

    fn end(&mut self) {
        self.breaks.insert(self.text.len());
    }
}

/// The text of a PDF in the order in which it is drawn, without the page numbers: each page has its own, once.
/// Without `first_is_numbered` the first page has none. With `front` the first pages, one at least, are 封面 and 目录, which
/// have no number and are not counted.
pub fn pdf(path: &Path, first_is_numbered: bool, front: bool) -> Stream {
    let text = poppler("pdftotext", &["-raw", "-enc", "UTF-8"], path, &["-"]);
    let mut stream = Stream::default();
    let mut pages: Vec<&str> = text.split('\u{C}').collect();
    assert_eq!(pages.pop(), Some(""), "pdftotext ends every page with a form feed");
    let has_number = |page: &&&str| page.lines().any(|line| line == "— 1 —") || page.ends_with("—\n1\n—\n");
    let skipped = if front { pages.iter().take_while(|page| !has_number(page)).count() } else { 0 };
    assert_eq!(skipped > 0, front, "{}: the pages before the text", path.display());
    for page in pages.drain(..skipped) {
        assert!(!page.contains('—') || page.contains("年"), "no number on {page}");
        stream.end();
        stream.pages.insert(stream.text.len());
        stream.push(page);
    }
    for (at, page) in pages.into_iter().enumerate() {
        let number = format!("— {} —", at + 1);
        // On a landscape page it runs down beside the text: poppler reads it as a column.
        let column = format!("—\n{}\n—\n", at + 1);
        let (page, turned) = match page.strip_suffix(&column) {
            Some(rest) => (rest, true),
            None => (page, false),
        };
        let (mut own, rest): (Vec<&str>, Vec<&str>) = page.lines().partition(|line| *line == number);
        own.extend(turned.then_some(column.as_str()));
        let wanted = usize::from(at > 0 || first_is_numbered);
        assert_eq!(own.len(), wanted, "page {} of {} has its number once:\n{page}", at + 1, path.display());
        stream.end();
        stream.pages.insert(stream.text.len());
        stream.push(&rest.join("\n"));
    }
    stream.end();
    stream
}

/// Runs one of poppler's programs.
///
/// # Panics
/// If it is not installed, with what installs it.
pub fn poppler(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let output = Command::new(program).args(before).arg(path).args(after).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program} does not run ({error}); install poppler-utils, or run scripts/test --setup")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.trim().is_empty(), "{program} {}: {errors}", path.display());
    // It writes attributes of the structure tree unchanged, in UTF-16.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of a Word file's body; paragraphs, cells, tabs and line breaks are breaks.
pub fn docx(bytes: &[u8]) -> Stream {
    let xml = part(bytes, "word/document.xml");
    let mut reader = Reader::from_str(&xml);
    let mut stream = Stream::default();
    let mut inside = false;
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "w:p" | "w:tc" | "w:tab" | "w:br" => stream.end(),
                "w:t" => inside = true,
                _ => {}
            },
            Event::End(tag) if tag.name().as_ref() == "w:t" => inside = false,
            Event::Text(text) if inside => stream.push(&text),
            Event::GeneralRef(reference) if inside => {
                let character = reference.resolve_char_ref().expect("a reference").unwrap_or_else(|| {
                    let named = quick_xml::escape::resolve_xml_entity(&reference);
                    named.and_then(|text| text.chars().next()).expect("a known entity")
                });
                stream.push(character.encode_utf8(&mut [0; 4]));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    stream.end();
    stream
}

/// A part of a Word file.
pub fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP file");
    let mut file = archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut text = String::new();
    file.read_to_string(&mut text).expect("UTF-8");
    text
}
