//! Header relations of a table: which header cells a screen reader reads before a cell (ISO 32000-1, 14.8.5.7, `Headers`).
//!
//! A header applies to the cells of its scope only up to the next block of headers: in a table of several
//! parts, each with its own column headers, they apply part by part.

use super::{NodeId, Scope, Table, TableCell};

/// The cells of a table by their places in the grid.
pub(crate) struct HeaderGrid<'a> {
    columns: usize,
    /// By row, then column: the row in which the cell begins, and the cell.
    places: Vec<Option<(usize, &'a TableCell)>>,
    /// By row, then column: the lowest row at or above it that has a header of the column. Without it every cell of a
    /// long table would look through all the rows above.
    nearest: Vec<Option<usize>>,
}

impl<'a> HeaderGrid<'a> {
    /// Lays out the cells of a table.
    pub fn new(table: &'a Table) -> Self {
        let columns = table.columns.len();
        let mut places = vec![None; columns * table.rows.len()];
        for (row, cells) in table.rows.iter().map(|row| &row.cells).enumerate() {
            for cell in cells {
                for r in row..(row + cell.rows).min(table.rows.len()) {
                    for column in cell.column..(cell.column + cell.columns).min(columns) {
                        places[r * columns + column] = Some((row, cell));
                    }
                }
            }
        }
        let mut nearest: Vec<Option<usize>> = vec![None; places.len()];
        for (at, place) in places.iter().enumerate() {
            let is_header = place.is_some_and(|(_, cell)| cell.scope == Some(Scope::Column));
            let above = at.checked_sub(columns).and_then(|above| nearest[above]);
            nearest[at] = if is_header { Some(at / columns) } else { above };
        }
        HeaderGrid { columns, places, nearest }
    }

    /// The headers of the cell that begins in `row`: those of its columns from the top, then those of its rows from
    /// the left.
    pub fn headers(&self, row: usize, cell: &TableCell) -> Vec<NodeId> {
        let mut headers = Vec::new();
        for column in cell.column..cell.column + cell.columns {
            let above =
                row.checked_sub(1).and_then(|above| *self.nearest.get(above * self.columns + column)?);
            let above = above.into_iter().flat_map(|lowest| (0..=lowest).rev()).map(|row| (row, column));
            add_all(&mut headers, self.block(above, Scope::Column));
        }
        for row in row..row + cell.rows {
            let before = (0..cell.column).rev().map(|column| (row, column));
            add_all(&mut headers, self.block(before, Scope::Row));
        }
        headers
    }

    /// The first unbroken block of headers of this scope along a path, farthest first.
    fn block(&self, path: impl Iterator<Item = (usize, usize)>, scope: Scope) -> Vec<NodeId> {
        let cells = path.filter_map(|(row, column)| *self.places.get(row * self.columns + column)?);
        let is_header = |cell: &TableCell| cell.scope == Some(scope);
        let block = cells
            .map(|(_, cell)| cell)
            .skip_while(|cell| !is_header(cell))
            .take_while(|cell| is_header(cell));
        let mut block: Vec<NodeId> = block.map(|cell| cell.id).collect();
        block.dedup();
        block.reverse();
        block
    }
}

/// Adds those that are not there yet.
fn add_all(headers: &mut Vec<NodeId>, more: Vec<NodeId>) {
    for header in more {
        if !headers.contains(&header) {
            headers.push(header);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::two_part_table;
    use super::*;

    fn check(row: usize, column: usize, expected: &[u32]) {
        let table = two_part_table();
        let cell = table.rows[row].cells.iter().find(|cell| cell.column == column).unwrap();
        let headers: Vec<u32> = HeaderGrid::new(&table).headers(row, cell).iter().map(|id| id.0).collect();
        assert_eq!(headers, expected, "{row} {column}");
    }

    #[test]
    fn figure_has_the_headers_of_its_column_and_row() {
        check(2, 1, &[302, 305, 308]);
        check(2, 2, &[302, 306, 308]);
    }

    #[test]
    fn headers_of_an_earlier_part_do_not_apply() {
        check(4, 1, &[313, 315]);
    }
}
