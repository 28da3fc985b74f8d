//! Composing: a report and a layout become a document, with everything resolved and every mistake in the
//! content reported.
//!
//! Composing is independent of pages. The order of the calls in `content` is the order of the document.

mod attachments;
mod attendance;
mod below_title;
mod cells;
mod chart;
mod colophon;
mod figures;
mod free_table;
mod front;
mod headings;
mod issued_text;
mod letterhead;
mod pictures;
mod prose;
mod rich;
mod signature;
mod styles;
mod table_figures;

use std::sync::Arc;

use super::inline::Links;
use super::{
    Block, BlockKind, Document, Formats, Heading, Illustration, Info, InfoField, Inlines, NodeId, Notes,
    Paragraph, Picture, Position, Shown, TableText, TextRules, Title,
};
use crate::assets::Assets;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Hint, Message, child, has_errors, nearest, rule};
use crate::figures::Figures;
use crate::geom::Length;
use crate::layout::{Layout, SectionNumbers, SectionSpec};
use crate::message;
use crate::options::Limits;
use crate::report::{FreeSection, Prose, Report, Sections};
use crate::style::{Role, Styles};

use below_title::BelowTitle;
pub(crate) use chart::height as chart_height;
pub(crate) use pictures::picture;
use rich::Rich;
pub(crate) use table_figures::TableFigures;

/// Composes the document of a report.
///
/// # Errors
/// Every mistake in the content: images that cannot be read, control characters. Warnings are returned with
/// the document. Mistakes in figures are found by [`check`](crate::check).
pub fn compose(
    report: &Report,
    figures: &Figures,
    assets: &dyn Assets,
    limits: &Limits,
) -> Result<(Document, Vec<Diagnostic>), Vec<Diagnostic>> {
    let layout: &Layout = figures.layout();
    let mut composer = Composer {
        report,
        layout,
        figures,
        limits,
        assets,
        issuer: report.issuer.clone().into(),
        title_terms: layout.title_terms.clone().into(),
        places: Vec::new(),
        blocks: Vec::new(),
        formats: Formats::default(),
        notes: Notes::default(),
        links: Links::new(),
        after_title: false,
        front: 0,
        diagnostics: Vec::new(),
        pixels: 0,
    };
    let title = composer.title();
    composer.content(&title);
    let info = composer.info(&title);
    turn_headings_with_tables(&mut composer.blocks);
    headings::nest(&mut composer.blocks);
    find_items(&mut composer.blocks);
    composer.contents();
    if has_errors(&composer.diagnostics) {
        return Err(composer.diagnostics);
    }
    let page = styles::page(layout);
    part_neighbours(&mut composer.blocks, page.line_pitch / 2);
    let document = Document {
        page,
        text: TextRules {
            han_latin_gap: report.han_latin_gap.map_or(layout.text.han_latin_gap, i64::from),
            ..styles::text(layout)
        },
        styles: styles::styles(layout),
        families: styles::families(layout),
        info,
        inlines: Inlines::find(&composer.blocks, &composer.links, &composer.notes),
        formats: composer.formats,
        notes: composer.notes,
        blocks: composer.blocks,
        front: composer.front,
        places: composer.places,
    };
    Ok((document, composer.diagnostics))
}

/// The lines of a report's title: its own, or the one that the layout derives from issuer, year and period.
pub(crate) fn title_of(report: &Report, layout: &Layout) -> Vec<String> {
    if let Some(title) = &report.title {
        return title.split('\n').map(|line| line.trim().to_owned()).collect();
    }
    let Some(template) = &layout.title else { return Vec::new() };
    let mut title = template.replace("{issuer}", report.issuer.join("、").trim());
    if let Some(year) = report.year {
        title = title.replace("{year}", &year.to_string());
    }
    if let Some(period) = &report.period {
        title = title.replace("{period}", period);
    }
    vec![title]
}

