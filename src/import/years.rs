//! One report of a file, and of its tables those of one year: files hold last year's tables beside this year's, on another
//! sheet, behind another tab, or as a report of its own behind the first one.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::{Block, Grid};
use super::head;
use crate::diagnostic::{Diagnostic, Message, Place, rule};
use crate::forms;
use crate::layout::Layout;
use crate::message;

/// Where a second report begins in a file: at a title that differs from the first one by its year alone, behind a table.
pub(super) fn second_report(layout: &Layout, blocks: &[Block]) -> Option<usize> {
    let titles = blocks.iter().enumerate().filter_map(|(at, block)| Some((at, title(layout, block)?)));
    let mut first: Option<(usize, (String, u16))> = None;
    for (at, (text, year)) in titles {
        match &first {
            None => first = Some((at, (text, year))),
            Some((from, (known, of))) if *known == text && *of != year => {
                let has_table =
                    |blocks: &[Block]| blocks.iter().any(|block| matches!(block, Block::Table(_)));
                if has_table(&blocks[*from..at]) {
                    // Without tables it is a link to another report.
                    return has_table(&blocks[at..]).then_some(at);
                }
                // What stands before the first table is a path or a list: the last one of them is the title.
                first = Some((at, (text, year)));
            }
            Some(_) => {}
        }
    }
    None
}

/// A title of the layout without its year, and the year.
fn title(layout: &Layout, block: &Block) -> Option<(String, u16)> {
    const LONGEST: usize = 60;
    let Block::Paragraph(paragraph) = block else { return None };
    let text: String = paragraph.text.split_whitespace().collect();
    let is_own = layout.title_terms.iter().any(|term| text.contains(term.as_str()))
        && text.chars().count() <= LONGEST
        && !text.contains(['。', '；', '，', '>']);
    let year = head::year(&text).filter(|_| is_own)?;
    Some((text.replace(&year.to_string(), ""), year))
}

/// The tables of a file that are not read, because another one with the same rows is of the report's year or comes first; with
/// a finding for each.
pub(super) fn of_other_years(
    layout: &Layout,
    blocks: &[Block],
    grids: &BTreeMap<usize, &Grid>,
) -> (BTreeSet<usize>, Vec<Diagnostic>) {
    /// More tables are a yearbook, and each of them is compared with the layout.
    const MOST: usize = 40;
    let (mut dropped, mut findings) = (BTreeSet::new(), Vec::new());
    if grids.len() < 2 || grids.len() > MOST {
        return (dropped, findings);
    }
    let mut homes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (&at, grid) in grids {
        let alone = forms::tables(layout, &[grid]);
        for (number, table) in layout.tables.iter().enumerate() {
            let rows: BTreeSet<&str> =
                alone.figures.keys().filter(|key| key.table == table.key).map(|key| key.row).collect();
            if rows.len() * 2 > table.figures.len() {
                homes.entry(number).or_default().push(at);
            }
        }
    }
    let wanted = blocks.iter().find_map(|block| title(layout, block)).map(|(_, year)| year);
    // What is the only home of a table stays, whatever else is in it.
    let only: BTreeSet<usize> =
        homes.values().filter(|own| own.len() == 1).flat_map(|own| own.iter().copied()).collect();
    for (number, own) in homes.into_iter().filter(|(_, own)| own.len() > 1) {
        let years: Vec<Option<u16>> = own.iter().map(|at| year_of(blocks, *at, grids[at])).collect();
        let named = wanted.and_then(|wanted| years.iter().position(|year| *year == Some(wanted)));
        let unnamed = || years.iter().position(|year| year.is_none());
        let kept = named.or_else(unnamed).unwrap_or(0);
        let name = &layout.tables[number].name;
        for (other, at) in own.iter().enumerate().filter(|(other, at)| *other != kept && !only.contains(at)) {
            dropped.insert(*at);
            let of = |year: Option<u16>| year.map_or_else(String::new, |year| format!("（{year}年）"));
            let (kept_year, other_year) = (of(years[kept]), of(years[other]));
            let place = grids[&own[kept]].rows.iter().flatten().next().map(|cell| cell.place.message());
            let Message { zh, en } = place.unwrap_or_else(|| message!("前面", "before"));
            let message = message!(
                "“{name}”在文件里有两个：读入的在{zh}{kept_year}，这一个{other_year}没有读入",
                "the file has the table \"{name}\" twice: the one at {en}{kept_year} is read, this one{other_year} is not"
            );
            let finding = Diagnostic::warning(rule::IMPORT_TWICE, "/tables", message)
                .hint(message!("核对读入的是不是本年的", "check that the one that was read is this year's"));
            let place = grids[at].rows.iter().flatten().next().map(|cell| cell.place.clone());
            findings.push(Diagnostic { place, ..finding });
        }
    }
    (dropped, findings)
}

/// The year that a table is of by its sheet, its first rows, or the short line above it.
fn year_of(blocks: &[Block], at: usize, grid: &Grid) -> Option<u16> {
    /// How far above a table its line may stand.
    const ABOVE: usize = 3;
    const LONGEST: usize = 40;
    let sheet = grid.rows.iter().flatten().find_map(|cell| match &cell.place {
        Place::Cell { sheet, .. } => head::year(&format!("{}年", sheet.trim_end_matches('年'))),
        _ => None,
    });
    let above = || {
        let lines = blocks[..at].iter().rev().take(ABOVE).map_while(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph.text.as_str()),
            Block::Table(_) | Block::Picture(_) | Block::Left { .. } => None,
        });
        lines.filter(|text| text.chars().count() <= LONGEST).find_map(head::year)
    };
    let caption = || {
        let first = grid.rows.first().filter(|row| row.len() == 1)?;
        head::year(&first[0].text)
    };
    sheet.or_else(caption).or_else(above)
}
