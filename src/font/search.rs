//! The search for fonts in a folder and in the system, if a caller asks for it. [`UserFont`] decides which of
//! the fonts found may be used.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use fontdb::{Database, ID, Source as Place, Style};

use super::others::{Other, Others};
use super::{Fonts, FoundFont, Purpose, UserFont, candidates};
use crate::diagnostic::{Diagnostic, Hint, HintCode, Message, rule};
use crate::files::{Irregular, bounded, files_in, open};
use crate::message;

/// The largest font file that is read; the largest that offices have is 50 MB.
const MAX_BYTES: usize = 256 << 20;
/// The most fonts of a collection. The largest that are sold have some dozens.
const MOST_OF_COLLECTION: u32 = 256;
/// The most fonts of a folder that draw what others lack; font ids are 16 bits wide.
const MOST_OTHERS: usize = 4096;

/// A folder of fonts that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the folder {}: {error}", folder.display())]
pub struct FontFolderError {
    /// The folder.
    pub folder: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl Fonts {
    /// The fonts of a folder, then those that are installed if `installed` says so, then those of the
    /// program: for each purpose the best that may be used. Fonts that were refused or not found are
    /// reported.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn search(
        folder: Option<&Path>,
        installed: bool,
    ) -> Result<(Fonts, Vec<Diagnostic>), FontFolderError> {
        let mut notices = Vec::new();
        if folder.is_none() && !installed {
            return Ok((Fonts::embedded(), notices));
        }
        // A folder that is named has precedence over installed fonts.
        let (mut places, mut own) = (Vec::new(), Database::new());
        if let Some(folder) = folder {
            own = in_folder(folder, &mut notices)?;
            places.push(faces(&own));
        }
        if installed {
            let mut database = Database::new();
            database.load_system_fonts();
            places.push(faces(&database));
        }
        let mut chosen = Vec::new();
        let mut absent = Vec::new();
        for purpose in Purpose::ALL {
            match places.iter().find_map(|found| choose(purpose, found, &mut notices)) {
                Some(font) => chosen.push(font),
                None => absent.push(purpose),
            }
        }
        let others = match folder {
            Some(_) => others(places.swap_remove(0), &chosen),
            None => Vec::new(),
        };
        let fonts = Fonts::with_all(chosen, Others::new(own, others));
        notices.extend(substitutes(&fonts, &absent));
        Ok((fonts, notices))
    }
}

/// The fonts of the folder that serve no purpose, regular ones first.
fn others(mut found: Vec<Found>, chosen: &[UserFont]) -> Vec<Other> {
    let is_chosen = |found: &Found| {
        let path = found.path.display().to_string();
        chosen.iter().any(|font| font.path() == path && font.font().index() == found.font.index)
    };
    let other = |found: Found| {
        let name = found.font.families.into_iter().next().unwrap_or(found.font.file);
        Other::new(found.id, name, found.path, found.font.index)
    };
    found.sort_by_key(|found| (!found.font.upright, found.font.weight.abs_diff(400)));
    found.into_iter().filter(|found| !is_chosen(found)).take(MOST_OTHERS).map(other).collect()
}

/// A font that was found, and where.
struct Found {
    id: ID,
    path: PathBuf,
    font: FoundFont,
}

/// The fonts of a folder and the folders in it.
fn in_folder(folder: &Path, notices: &mut Vec<Diagnostic>) -> Result<Database, FontFolderError> {
    let mut database = Database::new();
    let unreadable = |error| FontFolderError { folder: folder.to_owned(), error };
    for path in files_in(folder).map_err(unreadable)? {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        if !matches!(extension.as_deref(), Some("ttf" | "otf" | "ttc" | "otc")) {
            continue;
        }
        let before = database.len();
        let listable = is_listable(&path);
        if matches!(listable, Ok(true)) {
            // What it cannot read leaves the database as it was.
            let _ = database.load_font_file(&path);
        }
        if database.len() == before {
            let reason = listable.err().as_ref().and_then(Irregular::message);
            let path = path.display();
            if let Some(Message { zh, en }) = reason {
                notices.push(refused(message!("{path} 没有采用：{zh}", "{path} is not used: {en}")));
                continue;
            }
            notices.push(refused(message!(
                "{path} 没有采用：不是字体文件，或已损坏",
                "{path} is not used: it is no font, or a damaged one"
            )));
        }
    }
    Ok(database)
}

