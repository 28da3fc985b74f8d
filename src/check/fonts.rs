//! Which fonts draw the characters of a document.
//!
//! The composed document is examined and not its pages, since a character that no font has is never on a
//! page.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::font::{Digits, FontId, Fonts, Purpose, is_combining, is_latin, normalise_pua};
use crate::style::{Face, Role};

use super::glyphs::{clusters, glyphs};

/// The use of fonts in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FontUse {
    /// The roles that have text, by the face that they are set in.
    pub(crate) roles: BTreeMap<Face, BTreeSet<Role>>,
    /// How many characters each font draws.
    pub(crate) counts: BTreeMap<FontId, usize>,
    /// The characters that are not drawn by the first font of their purpose.
    pub(crate) fallbacks: BTreeMap<(Purpose, FontId), BTreeSet<char>>,
    /// Private-use characters and what is drawn for them.
    pub(crate) private_use: BTreeMap<char, char>,
    /// The characters that no font has, with their places.
    pub missing: Vec<Diagnostic>,
}

/// The fonts that draw the characters of a document. Page numbers, which depend on the layout alone, are not
/// included.
pub fn font_use(document: &Document, fonts: &Fonts) -> FontUse {
    // Private-use characters that are printed have a list of their own.
    let missing =
        glyphs(document, fonts).into_iter().filter(|found| found.severity == Severity::Error).collect();
    let mut found = FontUse { missing, ..FontUse::default() };
    clusters(document, &mut |_, role, cluster| {
        let Some(character) = cluster.chars().next() else { return };
        let face = document.styles.get(role).face;
        found.roles.entry(face).or_default().insert(role);
        if let Some(standard) = normalise_pua(character) {
            found.private_use.insert(character, standard);
        }
        let whole = || fonts.resolve_cluster(face, Digits::Latin, cluster);
        let font = if cluster.contains(is_combining) {
            whole()
        } else {
            fonts.resolve(face, character).map(|(font, _)| font)
        };
        let Some(font) = font else { return };
        *found.counts.entry(font).or_default() += 1;
        let purpose = if is_latin(character) { Purpose::Latin } else { Purpose::Face(face) };
        if font != fonts.first(purpose) {
            found.fallbacks.entry((purpose, font)).or_default().insert(character);
        }
    });
    found
}
