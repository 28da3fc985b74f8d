//! Tables: real merged cells over a grid of fixed columns.
//!
//! Word draws from `tcW` and WPS from `gridCol`, so both are always written and always agree: a column ends at the
//! rounded sum of the widths before it, and a cell is as wide as the columns that it covers.

use docx_rs::{
    AlignmentType, HeightRule, Justification, LineSpacing, LineSpacingType, ParagraphChild, Run, Tab,
    TabValueType, TableAlignmentType, TableBorder, TableBorderPosition, TableBorders, TableCell,
    TableCellContent, TableCellMargins, TableLayoutType, TableRow, TextDirectionType, VAlignType, VMergeType,
    WidthType,
};

use super::body::Body;
use super::finish::TableNote;
use super::names::Bookmark;
use super::page::unsigned;
use super::run::run;
use crate::document::{self, Align, Role, Scope, Table};
use crate::geom::Length;

/// Adds the caption and the unit of a table.
pub(super) fn head(body: &mut Body, table: &Table) {
    let lines = [(Role::TableCaption, &table.caption), (Role::TableUnit, &table.number)];
    for (role, text) in lines.into_iter().filter_map(|(role, text)| Some((role, text.as_ref()?))) {
        body.line(role, text.id, &text.text, true);
    }
    match (&table.prepared_by, &table.unit) {
        (None, None) => {}
        (None, Some(unit)) => body.line(Role::TableUnit, unit.id, &unit.text, true),
        (Some(prepared), unit) => {
            let edge = body.document.geometry(body.orientation).type_width();
            let stop = Tab::new().val(TabValueType::Right).pos(unsigned(edge) as usize);
            let mut paragraph = body.styled(Role::TableUnit, true).align(AlignmentType::Left).add_tab(stop);
            paragraph.children = body.text(Role::TableUnit, prepared.id, &prepared.text, |run| run);
            if let Some(unit) = unit {
                paragraph = paragraph.add_run(run("\t"));
                paragraph.children.extend(body.text(Role::TableUnit, unit.id, &unit.text, |run| run));
            }
            body.push(paragraph);
        }
    }
}

/// Adds a table with its notes. With `stays`, its end stays with the next block.
///
/// The bookmark is in its first cell.
pub(super) fn table(body: &mut Body, table: &Table, bookmark: Option<Bookmark>, stays: bool) {
    let is_repeated = |row: &&document::TableRow| !body.keeps.unrepeated_rows.contains(&row.id);
    let repeated = table.rows[..table.header_rows].iter().take_while(is_repeated).count();
    body.notes.tables.push(TableNote {
        caption: table.caption.as_ref().map_or_else(|| table.name.clone(), |caption| caption.text.clone()),
        description: table.description.clone(),
        header_rows: repeated,
        header_column: table
            .rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(|cell| cell.column == 0 && cell.scope == Some(Scope::Row)),
    });
    grid(body, table, bookmark, stays || !table.notes.is_empty());
    for (index, note) in table.notes.iter().enumerate() {
        let last = index + 1 == table.notes.len();
        body.line(Role::TableNote, note.id, &note.text, stays && last);
    }
}

/// The table itself, row by row; with `end_stays`, its last row stays with what follows.
fn grid(body: &mut Body, table: &Table, mut bookmark: Option<Bookmark>, end_stays: bool) {
    let edges = edges(&table.columns);
    let padding = unsigned(table.padding) as usize;
    let vertical = unsigned(table.padding_vertical) as usize;
    let shell = docx_rs::Table::new(Vec::new())
        .set_grid(edges.windows(2).map(|edge| edge[1] - edge[0]).collect())
        .width(edges.last().copied().unwrap_or(0), WidthType::Dxa)
        .align(TableAlignmentType::Center)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(vertical, padding, vertical, padding))
        .set_borders(borders(table.rule));
    body.begin_table(&shell);
    let mut open = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        // The last row stays with the notes.
        let keep = body.keeps.kept_rows.contains(&row.id) || (end_stays && index + 1 == table.rows.len());
        let again = body.keeps.first_rows.contains(&row.id);
        let cells = places(&mut open, row)
            .into_iter()
            .map(|place| cell(body, &place, &edges, Row { keep, again }, &mut bookmark))
            .collect();
        let built =
            TableRow::new(cells).row_height(unsigned(row.min_height) as f32).height_rule(HeightRule::AtLeast);
        // A row that no page has room for is divided: LibreOffice loses what does not fit.
        body.row(if body.keeps.torn_rows.contains(&row.id) { built } else { built.cant_split() });
    }
    body.end_table();
}

/// Where the columns begin and end, in twips from the left edge of the table.
fn edges(columns: &[Length]) -> Vec<usize> {
    let mut edge = Length::ZERO;
    let mut edges = vec![0];
    for column in columns {
        edge += *column;
        edges.push(unsigned(edge) as usize);
    }
    edges
}

/// What a row's place on its page says of its cells.
#[derive(Clone, Copy)]
struct Row {
    /// They stay with the row below.
    keep: bool,
    /// A page begins with the row: labels that reach down into it are repeated.
    again: bool,
}

/// A cell in a row that it covers.
#[derive(Clone, Copy)]
struct Place<'a> {
    cell: &'a document::TableCell,
    /// How many rows it covers from this one on.
    rows_left: usize,
}

