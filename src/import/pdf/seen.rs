//! What of a page is seen: the page turned so that its text is upright, each glyph once, and what is hidden or struck apart.

use std::collections::HashMap;

use hayro::kurbo::Point;

use super::drawn::{Page, Rule};
use super::glyph::{Glyph, Seen, UNKNOWN, Way};
use super::text;
use crate::diagnostic::Place;
use crate::import::blocks::{Block, Left};

/// Rules closer together than this are one, in points.
pub(super) const NEAR: f64 = 2.5;

impl Page {
    /// Keeps what is seen; the answer is the rest, as what has no place in a report.
    pub fn see(&mut self) -> Vec<Block> {
        self.turn();
        self.drop_copies();
        self.strike();
        let has_shown = self.glyphs.iter().any(|glyph| glyph.seen == Seen::Shown && !glyph.is_space());
        for glyph in &mut self.glyphs {
            glyph.seen = match glyph.seen {
                // The recognised text of a scan: the picture shows the same.
                Seen::Unpainted | Seen::UnderPicture if !has_shown => Seen::Shown,
                Seen::Unpainted | Seen::UnderPicture => Seen::Hidden,
                other => other,
            };
        }
        self.tell_cuts();
        let mut left = Vec::new();
        for (seen, what) in [(Seen::Hidden, Left::Hidden), (Seen::Struck, Left::Struck)] {
            let (own, rest) = std::mem::take(&mut self.glyphs).into_iter().partition(|one| one.seen == seen);
            self.glyphs = rest;
            left.extend(self.left_over(own, what));
        }
        // Watermarks belong to the page as headers do.
        let (own, rest) =
            std::mem::take(&mut self.glyphs).into_iter().partition(|one| one.way == Way::Aslant);
        self.glyphs = rest;
        left.extend(self.left_over(own, Left::Margin));
        left
    }

    /// Glyphs that are left out, by lines.
    fn left_over(&self, mut own: Vec<Glyph>, what: Left) -> Vec<Block> {
        if what == Left::Margin {
            own.sort_by_key(|glyph| glyph.run);
            let text: String = own.iter().map(|glyph| glyph.text.as_str()).collect();
            let place = own.first().map(|first| self.place(first.x, first.y));
            let block =
                place.map(|place| Block::Left { what, text: text.trim().to_owned(), at: None, place });
            return block.into_iter().collect();
        }
        text::lines(own)
            .into_iter()
            .filter_map(|line| {
                let first = line.first()?;
                let place = self.place(first.x, first.y);
                Some(Block::Left { what, text: text::of(&line, text::Within::Prose), at: None, place })
            })
            .collect()
    }

    /// A place on the page as it is shown.
    pub fn place(&self, x: f64, y: f64) -> Place {
        let (x, y) = match self.turned {
            Way::Right | Way::Aslant => (x, y),
            Way::Down => (self.height - y, x),
            Way::Left => (self.width - x, self.height - y),
            Way::Up => (y, self.width - x),
        };
        let millimetres = |points: f64| (points.max(0.0) * 25.4 / 72.0).round() as u32;
        Place::Point { page: self.number, x: millimetres(x), y: millimetres(y) }
    }

    /// Turns the page so that most of its text runs to the right.
    fn turn(&mut self) {
        let mut counts: Vec<(Way, usize)> =
            [Way::Right, Way::Down, Way::Left, Way::Up].map(|way| (way, 0)).into();
        for glyph in self.glyphs.iter().filter(|glyph| !glyph.is_space()) {
            if let Some((_, count)) = counts.iter_mut().find(|(way, _)| *way == glyph.way) {
                *count += 1;
            }
        }
        // The first of several with as many.
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let Some((way, _)) = counts.into_iter().find(|(_, count)| *count == most) else { return };
        self.turned = way;
        if way == Way::Right {
            return;
        }
        let (width, height) = (self.width, self.height);
        let turned = |point: Point| turned(point, way, width, height);
        for glyph in &mut self.glyphs {
            let point = turned(Point::new(glyph.x, glyph.y));
            (glyph.x, glyph.y) = (point.x, point.y);
            glyph.way = from(glyph.way, way);
        }
        let rule = |rule: &Rule, is_flat: bool| {
            let ends = [rule.from, rule.to]
                .map(|end| turned(if is_flat { Point::new(end, rule.at) } else { Point::new(rule.at, end) }));
            let [one, other] = ends;
            if (one.y - other.y).abs() < (one.x - other.x).abs() {
                (true, Rule { at: one.y, from: one.x.min(other.x), to: one.x.max(other.x) })
            } else {
                (false, Rule { at: one.x, from: one.y.min(other.y), to: one.y.max(other.y) })
            }
        };
        let all: Vec<(bool, Rule)> = (self.across.iter().map(|own| rule(own, true)))
            .chain(self.down.iter().map(|own| rule(own, false)))
            .collect();
        self.across = all.iter().filter(|(is_flat, _)| *is_flat).map(|(_, rule)| *rule).collect();
        self.down = all.iter().filter(|(is_flat, _)| !*is_flat).map(|(_, rule)| *rule).collect();
        if matches!(way, Way::Down | Way::Up) {
            (self.width, self.height) = (height, width);
        }
    }

