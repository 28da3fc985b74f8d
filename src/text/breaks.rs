//! Break opportunities by script, and the script of a character.

use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;

use super::class::{Class, is_dash_alone, is_pulled_in};
use crate::font::is_ideograph;

/// For each byte within the text, whether the scripts allow a line to end there: where UAX #14 allows it, and
/// beside every Chinese character. The prohibition lists are applied elsewhere.
pub(super) fn break_opportunities(text: &str) -> Vec<bool> {
    opportunities(text, &runs_of_latin(text))
}

/// The same, where UAX #14 is asked for these runs.
fn opportunities(text: &str, runs: &[Range<usize>]) -> Vec<bool> {
    let mut breaks = vec![false; text.len() + 1];
    for run in runs {
        let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
        let within = segmenter.segment_str(&text[run.clone()]).filter(|at| (1..run.len()).contains(at));
        within.for_each(|at| breaks[run.start + at] = true);
    }
    let mut joined = Joined::default();
    let mut script = Script::default();
    let mut before = Before::default();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let class = Class::of(character);
        let latin = script.next(character, class);
        if let Some(previous) = before.character {
            // UAX #14 keeps quotation marks with both their neighbours, since it cannot distinguish opening
            // from closing ones. In Chinese they differ, and the lists of `class` say which neighbour each
            // belongs to.
            let chinese = !(latin && before.latin);
            if chinese && class != Class::Space && before.class != Class::Space {
                breaks[at] = true;
            }
            if character.is_ascii_digit() {
                // 0851-82514600 and gov.cn/2023: a line may end after the hyphen or stroke, though UAX #14 forbids it
                // before a digit; not in 2023/2024.
                let stroke = previous == '/' && !before.that.is_some_and(|c| c.is_ascii_digit());
                if at > 1 && (stroke || previous == '-') {
                    breaks[at] = true;
                }
                // ±0.5 and ≥95% are one number each: UAX #14, LB25. So is -0.5%, but 0851-8251 are two.
                let sign = |sign: char| matches!(sign, '-' | '－' | '−' | '＋');
                let begins = !before
                    .that
                    .is_some_and(|that| that.is_ascii_alphanumeric() || that.is_ascii_punctuation());
                if is_sign_of_numbers(previous) || sign(previous) && begins {
                    breaks[at] = false;
                }
            }
            // 1∶500 is one number, and a dash between the ends of a range begins no line.
            let next = characters.peek().map(|(_, next)| next);
            if character == '∶' && previous.is_ascii_digit() || is_dash_alone(previous, character, next) {
                breaks[at] = false;
            }
            if joined.are(&before, previous, character, class) {
                breaks[at] = false;
            }
        }
        before = Before { that: before.character, character: Some(character), class, latin };
    }
    breaks
}

/// Where UAX #14 is asked: runs without ideographs, with the ideographs beside them. Between other characters a line may
/// end anyway. An ideograph leaves no context to what follows it, so that a run is broken as in the whole text.
fn runs_of_latin(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let (mut start, mut asked) = (0, true);
    for (at, character) in text.char_indices() {
        if is_ideograph(character) {
            let end = at + character.len_utf8();
            if asked && start < at {
                runs.push(start..end);
            }
            (start, asked) = (at, false);
        } else {
            asked |= matches!(Class::of(character), Class::Latin | Class::Space);
        }
    }
    let is_number = |run: &str| run.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if asked && !is_number(&text[start..]) {
        runs.push(start..text.len());
    }
    runs
}

/// The characters before a character.
struct Before {
    character: Option<char>,
    class: Class,
    /// The character before that one.
    that: Option<char>,
    /// Whether the character counts as Latin.
    latin: bool,
}

impl Default for Before {
    fn default() -> Self {
        Before { character: None, class: Class::Space, that: None, latin: false }
    }
}

/// The script of a text, character by character, as LibreOffice assigns it: marks without a script take that
/// of the character before them, and Latin at the start of a paragraph.
pub(super) struct Script {
    /// Whether the last character was Latin.
    pub latin: bool,
}

impl Default for Script {
    fn default() -> Self {
        Script { latin: true }
    }
}

impl Script {
    /// Whether this character, the next one, is Latin.
    pub fn next(&mut self, character: char, class: Class) -> bool {
        let neutral = matches!(character, ' ' | '\u{a0}' | '“' | '”' | '‘' | '’' | '●' | '○' | '…' | '—');
        if !neutral && !is_circled(character) {
            self.latin = class == Class::Latin;
        }
        self.latin
    }
}

fn is_sign_of_numbers(character: char) -> bool {
    !is_ideograph(character) && "±≥≤≠≈＜＞≯≮∶№￥¥＄€£".contains(character)
}

/// ① to ⓿, which LibreOffice treats as letters beside letters or digits.
fn is_circled(character: char) -> bool {
    matches!(character, '\u{2460}'..='\u{24ff}')
}

/// Letters and digits that are kept together across Chinese marks between them, as LibreOffice does.
#[derive(Default)]
struct Joined {
    /// Characters of the numbers and stops that are joined so far.
    length: usize,
}

/// Longer lists of numbers may be broken after their stops: kept together they would leave half a line empty.
const LONGEST_LIST: usize = 16;

impl Joined {
    /// Whether no line may end between `mark` and `after`: after a closing bracket or quotation mark,
    /// 〔2021〕30号 or ”GDP; after a stop between numbers, 12、13; beside circled numbers.
    fn are(&mut self, before: &Before, mark: char, after: char, after_class: Class) -> bool {
        let is_latin = |c: char| Class::of(c) == Class::Latin;
        self.length = if before.class == Class::Latin || is_pulled_in(mark) { self.length + 1 } else { 0 };
        if after_class != Class::Latin {
            return before.latin && (is_sign_of_numbers(after) || is_circled(after));
        }
        if is_pulled_in(mark) {
            return before.that.is_some_and(is_latin) && self.length <= LONGEST_LIST;
        }
        before.class == Class::Closing || is_circled(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_break_as_they_do_in_the_whole_text() {
        let letters: Vec<char> =
            "公开，。、（“”—…《 aB1９.-/%$@①㎡\u{301}\u{fe00}\u{200d}é☆・".chars().collect();
        // A generator of numbers, the same in every run.
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        for _ in 0..20_000 {
            let length = next() % 12;
            let text: String = (0..length).map(|_| letters[next() % letters.len()]).collect();
            let inner = |breaks: Vec<bool>| breaks[1.min(text.len())..text.len()].to_vec();
            let whole: Vec<_> = std::iter::once(0..text.len()).collect();
            assert_eq!(inner(break_opportunities(&text)), inner(opportunities(&text, &whole)), "{text:?}");
        }
    }
}
