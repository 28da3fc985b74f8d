//! The rules around cells: one for each straight line, so that corners meet.

use std::ops::Range;

use super::TableLayout;
use crate::geom::{Length, Point, Rect};
use crate::pages::{Item, Rule};
use crate::style::Colour;

impl TableLayout<'_> {
    /// Draws the rules of these rows with the top of the first at `origin`.
    pub(super) fn rules(&self, rows: Range<usize>, origin: Point, items: &mut Vec<Item>) {
        self.horizontal(rows.clone(), origin, items);
        self.vertical(rows, origin, items);
    }

    fn horizontal(&self, rows: Range<usize>, origin: Point, items: &mut Vec<Item>) {
        for boundary in rows.start..=rows.end {
            let outer = boundary == rows.start || boundary == rows.end;
            let drawn =
                |column: usize| outer || !self.is_one_cell((boundary - 1, column), (boundary, column));
            let y = origin.y + self.tops[boundary] - self.tops[rows.start];
            for stretch in stretches(self.columns(), drawn) {
                let (left, right) = (self.line_x(stretch.start), self.line_x(stretch.end));
                let rect = Rect::new(
                    origin.x + left - self.rule / 2,
                    y - self.rule / 2,
                    right - left + self.rule,
                    self.rule,
                );
                items.push(Item::Rule(Rule { rect, colour: Colour::BLACK }));
            }
        }
    }

    fn vertical(&self, rows: Range<usize>, origin: Point, items: &mut Vec<Item>) {
        for boundary in 0..=self.columns() {
            let outer = boundary == 0 || boundary == self.columns();
            let drawn = |row: usize| {
                let row = rows.start + row;
                outer || !self.is_one_cell((row, boundary - 1), (row, boundary))
            };
            let x = origin.x + self.line_x(boundary);
            for stretch in stretches(rows.len(), drawn) {
                let top = self.tops[rows.start + stretch.start] - self.tops[rows.start];
                let bottom = self.tops[rows.start + stretch.end] - self.tops[rows.start];
                let rect = Rect::new(
                    x - self.rule / 2,
                    origin.y + top - self.rule / 2,
                    self.rule,
                    bottom - top + self.rule,
                );
                items.push(Item::Rule(Rule { rect, colour: Colour::BLACK }));
            }
        }
    }

    /// The middle of the rule at a column's edge; the outermost ones are inside the table's width.
    fn line_x(&self, boundary: usize) -> Length {
        let edge = self.edges[boundary];
        match boundary {
            0 => edge + self.rule / 2,
            _ if boundary == self.columns() => edge - self.rule / 2,
            _ => edge,
        }
    }
}

/// The stretches of places that are drawn without a break between them.
fn stretches(count: usize, drawn: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for at in (0..count).filter(|at| drawn(*at)) {
        match stretches.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => stretches.push(at..at + 1),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn neighbours_share_a_rule() {
        assert_eq!(stretches(6, |at| at != 2), [0..2, 3..6]);
        assert!(stretches(3, |_| false).is_empty());
    }
}
