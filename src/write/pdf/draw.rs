//! Drawing: pages become the operators of their content streams, in marked-content sequences for the
//! structure tree.
//!
//! A PDF has glyph widths only in whole thousandths of an em, so positions never rely on widths: each gap is
//! computed from the actual position of the viewer's pen, and no glyph is ever off by a hundredth of a point.

use std::collections::BTreeMap;

use super::content::Content;
use super::contents::{Contents, NUMBER, Part};
use super::fonts::{Subset, Subsets};
use super::image::Images;
use crate::document::{
    BlockKind, Colour, Document, Inline, Inlines, NodeId, Notes, Orientation, mark as note_mark,
};
use crate::font::Fonts;
use crate::geom::{Length, Point, Rect, Size};
use crate::pages::{
    Artifact, Fill, GlyphText, Item, Owner, Page, Pages, Path, PlacedGlyph, PlacedImage, Rule, Shape, Step,
    Stroke, TextRun,
};
use crate::write::subset::push_text;

/// The drawn pages.
pub(super) struct Drawing {
    /// The content stream of each page.
    pub pages: Vec<Vec<u8>>,
    /// The paper of each page.
    pub sizes: Vec<Size>,
    /// Whether a page is in landscape: read with its left edge on top.
    pub turned: Vec<bool>,
    /// Whether a page shows a transparent image.
    pub transparent: Vec<bool>,
    /// The marks on them.
    pub contents: Contents,
}

/// Draws all pages.
pub(super) fn draw(
    document: &Document,
    pages: &Pages,
    fonts: &Fonts,
    subsets: &Subsets,
    images: &Images,
    inlines: &Inlines,
) -> Drawing {
    let mut contents = Contents::default();
    let mut labels = label_lengths(document);
    let mut drawn = BTreeMap::new();
    let mut drawing = Vec::with_capacity(pages.pages.len());
    for page in &pages.pages {
        contents.begin_page();
        let mut pen = Pen {
            page,
            fonts,
            subsets,
            images,
            contents: &mut contents,
            labels: &mut labels,
            inlines,
            notes: &document.notes,
            drawn: &mut drawn,
            content: Content::with_capacity(page.items.len() * 48),
            marked: None,
            in_text: false,
            upright: page.orientation == Orientation::Portrait,
            state: State::default(),
        };
        page.items.iter().for_each(|item| pen.item(item));
        pen.upright = true;
        page.number.iter().for_each(|item| pen.item(item));
        pen.end_mark();
        drawing.push(pen.content.into_bytes());
    }
    Drawing {
        pages: drawing,
        sizes: pages.pages.iter().map(|page| page.paper).collect(),
        turned: pages.pages.iter().map(|page| page.orientation == Orientation::Landscape).collect(),
        transparent: pages.pages.iter().map(|page| images.any_transparent(page)).collect(),
        contents,
    }
}

/// How many characters the label of each list item and of each footnote has.
fn label_lengths(document: &Document) -> BTreeMap<NodeId, usize> {
    let lists = document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::List(list) => Some(&list.items),
        BlockKind::Title(_)
        | BlockKind::Paragraph(_)
        | BlockKind::Table(_)
        | BlockKind::Illustration(_)
        | BlockKind::Signature(_)
        | BlockKind::Sides(_)
        | BlockKind::Rule(_)
        | BlockKind::Contents(_)
        | BlockKind::PageBreak => None,
    });
    let items = lists.flatten().map(|item| (item.id, item.label.trim_end().chars().count()));
    let notes = document.notes.iter().map(|(index, note)| (note.id, note_mark(index).chars().count()));
    items.chain(notes).collect()
}

/// The viewer's graphics state as far as it is known. It persists from one text object to the next.
#[derive(Default, PartialEq)]
struct State {
    font: Option<(crate::font::FontId, Length)>,
    colour: Option<Colour>,
    /// Width and colour of the line around the glyphs, where there is one.
    stroke: Option<(Length, Colour)>,
    spacing: f32,
}

/// The current marked-content sequence.
#[derive(Clone, Copy, PartialEq)]
enum Marked {
    Node(NodeId, Part),
    Artifact(Artifact),
}

