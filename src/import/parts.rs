//! The parts of an official document in a file: 版头, title, 主送机关, text, 附件说明, signature, 版记.
//!
//! Which words a title ends with is data of the layout (`title_ends`). A file is a document of that kind only if it has an
//! addressee and a signature too: a page about a notice has its title.

use std::collections::BTreeSet;
use std::ops::Range;

use super::blocks::{Block, Paragraph};
use super::head::{self, Foot, Title};
use super::prose::whole;
use crate::forms::labels::number_of;
use crate::layout::Layout;
use crate::report::{Colophon, Letterhead};

/// The parts of a document.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub title: Title,
    pub letterhead: Option<Letterhead>,
    /// 发文字号.
    pub number: Option<String>,
    pub addressee: Option<String>,
    /// The blocks of its text.
    pub body: Range<usize>,
    /// Its attachments, with the blocks of those that follow it.
    pub attachments: Vec<(String, Range<usize>)>,
    pub foot: Foot,
    pub remark: Option<String>,
    pub colophon: Option<Colophon>,
    /// Blocks before the title and behind the signature that are parts.
    pub taken: BTreeSet<usize>,
}

/// As many blocks stand before the text of a document.
const MOST_BEFORE: usize = 24;

/// The parts of a document of this layout; none if the file is not one.
pub(super) fn parts(layout: &Layout, blocks: &[Block]) -> Option<Parts> {
    let title = title(&layout.title_ends, blocks)?;
    let mut parts = Parts::default();
    let mut at = title.end;
    // Metadata of a page stand between title and addressee.
    let addressee = (at..blocks.len().min(at + 4)).find(|at| own(blocks, *at).is_some_and(is_addressee))?;
    for between in at..addressee {
        parts.head(blocks, between);
    }
    parts.addressee = own(blocks, addressee).map(|paragraph| whole(paragraph).trim().to_owned());
    at = addressee + 1;
    let foot = head::foot(blocks, at).filter(|foot| foot.date.is_some() || !foot.signatories.is_empty())?;
    for before in 0..title.start {
        parts.head(blocks, before);
    }
    let named = named_attachments(blocks, at..foot.start);
    parts.body = at..named.as_ref().map_or(foot.start, |(start, _)| *start);
    let mut titles: Vec<String> = named.map(|(_, titles)| titles).unwrap_or_default();
    parts.behind(blocks, foot.end, &mut titles);
    (parts.title, parts.foot) = (title, foot);
    Some(parts)
}

fn own(blocks: &[Block], at: usize) -> Option<&Paragraph> {
    match blocks.get(at) {
        Some(Block::Paragraph(paragraph)) => Some(paragraph),
        _ => None,
    }
}

fn solid(paragraph: &Paragraph) -> String {
    whole(paragraph).split_whitespace().collect()
}

/// The lines that end as titles of the kind do: from the one with 关于 on, or those in the middle of the page.
fn title(ends: &[String], blocks: &[Block]) -> Option<Title> {
    const MOST_LINES: usize = 4;
    const LONGEST: usize = 80;
    let is_line = |text: &str| text.chars().count() <= LONGEST && !text.contains(['。', '；', '：', '>']);
    let last = (0..blocks.len().min(MOST_BEFORE)).find(|at| {
        own(blocks, *at).is_some_and(|paragraph| {
            let text = solid(paragraph);
            is_line(&text)
                && number_of(&text).is_none()
                && ends.iter().any(|end| text.ends_with(end.as_str()))
        })
    })?;
    let mut title = Title { text: solid(own(blocks, last)?), start: last, end: last + 1 };
    while title.start > 0 && title.end - title.start < MOST_LINES && !title.text.contains("关于") {
        let Some(before) = own(blocks, title.start - 1) else { break };
        let text = solid(before);
        let continues = is_line(&text) && !is_of_head(&text) && (before.centred || text.contains("关于"));
        if !continues {
            break;
        }
        title.text.insert_str(0, &text);
        title.start -= 1;
    }
    Some(title)
}

/// Whether a line is of the 版头: the name with 文件, the number, the marks.
fn is_of_head(text: &str) -> bool {
    text.ends_with("文件") || is_number(text) || is_copy_number(text) || is_secrecy(text) || is_urgency(text)
}

