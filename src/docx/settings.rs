//! `word/settings.xml` and `word/fontTable.xml`: how Word is to lay the document out, and what stands in for a font.
//!
//! There is no theme: with one, WPS asks for its fonts and reports them missing (缺失字体).

use std::collections::BTreeSet;

use super::xml::Element;
use crate::document::{Document, NOT_AT_END, NOT_AT_START};

/// `word/settings.xml`.
pub(super) fn settings(document: &Document) -> Element {
    let value = |name: &str, value: &str| Element::new(name).with("w:val", value);
    // ECMA-376-1, 17.18.7 (ST_CharacterSpacing)
    let compression =
        if document.text.compress_punctuation { "compressPunctuation" } else { "doNotCompress" };
    let compatibility = [
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
        ("differentiateMultirowTableHeaders", 1),
    ];
    Element::new("w:settings")
        .with("xmlns:w", super::WORD_NAMESPACE)
        .child(Element::new("w:zoom").with("w:percent", 100))
        .child(value("w:defaultTabStop", "420"))
        .child(Element::new("w:evenAndOddHeaders"))
        .child(value("w:characterSpacingControl", compression))
        .child(value("w:noLineBreaksAfter", NOT_AT_END).with("w:lang", "zh-CN"))
        .child(value("w:noLineBreaksBefore", NOT_AT_START).with("w:lang", "zh-CN"))
        .child(
            Element::new("w:compat")
                // A line ended by hand is not stretched to the margin.
                .all([Element::new("w:doNotExpandShiftReturn"), Element::new("w:useFELayout")])
                .all(compatibility.map(|(name, value)| {
                    Element::new("w:compatSetting")
                        .with("w:name", name)
                        .with("w:uri", "http://schemas.microsoft.com/office/word")
                        .with("w:val", value)
                })),
        )
        .child(Element::new("w:themeFontLang").with("w:val", "zh-CN").with("w:eastAsia", "zh-CN"))
        .child(value("w:decimalSymbol", "."))
        .child(value("w:listSeparator", ","))
}

/// `word/fontTable.xml`: every font that a style names, with its other names.
pub(super) fn font_table(document: &Document) -> Element {
    let mut root = Element::new("w:fonts").with("xmlns:w", super::WORD_NAMESPACE);
    let mut told = BTreeSet::new();
    for family in document.families.values() {
        if told.insert(family.east_asian.as_str()) {
            root = root.child(font(&family.east_asian, &family.alternatives, "86", "auto"));
        }
    }
    for family in document.families.values() {
        if told.insert(family.latin.as_str()) {
            root = root.child(font(&family.latin, &[], "00", "roman"));
        }
    }
    root
}

fn font(name: &str, alternatives: &[String], charset: &str, family: &str) -> Element {
    let mut font = Element::new("w:font").with("w:name", name);
    if !alternatives.is_empty() {
        font = font.child(Element::new("w:altName").with("w:val", alternatives.join(",")));
    }
    font.child(Element::new("w:charset").with("w:val", charset))
        .child(Element::new("w:family").with("w:val", family))
        .child(Element::new("w:pitch").with("w:val", "variable"))
}
