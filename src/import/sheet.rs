//! A workbook of any shape: each sheet is a table; rows of one text alone are paragraphs between tables.

use super::blocks::{Block, Cell, Content, Grid, Left, Paragraph};
use crate::diagnostic::Place;
use crate::options::Limits;
use crate::read::ReadError;
use crate::workbook::{cell_name, grid, sheets};

/// The content of a workbook.
pub(super) fn content(bytes: &[u8], limits: &Limits) -> Result<Content, ReadError> {
    let sheets = sheets(bytes, limits)?;
    let mut content = Content::default();
    let is_shown = sheets.sheets.iter().any(|sheet| !sheet.hidden);
    for sheet in &sheets.sheets {
        // What is hidden is another year's, or a list to choose from.
        if is_shown && sheet.hidden {
            let first = sheet.cells.keys().next().copied().unwrap_or_default();
            let place =
                Place::Cell { file: None, sheet: sheet.name.clone(), cell: cell_name(first.0, first.1) };
            let text = format!("工作表“{}”", sheet.name);
            content.blocks.push(Block::Left { what: Left::Hidden, text, at: None, place });
            continue;
        }
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for row in grid(sheet).rows {
            match alone(&row) {
                // A title above a table, a line of text, or a line of the form: `lines` knows these.
                Some(paragraph) => {
                    content.blocks.extend(table(std::mem::take(&mut rows)));
                    content.blocks.push(Block::Paragraph(paragraph));
                }
                None => rows.push(row),
            }
        }
        content.blocks.extend(table(rows));
    }
    Ok(content)
}

fn table(rows: Vec<Vec<Cell>>) -> Option<Block> {
    (!rows.is_empty()).then_some(Block::Table(Grid { rows, has_columns: true }))
}

/// The text of a row that has nothing else, in its first cell.
fn alone(row: &[Cell]) -> Option<Paragraph> {
    let (first, others) = row.split_first()?;
    let is_blank = |cell: &Cell| cell.text.trim().is_empty();
    let is_text = first.column == 0 && first.text.chars().any(char::is_alphabetic);
    (is_text && others.iter().all(is_blank)).then(|| Paragraph {
        text: first.text.clone(),
        number: None,
        heading: None,
        centred: false,
        right: false,
        place: first.place.clone(),
    })
}
