//! The fonts of the file: each subset to the glyphs that its pages show.
//!
//! A glyph has one text in `ToUnicode` ([`Subset::text`]); where it is drawn for another text, the content
//! has `ActualText`.

use std::collections::BTreeMap;
use std::sync::Arc;

use libdeflater::CompressionLvl;
use printpdf::{Codepoint, FontMetrics, FontType, Op, ParsedFont, PdfFont, PdfFontHandle, PdfFontMap};
use printpdf::{PdfFontMetricsStub, Pt, TextItem};
use subsetter::GlyphRemapper;

use crate::font::{Font, FontId, Fonts};
use crate::pages::{Pages, PlacedGlyph};
use crate::write::WriteError;
use crate::write::subset::{self, Compressed, Cut, InUse, Outlines, Program, Programs, visible};

/// The fonts in use.
pub(super) struct Subsets(BTreeMap<FontId, Subset>);

/// A font subset to the glyphs in use, which are renumbered.
pub(super) struct Subset {
    /// The name of the font in the resources of the pages.
    pub resource: String,
    /// The name in the font's dictionaries: `ABCDEF+ZhuqueFangsong-Regular`.
    pub name: String,
    /// The font program.
    program: Arc<Program>,
    glyphs: GlyphRemapper,
    /// The new numbers of the glyphs that have a wider copy, and the number of the first copy.
    copies: (Vec<u16>, u16),
    /// By new number: the text of each glyph, empty if it has none.
    texts: Vec<String>,
    /// By new number: the width as the PDF gives it, in thousandths of an em.
    widths: Vec<u16>,
    /// The metrics of the font descriptor, in thousandths of an em.
    measures: Measures,
}

/// The metrics of a font in thousandths of an em.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    /// From the baseline up.
    pub ascent: i64,
    /// From the baseline down; negative.
    pub descent: i64,
    /// Height of a capital letter.
    pub cap_height: i64,
    /// Left, bottom, right, top.
    pub bounds: [i64; 4],
}

impl Subsets {
    /// The subset of a font that is in use.
    pub fn get(&self, font: FontId) -> &Subset {
        self.0.get(&font).expect("every font of the pages was subset")
    }

    /// The subsets by the order of their fonts.
    pub fn iter(&self) -> impl Iterator<Item = &Subset> {
        self.0.values()
    }

    /// The fonts in printpdf's form.
    pub fn to_printpdf(&self) -> PdfFontMap {
        let map = self.iter().map(|subset| (printpdf::FontId(subset.resource.clone()), subset.to_printpdf()));
        PdfFontMap { map: map.collect() }
    }
}

impl Subset {
    fn new(id: FontId, font: &Font, used: InUse, program: Arc<Program>, more: i64) -> Subset {
        let InUse { glyphs, mut texts, before_gap } = used;
        let copies = program.first_copy.map_or_else(Default::default, |first| (before_gap, first));
        let em = i64::from(font.units_per_em());
        let thousandths = |units: i64| (units * 2000 + em).div_euclid(2 * em);
        let mut widths: Vec<u16> =
            glyphs.remapped_gids().map(|glyph| thousandths(font.advance(glyph).into()) as u16).collect();
        if !copies.0.is_empty() {
            // Parts of composite glyphs, which are never shown by themselves, are between the glyphs and the copies.
            widths.resize(usize::from(copies.1), 0);
            texts.resize(usize::from(copies.1), String::new());
        }
        for copy in &copies.0 {
            let advance =
                glyphs.remapped_gids().nth(usize::from(*copy)).map_or(0, |glyph| font.advance(glyph));
            widths.push(thousandths(i64::from(advance) + more * em / 1000) as u16);
            texts.push(texts[usize::from(*copy)].clone());
        }
        Subset {
            resource: format!("F{}", id.0),
            name: format!("{}+{}", program.tag, font.postscript_name()),
            program,
            widths,
            texts,
            copies,
            measures: Measures {
                ascent: thousandths(font.ascent().into()),
                descent: thousandths(font.descent().into()),
                cap_height: thousandths(font.cap_height().into()),
                bounds: font.bounds().map(|side| thousandths(side.into())),
            },
            glyphs,
        }
    }

