//! The blocks of the document as paragraphs and tables of Word, in reading order.
//!
//! The appearance of a block is in its style. A paragraph itself has only the properties that depend on its
//! position: that it begins a page, or stays with what follows.

use std::collections::{BTreeMap, BTreeSet};

use docx_rs::{
    AlignmentType, BookmarkEnd, BookmarkStart, BuildXML, LineSpacing, LineSpacingType, Paragraph,
    ParagraphChild, ParagraphStyle, RunProperty, SpecialIndentType, Tab, TabValueType,
};
use indexmap::IndexSet;

use super::chart::ChartPart;
use super::finish::{DrawingNote, Finisher, NOT_KEPT, Notes};
use super::inline::{Piece, Pieces};
use super::names::{self, BlockMarks, Bookmark};
use super::run::{placeholder, run};
use super::{chart, picture, position, scripts, signature, table};
use crate::arrange::Arranged;
use crate::document::{
    self, Block, BlockKind, Illustration, List, NodeId, Orientation, Picture, Position, Role, Shown, Title,
};
use crate::geom::Length;
use crate::pages::{ColophonPage, Keeps};
use crate::write::WriteError;

/// The body, written block by block, and what the rest of the package needs of it.
pub(super) struct Body<'a> {
    /// The document that is written.
    pub document: &'a Arranged,
    /// What stays together on its pages.
    pub keeps: &'a Keeps,
    /// The last paragraphs, not written yet: their block, or the end of a section, may change them.
    pub paragraphs: Vec<Paragraph>,
    /// What is written so far ends with a table.
    after_table: bool,
    /// What is written.
    written: Finisher,
    /// The Han font of every style.
    fonts: BTreeMap<String, String>,
    /// For the finishing pass.
    pub notes: Notes,
    /// The bookmarks of each block that is not written yet.
    pub bookmarks: Vec<BlockMarks>,
    /// The images in order, each once; the first is `rIdImage1`.
    pub images: Vec<&'a Picture>,
    /// The charts in order; the first is `rIdChart1`.
    pub charts: Vec<ChartPart>,
    /// Where the hyperlinks lead, each once; the first is `rIdLink1`.
    pub links: IndexSet<&'a str>,
    /// The roles of runs in paragraphs of another role.
    pub inline: BTreeSet<Role>,
    /// The next paragraph begins a page.
    page_break: bool,
    /// The orientation of the current section.
    pub orientation: Orientation,
    /// No section of the text has ended yet.
    pub is_first_section: bool,
}

/// Builds the body.
pub(super) fn build<'a>(document: &'a Arranged, keeps: &'a Keeps) -> Body<'a> {
    let mut body = Body {
        document,
        keeps,
        paragraphs: Vec::new(),
        after_table: false,
        written: Finisher::default(),
        fonts: scripts::han_fonts(document),
        notes: Notes { section: super::footnotes::section(document), ..Notes::default() },
        bookmarks: names::bookmarks(&document.blocks),
        images: Vec::new(),
        charts: Vec::new(),
        links: IndexSet::new(),
        inline: BTreeSet::new(),
        page_break: false,
        orientation: document.blocks.first().map_or(Orientation::Portrait, |block| block.orientation),
        is_first_section: true,
    };
    body.written.begin(&docx_rs::Document::new().build());
    let foot = document.blocks.iter().position(|block| block.position == Position::Foot);
    let foot = foot.unwrap_or(document.blocks.len());
    for (index, block) in document.blocks[..foot].iter().enumerate() {
        if index > 0 && index == document.front {
            body.end_section_with(super::page::front(document), block.orientation);
        } else if block.orientation != body.orientation {
            body.end_section(block.orientation);
        }
        // A signature is never alone on a page: GB/T 9704—2012, 7.3.5.5.
        let rest = &document.blocks[index + 1..];
        let stays = match block.kind {
            // 附注 is below the date, on its page.
            BlockKind::Signature(_) => rest.first().is_some_and(|next| next.is_of(Role::Remark)),
            _ => {
                let below = rest.iter().find(|block| !block.is_of(Role::AttachmentNote));
                keeps.signature_tied && matches!(below, Some(Block { kind: BlockKind::Signature(_), .. }))
            }
        };
        body.block(index, stays);
        // The end of a section belongs to its last paragraph.
        body.write(1);
    }
    let own_page = keeps.colophon != ColophonPage::OfText;
    if foot < document.blocks.len() && (own_page || body.orientation == Orientation::Landscape) {
        body.end_section(Orientation::Portrait);
        // LibreOffice begins no page with a floating table.
        body.push_separator();
    }
    position::foot(&mut body, foot..document.blocks.len());
    if body.ends_with_table() {
        // Word adds a paragraph after a table that ends the document; a floating table is anchored to it.
        body.push_separator();
    }
    body
}

