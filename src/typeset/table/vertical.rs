//! Vertical text: one character under the other, punctuation in its vertical form.
//!
//! The forms are characters of their own (Unicode, CJK Compatibility Forms); what copies out is what was typed.

use crate::pages::{GlyphText, Item};

/// Typed, and drawn in vertical text.
const FORMS: [(char, char); 16] = [
    ('（', '︵'),
    ('）', '︶'),
    ('｛', '︷'),
    ('｝', '︸'),
    ('〔', '︹'),
    ('〕', '︺'),
    ('【', '︻'),
    ('】', '︼'),
    ('《', '︽'),
    ('》', '︾'),
    ('〈', '︿'),
    ('〉', '﹀'),
    ('「', '﹁'),
    ('」', '﹂'),
    ('『', '﹃'),
    ('』', '﹄'),
];

/// The character that is drawn.
pub(super) fn form(character: char) -> char {
    FORMS.iter().find(|(typed, _)| *typed == character).map_or(character, |(_, drawn)| *drawn)
}

/// Gives the glyphs the characters back that were typed.
pub(super) fn restore(items: &mut [Item]) {
    for item in items {
        let Item::Text(run) = item else { continue };
        for glyph in &mut run.glyphs {
            if let GlyphText::Char(drawn) = &mut glyph.text
                && let Some((typed, _)) = FORMS.iter().find(|(_, form)| form == drawn)
            {
                *drawn = *typed;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vertical_brackets_open_downwards() {
        assert_eq!("金额（万元）".chars().map(form).collect::<String>(), "金额︵万元︶");
    }
}
