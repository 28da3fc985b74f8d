//! The content of a file becomes a report: its tables by labels, its prose by the titles of sections, its head and foot.
//!
//! Whatever finds no place is listed; a figure that is not known is open. A file without the tables or sections of any
//! layout becomes a `general-document`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::ImportError;
use super::blocks::{Block, Content, Grid, Paragraph, Picture};
use super::head::{self, Foot};
use super::lines::{self, Vocabulary};
use super::parts::{self, Parts};
use super::places::{Places, SourceFile, TextPlace, Unplaced};
use super::prose::{self, whole};
use super::told;
use super::years;
use crate::check::placeholder;
use crate::diagnostic::{Diagnostic, Place, child, rule};
use crate::figures::definitions_of;
use crate::forms::labels::{likeness, number_of, plain};
use crate::forms::{self, Matched};
use crate::layout::{Layout, Layouts, SectionNumbers};
use crate::message;
use crate::options::Limits;
use crate::report::{self, Attachment, Cell, FORMAT, FreeSection, Prose, Report, Row, Sections, Signature};
use crate::source::Source;

/// The folder in which the report looks for its pictures, until the caller names another.
pub(super) const PICTURES: &str = "images";

/// The layout of what is no form.
const GENERAL: &str = "general-document";

/// A report made of a file.
pub(super) struct Assembled {
    pub report: String,
    pub findings: Vec<Diagnostic>,
    pub places: Places,
    pub pictures: Vec<(String, Vec<u8>)>,
    /// Whether there is anything in the report at all.
    pub is_empty: bool,
    /// All the text of a file without a report, if it has any, shortened.
    pub all: Option<String>,
}

/// The report that a file holds, in the layout of this id or in the one that fits.
pub(super) fn report(
    content: Content,
    kind: &str,
    layouts: &Layouts,
    layout: Option<&str>,
    limits: &Limits,
) -> Result<Assembled, ImportError> {
    let unknown = |error: crate::layout::LayoutError| ImportError::Layout(error.message);
    let candidates: Vec<Arc<Layout>> = match layout {
        Some(id) => vec![layouts.get(id).map_err(unknown)?],
        None => layouts.ids().filter_map(|id| layouts.get(id).ok()).collect(),
    };
    let words = Vocabulary::of(candidates.iter().map(|layout| &**layout));
    let Content { blocks, mut facts } = content;
    let mut blocks = lines::with_tables(blocks, &words);
    blocks.retain(|block| match block {
        Block::Table(grid) => match head::fields(grid) {
            Some(fields) => {
                facts.fields.extend(fields);
                false
            }
            None => true,
        },
        _ => true,
    });
    // Aligning takes time by the number of rows.
    let most = limits.cells / 10;
    let rows: usize =
        blocks.iter().map(|block| if let Block::Table(grid) = block { grid.rows.len() } else { 0 }).sum();
    if rows > most || blocks.len() > limits.paragraphs {
        let text = message!(
            "文件的表格超过 {most} 行，或段落太多",
            "the tables of the file have more than {most} rows, or it has too many paragraphs"
        );
        return Err(ImportError::Read(crate::read::limit(text)));
    }
    let (chosen, official) = match layout {
        Some(_) => {
            let parts = parts::parts(&candidates[0], &blocks);
            (candidates[0].clone(), parts)
        }
        None => match best(&candidates, &blocks) {
            Some(layout) => (layout, None),
            None => {
                let mut official =
                    candidates.iter().filter_map(|layout| Some((layout, parts::parts(layout, &blocks)?)));
                match official.next() {
                    Some((layout, parts)) => (layout.clone(), Some(parts)),
                    None => (layouts.get(GENERAL).map_err(unknown)?, None),
                }
            }
        },
    };
    let layout = &*chosen;
    let second = years::second_report(layout, &blocks).filter(|_| official.is_none());
    let others = second.map_or_else(Vec::new, |at| blocks.split_off(at));
    let mut maker = Maker {
        layout,
        report: Report { format: FORMAT, layout: layout.id().to_owned(), ..Report::default() },
        findings: Vec::new(),
        places: Places { source: SourceFile { kind: kind.to_owned() }, ..Places::default() },
        pictures: Vec::new(),
    };
    let grids: BTreeMap<usize, &Grid> = blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| match block {
            Block::Table(grid) => Some((at, grid)),
            _ => None,
        })
        .collect();
    let numbers: Vec<usize> = grids.keys().copied().collect();
    let all: String =
        blocks.iter().map(prose::text_of).collect::<Vec<_>>().join(" ").chars().take(24).collect();
    let all = Some(all.trim().to_owned()).filter(|all| !all.is_empty());
    let (dropped, twice) = years::of_other_years(layout, &blocks, &grids);
    maker.findings.extend(twice);
    let none = Grid::default();
    let own = grids.iter().map(|(at, grid)| if dropped.contains(at) { &none } else { *grid });
    let matched = forms::tables(layout, &own.collect::<Vec<_>>());
    let used: BTreeMap<usize, BTreeSet<usize>> =
        matched.tables.iter().map(|(grid, tables)| (numbers[*grid], tables.clone())).collect();
    let starts = section_starts(layout, &blocks, &used);
    maker.report.metadata = head::metadata(&facts);
    match official {
        Some(parts) => maker.official(&blocks, &used, parts),
        None => maker.text(&blocks, &used, &starts, &facts),
    }
    maker.leave(others.iter(), "文件里还有另一份报告，", "of another report in the file");
    maker.issuer();
    let has_prose = !maker.places.paragraphs.is_empty();
    let is_empty = !has_prose && matched.rows == 0;
    maker.tables(&matched);
    let made = maker.finish(&chosen, matched, is_empty, limits)?;
    Ok(Assembled { all, ..made })
}

