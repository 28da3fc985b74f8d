//! Rules of line breaking: the values that the typesetter follows and that are written into the Word file.
//!
//! They are defined once, here and in the layout, so that both files break alike.

/// 避头: these may not begin a line (GB/T 15834—2011, 5.1.10; `w:noLineBreaksBefore`).
pub const NOT_AT_START: &str =
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠";

/// 避尾: these may not end a line (`w:noLineBreaksAfter`). Word's own list has · too, of which GB/T 15834—2011 says
/// only that it does not begin a line.
pub const NOT_AT_END: &str = "$([{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥";

/// The rules of line breaking, the same in both writers.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRules {
    /// The gap between Han and Latin or digits, in thousandths of an em (`w:autoSpaceDE`, `w:autoSpaceDN`).
    pub han_latin_gap: i64,
    /// Whether a stop that does not fit is pulled in by compressing the punctuation of its line, and whether
    /// adjacent marks share their blank (`w:characterSpacingControl`).
    pub compress_punctuation: bool,
    /// How much of the blank of an opening mark is taken where it begins a paragraph, in thousandths of an em.
    pub paragraph_start_trim: i64,
    /// Whether a paragraph never leaves a single line on a page (`w:widowControl`).
    pub widow_control: bool,
    /// Whether a number stays on the line of its unit. Word cannot.
    pub keep_number_with_unit: bool,
}

impl Default for TextRules {
    fn default() -> Self {
        TextRules {
            han_latin_gap: 200,
            compress_punctuation: true,
            paragraph_start_trim: 0,
            widow_control: false,
            keep_number_with_unit: false,
        }
    }
}