/// The fonts of a database, by path.
fn faces(database: &Database) -> Vec<Found> {
    let face = |face: &fontdb::FaceInfo| {
        let path = match &face.source {
            Place::File(path) | Place::SharedFile(path, _) => path.clone(),
            Place::Binary(_) => return None,
        };
        let font = FoundFont {
            families: face.families.iter().map(|(family, _)| family.clone()).collect(),
            postscript_name: face.post_script_name.clone(),
            file: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            index: face.index,
            upright: face.style == Style::Normal,
            weight: face.weight.0,
        };
        Some(Found { id: face.id, path, font })
    };
    let mut found: Vec<Found> = database.faces().filter_map(face).collect();
    found.sort_by(|a, b| (&a.path, a.font.index).cmp(&(&b.path, b.font.index)));
    found
}

/// The best of the fonts found that may be used. If a better one may not, the reason is reported.
fn choose(purpose: Purpose, found: &[Found], notices: &mut Vec<Diagnostic>) -> Option<UserFont> {
    let fonts: Vec<FoundFont> = found.iter().map(|found| found.font.clone()).collect();
    for (at, official) in candidates(purpose, &fonts) {
        let (path, index) = (&found[at].path, found[at].font.index);
        let shown = path.display().to_string();
        let name = official.name;
        match read(path) {
            Ok(data) => match UserFont::new(purpose, name, &shown, data, index) {
                Ok(font) => return Some(font),
                Err(refusal) => {
                    let reason = refusal.message();
                    let (zh, en) = (reason.zh, reason.en);
                    notices.push(refused(message!(
                        "{name}（{shown}）没有采用：{zh}",
                        "{name} ({shown}) is not used: {en}"
                    )));
                }
            },
            Err(reason) => {
                notices.push(refused(message!("读不出 {shown}：{reason}", "cannot read {shown}: {reason}")));
            }
        }
    }
    None
}

fn refused(message: Message) -> Diagnostic {
    Diagnostic::warning(rule::FONTS_REFUSED, "", message)
}

/// The fonts of the program that replace those not found.
fn substitutes(fonts: &Fonts, absent: &[Purpose]) -> Option<Diagnostic> {
    if absent.is_empty() {
        return None;
    }
    let official = |purpose: &Purpose| purpose.official().next().map_or("", |font| font.name);
    let family = |purpose: &Purpose| {
        let font = fonts.font(fonts.first(*purpose));
        font.family().unwrap_or_else(|| font.postscript_name().to_owned())
    };
    let pairs = |arrow: &str, comma: &str| -> String {
        let pairs = absent.iter().map(|purpose| format!("{}{arrow}{}", official(purpose), family(purpose)));
        pairs.collect::<Vec<_>>().join(comma)
    };
    let (zh, en) = (pairs(" → ", "，"), pairs(" → ", ", "));
    let notice = message!(
        "没有找到可用的字体，由程序自带的代替：{zh}",
        "not found; the program's own fonts are used instead: {en}"
    );
    let message = message!("可以查看各种字体的来源", "the origin of each font can be listed");
    Some(
        Diagnostic::warning(rule::FONTS_MISSING, "", notice)
            .hint(Hint { code: HintCode::ListFonts, message }),
    )
}

/// The bytes of a font's file: only of a regular one, since opening a pipe waits for its writer.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = bounded(open(path)?, MAX_BYTES)?;
    bytes.ok_or_else(|| io::Error::other("larger than 256 MiB"))
}