/// Draws one page.
struct Pen<'a> {
    page: &'a Page,
    fonts: &'a Fonts,
    subsets: &'a Subsets,
    images: &'a Images,
    contents: &'a mut Contents,
    /// How many characters of each label are still to be drawn.
    labels: &'a mut BTreeMap<NodeId, usize>,
    inlines: &'a Inlines,
    notes: &'a Notes,
    /// How many characters, white space not counted, were drawn of the nodes that have inline spans.
    drawn: &'a mut BTreeMap<NodeId, usize>,
    content: Content,
    marked: Option<Marked>,
    in_text: bool,
    /// Whether content is upright on the paper: everything except the content of a landscape page.
    upright: bool,
    state: State,
}

impl Pen<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Text(run) => self.text(run),
            Item::Rule(rule) => self.rule(rule),
            Item::Image(image) => self.image(image),
            Item::Path(path) => self.path(path),
        }
    }

    /// Draws a run, the label of a list item apart from what follows it.
    fn text(&mut self, run: &TextRun) {
        let Owner::Node(node) = run.owner else {
            return self.glyphs(run, &run.glyphs, mark(run.owner, Part::Body));
        };
        let left = self.labels.get(&node).copied().unwrap_or(0);
        let (label, body) = run.glyphs.split_at(label_end(&run.glyphs, left));
        if !label.is_empty() {
            let drawn: usize = label.iter().map(|glyph| characters(&glyph.text)).sum();
            self.labels.insert(node, left.saturating_sub(drawn));
            self.glyphs(run, label, Marked::Node(node, Part::Label));
            self.count(node, label);
            if !self.notes.is_empty() {
                self.place_number(node, run, label);
            }
        } else if self.notes.marked(node).is_some() {
            self.place_number(node, run, body);
        }
        for (part, glyphs) in self.pieces(node, body) {
            if let Part::Inline(inline) = part {
                let rect = self.text_rect(run, glyphs);
                self.contents.place_text(node, inline, rect, usize::from(!self.upright));
            }
            self.glyphs(run, glyphs, Marked::Node(node, part));
        }
    }

    /// Records the box of a footnote's number, in the text or before the footnote: links lead from there.
    fn place_number(&mut self, node: NodeId, run: &TextRun, glyphs: &[PlacedGlyph]) {
        let rect = self.text_rect(run, glyphs);
        self.contents.place_text(node, NUMBER, rect, usize::from(!self.upright));
    }

    /// Splits glyphs where inline spans begin and end.
    fn pieces<'g>(&mut self, node: NodeId, glyphs: &'g [PlacedGlyph]) -> Vec<(Part, &'g [PlacedGlyph])> {
        let inlines = self.inlines.of(node);
        if inlines.is_empty() {
            return if glyphs.is_empty() { Vec::new() } else { vec![(Part::Body, glyphs)] };
        }
        let mut pieces: Vec<(Part, std::ops::Range<usize>)> = Vec::new();
        for (index, glyph) in glyphs.iter().enumerate() {
            let from = self.drawn.get(&node).copied().unwrap_or(0);
            self.count(node, std::slice::from_ref(glyph));
            let to = self.drawn.get(&node).copied().unwrap_or(0);
            let part = match pieces.last() {
                // The later glyphs of a cluster stay with its first.
                Some((part, _)) if glyph.text == GlyphText::None => *part,
                _ => {
                    // A space belongs to the span on both sides of it.
                    let holds = |inline: &Inline| {
                        let start = if from == to { inline.range.start + 1 } else { inline.range.start };
                        (start..inline.range.end).contains(&from)
                    };
                    // They are in order, and a text may have thousands: only the first that ends behind can hold it.
                    let at = inlines.partition_point(|inline| inline.range.end <= from);
                    if inlines.get(at).is_some_and(holds) { Part::Inline(at) } else { Part::Body }
                }
            };
            match pieces.last_mut() {
                Some((last, range)) if *last == part => range.end = index + 1,
                _ => pieces.push((part, index..index + 1)),
            }
        }
        pieces.into_iter().map(|(part, range)| (part, &glyphs[range])).collect()
    }

    /// Counts what was drawn of a node.
    fn count(&mut self, node: NodeId, glyphs: &[PlacedGlyph]) {
        if self.inlines.of(node).is_empty() {
            return;
        }
        let mut text = String::new();
        glyphs.iter().for_each(|glyph| push_text(&mut text, &glyph.text));
        *self.drawn.entry(node).or_default() += text.chars().filter(|c| !c.is_whitespace()).count();
    }

    /// The rectangle around some glyphs of a run, as high as a line of text is.
    fn text_rect(&self, run: &TextRun, glyphs: &[PlacedGlyph]) -> [f32; 4] {
        /// Above and below the baseline, in thousandths of an em.
        const HEIGHT: (i64, i64) = (900, 220);
        let (font, subset) = (self.fonts.font(run.font), self.subsets.get(run.font));
        let left = run.origin.x + glyphs.first().map_or(Length::ZERO, |glyph| glyph.x);
        let right = run.origin.x
            + glyphs.last().map_or(Length::ZERO, |glyph| {
                let width = i64::from(subset.width(subset.glyph(font, glyph.id)));
                glyph.x + run.size * width / 1000
            });
        let top = run.origin.y - run.size * HEIGHT.0 / 1000;
        let bottom = run.origin.y + run.size * HEIGHT.1 / 1000;
        self.rect(Rect::new(left, top, right - left, bottom - top))
    }

    /// Draws some glyphs of a run.
    fn glyphs(&mut self, run: &TextRun, glyphs: &[PlacedGlyph], marked: Marked) {
        self.begin_mark(marked);
        self.begin_text();
        self.set_font(run);
        self.set_colour(run.colour);
        self.set_weight(run);
        let codes = self.codes(run, glyphs);
        for (actual_text, part) in spans(glyphs, &codes, self.subsets.get(run.font)) {
            if let Some(text) = &actual_text {
                self.content.begin_span(text);
            }
            self.show(run, &glyphs[part.clone()], &codes[part]);
            if actual_text.is_some() {
                self.content.end_marked();
            }
        }
    }

    fn codes(&self, run: &TextRun, glyphs: &[PlacedGlyph]) -> Codes {
        let (font, subset) = (self.fonts.font(run.font), self.subsets.get(run.font));
        let code = |glyph: &PlacedGlyph| {
            let code = subset.code(font, glyph);
            (code, subset.width(code))
        };
        glyphs.iter().map(code).collect()
    }

    /// Shows glyphs, each at its place.
    fn show(&mut self, run: &TextRun, glyphs: &[PlacedGlyph], codes: &[(u16, u16)]) {
        let Some(first) = glyphs.first() else { return };
        let size = run.size.to_pt();
        if let Some(spacing) = usual_spacing(run.size, glyphs, codes).filter(|&it| it != self.state.spacing) {
            self.state.spacing = spacing;
            self.content.numbers([spacing], "Tc");
        }
        let origin = self.point(Point::new(run.origin.x + first.x, run.origin.y));
        // A line of a turned page runs up the paper.
        let (along, [a, b, c, d]) =
            if self.upright { (origin.0, [1.0, 0.0, 0.0, 1.0]) } else { (origin.1, [0.0, 1.0, -1.0, 0.0]) };
        self.content.numbers([a, b, c, d, origin.0, origin.1], "Tm");
        let thousandths = |length: Length| length.to_pt() / size * 1000.0;
        // From the origin just set, in thousandths of an em: where the first glyph should be, and where the
        // viewer's pen is.
        let start = thousandths(run.origin.x + first.x) - f64::from(along) / size * 1000.0;
        let spacing = f64::from(self.state.spacing) / size * 1000.0;
        let slack = SLACK / size * 1000.0;
        let mut pen = 0.0;
        let mut shown = self.content.show();
        for (&(code, width), next) in codes.iter().zip(glyphs.iter().skip(1).map(Some).chain([None])) {
            pen += f64::from(width) + spacing;
            let wanted = next.map_or(pen, |next| start + thousandths(next.x - first.x));
            let back =
                if (pen - wanted).abs() < slack { 0.0 } else { ((pen - wanted) * 100.0).round() / 100.0 };
            pen -= back;
            shown.glyph(code, back as f32);
        }
        shown.end();
    }

    fn rule(&mut self, rule: &Rule) {
        self.begin_mark(Marked::Artifact(Artifact::Layout));
        self.end_text();
        self.set_colour(rule.colour);
        let [left, bottom, right, top] = self.rect(rule.rect);
        let width = round(f64::from(right) - f64::from(left));
        let height = round(f64::from(top) - f64::from(bottom));
        self.content.numbers([left, bottom, width, height], "re");
        self.content.operator("f");
    }

    /// Draws a picture. There is none on a landscape page, which has only tables and their headings.
    fn image(&mut self, image: &PlacedImage) {
        self.begin_mark(mark(image.owner, Part::Body));
        self.end_text();
        let rect @ [left, bottom, right, top] = self.rect(image.rect);
        if let Owner::Node(node) = image.owner {
            self.contents.place(node, rect);
        }
        let width = round(f64::from(right) - f64::from(left));
        let height = round(f64::from(top) - f64::from(bottom));
        self.content.operator("q");
        self.content.numbers([width, 0.0, 0.0, height, left, bottom], "cm");
        self.content.name(&self.images.name(&image.picture), "Do");
        self.content.operator("Q");
    }

    /// Draws a shape. All of its graphics state is its own.
    // ISO 32000-1, 8.5
    fn path(&mut self, path: &Path) {
        let Shape { outline, fill, stroke } = &path.shape;
        self.begin_mark(mark(path.owner, Part::Body));
        self.end_text();
        if let (Owner::Node(node), [Step::Rect(rect)]) = (path.owner, &outline[..]) {
            let around = Rect { origin: path.origin.moved(rect.origin), size: rect.size };
            self.contents.place(node, self.rect(around));
        }
        if *fill == Fill::None && stroke.is_none() {
            return;
        }
        self.content.operator("q");
        match fill {
            Fill::None => {}
            Fill::Solid(colour) => {
                self.fill(*colour);
                self.outline(path.origin, outline);
                self.content.operator("f");
            }
            Fill::Lines(lines, width) => {
                self.content.operator("q");
                self.fill(Colour { rgb: [0xFF; 3] });
                self.outline(path.origin, outline);
                // Filled, and what follows is drawn within it.
                self.content.operator("W f");
                self.stroke(Colour::BLACK);
                self.content.numbers([round(width.to_pt())], "w");
                self.outline(path.origin, lines);
                self.content.operator("S");
                self.content.operator("Q");
            }
        }
        if let Some(Stroke { width, colour, dashes }) = stroke {
            self.stroke(*colour);
            self.content.numbers([round(width.to_pt())], "w");
            // Round joins: a steep turn of a line has no spike.
            self.content.operator("1 j");
            if !dashes.is_empty() {
                self.content.dashes(dashes.iter().map(|dash| round(dash.to_pt())));
            }
            self.outline(path.origin, outline);
            self.content.operator("S");
        }
        self.content.operator("Q");
    }

    fn outline(&mut self, origin: Point, steps: &[Step]) {
        for step in steps {
            let at = |point: Point| self.point(origin.moved(point));
            match *step {
                Step::Move(to) => {
                    let (x, y) = at(to);
                    self.content.numbers([x, y], "m");
                }
                Step::Line(to) => {
                    let (x, y) = at(to);
                    self.content.numbers([x, y], "l");
                }
                Step::Curve(one, other, to) => {
                    let ((a, b), (c, d), (x, y)) = (at(one), at(other), at(to));
                    self.content.numbers([a, b, c, d, x, y], "c");
                }
                Step::Rect(rect) => {
                    let [left, bottom, right, top] =
                        self.rect(Rect { origin: origin.moved(rect.origin), size: rect.size });
                    let width = round(f64::from(right) - f64::from(left));
                    let height = round(f64::from(top) - f64::from(bottom));
                    self.content.numbers([left, bottom, width, height], "re");
                }
                Step::Close => self.content.operator("h"),
            }
        }
    }

    /// Begins a marked-content sequence, and ends the current one, unless it is the same.
    fn begin_mark(&mut self, marked: Marked) {
        if self.marked == Some(marked) {
            return;
        }
        self.end_mark();
        self.marked = Some(marked);
        match marked {
            Marked::Node(node, part) => self.content.begin_marked(self.contents.mark(node, part).mcid),
            Marked::Artifact(Artifact::Pagination) => self.content.begin_artifact("Pagination"),
            Marked::Artifact(Artifact::Layout) => self.content.begin_artifact("Layout"),
        }
    }

    fn end_mark(&mut self) {
        self.end_text();
        if self.marked.take().is_some() {
            self.content.end_marked();
        }
    }

    fn begin_text(&mut self) {
        if !std::mem::replace(&mut self.in_text, true) {
            self.content.operator("BT");
        }
    }

    fn end_text(&mut self) {
        if std::mem::take(&mut self.in_text) {
            self.content.operator("ET");
        }
    }

    fn set_font(&mut self, run: &TextRun) {
        if self.state.font != Some((run.font, run.size)) {
            self.state.font = Some((run.font, run.size));
            let size = round(run.size.to_pt());
            self.content.font(&self.subsets.get(run.font).resource, size);
        }
    }

    /// Bold is drawn with a line around the glyphs, since the fonts that offices use have no bold cut.
    // ISO 32000-1, 9.3.6
    fn set_weight(&mut self, run: &TextRun) {
        let stroke = run.strong.then(|| (run.size * STROKE / 1000, run.colour));
        if self.state.stroke == stroke {
            return;
        }
        self.state.stroke = stroke;
        match stroke {
            Some((width, colour)) => {
                self.stroke(colour);
                self.content.numbers([round(width.to_pt())], "w");
                self.content.operator("2 Tr");
            }
            None => self.content.operator("0 Tr"),
        }
    }

    fn set_colour(&mut self, colour: Colour) {
        if self.state.colour != Some(colour) {
            self.state.colour = Some(colour);
            self.fill(colour);
        }
    }

    /// Black, white and grays as gray: a printer then takes its black ink alone.
    fn fill(&mut self, colour: Colour) {
        self.colour(colour, "g", "rg");
    }

    fn stroke(&mut self, colour: Colour) {
        self.colour(colour, "G", "RG");
    }

    fn colour(&mut self, colour: Colour, gray: &str, rgb: &str) {
        let [r, g, b] = colour.rgb.map(|value| round(f64::from(value) / 255.0));
        if colour.rgb == [colour.rgb[0]; 3] {
            self.content.numbers([r], gray);
        } else {
            self.content.numbers([r, g, b], rgb);
        }
    }

    /// A point in PDF coordinates: from the bottom left corner, in points.
    fn point(&self, point: Point) -> (f32, f32) {
        let place = if self.upright { point } else { self.page.on_paper(point) };
        from_bottom(self.page, place)
    }

    /// Left, bottom, right, top in points.
    fn rect(&self, rect: Rect) -> [f32; 4] {
        corners(rect, |point| self.point(point))
    }
}

