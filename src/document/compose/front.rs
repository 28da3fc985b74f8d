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

    /// 目录, before the text: the headings of the document, the title of the text that it issues, and the attachments. A
    /// heading that a paragraph begins with is none of them.
    pub(super) fn contents(&mut self) {
        let Some(contents) = &self.report.contents else { return };
        if self.report.letterhead.is_some() {
            let text =
                message!("有版头的文件没有目录", "a document with a letterhead has no table of contents");
            let hint = message!("删去 contents 或者 letterhead", "delete contents or letterhead");
            return self.error(rule::REPORT_COVER, "/contents", text, Some(hint.into()));
        }
        let levels = contents.levels.unwrap_or(LEVELS);
        let mut entries = entries(&self.blocks[self.front..]);
        entries.retain(|entry| entry.level <= levels);
        if entries.is_empty() {
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
        let title = self.title_of_lines(Role::ContentsTitle, vec![text]);
        let title = Block::new(self.node("/contents/title"), BlockKind::Title(title));
        let id = self.node("/contents");
        for entry in &mut entries {
            let place = self.places[entry.target.0 as usize - 1].clone();
            entry.id = self.node(&place);
        }
        let list = Block::new(id, BlockKind::Contents(Contents { levels, entries }));
        let page_break = Block::new(self.node("/contents"), BlockKind::PageBreak);
        self.blocks.splice(self.front..self.front, [title, list, page_break]);
        self.front += 3;
    }
}

/// What a 目录 may say of these blocks. The title of the document itself is not in it, and the headings of an attachment
/// are under its title. An entry has the name of its block.
fn entries(blocks: &[Block]) -> Vec<ContentsEntry> {
    let mut found = Vec::new();
    let mut in_attachment = false;
    for (at, block) in blocks.iter().enumerate() {
        let (level, text) = match &block.kind {
            BlockKind::Paragraph(paragraph) => match &paragraph.heading {
                Some(heading) if !heading.run_in => {
                    (heading.level + u8::from(in_attachment), heading.text.clone())
                }
                Some(_) | None => continue,
            },
            BlockKind::Title(title) if title.role == Role::Title && at > 0 => {
                in_attachment = false;
                (1, title.text())
            }
            BlockKind::Title(title) if title.role == Role::AttachmentTitle => {
                in_attachment = true;
                (1, format!("{}{}", label(&blocks[..at]), title.text()))
            }
            _ => continue,
        };
        found.push(ContentsEntry { id: block.id, level, lines: vec![text], target: block.id });
    }
    found
}

/// 附件1 in front of the title of an attachment; nothing where there is none.
fn label(above: &[Block]) -> String {
    match above.last().map(|block| &block.kind) {
        Some(BlockKind::Paragraph(label)) if label.role == Role::AttachmentLabel => {
            format!("{}　", label.text())
        }
        _ => String::new(),
    }
}
