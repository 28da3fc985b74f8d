//! The blocks of the document as paragraphs and tables of Word, in reading order.
//!
//! The appearance of a block is in its style. A paragraph itself has only the properties that depend on its
//! position: that it begins a page, or stays with what follows.

use std::collections::BTreeSet;

use docx_rs::{
    AlignmentType, BookmarkEnd, BookmarkStart, DocumentChild, LineSpacing, LineSpacingType, Paragraph,
    ParagraphChild, ParagraphStyle, RunProperty, SpecialIndentType, Tab, TabValueType,
};
use indexmap::IndexSet;

use super::finish::{DrawingNote, NOT_KEPT, Notes};
use super::inline::{Piece, Pieces};
use super::names::{self, BlockMarks, Bookmark};
use super::run::run;
use super::{picture, position, signature, table};
use crate::arrange::Arranged;
use crate::document::{
    self, Block, BlockKind, Illustration, List, NodeId, Orientation, Picture, Position, Role, Title,
};
use crate::pages::{ColophonPage, Keeps};

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
    /// Where the hyperlinks lead, each once; the first is `rIdLink1`.
    pub links: IndexSet<&'a str>,
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
        links: IndexSet::new(),
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
    let own_page = keeps.colophon != ColophonPage::OfText;
    if foot < document.blocks.len() && (own_page || body.orientation == Orientation::Landscape) {
        body.end_section(Orientation::Portrait);
        // LibreOffice begins no page with a floating table.
        body.push_separator();
    }
    position::foot(&mut body, foot..document.blocks.len());
    if matches!(body.children.last(), Some(DocumentChild::Table(_))) {
        // Word adds a paragraph after a table that ends the document; a floating table is anchored to it.
        body.push_separator();
    }
    body
}

/// The smallest paragraph there is: one point high.
pub(super) fn separator() -> Paragraph {
    let spacing = LineSpacing::new().before(0).after(0).line(20).line_rule(LineSpacingType::Exact);
    Paragraph::new().line_spacing(spacing).run_property(RunProperty::new().size(2))
}

impl<'a> Body<'a> {
    /// Adds the block of the document at `index`. With `stays`, its end stays with the next block.
    pub fn block(&mut self, index: usize, stays: bool) {
        let block = &self.document.blocks[index];
        let first = self.children.len();
        let BlockMarks { block: mut mark, heading } = std::mem::take(&mut self.bookmarks[index]);
        match &block.kind {
            BlockKind::Title(title) => self.title(block.id, title, stays),
            BlockKind::Paragraph(paragraph) => self.paragraph(block.id, paragraph, heading, stays),
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
        for piece in self.pieces(&sides.left, None) {
            paragraph.children.push(self.styled_piece(&piece, sides.role));
        }
        paragraph = paragraph.add_run(run("\t"));
        for piece in self.pieces(&sides.right, None) {
            paragraph.children.push(self.styled_piece(&piece, sides.role));
        }
        self.push(paragraph);
    }

    /// The pieces of runs; those without a name belong to the node `own`.
    fn pieces(&self, runs: &[document::Run], own: Option<NodeId>) -> Vec<Piece<'a>> {
        let mut pieces = Pieces::of(self.document);
        pieces.add_runs(runs, own);
        pieces.finish()
    }

    /// The run of a piece; the character style of its role gives the face, if that is not the paragraph's.
    fn styled_piece(&mut self, piece: &Piece<'a>, role: Role) -> ParagraphChild {
        if piece.role == role || !self.faces_differ(piece.role, role) {
            return self.piece(piece, |run| run);
        }
        self.inline.insert(piece.role);
        self.piece(piece, |run| run.style(&names::character_style_id(piece.role)))
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
        self.children.push(DocumentChild::Paragraph(Box::new(separator())));
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

    fn title(&mut self, node: NodeId, title: &Title, stays: bool) {
        self.line(title.role, node, &title.lines.join("\n"), stays);
    }

    /// Adds a paragraph of the text of a node.
    pub fn line(&mut self, role: Role, node: NodeId, text: &str, stays: bool) {
        let mut paragraph = self.styled(role, stays);
        paragraph.children = self.text(node, text, |run| run);
        self.push(paragraph);
    }

    fn paragraph(
        &mut self,
        node: NodeId,
        block: &document::Paragraph,
        bookmark: Option<Bookmark>,
        stays: bool,
    ) {
        let mut paragraph = self.styled(block.role, stays);
        if let Some(indent) = block.indent {
            let first = SpecialIndentType::Hanging(-indent.first.to_twips() as i32);
            paragraph = paragraph.indent(Some(indent.left.to_twips() as i32), Some(first), None, None);
        }
        if !stays && block.heading.as_ref().is_some_and(|heading| heading.item) {
            paragraph.id = NOT_KEPT.to_owned();
        }
        // A run-in heading is the first run of the paragraph; otherwise the heading is all of its runs.
        let run_in = block.heading.as_ref().is_some_and(|heading| heading.run_in);
        let pieces = self.pieces(&block.runs, Some(node));
        let first = pieces.iter().take_while(|piece| piece.role == pieces[0].role).count();
        let end = if run_in { first } else { pieces.len() };
        let bookmark = bookmark.map(|Bookmark { id, name }| {
            paragraph = std::mem::take(&mut paragraph).add_bookmark_start(id, name);
            id
        });
        for (index, piece) in pieces.iter().enumerate() {
            let heading = run_in && index < end;
            paragraph.children.push(if heading && piece.role != block.role {
                self.inline.insert(piece.role);
                self.piece(piece, |run| run.style(&names::character_style_id(piece.role)))
            } else {
                self.styled_piece(piece, block.role)
            });
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
            self.line(Role::ListItem, item.id, &text, stays && last);
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
            self.line(Role::IllustrationCaption, caption.id, &caption.text, stays);
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
