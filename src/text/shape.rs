//! Shaping: text of one face becomes clusters, each an unbreakable piece of text with its glyphs.
//!
//! A cluster is nearly always one character and one glyph, but do not rely on that: `——` is one cluster, and
//! one glyph two ems wide in the Noto fonts or two glyphs in the others. Widths are in millionths of an em,
//! since font units differ.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use crate::font::{
    Digits, Features, Font, FontId, Fonts, is_combining, is_ideograph, is_latin, is_mark, normalise_pua,
};
use crate::pages::GlyphText;
use crate::style::Face;

/// A cluster: text that is drawn together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Bytes of the text that was shaped. The clusters cover it without gaps.
    pub text: Range<usize>,
    /// The font of all the glyphs.
    pub font: FontId,
    /// From left to right. Never empty.
    pub glyphs: SmallVec<[Glyph; 2]>,
    /// To the origin of the next cluster, in millionths of an em.
    pub advance: i32,
}

/// A glyph of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// Glyph index in the cluster's font; 0 where no font has the character.
    pub id: u16,
    /// From the cluster's origin, in millionths of an em.
    pub x: i32,
    /// From the baseline up, in millionths of an em: a mark on a capital.
    pub y: i32,
}

impl Cluster {
    /// The text of each glyph, for copying from the page; `text` is what was shaped.
    ///
    /// With as many glyphs as characters each glyph has its character; otherwise the first glyph has them
    /// all.
    pub fn glyph_texts<'a>(&self, text: &'a str) -> impl Iterator<Item = GlyphText> + use<'a> {
        let text = &text[self.text.clone()];
        let mut characters = text.chars();
        let each = text.chars().count() == self.glyphs.len();
        (0..self.glyphs.len()).map(move |index| match (each, index) {
            (true, _) => characters.next().map_or(GlyphText::None, GlyphText::Char),
            (false, 0) => GlyphText::Chars(text.into()),
            (false, _) => GlyphText::None,
        })
    }
}

/// Shapes `text`, which has no line breaks, in `face`.
pub fn shape(fonts: &Fonts, face: Face, digits: Digits, text: &str) -> Vec<Cluster> {
    let mut clusters = Vec::with_capacity(text.len() / 2);
    let mut remembered = Remembered::default();
    let mut pending: Option<Run> = None;
    let mut previous = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let mut end = at + character.len_utf8();
        while let Some((next, mark)) = rest.next_if(|&(_, next)| is_mark(next)) {
            end = next + mark.len_utf8();
        }
        let next = rest.peek().map(|&(_, next)| next);
        let unit = Unit { text: &text[at..end], at, character, previous, next };
        previous = Some(character);
        let (font, features, glyph) = unit.font(fonts, face, digits);
        if pending.as_ref().is_some_and(|run| (run.font, run.features) != (font, features)) {
            pending.take().into_iter().for_each(|run| run.shape(fonts, &mut clusters, &mut remembered));
        }
        if unit.is_plain(features) {
            pending.take().into_iter().for_each(|run| run.shape(fonts, &mut clusters, &mut remembered));
            clusters.push(unit.plain(fonts.font(font), font, glyph));
        } else {
            let run = pending.get_or_insert_with(|| Run { font, features, text: SmallVec::new(), end });
            unit.push(fonts.font(font), run);
        }
    }
    pending.into_iter().for_each(|run| run.shape(fonts, &mut clusters, &mut remembered));
    join_dashes(text, clusters)
}

/// A character with the marks that belong to it.
struct Unit<'a> {
    text: &'a str,
    at: usize,
    character: char,
    previous: Option<char>,
    next: Option<char>,
}