/// The layout that fits best, if one does: by the rows of its tables and their headers, else by the titles of its sections.
fn best(candidates: &[Arc<Layout>], blocks: &[Block]) -> Option<Arc<Layout>> {
    let grids: Vec<&Grid> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(grid) => Some(grid),
            _ => None,
        })
        .collect();
    let with_tables = candidates.iter().filter(|layout| layout.has_tables());
    let by_tables = with_tables.clone().filter_map(|layout| {
        let matched = forms::tables(layout, &grids);
        let is_one = matched.rows * 4 >= matched.of_rows && matched.rows >= 2;
        // Rows that are not there weigh as much as rows that are.
        let share = 1000 * matched.rows / matched.of_rows.max(1);
        is_one.then(|| (share + matched.heads, layout))
    });
    if let Some((_, layout)) = by_tables.max_by_key(|(score, _)| *score) {
        return Some(layout.clone());
    }
    // Of layouts with the same sections the last one is the one in force.
    let by_titles = with_tables.filter_map(|layout| {
        let starts = section_starts(layout, blocks, &BTreeMap::new());
        (starts.len() >= 3 && starts.len() * 2 > layout.sections.len()).then_some((starts.len(), layout))
    });
    by_titles.max_by_key(|(count, _)| *count).map(|(_, layout)| layout.clone())
}

/// Where the sections of a layout begin: the block of the title, and whether it is one; a table of a section begins it where
/// its title is missing.
fn section_starts(
    layout: &Layout,
    blocks: &[Block],
    used: &BTreeMap<usize, BTreeSet<usize>>,
) -> Vec<(usize, usize, bool)> {
    let mut starts: Vec<(usize, usize, bool)> = Vec::new();
    let mut next = 0;
    for (at, block) in blocks.iter().enumerate() {
        let own = match block {
            Block::Paragraph(paragraph) => title_of(layout, paragraph, next).map(|section| (section, true)),
            Block::Table(_) => used.get(&at).and_then(|tables| {
                let key = &layout.tables[*tables.first()?].key;
                let section = layout.sections.iter().position(|section| section.tables.contains(key))?;
                (section >= next).then_some((section, false))
            }),
            Block::Picture(_) | Block::Left { .. } => None,
        };
        if let Some((section, is_title)) = own {
            starts.push((at, section, is_title));
            next = section + 1;
        }
    }
    starts
}

