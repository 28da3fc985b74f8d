//! Finished pages, made by the typesetter and drawn by a writer: text runs, rules, images and the shapes of charts at
//! exact positions.
//!
//! Every item has the node of the document that it shows, or is an artifact (a page number, a rule, the
//! repeated header of a table): the tags of the PDF depend on that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::document::{Colour, NodeId, Orientation, Picture};
use crate::font::FontId;
use crate::geom::{Length, Point, Rect, Size};

/// The finished pages of one document.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// In order; page 1 is the first.
    pub pages: Vec<Page>,
    /// The headings with their places, in reading order.
    pub outline: Vec<OutlineEntry>,
    /// What the pages decided that a file without pages needs to end its own pages alike.
    pub keeps: Keeps,
    /// The places of seals or of the space for them, in the order of the signatories.
    pub seals: Vec<SealPlace>,
    /// How many of the first pages are 封面 and 目录: page 1 comes after them.
    pub front: usize,
    /// Where the blocks are that a 目录 leads to.
    pub targets: BTreeMap<NodeId, Target>,
    /// The block that the text (正文) begins with, and the index of its page.
    pub text: Option<(NodeId, usize)>,
}

/// The place that an entry of a 目录 leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index of the page, from 0.
    pub page: usize,
    /// The number that is printed for it.
    pub number: usize,
    /// Top of the block's first line, from the top left corner as the page is read.
    pub top: Point,
}

/// What stays together, and what a page divides: a word processor that makes its own pages follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeps {
    /// The rows of tables that stay with the row below them.
    pub kept_rows: BTreeSet<NodeId>,
    /// The rows that are higher than a page has room for: they are divided.
    pub torn_rows: BTreeSet<NodeId>,
    /// The rows that a page begins with, though their table began on an earlier one.
    pub first_rows: BTreeSet<NodeId>,
    /// Whether the last paragraph before the signature stays with it.
    pub signature_tied: bool,
    /// The header rows that are too high to be repeated.
    pub unrepeated_rows: BTreeSet<NodeId>,
    /// The page of the 版记.
    pub colophon: ColophonPage,
    /// The page numbers of the blocks that a 目录 leads to.
    pub numbers: BTreeMap<NodeId, usize>,
    /// The index of the last footnote on the page of the 版记, and how far above the end of the type area it ends.
    pub note_above_colophon: Option<(usize, Length)>,
}

/// The page of the 版记.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColophonPage {
    /// It is on the page on which the text ends.
    #[default]
    OfText,
    /// It has a page of its own.
    Own,
    /// It has a page of its own, which has to be an even one.
    Even,
    /// The same, and the page before it is blank: neither has a number. GB/T 9704—2012, 7.5.
    EvenAfterBlank,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Width and height of the paper, held upright.
    pub paper: Size,
    /// Its orientation: a landscape page is read with the left edge of its paper on top.
    pub orientation: Orientation,
    /// In drawing order, which is also reading order; from the top left corner as the page is read.
    pub items: Vec<Item>,
    /// The page number, from the top left corner of the paper held upright.
    pub number: Vec<Item>,
}

impl Page {
    /// Everything that is drawn on it.
    pub fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(&self.number)
    }

    /// Converts a place on the page as it is read to that on its paper held upright.
    pub fn on_paper(&self, place: Point) -> Point {
        match self.orientation {
            Orientation::Portrait => place,
            Orientation::Landscape => Point::new(place.y, self.paper.height - place.x),
        }
    }
}

/// Something drawn.
#[derive(Clone, Debug)]
pub enum Item {
    /// Glyphs of one font, size and colour on one baseline.
    Text(TextRun),
    /// A filled line.
    Rule(Rule),
    /// A picture.
    Image(PlacedImage),
    /// A shape of a chart.
    Path(Path),
}

impl Item {
    /// Moves the item.
    pub fn shift(&mut self, by: Point) {
        let origin = match self {
            Item::Text(run) => &mut run.origin,
            Item::Rule(rule) => &mut rule.rect.origin,
            Item::Image(image) => &mut image.rect.origin,
            Item::Path(path) => &mut path.origin,
        };
        *origin = origin.moved(by);
    }

