//! A table with its own rows and columns, in prose.

use super::Composer;
use super::cells::line_align;
use crate::diagnostic::{child, rule};
use crate::document::{Block, BlockKind, CONTINUED, Table, TableCell, TableRow};
use crate::geom::Length;
use crate::message;
use crate::report::{
    Cell, CellClass, CellText, ColumnAlign, FreeCell, FreeTable, Inline, MOST_COLUMNS, Numeral,
};
use crate::style::{Align, Role, Scope};

impl Composer<'_> {
    /// A free table.
    pub(super) fn free_table(&mut self, table: &FreeTable, pointer: &str) {
        // No row may cover more columns than the table has.
        let columns = table.columns();
        if columns == 0 || table.rows.is_empty() {
            self.error(
                rule::TABLE_EMPTY,
                pointer,
                message!("表格没有行或列", "the table has no rows or columns"),
                None,
            );
            return;
        }
        if columns > MOST_COLUMNS {
            let text = message!(
                "表格有 {columns} 列，最多 {MOST_COLUMNS} 列",
                "the table has {columns} columns, at most {MOST_COLUMNS} are allowed"
            );
            self.error(rule::TABLE_COLUMNS, pointer, text, None);
            return;
        }
        let block = self.node(pointer);
        let widths = self.widths(table, columns, pointer);
        let repeat_columns = table.repeat_columns.unwrap_or_default();
        if repeat_columns >= columns {
            let text = message!(
                "表格有 {columns} 列，要重复的有 {repeat_columns} 列",
                "the table has {columns} columns, of which {repeat_columns} are to be repeated"
            );
            let hint = message!(
                "写表头左边的列数，例如 1",
                "write how many columns at the left are headers, such as 1"
            );
            self.error(
                rule::TABLE_REPEAT_COLUMNS,
                &child(pointer, "repeat_columns"),
                text,
                Some(hint.into()),
            );
        }
        let aligns = self.aligns(table, columns, pointer);
        let caption = table.caption.as_ref().map(|text| self.table_text(text, &child(pointer, "caption")));
        let mut line = |key: &str, text: &Option<String>| {
            text.as_ref().map(|text| self.table_text(text, &child(pointer, key)))
        };
        let number = line("number", &table.number);
        let prepared_by = line("prepared_by", &table.prepared_by);
        let unit = line("unit", &table.unit);
        let mut rows = self.free_rows(&table.header, columns, true, &child(pointer, "header"));
        let mut body = self.free_rows(&table.rows, columns, false, &child(pointer, "rows"));
        let numbers = columns_of_numbers(&body, columns);
        for cell in body.iter_mut().flat_map(|row| &mut row.cells) {
            if numbers[cell.column] && cell.columns == 1 && belongs_to_numbers(&cell.text) {
                cell.align = Align::Centre;
            }
            cell.align = aligns[cell.column].map_or(cell.align, |align| line_align(align, &cell.text));
            cell.decimal = aligns[cell.column] == Some(ColumnAlign::Decimal);
        }
        rows.extend(body);
        // A cell's own alignment goes before its column's.
        let given = table.header.iter().chain(&table.rows).flatten();
        for (cell, given) in rows.iter_mut().flat_map(|row| &mut row.cells).zip(given) {
            if let FreeCell::Span { align: Some(align), vertical: None | Some(false), .. } = given {
                cell.align = line_align(*align, &cell.text);
                cell.decimal = *align == ColumnAlign::Decimal;
            }
        }
        self.check_vertical(&rows);
        if let Some(size) = self.size(table, pointer) {
            rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| cell.size = Some(size));
        }
        self.row_heights(table, &mut rows, pointer);
        let notes = table.notes.iter().enumerate();
        let notes =
            notes.map(|(at, text)| self.table_text(text, &child(&child(pointer, "notes"), at))).collect();
        let description =
            table.description.as_ref().map(|text| self.clean(text, &child(pointer, "description")));
        let name = caption.as_ref().map(|caption| caption.text.clone());
        let drawing = &self.layout.table;
        let kind = BlockKind::Table(Table {
            description: description.or_else(|| name.clone()).unwrap_or_else(|| "表格".to_owned()),
            name: name.unwrap_or_else(|| "表格".to_owned()),
            caption,
            number,
            prepared_by,
            unit,
            together: table.keep_together == Some(true),
            by_content: widths.is_none(),
            columns: widths.unwrap_or_else(|| vec![Length::ZERO; columns]),
            rows,
            header_rows: table.header.len(),
            notes,
            rule: drawing.rule,
            padding: drawing.padding,
            padding_vertical: drawing.padding_vertical,
            continued: drawing.continued.clone(),
            repeat_columns,
            is_carried: false,
        });
        self.blocks.push(Block { orientation: table.orientation, ..Block::new(block, kind) });
    }

    /// The widths that the report gives, if it gives any.
    fn widths(&mut self, table: &FreeTable, columns: usize, pointer: &str) -> Option<Vec<Length>> {
        let room = super::styles::geometry(self.layout, table.orientation).type_width();
        let widths = table.widths.as_ref()?;
        let place = child(pointer, "widths");
        let lengths: Vec<Length> = widths
            .iter()
            .enumerate()
            .filter_map(|(at, text)| self.length(text, &child(&place, at)))
            .collect();
        let (given, total) = (widths.len(), lengths.iter().copied().sum::<Length>());
        if given != columns {
            let text = message!(
                "表格有 {columns} 列，列宽有 {given} 个",
                "the table has {columns} columns and {given} widths"
            );
            self.error(rule::TABLE_WIDTHS, &place, text, None);
            return None;
        }
        if total > room + Length::pt(0.5) && table.repeat_columns.is_none() {
            let (total, room) = (total.to_mm(), room.to_mm());
            self.error(
                rule::TABLE_WIDTHS,
                &place,
                message!(
                    "各列共宽 {total:.1} 毫米，超出版心 {room:.1} 毫米",
                    "the columns are {total:.1} mm wide, more than the type area of {room:.1} mm"
                ),
                None,
            );
            return None;
        }
        (lengths.len() == columns).then_some(lengths)
    }

    /// The size of the table's text, if the report gives one.
    fn size(&mut self, table: &FreeTable, pointer: &str) -> Option<Length> {
        const SMALLEST: f64 = 6.0;
        const LARGEST: f64 = 22.0;
        let text = table.size.as_ref()?;
        let size = Length::parse(text).map(|size| (size.to_pt() * 2.0).round() / 2.0);
        match size.filter(|size| (SMALLEST..=LARGEST).contains(size)) {
            Some(size) => Some(Length::pt(size)),
            None => {
                let message = message!(
                    "“{text}”不是 {SMALLEST} 到 {LARGEST} 磅的字号",
                    "\"{text}\" is no size from {SMALLEST} to {LARGEST} pt"
                );
                let hint = message!("例如 \"9pt\"", "such as \"9pt\"");
                self.error(rule::REPORT_LENGTH, &child(pointer, "size"), message, Some(hint.into()));
                None
            }
        }
    }

    /// Gives the rows of the body the heights that the report asks for: room to write in.
    fn row_heights(&mut self, table: &FreeTable, rows: &mut [TableRow], pointer: &str) {
        let Some(heights) = &table.row_heights else { return };
        let place = child(pointer, "row_heights");
        let (given, body) = (heights.len(), table.rows.len());
        if given != body && given != 1 {
            let text = message!(
                "表体有 {body} 行，行高有 {given} 个",
                "the table's body has {body} rows and {given} heights"
            );
            let hint = message!("只写一个，就用于每一行", "a single one is that of every row");
            self.error(rule::TABLE_HEIGHTS, &place, text, Some(hint.into()));
            return;
        }
        let tallest = super::styles::geometry(self.layout, table.orientation).type_height();
        let lengths: Vec<Option<Length>> =
            heights.iter().enumerate().map(|(at, text)| self.length(text, &child(&place, at))).collect();
        if lengths.iter().flatten().any(|height| *height > tallest) {
            let text = message!("行高超过版心的高度", "a row is taller than the type area");
            self.error(rule::TABLE_HEIGHTS, &place, text, None);
            return;
        }
        for (row, height) in rows[table.header.len()..].iter_mut().zip(lengths.into_iter().cycle()) {
            row.min_height = height.unwrap_or_default().max(row.min_height);
        }
    }

    /// The alignment of each column, as far as the report gives it.
    fn aligns(&mut self, table: &FreeTable, columns: usize, pointer: &str) -> Vec<Option<ColumnAlign>> {
        let Some(aligns) = &table.align else { return vec![None; columns] };
        let given = aligns.len();
        if given != columns {
            let text = message!(
                "表格有 {columns} 列，align 有 {given} 个",
                "the table has {columns} columns and {given} in align"
            );
            self.error(rule::TABLE_ALIGN, &child(pointer, "align"), text, None);
        }
        let mut aligns: Vec<Option<ColumnAlign>> = aligns.iter().copied().map(Some).collect();
        aligns.resize(columns, None);
        aligns
    }

    /// The rows of header or body. Every place of the grid must belong to one cell, otherwise the row is
    /// reported.
    fn free_rows(
        &mut self,
        rows: &[Vec<FreeCell>],
        columns: usize,
        header: bool,
        pointer: &str,
    ) -> Vec<TableRow> {
        let min_height = self.layout.table.min_height;
        let mut covered = vec![0_usize; columns];
        let mut finished = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let place = child(pointer, at);
            let id = self.node(&place);
            let mut cells = Vec::new();
            let mut column = 0;
            let mut fits = true;
            let mut reaches = None;
            for (index, cell) in row.iter().enumerate() {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let (wide, high) = cell.span();
                let room = covered
                    .get(column..column + wide)
                    .is_some_and(|below| below.iter().all(|rows| *rows == 0));
                if room && at + high > rows.len() {
                    reaches = Some((child(&place, index), high, rows.len() - at));
                }
                if !room || at + high > rows.len() {
                    fits = false;
                    break;
                }
                covered[column..column + wide].fill(high);
                cells.push(self.free_cell(cell, column, header, &child(&place, index)));
                column += wide;
            }
            if let Some((cell, high, left)) = reaches {
                let (zh, en) = if header { ("表头", "the header") } else { ("表格", "the table") };
                let text = message!(
                    "单元格占 {high} 行，而{zh}从这里起只有 {left} 行",
                    "the cell covers {high} rows, and {en} has {left} from here on"
                );
                self.error(rule::TABLE_CELLS, &cell, text, None);
                return finished;
            }
            if !fits || covered.contains(&0) {
                self.error(
                    rule::TABLE_CELLS,
                    &place,
                    message!(
                        "这一行的单元格凑不成 {columns} 列",
                        "the cells of this row do not make {columns} columns"
                    ),
                    Some(
                        message!(
                            "合并的单元格在下面各行中不再写出",
                            "a cell that spans rows is not written again in the rows below"
                        )
                        .into(),
                    ),
                );
                return finished;
            }
            for rows in &mut covered {
                *rows -= 1;
            }
            finished.push(TableRow { id, cells, min_height });
        }
        finished
    }

    fn free_cell(&mut self, cell: &FreeCell, column: usize, header: bool, pointer: &str) -> TableCell {
        let (columns, rows) = cell.span();
        let joined;
        let (value, is_header, vertical) = match cell {
            FreeCell::Plain(value) => (value, None, false),
            FreeCell::Span { text, header, vertical, .. } => {
                let value = match text {
                    CellText::Plain(value) => value,
                    CellText::Inlines(inlines) => {
                        joined = Cell::new(inlines.text());
                        &joined
                    }
                };
                (value, *header, *vertical == Some(true))
            }
        };
        if value.class() == CellClass::Exponent {
            let text = value.text();
            self.error(
                rule::FIGURE_EXPONENT,
                pointer,
                message!("不能用指数写法：{text}", "must not have an exponent: {text}"),
                Some(message!("把数字写全", "write the number in full").into()),
            );
        }
        if value.class() == CellClass::Auto {
            let hint = message!(
                "写上数字；表格里的合计用 sums 核对",
                "write the figure; sums checks those that the table states"
            );
            self.error(
                rule::FIGURE_AUTO,
                pointer,
                message!("自拟的表格不能写 \"auto\"", "a free table cannot have \"auto\""),
                Some(hint.into()),
            );
        }
        let (role, align) = match value.class() {
            _ if header => (Role::TableHeader, Align::Centre),
            CellClass::Text
            | CellClass::Mark
            | CellClass::FullWidth
            | CellClass::Auto
            | CellClass::Exponent => (Role::TableLabel, Align::Left),
            CellClass::Figure
            | CellClass::Signed
            | CellClass::Grouped
            | CellClass::Empty
            | CellClass::Open => (Role::TableFigure, Align::Centre),
        };
        let first_text = column == 0 && role == Role::TableLabel;
        let scope = match (header, is_header.unwrap_or(first_text)) {
            (true, _) => Some(Scope::Column),
            (false, true) => Some(Scope::Row),
            (false, false) => None,
        };
        let (text, indent_left) = self.cell_text(value, role, pointer);
        let id = self.node(pointer);
        if let FreeCell::Span { text: CellText::Inlines(inlines), .. } = cell {
            let place = child(pointer, "text");
            let rich = self.rich(inlines, &place);
            self.format(id, &rich);
            let notes = inlines.0.iter().enumerate();
            for (at, _) in notes.filter(|(_, piece)| vertical && matches!(piece, Inline::Note(_))) {
                let place = child(&child(&place, at), "note");
                let text =
                    message!("竖排的单元格不能有脚注", "a cell with vertical text cannot have a footnote");
                self.no_place_for_note(&place, text);
            }
        }
        TableCell {
            id,
            column,
            columns,
            rows,
            role,
            align: if vertical { Align::Centre } else { align },
            scope,
            decimal: false,
            continued: CONTINUED[0],
            size: None,
            indent_left,
            inset_right: Length::ZERO,
            vertical,
            text,
        }
    }

    /// A cell's text and its indent; "\n" breaks its line. The spaces that all its lines begin with are its indent; those
    /// that a line has beyond that stay as full-width spaces.
    fn cell_text(&mut self, value: &Cell, role: Role, pointer: &str) -> (String, Length) {
        let size = self.layout.styles[&role].size;
        let lines: Vec<(i64, String)> =
            value.text().split('\n').map(|line| (half_ems(line), self.clean(line, pointer))).collect();
        let common = lines.iter().filter(|(_, line)| !line.is_empty()).map(|(spaces, _)| *spaces).min();
        let common = common.unwrap_or_default();
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(spaces, line)| match line.is_empty() {
                true => line,
                false => "　".repeat(usize::try_from((spaces - common) / 2).unwrap_or_default()) + &line,
            })
            .collect();
        (lines.join("\n"), size * common / 2)
    }
}

