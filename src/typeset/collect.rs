//! Collecting: blocks become pieces, which are the lines of paragraphs, the rows of tables, and images.

use std::borrow::Cow;

use super::contents::EntryLine;
use super::ending::End;
use super::flow::{Content, Piece};
use super::notes::StoryNotes;
use super::table::TableLayout;
use super::{Draw, baseline, signature, span};
use crate::arrange::Arranged;
use crate::document::{
    Block, BlockKind, Illustration, Indent, List, NodeId, Orientation, PageGeometry, Paragraph, Position,
    RuledLine, Run, Shown, Sides, Table, TableText, Title,
};
use crate::font::Fonts;
use crate::geom::{Length, Point, Rect};
use crate::pages::{Artifact, Item, Owner, PlacedImage, Rule};
use crate::style::{Align, Role, Style};
use crate::text::line::{Measure, Span, TextStyle, atoms, fill, set, text_width};

/// The story: all pieces of the document, measured, before they are placed on pages.
#[derive(Debug, Default)]
pub(super) struct Story<'a> {
    /// From top to bottom.
    pub pieces: Vec<Piece>,
    /// What the pieces draw, from their top left corners.
    pub items: Vec<Vec<Item>>,
    /// The tables whose rows are among the pieces.
    pub tables: Vec<TableLayout<'a>>,
    /// Headings by the piece that they begin in: level and text.
    pub headings: Vec<(usize, u8, String)>,
    /// The block that the text begins with, and its first piece.
    pub text: Option<(NodeId, usize)>,
    /// Where the text ends, if there is a signature.
    pub signature: Option<End>,
    /// Seals by the piece that they are attached to, from its top left corner.
    pub seals: Vec<(usize, Rect)>,
    /// What is drawn before all else of its page, hung on pieces, in order: a seal never hides text.
    pub behind: Vec<(usize, Item)>,
    /// The last line of each entry of a 目录.
    pub entries: Vec<EntryLine>,
    /// The piece that each block begins with, in a document with a 目录.
    pub begins: Vec<(NodeId, usize)>,
    /// The footnotes, measured for the pages of their marks.
    pub notes: StoryNotes,
}

impl Story<'_> {
    /// The same story with lines of text that are `pitch` apart in place of `old`.
    pub fn at_pitch(mut self, old: Length, pitch: Length) -> Self {
        for piece in &mut self.pieces {
            if piece.height == old
                && piece.is_line()
                && let Content::Items(items) = piece.content
            {
                let by = Point::new(Length::ZERO, (pitch - old) / 2);
                self.items[items].iter_mut().for_each(|item| item.shift(by));
            }
            *piece = super::ending::at_pitch(piece, old, pitch);
        }
        self.notes.at_pitch(old, pitch);
        self
    }
}

/// A paragraph of no more lines is moved whole with the signature, as LibreOffice does; of a longer one its end.
const MOST_TIED: usize = 6;
const LINES_TIED: usize = 2;

/// The pieces of a document. With `tied` the last paragraph before the signature stays with it.
pub(super) fn collect<'a>(document: &'a Arranged, fonts: &'a Fonts, draw: Draw, tied: bool) -> Story<'a> {
    let mut collector = Collector {
        document,
        fonts,
        draw,
        story: Story::default(),
        page: Cow::Borrowed(&document.page),
        orientation: Orientation::Portrait,
        break_next: false,
        text_next: false,
        last: 0,
        text_end: 0,
        tied,
    };
    collector.story.notes = StoryNotes::of(document);
    for (at, block) in document.blocks.iter().enumerate() {
        collector.text_next |= at == document.front;
        collector.block(block);
    }
    collector.story
}

pub(super) struct Collector<'a> {
    pub document: &'a Arranged,
    pub fonts: &'a Fonts,
    pub draw: Draw,
    pub story: Story<'a>,
    /// The page geometry of the current block.
    pub page: Cow<'a, PageGeometry>,
    orientation: Orientation,
    break_next: bool,
    /// The next piece is the first of the text.
    text_next: bool,
    /// The pieces of the last block of text.
    last: usize,
    text_end: usize,
    tied: bool,
}

impl<'a> Collector<'a> {
    fn block(&mut self, block: &'a Block) {
        let first = self.story.pieces.len();
        if self.orientation != block.orientation {
            self.orientation = block.orientation;
            self.page = self.document.geometry(block.orientation);
        }
        self.kind(block);
        // 附注 is below the date, on its page.
        if block.is_of(Role::Remark)
            && self.story.signature.is_some()
            && let Some(piece) = self.story.pieces[..first].last_mut()
        {
            piece.keep = true;
        }
        self.position(first, block.position);
        if self.story.text.is_none() && block.is_text() {
            self.story.text = Some((block.id, first));
        }
        if !self.story.entries.is_empty() {
            self.story.begins.push((block.id, first));
        }
        // 附件说明 is between the text and the signature.
        if !block.is_of(Role::AttachmentNote) {
            self.last = first;
            self.text_end = self.story.pieces.len();
        }
    }

