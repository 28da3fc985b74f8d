//! The resolved document in reading order: the input of the typesetter and of the Word writer, without pages.
//!
//! `compose` makes it from a report and a layout. It decides everything (numbers as text, rectangular tables,
//! resolved styles, decoded images) except what depends on where a page ends.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::date::Date;
use crate::geom::{Length, Size};
pub use crate::style::{Align, Colour, Face, Family, Orientation, Role, Scope, Shift, Style, Styles};

pub(crate) mod chart;
mod compose;
#[cfg(test)]
pub(crate) mod fixture;
mod format;
mod headers;
mod inline;
mod line_rules;
mod notes;
mod number;
pub(crate) use chart::ROLE as CHART_ROLE;
pub use chart::{Chart, ChartSeries, Point as ChartPoint, Written};
pub(crate) use compose::{TableFigures, chart_height, compose, picture, title_of};
pub use format::{Format, Formats, Mark};
pub(crate) use headers::HeaderGrid;
pub use inline::{Inline, InlineKind, Inlines};
pub use line_rules::{NOT_AT_END, NOT_AT_START, TextRules};
pub use notes::{Note, Notes, SEPARATOR, mark};
pub use number::{HeadingNumber, NumberKind};

/// The id of a node of one document: a block, a list item, a table, a cell, a run. Counted from 1 in reading
/// order, a 目录 last, as it is made of the headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A whole document in reading order.
#[derive(Clone, Debug)]
pub struct Document {
    /// Paper, type area and grid.
    pub page: PageGeometry,
    /// How lines are filled.
    pub text: TextRules,
    /// A resolved style for every role.
    pub styles: Styles,
    /// The official font names that the Word file asks for, by face.
    pub families: BTreeMap<Face, Family>,
    /// The metadata: title, issuer, date and others.
    pub info: Info,
    /// The content, in reading order.
    pub blocks: Vec<Block>,
    /// How many of the first blocks are 封面 and 目录, whose pages have no number: page 1 is that of the text.
    pub front: usize,
    /// Links, and text in another language.
    pub inlines: Inlines,
    /// Spans that are set otherwise than their paragraphs, and the marks of footnotes.
    pub formats: Formats,
    /// The footnotes.
    pub notes: Notes,
    /// The JSON pointer of every node, by `NodeId - 1`.
    pub places: Vec<String>,
}

impl Document {
    /// The page geometry of blocks of this orientation.
    pub fn geometry(&self, orientation: Orientation) -> Cow<'_, PageGeometry> {
        match orientation {
            Orientation::Portrait => Cow::Borrowed(&self.page),
            Orientation::Landscape => Cow::Owned(self.page.turned(self.styles.get(Role::Body))),
        }
    }

    /// The JSON pointer of the report's value that became this node.
    pub fn place(&self, node: NodeId) -> &str {
        self.places.get(node.0 as usize - 1).map_or("", String::as_str)
    }
}

/// Paper, type area (版心) and grid: GB/T 9704—2012, 4 and 5.
#[derive(Clone, Debug)]
pub struct PageGeometry {
    /// Width and height of the paper.
    pub paper: Size,
    /// 天头: from the top edge to the type area as a word processor counts it, half the leading above the first glyph.
    pub margin_top: Length,
    /// From the type area to the bottom edge, counted likewise.
    pub margin_bottom: Length,
    /// 订口: from the left edge to the type area.
    pub margin_left: Length,
    /// From the type area to the right edge.
    pub margin_right: Length,
    /// Characters in a full line of body text: 28.
    pub characters: u32,
    /// From baseline to baseline of body text.
    pub line_pitch: Length,
    /// Added to the advance of every character of body text so that a line holds its number of them (negative).
    pub character_spacing: Length,
    /// The page number.
    pub number: PageNumber,
    /// The place of the 版记.
    pub colophon: ColophonPlace,
}

/// The place of the 版记: GB/T 9704—2012, 7.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColophonPlace {
    /// From the bottom of the paper to the lower edge of its last rule, which is that of the type area.
    pub from_bottom: Length,
    /// Whether its page is an even one.
    pub on_even_page: bool,
}

