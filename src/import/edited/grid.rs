//! The tables of a Word file as their cells cover their grids.

use std::collections::BTreeMap;

use super::spans::{self, Parts};
use super::word::{is_on, text};
use crate::document::CONTINUED;
use crate::import::docx::key;
use crate::report::Inlines;
use crate::style::ColumnAlign;
use crate::write::docx::names;
use crate::xml::Element;

/// The largest span of a cell that is accepted.
const MAX_SPAN: usize = 64;

/// A table as its cells cover its grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// What it is known by in the tree of the document (`docx::key`).
    pub key: usize,
    /// The names of the bookmarks that begin in it.
    pub bookmarks: Vec<String>,
    /// Its description for screen readers.
    pub description: Option<String>,
    /// Whether its pages are turned.
    pub is_landscape: bool,
    /// How many of its first columns are repeated where others are carried over.
    pub repeat_columns: usize,
    /// How many of its first rows are header rows.
    pub header_rows: usize,
    /// The widths of its columns in twips.
    pub columns: Vec<i64>,
    /// The least height of each row in twips, if it has one.
    pub heights: Vec<Option<i64>>,
    /// Whether each row stays with the row below it.
    pub kept: Vec<bool>,
    /// The cells that begin in each row.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// First column, from 0.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// How many rows it covers.
    pub rows: usize,
    /// The alignment that it has by itself, not by its style.
    pub align: Option<ColumnAlign>,
    /// The size of its text in half points, if it is not that of its style.
    pub size: Option<i64>,
    /// The indent of its text from the left in twips.
    pub indent: i64,
    /// Whether its text runs from top to bottom.
    pub is_vertical: bool,
    /// Its text; `\n` between its paragraphs.
    pub text: String,
    /// The same with its spans and footnotes, if it has footnotes.
    pub noted: Option<Inlines>,
}

impl Grid {
    /// The cell that begins at a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.rows.get(row)?.iter().find(|cell| cell.column == column)
    }
}

/// The number of the true column that begins at each edge of the grid. LibreOffice adds a column of a twip or
/// two where the cells of two rows end at slightly different positions; such a column is ignored.
fn true_columns(table: &Element) -> Vec<usize> {
    const SLIVER: u64 = 30;
    let columns = table.find("w:tblGrid").into_iter().flat_map(Element::elements);
    let widths = columns.filter(|column| column.name == "w:gridCol");
    let widths = widths.map(|column| column.attribute("w:w").and_then(|width| width.parse::<u64>().ok()));
    let mut numbers = vec![0];
    for width in widths.take(MAX_SPAN * 2) {
        let last = numbers[numbers.len() - 1];
        numbers.push(if width.is_some_and(|width| width < SLIVER) { last } else { last + 1 });
    }
    numbers
}

/// A length in twips, no longer than any page.
pub(super) fn twips(text: &str) -> Option<i64> {
    const MOST: i64 = 1 << 20;
    text.parse::<i64>().ok().map(|twips| twips.clamp(-MOST, MOST))
}

/// The widths of the true columns in twips.
fn widths(table: &Element, numbers: &[usize]) -> Vec<i64> {
    let mut widths = vec![0; numbers.last().copied().unwrap_or(0)];
    let columns = table.find("w:tblGrid").into_iter().flat_map(Element::elements);
    let columns = columns.filter(|column| column.name == "w:gridCol");
    for (column, number) in columns.zip(&numbers[1..]) {
        let own = column.attribute("w:w").and_then(twips).unwrap_or(0);
        if let Some(width) = widths.get_mut(number.saturating_sub(1)) {
            *width += own.max(0);
        }
    }
    widths
}

/// The size of the first run with text in a cell, if the run has one of its own.
fn own_size(cell: &Element) -> Option<i64> {
    let mut left: Vec<&Element> = vec![cell];
    while let Some(element) = left.pop() {
        if element.name == "w:r" && element.elements().any(|child| child.name == "w:t") {
            return element.find("w:rPr")?.find("w:sz")?.attribute("w:val")?.parse().ok();
        }
        let from = left.len();
        left.extend(element.elements());
        left[from..].reverse();
    }
    None
}