    /// Gives the pieces from `first` the position of their block.
    fn position(&mut self, first: usize, position: Position) {
        let pieces = &mut self.story.pieces[first..];
        match position {
            Position::Flow => {}
            Position::Gap(gap) => {
                if let Some(piece) = pieces.first_mut() {
                    piece.before = gap;
                }
            }
            Position::Fixed(top) => {
                for piece in pieces {
                    if let Content::Items(items) = piece.content {
                        let above = top - (piece.height - piece.ink) / 2;
                        let notes = std::mem::take(&mut piece.notes);
                        *piece = Piece { content: Content::Fixed(items), notes, ..Piece::default() };
                        for item in &mut self.story.items[items] {
                            item.shift(Point::new(Length::ZERO, above));
                        }
                    }
                }
            }
            Position::Foot => {
                // One chain, down to the end of the document.
                for piece in pieces {
                    piece.foot = true;
                    piece.keep = true;
                }
            }
        }
    }

    fn kind(&mut self, block: &'a Block) {
        match &block.kind {
            BlockKind::Title(title) => self.title(block.id, title),
            BlockKind::Paragraph(paragraph) => self.paragraph(block.id, paragraph),
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Illustration(illustration) => self.illustration(block.id, illustration),
            BlockKind::Signature(signature) => {
                if self.tied {
                    let is_short = self.text_end - self.last <= MOST_TIED;
                    let from = if is_short { self.last } else { self.text_end - LINES_TIED };
                    self.story.pieces[from..].iter_mut().for_each(|piece| piece.keep = true);
                }
                let end = End { text: self.text_end, signature: self.story.pieces.len() };
                signature::collect(self, block.id, signature);
                self.story.signature = (end.signature < self.story.pieces.len()).then_some(end);
            }
            BlockKind::Sides(sides) => self.sides(sides),
            BlockKind::Rule(rule) => self.rule(rule),
            BlockKind::Contents(contents) => self.contents(contents),
            BlockKind::PageBreak => self.break_next = true,
        }
    }

    fn title(&mut self, id: NodeId, title: &Title) {
        let style = self.document.styles.get(title.role);
        let first = self.story.pieces.len();
        for line in &title.lines {
            self.lines(&[Span::plain(Owner::Node(id), style.face, line)], style);
        }
        if title.is_of_document() {
            self.story.headings.push((first, 1, title.text()));
        }
        let close = title.leads.then(|| Style { space_after: Length::ZERO, ..style.clone() });
        self.space_around(first, close.as_ref().unwrap_or(style));
    }

    fn paragraph(&mut self, id: NodeId, paragraph: &'a Paragraph) {
        let item = paragraph.heading.as_ref().is_some_and(|heading| heading.item);
        let style = self.document.styles.get(paragraph.role);
        let loose = item.then(|| Style { keep_with_next: false, ..style.clone() });
        let style = loose.as_ref().unwrap_or(style);
        let first = self.story.pieces.len();
        let runs = self.document.formats.runs(&paragraph.runs, id);
        let spans: Vec<Span> = runs
            .into_iter()
            .map(|(run, text, format)| {
                let owner = Owner::Node(run.id.unwrap_or(id));
                span(self.document, owner, run.role, text, format)
            })
            .collect();
        let measure = Measure::of(style, self.page.type_width());
        let measure = match paragraph.indent {
            Some(Indent { left, first }) => Measure { left, first, ..measure },
            None => measure,
        };
        // The lines of names are arranged.
        let lines = match spans.split_last() {
            Some((names, before)) if names.text.contains('\n') => {
                let mut lines = names.text.split('\n').map(|text| Span { text, ..*names });
                let first = before.iter().copied().chain(lines.next()).collect();
                std::iter::once(first).chain(lines.map(|line| vec![line])).collect()
            }
            _ => vec![spans],
        };
        for (at, spans) in lines.iter().enumerate() {
            let measure = if at == 0 { measure } else { Measure { first: Length::ZERO, ..measure } };
            self.lines_in(spans, style, &measure);
        }
        if let Some(heading) = &paragraph.heading {
            self.story.headings.push((first, heading.level + 1, heading.text.clone()));
        }
        self.space_around(first, style);
    }

