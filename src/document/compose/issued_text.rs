//! 印发件: the text that a document issues.

use super::Composer;
use super::below_title::BelowTitle;
use crate::diagnostic::{child, has_errors, rule};
use crate::document::{BlockKind, Position};
use crate::message;
use crate::report::IssuedText;
use crate::style::Role;

impl Composer<'_> {
    /// 印发件: a text with a title of its own, on pages of its own.
    pub(super) fn issued_text(&mut self, issued: &IssuedText) {
        let pointer = "/issued_text";
        let place = child(pointer, "title");
        self.block(&place, BlockKind::PageBreak);
        let lines = self.title_lines(&issued.title, &place);
        let below = BelowTitle {
            subtitle: issued.subtitle.as_deref(),
            number: None,
            note: issued.title_note.as_deref(),
            byline: &issued.byline,
        };
        let title = self.title_of_lines(Role::Title, lines);
        self.titled(Position::Flow, &place, title, below, pointer);
        let text = self.blocks.len();
        self.prose(&issued.body, &child(pointer, "body"));
        let mut number = 0;
        for (at, section) in issued.sections.iter().enumerate() {
            self.free_section(section, &child(&child(pointer, "sections"), at), &mut number);
        }
        self.part_from_title(text);
        if self.blocks.len() == text && !has_errors(&self.diagnostics) {
            let text = message!("印发的文件没有内容", "the text that is issued has no content");
            self.error(rule::REPORT_EMPTY, pointer, text, None);
        }
        let place = child(pointer, "attachments");
        self.attachment_note(&issued.attachments, &place);
        self.attachments(&issued.attachments, &place);
    }
}
