//! Tables that a tagged file names: ISO 32000-1, 14.8.4.3.4. They have no need of rules, go on over pages, and a figure that is
//! broken in a narrow cell is one.
//!
//! Tags may be wrong, and what is drawn counts: a table is read by its tags only where its cells stand in rows and columns on the
//! page as well, and nothing else stands among them.

use std::collections::{HashMap, HashSet};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier};
use hayro::kurbo::Rect;

use super::drawn::{Page, Rule};
use super::glyph::Glyph;
use super::seen::{NEAR, upright};
use super::text::{self, Within};
use crate::import::blocks::{Cell, Grid};

/// The most elements that are looked at, how deep, and the most cells of a table.
const MOST_ELEMENTS: usize = 300_000;
const DEEPEST: usize = 64;
const MOST_CELLS: usize = 20_000;
const MOST_COLUMNS: usize = 120;

/// A cell with its marked content: the number of its page, its own, and that of the element that it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct Tagged {
    columns: usize,
    rows: usize,
    marks: Vec<(usize, u32, usize)>,
}

/// The rows of a table.
pub(super) type Rows = Vec<Vec<Tagged>>;

/// The tables of the structure tree in its order.
pub(super) fn tables(pdf: &Pdf) -> Vec<Rows> {
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let Some(tree) = root.and_then(|root| root.get::<Dict<'_>>(b"StructTreeRoot".as_slice())) else {
        return Vec::new();
    };
    let pages = pdf.pages().iter().enumerate();
    let pages = pages.filter_map(|(at, page)| Some((page.raw().obj_id()?, at))).collect();
    let roles = tree.get::<Dict<'_>>(b"RoleMap".as_slice());
    let mut walk = Walk { pages, roles, left: MOST_ELEMENTS, found: Vec::new() };
    walk.children(&tree, None, 0, &mut Open::None);
    walk.found
}

struct Walk<'a> {
    pages: HashMap<ObjectIdentifier, usize>,
    roles: Option<Dict<'a>>,
    left: usize,
    found: Vec<Rows>,
}

/// What is being read.
enum Open<'t> {
    None,
    Table(&'t mut Table),
    Cell(&'t mut Table, &'t mut Tagged),
}

#[derive(Default)]
struct Table {
    rows: Rows,
    /// Whether it has another table in it, or something that cannot be told.
    is_odd: bool,
}

impl<'a> Walk<'a> {
    /// The structure type, by the standard names.
    fn kind(&self, element: &Dict<'a>) -> Vec<u8> {
        let name = element.get::<Name<'_>>(b"S".as_slice()).map(|name| name.to_vec()).unwrap_or_default();
        let mapped = self.roles.as_ref().and_then(|roles| roles.get::<Name<'_>>(name.as_slice()));
        match name.as_slice() {
            b"Table" | b"TR" | b"TD" | b"TH" | b"THead" | b"TBody" | b"TFoot" => name,
            _ => mapped.map_or(name, |mapped| mapped.to_vec()),
        }
    }

    fn children(&mut self, element: &Dict<'a>, page: Option<usize>, depth: usize, open: &mut Open<'_>) {
        // Elements are told apart by how many are left.
        let parent = self.left;
        match element.get::<Object<'_>>(b"K".as_slice()) {
            Some(Object::Array(all)) => {
                for child in all.iter::<Object<'_>>() {
                    self.child(child, page, (depth, parent), open);
                }
            }
            Some(child) => self.child(child, page, (depth, parent), open),
            None => {}
        }
    }

    fn child(
        &mut self,
        child: Object<'a>,
        page: Option<usize>,
        (depth, parent): (usize, usize),
        open: &mut Open<'_>,
    ) {
        // An element that is its own child has an end here, too.
        if self.left == 0 || depth > DEEPEST {
            return;
        }
        self.left -= 1;
        let element = match child {
            Object::Number(number) => {
                let number = u32::try_from(number.as_i64()).ok();
                self.mark(page.zip(number), parent, open);
                return;
            }
            Object::Dict(element) => element,
            _ => return,
        };
        let own = element.get_ref(b"Pg".as_slice());
        let own = own.map(|page| ObjectIdentifier::new(page.obj_number, page.gen_number));
        let page = own.and_then(|page| self.pages.get(&page).copied()).or(page);
        if let Some(number) = element.get::<u32>(b"MCID".as_slice()) {
            // Numbers of the contents of a form are its own.
            if !element.contains_key(b"Stm".as_slice()) {
                self.mark(page.map(|page| (page, number)), parent, open);
            }
            return;
        }
        let kind = self.kind(&element);
        match (kind.as_slice(), &mut *open) {
            (b"Table", open) => {
                if let Open::Table(table) | Open::Cell(table, _) = open {
                    table.is_odd = true;
                }
                let mut table = Table::default();
                self.children(&element, page, depth + 1, &mut Open::Table(&mut table));
                let cells: usize = table.rows.iter().map(Vec::len).sum();
                if !table.is_odd && table.rows.len() >= 2 && cells <= MOST_CELLS {
                    self.found.push(table.rows);
                }
            }
            (b"TR", Open::Table(table)) => {
                table.rows.push(Vec::new());
                self.children(&element, page, depth + 1, open);
            }
            (b"TD" | b"TH", Open::Table(table)) => {
                let span = |name: &[u8]| attribute(&element, name).unwrap_or(1).clamp(1, 10_000) as usize;
                let mut cell =
                    Tagged { columns: span(b"ColSpan"), rows: span(b"RowSpan"), marks: Vec::new() };
                self.children(&element, page, depth + 1, &mut Open::Cell(table, &mut cell));
                match table.rows.last_mut() {
                    Some(row) => row.push(cell),
                    None => table.is_odd = true,
                }
            }
            (_, open) => self.children(&element, page, depth + 1, open),
        }
    }

    fn mark(&mut self, mark: Option<(usize, u32)>, parent: usize, open: &mut Open<'_>) {
        if let (Open::Cell(_, cell), Some((page, mark))) = (open, mark) {
            cell.marks.push((page, mark, parent));
        }
    }
}

