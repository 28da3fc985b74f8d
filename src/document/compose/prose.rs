//! Prose becomes blocks: headings are found, lists labelled, images and tables resolved.

use std::borrow::Cow;

use super::Composer;
use super::rich::Rich;
use crate::diagnostic::{child, rule};
use crate::document::{
    BlockKind, Heading, HeadingNumber, Illustration, List, ListItem, NumberKind, Paragraph, Run, Shown,
};
use crate::geom::{Length, Size};
use crate::message;
use crate::report::{Inline, Inlines, Marker, Prose};
use crate::style::Role;

/// A heading that runs into its paragraph is no longer than this, in characters.
const LONGEST_RUN_IN: usize = 40;
/// A heading in a paragraph of its own is no longer than this, in characters.
const LONGEST_HEADING: usize = 56;
/// A sentence of no more characters may be a heading with a full stop.
const LONGEST_PHRASE: usize = 20;
/// The resolution of an image for which the author gives no width, in pixels an inch.
const DEFAULT_DPI: f64 = 150.0;
/// An image is at most this share of the type area's height, so that its caption fits below it.
const TALLEST_IMAGE: f64 = 0.8;

impl Composer<'_> {
    /// The blocks of a list of prose at `pointer`.
    pub(super) fn prose(&mut self, blocks: &[Prose], pointer: &str) {
        let found = if self.layout.find_headings { find_headings(blocks) } else { vec![None; blocks.len()] };
        for ((at, block), found) in blocks.iter().enumerate().zip(found) {
            self.prose_block(block, found, &child(pointer, at));
        }
    }

    fn prose_block(&mut self, block: &Prose, found: Option<Found>, pointer: &str) {
        match block {
            Prose::Text(text) => {
                let text = self.rich(text, pointer);
                self.text(text, found, pointer);
            }
            Prose::Paragraph { paragraph } => {
                let place = child(pointer, "paragraph");
                let text = self.rich(paragraph, &place);
                self.paragraph(Role::Body, text, &place, None);
            }
            Prose::Heading { heading, level } => {
                let place = child(pointer, "heading");
                let text = self.rich(heading, &place);
                match level.or_else(|| heading_level(&text.text)) {
                    Some(level) => self.heading(level, text, &place),
                    None => self.error(
                        rule::REPORT_HEADING,
                        &place,
                        message!(
                            "看不出这个标题的层次",
                            "the level of this heading cannot be determined from its number"
                        ),
                        Some(message!("加上 \"level\": 1 到 4", "add \"level\": 1 to 4").into()),
                    ),
                }
            }
            Prose::List { list, marker } => {
                self.list(list, marker.unwrap_or_default(), &child(pointer, "list"))
            }
            Prose::PageBreak { .. } => self.block(&child(pointer, "page_break"), BlockKind::PageBreak),
            Prose::Table { table } => self.free_table(table, &child(pointer, "table")),
            Prose::Chart { chart } => self.chart(chart, &child(pointer, "chart")),
            Prose::Image { image, caption, alt, width } => {
                self.image(image, caption.as_deref(), alt, width.as_deref(), pointer);
            }
        }
    }

    /// A paragraph, or the heading that it is or begins with.
    fn text(&mut self, text: Rich, found: Option<Found>, pointer: &str) {
        match found {
            None => self.paragraph(Role::Body, text, pointer, None),
            Some(Found { level, end, .. }) if end == text.text.len() => self.heading(level, text, pointer),
            Some(found @ Found { level, end, .. }) => {
                let (phrase, rest) = text.split(end);
                let heading = Heading { level, text: phrase.text.clone(), run_in: true, item: false };
                let block = self.node(pointer);
                let id = self.node(pointer);
                self.format(id, &phrase);
                self.format(block, &rest);
                let runs = vec![
                    Run { id: Some(id), role: found.role, text: phrase.text },
                    Run { id: None, role: Role::Body, text: rest.text },
                ];
                let paragraph = Paragraph { role: Role::Body, runs, heading: Some(heading), indent: None };
                self.blocks.push(crate::document::Block::new(block, BlockKind::Paragraph(paragraph)));
            }
        }
    }

    fn list(&mut self, texts: &[Inlines], marker: Marker, pointer: &str) {
        let block = self.node(pointer);
        let mut items = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let place = child(pointer, at);
            let text = self.rich(text, &place);
            if text.text.is_empty() {
                self.warning(
                    rule::TEXT_EMPTY,
                    &place,
                    message!("空的一项，已略去", "an empty item, left out"),
                );
                continue;
            }
            let label = match marker {
                Marker::Number => format!("{}.", items.len() + 1),
                Marker::Bullet => "●".to_owned(),
                Marker::Circled => circled(items.len() + 1),
            };
            let id = self.node(&place);
            let text = text.behind(&label);
            self.format(id, &text);
            items.push(ListItem { id, label, text: text.text });
        }
        if items.is_empty() {
            self.warning(rule::TEXT_EMPTY, pointer, message!("空的列表，已略去", "an empty list, left out"));
            return;
        }
        self.blocks.push(crate::document::Block::new(block, BlockKind::List(List { items })));
    }

    fn image(&mut self, path: &str, caption: Option<&str>, alt: &str, width: Option<&str>, pointer: &str) {
        let place = child(pointer, "image");
        let alt = self.clean(alt, &child(pointer, "alt"));
        if alt.is_empty() {
            let place = child(pointer, "alt");
            let text = message!("图片没有替代文本", "the image has no alternative text");
            self.error(
                rule::IMAGE_ALT,
                &place,
                text,
                Some(
                    message!("用一句话说明图里有什么", "describe in one sentence what the image shows")
                        .into(),
                ),
            );
        }
        let width = width.and_then(|width| self.length(width, &child(pointer, "width")));
        let Some(picture) = self.picture(path, &place) else { return };
        let page = super::styles::page(self.layout);
        let (room, tallest) = (page.type_width(), page.type_height().scale(TALLEST_IMAGE));
        if width.is_some_and(|width| width > room) {
            let room = room.to_mm();
            let text = message!(
                "图片宽于版心 {room:.0} 毫米",
                "the image is wider than the type area of {room:.0} mm"
            );
            self.error(rule::IMAGE_WIDTH, &child(pointer, "width"), text, None);
        }
        let natural = Length::pt(f64::from(picture.width) * 72.0 / DEFAULT_DPI);
        let mut width = width.unwrap_or(natural).min(room);
        let ratio = f64::from(picture.height) / f64::from(picture.width);
        if width.scale(ratio) > tallest {
            width = tallest.scale(1.0 / ratio);
        }
        let size = Size::new(width, width.scale(ratio));
        let block = self.node(pointer);
        let caption = caption.map(|caption| self.table_text(caption, &child(pointer, "caption")));
        let kind =
            BlockKind::Illustration(Illustration { shown: Shown::Picture(picture), size, alt, caption });
        self.blocks.push(crate::document::Block::new(block, kind));
    }

    /// A positive length such as `120mm`.
    pub(super) fn length(&mut self, text: &str, pointer: &str) -> Option<Length> {
        let length =
            Length::parse(text).filter(|length| *length >= Length::mm(1.0) && *length <= Length::mm(1000.0));
        if length.is_none() {
            let message = message!("“{text}”不是长度", "\"{text}\" is not a length");
            self.error(
                rule::REPORT_LENGTH,
                pointer,
                message,
                Some(message!("例如 \"120mm\"", "such as \"120mm\"").into()),
            );
        }
        length
    }
}

