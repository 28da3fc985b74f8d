//! Tables that stand in a text as lines: a row a line with bars, a cell a line, or without any mark.
//!
//! Columns are not known there, the order of cells is. Which lines are a table is seen by the labels of the layouts: between
//! them stand figures.

use std::borrow::Cow;

use super::blocks::{Block, Cell, Grid, Paragraph};
use crate::diagnostic::Place;
use crate::figures::grid::{Content, places};
use crate::forms::labels::{likeness, number_of, plain};
use crate::forms::values::{is_label, is_like_value, is_missing};
use crate::layout::Layout;

/// The words of layouts by which tables and titles are told from prose.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    labels: Vec<String>,
    titles: Vec<String>,
}

impl Vocabulary {
    /// Of these layouts.
    pub fn of<'l>(layouts: impl Iterator<Item = &'l Layout>) -> Vocabulary {
        let mut words = Vocabulary::default();
        for layout in layouts.filter(|layout| layout.has_tables()) {
            for table in &layout.tables {
                for place in places(table) {
                    if let Content::Label(text) = place.content {
                        words.labels.push(plain(&text));
                    }
                }
                words.labels.extend(table.aliases.values().flatten().map(|text| plain(text)));
            }
            words.titles.extend(layout.sections.iter().map(|section| plain(&section.title)));
        }
        for list in [&mut words.labels, &mut words.titles] {
            list.sort();
            list.dedup();
            list.retain(|text| !text.is_empty());
        }
        words
    }

    /// Whether a text is a label of a table.
    fn is_label(&self, text: &str) -> bool {
        let text = plain(text);
        !text.is_empty() && self.labels.iter().any(|label| likeness(&text, label) >= 0.75)
    }

    /// Whether a text is the rest of a label of a table that was wrapped.
    fn has_piece(&self, text: &str) -> bool {
        let text = plain(text);
        text.chars().count() >= 2 && self.labels.iter().any(|label| label.ends_with(&text))
    }

    /// Whether a line is the title of a section.
    fn is_title(&self, text: &str) -> bool {
        let is_short = text.chars().count() <= 40 && !text.ends_with(['。', '；', '，']);
        let first = number_of(text).is_none_or(|(level, _)| matches!(level, 1 | 3));
        let text = plain(text);
        is_short && first && self.titles.iter().any(|title| likeness(&text, title) >= 0.75)
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// It has bars.
    Bars,
    /// It is a figure, or ends with figures.
    Figures,
    /// It is a label.
    Label,
    /// A piece of a label, or nothing.
    Piece,
    /// Text.
    Prose,
}

/// Tables of a sheet that only a line of the form stands between (第二十条第（五）项) as one table: readers of sheets take a
/// row of one text for a paragraph, for they know no forms.
fn with_bands(blocks: Vec<Block>, words: &Vocabulary) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for block in blocks {
        let Block::Table(grid) = block else {
            found.push(block);
            continue;
        };
        let is_band = |block: &Block| match block {
            Block::Paragraph(paragraph) => {
                words.is_label(&paragraph.text) && !words.is_title(&paragraph.text)
            }
            Block::Table(_) | Block::Picture(_) | Block::Left { .. } => false,
        };
        let bands = found.iter().rev().take_while(|block| is_band(block)).count();
        let at = found.len() - bands;
        let place = grid.rows.first().and_then(|row| row.first()).map(|cell| &cell.place);
        let is_same = |other: &Place| place.is_some_and(|place| is_same_sheet(place, other));
        let width = grid.rows.iter().flatten().map(|cell| cell.column + cell.columns).max().unwrap_or(1);
        let row = |paragraph: &Paragraph| -> Vec<Cell> {
            let texts = std::iter::once(paragraph.text.as_str()).chain(std::iter::repeat("")).take(width);
            let place = &paragraph.place;
            let cell = |(column, text): (usize, &str)| Cell {
                column,
                columns: 1,
                rows: 1,
                text: text.to_owned(),
                header: false,
                place: place.clone(),
            };
            texts.enumerate().map(cell).collect()
        };
        let bands: Vec<Vec<Cell>> = found[at..]
            .iter()
            .filter_map(|block| match block {
                Block::Paragraph(paragraph) if is_same(&paragraph.place) => Some(row(paragraph)),
                _ => None,
            })
            .collect();
        if bands.len() < found.len() - at {
            found.push(Block::Table(grid));
            continue;
        }
        found.truncate(at);
        match found.last_mut() {
            Some(Block::Table(last))
                if last.rows.first().and_then(|row| row.first()).is_some_and(|cell| is_same(&cell.place)) =>
            {
                last.rows.extend(bands);
                last.rows.extend(grid.rows);
            }
            _ => {
                let rows = bands.into_iter().chain(grid.rows).collect();
                found.push(Block::Table(Grid { rows, has_columns: grid.has_columns }));
            }
        }
    }
    found
}