/// The height of the smallest paragraph there is.
const SEPARATOR: Length = Length::twips(20);

/// The smallest paragraph there is.
pub(super) fn separator() -> Paragraph {
    blank(SEPARATOR)
}

/// A paragraph without text, as high as this.
pub(super) fn blank(height: Length) -> Paragraph {
    let line = i32::try_from(super::page::unsigned(height)).unwrap_or(i32::MAX);
    let spacing = LineSpacing::new().before(0).after(0).line(line).line_rule(LineSpacingType::Exact);
    Paragraph::new().line_spacing(spacing).run_property(RunProperty::new().size(2))
}

impl<'a> Body<'a> {
    /// Adds the block of the document at `index`. With `stays`, its end stays with the next block.
    pub fn block(&mut self, index: usize, stays: bool) {
        let block = &self.document.blocks[index];
        let first = self.paragraphs.len();
        let BlockMarks { block: mark, heading } = std::mem::take(&mut self.bookmarks[index]);
        match &block.kind {
            BlockKind::Title(title) => self.title(block.id, title, stays),
            BlockKind::Paragraph(paragraph) => self.paragraph(block.id, paragraph, heading, stays),
            BlockKind::List(list) => self.list(list, stays),
            BlockKind::Table(table) => {
                let below_table = self.ends_with_table() && !self.page_break;
                table::head(self, table);
                position::set(self, first, block);
                if below_table && self.paragraphs.len() > first + 1 && block.position == Position::Flow {
                    self.part_from_table(
                        first,
                        if table.caption.is_some() { Role::TableCaption } else { Role::TableUnit },
                    );
                }
                if let (Position::Gap(gap), true) = (block.position, self.paragraphs.len() == first) {
                    self.paragraphs.push(blank(gap));
                } else if self.page_break {
                    // A table alone begins no page.
                    self.push(separator());
                }
                // Its paragraphs are written with it.
                return table::table(self, table, mark, stays);
            }
            BlockKind::Illustration(illustration) => self.illustration(block.id, illustration, stays),
            BlockKind::Signature(signature) => signature::signature(self, block.id, signature, stays),
            BlockKind::Sides(sides) => self.sides(sides, stays),
            BlockKind::Rule(rule) => self.push(position::rule(rule, self.document)),
            BlockKind::Contents(contents) => self.contents(contents),
            BlockKind::PageBreak => self.page_break = true,
        }
        if let Some(mark) = mark {
            self.mark(first, mark);
        }
        position::set(self, first, block);
    }

    /// Puts the smallest paragraph between a table and the lines above the next one, and takes its height from their gap:
    /// of two paragraphs that stay with a table, LibreOffice leaves the first alone where another table is right above it.
    fn part_from_table(&mut self, first: usize, role: Role) {
        let gap = self.document.styles.get(role).space_before - SEPARATOR;
        self.paragraphs.insert(first, separator());
        if let Some(line) = self.paragraphs.get_mut(first + 1).filter(|_| gap >= Length::ZERO) {
            let before = super::page::unsigned(gap);
            *line = std::mem::take(line).line_spacing(LineSpacing::new().before(before));
        }
    }

