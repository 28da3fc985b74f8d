//! The package: parts, their types and relationships, in a ZIP whose bytes depend on the document alone.

use super::archive::Zip;
use super::chart::{self, ChartPart};
use super::fonts::EmbeddedFont;
use super::footnotes::Footnotes;
use super::{inline, source};
use crate::document::PictureFormat;
use crate::embed::EmbeddedSource;
use crate::xml::{self, Element};

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
pub(super) const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CORE: &str = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

/// The finished parts.
pub(super) struct Package<'a> {
    /// `word/document.xml`.
    pub document: Vec<u8>,
    /// `word/footer1.xml` and so on; the relationship of the first is `rIdFooter1`.
    pub footers: Vec<Vec<u8>>,
    /// `word/footnotes.xml`.
    pub footnotes: Option<Footnotes<'a>>,
    /// `word/styles.xml`.
    pub styles: Element<'static>,
    /// `word/settings.xml`.
    pub settings: Element<'static>,
    /// `word/fontTable.xml`.
    pub font_table: Element<'static>,
    /// `docProps/core.xml`.
    pub core: Element<'static>,
    /// `docProps/app.xml`.
    pub app: Element<'static>,
    /// `docProps/custom.xml`.
    pub custom: Option<Element<'static>>,
    /// `word/fonts/font1.odttf` and so on; the relationship of the first is `rIdFont1`.
    pub fonts: &'a [EmbeddedFont],
    /// `customXml/item1.xml` with its properties.
    pub source: Option<&'a EmbeddedSource>,
    /// Where the hyperlinks lead; the relationship of the first is `rIdLink1`.
    pub links: Vec<&'a str>,
    /// `word/media/image1.png` and so on; the relationship of the first is `rIdImage1`.
    pub images: Vec<(PictureFormat, &'a [u8])>,
    /// The charts; the relationship of the first is `rIdChart1`.
    pub charts: Vec<ChartPart>,
}

/// The ZIP file.
pub(super) fn pack(package: &Package) -> Vec<u8> {
    let mut zip = Zip::default();
    // Readers look for the types first.
    zip.add("[Content_Types].xml", &xml::write(&content_types(package)));
    zip.add("_rels/.rels", &xml::write(&package_relationships(package)));
    zip.add("word/document.xml", &package.document);
    zip.add("word/_rels/document.xml.rels", &xml::write(&document_relationships(package)));
    for (number, footer) in (1..).zip(&package.footers) {
        zip.add(&format!("word/footer{number}.xml"), footer);
    }
    if let Some(footnotes) = &package.footnotes {
        zip.add("word/footnotes.xml", &footnotes.part);
        if !footnotes.links.is_empty() {
            let links =
                Element::new("Relationships").with("xmlns", RELATIONSHIPS).all(hyperlinks(&footnotes.links));
            zip.add("word/_rels/footnotes.xml.rels", &xml::write(&links));
        }
    }
    zip.add("word/styles.xml", &xml::write(&package.styles));
    zip.add("word/settings.xml", &xml::write(&package.settings));
    zip.add("word/fontTable.xml", &xml::write(&package.font_table));
    if !package.fonts.is_empty() {
        zip.add("word/_rels/fontTable.xml.rels", &xml::write(&font_relationships(package)));
    }
    for (number, font) in (1..).zip(package.fonts) {
        zip.add(&format!("word/fonts/font{number}.odttf"), &font.data);
    }
    for (number, (format, bytes)) in (1..).zip(&package.images) {
        zip.add(&format!("word/{}", image_target(number, *format)), bytes);
    }
    for (number, chart) in (1..).zip(&package.charts) {
        zip.add(&format!("word/charts/chart{number}.xml"), &xml::write(&chart.xml));
        zip.add(
            &format!("word/charts/_rels/chart{number}.xml.rels"),
            &xml::write(&chart_relationships(number)),
        );
        zip.add(&format!("word/embeddings/chart{number}.xlsx"), &chart.workbook);
    }
    if let Some(carried) = package.source {
        zip.add("customXml/item1.xml", &xml::write(&source::item(carried)));
        zip.add("customXml/_rels/item1.xml.rels", &xml::write(&item_relationships()));
        zip.add("customXml/itemProps1.xml", &xml::write(&source::properties(carried)));
    }
    zip.add("docProps/core.xml", &xml::write(&package.core));
    zip.add("docProps/app.xml", &xml::write(&package.app));
    if let Some(custom) = &package.custom {
        zip.add("docProps/custom.xml", &xml::write(custom));
    }
    zip.finish()
}