/// The section, from `next` on, whose title a paragraph is.
fn title_of(layout: &Layout, paragraph: &Paragraph, next: usize) -> Option<usize> {
    const LONGEST: usize = 48;
    let text = whole(paragraph);
    if text.chars().count() > LONGEST || text.ends_with(['。', '；', '，']) {
        return None;
    }
    let level = number_of(&text).map(|(level, _)| level);
    let is_first = level.is_none_or(|level| level == 1 || level == 3) || paragraph.heading == Some(1);
    let text = plain(&text);
    let sections = layout.sections.iter().enumerate().skip(next);
    let like = sections.clone().map(|(at, section)| (likeness(&text, &plain(&section.title)), at));
    let best = like.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    let wanted = if is_first { 0.75 } else { 0.95 };
    if best.0 >= wanted {
        return Some(best.1);
    }
    // 一、概述: other words for a section are enough where the number is that of a section, or it is a heading.
    let is_marked =
        level == Some(1) || paragraph.heading == Some(1) || (level.is_none() && paragraph.centred);
    let named = |section: &crate::layout::SectionSpec| {
        section.named.iter().any(|word| {
            let word = plain(word);
            text == word || (is_marked && text.contains(&word) && text.chars().count() <= 24)
        })
    };
    let whole_word = is_marked
        || (level.is_none()
            && layout.sections.iter().any(|section| section.named.iter().any(|word| plain(word) == text)));
    sections.filter(|_| whole_word).find(|(_, section)| named(section)).map(|(at, _)| at)
}

/// A report in the making.
struct Maker<'l> {
    layout: &'l Layout,
    report: Report,
    findings: Vec<Diagnostic>,
    places: Places,
    pictures: Vec<(String, Vec<u8>)>,
}