impl PageGeometry {
    /// The width of the type area.
    pub fn type_width(&self) -> Length {
        self.paper.width - self.margin_left - self.margin_right
    }

    /// The height of the type area.
    pub fn type_height(&self) -> Length {
        self.paper.height - self.margin_top - self.margin_bottom
    }

    /// From the lower edge of the 版记 to the bottom margin, which is counted to the leading.
    pub fn below_colophon(&self) -> Length {
        (self.colophon.from_bottom - self.margin_bottom).max(Length::ZERO)
    }

    /// The same paper turned so that its left edge is on top, with the type area where it was: a page of a wide
    /// table. GB/T 9704—2012, 8: the head of the table is at the binding edge of an odd page and at the fore-edge
    /// of an even one, and both are the left edge of the sheet.
    pub fn turned(&self, body: &Style) -> PageGeometry {
        // The margins above and below are counted to the leading, those at the sides to the characters.
        let leading = (self.line_pitch - body.size) / 2;
        PageGeometry {
            paper: Size { width: self.paper.height, height: self.paper.width },
            margin_top: self.margin_left,
            margin_bottom: self.margin_right,
            margin_left: self.margin_bottom + leading,
            margin_right: self.margin_top + leading,
            ..self.clone()
        }
    }

    /// 一字: the width of a character on the grid, a 28th of the type area.
    pub fn character_pitch(&self) -> Length {
        self.type_width() / i64::from(self.characters)
    }
}

/// 页码: GB/T 9704—2012, 7.5.
#[derive(Clone, Debug)]
pub struct PageNumber {
    /// Before the number: `— `.
    pub prefix: String,
    /// After the number: ` —`.
    pub suffix: String,
    /// Its position.
    pub position: NumberPosition,
    /// From the outer edge of the type area, sideways.
    pub indent: Length,
    /// From the bottom of the paper to the middle of the number's line.
    pub middle_from_bottom: Length,
    /// Whether the first page has one; a letter's has none (10.1).
    pub on_first_page: bool,
}

/// The position of the page number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberPosition {
    /// Right on odd pages, left on even ones.
    Outside,
    /// In the middle.
    Centre,
    /// Nowhere.
    None,
}

/// The metadata of a document: the properties of both files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Title without line breaks.
    pub title: String,
    /// The issuing bodies, in order.
    pub issuers: Vec<String>,
    /// The date of issue, from which the dates in both files are made; none leaves them out.
    pub date: Option<Date>,
    /// 关键词.
    pub keywords: Vec<String>,
    /// What the document is about: 内容概述.
    pub summary: Option<String>,
    /// Other metadata with their Chinese names, in the order of the contract: (`index_number`, 索引号, value).
    pub fields: Vec<InfoField>,
}

/// One metadata field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfoField {
    /// Its key in the report.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// A block of content.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name.
    pub id: NodeId,
    /// What it is.
    pub kind: BlockKind,
    /// Its position.
    pub position: Position,
    /// The orientation of its pages.
    pub orientation: Orientation,
}

impl Block {
    /// A block that follows the one before it.
    pub fn new(id: NodeId, kind: BlockKind) -> Block {
        Block { id, kind, position: Position::Flow, orientation: Orientation::Portrait }
    }

    /// Whether its last line ends with its characters or a rule: a table without notes.
    pub fn ends_without_leading(&self) -> bool {
        matches!(&self.kind, BlockKind::Table(table) if table.notes.is_empty())
    }

    /// Whether it belongs to the text (正文), not to what is above or below it.
    pub fn is_text(&self) -> bool {
        match &self.kind {
            BlockKind::Paragraph(paragraph) => matches!(
                paragraph.role,
                Role::Body
                    | Role::Heading1
                    | Role::Heading2
                    | Role::Heading3
                    | Role::Heading4
                    | Role::Part
                    | Role::Chapter
                    | Role::Section
                    | Role::Article
            ),
            BlockKind::List(_) | BlockKind::Table(_) | BlockKind::Illustration(_) => true,
            BlockKind::Title(_)
            | BlockKind::Signature(_)
            | BlockKind::Sides(_)
            | BlockKind::Rule(_)
            | BlockKind::Contents(_)
            | BlockKind::PageBreak => false,
        }
    }

