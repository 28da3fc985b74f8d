//! Font chains: which fonts are tried for a character of a face, in which order.
//!
//! Every exception here is for a glyph that is wrong in the font of the face, not for one that is missing.
//! Zhuque's （ ） look like 〔 〕, which means something else in a 公文; its digits are old-style.

use crate::style::Face;

use super::{FontId, Purpose};

/// Which digits and other ASCII characters are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Digits {
    /// Those of the Latin font.
    #[default]
    Latin,
    /// 半角 of 宋体, half an em each, as in page numbers: GB/T 9704—2012, 7.5.
    HalfWidthSong,
}

/// Drawn wrongly by Zhuque Fangsong, or narrower than the em that a symbol of GB 2312 has.
const NOT_FROM_FANGSONG: &str = "（）×÷±∑∏√∫≈≠≤≥∞―";
/// The one ideograph of these.
const IDEOGRAPH_NOT_FROM_FANGSONG: char = '饻';
/// Narrower than an em in the 楷体.
const NOT_FROM_KAI: &str = "×÷±∑∏√";

/// The fonts that may draw `character` in `face`, best first.
pub(super) fn chain(face: Face, digits: Digits, character: char) -> &'static [FontId] {
    use FontId as F;
    if is_latin(character) {
        return match (digits, face) {
            (Digits::HalfWidthSong, _) if character.is_ascii() => &[F::SONG],
            // Letters and digits of titles and headings are as heavy as their line.
            (_, Face::Heiti) => &[F::HEI, F::LATIN, F::SONG, F::KAI, F::FANGSONG],
            (_, Face::Xiaobiaosong) => &[F::XIAOBIAOSONG, F::LATIN, F::SONG, F::KAI, F::FANGSONG],
            (_, Face::Fangsong | Face::Kaiti | Face::Songti) => &[F::LATIN, F::SONG, F::KAI, F::FANGSONG],
        };
    }
    // Arrows, triangles and the like of one text are of one size.
    if matches!(face, Face::Fangsong | Face::Kaiti) && is_shape(character) {
        return &[F::SONG, F::KAI, F::FANGSONG, F::LATIN];
    }
    match face {
        Face::Fangsong if character == IDEOGRAPH_NOT_FROM_FANGSONG => &[F::SONG, F::KAI, F::FANGSONG],
        Face::Fangsong if is_ideograph(character) => &[F::FANGSONG, F::KAI, F::SONG],
        Face::Fangsong if NOT_FROM_FANGSONG.contains(character) => &[F::SONG, F::KAI, F::FANGSONG],
        Face::Fangsong => &[F::FANGSONG, F::SONG, F::KAI, F::LATIN],
        Face::Kaiti if !is_ideograph(character) && NOT_FROM_KAI.contains(character) => &[F::SONG, F::KAI],
        Face::Kaiti => &[F::KAI, F::SONG, F::FANGSONG, F::LATIN],
        Face::Heiti => &[F::HEI, F::SONG, F::FANGSONG, F::KAI, F::LATIN],
        Face::Xiaobiaosong => &[F::XIAOBIAOSONG, F::SONG, F::FANGSONG, F::KAI, F::LATIN],
        Face::Songti => &[F::SONG, F::FANGSONG, F::KAI, F::LATIN],
    }
}

/// The purpose that a font of the user's must have to draw `character` in `face`, and how wide it must draw it.
pub(super) fn wanted(face: Face, digits: Digits, character: char) -> (Purpose, Width) {
    match digits {
        Digits::HalfWidthSong if character.is_ascii() => (Purpose::Face(Face::Songti), Width::HalfEm),
        Digits::HalfWidthSong | Digits::Latin if is_latin(character) => match face {
            Face::Heiti | Face::Xiaobiaosong => (Purpose::Face(face), Width::Any),
            Face::Fangsong | Face::Kaiti | Face::Songti => (Purpose::Latin, Width::Any),
        },
        Digits::HalfWidthSong | Digits::Latin => (Purpose::Face(face), Width::Em),
    }
}

/// The width that a user's font must have for a character; otherwise the shipped font draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// 全角: Han and its punctuation. Some fonts draw “ ” a third of an em wide.
    Em,
    /// 半角.
    HalfEm,
    /// As the font draws it.
    Any,
}

/// The shipped fonts for a mark that the user's font of `face` lacks, best first. The marks of the shipped 仿宋
/// and 楷体 have a style of their own; those of 宋体 match every font.
pub(super) fn behind_user(face: Face, digits: Digits, character: char) -> &'static [FontId] {
    match face {
        Face::Fangsong | Face::Kaiti if !is_ideograph(character) => chain(Face::Songti, digits, character),
        Face::Fangsong | Face::Kaiti | Face::Heiti | Face::Xiaobiaosong | Face::Songti => {
            chain(face, digits, character)
        }
    }
}

/// Whether this is a letter, a digit or a mark of the scripts that are written with Western fonts. Quotes, dashes,
/// `…`, `·`, `×`, `°` and the like are not: in a Chinese document they are Chinese.
pub(crate) fn is_latin(character: char) -> bool {
    // Han, of which texts are made, is behind all of them.
    if character > '€' {
        return false;
    }
    matches!(
        character,
        ' '..='~'
            | '\u{a0}'
            | '\u{a1}'
            | '£'
            | '¥'
            | '©'
            | '®'
            | '²'
            | '³'
            | '¹'
            | 'ª'
            | 'º'
            | 'µ'
            | '¿'
            | '–'
            | '€'
    ) || matches!(character, '\u{c0}'..='\u{24f}' if character != '×' && character != '÷')
        || matches!(character, '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' | '\u{2070}'..='\u{209c}')
}

/// Whether this is an arrow or a geometric shape.
fn is_shape(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{25ff}')
}

/// Whether this is a Han character that no font substitutes or joins: one character, one glyph, one em.
pub(crate) fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Whether this is Han of the first blocks, which nearly all characters of a text are: a quick answer to most questions.
fn is_common_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}')
}

/// Whether this belongs to the character before it: a combining mark or a variation selector.
pub(crate) fn is_mark(character: char) -> bool {
    !is_common_han(character) && (is_combining(character) || is_variation_selector(character))
}

/// Whether this is drawn together with the character before it.
pub(crate) fn is_combining(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302d}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether no font may draw this: private codes mean another character in every font, U+FFFC and U+FFFD are no
/// characters, and some scripts need more than this program does, such as lines from right to left, or letters whose
/// form and place depend on their neighbours.
pub(crate) fn is_refused(character: char) -> bool {
    !is_common_han(character)
        && matches!(character,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fff0}'..='\u{ffff}'
        | '\u{590}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1700}'..='\u{18af}' | '\u{1a00}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1c4f}' | '\u{a800}'..='\u{a82f}' | '\u{a840}'..='\u{aaff}' | '\u{abc0}'..='\u{abff}'
        | '\u{d7b0}'..='\u{d7ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{11fff}' | '\u{16f00}'..='\u{16f9f}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether this draws nothing of its own.
pub(super) fn is_invisible(character: char) -> bool {
    is_variation_selector(character)
        || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
        || character.is_control()
}

/// Whether this chooses a form of the character before it.
fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}