/// A number among the attributes of an element: 14.7.5.
fn attribute(element: &Dict<'_>, name: &[u8]) -> Option<u32> {
    match element.get::<Object<'_>>(b"A".as_slice())? {
        Object::Dict(own) => own.get::<u32>(name),
        Object::Array(all) => own_attribute(&all, name),
        _ => None,
    }
}

fn own_attribute(all: &Array<'_>, name: &[u8]) -> Option<u32> {
    all.iter::<Object<'_>>().find_map(|own| match own {
        Object::Dict(own) => own.get::<u32>(name),
        _ => None,
    })
}

/// A cell with what is drawn of it.
struct Drawn {
    column: usize,
    columns: usize,
    rows: usize,
    /// By pages, in their order.
    glyphs: Vec<(usize, Vec<usize>)>,
    /// Whether all is of one element.
    is_one: bool,
    areas: Vec<(usize, Rect)>,
}

/// The lines of a cell, each with its page.
type Lines = Vec<(usize, Vec<Glyph>)>;

/// Takes the tables out of the pages that they are drawn on: the page of each, its place from the top, its cells.
pub(super) fn take(tables: Vec<Rows>, pages: &mut [Page]) -> Vec<(usize, f64, Grid)> {
    let mut by_mark: HashMap<(usize, u32), Vec<usize>> = HashMap::new();
    for (at, page) in pages.iter().enumerate() {
        for (glyph, own) in page.glyphs.iter().enumerate() {
            if let Some(mark) = own.mark.filter(|_| !own.is_annotation) {
                by_mark.entry((at, mark)).or_default().push(glyph);
            }
        }
    }
    let mut taken: HashSet<(usize, usize)> = HashSet::new();
    let mut found = Vec::new();
    for rows in tables {
        let Some(cells) = drawn(rows, pages, &by_mark) else { continue };
        let mut own: HashSet<(usize, usize)> = HashSet::new();
        let all = cells.iter().flatten().flat_map(|cell| &cell.glyphs);
        let is_once = all
            .flat_map(|(page, glyphs)| glyphs.iter().map(|glyph| (*page, *glyph)))
            .all(|glyph| !taken.contains(&glyph) && own.insert(glyph));
        if !is_once || !is_laid_out(&cells) || !is_alone(&cells, &own, pages) {
            continue;
        }
        let first = cells
            .iter()
            .flatten()
            .flat_map(|cell| &cell.areas)
            .min_by(|(page, area), (other, own)| page.cmp(other).then(area.y0.total_cmp(&own.y0)));
        let Some(&(page, area)) = first else { continue };
        found.push((page, area.y0, grid(&cells, pages)));
        taken.extend(own);
    }
    for (at, page) in pages.iter_mut().enumerate() {
        let mut number = 0..;
        page.glyphs.retain(|_| !number.next().is_some_and(|glyph| taken.contains(&(at, glyph))));
    }
    found
}