/// 国办发〔2023〕1号.
fn is_number(text: &str) -> bool {
    text.chars().count() <= 30 && text.ends_with('号') && text.contains(['〔', '[', '（', '(', '［'])
}

fn is_copy_number(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_secrecy(text: &str) -> bool {
    text.chars().count() <= 10 && ["绝密", "机密", "秘密"].iter().any(|mark| text.starts_with(mark))
}

fn is_urgency(text: &str) -> bool {
    matches!(text, "特急" | "加急")
}

/// 各县（区）人民政府，市政府各部门：
fn is_addressee(paragraph: &Paragraph) -> bool {
    const LONGEST: usize = 160;
    let text = solid(paragraph);
    let is_sentence = ["如下：", "如下:", "事项：", "通知："].iter().any(|end| text.ends_with(end));
    text.ends_with(['：', ':'])
        && text.chars().count() <= LONGEST
        && !text.contains(['。', '；'])
        && number_of(&text).is_none()
        && paragraph.number.is_none()
        && !is_sentence
}

/// 附件：1.甲 / 2.乙 at the end of the text: where it begins, and the titles.
fn named_attachments(blocks: &[Block], body: Range<usize>) -> Option<(usize, Vec<String>)> {
    const LONGEST: usize = 80;
    let start = body.clone().rev().find(|at| {
        own(blocks, *at).is_some_and(|paragraph| {
            let text = solid(paragraph);
            text.starts_with("附件：") || text.starts_with("附件:")
        })
    })?;
    let mut titles = Vec::new();
    for at in start..body.end {
        let text = solid(own(blocks, at)?);
        let text = text.trim_start_matches("附件").trim_start_matches(['：', ':']);
        let title = number_of(text).map_or(text, |(_, rest)| rest);
        // Whatever else stands there is text of the document.
        if title.chars().count() > LONGEST || title.contains('。') {
            return None;
        }
        if !title.is_empty() {
            titles.push(title.to_owned());
        }
    }
    Some((start, titles))
}

/// Whether a line begins an attachment: 附件, 附件1, 附件2：.
fn is_attachment(paragraph: &Paragraph) -> bool {
    let text = solid(paragraph);
    text.strip_prefix("附件").is_some_and(|rest| {
        let rest = rest.trim_end_matches(['：', ':']);
        rest.is_empty()
            || (rest.len() <= 6
                && rest.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)))
    })
}

impl Parts {
    /// A line of the 版头.
    fn head(&mut self, blocks: &[Block], at: usize) {
        let Some(paragraph) = own(blocks, at) else { return };
        let text = solid(paragraph);
        if !is_of_head(&text) {
            return;
        }
        self.taken.insert(at);
        if is_number(&text) {
            self.number = Some(text);
            return;
        }
        let head = self.letterhead.get_or_insert_with(Letterhead::default);
        match () {
            () if text.ends_with("文件") => head.organ = Some(text),
            () if is_copy_number(&text) => head.copy_number = Some(text),
            () if is_secrecy(&text) => head.secrecy = Some(text),
            () => head.urgency = Some(text),
        }
    }

    /// What stands behind the date: a remark, attachments, the 版记.
    fn behind(&mut self, blocks: &[Block], from: usize, titles: &mut Vec<String>) {
        let starts: Vec<usize> =
            (from..blocks.len()).filter(|at| own(blocks, *at).is_some_and(is_attachment)).collect();
        let of_colophon =
            |at: usize| own(blocks, at).is_some_and(|paragraph| is_of_colophon(&solid(paragraph)));
        for at in from..blocks.len() {
            let Some(paragraph) = own(blocks, at) else { continue };
            let (text, words) = (solid(paragraph), whole(paragraph));
            let inner = text.strip_prefix(['（', '(']).and_then(|text| text.strip_suffix(['）', ')']));
            if let (Some(inner), true) = (inner, at == from) {
                self.remark = Some(inner.to_owned());
                self.taken.insert(at);
            } else if of_colophon(at) {
                self.colophon(&text, &words);
                self.taken.insert(at);
            }
        }
        for (order, start) in starts.iter().enumerate() {
            let next = starts.get(order + 1).copied().unwrap_or(blocks.len());
            let end = (*start..next).find(|at| of_colophon(*at)).unwrap_or(next);
            let Some(title) = own(blocks, start + 1).filter(|_| start + 1 < end).map(solid) else { continue };
            self.taken.extend(*start..end);
            // The name above it is the one in the list, whatever the breaks of its lines.
            titles.retain(|named| *named != title);
            self.attachments.push((title, start + 2..end));
        }
        let named = std::mem::take(titles).into_iter().map(|title| (title, 0..0));
        self.attachments.extend(named);
    }