fn circled(number: usize) -> String {
    match u32::try_from(number) {
        Ok(number @ 1..=20) => char::from_u32(0x2460 + number - 1).map_or_else(String::new, String::from),
        _ => format!("({number})"),
    }
}

/// A heading at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    level: u8,
    /// The role of its phrase.
    role: Role,
    /// Byte offset of the end of its phrase; that of the text where it is the whole paragraph.
    end: usize,
}

/// The heading level of the number in front of a text: GB/T 9704—2012, 7.3.3.
pub(super) fn heading_level(text: &str) -> Option<u8> {
    HeadingNumber::of(text).map(|number| number.level())
}

/// Whether the title of the section of this number has a number of its own: 一、, or 第一部分.
pub(super) fn is_numbered(title: &str, section: usize) -> bool {
    HeadingNumber::of(title).is_some_and(|number| match number.kind {
        NumberKind::Level(level) => level == 1 && (number.value == section || !number.may_count(title)),
        NumberKind::Part | NumberKind::Chapter | NumberKind::Section | NumberKind::Article => true,
    })
}

/// A paragraph with a number of the four levels in front.
#[derive(Clone, Copy, Debug)]
struct Numbered<'a> {
    /// Which of the blocks it is.
    at: usize,
    level: u8,
    value: usize,
    text: &'a str,
    form: Form,
}