impl Place<'_> {
    /// Whether the cell began in a row above.
    fn is_continued(&self) -> bool {
        self.rows_left < self.cell.rows
    }
}

/// The cells that cover a row, by column: those that begin in it and those that reach down into it from
/// `open`, which is updated for the row below.
fn places<'a>(open: &mut Vec<Place<'a>>, row: &'a document::TableRow) -> Vec<Place<'a>> {
    let begin = row.cells.iter().map(|cell| Place { cell, rows_left: cell.rows });
    let mut places: Vec<Place> = open.drain(..).chain(begin).collect();
    places.sort_by_key(|place| place.cell.column);
    let below = places.iter().filter(|place| place.rows_left > 1);
    open.extend(below.map(|place| Place { rows_left: place.rows_left - 1, ..*place }));
    places
}

fn cell(
    body: &mut Body,
    place: &Place,
    edges: &[usize],
    row: Row,
    bookmark: &mut Option<Bookmark>,
) -> TableCell {
    let cell = place.cell;
    let last = (cell.column + cell.columns).min(edges.len() - 1);
    let width = edges[last].saturating_sub(edges[cell.column.min(last)]);
    let mut built = TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Center);
    if cell.columns > 1 {
        built = built.grid_span(cell.columns);
    }
    let is_again =
        row.again && place.is_continued() && cell.role != Role::TableFigure && !cell.text.is_empty();
    let is_hidden = place.is_continued() && !is_again;
    if cell.rows > 1 {
        built = built.vertical_merge(if is_hidden { VMergeType::Continue } else { VMergeType::Restart });
    }
    let mut paragraph = body.styled(cell.role, row.keep);
    if let Some(Bookmark { id, name }) = bookmark.take() {
        // A page break before the table is set there too.
        paragraph = body.begun(paragraph).add_bookmark_start(id, name).add_bookmark_end(id);
    }
    if cell.vertical {
        built = built.text_direction(TextDirectionType::TbRlV);
    }
    if !is_hidden {
        if cell.size.is_some() {
            let pitch = cell.line_pitch(body.document.styles.get(cell.role));
            let spacing = LineSpacing::new().line_rule(LineSpacingType::Exact);
            paragraph = paragraph.line_spacing(spacing.line(unsigned(pitch) as i32));
        }
        if cell.align != body.document.styles.get(cell.role).align {
            paragraph.property.alignment = Some(Justification::new(alignment(cell.align).to_string()));
        }
        if cell.inset_right > Length::ZERO || cell.indent_left > Length::ZERO {
            let twips = |length: Length| {
                (length > Length::ZERO).then(|| i32::try_from(length.to_twips()).unwrap_or(0))
            };
            paragraph = paragraph.indent(twips(cell.indent_left), None, twips(cell.inset_right), None);
        }
        if !cell.text.is_empty() {
            let sized = |run: Run| match cell.size {
                Some(size) => run.size((size.to_pt() * 2.0).round() as usize),
                None => run,
            };
            if is_again {
                let text = repeated(cell);
                paragraph.children.push(ParagraphChild::Run(Box::new(sized(run(&text)))));
            } else if has_blank_lines(cell) && body.document.formats.divide(cell.id).is_plain() {
                // LibreOffice makes a blank line between two breaks lower than the others, and a blank paragraph not.
                let lines: Vec<&str> = cell.text.split('\n').collect();
                for (at, line) in lines.iter().enumerate() {
                    let mut own = paragraph.clone();
                    if at > 0 {
                        // The bookmark and the page break are those of the first.
                        own.children.clear();
                        own.property.page_break_before = None;
                    }
                    own.children.extend(body.text(cell.role, cell.id, line, sized));
                    built.children.push(TableCellContent::Paragraph(Box::new(own)));
                }
                return built;
            } else {
                paragraph.children.extend(body.text(cell.role, cell.id, &cell.text, sized));
            }
        }
    }
    built.children.push(TableCellContent::Paragraph(Box::new(paragraph)));
    built
}

fn has_blank_lines(cell: &document::TableCell) -> bool {
    cell.text.starts_with('\n') || cell.text.ends_with('\n') || cell.text.contains("\n\n")
}

/// The label of a cell on a page that continues it.
fn repeated(cell: &document::TableCell) -> String {
    let newline = if cell.vertical { "" } else { "\n" };
    format!("{}{newline}{}", cell.text, cell.continued)
}

fn alignment(align: Align) -> AlignmentType {
    match align {
        Align::Left => AlignmentType::Left,
        Align::Centre => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
        Align::Justify => AlignmentType::Both,
    }
}

/// All the rules, of one width: in eighths of a point, and Word draws none thinner than a quarter.
fn borders(rule: Length) -> TableBorders {
    let size = (rule.to_pt() * 8.0).round().clamp(2.0, 96.0) as usize;
    [
        TableBorderPosition::Top,
        TableBorderPosition::Left,
        TableBorderPosition::Bottom,
        TableBorderPosition::Right,
        TableBorderPosition::InsideH,
        TableBorderPosition::InsideV,
    ]
    .into_iter()
    .fold(TableBorders::with_empty(), |borders, position| borders.set(TableBorder::new(position).size(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_columns_fill_their_width_to_the_twip() {
        let third = Length::twips(1000) / 3;
        assert_eq!(edges(&[third, third, third]), [0, 333, 667, 1000]);
    }
}
