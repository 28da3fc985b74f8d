//! The workbook inside a chart: its categories in the first column, a series in each of the next ones.
//!
//! It is written here and not by the library of the feature `workbook`, so that every Word file has charts that can be
//! edited; a sheet of texts and numbers needs five small parts.

use super::archive::Zip;
use super::chart::format;
use crate::document::Chart;
use crate::xml::{self, Element};

const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEET: &str = "Sheet1";
/// The first number of a format of one's own. // ECMA-376-1, 18.8.30
const FIRST_FORMAT: usize = 164;

/// Where the name of a series is.
pub(super) fn name_of(series: usize) -> String {
    format!("{SHEET}!${}$1", column(series + 1))
}

/// Where the categories are.
pub(super) fn categories(count: usize) -> String {
    format!("{SHEET}!$A$2:$A${}", count + 1)
}

/// Where the figures of a series are.
pub(super) fn values(series: usize, count: usize) -> String {
    let column = column(series + 1);
    format!("{SHEET}!${column}$2:${column}${}", count + 1)
}

/// The letter of a column: a chart has few.
fn column(number: usize) -> char {
    char::from(b'A' + u8::try_from(number.min(25)).unwrap_or(25))
}

/// The workbook of a chart.
pub(super) fn workbook(chart: &Chart) -> Vec<u8> {
    let mut formats: Vec<String> = Vec::new();
    let sheet = sheet(chart, &mut formats);
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", &xml::write(&content_types()));
    zip.add("_rels/.rels", &xml::write(&relationships(&[("officeDocument", "xl/workbook.xml")])));
    zip.add("xl/workbook.xml", &xml::write(&book()));
    let parts = [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")];
    zip.add("xl/_rels/workbook.xml.rels", &xml::write(&relationships(&parts)));
    zip.add("xl/worksheets/sheet1.xml", &xml::write(&sheet));
    zip.add("xl/styles.xml", &xml::write(&styles(&formats)));
    zip.finish()
}

fn content_types() -> Element<'static> {
    let kind = |kind: &str| format!("application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml");
    let default = |extension: &str, kind: &str| {
        Element::new("Default").with("Extension", extension).with("ContentType", kind)
    };
    let part =
        |name: &str, kind: &str| Element::new("Override").with("PartName", name).with("ContentType", kind);
    Element::new("Types")
        .with("xmlns", TYPES)
        .child(default("rels", "application/vnd.openxmlformats-package.relationships+xml"))
        .child(default("xml", "application/xml"))
        .child(part("/xl/workbook.xml", &kind("sheet.main")))
        .child(part("/xl/worksheets/sheet1.xml", &kind("worksheet")))
        .child(part("/xl/styles.xml", &kind("styles")))
}

fn relationships(targets: &[(&str, &str)]) -> Element<'static> {
    let relationship = |(number, (kind, target)): (usize, &(&str, &str))| {
        Element::new("Relationship")
            .with("Id", format!("rId{}", number + 1))
            .with("Type", format!("{OFFICE}/{kind}"))
            .with("Target", target)
    };
    Element::new("Relationships")
        .with("xmlns", RELATIONSHIPS)
        .all(targets.iter().enumerate().map(relationship))
}

fn book() -> Element<'static> {
    let sheet = Element::new("sheet").with("name", SHEET).with("sheetId", 1).with("r:id", "rId1");
    Element::new("workbook")
        .with("xmlns", SPREADSHEET)
        .with("xmlns:r", OFFICE)
        .child(Element::new("sheets").child(sheet))
}

/// The sheet; the formats of its numbers are added to `formats`, each once.
// ECMA-376-1, 18.3.1.99 (worksheet)
fn sheet(chart: &Chart, formats: &mut Vec<String>) -> Element<'static> {
    let place = |column: usize, row: usize| format!("{}{row}", self::column(column));
    let text = |column: usize, row: usize, text: &str| {
        Element::new("c")
            .with("r", place(column, row))
            .with("t", "inlineStr")
            .child(Element::new("is").child(Element::new("t").with("xml:space", "preserve").text(text)))
    };
    let names = chart.series.iter().enumerate().map(|(at, series)| text(at + 1, 1, &series.name));
    let head = Element::new("row").with("r", 1).all(names);
    let mut data = Element::new("sheetData").child(head);
    for (category, name) in chart.categories.iter().enumerate() {
        let number = category + 2;
        let mut row = Element::new("row").with("r", number).child(text(0, number, name));
        for (at, series) in chart.series.iter().enumerate() {
            let Some(point) = &series.points[category] else { continue };
            let own = format(point.written());
            let known = formats.iter().position(|format| *format == own).unwrap_or_else(|| {
                formats.push(own);
                formats.len() - 1
            });
            let value = Element::new("v").text(&point.value.to_string());
            row = row
                .child(Element::new("c").with("r", place(at + 1, number)).with("s", known + 1).child(value));
        }
        data = data.child(row);
    }
    Element::new("worksheet").with("xmlns", SPREADSHEET).child(data)
}

// ECMA-376-1, 18.8.39 (styleSheet)
fn styles(formats: &[String]) -> Element<'static> {
    let list = |name: &'static str, children: Vec<Element<'static>>| {
        Element::new(name).with("count", children.len()).all(children)
    };
    let own = formats.iter().enumerate().map(|(at, format)| {
        Element::new("numFmt").with("numFmtId", FIRST_FORMAT + at).with("formatCode", format)
    });
    let font = Element::new("font")
        .child(Element::new("sz").with("val", 11))
        .child(Element::new("name").with("val", "宋体"));
    let fill =
        |pattern: &str| Element::new("fill").child(Element::new("patternFill").with("patternType", pattern));
    let border = ["left", "right", "top", "bottom", "diagonal"].into_iter().map(Element::new);
    let format = |number: usize| {
        let format = Element::new("xf").with("numFmtId", number);
        ["fontId", "fillId", "borderId"].into_iter().fold(format, |format, name| format.with(name, 0))
    };
    let cells = std::iter::once(format(0).with("xfId", 0)).chain(
        (0..formats.len()).map(|at| format(FIRST_FORMAT + at).with("xfId", 0).with("applyNumberFormat", 1)),
    );
    let numbers: Vec<_> = own.collect();
    Element::new("styleSheet")
        .with("xmlns", SPREADSHEET)
        .all((!numbers.is_empty()).then(|| list("numFmts", numbers)))
        .child(list("fonts", vec![font]))
        .child(list("fills", vec![fill("none"), fill("gray125")]))
        .child(list("borders", vec![Element::new("border").all(border)]))
        .child(list("cellStyleXfs", vec![format(0)]))
        .child(list("cellXfs", cells.collect()))
        .child(list(
            "cellStyles",
            vec![Element::new("cellStyle").with("name", "Normal").with("xfId", 0).with("builtinId", 0)],
        ))
}