/// Whether two places are in one sheet of a workbook, or in one file of lines.
fn is_same_sheet(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::Cell { sheet, .. }, Place::Cell { sheet: other, .. }) => sheet == other,
        (Place::TextLine(_), Place::TextLine(_)) => true,
        _ => false,
    }
}

/// The same blocks, with the lines of tables as tables.
pub(super) fn with_tables(blocks: Vec<Block>, words: &Vocabulary) -> Vec<Block> {
    let mut found = Vec::new();
    let mut run: Vec<Paragraph> = Vec::new();
    for block in with_bands(blocks, words) {
        match block {
            Block::Paragraph(paragraph) => run.push(paragraph),
            other => {
                tables_of(std::mem::take(&mut run), words, &mut found);
                found.push(other);
            }
        }
    }
    tables_of(run, words, &mut found);
    found
}

/// A line that is no part of a table. Tabs at its ends are cells of a table alone.
fn prose(mut paragraph: Paragraph) -> Option<Block> {
    let text = paragraph.text.trim();
    if text.len() < paragraph.text.len() {
        paragraph.text = text.to_owned();
    }
    (!paragraph.text.is_empty()).then_some(Block::Paragraph(paragraph))
}

fn tables_of(run: Vec<Paragraph>, words: &Vocabulary, found: &mut Vec<Block>) {
    let kinds: Vec<Line> = run.iter().map(|paragraph| kind(&paragraph.text, words)).collect();
    let mut at = 0;
    let mut run: Vec<Option<Paragraph>> = run.into_iter().map(Some).collect();
    while at < run.len() {
        let end = at + kinds[at..].iter().take_while(|kind| **kind != Line::Prose).count();
        let texts: Vec<(Cow<str>, &Place)> =
            run[at..end].iter().flatten().map(|line| (with_bars(&line.text, words), &line.place)).collect();
        let lines: Vec<(&str, &Place)> = texts.iter().map(|(text, place)| (&**text, *place)).collect();
        let figures: usize = lines.iter().map(|(text, _)| figures_in(text)).sum();
        let labels: usize = lines.iter().map(|(text, _)| labels_in(text, words)).sum();
        // A line with bars may be all that blanks leave.
        let has_bars = kinds[at..end].iter().filter(|kind| **kind == Line::Bars).count() >= 2;
        if (figures >= 2 || has_bars) && labels >= 2 {
            // A piece at the edge belongs to the text around.
            let mut first = at + kinds[at..end].iter().take_while(|kind| **kind == Line::Piece).count();
            // But pieces that end with a bar on a line of its own are a cell.
            if lines
                .get(first - at)
                .is_some_and(|(text, _)| text.trim().chars().all(|c| matches!(c, '|' | '｜')))
            {
                first = at;
            }
            let table = grid(&lines[first - at..], words);
            found.extend(run[at..first].iter_mut().filter_map(Option::take).filter_map(prose));
            found.push(Block::Table(table));
            at = end;
        } else {
            let end = end.max(at + 1);
            found.extend(run[at..end].iter_mut().filter_map(Option::take).filter_map(prose));
            at = end;
        }
    }
}

