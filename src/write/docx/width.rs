//! Estimates of line widths, for the few positions that Word needs in twips.
//!
//! Used when there are no fonts: Han and full-width characters count as an em, all others as half of one. A
//! caller that has the fonts sets its own function in `Settings::measure`.

use crate::document::{Style, TextRules};
use crate::geom::Length;

/// The width of `text` set in `style` on one line.
pub fn estimate_width(text: &str, style: &Style, rules: &TextRules) -> Length {
    let gap = style.size.scale(rules.han_latin_gap as f64 / 1000.0);
    let mut width = Length::ZERO;
    let mut before: Option<Kind> = None;
    for c in text.chars() {
        let kind = kind(c);
        width += match kind {
            Kind::Han | Kind::Wide => style.size,
            Kind::Latin | Kind::Space => style.size / 2,
        } + style.character_spacing;
        if matches!((before, kind), (Some(Kind::Han), Kind::Latin) | (Some(Kind::Latin), Kind::Han)) {
            width += gap;
        }
        before = Some(kind);
    }
    width
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Takes a gap beside Latin.
    Han,
    /// Full width, without a gap: punctuation.
    Wide,
    /// Letters and digits.
    Latin,
    /// Half width, without a gap.
    Space,
}

fn kind(c: char) -> Kind {
    match c {
        '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' => Kind::Han,
        '\u{20000}'..='\u{3FFFD}' => Kind::Han,
        '·' | '—' | '…' | '‘' | '’' | '“' | '”' | '\u{3000}'..='\u{33FF}' | '\u{FF01}'..='\u{FF60}' => {
            Kind::Wide
        }
        c if c.is_alphanumeric() => Kind::Latin,
        _ => Kind::Space,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Align, Colour, Face};

    fn width(text: &str, han_latin_gap: i64) -> f64 {
        let style = Style {
            face: Face::Fangsong,
            size: Length::pt(16.0),
            colour: Colour::BLACK,
            align: Align::Left,
            indent_left: Length::ZERO,
            indent_right: Length::ZERO,
            indent_first: Length::ZERO,
            line_pitch: Length::pt(29.6),
            character_spacing: Length::twips(-5),
            space_before: Length::ZERO,
            space_after: Length::ZERO,
            keep_with_next: false,
        };
        estimate_width(
            text,
            &style,
            &TextRules { han_latin_gap, compress_punctuation: false, ..TextRules::default() },
        )
        .to_pt()
    }

    #[test]
    fn width_of_han_is_an_em_with_its_spacing() {
        assert_eq!(width("人民政府", 250), 4.0 * 15.75);
        assert_eq!(width("（办）", 250), 3.0 * 15.75);
    }

    #[test]
    fn width_of_a_date_has_five_gaps() {
        assert_eq!(width("2024年1月31日", 250), 3.0 * 15.75 + 7.0 * 7.75 + 5.0 * 4.0);
        assert_eq!(width("2024年1月31日", 0), 3.0 * 15.75 + 7.0 * 7.75);
    }
}
