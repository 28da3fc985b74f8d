//! Character classes of Chinese line breaking: what may not begin a line, what may not end one, and where the
//! blank half of a punctuation mark is.
//!
//! The two lists belong to the document, since the Word file names them too: both files must break lines
//! alike.

use crate::document::{NOT_AT_END, NOT_AT_START};
use crate::font::is_ideograph;

/// The class of a character in line breaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Han, kana, full-width letters and other characters of one em.
    Han,
    /// （《“ and the like: the left half is blank.
    Opening,
    /// 。，）》” and the like: the right half is blank.
    Closing,
    /// ·—… : blank on both sides or on none.
    Middle,
    /// Letters, digits and symbols of the Latin fonts.
    Latin,
    /// A space.
    Space,
}

impl Class {
    /// The class of a character.
    pub fn of(character: char) -> Class {
        match character {
            // Nearly all characters are one of these.
            '\u{4e00}'..='\u{9fff}' => Class::Han,
            '!'..='~' => Class::Latin,
            ' ' | '\u{3000}' | '\u{a0}' => Class::Space,
            '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '〝' | '“' | '‘' | '［' | '｛' => {
                Class::Opening
            }
            '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '〞' | '”' | '’' | '］' | '｝' | '。'
            | '，' | '、' | '；' | '：' | '．' | '！' | '？' => Class::Closing,
            '—' | '…' | '·' | '～' | '‖' | '－' | '―' => Class::Middle,
            _ if crate::font::is_latin(character) => Class::Latin,
            _ => Class::Han,
        }
    }

    /// Whether a gap on either side may be stretched to justify a line.
    pub fn stretches(self) -> bool {
        match self {
            Class::Han | Class::Opening | Class::Closing | Class::Middle | Class::Space => true,
            Class::Latin => false,
        }
    }
}

/// Whether a mark that does not fit is pulled into its line by compressing punctuation. Only stops are,
/// because LibreOffice lets only these hang; brackets and quotes move to the next line with their neighbour.
pub fn is_pulled_in(character: char) -> bool {
    matches!(character, '。' | '，' | '、' | '；' | '：' | '？' | '！' | '．')
}

/// Whether this is a unit that a number stays on one line with, where the layout asks for that.
pub fn is_unit(character: char) -> bool {
    "年月日时分秒件条个项次人户家名份元万亿％‰℃%".contains(character)
}

/// Whether the lists of the standard allow a line to end between these two characters.
pub fn may_part(before: char, after: char) -> bool {
    let pair = (before, after);
    if matches!(pair, ('—', '—') | ('…', '…')) {
        return false;
    }
    // Most characters are ideographs, of which neither list has any.
    let is_in = |list: &str, character| !is_ideograph(character) && list.contains(character);
    !is_in(NOT_AT_START, after) && !is_in(NOT_AT_END, before)
}

/// Whether a character is a dash by itself, as between the ends of a range (连接号, GB/T 15834—2011): that begins no line,
/// while ——, two of them, may.
pub fn is_dash_alone(before: char, character: char, after: Option<&char>) -> bool {
    matches!(character, '—' | '–') && before != character && after != Some(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_with_what_they_belong_to() {
        for (before, after, may) in [
            ('公', '。', false),
            ('公', '》', false),
            ('《', '公', false),
            ('“', '公', false),
            ('。', '“', true),
            ('—', '—', false),
            ('…', '…', false),
            ('公', '开', true),
            ('年', '〔', true),
            ('〔', '2', false),
            ('1', '%', false),
        ] {
            assert_eq!(may_part(before, after), may, "{before}|{after}");
        }
    }

    #[test]
    fn every_bracket_of_the_lists_has_its_class() {
        for character in "。，、；：！？）》〉」』】〕”’".chars() {
            assert!(NOT_AT_START.contains(character), "{character}");
            assert_eq!(Class::of(character), Class::Closing, "{character}");
        }
        for character in "（《〈「『【〔“‘".chars() {
            assert!(NOT_AT_END.contains(character), "{character}");
            assert_eq!(Class::of(character), Class::Opening, "{character}");
        }
    }
}
