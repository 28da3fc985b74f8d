//! The statutory tables of an edited file: found by their labels as in any file, so that a table may have lost a row, got a
//! title, been split, moved or put into another one. A row that has lost its label is read in its place, if its table has
//! kept its shape. What is not found is open.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Changes, is_json_number, is_same_shape, value};
use super::expected::Item;
use super::grid::Grid;
use super::word::Block;
use crate::characters::solid;
use crate::diagnostic::Place;
use crate::document::Table;
use crate::figures::{Figures, Key};
use crate::forms::labels::plain;
use crate::forms::{self, Cell, Matched};
use crate::import::{blocks, docx};
use crate::layout::Layout;
use crate::source::{Node, Source};

/// The content of report and file without the statutory tables, and these.
pub(super) struct Split<'a, 'l> {
    pub expected: Vec<Item<'a>>,
    pub blocks: Vec<Block>,
    pub tables: Tables<'a, 'l>,
}

/// The statutory tables of a file.
pub(super) struct Tables<'a, 'l> {
    matched: Matched<'l>,
    /// Those of the report's document that the file has by their bookmarks, in the same shape: with the cells of the file by
    /// row and column.
    in_place: Vec<InPlace<'a>>,
}

struct InPlace<'a> {
    table: &'a Table,
    places: Vec<Vec<String>>,
    grid: Grid,
    cells: BTreeMap<(usize, usize), Cell>,
}

/// Takes the statutory tables out of the content.
pub(super) fn split<'a, 'l>(
    expected: Vec<Item<'a>>,
    blocks: Vec<Block>,
    layout: &'l Layout,
    read: &docx::Read,
) -> Split<'a, 'l> {
    let (own, expected): (Vec<Item>, Vec<Item>) = expected
        .into_iter()
        .partition(|item| matches!(item, Item::Table { pointer, .. } if pointer.starts_with("/tables/")));
    let marks: Vec<String> = own
        .iter()
        .filter_map(|item| match item {
            Item::Table { bookmark, .. } => Some(bookmark.clone()),
            Item::Text { .. } | Item::Picture { .. } | Item::Seal { .. } => None,
        })
        .collect();
    let has_mark = |grid: &Grid| {
        grid.bookmarks.iter().any(|name| marks.iter().any(|mark| mark.eq_ignore_ascii_case(name)))
    };
    // A table that the report has in its prose is none, whatever its labels.
    let is_free = |grid: &Grid| {
        !has_mark(grid) && grid.bookmarks.iter().any(|name| name.to_ascii_lowercase().starts_with("_gw_"))
    };
    let free: BTreeSet<usize> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(grid) if is_free(grid) => read.tables.get(&grid.key).copied(),
            _ => None,
        })
        .collect();
    let grids: BTreeMap<usize, &forms::Grid> = read
        .content
        .blocks
        .iter()
        .filter_map(|block| match block {
            blocks::Block::Table(grid) => Some((number(grid)?, grid)),
            _ => None,
        })
        .filter(|(number, _)| !free.contains(number))
        .collect();
    let numbers: Vec<usize> = grids.keys().copied().collect();
    let matched = forms::tables(layout, &grids.values().copied().collect::<Vec<_>>());
    let used: BTreeSet<usize> = matched.tables.keys().map(|grid| numbers[*grid]).collect();
    let is_statutory = |block: &Block| {
        let Block::Table(grid) = block else { return false };
        read.tables.get(&grid.key).is_some_and(|number| used.contains(number)) || has_mark(grid)
    };
    let (tables, blocks): (Vec<Block>, Vec<Block>) = blocks.into_iter().partition(is_statutory);
    let mut in_place = Vec::new();
    for item in own {
        let Item::Table { table, bookmark, places, .. } = item else { continue };
        let grid = tables.iter().find_map(|block| {
            let Block::Table(grid) = block else { return None };
            grid.bookmarks.iter().any(|name| name.eq_ignore_ascii_case(&bookmark)).then_some(grid)
        });
        let Some(grid) = grid.filter(|grid| is_same_shape(table, grid)) else { continue };
        let cells = read.tables.get(&grid.key).and_then(|number| grids.get(number)).map(|grid| {
            let rows = grid.rows.iter().enumerate();
            rows.flat_map(|(row, cells)| cells.iter().map(move |cell| ((row, cell.column), cell.clone())))
                .collect()
        });
        let cells = cells.unwrap_or_default();
        in_place.push(InPlace { table, places, grid: grid.clone(), cells });
    }
    Split { expected, blocks, tables: Tables { matched, in_place } }
}