/// How many labels a line has: between bars, or beside one another.
fn labels_in(text: &str, words: &Vocabulary) -> usize {
    let is_label = |part: &str| words.is_label(&spaced(part).0);
    let between = text.split(['|', '｜', '\n']).filter(|part| is_label(part)).count();
    between.max(text.split_whitespace().filter(|part| words.is_label(part)).count())
}

/// How many figures a line has.
fn figures_in(text: &str) -> usize {
    let parts = text.split(['|', '｜', '\n']).flat_map(str::split_whitespace);
    parts.filter(|part| !is_missing(part) && is_like_value(part)).count()
}

/// The fields of a line that was copied from a table, with tabs between: a blank one is a blank cell. None for a line that
/// has tabs for another reason.
fn tabbed<'t>(text: &'t str, words: &Vocabulary) -> Option<Vec<&'t str>> {
    if !text.contains('\t') || text.contains(['|', '｜']) {
        return None;
    }
    let fields: Vec<&str> = text.trim_matches(|c: char| c.is_whitespace() && c != '\t').split('\t').collect();
    let is_value = |field: &str| is_like_value(field);
    let is_one = |field: &str| spaced(field).1.len() < 2 || field.trim().is_empty();
    let has_value = fields.iter().any(|field| !is_missing(field) && is_like_value(field));
    let is_row = (has_value && fields.iter().all(|field| is_value(field)))
        || fields.iter().any(|field| words.is_label(field))
        || (fields.len() > 2 && fields.iter().all(|field| field.trim().is_empty()));
    (is_row && fields.iter().all(|field| is_one(field))).then_some(fields)
}

/// The same line with bars in place of the tabs between cells.
fn with_bars<'t>(text: &'t str, words: &Vocabulary) -> Cow<'t, str> {
    match tabbed(text, words) {
        Some(fields) => format!("{}|", fields.join("|")).into(),
        None => text.into(),
    }
}

fn kind(text: &str, words: &Vocabulary) -> Line {
    if tabbed(text, words).is_some() {
        return Line::Bars;
    }
    let text = text.trim();
    if text.contains(['|', '｜']) {
        return Line::Bars;
    }
    // A sentence before a table may begin with a label of it.
    if text.ends_with(['。', '；', '！', '？']) || text.ends_with("如下：") || text.ends_with("如下:")
    {
        return Line::Prose;
    }
    if text.is_empty() {
        return Line::Piece;
    }
    if words.is_title(text) {
        return Line::Prose;
    }
    if is_like_value(text) {
        return Line::Figures;
    }
    let (label, figures) = spaced(text);
    let is_known = || label.is_empty() || words.is_label(&label) || words.has_piece(&label);
    if !figures.is_empty() && (figures.len() >= 3 || is_known()) {
        return Line::Figures;
    }
    if words.is_label(text) || is_heads(text, words) {
        return Line::Label;
    }
    let is_piece = text.chars().count() <= 10 && !text.ends_with(['。', '；', '：', '，', '！', '？']);
    if is_piece && number_of(text).is_none_or(|(level, _)| level > 2) { Line::Piece } else { Line::Prose }
}

/// Whether a line has several headers beside one another: labels, or the characters of labels that run downwards.
fn is_heads(text: &str, words: &Vocabulary) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let known = parts.iter().filter(|part| words.is_label(part)).count();
    parts.len() >= 2 && (known * 2 >= parts.len() || is_columns(&parts))
}

/// Whether texts are characters of labels that run downwards: 结 结 其 尚.
fn is_columns(parts: &[&str]) -> bool {
    parts.len() >= 4 && parts.iter().all(|part| part.chars().count() <= 2 && is_label(part))
}

/// A line of text with figures behind it, with spaces between.
fn spaced(text: &str) -> (String, Vec<&str>) {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let behind = parts.iter().rev().take_while(|part| is_like_value(part)).count();
    let (label, figures) = parts.split_at(parts.len() - behind);
    (label.join(""), figures.to_vec())
}