    /// Whether it is a paragraph in this style.
    pub fn is_of(&self, role: Role) -> bool {
        matches!(&self.kind, BlockKind::Paragraph(paragraph) if paragraph.role == role)
    }
}

/// The position of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// Below the block before it, with the gap of its style.
    #[default]
    Flow,
    /// Below the block before it, with this gap in place of its style's.
    Gap(Length),
    /// On the first page, with the top of its glyphs (or of its rule) this far from the top of the paper.
    Fixed(Length),
    /// At the foot of the type area of the last page, with the blocks after it: 版记.
    Foot,
}

/// The kinds of block.
#[expect(clippy::large_enum_variant, reason = "a document has few blocks beside its cells and lines")]
#[derive(Clone, Debug)]
pub enum BlockKind {
    /// The title of the document (or of an attachment, by its role), by lines; one line is broken by the typesetter.
    Title(Title),
    /// A paragraph or a heading.
    Paragraph(Paragraph),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// An illustration with its caption.
    Illustration(Illustration),
    /// 署名, 成文日期, 印章.
    Signature(Signature),
    /// A line with text at both of its ends: 发文字号 and 签发人, 印发机关 and 印发日期.
    Sides(Sides),
    /// A ruled line over the type area, or wider: the red line under a letterhead.
    Rule(RuledLine),
    /// 目录.
    Contents(Contents),
    /// What follows begins a page.
    PageBreak,
}

/// 目录: headings and their pages.
#[derive(Clone, Debug)]
pub struct Contents {
    /// How many levels of headings it has.
    pub levels: u8,
    /// In the order of the text. Never empty.
    pub entries: Vec<ContentsEntry>,
}

/// An entry of a 目录.
#[derive(Clone, Debug)]
pub struct ContentsEntry {
    /// Its name.
    pub id: NodeId,
    /// The level of its heading, from 1.
    pub level: u8,
    /// The text of the heading, by lines once the document is arranged.
    pub lines: Vec<String>,
    /// The block that it leads to.
    pub target: NodeId,
}

/// A line with text at both of its ends.
#[derive(Clone, Debug)]
pub struct Sides {
    /// Style of the line; its indents are those of the two ends.
    pub role: Role,
    /// At its left.
    pub left: Vec<Run>,
    /// At its right.
    pub right: Vec<Run>,
    /// What is at the right has a line of its own, for want of room beside the end of what is at the left.
    pub apart: bool,
}

/// Lines ruled over each other, in the middle of the type area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledLine {
    /// From end to end.
    pub width: Length,
    /// Colour of the lines.
    pub colour: Colour,
    /// The lines from the top: how far the top of each is from that of the first, and how thick it is.
    pub lines: Vec<(Length, Length)>,
}

impl RuledLine {
    /// From the top of the first line to the bottom of the last.
    pub fn height(&self) -> Length {
        self.lines.iter().map(|(top, thickness)| *top + *thickness).max().unwrap_or_default()
    }
}

/// A centred title.
#[derive(Clone, Debug)]
pub struct Title {
    /// `Role::Title`, of the document or of the text that it issues, `Role::CoverTitle`, `Role::AttachmentTitle`,
    /// `Role::ContentsTitle`, or that of a line under a title or on a cover.
    pub role: Role,
    /// The lines as the author broke them; one where the typesetter is to break it.
    pub lines: Vec<String>,
    /// Names of bodies: never broken, and the best place to break is after one.
    pub names: Arc<[String]>,
    /// Other terms that are not broken.
    pub terms: Arc<[String]>,
    /// Whether lines under the title follow it at once, without the gap of its style.
    pub leads: bool,
}

impl Title {
    /// Whether it is no title, but a line under one or on a cover.
    pub fn is_line_below(&self) -> bool {
        matches!(
            self.role,
            Role::Subtitle | Role::DocumentNumber | Role::TitleNote | Role::Byline | Role::CoverLine
        )
    }

    /// Whether it is the title of the document or of the text that it issues.
    pub fn is_of_document(&self) -> bool {
        matches!(self.role, Role::Title | Role::CoverTitle)
    }

    /// The title in one piece.
    pub fn text(&self) -> String {
        self.lines.concat()
    }
}