    fn colophon(&mut self, text: &str, words: &str) {
        let colophon = self.colophon.get_or_insert_with(Colophon::default);
        if let Some(names) = text.strip_prefix("抄送").map(|rest| rest.trim_start_matches(['：', ':'])) {
            let names = names.trim_end_matches('。').split(['，', '；']);
            colophon.copies_to.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
            return;
        }
        let words = words.trim().trim_end_matches("印发").trim_end();
        let date = words.split_whitespace().last().and_then(|last| head::date(last).map(|date| (last, date)));
        if let Some((last, date)) = date {
            colophon.printed_on = Some(date);
            let organ: String = words[..words.len() - last.len()].split_whitespace().collect();
            colophon.printed_by = Some(organ).filter(|organ| !organ.is_empty());
        }
    }
}

/// 抄送：…, or …2023年12月21日印发.
fn is_of_colophon(text: &str) -> bool {
    text.starts_with("抄送：")
        || text.starts_with("抄送:")
        || (text.ends_with("日印发") && text.chars().count() <= 200)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::blocks::paragraphs as blocks;
    use crate::layout::Layouts;

    fn of(layout: &str, text: &str) -> Option<Parts> {
        let layout = Layouts::embedded().get(layout).expect("ships");
        parts(&layout, &blocks(text))
    }

    const NOTICE: &str = "000001\n加急\n某某市教育局文件\n某教发〔2023〕28号\n某某市教育局关于开展检查\n工作的通知\n各县（区）教育局，各直属学校：\n为做好工作，现将有关事项通知如下：\n一、检查范围\n全部项目。\n附件：1.检查表\n2.名单\n某某市教育局\n2023年12月20日\n（此件公开发布）\n附件1\n检查表\n表的内容。\n抄送：市政府办公室，市监委。\n某某市教育局办公室 2023年12月21日印发";

    #[test]
    fn a_notice_has_its_parts() {
        let parts = of("notice", NOTICE).expect("is a notice");
        assert_eq!(parts.title.text, "某某市教育局关于开展检查工作的通知");
        assert_eq!(parts.number.as_deref(), Some("某教发〔2023〕28号"));
        let head = parts.letterhead.expect("a letterhead");
        assert_eq!(
            (head.organ.as_deref(), head.urgency.as_deref()),
            (Some("某某市教育局文件"), Some("加急"))
        );
        assert_eq!(parts.addressee.as_deref(), Some("各县（区）教育局，各直属学校："));
        assert_eq!(parts.body, 7..10);
        assert_eq!(parts.foot.signatories, ["某某市教育局"]);
        assert_eq!(parts.remark.as_deref(), Some("此件公开发布"));
        let titles: Vec<&str> = parts.attachments.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!((titles, parts.attachments[0].1.clone()), (vec!["检查表", "名单"], 17..18));
        let colophon = parts.colophon.expect("a colophon");
        assert_eq!(colophon.copies_to, ["市政府办公室", "市监委"]);
        assert_eq!(colophon.printed_by.as_deref(), Some("某某市教育局办公室"));
        assert_eq!(colophon.printed_on.as_deref(), Some("2023-12-21"));
    }

    #[test]
    fn what_lacks_a_part_is_none() {
        assert!(
            of("letter", "关于提供数据的函\n某某市司法局：\n请提供数据。\n某某市教育局\n2023年12月25日")
                .is_some()
        );
        assert!(of("letter", NOTICE).is_none(), "no letter");
        assert!(of("notice", "关于检查的通知\n各科室：\n请做好准备。").is_none(), "no signature");
        assert!(of("notice", "关于检查的通知\n记者从市教育局获悉。\n某某市教育局\n2023年12月25日").is_none());
    }
}