    /// A glyph that is drawn again at nearly the same place, as simulated bold letters and shadows are, is one.
    fn drop_copies(&mut self) {
        /// The side of a square in which a copy is looked for, and how far away it is at most, in sizes.
        const SIDE: f64 = 0.5;
        const FAR: f64 = 0.2;
        let mut kept: Vec<Glyph> = Vec::with_capacity(self.glyphs.len());
        type Key = (String, i64, i64, i64, Way);
        let mut by_place: HashMap<Key, Vec<usize>> = HashMap::new();
        for glyph in std::mem::take(&mut self.glyphs) {
            if glyph.is_space() || glyph.size <= 0.0 {
                kept.push(glyph);
                continue;
            }
            let side = glyph.size * SIDE;
            let (column, row) = ((glyph.x / side).floor() as i64, (glyph.y / side).floor() as i64);
            let size = (glyph.size * 20.0).round() as i64;
            let key = |x: i64, y: i64| (glyph.text.clone(), size, column + x, row + y, glyph.way);
            let near = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y)));
            let copy = near.filter_map(|(x, y)| by_place.get(&key(x, y))).flatten().copied().find(|at| {
                let other: &Glyph = &kept[*at];
                (other.x - glyph.x).abs() < FAR * glyph.size && (other.y - glyph.y).abs() < FAR * glyph.size
            });
            match copy {
                Some(at) if glyph.seen == Seen::Shown && kept[at].seen != Seen::Shown => kept[at] = glyph,
                Some(_) => {}
                None => {
                    by_place.entry(key(0, 0)).or_default().push(kept.len());
                    kept.push(glyph);
                }
            }
        }
        self.glyphs = kept;
    }

    /// A figure of which a part is hidden is none.
    fn tell_cuts(&mut self) {
        let is_digit = |glyph: &Glyph| glyph.text.ends_with(|c: char| c.is_ascii_digit());
        for at in 1..self.glyphs.len() {
            let (before, after) = self.glyphs.split_at_mut(at);
            let (Some(one), other) = (before.last_mut(), &mut after[0]) else { continue };
            // A digit that is told already is still one.
            let was_digit = one.text.starts_with(UNKNOWN) || is_digit(one);
            if one.run != other.run || !was_digit || !is_digit(other) {
                continue;
            }
            match (one.seen, other.seen) {
                (Seen::Shown, Seen::Hidden) => one.text = UNKNOWN.to_string(),
                (Seen::Hidden, Seen::Shown) => other.text = UNKNOWN.to_string(),
                _ => {}
            }
        }
    }

    /// Finds rules that strike text out, and takes them from those that make tables.
    fn strike(&mut self) {
        let mut order: Vec<usize> =
            (0..self.glyphs.len()).filter(|at| self.glyphs[*at].seen == Seen::Shown).collect();
        order.sort_by(|a, b| self.glyphs[*a].y.total_cmp(&self.glyphs[*b].y));
        let largest = order.iter().map(|at| self.glyphs[*at].size).fold(0.0, f64::max);
        let down = self.down.clone();
        let is_of_table = |rule: &Rule| {
            let touches = |x: f64| {
                down.iter().any(|own| {
                    (own.at - x).abs() <= NEAR && own.from - NEAR <= rule.at && rule.at <= own.to + NEAR
                })
            };
            touches(rule.from) && touches(rule.to)
        };
        let mut kept = Vec::new();
        for rule in std::mem::take(&mut self.across) {
            // A rule of a table may be made of pieces.
            if is_of_table(&rule) {
                kept.push(rule);
                continue;
            }
            let first = order.partition_point(|at| self.glyphs[*at].y < rule.at);
            let mut struck = Vec::new();
            for &at in &order[first..] {
                let glyph = &self.glyphs[at];
                if glyph.y > rule.at + largest {
                    break;
                }
                let height = (glyph.y - rule.at) / glyph.size;
                let middle = glyph.x + glyph.advance / 2.0;
                let is_through = (0.12..0.6).contains(&height)
                    && rule.from <= middle
                    && middle <= rule.to
                    && glyph.way == Way::Right;
                if is_through {
                    struck.push(at);
                }
            }
            self.take(1 + (order.len() - first).min(4000) / 16);
            if struck.iter().all(|at| self.glyphs[*at].is_space()) {
                kept.push(rule);
                continue;
            }
            struck.iter().for_each(|at| self.glyphs[*at].seen = Seen::Struck);
        }
        self.across = kept;
    }
}

/// Where a point comes to when a page is turned so that this way becomes the way to the right.
fn turned(point: Point, way: Way, width: f64, height: f64) -> Point {
    match way {
        Way::Right | Way::Aslant => point,
        Way::Down => Point::new(point.y, width - point.x),
        Way::Left => Point::new(width - point.x, height - point.y),
        Way::Up => Point::new(height - point.y, point.x),
    }
}

/// A way as it is on a page that was turned so that `turned` runs to the right.
fn from(way: Way, turned: Way) -> Way {
    const ALL: [Way; 4] = [Way::Right, Way::Down, Way::Left, Way::Up];
    let number = |way: Way| ALL.iter().position(|own| *own == way);
    match (number(way), number(turned)) {
        (Some(way), Some(turned)) => ALL[(way + 4 - turned) % 4],
        _ => Way::Aslant,
    }
}

/// Text that runs another way than that of its page, such as a label on its side, turned to the right.
pub(super) fn upright(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let way = match glyphs.iter().find(|glyph| !glyph.is_space()) {
        Some(first) if first.way != Way::Right && glyphs.iter().all(|one| one.way == first.way) => first.way,
        _ => return glyphs,
    };
    let one = |mut glyph: Glyph| {
        let point = turned(Point::new(glyph.x, glyph.y), way, 0.0, 0.0);
        (glyph.x, glyph.y, glyph.way) = (point.x, point.y, Way::Right);
        glyph
    };
    glyphs.into_iter().map(one).collect()
}
