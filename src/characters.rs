//! Characters that are not what they look like: invisible ones, those that turn the direction of a line, and old forms
//! of Han that look like the usual ones.
//!
//! A report is read through [`readable`], so that no check, figure or file name meets such a character; the checks of
//! the source name them, and `fix` removes or replaces them. Which of them a text keeps depends on the characters beside
//! them: a variation selector means something after 葛 and nothing after 1.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::decompose_canonical;

/// A character that does not belong in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// It turns the direction of what follows: different programs show different texts.
    Bidi,
    /// It stands for something that was lost when the text was copied or converted.
    Lost,
    /// It draws nothing.
    Invisible,
    /// It is another form of this Han character.
    Form(char),
}

/// The odd characters of a text, with their bytes.
pub(crate) fn odd(text: &str) -> impl Iterator<Item = (Range<usize>, char, Odd)> + '_ {
    let mut before = None;
    text.char_indices().filter_map(move |(at, character)| {
        let odd = kind(before, character);
        if odd != Some(Odd::Invisible) {
            before = Some(character);
        }
        Some((at..at + character.len_utf8(), character, odd?))
    })
}

/// The text as it is meant: what is invisible or turns the direction taken out, Han in their usual form.
pub(crate) fn readable(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut changed = String::new();
    let mut end = 0;
    for (range, _, odd) in odd(text) {
        let replacement = match odd {
            Odd::Lost => continue,
            Odd::Bidi | Odd::Invisible => None,
            Odd::Form(usual) => Some(usual),
        };
        changed.push_str(&text[end..range.start]);
        changed.extend(replacement);
        end = range.end;
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    changed.push_str(&text[end..]);
    Cow::Owned(changed)
}

/// A text of a foreign file as it is meant, but with what overrides the direction: digits between such characters are shown in
/// another order than they are stored, and are no certain figure.
pub(crate) fn readable_with_overrides(text: &str) -> Cow<'_, str> {
    const OVERRIDES: [char; 2] = ['\u{202d}', '\u{202e}'];
    const END: char = '\u{202c}';
    if !text.contains(OVERRIDES) {
        return readable(text);
    }
    let is_kept = |c: char| OVERRIDES.contains(&c) || c == END;
    let mut kept = String::new();
    for part in text.split_inclusive(is_kept) {
        let end = part.chars().next_back().filter(|c| is_kept(*c));
        kept.push_str(&readable(&part[..part.len() - end.map_or(0, char::len_utf8)]));
        kept.extend(end);
    }
    Cow::Owned(kept)
}

/// Whether a text certainly has none of these characters: nearly all texts, looked through by bytes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let next = |at: usize| bytes.get(at).copied().unwrap_or_default();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        // ASCII, later bytes of a character, and U+4000 to U+9FFF.
        0x00..=0xbf | 0xe4..=0xe9 => true,
        // “ ” — …, but no formatting characters and no radicals.
        0xe2 => match next(at + 1) {
            0x80 => matches!(next(at + 2), 0x90..=0xa7 | 0xb0..=0xbf),
            0x81 | 0xba..=0xbf => false,
            _ => true,
        },
        // 、 。 《 》, but no Hangul filler and no Kangxi radicals.
        0xe3 => next(at + 1) != 0x85,
        // Full-width forms.
        0xef => matches!(next(at + 1), 0xbc | 0xbd),
        _ => false,
    })
}

fn kind(before: Option<char>, character: char) -> Option<Odd> {
    match character {
        // Most characters of a text.
        '\0'..='\u{ac}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff9f}' => None,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Odd::Bidi),
        '\u{fffc}' | '\u{fffd}' => Some(Odd::Lost),
        '\u{2e80}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}' => {
            usual_form(character).map(Odd::Form)
        }
        _ if is_invisible(character) && !is_needed(before, character) => Some(Odd::Invisible),
        _ => None,
    }
}

