//! The fonts: those in the binary, found by face and character.
//!
//! A face of the standard is not a font: 仿宋 text is drawn with three or four fonts, chosen for each character
//! ([`Fonts::resolve`]). Never ask the font of a face for a character; ask [`Fonts`].

mod chain;
mod file;
mod licenses;
mod pua;

use std::sync::{Arc, LazyLock, OnceLock};

use rust_embed::RustEmbed;

use crate::document::Face;

pub use chain::Digits;
pub(crate) use chain::{is_ideograph, is_latin, is_mark};
pub(crate) use file::Features;
pub use file::{Font, FontError};
pub use licenses::licenses;
pub use pua::normalise_pua;

/// Names a font of a `Fonts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u8);

impl FontId {
    /// Latin and digits: Liberation Serif.
    pub const LATIN: FontId = FontId(0);
    /// Bold Latin and digits: Liberation Serif Bold.
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

/// The shipped fonts, by `FontId`.
const SHIPPED: [&str; 7] = [
    "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "ZhuqueFangsong-Regular.ttf",
    "GwKaiGB-Regular.P1.ttf",
    "NotoSansSC-Medium.P1.ttf",
    "NotoSerifSC-SemiBold.P1.ttf",
    "NotoSerifSC-Regular.ttf",
];

/// The folder `fonts/`, with the licences that must travel with the fonts.
#[derive(RustEmbed)]
#[folder = "fonts/"]
struct Embedded;

/// A set of fonts. Cloning it copies a pointer; a font is parsed when it is first asked for, and only once.
#[derive(Clone)]
pub struct Fonts {
    slots: Arc<[Slot]>,
}

/// A place for a font, filled when it is first asked for.
struct Slot {
    file: &'static str,
    font: OnceLock<Font>,
}

impl Fonts {
    /// The fonts in the binary. Every call gives the same set.
    pub fn embedded() -> Fonts {
        static EMBEDDED: LazyLock<Fonts> = LazyLock::new(|| Fonts {
            slots: SHIPPED.iter().map(|&file| Slot { file, font: OnceLock::new() }).collect(),
        });
        EMBEDDED.clone()
    }

    /// The font of this name.
    ///
    /// # Panics
    /// If `id` was not given by this set.
    pub fn font(&self, id: FontId) -> &Font {
        let slot = &self.slots[usize::from(id.0)];
        slot.font.get_or_init(|| shipped(slot.file))
    }

    /// The fonts of this set, in order.
    pub fn ids(&self) -> impl Iterator<Item = FontId> + use<> {
        (0..self.slots.len() as u8).map(FontId)
    }

    /// The font and the glyph that draw `character` in `face`, before any shaping; `None` where no font has it.
    pub fn resolve(&self, face: Face, character: char) -> Option<(FontId, u16)> {
        self.resolve_with(face, Digits::Latin, character)
    }

    /// Like [`Fonts::resolve`], with a choice of digits.
    pub fn resolve_with(&self, face: Face, digits: Digits, character: char) -> Option<(FontId, u16)> {
        let character = normalise_pua(character).unwrap_or(character);
        chain::chain(face, digits, character)
            .iter()
            .find_map(|&id| Some((id, self.font(id).glyph(character)?)))
    }

    /// Whether `character` can be shown in `face`. What follows a character and changes its form can.
    pub fn covers(&self, face: Face, character: char) -> bool {
        chain::is_invisible(character) || self.resolve(face, character).is_some()
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.slots.iter().map(|slot| slot.file)).finish()
    }
}

/// Parses a font that is in the binary.
fn shipped(file: &str) -> Font {
    let embedded = Embedded::get(file).expect("SHIPPED names files of the folder");
    let hash = embedded.metadata.sha256_hash();
    Font::parse(embedded.data, hash).expect("the tests parse every shipped font")
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
        for (id, file) in fonts.ids().zip(SHIPPED) {
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
        for (id, file) in fonts.ids().zip(SHIPPED) {
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
    fn latin_is_never_drawn_by_a_han_font() {
        for face in Face::ALL {
            for character in (' '..='~').chain("éüā".chars()) {
                assert_eq!(font_of(face, character), FontId::LATIN, "{face:?} {character}");
            }
        }
    }

    #[test]
    fn fangsong_overrides_go_to_song() {
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
    fn private_use_is_drawn_as_the_character_it_stood_for() {
        let fonts = Fonts::embedded();
        assert_eq!(fonts.resolve(Face::Songti, '\u{e863}'), fonts.resolve(Face::Songti, '䶮'));
    }

    #[test]
    fn fonts_are_shared_between_threads() {
        fn check<T: Send + Sync + Clone>() {}
        check::<Fonts>();
    }
}