/// The table of these lines.
fn grid(lines: &[(&str, &Place)], words: &Vocabulary) -> Grid {
    let with_bars = lines.iter().filter(|(text, _)| text.contains(['|', '｜']));
    let (mut in_rows, mut all) = (0, 0);
    for (text, _) in with_bars {
        all += 1;
        in_rows += usize::from(text.split(['|', '｜']).filter(|part| !part.trim().is_empty()).count() >= 2);
    }
    let rows = if all > 0 && in_rows * 2 >= all { rows_of(&whole(lines)) } else { stream(lines, words) };
    let mut grid = Grid { rows: Vec::new(), has_columns: false };
    for row in joined(rows) {
        let cells = row.into_iter().enumerate().map(|(at, (text, place))| Cell {
            column: at,
            columns: 1,
            rows: 1,
            text,
            header: false,
            place,
        });
        grid.rows.push(cells.collect());
    }
    grid
}

type Token = (String, Place);

/// Lines with bars, those that were broken inside a number put together. Where nearly all end with a bar, one that ends with
/// a number instead goes on where the next one begins with a number; so does a number alone behind a row whose end is not
/// marked. What was broken is no figure any more: a line break stays in it.
fn whole<'a>(lines: &[(&str, &'a Place)]) -> Vec<(String, &'a Place)> {
    let is_bar = |c: char| matches!(c, '|' | '｜');
    let barred = || lines.iter().map(|(text, _)| text.trim()).filter(|text| text.contains(is_bar));
    let ended = barred().filter(|text| text.ends_with(is_bar)).count();
    let all_end = ended * 5 >= barred().count() * 4;
    let figure = |text: &str| !is_missing(text) && is_like_value(text);
    let mut found: Vec<(String, &Place)> = Vec::new();
    for (text, place) in lines {
        let text = text.trim();
        let first = text.split(is_bar).next().unwrap_or_default();
        if let Some((last, _)) = found.last_mut() {
            let end = last.trim_end_matches(is_bar).rsplit(is_bar).next().unwrap_or_default();
            let is_open = last.contains(is_bar) && figure(end);
            let goes_on = figure(first) || (first.trim().is_empty() && text.len() > 1);
            let is_cut = all_end && is_open && !last.ends_with(is_bar) && text.contains(is_bar) && goes_on;
            let is_alone = is_open && figure(text) && (!all_end || !last.ends_with(is_bar));
            if is_cut || is_alone {
                last.push('\n');
                last.push_str(text);
                continue;
            }
        }
        found.push((text.to_owned(), place));
    }
    found
}

/// A row a line.
fn rows_of(lines: &[(String, &Place)]) -> Vec<Vec<Token>> {
    let barred: Vec<&str> =
        lines.iter().map(|(text, _)| text.trim()).filter(|text| text.contains(['|', '｜'])).collect();
    let all_lead = barred.iter().all(|text| text.starts_with(['|', '｜']));
    let mut rows = Vec::new();
    for (text, place) in lines {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        if !text.contains(['|', '｜']) {
            let (label, figures) = spaced(text);
            let mut row: Vec<Token> = Vec::new();
            if figures.is_empty() || label.is_empty() {
                row.extend(
                    text.split_whitespace().filter(|_| label.is_empty()).map(|part| token(part, place)),
                );
                if row.is_empty() {
                    row.push(token(text, place));
                }
            } else {
                row.push(token(&label, place));
                row.extend(figures.iter().map(|part| token(part, place)));
            }
            rows.push(row);
            continue;
        }
        let mut text = text;
        if all_lead {
            text = text.trim_start_matches(['|', '｜']);
        }
        text = text.strip_suffix(['|', '｜']).unwrap_or(text);
        let row: Vec<Token> = text.split(['|', '｜']).map(|part| token(part, place)).collect();
        // The line under the header of a table in Markdown.
        let is_rule = |text: &str| text.len() >= 3 && text.chars().all(|c| matches!(c, '-' | ':' | '='));
        if !row.iter().all(|(text, _)| is_rule(text)) {
            rows.push(row);
        }
    }
    rows
}