/// The forms of a numbered paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Short and without a stop.
    Heading,
    /// A phrase with a stop, and text after it: byte offset of the phrase's end.
    RunIn(usize),
    /// A short phrase with a full stop.
    Phrase,
    /// A sentence.
    Sentence,
}

/// The headings that these paragraphs are or begin with.
///
/// Paragraphs that are numbered in one run are set alike. Where some are sentences they are the clauses of a 批复 or
/// 通知, all of them text, also those whose first sentence is as short as a heading.
fn find_headings(blocks: &[Prose]) -> Vec<Option<Found>> {
    let texts: Vec<Option<Cow<str>>> = blocks.iter().map(text_of).collect();
    let numbered = numbered(&texts);
    let mut found: Vec<Option<Found>> = texts.iter().map(|text| named(text.as_deref()?.trim())).collect();
    for run in runs(&numbered) {
        let clauses = are_clauses(&run, &numbered, blocks.len());
        for paragraph in run {
            let end = match paragraph.form {
                Form::Heading => Some(paragraph.text.len()),
                Form::RunIn(end) => Some(end),
                Form::Phrase | Form::Sentence => None,
            };
            let role = Role::heading(paragraph.level);
            found[paragraph.at] =
                end.filter(|_| !clauses).map(|end| Found { level: paragraph.level, role, end });
        }
    }
    found
}

/// The heading that a text is or begins with by the name of its level: 第一章　总则, and 第一条 before its text. A blank
/// follows the number, otherwise a sentence speaks of it: 第三条规定.
fn named(text: &str) -> Option<Found> {
    let number = HeadingNumber::of(text)?;
    let rest = &text[number.length..];
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let is_line = rest.chars().count() <= LONGEST_HEADING && !rest.contains(['。', '；', '：', '，']);
    let level = number.level();
    match number.kind {
        NumberKind::Part | NumberKind::Chapter | NumberKind::Section if is_line => {
            Some(Found { level, role: super::headings::role(text, level), end: text.len() })
        }
        NumberKind::Article => Some(Found { level, role: Role::Article, end: number.length }),
        NumberKind::Part | NumberKind::Chapter | NumberKind::Section | NumberKind::Level(_) => None,
    }
}

/// The text of a paragraph in which headings are looked for.
fn text_of(block: &Prose) -> Option<Cow<'_, str>> {
    match block {
        Prose::Text(text) => match &text.0[..] {
            [Inline::Plain(text)] => Some(text.into()),
            _ => Some(text.text().into()),
        },
        Prose::Paragraph { .. }
        | Prose::Heading { .. }
        | Prose::List { .. }
        | Prose::Table { .. }
        | Prose::Chart { .. }
        | Prose::PageBreak { .. }
        | Prose::Image { .. } => None,
    }
}

