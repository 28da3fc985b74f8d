//! Footnotes: `word/footnotes.xml`, and the references to it in the body.
//!
//! docx-rs numbers footnotes by a counter of the whole process and writes no separator; so references are fragments, and
//! the part is made of paragraphs that docx-rs builds.

use docx_rs::{BuildXML, ParagraphChild, Run, RunFonts};
use indexmap::IndexSet;

use super::body::{Body, blank};
use super::finish::{self, Notes};
use super::run::{placeholder, run};
use super::scripts;
use crate::document::{Document, Role, SEPARATOR, mark};
use crate::write::WriteError;
use crate::xml::{self, Element};

/// The style of the numbers in the text. It is Word's own.
pub(super) const REFERENCE: &str = "FootnoteReference";
/// The ids of the separators above footnotes, and above what is left of one.
const SEPARATORS: [(i64, &str, &str); 2] =
    [(-1, "separator", "w:separator"), (0, "continuationSeparator", "w:continuationSeparator")];

/// The part, and where its hyperlinks lead.
pub(super) struct Footnotes<'a> {
    /// `word/footnotes.xml`.
    pub part: Vec<u8>,
    /// The relationship of the first is `rIdLink1`.
    pub links: Vec<&'a str>,
}

impl<'a> Body<'a> {
    /// The reference to the footnote of this index.
    pub fn footnote_reference(&mut self, note: usize, set: impl Fn(Run) -> Run) -> ParagraphChild {
        let reference = Element::new("w:footnoteReference").with("w:id", note + 1);
        ParagraphChild::Run(Box::new(set(self.number(reference)).style(REFERENCE)))
    }

    /// A run of a number that Word counts.
    fn number(&mut self, element: Element<'static>) -> Run {
        self.notes.fragments.push(element);
        let mut run = placeholder(self.notes.fragments.len() - 1);
        run.run_property.fonts = Some(RunFonts::new().hint("eastAsia"));
        run
    }
}

/// The part, if the document has footnotes.
///
/// # Errors
/// If the output of docx-rs is not as expected.
pub(super) fn part<'a>(body: &mut Body<'a>) -> Result<Option<Footnotes<'a>>, WriteError> {
    let document = body.document;
    if document.notes.is_empty() {
        return Ok(None);
    }
    let (own, fragments) = (std::mem::take(&mut body.links), std::mem::take(&mut body.notes.fragments));
    let fonts = scripts::han_fonts(document);
    let mut part = Vec::new();
    part.extend_from_slice(
        format!("<w:footnotes xmlns:w=\"{}\" xmlns:r=\"{}\">", super::WORD_NAMESPACE, super::package::OFFICE)
            .as_bytes(),
    );
    SEPARATORS.iter().for_each(|(id, kind, name)| xml::write_element(&mut part, &separator(*id, kind, name)));
    for (index, note) in document.notes.iter() {
        let mut paragraph = body.styled(Role::Footnote, false);
        let number = body.number(Element::new("w:footnoteRef")).style(REFERENCE);
        paragraph = paragraph.add_run(number).add_run(run(" "));
        let text = body.text_behind(Role::Footnote, note.id, &mark(index), &note.text, |run| run);
        paragraph.children.extend(text);
        scripts::name_in_paragraph(&mut paragraph, &fonts);
        part.extend_from_slice(format!("<w:footnote w:id=\"{}\">", index + 1).as_bytes());
        part.extend_from_slice(&paragraph.build());
        // The 版记 floats over the foot of its page, where Word puts the footnotes.
        if let Some((_, height)) = body.keeps.note_above_colophon.filter(|(above, _)| *above == index) {
            part.extend_from_slice(&blank(height).build());
        }
        part.extend_from_slice(b"</w:footnote>");
    }
    part.extend_from_slice(b"</w:footnotes>");
    let fragments = std::mem::replace(&mut body.notes.fragments, fragments);
    let part = finish::finish_part(&part, &Notes { fragments, ..Notes::default() })?;
    let links: IndexSet<&'a str> = std::mem::replace(&mut body.links, own);
    Ok(Some(Footnotes { part, links: links.into_iter().collect() }))
}

/// A separator, which is as high as that of the pages.
fn separator(id: i64, kind: &str, name: &'static str) -> Element<'static> {
    let spacing = Element::new("w:spacing")
        .with("w:before", 0)
        .with("w:after", 0)
        .with("w:line", SEPARATOR.to_twips())
        .with("w:lineRule", "exact");
    let indent = Element::new("w:ind").with("w:firstLineChars", 0).with("w:firstLine", 0);
    let paragraph = Element::new("w:p")
        .child(Element::new("w:pPr").child(spacing).child(indent))
        .child(Element::new("w:r").child(Element::new(name)));
    Element::new("w:footnote").with("w:type", kind).with("w:id", id).child(paragraph)
}

/// How footnotes are numbered, for the settings: ① to ⑳ and on in bare numbers, through the document.
pub(super) fn settings(document: &Document) -> Option<Element<'static>> {
    let separators = SEPARATORS.map(|(id, ..)| Element::new("w:footnote").with("w:id", id));
    section(document).map(|numbers| numbers.all(separators))
}

/// The same for a section: LibreOffice does not heed the settings.
pub(super) fn section(document: &Document) -> Option<Element<'static>> {
    let value = |name: &'static str, value: &str| Element::new(name).with("w:val", value);
    (!document.notes.is_empty()).then(|| {
        Element::new("w:footnotePr")
            .child(value("w:numFmt", "decimalEnclosedCircleChinese"))
            .child(value("w:numRestart", "continuous"))
    })
}

/// 脚注引用: the style of the numbers in the text.
pub(super) fn reference_style() -> Element<'static> {
    let value = |name: &'static str, value: &str| Element::new(name).with("w:val", value);
    Element::new("w:style")
        .with("w:type", "character")
        .with("w:styleId", REFERENCE)
        .child(value("w:name", "footnote reference"))
        .child(value("w:basedOn", "DefaultParagraphFont"))
        .child(value("w:uiPriority", "99"))
        .child(Element::new("w:unhideWhenUsed"))
        .child(Element::new("w:rPr").child(value("w:vertAlign", "superscript")))
}
