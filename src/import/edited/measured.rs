//! What a Word file shows of sizes and breaks, and what of it the author set: the report that is made from the file is
//! arranged without them, and what the program finds by itself then is left out.
//!
//! Fonts other than the program's own give other widths: a table of such a file gets the widths that the file shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::grid::Grid;
use super::image::{Album, Image};
use super::word::Block;
use crate::arrange::{Arranged, arrange};
use crate::assets::Assets;
use crate::characters::solid;
use crate::check;
use crate::diagnostic::child;
use crate::document::{BlockKind, Illustration, Shown, Table, compose};
use crate::figures::Figures;
use crate::font::Fonts;
use crate::geom::Length;
use crate::layout::Layout;
use crate::options::Limits;
use crate::report;
use crate::source::Source;
use crate::style::Role;

/// The key under which a table or a picture of the report that is made names what it was made from.
pub(super) const MARK: &str = "made of";

/// Columns and rows that differ by no more are the same: word processors round.
const SAME: Length = Length::twips(15);

/// Gives the report what its author set of sizes and breaks.
pub(super) fn settle(
    report: &mut Value,
    (title, blocks): (Option<&str>, &[Block]),
    layout: &Arc<Layout>,
    album: &Album,
    limits: &Limits,
) {
    let (mut marks, mut heights_of_charts) = (BTreeMap::new(), BTreeMap::new());
    take_marks(report, String::new(), &mut marks, &mut heights_of_charts);
    let shown = Shows::of(blocks);
    let Some(document) = arranged(report, layout, album, limits) else { return };
    let mut titles = shown.titles.iter();
    for block in &document.blocks {
        let place = document.place(block.id);
        match &block.kind {
            BlockKind::Title(own) if is_title(own.role) => {
                // A title that was edited keeps no breaks: they are where the old one had them.
                let is_edited = own.is_of_document()
                    && !place.starts_with("/issued_text")
                    && title.is_some_and(|title| solid(title) != solid(&own.text()));
                if let Some(text) = titles.next().filter(|text| solid(text) == solid(&own.text()))
                    && !is_edited
                    && lines(text) != own.lines
                    && let Some(value) = report.pointer_mut(place).filter(|value| value.is_string())
                {
                    *value = json!(lines(text).join("\n"));
                }
            }
            BlockKind::Table(table) => {
                let mark = marks.get(place).filter(|_| !table.is_carried);
                let Some(grid) = mark.and_then(|mark| shown.tables.get(mark)) else { continue };
                if let Some(size) = size(table, grid, &document)
                    && let Some(table) = report.pointer_mut(place)
                {
                    table["size"] = json!(size);
                }
                indent(report, table, grid, &document);
            }
            BlockKind::Illustration(Illustration { shown: Shown::Picture(_), size, .. }) => {
                let room = document.page.type_width();
                if let Some(image) = marks.get(place).and_then(|mark| shown.images.get(mark))
                    && !is_near(image.width, size.width)
                    && image.width >= Length::mm(1.0)
                    && let Some(value) = report.pointer_mut(place)
                {
                    value["width"] = json!(at_most(image.width, room));
                }
            }
            // A chart whose names need more room is made higher.
            BlockKind::Illustration(Illustration { shown: Shown::Chart(_), size, .. }) => {
                let height = heights_of_charts.get(place);
                let shown = height.and_then(|height| Length::parse(height.as_str()?));
                if let Some((height, shown)) = height.zip(shown)
                    && !is_near(shown, size.height)
                    && let Some(chart) = report.pointer_mut(place)
                {
                    chart["height"] = height.clone();
                }
            }
            _ => {}
        }
    }
    if !marks.values().any(|mark| shown.tables.contains_key(mark)) {
        return;
    }
    // Widths are those of the text in its size.
    let Some(document) = arranged(report, layout, album, limits) else { return };
    for block in &document.blocks {
        let BlockKind::Table(table) = &block.kind else { continue };
        let place = document.place(block.id);
        let Some(grid) = marks.get(place).and_then(|mark| shown.tables.get(mark)) else { continue };
        let Some(value) = report.pointer_mut(place) else { continue };
        let page = document.geometry(block.orientation);
        if table.repeat_columns == 0
            && let Some(widths) = widths(table, grid, page.type_width())
        {
            value["widths"] = json!(widths);
        }
        if !table.is_carried
            && let Some(heights) = heights(table, grid, page.type_height())
        {
            value["row_heights"] = json!(heights);
        }
        if is_together(grid) {
            value["keep_together"] = json!(true);
        }
    }
}