/// Leaves a gap between tables and pictures of a page that nothing else keeps apart.
fn part_neighbours(blocks: &mut [Block], gap: Length) {
    for at in 1..blocks.len() {
        let ends_bare = match &blocks[at - 1].kind {
            BlockKind::Table(table) => table.notes.is_empty(),
            BlockKind::Illustration(illustration) => illustration.caption.is_none(),
            _ => false,
        };
        let begins_bare = match &blocks[at].kind {
            BlockKind::Table(table) => table.above().next().is_none(),
            BlockKind::Illustration(_) => true,
            _ => false,
        };
        let on_one_page = blocks[at - 1].orientation == blocks[at].orientation;
        if ends_bare && begins_bare && on_one_page && blocks[at].position == Position::Flow {
            blocks[at].position = Position::Gap(gap);
        }
        // A word processor makes the larger of two gaps between paragraphs, not both: the caption of a chart has one.
        let is_captioned = |block: &Block| {
            matches!(&block.kind, BlockKind::Illustration(Illustration { caption: Some(_), .. }))
        };
        let is_chart = |block: &Block| {
            matches!(&block.kind, BlockKind::Illustration(Illustration { shown: Shown::Chart(_), .. }))
        };
        let has_gap = matches!(&blocks[at].kind, BlockKind::Illustration(_) | BlockKind::Table(_))
            && !begins_table_bare(&blocks[at]);
        if on_one_page
            && is_captioned(&blocks[at - 1])
            && has_gap
            && (is_chart(&blocks[at - 1]) || is_chart(&blocks[at]))
            && blocks[at].position == Position::Flow
        {
            blocks[at].position = Position::Gap(Length::ZERO);
        }
    }
}

/// Whether it is a table without a line above its rows.
fn begins_table_bare(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Table(table) if table.above().next().is_none())
}

/// Gives the headings right above a wide table, and the mark and the title of an attachment, the orientation of the
/// table's page.
fn turn_headings_with_tables(blocks: &mut [Block]) {
    for at in (1..blocks.len()).rev() {
        let below = blocks[at].orientation;
        let is_heading = match &blocks[at - 1].kind {
            BlockKind::Paragraph(paragraph) => {
                paragraph.role == Role::AttachmentLabel
                    || paragraph.heading.as_ref().is_some_and(|heading| !heading.run_in)
            }
            BlockKind::Title(title) => title.role == Role::AttachmentTitle,
            BlockKind::List(_)
            | BlockKind::Table(_)
            | BlockKind::Illustration(_)
            | BlockKind::Signature(_)
            | BlockKind::Sides(_)
            | BlockKind::Rule(_)
            | BlockKind::Contents(_)
            | BlockKind::PageBreak => false,
        };
        if is_heading && blocks[at - 1].position == Position::Flow {
            blocks[at - 1].orientation = below;
        }
    }
}

/// Marks the headings that are items of a list: the next block is a heading of their level.
fn find_items(blocks: &mut [Block]) {
    let level = |block: &Block| match &block.kind {
        BlockKind::Paragraph(paragraph) => paragraph.heading.as_ref().map(|heading| heading.level),
        _ => None,
    };
    for at in 1..blocks.len() {
        let next = level(&blocks[at]);
        if let BlockKind::Paragraph(paragraph) = &mut blocks[at - 1].kind
            && let Some(heading) = &mut paragraph.heading
        {
            heading.item = !heading.run_in && next == Some(heading.level);
        }
    }
}

struct Composer<'a> {
    report: &'a Report,
    layout: &'a Layout,
    figures: &'a Figures,
    assets: &'a dyn Assets,
    limits: &'a Limits,
    /// The names and terms that no title breaks: of the report and of its layout, once for all titles.
    issuer: Arc<[String]>,
    title_terms: Arc<[String]>,
    places: Vec<String>,
    blocks: Vec<Block>,
    formats: Formats,
    notes: Notes,
    /// The links that authors gave.
    links: Links,
    /// The last block is a line under a title.
    after_title: bool,
    /// How many of the first blocks are before the text.
    front: usize,
    diagnostics: Vec<Diagnostic>,
    /// Of all the images so far.
    pixels: u64,
}

