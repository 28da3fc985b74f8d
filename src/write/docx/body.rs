//! The blocks of the document as paragraphs and tables of Word, in reading order.
//!
//! The appearance of a block is in its style. A paragraph itself has only the properties that depend on its
//! position: that it begins a page, or stays with what follows.

use std::collections::BTreeSet;

use docx_rs::{
    AlignmentType, BookmarkEnd, BookmarkStart, DocumentChild, LineSpacing, LineSpacingType, Paragraph,
    ParagraphChild, ParagraphStyle, RunProperty, SpecialIndentType, Tab, TabValueType,
};

use super::finish::{DrawingNote, NOT_KEPT, Notes};
use super::names::{self, BlockMarks, Bookmark};
use super::run::run;
use super::{picture, position, signature, table};
use crate::arrange::Arranged;
use crate::document::{
    self, Block, BlockKind, Illustration, List, Orientation, Picture, Position, Role, Title,
};
use crate::pages::Keeps;

/// The body in docx-rs' types, and what the rest of the package needs of it.
pub(super) struct Body<'a> {
    /// The document that is written.
    pub document: &'a Arranged,
    /// What stays together on its pages.
    pub keeps: &'a Keeps,
    /// Paragraphs and tables.
    pub children: Vec<DocumentChild>,
    /// For the finishing pass.
    pub notes: Notes,
    /// The bookmarks of each block.
    bookmarks: Vec<BlockMarks>,
    /// The images in order, each once; the first is `rIdImage1`.
    pub images: Vec<&'a Picture>,
    /// The roles of runs in paragraphs of another role.
    pub inline: BTreeSet<Role>,
    /// The next paragraph begins a page.
    page_break: bool,
    /// The orientation of the current section.
    pub orientation: Orientation,
    /// No section has ended yet.
    pub is_first_section: bool,
}

/// Builds the body.
pub(super) fn build<'a>(document: &'a Arranged, keeps: &'a Keeps) -> Body<'a> {
    let mut body = Body {
        document,
        keeps,
        children: Vec::new(),
        notes: Notes::default(),
        bookmarks: names::bookmarks(&document.blocks),
        images: Vec::new(),
        inline: BTreeSet::new(),
        page_break: false,
        orientation: document.blocks.first().map_or(Orientation::Portrait, |block| block.orientation),
        is_first_section: true,
    };
    let foot = document.blocks.iter().position(|block| block.position == Position::Foot);
    let foot = foot.unwrap_or(document.blocks.len());
    for (index, block) in document.blocks[..foot].iter().enumerate() {
        if block.orientation != body.orientation {
            body.end_section(block.orientation);
        }
        // A signature is never alone on a page: GB/T 9704—2012, 7.3.5.5.
        let stays = keeps.signature_tied
            && matches!(document.blocks.get(index + 1), Some(Block { kind: BlockKind::Signature(_), .. }));
        body.block(index, stays);
    }
    if foot < document.blocks.len() && body.orientation == Orientation::Landscape {
        body.end_section(Orientation::Portrait);
    }
    position::foot(&mut body, foot..document.blocks.len());
    if matches!(body.children.last(), Some(DocumentChild::Table(_))) {
        // Word adds a paragraph after a table that ends the document; a floating table is anchored to it.
        body.push_separator();
    }
    body
}

impl<'a> Body<'a> {
    /// Adds the block of the document at `index`. With `stays`, its end stays with the next block.
    pub fn block(&mut self, index: usize, stays: bool) {
        let block = &self.document.blocks[index];
        let first = self.children.len();
        let BlockMarks { block: mut mark, heading } = std::mem::take(&mut self.bookmarks[index]);
        match &block.kind {
            BlockKind::Title(title) => self.title(title, stays),
            BlockKind::Paragraph(paragraph) => self.paragraph(paragraph, heading, stays),
            BlockKind::List(list) => self.list(list, stays),
            BlockKind::Table(block) => table::table(self, block, mark.take(), stays),
            BlockKind::Illustration(illustration) => self.illustration(illustration, stays),
            BlockKind::Signature(signature) => signature::signature(self, block.id, signature),
            BlockKind::Sides(sides) => self.sides(sides, stays),
            BlockKind::Rule(rule) => self.push(position::rule(rule, self.document)),
            BlockKind::PageBreak => self.page_break = true,
        }
        if let Some(mark) = mark {
            self.mark(first, mark);
        }
        position::set(self, first, block);
    }