impl Unit<'_> {
    /// The font that draws it, how, and by which glyph before any shaping. The first of the face's fonts where none has it.
    fn font(&self, fonts: &Fonts, face: Face, digits: Digits) -> (FontId, Features, u16) {
        if self.is_plain(Features::Han) {
            let (font, glyph) = fonts.resolve_with(face, digits, self.character).unwrap_or((FontId::SONG, 0));
            return (font, Features::Han, glyph);
        }
        let latin = is_latin(self.character) || self.is_apostrophe() || self.character.is_control();
        let character = if self.is_apostrophe() { '\'' } else { self.character };
        let character = if character.is_control() { ' ' } else { character };
        let whole = self.text.contains(is_combining).then(|| fonts.resolve_cluster(face, digits, self.text));
        let (font, glyph) = match whole.flatten() {
            Some(font) => (Some(font), 0),
            None => fonts
                .resolve_with(face, digits, character)
                .map_or((None, 0), |(font, glyph)| (Some(font), glyph)),
        };
        let features = match digits {
            Digits::HalfWidthSong if font == Some(FontId::SONG) && character.is_ascii() => {
                Features::HanHalfWidth
            }
            Digits::Latin | Digits::HalfWidthSong if latin => Features::Latin,
            Digits::Latin | Digits::HalfWidthSong => Features::Han,
        };
        (font.unwrap_or(FontId::SONG), features, glyph)
    }

    /// Whether this `’` is the apostrophe of a Western word, not a quotation mark.
    fn is_apostrophe(&self) -> bool {
        let letter = |character: Option<char>| character.is_some_and(|c| is_latin(c) && c.is_alphabetic());
        self.character == '’' && letter(self.previous) && letter(self.next)
    }

    /// Whether it joins two Han names, as in 买买提·阿不都.
    fn is_between_han(&self) -> bool {
        self.previous.is_some_and(is_ideograph) && self.next.is_some_and(is_ideograph)
    }

    /// Whether shaping would give just the glyph and the advance that the font has for the character.
    fn is_plain(&self, features: Features) -> bool {
        let alone = self.text.len() == self.character.len_utf8();
        alone
            && match features {
                Features::Han => is_ideograph(self.character),
                Features::Latin => matches!(self.character, ' '..='~'),
                Features::HanHalfWidth => false,
            }
    }

    /// The cluster of a plain character.
    fn plain(&self, font: &Font, id: FontId, glyph: u16) -> Cluster {
        let advance = millionths(i32::from(font.advance(glyph)), font);
        let text = self.at..self.at + self.text.len();
        Cluster { text, font: id, glyphs: smallvec![Glyph { id: glyph, x: 0, y: 0 }], advance }
    }

    /// Adds the characters to a run, as the font wants them.
    fn push(&self, font: &Font, run: &mut Run) {
        let cluster = self.at as u32;
        for character in self.text.chars() {
            let character = match character {
                '·' if self.is_between_han() && font.glyph(WIDE_DOT).is_some() => WIDE_DOT,
                _ if character.is_control() => ' ',
                _ => normalise_pua(character).unwrap_or(character),
            };
            run.text.push((character, cluster));
        }
        let quote = matches!(self.character, '“' | '”' | '‘' | '’') && run.features == Features::Han;
        if quote
            && self.text.len() == self.character.len_utf8()
            && font.variant(self.character, FULL_WIDTH).is_some()
        {
            run.text.push((FULL_WIDTH, cluster));
        }
        run.end = self.at + self.text.len();
    }
}

/// Drawn for `·` between Han: the same dot, in the middle of an em.
const WIDE_DOT: char = '・';

/// Asks for the quotation marks that are an em wide: Unicode, StandardizedVariants.
const FULL_WIDTH: char = '\u{fe01}';

/// Characters that are shaped together: one font, one script.
struct Run {
    font: FontId,
    features: Features,
    /// Each with the byte that its cluster begins at.
    text: SmallVec<[(char, u32); 4]>,
    end: usize,
}

/// Runs of one mark that were shaped before in this text, and the index of their cluster. A mark alone in its
/// run is drawn the same each time, and most runs of Chinese prose are one of a few marks.
type Remembered = SmallVec<[(Mark, usize); 8]>;

