//! `word/settings.xml` and `word/fontTable.xml`: layout settings of Word, and substitutes of fonts.
//!
//! There is no theme: with one, WPS asks for its fonts and reports them missing (缺失字体).

use std::collections::BTreeSet;

use super::fonts::EmbeddedFont;
use crate::document::{Document, NOT_AT_END, NOT_AT_START};
use crate::xml::{Element, Node};

/// `word/settings.xml`.
pub(super) fn settings(document: &Document, fonts: &[EmbeddedFont]) -> Element<'static> {
    let value = |name: &'static str, value: &str| Element::new(name).with("w:val", value);
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
        // ECMA-376-1, 17.8.3.8 and 17.8.3.15: a program that saves the file again embeds the fonts in use.
        .all(
            ["w:embedTrueTypeFonts", "w:saveSubsetFonts"]
                .into_iter()
                .filter(|_| !fonts.is_empty())
                .map(Element::new),
        )
        .child(value("w:defaultTabStop", "420"))
        .child(Element::new("w:evenAndOddHeaders"))
        .child(value("w:characterSpacingControl", compression))
        .child(value("w:noLineBreaksAfter", NOT_AT_END).with("w:lang", "zh-CN"))
        .child(value("w:noLineBreaksBefore", NOT_AT_START).with("w:lang", "zh-CN"))
        .all(super::footnotes::settings(document))
        .child(
            Element::new("w:compat")
                // A line with a manual break is not justified.
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
pub(super) fn font_table(document: &Document, fonts: &[EmbeddedFont]) -> Element<'static> {
    let mut root = Element::new("w:fonts").with("xmlns:w", super::WORD_NAMESPACE);
    let mut listed = BTreeSet::new();
    for family in document.families.values() {
        if listed.insert(family.east_asian.as_str()) {
            root = root.child(font(&family.east_asian, &family.alternatives, "86", "auto"));
        }
    }
    for family in document.families.values() {
        if listed.insert(family.latin.as_str()) {
            root = root.child(font(&family.latin, &[], "00", "roman"));
        }
    }
    for embedded in fonts {
        if listed.insert(&embedded.name) {
            root = root.child(font(&embedded.name, &[], "86", "auto"));
        }
    }
    if !fonts.is_empty() {
        root = root.with("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships");
    }
    for (number, embedded) in (1..).zip(fonts) {
        let fonts = root.elements_mut();
        for font in fonts.filter(|font| font.attribute("w:name") == Some(&embedded.name)) {
            // ECMA-376-1, 17.8.3.5 (embedRegular)
            let regular = Element::new("w:embedRegular")
                .with("r:id", format!("rIdFont{number}"))
                .with("w:fontKey", &embedded.key);
            font.children.push(Node::Element(regular));
        }
    }
    root
}

fn font(name: &str, alternatives: &[String], charset: &str, family: &str) -> Element<'static> {
    let mut font = Element::new("w:font").with("w:name", name);
    if !alternatives.is_empty() {
        font = font.child(Element::new("w:altName").with("w:val", alternatives.join(",")));
    }
    font.child(Element::new("w:charset").with("w:val", charset))
        .child(Element::new("w:family").with("w:val", family))
        .child(Element::new("w:pitch").with("w:val", "variable"))
}