/// Whether a file may be handed to the library that lists its fonts: a regular one, whose header names no more fonts
/// than a collection has. The library goes through as many as the header says, be there a font or not.
fn is_listable(path: &Path) -> io::Result<bool> {
    let mut file = open(path)?;
    if file.metadata()?.len() > MAX_BYTES as u64 {
        return Ok(false);
    }
    // OpenType 1.9.1, otff, "TTC header": tag, version in two fields, number of fonts.
    let mut header = [0; 12];
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"ttcf") {
        return Ok(true);
    }
    Ok(u32::from_be_bytes([header[8], header[9], header[10], header[11]]) <= MOST_OF_COLLECTION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::{FontRefusal, Source, fixture};
    use crate::style::Face;

    fn in_folder(fonts: &[(&str, Vec<u8>)]) -> (Fonts, Vec<Diagnostic>) {
        let ((_, fonts), notices) = in_folder_kept(fonts);
        (fonts, notices)
    }

    /// With the folder, from which fonts are read when they are needed.
    fn in_folder_kept(fonts: &[(&str, Vec<u8>)]) -> ((tempfile::TempDir, Fonts), Vec<Diagnostic>) {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, data) in fonts {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("is in a folder")).expect("makes it");
            std::fs::write(path, data).expect("writes");
        }
        let (fonts, notices) = Fonts::search(Some(folder.path()), false).expect("reads");
        ((folder, fonts), notices)
    }

    fn name(fonts: &Fonts, purpose: Purpose) -> &str {
        match fonts.source(fonts.first(purpose)) {
            Source::User(font) => font.name(),
            Source::Shipped { .. } => "shipped",
        }
    }

    const BODY: Purpose = Purpose::Face(Face::Fangsong);
    const TITLE: Purpose = Purpose::Face(Face::Xiaobiaosong);

    #[test]
    fn shipped_fonts_are_used_and_nothing_is_noted_unless_others_are_asked_for() {
        let (fonts, notices) = Fonts::search(None, false).expect("asks for nothing");
        assert!(Purpose::ALL.iter().all(|purpose| name(&fonts, *purpose) == "shipped"));
        assert_eq!(notices, []);
    }

    #[test]
    fn fonts_of_a_folder_are_found_by_name_and_the_others_named_in_one_warning() {
        let body = fixture::named(&fixture::han(), "仿宋_GB2312", "FangSong_GB2312", "FangSong_GB2312");
        let title =
            fixture::named(&fixture::han(), "方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0");
        let both = fixture::collection(&[fixture::latin(), title]);
        let (fonts, notices) =
            in_folder(&[("a.ttf", body), ("deep/b.TTC", both), ("readme.txt", b"no font".to_vec())]);
        assert_eq!(name(&fonts, BODY), "仿宋_GB2312");
        assert_eq!(name(&fonts, TITLE), "方正小标宋简体");
        assert_eq!(fonts.font(fonts.first(TITLE)).postscript_name(), "FZXBSJW--GB1-0");
        assert_eq!(name(&fonts, Purpose::Latin), "shipped");
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert_eq!(notices[0].rule, "fonts.missing");
        assert!(notices[0].message.en.contains("Times New Roman → Liberation Serif"));
    }

    #[test]
    fn forbidden_font_is_refused_with_a_reason_and_the_next_one_is_taken() {
        let named = |chinese: &str, postscript: &str| {
            fixture::named(&fixture::han(), chinese, postscript, postscript)
        };
        let forbidden = fixture::with_fs_type(&named("仿宋_GB2312", "FangSong_GB2312"), 2);
        let (fonts, notices) = in_folder(&[("a.ttf", forbidden), ("b.ttf", named("华文仿宋", "STFangsong"))]);
        assert_eq!(name(&fonts, BODY), "华文仿宋");
        assert_eq!(notices[0].rule, "fonts.refused");
        assert!(notices[0].message.en.contains("restricted licence"), "{notices:?}");
    }

    #[test]
    fn any_font_of_the_folder_draws_what_the_others_lack() {
        let rare = '\u{3fffd}';
        let data = fixture::with_character(&fixture::han(), rare);
        let data = fixture::named(&data, "某字体", "Other", "Other-Regular");
        assert_eq!(Fonts::embedded().resolve(Face::Fangsong, rare), None);
        let (fonts, _) = in_folder_kept(&[("deep/x.ttf", data.clone())]);
        let (id, glyph) = fonts.1.resolve(Face::Fangsong, rare).expect("is drawn");
        assert!(matches!(fonts.1.source(id), Source::User(font) if font.path().ends_with("x.ttf")));
        assert_eq!(fonts.1.font(id).glyph(rare), Some(glyph));
        let plain = Fonts::embedded();
        for character in ['公', 'A', '，'] {
            assert_eq!(fonts.1.resolve(Face::Fangsong, character), plain.resolve(Face::Fangsong, character));
        }
        let (fonts, _) = in_folder_kept(&[("x.ttf", fixture::with_fs_type(&data, 2))]);
        assert_eq!(fonts.1.resolve(Face::Fangsong, rare), None);
        assert_eq!(fonts.1.refused(rare).map(|(_, refusal)| refusal), Some(FontRefusal::Restricted));
        assert_eq!(fonts.1.resolve(Face::Fangsong, '\u{640}'), None);
    }

    #[test]
    fn files_that_are_no_fonts_are_noted() {
        let (_, notices) = in_folder(&[("a.ttf", b"<html>".to_vec()), ("b.otf", Vec::new())]);
        assert_eq!(notices.iter().filter(|notice| notice.rule == "fonts.refused").count(), 2);
    }
}