/// The most marks that are remembered.
const MAX_REMEMBERED: usize = 32;

/// A character that is a whole run, with what selects its glyph: font, features, variation selector.
type Mark = (FontId, Features, char, Option<char>);

impl Run {
    /// Shapes the run and adds its clusters.
    fn shape(self, fonts: &Fonts, clusters: &mut Vec<Cluster>, remembered: &mut Remembered) {
        let mark = self.mark();
        if let Some((_, at)) = mark.and_then(|mark| remembered.iter().find(|(other, _)| *other == mark)) {
            clusters.push(Cluster { text: self.text[0].1 as usize..self.end, ..clusters[*at].clone() });
            return;
        }
        let font = fonts.font(self.font);
        let first = clusters.len();
        for glyph in font.shape(&self.text, self.features) {
            let start = glyph.cluster as usize;
            let advance = millionths(glyph.advance, font);
            let x = millionths(glyph.offset, font);
            let y = millionths(glyph.lift, font);
            match clusters[first..].last_mut() {
                Some(last) if last.text.start == start => {
                    last.glyphs.push(Glyph { id: glyph.glyph, x: last.advance + x, y });
                    last.advance += advance;
                }
                Some(_) | None => {
                    let glyphs = smallvec![Glyph { id: glyph.glyph, x, y }];
                    clusters.push(Cluster { text: start..start, font: self.font, glyphs, advance });
                }
            }
        }
        let Some(&(_, start)) = self.text.first() else { return };
        let text = start as usize..self.end;
        if clusters.len() == first {
            // Nothing is drawn, but the text must be kept: a space without width.
            let glyphs = smallvec![Glyph { id: font.glyph(' ').unwrap_or(0), x: 0, y: 0 }];
            clusters.push(Cluster { text, font: self.font, glyphs, advance: 0 });
        } else {
            cover(&mut clusters[first..], text);
        }
        // The list is bounded: in a text of always different marks the search must not grow.
        if let Some(mark) = mark.filter(|_| remembered.len() < MAX_REMEMBERED) {
            remembered.push((mark, first));
        }
    }

    /// The mark, if the run consists of one alone; such a run makes one cluster.
    fn mark(&self) -> Option<Mark> {
        match self.text[..] {
            [(mark, _)] => Some((self.font, self.features, mark, None)),
            [(mark, one), (form, other)] if one == other => {
                Some((self.font, self.features, mark, Some(form)))
            }
            _ => None,
        }
    }
}

/// Extends the clusters of a run over all of its text: characters that draw nothing belong to the cluster
/// before them.
fn cover(clusters: &mut [Cluster], text: Range<usize>) {
    let mut end = text.end;
    for cluster in clusters.iter_mut().rev() {
        cluster.text.end = end;
        end = cluster.text.start;
    }
    if let Some(first) = clusters.first_mut() {
        first.text.start = text.start;
    }
}

/// Makes a pair of dashes one cluster also where the font draws two glyphs: 破折号 is one mark, never broken.
fn join_dashes(text: &str, clusters: Vec<Cluster>) -> Vec<Cluster> {
    const DASH: &str = "—";
    if !text.contains("——") {
        return clusters;
    }
    let mut joined: Vec<Cluster> = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        match joined.last_mut() {
            Some(last)
                if &text[last.text.clone()] == DASH
                    && &text[cluster.text.clone()] == DASH
                    && last.font == cluster.font =>
            {
                let x = last.advance;
                last.glyphs.extend(cluster.glyphs.iter().map(|glyph| Glyph { x: x + glyph.x, ..*glyph }));
                last.advance += cluster.advance;
                last.text.end = cluster.text.end;
            }
            Some(_) | None => joined.push(cluster),
        }
    }
    joined
}

