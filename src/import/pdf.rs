//! A PDF: the report that it carries, or its glyphs put into lines and, between ruled lines, into cells.
//!
//! hayro reads the file. It may be malicious, so that happens on a thread of its own: a panic ends the import and not the program.

use std::collections::BTreeMap;

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};

use super::blocks::{Block, Cell, Content, Grid, Paragraph};
use crate::characters::readable;
use crate::diagnostic::Place;
use crate::message;
use crate::options::Limits;
use crate::preview::counter;
use crate::preview::work::{self, TooMuch};
use crate::read::{ReadError, damaged, limit};

/// Rules closer together than this are one, in points.
const NEAR: f64 = 2.5;
/// What is thinner is a rule.
const THIN: f64 = 2.5;
/// The most rules of a page that make tables.
const MOST_RULES: usize = 2000;
/// The most columns or rows of a table on a page.
const MOST_LINES: usize = 120;

/// The content of a PDF.
pub(super) fn content(bytes: &[u8], limits: &Limits) -> Result<Content, ReadError> {
    const STACK: usize = 256 << 20;
    let bytes = bytes.to_vec();
    let pages = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(crate::preview::THREAD.into()).stack_size(STACK);
        let read = thread.spawn_scoped(scope, || pages(bytes, limits)).map(|thread| thread.join());
        match read {
            Ok(Ok(result)) => result,
            Ok(Err(reason)) => Err(match reason.downcast::<ReadError>() {
                Ok(error) => *error,
                Err(_) => damaged(message!("PDF 读不出来", "the PDF cannot be read")),
            }),
            Err(_) => Err(damaged(message!("PDF 读不出来", "the PDF cannot be read"))),
        }
    })?;
    let mut blocks = Vec::new();
    for page in pages {
        blocks.extend(page.blocks());
    }
    Ok(Content { blocks: joined(blocks), ..Content::default() })
}

fn pages(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<Page>, ReadError> {
    let too_much = |what: TooMuch| limit(what.message());
    work::within(&bytes).map_err(too_much)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadError::Encrypted,
        LoadPdfError::Invalid => damaged(message!("PDF 读不出来", "the PDF cannot be read")),
    })?;
    let form = work::objects_within(&pdf).map_err(too_much)?.form;
    let most = limits.paragraphs / 10;
    if pdf.pages().len() > most {
        return Err(limit(message!("PDF 超过 {most} 页", "the PDF has more than {most} pages")));
    }
    let cache = InterpreterCache::new();
    let mut left = limits.characters * 4;
    let mut work = limits.characters * 10;
    let mut found = Vec::new();
    for (number, page) in pdf.pages().iter().enumerate() {
        let (width, height) = page.render_dimensions();
        let transform = page.initial_transform(true).to_kurbo();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(transform, area, &cache, pdf.xref(), InterpreterSettings::default());
        let mut own = Page {
            number: number + 1,
            height: f64::from(height),
            width: f64::from(width),
            left,
            work,
            form,
            ..Page::default()
        };
        interpret_page(page, &mut context, &mut own);
        (left, work) = (own.left, own.work);
        if left == 0 {
            return Err(limit(message!("PDF 的文字太多", "the PDF has too much text")));
        }
        found.push(own);
    }
    Ok(found)
}

/// A glyph with its text.
#[derive(Clone, Debug)]
struct Glyph {
    x: f64,
    /// Of its baseline, from the top of the page.
    y: f64,
    size: f64,
    text: String,
}

impl Glyph {
    /// How far it advances, by its script: the file's own widths are those of its fonts, which are alike.
    fn advance(&self) -> f64 {
        self.text.chars().map(|c| if c < '\u{2000}' { 0.5 } else { 1.0 }).sum::<f64>() * self.size
    }
}

/// A straight rule, from `from` to `to` at `at`.
#[derive(Clone, Copy, Debug)]
struct Rule {
    at: f64,
    from: f64,
    to: f64,
}

/// What is on a page.
#[derive(Debug, Default)]
struct Page {
    number: usize,
    width: f64,
    height: f64,
    glyphs: Vec<Glyph>,
    across: Vec<Rule>,
    down: Vec<Rule>,
    /// How many glyphs may still be read.
    left: usize,
    /// How many steps of drawing may still be looked at: a form may draw itself in others a million times.
    work: usize,
    /// The bytes of the largest form.
    form: usize,
}