/// The rectangle on the paper of a rectangle on the page as it is read: left, bottom, right, top in points.
pub(super) fn place_on_paper(page: &Page, rect: Rect) -> [f32; 4] {
    corners(rect, |point| from_bottom(page, page.on_paper(point)))
}

fn from_bottom(page: &Page, place: Point) -> (f32, f32) {
    (round(place.x.to_pt()), round((page.paper.height - place.y).to_pt()))
}

fn corners(rect: Rect, point: impl Fn(Point) -> (f32, f32)) -> [f32; 4] {
    let (x0, y0) = point(Point::new(rect.left(), rect.bottom()));
    let (x1, y1) = point(Point::new(rect.right(), rect.top()));
    [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]
}

fn mark(owner: Owner, part: Part) -> Marked {
    match owner {
        Owner::Node(node) => Marked::Node(node, part),
        Owner::Artifact(artifact) => Marked::Artifact(artifact),
    }
}

/// How many of the first glyphs belong to a label of which `left` characters are still to be drawn.
fn label_end(glyphs: &[PlacedGlyph], left: usize) -> usize {
    let mut drawn = 0;
    let ends = |glyph: &PlacedGlyph| {
        let before = drawn;
        drawn += characters(&glyph.text);
        before >= left && glyph.text != GlyphText::None
    };
    if left == 0 { 0 } else { glyphs.iter().position(ends).unwrap_or(glyphs.len()) }
}