/// A paragraph. With a heading in front it is either that heading alone or a paragraph that it runs into.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Style of the paragraph.
    pub role: Role,
    /// Its text in pieces of one style. Never empty.
    pub runs: Vec<Run>,
    /// The heading that it is, or begins with.
    pub heading: Option<Heading>,
    /// Indents in place of its style's.
    pub indent: Option<Indent>,
}

/// The indents of one paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indent {
    /// Of all lines, from the left.
    pub left: Length,
    /// Of the first line, in addition to that of all; negative for a hanging indent.
    pub first: Length,
}

impl Paragraph {
    /// A paragraph of one run, without a heading.
    pub fn plain(role: Role, text: String) -> Paragraph {
        Paragraph { role, runs: vec![Run { id: None, role, text }], heading: None, indent: None }
    }

    /// All the text.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// A piece of text of one style.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its name; a run of the paragraph's own role has none.
    pub id: Option<NodeId>,
    /// Gives the face; the size and the rest are the paragraph's.
    pub role: Role,
    /// The text: no line breaks, no control characters.
    pub text: String,
}

/// What the navigation shows of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 4: 一、 （一） 1. （1）.
    pub level: u8,
    /// The text of the heading.
    pub text: String,
    /// It begins the paragraph (its first run); otherwise it is the paragraph.
    pub run_in: bool,
    /// Nothing of its own follows it, but another heading of its level: an item of a list, which does not stay with
    /// what follows.
    pub item: bool,
}

/// A list.
#[derive(Clone, Debug)]
pub struct List {
    /// Each a paragraph whose text begins with its literal label.
    pub items: Vec<ListItem>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// Its name.
    pub id: NodeId,
    /// `1.` or `●`, printed before the text.
    pub label: String,
    /// The text without its label.
    pub text: String,
}

/// Between two names of a list of those at a meeting.
pub const NAME_GAP: char = '\u{3000}';

/// Those at a meeting, as the report calls them and as they are printed: GB/T 9704—2012, 10.3.
pub(crate) const ATTENDANCE: [(&str, &str); 3] =
    [("present", "出席："), ("excused", "请假："), ("observers", "列席：")];

/// Before the names of those who sign a document to a higher body: GB/T 9704—2012, 7.2.6.
pub(crate) const SIGNERS: &str = "签发人：";

/// Printed below the label of a group of rows where a page continues the group, and in a column of two characters.
pub const CONTINUED: [&str; 2] = ["（续）", "(续)"];

/// A table: rows of cells over columns of fixed width.
///
/// Invariant: rectangular. Every place of the grid belongs to exactly one cell.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its key in the report, or its caption; bookmarks are named for it.
    pub name: String,
    /// Its caption, printed above it.
    pub caption: Option<TableText>,
    /// Its description, for screen readers.
    pub description: String,
    /// 表号, printed above it at the right.
    pub number: Option<TableText>,
    /// 编制单位, printed above it at the left.
    pub prepared_by: Option<TableText>,
    /// 单位：…, printed above it at the right.
    pub unit: Option<TableText>,
    /// Widths of the columns, from the left; of a table whose columns are as wide as their content asks, they are
    /// nothing until the document is arranged.
    pub columns: Vec<Length>,
    /// Whether the columns are as wide as their content asks, together as wide as the type area.
    pub by_content: bool,
    /// The rows, header rows first.
    pub rows: Vec<TableRow>,
    /// How many of the first rows are repeated on every page.
    pub header_rows: usize,
    /// Printed below it.
    pub notes: Vec<TableText>,
    /// Width of the ruled lines.
    pub rule: Length,
    /// Between a rule and the text beside it.
    pub padding: Length,
    /// Between a rule and the text above or below it.
    pub padding_vertical: Length,
    /// Whether all its rows are on one page, if that has room for them.
    pub together: bool,
    /// 续表: printed above its rows on the pages on which it continues, in the PDF.
    pub continued: Option<String>,
    /// So many first columns are repeated where the others have no room beside each other and are carried over.
    pub repeat_columns: usize,
    /// Whether its columns are carried over from the table before it.
    pub is_carried: bool,
}

