//! The lines under a title: 副标题, 发文字号, 题注, 报告人 and date.

use super::Composer;
use super::styles::{self, LINE_MM};
use crate::diagnostic::{child, rule};
use crate::document::{BlockKind, Position};
use crate::geom::Length;
use crate::message;
use crate::style::Role;

/// What may stand under a title, in this order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BelowTitle<'a> {
    pub subtitle: Option<&'a str>,
    /// Where a document without 版头 has its number.
    pub number: Option<&'a str>,
    pub note: Option<&'a str>,
    pub byline: &'a [String],
}

impl BelowTitle<'_> {
    pub fn is_empty(&self) -> bool {
        self.subtitle.is_none() && self.number.is_none() && self.note.is_none() && self.byline.is_empty()
    }
}

impl Composer<'_> {
    /// Adds the lines under the title of the report, or of the text that it issues, whose keys are in the object at
    /// `pointer`. What follows them keeps the distance that it would have from the title.
    pub(super) fn below_title(&mut self, lines: BelowTitle, pointer: &str) {
        if lines.is_empty() {
            return;
        }
        let first = self.blocks.len();
        if let Some(text) = lines.subtitle {
            self.line_below(Role::Subtitle, text, &child(pointer, "subtitle"));
        }
        if let Some(text) = lines.number {
            self.line_below(Role::DocumentNumber, text, "/metadata/document_number");
        }
        if let Some(text) = lines.note {
            let is_bracketed = text.trim().starts_with(['（', '(', '〔', '[']);
            let text = if is_bracketed { text.to_owned() } else { format!("（{}）", text.trim()) };
            self.line_below(Role::TitleNote, &text, &child(pointer, "title_note"));
        }
        for (at, text) in lines.byline.iter().enumerate() {
            self.line_below(Role::Byline, text, &child(&child(pointer, "byline"), at));
        }
        self.after_title = self.blocks.len() > first;
    }

    fn line_below(&mut self, role: Role, text: &str, pointer: &str) {
        let text = self.clean(text, pointer);
        if text.is_empty() {
            let message = message!("标题下的这一行是空的", "this line under the title is empty");
            return self.error(rule::REPORT_EMPTY, pointer, message, None);
        }
        let line = self.title_of_lines(role, vec![text]);
        self.block(pointer, BlockKind::Title(line));
    }

    /// Gives the block at `index`, which is the first under the lines below a title, its distance from them: 空一行.
    pub(super) fn part_from_title(&mut self, index: usize) {
        if !std::mem::take(&mut self.after_title) || index == 0 {
            return;
        }
        let styles = styles::styles(self.layout);
        let leading = |role: Role| (styles.get(role).line_pitch - styles.get(role).size) / 2;
        let above = match &self.blocks[index - 1].kind {
            BlockKind::Title(line) => line.role,
            _ => Role::Body,
        };
        if let Some(block) = self.blocks.get_mut(index)
            && block.position == Position::Flow
        {
            let gap = Length::mm(LINE_MM) - leading(above) - leading(Role::Body);
            block.position = Position::Gap(gap.max(Length::ZERO));
        }
    }
}