/// The numbered ones among these paragraphs.
fn numbered<'a>(blocks: &'a [Option<Cow<str>>]) -> Vec<Numbered<'a>> {
    let number = |at: usize| {
        let text = blocks[at].as_deref()?.trim();
        HeadingNumber::of(text).map(|number| (number, text))
    };
    let values: Vec<Option<usize>> = (0..blocks.len())
        .map(|at| {
            number(at)
                .filter(|(number, _)| number.kind == NumberKind::Level(1))
                .map(|(number, _)| number.value)
        })
        .collect();
    let mut found = Vec::new();
    for at in 0..blocks.len() {
        let Some((number, text)) = number(at) else { continue };
        let NumberKind::Level(level) = number.kind else { continue };
        // 一、二级公路 numbers something only where 二、 follows, or 一、 precedes 二、三产业.
        let neighbour = values[at + 1..].contains(&Some(number.value + 1))
            || (number.value > 1 && values[..at].contains(&Some(number.value - 1)));
        if number.may_count(text) && (!neighbour || text.ends_with('。')) {
            continue;
        }
        let form = form(text, number.length);
        found.push(Numbered { at, level, value: number.value, text, form });
    }
    found
}

/// The form of a text after its number.
fn form(text: &str, length: usize) -> Form {
    let rest = &text[length..];
    let stop = rest.char_indices().find(|(_, c)| matches!(c, '。' | '：' | '；' | '！' | '？'));
    let Some((at, mark)) = stop else {
        return if text.chars().count() <= LONGEST_HEADING { Form::Heading } else { Form::Sentence };
    };
    let phrase = rest[..at].chars().count();
    let end = length + at + mark.len_utf8();
    match mark {
        '。' | '：' if (1..=LONGEST_RUN_IN).contains(&phrase) && end < text.len() => Form::RunIn(end),
        '。' if phrase <= LONGEST_PHRASE && end == text.len() => Form::Phrase,
        _ => Form::Sentence,
    }
}

/// Paragraphs of one level whose numbers follow one another, with nothing of a higher level between them.
fn runs<'a>(numbered: &[Numbered<'a>]) -> Vec<Vec<Numbered<'a>>> {
    let mut runs: Vec<Vec<Numbered>> = Vec::new();
    // The run of each level that may go on.
    let mut open: [Option<usize>; 5] = [None; 5];
    for paragraph in numbered {
        let level = usize::from(paragraph.level.min(4));
        open[level + 1..].fill(None);
        let goes_on =
            open[level].filter(|run| runs[*run].last().is_some_and(|last| last.value + 1 == paragraph.value));
        let run = goes_on.unwrap_or_else(|| {
            runs.push(Vec::new());
            runs.len() - 1
        });
        runs[run].push(*paragraph);
        open[level] = Some(run);
    }
    runs
}

