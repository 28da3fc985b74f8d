//! Page and styles of the layout, resolved to lengths.

use std::collections::BTreeMap;

use crate::document::{ColophonPlace, NumberPosition, PageGeometry, PageNumber, TextRules};
use crate::geom::{Length, Size};
use crate::layout::{Layout, PositionSpec, StyleSpec};
use crate::style::{Colour, Face, Family, Orientation, Role, Style, Styles};

/// 行: GB/T 33476.2—2016 gives a line of the standard as 10.39 mm.
pub(super) const LINE_MM: f64 = 10.39;

/// The distance from the paper's bottom to the 225 mm type area of the standard: GB/T 9704—2012, 5.2.
const STANDARD_BOTTOM_MM: f64 = 35.0;

/// Paper, margins and grid of the profile in force.
pub(super) fn page(layout: &Layout) -> PageGeometry {
    let profile = layout.profile();
    let mut page = PageGeometry {
        paper: Size::new(layout.page.width, layout.page.height),
        margin_top: profile.margin_top,
        margin_bottom: profile.margin_bottom,
        margin_left: profile.margin_left,
        margin_right: profile.margin_right,
        characters: layout.page.characters,
        line_pitch: profile.line_pitch,
        character_spacing: profile.character_spacing,
        number: PageNumber {
            prefix: layout.page_number.prefix.clone(),
            suffix: layout.page_number.suffix.clone(),
            position: match layout.page_number.position {
                PositionSpec::Outside => NumberPosition::Outside,
                PositionSpec::Centre => NumberPosition::Centre,
                PositionSpec::None => NumberPosition::None,
            },
            indent: Length::ZERO,
            on_first_page: layout.page_number.on_first_page,
            middle_from_bottom: Length::mm(STANDARD_BOTTOM_MM) - layout.page_number.below,
        },
        colophon: ColophonPlace {
            from_bottom: type_area_from_bottom(layout),
            on_even_page: layout.colophon.even_page,
        },
    };
    page.number.indent = page.character_pitch().scale(layout.page_number.indent);
    page
}

/// From the bottom of the paper to the lower edge of the type area. A margin that is counted to the leading of the last
/// line is smaller than that, by half the leading at most.
fn type_area_from_bottom(layout: &Layout) -> Length {
    let profile = layout.profile();
    let half_leading = (profile.line_pitch - layout.styles[&Role::Body].size) / 2;
    let margin = profile.margin_bottom;
    Length::mm(STANDARD_BOTTOM_MM).min(margin + half_leading).max(margin)
}

/// The page geometry of blocks of this orientation.
pub(super) fn geometry(layout: &Layout, orientation: Orientation) -> PageGeometry {
    match orientation {
        Orientation::Portrait => page(layout),
        Orientation::Landscape => page(layout).turned(styles(layout).get(Role::Body)),
    }
}

/// The rules of line breaking.
pub(super) fn text(layout: &Layout) -> TextRules {
    TextRules {
        han_latin_gap: layout.text.han_latin_gap,
        compress_punctuation: layout.text.compress_punctuation,
        paragraph_start_trim: layout.text.paragraph_start_trim,
        widow_control: layout.text.widow_control,
        keep_number_with_unit: layout.text.keep_number_with_unit,
    }
}

/// The styles of all roles.
pub(super) fn styles(layout: &Layout) -> Styles {
    let page = page(layout);
    let pitch = |spec: &StyleSpec| spec.line_pitch.unwrap_or(page.line_pitch);
    let body = &layout.styles[&Role::Body];
    let half_leading = |spec: &StyleSpec| (pitch(spec) - spec.size) / 2;
    let clear = |spec: &StyleSpec, lines: Option<f64>| {
        lines.map_or(Length::ZERO, |lines| {
            Length::mm(LINE_MM * lines) - half_leading(spec) - half_leading(body)
        })
    };
    let finished = layout.styles.iter().map(|(role, spec)| {
        let characters = |count: f64| page.character_pitch().scale(count);
        let colour = spec.colour.as_ref().and_then(|name| layout.colours.get(name));
        let style = Style {
            face: spec.face,
            size: spec.size,
            colour: colour
                .and_then(|text| crate::layout::parse_colour(text))
                .map_or(Colour::BLACK, |rgb| Colour { rgb }),
            align: spec.align,
            indent_left: characters(spec.indent_left),
            indent_right: characters(spec.indent_right),
            indent_first: characters(spec.indent_first),
            line_pitch: pitch(spec),
            character_spacing: if spec.grid { page.character_spacing } else { Length::ZERO },
            space_before: spec.space_before + clear(spec, spec.clear_before),
            space_after: spec.space_after + clear(spec, spec.clear_after),
            keep_with_next: spec.keep_with_next,
        };
        (*role, style)
    });
    Styles(finished.collect())
}

/// Half of what the lines of a role have beyond their characters.
pub(super) fn leading(styles: &Styles, role: Role) -> Length {
    styles.get(role).leading()
}

/// 空行: the gap that leaves this many clear lines between the glyphs of two roles.
pub(super) fn clear(styles: &Styles, above: Role, below: Role, lines: f64) -> Length {
    Length::mm(LINE_MM * lines) - leading(styles, above) - leading(styles, below)
}

/// The official names of the fonts.
pub(super) fn families(layout: &Layout) -> BTreeMap<Face, Family> {
    let families = layout.faces.iter().map(|(face, spec)| {
        let family = Family {
            east_asian: spec.east_asian.clone(),
            latin: spec.latin.clone(),
            alternatives: spec.alternatives.clone(),
        };
        (*face, family)
    });
    families.collect()
}
