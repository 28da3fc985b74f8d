//! The finishing pass over the parts that docx-rs wrote: what it leaves out, gets wrong or leaks is set right here.
//!
//! Tables, rows and drawings are known by their number in reading order, which is the order in which `body`
//! noted them; nothing here searches for text.

use std::collections::BTreeMap;

use super::DocxError;
use super::order;
use super::run::PLACEHOLDER;
use super::scripts;
use super::xml::{self, Element, Node};

/// What the finishing pass is to add, noted in reading order while the body was built.
#[derive(Default)]
pub(super) struct Notes {
    /// One for every table.
    pub tables: Vec<TableNote>,
    /// The alternative text of every drawing; those in fragments too.
    pub drawings: Vec<DrawingNote>,
    /// What stands in place of the placeholders, by number.
    pub fragments: Vec<Element<'static>>,
    /// The Han font of every style, by its id; that of 正文 is under `Normal`.
    pub han_fonts: BTreeMap<String, String>,
}

/// What docx-rs cannot say of a table.
pub(super) struct TableNote {
    /// `w:tblCaption`: its name.
    pub caption: String,
    /// `w:tblDescription`: what it shows.
    pub description: String,
    /// How many of the first rows are repeated on every page.
    pub header_rows: usize,
    /// Whether the first column heads its rows.
    pub header_column: bool,
}

/// What docx-rs cannot say of a drawing.
pub(super) struct DrawingNote {
    /// `图片 1`, as the selection pane shows it.
    pub name: String,
    /// 替代文本.
    pub alt: String,
}

/// Finishes `word/document.xml`.
///
/// # Errors
/// If the part is not what the notes say: a table or drawing more or fewer, a placeholder left over.
pub(super) fn finish_body(part: &[u8], notes: &Notes) -> Result<Vec<u8>, DocxError> {
    let mut root = xml::read(part)?;
    let mut left = Left {
        fragments: &notes.fragments,
        tables: &notes.tables,
        drawings: &notes.drawings,
        next_drawing: 1,
    };
    left.tell(&mut root, false)?;
    if !left.tables.is_empty() || !left.drawings.is_empty() {
        return Err(DocxError::Unfinished("a table or a drawing was noted but not written".to_owned()));
    }
    scripts::name_han_fonts(&mut root, &notes.han_fonts);
    finish(root)
}

/// Finishes a footer.
///
/// # Errors
/// If the part is not well-formed.
pub(super) fn finish_footer(part: &[u8]) -> Result<Vec<u8>, DocxError> {
    finish(xml::read(part)?)
}

fn finish(mut root: Element) -> Result<Vec<u8>, DocxError> {
    tidy(&mut root)?;
    // Only the namespaces in use: the others are those of extensions that the tidying took away.
    root.attributes.retain(|(name, _)| matches!(&**name, "xmlns:w" | "xmlns:r" | "xmlns:wp"));
    Ok(xml::write(&root))
}

/// What is still to be told, in reading order.
struct Left<'n> {
    fragments: &'n [Element<'static>],
    tables: &'n [TableNote],
    drawings: &'n [DrawingNote],
    /// The id of the next drawing.
    next_drawing: u32,
}

impl Left<'_> {
    /// Puts each fragment in the place of the text that stands for it, and tells of tables and drawings.
    fn tell(&mut self, element: &mut Element, in_table: bool) -> Result<(), DocxError> {
        for child in element.elements_mut() {
            if child.name == "w:t" && child.own_text().starts_with(PLACEHOLDER) {
                *child = self.fragment(&child.own_text())?;
            }
            match &*child.name {
                "w:drawing" => {
                    let (note, rest) = next(self.drawings, "a drawing")?;
                    self.drawings = rest;
                    tell_of_drawing(child, self.next_drawing, note);
                    self.next_drawing += 1;
                }
                "w:tbl" if !in_table => {
                    let (note, rest) = next(self.tables, "a table")?;
                    self.tables = rest;
                    tell_of_table(child, note);
                    self.tell(child, true)?;
                }
                _ => self.tell(child, in_table)?,
            }
        }
        Ok(())
    }

    fn fragment(&self, placeholder: &str) -> Result<Element<'static>, DocxError> {
        let number = placeholder.trim_start_matches(PLACEHOLDER).parse().ok();
        let fragment = number.and_then(|number: usize| self.fragments.get(number));
        fragment.cloned().ok_or_else(|| DocxError::Unfinished(format!("no fragment {placeholder:?}")))
    }
}

