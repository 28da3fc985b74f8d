//! The finishing pass over the parts that docx-rs wrote: it adds what docx-rs leaves out, and corrects or
//! removes what is wrong.
//!
//! Tables, rows and drawings are identified by their number in reading order, the order in which `body` noted
//! them; no text is searched for.

use std::ops::Range;

use quick_xml::events::attributes::Attributes;
use smallvec::SmallVec;

use super::order::{PARAGRAPH, ROW, SECTION, TABLE, order_in, rank};
use super::run::PLACEHOLDER;
use super::tokens::{self, Token, Tokens};
use super::upstream;
use crate::write::WriteError;
use crate::xml::{self, Element};

/// What the finishing pass is to add, noted in reading order while the body was built.
#[derive(Default)]
pub(super) struct Notes {
    /// One for every table.
    pub tables: Vec<TableNote>,
    /// The alternative text of every drawing; those in fragments too.
    pub drawings: Vec<DrawingNote>,
    /// The replacements of the placeholders, by number.
    pub fragments: Vec<Element<'static>>,
    /// What the properties of every section say of footnotes.
    pub section: Option<Element<'static>>,
}

/// The id of a paragraph that does not stay with the next one, though its style says so: docx-rs cannot write that.
/// Ids are not written.
pub(super) const NOT_KEPT: &str = "not-kept";

/// Properties of a table that docx-rs cannot write.
pub(super) struct TableNote {
    /// `w:tblCaption`: its name.
    pub caption: String,
    /// `w:tblDescription`: what it shows.
    pub description: String,
    /// How many of the first rows are repeated on every page.
    pub header_rows: usize,
    /// Whether the first column has the row headers.
    pub header_column: bool,
}

/// Properties of a drawing that docx-rs cannot write.
pub(super) struct DrawingNote {
    /// `图片 1`, as the selection pane shows it.
    pub name: String,
    /// 替代文本.
    pub alt: String,
}

/// `word/document.xml`, finished piece by piece: no more of docx-rs' text is in memory than one piece.
///
/// The first failure is returned at the end, and nothing is written after it.
#[derive(Default)]
pub(super) struct Finisher {
    out: Vec<u8>,
    /// How many notes of tables are used.
    tables: usize,
    /// How many drawings are written.
    drawn: usize,
    /// How many tables and rows still need something added to their properties.
    pending: usize,
    /// How many rows of the current table are written.
    rows: usize,
    failed: Option<WriteError>,
}

impl Finisher {
    /// Writes the start of the part; `shell` is a whole one without content.
    pub fn begin(&mut self, shell: &[u8]) {
        self.pass(&Notes::default(), |pass| {
            pass.out.extend_from_slice(xml::DECLARATION);
            let mut tokens = Tokens::of(utf8(shell)?);
            let mut is_root = true;
            while let Some(token) = tokens.next()? {
                let Token::Start(tag) = token else { continue };
                let name = tokens::name(tag);
                pass.start_tag(tag, name, Place { is_root, ..Place::default() })?;
                is_root = false;
                if name == "w:body" {
                    return Ok(());
                }
            }
            Err(upstream("a document has no body"))
        });
    }

    /// Writes children of the body.
    pub fn children(&mut self, part: &[u8], notes: &Notes) {
        self.pass(notes, |pass| pass.elements(utf8(part)?, Place::default()));
    }

    /// Begins the table of the next note; `shell` is the table without rows.
    pub fn begin_table(&mut self, shell: &[u8], notes: &Notes) {
        self.rows = 0;
        self.pass(notes, |pass| {
            let table = Some(next(&mut pass.tables, "a table")?);
            let shell = utf8(shell)?.strip_prefix("<w:tbl>").and_then(|rest| rest.strip_suffix("</w:tbl>"));
            let properties = shell.ok_or_else(|| upstream("a table is no table"))?;
            pass.pending += 1;
            pass.out.extend_from_slice(b"<w:tbl>");
            pass.elements(properties, Place { in_table: true, table, ..Place::default() })
        });
    }

    /// Writes a row of the table.
    pub fn row(&mut self, part: &[u8], notes: &Notes) {
        let note = self.tables.checked_sub(1).and_then(|table| notes.tables.get(table));
        let repeats = note.is_some_and(|note| self.rows < note.header_rows);
        self.rows += 1;
        self.pass(notes, |pass| {
            pass.elements(utf8(part)?, Place { in_table: true, repeats, ..Place::default() })
        });
    }