/// The document from top to bottom.
impl Composer<'_> {
    fn content(&mut self, title: &[String]) {
        let pointer = if self.report.title.is_some() { "/title" } else { "" };
        let kind = self.title_of_lines(Role::Title, title.to_vec());
        let position = self.letterhead();
        let report = self.report;
        let below = self.below_the_title();
        match &report.cover {
            Some(cover) => self.cover(cover, pointer, kind, below),
            None if self.layout.print_title => self.titled(position, pointer, kind, below, ""),
            None => {}
        }
        let text = self.blocks.len();
        if let Some(addressee) = &report.addressee {
            self.plain(Role::Addressee, addressee, "/addressee");
        }
        let before = self.blocks.len();
        self.prose(&report.preamble, "/preamble");
        self.sections();
        match self.layout.print_title {
            true => self.part_from_title(text),
            false => self.begin_below(text, position),
        }
        self.attachment_note(&report.attachments, "/attachments");
        self.attendance();
        if self.blocks.len() == before && !has_errors(&self.diagnostics) {
            self.error(rule::REPORT_EMPTY, "", message!("报告没有内容", "the report has no content"), None);
        }
        self.signature();
        if let Some(remark) = &self.report.remark {
            self.remark(remark);
        }
        if let Some(issued) = &report.issued_text {
            self.issued_text(issued);
        }
        self.attachments(&report.attachments, "/attachments");
        self.colophon();
    }

    /// Gives the first block of the text its position below a letterhead, in a document whose title is not printed.
    fn begin_below(&mut self, index: usize, position: Position) {
        if let Some(block) = self.blocks.get_mut(index).filter(|block| block.position == Position::Flow) {
            block.position = position;
        }
    }

    /// A title with the lines under it, whose keys are in the object at `pointer`.
    fn titled(
        &mut self,
        position: Position,
        title_pointer: &str,
        mut title: Title,
        below: BelowTitle,
        pointer: &str,
    ) {
        title.leads = !below.is_empty();
        self.block_at(position, title_pointer, BlockKind::Title(title));
        self.below_title(below, pointer);
    }

    fn title_of_lines(&self, role: Role, lines: Vec<String>) -> Title {
        let (names, terms) = (Arc::clone(&self.issuer), Arc::clone(&self.title_terms));
        Title { role, lines, names, terms, leads: false }
    }

    /// The title by lines, cleaned. Mistakes in its parts are reported.
    fn title(&mut self) -> Vec<String> {
        if let Some(title) = &self.report.title {
            return self.title_lines(title, "/title");
        }
        self.title_parts();
        let issuer = self.report.issuer.join("、");
        self.clean(&issuer, "/issuer");
        title_of(self.report, self.layout)
    }

    /// The lines of a title that its author wrote.
    fn title_lines(&mut self, title: &str, pointer: &str) -> Vec<String> {
        let lines = self.lines(title, pointer);
        if lines.iter().any(String::is_empty) {
            let text = message!("标题或标题的一行是空的", "the title or a line of it is empty");
            self.error(rule::REPORT_EMPTY, pointer, text, None);
        }
        lines
    }

    /// The lines of a text, cleaned.
    fn lines(&mut self, text: &str, pointer: &str) -> Vec<String> {
        text.split('\n').map(|line| self.clean(line, pointer)).collect()
    }

    /// Whether the report has what the layout's title is made of.
    fn title_parts(&mut self) {
        let Some(template) = &self.layout.title else {
            let id = &self.layout.id;
            let text = message!(
                "缺少“title”（版式 {id} 不派生标题）",
                "\"title\" is missing (layout {id} derives none)"
            );
            self.error(rule::REPORT_MISSING, "", text, None);
            return;
        };
        for (name, is_there) in
            [("year", self.report.year.is_some()), ("period", self.report.period.is_some())]
        {
            if !is_there && template.contains(&format!("{{{name}}}")) {
                let text =
                    message!("缺少“{name}”（标题需要它）", "\"{name}\" is missing (the title needs it)");
                self.error(rule::REPORT_MISSING, "", text, None);
            }
        }
    }

    fn sections(&mut self) {
        let report = self.report;
        match (&report.sections, self.layout.sections.is_empty()) {
            (Sections::Free(sections), true) => {
                let mut number = 0;
                for (at, section) in sections.iter().enumerate() {
                    self.free_section(section, &child("/sections", at), &mut number);
                }
            }
            (Sections::Free(sections), false) if !sections.is_empty() => {
                let keys = self
                    .layout
                    .sections
                    .iter()
                    .map(|section| section.key.as_str())
                    .collect::<Vec<_>>()
                    .join(", ");
                self.error(
                    rule::REPORT_SECTIONS,
                    "/sections",
                    message!(
                        "这个版式的各部分按键填写：{keys}",
                        "this layout's sections are given by key: {keys}"
                    ),
                    None,
                );
            }
            (Sections::Named(_), true) => {
                self.error(
                    rule::REPORT_SECTIONS,
                    "/sections",
                    message!("这个版式的各部分写成列表", "this layout's sections are a list"),
                    Some(
                        message!(
                            "\"sections\": [{{\"title\": \"…\", \"body\": [\"…\"]}}]",
                            "\"sections\": [{{\"title\": \"…\", \"body\": [\"…\"]}}]"
                        )
                        .into(),
                    ),
                );
            }
            (sections @ (Sections::Named(_) | Sections::Free(_)), false) => self.named_sections(sections),
        }
    }

    fn named_sections(&mut self, sections: &Sections) {
        let named = match sections {
            Sections::Named(named) => Some(named),
            Sections::Free(_) => None,
        };
        let layout = self.layout;
        for key in named.into_iter().flat_map(|named| named.keys()) {
            if !layout.sections.iter().any(|section| section.key == *key) {
                let near = nearest(key, layout.sections.iter().map(|section| section.key.as_str()));
                self.unknown(
                    rule::REPORT_UNKNOWN_SECTION,
                    &child("/sections", key),
                    key,
                    near,
                    ("部分", "section"),
                );
            }
        }
        for (at, spec) in layout.sections.iter().enumerate() {
            let prose = named.and_then(|named| named.get(&spec.key)).map_or(&[][..], Vec::as_slice);
            self.named_section(spec, at + 1, prose);
        }
    }

    fn named_section(&mut self, spec: &SectionSpec, number: usize, prose: &[Prose]) {
        let pointer = child("/sections", &spec.key);
        if spec.required && prose.is_empty() {
            let title = &spec.title;
            self.warning(
                rule::STRUCTURE_SECTION_EMPTY,
                &pointer,
                message!("“{title}”部分没有内容", "the section \"{title}\" has no content"),
            );
        }
        let text = self.numbered(&spec.title, number);
        self.heading(1, text, &pointer);
        self.prose(prose, &pointer);
        for key in &spec.tables {
            if let Some(table) = self.layout.table(key) {
                self.figures_table(table);
            }
        }
    }

    fn free_section(&mut self, section: &FreeSection, pointer: &str, number: &mut usize) {
        if section.new_page == Some(true) {
            self.block(pointer, BlockKind::PageBreak);
        }
        if let Some(title) = &section.title {
            *number += 1;
            let place = child(pointer, "title");
            let title = self.clean(title, &place);
            if title.is_empty() {
                self.error(rule::REPORT_EMPTY, &place, message!("标题是空的", "the title is empty"), None);
            }
            let text = self.numbered(&title, *number);
            self.heading(1, text, &place);
        }
        self.prose(&section.body, &child(pointer, "body"));
    }

    /// A section's title with its number, unless the author wrote one.
    fn numbered(&self, title: &str, number: usize) -> String {
        match self.layout.section_numbers {
            SectionNumbers::None => title.to_owned(),
            _ if prose::is_numbered(title, number) => title.to_owned(),
            SectionNumbers::Chinese => format!("{}、{title}", chinese_number(number)),
            SectionNumbers::Chapters => format!("第{}章　{title}", chinese_number(number)),
            SectionNumbers::Parts => format!("第{}部分　{title}", chinese_number(number)),
        }
    }

    /// 附注: GB/T 9704—2012, 7.3.6.
    fn remark(&mut self, text: &str) {
        let text = self.clean(text, "/remark");
        if text.is_empty() {
            self.error(rule::REPORT_EMPTY, "/remark", message!("附注是空的", "the remark is empty"), None);
        }
        let text = if text.starts_with('（') { text } else { format!("（{text}）") };
        self.paragraph(Role::Remark, text, "/remark", None);
    }

    fn info(&mut self, title: &[String]) -> Info {
        let report = self.report;
        let metadata = &report.metadata;
        let issuers = report.issuer.iter().enumerate();
        let issuers: Vec<String> =
            issuers.map(|(at, name)| self.clean(name, &child("/issuer", at))).collect();
        let mut fields = Vec::new();
        let date = report.signature.as_ref().and_then(|signature| Date::parse(signature.date.as_deref()?));
        let mut field = |key: &str, label: &str, value: String| {
            fields.push(InfoField { key: key.to_owned(), label: label.to_owned(), value });
        };
        for (key, label, value) in metadata.fields() {
            if let Some(value) = value {
                field(key, label, self.clean(value, &child("/metadata", key)));
            } else if key == "publisher" && !issuers.is_empty() {
                field(key, label, issuers.join("、"));
            }
            if let Some(date) = date.filter(|_| key == "publisher") {
                field("date_of_issue", "成文日期", date.iso());
            }
        }
        if let Some(published) = &metadata.published
            && Date::parse(published).is_none()
        {
            self.bad_date(published, "/metadata/published");
        }
        let keywords = metadata.keywords.iter().enumerate();
        Info {
            title: title.concat(),
            issuers,
            date,
            keywords: keywords.map(|(at, word)| self.clean(word, &child("/metadata/keywords", at))).collect(),
            summary: metadata.summary.as_ref().map(|summary| self.clean(summary, "/metadata/summary")),
            fields,
        }
    }
}