fn next<'n, T>(notes: &'n [T], what: &str) -> Result<(&'n T, &'n [T]), DocxError> {
    notes.split_first().ok_or_else(|| DocxError::Unfinished(format!("{what} without a note")))
}

fn tell_of_table(table: &mut Element, note: &TableNote) {
    let properties = table.find_or_insert("w:tblPr");
    let look = Element::new("w:tblLook")
        .with("w:val", if note.header_column { "00A0" } else { "0020" })
        .with("w:firstRow", 1)
        .with("w:lastRow", 0)
        .with("w:firstColumn", u8::from(note.header_column))
        .with("w:lastColumn", 0)
        .with("w:noHBand", 1)
        .with("w:noVBand", 1);
    properties.children.push(Node::Element(look));
    for (name, text) in [("w:tblCaption", &note.caption), ("w:tblDescription", &note.description)] {
        if !text.is_empty() {
            properties.children.push(Node::Element(Element::new(name).with("w:val", text)));
        }
    }
    let rows = table.elements_mut().filter(|child| child.name == "w:tr");
    for row in rows.take(note.header_rows) {
        // ECMA-376-1, 17.4.78 (tblHeader)
        row.find_or_insert("w:trPr").children.push(Node::Element(Element::new("w:tblHeader")));
    }
}

fn tell_of_drawing(element: &mut Element, id: u32, note: &DrawingNote) {
    if matches!(&*element.name, "wp:docPr" | "pic:cNvPr") {
        element.set("id", id);
        element.set("name", &note.name);
        element.set("descr", &note.alt);
    }
    element.elements_mut().for_each(|child| tell_of_drawing(child, id, note));
}

/// Takes away what says nothing, or what the schema does not know: empty properties, the ids of paragraphs,
/// fields marked as not dirty, the types of the grid's columns. What is left is in the order of the schema.
///
/// # Errors
/// If a placeholder is left over.
fn tidy(element: &mut Element) -> Result<(), DocxError> {
    let in_grid = element.name == "w:gridCol";
    element
        .attributes
        .retain(|(name, _)| !name.starts_with("w14:") && name != "w:dirty" && !(in_grid && name == "w:type"));
    let mut is_idle = false;
    for node in &mut element.children {
        match node {
            Node::Element(child) => {
                tidy(child)?;
                is_idle |= says_nothing(child);
            }
            Node::Text(text) if text.contains(PLACEHOLDER) => {
                let place = format!("a placeholder is left over in {}", element.name);
                return Err(DocxError::Unfinished(place));
            }
            Node::Text(_) => {}
        }
    }
    if is_idle {
        element.children.retain(|node| !matches!(node, Node::Element(child) if says_nothing(child)));
    }
    order::sort(element);
    Ok(())
}

fn says_nothing(element: &Element) -> bool {
    element.children.is_empty() && matches!(&*element.name, "w:rPr" | "w:pPr" | "w:trPr")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(body: &str, notes: &Notes) -> Result<String, DocxError> {
        let part = format!(r#"<w:document xmlns:w="w" xmlns:w14="x" mc:Ignorable="w14">{body}</w:document>"#);
        finish_body(part.as_bytes(), notes).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn finish_strips_what_docx_rs_leaks() {
        let xml = finished(r#"<w:p w14:paraId="00000001"><w:pPr><w:rPr/></w:pPr></w:p>"#, &Notes::default());
        assert!(xml.unwrap().ends_with(r#"<w:document xmlns:w="w"><w:p/></w:document>"#));
    }

    #[test]
    fn finish_puts_fragments_in_place() {
        let notes = Notes { fragments: vec![Element::new("w:noBreakHyphen")], ..Notes::default() };
        let xml = finished("<w:r><w:t>\u{1}0</w:t></w:r>", &notes).unwrap();
        assert!(xml.contains("<w:r><w:noBreakHyphen/></w:r>"));
    }

    #[test]
    fn finish_refuses_a_placeholder_left_over() {
        assert!(finished("<w:r><w:t>\u{1}0</w:t></w:r>", &Notes::default()).is_err());
        assert!(finished("<w:r><w:t>text \u{1}0</w:t></w:r>", &Notes::default()).is_err());
    }

    #[test]
    fn finish_refuses_a_table_without_a_note() {
        assert!(finished("<w:tbl/>", &Notes::default()).is_err());
    }
}