    /// Ends the table.
    pub fn end_table(&mut self) {
        self.out.extend_from_slice(b"</w:tbl>");
    }

    /// The part, after these last properties of a section.
    ///
    /// # Errors
    /// If the pieces do not agree with the notes: a table or drawing more or fewer, a placeholder left over.
    pub fn finish(mut self, section: &[u8], notes: &Notes) -> Result<Vec<u8>, WriteError> {
        self.children(section, notes);
        self.out.extend_from_slice(b"</w:body></w:document>");
        if self.failed.is_none() {
            let (tables, drawings) = (&notes.tables[self.tables..], &notes.drawings[self.drawn..]);
            complete(tables, drawings, self.pending)?;
        }
        self.failed.map_or(Ok(self.out), Err)
    }

    fn pass(&mut self, notes: &Notes, write: impl FnOnce(&mut Pass) -> Result<(), WriteError>) {
        if self.failed.is_some() {
            return;
        }
        let mut pass = Pass {
            out: std::mem::take(&mut self.out),
            fragments: &notes.fragments,
            section: notes.section.as_ref(),
            tables: notes.tables.get(self.tables..).unwrap_or_default(),
            drawings: notes.drawings.get(self.drawn..).unwrap_or_default(),
            drawn: self.drawn as u32,
            pending: self.pending,
        };
        self.failed = write(&mut pass).err();
        self.tables = notes.tables.len().max(self.tables) - pass.tables.len();
        self.drawn = pass.drawn as usize;
        self.pending = pass.pending;
        self.out = pass.out;
    }
}

/// Finishes a whole part: a footer.
///
/// # Errors
/// If the part is not what docx-rs writes, or does not agree with the notes.
pub(super) fn finish_part(part: &[u8], notes: &Notes) -> Result<Vec<u8>, WriteError> {
    let mut pass = Pass {
        out: Vec::with_capacity(part.len()),
        fragments: &notes.fragments,
        section: notes.section.as_ref(),
        tables: &notes.tables,
        drawings: &notes.drawings,
        drawn: 0,
        pending: 0,
    };
    pass.part(part)?;
    complete(pass.tables, pass.drawings, pass.pending)?;
    Ok(pass.out)
}

/// Whether all notes were used.
fn complete(tables: &[TableNote], drawings: &[DrawingNote], pending: usize) -> Result<(), WriteError> {
    if !tables.is_empty() || !drawings.is_empty() {
        return Err(upstream("a table or a drawing was noted but not written"));
    }
    if pending > 0 {
        return Err(upstream("a table or a row has no properties"));
    }
    Ok(())
}

fn utf8(part: &[u8]) -> Result<&str, WriteError> {
    std::str::from_utf8(part).map_err(xml_error)
}

/// One pass over a part: what is read is written at once, corrected where necessary. Only the children of
/// properties, which are few, are collected and sorted.
struct Pass<'n> {
    out: Vec<u8>,
    fragments: &'n [Element<'static>],
    section: Option<&'n Element<'static>>,
    /// The notes not used yet, in reading order.
    tables: &'n [TableNote],
    /// The notes not used yet, in reading order.
    drawings: &'n [DrawingNote],
    /// How many drawings were written.
    drawn: u32,
    /// How many tables and rows still need something added to their properties.
    pending: usize,
}

/// The context of an element.
#[derive(Clone, Copy, Default)]
struct Place<'n> {
    is_root: bool,
    in_table: bool,
    /// The note of the table whose child it is.
    table: Option<&'n TableNote>,
    /// The row whose child it is is repeated on every page.
    repeats: bool,
    /// It is in a paragraph that does not stay with the next one.
    not_kept: bool,
    /// The drawing that it is in, by its number.
    drawing: Option<(u32, &'n DrawingNote)>,
}

impl<'n> Pass<'n> {
    fn part(&mut self, part: &[u8]) -> Result<(), WriteError> {
        let text = utf8(part)?;
        self.out.extend_from_slice(xml::DECLARATION);
        self.elements(text, Place { is_root: true, ..Place::default() })?;
        if self.out.len() == xml::DECLARATION.len() {
            return Err(upstream("a part has no element".to_owned()));
        }
        Ok(())
    }

    /// Writes the elements of a text.
    fn elements(&mut self, text: &str, place: Place<'n>) -> Result<(), WriteError> {
        let mut tokens = Tokens::of(text);
        while let Some(token) = tokens.next()? {
            match token {
                Token::Start(tag) => self.element(&mut tokens, tag, false, place)?,
                Token::Empty(tag) => self.element(&mut tokens, tag, true, place)?,
                Token::Text(_) => {}
                Token::End => return Err(unbalanced()),
            }
        }
        Ok(())
    }

