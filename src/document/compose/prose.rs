//! Prose becomes blocks: headings are found, lists labelled, images and tables resolved.

use super::Composer;
use crate::diagnostic::{child, rule};
use crate::document::{BlockKind, Heading, Illustration, List, ListItem, Paragraph, Run};
use crate::geom::{Length, Size};
use crate::message;
use crate::report::{Marker, Prose};
use crate::style::Role;

/// A heading that runs into its paragraph is no longer than this, in characters.
const LONGEST_RUN_IN: usize = 40;
/// A heading in a paragraph of its own is no longer than this, in characters.
const LONGEST_HEADING: usize = 56;
/// The resolution of an image for which the author gives no width, in pixels an inch.
const DEFAULT_DPI: f64 = 150.0;
/// An image is at most this share of the type area's height, so that its caption fits below it.
const TALLEST_IMAGE: f64 = 0.8;

impl Composer<'_> {
    /// The blocks of a list of prose at `pointer`.
    pub(super) fn prose(&mut self, blocks: &[Prose], pointer: &str) {
        for (at, block) in blocks.iter().enumerate() {
            self.prose_block(block, &child(pointer, at));
        }
    }

    fn prose_block(&mut self, block: &Prose, pointer: &str) {
        match block {
            Prose::Text(text) => {
                let text = self.clean(text, pointer);
                self.text(text, pointer);
            }
            Prose::Paragraph { paragraph } => self.plain(Role::Body, paragraph, &child(pointer, "paragraph")),
            Prose::Heading { heading, level } => {
                let place = child(pointer, "heading");
                let text = self.clean(heading, &place);
                match level.or_else(|| heading_level(&text)) {
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
            Prose::Table { table } => self.free_table(table, &child(pointer, "table")),
            Prose::Image { image, caption, alt, width } => {
                self.image(image, caption.as_deref(), alt, width.as_deref(), pointer);
            }
        }
    }

    /// A paragraph, or the heading that it is or begins with.
    fn text(&mut self, text: String, pointer: &str) {
        let found = if self.layout.find_headings { find_heading(&text) } else { None };
        match found {
            None => self.paragraph(Role::Body, text, pointer, None),
            Some(Found { level, end }) if end == text.len() => self.heading(level, text, pointer),
            Some(Found { level, end }) => {
                let (phrase, rest) = text.split_at(end);
                let heading = Heading { level, text: phrase.to_owned(), run_in: true };
                let block = self.node(pointer);
                let id = Some(self.node(pointer));
                let runs = vec![
                    Run { id, role: Role::heading(level), text: phrase.to_owned() },
                    Run { id: None, role: Role::Body, text: rest.to_owned() },
                ];
                let paragraph = Paragraph { role: Role::Body, runs, heading: Some(heading), indent: None };
                self.blocks.push(crate::document::Block::new(block, BlockKind::Paragraph(paragraph)));
            }
        }
    }

    fn list(&mut self, texts: &[String], marker: Marker, pointer: &str) {
        let block = self.node(pointer);
        let mut items = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let place = child(pointer, at);
            let text = self.clean(text, &place);
            if text.is_empty() {
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
            items.push(ListItem { id: self.node(&place), label, text });
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
        let kind = BlockKind::Illustration(Illustration { picture, size, alt, caption });
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
    /// Byte offset of the end of its phrase; that of the text where it is the whole paragraph.
    end: usize,
}

/// The heading level of the number in front of a text: GB/T 9704—2012, 7.3.3.
pub(super) fn heading_level(text: &str) -> Option<u8> {
    number(text).map(|(level, _)| level)
}

/// The number in front of a text: its level and its length in bytes.
fn number(text: &str) -> Option<(u8, usize)> {
    let chinese = |text: &str| {
        text.chars().take_while(|c| "一二三四五六七八九十百".contains(*c)).map(char::len_utf8).sum::<usize>()
    };
    let arabic = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    for open in ['（', '('] {
        let Some(inner) = text.strip_prefix(open) else { continue };
        for (level, length) in [(2, chinese(inner)), (4, arabic(inner))] {
            let close = inner[length..].chars().next().filter(|c| matches!(c, '）' | ')'));
            if let Some(close) = close
                && (1..=12).contains(&length)
            {
                return Some((level, open.len_utf8() + length + close.len_utf8()));
            }
        }
        return None;
    }
    let length = chinese(text);
    if length > 0 && text[length..].starts_with('、') {
        return Some((1, length + '、'.len_utf8()));
    }
    let length = arabic(text);
    if (1..=2).contains(&length) {
        let mut after = text[length..].chars();
        let mark = after.next().filter(|c| matches!(c, '.' | '．' | '、'))?;
        if !after.next()?.is_ascii_digit() {
            return Some((3, length + mark.len_utf8()));
        }
    }
    None
}

/// The heading that a paragraph is, or begins with.
///
/// Without a full stop or colon it is the whole paragraph; otherwise its phrase ends at the first of them.
fn find_heading(text: &str) -> Option<Found> {
    let (level, length) = number(text)?;
    let rest = &text[length..];
    let stop = rest.char_indices().find(|(_, c)| matches!(c, '。' | '：' | '；' | '！' | '？'));
    let Some((at, mark)) = stop else {
        let short = text.chars().count() <= LONGEST_HEADING;
        return short.then_some(Found { level, end: text.len() });
    };
    let phrase = rest[..at].chars().count();
    let end = length + at + mark.len_utf8();
    let run_in = matches!(mark, '。' | '：') && phrase <= LONGEST_RUN_IN && phrase > 0 && end < text.len();
    run_in.then_some(Found { level, end })
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
        ] {
            assert_eq!(heading_level(text), level, "{text}");
        }
    }

    #[test]
    fn run_in_headings_end_at_the_first_stop() {
        let phrase = |text: &str| find_heading(text).map(|found| text[..found.end].to_owned());
        assert_eq!(phrase("（一）主动公开方面。一是公开。").as_deref(), Some("（一）主动公开方面。"));
        assert_eq!(phrase("（一）存在问题：一是队伍建设。").as_deref(), Some("（一）存在问题："));
        assert_eq!(phrase("（二）依申请公开").as_deref(), Some("（二）依申请公开"));
        assert_eq!(phrase("1.建立机制；落实责任。"), None);
        assert_eq!(phrase("（一）我局认真落实各项要求。"), None);
    }
}