    /// Puts a bookmark at the start of the first paragraph from `first` on.
    ///
    /// The bookmark is empty, not a range: if a stop hangs at the end of a full line and a bookmark ends
    /// after it, LibreOffice 7.4 puts that end on a line of its own.
    fn mark(&mut self, first: usize, Bookmark { id, name }: Bookmark) {
        let paragraph = self.children[first..].iter_mut().find_map(|child| match child {
            DocumentChild::Paragraph(paragraph) => Some(paragraph),
            _ => None,
        });
        if let Some(paragraph) = paragraph {
            let start = ParagraphChild::BookmarkStart(BookmarkStart::new(id, name));
            paragraph.children.splice(0..0, [start, ParagraphChild::BookmarkEnd(BookmarkEnd::new(id))]);
        }
    }

    /// A line with text at both of its ends: a tab stop at the right edge separates them.
    fn sides(&mut self, sides: &document::Sides, stays: bool) {
        let style = self.document.styles.get(sides.role);
        let edge = self.document.page.type_width() - style.indent_right;
        let stop = Tab::new().val(TabValueType::Right).pos(super::page::unsigned(edge) as usize);
        let mut paragraph = self.styled(sides.role, stays).align(AlignmentType::Left).add_tab(stop);
        for part in &sides.left {
            paragraph = paragraph.add_run(self.styled_run(part, sides.role));
        }
        paragraph = paragraph.add_run(run("\t"));
        for part in &sides.right {
            paragraph = paragraph.add_run(self.styled_run(part, sides.role));
        }
        self.push(paragraph);
    }

    /// A run of another role than its paragraph: its character style gives the face.
    fn styled_run(&mut self, part: &document::Run, role: Role) -> docx_rs::Run {
        if part.role == role || !self.faces_differ(part.role, role) {
            return run(&part.text);
        }
        self.inline.insert(part.role);
        run(&part.text).style(&names::character_style_id(part.role))
    }

    /// Adds a paragraph, which begins a page if a page break precedes it.
    pub fn push(&mut self, paragraph: Paragraph) {
        let paragraph = self.begun(paragraph);
        self.children.push(DocumentChild::Paragraph(Box::new(paragraph)));
    }

    /// The paragraph, beginning a page if a page break precedes it.
    pub fn begun(&mut self, paragraph: Paragraph) -> Paragraph {
        if std::mem::take(&mut self.page_break) { paragraph.page_break_before(true) } else { paragraph }
    }

    /// Adds a table. A separator keeps it apart from a table before it, with which Word would merge it.
    pub fn push_table(&mut self, table: docx_rs::Table) {
        if matches!(self.children.last(), Some(DocumentChild::Table(_))) {
            self.push_separator();
        }
        self.children.push(DocumentChild::Table(Box::new(table)));
    }

    /// Ends the section: its last paragraph holds the section properties, and what follows begins a page.
    fn end_section(&mut self, next: Orientation) {
        if self.children.is_empty() {
            self.orientation = next;
            return;
        }
        let section = super::page::section(self.document, self.orientation, self.is_first_section);
        if !matches!(self.children.last(), Some(DocumentChild::Paragraph(_))) {
            self.push_separator();
        }
        if let Some(DocumentChild::Paragraph(paragraph)) = self.children.last_mut() {
            paragraph.property.section_property = Some(section);
        }
        self.orientation = next;
        self.is_first_section = false;
        self.page_break = false;
    }

    /// Adds the smallest paragraph there is: one point high.
    fn push_separator(&mut self) {
        let spacing = LineSpacing::new().before(0).after(0).line(20).line_rule(LineSpacingType::Exact);
        let paragraph = Paragraph::new().line_spacing(spacing).run_property(RunProperty::new().size(2));
        self.children.push(DocumentChild::Paragraph(Box::new(paragraph)));
    }

