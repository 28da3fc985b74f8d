//! Fragments, the rows of a table on one page: the header is repeated, cells are drawn, cells that span pages
//! are closed and continued.

use std::ops::Range;

use super::{CellLayout, Fragment, TableLayout, continued, vertical};
use crate::geom::{Length, Point};
use crate::pages::{Artifact, Item, Owner};
use crate::text::line::set;

impl TableLayout<'_> {
    /// Draws the fragment with its first row at `origin`; a repeated header is above it.
    pub fn draw(&mut self, fragment: &Fragment, origin: Point, items: &mut Vec<Item>) {
        let rows = fragment.rows.clone();
        if let Some(mark) = self.mark.as_ref().filter(|_| rows.start > 0) {
            mark.draw(Point::new(origin.x, origin.y - self.header_height()), items);
        }
        if rows.start >= self.header_rows && rows.start > 0 && self.header_rows > 0 {
            let top = Point::new(origin.x, origin.y - self.header_height());
            self.rows(0..self.header_rows, top, Repeat::Header, items);
            self.rules(0..self.header_rows, top, items);
        }
        self.rows(rows.clone(), origin, Repeat::Labels, items);
        self.rules(rows, origin, items);
    }

    fn rows(&mut self, rows: Range<usize>, origin: Point, repeat: Repeat, items: &mut Vec<Item>) {
        let mut drawn = usize::MAX;
        for row in rows.clone() {
            for column in 0..self.columns() {
                let index = self.at(row, column);
                let cell = &self.cells[index];
                let first = row == rows.start.max(cell.rows.start) && column == cell.columns.start;
                if !first || index == drawn {
                    continue;
                }
                drawn = index;
                let seen = rows.start.max(cell.rows.start)..rows.end.min(cell.rows.end);
                let height = self.tops[seen.end] - self.tops[seen.start];
                let top = origin.y + self.tops[seen.start] - self.tops[rows.start];
                let corner = Point::new(origin.x + self.edges[cell.columns.start], top);
                match repeat {
                    Repeat::Header => self.text(cell, corner, height, Some(Artifact::Layout), items),
                    Repeat::Labels if self.text_drawn[index] => self.continued(cell, corner, height, items),
                    Repeat::Labels => {
                        let last = seen.end == cell.rows.end;
                        if last || cell.text_height() <= height {
                            self.text(cell, corner, height, None, items);
                            self.text_drawn[index] = true;
                        }
                    }
                }
            }
        }
    }

    /// The text of a cell in the middle of `height`, as the cell's own or as an artifact.
    fn text(
        &self,
        cell: &CellLayout,
        corner: Point,
        height: Length,
        artifact: Option<Artifact>,
        items: &mut Vec<Item>,
    ) {
        let mut y = corner.y + (height - cell.text_height()) / 2;
        for (atoms, lines) in &cell.paragraphs {
            for line in lines {
                let baseline = y + super::super::baseline(cell.pitch, cell.style.size);
                let start = items.len();
                let origin = Point::new(corner.x + cell.padding, baseline);
                set(atoms, line, cell.align, &cell.style, origin, items);
                if cell.is_vertical {
                    vertical::restore(&mut items[start..]);
                }
                if let Some(artifact) = artifact {
                    make_artifacts(&mut items[start..], artifact);
                }
                y += cell.pitch;
            }
        }
    }

    /// The label of a cell that began on an earlier page, if there is room for it.
    fn continued(&self, cell: &CellLayout, corner: Point, height: Length, items: &mut Vec<Item>) {
        if cell.text.is_empty() || !cell.is_label() {
            return;
        }
        let again = CellLayout { paragraphs: continued::lines(cell, self), ..cell.clone() };
        if again.text_height() <= height {
            self.text(&again, corner, height, Some(Artifact::Layout), items);
        }
    }
}

/// What is repeated of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// The header of a page that the table continues on.
    Header,
    /// The rows themselves; labels of cells from the page before are repeated.
    Labels,
}

/// Marks items as artifacts, because their text is drawn elsewhere already.
fn make_artifacts(items: &mut [Item], artifact: Artifact) {
    for item in items {
        match item {
            Item::Text(run) => run.owner = Owner::Artifact(artifact),
            Item::Image(image) => image.owner = Owner::Artifact(artifact),
            Item::Path(path) => path.owner = Owner::Artifact(artifact),
            Item::Rule(_) => {}
        }
    }
}
