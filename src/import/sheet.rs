//! A workbook of any shape: each sheet is a table; rows of one text alone are paragraphs between tables.

use super::blocks::{Block, Cell, Content, Grid, Paragraph};
use crate::diagnostic::Place;
use crate::options::Limits;
use crate::read::{ReadError, damaged};
use crate::workbook::{cell_name, sheets, text};

/// The content of a workbook.
pub(super) fn content(bytes: &[u8], limits: &Limits) -> Result<Content, ReadError> {
    let sheets = sheets(bytes, limits).map_err(damaged)?;
    let mut content = Content::default();
    for sheet in &sheets.sheets {
        let mut grid = Grid { rows: Vec::new(), has_columns: true };
        let mut row: Vec<Cell> = Vec::new();
        let mut last = None;
        let end = |row: &mut Vec<Cell>, grid: &mut Grid, content: &mut Content| {
            let own = std::mem::take(row);
            match &own[..] {
                [] => {}
                // A title above a table or a line of text.
                [only] if only.column == 0 && only.text.chars().any(char::is_alphabetic) => {
                    if !grid.rows.is_empty() {
                        let whole = std::mem::replace(grid, Grid { rows: Vec::new(), has_columns: true });
                        content.blocks.push(Block::Table(whole));
                    }
                    content.blocks.push(Block::Paragraph(Paragraph {
                        text: only.text.clone(),
                        number: None,
                        heading: None,
                        centred: false,
                        right: false,
                        place: only.place.clone(),
                    }));
                }
                _ => grid.rows.push(own),
            }
        };
        for (&(at, column), value) in &sheet.cells {
            if last.is_some_and(|last| last != at) {
                end(&mut row, &mut grid, &mut content);
            }
            last = Some(at);
            let place = Place::Cell { file: None, sheet: sheet.name.clone(), cell: cell_name(at, column) };
            // What is no number and no text, such as an error of a formula, stays visible as what it is.
            let own = text(value).unwrap_or_else(|what| Some(what.zh)).unwrap_or_default();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            row.push(Cell { column, columns: 1, rows: 1, text: own, header: false, place });
        }
        end(&mut row, &mut grid, &mut content);
        if !grid.rows.is_empty() {
            content.blocks.push(Block::Table(with_blanks(grid)));
        }
    }
    for block in &mut content.blocks {
        if let Block::Table(grid) = block {
            *grid = with_blanks(std::mem::take(grid));
        }
    }
    Ok(content)
}

/// The table with its blank cells, which a workbook does not store: up to the widest row, where that is not too wide.
fn with_blanks(mut grid: Grid) -> Grid {
    const WIDEST: usize = 64;
    let width = grid.rows.iter().flatten().map(|cell| cell.column + 1).filter(|width| *width <= WIDEST).max();
    for row in &mut grid.rows {
        for column in 0..width.unwrap_or(0) {
            if row.iter().any(|cell| cell.column == column) {
                continue;
            }
            let at = row.iter().position(|cell| cell.column > column).unwrap_or(row.len());
            let near = row.get(at).or(row.last()).map(|cell| &cell.place);
            let Some(Place::Cell { file, sheet, cell }) = near else { continue };
            let line: String = cell.chars().filter(char::is_ascii_digit).collect();
            let number = u32::try_from(column).unwrap_or(0);
            let letters: String = cell_name(0, number).chars().filter(char::is_ascii_alphabetic).collect();
            let place =
                Place::Cell { file: file.clone(), sheet: sheet.clone(), cell: format!("{letters}{line}") };
            row.insert(at, Cell { column, columns: 1, rows: 1, text: String::new(), header: false, place });
        }
    }
    grid
}
