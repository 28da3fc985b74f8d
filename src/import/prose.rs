//! Blocks of a file as prose of a report.

use super::blocks::{Block, Cell as FileCell, Grid, Paragraph};
use crate::forms::labels::number_of;
use crate::report::{Cell, CellText, FreeCell, FreeTable, MOST_COLUMNS, Prose};

/// The text of a paragraph with the number that its program shows.
pub(super) fn whole(paragraph: &Paragraph) -> String {
    let text = paragraph.text.replace(['\n', '\t'], " ");
    match &paragraph.number {
        Some(number) => format!("{number}{text}"),
        None => text,
    }
}

/// The level of a heading by its style or its number; none for text.
pub(super) fn level(paragraph: &Paragraph) -> Option<u8> {
    const LONGEST: usize = 40;
    let text = whole(paragraph);
    let is_short = text.chars().count() <= LONGEST && !text.ends_with(['。', '；', '，', '：', '！', '？']);
    if !is_short {
        return None;
    }
    paragraph.heading.or_else(|| number_of(&text).map(|(level, _)| level))
}

/// A paragraph as prose: a heading in front of it is recognised by its number; one without a number is known by its style.
pub(super) fn paragraph(paragraph: &Paragraph) -> Prose {
    let text = whole(paragraph);
    match paragraph.heading {
        Some(own) if level(paragraph).is_some() && number_of(&text).is_none() => {
            Prose::Heading { heading: text.into(), level: Some(own.clamp(2, 4)) }
        }
        _ => Prose::Text(text.into()),
    }
}

/// Puts footnotes into a paragraph, each behind so many characters; and says which of them have no place in it.
pub(super) fn put_notes(prose: &mut Prose, notes: &[(usize, &str)]) -> Vec<usize> {
    match prose {
        Prose::Text(text) | Prose::Heading { heading: text, .. } | Prose::Paragraph { paragraph: text } => {
            let (noted, left) = super::footnotes::noted(&text.text(), notes);
            *text = noted;
            left
        }
        Prose::List { .. }
        | Prose::Table { .. }
        | Prose::PageBreak { .. }
        | Prose::Image { .. }
        | Prose::Chart { .. } => (0..notes.len()).collect(),
    }
}

/// A table of a file as a free table: every row covers all columns.
pub(super) fn table(grid: &Grid) -> Option<Prose> {
    let rows: Vec<&Vec<FileCell>> = grid.rows.iter().collect();
    let width = rows
        .iter()
        .flat_map(|row| row.iter())
        .map(|cell| cell.column + cell.columns)
        .max()?
        .min(MOST_COLUMNS);
    if width == 0 || !rows.iter().any(|row| row.iter().any(|cell| !cell.text.trim().is_empty())) {
        return None;
    }
    let marked = rows.iter().take_while(|row| !row.is_empty() && row.iter().all(|cell| cell.header)).count();
    let has_words = |row: &Vec<FileCell>| {
        row.iter().all(|cell| !cell.text.trim().starts_with(|c: char| c.is_ascii_digit()))
    };
    let header = match marked {
        0 => usize::from(
            rows.len() > 1
                && rows.first().is_some_and(|row| has_words(row) && row.iter().all(|cell| cell.rows == 1)),
        ),
        marked => marked,
    };
    let header = header.min(rows.len() - 1);
    let mut covered = vec![0_usize; width];
    let mut found: Vec<Vec<FreeCell>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        // A cell of the header does not reach into the body.
        let end = if at < header { header } else { rows.len() };
        let mut cells = Vec::new();
        let mut own = row.iter().peekable();
        let mut column = 0;
        while column < width {
            if covered[column] > 0 {
                column += 1;
                continue;
            }
            while own.next_if(|cell| cell.column < column).is_some() {}
            match own.next_if(|cell| cell.column == column) {
                Some(cell) => {
                    let free = covered[column..].iter().take_while(|rows| **rows == 0).count();
                    let columns = cell.columns.clamp(1, free);
                    let rows = cell.rows.clamp(1, end - at);
                    covered[column..column + columns].fill(rows);
                    cells.push(free_cell(&cell.text, columns, rows));
                    column += columns;
                }
                None => {
                    covered[column] = 1;
                    cells.push(free_cell("", 1, 1));
                    column += 1;
                }
            }
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        found.push(cells);
    }
    let body = found.split_off(header);
    Some(Prose::Table { table: FreeTable { header: found, rows: body, ..FreeTable::default() } })
}

fn free_cell(text: &str, columns: usize, rows: usize) -> FreeCell {
    let text = Cell::new(text.trim().replace('\t', " "));
    if columns == 1 && rows == 1 {
        return FreeCell::Plain(text);
    }
    let more = |count: usize| (count > 1).then_some(count);
    FreeCell::Span {
        text: CellText::Plain(text),
        columns: more(columns),
        rows: more(rows),
        header: None,
        vertical: None,
        align: None,
    }
}

/// The text of a block, for what has no place.
pub(super) fn text_of(block: &Block) -> String {
    match block {
        Block::Paragraph(own) => whole(own),
        Block::Table(grid) => {
            let texts = grid.rows.iter().flatten().map(|cell| cell.text.trim());
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("｜")
        }
        Block::Picture(_) => "图片".to_owned(),
        Block::Left { what, text, .. } => format!("{}{text}", what.zh()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    #[test]
    fn tables_cover_all_their_columns() {
        let cell = |column, columns, rows, text: &str| FileCell {
            column,
            columns,
            rows,
            text: text.to_owned(),
            header: false,
            place: Place::TableCell { table: 1, row: 1, cell: 1 },
        };
        let grid = Grid {
            rows: vec![
                vec![cell(0, 1, 1, "名称"), cell(1, 2, 1, "数量")],
                vec![cell(0, 1, 9, "甲"), cell(1, 1, 1, "1")],
                vec![cell(1, 5, 1, "2")],
            ],
            has_columns: true,
        };
        let Some(Prose::Table { table }) = table(&grid) else { panic!("a table") };
        assert_eq!((table.header.len(), table.rows.len()), (1, 2));
        let written = serde_json::to_string(&table.rows).expect("is JSON");
        assert!(written.starts_with(r#"[[{"text":"甲","rows":2},1,"","#), "{written}");
    }
}