fn characters(text: &GlyphText) -> usize {
    match text {
        GlyphText::Char(_) => 1,
        GlyphText::Chars(text) => text.chars().count(),
        GlyphText::None => 0,
    }
}

/// The glyphs of a run by their new numbers, each with its width in thousandths of an em.
type Codes = smallvec::SmallVec<[(u16, u16); 64]>;

/// Splits glyphs into those that copy out by `ToUnicode` and those that need an `ActualText`.
///
/// poppler takes marks that are set close, as in `》、《`, for a column of their own. An `ActualText` would mend that, but ends
/// the text of the element for poppler's reader of the structure, which screen readers ask: what is not needed has none.
fn spans(
    glyphs: &[PlacedGlyph],
    codes: &[(u16, u16)],
    subset: &Subset,
) -> Vec<(Option<String>, std::ops::Range<usize>)> {
    let mut spans = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while at < glyphs.len() {
        // The later glyphs of a cluster have no text of their own.
        let end = at + 1 + glyphs[at + 1..].iter().take_while(|glyph| glyph.text == GlyphText::None).count();
        let own = end == at + 1 && is_text(&glyphs[at].text, subset.text(codes[at].0));
        if !own {
            let mut text = String::new();
            glyphs[at..end].iter().for_each(|glyph| push_text(&mut text, &glyph.text));
            if plain < at {
                spans.push((None, plain..at));
            }
            spans.push((Some(text), at..end));
            plain = end;
        }
        at = end;
    }
    if plain < glyphs.len() {
        spans.push((None, plain..glyphs.len()));
    }
    spans
}