/// Unicode, Default_Ignorable_Code_Point, without those of [`Odd::Bidi`] and with the anchors of ruby text.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether an invisible character changes how the text before it is written.
fn is_needed(before: Option<char>, character: char) -> bool {
    let Some(before) = before else { return false };
    let is_han =
        matches!(before, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    match character {
        // Forms of Han, and widths of Chinese punctuation: Unicode, StandardizedVariants and the database of ideographs.
        '\u{e0100}'..='\u{e01ef}' => is_han,
        '\u{fe00}'..='\u{fe02}' => {
            is_han || "、。！，．：；？‘’“”".contains(before) || matches!(before, '\u{2200}'..='\u{22ff}')
        }
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1800}'..='\u{18af}'),
        '\u{e0020}'..='\u{e007f}' => matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007f}'),
        '\u{fe0f}' | '\u{200d}' if matches!(before, '\u{fe0f}' | '\u{1f000}'..='\u{1faff}') => true,
        '\u{200c}' | '\u{200d}' => is_joining(before),
        _ => false,
    }
}

/// Whether a character is of a script in which the two joiners choose the forms of letters.
fn is_joining(character: char) -> bool {
    matches!(character,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{a840}'..='\u{a87f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// The usual character for a radical (U+2E80 to U+2FD5) or a compatibility ideograph, if there is one.
fn usual_form(character: char) -> Option<char> {
    let code = character as usize;
    match character {
        '\u{2e80}'..='\u{2ef3}' => RADICALS.chars().nth(code - 0x2e80).filter(|usual| *usual != '　'),
        '\u{2f00}'..='\u{2fd5}' => KANGXI.chars().nth(code - 0x2f00),
        _ => {
            let mut usual = None;
            decompose_canonical(character, |part| usual = Some(part));
            usual.filter(|usual| *usual != character)
        }
    }
}

/// U+2E80 to U+2EF3: Unicode, EquivalentUnifiedIdeograph; 　 where there is none.
const RADICALS: &str = "　厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵　旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻\
    𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼\
    鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

/// U+2F00 to U+2FD5: their compatibility mappings, but 户青黄 as they are written in 通用规范汉字表.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾\
    干幺广廴廾弋弓彐彡彳心戈户手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮\
    皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆\
    里金長門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黄黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// A text without white space: so texts are compared that are broken and spaced otherwise.
pub(crate) fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Its code point and its name in Unicode: `U+200B ZERO WIDTH SPACE`.
pub(crate) fn code_and_name(character: char) -> String {
    let code = u32::from(character);
    let numbered = |name: &str, number: u32| format!("U+{code:04X} {name}-{number}");
    let name = match character {
        '\u{ad}' => "SOFT HYPHEN",
        '\u{34f}' => "COMBINING GRAPHEME JOINER",
        '\u{61c}' => "ARABIC LETTER MARK",
        '\u{115f}' => "HANGUL CHOSEONG FILLER",
        '\u{1160}' => "HANGUL JUNGSEONG FILLER",
        '\u{180b}'..='\u{180d}' => return numbered("MONGOLIAN FREE VARIATION SELECTOR", code - 0x180a),
        '\u{180e}' => "MONGOLIAN VOWEL SEPARATOR",
        '\u{180f}' => "MONGOLIAN FREE VARIATION SELECTOR FOUR",
        '\u{200b}' => "ZERO WIDTH SPACE",
        '\u{200c}' => "ZERO WIDTH NON-JOINER",
        '\u{200d}' => "ZERO WIDTH JOINER",
        '\u{200e}' => "LEFT-TO-RIGHT MARK",
        '\u{200f}' => "RIGHT-TO-LEFT MARK",
        '\u{202a}' => "LEFT-TO-RIGHT EMBEDDING",
        '\u{202b}' => "RIGHT-TO-LEFT EMBEDDING",
        '\u{202c}' => "POP DIRECTIONAL FORMATTING",
        '\u{202d}' => "LEFT-TO-RIGHT OVERRIDE",
        '\u{202e}' => "RIGHT-TO-LEFT OVERRIDE",
        '\u{2060}' => "WORD JOINER",
        '\u{2061}' => "FUNCTION APPLICATION",
        '\u{2062}' => "INVISIBLE TIMES",
        '\u{2063}' => "INVISIBLE SEPARATOR",
        '\u{2064}' => "INVISIBLE PLUS",
        '\u{2066}' => "LEFT-TO-RIGHT ISOLATE",
        '\u{2067}' => "RIGHT-TO-LEFT ISOLATE",
        '\u{2068}' => "FIRST STRONG ISOLATE",
        '\u{2069}' => "POP DIRECTIONAL ISOLATE",
        '\u{3164}' => "HANGUL FILLER",
        '\u{fe00}'..='\u{fe0f}' => return numbered("VARIATION SELECTOR", code - 0xfdff),
        '\u{feff}' => "ZERO WIDTH NO-BREAK SPACE",
        '\u{ffa0}' => "HALFWIDTH HANGUL FILLER",
        '\u{fff9}' => "INTERLINEAR ANNOTATION ANCHOR",
        '\u{fffa}' => "INTERLINEAR ANNOTATION SEPARATOR",
        '\u{fffb}' => "INTERLINEAR ANNOTATION TERMINATOR",
        '\u{fffc}' => "OBJECT REPLACEMENT CHARACTER",
        '\u{fffd}' => "REPLACEMENT CHARACTER",
        '\u{e0001}' => "LANGUAGE TAG",
        '\u{e0020}'..='\u{e007f}' => "TAG CHARACTER",
        '\u{e0100}'..='\u{e01ef}' => return numbered("VARIATION SELECTOR", code - 0xe00ef),
        _ => return format!("U+{code:04X}"),
    };
    format!("U+{code:04X} {name}")
}

/// A raised or lowered digit as a character of its own, so that 10² is not 102.
pub(crate) fn shifted(character: char, face: &str) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match (character.to_digit(10), face) {
        (Some(digit), "superscript") => RAISED[digit as usize],
        (Some(digit), _) => char::from_u32(0x2080 + digit).unwrap_or(character),
        (None, _) => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Odd> {
        odd(text).map(|(_, _, odd)| odd).collect()
    }

    #[test]
    fn plain_texts_have_no_odd_characters() {
        for character in '\0'..=char::MAX {
            let text = format!("公{character}文");
            assert!(!is_plain(&text) || odd(&text).next().is_none(), "U+{:04X}", u32::from(character));
        }
        assert!(is_plain("2023年，“一网通办”——共6项（含《条例》）……"));
    }

    #[test]
    fn invisible_and_turning_characters_are_read_past() {
        for (text, meant) in [
            ("政\u{200b}府", "政府"),
            ("1\u{2060}2\u{feff}", "12"),
            ("甲\u{202e}12\u{202c}", "甲12"),
            ("公\u{ad}开\u{fe0f}\u{e0041}", "公开"),
            ("★\u{fe0f}1\u{e0100}", "★1"),
            ("\u{200d}甲\u{200c}乙", "甲乙"),
            ("⼀、⽂件⻅⻔⽤⼾", "一、文件见门用户"),
            ("樂\u{f914}\u{2f800}", "樂樂丽"),
        ] {
            assert_eq!(readable(text), meant, "{text:?}");
            assert!(matches!(readable(meant), Cow::Borrowed(_)), "{meant}");
        }
    }

    #[test]
    fn what_means_something_stays() {
        for text in [
            "葛\u{e0100}洲坝",
            "“\u{fe01}公”\u{fe01}",
            "می\u{200c}خواهم",
            "👩\u{fe0f}\u{200d}💻",
            "ᠬ\u{180b}",
            "\u{fa0e}\u{fa11}",
            "a\u{301}，\u{fffd}",
        ] {
            assert!(matches!(readable(text), Cow::Borrowed(_)), "{text:?}");
        }
        assert_eq!(kinds("\u{fffc}\u{fffd}"), [Odd::Lost, Odd::Lost]);
    }

    #[test]
    fn radicals_have_each_their_character() {
        assert_eq!((RADICALS.chars().count(), KANGXI.chars().count()), (0x74, 0xd6));
        for code in 0x2f00..=0x2fd5 {
            let radical = char::from_u32(code).expect("a character");
            let Some(Odd::Form(usual)) = kinds(&radical.to_string()).first().copied() else {
                panic!("{code:X}")
            };
            let mut mapped = None;
            unicode_normalization::char::decompose_compatible(radical, |part| mapped = Some(part));
            assert!(mapped == Some(usual) || "户青黄".contains(usual), "{code:X} {usual}");
        }
        assert_eq!(kinds("⺟⻳⺠"), ['母', '龟', '民'].map(Odd::Form));
        assert_eq!(kinds("\u{2e80}\u{2e9a}"), []);
    }

    #[test]
    fn characters_have_their_names() {
        assert_eq!(code_and_name('\u{202e}'), "U+202E RIGHT-TO-LEFT OVERRIDE");
        assert_eq!(code_and_name('\u{fe0f}'), "U+FE0F VARIATION SELECTOR-16");
        assert_eq!(code_and_name('\u{e0100}'), "U+E0100 VARIATION SELECTOR-17");
    }
}