impl Table {
    /// The texts above its rows, from the top and from the left, each with its role.
    pub fn above(&self) -> impl Iterator<Item = (Role, &TableText)> {
        let caption = self.caption.iter().map(|text| (Role::TableCaption, text));
        let others = self.number.iter().chain(&self.prepared_by).chain(&self.unit);
        caption.chain(others.map(|text| (Role::TableUnit, text)))
    }
}

/// A line of text that belongs to a table.
#[derive(Clone, Debug)]
pub struct TableText {
    /// Its name.
    pub id: NodeId,
    /// The text.
    pub text: String,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Its name.
    pub id: NodeId,
    /// The cells that begin in this row, by column.
    pub cells: Vec<TableCell>,
    /// At least this high.
    pub min_height: Length,
}

/// A cell at its place in the grid.
#[derive(Clone, Debug)]
pub struct TableCell {
    /// Its name.
    pub id: NodeId,
    /// First column, from 0.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// How many rows it covers.
    pub rows: usize,
    /// `TableHeader`, `TableLabel` or `TableFigure`.
    pub role: Role,
    /// The alignment of its lines; vertically they are always centred.
    pub align: Align,
    /// The cells that it is a header of, if any.
    pub scope: Option<Scope>,
    /// Whether its figure is aligned with the others of its column at the decimal point.
    pub decimal: bool,
    /// Size of the em in place of its style's: a figure too long for its column is set smaller, never broken.
    pub size: Option<Length>,
    /// Between the padding at its left and its text: the leading spaces that its author typed.
    pub indent_left: Length,
    /// Between its text and the padding at its right: the inset that aligns the decimal points of a column.
    pub inset_right: Length,
    /// Whether its text runs from top to bottom: 竖排, in the header of a narrow column.
    pub vertical: bool,
    /// Which of [`CONTINUED`] is printed below its label where a page continues it.
    pub continued: &'static str,
    /// The text; `\n` breaks a line. May be empty.
    pub text: String,
}

impl TableCell {
    /// The size of the em of its text, whose style is this.
    pub(crate) fn em(&self, style: &Style) -> Length {
        self.size.unwrap_or(style.size)
    }

    /// From baseline to baseline: smaller text has its lines nearer to each other. In twips, as Word counts.
    pub(crate) fn line_pitch(&self, style: &Style) -> Length {
        match self.size {
            Some(size) => Length::twips(style.line_pitch.scale(size / style.size).to_twips()),
            None => style.line_pitch,
        }
    }
}

/// An illustration: an image or a chart in a paragraph of its own, with its caption.
#[derive(Clone, Debug)]
pub struct Illustration {
    /// What is shown.
    pub shown: Shown,
    /// Drawn this large.
    pub size: Size,
    /// 替代文本.
    pub alt: String,
    /// 图题.
    pub caption: Option<TableText>,
}

/// What an illustration shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A picture.
    Picture(Arc<Picture>),
    /// A chart.
    Chart(Arc<Chart>),
}

/// A decoded image, never larger than the limits.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The file, upright and without anything but the picture.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: PictureFormat,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel, by rows.
    pub rgba: Vec<u8>,
    /// The ICC profile of its colours; those of a picture without one are sRGB.
    pub profile: Option<Vec<u8>>,
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
}

/// 署名, 成文日期, 印章: GB/T 9704—2012, 7.3.5.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Seals of bodies, or the stamp of an official.
    pub kind: SignatureKind,
    /// The bodies that sign, in order; beside a stamp, the post of the official.
    pub signatories: Vec<TableText>,
    /// 成文日期, as printed.
    pub date: Option<TableText>,
    /// A seal for each signatory, a single stamp, or none.
    pub seals: Vec<Seal>,
}

/// The kind of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// 印章, or nothing: 7.3.5.1, 7.3.5.2.
    Seal,
    /// 签名章 of an official: 7.3.5.3.
    Stamp,
}

/// 印章 or 签名章: a picture that the user brings, or the space for one.
#[derive(Clone, Debug)]
pub struct Seal {
    /// Its name.
    pub id: NodeId,
    /// None reserves the space.
    pub picture: Option<Arc<Picture>>,
    /// Printed this large; a seal's width is its diameter.
    pub size: Size,
    /// 替代文本.
    pub alt: String,
}