fn token(text: &str, place: &Place) -> Token {
    (text.trim().to_owned(), place.clone())
}

/// A cell a line, or a cell over some lines that ends with a bar.
fn stream(lines: &[(&str, &Place)], words: &Vocabulary) -> Vec<Vec<Token>> {
    let lines = &with_heads(lines, words)[..];
    // Where a line is a cell, two numbers in one are one that a space broke.
    let is_bar = |c: char| matches!(c, '|' | '｜');
    let alone = |text: &&str| spaced(text.trim_end_matches(is_bar)).0.is_empty();
    let figures = || lines.iter().map(|(text, _)| text.as_str()).filter(|text| figures_in(text) > 0);
    let single = figures().filter(|text| alone(text) && figures_in(text) == 1).count();
    let is_cell_a_line = single * 3 >= figures().count() * 2;
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: Vec<(&str, &Place)> = Vec::new();
    let has_bars = lines.iter().any(|(text, _)| text.contains(['|', '｜']));
    for (text, place) in lines.iter().map(|(text, place)| (text.as_str(), *place)) {
        let mut parts = text.split(['|', '｜']).peekable();
        while let Some(part) = parts.next() {
            let part = part.trim();
            let ends = parts.peek().is_some();
            if !part.is_empty() {
                open.push((part, place));
            }
            if ends {
                if open.is_empty() {
                    tokens.push((String::new(), place.clone()));
                }
                close(&mut open, &mut tokens, is_cell_a_line);
            }
        }
        if !has_bars {
            close(&mut open, &mut tokens, is_cell_a_line);
        }
    }
    close(&mut open, &mut tokens, is_cell_a_line && has_bars);
    // A label behind figures begins a row.
    let mut rows: Vec<Vec<Token>> = Vec::new();
    let mut was_value = true;
    for (text, place) in tokens {
        let is_value = !is_label(&text);
        match rows.last_mut() {
            Some(row) if is_value || !was_value => row.push((text, place)),
            _ => rows.push(vec![(text, place)]),
        }
        was_value = is_value;
    }
    rows
}

/// Lines with several headers as a line for each header; those of characters that run downwards are put together.
fn with_heads<'a>(lines: &[(&str, &'a Place)], words: &Vocabulary) -> Vec<(String, &'a Place)> {
    let mut found: Vec<(String, &Place)> = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    let mut began: Option<&Place> = None;
    for (text, place) in lines {
        let parts: Vec<&str> = text.split_whitespace().collect();
        let is_list =
            parts.len() >= 2 && !text.contains(['|', '｜']) && parts.iter().all(|part| is_label(part));
        if is_list && is_columns(&parts) && (columns.is_empty() || columns.len() == parts.len()) {
            columns.resize(parts.len(), String::new());
            columns.iter_mut().zip(&parts).for_each(|(column, part)| column.push_str(part));
            began = began.or(Some(place));
            continue;
        }
        found.extend(columns.drain(..).filter_map(|column| Some((column, began?))));
        began = None;
        // A label with blanks in it (自 然 人) is one; so is a long one with a blank between its halves.
        let is_one = words.is_label(text) && !parts.iter().all(|part| words.is_label(part));
        if is_list && !is_one && parts.iter().all(|part| part.chars().count() >= 2) {
            found.extend(parts.iter().map(|part| ((*part).to_owned(), *place)));
        } else {
            found.push(((*text).to_owned(), *place));
        }
    }
    found.extend(columns.drain(..).filter_map(|column| Some((column, began?))));
    found
}