    /// A paragraph in the style of `role`.
    pub fn styled(&self, role: Role, stays: bool) -> Paragraph {
        // Set in place: docx-rs' builders would copy a paragraph of two kilobytes in each call, and every
        // cell has one.
        let mut paragraph = Paragraph::new();
        // A paragraph without a style is 正文.
        if role != Role::Body {
            paragraph.property.style = Some(ParagraphStyle::new(Some(names::style(role).id)));
        }
        if stays && !self.document.styles.get(role).keep_with_next {
            paragraph.property.keep_next = Some(true);
        }
        paragraph
    }

    fn title(&mut self, title: &Title, stays: bool) {
        let paragraph = self.styled(title.role, stays).add_run(run(&title.lines.join("\n")));
        self.push(paragraph);
    }

    fn paragraph(&mut self, block: &document::Paragraph, bookmark: Option<Bookmark>, stays: bool) {
        let mut paragraph = self.styled(block.role, stays);
        if let Some(indent) = block.indent {
            let first = SpecialIndentType::Hanging(-indent.first.to_twips() as i32);
            paragraph = paragraph.indent(Some(indent.left.to_twips() as i32), Some(first), None, None);
        }
        if !stays && block.heading.as_ref().is_some_and(|heading| heading.item) {
            paragraph.id = NOT_KEPT.to_owned();
        }
        let runs = merged(&block.runs);
        // A run-in heading is the first run of the paragraph; otherwise the heading is all of its runs.
        let run_in = block.heading.as_ref().is_some_and(|heading| heading.run_in);
        let end = if run_in { 1 } else { runs.len() };
        let bookmark = bookmark.map(|Bookmark { id, name }| {
            paragraph = std::mem::take(&mut paragraph).add_bookmark_start(id, name);
            id
        });
        for (index, (role, text)) in runs.iter().enumerate() {
            let heading = run_in && index == 0;
            let mut run = run(text);
            if *role != block.role && (heading || self.faces_differ(*role, block.role)) {
                self.inline.insert(*role);
                run = run.style(&names::character_style_id(*role));
            }
            paragraph = paragraph.add_run(run);
            if let Some(id) = bookmark.filter(|_| index + 1 == end) {
                paragraph = paragraph.add_bookmark_end(id);
            }
        }
        self.push(paragraph);
    }

    fn faces_differ(&self, one: Role, other: Role) -> bool {
        self.document.styles.get(one).face != self.document.styles.get(other).face
    }

    fn list(&mut self, list: &List, stays: bool) {
        for (index, item) in list.items.iter().enumerate() {
            let last = index + 1 == list.items.len();
            let text = format!("{}{}", item.label, item.text);
            let paragraph = self.styled(Role::ListItem, stays && last).add_run(run(&text));
            self.push(paragraph);
        }
    }

    fn illustration(&mut self, illustration: &'a Illustration, stays: bool) {
        let image = self.image(&illustration.picture);
        let name = format!("图片 {}", self.notes.drawings.len() + 1);
        self.notes.drawings.push(DrawingNote { name, alt: illustration.alt.clone() });
        let paragraph = self
            .styled(Role::Illustration, stays || illustration.caption.is_some())
            .add_run(picture::inline(image, illustration.size));
        self.push(paragraph);
        if let Some(caption) = &illustration.caption {
            let paragraph = self.styled(Role::IllustrationCaption, stays).add_run(run(&caption.text));
            self.push(paragraph);
        }
    }

    /// The number of the image, from 1. A picture that is used twice is in the package once.
    pub fn image(&mut self, picture: &'a Picture) -> usize {
        let known = self.images.iter().position(|other| other.bytes == picture.bytes);
        let index = known.unwrap_or_else(|| {
            self.images.push(picture);
            self.images.len() - 1
        });
        index + 1
    }
}

/// The runs, those of one role in a row as one.
fn merged(runs: &[document::Run]) -> Vec<(Role, String)> {
    let mut merged: Vec<(Role, String)> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some((role, text)) if *role == run.role => text.push_str(&run.text),
            _ => merged.push((run.role, run.text.clone())),
        }
    }
    merged
}
