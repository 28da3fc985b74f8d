//! One font: its bytes, its glyphs, its metrics, and the shaping of a run of text in it.
//!
//! Metrics are in font units, of which an em has [`Font::units_per_em`]: 1000 in the Han fonts, 2048 in the
//! Latin ones; never in points.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use harfrust::font::Blob;
use harfrust::{Buffer, BufferFlags, ClusterLevel, Direction, Feature, GlyphId, Language, Script};
use harfrust::{GlyphInfo, GlyphPosition, ShapeOptions, ShapePlan, ShaperFont, Tag};
use skrifa::raw::types::NameId;

use super::chain::is_latin;
use super::pua::normalise_pua;

/// A parsed font.
pub struct Font {
    data: Blob,
    index: u32,
    sha256: [u8; 32],
    font: harfrust::Font,
    postscript_name: String,
    advances: Vec<u16>,
    /// The glyph of every character below U+10000 that was asked for.
    glyphs: Box<[AtomicU32]>,
    plans: [OnceLock<ShapePlan>; Features::ALL.len()],
}

/// The characters of Unicode's first plane.
const PLANE: usize = 0x1_0000;
/// Not looked up so far. All other values but `MISSING` are a glyph index plus one.
const UNKNOWN: u32 = 0;
/// The font has no glyph for the character.
const MISSING: u32 = u32::MAX;

/// Why bytes are not a font that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// Not an OpenType font.
    #[error("not an OpenType font")]
    NotAFont,
}

/// How a run is shaped. Kerning and ligatures are off in all: Word has them off, and one character is one advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Features {
    /// As Chinese.
    Han,
    /// As Chinese, with the forms that are half an em wide.
    HanHalfWidth,
    /// As Western text.
    Latin,
}

impl Features {
    const ALL: [Features; 3] = [Features::Han, Features::HanHalfWidth, Features::Latin];

    fn script(self) -> Script {
        match self {
            Features::Han | Features::HanHalfWidth => Script::HAN,
            Features::Latin => Script::LATIN,
        }
    }

    fn language(self) -> Option<Language> {
        match self {
            Features::Han | Features::HanHalfWidth => Language::new("zh-Hans"),
            Features::Latin => Language::new("en"),
        }
    }

    fn features(self) -> Vec<Feature> {
        let mut features: Vec<_> =
            [b"kern", b"liga", b"clig"].map(|tag| Feature::new(Tag::new(tag), 0, ..)).into();
        if self == Features::HanHalfWidth {
            features.push(Feature::new(Tag::new(b"hwid"), 1, ..));
        }
        features
    }
}

/// A glyph of a shaped run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shaped {
    /// Glyph index.
    pub glyph: u16,
    /// The cluster number that was given with its first character.
    pub cluster: u32,
    /// In font units.
    pub advance: i32,
    /// From the pen to the glyph's origin, in font units.
    pub offset: i32,
    /// From the baseline up to the glyph's origin, in font units.
    pub lift: i32,
}

impl Font {
    /// Parses a font; `sha256` is the hash of `data`, by which its subsets are cached.
    ///
    /// # Errors
    /// If it is no font.
    pub(crate) fn parse(data: Cow<'static, [u8]>, sha256: [u8; 32]) -> Result<Font, FontError> {
        Font::parse_at(data, 0, sha256)
    }