    /// The new number of a glyph of the whole font. `font` is that whole font.
    pub fn glyph(&self, font: &Font, glyph: u16) -> u16 {
        self.glyphs.get(visible(font, glyph)).unwrap_or(0)
    }

    /// The new number of a placed glyph: its wider copy, if it has one and the gap between Han and Latin follows.
    pub fn code(&self, font: &Font, glyph: &PlacedGlyph) -> u16 {
        let plain = self.glyph(font, glyph.id);
        let (copied, first) = &self.copies;
        let copy = if glyph.gap { copied.binary_search(&plain).ok() } else { None };
        copy.map_or(plain, |at| first + at as u16)
    }

    /// The text that the glyph of this new number has in the font.
    pub fn text(&self, glyph: u16) -> &str {
        self.texts.get(usize::from(glyph)).map_or("", String::as_str)
    }

    /// The width of the glyph of this new number as the PDF gives it, in thousandths of an em.
    pub fn width(&self, glyph: u16) -> u16 {
        self.widths.get(usize::from(glyph)).copied().unwrap_or(0)
    }

    /// The metrics of the font descriptor.
    pub fn measures(&self) -> Measures {
        self.measures
    }

    /// The program, if it does not pass through printpdf: see [`Outlines`].
    pub fn compressed(&self) -> Option<&Compressed> {
        match &self.program.outlines {
            Outlines::TrueType(compressed) => Some(compressed),
            Outlines::Cff(_) => None,
        }
    }

    /// Operations that show a glyph of the font.
    pub fn a_glyph(&self) -> [Op; 2] {
        let font = PdfFontHandle::External(printpdf::FontId(self.resource.clone()));
        let items = vec![TextItem::GlyphIds(vec![Codepoint::with_cid(1, 0.0, "?".into())])];
        [Op::SetFont { font, size: Pt(1.0) }, Op::ShowText { items }]
    }

    /// By new number: the text of each glyph, empty if it has none.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// By new number: the width of each glyph in thousandths of an em.
    pub fn widths(&self) -> &[u16] {
        &self.widths
    }

    /// printpdf's form of it. Measures are given in thousandths, so that it has nothing left to truncate.
    fn to_printpdf(&self) -> PdfFont {
        let Measures { ascent, descent, bounds: [x_min, y_min, x_max, y_max], .. } = self.measures;
        PdfFont::new(ParsedFont {
            original_bytes: match &self.program.outlines {
                Outlines::Cff(program) => program.clone(),
                Outlines::TrueType(_) => Vec::new(),
            },
            font_index: 0,
            font_name: Some(self.name.clone()),
            codepoint_to_glyph: BTreeMap::new(),
            glyph_widths: BTreeMap::new(),
            units_per_em: 1000,
            font_metrics: FontMetrics { ascent: ascent as i16, descent: descent as i16 },
            font_type: FontType::TrueType,
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em: 1000,
                x_min: x_min as i16,
                y_min: y_min as i16,
                x_max: x_max as i16,
                y_max: y_max as i16,
                ..PdfFontMetricsStub::default()
            },
        })
    }
}

/// Subsets every font that the pages use; programs that are in the cache `programs` are used again. `gap` is that between
/// Han and Latin, in thousandths of an em.
///
/// # Errors
/// If the subsetter refuses a font.
pub(super) fn subset(
    pages: &Pages,
    fonts: &Fonts,
    programs: &Programs,
    level: CompressionLvl,
    gap: i64,
) -> Result<Subsets, WriteError> {
    let subsets = subset::glyphs_in_use(pages, fonts).into_iter().map(|(id, used)| {
        let font = fonts.font(id);
        let program =
            programs.get(&Cut { font, glyphs: &used.glyphs, wider: (&used.before_gap, gap), level })?;
        Ok((id, Subset::new(id, font, used, program, gap)))
    });
    subsets.collect::<Result<_, _>>().map(Subsets)
}