    /// Puts a bookmark at the start of the first paragraph from `first` on.
    ///
    /// The bookmark is empty, not a range: if a stop hangs at the end of a full line and a bookmark ends
    /// after it, LibreOffice 7.4 puts that end on a line of its own.
    fn mark(&mut self, first: usize, Bookmark { id, name }: Bookmark) {
        if let Some(paragraph) = self.paragraphs.get_mut(first) {
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
            paragraph.children.push(self.styled_piece(&piece, sides.role, |run| run));
        }
        paragraph = paragraph.add_run(run(if sides.apart { "\n\t" } else { "\t" }));
        for piece in self.pieces(&sides.right, None) {
            paragraph.children.push(self.styled_piece(&piece, sides.role, |run| run));
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
    pub fn styled_piece(
        &mut self,
        piece: &Piece<'a>,
        role: Role,
        set: impl Fn(docx_rs::Run) -> docx_rs::Run,
    ) -> ParagraphChild {
        if piece.role == role || !self.faces_differ(piece.role, role) {
            return self.piece(piece, set);
        }
        self.inline.insert(piece.role);
        self.piece(piece, |run| set(run).style(&names::character_style_id(piece.role)))
    }

    /// Adds a paragraph, which begins a page if a page break precedes it.
    pub fn push(&mut self, paragraph: Paragraph) {
        let paragraph = self.begun(paragraph);
        self.paragraphs.push(paragraph);
    }

    /// The paragraph, beginning a page if a page break precedes it.
    pub fn begun(&mut self, paragraph: Paragraph) -> Paragraph {
        if std::mem::take(&mut self.page_break) { paragraph.page_break_before(true) } else { paragraph }
    }

    /// Begins a table, whose rows and end follow. A separator keeps it apart from a table before it, with which Word
    /// would merge it.
    pub fn begin_table(&mut self, shell: &docx_rs::Table) {
        if self.ends_with_table() {
            self.push_separator();
        }
        self.write(0);
        self.written.begin_table(&shell.build(), &self.notes);
    }

    /// Writes a row.
    pub fn row(&mut self, mut row: docx_rs::TableRow) {
        scripts::name_in_row(&mut row, &self.fonts);
        self.written.row(&row.build(), &self.notes);
    }

    /// Ends the table.
    pub fn end_table(&mut self) {
        self.written.end_table();
        self.after_table = true;
    }

    fn ends_with_table(&self) -> bool {
        self.paragraphs.is_empty() && self.after_table
    }

    /// Writes the paragraphs but so many of the last ones.
    fn write(&mut self, rest: usize) {
        let end = self.paragraphs.len().saturating_sub(rest);
        for mut paragraph in self.paragraphs.drain(..end) {
            scripts::name_in_paragraph(&mut paragraph, &self.fonts);
            self.written.children(&paragraph.build(), &self.notes);
            self.after_table = false;
        }
    }

    /// The finished part.
    ///
    /// # Errors
    /// If the output of docx-rs is not as expected.
    pub fn finish(&mut self, section: &docx_rs::SectionProperty) -> Result<Vec<u8>, WriteError> {
        self.write(0);
        std::mem::take(&mut self.written).finish(&section.build(), &self.notes)
    }

    /// Ends the section: its last paragraph holds the section properties, and what follows begins a page.
    fn end_section(&mut self, next: Orientation) {
        if self.paragraphs.is_empty() && !self.after_table {
            self.orientation = next;
            return;
        }
        let section = super::page::section(self.document, self.orientation, self.is_first_section);
        self.end_section_with(section, next);
        self.is_first_section = false;
    }

    fn end_section_with(&mut self, section: docx_rs::SectionProperty, next: Orientation) {
        if self.ends_with_table() {
            self.push_separator();
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.property.section_property = Some(section);
        }
        self.orientation = next;
        self.page_break = false;
    }

    /// Adds the smallest paragraph there is: one point high.
    fn push_separator(&mut self) {
        self.paragraphs.push(separator());
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
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| title.leads) {
            let spacing = paragraph.property.line_spacing.take().unwrap_or_default();
            paragraph.property.line_spacing = Some(spacing.after(0));
        }
    }

    /// Adds a paragraph of the text of a node.
    pub fn line(&mut self, role: Role, node: NodeId, text: &str, stays: bool) {
        let mut paragraph = self.styled(role, stays);
        paragraph.children = self.text(role, node, text, |run| run);
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
            // docx-rs writes a right indent of nothing where none is given.
            let right = self.document.styles.get(block.role).indent_right.to_twips() as i32;
            paragraph = paragraph.indent(Some(indent.left.to_twips() as i32), Some(first), Some(right), None);
        }
        // Headings by the name of their level may be above 一、, whose style has a level of its own.
        if let Some(heading) = block.heading.as_ref().filter(|heading| !heading.run_in)
            && names::heading_level(block.role) != Some(heading.level)
        {
            paragraph = paragraph.outline_lvl(usize::from(heading.level.saturating_sub(1)));
        }
        if !stays && block.heading.as_ref().is_some_and(|heading| heading.item) {
            paragraph.id = NOT_KEPT.to_owned();
        }
        // A run-in heading is the first run of the paragraph; otherwise the heading is all of its runs.
        let run_in = block.heading.as_ref().is_some_and(|heading| heading.run_in);
        let mut pieces = Pieces::of(self.document);
        let (phrase, rest) = block.runs.split_at(usize::from(run_in));
        pieces.add_runs(phrase, Some(node));
        let first = pieces.count();
        pieces.add_runs(rest, Some(node));
        let pieces = pieces.finish();
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
                self.styled_piece(piece, block.role, |run| run)
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

    fn illustration(&mut self, id: NodeId, illustration: &'a Illustration, stays: bool) {
        let number = self.notes.drawings.len() + 1;
        let (kind, run) = match &illustration.shown {
            Shown::Picture(picture) => ("图片", picture::inline(self.image(picture), illustration.size)),
            Shown::Chart(chart) => {
                self.charts.push(chart::part(chart, id, self.document));
                let run = placeholder(self.notes.fragments.len());
                self.notes.fragments.push(chart::inline(self.charts.len(), illustration.size));
                ("图表", run)
            }
        };
        let name = format!("{kind} {number}");
        self.notes.drawings.push(DrawingNote { name, alt: illustration.alt.clone() });
        let paragraph = self.styled(Role::Illustration, stays || illustration.caption.is_some()).add_run(run);
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
