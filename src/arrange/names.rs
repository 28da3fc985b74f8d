//! The names of those at a meeting, by lines: a name stays on one line (GB/T 9704—2012, 10.3).

use super::metrics::Metrics;
use crate::document::{BlockKind, Document, NAME_GAP};
use crate::font::Fonts;
use crate::geom::Length;
use crate::style::Role;

/// Breaks every list of names between names. A name that is wider than the line is broken as other text is.
pub fn break_names(document: &mut Document, fonts: &Fonts) {
    let style = document.styles.get(Role::Attendance).clone();
    let room = document.page.type_width();
    let mut metrics = Metrics::new(fonts, document.text.han_latin_gap);
    for block in &mut document.blocks {
        if let BlockKind::Paragraph(paragraph) = &mut block.kind
            && paragraph.role == Role::Attendance
            && let Some(names) = paragraph.runs.last_mut()
        {
            // The label stands in the indent.
            let left = paragraph.indent.map_or(Length::ZERO, |indent| indent.left);
            let room = room - left - style.indent_right;
            let mut width = |text: &str| metrics.width(text, &style, style.size);
            let gap = width(NAME_GAP.encode_utf8(&mut [0; 4]));
            let (mut text, mut end) = (String::new(), Length::ZERO);
            for (at, name) in names.text.split(NAME_GAP).enumerate() {
                let own = width(name);
                if at > 0 && end + gap + own > room {
                    text.push('\n');
                    end = own;
                } else {
                    if at > 0 {
                        text.push(NAME_GAP);
                    }
                    end += own + if at > 0 { gap } else { Length::ZERO };
                }
                text.push_str(name);
            }
            names.text = text;
        }
    }
}
