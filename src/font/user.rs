//! A font of the user's, accepted only if it may and can be embedded in a PDF.
//!
//! The font's maker decides whether it may be embedded (`OS/2`.`fsType`); this program can embed TrueType
//! outlines, subset to the glyphs in use. Every refusal has a reason.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use skrifa::Tag;
use skrifa::raw::FontRef;
use subsetter::GlyphRemapper;

use crate::diagnostic::Message;
use crate::message;
use crate::style::Face;

use super::{Font, Purpose};

/// A font of the user's that may be used.
pub struct UserFont {
    purpose: Purpose,
    name: String,
    path: String,
    embedding: Embedding,
    font: Font,
}

/// The embedding permission of a font: OpenType 1.9.1, OS/2, fsType, bits 0 to 3. A font that forbids
/// embedding is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// Anything; the default if the font has no restriction.
    Installable,
    /// In documents that are read and printed, and edited.
    Editable,
    /// In documents that are read and printed.
    PreviewAndPrint,
}

impl Embedding {
    /// In words.
    pub fn message(self) -> Message {
        match self {
            Embedding::Installable => message!("允许嵌入", "may be embedded"),
            Embedding::Editable => message!("允许嵌入（可编辑）", "may be embedded (editable)"),
            Embedding::PreviewAndPrint => {
                message!("允许嵌入（预览和打印）", "may be embedded (preview and print)")
            }
        }
    }
}

/// Why a font of the user's is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontRefusal {
    /// No OpenType font, or a damaged one.
    Unreadable,
    /// A variable font.
    Variable,
    /// Outlines that are not TrueType.
    Cff,
    /// Bitmaps alone.
    NoOutlines,
    /// Its licence forbids embedding.
    Restricted,
    /// Its licence allows only bitmaps to be embedded.
    BitmapOnly,
    /// Its licence allows it to be embedded only whole.
    NoSubsetting,
    /// It lacks the characters that it is for.
    OtherScript,
    /// Its Han characters are not an em wide.
    NotFullWidth,
}

impl FontRefusal {
    /// The reason, as the end of a sentence.
    pub fn message(self) -> Message {
        match self {
            FontRefusal::Unreadable => message!("不是字体文件，或已损坏", "it is no font, or a damaged one"),
            FontRefusal::Variable => {
                message!("是可变字体，PDF 不能嵌入", "it is a variable font, which a PDF cannot hold")
            }
            FontRefusal::Cff => message!(
                "轮廓是 CFF（PostScript），只支持 TrueType 轮廓的字体",
                "its outlines are CFF (PostScript); only fonts with TrueType outlines can be embedded"
            ),
            FontRefusal::NoOutlines => message!("只有点阵，没有轮廓", "it has bitmaps and no outlines"),
            FontRefusal::Restricted => message!(
                "字体的许可禁止嵌入文件（OS/2 fsType：Restricted License）",
                "its licence forbids embedding (OS/2 fsType: restricted licence)"
            ),
            FontRefusal::BitmapOnly => message!(
                "字体的许可只允许嵌入点阵（OS/2 fsType：Bitmap embedding only）",
                "its licence allows only bitmaps to be embedded (OS/2 fsType: bitmap embedding only)"
            ),
            FontRefusal::NoSubsetting => message!(
                "字体的许可不允许只嵌入用到的字（OS/2 fsType：No subsetting），整套嵌入会使每个文件增大数兆字节",
                "its licence forbids embedding only the characters in use (OS/2 fsType: no subsetting), and the whole font would add megabytes to every file"
            ),
            FontRefusal::OtherScript => message!("没有所需的文字", "it lacks the characters that it is for"),
            FontRefusal::NotFullWidth => message!("汉字不是全角", "its Han characters are not an em wide"),
        }
    }
}

impl UserFont {
    /// Accepts font `index` of a file; `name` is the font's usual name, `path` where it was found.
    ///
    /// # Errors
    /// If it may not be embedded, or cannot be.
    pub fn new(
        purpose: Purpose,
        name: &str,
        path: &str,
        data: Vec<u8>,
        index: u32,
    ) -> Result<UserFont, FontRefusal> {
        let embedding = examine(&data, index)?;
        let sha256 = Sha256::digest(&data).into();
        let font = Font::parse_at(Cow::Owned(data), index, sha256).map_err(|_| FontRefusal::Unreadable)?;
        serves(&font, purpose)?;
        Ok(UserFont { purpose, name: name.to_owned(), path: path.to_owned(), embedding, font })
    }

