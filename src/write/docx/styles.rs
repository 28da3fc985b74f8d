//! `word/styles.xml`: one paragraph style for every role.
//!
//! Every style is based on 正文 and has only the attributes in which it differs, so that a change of 正文 changes
//! all styles that inherit from it. A style without a font has that of 正文.

use std::collections::BTreeSet;

use super::inline::HYPERLINK;
use super::names;
use crate::document::{Align, BlockKind, Colour, Document, Face, Family, Role, Style};
use crate::geom::Length;
use crate::xml::Element;

/// The part. `inline` are the roles of runs in paragraphs of another role: each gets a character style. With `links`
/// there are hyperlinks.
pub(super) fn styles(document: &Document, inline: &BTreeSet<Role>, links: bool) -> Element<'static> {
    let body = document.styles.get(Role::Body);
    let mut root = Element::new("w:styles")
        .with("xmlns:w", super::WORD_NAMESPACE)
        .child(defaults(document, body))
        .child(body_style(document, body))
        .all([default_character_style(), default_table_style(), default_numbering_style()]);
    let used = occasional(document);
    let is_written = |role: &Role| *role != Role::Body && (!role.is_occasional() || used.contains(role));
    for role in Role::ALL.into_iter().filter(is_written) {
        let linked = names::heading_level(role).is_some() || inline.contains(&role);
        root = root.child(paragraph_style(document, role, linked));
        if linked {
            root = root.child(character_style(document, role));
        }
    }
    if inline.contains(&Role::Body) {
        root = root.child(character_style(document, Role::Body));
    }
    if links {
        root = root.child(hyperlink_style());
    }
    if !document.notes.is_empty() {
        root = root.child(super::footnotes::reference_style());
    }
    root
}

/// The occasional roles that the document has.
fn occasional(document: &Document) -> BTreeSet<Role> {
    let mut roles = BTreeSet::new();
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Paragraph(paragraph) => {
                roles.insert(paragraph.role);
                roles.extend(paragraph.runs.iter().map(|run| run.role));
            }
            BlockKind::Title(title) => drop(roles.insert(title.role)),
            BlockKind::Contents(contents) => {
                roles.extend(contents.entries.iter().map(|entry| Role::contents(entry.level)));
            }
            _ => {}
        }
    }
    if !document.notes.is_empty() {
        roles.insert(Role::Footnote);
    }
    roles.retain(|role| role.is_occasional());
    roles
}

/// 文档默认值: the defaults of the whole file. Kinsoku on, no punctuation hanging into the margin.
///
/// Nothing snaps to the grid: exact line heights produce the grid, and with snapping LibreOffice would
/// stretch every line of a title or a table to a whole number of body lines. The Latin language is English,
/// because with Chinese LibreOffice breaks lines within numbers.
fn defaults(document: &Document, body: &Style) -> Element<'static> {
    let run = Element::new("w:rPr")
        .child(fonts(document, body.face))
        .child(value("w:sz", half_points(body.size)))
        .child(value("w:szCs", half_points(body.size)))
        .child(
            Element::new("w:lang").with("w:val", "en-US").with("w:eastAsia", "zh-CN").with("w:bidi", "ar-SA"),
        );
    let paragraph = Element::new("w:pPr").all(line_rules(document));
    Element::new("w:docDefaults")
        .child(Element::new("w:rPrDefault").child(run))
        .child(Element::new("w:pPrDefault").child(paragraph))
}

/// The rules of line breaking and pagination. LibreOffice lets punctuation hang unless the style of the
/// paragraph itself forbids it, so 正文 repeats these defaults.
fn line_rules(document: &Document) -> [Element<'static>; 6] {
    let gap = |name| match document.text.han_latin_gap {
        0 => value(name, 0),
        _ => Element::new(name),
    };
    [
        value("w:widowControl", u8::from(document.text.widow_control)),
        Element::new("w:kinsoku"),
        value("w:overflowPunct", 0),
        gap("w:autoSpaceDE"),
        gap("w:autoSpaceDN"),
        value("w:snapToGrid", 0),
    ]
}

/// 正文, complete.
fn body_style(document: &Document, body: &Style) -> Element<'static> {
    let mut paragraph = Element::new("w:pPr");
    if body.keep_with_next {
        paragraph = paragraph.child(Element::new("w:keepNext"));
    }
    paragraph = paragraph
        .all(line_rules(document))
        .child(spacing(body, None))
        .child(indent(document, body, None))
        .child(value("w:jc", justification(body.align)));
    let run = Element::new("w:rPr")
        .child(fonts(document, body.face))
        .child(value("w:color", colour(body.colour)))
        .child(value("w:spacing", body.character_spacing.to_twips()))
        .child(value("w:sz", half_points(body.size)))
        .child(value("w:szCs", half_points(body.size)));
    Element::new("w:style")
        .with("w:type", "paragraph")
        .with("w:default", 1)
        .with("w:styleId", names::style(Role::Body).id)
        .child(value("w:name", names::style(Role::Body).name))
        .child(Element::new("w:qFormat"))
        .child(paragraph)
        .child(run)
}

