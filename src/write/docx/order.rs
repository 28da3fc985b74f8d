//! The order of children that the schema prescribes. Word calls a file damaged if it is not kept.
//!
//! docx-rs writes the children of properties in another order. An element that is not listed keeps its order.

/// The children of a properties element, in order.
pub(super) fn order_in(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "w:pPr" => PARAGRAPH,
        "w:rPr" => RUN,
        "w:tblPr" => TABLE,
        "w:trPr" => ROW,
        "w:tcPr" => CELL,
        "w:tblBorders" => BORDERS,
        "w:tblCellMar" => MARGINS,
        "w:sectPr" => SECTION,
        "w:tbl" => &["w:bookmarkStart", "w:tblPr", "w:tblGrid", "w:tr"],
        _ => return None,
    })
}

/// The place of a child in that order.
pub(super) fn rank(order: &[&str], name: &str) -> usize {
    order.iter().position(|other| *other == name).unwrap_or(order.len())
}

// ECMA-376-1, 17.3.1.26 (pPr)
pub(super) const PARAGRAPH: &[&str] = &[
    "w:pStyle",
    "w:keepNext",
    "w:keepLines",
    "w:pageBreakBefore",
    "w:framePr",
    "w:widowControl",
    "w:numPr",
    "w:suppressLineNumbers",
    "w:pBdr",
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:kinsoku",
    "w:wordWrap",
    "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
];

// ECMA-376-1, 17.3.2.28 (rPr)
const RUN: &[&str] = &[
    "w:rStyle",
    "w:rFonts",
    "w:b",
    "w:bCs",
    "w:i",
    "w:iCs",
    "w:caps",
    "w:smallCaps",
    "w:strike",
    "w:dstrike",
    "w:outline",
    "w:shadow",
    "w:emboss",
    "w:imprint",
    "w:noProof",
    "w:snapToGrid",
    "w:vanish",
    "w:webHidden",
    "w:color",
    "w:spacing",
    "w:w",
    "w:kern",
    "w:position",
    "w:sz",
    "w:szCs",
    "w:highlight",
    "w:u",
    "w:effect",
    "w:bdr",
    "w:shd",
    "w:fitText",
    "w:vertAlign",
    "w:rtl",
    "w:cs",
    "w:em",
    "w:lang",
    "w:eastAsianLayout",
    "w:specVanish",
    "w:oMath",
];

// ECMA-376-1, 17.4.60 (tblPr)
pub(super) const TABLE: &[&str] = &[
    "w:tblStyle",
    "w:tblpPr",
    "w:tblOverlap",
    "w:bidiVisual",
    "w:tblStyleRowBandSize",
    "w:tblStyleColBandSize",
    "w:tblW",
    "w:jc",
    "w:tblCellSpacing",
    "w:tblInd",
    "w:tblBorders",
    "w:shd",
    "w:tblLayout",
    "w:tblCellMar",
    "w:tblLook",
    "w:tblCaption",
    "w:tblDescription",
    "w:tblPrChange",
];

// ECMA-376-1, 17.4.82 (trPr): any order; this one is Word's.
pub(super) const ROW: &[&str] = &[
    "w:cnfStyle",
    "w:gridBefore",
    "w:gridAfter",
    "w:wBefore",
    "w:wAfter",
    "w:cantSplit",
    "w:trHeight",
    "w:tblHeader",
    "w:tblCellSpacing",
    "w:jc",
    "w:hidden",
];

// ECMA-376-1, 17.4.70 (tcPr)
const CELL: &[&str] = &[
    "w:cnfStyle",
    "w:tcW",
    "w:gridSpan",
    "w:hMerge",
    "w:vMerge",
    "w:tcBorders",
    "w:shd",
    "w:noWrap",
    "w:tcMar",
    "w:textDirection",
    "w:tcFitText",
    "w:vAlign",
    "w:hideMark",
];

// ECMA-376-1, 17.4.39 (tblBorders)
const BORDERS: &[&str] = &["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"];

// ECMA-376-1, 17.4.43 (tblCellMar)
const MARGINS: &[&str] = &["w:top", "w:left", "w:bottom", "w:right"];

// ECMA-376-1, 17.6.17 (sectPr)
pub(super) const SECTION: &[&str] = &[
    "w:headerReference",
    "w:footerReference",
    "w:footnotePr",
    "w:endnotePr",
    "w:type",
    "w:pgSz",
    "w:pgMar",
    "w:paperSrc",
    "w:pgBorders",
    "w:lnNumType",
    "w:pgNumType",
    "w:cols",
    "w:formProt",
    "w:vAlign",
    "w:noEndnote",
    "w:titlePg",
    "w:textDirection",
    "w:bidi",
    "w:rtlGutter",
    "w:docGrid",
];
