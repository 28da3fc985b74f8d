//! 目录: an entry that is longer than its line is broken before the room for its page number. The lines are broken here,
//! because LibreOffice prints no number behind a tab stop that is beyond an indent at the right.

use super::metrics::Metrics;
use crate::document::{BlockKind, Document};
use crate::font::Fonts;
use crate::geom::Length;
use crate::style::Role;
use crate::text::line::pieces;

/// The room at the right for the leader and the number, in characters.
const NUMBER_ROOM: i64 = 3;

/// Breaks every entry that has no room on its line.
pub(super) fn break_entries(document: &mut Document, fonts: &Fonts) {
    let width = document.page.type_width();
    let mut metrics = Metrics::new(fonts, document.text.han_latin_gap);
    for block in &mut document.blocks[..document.front] {
        let BlockKind::Contents(contents) = &mut block.kind else { continue };
        for entry in &mut contents.entries {
            let style = document.styles.get(Role::contents(entry.level));
            let room = width - style.indent_left - style.size * NUMBER_ROOM;
            // The first line begins in the hanging indent.
            let rooms = [room - style.indent_first, room];
            let measure = |text: &str| metrics.width(text, style, style.size);
            entry.lines = lines(&entry.lines.concat(), rooms, measure);
        }
    }
}

/// The text by lines, of which the first and the others have this much room.
fn lines(text: &str, [first, room]: [Length; 2], mut width: impl FnMut(&str) -> Length) -> Vec<String> {
    let mut lines = vec![String::new()];
    for range in pieces(text) {
        let piece = &text[range];
        // A word that is wider than a line is broken anywhere.
        let parts = if width(piece) <= room { vec![piece] } else { piece.split("").collect() };
        for part in parts {
            let at = lines.len() - 1;
            let own = if at == 0 { first } else { room };
            if lines[at].is_empty() || width(&format!("{}{part}", lines[at])) <= own {
                lines[at].push_str(part);
            } else {
                lines.push(part.trim_start().to_owned());
            }
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::geom::Length;

    #[test]
    fn entries_are_broken_between_words() {
        let broken = |text: &str| {
            lines(text, [Length::pt(6.0), Length::pt(4.0)], |text| Length::pt(text.chars().count() as f64))
        };
        assert_eq!(broken("第一章总则"), ["第一章总则"]);
        assert_eq!(broken("第一章　总则和说明"), ["第一章　总则", "和说明"]);
        assert_eq!(broken("甲乙丙丁戊 abcdefghi"), ["甲乙丙丁戊", "abcd", "efgh", "i"]);
    }
}