/// Whether the paragraphs of a run are clauses: some are sentences, and none is a heading with text below it.
fn are_clauses(run: &[Numbered], numbered: &[Numbered], blocks: usize) -> bool {
    let has_text = |paragraph: &Numbered| {
        let next = paragraph.at + 1;
        let other = numbered.iter().find(|other| other.at == next);
        next < blocks && other.is_none_or(|other| other.level > paragraph.level)
    };
    let sentence = |paragraph: &Numbered| match paragraph.form {
        Form::Sentence => true,
        Form::Phrase => !has_text(paragraph),
        Form::Heading | Form::RunIn(_) => false,
    };
    let heading = |paragraph: &Numbered| paragraph.form == Form::Heading && has_text(paragraph);
    // What follows the last one may be the end of the document: 此复。
    let Some((last, others)) = run.split_last() else { return false };
    let all_others = !others.is_empty() && others.iter().all(sentence);
    run.iter().any(sentence) && !others.iter().any(heading) && (all_others || !heading(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heading_levels_follow_from_their_numbers() {
        for (text, level) in [
            ("一、总体情况", Some(1)),
            ("十二、其他", Some(1)),
            ("（一）主动公开", Some(2)),
            ("(三)监督保障", Some(2)),
            ("1.民生实事", Some(3)),
            ("12．其他", Some(3)),
            ("（1）第一项", Some(4)),
            ("1.5亿元资金到位", None),
            ("一是围绕中心工作", None),
            ("2023年，我市", None),
            ("（以下简称《条例》）", None),
            ("第一、第二", None),
            ("第一章 总则", Some(1)),
            ("第二节 管理", Some(2)),
        ] {
            assert_eq!(heading_level(text), level, "{text}");
        }
    }

    /// The phrases of the headings that are found, paragraph by paragraph.
    fn phrases(texts: &[&str]) -> Vec<Option<String>> {
        let blocks: Vec<Prose> = texts.iter().map(|text| Prose::Text((*text).into())).collect();
        let found = find_headings(&blocks).into_iter().zip(texts);
        found.map(|(found, text)| found.map(|found| text[..found.end].to_owned())).collect()
    }

    #[test]
    fn run_in_headings_end_at_the_first_stop() {
        let phrase = |text: &str| phrases(&[text]).remove(0);
        assert_eq!(phrase("（一）主动公开方面。一是公开。").as_deref(), Some("（一）主动公开方面。"));
        assert_eq!(phrase("（一）存在问题：一是队伍建设。").as_deref(), Some("（一）存在问题："));
        assert_eq!(phrase("（二）依申请公开").as_deref(), Some("（二）依申请公开"));
        assert_eq!(phrase("1.建立机制；落实责任。"), None);
        assert_eq!(phrase("（一）我局认真落实各项要求。"), None);
    }

    #[test]
    fn enumerations_are_no_headings() {
        for text in [
            "一、二级公路改造完成。三级公路改造过半。",
            "一、二级公路改造完成",
            "（一）至（三）项规定的情形除外。其他情形从其规定。",
            "（一）（二）项所列材料可以免交。其他材料应当提交。",
            "十一、十二月份完成验收。其余项目明年完成。",
            "二、三产业协同发展。",
            "一、二、三等奖各一名。奖金另行通知。",
            "（一）项规定的期限为十日。期限届满的，不予受理。",
        ] {
            assert_eq!(phrases(&[text]), [None], "{text}");
        }
        let headings = ["一、二季度工作情况", "正文。", "二、三季度工作情况", "正文。"];
        assert!(phrases(&headings)[0].is_some() && phrases(&headings)[2].is_some());
        assert!(phrases(&["一、三公经费情况", "正文。"])[0].is_some());
    }

    #[test]
    fn clauses_of_one_run_are_set_alike() {
        let clauses = [
            "一、原则同意《规划》。样例市是省会城市。",
            "二、筑牢安全发展的空间基础。到2035年，耕地保有量不低于123.45万亩。",
            "三、《规划》是样例市空间发展的指南。",
            "四、请你市加强领导，确保实现目标；",
            "此复。",
        ];
        assert_eq!(phrases(&clauses), vec![None; 5]);
        // The last one without its stop, above the closing words.
        let clauses = ["一、同意调整。", "二、由县级管理。", "三、请认真组织实施", "此复。"];
        assert_eq!(phrases(&clauses), vec![None; 4]);
        // Short clauses among long ones.
        let clauses = ["1.加强领导", "2.健全机制，明确责任，严格考核，把各项任务落到实处。"];
        assert_eq!(phrases(&clauses), [None, None]);
    }

    #[test]
    fn headings_of_one_run_stay_headings() {
        let short = ["（一）甲", "（二）乙", "（三）丙"];
        assert!(phrases(&short).iter().all(Option::is_some));
        let run_in = ["（一）甲。一是公开。", "（二）乙。二是公开。"];
        assert!(phrases(&run_in).iter().all(Option::is_some));
        // A heading that ends with a full stop by mistake makes no text of the others.
        let with_text = ["（一）甲", "正文。", "（二）乙。", "正文。", "（三）丙。一是公开。"];
        assert_eq!(phrases(&with_text).iter().flatten().count(), 2);
        // The clauses under one heading say nothing of those under another.
        let levels = ["（一）甲", "1.一句话，两个意思，三层要求，四项措施。", "（二）乙", "1.丁"];
        assert_eq!(phrases(&levels).iter().flatten().count(), 3);
    }
}