/// The lines of a cell as one label, or as several cells where there are figures among them. Numbers of one cell are one that
/// was broken, if `is_one`.
fn close(open: &mut Vec<(&str, &Place)>, tokens: &mut Vec<Token>, is_one: bool) {
    if let (true, Some((_, place))) = (is_one && open.len() <= 2, open.first())
        && open.iter().all(|(text, _)| spaced(text).0.is_empty())
        && open.iter().map(|(text, _)| figures_in(text)).sum::<usize>() > 1
    {
        let texts: Vec<&str> = open.iter().map(|(text, _)| *text).collect();
        tokens.push((texts.join("\n"), (*place).clone()));
        open.clear();
        return;
    }
    let mut label: Option<Token> = None;
    for (text, place) in open.drain(..) {
        let (words, figures) = spaced(text);
        if figures.is_empty() {
            match &mut label {
                Some((label, _)) => label.push_str(text),
                None => label = Some(token(text, place)),
            }
            continue;
        }
        match (&mut label, words.is_empty()) {
            (Some((label, _)), false) => label.push_str(&words),
            (None, false) => label = Some(token(&words, place)),
            (_, true) => {}
        }
        tokens.extend(label.take());
        tokens.extend(figures.iter().map(|figure| token(figure, place)));
    }
    tokens.extend(label);
}

/// Rows of labels alone joined with rows of figures alone behind them.
fn joined(rows: Vec<Vec<Token>>) -> Vec<Vec<Token>> {
    let is_value = |(text, _): &Token| !is_label(text);
    let mut found: Vec<Vec<Token>> = Vec::new();
    for row in rows.into_iter().filter(|row| !row.is_empty()) {
        let continues = row.iter().all(is_value) && row.iter().any(|(text, _)| !is_missing(text));
        match found.last_mut() {
            Some(last) if continues && !last.iter().any(is_value) => last.extend(row),
            _ => found.push(row),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layouts;

    fn rows(text: &str) -> Vec<String> {
        let layout = Layouts::embedded().get("disclosure-annual-report-2021").expect("ships");
        let words = Vocabulary::of(std::iter::once(&*layout));
        let mut found = Vec::new();
        for block in with_tables(crate::import::blocks::paragraphs(text), &words) {
            match block {
                Block::Table(grid) => {
                    let row = |row: &Vec<Cell>| {
                        row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("/")
                    };
                    found.extend(grid.rows.iter().map(row));
                }
                Block::Paragraph(paragraph) => found.push(format!("¶{}", paragraph.text)),
                Block::Picture(_) | Block::Left { .. } => {}
            }
        }
        found
    }

    #[test]
    fn a_row_a_line() {
        assert_eq!(
            rows(
                "正文在此。\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 0 |  | 3 |\n行政规范性文件 | 1 | 2 | 3 |\n二、主动公开政府信息情况"
            ),
            [
                "¶正文在此。",
                "信息内容/本年制发件数/本年废止件数/现行有效件数",
                "规章/0//3",
                "行政规范性文件/1/2/3",
                "¶二、主动公开政府信息情况"
            ]
        );
    }

    #[test]
    fn a_cell_a_line_with_bars() {
        assert_eq!(
            rows(
                "第二十条第(一)项 | |||\n信息内容 |\n本年制发件数 |\n规章 |\n0 |\n|\n3 |\n行政许可 |\n39908 | ||\n行政处罚 |\n5 |"
            ),
            ["第二十条第(一)项///", "信息内容/本年制发件数/规章/0//3", "行政许可/39908//", "行政处罚/5"]
        );
    }

    #[test]
    fn a_cell_over_lines_that_end_with_a_bar() {
        assert_eq!(
            rows(
                "商业\n企业\n|\n科研\n机构\n|\n一、本年新收政府信息公开申请数量\n|\n2\n|\n3\n|\n规章\n|\n4\n|"
            ),
            ["商业企业/科研机构/一、本年新收政府信息公开申请数量/2/3", "规章/4"]
        );
    }

    #[test]
    fn a_cell_a_line_without_marks_and_rows_with_spaces() {
        assert_eq!(rows("规章\n0\n1\n3\n行政规范性文件\n1\n2\n3"), ["规章/0/1/3", "行政规范性文件/1/2/3"]);
        assert_eq!(
            rows("一、本年新收政府信息公开申请数量 286 4 0 0 0 0 290\n（一）予以公开 1 2 3 4 5 6 7"),
            ["一、本年新收政府信息公开申请数量/286/4/0/0/0/0/290", "（一）予以公开/1/2/3/4/5/6/7"]
        );
    }
}