pub(super) fn grid(table: &Element, parts: &Parts) -> Grid {
    let numbers = true_columns(table);
    // Beyond the grid every column counts.
    let number_at = |edge: usize| {
        let last = numbers.len() - 1;
        numbers.get(edge).copied().unwrap_or_else(|| numbers[last] + edge - last)
    };
    let mut grid = Grid {
        key: key(table),
        bookmarks: bookmarks(table),
        description: table
            .find("w:tblPr")
            .and_then(|properties| properties.find("w:tblDescription")?.attribute("w:val"))
            .map(str::to_owned),
        columns: widths(table, &numbers),
        ..Grid::default()
    };
    // The cells that continue downwards, by column: their row and index in it.
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for row in table.elements().filter(|row| row.name == "w:tr") {
        let properties = row.find("w:trPr");
        let property = |name: &str| properties.and_then(|properties| properties.find(name));
        let number = grid.rows.len();
        grid.heights.push(property("w:trHeight").and_then(|height| twips(height.attribute("w:val")?)));
        let first = row.find("w:tc").and_then(|cell| cell.find("w:p")?.find("w:pPr")?.find("w:keepNext"));
        grid.kept.push(first.is_some_and(is_on));
        if property("w:tblHeader").is_some_and(is_on) && grid.header_rows == number {
            grid.header_rows += 1;
        }
        let mut column = number_of(property("w:gridBefore")).unwrap_or(0).min(MAX_SPAN);
        let mut cells: Vec<Cell> = Vec::new();
        for cell in row.elements().filter(|cell| cell.name == "w:tc") {
            let properties = cell.find("w:tcPr");
            let property = |name: &str| properties.and_then(|properties| properties.find(name));
            let columns = number_of(property("w:gridSpan")).unwrap_or(1).clamp(1, MAX_SPAN);
            let merge = property("w:vMerge");
            let begins = merge.is_none_or(|merge| merge.attribute("w:val") == Some("restart"));
            match (begins, open.get(&column)) {
                (false, Some(&(row, at))) if row < number => grid.rows[row][at].rows = number + 1 - row,
                (true, Some(&(row, at)))
                    if merge.is_some()
                        && row < number
                        && row + grid.rows[row][at].rows == number
                        && is_repeated(&grid.rows[row][at], cell) =>
                {
                    grid.rows[row][at].rows = number + 1 - row;
                }
                _ => {
                    open.remove(&column);
                    if merge.is_some() {
                        open.insert(column, (number, cells.len()));
                    }
                    let paragraphs = cell.elements().filter(|child| child.name == "w:p").map(text);
                    let text = paragraphs.collect::<Vec<_>>().join("\n").replace('\t', " ").trim().to_owned();
                    let noted = match parts.notes.is_empty() {
                        true => None,
                        false => spans::of_cell(cell.elements().filter(|child| child.name == "w:p"), parts),
                    };
                    let (from, to) = (number_at(column), number_at(column + columns));
                    let align = own_align(cell);
                    cells.push(Cell {
                        column: from,
                        columns: (to - from).max(1),
                        rows: 1,
                        align,
                        size: own_size(cell),
                        indent: own_indent(cell).unwrap_or(0),
                        is_vertical: property("w:textDirection")
                            .and_then(|direction| direction.attribute("w:val"))
                            .is_some_and(|value| value.starts_with("tbRl")),
                        text,
                        noted,
                    });
                }
            }
            column += columns;
        }
        grid.rows.push(cells);
    }
    grid
}

/// The alignment of a cell by itself: figures under one another are at the right with an indent of their own.
fn own_align(cell: &Element) -> Option<ColumnAlign> {
    let properties = cell.find("w:p")?.find("w:pPr")?;
    let indent = properties.find("w:ind").and_then(|indent| indent.attribute("w:right"));
    match properties.find("w:jc")?.attribute("w:val")? {
        "right" | "end" if indent.is_some_and(|indent| indent != "0") => Some(ColumnAlign::Decimal),
        "right" | "end" => Some(ColumnAlign::Right),
        "center" => Some(ColumnAlign::Centre),
        "left" | "start" => Some(ColumnAlign::Left),
        _ => None,
    }
}

/// The indent of the first paragraph of a cell from the left.
fn own_indent(cell: &Element) -> Option<i64> {
    let indent = cell.find("w:p")?.find("w:pPr")?.find("w:ind")?;
    twips(indent.attribute("w:left").or_else(|| indent.attribute("w:start"))?)
}

/// Whether a cell repeats, for a page that continues it, the label of the cell that ends in the row above.
fn is_repeated(above: &Cell, cell: &Element) -> bool {
    let solid = |text: &str| text.split_whitespace().collect::<String>();
    let own = solid(&text(cell));
    let label = CONTINUED.iter().find_map(|mark| own.strip_suffix(mark));
    label.is_some_and(|label| label == solid(&above.text))
}

fn bookmarks(table: &Element) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![table];
    while let Some(element) = left.pop() {
        if element.name == "w:bookmarkStart" {
            found.extend(element.attribute("w:name").map(str::to_owned));
        }
        left.extend(element.elements());
    }
    found
}

fn number_of(element: Option<&Element>) -> Option<usize> {
    element?.attribute("w:val")?.parse().ok()
}

/// How many of its first columns a table repeats, if its other columns are carried over from the table before it.
pub(super) fn carried_columns(grid: &Grid) -> Option<usize> {
    let prefix = format!("_gw_{}", names::CARRIED);
    let number = |name: &String| name.strip_prefix(&prefix)?.split('_').next()?.parse().ok();
    grid.bookmarks.iter().find_map(number)
}

impl Grid {
    /// Takes the columns of a table that repeats so many of the first ones here.
    pub fn join_columns(&mut self, carried: Grid, repeated: usize) {
        let end = |row: &Vec<Cell>| row.iter().map(|cell| cell.column + cell.columns).max().unwrap_or(0);
        let width = self.rows.iter().map(end).max().unwrap_or(0);
        self.repeat_columns = repeated;
        for (row, carried) in self.rows.iter_mut().zip(carried.rows) {
            for mut cell in carried.into_iter().filter(|cell| cell.column + cell.columns > repeated) {
                let hidden = repeated.saturating_sub(cell.column);
                cell.columns -= hidden;
                cell.column = cell.column + hidden - repeated + width;
                // A header over columns of both parts.
                let mark = CONTINUED.iter().find_map(|mark| cell.text.strip_suffix(mark));
                match row.last_mut().filter(|last| mark == Some(&last.text) && last.rows == cell.rows) {
                    Some(last) => last.columns += cell.columns,
                    None => row.push(cell),
                }
            }
        }
    }
}