    /// The item, moved.
    pub fn shifted(mut self, by: Point) -> Item {
        self.shift(by);
        self
    }
}

/// The owner of an item's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A node of the document.
    Node(NodeId),
    /// An artifact, which is not part of the content: ISO 32000-1, 14.8.2.2.
    Artifact(Artifact),
}

/// The kinds of artifact, by their names in ISO 32000-1, table 330.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Artifact {
    /// A page number.
    Pagination,
    /// A rule, or the repeated header of a table.
    Layout,
}

/// Glyphs of one font, size and colour on one baseline, from left to right.
#[derive(Clone, Debug)]
pub struct TextRun {
    /// Whose text this is.
    pub owner: Owner,
    /// Start of the baseline.
    pub origin: Point,
    /// The font of all the glyphs.
    pub font: FontId,
    /// The size of the em.
    pub size: Length,
    /// Bold: a line is drawn around the glyphs.
    pub strong: bool,
    /// Colour of the glyphs.
    pub colour: Colour,
    /// In visual order. Never empty.
    pub glyphs: Vec<PlacedGlyph>,
}

/// One glyph of a run.
#[derive(Clone, Debug)]
pub struct PlacedGlyph {
    /// Glyph index in the font.
    pub id: u16,
    /// From the run's origin to this glyph's origin.
    pub x: Length,
    /// Its text; none for the later glyphs of a cluster.
    pub text: GlyphText,
    /// Whether the gap between Han and Latin follows it.
    pub gap: bool,
}

/// The text of a glyph: nearly always one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GlyphText {
    /// One character.
    Char(char),
    /// Several, such as `——` drawn as one glyph.
    Chars(Box<str>),
    /// None: the cluster's first glyph has it.
    None,
}

/// A filled rectangle that is thin one way.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Where it is filled.
    pub rect: Rect,
    /// With which colour.
    pub colour: Colour,
}

/// A picture at its place.
#[derive(Clone, Debug)]
pub struct PlacedImage {
    /// Whose picture this is.
    pub owner: Owner,
    /// Where it is drawn.
    pub rect: Rect,
    /// What is drawn.
    pub picture: Arc<Picture>,
}

/// A shape at its place. The first one of a node, which nothing paints, is the rectangle around all of them.
#[derive(Clone, Debug)]
pub struct Path {
    /// Whose shape this is.
    pub owner: Owner,
    /// Where the origin of its outline is.
    pub origin: Point,
    /// What is drawn.
    pub shape: Shape,
}

/// An outline, filled or drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// From the origin of its path.
    pub outline: Vec<Step>,
    /// What is within it.
    pub fill: Fill,
    /// The line along it.
    pub stroke: Option<Stroke>,
}

/// A step of an outline: ISO 32000-1, 8.5.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Begins at a point.
    Move(Point),
    /// A straight line to a point.
    Line(Point),
    /// A Bézier curve: two control points, and where it ends.
    Curve(Point, Point, Point),
    /// A rectangle of its own.
    Rect(Rect),
    /// Back to where it began.
    Close,
}

/// What is within an outline.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// Nothing.
    None,
    /// A colour.
    Solid(Colour),
    /// White with black lines, of which only what is within the outline is drawn: hatching.
    Lines(Vec<Step>, Length),
}

/// A line along an outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// How wide it is.
    pub width: Length,
    /// With which colour.
    pub colour: Colour,
    /// Lengths of its dashes and of the gaps between them, in turn; none for an unbroken line.
    pub dashes: Vec<Length>,
}

/// A heading and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineEntry {
    /// 1 for the title, 2 to 5 for 一、 （一） 1. （1）.
    pub level: u8,
    /// The text of the heading.
    pub text: String,
    /// Index of the page, from 0.
    pub page: usize,
    /// Top of the heading's line.
    pub top: Point,
}

/// A seal's place on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPlace {
    /// Index of the page, from 0.
    pub page: usize,
    /// The square around the seal.
    pub rect: Rect,
}