    /// Writes an element whose tag was read, with all that is in it.
    fn element(
        &mut self,
        tokens: &mut Tokens,
        tag: &str,
        is_empty: bool,
        place: Place<'n>,
    ) -> Result<(), WriteError> {
        let from = self.out.len();
        let name = tokens::name(tag);
        let mut inside = Place { is_root: false, table: None, repeats: false, not_kept: false, ..place };
        match name {
            "w:p" => inside.not_kept = tag.contains(NOT_KEPT),
            "w:drawing" => {
                self.drawn += 1;
                inside.drawing = Some((self.drawn, next(&mut self.drawings, "a drawing")?));
            }
            "w:tbl" if !place.in_table => {
                inside.in_table = true;
                inside.table = Some(next(&mut self.tables, "a table")?);
                self.pending += 1;
            }
            "w:tr" if place.repeats => {
                inside.repeats = true;
                self.pending += 1;
            }
            _ => {}
        }
        self.start_tag(tag, name, place)?;
        let body = self.out.len();
        let order = order_in(name);
        let mut children = Children::default();
        let fragment =
            if is_empty { None } else { self.children(tokens, name, inside, order, &mut children)? };
        if let Some(fragment) = fragment {
            self.out.truncate(from);
            return self.fragment(&fragment, place);
        }
        match name {
            "w:tblPr" => {
                if let Some(note) = place.table {
                    self.describe_table(note, &mut children);
                    self.count_described()?;
                }
            }
            // ECMA-376-1, 17.3.1.15 (keepNext)
            "w:pPr" if place.not_kept => {
                self.add(&Element::new("w:keepNext").with("w:val", 0), PARAGRAPH, &mut children);
            }
            "w:sectPr" => {
                // ECMA-376-1, 17.11.11 (footnotePr)
                if let Some(section) = self.section {
                    self.add(section, SECTION, &mut children);
                }
            }
            "w:trPr" if place.repeats => {
                // ECMA-376-1, 17.4.78 (tblHeader)
                self.add(&Element::new("w:tblHeader"), ROW, &mut children);
                self.count_described()?;
            }
            _ => {}
        }
        // docx-rs cannot write a language: `w:specVanish`, which no run has, stands for English.
        // ECMA-376-1, 17.3.2.20 (lang)
        if name == "w:specVanish" {
            self.out.truncate(from);
            xml::write_element(&mut self.out, &Element::new("w:lang").with("w:val", "en-US"));
            return Ok(());
        }
        self.sort(&children);
        if self.out.len() > body {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'>');
        } else if !place.is_root && is_redundant_if_empty(name) {
            self.out.truncate(from);
        } else {
            self.out.truncate(body - 1);
            self.out.extend_from_slice(b"/>");
        }
        Ok(())
    }

    /// Writes the content of an element, up to its end tag. If the content is a placeholder, returns it
    /// instead.
    fn children(
        &mut self,
        tokens: &mut Tokens,
        name: &str,
        inside: Place<'n>,
        order: Option<&[&str]>,
        children: &mut Children,
    ) -> Result<Option<String>, WriteError> {
        let mut fragment = None;
        let mut rows = 0;
        loop {
            let token = tokens.next()?.ok_or_else(unbalanced)?;
            let (tag, is_empty) = match token {
                Token::Start(tag) => (tag, false),
                Token::Empty(tag) => (tag, true),
                Token::End => return Ok(fragment),
                Token::Text(text) if name == "w:t" && text.starts_with(PLACEHOLDER) => {
                    fragment = Some(text.to_owned());
                    continue;
                }
                Token::Text(text) if text.contains(PLACEHOLDER) => {
                    return Err(upstream(format!("a placeholder is left over in {name}")));
                }
                Token::Text(text) => {
                    self.out.extend_from_slice(text.as_bytes());
                    continue;
                }
            };
            let child = tokens::name(tag);
            let mut place = inside;
            if let Some(note) = inside.table
                && child == "w:tr"
            {
                place.repeats = rows < note.header_rows;
                rows += 1;
            }
            let (from, rank) = (self.out.len(), order.map(|order| rank(order, child)));
            self.element(tokens, tag, is_empty, place)?;
            if let Some(rank) = rank.filter(|_| self.out.len() > from) {
                children.push((rank, from));
            }
        }
    }

    /// Writes a tag without what is redundant or unknown to the schema: the ids of paragraphs, fields marked
    /// as not dirty, the types of the grid's columns, the namespaces of extensions. A drawing gets the
    /// attributes of its note.
    fn start_tag(&mut self, tag: &str, name: &str, place: Place) -> Result<(), WriteError> {
        self.out.push(b'<');
        let drawing = place.drawing.filter(|_| matches!(name, "wp:docPr" | "pic:cNvPr"));
        let in_grid = name == "w:gridCol";
        if drawing.is_none() && !in_grid && !place.is_root && !matches!(name, "w:p" | "w:fldChar") {
            self.out.extend_from_slice(tag.as_bytes());
            self.out.push(b'>');
            return Ok(());
        }
        self.out.extend_from_slice(name.as_bytes());
        for attribute in Attributes::new(tag, name.len()) {
            let attribute = attribute.map_err(xml_error)?;
            let key = attribute.key.0;
            let idle = key.starts_with("w14:") || key == "w:dirty" || (in_grid && key == "w:type");
            let unused = place.is_root && !matches!(key, "xmlns:w" | "xmlns:r" | "xmlns:wp");
            let replaced = drawing.is_some() && matches!(key, "id" | "name" | "descr");
            if !idle && !unused && !replaced {
                for piece in [" ", key, "=\"", &attribute.value, "\""] {
                    self.out.extend_from_slice(piece.as_bytes());
                }
            }
        }
        if let Some((number, note)) = drawing {
            xml::write_attribute(&mut self.out, "id", &number.to_string());
            xml::write_attribute(&mut self.out, "name", &note.name);
            xml::write_attribute(&mut self.out, "descr", &note.alt);
        }
        self.out.push(b'>');
        Ok(())
    }

    /// Writes the fragment of this placeholder.
    fn fragment(&mut self, placeholder: &str, place: Place<'n>) -> Result<(), WriteError> {
        let number = placeholder.trim_start_matches(PLACEHOLDER).parse().ok();
        let fragment = number.and_then(|number: usize| self.fragments.get(number));
        let fragment = fragment.ok_or_else(|| upstream(format!("no fragment {placeholder:?}")))?;
        let mut text = Vec::new();
        xml::write_element(&mut text, fragment);
        self.elements(utf8(&text)?, place)
    }

    fn describe_table(&mut self, note: &TableNote, children: &mut Children) {
        let look = Element::new("w:tblLook")
            .with("w:val", if note.header_column { "00A0" } else { "0020" })
            .with("w:firstRow", 1)
            .with("w:lastRow", 0)
            .with("w:firstColumn", u8::from(note.header_column))
            .with("w:lastColumn", 0)
            .with("w:noHBand", 1)
            .with("w:noVBand", 1);
        self.add(&look, TABLE, children);
        for (name, text) in [("w:tblCaption", &note.caption), ("w:tblDescription", &note.description)] {
            if !text.is_empty() {
                self.add(&Element::new(name).with("w:val", text), TABLE, children);
            }
        }
    }

    /// Counts properties of a table or row that are complete.
    fn count_described(&mut self) -> Result<(), WriteError> {
        let pending = self.pending.checked_sub(1);
        self.pending = pending.ok_or_else(|| upstream("a table or a row has properties twice".to_owned()))?;
        Ok(())
    }

    /// Writes one more child.
    fn add(&mut self, child: &Element, order: &[&str], children: &mut Children) {
        children.push((rank(order, &child.name), self.out.len()));
        xml::write_element(&mut self.out, child);
    }

    /// Sorts the children, which were written last, into the order of the schema.
    fn sort(&mut self, children: &Children) {
        if children.is_sorted_by_key(|(rank, _)| rank) {
            return;
        }
        let first = children[0].1;
        let written = self.out.split_off(first);
        let ends = children.iter().skip(1).map(|(_, from)| *from).chain([first + written.len()]);
        let mut pieces: SmallVec<[(usize, Range<usize>); 16]> =
            children.iter().zip(ends).map(|((rank, from), to)| (*rank, from - first..to - first)).collect();
        // The sort is stable: repeatable children (footerReference, tab) keep their order.
        pieces.sort_by_key(|(rank, _)| *rank);
        pieces.into_iter().for_each(|(_, piece)| self.out.extend_from_slice(&written[piece]));
    }
}

