//! `docProps/`, the document properties: title, issuers, dates and other metadata, for archives and search.
//!
//! Properties are in UTC: midnight in Beijing is 16:00 of the day before.

use std::collections::BTreeSet;

use crate::date::Date;
use crate::document::Document;
use crate::xml::Element;

const CORE: &str = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
const EXTENDED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
const CUSTOM: &str = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties";
const VALUES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes";

/// `docProps/core.xml`.
pub(super) fn core(document: &Document) -> Element<'static> {
    let info = &document.info;
    let text = |name: &'static str, text: &str| (!text.is_empty()).then(|| Element::new(name).text(text));
    let dates = info.date.map(midnight_in_utc).into_iter().flat_map(|instant| {
        ["dcterms:created", "dcterms:modified"]
            .map(|name| Element::new(name).with("xsi:type", "dcterms:W3CDTF").text(&instant))
    });
    Element::new("cp:coreProperties")
        .with("xmlns:cp", CORE)
        .with("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .with("xmlns:dcterms", "http://purl.org/dc/terms/")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .all(text("dc:title", &info.title))
        .all(text("dc:creator", &info.issuers.join("、")))
        .all(text("cp:keywords", &info.keywords.join("；")))
        .all(text("dc:description", info.summary.as_deref().unwrap_or_default()))
        .child(Element::new("dc:language").text("zh-CN"))
        .all(dates)
}

/// `docProps/app.xml`. The template (模板) names the layout, which `import` needs.
// ECMA-376-1, 22.2.2.26 (Template)
pub(super) fn app(layout: Option<&str>) -> Element<'static> {
    Element::new("Properties")
        .with("xmlns", EXTENDED)
        .all(layout.map(|id| Element::new("Template").text(id)))
        .child(Element::new("Application").text("gongwen"))
}

/// `docProps/custom.xml`: the other metadata by their Chinese names. `None` without any.
pub(super) fn custom(document: &Document) -> Option<Element<'static>> {
    let mut names = BTreeSet::new();
    let properties: Vec<Element<'static>> = document
        .info
        .fields
        .iter()
        // Word refuses a file in which two properties have the same name, ignoring case.
        .filter(|field| names.insert(field.label.to_lowercase()))
        .zip(2..)
        .map(|(field, id)| {
            Element::new("property")
                .with("fmtid", "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}")
                .with("pid", id)
                .with("name", &field.label)
                .child(Element::new("vt:lpwstr").text(&field.value))
        })
        .collect();
    (!properties.is_empty())
        .then(|| Element::new("Properties").with("xmlns", CUSTOM).with("xmlns:vt", VALUES).all(properties))
}

/// The first moment of the day in Beijing, as W3CDTF in UTC.
fn midnight_in_utc(date: Date) -> String {
    format!("{}T16:00:00Z", day_before(date).iso())
}

fn day_before(date: Date) -> Date {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let last_of = |year, month| (28..=31).rev().find_map(|day| Date::new(year, month, day));
    let before = match (month, day) {
        (1, 1) => last_of(year - 1, 12),
        (_, 1) => last_of(year, month - 1),
        _ => Date::new(year, month, day - 1),
    };
    // Only the first day that a date can hold, in the year 1000, has none before it.
    before.unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_midnight_in_beijing() {
        let utc = |text| midnight_in_utc(Date::parse(text).unwrap());
        assert_eq!(utc("2024-01-31"), "2024-01-30T16:00:00Z");
        assert_eq!(utc("2024-03-01"), "2024-02-29T16:00:00Z");
        assert_eq!(utc("2024-01-01"), "2023-12-31T16:00:00Z");
        assert_eq!(utc("1000-01-01"), "1000-01-01T16:00:00Z");
    }
}
