//! The fonts: those in the binary and those of the user's, found by face and character.
//!
//! A face of the standard is not a font: 仿宋 text is drawn with three or four fonts, chosen for each character
//! ([`Fonts::resolve`]). Never ask the font of a face for a character; ask [`Fonts`]. A font of the user's
//! has precedence over the shipped ones of its face, which remain as fallbacks: 仿宋_GB2312 has only 6,763
//! characters.

mod chain;
mod file;
#[cfg(test)]
pub(crate) mod fixture;
mod licenses;
mod official;
mod others;
mod pua;
mod search;
mod subset;
mod user;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rust_embed::RustEmbed;

use crate::style::Face;

pub use chain::Digits;
use chain::Width;
pub(crate) use chain::{is_combining, is_ideograph, is_latin, is_mark, is_refused};
pub(crate) use file::Features;
pub use file::Font;
pub use licenses::licenses;
pub use official::{FoundFont, Purpose, candidates};
use others::{Lookup, Others};
pub use pua::normalise_pua;
pub use search::FontFolderError;
pub(crate) use subset::subset;
pub use user::{FontRefusal, UserFont};

/// The id of a font of a [`Fonts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u16);

impl FontId {
    /// Latin and digits: Liberation Serif.
    pub const LATIN: FontId = FontId(0);
    /// Bold Latin and digits: Liberation Serif Bold.
    #[cfg(test)]
    pub const LATIN_BOLD: FontId = FontId(1);
    /// 仿宋: Zhuque Fangsong.
    pub const FANGSONG: FontId = FontId(2);
    /// 楷体: GwKaiGB.
    pub const KAI: FontId = FontId(3);
    /// 黑体: Noto Sans SC Medium.
    pub const HEI: FontId = FontId(4);
    /// 小标宋: Noto Serif SC SemiBold.
    pub const XIAOBIAOSONG: FontId = FontId(5);
    /// 宋体, and the fallback of all: Noto Serif SC.
    pub const SONG: FontId = FontId(6);
}

/// The shipped fonts, by `FontId`; each is parsed when it is first asked for, and only once.
static SHIPPED: [Shipped; 7] = [
    Shipped::new("LiberationSerif-Regular.ttf"),
    Shipped::new("LiberationSerif-Bold.ttf"),
    Shipped::new("ZhuqueFangsong-Regular.ttf"),
    Shipped::new("GwKaiGB-Regular.P1.ttf"),
    Shipped::new("NotoSansSC-Medium.P1.ttf"),
    Shipped::new("NotoSerifSC-SemiBold.P1.ttf"),
    Shipped::new("NotoSerifSC-Regular.ttf"),
];

/// A font in the binary.
struct Shipped {
    file: &'static str,
    font: OnceLock<Font>,
}

impl Shipped {
    const fn new(file: &'static str) -> Shipped {
        Shipped { file, font: OnceLock::new() }
    }

    fn font(&self) -> &Font {
        self.font.get_or_init(|| {
            let embedded = Embedded::get(self.file).expect("SHIPPED names files of the folder");
            let hash = embedded.metadata.sha256_hash();
            Font::parse(embedded.data, hash).expect("the tests parse every shipped font")
        })
    }
}

/// The folder `fonts/`, with the licences that must accompany the fonts.
#[derive(RustEmbed)]
#[folder = "fonts/"]
struct Embedded;

/// A set of fonts: the shipped ones, any of the user's before them, and others of the user's behind them. Cloning it
/// copies pointers.
#[derive(Clone)]
pub struct Fonts {
    user: Arc<[UserFont]>,
    others: Arc<Others>,
    /// The user's font of each purpose, by [`Purpose::index`].
    first: [Option<FontId>; Purpose::ALL.len()],
}

/// Where a font is from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// The binary.
    Shipped {
        /// The file that it was made of.
        file: &'static str,
        /// Its licence.
        license: &'static str,
    },
    /// The user.
    User(&'a UserFont),
}

