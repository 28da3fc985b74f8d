//! The lines under a title: 副标题, 发文字号, 题注, 报告人 and date.

use super::Composer;
use super::styles;
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

impl<'a> Composer<'a> {
    /// The lines under the report's own title. Those that have no place are reported.
    pub(super) fn below_the_title(&mut self) -> BelowTitle<'a> {
        let report = self.report;
        let number = report.metadata.document_number.as_deref();
        if report.number_below_title == Some(true) && (number.is_none() || report.letterhead.is_some()) {
            let text = match number {
                None => message!(
                    "没有可以印的文号（metadata.document_number）",
                    "there is no number (metadata.document_number)"
                ),
                Some(_) => message!("文号已经印在版头里", "the number is in the letterhead already"),
            };
            self.error(rule::REPORT_BELOW_TITLE, "/number_below_title", text, None);
        }
        let below = BelowTitle {
            subtitle: report.subtitle.as_deref(),
            number: number.filter(|_| report.number_below_title == Some(true) && report.letterhead.is_none()),
            note: report.title_note.as_deref(),
            byline: &report.byline,
        };
        if !self.layout.print_title {
            let keys = [
                ("subtitle", below.subtitle.is_some()),
                ("number_below_title", below.number.is_some()),
                ("title_note", below.note.is_some()),
                ("byline", !below.byline.is_empty()),
            ];
            for (key, _) in keys.into_iter().filter(|(_, is_given)| *is_given) {
                let text = message!(
                    "这个版式不印标题，标题下的行没有可放的地方",
                    "this layout prints no title, so that a line under it has no place"
                );
                self.error(rule::REPORT_BELOW_TITLE, &child("", key), text, None);
            }
        }
        below
    }

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
            let is_bracketed = text.trim().is_empty() || text.trim().starts_with(['（', '(', '〔', '[']);
            let text = if is_bracketed { text.to_owned() } else { format!("（{}）", text.trim()) };
            self.line_below(Role::TitleNote, &text, &child(pointer, "title_note"));
        }
        for (at, text) in lines.byline.iter().enumerate() {
            self.line_below(Role::Byline, text, &child(&child(pointer, "byline"), at));
        }
        self.after_title = self.blocks.len() > first;
    }

    pub(super) fn line_below(&mut self, role: Role, text: &str, pointer: &str) {
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
        let above = match &self.blocks[index - 1].kind {
            BlockKind::Title(line) => line.role,
            _ => Role::Body,
        };
        if let Some(block) = self.blocks.get_mut(index)
            && block.position == Position::Flow
        {
            let gap = styles::clear(&styles::styles(self.layout), above, Role::Body, 1.0);
            block.position = Position::Gap(gap.max(Length::ZERO));
        }
    }
}
