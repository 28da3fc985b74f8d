//! The official fonts, such as 方正小标宋 and 仿宋_GB2312, and all their names.
//!
//! A font is recognised by its Chinese or English family or its PostScript name; the name of its file counts
//! only if those are not in the table, since `simfang.ttf` is 仿宋_GB2312 in one version of Windows and 仿宋 in
//! another.

use std::sync::LazyLock;

use crate::diagnostic::Message;
use crate::message;
use crate::style::Face;

use super::FontId;

/// The purpose of a font: a face that the standard names, or the Latin letters and digits of all faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Han and its punctuation.
    Face(Face),
    /// Letters and digits.
    Latin,
}

impl Purpose {
    /// Every purpose, in the order in which a document shows them.
    pub const ALL: [Purpose; 6] = [
        Purpose::Face(Face::Xiaobiaosong),
        Purpose::Face(Face::Fangsong),
        Purpose::Face(Face::Heiti),
        Purpose::Face(Face::Kaiti),
        Purpose::Face(Face::Songti),
        Purpose::Latin,
    ];

    /// The place in [`Purpose::ALL`].
    pub(super) fn index(self) -> usize {
        match self {
            Purpose::Face(Face::Xiaobiaosong) => 0,
            Purpose::Face(Face::Fangsong) => 1,
            Purpose::Face(Face::Heiti) => 2,
            Purpose::Face(Face::Kaiti) => 3,
            Purpose::Face(Face::Songti) => 4,
            Purpose::Latin => 5,
        }
    }

    /// Its key in JSON and in the table of fonts.
    pub fn key(self) -> &'static str {
        match self {
            Purpose::Face(Face::Xiaobiaosong) => "xiaobiaosong",
            Purpose::Face(Face::Fangsong) => "fangsong",
            Purpose::Face(Face::Heiti) => "heiti",
            Purpose::Face(Face::Kaiti) => "kaiti",
            Purpose::Face(Face::Songti) => "songti",
            Purpose::Latin => "latin",
        }
    }

    /// Its name for people.
    pub fn name(self) -> Message {
        match self {
            Purpose::Face(Face::Xiaobiaosong) => message!("小标宋", "小标宋 (Xiaobiaosong)"),
            Purpose::Face(Face::Fangsong) => message!("仿宋", "仿宋 (Fangsong)"),
            Purpose::Face(Face::Heiti) => message!("黑体", "黑体 (Heiti)"),
            Purpose::Face(Face::Kaiti) => message!("楷体", "楷体 (Kaiti)"),
            Purpose::Face(Face::Songti) => message!("宋体", "宋体 (Songti)"),
            Purpose::Latin => message!("西文和数字", "Latin and digits"),
        }
    }

    /// The shipped font of this purpose.
    pub fn shipped(self) -> FontId {
        match self {
            Purpose::Face(Face::Xiaobiaosong) => FontId::XIAOBIAOSONG,
            Purpose::Face(Face::Fangsong) => FontId::FANGSONG,
            Purpose::Face(Face::Heiti) => FontId::HEI,
            Purpose::Face(Face::Kaiti) => FontId::KAI,
            Purpose::Face(Face::Songti) => FontId::SONG,
            Purpose::Latin => FontId::LATIN,
        }
    }

    /// The fonts of the table for it, best first; the first is the official one.
    pub fn official(self) -> impl Iterator<Item = &'static OfficialFont> {
        TABLE.iter().filter(move |font| font.purpose == self)
    }
}

/// A font of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficialFont {
    /// Its purpose.
    pub purpose: Purpose,
    /// Its usual name: `方正小标宋简体`, `Times New Roman`.
    pub name: &'static str,
    /// Its families, Chinese and English.
    families: Vec<&'static str>,
    postscript: Option<&'static str>,
    /// `simsun.ttc#1` is the second font of a collection.
    file: Option<&'static str>,
}

/// A font that was found in a folder, by its names. Finding it is not the library's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFont {
    /// Its families in all languages.
    pub families: Vec<String>,
    /// Its PostScript name.
    pub postscript_name: String,
    /// The name of its file, without folders.
    pub file: String,
    /// Its place in the file, from 0.
    pub index: u32,
    /// Whether it is neither italic nor oblique.
    pub upright: bool,
    /// 400 is regular, 700 bold.
    pub weight: u16,
}

/// The fonts found that may serve the purpose, best first: the index in `found`, and the font of the table.
pub fn candidates(purpose: Purpose, found: &[FoundFont]) -> Vec<(usize, &'static OfficialFont)> {
    let mut chosen: Vec<(usize, &OfficialFont)> = Vec::new();
    for matches in [OfficialFont::is_postscript_or_family as Matches, OfficialFont::is_file] {
        for official in purpose.official() {
            let mut matching: Vec<usize> = (0..found.len())
                .filter(|&at| found[at].upright && matches(official, &found[at]))
                .filter(|&at| chosen.iter().all(|&(known, _)| known != at))
                .collect();
            matching.sort_by_key(|&at| (!official.is_postscript(&found[at]), found[at].weight.abs_diff(400)));
            chosen.extend(matching.into_iter().map(|at| (at, official)));
        }
    }
    chosen
}