    /// A line with text at both of its ends.
    fn sides(&mut self, sides: &'a Sides) {
        let style = self.document.styles.get(sides.role);
        let first = self.story.pieces.len();
        for (runs, align) in [(&sides.left, Align::Left), (&sides.right, Align::Right)] {
            let span = |run: &'a Run| {
                let owner = run.id.map_or(Owner::Artifact(Artifact::Layout), Owner::Node);
                Span::plain(owner, self.document.styles.get(run.role).face, &run.text)
            };
            let spans: Vec<Span> = runs.iter().map(span).collect();
            let before = self.story.pieces.len();
            self.lines(&spans, &Style { align, ..style.clone() });
            if before > first && self.story.pieces.len() > before && !sides.apart {
                self.join_last();
            }
        }
        self.space_around(first, style);
    }

    /// Lines ruled in the middle of the type area.
    fn rule(&mut self, rule: &RuledLine) {
        let x = (self.page.type_width() - rule.width) / 2;
        let lines = rule.lines.iter().map(|(top, thickness)| {
            Item::Rule(Rule { rect: Rect::new(x, *top, rule.width, *thickness), colour: rule.colour })
        });
        let items = lines.collect();
        self.piece_of(items, rule.height());
        if let Some(piece) = self.story.pieces.last_mut() {
            piece.ink = piece.height;
        }
    }

    fn list(&mut self, list: &List) {
        let style = self.document.styles.get(Role::ListItem);
        for item in &list.items {
            let first = self.story.pieces.len();
            let owner = Owner::Node(item.id);
            let mut spans = vec![Span::plain(owner, style.face, &item.label)];
            let mut divide = self.document.formats.divide(item.id);
            divide.skip(&item.label);
            divide.each(&item.text, |text, format| {
                spans.push(span(self.document, owner, Role::ListItem, text, format));
            });
            self.lines(&spans, style);
            self.space_around(first, style);
        }
    }

    fn table(&mut self, table: &'a Table) {
        let first = self.story.pieces.len();
        self.table_lines(table.caption.as_slice(), Role::TableCaption);
        self.table_lines(table.number.as_slice(), Role::TableUnit);
        self.prepared_by(table);
        let index = self.story.tables.len();
        let above = self.story.pieces[first..].iter().map(|piece| piece.before + piece.height + piece.after);
        let notes = self.document.styles.get(Role::TableNote).line_pitch * table.notes.len() as i64;
        let beside = above.sum::<Length>() + notes;
        let layout = TableLayout::measure(table, &self.page, beside, self.document, self.fonts);
        for (row, height) in layout.heights.iter().enumerate() {
            let content = Content::Row { table: index, row };
            let header =
                if row > 0 && row >= layout.header_rows { layout.repeated_height() } else { Length::ZERO };
            let keep = layout.kept[row];
            let (edge, continues) = (table.rule / 2, row > 0);
            let notes =
                if self.document.notes.is_empty() { Vec::new() } else { self.notes_in_row(&layout, row) };
            self.piece(Piece {
                height: *height,
                header,
                keep,
                edge,
                continues,
                content,
                notes,
                ..Piece::default()
            });
        }
        self.story.tables.push(layout);
        if !table.notes.is_empty()
            && let Some(piece) = self.story.pieces.last_mut()
        {
            piece.keep = true;
        }
        self.table_lines(&table.notes, Role::TableNote);
    }

    /// 编制单位 and 单位 at both ends of a line, or on lines of their own where they have no room beside each other.
    fn prepared_by(&mut self, table: &Table) {
        let style = self.document.styles.get(Role::TableUnit);
        if let Some(text) = &table.prepared_by {
            let first = self.story.pieces.len();
            let span = Span::plain(Owner::Node(text.id), style.face, &text.text);
            self.lines(&[span], &Style { align: Align::Left, ..style.clone() });
            self.space_around(first, style);
            let lines = self.story.pieces.len() - first;
            self.table_lines(table.unit.as_slice(), Role::TableUnit);
            if lines == 1 && self.story.pieces.len() == first + 2 && self.fit_on_a_line(table, style) {
                self.join_last();
            }
            return;
        }
        self.table_lines(table.unit.as_slice(), Role::TableUnit);
    }

    fn fit_on_a_line(&self, table: &Table, style: &Style) -> bool {
        let texts = table.prepared_by.iter().chain(&table.unit);
        let widths = texts.map(|text| text_width(self.fonts, &text.text, style, &self.document.text));
        widths.sum::<Length>() + style.size * 2 <= self.page.type_width()
    }

    fn table_lines(&mut self, texts: &[TableText], role: Role) {
        let style = self.document.styles.get(role);
        for text in texts {
            let first = self.story.pieces.len();
            self.lines(&[Span::plain(Owner::Node(text.id), style.face, &text.text)], style);
            self.space_around(first, style);
        }
    }

    fn illustration(&mut self, id: NodeId, illustration: &Illustration) {
        let style = self.document.styles.get(Role::Illustration);
        let room = self.page.type_width();
        let x = (room - illustration.size.width) / 2;
        let items = match &illustration.shown {
            Shown::Picture(picture) => {
                let rect = Rect::new(x, Length::ZERO, illustration.size.width, illustration.size.height);
                vec![Item::Image(PlacedImage { owner: Owner::Node(id), rect, picture: picture.clone() })]
            }
            Shown::Chart(_) if self.draw == Draw::Nothing => Vec::new(),
            Shown::Chart(_) => {
                super::chart::items(id, Point::new(x, Length::ZERO), self.document, self.fonts)
            }
        };
        self.piece_of(items, illustration.size.height);
        if let Some(piece) = self.story.pieces.last_mut() {
            piece.before = style.space_before;
            piece.keep = illustration.caption.is_some();
        }
        self.table_lines(illustration.caption.as_slice(), Role::IllustrationCaption);
    }

    /// Lines of text in the style, over the whole type area.
    pub(super) fn lines(&mut self, spans: &[Span], style: &Style) {
        let measure = Measure::of(style, self.page.type_width());
        self.lines_in(spans, style, &measure);
    }

    /// Lines of text in the style, with these indents. Returns where the last one ends, if it is at the left.
    pub(super) fn lines_in(&mut self, spans: &[Span], style: &Style, measure: &Measure) -> Length {
        let text_style = TextStyle::of(style);
        let rules = &self.document.text;
        let atoms = atoms(self.fonts, spans, &text_style, rules);
        let origin = Point::new(Length::ZERO, baseline(style.line_pitch, style.size));
        let lines = fill(&atoms, measure, style.align, rules);
        // With widow control, the first two lines of a paragraph stay together, and so do the last two.
        let bound = |at: usize| rules.widow_control && (at == 0 || at + 2 == lines.len());
        for (at, line) in lines.iter().enumerate() {
            let mut items = Vec::new();
            if self.draw == Draw::Pages {
                set(&atoms, line, style.align, &text_style, origin, &mut items);
            }
            self.piece_of(items, style.line_pitch);
            let notes = self.notes_in(&atoms[line.atoms.clone()]);
            if let Some(piece) = self.story.pieces.last_mut() {
                piece.notes = notes;
                piece.ink = style.size;
                piece.keep = style.keep_with_next || (bound(at) && at + 1 < lines.len());
            }
        }
        lines.last().map_or(Length::ZERO, |line| line.indent + line.natural)
    }

    /// Draws the last piece on the line of the one before it.
    pub(super) fn join_last(&mut self) {
        let Some(piece) = self.story.pieces.pop() else { return };
        if let (Content::Items(from), Some(Content::Items(onto))) =
            (&piece.content, self.story.pieces.last().map(|piece| &piece.content))
        {
            let moved = std::mem::take(&mut self.story.items[*from]);
            self.story.items[*onto].extend(moved);
        }
        if let Some(last) = self.story.pieces.last_mut() {
            last.notes.extend(piece.notes);
        }
    }

    pub(super) fn piece_of(&mut self, items: Vec<Item>, height: Length) {
        let content = Content::Items(self.story.items.len());
        self.story.items.push(items);
        self.piece(Piece { height, content, ..Piece::default() });
    }

    fn piece(&mut self, mut piece: Piece) {
        piece.breaks = std::mem::take(&mut self.break_next);
        piece.begins_text = std::mem::take(&mut self.text_next);
        piece.orientation = self.orientation;
        self.story.pieces.push(piece);
    }

    /// The gaps of the style around the pieces from `first`.
    pub(super) fn space_around(&mut self, first: usize, style: &Style) {
        // Of the gaps of two paragraphs on a page the larger one counts, as word processors have it.
        let (above, pieces) = self.story.pieces.split_at_mut(first);
        if let Some(piece) = pieces.first_mut() {
            let goes_on =
                |above: &&Piece| above.is_line() && !piece.breaks && above.orientation == piece.orientation;
            let gap = above.last().filter(goes_on).map_or(Length::ZERO, |above| above.after);
            piece.before += (style.space_before - gap).max(Length::ZERO);
        }
        if let Some(piece) = self.story.pieces.last_mut() {
            piece.after += style.space_after;
        }
    }
}