/// The cells in their columns with their glyphs; none if their spans do not fit.
fn drawn(rows: Rows, pages: &[Page], by_mark: &HashMap<(usize, u32), Vec<usize>>) -> Option<Vec<Vec<Drawn>>> {
    let count = rows.len();
    // The rows down to which a column is taken.
    let mut until = vec![0_usize; MOST_COLUMNS];
    let (mut found, mut widths) = (Vec::new(), Vec::new());
    for (row, cells) in rows.into_iter().enumerate() {
        let mut column = 0;
        let mut own = Vec::new();
        for cell in cells {
            while *until.get(column)? > row {
                column += 1;
            }
            let high = cell.rows.min(count - row);
            until.get_mut(column..column + cell.columns)?.fill(row + high);
            let mut glyphs: Vec<(usize, Vec<usize>)> = Vec::new();
            let mut marks = cell.marks;
            marks.sort_unstable();
            marks.dedup();
            let is_one = marks.iter().all(|mark| mark.2 == marks[0].2);
            for (page, mark, _) in marks {
                let mark = (page, mark);
                if pages.get(mark.0)?.has_twofold_marks {
                    return None;
                }
                let of = by_mark.get(&mark).into_iter().flatten().copied();
                match glyphs.last_mut() {
                    Some((page, own)) if *page == mark.0 => own.extend(of),
                    _ => glyphs.push((mark.0, of.collect())),
                }
            }
            let areas = glyphs.iter().filter_map(|(page, own)| Some((*page, area(own, &pages[*page])?)));
            let areas = areas.collect();
            own.push(Drawn { column, columns: cell.columns, rows: high, glyphs, is_one, areas });
            column += cell.columns;
        }
        found.push(own);
        widths.push(until.iter().filter(|until| **until > row).count());
    }
    // Cells that had no room on the page are in no row, and columns of theirs below merged cells alone.
    let widest = *widths.iter().max()?;
    let is_known =
        |column: usize| found.iter().flatten().any(|cell: &Drawn| cell.column == column && cell.columns == 1);
    if widths.iter().any(|width| *width < widest) && !(0..widest).all(is_known) {
        return None;
    }
    Some(found)
}

/// The area of what glyphs draw, by their baselines.
fn area(glyphs: &[usize], page: &Page) -> Option<Rect> {
    let of = glyphs.iter().map(|at| &page.glyphs[*at]).filter(|glyph| !glyph.is_space());
    let of = of.map(|glyph| {
        let middle = glyph.middle();
        let (x, y) = (glyph.advance * 0.4, glyph.size * 0.3);
        Rect::new(middle.x - x, middle.y - y, middle.x + x, middle.y + y)
    });
    of.reduce(|one, other| one.union(other))
}

/// Whether cells stand as their table says: columns beside one another, rows below one another.
fn is_laid_out(cells: &[Vec<Drawn>]) -> bool {
    const SLACK: f64 = 1.0;
    let mut columns: HashMap<usize, (f64, f64)> = HashMap::new();
    for cell in cells.iter().flatten().filter(|cell| cell.columns == 1) {
        for (_, area) in &cell.areas {
            let own = columns.entry(cell.column).or_insert((area.x0, area.x1));
            *own = (own.0.min(area.x0), own.1.max(area.x1));
        }
    }
    let mut ordered: Vec<(usize, (f64, f64))> = columns.into_iter().collect();
    ordered.sort_by_key(|(column, _)| *column);
    if ordered.windows(2).any(|pair| pair[0].1.1 > pair[1].1.0 + SLACK) {
        return false;
    }
    let beside = |row: &Vec<Drawn>| {
        row.windows(2).all(|pair| {
            pair[0].areas.iter().all(|(page, area)| {
                pair[1].areas.iter().all(|(other, own)| page != other || area.x1 <= own.x0 + SLACK)
            })
        })
    };
    let mut last: Option<(usize, f64)> = None;
    cells.iter().all(|row| {
        let own = || row.iter().filter(|cell| cell.rows == 1).flat_map(|cell| &cell.areas);
        let top =
            own().map(|(page, area)| (*page, area.y0)).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let end =
            own().map(|(page, area)| (*page, area.y1)).max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let (Some(top), Some(end)) = (top, end) else { return beside(row) };
        let is_below = last.is_none_or(|last| top.0 > last.0 || top.0 == last.0 && top.1 > last.1 - SLACK);
        last = Some(end);
        is_below && beside(row)
    })
}