/// The children of an element whose order is fixed: the rank of each, and where it begins.
type Children = SmallVec<[(usize, usize); 16]>;

fn next<'n, T>(notes: &mut &'n [T], what: &str) -> Result<&'n T, WriteError> {
    let (note, rest) = notes.split_first().ok_or_else(|| upstream(format!("{what} without a note")))?;
    *notes = rest;
    Ok(note)
}

fn unbalanced() -> WriteError {
    upstream("elements are not balanced".to_owned())
}

fn is_redundant_if_empty(name: &str) -> bool {
    matches!(name, "w:rPr" | "w:pPr" | "w:trPr")
}

fn xml_error(error: impl std::fmt::Display) -> WriteError {
    upstream(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(body: &str, notes: &Notes) -> Result<String, WriteError> {
        let part = format!(r#"<w:document xmlns:w="w" xmlns:w14="x" mc:Ignorable="w14">{body}</w:document>"#);
        finish_part(part.as_bytes(), notes).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn finish_strips_what_docx_rs_leaks() {
        let xml = finished(r#"<w:p w14:paraId="00000001"><w:pPr><w:rPr/></w:pPr></w:p>"#, &Notes::default());
        assert!(xml.unwrap().ends_with(r#"<w:document xmlns:w="w"><w:p/></w:document>"#));
    }

    #[test]
    fn finish_refuses_what_is_not_whole() {
        for part in ["<w:p>", "</w:p>", "<?xml version=\"1.0\"?>", "<w:p/></w:p>"] {
            assert!(finish_part(part.as_bytes(), &Notes::default()).is_err(), "{part}");
        }
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

    /// The part that is written of a table whose rows are these.
    fn piecewise(rows: &[&str], notes: &Notes) -> Result<String, WriteError> {
        let mut finisher = Finisher::default();
        finisher.begin(b"<w:document xmlns:w=\"w\"><w:body></w:body></w:document>");
        finisher.begin_table(b"<w:tbl><w:tblPr><w:jc /></w:tblPr><w:tblGrid /></w:tbl>", notes);
        rows.iter().for_each(|row| finisher.row(row.as_bytes(), notes));
        finisher.end_table();
        finisher.finish(b"<w:sectPr />", notes).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn finish_is_the_same_piece_by_piece() {
        let row = "<w:tr><w:trPr><w:cantSplit /></w:trPr><w:tc><w:p w14:paraId=\"1\" /></w:tc></w:tr>";
        let note = TableNote {
            caption: "甲".to_owned(),
            description: String::new(),
            header_rows: 1,
            header_column: true,
        };
        let notes = Notes { tables: vec![note], ..Notes::default() };
        let table = "<w:tbl><w:tblPr><w:jc /></w:tblPr><w:tblGrid />";
        let whole = format!("<w:body>{table}{row}{row}</w:tbl><w:sectPr /></w:body>");
        let whole = finished(&whole, &notes).unwrap();
        assert_eq!(piecewise(&[row, row], &notes).unwrap(), whole);
        // A header row without properties cannot be repeated; a table without a note is not expected.
        assert!(piecewise(&["<w:tr />"], &notes).is_err());
        assert!(piecewise(&[row], &Notes::default()).is_err());
        assert!(piecewise(&["<w:tr>"], &notes).is_err());
    }

    #[test]
    fn finish_describes_tables_and_puts_properties_in_order() {
        let note = || TableNote {
            caption: "甲<乙".to_owned(),
            description: String::new(),
            header_rows: 1,
            header_column: false,
        };
        let notes = || Notes { tables: vec![note()], ..Notes::default() };
        let rows = "<w:tr><w:trPr><w:trHeight /><w:cantSplit /></w:trPr></w:tr>".repeat(2);
        let xml = finished(&format!("<w:tbl><w:tblPr><w:jc /><w:tblW /></w:tblPr>{rows}</w:tbl>"), &notes());
        let xml = xml.unwrap();
        assert!(xml.contains("<w:tblPr><w:tblW/><w:jc/><w:tblLook "), "{xml}");
        assert!(xml.contains("<w:tblCaption w:val=\"甲&lt;乙\"/></w:tblPr>"), "{xml}");
        assert_eq!(xml.matches("<w:cantSplit/><w:trHeight/><w:tblHeader/></w:trPr>").count(), 1, "{xml}");
        for bare in ["<w:tbl><w:tr/></w:tbl>", "<w:tbl><w:tblPr/><w:tr/></w:tbl>"] {
            assert!(finished(bare, &notes()).is_err(), "{bare}");
        }
    }
}