/// The gap above the first line of the signature of a report.
pub(super) fn gap_above_signature(report: &Value, layout: &Arc<Layout>) -> Option<Length> {
    let document = arranged(report, layout, &(), &Limits::default())?;
    let is_signature = |block: &&crate::document::Block| matches!(block.kind, BlockKind::Signature(_));
    let block = document.blocks.iter().find(is_signature)?;
    document.signature(block.id).rows.first().map(|row| row.space_before)
}

/// The document of a report as it is arranged; none if it has errors, which are found again and told.
fn arranged(report: &Value, layout: &Arc<Layout>, assets: &dyn Assets, limits: &Limits) -> Option<Arranged> {
    let text = report.to_string();
    let source = Source::parse_within(text.as_bytes(), limits).ok()?;
    let (report, _) = report::read(&source).ok()?;
    let mut figures = Figures::of(&report, layout);
    check::fill(&mut figures, None);
    let (document, _) = compose(&report, &figures, assets, limits).ok()?;
    Some(arrange(document, &Fonts::embedded()).0)
}

/// Takes the marks out of a report: what each table and picture was made from, by its place; and the heights of charts.
fn take_marks(
    value: &mut Value,
    place: String,
    found: &mut BTreeMap<String, usize>,
    heights: &mut BTreeMap<String, Value>,
) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                take_marks(item, child(&place, at), found, heights);
            }
        }
        Value::Object(members) => {
            if let Some(mark) = members.remove(MARK).and_then(|mark| usize::try_from(mark.as_u64()?).ok()) {
                found.insert(place.clone(), mark);
            }
            if let Some(chart) = members.get_mut("chart").and_then(Value::as_object_mut)
                && let Some(height) = chart.remove("height")
            {
                heights.insert(child(&place, "chart"), height);
            }
            for (key, value) in members {
                take_marks(value, child(&place, key), found, heights);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a file shows.
struct Shows<'a> {
    /// Titles in their order, by lines.
    titles: Vec<&'a str>,
    tables: BTreeMap<usize, &'a Grid>,
    images: BTreeMap<usize, &'a Image>,
}

impl<'a> Shows<'a> {
    fn of(blocks: &'a [Block]) -> Shows<'a> {
        let mut shown = Shows { titles: Vec::new(), tables: BTreeMap::new(), images: BTreeMap::new() };
        for block in blocks {
            match block {
                Block::Paragraph { role, text, .. } if is_title(*role) => shown.titles.push(text),
                Block::Table(grid) => drop(shown.tables.insert(grid.key, grid)),
                Block::Image(image) => drop(shown.images.insert(image.key, image)),
                Block::Paragraph { .. }
                | Block::Picture(_)
                | Block::Seal(_)
                | Block::Gap(_)
                | Block::PageBreak => {}
            }
        }
        shown
    }
}

/// Whether a report gives the lines of titles of this role.
fn is_title(role: Role) -> bool {
    matches!(role, Role::Title | Role::CoverTitle | Role::AttachmentTitle)
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The size of all the text of a table, if that is not the one that it has by itself.
fn size(table: &Table, grid: &Grid, document: &Arranged) -> Option<String> {
    let mut sizes = Vec::new();
    let mut differs = false;
    for (number, row) in table.rows.iter().enumerate() {
        for cell in row.cells.iter().filter(|cell| !cell.vertical && !cell.text.is_empty()) {
            let shown = grid.cell(number, cell.column)?.size;
            let style = document.styles.get(cell.role);
            let half_points = |length: Length| (length.to_pt() * 2.0).round() as i64;
            differs |= shown.unwrap_or(half_points(style.size)) != half_points(cell.em(style));
            sizes.push(shown);
        }
    }
    let largest = sizes.into_iter().collect::<Option<Vec<i64>>>()?.into_iter().max()?;
    let is_allowed = (12..=44).contains(&largest);
    (differs && is_allowed).then(|| match largest % 2 {
        0 => format!("{}pt", largest / 2),
        _ => format!("{}.5pt", largest / 2),
    })
}

/// Gives the texts of cells the spaces that they begin with: the program makes indents of them.
fn indent(report: &mut Value, table: &Table, grid: &Grid, document: &Arranged) {
    /// More is no indent of a person's.
    const MOST: i64 = 40;
    for (number, row) in table.rows.iter().enumerate() {
        for cell in row.cells.iter().filter(|cell| !cell.text.is_empty()) {
            let Some(shown) = grid.cell(number, cell.column) else { continue };
            let more = Length::twips(shown.indent) - cell.indent_left;
            let half = document.styles.get(cell.role).size / 2;
            let count = ((more / half.max(Length::emu(1))).round() as i64).clamp(0, MOST);
            if count == 0 {
                continue;
            }
            let spaces = format!(
                "{}{}",
                "　".repeat(usize::try_from(count / 2).unwrap_or(0)),
                if count % 2 == 1 { " " } else { "" }
            );
            let place = document.place(cell.id);
            let is_object = report.pointer(place).is_some_and(Value::is_object);
            let place = if is_object { child(place, "text") } else { place.to_owned() };
            if let Some(Value::String(text)) = report.pointer_mut(&place) {
                let lines = text.split('\n').map(|line| match line.is_empty() {
                    true => String::new(),
                    false => format!("{spaces}{line}"),
                });
                *text = lines.collect::<Vec<_>>().join("\n");
            }
        }
    }
}

/// The widths of the columns, if they are not those that the table has by itself.
fn widths(table: &Table, grid: &Grid, room: Length) -> Option<Vec<String>> {
    /// A table may be wider than the type area by this.
    const BEYOND: Length = Length::twips(10);
    if grid.columns.len() != table.columns.len() {
        return None;
    }
    let mut is_same = true;
    let (mut own, mut shown, mut given) = (Length::ZERO, 0, Length::ZERO);
    let mut widths = Vec::new();
    for (column, twips) in table.columns.iter().zip(&grid.columns) {
        own += *column;
        shown += twips;
        is_same &= (own - Length::twips(shown)).abs() <= SAME;
        // Each column ends at the twip at which it ends in the file.
        let width = text_of(Length::twips(shown) - given, |width| (given + width).to_twips() - shown);
        let length = Length::parse(&width)?;
        if length < Length::mm(1.0) {
            return None;
        }
        given += length;
        widths.push(width);
    }
    (!is_same && given <= room + BEYOND).then_some(widths)
}

/// The heights of the rows of the body, if they are not those that the table has by itself: one if they are all the same.
fn heights(table: &Table, grid: &Grid, tallest: Length) -> Option<Vec<String>> {
    if grid.heights.len() != table.rows.len() {
        return None;
    }
    let rows = || table.rows.iter().zip(&grid.heights).skip(table.header_rows);
    let shown = || rows().map(|(row, shown)| shown.map_or(row.min_height, Length::twips));
    if rows().zip(shown()).all(|((row, _), shown)| is_near(row.min_height, shown)) {
        return None;
    }
    let mut heights: Vec<String> =
        shown().map(|height| at_most(height.max(Length::mm(1.0)), tallest)).collect();
    if heights.iter().all(|height| *height == heights[0]) {
        heights.truncate(1);
    }
    Some(heights)
}

/// Whether all rows of a table are kept on one page, which the program does by itself with small tables alone.
fn is_together(grid: &Grid) -> bool {
    const SMALL_MM: f64 = 60.0;
    let height: i64 = grid.heights.iter().flatten().sum();
    let above_last = &grid.kept[..grid.kept.len().saturating_sub(1)];
    Length::twips(height) > Length::mm(SMALL_MM) && above_last.iter().all(|kept| *kept)
}

/// Whether two lengths are the same to the eye.
pub(super) fn is_near(one: Length, other: Length) -> bool {
    (one - other).abs() <= SAME
}

/// A length as a report gives it.
pub(super) fn millimetres(length: Length) -> String {
    text_of(length, |text| text.to_twips() - length.to_twips())
}

/// The same where more than `most` is an error.
fn at_most(length: Length, most: Length) -> String {
    let text = millimetres(length.min(most));
    match Length::parse(&text).is_some_and(|length| length <= most) {
        true => text,
        false => format!("{:.2}mm", (most.to_mm() * 100.0).floor() / 100.0),
    }
}

/// A length in millimetres with as few decimals as there may be; `away` says by how many twips one is wrong. Word
/// processors make whole millimetres a little longer or shorter.
fn text_of(length: Length, away: impl Fn(Length) -> i64) -> String {
    let text = |decimals: usize| format!("{:.decimals$}mm", length.to_mm());
    let is_right = |decimals: usize| {
        let away = Length::parse(&text(decimals)).map(&away);
        away.is_some_and(|away| away.abs() <= if decimals == 0 { 3 } else { 0 })
    };
    text((0..3).find(|decimals| is_right(*decimals)).unwrap_or(3))
}
