//! Tables that rules make: their cells are the rectangles between rules.

use std::collections::BTreeMap;

use hayro::kurbo::{Point, Rect};

use super::drawn::{Page, Rule};
use super::glyph::Glyph;
use super::seen::{NEAR, upright};
use super::text::{self, Within};
use crate::import::blocks::{Cell, Grid};

/// The most columns or rows of a table on a page.
const MOST_LINES: usize = 120;

/// A table on a page: its cells by rectangles.
pub(super) struct Table {
    pub area: Rect,
    pub grid: Grid,
}

impl Page {
    /// The tables that rules make, with the glyphs in their cells, which are taken.
    pub fn tables(&mut self) -> Vec<Table> {
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
            std::mem::take(&mut self.glyphs).into_iter().partition(|glyph| area.contains(glyph.middle()));
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
            let Point { x, y } = glyph.middle();
            let column = xs[1..].iter().position(|edge| x < *edge)?;
            let row = ys[1..].iter().position(|edge| y < *edge)?;
            by_cell.entry(owner[row * columns + column]).or_default().push(glyph);
        }
        // The rules of a table that was read by its tags are left.
        if by_cell.is_empty() {
            return None;
        }
        let by_cell: BTreeMap<(usize, usize), Vec<Vec<Glyph>>> =
            by_cell.into_iter().map(|(cell, glyphs)| (cell, text::lines(upright(glyphs)))).collect();
        let spacing = text::spacing(by_cell.values().flatten().map(Vec::as_slice));
        let mut grid = Grid { rows: vec![Vec::new(); rows], has_columns: true };
        for ((row, column), (high, wide)) in spans {
            let lines = by_cell.get(&(row, column)).map(Vec::as_slice).unwrap_or_default();
            let text: Vec<String> =
                lines.iter().map(|line| text::of(line, Within::Cell { spacing })).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_make_cells_and_missing_rules_merge_them() {
        let rule = |at: f64, from: f64, to: f64| Rule { at, from, to };
        let mut page = Page::new(1, 100.0, 100.0);
        page.across = vec![rule(0.0, 0.0, 60.0), rule(20.0, 20.0, 60.0), rule(40.0, 0.0, 60.0)];
        page.down =
            vec![rule(0.0, 0.0, 40.0), rule(20.0, 0.0, 40.0), rule(40.0, 20.0, 40.0), rule(60.0, 0.0, 40.0)];
        let glyph = |x: f64, y: f64, text: &str| Glyph {
            x,
            y,
            size: 8.0,
            advance: 4.0,
            text: text.to_owned(),
            ..Glyph::default()
        };
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
