//! A workbook to fill in: one sheet a table, labels as they are printed, totals as formulas.

use std::collections::HashMap;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::name;
use crate::figures::grid::{Content, Place, places};
use crate::figures::{Key, totals};
use crate::layout::{Layout, TableSpec};

/// The first row of the table, below its name and a line of instructions.
const TOP: u32 = 2;
/// A millimetre of the printed table in characters of a column.
const CHARACTERS_PER_MM: f64 = 0.6;

/// The workbook of a layout's tables. The same layout gives the same bytes.
///
/// # Errors
/// An error of the workbook library, such as an invalid name.
pub fn write(layout: &Layout) -> Result<Vec<u8>, WorkbookError> {
    workbook(layout).map_err(|error| WorkbookError(error.to_string()))
}

/// Why no workbook could be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WorkbookError(String);

fn workbook(layout: &Layout) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let about = DocProperties::new().set_title(&layout.name).set_creation_datetime(&date);
    workbook.set_properties(&about);
    let cells = cells(layout);
    for table in &layout.tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(table))?;
        draw(sheet, layout, table, &cells)?;
    }
    for (key, cell) in &cells {
        workbook.define_name(name(*key), &format!("='{}'!{}", cell.sheet, cell.absolute()))?;
    }
    workbook.save_to_buffer()
}

/// Where a figure is.
struct Cell {
    sheet: String,
    row: u32,
    column: u16,
}

impl Cell {
    fn relative(&self) -> String {
        super::cells::cell_name(self.row, u32::from(self.column))
    }

    fn absolute(&self) -> String {
        let name = self.relative();
        let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
        format!("${}${}", &name[..digits], &name[digits..])
    }
}

/// A sheet's name has at most 31 characters.
fn sheet_name(table: &TableSpec) -> String {
    table.key.chars().take(31).collect()
}

fn cells(layout: &Layout) -> Vec<(Key<'_>, Cell)> {
    let mut cells = Vec::new();
    for table in &layout.tables {
        for place in places(table) {
            if let Content::Figure(figure) = &place.content {
                let (row, column) = at(&place);
                cells.push((figure.key(), Cell { sheet: sheet_name(table), row, column }));
            }
        }
    }
    cells
}

fn at(place: &Place) -> (u32, u16) {
    let row = u32::try_from(place.row).unwrap_or(u32::MAX);
    (row.saturating_add(TOP), u16::try_from(place.column).unwrap_or(u16::MAX))
}

fn draw(
    sheet: &mut Worksheet,
    layout: &Layout,
    table: &TableSpec,
    cells: &[(Key, Cell)],
) -> Result<(), XlsxError> {
    let totals = totals(layout);
    let cells: HashMap<&Key, &Cell> = cells.iter().map(|(key, cell)| (key, cell)).collect();
    let bordered = || {
        let centre = Format::new().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        centre.set_border(FormatBorder::Thin).set_text_wrap()
    };
    let head = bordered().set_bold();
    let label = bordered().set_align(FormatAlign::Left);
    let open = bordered().set_unlocked();
    let total = bordered().set_background_color(0x00E7_E6E6_u32);
    sheet.write_string_with_format(0, 0, &table.name, &Format::new().set_bold().set_font_size(14.0))?;
    sheet.write_string(1, 0, "填白色的格；灰色的格是合计，自动计算。不要改动表名和格的名称。")?;
    for (column, width) in table.widths.iter().enumerate() {
        let characters = (width.to_mm() * CHARACTERS_PER_MM).max(8.0);
        sheet.set_column_width(u16::try_from(column).unwrap_or(u16::MAX), characters)?;
    }
    for place in places(table) {
        let (row, column) = at(&place);
        let last_row = row + u32::try_from(place.rows).unwrap_or(1) - 1;
        let last_column = column + u16::try_from(place.columns).unwrap_or(1) - 1;
        let merged = (last_row, last_column) != (row, column);
        match &place.content {
            Content::Label(text) => {
                let format = if place.is_head { &head } else { &label };
                if merged {
                    sheet.merge_range(row, column, last_row, last_column, text, format)?;
                } else {
                    sheet.write_string_with_format(row, column, text, format)?;
                }
            }
            Content::Figure(figure) => {
                let parts = totals.get(&figure.key());
                let format = if parts.is_some() { &total } else { &open };
                if merged {
                    sheet.merge_range(row, column, last_row, last_column, "", format)?;
                }
                match parts {
                    Some(parts) => {
                        let formula = Formula::new(formula(parts, &cells)).set_result("0");
                        sheet.write_formula_with_format(row, column, formula, format)?;
                    }
                    None => {
                        sheet.write_number_with_format(row, column, 0, format)?;
                    }
                }
            }
        }
    }
    let header_rows = table.rows.iter().take_while(|row| row.kind == crate::layout::RowKind::Header).count();
    sheet.set_freeze_panes(TOP + u32::try_from(header_rows).unwrap_or(0), 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).protect();
    Ok(())
}

fn formula(parts: &[(bool, Key)], cells: &HashMap<&Key, &Cell>) -> String {
    let mut formula = String::from("=");
    for (place, (negative, key)) in parts.iter().enumerate() {
        let Some(cell) = cells.get(key) else { continue };
        match (place, negative) {
            (0, false) => {}
            (_, true) => formula.push('-'),
            (_, false) => formula.push('+'),
        }
        formula.push_str(&cell.relative());
    }
    formula
}
