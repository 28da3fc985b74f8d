//! Lines of pages joined into paragraphs.

use std::collections::BTreeMap;

use super::drawn::Page;
use super::glyph::{Glyph, Way};
use super::seen::upright;
use super::text::{self, Within};
use crate::diagnostic::Place;
use crate::forms::values::is_like_value;
use crate::import::blocks::{Block, Grid, Paragraph};

impl Page {
    /// Its lines and tables from top to bottom; those of its tags are known.
    pub fn blocks(mut self, tagged: Vec<(f64, Grid)>) -> Vec<(f64, Line)> {
        let mut found: Vec<(f64, Line)> =
            tagged.into_iter().map(|(y, grid)| (y, Line::Table(grid))).collect();
        for table in self.tables() {
            found.push((table.area.y0, Line::Table(table.grid)));
        }
        let mut by_way: BTreeMap<Way, Vec<Glyph>> = BTreeMap::new();
        for glyph in std::mem::take(&mut self.glyphs) {
            by_way.entry(glyph.way).or_default().push(glyph);
        }
        for (way, own) in by_way {
            // Text on its side is a block of its own, at its first glyph.
            let top = own.first().map(|first| (first.x, first.y)).filter(|_| way != Way::Right);
            for line in text::lines(upright(own)) {
                found.extend(self.line(&line, top));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
    }

    fn line(&self, line: &[Glyph], top: Option<(f64, f64)>) -> Option<(f64, Line)> {
        let (first, last) = (line.first()?, line.last()?);
        let (x, y) = top.unwrap_or((first.x, first.y));
        let row = text::of(line, Within::Row);
        let values = row.split_whitespace().filter(|part| is_like_value(part)).count();
        let text = if values > 0 { row } else { text::of(line, Within::Prose) };
        if top.is_none() && self.is_page_number(&text, first) {
            return None;
        }
        let (left, right) = (first.x, last.end());
        let is_balanced = ((left + right) / 2.0 - self.width / 2.0).abs() < first.size && top.is_none();
        let is_centred = is_balanced && left > self.width * 0.2;
        let place = self.place(x, y);
        let (size, width) = (first.size, self.width);
        let words = Words { text, left, right, y, size, is_balanced, is_centred, values, width, place };
        Some((y, Line::Text(words)))
    }

    fn is_page_number(&self, text: &str, first: &Glyph) -> bool {
        let at_edge = first.y > self.height * 0.9 || first.y < self.height * 0.06;
        let solid: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        at_edge
            && solid.chars().count() <= 9
            && solid.chars().all(|c| c.is_ascii_digit() || "—-－–第页/共".contains(c))
    }
}

/// A line of text with its edges.
pub(super) struct Words {
    text: String,
    left: f64,
    right: f64,
    /// Of its baseline.
    y: f64,
    size: f64,
    /// Whether it is as far from one edge of the page as from the other.
    is_balanced: bool,
    is_centred: bool,
    /// How many figures it has.
    values: usize,
    width: f64,
    place: Place,
}

pub(super) enum Line {
    Text(Words),
    Table(Grid),
}

/// Lines joined into paragraphs: a line that is indented, or follows a short one, begins one.
pub(super) fn joined(lines: Vec<(f64, Line)>) -> Vec<Block> {
    let texts =
        || lines.iter().filter_map(|(_, line)| if let Line::Text(words) = line { Some(words) } else { None });
    let right = texts().map(|words| words.right).fold(0.0, f64::max);
    let left = texts().map(|words| words.left).fold(f64::INFINITY, f64::min);
    let mut sizes: Vec<f64> = texts().map(|words| words.size).collect();
    sizes.sort_by(f64::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let mut blocks: Vec<Block> = Vec::new();
    let mut last: Option<Words> = None;
    for (_, line) in lines {
        let words = match line {
            Line::Table(grid) => {
                blocks.push(Block::Table(grid));
                last = None;
                continue;
            }
            Line::Text(words) => words,
        };
        let is_table_like = |words: &Words| words.values >= 3;
        let goes_on = last.as_ref().is_some_and(|last| {
            let is_prose = right - last.right < last.size * 2.5
                && (words.size - last.size).abs() < 1.0
                && words.left - left < words.size
                && !words.is_centred
                && !last.is_centred
                && !is_table_like(last);
            is_prose || words.goes_on_title(last, usual)
        });
        match blocks.last_mut() {
            Some(Block::Paragraph(paragraph)) if goes_on && !is_table_like(&words) => {
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
        last = Some(words);
    }
    blocks
}

impl Words {
    /// Whether it is a further line of a title: as large, and in the middle as well.
    fn goes_on_title(&self, last: &Words, usual: f64) -> bool {
        let is_near = self.y > last.y && self.y - last.y < self.size * 2.2;
        let is_full = last.right - last.left > self.width * 0.35;
        let both = self.is_balanced && last.is_balanced;
        both && is_near && is_full && self.size > usual * 1.15 && (self.size - last.size).abs() < 0.5
    }
}
