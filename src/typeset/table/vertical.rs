//! Vertical text: characters under one another, punctuation in its vertical form.
//!
//! The vertical forms are separate characters (Unicode, CJK Compatibility Forms); the text for copying is
//! that which was typed.

use crate::pages::{GlyphText, Item};

/// Characters as typed, and their vertical forms.
const FORMS: [(char, char); 24] = [
    ('，', '︐'),
    ('、', '︑'),
    ('。', '︒'),
    ('：', '︓'),
    ('；', '︔'),
    ('！', '︕'),
    ('？', '︖'),
    ('—', '︱'),
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

/// Sets the text of the glyphs to the characters that were typed.
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