impl Page {
    /// Takes steps of work, or ends the thread: an interpretation has no other end.
    fn take(&mut self, steps: usize) {
        self.work = self.work.saturating_sub(steps);
        if self.work == 0 {
            work::give_up(limit(TooMuch::Drawing.message()));
        }
    }

    fn rule(&mut self, rect: Rect) {
        if self.across.len() + self.down.len() >= MOST_RULES {
            return;
        }
        // A rule is compared with every cell.
        const WORK: usize = 50;
        self.left = self.left.saturating_sub(WORK);
        let (width, height) = (rect.width(), rect.height());
        if height <= THIN && width > height * 2.0 {
            self.across.push(Rule { at: rect.center().y, from: rect.x0, to: rect.x1 });
        } else if width <= THIN && height > width * 2.0 {
            self.down.push(Rule { at: rect.center().x, from: rect.y0, to: rect.y1 });
        }
    }
}

impl<'a> Device<'a> for Page {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.take(1 + path.elements().len());
        let path = props.transform * path.clone();
        if matches!(mode, DrawMode::Fill(_)) {
            // A path may hold many rules.
            let mut part = BezPath::new();
            for element in path.elements() {
                if matches!(element, PathEl::MoveTo(_)) && !part.is_empty() {
                    self.rule(part.bounding_box());
                    part = BezPath::new();
                }
                part.push(*element);
            }
            if !part.is_empty() {
                self.rule(part.bounding_box());
            }
            return;
        }
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => (start, last) = (point, point),
                PathEl::LineTo(point) => {
                    self.rule(Rect::from_points(last, point));
                    last = point;
                }
                PathEl::ClosePath => {
                    self.rule(Rect::from_points(last, start));
                    last = start;
                }
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => last = point,
            }
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // A step is the work of some hundred bytes.
        const BYTES: usize = 100;
        let form = if counter::may_be_form(clip) { self.form / BYTES } else { 0 };
        self.take(1 + clip.path.elements().len() + form);
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.take(1);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.take(1);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.left = self.left.saturating_sub(1);
            self.take(1);
            if self.left == 0 {
                return;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => continue,
            };
            let text = readable(&text).into_owned();
            if text.trim().is_empty() {
                continue;
            }
            let transform: Affine = props.transform * glyph.transform();
            let origin = transform * Point::ZERO;
            let up = transform * Point::new(0.0, 1000.0);
            let size = (up - origin).hypot();
            self.glyphs.push(Glyph { x: origin.x, y: origin.y, size, text });
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.take(1);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// A table on a page: its cells by rectangles.
struct Table {
    area: Rect,
    grid: Grid,
}

