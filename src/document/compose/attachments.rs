//! 附件说明 below the text, and the attachments on pages of their own.

use super::{Composer, styles};
use crate::diagnostic::{child, rule};
use crate::document::{BlockKind, Indent, Paragraph, Position};
use crate::geom::Length;
use crate::message;
use crate::report::Attachment;
use crate::style::Role;

impl Composer<'_> {
    /// 附件说明: GB/T 9704—2012, 7.3.4. Numbers are aligned under one another, and so are the lines of a title.
    pub(super) fn attachment_note(&mut self, attachments: &[Attachment], pointer: &str) {
        let several = attachments.len() > 1;
        let styles = styles::styles(self.layout);
        let style = styles.get(Role::AttachmentNote);
        // A number and its point are three quarters of an em wide in the Latin font.
        let label = (style.size + style.character_spacing) * 3;
        let number = |at: usize| {
            let digits = (at + 1).to_string().len() as i64;
            (style.size / 2 + style.character_spacing) * digits + style.size / 4 + style.character_spacing
        };
        for (at, attachment) in attachments.iter().enumerate() {
            let pointer = child(&child(pointer, at), "title");
            let lines = self.lines(&attachment.title, &pointer);
            if lines.iter().any(String::is_empty) {
                let text = match lines.len() {
                    1 => message!("附件没有标题", "the attachment has no title"),
                    _ => message!("附件标题的一行是空的", "a line of the attachment's title is empty"),
                };
                self.error(rule::REPORT_EMPTY, &pointer, text, None);
            }
            let title = lines.concat();
            let text = match (several, at) {
                (false, _) => format!("附件：{title}"),
                (true, 0) => format!("附件：1.{title}"),
                (true, at) => format!("{}.{title}", at + 1),
            };
            let hang = if several { number(at) } else { Length::ZERO };
            let first = if at == 0 { label + hang } else { hang };
            let left = style.indent_first + style.indent_left + label + hang;
            let indent = Some(Indent { left, first: -first });
            let paragraph = Paragraph { indent, ..Paragraph::plain(Role::AttachmentNote, text) };
            let gap = Length::mm(styles::LINE_MM) - self.leading_above(&styles) - style.leading();
            let position = if at == 0 { Position::Gap(gap) } else { Position::Flow };
            self.block_at(position, &pointer, BlockKind::Paragraph(paragraph));
        }
    }

    /// 附件, each on a page of its own: GB/T 9704—2012, 7.3.7.
    pub(super) fn attachments(&mut self, attachments: &[Attachment], pointer: &str) {
        for (at, attachment) in attachments.iter().enumerate().filter(|(_, a)| !a.body.is_empty()) {
            let pointer = child(pointer, at);
            let title_pointer = child(&pointer, "title");
            self.block(&pointer, BlockKind::PageBreak);
            let label =
                if attachments.len() == 1 { "附件".to_owned() } else { format!("附件{}", at + 1) };
            self.paragraph(Role::AttachmentLabel, label, &pointer, None);
            let lines = self.lines(&attachment.title, &title_pointer);
            let title = self.title_of_lines(Role::AttachmentTitle, lines);
            self.block(&title_pointer, BlockKind::Title(title));
            self.prose(&attachment.body, &child(&pointer, "body"));
        }
    }
}