/// Helpers of all parts.
impl Composer<'_> {
    /// The next node, for the report's value at `pointer`.
    fn node(&mut self, pointer: &str) -> NodeId {
        self.places.push(pointer.to_owned());
        NodeId(u32::try_from(self.places.len()).expect("a report of 32 MiB has fewer nodes"))
    }

    fn block(&mut self, pointer: &str, kind: BlockKind) {
        self.block_at(Position::Flow, pointer, kind);
    }

    fn block_at(&mut self, position: Position, pointer: &str, kind: BlockKind) {
        let id = self.node(pointer);
        self.blocks.push(Block { position, ..Block::new(id, kind) });
    }

    /// A paragraph of one run, from the author's text.
    fn plain(&mut self, role: Role, text: &str, pointer: &str) {
        let text = self.clean(text, pointer);
        self.paragraph(role, text, pointer, None);
    }

    fn paragraph(&mut self, role: Role, text: impl Into<Rich>, pointer: &str, heading: Option<Heading>) {
        let text: Rich = text.into();
        if text.text.is_empty() {
            self.warning(
                rule::TEXT_EMPTY,
                pointer,
                message!("空的段落，已略去", "an empty paragraph, left out"),
            );
            return;
        }
        let id = self.node(pointer);
        self.format(id, &text);
        let paragraph = Paragraph { heading, ..Paragraph::plain(role, text.text) };
        self.blocks.push(Block::new(id, BlockKind::Paragraph(paragraph)));
    }

    /// A heading in a paragraph of its own.
    fn heading(&mut self, level: u8, text: impl Into<Rich>, pointer: &str) {
        let text: Rich = text.into();
        let heading = Heading { level, text: text.text.clone(), run_in: false, item: false };
        self.paragraph(headings::role(&heading.text, level), text, pointer, Some(heading));
    }

    fn table_text(&mut self, text: &str, pointer: &str) -> TableText {
        let id = self.node(pointer);
        TableText { id, text: self.clean(text, pointer) }
    }

    fn picture(&mut self, path: &str, pointer: &str) -> Option<Arc<Picture>> {
        match pictures::picture(self.assets, path, &mut self.pixels, self.limits) {
            Ok(picture) => Some(Arc::new(picture)),
            Err((message, hint)) => {
                self.error(rule::IMAGE_UNREADABLE, pointer, message, hint);
                None
            }
        }
    }

    /// The text as it is printed: without white space around it. Characters that a document cannot hold are
    /// reported.
    fn clean(&mut self, text: &str, pointer: &str) -> String {
        if let Some((at, character)) = text.chars().enumerate().find(|(_, c)| forbidden(*c)) {
            let (code, at) = (u32::from(character), at + 1);
            self.error(
                rule::TEXT_CONTROL_CHARACTER,
                pointer,
                message!(
                    "第 {at} 个字是控制字符 U+{code:04X}",
                    "character {at} is the control character U+{code:04X}"
                ),
                Some(message!("删去它", "delete it").into()),
            );
        }
        text.trim().to_owned()
    }

    fn bad_date(&mut self, text: &str, pointer: &str) {
        self.error(
            rule::REPORT_DATE,
            pointer,
            message!("“{text}”不是日期", "\"{text}\" is not a date"),
            Some(message!("写成 \"2024-01-31\"", "write it as \"2024-01-31\"").into()),
        );
    }

    fn unknown(
        &mut self,
        rule: &'static str,
        pointer: &str,
        key: &str,
        near: Option<&str>,
        kind: (&str, &str),
    ) {
        let (zh, en) = kind;
        let found = Diagnostic::error(
            rule,
            pointer,
            message!("版式里没有{zh}“{key}”", "the layout has no {en} \"{key}\""),
        );
        self.diagnostics.push(match near {
            Some(near) => found.hint(Hint::did_you_mean(near)),
            None => found,
        });
    }

    fn error(&mut self, rule: &'static str, pointer: &str, message: Message, hint: Option<Hint>) {
        let diagnostic = Diagnostic::error(rule, pointer, message);
        self.diagnostics.push(match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        });
    }

    /// The leading of the last line so far, below its characters.
    fn leading_above(&self, styles: &Styles) -> Length {
        match self.blocks.last() {
            Some(block) if block.ends_without_leading() => Length::ZERO,
            _ => styles::leading(styles, Role::Body),
        }
    }

    fn warning(&mut self, rule: &'static str, pointer: &str, message: Message) {
        self.diagnostics.push(Diagnostic::warning(rule, pointer, message));
    }
}

