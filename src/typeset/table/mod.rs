//! Tables: measured once, then drawn by the fragments that the flow makes of them.
//!
//! Column widths come from the document; `measure` gives rows their heights; the flow decides where a page
//! ends; `fragment` draws the rows of one page, and `rules` the lines around their cells.

mod continued;
mod fragment;
mod keep;
mod measure;
mod rules;
mod tear;
mod vertical;

use std::ops::Range;
use std::sync::Arc;

use crate::document::{Document, PageGeometry, Table, TextRules};
use crate::font::Fonts;
use crate::geom::{Length, Point};
use crate::pages::{Artifact, Item, Keeps, Owner};
use crate::style::{Align, Face, Role};
use crate::text::line::{Atom, Line, Measure, Span, TextStyle, atoms, fill, set};

/// A measured table.
#[derive(Debug)]
pub(super) struct TableLayout<'a> {
    /// Left edges of the columns from the left edge of the type area, and the right edge of the last.
    pub edges: Vec<Length>,
    /// Heights of the rows.
    pub heights: Vec<Length>,
    /// Whether each row stays with the row below it.
    pub kept: Vec<bool>,
    /// Which row of the document each row is, or is a part of.
    origins: Vec<usize>,
    /// The table of the document.
    table: &'a Table,
    /// How many of the first rows are repeated.
    pub header_rows: usize,
    mark: Option<Mark>,
    cells: Vec<CellLayout>,
    /// Which of `cells` covers each place, by rows.
    grid: Vec<usize>,
    rule: Length,
    fonts: &'a Fonts,
    rules: TextRules,
    /// Tops of the rows from the top of the table, and the bottom of the last.
    tops: Vec<Length>,
    /// Whether the text of each cell has been drawn: a cell that spans pages has it once.
    text_drawn: Vec<bool>,
}

/// 续表: printed above the rows of a later page, at the right.
#[derive(Clone, Debug)]
struct Mark {
    atoms: Vec<Atom>,
    lines: Vec<Line>,
    style: TextStyle,
    pitch: Length,
    size: Length,
}

impl Mark {
    fn new(text: &str, width: Length, document: &Document, fonts: &Fonts) -> Mark {
        let style = document.styles.get(Role::TableUnit);
        let text_style = TextStyle::of(style);
        let owner = Owner::Artifact(Artifact::Layout);
        let atoms = atoms(fonts, &[Span::plain(owner, style.face, text)], &text_style, &document.text);
        let lines = fill(&atoms, &Measure::of(style, width), Align::Right, &document.text);
        Mark { atoms, lines, style: text_style, pitch: style.line_pitch, size: style.size }
    }

    /// Draws its first line with its bottom at the left end of the table's top.
    fn draw(&self, origin: Point, items: &mut Vec<Item>) {
        let baseline = origin.y - self.pitch + super::baseline(self.pitch, self.size);
        for line in self.lines.iter().take(1) {
            set(&self.atoms, line, Align::Right, &self.style, Point::new(origin.x, baseline), items);
        }
    }
}

/// A measured cell.
#[derive(Clone, Debug)]
struct CellLayout {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Text by its hard lines, broken to the cell's width.
    paragraphs: Vec<(Arc<Vec<Atom>>, Vec<Line>)>,
    /// Which of the table's cells it is, or is a part of.
    origin: usize,
    text: String,
    role: Role,
    /// The indents of its lines.
    measure: Measure,
    /// Printed below its text on a page that continues it.
    again: &'static str,
    is_vertical: bool,
    face: Face,
    style: TextStyle,
    pitch: Length,
    align: Align,
    padding: Length,
    padding_vertical: Length,
}

impl CellLayout {
    /// Whether it is a label, which is repeated on the next page; a figure is not.
    fn is_label(&self) -> bool {
        self.role != Role::TableFigure
    }

    /// The height that it needs.
    fn height(&self) -> Length {
        match self.text_height() {
            Length::ZERO => Length::ZERO,
            text => text + self.padding_vertical * 2,
        }
    }

    /// The height of its text.
    fn text_height(&self) -> Length {
        self.pitch * self.paragraphs.iter().map(|(_, lines)| lines.len() as i64).sum()
    }
}

/// A fragment: consecutive rows of a table on one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Which of the story's tables.
    pub table: usize,
    /// Which of its rows.
    pub rows: Range<usize>,
}

impl<'a> TableLayout<'a> {
    /// Measures a table of the document.
    pub fn measure(
        table: &'a Table,
        page: &PageGeometry,
        beside: Length,
        document: &Document,
        fonts: &'a Fonts,
    ) -> TableLayout<'a> {
        measure::measure(table, page, beside, document, fonts)
    }

    /// What the rows of the table say to a file without pages; the fragments are those of this table.
    pub fn keeps<'f>(&self, fragments: impl Iterator<Item = &'f Fragment>, keeps: &mut Keeps) {
        let id = |row: usize| self.table.rows[self.origins[row]].id;
        let is_part = |row: usize| {
            let same = |other: Option<&usize>| other == Some(&self.origins[row]);
            same(self.origins.get(row + 1)) || (row > 0 && same(self.origins.get(row - 1)))
        };
        for row in 0..self.origins.len() {
            if is_part(row) {
                keeps.torn_rows.insert(id(row));
            } else if self.kept[row] {
                keeps.kept_rows.insert(id(row));
            }
        }
        let first = fragments.map(|fragment| fragment.rows.start).filter(|row| *row > 0);
        keeps.first_rows.extend(first.map(id));
        let unrepeated =
            &self.table.rows[self.header_rows.min(self.table.header_rows)..self.table.header_rows];
        keeps.unrepeated_rows.extend(unrepeated.iter().map(|row| row.id));
    }

    /// The atoms that are drawn of the cells that begin in a row.
    pub fn lines_of(&self, row: usize) -> impl Iterator<Item = &[Atom]> {
        let cells = self.cells.iter().filter(move |cell| cell.rows.start == row);
        let paragraphs = cells.flat_map(|cell| &cell.paragraphs);
        paragraphs.flat_map(|(atoms, lines)| lines.iter().map(|line| &atoms[line.atoms.clone()]))
    }

    /// The height of what is repeated above the rows of a later page.
    pub fn repeated_height(&self) -> Length {
        self.header_height() + self.mark.as_ref().map_or(Length::ZERO, |mark| mark.pitch)
    }

    /// The height of the rows that are repeated.
    fn header_height(&self) -> Length {
        self.tops[self.header_rows]
    }

    fn columns(&self) -> usize {
        self.edges.len() - 1
    }

    /// Whether the same cell covers both places.
    fn is_one_cell(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let origin = |(row, column)| self.cells[self.at(row, column)].origin;
        origin(one) == origin(other)
    }

    /// The cell that covers a place.
    fn at(&self, row: usize, column: usize) -> usize {
        self.grid[row * self.columns() + column]
    }
}