/// The width of the spaces that a line begins with: 2 for a full-width one, 1 for others.
fn half_ems(line: &str) -> i64 {
    let spaces = line.chars().take_while(|character| character.is_whitespace());
    spaces.map(|character| if character == '\u{3000}' { 2 } else { 1 }).sum()
}

/// Which columns are columns of numbers: most of their cells are numbers, quantities or dates, or signs that stand for one.
/// A column may have nothing but signs. In the first column 1月 is a label.
fn columns_of_numbers(rows: &[TableRow], columns: usize) -> Vec<bool> {
    let mut counts = vec![(0_usize, 0_usize, false); columns];
    for cell in
        rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.columns == 1 && !cell.text.is_empty())
    {
        let (all, alike, has_number) = &mut counts[cell.column];
        *all += 1;
        let is_quantity = cell.column > 0 && is_quantity(&cell.text);
        *alike += usize::from(is_quantity || is_number_or_sign(&cell.text));
        *has_number |= is_quantity || Numeral::of(&cell.text) != Numeral::None;
    }
    let is_of_numbers = |(all, alike, has_number)| alike * 2 > all && (has_number || alike == all);
    counts.into_iter().map(is_of_numbers).collect()
}

/// Whether a text is a number, or a sign in place of one: `—`, `…`, `/`, `*`.
fn is_number_or_sign(text: &str) -> bool {
    Numeral::of(text) != Numeral::None || !text.chars().any(char::is_alphanumeric)
}

/// Whether a text is a number with its unit, or a date: 3个月, ￥12.00, 第1, 2024年1月31日.
fn is_quantity(text: &str) -> bool {
    const MOST_LETTERS: usize = 3;
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.chars().filter(|character| character.is_alphabetic()).count() <= MOST_LETTERS
}

/// Whether a text of a column of numbers is set as they are: a number, a sign, or a word or two.
fn belongs_to_numbers(text: &str) -> bool {
    const LONGEST_WORD: usize = 6;
    is_number_or_sign(text) || is_quantity(text) || text.chars().count() <= LONGEST_WORD
}
