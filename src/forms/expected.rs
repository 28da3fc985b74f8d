//! The rows that the tables of a layout have: what a file's rows are compared with.

use super::labels::plain;
use super::sums::{Sum, sums};
use crate::figures::Definition;
use crate::figures::grid::{Content, Place, places};
use crate::layout::{Layout, TableSpec};

/// A row of figures of a layout.
#[derive(Clone, Debug)]
pub(super) struct Row<'l> {
    pub table: &'l TableSpec,
    /// The number of its table in the layout.
    pub number: usize,
    /// The plain texts that its label may have, the layout's own first; none for a row without a label.
    pub labels: Vec<String>,
    /// How many columns of the form its label covers.
    pub label_columns: usize,
    pub figures: Vec<Figure<'l>>,
    /// The identities within it.
    pub sums: Vec<Sum>,
}

/// A figure of it.
#[derive(Clone, Debug)]
pub(super) struct Figure<'l> {
    pub definition: Definition<'l>,
    /// The headers of its column from the top: for each, the plain texts that it may have.
    pub heads: Vec<Vec<String>>,
    /// How many columns of the form it covers.
    pub columns: usize,
}

/// All rows of figures of a layout, in order.
pub(super) fn rows(layout: &Layout) -> Vec<Row<'_>> {
    layout.tables.iter().enumerate().flat_map(|(number, table)| rows_of(layout, number, table)).collect()
}

/// The plain texts of headers, bands and groups of a layout: what its tables have besides labels of rows.
pub(super) fn other_texts(layout: &Layout) -> Vec<String> {
    let text = |place: Place| match place.content {
        Content::Label(text) => Some(plain(&text)),
        Content::Figure(_) => None,
    };
    layout.tables.iter().flat_map(places).filter_map(text).filter(|text| !text.is_empty()).collect()
}

fn rows_of<'l>(layout: &'l Layout, number: usize, table: &'l TableSpec) -> Vec<Row<'l>> {
    let places = places(table);
    let mut rows = Vec::new();
    for at in 0..table.rows.len() {
        let in_row = |place: &&Place| place.row <= at && at < place.row + place.rows;
        let own: Vec<&Place> = places.iter().filter(|place| place.row == at).collect();
        let figures: Vec<(&Place, Definition)> = own
            .iter()
            .filter_map(|place| match place.content {
                Content::Figure(definition) => Some((*place, definition)),
                Content::Label(_) => None,
            })
            .collect();
        let Some((first, definition)) = figures.first() else { continue };
        let label = places
            .iter()
            .filter(in_row)
            .filter(|place| !place.is_head && place.column < first.column)
            .filter_map(|place| match &place.content {
                Content::Label(text) => Some((place.column, text, place.columns)),
                Content::Figure(_) => None,
            })
            .max_by_key(|(column, ..)| *column);
        let label_columns = label.map_or(0, |(.., columns)| columns);
        let labels = match label {
            Some((_, text, _)) => {
                let others = table.aliases_of(definition.row_key).iter().map(String::as_str);
                std::iter::once(text.as_str()).chain(others).map(plain).collect()
            }
            None => Vec::new(),
        };
        let definitions: Vec<Definition> = figures.iter().map(|(_, definition)| *definition).collect();
        let sums = sums(layout, &table.key, &definitions);
        let figures = figures
            .iter()
            .map(|(place, definition)| Figure {
                definition: *definition,
                heads: heads(table, &places, place, definition.column),
                columns: place.columns,
            })
            .collect();
        rows.push(Row { table, number, labels, label_columns, figures, sums });
    }
    rows
}

/// The headers over a figure: those of the last rows of headers above it.
fn heads(table: &TableSpec, places: &[Place], figure: &Place, column: &str) -> Vec<Vec<String>> {
    let is_head = |row: usize| table.rows[row].kind != crate::layout::RowKind::Body;
    let end = (0..figure.row).rev().find(|row| is_head(*row)).map_or(0, |row| row + 1);
    let start = (0..end).rev().take_while(|row| is_head(*row)).last().unwrap_or(end);
    let above = places.iter().filter(|place| place.is_head && (start..end).contains(&place.row));
    let over = above.filter(|place| {
        place.column < figure.column + figure.columns && figure.column < place.column + place.columns
    });
    let mut heads: Vec<Vec<String>> = over
        .filter_map(|place| match &place.content {
            Content::Label(text) => Some(vec![plain(text)]),
            Content::Figure(_) => None,
        })
        .filter(|texts| !texts[0].is_empty())
        .collect();
    if let Some(last) = heads.last_mut() {
        last.extend(table.aliases_of(column).iter().map(|text| plain(text)));
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layouts;

    #[test]
    fn rows_have_their_deepest_label_and_their_headers() {
        let layout = Layouts::embedded().get("disclosure-annual-report-2021").expect("ships");
        let rows = rows(&layout);
        assert_eq!(rows.len(), 6 + 25 + 1);
        assert_eq!(rows[8].labels[0], "予以公开");
        assert_eq!(rows[10].labels[0], "属于国家秘密");
        let heads = |row: usize, figure: usize| -> Vec<&str> {
            rows[row].figures[figure].heads.iter().map(|texts| texts[0].as_str()).collect()
        };
        assert_eq!(heads(0, 1), ["第二十条第一项", "本年废止件数"]);
        assert_eq!(heads(8, 1), ["申请人情况", "法人或其他组织", "商业企业"]);
        let last = rows.len() - 1;
        assert!(rows[last].labels.is_empty());
        assert_eq!(heads(last, 10), ["行政诉讼", "复议后起诉", "结果维持"]);
    }
}