/// Whether nothing else stands among the cells.
fn is_alone(cells: &[Vec<Drawn>], own: &HashSet<(usize, usize)>, pages: &[Page]) -> bool {
    let mut areas: HashMap<usize, Rect> = HashMap::new();
    for (page, area) in cells.iter().flatten().flat_map(|cell| &cell.areas) {
        areas.entry(*page).and_modify(|all| *all = all.union(*area)).or_insert(*area);
    }
    areas.into_iter().all(|(page, area)| {
        const BESIDE: f64 = 20.0;
        let area = Rect::new(area.x0 - BESIDE, area.y0, area.x1 + BESIDE, area.y1);
        let others = pages[page].glyphs.iter().enumerate().filter(|(at, _)| !own.contains(&(page, *at)));
        others.filter(|(_, glyph)| !glyph.is_space()).all(|(_, glyph)| !area.contains(glyph.middle()))
    })
}

fn grid(cells: &[Vec<Drawn>], pages: &[Page]) -> Grid {
    let lines = |cell: &Drawn| -> Vec<Lines> {
        let of = |(page, glyphs): &(usize, Vec<usize>)| {
            let glyphs = glyphs.iter().map(|at| pages[*page].glyphs[*at].clone()).collect();
            text::lines(upright(glyphs)).into_iter().map(|line| (*page, line)).collect()
        };
        cell.glyphs.iter().map(of).collect()
    };
    let all: Vec<Vec<Lines>> =
        cells.iter().map(|row| row.iter().map(|cell| lines(cell).concat()).collect()).collect();
    let spacing = text::spacing(all.iter().flatten().flatten().map(|(_, line)| line.as_slice()));
    let mut grid = Grid { rows: Vec::new(), has_columns: true };
    // Where a blank cell is: beside the last one that has text, or in the row above.
    let mut place = pages.first().map(|page| page.place(0.0, 0.0));
    for (row, drawn) in cells.iter().zip(&all) {
        let mut own = Vec::new();
        let of_row = row.iter().find_map(|cell| cell.areas.first());
        if let Some((page, area)) = of_row {
            place = Some(pages[*page].place(area.x0, area.y0));
        }
        for (cell, lines) in row.iter().zip(drawn) {
            if let Some((page, area)) = cell.areas.first() {
                place = Some(pages[*page].place(area.x0, area.y0));
            }
            let texts: Vec<String> =
                lines.iter().map(|(_, line)| text::of(line, Within::Cell { spacing })).collect();
            let text = match cell.is_one && is_broken(&texts, lines, pages) {
                true => texts.concat(),
                false => texts.join("\n"),
            };
            let Some(place) = place.clone() else { continue };
            let Drawn { column, columns, rows, .. } = *cell;
            own.push(Cell { column, columns, rows, text, header: false, place });
        }
        grid.rows.push(own);
    }
    grid
}

/// Whether lines are one number that had no room on a line, each as full as its cell is, in a cell of one element.
fn is_broken(texts: &[String], lines: &[(usize, Vec<Glyph>)], pages: &[Page]) -> bool {
    /// What programs leave free at both sides of a cell together, at most.
    const FREE: f64 = 12.0;
    let [first, .., last] = texts else { return false };
    let is_number =
        |text: &String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let most = first.len();
    let is_full = |(page, line): &(usize, Vec<Glyph>)| {
        let (Some(one), Some(end)) = (line.first(), line.last()) else { return false };
        let at = one.middle();
        let crosses = |rule: &&Rule| rule.from - NEAR <= at.y && at.y <= rule.to + NEAR;
        let down = || pages[*page].down.iter().filter(crosses).map(|rule| rule.at);
        let left = down().filter(|x| *x <= at.x).fold(f64::NEG_INFINITY, f64::max);
        let right = down().filter(|x| *x >= at.x).fold(f64::INFINITY, f64::min);
        end.end() - one.x + one.advance > right - left - FREE
    };
    texts.iter().all(is_number)
        && texts[..texts.len() - 1].iter().all(|text| text.len() == most)
        && last.len() <= most
        && lines[..lines.len() - 1].iter().all(is_full)
}
