//! Widths of the text of cells, by the advances of its characters: what shaping gives, but for kerning.

use std::collections::BTreeMap;

use crate::document::{Document, NodeId, Shift};
use crate::font::{Fonts, is_ideograph};
use crate::geom::Length;
use crate::style::{Face, Style};
use crate::text::class::Class;

/// Widths of characters, each looked up once.
pub(super) struct Metrics<'a> {
    fonts: &'a Fonts,
    /// Between Han and Latin, in thousandths of an em.
    gap: i64,
    /// In millionths of an em.
    advances: BTreeMap<(Face, char), i64>,
}

impl<'a> Metrics<'a> {
    pub fn new(fonts: &'a Fonts, gap: i64) -> Metrics<'a> {
        Metrics { fonts, gap, advances: BTreeMap::new() }
    }

    /// The width of a text on one line, in this size.
    pub fn width(&mut self, text: &str, style: &Style, size: Length) -> Length {
        let mut millionths = 0;
        let mut before: Option<(char, Class)> = None;
        for character in text.chars() {
            let class = Class::of(character);
            millionths += self.advance(style.face, character);
            let is_border = before.is_some_and(|(last, other)| {
                (other == Class::Latin) != (class == Class::Latin)
                    && last.is_alphanumeric()
                    && character.is_alphanumeric()
            });
            if is_border {
                millionths += self.gap * 1000;
            }
            before = Some((character, class));
        }
        let spacing = style.character_spacing * text.chars().count() as i64;
        Length::emu(size.to_emu() * millionths / 1_000_000) + spacing
    }

    /// The width of the marks of footnotes in the text of a node.
    pub fn marks(&mut self, document: &Document, node: NodeId, style: &Style, size: Length) -> Length {
        let size = Shift::Raised.size(size);
        document.formats.marks(node).iter().map(|mark| self.width(&mark.text, style, size)).sum()
    }

    fn advance(&mut self, face: Face, character: char) -> i64 {
        // Ideographs of one font are all of one width.
        let key = if is_ideograph(character) { '公' } else { character };
        if let Some(known) = self.advances.get(&(face, key)) {
            return *known;
        }
        let advance = self.fonts.resolve(face, key).map_or(1_000_000, |(id, glyph)| {
            let font = self.fonts.font(id);
            i64::from(font.advance(glyph)) * 1_000_000 / i64::from(font.units_per_em())
        });
        self.advances.insert((face, key), advance);
        advance
    }
}