fn content_types(package: &Package) -> Element<'static> {
    let word =
        |kind: &str| format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml");
    let default = |extension: &str, kind: &str| {
        Element::new("Default").with("Extension", extension).with("ContentType", kind)
    };
    let part =
        |name: &str, kind: &str| Element::new("Override").with("PartName", name).with("ContentType", kind);
    let has = |format| package.images.iter().any(|(other, _)| *other == format);
    let office = "application/vnd.openxmlformats-officedocument";
    Element::new("Types")
        .with("xmlns", TYPES)
        .child(default("rels", "application/vnd.openxmlformats-package.relationships+xml"))
        .child(default("xml", "application/xml"))
        .all(has(PictureFormat::Png).then(|| default("png", "image/png")))
        .all(has(PictureFormat::Jpeg).then(|| default("jpeg", "image/jpeg")))
        .all(
            (!package.fonts.is_empty())
                .then(|| default("odttf", "application/vnd.openxmlformats-officedocument.obfuscatedFont")),
        )
        .all((!package.charts.is_empty()).then(|| default("xlsx", &format!("{office}.spreadsheetml.sheet"))))
        .child(part("/word/document.xml", &word("document.main")))
        .all((1..=package.footers.len()).map(|n| part(&format!("/word/footer{n}.xml"), &word("footer"))))
        .all(
            (1..=package.charts.len()).map(|n| {
                part(&format!("/word/charts/chart{n}.xml"), &format!("{office}.drawingml.chart+xml"))
            }),
        )
        .all(package.footnotes.as_ref().map(|_| part("/word/footnotes.xml", &word("footnotes"))))
        .child(part("/word/styles.xml", &word("styles")))
        .child(part("/word/settings.xml", &word("settings")))
        .child(part("/word/fontTable.xml", &word("fontTable")))
        .all(
            package
                .source
                .map(|_| part("/customXml/itemProps1.xml", &format!("{office}.customXmlProperties+xml"))),
        )
        .child(part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
        .child(part("/docProps/app.xml", &format!("{office}.extended-properties+xml")))
        .all(
            package
                .custom
                .as_ref()
                .map(|_| part("/docProps/custom.xml", &format!("{office}.custom-properties+xml"))),
        )
}

fn package_relationships(package: &Package) -> Element<'static> {
    let office = |kind: &str| format!("{OFFICE}/{kind}");
    Element::new("Relationships")
        .with("xmlns", RELATIONSHIPS)
        .child(relationship("rId1", &office("officeDocument"), "word/document.xml"))
        .child(relationship("rId2", CORE, "docProps/core.xml"))
        .child(relationship("rId3", &office("extended-properties"), "docProps/app.xml"))
        .all(
            package
                .custom
                .as_ref()
                .map(|_| relationship("rId4", &office("custom-properties"), "docProps/custom.xml")),
        )
}

fn document_relationships(package: &Package) -> Element<'static> {
    let office = |kind: &str| format!("{OFFICE}/{kind}");
    let footers = (1..=package.footers.len())
        .map(|n| relationship(&format!("rIdFooter{n}"), &office("footer"), &format!("footer{n}.xml")));
    let images = (1..).zip(&package.images).map(|(n, (format, _))| {
        relationship(&format!("rIdImage{n}"), &office("image"), &image_target(n, *format))
    });
    let charts = (1..=package.charts.len())
        .map(|n| relationship(&chart::relationship(n), &office("chart"), &format!("charts/chart{n}.xml")));
    Element::new("Relationships")
        .with("xmlns", RELATIONSHIPS)
        .child(relationship("rId1", &office("styles"), "styles.xml"))
        .child(relationship("rId2", &office("settings"), "settings.xml"))
        .child(relationship("rId3", &office("fontTable"), "fontTable.xml"))
        .all(footers)
        .all(images)
        .all(charts)
        .all(hyperlinks(&package.links))
        .all(
            package
                .footnotes
                .as_ref()
                .map(|_| relationship("rIdFootnotes", &office("footnotes"), "footnotes.xml")),
        )
        .all(
            package.source.map(|_| relationship("rIdSource", &office("customXml"), "../customXml/item1.xml")),
        )
}

/// The workbook of a chart.
fn chart_relationships(number: usize) -> Element<'static> {
    let target = format!("../embeddings/chart{number}.xlsx");
    Element::new("Relationships").with("xmlns", RELATIONSHIPS).child(relationship(
        "rId1",
        &format!("{OFFICE}/package"),
        &target,
    ))
}

fn hyperlinks(links: &[&str]) -> impl Iterator<Item = Element<'static>> {
    (1..).zip(links).map(|(n, target)| {
        relationship(&inline::relationship(n), &format!("{OFFICE}/hyperlink"), target)
            .with("TargetMode", "External")
    })
}

fn font_relationships(package: &Package) -> Element<'static> {
    let fonts = (1..=package.fonts.len()).map(|number| {
        relationship(
            &format!("rIdFont{number}"),
            &format!("{OFFICE}/font"),
            &format!("fonts/font{number}.odttf"),
        )
    });
    Element::new("Relationships").with("xmlns", RELATIONSHIPS).all(fonts)
}

fn item_relationships() -> Element<'static> {
    Element::new("Relationships").with("xmlns", RELATIONSHIPS).child(relationship(
        "rId1",
        &format!("{OFFICE}/customXmlProps"),
        "itemProps1.xml",
    ))
}

fn relationship(id: &str, kind: &str, target: &str) -> Element<'static> {
    Element::new("Relationship").with("Id", id).with("Type", kind).with("Target", target)
}

fn image_target(number: usize, format: PictureFormat) -> String {
    let extension = match format {
        PictureFormat::Png => "png",
        PictureFormat::Jpeg => "jpeg",
    };
    format!("media/image{number}.{extension}")
}