    /// Parses font `index` of a collection, or the one font of a file for 0.
    ///
    /// # Errors
    /// If it is no font.
    pub(crate) fn parse_at(
        data: Cow<'static, [u8]>,
        index: u32,
        sha256: [u8; 32],
    ) -> Result<Font, FontError> {
        let data = match data {
            Cow::Borrowed(bytes) => Blob::from(bytes),
            Cow::Owned(bytes) => Blob::from(bytes),
        };
        let font = harfrust::Font::new(data.clone(), index).ok_or(FontError::NotAFont)?;
        let postscript_name = name(&font, NameId::POSTSCRIPT_NAME)
            .filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()))
            .unwrap_or_else(|| {
                sha256[..4].iter().fold(String::from("Font-"), |name, b| format!("{name}{b:02x}"))
            });
        let metrics = font.glyph_metrics();
        let advances =
            (0..font.num_glyphs()).map(|glyph| metrics.h_advance(GlyphId::new(glyph)) as u16).collect();
        let glyphs = std::iter::repeat_with(|| AtomicU32::new(UNKNOWN)).take(PLANE).collect();
        Ok(Font { data, index, sha256, font, postscript_name, advances, glyphs, plans: Default::default() })
    }

    /// The bytes of the file.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Its place in the file: 0 unless the file is a collection.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// SHA-256 of the bytes.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// The name of its family, in English where it has one.
    pub fn family(&self) -> Option<String> {
        name(&self.font, NameId::FAMILY_NAME)
    }

    /// The name of its family in at most `longest` UTF-16 units: in English, or in another language if that is longer.
    pub(crate) fn family_within(&self, longest: usize) -> Option<String> {
        use skrifa::MetadataProvider;
        let font = skrifa::FontRef::from_index(self.data(), self.index).ok()?;
        let others = font.localized_strings(NameId::FAMILY_NAME).map(|name| name.chars().collect());
        self.family().into_iter().chain(others).find(|name: &String| name.encode_utf16().count() <= longest)
    }

    /// Its version: `Version 2.003`.
    pub fn version(&self) -> Option<String> {
        name(&self.font, NameId::VERSION_STRING)
    }

    /// `ZhuqueFangsong-Regular`. Only printable ASCII; made of the hash for a font without such a name.
    pub fn postscript_name(&self) -> &str {
        &self.postscript_name
    }

    /// How many font units make an em.
    pub fn units_per_em(&self) -> u16 {
        self.font.units_per_em()
    }

    /// The glyph that the font gives to `character` by itself.
    pub fn glyph(&self, character: char) -> Option<u16> {
        let find = || self.font.charmap().map_unicode(character).map(|glyph| glyph.to_u32() as u16);
        let Some(known) = self.glyphs.get(character as usize) else { return find() };
        // A race is harmless: every thread would write the same value.
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let glyph = find();
                known.store(glyph.map_or(MISSING, |glyph| u32::from(glyph) + 1), Ordering::Relaxed);
                glyph
            }
            MISSING => None,
            glyph => Some((glyph - 1) as u16),
        }
    }

    /// The glyph for `character` with a variation selector, if the font has one.
    pub fn variant(&self, character: char, selector: char) -> Option<u16> {
        self.font.charmap().map_unicode_variant(character, selector).map(|glyph| glyph.to_u32() as u16)
    }

    /// The advance of a glyph, in font units; 0 outside the font.
    pub fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(0)
    }

    /// Whether a glyph is an em wide, to within a hundredth.
    pub(super) fn is_em_wide(&self, glyph: u16) -> bool {
        let em = u32::from(self.units_per_em());
        u32::from(self.advance(glyph)).abs_diff(em) * 100 <= em
    }

    /// From the baseline to the top of the line, in font units.
    pub fn ascent(&self) -> i32 {
        self.font.metrics().hhea_line.map_or(0, |line| line.ascender.to_f64().round() as i32)
    }

    /// From the baseline to the bottom of the line, in font units; negative.
    pub fn descent(&self) -> i32 {
        self.font.metrics().hhea_line.map_or(0, |line| line.descender.to_f64().round() as i32)
    }

    /// The height of a capital letter, in font units.
    pub fn cap_height(&self) -> i32 {
        self.font.metrics().cap_height.map_or(0, |height| height.to_f64().round() as i32)
    }

    /// The box around all glyphs: left, bottom, right, top, in font units.
    pub fn bounds(&self) -> [i32; 4] {
        let bounds = self.font.metrics().bounds;
        [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|side| side.to_f64().round() as i32)
    }

    /// Whether the font draws all of a character with its marks.
    pub(super) fn draws(&self, cluster: &str) -> bool {
        let base = cluster.chars().next().map(|base| normalise_pua(base).unwrap_or(base));
        let text: Vec<(char, u32)> =
            base.into_iter().chain(cluster.chars().skip(1)).map(|c| (c, 0)).collect();
        let features = if base.is_some_and(is_latin) { Features::Latin } else { Features::Han };
        let shaped = self.shape(&text, features);
        // A mark that the font gives no place stands beside its character, or on the next one.
        let is_placed = |mark: &Shaped| mark.offset != 0 || mark.lift != 0;
        shaped.iter().all(|shaped| shaped.glyph != 0) && shaped.iter().skip(1).all(is_placed)
    }

    /// Shapes characters, each with the number of its cluster; the numbers ascend.
    pub(crate) fn shape(&self, text: &[(char, u32)], features: Features) -> Vec<Shaped> {
        let plan = self.plans[features as usize].get_or_init(|| {
            let language = features.language();
            ShapePlan::new(
                &self.font,
                Direction::LeftToRight,
                Some(features.script()),
                language.as_ref(),
                &features.features(),
            )
        });
        let mut buffer = Buffer::new();
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(features.script()));
        buffer.set_language(features.language());
        buffer.set_cluster_level(ClusterLevel::MonotoneGraphemes);
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES | BufferFlags::DO_NOT_INSERT_DOTTED_CIRCLE);
        for &(character, cluster) in text {
            buffer.push(u32::from(character), cluster);
        }
        let options = features.features();
        let shaped = harfrust::shape(
            &ShaperFont::new(&self.font),
            &mut buffer,
            ShapeOptions::new().plan(Some(plan)).features(&options),
        );
        shaped.expect("direction and script are those of the plan");
        buffer.glyph_infos().iter().zip(buffer.glyph_positions()).map(shaped_glyph).collect()
    }
}

/// A name of the font, in English where it has one.
fn name(font: &harfrust::Font, id: NameId) -> Option<String> {
    let name = font.names().get(id).and_then(|name| name.english_or_first())?;
    Some(name.name().chars().collect())
}

fn shaped_glyph((info, position): (&GlyphInfo, &GlyphPosition)) -> Shaped {
    Shaped {
        glyph: info.glyph_id as u16,
        cluster: info.cluster,
        advance: position.x_advance,
        offset: position.x_offset,
        lift: position.y_offset,
    }
}