fn paragraph_style(document: &Document, role: Role, linked: bool) -> Element<'static> {
    let names = names::style(role);
    let mut style = Element::new("w:style").with("w:type", "paragraph");
    if !names.is_built_in() {
        style = style.with("w:customStyle", 1);
    }
    style = style
        .with("w:styleId", names.id)
        .child(value("w:name", names.name))
        .child(value("w:basedOn", names::style(Role::Body).id));
    if names::heading_level(role).is_some() || role == Role::Title {
        style = style.child(value("w:next", names::style(Role::Body).id));
    }
    if linked {
        style = style.child(value("w:link", names::character_style_id(role)));
    }
    style = style.child(value("w:uiPriority", priority(role))).child(Element::new("w:qFormat"));
    let paragraph = paragraph_properties(document, role);
    let run = run_properties(document, role);
    style.all([paragraph, run].into_iter().filter(|properties| !properties.children.is_empty()))
}

/// Where the paragraphs of the role differ from 正文.
fn paragraph_properties(document: &Document, role: Role) -> Element<'static> {
    let body = document.styles.get(Role::Body);
    let style = fitted(document, role);
    let mut properties = Element::new("w:pPr");
    if style.keep_with_next != body.keep_with_next {
        let keep = Element::new("w:keepNext");
        properties = properties.child(if style.keep_with_next { keep } else { keep.with("w:val", 0) });
    }
    if role == Role::Illustration {
        // With an exact line height Word crops the image to a line.
        properties = properties.child(
            Element::new("w:spacing")
                .with("w:before", style.space_before.to_twips())
                .with("w:after", style.space_after.to_twips())
                .with("w:line", 240)
                .with("w:lineRule", "auto"),
        );
    } else {
        properties = properties.child(spacing(&style, Some(body)));
    }
    properties = properties.child(indent(document, &style, Some(body)));
    if style.align != body.align {
        properties = properties.child(value("w:jc", justification(style.align)));
    }
    if let Some(level) = names::heading_level(role) {
        properties = properties.child(value("w:outlineLvl", level - 1));
    }
    without_empty(properties, &["w:spacing", "w:ind"])
}

/// Where the characters of the role differ from 正文.
fn run_properties(document: &Document, role: Role) -> Element<'static> {
    let body = document.styles.get(Role::Body);
    let style = document.styles.get(role);
    let mut properties = Element::new("w:rPr");
    if style.face != body.face {
        properties = properties.child(fonts(document, style.face));
    }
    if style.colour != body.colour {
        properties = properties.child(value("w:color", colour(style.colour)));
    }
    if style.character_spacing != body.character_spacing {
        properties = properties.child(value("w:spacing", style.character_spacing.to_twips()));
    }
    if style.size != body.size {
        properties = properties
            .child(value("w:sz", half_points(style.size)))
            .child(value("w:szCs", half_points(style.size)));
    }
    properties
}

/// The character style of a run in a paragraph of another role. It sets the face only.
fn character_style(document: &Document, role: Role) -> Element<'static> {
    Element::new("w:style")
        .with("w:type", "character")
        .with("w:customStyle", 1)
        .with("w:styleId", names::character_style_id(role))
        .child(value("w:name", names::character_style_name(role)))
        .child(value("w:basedOn", "DefaultParagraphFont"))
        .all((role != Role::Body).then(|| value("w:link", names::style(role).id)))
        .child(value("w:uiPriority", priority(role)))
        .child(Element::new("w:rPr").child(fonts(document, document.styles.get(role).face)))
}

/// The style, adapted to Word: the line of a page number must not reach into the type area, because Word
/// would then shrink the type area.
fn fitted(document: &Document, role: Role) -> Style {
    let mut style = document.styles.get(role).clone();
    if role == Role::PageNumber {
        style.line_pitch = super::page::number_line_pitch(document);
        // The side depends on the page, so the footer's paragraph sets it.
        style.indent_left = Length::ZERO;
        style.indent_right = Length::ZERO;
    }
    style
}

/// The order in which Word recommends the styles.
fn priority(role: Role) -> usize {
    1 + Role::ALL.iter().position(|other| *other == role).unwrap_or(Role::ALL.len())
}

fn spacing(style: &Style, base: Option<&Style>) -> Element<'static> {
    let mut spacing = Element::new("w:spacing");
    let differs = |of: fn(&Style) -> Length| base.is_none_or(|base| of(base) != of(style));
    if differs(|s| s.space_before) {
        spacing = spacing.with("w:before", style.space_before.to_twips());
    }
    if differs(|s| s.space_after) {
        spacing = spacing.with("w:after", style.space_after.to_twips());
    }
    if differs(|s| s.line_pitch) {
        spacing = spacing.with("w:line", style.line_pitch.to_twips()).with("w:lineRule", "exact");
    }
    spacing
}