impl Fonts {
    /// The fonts in the binary.
    pub fn embedded() -> Fonts {
        Fonts::with_user_fonts(Vec::new())
    }

    /// The user's fonts, of which the first of each purpose is used, with the fonts in the binary as
    /// fallbacks.
    pub(crate) fn with_user_fonts(user: Vec<UserFont>) -> Fonts {
        Fonts::with_all(user, Others::default())
    }

    /// The same with other fonts for what all of these lack.
    fn with_all(mut user: Vec<UserFont>, others: Others) -> Fonts {
        let mut first = [None; Purpose::ALL.len()];
        user.retain(|font| {
            let new = first[font.purpose().index()].is_none();
            first[font.purpose().index()] = Some(FontId::LATIN);
            new
        });
        for (font, id) in user.iter().zip(SHIPPED.len() as u16..) {
            first[font.purpose().index()] = Some(FontId(id));
        }
        Fonts { user: user.into(), others: others.into(), first }
    }

    /// The same with all files in memory, for a program that opens none later.
    pub fn read_all(self) -> Fonts {
        let others = self.others.read_all().into();
        Fonts { others, ..self }
    }

    /// The font of this id.
    ///
    /// # Panics
    /// If `id` was not given by this set.
    pub(crate) fn font(&self, id: FontId) -> &Font {
        let at = usize::from(id.0);
        match SHIPPED.get(at) {
            Some(shipped) => shipped.font(),
            None => self.own(at - SHIPPED.len()).font(),
        }
    }