type Matches = fn(&OfficialFont, &FoundFont) -> bool;

impl OfficialFont {
    fn is_postscript(&self, found: &FoundFont) -> bool {
        self.postscript.is_some_and(|name| same(name, &found.postscript_name))
    }

    fn is_postscript_or_family(&self, found: &FoundFont) -> bool {
        // The bold font of a family has the family's name too.
        let regular = self.purpose != Purpose::Latin || (300..=500).contains(&found.weight);
        let family = || self.families.iter().any(|name| found.families.iter().any(|known| same(name, known)));
        self.is_postscript(found) || (regular && family())
    }

    /// Whether the file is named as the font's own file is, or by a name of the font.
    fn is_file(&self, found: &FoundFont) -> bool {
        let stem = found.file.rsplit_once('.').map_or(found.file.as_str(), |(stem, _)| stem);
        let own = self.file.is_some_and(|file| {
            let (file, index) = file.split_once('#').unwrap_or((file, "0"));
            same(file, &found.file) && index == found.index.to_string()
        });
        let named = || self.families.iter().copied().chain(self.postscript).any(|name| same(name, stem));
        own || (found.index == 0 && named())
    }
}

/// Whether two names are the same apart from case and spaces.
fn same(a: &str, b: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

/// The table, in its own order.
static TABLE: LazyLock<Vec<OfficialFont>> = LazyLock::new(|| {
    let lines = include_str!("../../fonts/data/system_fonts.tsv").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(row).collect()
});

/// Reads `fangsong⇥仿宋⇥FangSong⇥FangSong⇥simfang.ttf⇥…`.
fn row(line: &'static str) -> Option<OfficialFont> {
    let mut columns = line.split('\t').map(|column| Some(column).filter(|text| *text != "-"));
    let key = columns.next()??;
    let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.key() == key)?;
    let families: Vec<&str> = [columns.next()?, columns.next()?].into_iter().flatten().collect();
    let (postscript, file) = (columns.next()?, columns.next()?);
    Some(OfficialFont { purpose, name: families.first()?, families, postscript, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(family: &str, postscript: &str, file: &str) -> FoundFont {
        FoundFont {
            families: vec![family.into()],
            postscript_name: postscript.into(),
            file: file.into(),
            index: 0,
            upright: true,
            weight: 400,
        }
    }

    fn names(purpose: Purpose, fonts: &[FoundFont]) -> Vec<&'static str> {
        candidates(purpose, fonts).iter().map(|(_, font)| font.name).collect()
    }

    #[test]
    fn table_is_read_whole() {
        let rows = include_str!("../../fonts/data/system_fonts.tsv").lines();
        assert_eq!(TABLE.len(), rows.filter(|line| !line.starts_with(['#', '-'])).count());
        let first = |purpose: Purpose| purpose.official().next().map(|font| font.name);
        let first: Vec<_> = Purpose::ALL.into_iter().filter_map(first).collect();
        assert_eq!(
            first,
            ["方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "Times New Roman"]
        );
        assert!(Purpose::ALL.iter().enumerate().all(|(at, purpose)| purpose.index() == at));
    }

    #[test]
    fn font_is_known_by_any_of_its_names() {
        let title = Purpose::Face(Face::Xiaobiaosong);
        for font in [
            found("方正小标宋简体", "x", "x.ttf"),
            found("FZXiaoBiaoSong-B05S", "x", "x.ttf"),
            found("x", "FZXBSJW--GB1-0", "x.ttf"),
            found("x", "x", "fzxbsjw.TTF"),
            found("x", "x", "方正小标宋简体.ttf"),
        ] {
            assert_eq!(names(title, std::slice::from_ref(&font)), ["方正小标宋简体"], "{font:?}");
        }
        assert!(names(title, &[found("宋体", "SimSun", "simsun.ttc")]).is_empty());
    }

    #[test]
    fn order_is_that_of_the_table_and_names_go_before_files() {
        let body = Purpose::Face(Face::Fangsong);
        let fonts = [
            found("FangSong", "FangSong", "simfang.ttf"),
            found("FangSong_GB2312", "FangSong_GB2312", "a.ttf"),
        ];
        assert_eq!(candidates(body, &fonts).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(names(body, &fonts[..1]), ["仿宋"]);
    }

    #[test]
    fn bold_and_italic_are_not_the_font() {
        let bold =
            FoundFont { weight: 700, ..found("Times New Roman", "TimesNewRomanPS-BoldMT", "timesbd.ttf") };
        let italic = FoundFont { upright: false, ..found("Times New Roman", "x", "times.ttf") };
        assert!(names(Purpose::Latin, &[bold.clone(), italic]).is_empty());
        let regular = found("Times New Roman", "TimesNewRomanPSMT", "times.ttf");
        assert_eq!(candidates(Purpose::Latin, &[bold, regular])[0].0, 1);
    }

    #[test]
    fn font_of_a_collection_is_known_by_its_place() {
        let song = Purpose::Face(Face::Songti);
        let first = found("x", "x", "SIMSUN.TTC");
        let second = FoundFont { index: 1, ..first.clone() };
        assert_eq!(names(song, &[second, first]), ["宋体", "新宋体"]);
    }
}