impl Maker<'_> {
    fn warn(
        &mut self,
        rule: &'static str,
        pointer: &str,
        place: Option<Place>,
        message: crate::diagnostic::Message,
    ) {
        let finding = Diagnostic::warning(rule, pointer, message);
        self.findings.push(Diagnostic { place, ..finding });
    }

    /// Title, prose, signature.
    fn text(
        &mut self,
        blocks: &[Block],
        used: &BTreeMap<usize, BTreeSet<usize>>,
        starts: &[(usize, usize, bool)],
        facts: &super::blocks::Facts,
    ) {
        let is_form = !self.layout.sections.is_empty();
        let first = starts.first().map_or(blocks.len(), |(at, ..)| *at);
        let terms = &self.layout.title_terms;
        let title = head::title(blocks, first, terms);
        let body = title.as_ref().map_or(0, |title| title.end);
        let last_start = starts.last().map_or(body, |(at, ..)| at + 1);
        let foot = head::foot(blocks, last_start.max(body));
        let end = foot.as_ref().map_or(blocks.len(), |foot| foot.start);
        self.title(title.as_ref(), facts);
        // Before the title stand paths and names of the page, and its metadata.
        let before = title.as_ref().map_or(0, |title| title.start);
        self.leave(blocks[..before].iter(), "标题之前", "before the title");
        let mut at = body;
        if is_form {
            let preamble = self.blocks(&blocks[at..first.max(at).min(end)], at, used, "/preamble");
            self.report.preamble = preamble;
            let mut sections: IndexMap<String, Vec<Prose>> = IndexMap::new();
            for (number, (start, section, is_title)) in starts.iter().enumerate() {
                let next = starts.get(number + 1).map_or(end, |(next, ..)| *next);
                let key = &self.layout.sections[*section].key;
                let from = if *is_title { start + 1 } else { *start };
                let own = self.blocks(&blocks[from..next.max(from)], from, used, &child("/sections", key));
                if !own.is_empty() {
                    sections.insert(key.clone(), own);
                }
            }
            self.report.sections =
                if sections.is_empty() { Sections::default() } else { Sections::Named(sections) };
        } else {
            at = at.min(end);
            self.free_sections(&blocks[..end], at, used);
        }
        if let Some(foot) = foot {
            self.sign(&foot);
            self.leave(blocks[foot.end..].iter(), "成文日期之后", "after the date");
        }
    }

    /// A document whose parts are known: 版头, addressee, text, attachments, signature, 版记.
    fn official(&mut self, blocks: &[Block], used: &BTreeMap<usize, BTreeSet<usize>>, parts: Parts) {
        let Parts { title, letterhead, number, addressee, body, attachments, foot, remark, colophon, taken } =
            parts;
        let others = |range: std::ops::Range<usize>| {
            let taken = &taken;
            range.filter(move |at| !taken.contains(at)).map(|at| &blocks[at])
        };
        self.leave(others(0..title.start), "标题之前", "before the title");
        if let Some(place) = blocks[title.start].place() {
            self.placed("/title".to_owned(), place);
        }
        let own = ["关于".to_owned()];
        self.report.issuer =
            head::issuer(&title.text, &own).filter(|_| !title.text.starts_with("关于")).into_iter().collect();
        if !foot.signatories.is_empty() {
            self.report.issuer.clone_from(&foot.signatories);
        }
        self.report.title = Some(title.text);
        self.report.letterhead = letterhead;
        self.report.metadata.document_number = number.or(self.report.metadata.document_number.take());
        self.report.addressee = addressee;
        self.free_sections(&blocks[..body.end], body.start, used);
        for (number, (title, range)) in attachments.into_iter().enumerate() {
            let pointer = child("/attachments", number);
            let body = self.blocks(&blocks[range.clone()], range.start, used, &child(&pointer, "body"));
            self.report.attachments.push(Attachment { title, body });
        }
        self.sign(&foot);
        self.report.remark = remark;
        self.report.colophon = colophon;
        self.leave(others(foot.end..blocks.len()), "成文日期之后", "after the date");
    }

    fn title(&mut self, title: Option<&head::Title>, facts: &super::blocks::Facts) {
        let terms = &self.layout.title_terms;
        let stated = facts.title.as_deref().map(|text| text.split_whitespace().collect::<String>());
        let is_own = |text: &String| {
            terms.is_empty()
                || terms.iter().any(|term| text.contains(term.as_str()) && text.chars().count() <= 60)
        };
        let text = title.map(|title| title.text.clone()).or(stated.filter(is_own));
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        self.report.year = head::year(&text);
        if let Some(own) = head::issuer(&text, terms).filter(|_| !terms.is_empty()) {
            self.report.issuer = vec![own];
        }
        self.report.title = Some(text);
    }

    fn issuer(&mut self) {
        if self.report.issuer.is_empty() {
            let signed = self.report.signature.as_ref().and_then(|signature| signature.signatories.clone());
            // 市长 张某: a person signs for a body, and is none.
            let signed = signed.filter(|names| names.iter().all(|name| head::names_a_body(name)));
            let publisher = self.report.metadata.publisher.clone();
            self.report.issuer = signed.or(publisher.map(|name| vec![name])).unwrap_or_default();
        }
        if self.report.issuer.is_empty() {
            self.report.issuer = vec![placeholder::ISSUER.to_owned()];
            let text = message!("文件里找不到发文机关", "the file names no issuer");
            self.warn(rule::IMPORT_ISSUER, "/issuer", None, text);
        }
        if let Some(signature) = &mut self.report.signature
            && signature.signatories.as_ref() == Some(&self.report.issuer)
        {
            signature.signatories = None;
        }
        if self.report.year.is_none() && !self.layout.sections.is_empty() {
            self.report.year = self.report.preamble.iter().find_map(|block| match block {
                Prose::Text(text) => head::year(&text.text()),
                _ => None,
            });
        }
    }

    fn sign(&mut self, foot: &Foot) {
        let signatories = Some(foot.signatories.clone()).filter(|names| !names.is_empty());
        self.report.signature =
            Some(Signature { signatories, date: foot.date.clone(), ..Signature::default() });
    }

    /// Sections with titles of their own.
    fn free_sections(&mut self, blocks: &[Block], from: usize, used: &BTreeMap<usize, BTreeSet<usize>>) {
        let is_title = |block: &Block| match block {
            Block::Paragraph(paragraph) => prose::level(paragraph) == Some(1),
            _ => false,
        };
        let titles: Vec<usize> = (from..blocks.len()).filter(|at| is_title(&blocks[*at])).collect();
        let first = titles.first().copied().unwrap_or(blocks.len());
        self.report.preamble = self.blocks(&blocks[from..first], from, used, "/preamble");
        let mut sections = Vec::new();
        for (number, start) in titles.iter().enumerate() {
            let next = titles.get(number + 1).copied().unwrap_or(blocks.len());
            let Block::Paragraph(paragraph) = &blocks[*start] else { continue };
            let text = whole(paragraph);
            let title = match self.layout.section_numbers {
                SectionNumbers::Chinese => crate::forms::labels::without_number(&text).to_owned(),
                SectionNumbers::None | SectionNumbers::Chapters | SectionNumbers::Parts => text,
            };
            let pointer = child("/sections", number);
            self.placed(child(&pointer, "title"), &paragraph.place);
            let body = self.blocks(&blocks[start + 1..next], start + 1, used, &child(&pointer, "body"));
            sections.push(FreeSection { title: Some(title), new_page: None, body });
        }
        self.report.sections = Sections::Free(sections);
    }

    fn placed(&mut self, pointer: String, place: &Place) {
        self.places.paragraphs.push(TextPlace { pointer, place: place.clone() });
    }

    /// Blocks as prose. `from` is the number of the first one.
    fn blocks(
        &mut self,
        blocks: &[Block],
        from: usize,
        used: &BTreeMap<usize, BTreeSet<usize>>,
        pointer: &str,
    ) -> Vec<Prose> {
        let mut found = Vec::new();
        let mut taken = 0;
        for (at, block) in blocks.iter().enumerate() {
            if used.contains_key(&(from + at)) || at < taken {
                continue;
            }
            let own = match block {
                Block::Paragraph(paragraph) => {
                    // The page's own line of metadata under the title.
                    if self.is_metadata_line(&paragraph.text) {
                        continue;
                    }
                    let mut own = prose::paragraph(paragraph);
                    taken = self.footnotes(paragraph, &blocks[at + 1..], &mut own) + at + 1;
                    Some(own)
                }
                Block::Table(grid) => prose::table(grid),
                Block::Picture(picture) => self.picture(picture),
                Block::Left { .. } => None,
            };
            match (own, block.place()) {
                (Some(own), Some(place)) => {
                    self.placed(child(pointer, found.len()), &place.clone());
                    found.push(own);
                }
                (_, Some(place)) => self.unplaced(block, place.clone()),
                (_, None) => {}
            }
        }
        found
    }

    /// Gives a paragraph its footnotes, which follow it, and says how many of these blocks they are.
    fn footnotes(
        &mut self,
        paragraph: &super::blocks::Paragraph,
        blocks: &[Block],
        own: &mut Prose,
    ) -> usize {
        let number = paragraph.number.as_deref().unwrap_or_default();
        let number = number.chars().filter(|character| !character.is_whitespace()).count();
        let note = |block| match block {
            &Block::Left { ref text, at: Some(at), .. } => Some((at + number, text.as_str())),
            _ => None,
        };
        let notes: Vec<(usize, &str)> = blocks.iter().map_while(note).collect();
        if notes.is_empty() {
            return 0;
        }
        for left in prose::put_notes(own, &notes) {
            if let Some(place) = blocks[left].place() {
                self.unplaced(&blocks[left], place.clone());
            }
        }
        notes.len()
    }

    fn is_metadata_line(&self, text: &str) -> bool {
        self.report.preamble.is_empty() && self.report.sections.is_empty() && head::field(text).is_some()
    }

    fn unplaced(&mut self, block: &Block, place: Place) {
        let text = prose::text_of(block);
        if text.trim().is_empty() {
            return;
        }
        let (finding, unplaced) = told::left(text, place);
        self.findings.push(finding);
        self.places.unplaced.push(unplaced);
    }

    /// Leaves out what stands before or behind a document, and tells how much it is.
    fn leave<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>, zh: &str, en: &str) {
        /// What is listed in the message; all of it is in the places.
        const LISTED: usize = 8;
        const SHOWN: usize = 20;
        let mut first = None;
        let mut count = 0;
        let mut listed: Vec<String> = Vec::new();
        for block in blocks {
            let text = prose::text_of(block);
            if let (false, Some(place)) =
                (text.trim().is_empty() || head::field(&text).is_some(), block.place())
            {
                count += 1;
                first.get_or_insert_with(|| place.clone());
                if listed.len() < LISTED {
                    let short: String =
                        text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
                    let more = if text.chars().count() > SHOWN { "…" } else { "" };
                    listed.push(format!("“{}{more}”", short.trim()));
                }
                self.places.unplaced.push(Unplaced { text, place: place.clone() });
            }
        }
        if count > 0 {
            let more = if count > listed.len() { "等" } else { "" };
            let shown = listed.concat();
            let message = message!(
                "{zh}有 {count} 处内容没有读入：{shown}{more}",
                "{count} pieces of content {en} are not read: {shown}"
            );
            self.warn(rule::IMPORT_UNPLACED, "", first, message);
        }
    }

    fn picture(&mut self, picture: &Picture) -> Option<Prose> {
        let bytes = picture.bytes.as_ref()?;
        let ending = match bytes.get(..4)? {
            [0x89, b'P', b'N', b'G'] => "png",
            [0xFF, 0xD8, ..] => "jpg",
            _ => return None,
        };
        let name = format!("image-{}.{ending}", self.pictures.len() + 1);
        let alt = picture.alt.clone().unwrap_or_default();
        if alt.is_empty() {
            let message = message!("图片 {name} 没有文字说明", "the picture {name} has no description");
            self.warn(rule::IMPORT_PICTURE, "", Some(picture.place.clone()), message);
        }
        self.pictures.push((name.clone(), bytes.to_vec()));
        Some(Prose::Image { image: format!("{PICTURES}/{name}"), caption: None, alt, width: None })
    }

    /// The tables of the report: every row of the layout, open where the file has no figure.
    fn tables(&mut self, matched: &Matched) {
        for table in &self.layout.tables {
            let mut rows: IndexMap<String, Row> = IndexMap::new();
            for definition in definitions_of(table) {
                let found = matched.figures.get(&definition.key());
                let cell = match found.and_then(|found| found.figure.as_deref()) {
                    Some(text) => Cell::new(text),
                    None => Cell::open(),
                };
                match rows.entry(definition.row_key.to_owned()).or_insert_with(|| Row::List(Vec::new())) {
                    Row::List(cells) => cells.push(cell),
                    Row::Named(_) => {}
                }
            }
            self.report.tables.insert(table.key.clone(), rows);
        }
    }

    /// The report as text, with states and places of its figures.
    fn finish(
        mut self,
        layout: &Arc<Layout>,
        matched: Matched,
        is_empty: bool,
        limits: &Limits,
    ) -> Result<Assembled, ImportError> {
        let text = self.report.to_json();
        let unsound = |found: Vec<Diagnostic>| {
            let message = found.into_iter().next().map(|first| first.message);
            let message = message.unwrap_or_else(|| message!("读不出来", "unreadable"));
            ImportError::Read(crate::read::limit(message))
        };
        let source = Source::parse_within(text.as_bytes(), limits).map_err(unsound)?;
        let (read, _) = report::read(&source).map_err(unsound)?;
        let (places, findings) = told::figures(&read, layout, &matched);
        self.places.figures = places;
        self.findings.extend(findings);
        let (findings, unplaced) = told::left_rows(matched.left);
        self.findings.extend(findings);
        self.places.unplaced.extend(unplaced);
        self.findings.extend(matched.findings);
        let findings = told::resolved(self.findings, &source, &read, layout);
        Ok(Assembled {
            report: text,
            findings,
            places: self.places,
            pictures: self.pictures,
            is_empty,
            all: None,
        })
    }
}