/// Indents in twips, and for the first line in characters too: Word's dialogue then shows 首行缩进 2 字符.
fn indent(document: &Document, style: &Style, base: Option<&Style>) -> Element<'static> {
    let mut indent = Element::new("w:ind");
    let differs = |of: fn(&Style) -> Length| base.is_none_or(|base| of(base) != of(style));
    if differs(|s| s.indent_left) {
        indent = indent.with("w:left", style.indent_left.to_twips());
    }
    if differs(|s| s.indent_right) {
        indent = indent.with("w:right", style.indent_right.to_twips());
    }
    if differs(|s| s.indent_first) || differs(|s| s.size) {
        let characters = whole_characters(style.indent_first, style.size, document.page.character_pitch());
        indent = indent.with("w:firstLineChars", characters.unwrap_or(0) * 100);
        indent = if style.indent_first < Length::ZERO {
            indent.with("w:hanging", style.indent_first.abs().to_twips())
        } else {
            indent.with("w:firstLine", style.indent_first.to_twips())
        };
    }
    indent
}

/// How many characters an indent is, if it is a whole number of them.
fn whole_characters(indent: Length, size: Length, pitch: Length) -> Option<i64> {
    [size, pitch].into_iter().filter(|width| *width > Length::ZERO).find_map(|width| {
        let characters = indent / width;
        ((characters - characters.round()).abs() < 0.02 && characters > 0.5)
            .then(|| characters.round() as i64)
    })
}

/// The fonts of a face, for all the scripts: a script left out falls back to 宋体.
fn fonts(document: &Document, face: Face) -> Element<'static> {
    let fallback = Family {
        east_asian: "宋体".to_owned(),
        latin: "Times New Roman".to_owned(),
        alternatives: Vec::new(),
    };
    let family = document.families.get(&face).unwrap_or(&fallback);
    Element::new("w:rFonts")
        .with("w:ascii", &family.latin)
        .with("w:hAnsi", &family.latin)
        .with("w:eastAsia", &family.east_asian)
        .with("w:cs", &family.latin)
}

/// 超链接: it looks like the text around it.
fn hyperlink_style() -> Element<'static> {
    Element::new("w:style")
        .with("w:type", "character")
        .with("w:styleId", HYPERLINK)
        .child(value("w:name", "Hyperlink"))
        .child(value("w:basedOn", "DefaultParagraphFont"))
        .child(value("w:uiPriority", 99))
        .child(Element::new("w:unhideWhenUsed"))
}

fn default_character_style() -> Element<'static> {
    Element::new("w:style")
        .with("w:type", "character")
        .with("w:default", 1)
        .with("w:styleId", "DefaultParagraphFont")
        .child(value("w:name", "Default Paragraph Font"))
        .child(value("w:uiPriority", 99))
        .all([Element::new("w:semiHidden"), Element::new("w:unhideWhenUsed")])
}

fn default_table_style() -> Element<'static> {
    let margin = |side: &'static str, width: i64| Element::new(side).with("w:w", width).with("w:type", "dxa");
    let margins = [("w:top", 0), ("w:left", 108), ("w:bottom", 0), ("w:right", 108)];
    Element::new("w:style")
        .with("w:type", "table")
        .with("w:default", 1)
        .with("w:styleId", "TableNormal")
        .child(value("w:name", "Normal Table"))
        .child(value("w:uiPriority", 99))
        .all([Element::new("w:semiHidden"), Element::new("w:unhideWhenUsed")])
        .child(
            Element::new("w:tblPr")
                .child(margin("w:tblInd", 0))
                .child(Element::new("w:tblCellMar").all(margins.map(|(side, width)| margin(side, width)))),
        )
}

fn default_numbering_style() -> Element<'static> {
    Element::new("w:style")
        .with("w:type", "numbering")
        .with("w:default", 1)
        .with("w:styleId", "NoList")
        .child(value("w:name", "No List"))
        .child(value("w:uiPriority", 99))
        .all([Element::new("w:semiHidden"), Element::new("w:unhideWhenUsed")])
}

/// An element that is only a value.
fn value(name: &'static str, value: impl ToString) -> Element<'static> {
    Element::new(name).with("w:val", value)
}

fn without_empty(mut element: Element<'static>, names: &[&str]) -> Element<'static> {
    element.children.retain(|node| match node {
        crate::xml::Node::Element(child) => !(names.contains(&&*child.name) && child.attributes.is_empty()),
        crate::xml::Node::Text(_) => true,
    });
    element
}

fn half_points(size: Length) -> i64 {
    (size.to_pt() * 2.0).round() as i64
}

fn justification(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
        Align::Justify => "both",
    }
}

fn colour(colour: Colour) -> String {
    colour.rgb.iter().map(|channel| format!("{channel:02X}")).collect()
}
