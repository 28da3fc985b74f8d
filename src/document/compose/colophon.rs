//! 版记: GB/T 9704—2012, 7.4. It is at the foot of the last page.

use super::Composer;
use super::styles;
use crate::date::Date;
use crate::document::{BlockKind, Indent, Paragraph, Position, RuledLine, Sides};
use crate::geom::Length;
use crate::style::{Colour, Role};

impl Composer<'_> {
    /// The colophon, if the report has one.
    pub(super) fn colophon(&mut self) {
        let report = self.report;
        let Some(colophon) = &report.colophon else { return };
        let mut parts = Vec::new();
        if !colophon.copies_to.is_empty() {
            let pointer = "/colophon/copies_to";
            let names: Vec<String> =
                colophon.copies_to.iter().map(|name| self.clean(name, pointer)).collect();
            let text = format!("抄送：{}。", names.join("，"));
            // 回行时与冒号后的首字对齐.
            let styles = styles::styles(self.layout);
            let style = styles.get(Role::Colophon);
            let label = (style.size + style.character_spacing) * 3;
            let indent = Some(Indent { left: style.indent_left + label, first: -label });
            let paragraph = Paragraph { indent, ..Paragraph::plain(Role::Colophon, text) };
            parts.push((pointer, BlockKind::Paragraph(paragraph)));
        }
        if colophon.printed_by.is_some() || colophon.printed_on.is_some() {
            let pointer = "/colophon/printed_by";
            let body = self.clean(colophon.printed_by.as_deref().unwrap_or_default(), pointer);
            let date = colophon.printed_on.as_deref().and_then(|text| self.printed_on(text));
            let left = self.run(Role::Colophon, body, pointer);
            let right = self.run(Role::Colophon, date.unwrap_or_default(), "/colophon/printed_on");
            parts
                .push((pointer, BlockKind::Sides(Sides { role: Role::Colophon, left, right, apart: false })));
        }
        let spec = &self.layout.colophon;
        let (outer, inner) = (spec.outer_rule, spec.inner_rule);
        let last = parts.len();
        for (at, (pointer, kind)) in parts.into_iter().enumerate() {
            self.black_rule(if at == 0 { outer } else { inner });
            self.block_at(Position::Foot, pointer, kind);
            if at + 1 == last {
                self.black_rule(outer);
            }
        }
    }

    fn printed_on(&mut self, text: &str) -> Option<String> {
        let date = Date::parse(text);
        if date.is_none() {
            self.bad_date(text, "/colophon/printed_on");
        }
        date.map(|date| format!("{}印发", date.chinese()))
    }

    fn black_rule(&mut self, thickness: Length) {
        if thickness <= Length::ZERO {
            return;
        }
        let width = styles::page(self.layout).type_width();
        let lines = vec![(Length::ZERO, thickness)];
        let kind = BlockKind::Rule(RuledLine { width, colour: Colour::BLACK, lines });
        self.block_at(Position::Foot, "/colophon", kind);
    }
}