/// The number of a table in its file.
fn number(grid: &forms::Grid) -> Option<usize> {
    match grid.rows.iter().flatten().next()?.place {
        Place::TableCell { table, .. } => Some(table),
        _ => None,
    }
}

/// Puts what the file has into the report's text. `figures` are those of the report, with what is computed.
pub(super) fn changes<'l>(
    source: &Source,
    figures: &'l Figures,
    tables: Tables<'_, 'l>,
    changes: &mut Changes,
) -> Matched<'l> {
    let Tables { mut matched, in_place } = tables;
    let by_pointer: BTreeMap<String, Key<'l>> =
        (0..figures.len()).map(|at| (figures.get(at).pointer(), figures.get(at).key())).collect();
    for own in &in_place {
        own.read(&by_pointer, figures, &mut matched, changes);
    }
    for at in 0..figures.len() {
        let figure = figures.get(at);
        let found = matched.figures.get(&figure.key());
        let shown = found.and_then(|found| found.text.as_deref()).unwrap_or_default();
        let new = found.and_then(|found| found.figure.as_deref());
        // Blank in both is not found in either.
        let is_same = solid(shown) == solid(figure.text()) || new == Some(figure.text());
        if is_same {
            continue;
        }
        let pointer = figure.pointer();
        match value(source.root(), &pointer) {
            Some(node) => drop(changes.edits.replaced.insert(pointer, written(node, new))),
            None => changes.fixed(&pointer, figure.text(), shown),
        }
    }
    matched
}

/// A figure as JSON: as a number where it is one, but where the report writes its figures as text.
fn written(node: &Node, new: Option<&str>) -> String {
    let is_text = matches!(node, Node::String(text) if is_json_number(text));
    match new {
        None => "null".to_owned(),
        Some(new) if is_json_number(new) && !is_text => new.to_owned(),
        Some(new) => super::edit::quoted(new),
    }
}

fn is_same_row(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::TableCell { table, row, .. }, Place::TableCell { table: of, row: at, .. }) => {
            (table, row) == (of, at)
        }
        _ => false,
    }
}

impl InPlace<'_> {
    /// Reads the figures that no label led to, in their places, and tells labels that were changed.
    fn read<'l>(
        &self,
        by_pointer: &BTreeMap<String, Key<'l>>,
        figures: &'l Figures,
        matched: &mut Matched<'l>,
        changes: &mut Changes,
    ) {
        // Where a label led to, no other figure is.
        let mut taken: Vec<Place> =
            matched.figures.values().filter_map(|found| found.place.clone()).collect();
        let labels: BTreeSet<String> =
            self.table.rows.iter().flat_map(|row| &row.cells).map(|cell| plain(&cell.text)).collect();
        for (number, row) in self.table.rows.iter().enumerate() {
            for (at, cell) in row.cells.iter().enumerate() {
                let Some(found) = self.grid.cell(number, cell.column) else { continue };
                let pointer = &self.places[number][at];
                let key = by_pointer.get(pointer).copied();
                match key.filter(|key| !matched.figures.contains_key(key)) {
                    Some(key) => {
                        let definition = figures.find(key).map(|number| figures.get(number).definition);
                        if let (Some(definition), Some(cell)) =
                            (definition, self.cells.get(&(number, cell.column)))
                            && !taken.contains(&cell.place)
                        {
                            matched.read_in_place(definition, cell);
                            // Its row has a place now, whatever its label says.
                            matched.left.retain(|(place, _)| !is_same_row(place, &cell.place));
                            taken.push(cell.place.clone());
                        }
                    }
                    // The label of another row, or of another column, was moved here; figures go with it.
                    None if key.is_some() || labels.contains(&plain(&found.text)) => {}
                    None => changes.fixed(pointer, cell.text.trim(), &found.text),
                }
            }
        }
    }
}