/// Control characters, and the two that XML 1.0 forbids besides them.
fn forbidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}')
}

/// 一 to 九十九.
fn chinese_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, units) = (number / 10, number % 10);
    match tens {
        0 => DIGITS[units].to_owned(),
        1 => format!("十{}", DIGITS[units]),
        2..=9 => format!("{}十{}", DIGITS[tens], DIGITS[units]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{chinese_number, compose};
    use crate::document::{BlockKind, Document};
    use crate::layout::Layouts;
    use crate::report;
    use crate::source::Source;

    #[test]
    fn section_numbers_are_chinese() {
        let numbers = [1, 6, 10, 11, 20, 21, 99].map(chinese_number);
        assert_eq!(numbers, ["一", "六", "十", "十一", "二十", "二十一", "九十九"]);
    }

    fn composed(rest: &str) -> Document {
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["丙。"], {rest}}}"#
        );
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let figures = crate::figures::Figures::of(&report, &layout);
        compose(&report, &figures, &(), &crate::Limits::default()).expect("composes").0
    }

    #[test]
    fn headings_without_text_of_their_own_are_items() {
        let document = composed(
            r#""sections": [{"title": "甲", "body": ["（一）丙", "（二）丁", "文。", "（三）戊"]}, {"title": "乙", "body": ["文。"]}]"#,
        );
        let items: Vec<(String, bool)> = document
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Paragraph(paragraph) => paragraph.heading.as_ref(),
                _ => None,
            })
            .map(|heading| (heading.text.clone(), heading.item))
            .collect();
        let items: Vec<(&str, bool)> = items.iter().map(|(text, item)| (text.as_str(), *item)).collect();
        let expected = [
            ("一、甲", false),
            ("（一）丙", true),
            ("（二）丁", false),
            ("（三）戊", false),
            ("二、乙", false),
        ];
        assert_eq!(items, expected);
    }

    #[test]
    fn sections_keep_the_numbers_of_their_authors() {
        let document = composed(
            r#""sections": [{"title": "第一部分 丙"}, {"title": "二、三季度情况"}, {"title": "二、三产业"}]"#,
        );
        let texts = document.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Paragraph(paragraph) => {
                paragraph.heading.as_ref().map(|heading| heading.text.as_str())
            }
            _ => None,
        });
        assert_eq!(texts.collect::<Vec<_>>(), ["第一部分 丙", "二、三季度情况", "三、二、三产业"]);
    }

    #[test]
    fn an_attachment_s_title_breaks_above_it_and_not_in_the_note() {
        let document = composed(r#""attachments": [{"title": "丁\n戊表", "body": ["己。"]}]"#);
        let texts: Vec<String> = document
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Title(title) => Some(title.lines.join("|")),
                BlockKind::Paragraph(paragraph) => Some(paragraph.text()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["乙", "丙。", "附件：丁戊表", "附件", "丁|戊表", "己。"]);
    }
}