impl Page {
    /// Its lines and tables from top to bottom.
    fn blocks(mut self) -> Vec<(f64, Line)> {
        let mut found: Vec<(f64, Line)> = Vec::new();
        for table in self.tables() {
            found.push((table.area.y0, Line::Table(table.grid)));
        }
        let glyphs = std::mem::take(&mut self.glyphs);
        for line in lines(glyphs) {
            let text = text_of(&line);
            let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
            if self.is_page_number(&text, first) {
                continue;
            }
            let (left, right) = (first.x, last.x + last.advance());
            let place = self.place(first.x, first.y);
            let centre = (left + right) / 2.0;
            let is_centred = (centre - self.width / 2.0).abs() < first.size && left > self.width * 0.2;
            found.push((
                first.y,
                Line::Text(Words {
                    text,
                    left,
                    right,
                    size: first.size,
                    is_centred,
                    width: self.width,
                    place,
                }),
            ));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
    }

    fn place(&self, x: f64, y: f64) -> Place {
        let millimetres = |points: f64| (points.max(0.0) * 25.4 / 72.0).round() as u32;
        Place::Point { page: self.number, x: millimetres(x), y: millimetres(y) }
    }

    fn is_page_number(&self, text: &str, first: &Glyph) -> bool {
        let at_edge = first.y > self.height * 0.9 || first.y < self.height * 0.06;
        let solid: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        at_edge
            && solid.chars().count() <= 9
            && solid.chars().all(|c| c.is_ascii_digit() || "—-－–第页/共".contains(c))
    }

    /// The tables that rules make, with the glyphs in their cells, which are taken.
    fn tables(&mut self) -> Vec<Table> {
        let mut found = Vec::new();
        for (across, down) in groups(&self.across, &self.down) {
            let ys = positions(across.iter().map(|rule| rule.at));
            let xs = positions(down.iter().map(|rule| rule.at));
            let is_table = ys.len() >= 3 && xs.len() >= 3 && ys.len() <= MOST_LINES && xs.len() <= MOST_LINES;
            if is_table {
                found.extend(self.table(&across, &down, &xs, &ys));
            }
        }
        found
    }

    fn table(&mut self, across: &[Rule], down: &[Rule], xs: &[f64], ys: &[f64]) -> Option<Table> {
        let (columns, rows) = (xs.len() - 1, ys.len() - 1);
        let middle = |edges: &[f64], at: usize| (edges[at] + edges[at + 1]) / 2.0;
        let has = |rules: &[Rule], at: f64, by: f64| {
            rules
                .iter()
                .any(|rule| (rule.at - at).abs() <= NEAR && rule.from - NEAR <= by && by <= rule.to + NEAR)
        };
        let open_right =
            |row: usize, column: usize| column + 1 < columns && !has(down, xs[column + 1], middle(ys, row));
        let open_below =
            |row: usize, column: usize| row + 1 < rows && !has(across, ys[row + 1], middle(xs, column));
        let mut taken = vec![false; columns * rows];
        let area = Rect::new(xs[0], ys[0], xs[columns], ys[rows]);
        let (inside, outside): (Vec<Glyph>, Vec<Glyph>) =
            std::mem::take(&mut self.glyphs).into_iter().partition(|glyph| {
                let middle = Point::new(glyph.x + glyph.advance() / 2.0, glyph.y - glyph.size * 0.35);
                area.contains(middle)
            });
        self.glyphs = outside;
        let mut by_cell: BTreeMap<(usize, usize), Vec<Glyph>> = BTreeMap::new();
        let mut spans: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
        let mut owner = vec![(0, 0); columns * rows];
        for row in 0..rows {
            for column in 0..columns {
                if taken[row * columns + column] {
                    continue;
                }
                let mut wide = 1;
                while open_right(row, column + wide - 1) && !taken[row * columns + column + wide] {
                    wide += 1;
                }
                let mut high = 1;
                while (column..column + wide).all(|at| open_below(row + high - 1, at)) {
                    high += 1;
                }
                for down in row..row + high {
                    for across in column..column + wide {
                        taken[down * columns + across] = true;
                        owner[down * columns + across] = (row, column);
                    }
                }
                spans.insert((row, column), (high, wide));
            }
        }
        for glyph in inside {
            let (x, y) = (glyph.x + glyph.advance() / 2.0, glyph.y - glyph.size * 0.35);
            let column = xs[1..].iter().position(|edge| x < *edge)?;
            let row = ys[1..].iter().position(|edge| y < *edge)?;
            by_cell.entry(owner[row * columns + column]).or_default().push(glyph);
        }
        let mut grid = Grid { rows: vec![Vec::new(); rows], has_columns: true };
        for ((row, column), (high, wide)) in spans {
            let glyphs = by_cell.remove(&(row, column)).unwrap_or_default();
            let text: Vec<String> = lines(glyphs).iter().map(|line| text_of(line)).collect();
            let place = self.place(xs[column], ys[row]);
            grid.rows[row].push(Cell {
                column,
                columns: wide,
                rows: high,
                text: text.join("\n"),
                header: false,
                place,
            });
        }
        Some(Table { area, grid })
    }
}

/// Rules that touch one another, together.
fn groups(across: &[Rule], down: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut of_across: Vec<usize> = vec![usize::MAX; across.len()];
    let mut of_down: Vec<usize> = vec![usize::MAX; down.len()];
    let touch = |flat: &Rule, tall: &Rule| {
        flat.from - NEAR <= tall.at
            && tall.at <= flat.to + NEAR
            && tall.from - NEAR <= flat.at
            && flat.at <= tall.to + NEAR
    };
    let mut count = 0;
    for start in 0..across.len() {
        if of_across[start] != usize::MAX {
            continue;
        }
        of_across[start] = count;
        let mut left = vec![(true, start)];
        while let Some((is_flat, at)) = left.pop() {
            if is_flat {
                for (other, tall) in down.iter().enumerate() {
                    if of_down[other] == usize::MAX && touch(&across[at], tall) {
                        of_down[other] = count;
                        left.push((false, other));
                    }
                }
            } else {
                for (other, flat) in across.iter().enumerate() {
                    if of_across[other] == usize::MAX && touch(flat, &down[at]) {
                        of_across[other] = count;
                        left.push((true, other));
                    }
                }
            }
        }
        count += 1;
    }
    (0..count)
        .map(|group| {
            let own = |rules: &[Rule], of: &[usize]| {
                rules
                    .iter()
                    .zip(of)
                    .filter(|(_, of)| **of == group)
                    .map(|(rule, _)| *rule)
                    .collect::<Vec<_>>()
            };
            (own(across, &of_across), own(down, &of_down))
        })
        .collect()
}

/// Different positions in order; those near to one another are one.
fn positions(all: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    let mut found: Vec<f64> = Vec::new();
    for position in all {
        if found.last().is_none_or(|last| position - last > NEAR) {
            found.push(position);
        }
    }
    found
}

/// Glyphs by lines from top to bottom, each from left to right.
fn lines(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line)
                if line.first().is_some_and(|first| glyph.y - first.y < first.size.max(glyph.size) * 0.5) =>
            {
                line.push(glyph);
            }
            _ => lines.push(vec![glyph]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines
}

/// The text of a line; a wide gap is a space.
fn text_of(line: &[Glyph]) -> String {
    let mut text = String::new();
    let mut end: Option<f64> = None;
    for glyph in line {
        if end.is_some_and(|end| glyph.x - end > glyph.size * 0.8) {
            text.push(' ');
        }
        text.push_str(&glyph.text);
        end = Some(glyph.x + glyph.advance());
    }
    text
}

/// A line of text with its edges.
struct Words {
    text: String,
    left: f64,
    right: f64,
    size: f64,
    is_centred: bool,
    width: f64,
    place: Place,
}

enum Line {
    Text(Words),
    Table(Grid),
}

/// Lines joined into paragraphs: a line that is indented, or follows a short one, begins one.
fn joined(lines: Vec<(f64, Line)>) -> Vec<Block> {
    let texts =
        || lines.iter().filter_map(|(_, line)| if let Line::Text(words) = line { Some(words) } else { None });
    let right = texts().map(|words| words.right).fold(0.0, f64::max);
    let left = texts().map(|words| words.left).fold(f64::INFINITY, f64::min);
    let mut blocks: Vec<Block> = Vec::new();
    let mut last: Option<(f64, f64)> = None;
    for (_, line) in lines {
        let words = match line {
            Line::Table(grid) => {
                blocks.push(Block::Table(grid));
                last = None;
                continue;
            }
            Line::Text(words) => words,
        };
        let is_table_like =
            words.text.split_whitespace().filter(|part| crate::forms::values::is_like_value(part)).count()
                >= 3;
        let continues = last.is_some_and(|(end, size)| {
            right - end < size * 2.5
                && (words.size - size).abs() < 1.0
                && words.left - left < words.size
                && !words.is_centred
        });
        match blocks.last_mut() {
            Some(Block::Paragraph(paragraph)) if continues && !is_table_like => {
                paragraph.text.push_str(&words.text)
            }
            _ => blocks.push(Block::Paragraph(Paragraph {
                text: words.text.trim().to_owned(),
                number: None,
                heading: None,
                centred: words.is_centred,
                right: words.left > words.width * 0.5,
                place: words.place.clone(),
            })),
        }
        last = (!is_table_like && !words.is_centred).then_some((words.right, words.size));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_make_cells_and_missing_rules_merge_them() {
        let rule = |at: f64, from: f64, to: f64| Rule { at, from, to };
        let mut page = Page { number: 1, width: 100.0, height: 100.0, ..Page::default() };
        page.across = vec![rule(0.0, 0.0, 60.0), rule(20.0, 20.0, 60.0), rule(40.0, 0.0, 60.0)];
        page.down =
            vec![rule(0.0, 0.0, 40.0), rule(20.0, 0.0, 40.0), rule(40.0, 20.0, 40.0), rule(60.0, 0.0, 40.0)];
        let glyph = |x: f64, y: f64, text: &str| Glyph { x, y, size: 8.0, text: text.to_owned() };
        page.glyphs = vec![
            glyph(5.0, 25.0, "甲"),
            glyph(30.0, 15.0, "乙"),
            glyph(25.0, 35.0, "1"),
            glyph(45.0, 35.0, "2"),
        ];
        let tables = page.tables();
        assert_eq!(tables.len(), 1);
        let cells: Vec<(usize, usize, usize, &str)> = tables[0]
            .grid
            .rows
            .iter()
            .flatten()
            .map(|cell| (cell.column, cell.columns, cell.rows, cell.text.as_str()))
            .collect();
        assert_eq!(cells, [(0, 1, 2, "甲"), (1, 2, 1, "乙"), (1, 1, 1, "1"), (2, 1, 1, "2")]);
    }
}