    /// The source of the font of this id.
    ///
    /// # Panics
    /// If `id` was not given by this set.
    pub(crate) fn source(&self, id: FontId) -> Source<'_> {
        let at = usize::from(id.0);
        match SHIPPED.get(at) {
            Some(shipped) => Source::Shipped { file: shipped.file, license: licenses::LICENSE },
            None => Source::User(self.own(at - SHIPPED.len())),
        }
    }

    /// The font of the user's at this place, counted over both lists.
    fn own(&self, at: usize) -> &UserFont {
        let other = || self.others.font(at - self.user.len());
        self.user.get(at).or_else(other).expect("the id was given by this set")
    }

    /// The fonts of this set that have a purpose, in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = FontId> + use<> {
        (0..(SHIPPED.len() + self.user.len()) as u16).map(FontId)
    }

    /// The files of the other fonts, in order.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Path> {
        self.others.paths()
    }

    /// The font that is asked first for the characters of a purpose.
    pub(crate) fn first(&self, purpose: Purpose) -> FontId {
        self.first[purpose.index()].unwrap_or_else(|| purpose.shipped())
    }

    /// The font and the glyph that draw `character` in `face`, before any shaping; `None` where no font has it.
    pub(crate) fn resolve(&self, face: Face, character: char) -> Option<(FontId, u16)> {
        self.resolve_with(face, Digits::Latin, character)
    }

    /// Like [`Fonts::resolve`], with a choice of digits.
    pub(crate) fn resolve_with(&self, face: Face, digits: Digits, character: char) -> Option<(FontId, u16)> {
        let character = normalise_pua(character).unwrap_or(character);
        if chain::is_refused(character) {
            return None;
        }
        self.best(face, digits, character).or_else(|| self.last(character))
    }

    /// The font of another face of the user's, or another font, for what those of the face lack.
    fn last(&self, character: char) -> Option<(FontId, u16)> {
        let drawn = |id: FontId| Some((id, self.font(id).glyph(character).filter(|glyph| *glyph != 0)?));
        let user = self.ids().skip(SHIPPED.len()).find_map(drawn);
        user.or_else(|| match self.others.find(character) {
            Lookup::Drawn(at) => drawn(FontId((SHIPPED.len() + self.user.len() + at) as u16)),
            Lookup::Refused(..) | Lookup::Missing => None,
        })
    }

    /// The font that has a character no other has, and why it cannot be used.
    pub(crate) fn refused(&self, character: char) -> Option<(&str, FontRefusal)> {
        match self.others.find(character) {
            Lookup::Refused(at, refusal) => Some((self.others.name(at), refusal)),
            Lookup::Drawn(_) | Lookup::Missing => None,
        }
    }

    /// The font that draws a character with the marks that follow it, all of them; `None` where no font can. The font
    /// of the character is asked first.
    pub(crate) fn resolve_cluster(&self, face: Face, digits: Digits, cluster: &str) -> Option<FontId> {
        let base = cluster.chars().next()?;
        let (own, _) = self.resolve_with(face, digits, base)?;
        let chain = chain::chain(face, digits, base).iter().copied();
        let others = self.ids();
        let last = cluster.chars().filter_map(|character| self.last(character)).map(|(id, _)| id);
        std::iter::once(own).chain(chain).chain(others).chain(last).find(|id| self.font(*id).draws(cluster))
    }

    /// The font and the glyph among those of a face.
    fn best(&self, face: Face, digits: Digits, character: char) -> Option<(FontId, u16)> {
        let shipped =
            |chain: &[FontId]| chain.iter().find_map(|&id| Some((id, self.font(id).glyph(character)?)));
        let (purpose, width) = chain::wanted(face, digits, character);
        let Some(user) = self.first[purpose.index()] else {
            return shipped(chain::chain(face, digits, character));
        };
        let font = self.font(user);
        let own = font.glyph(character).filter(|glyph| *glyph != 0);
        let suits = |glyph: &u16| match width {
            Width::Em => is_ideograph(character) || font.is_em_wide(*glyph),
            Width::HalfEm => font.advance(*glyph) * 2 == font.units_per_em(),
            Width::Any => true,
        };
        own.filter(suits)
            .map(|glyph| (user, glyph))
            .or_else(|| shipped(chain::behind_user(face, digits, character)))
            .or_else(|| own.map(|glyph| (user, glyph)))
    }

    /// Whether `character` can be shown in `face`. Combining marks and variation selectors always can.
    pub(crate) fn covers(&self, face: Face, character: char) -> bool {
        chain::is_invisible(character) || self.resolve(face, character).is_some()
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shipped = SHIPPED.iter().map(|font| font.file);
        f.debug_list().entries(shipped.chain(self.user.iter().map(UserFont::path))).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn font_of(face: Face, character: char) -> FontId {
        Fonts::embedded().resolve(face, character).unwrap_or_else(|| panic!("{face:?} lacks {character}")).0
    }

    #[test]
    fn shipped_fonts_parse_and_are_not_copied() {
        let fonts = Fonts::embedded();
        for (id, file) in fonts.ids().zip(SHIPPED.iter().map(|font| font.file)) {
            let stem = file.split('.').next().unwrap();
            let name = fonts.font(id).postscript_name();
            assert!(stem == name || stem == format!("{name}-Regular"), "{stem} {name}");
            assert!(matches!(Embedded::get(file).unwrap().data, Cow::Borrowed(_)), "{file}");
        }
    }

    #[test]
    fn shipped_fonts_are_those_of_the_readme() {
        use sha2::{Digest, Sha256};
        let fonts = Fonts::embedded();
        let readme = include_str!("../../fonts/README.md");
        for (id, file) in fonts.ids().zip(SHIPPED.iter().map(|font| font.file)) {
            let font = fonts.font(id);
            assert_eq!(font.sha256()[..], Sha256::digest(font.data())[..], "{file}");
            let hex: String = font.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(readme.contains(&hex), "{file} {hex}");
        }
    }

    #[test]
    fn face_draws_its_own_han() {
        assert_eq!(font_of(Face::Fangsong, '公'), FontId::FANGSONG);
        assert_eq!(font_of(Face::Kaiti, '公'), FontId::KAI);
        assert_eq!(font_of(Face::Heiti, '公'), FontId::HEI);
        assert_eq!(font_of(Face::Xiaobiaosong, '公'), FontId::XIAOBIAOSONG);
        assert_eq!(font_of(Face::Songti, '公'), FontId::SONG);
    }

    #[test]
    fn latin_of_text_is_from_a_latin_font_and_that_of_titles_and_headings_from_their_own() {
        for face in Face::ALL {
            let wanted = match face {
                Face::Heiti => FontId::HEI,
                Face::Xiaobiaosong => FontId::XIAOBIAOSONG,
                Face::Fangsong | Face::Kaiti | Face::Songti => FontId::LATIN,
            };
            for character in (' '..='~').chain("éüā".chars()) {
                assert_eq!(font_of(face, character), wanted, "{face:?} {character}");
            }
        }
    }

    #[test]
    fn fangsong_overrides_use_song() {
        for character in "（）×±→①⑳㈠Ⅰ㎡※○●＋０".chars() {
            assert_eq!(font_of(Face::Fangsong, character), FontId::SONG, "{character}");
        }
        assert_ne!(font_of(Face::Fangsong, '饻'), FontId::FANGSONG);
        assert_eq!(font_of(Face::Fangsong, '〔'), FontId::FANGSONG);
    }

    #[test]
    fn rare_characters_are_covered_by_every_face() {
        for face in Face::ALL {
            for character in "䶮𬭚㛃𠅤镕堃喆媖㼆頔龑“”‘’—…·〔〕〇￥\u{fe01}\u{3000}".chars()
            {
                assert!(Fonts::embedded().covers(face, character), "{face:?} {character}");
            }
            assert!(!Fonts::embedded().covers(face, '😀'));
            assert!(!Fonts::embedded().covers(face, '\u{e000}'));
        }
    }

    #[test]
    fn general_standard_characters_are_covered_by_every_face() {
        let fonts = Fonts::embedded();
        for character in include_str!("../../fonts/data/tgscc8105.txt").chars().filter(|c| !c.is_whitespace())
        {
            for face in Face::ALL {
                assert!(fonts.covers(face, character), "{face:?} {character}");
            }
        }
    }

    #[test]
    fn private_use_is_drawn_as_the_standard_character() {
        let fonts = Fonts::embedded();
        assert_eq!(fonts.resolve(Face::Songti, '\u{e863}'), fonts.resolve(Face::Songti, '䶮'));
    }

    #[test]
    fn fonts_are_shared_between_threads() {
        fn check<T: Send + Sync + Clone>() {}
        check::<Fonts>();
    }

    const BODY: Purpose = Purpose::Face(Face::Fangsong);

    fn user(purpose: Purpose, data: Vec<u8>) -> Fonts {
        Fonts::with_user_fonts(vec![UserFont::new(purpose, "仿宋", "x.ttf", data, 0).expect("is taken")])
    }

    #[test]
    fn user_font_goes_first_and_the_shipped_ones_stay_behind_it() {
        let fonts = user(BODY, fixture::han());
        let mine = fonts.first(BODY);
        let drawn = |character| fonts.resolve(Face::Fangsong, character).map(|(id, _)| id);
        for character in "公饻（）〔，”".chars() {
            assert_eq!(drawn(character), Some(mine), "{character}");
        }
        assert_eq!(fonts.font(mine).glyph('㼆'), None);
        assert_eq!(drawn('㼆'), Fonts::embedded().resolve(Face::Fangsong, '㼆').map(|(id, _)| id));
        assert_eq!(drawn('1'), Some(FontId::LATIN));
        assert_eq!(drawn('a'), Some(FontId::LATIN));
        assert_eq!(fonts.resolve(Face::Kaiti, '公').map(|(id, _)| id), Some(FontId::KAI));
        assert_eq!(fonts.first(Purpose::Latin), FontId::LATIN);
        assert_eq!(drawn('😀'), None);
    }

    #[test]
    fn narrow_marks_of_a_user_font_come_from_song() {
        // The shipped 仿宋 has “ a third of an em wide.
        let fonts = user(BODY, fixture::shipped("ZhuqueFangsong-Regular.ttf"));
        for mark in "“”‘’×".chars() {
            assert_eq!(fonts.resolve(Face::Fangsong, mark).map(|(id, _)| id), Some(FontId::SONG), "{mark}");
        }
        assert_eq!(fonts.resolve(Face::Fangsong, '，').map(|(id, _)| id), Some(fonts.first(BODY)));
    }

    #[test]
    fn latin_user_font_draws_latin_alone() {
        let fonts = user(Purpose::Latin, fixture::latin());
        let mine = Some(fonts.first(Purpose::Latin));
        for face in [Face::Fangsong, Face::Kaiti, Face::Songti] {
            for character in "0Az é".chars() {
                assert_eq!(fonts.resolve(face, character).map(|(id, _)| id), mine, "{face:?} {character}");
            }
            assert_ne!(fonts.resolve(face, '—').map(|(id, _)| id), mine, "{face:?}");
        }
        let number = fonts.resolve_with(Face::Songti, Digits::HalfWidthSong, '1');
        assert_eq!(number.map(|(id, _)| id), Some(FontId::SONG));
    }

    #[test]
    fn user_fonts_of_other_units_and_of_collections_are_the_same_to_the_page() {
        use crate::text::shape::{Cluster, shape};
        let text = "公文（2023）〔1〕“样”——完……";
        let expected = shape(&user(BODY, fixture::han()), Face::Fangsong, Digits::Latin, text);
        for units in [256, 2048, 4096] {
            let fonts = user(BODY, fixture::with_units_per_em(&fixture::han(), units));
            assert_eq!(fonts.font(fonts.first(BODY)).units_per_em(), units);
            let shaped = shape(&fonts, Face::Fangsong, Digits::Latin, text);
            let advances = |clusters: &[Cluster]| -> Vec<i32> {
                clusters.iter().map(|cluster| cluster.advance).collect()
            };
            assert_eq!(advances(&shaped), advances(&expected), "{units}");
        }
        let file = fixture::collection(&[fixture::latin(), fixture::han()]);
        let font = UserFont::new(BODY, "仿宋", "x.ttc", file, 1).expect("is taken");
        assert_eq!(font.font().postscript_name(), "NotoSansSC-Medium");
        assert_eq!(shape(&Fonts::with_user_fonts(vec![font]), Face::Fangsong, Digits::Latin, text), expected);
    }

    #[test]
    fn a_cluster_takes_the_font_that_draws_all_of_it() {
        let fonts = Fonts::embedded();
        let drawn = |face, cluster: &str| fonts.resolve_cluster(face, Digits::Latin, cluster);
        assert_eq!(drawn(Face::Fangsong, "e\u{301}"), Some(FontId::LATIN));
        assert_eq!(drawn(Face::Fangsong, "X\u{30c}"), Some(FontId::LATIN));
        // Only the Noto fonts have か゚ as one glyph.
        assert_eq!(drawn(Face::Fangsong, "か\u{309a}"), Some(FontId::SONG));
        assert_eq!(drawn(Face::Heiti, "か\u{309a}"), Some(FontId::HEI));
        // They have the mark too, but no place for it on a Han character.
        for cluster in ["甲\u{300}", "か\u{300}", "か\u{30c}", "甲\u{20dd}", "1\u{20e3}"] {
            assert_eq!(drawn(Face::Fangsong, cluster), None, "{cluster}");
        }
    }

    #[test]
    fn first_font_of_a_purpose_counts() {
        let font = || UserFont::new(BODY, "仿宋", "x.ttf", fixture::han(), 0).expect("is taken");
        let latin = UserFont::new(Purpose::Latin, "x", "x.ttf", fixture::latin(), 0).expect("is taken");
        let fonts = Fonts::with_user_fonts(vec![font(), font(), latin]);
        assert_eq!(fonts.ids().count(), SHIPPED.len() + 2);
        assert_eq!(fonts.first(BODY), FontId(SHIPPED.len() as u16));
        assert!(matches!(fonts.source(fonts.first(Purpose::Latin)), Source::User(_)));
        assert!(matches!(fonts.source(FontId::SONG), Source::Shipped { .. }));
    }
}
