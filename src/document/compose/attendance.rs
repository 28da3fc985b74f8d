//! 出席、请假、列席 of minutes.

use super::{Composer, styles};
use crate::diagnostic::{child, rule};
use crate::document::{ATTENDANCE, Block, BlockKind, Indent, NAME_GAP, Paragraph, Position, Run};
use crate::geom::Length;
use crate::message;
use crate::style::Role;

impl Composer<'_> {
    /// 出席、请假、列席: GB/T 9704—2012, 10.3. 空一行 below the text, a paragraph each.
    pub(super) fn attendance(&mut self) {
        let report = self.report;
        let Some(attendance) = &report.attendance else { return };
        let names = [&attendance.present, &attendance.excused, &attendance.observers];
        let lists = ATTENDANCE.into_iter().zip(names).filter(|(_, names)| !names.is_empty());
        let styles = styles::styles(self.layout);
        let style = styles.get(Role::Attendance);
        let clear = Length::mm(styles::LINE_MM) - self.leading_above(&styles) - style.leading();
        // 回行 begins below the first name.
        let label = (style.size + style.character_spacing) * 3;
        let indent = Indent { left: style.indent_first + style.indent_left + label, first: -label };
        let mut position = Position::Gap(clear);
        for ((key, label), names) in lists {
            let pointer = child("/attendance", key);
            let names: Vec<String> =
                names.iter().enumerate().map(|(at, name)| self.clean(name, &child(&pointer, at))).collect();
            if names.iter().any(String::is_empty) {
                let text = message!("名字是空的", "a name is empty");
                self.error(rule::REPORT_EMPTY, &pointer, text, None);
            }
            let block = self.node(&pointer);
            let id = Some(self.node(&pointer));
            let runs = vec![
                Run { id, role: Role::Heading1, text: label.to_owned() },
                Run { id: None, role: Role::Attendance, text: names.join(&NAME_GAP.to_string()) },
            ];
            let paragraph = Paragraph { role: Role::Attendance, runs, heading: None, indent: Some(indent) };
            self.blocks.push(Block { position, ..Block::new(block, BlockKind::Paragraph(paragraph)) });
            position = Position::Flow;
        }
    }
}