/// Whether the text of a glyph is exactly this.
fn is_text(glyph: &GlyphText, text: &str) -> bool {
    match glyph {
        GlyphText::Char(character) => *character.encode_utf8(&mut [0; 4]) == *text,
        GlyphText::Chars(characters) => **characters == *text,
        GlyphText::None => text.is_empty(),
    }
}

/// Width of the line around bold glyphs, in thousandths of an em.
const STROKE: i64 = 30;

/// A glyph this near to its place, in points, is at its place: a seven-hundredth of a millimetre. The next
/// gap is computed from the actual position, so that errors never add up.
const SLACK: f64 = 0.004;

/// The gap beside the widths that most glyphs of a run have, in points: one number for the run in place of one for
/// every glyph. None if any will do.
fn usual_spacing(size: Length, glyphs: &[PlacedGlyph], codes: &[(u16, u16)]) -> Option<f32> {
    /// Gaps that differ by less than this many EMU, a thousandth of a point, are one.
    const STEP: i64 = 13;
    if glyphs.len() < 3 {
        return None;
    }
    let mut gaps: smallvec::SmallVec<[(i64, usize); 16]> = smallvec::SmallVec::new();
    for (pair, (_, width)) in glyphs.windows(2).zip(codes) {
        let gap = (pair[1].x - pair[0].x).to_emu() - i64::from(*width) * size.to_emu() / 1000;
        let gap = (gap + STEP / 2).div_euclid(STEP);
        match gaps.iter_mut().find(|(other, _)| *other == gap) {
            Some((_, count)) => *count += 1,
            None => gaps.push((gap, 1)),
        }
    }
    gaps.sort_unstable();
    let (gap, count) = gaps.into_iter().max_by_key(|&(_, count)| count)?;
    let usual = if count * 2 < glyphs.len() { 0 } else { gap * STEP };
    Some(round(Length::emu(usual).to_pt()))
}

/// Three decimals: a thousandth of a point is a third of a thousandth of a millimetre.
pub(super) fn round(value: f64) -> f32 {
    ((value * 1000.0).round() / 1000.0) as f32
}