/// Font units as millionths of an em, rounded to the nearest.
fn millionths(units: i32, font: &Font) -> i32 {
    let em = i64::from(font.units_per_em());
    let scaled = i64::from(units) * 1_000_000;
    ((scaled + if scaled < 0 { -em / 2 } else { em / 2 }) / em) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const EM: i32 = 1_000_000;

    /// Shapes and checks that the clusters cover the text.
    fn check(face: Face, text: &str) -> Vec<Cluster> {
        let clusters = shape(&Fonts::embedded(), face, Digits::Latin, text);
        let mut end = 0;
        for cluster in &clusters {
            assert_eq!(cluster.text.start, end, "{text}");
            assert!(!cluster.glyphs.is_empty(), "{text}");
            end = cluster.text.end;
        }
        assert_eq!(end, text.len(), "{text}");
        clusters
    }

    fn advances(face: Face, text: &str) -> Vec<i32> {
        check(face, text).iter().map(|cluster| cluster.advance).collect()
    }

    #[test]
    fn plain_han_is_what_shaping_would_give() {
        let fonts = Fonts::embedded();
        let text: Vec<char> =
            include_str!("../../fonts/data/tgscc8105.txt").chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(text.len(), 8105);
        for id in [FontId::FANGSONG, FontId::KAI, FontId::HEI, FontId::XIAOBIAOSONG, FontId::SONG] {
            let font = fonts.font(id);
            let run: Vec<_> = text.iter().copied().filter(|&c| font.glyph(c).is_some()).zip(0..).collect();
            let shaped = font.shape(&run, Features::Han);
            assert_eq!(shaped.len(), run.len());
            for (&(character, cluster), shaped) in run.iter().zip(shaped) {
                let glyph = font.glyph(character).unwrap();
                let expected = (glyph, cluster, i32::from(font.advance(glyph)), 0);
                assert_eq!(
                    (shaped.glyph, shaped.cluster, shaped.advance, shaped.offset),
                    expected,
                    "{character}"
                );
                assert_eq!(font.advance(glyph), font.units_per_em(), "{id:?} {character}");
            }
        }
    }

    #[test]
    fn plain_latin_is_what_shaping_would_give() {
        let fonts = Fonts::embedded();
        for id in [FontId::LATIN, FontId::LATIN_BOLD] {
            let font = fonts.font(id);
            let pairs = (' '..='~').flat_map(|first| (' '..='~').flat_map(move |second| [first, second]));
            let run: Vec<_> = pairs.zip(0..).collect();
            for (&(character, cluster), shaped) in run.iter().zip(font.shape(&run, Features::Latin)) {
                let glyph = font.glyph(character).unwrap();
                let expected = (glyph, cluster, i32::from(font.advance(glyph)), 0);
                assert_eq!(
                    (shaped.glyph, shaped.cluster, shaped.advance, shaped.offset),
                    expected,
                    "{character}"
                );
            }
        }
    }

    #[test]
    fn dash_is_one_cluster_of_two_ems() {
        for face in Face::ALL {
            let clusters = check(face, "公——开");
            assert_eq!(clusters.len(), 3, "{face:?}");
            assert_eq!(clusters[1].advance, 2 * EM, "{face:?}");
            assert_eq!(check(face, "————").len(), 2, "{face:?}");
        }
        assert_eq!(check(Face::Songti, "——")[0].glyphs.len(), 1);
        assert_eq!(advances(Face::Fangsong, "GB/T 9704—2012").iter().max(), Some(&EM));
    }

    #[test]
    fn chinese_punctuation_is_an_em_wide() {
        for face in Face::ALL {
            for mark in "，。、：；？！“”‘’（）《》〈〉〔〕【】…—．".chars() {
                assert_eq!(advances(face, &mark.to_string()), [EM], "{face:?} {mark}");
            }
            assert_eq!(advances(face, "“主动”、‘公开’……").iter().sum::<i32>(), 11 * EM, "{face:?}");
        }
    }

    #[test]
    fn symbols_of_gb2312_are_an_em_wide() {
        for face in Face::ALL {
            for mark in "×÷±∑∏√≈≠≤≥→①⑽㈠Ⅰ※○●☆★＋％℃㎡￥".chars() {
                assert_eq!(advances(face, &mark.to_string()), [EM], "{face:?} {mark}");
            }
        }
    }

    #[test]
    fn middle_dot_is_centred_between_han() {
        for face in Face::ALL {
            assert_eq!(advances(face, "买买提·阿不都"), [EM; 7], "{face:?}");
        }
        assert!(advances(Face::Fangsong, "a·b")[1] < EM);
    }

    #[test]
    fn digits_are_half_an_em() {
        for face in [Face::Fangsong, Face::Kaiti, Face::Songti] {
            assert_eq!(advances(face, "2023"), [EM / 2; 4], "{face:?}");
        }
        let fonts = Fonts::embedded();
        let clusters = shape(&fonts, Face::Songti, Digits::HalfWidthSong, "— 12 —");
        let advances: Vec<_> = clusters.iter().map(|cluster| cluster.advance).collect();
        assert_eq!(advances, [EM, EM / 2, EM / 2, EM / 2, EM / 2, EM]);
        assert!(clusters.iter().all(|cluster| cluster.font == FontId::SONG));
    }

    #[test]
    fn latin_has_no_kerning_and_no_ligatures() {
        let word = advances(Face::Fangsong, "AVoffice");
        let letters: Vec<_> =
            "AVoffice".chars().flat_map(|c| advances(Face::Fangsong, &c.to_string())).collect();
        assert_eq!(word, letters);
    }

    #[test]
    fn apostrophe_of_a_western_word_is_western() {
        let clusters = check(Face::Fangsong, "China’s‘公’");
        assert_eq!(clusters[5].font, FontId::LATIN);
        assert_eq!(clusters[7].font, FontId::FANGSONG);
        assert_eq!(clusters[7].advance, EM);
    }

    #[test]
    fn marks_stay_with_their_character() {
        assert_eq!(check(Face::Fangsong, "葛\u{e0100}公").len(), 2);
        assert_eq!(check(Face::Fangsong, "“\u{fe01}公”").len(), 3);
        assert_eq!(check(Face::Fangsong, "e\u{301}x").len(), 2);
        assert_eq!(check(Face::Fangsong, "\u{fe01}").len(), 1);
    }

    #[test]
    fn nothing_drawn_is_still_text() {
        let nothing = check(Face::Fangsong, "公\u{200b}开").swap_remove(1);
        assert_eq!(nothing.advance, 0);
        assert_ne!(nothing.glyphs[0].id, 0);
        assert_eq!(check(Face::Fangsong, "公\u{200b}开\u{feff}").len(), 3 + 1);
        assert_eq!(check(Face::Fangsong, "").len(), 0);
        assert_eq!(check(Face::Fangsong, "a\tb")[1].advance, EM / 4);
    }

    #[test]
    fn unknown_character_is_notdef_and_no_panic() {
        let clusters = check(Face::Fangsong, "公😀开\u{10ffff}\u{e000}");
        assert_eq!(clusters[1].glyphs[0].id, 0);
        assert_ne!(clusters[2].glyphs[0].id, 0);
    }

    #[test]
    fn glyphs_have_their_text() {
        let check = |face, text: &str| -> Vec<GlyphText> {
            check(face, text)
                .iter()
                .flat_map(|cluster| cluster.glyph_texts(text).collect::<Vec<_>>())
                .collect()
        };
        assert_eq!(check(Face::Songti, "公——"), [GlyphText::Char('公'), GlyphText::Chars("——".into())]);
        assert_eq!(check(Face::Fangsong, "——"), [GlyphText::Char('—'), GlyphText::Char('—')]);
    }
}
