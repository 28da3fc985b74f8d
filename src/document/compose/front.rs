//! 封面 and 目录: what stands before the text, on pages of its own. The standard does not know them; they are the practice
//! of plans, reports and final accounts.

use super::{BelowTitle, Composer};
use crate::date::Date;
use crate::diagnostic::{child, rule};
use crate::document::{Block, BlockKind, Contents, ContentsEntry, Position, Title};
use crate::geom::Length;
use crate::message;
use crate::report::{CONTENTS_TITLE, Cover};
use crate::style::Role;

/// From the top of the type area to the title on a cover.
const COVER_TITLE_MM: f64 = 55.0;
/// How many levels of headings a 目录 has where the report does not say.
const LEVELS: u8 = 2;

impl Composer<'_> {
    /// 封面: the title with the lines below it, then who issues the document and when, at the foot of the page once the
    /// document is arranged.
    pub(super) fn cover(&mut self, cover: &Cover, title_pointer: &str, mut title: Title, below: BelowTitle) {
        if self.report.letterhead.is_some() || !self.layout.print_title {
            let text = match self.layout.print_title {
                true => {
                    message!("有版头的文件没有封面", "a document with a letterhead has no cover")
                }
                false => message!(
                    "这个版式不印标题，不能有封面",
                    "this layout prints no title, so that it has no cover"
                ),
            };
            return self.error(rule::REPORT_COVER, "/cover", text, None);
        }
        title.role = Role::CoverTitle;
        self.titled(Position::Gap(Length::mm(COVER_TITLE_MM)), title_pointer, title, below, "");
        // The text begins on a page of its own.
        self.after_title = false;
        let (issuers, place) = match &cover.issuer {
            Some(names) => (names, "/cover/issuer"),
            None => (&self.report.issuer, "/issuer"),
        };
        for (at, name) in issuers.iter().enumerate() {
            self.line_below(Role::CoverLine, name, &child(place, at));
        }
        let signed = self.report.signature.as_ref().and_then(|signature| signature.date.as_deref());
        match (&cover.date, signed.and_then(Date::parse)) {
            (Some(date), _) => self.line_below(Role::CoverLine, date, "/cover/date"),
            (None, Some(date)) => self.line_below(Role::CoverLine, &date.chinese(), "/signature/date"),
            (None, None) => {}
        }
        self.block("/cover", BlockKind::PageBreak);
        self.front = self.blocks.len();
    }

    /// 目录: the headings of the document, the title of the text that it issues and the attachments, before its text. A heading that a paragraph begins with is none
    /// of them.
    pub(super) fn contents(&mut self) {
        let Some(contents) = &self.report.contents else { return };
        if self.report.letterhead.is_some() {
            let text =
                message!("有版头的文件没有目录", "a document with a letterhead has no table of contents");
            let hint = message!("删去 contents 或者 letterhead", "delete contents or letterhead");
            return self.error(rule::REPORT_COVER, "/contents", text, Some(hint.into()));
        }
        let levels = contents.levels.unwrap_or(LEVELS);
        let mut found = Vec::new();
        let mut in_attachment = false;
        let text = &self.blocks[self.front..];
        for (at, block) in text.iter().enumerate() {
            let Some((own, text)) = entry(&text[..at], block, at > 0) else { continue };
            match &block.kind {
                BlockKind::Title(title) => in_attachment = title.role == Role::AttachmentTitle,
                _ if own <= levels => {}
                _ => continue,
            }
            // The headings of an attachment are under its title.
            let is_title = matches!(block.kind, BlockKind::Title(_));
            let level = own + u8::from(in_attachment && !is_title);
            if level <= levels {
                let (id, lines) = (block.id, vec![text]);
                found.push(ContentsEntry { id, level, lines, target: id });
            }
        }
        if found.is_empty() {
            let text = message!("目录没有可列的标题", "there is no heading for the contents");
            let hint =
                message!("给各部分写上标题，或删去 contents", "give the sections titles, or delete contents");
            return self.error(rule::REPORT_CONTENTS, "/contents", text, Some(hint.into()));
        }
        let text = contents.title.as_deref().unwrap_or(CONTENTS_TITLE);
        let text = self.clean(text, "/contents/title");
        if text.is_empty() {
            let text = message!("目录的标题是空的", "the title of the contents is empty");
            return self.error(rule::REPORT_EMPTY, "/contents/title", text, None);
        }
        let place = |composer: &Self, entry: &ContentsEntry| composer.places[entry.id.0 as usize - 1].clone();
        let title = self.title_of_lines(Role::ContentsTitle, vec![text]);
        let title = Block::new(self.node("/contents/title"), BlockKind::Title(title));
        let id = self.node("/contents");
        let mut entries = found;
        for entry in &mut entries {
            let place = place(self, entry);
            entry.id = self.node(&place);
        }
        let list = Block::new(id, BlockKind::Contents(Contents { levels, entries }));
        let page_break = Block::new(self.node("/contents"), BlockKind::PageBreak);
        self.blocks.splice(self.front..self.front, [title, list, page_break]);
        self.front += 3;
    }
}

/// What a 目录 says of a block: its level, and its text. The title of the document itself is not in it.
fn entry(above: &[Block], block: &Block, is_below: bool) -> Option<(u8, String)> {
    match &block.kind {
        BlockKind::Paragraph(paragraph) => {
            let heading = paragraph.heading.as_ref().filter(|heading| !heading.run_in)?;
            Some((heading.level, heading.text.clone()))
        }
        BlockKind::Title(title) if title.role == Role::Title && is_below => Some((1, title.text())),
        BlockKind::Title(title) if title.role == Role::AttachmentTitle => {
            let label = above.last().and_then(|block| match &block.kind {
                BlockKind::Paragraph(label) if label.role == Role::AttachmentLabel => Some(label.text()),
                _ => None,
            });
            let text = title.text();
            Some((1, label.map_or(text.clone(), |label| format!("{label}　{text}"))))
        }
        _ => None,
    }
}