    /// Accepts a font that draws what no other font has.
    ///
    /// # Errors
    /// If it may not be embedded, or cannot be.
    pub(super) fn other(name: &str, path: &str, data: Vec<u8>, index: u32) -> Result<UserFont, FontRefusal> {
        let embedding = examine(&data, index)?;
        let sha256 = Sha256::digest(&data).into();
        let font = Font::parse_at(Cow::Owned(data), index, sha256).map_err(|_| FontRefusal::Unreadable)?;
        let mut glyphs = GlyphRemapper::new();
        glyphs.remap(0);
        subsetter::subset(font.data(), font.index(), &glyphs).map_err(|_| FontRefusal::Unreadable)?;
        // 宋体 is the face of what the others lack.
        let purpose = Purpose::Face(Face::Songti);
        Ok(UserFont { purpose, name: name.to_owned(), path: path.to_owned(), embedding, font })
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was found.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its maker allows.
    pub fn embedding(&self) -> Embedding {
        self.embedding
    }

    /// The font.
    pub fn font(&self) -> &Font {
        &self.font
    }
}

/// Whether the font may be embedded, and is of a kind that can be.
pub(super) fn examine(data: &[u8], index: u32) -> Result<Embedding, FontRefusal> {
    let font = FontRef::from_index(data, index).map_err(|_| FontRefusal::Unreadable)?;
    let has = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some();
    if has(b"fvar") {
        return Err(FontRefusal::Variable);
    }
    if !has(b"glyf") {
        let cff = has(b"CFF ") || has(b"CFF2");
        let bitmaps = has(b"EBDT") || has(b"CBDT") || has(b"bdat") || has(b"sbix");
        return Err(match (cff, bitmaps) {
            (true, _) => FontRefusal::Cff,
            (false, true) => FontRefusal::NoOutlines,
            (false, false) => FontRefusal::Unreadable,
        });
    }
    let Some(data) = font.table_data(Tag::new(b"OS/2")) else { return Ok(Embedding::Installable) };
    // A font of 1995 has a shorter table than today's; the two fields have always been at the same offsets.
    let field = |at: usize| data.read_at::<u16>(at).map_err(|_| FontRefusal::Unreadable);
    embedding(field(0)?, field(8)?)
}

/// What `fsType` of an OS/2 table of this version allows.
fn embedding(version: u16, fs_type: u16) -> Result<Embedding, FontRefusal> {
    const RESTRICTED: u16 = 1 << 1;
    const PREVIEW_AND_PRINT: u16 = 1 << 2;
    const EDITABLE: u16 = 1 << 3;
    const NO_SUBSETTING: u16 = 1 << 8;
    const BITMAP_ONLY: u16 = 1 << 9;
    let any = |bits: u16| fs_type & bits != 0;
    // Up to version 2 several bits may be set, and the least restrictive counts.
    if any(RESTRICTED) && (version >= 3 || !any(PREVIEW_AND_PRINT | EDITABLE)) {
        return Err(FontRefusal::Restricted);
    }
    if any(BITMAP_ONLY) {
        return Err(FontRefusal::BitmapOnly);
    }
    if any(NO_SUBSETTING) {
        return Err(FontRefusal::NoSubsetting);
    }
    Ok(if any(EDITABLE) {
        Embedding::Editable
    } else if any(PREVIEW_AND_PRINT) {
        Embedding::PreviewAndPrint
    } else {
        Embedding::Installable
    })
}

/// Whether the font has the characters of its purpose, and can be subset.
fn serves(font: &Font, purpose: Purpose) -> Result<(), FontRefusal> {
    let needed = match purpose {
        Purpose::Face(_) => ['公', '文', '，'],
        Purpose::Latin => ['A', 'a', '0'],
    };
    let mut glyphs = GlyphRemapper::new();
    for character in needed {
        let glyph = font.glyph(character).filter(|glyph| *glyph != 0).ok_or(FontRefusal::OtherScript)?;
        glyphs.remap(glyph);
        if purpose != Purpose::Latin && !font.is_em_wide(glyph) {
            return Err(FontRefusal::NotFullWidth);
        }
    }
    match subsetter::subset(font.data(), font.index(), &glyphs) {
        Ok(_) => Ok(()),
        Err(_) => Err(FontRefusal::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const BODY: Purpose = Purpose::Face(Face::Fangsong);

    fn take(data: Vec<u8>) -> Result<Embedding, FontRefusal> {
        UserFont::new(BODY, "仿宋", "x.ttf", data, 0).map(|font| font.embedding())
    }

    #[test]
    fn fs_type_decides_what_may_be_embedded() {
        let with = |fs_type: u16| take(fixture::with_fs_type(&fixture::han(), fs_type));
        assert_eq!(with(0), Ok(Embedding::Installable));
        assert_eq!(with(8), Ok(Embedding::Editable));
        assert_eq!(with(4), Ok(Embedding::PreviewAndPrint));
        assert_eq!(with(2), Err(FontRefusal::Restricted));
        assert_eq!(with(0x200), Err(FontRefusal::BitmapOnly));
        assert_eq!(with(0x108), Err(FontRefusal::NoSubsetting));
    }

    #[test]
    fn least_restrictive_counts_in_old_fonts_alone() {
        assert_eq!(embedding(2, 0x0a), Ok(Embedding::Editable));
        assert_eq!(embedding(4, 0x0a), Err(FontRefusal::Restricted));
    }

    #[test]
    fn other_kinds_of_font_are_refused() {
        let han = fixture::han();
        assert_eq!(take(fixture::with_table(&han, b"glyf", b"CFF ")), Err(FontRefusal::Cff));
        assert_eq!(take(fixture::with_table(&han, b"glyf", b"EBDT")), Err(FontRefusal::NoOutlines));
        assert_eq!(take(fixture::with_table(&han, b"GSUB", b"fvar")), Err(FontRefusal::Variable));
        assert_eq!(take(b"<html>".to_vec()), Err(FontRefusal::Unreadable));
        assert_eq!(take(Vec::new()), Err(FontRefusal::Unreadable));
        assert_eq!(take(fixture::latin()), Err(FontRefusal::OtherScript));
    }

    #[test]
    fn damaged_fonts_are_refused_and_never_panic() {
        let han = fixture::han();
        for length in [4, 12, 100, 300, 1000, 5000, han.len() / 2] {
            assert_eq!(take(han[..length].to_vec()), Err(FontRefusal::Unreadable), "{length}");
        }
    }
}
